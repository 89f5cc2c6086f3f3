"""The gates: two leaves of round golden bars, from a drawing of their middle lines; columns, an arch with pearls; the light behind.

Everything is drawn in the gate's own coordinates: x to its side, y up from the floor, z the way one walks through.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache

import numpy as np
from jaxtyping import Float

from vivant.scene.mesh import Mesh
from vivant.scene.sets.shapes import (
    Shape,
    ball,
    bar,
    box,
    joined,
    moved,
    painted,
    sheet,
    together,
    turned,
)
from vivant.scene.sets.stairway_plan import GATE, LENGTH_M, heading_at
from vivant.scene.sets.stonework import FINE, LEVELS, Fineness

PEARL = (0.90, 0.86, 0.82)
GOLD = (0.86, 0.62, 0.28)
HINGE_M = 2.02
"""From the gate's middle to the hinges; a leaf is a little less wide."""
SPRING_M = 4.68
"""Height at which the arch begins."""
_COLUMN_M = 2.35
_ARCH_M = 2.35
_OUTER_M = 2.62
_LEAF_M = 1.97
_FRAME_M = 0.046
_BAR_M = 0.021
_YAW = heading_at(LENGTH_M)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Line:
    """A bar of the drawing: x from the hinge toward the middle, y up."""

    way: Float[np.ndarray, "stations 2"]
    radius_m: float | Float[np.ndarray, " stations"]
    closed: bool = False


def in_gate(shape: Shape) -> Shape:
    """Move a shape from the gate's coordinates to its place."""
    return moved(shape, GATE, yaw_rad=_YAW)


def portal() -> tuple[Mesh, ...]:
    """Build what stands still of the gate: columns, arch, pearls, finial."""
    pearl = _with_levels(lambda how: painted(in_gate(_stone(how)), albedo=PEARL, material="pearl"))
    gold = _with_levels(lambda how: painted(in_gate(_finial(how)), albedo=GOLD, material="gold"))
    return pearl, gold


def leaves(open_rad: float) -> tuple[Mesh, ...]:
    """Build both leaves, opened by an angle; they swing away from those who come up the stair."""
    return tuple(_hung(side, open_rad) for side in (-1, 1))


def _hung(side: int, open_rad: float) -> Mesh:
    cos, sin = np.cos(open_rad), np.sin(open_rad)
    # from the leaf (along it from the hinge, up, toward those who leave) to the gate
    turn = np.array([[-side * cos, 0, side * sin], [0, 1, 0], [sin, 0, cos]])
    hinge = np.array([side * HINGE_M, 0.0, 0.0])
    angle = _YAW
    world = np.array(
        [[np.cos(angle), 0, np.sin(angle)], [0, 1, 0], [-np.sin(angle), 0, np.cos(angle)]]
    )
    matrix, place = world @ turn, world @ hinge + GATE
    return _placed(_leaf(side > 0), matrix, place)


def _placed(mesh: Mesh, matrix: Float[np.ndarray, "3 3"], place: Float[np.ndarray, " 3"]) -> Mesh:
    return replace(
        mesh,
        points_m=(mesh.points_m @ matrix.T.astype(np.float32) + place.astype(np.float32)),
        normals=mesh.normals @ matrix.T.astype(np.float32),
        coarser=None if mesh.coarser is None else _placed(mesh.coarser, matrix, place),
    )


