"""The terrace at the top of the stair: paved, with a balustrade, on a round wall that goes down into the cloud.

Drawn in the gate's own coordinates: x to its side, y up from the floor, z the way one walks through.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from itertools import pairwise

import numpy as np
from jaxtyping import Float

from vivant.scene.mesh import Mesh
from vivant.scene.sets.gates import in_gate
from vivant.scene.sets.shapes import Shape, box, joined, many, moved, painted, sheet, turned
from vivant.scene.sets.stairway_plan import LANDING_RADIUS_M, TO_GATE_M
from vivant.scene.sets.stonework import (
    LEVELS,
    RAIL_ASIDE_M,
    Fineness,
    baluster,
    marble,
    newel,
    rail_outline,
    veined,
)

_OPEN_RAD = float(np.arctan2(RAIL_ASIDE_M, TO_GATE_M - 0.2))
"""The balustrade leaves the stair this much room on each side."""
_RAIL_M = float(np.hypot(RAIL_ASIDE_M, TO_GATE_M - 0.2))
_BAYS = 3
_PILLARS = 20
_BALUSTERS = 10
_RINGS_M = (0.0, 0.9, 1.02, 2.1, 3.3, 4.45, 4.57, LANDING_RADIUS_M)
_JOINT_M = 0.010
_SUNK_M = 0.004


def terrace() -> tuple[Mesh, ...]:
    """Build floor, wall and balustrade, each with its coarser forms."""
    meshes = [_levels(_floor), _levels(lambda how: marble(in_gate(_wall(how))))]
    for side in (-1, 1):
        meshes.extend(_levels(partial(_balustrade, side, bay)) for bay in range(_BAYS))
    return tuple(meshes)


def _levels(build: Callable[[Fineness], Mesh]) -> Mesh:
    """Build a mesh and its coarser forms."""
    result: Mesh | None = None
    for how in reversed(LEVELS):
        result = replace(build(how), coarser=result, error_m=how.error_m)
    return result or build(LEVELS[0])


def _each(how: Fineness, fine: float, middle: float, coarse: float) -> float:
    return {LEVELS[0]: fine, LEVELS[1]: middle}.get(how, coarse)


def _floor(how: Fineness) -> Mesh:
    """Lay rings of slabs, each a little different, with fine joints between."""
    apart = _each(how, 0.085, 0.3, 1.2)
    slabs, shades = [], []
    rng = np.random.default_rng(4)
    for inner, outer in pairwise(_RINGS_M):
        narrow = outer - inner < 0.2
        number = 1 if outer < 1 else 24 if narrow else max(8, round(outer * 2 * np.pi / 1.25))
        for count in range(number):
            shade = rng.normal(0, 0.018) + (-0.10 if narrow else 0.0)
            slab = _slab(inner, outer, number, count, apart, joint=how.sides >= 8)
            slabs.append(slab)
            shades.append(np.full(len(slab.points_m), 1 + shade))
    bed = _slab(0.0, LANDING_RADIUS_M - 0.01, 1, 0, 1.2, joint=False)
    slabs.append(moved(bed, (0, -0.006, 0)))
    shades.append(np.full(len(bed.points_m), 0.62))
    shape = in_gate(joined(slabs))
    albedo = veined(shape.points_m) * np.concatenate(shades)[:, None].astype(np.float32)
    return painted(shape, albedo=np.minimum(albedo, 0.92), material="marble", closed=True)


def _slab(
    inner: float, outer: float, number: int, count: int, apart: float, *, joint: bool
) -> Shape:
    """Cut one slab of a ring; columns go round to the left, rows outward."""
    gap = _JOINT_M / 2 if joint and number > 1 else 0.0
    low, high = max(inner + gap, 1e-3), outer - gap
    rows = max(2, round((high - low) / apart) + 1)
    start, end = 2 * np.pi * count / number, 2 * np.pi * (count + 1) / number
    columns = max(3 if number > 1 else 17, round((end - start) * outer / apart) + 1)
    radius = np.linspace(low, high, rows)[:, None]
    share = np.linspace(0, 1, columns)[None]
    angle = end - gap / radius - share * (end - start - 2 * gap / radius)
    points = np.stack(
        [radius * np.sin(angle), np.full(angle.shape, -_SUNK_M), radius * np.cos(angle)], -1
    )
    return sheet(points)


def _wall(how: Fineness) -> Shape:
    """Turn the terrace's edge: a rounded lip, a cornice, the wall and its string course, spreading into the cloud."""
    r = LANDING_RADIUS_M
    outline = np.array(
        [(5.30, -13.0), (5.16, -9.0), (5.02, -6.0), (4.94, -4.2), (4.94, -4.18), (5.02, -4.16), (5.04, -4.08),
         (5.02, -4.0), (4.92, -3.94), (4.82, -3.86), (4.78, -3.6), (4.75, -2.4), (4.72, -1.2), (4.71, -0.60),
         (4.74, -0.52), (4.78, -0.50), (4.79, -0.44), (4.82, -0.38), (4.90, -0.30), (4.97, -0.24), (4.985, -0.20),
         (5.03, -0.18), (5.04, -0.14), (5.045, -0.06), (5.03, -0.025), (r, -_SUNK_M), (r - 0.12, -_SUNK_M)]
    )  # fmt: skip
    if how.sides < 8:
        outline = outline[[0, 2, 3, 5, 7, 9, 11, 13, 15, 17, 20, 23, 25, 26]]
    sides = int(_each(how, 150, 72, 40))
    wall = turned(outline[:, 0], outline[:, 1], sides=sides)
    return joined([wall, *_pilasters(how)])


