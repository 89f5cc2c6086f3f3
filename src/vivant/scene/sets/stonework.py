"""The stair's stone: steps with rounded nosings, strings, hand rails, turned balusters, newels; all curved round one middle.

Shapes are drawn in the stair's own coordinates (outward from its middle, up, along the way) and bent round at the end.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
from jaxtyping import Float, Float32

from vivant.scene.mesh import Mesh
from vivant.scene.sets.shapes import (
    Shape,
    ball,
    box,
    joined,
    many,
    moved,
    painted,
    sheet,
    turned,
)
from vivant.scene.sets.stairway_plan import HALF_WIDTH_M, LENGTH_M, RADIUS_M, RISE_M, STEPS, TREAD_M

SECTION_STEPS = 8
NEWEL_STEPS = 16
RAIL_ASIDE_M = HALF_WIDTH_M - 0.16
RAIL_M = 0.90
"""Middle of the hand rail above the slope."""
WHITE = np.array([0.88, 0.86, 0.83])
VEIN = np.array([0.62, 0.60, 0.60])
_NOSE_M = 0.022
_OVERHANG_M = 0.03
_DEEP_M = 0.62
"""From the slope down to the stair's underside."""
_SLOPE = RISE_M / TREAD_M


@dataclass(frozen=True, slots=True, kw_only=True)
class Fineness:
    """How finely stone is cut."""

    across: int
    """Points across a step."""
    treads: int
    """Rows of points on a tread, and on a riser."""
    round: int
    """Points round a nosing or a rail."""
    sides: int
    """Sides of a baluster."""
    rows: int
    """Rows of a baluster, at most."""
    error_m: float
    """How far its surface lies from the true one, at most."""


FINE = Fineness(across=46, treads=5, round=3, sides=12, rows=40, error_m=0.0)
MIDDLE = Fineness(across=24, treads=3, round=2, sides=8, rows=18, error_m=0.0046)
COARSE = Fineness(across=8, treads=2, round=1, sides=5, rows=9, error_m=0.013)
LEVELS = (FINE, MIDDLE, COARSE)
_STEP_ERRORS_M = (0.0, 0.002, 0.0064)
"""How far the nosings of these lie from round ones."""


def stair_sections() -> tuple[Mesh, ...]:
    """Build the whole stair, a few steps to a mesh, each with its coarser forms."""
    meshes = []
    for first in range(0, STEPS, SECTION_STEPS):
        meshes.append(_levels(partial(steps_shape, first), _STEP_ERRORS_M))
        meshes.append(_levels(partial(rails_shape, first), [how.error_m for how in LEVELS]))
    return tuple(meshes)


def _levels(build: Callable[[Fineness], Shape], errors_m: Sequence[float]) -> Mesh:
    """Build a mesh and its coarser forms."""
    result: Mesh | None = None
    for how, error_m in zip(reversed(LEVELS), reversed(errors_m), strict=True):
        result = replace(marble(build(how)), coarser=result, error_m=error_m)
    return result or marble(build(FINE))


def marble(shape: Shape, *, closed: bool = True) -> Mesh:
    """Paint a shape as white marble with faint veins."""
    return painted(shape, albedo=veined(shape.points_m), material="marble", closed=closed)


def veined(points_m: Float32[np.ndarray, "points 3"]) -> Float32[np.ndarray, "points 3"]:
    """Give marble's colour at points: veins run through the stone, wherever it is cut."""
    p = points_m.astype(np.float64)
    bent = p + 0.55 * np.sin(p[:, [1, 2, 0]] * 1.7 + [0.3, 1.1, 2.3])
    bent = bent + 0.22 * np.sin(bent[:, [2, 0, 1]] * 4.1 + [1.9, 0.4, 3.0])
    bent = bent + 0.08 * np.sin(bent[:, [1, 2, 0]] * 11.3)
    line = np.abs(np.sin(bent @ np.array([0.9, 1.4, 0.8])))
    thin = np.abs(np.sin(bent @ np.array([-1.7, 2.1, 1.3]) + 0.7))
    cloudy = 0.5 + 0.5 * np.sin(bent @ np.array([0.5, -0.4, 0.7]))
    share = 0.50 * np.clip(1 - line / 0.12, 0, 1) ** 2 + 0.32 * np.clip(1 - thin / 0.07, 0, 1) ** 2
    share = share * (0.35 + 0.65 * cloudy) + 0.07 * cloudy
    colour = WHITE + (VEIN - WHITE) * share[:, None]
    return np.asarray(colour, np.float32)