@cache
def _leaf(mirrored: bool) -> Mesh:
    """Build one leaf, flat on z = 0, its hinge at x = 0."""

    def build(how: Fineness) -> Mesh:
        shape = joined([_bar(line, how) for line in _drawing(how)])
        gold = painted(shape, albedo=GOLD, material="gold")
        pearls = joined(
            [moved(ball(radius, sides=how.sides, rows=max(4, how.sides // 2)), (x, y, 0.0))
             for x, y, radius in _pearls()]
        )  # fmt: skip
        mesh = together([gold, painted(pearls, albedo=PEARL, material="pearl")])
        count = len(mesh.points_m)
        return replace(
            mesh,
            triangles=np.ascontiguousarray(mesh.triangles[:, ::-1]) if mirrored else mesh.triangles,
            open_sky=np.full(count, 0.85, np.float32),
            sunlit=np.full(count, 0.9, np.float32),
        )

    return _with_levels(build)


def _with_levels(build: Callable[[Fineness], Mesh]) -> Mesh:
    result: Mesh | None = None
    for how in reversed(LEVELS):
        result = replace(build(how), coarser=result, error_m=how.error_m)
    return result or build(FINE)


def _bar(line: _Line, how: Fineness) -> Shape:
    way = np.column_stack([line.way, np.zeros(len(line.way))])
    thick = float(np.max(line.radius_m)) > 0.03
    sides = max(4, how.sides // 2 + (2 if thick else 0))
    return bar(way, line.radius_m, sides=sides, closed=line.closed)


def _top(x: float) -> float:
    """Height of the leaf's upper edge."""
    inner = 1.96
    return SPRING_M + float(np.sqrt(max(inner * inner - (HINGE_M - x) ** 2, 0.0)))


def _drawing(how: Fineness) -> list[_Line]:
    """Draw a leaf."""
    fine = how.sides / FINE.sides
    xs = np.linspace(0.07, _LEAF_M, max(8, int(36 * fine)))
    low = 0.12
    arch = [(x, _top(x)) for x in xs]
    lines = [
        _straight((0.06, low), (0.06, _top(0.07)), _FRAME_M),
        _Line(way=np.array(arch), radius_m=_FRAME_M),
        _straight((_LEAF_M, low), (_LEAF_M, _top(_LEAF_M)), _FRAME_M),
        _straight((0.06, low), (_LEAF_M, low), _FRAME_M),
        _Line(
            way=np.array([(x, _top(x) - 0.22) for x in np.linspace(0.17, 1.90, len(xs))]),
            radius_m=_BAR_M,
        ),
    ]
    for height, thick in ((1.05, True), (1.35, False), (4.35, False), (4.62, True)):
        lines.append(
            _straight((0.06, height), (_LEAF_M, height), _FRAME_M * 0.8 if thick else _BAR_M)
        )
    lines += _uprights()
    lines += _scrolls(max(14, int(34 * fine)))
    return lines


def _straight(start: tuple[float, float], end: tuple[float, float], radius: float) -> _Line:
    share = np.linspace(0, 1, 4)[:, None]
    return _Line(way=np.array(start) * (1 - share) + np.array(end) * share, radius_m=radius)


def _uprights() -> list[_Line]:
    lines = []
    for count in range(1, 8):
        x = 0.06 + (_LEAF_M - 0.06) * count / 8
        if count in {3, 4, 5}:  # room for the medallion
            reach = {3: 0.69, 4: 1.04, 5: 0.69}[count]
            lines.append(_straight((x, 1.35), (x, 2.9 - reach), _BAR_M))
            lines.append(_straight((x, 2.9 + reach), (x, 4.35), _BAR_M))
        else:
            lines.append(_straight((x, 1.35), (x, 4.35), _BAR_M))
        lines.append(_straight((x, 4.62), (x, _top(x) - 0.22), _BAR_M))
    middle = 1.015
    lines.append(_straight((middle, 0.12), (middle, 1.05), _BAR_M))
    return lines


def _spiral(
    centre: tuple[float, float], radius: float, start: float, turns: float, stations: int
) -> _Line:
    """Curl inward, getting thinner; negative turns go clockwise."""
    share = np.linspace(0, 1, stations)
    reach = radius * (1 - share) ** 0.85 + 0.012
    angle = start + turns * 2 * np.pi * share
    way = np.stack([centre[0] + reach * np.cos(angle), centre[1] + reach * np.sin(angle)], -1)
    return _Line(way=way, radius_m=_BAR_M * (1.05 - 0.45 * share))


def _ring(centre: tuple[float, float], radius: float, thick: float, stations: int) -> _Line:
    angle = np.linspace(0, 2 * np.pi, stations)
    way = np.stack([centre[0] + radius * np.cos(angle), centre[1] + radius * np.sin(angle)], -1)
    return _Line(way=way, radius_m=thick, closed=True)


def _scrolls(stations: int) -> list[_Line]:
    """Draw the curls: two friezes, the lower panel, the medallion with its hearts."""
    lines = []
    for count in range(4):
        x = 0.06 + (_LEAF_M - 0.06) * (count + 0.5) / 4
        lines += [
            _spiral((x + side * 0.115, 4.485), 0.11, np.pi / 2, side * 1.6, stations)
            for side in (-1, 1)
        ]
        lines.append(_spiral((x - 0.12, 1.2), 0.11, 0.0, 1.5, stations))
        lines.append(_spiral((x + 0.12, 1.2), 0.11, np.pi, -1.5, stations))
    middle = 1.015
    for side in (-1, 1):
        at = middle + side * 0.45
        lines.append(_spiral((at, 0.62), 0.36, np.pi / 2, -side * 2.0, stations * 3 // 2))
        lines.append(_spiral((at, 0.30), 0.14, -np.pi / 2, side * 1.4, stations))
    rose = (middle, 2.9)
    lines.append(_ring(rose, 0.36, _FRAME_M * 0.7, stations + 8))
    lines.append(_ring(rose, 0.14, _BAR_M, stations))
    for petal in range(8):
        angle = petal * np.pi / 4
        way = np.array([np.cos(angle), np.sin(angle)])
        lines.append(
            _straight(
                tuple(np.array(rose) + 0.14 * way), tuple(np.array(rose) + 0.36 * way), _BAR_M
            )
        )
    for up in (-1, 1):
        for side in (-1, 1):
            curl = (middle + side * 0.22, 2.9 + up * 0.50)
            lines.append(_spiral(curl, 0.20, -up * np.pi / 2, side * up * 1.8, stations))
            top = (middle + side * 0.22, 2.9 + up * 0.70)
            lines.append(_straight(top, (middle, 2.9 + up * 1.04), _BAR_M * 0.9))
        lines.append(_straight((middle, 2.9 + up * 0.36), (middle, 2.9 + up * 1.04), _BAR_M))
    return lines


def _pearls() -> list[tuple[float, float, float]]:
    """Where pearls sit on a leaf: x, y, radius."""
    pearls = [(1.015, 2.9, 0.075)]
    for count in range(1, 8):
        x = 0.06 + (_LEAF_M - 0.06) * count / 8
        if count not in {3, 4, 5}:
            pearls.append((x, 2.0, 0.042))
            pearls.append((x, 3.8, 0.042))
        pearls.append((x, 4.62, 0.045))
    return pearls


def _stone(how: Fineness) -> Shape:
    """Columns, arch and the pearls on it."""
    parts = [moved(_column(how), (side * _COLUMN_M, 0, 0)) for side in (-1, 1)]
    stations = how.sides * 4 + 1
    angle = np.linspace(0, np.pi, stations)
    for radius, thick in ((_ARCH_M, 0.17), (_OUTER_M - 0.08, 0.05), (_ARCH_M - 0.19, 0.05)):
        way = np.stack([np.cos(angle) * radius, SPRING_M + np.sin(angle) * radius, angle * 0], -1)
        parts.append(bar(way, thick, sides=how.sides + 4))
    pearl = ball(0.105, sides=how.sides + 2, rows=max(5, how.sides * 2 // 3))
    for count in range(30):
        at = np.pi * (count + 0.5) / 30
        parts.append(moved(pearl, (_OUTER_M * np.cos(at), SPRING_M + _OUTER_M * np.sin(at), 0.0)))
    parts.append(moved(box((0.34, 0.62, 0.46), bevel_m=0.02), (0, SPRING_M + 2.10, 0)))
    return joined(parts)


def _column(how: Fineness) -> Shape:
    """A fluted column on a base, with a capital."""
    fine = how.sides >= 12
    bevel = 0.02 if fine else 0.0
    flutes, each = 18, (6 if fine else 3 if how.sides >= 8 else 1)
    if how.sides < 8:
        flutes = 10
    angle = np.linspace(0, 2 * np.pi, flutes * each + 1)
    wave = np.abs(np.sin(angle * flutes / 2))
    deep = 0.024 if each > 1 else 0.0
    heights = np.array([0.62, 0.66, 1.5, 2.4, 3.3, 4.02, 4.06])
    depth = np.array([0.0, 1, 1, 1, 1, 1, 0.0]) * deep
    swell = 0.305 - 0.012 * heights - 0.002 * (heights - 1.4) ** 2
    radius = swell[:, None] - depth[:, None] * (1 - (1 - wave[None]) ** 2)
    points = np.stack(
        [
            radius * np.cos(angle),
            np.broadcast_to(heights[:, None], radius.shape),
            -radius * np.sin(angle),
        ],
        -1,
    )
    parts = [
        sheet(points, round_rows=True),
        box((0.92, 0.16, 0.92), bevel_m=bevel, below=False),
        moved(box((0.84, 0.20, 0.84), bevel_m=bevel, below=False), (0, 0.16, 0)),
        turned(
            np.array([0.40, 0.425, 0.425, 0.40, 0.36, 0.35, 0.36, 0.375, 0.36, 0.32, 0.30]),
            np.array([0.36, 0.385, 0.425, 0.45, 0.462, 0.49, 0.512, 0.54, 0.575, 0.59, 0.63]),
            sides=how.sides * 2,
        ),
        turned(
            np.array([0.25, 0.285, 0.29, 0.27, 0.265, 0.29, 0.35, 0.43, 0.46]),
            np.array([4.05, 4.07, 4.10, 4.12, 4.20, 4.30, 4.40, 4.47, 4.50]),
            sides=how.sides * 2,
        ),
        moved(box((1.0, 0.05, 1.0), bevel_m=bevel * 0.5), (0, 4.50, 0)),
        moved(box((1.08, 0.13, 1.08), bevel_m=bevel), (0, 4.55, 0)),
    ]
    return joined(parts)


def _finial(how: Fineness) -> Shape:
    base = SPRING_M + 2.70
    outline = np.array(
        [(0.16, 0.0), (0.15, 0.05), (0.07, 0.09), (0.06, 0.13), (0.12, 0.17), (0.18, 0.27), (0.19, 0.34),
         (0.16, 0.44), (0.08, 0.50), (0.05, 0.54), (0.07, 0.57), (0.05, 0.60), (0.02, 0.78), (0.0, 0.92)]
    )  # fmt: skip
    return moved(turned(outline[:, 0], outline[:, 1], sides=how.sides + 4), (0, base, 0))


@cache
def light_behind(gated: bool) -> Mesh:
    """Build the light beyond the gate, brightest low in its middle; without a gate it fades on all sides."""
    across, up = np.linspace(-2.6, 2.6, 27), np.linspace(0.0, 7.2, 37)
    x, y = np.meshgrid(across if gated else across * 1.7, up if gated else up * 1.15 - 1.0)
    points = np.stack([-x, y, np.full_like(x, 0.35)], -1)
    core = np.exp(-(x * x / 1.6 + (y - 2.2) ** 2 / 5.0))
    if gated:
        top = SPRING_M + np.sqrt(np.maximum(4.6 - x * x, 0))
        inside = _soft(2.16, 1.7, np.abs(x)) * _soft(0.0, 0.5, top - y)
        strength = (0.25 + core) * inside
    else:
        strength = 1.2 * np.exp(-(x * x / 3.0 + (y - 2.4) ** 2 / 4.0))
        strength *= _soft(4.3, 2.4, np.abs(x)) * _soft(-1.0, 0.6, y) * _soft(7.2, 4.6, y)
    shape = in_gate(sheet(points))
    return painted(
        shape, albedo=np.repeat(0.9 * strength.reshape(-1, 1), 3, 1), material="light", closed=False
    )


def _soft(
    low: float, high: float, value: Float[np.ndarray, "*shape"]
) -> Float[np.ndarray, "*shape"]:
    part = np.clip((value - low) / (high - low), 0, 1)
    return np.asarray(part * part * (3 - 2 * part))
