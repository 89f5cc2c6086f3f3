"""Triangles in a tree of boxes, so that a ray quickly finds out whether anything is in its way.

The tree is split at the median along the longest side; rays are tested as in Möller and Trumbore, "Fast, minimum
storage ray/triangle intersection", 1997.
"""
# ruff: noqa: ANN001, ANN201, ANN202, C901, PLR0913, PLR0917 - compiled loops

from __future__ import annotations

from dataclasses import dataclass
from typing import no_type_check

import numpy as np
from jaxtyping import Float32, Int32

from vivant.media.compilation import compiled, compiled_fast

_LEAF = 4
_DEEP = 64


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Tree:
    """Triangles sorted into boxes."""

    boxes: Float32[np.ndarray, "nodes 6"]
    """Lower and upper corner of each box."""
    nodes: Int32[np.ndarray, "nodes 2"]
    """Of a leaf its first triangle and their number; of others the second child and 0. The first child follows."""
    corners: Float32[np.ndarray, "triangles 9"]
    """A corner and the two edges from it."""


def grow_tree(
    points_m: Float32[np.ndarray, "points 3"], triangles: Int32[np.ndarray, "n 3"]
) -> Tree:
    """Sort triangles into a tree."""
    corners = np.ascontiguousarray(points_m[triangles].reshape(-1, 9), np.float32)
    order = np.arange(len(corners), dtype=np.int64)
    boxes = np.zeros((max(1, len(corners)), 6), np.float32)
    nodes = np.zeros((max(1, len(corners)), 2), np.int32)
    count = _grow(corners, order, boxes, nodes)
    corners = corners[order]
    corners[:, 3:6] -= corners[:, :3]
    corners[:, 6:9] -= corners[:, :3]
    return Tree(boxes=boxes[:count].copy(), nodes=nodes[:count].copy(), corners=corners)


@compiled
@no_type_check
def _grow(corners, order, boxes, nodes):
    """Split until few triangles are left in each box; give the number of nodes."""
    stack = np.zeros((_DEEP, 3), np.int64)  # first, last, the node whose second child it is
    stack[0] = (0, len(order), -1)
    deep, count = 1, 0
    middles = np.empty((len(order), 3), np.float32)
    for i in range(len(order)):
        for axis in range(3):
            middles[i, axis] = corners[i, axis] + corners[i, axis + 3] + corners[i, axis + 6]
    while deep > 0:
        deep -= 1
        first, last, parent = stack[deep]
        node = count
        count += 1
        if parent >= 0:
            nodes[parent, 0] = node
        for axis in range(3):
            low, high = np.float32(1e30), np.float32(-1e30)
            for at in range(first, last):
                for corner in range(3):
                    value = corners[order[at], corner * 3 + axis]
                    low, high = min(low, value), max(high, value)
            boxes[node, axis], boxes[node, axis + 3] = low, high
        if last - first <= _LEAF:
            nodes[node, 0], nodes[node, 1] = first, last - first
            continue
        longest, most = 0, np.float32(-1)
        for axis in range(3):
            low, high = np.float32(1e30), np.float32(-1e30)
            for at in range(first, last):
                value = middles[order[at], axis]
                low, high = min(low, value), max(high, value)
            if high - low > most:
                longest, most = axis, high - low
        half = (first + last) // 2
        _part(order, middles, longest, first, last, half)
        nodes[node, 1] = 0
        stack[deep] = (half, last, node)
        stack[deep + 1] = (first, half, -1)
        deep += 2
    return count


@compiled
@no_type_check
def _part(order, middles, axis, first, last, half):
    """Put the triangles with the lower middles before ``half``: Hoare's selection."""
    low, high = first, last - 1
    while low < high:
        pivot = middles[order[(low + high) // 2], axis]
        i, j = low, high
        while i <= j:
            while middles[order[i], axis] < pivot:
                i += 1
            while middles[order[j], axis] > pivot:
                j -= 1
            if i <= j:
                order[i], order[j] = order[j], order[i]
                i += 1
                j -= 1
        if half <= j:
            high = j
        elif half >= i:
            low = i
        else:
            return


@compiled_fast
@no_type_check
def is_hidden(boxes, nodes, corners, stack, x, y, z, dx, dy, dz, reach):
    """Tell whether a triangle lies in a ray's way, up to a distance; ``stack`` is room for 64 whole numbers."""
    tiny = np.float32(1e-12)
    ix = np.float32(1) / (dx if abs(dx) > tiny else tiny)
    iy = np.float32(1) / (dy if abs(dy) > tiny else tiny)
    iz = np.float32(1) / (dz if abs(dz) > tiny else tiny)
    stack[0] = 0
    deep = 1
    while deep > 0:
        deep -= 1
        node = stack[deep]
        while True:
            ax, bx = (boxes[node, 0] - x) * ix, (boxes[node, 3] - x) * ix
            ay, by = (boxes[node, 1] - y) * iy, (boxes[node, 4] - y) * iy
            az, bz = (boxes[node, 2] - z) * iz, (boxes[node, 5] - z) * iz
            enter = max(min(ax, bx), min(ay, by), min(az, bz), np.float32(0))
            leave = min(max(ax, bx), max(ay, by), max(az, bz), reach)
            if enter > leave:
                break
            if nodes[node, 1] == 0:
                stack[deep] = nodes[node, 0]
                deep += 1
                node += 1
                continue
            first = nodes[node, 0]
            for t in range(first, first + nodes[node, 1]):
                e1x, e1y, e1z = corners[t, 3], corners[t, 4], corners[t, 5]
                e2x, e2y, e2z = corners[t, 6], corners[t, 7], corners[t, 8]
                px, py, pz = dy * e2z - dz * e2y, dz * e2x - dx * e2z, dx * e2y - dy * e2x
                det = e1x * px + e1y * py + e1z * pz
                if abs(det) < tiny:
                    continue
                over = np.float32(1) / det
                sx, sy, sz = x - corners[t, 0], y - corners[t, 1], z - corners[t, 2]
                u = (sx * px + sy * py + sz * pz) * over
                if u < 0 or u > 1:
                    continue
                qx, qy, qz = sy * e1z - sz * e1y, sz * e1x - sx * e1z, sx * e1y - sy * e1x
                v = (dx * qx + dy * qy + dz * qz) * over
                if v < 0 or u + v > 1:
                    continue
                way = (e2x * qx + e2y * qy + e2z * qz) * over
                if way > np.float32(1e-4) and way < reach:
                    return True
            break
    return False