def bent(shape: Shape) -> Shape:
    """Bend a shape from the stair's coordinates (outward, up, way) round its middle."""
    aside, up, way = shape.points_m.astype(np.float64).T
    angle = way / RADIUS_M
    cos, sin = np.cos(angle), np.sin(angle)
    radius = RADIUS_M + aside
    normal = shape.normals.astype(np.float64)
    points = np.stack([radius * cos, up, radius * sin], -1)
    normals = np.stack(
        [
            normal[:, 0] * cos - normal[:, 2] * sin,
            normal[:, 1],
            normal[:, 0] * sin + normal[:, 2] * cos,
        ],
        -1,
    )
    return replace(shape, points_m=points.astype(np.float32), normals=normals.astype(np.float32))


def steps_shape(first: int, how: Fineness) -> Shape:
    """Build some steps with the stone that carries them."""
    last = min(first + SECTION_STEPS, STEPS)
    aside = np.linspace(HALF_WIDTH_M, -HALF_WIDTH_M, how.across)
    outline = _outline(how)
    shapes = []
    for step in range(first, last):
        at = np.array([step * TREAD_M, step * RISE_M])
        shapes += [_swept(aside, part[:, :2] + at, part[:, 2:]) for part in outline]
        shapes += [_end_strip(step, side, how) for side in (-1, 1)]
    ways = np.linspace(first * TREAD_M, last * TREAD_M, 9 if how.treads > 2 else 3)
    for side in (-1, 1):
        shapes.append(_string(side, first, last))
        shapes.append(_bead(ways, side, how))
    shapes.append(_underside(ways))
    if first == 0:
        shapes.append(_foot())
    return bent(joined(shapes))


def _outline(how: Fineness) -> list[Float[np.ndarray, "points 4"]]:
    """Draw one step from the side: riser, the nosing's lower face, nosing and tread.

    Columns are the way, the height, and both of the normal.
    """
    rise = np.linspace(0, RISE_M - 2 * _NOSE_M, how.treads) ** 1.0
    riser = [(0.0, height, -1.0, 0.0) for height in rise]
    under = [
        (0.0, RISE_M - 2 * _NOSE_M, 0.0, -1.0),
        (-_OVERHANG_M, RISE_M - 2 * _NOSE_M, 0.0, -1.0),
    ]
    angle = np.linspace(-np.pi / 2, np.pi / 2, how.round * 2 + 1)
    nose = [
        (
            -_OVERHANG_M - _NOSE_M * np.cos(a),
            RISE_M - _NOSE_M + _NOSE_M * np.sin(a),
            -np.cos(a),
            np.sin(a),
        )
        for a in angle
    ]
    tread = [(way, RISE_M, 0.0, 1.0) for way in np.linspace(-_OVERHANG_M, TREAD_M, how.treads + 1)]
    return [np.array(part) for part in (riser, under, nose, tread)]


def _swept(
    aside: Float[np.ndarray, " columns"],
    outline: Float[np.ndarray, "rows 2"],
    normals: Float[np.ndarray, "rows 2"],
) -> Shape:
    """Sweep an outline (way, height) across the stair; it goes up as seen from below."""
    rows, columns = len(outline), len(aside)
    points = np.empty((rows, columns, 3))
    points[..., 0] = aside
    points[..., 1], points[..., 2] = outline[:, 1:], outline[:, :1]
    way = np.empty_like(points)
    way[..., 0] = 0
    way[..., 1], way[..., 2] = normals[:, 1:], normals[:, :1]
    return replace(sheet(points), normals=way.reshape(-1, 3).astype(np.float32))


def _along(
    ways: Float[np.ndarray, " stations"],
    outline: Float[np.ndarray, "corners 4"],
    *,
    lift: float,
    right: bool,
) -> Shape:
    """Sweep an outline (outward, height, normal) along the way, rising with the slope times ``lift``."""
    points = np.empty((len(outline), len(ways), 3))
    points[..., 0], points[..., 2] = outline[:, :1], ways
    points[..., 1] = outline[:, 1:2] + ways * _SLOPE * lift
    normals = np.zeros_like(points)
    normals[..., 0], normals[..., 1] = outline[:, 2:3], outline[:, 3:]
    normals[..., 2] = -normals[..., 1] * _SLOPE * lift
    normals /= np.linalg.norm(normals, axis=-1, keepdims=True)
    if not right:
        points, normals = points[:, ::-1], normals[:, ::-1]
    return replace(sheet(points), normals=normals.reshape(-1, 3).astype(np.float32))