def _pilasters(how: Fineness) -> list[Shape]:
    """Set flat pillars against the wall, in two storeys, with a base and a capital each."""
    heights = (0.03, 0.3, 0.7, 0.97)
    bevel = 0.015 if how.sides >= 12 else 0.0
    angle = (np.arange(_PILLARS) + 0.5) * 2 * np.pi / _PILLARS
    parts = []
    for reach, low, high in ((4.74, -3.95, -0.52), (5.02, -9.0, -4.2)):
        storeys = (
            (0.46, 0.20, low, low + 0.22),
            (0.36, 0.13, low + 0.2, high - 0.14),
            (0.46, 0.20, high - 0.16, high),
        )
        for wide, deep, bottom, top in storeys:
            block = box((wide, top - bottom, deep * 2), bevel_m=bevel, across=3, heights=heights)
            places = np.stack(
                [reach * np.sin(angle), np.full(_PILLARS, bottom), reach * np.cos(angle)], -1
            )
            parts.append(many(block, places, angle))
    return parts


def _balustrade(side: int, bay: int, how: Fineness) -> Mesh:
    """Set rail, balusters and a post round one bay of the terrace's edge."""
    ends = np.array([np.pi - _OPEN_RAD, _OPEN_RAD])
    first, last = ends[0] + (ends[1] - ends[0]) * np.array([bay, bay + 1]) / _BAYS
    stations = np.linspace(first, last, int(_each(how, 17, 9, 5)))
    between = np.linspace(first, last, _BALUSTERS + 2)[1:-1]
    return marble(
        in_gate(
            joined(
                [
                    _round_rail(side * stations, how),
                    many(newel(how), _places(side * stations[-1:]), side * stations[-1:]),
                    many(baluster(how), _places(side * between), side * between),
                ]
            )
        )
    )


def _places(angle: Float[np.ndarray, " n"]) -> Float[np.ndarray, "n 3"]:
    return np.stack(
        [_RAIL_M * np.sin(angle), np.full(len(angle), -_SUNK_M), _RAIL_M * np.cos(angle)], -1
    )


def _round_rail(angle: Float[np.ndarray, " n"], how: Fineness) -> Shape:
    """Bend a hand rail round the terrace."""
    outline = rail_outline(how)
    height = 0.86 + 0.05
    out = np.stack([np.sin(angle), np.zeros(len(angle)), np.cos(angle)], -1)
    points = out[None] * (_RAIL_M + outline[:, 0])[:, None, None]
    points[..., 1] = height + outline[:, 1:2]
    normals = out[None] * outline[:, 2][:, None, None]
    normals[..., 1] = outline[:, 3:4]
    if angle[0] > angle[-1]:
        points, normals = points[:, ::-1], normals[:, ::-1]
    shape = sheet(points)
    return replace(shape, normals=normals.reshape(-1, 3).astype(np.float32))
