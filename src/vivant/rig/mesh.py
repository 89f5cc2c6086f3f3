"""The mesh of a portrait: the face, which has expressions, and the body around it, which carries the head.

Two sheets overlap along the jaw. The *face* sheet is MediaPipe's 468 points and a skirt just
outside its outline. The *body* sheet is everything else of the person: hair, hat, ears, throat,
shoulders. Upwards of the mouth the two move as one; below, the jaw slides over the throat.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
import scipy.sparse as sp
import scipy.sparse.linalg as spl
from jaxtyping import Bool, Float32, Float64, Int, Int32
from scipy.spatial import Delaunay

from vivant.media.face import (
    CHIN,
    FACE_OVAL,
    LOWER_LIP_INNER,
    UPPER_LIP_INNER,
)
from vivant.rig.ground import Ground

FACE_POINTS = 468
OVAL = np.array(FACE_OVAL)
SKIRT = 1.045
"""The face sheet reaches this far past the outline of the face, as a factor."""
RINGS = (1.10, 1.24, 1.42, 1.65)
"""Rings of body points around the face, as factors of its outline."""
STEEPEST = 1.7
"""Depth per width that the sheets may have outside the middle of the face: steeper folds when the head turns."""
STEEPEST_NOSE = 2.0


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Mesh:
    """Both sheets in rig pixels, as they lie in the photo."""

    face: Float64[np.ndarray, "face_points 3"]
    """468 points, then the skirt (one for each point of the oval)."""
    face_triangles: Int32[np.ndarray, "face_cells 3"]
    body: Float64[np.ndarray, "body_points 3"]
    """The oval again (36), an inner ring under the face, rings around it, a grid over the rest."""
    body_triangles: Int32[np.ndarray, "body_cells 3"]
    head_weight: Float64[np.ndarray, " body_points"]
    """How far each body point follows the head, 0..1."""
    jaw_slip: Float64[np.ndarray, " body_points"]
    """1 where the body must not follow the lower face, 0 where it must."""
    in_person: Bool[np.ndarray, " body_points"]
    union_triangles: Int32[np.ndarray, "union_cells 3"]
    """Face and body sewn along the oval: what expressions are solved on. Points: face 468, then the body after its oval
    and inner ring."""


def face_triangles() -> Int32[np.ndarray, "triangles 3"]:
    """List the triangles of MediaPipe's face mesh, without the eyes and the mouth as holes filled.

    Source:
        The tessellation's edges, as MediaPipe publishes them; a triangle is three edges that meet.
    """
    from mediapipe.tasks.python.vision import FaceLandmarksConnections  # noqa: PLC0415 - half a second, only when baking

    neighbours: dict[int, set[int]] = {}
    edges = [(edge.start, edge.end) for edge in FaceLandmarksConnections.FACE_LANDMARKS_TESSELATION]
    for a, b in edges:
        neighbours.setdefault(a, set()).add(b)
        neighbours.setdefault(b, set()).add(a)
    found = {tuple(sorted((a, b, c))) for a, b in edges for c in neighbours[a] & neighbours[b]}
    lips = set(UPPER_LIP_INNER) | set(LOWER_LIP_INNER)
    return _wound(sorted(t for t in found if not set(t) <= lips))


def _wound(triangles: list[tuple[int, ...]]) -> Int32[np.ndarray, "triangles 3"]:
    """Wind all triangles the same way round: neighbours run along their shared edge in opposite directions."""
    by_edge: dict[tuple[int, int], list[int]] = {}
    for n, t in enumerate(triangles):
        for a, b in ((t[0], t[1]), (t[1], t[2]), (t[0], t[2])):
            by_edge.setdefault((min(a, b), max(a, b)), []).append(n)
    turned = [list(t) for t in triangles]
    seen, queue = {0}, [0]
    while queue:
        first, second, third = turned[queue.pop()]
        for one, two in ((first, second), (second, third), (third, first)):
            for n in by_edge[min(one, two), max(one, two)]:
                if n not in seen:
                    cell = turned[n]
                    if (cell.index(two) - cell.index(one)) % 3 == 1:  # runs the same way: turn it
                        cell[0], cell[1] = cell[1], cell[0]
                    seen.add(n)
                    queue.append(n)
    return np.array([cell for n, cell in enumerate(turned) if n in seen], np.int32)


def build_mesh(
    ground: Ground, alpha: Float32[np.ndarray, "height width"], points: Float64[np.ndarray, "478 3"]
) -> Mesh:
    """Lay both sheets over the photo."""
    height, width = alpha.shape
    tall = ground.face_height_px
    oval = points[OVAL]
    middle = oval[:, :2].mean(0)

    def ring(factor: float, step: int = 1) -> Float64[np.ndarray, "n 2"]:
        return np.asarray((middle + (oval[:, :2] - middle) * factor)[::step])

    rings = [ring(factor, 1 if i < 2 else 2) for i, factor in enumerate(RINGS)]
    gap, margin = tall * 0.16, tall * 0.35
    xs, ys = np.meshgrid(
        np.arange(-margin, width + margin + gap, gap),
        np.arange(-margin, height + margin + gap, gap),
    )
    grid = np.c_[xs.ravel(), ys.ravel()]
    far = ring(1.80).astype(np.float32)
    grid = grid[[cv2.pointPolygonTest(far, (float(x), float(y)), False) < 0 for x, y in grid]]
    outer = np.vstack([*rings, grid])
    inner = ring(0.80)
    flat = np.vstack([oval[:, :2], inner, outer])
    triangles = Delaunay(flat).simplices.astype(np.int32)
    centres = flat[triangles].mean(1)
    hole = inner.astype(np.float32)
    triangles = triangles[
        [cv2.pointPolygonTest(hole, (float(x), float(y)), False) < 0 for x, y in centres]
    ]
    outline = oval[:, :2].astype(np.float32)
    beyond = np.array(
        [
            cv2.pointPolygonTest(outline, (float(x), float(y)), False) < 0
            for x, y in flat[triangles].mean(1)
        ]
    )
    ring_inner = np.arange(36, 72)
    sewn = np.r_[OVAL, ring_inner * 0 - 1, np.arange(len(outer)) + FACE_POINTS][triangles[beyond]]
    sewn = sewn[(sewn >= 0).all(1)]
    face = face_triangles()
    union = np.vstack([face, sewn]).astype(np.int32)

    flat_union = np.vstack([points[:FACE_POINTS, :2], outer])
    soft = cv2.GaussianBlur(alpha, (0, 0), max(1.0, tall * 0.008))
    inside = sample(soft, flat_union) > 0.3
    inside[:FACE_POINTS] = True
    depth, weight = _depth_and_weight(ground, points, flat_union, union, soft, inside)
    body = np.vstack(
        [
            np.c_[oval[:, :2], depth[OVAL]],
            np.c_[inner, np.interp(np.arange(36), np.arange(36), depth[OVAL])],
            np.c_[outer, depth[FACE_POINTS:]],
        ]
    )
    head = np.r_[np.ones(72), weight[FACE_POINTS:]]
    nose_base, chin = points[2, 1], points[CHIN, 1]
    slip = smoothstep((body[:, 1] - nose_base) / (chin - nose_base), 0.10, 0.50)
    skirt = np.c_[ring(SKIRT), depth[OVAL]]
    strip = _strip(len(OVAL))
    face_sheet = np.vstack([np.c_[points[:FACE_POINTS, :2], depth[:FACE_POINTS]], skirt])
    return Mesh(
        face=face_sheet,
        face_triangles=np.vstack([strip, face]).astype(np.int32),
        body=body,
        body_triangles=triangles,
        head_weight=head,
        jaw_slip=slip,
        in_person=np.r_[np.ones(72, bool), inside[FACE_POINTS:]],
        union_triangles=union,
    )


def _strip(count: int) -> Int32[np.ndarray, "triangles 3"]:
    """Triangles between the oval and the skirt."""
    rows = []
    for i in range(count):
        j = (i + 1) % count
        a, b, c, d = OVAL[i], OVAL[j], FACE_POINTS + i, FACE_POINTS + j
        rows += [(a, c, b), (b, c, d)]  # wound as the face is
    return np.array(rows, np.int32)


def sample(
    field: Float32[np.ndarray, "height width"], at: Float64[np.ndarray, "n 2"]
) -> Float32[np.ndarray, " n"]:
    """Read a field at the nearest pixels, clamped to its edges."""
    x = np.clip(np.round(at[:, 0]).astype(int), 0, field.shape[1] - 1)
    y = np.clip(np.round(at[:, 1]).astype(int), 0, field.shape[0] - 1)
    return np.asarray(field[y, x])


def smoothstep(x: Float64[np.ndarray, ...], low: float, high: float) -> Float64[np.ndarray, ...]:
    """Ease from 0 at ``low`` to 1 at ``high``."""
    t = np.clip((np.asarray(x, np.float64) - low) / (high - low), 0, 1)
    return t * t * (3 - 2 * t)


def edges_of(triangles: Int32[np.ndarray, "triangles 3"]) -> Int32[np.ndarray, "edges 2"]:
    """List each edge of some triangles once."""
    every = np.vstack([triangles[:, [0, 1]], triangles[:, [1, 2]], triangles[:, [2, 0]]])
    return np.unique(np.sort(every, axis=1), axis=0)


def laplacian(
    count: int, edges: Int32[np.ndarray, "edges 2"], weights: Float64[np.ndarray, " edges"]
) -> tuple[sp.csc_matrix, Float64[np.ndarray, " points"]]:
    """Build the graph Laplacian and its degrees."""
    rows, columns = np.r_[edges[:, 0], edges[:, 1]], np.r_[edges[:, 1], edges[:, 0]]
    adjacency = sp.csc_matrix((np.r_[weights, weights], (rows, columns)), shape=(count, count))
    degree = np.asarray(adjacency.sum(axis=1)).ravel()
    return (sp.diags(degree) - adjacency).tocsc(), degree


def spread(
    matrix: sp.csc_matrix, at: Int[np.ndarray, " n"], values: Float64[np.ndarray, "n k"]
) -> Float64[np.ndarray, "points k"]:
    """Spread values known at some points smoothly over all (least energy, soft constraints)."""
    count = matrix.shape[0]
    hold = 1e3
    pins = sp.csc_matrix((np.full(len(at), hold), (at, at)), shape=(count, count))
    target = np.zeros((count, values.shape[1]))
    target[at] = values * hold
    solved = spl.splu((matrix + pins + 1e-9 * sp.eye(count)).tocsc()).solve(target)
    return np.asarray(solved)


def _depth_and_weight(
    ground: Ground,
    points: Float64[np.ndarray, "478 3"],
    flat: Float64[np.ndarray, "n 2"],
    triangles: Int32[np.ndarray, "t 3"],
    alpha: Float32[np.ndarray, "h w"],
    inside: Bool[np.ndarray, " n"],
) -> tuple[Float64[np.ndarray, " n"], Float64[np.ndarray, " n"]]:
    """Give each point its depth, and how far it follows the head."""
    tall, count = ground.face_height_px, len(flat)
    edges = edges_of(triangles)
    between = (flat[edges[:, 0]] + flat[edges[:, 1]]) / 2
    # The person's edge cuts the sheet: shoulders must not follow the hair beside them.
    flow = 0.02 + np.maximum(sample(alpha, between), (edges < FACE_POINTS).all(1).astype(float))
    matrix, degree = laplacian(count, edges, flow)
    side_depth = float(points[[234, 454], 2].mean())
    chin = points[CHIN]
    body = np.arange(FACE_POINTS, count)
    away = body[~inside[body] | (flat[body, 1] > chin[1] + 0.35 * tall)]
    at = np.r_[np.arange(FACE_POINTS), away]
    depth = spread(
        matrix, at, np.r_[points[:FACE_POINTS, 2], np.full(len(away), side_depth)][:, None]
    )[:, 0]
    depth = _flatten_steep(depth, flat, triangles, points)

    x, y = flat[body, 0], flat[body, 1]
    face_width = float(np.linalg.norm(points[234, :2] - points[454, :2]))
    skull = y < points[[61, 291], 1].mean()
    trunk = (y > chin[1] + 0.45 * tall) | (
        (y > chin[1] - 0.02 * tall) & (np.abs(x - chin[0]) > 0.55 * face_width)
    )
    at = np.r_[np.arange(FACE_POINTS), body[skull], body[trunk & ~skull]]
    known = np.r_[np.ones(FACE_POINTS + skull.sum()), np.zeros((trunk & ~skull).sum())]
    weight = np.clip(spread(matrix, at, known[:, None])[:, 0], 0, 1)
    even = sp.diags(1 / np.maximum(degree, 1e-9)) @ (sp.diags(degree) - matrix)
    for _ in range(6):  # no crease where the fixed parts begin
        weight[FACE_POINTS:] = (0.5 * weight + 0.5 * (even @ weight))[FACE_POINTS:]
    return depth, weight


def _flatten_steep(
    depth: Float64[np.ndarray, " n"],
    flat: Float64[np.ndarray, "n 2"],
    triangles: Int32[np.ndarray, "t 3"],
    points: Float64[np.ndarray, "478 3"],
) -> Float64[np.ndarray, " n"]:
    """Relax cells so steep that turning the head would fold the sheet: each is laid down to the steepest allowed."""
    oval = points[OVAL, :2]
    corners = flat[triangles]
    centred = np.linalg.norm((corners.mean(1) - oval.mean(0)) / np.ptp(oval, axis=0), axis=1)
    limit = np.where((centred < 0.30) & (triangles < FACE_POINTS).all(1), STEEPEST_NOSE, STEEPEST)
    one, two = corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0]
    area = one[:, 0] * two[:, 1] - one[:, 1] * two[:, 0]
    sound = np.abs(area) > 1e-6
    triangles, corners, limit = triangles[sound], corners[sound], limit[sound]
    one, two, area = one[sound], two[sound], area[sound]
    inward = corners - corners.mean(1, keepdims=True)
    depth = depth.copy()
    for _ in range(150):
        z = depth[triangles]
        rise_one, rise_two = z[:, 1] - z[:, 0], z[:, 2] - z[:, 0]
        slope = (
            np.stack(
                [
                    rise_one * two[:, 1] - rise_two * one[:, 1],
                    rise_two * one[:, 0] - rise_one * two[:, 0],
                ],
                axis=1,
            )
            / area[:, None]
        )
        steep = np.linalg.norm(slope, axis=1)
        bad = steep > limit
        if not bad.any():
            break
        laid = slope[bad] * (limit[bad] / steep[bad])[:, None]
        wanted = z[bad].mean(1, keepdims=True) + np.einsum("tij,tj->ti", inward[bad], laid)
        total, votes = np.zeros(len(depth)), np.zeros(len(depth))
        np.add.at(total, triangles[bad], wanted - z[bad])
        np.add.at(votes, triangles[bad], 1.0)
        depth += 0.7 * total / np.maximum(votes, 1)
    return depth


def neighbours(
    triangles: Int32[np.ndarray, "t 3"], sheet: Float64[np.ndarray, "points 3"]
) -> tuple[sp.csr_matrix, Float64[np.ndarray, " points"]]:
    """Which points share an edge with which, nearer ones counting for more, and the sum for each."""
    edges = edges_of(triangles)
    near = 1 / np.maximum(
        np.linalg.norm(sheet[edges[:, 0], :2] - sheet[edges[:, 1], :2], axis=1), 1.0
    )
    rows, columns = np.r_[edges[:, 0], edges[:, 1]], np.r_[edges[:, 1], edges[:, 0]]
    table = sp.csr_matrix((np.r_[near, near], (rows, columns)), shape=(len(sheet), len(sheet)))
    return table, np.maximum(np.asarray(table.sum(axis=1)).ravel(), 1e-9)