def _end_strip(step: int, side: int, how: Fineness) -> Shape:
    """The nosing goes on round the open end of a step."""
    top = (step + 1) * RISE_M
    angle = np.linspace(-np.pi / 2, np.pi / 2, how.round * 2 + 1)
    outline = [(0.0, top - 2 * _NOSE_M, 0.0, -1.0)]
    outline += [
        (
            _OVERHANG_M + _NOSE_M * np.cos(a),
            top - _NOSE_M + _NOSE_M * np.sin(a),
            np.cos(a),
            np.sin(a),
        )
        for a in angle
    ]
    outline.append((0.0, top, 0.0, 1.0))
    table = np.array(outline)
    table[:, 0] = side * (HALF_WIDTH_M + table[:, 0])
    table[:, 2] *= side
    ways = np.array([step * TREAD_M - _OVERHANG_M - _NOSE_M * 0.8, (step + 1) * TREAD_M])
    body = _along(ways, table, lift=0.0, right=side < 0)
    ring = np.stack([table[:, 0], table[:, 1], np.full(len(table), ways[0])], -1)
    back = ring + np.array([0.0, 0.0, ways[1] - ways[0]])
    ahead = np.array([0.0, 0.0, 1.0])
    return joined([body, _lid(ring, -ahead), _lid(back, ahead)])


def _lid(ring: Float[np.ndarray, "corners 3"], out: Float[np.ndarray, " 3"]) -> Shape:
    """Close an end that faces one way."""
    across = np.zeros(3)
    for one, two in zip(ring, np.roll(ring, -1, axis=0), strict=True):
        across += np.cross(one - ring[0], two - ring[0])
    last = np.arange(2, len(ring))
    triangles = np.stack([np.zeros_like(last), last - 1, last], 1)
    if across @ out < 0:
        triangles = triangles[:, ::-1]
    return Shape(
        points_m=ring.astype(np.float32),
        normals=np.repeat(out[None], len(ring), 0).astype(np.float32),
        triangles=np.ascontiguousarray(triangles, np.int32),
    )


def _string(side: int, first: int, last: int) -> Shape:
    """The upright side under the steps, cut in steps above, along the slope below."""
    shapes = []
    for step in range(first, last):
        here = np.array([step, step + 1.0]) * TREAD_M
        low, high = here * _SLOPE - _DEEP_M, (step + 1) * RISE_M
        aside = side * HALF_WIDTH_M
        share = np.array([0.0, 0.5, 1.0])[:, None]
        points = np.empty((3, 2, 3))
        points[..., 0], points[..., 2] = aside, here
        points[..., 1] = low + (high - low) * share
        if side > 0:
            points = points[:, ::-1]
        shapes.append(sheet(points))
    return joined(shapes)


def _bead(ways: Float[np.ndarray, " stations"], side: int, how: Fineness) -> Shape:
    """A moulding along the lower edge of the side."""
    angle = np.linspace(-np.pi * 0.75, np.pi * 0.6, how.round * 3 + 2)
    outline = np.stack(
        [
            side * (HALF_WIDTH_M + 0.02 + 0.06 * np.cos(angle)),
            0.08 * np.sin(angle) - _DEEP_M + 0.06,
            side * np.cos(angle),
            np.sin(angle),
        ],
        -1,
    )
    return _along(ways, outline, lift=1.0, right=side < 0)


def _underside(ways: Float[np.ndarray, " stations"]) -> Shape:
    aside = np.linspace(-HALF_WIDTH_M - 0.02, HALF_WIDTH_M + 0.02, 5)
    outline = np.stack([aside, np.full(5, -_DEEP_M), np.zeros(5), np.full(5, -1.0)], -1)
    return _along(ways, outline, lift=1.0, right=False)


def _foot() -> Shape:
    """The stair's lower end."""
    aside = np.linspace(HALF_WIDTH_M, -HALF_WIDTH_M, 5)
    outline = np.array([[0.0, -_DEEP_M], [0.0, 0.0]])
    return _swept(aside, outline, np.array([[-1.0, 0.0], [-1.0, 0.0]]))


def rails_shape(first: int, how: Fineness) -> Shape:
    """Build both hand rails over some steps, with what carries them."""
    last = min(first + SECTION_STEPS, STEPS)
    steps = [step for step in range(first, last) if step % NEWEL_STEPS]
    shapes = []
    for side in (-1, 1):
        ways = (np.array(steps) + 0.5) * TREAD_M
        heights = (np.array(steps) + 1.0) * RISE_M
        places = _places(ways, heights, side * RAIL_ASIDE_M)
        shapes.append(many(baluster(how), places, -ways / RADIUS_M))
        stations = np.linspace(first * TREAD_M, last * TREAD_M, 9 if how.treads > 2 else 5)
        shapes.append(bent(_rail(stations, side * RAIL_ASIDE_M, how)))
        shapes += [
            _newel_at(step + 0.5, (step + 1) * RISE_M, side, how)
            for step in range(first, last)
            if step % NEWEL_STEPS == 0
        ]
        if last == STEPS:
            shapes.append(_newel_at(STEPS + 0.35, STEPS * RISE_M, side, how))
    return joined(shapes)


def _places(
    ways: Float[np.ndarray, " n"], heights: Float[np.ndarray, " n"], aside: float
) -> Float[np.ndarray, "n 3"]:
    radius = RADIUS_M + aside
    return np.stack(
        [radius * np.cos(ways / RADIUS_M), heights, radius * np.sin(ways / RADIUS_M)], -1
    )


def _newel_at(steps: float, height: float, side: int, how: Fineness) -> Shape:
    way = np.array([min(steps * TREAD_M, LENGTH_M + 0.2)])
    place = _places(way, np.array([height]), side * RAIL_ASIDE_M)[0]
    return moved(newel(how), place, yaw_rad=float(-way[0] / RADIUS_M))


def _rail(stations: Float[np.ndarray, " n"], aside: float, how: Fineness) -> Shape:
    outline = rail_outline(how)
    outline[:, 0] += aside
    outline[:, 1] += RAIL_M + RISE_M / 2
    return _along(stations, outline, lift=1.0, right=False)


def rail_outline(how: Fineness) -> Float[np.ndarray, "corners 4"]:
    """Draw a hand rail's cross-section, between a bar and a board; outward and up, then the normal."""
    power = 0.62
    angle = np.linspace(-np.pi / 2, np.pi * 1.5, how.round * 4 + 5)
    cos, sin = np.cos(angle), np.sin(angle)
    wide = 0.085 * np.sign(cos) * np.abs(cos) ** power
    high = 0.050 * np.sign(sin) * np.abs(sin) ** power
    out = np.sign(cos) * np.abs(cos) ** (2 - power) / 0.085
    up = np.sign(sin) * np.abs(sin) ** (2 - power) / 0.050
    length = np.hypot(out, up)
    return np.stack([wide, high, out / length, up / length], -1)


def baluster(how: Fineness) -> Shape:
    """Turn a vase baluster: plinth, foot ring, belly, neck ring, head."""
    points = [
        (0.058, 0.055), (0.062, 0.072), (0.058, 0.090), (0.040, 0.100), (0.034, 0.112),
        (0.040, 0.150), (0.052, 0.195), (0.060, 0.240), (0.060, 0.280), (0.054, 0.330), (0.044, 0.390),
        (0.034, 0.460), (0.028, 0.530), (0.025, 0.590), (0.025, 0.610), (0.036, 0.622), (0.038, 0.632),
        (0.036, 0.642), (0.026, 0.654), (0.027, 0.690), (0.034, 0.740), (0.044, 0.780), (0.052, 0.795),
        (0.052, 0.870),
    ]  # fmt: skip
    table = np.array(points)
    if how.rows < 12:
        table = table[[0, 2, 4, 7, 8, 11, 14, 19, 22, 23]]
    elif how.rows < 24:
        table = table[[0, 1, 2, 4, 6, 7, 8, 10, 12, 14, 16, 18, 20, 22, 23]]
    vase = turned(table[:, 0], table[:, 1], sides=how.sides)
    return joined([box((0.14, 0.055, 0.14), below=False), vase])


def newel(how: Fineness) -> Shape:
    """A post with a moulded base and cap, and a ball."""
    fine = how.sides >= 12
    bevel = 0.012 if fine else 0.0
    heights = (0.03, 0.12, 0.5, 0.88, 0.97) if fine else (0.04, 0.5, 0.96)
    parts = [
        box((0.34, 0.10, 0.34), bevel_m=bevel, below=False, across=how.treads),
        moved(
            box((0.27, 0.90, 0.27), bevel_m=bevel, below=False, across=how.treads, heights=heights),
            (0, 0.10, 0),
        ),
        moved(box((0.32, 0.035, 0.32), bevel_m=bevel, across=3), (0, 0.965, 0)),
        moved(box((0.38, 0.055, 0.38), bevel_m=bevel, across=3), (0, 1.0, 0)),
    ]
    neck = np.array([(0.105, 1.055), (0.10, 1.075), (0.062, 1.09), (0.060, 1.10), (0.09, 1.125)])
    parts.append(turned(neck[:, 0], neck[:, 1], sides=how.sides + 6))
    globe = ball(0.14, sides=how.sides * 2, rows=max(6, how.sides))
    parts.append(moved(globe, (0, 1.235, 0)))
    return joined(parts)
