"""Coats, jackets, dresses and robes: what covers the trunk, and what hangs from the waist."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float64

from vivant.scene.figure.build import Build
from vivant.scene.figure.dress import Dress
from vivant.scene.figure.part import (
    Part,
    around,
    coloured,
    ellipses,
    skinned,
    smoothstep,
    table,
    woven,
)

AROUND = 44
WAIST = 0.612
"""Height of the waist, in body heights: above it the cloth is worn by the back, below it hangs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cut:
    """How a garment is cut; heights and widths in body heights."""

    hem: float
    flare: float
    """Half width at the hem."""
    loose: float
    """What the cloth adds to the body's girth."""
    waist: float
    """How far it is drawn in at the waist, 0..1."""
    sleeve: float
    """Radius of the sleeve against that of a suit."""
    folds: float
    """Depth of the folds at the hem."""
    count: int
    """How many folds go round."""


CUTS: Mapping[str, Cut] = {
    "coat": Cut(hem=0.265, flare=0.135, loose=0.007, waist=0.45, sleeve=1.0, folds=0.0075, count=9),
    "suit": Cut(hem=0.470, flare=0.122, loose=0.003, waist=0.55, sleeve=0.88, folds=0.002, count=5),
    "uniform": Cut(hem=0.465, flare=0.120, loose=0.003, waist=0.75, sleeve=0.86, folds=0.002, count=5),
    "dress": Cut(hem=0.255, flare=0.150, loose=-0.003, waist=0.85, sleeve=0.74, folds=0.011, count=11),
    "robe": Cut(hem=0.045, flare=0.175, loose=0.010, waist=0.25, sleeve=1.35, folds=0.014, count=10),
    "work": Cut(hem=0.490, flare=0.108, loose=0.008, waist=0.30, sleeve=1.02, folds=0.003, count=6),
}  # fmt: skip

_TRUNK = (  # height, half width, front, back, middle's z, how squarely
    (0.575, 0.100, 0.072, 0.070, 0.002),
    (0.612, 0.094, 0.069, 0.062, 0.000),
    (0.660, 0.097, 0.070, 0.067, -0.003),
    (0.715, 0.105, 0.074, 0.074, -0.005),
    (0.755, 0.113, 0.073, 0.079, -0.006),
    (0.785, 0.119, 0.066, 0.078, -0.008),
    (0.805, 0.120, 0.056, 0.070, -0.010),
    (0.820, 0.109, 0.047, 0.060, -0.011),
    (0.832, 0.088, 0.041, 0.050, -0.011),
    (0.843, 0.062, 0.037, 0.042, -0.010),
    (0.852, 0.046, 0.036, 0.037, -0.008),
    (0.862, 0.040, 0.036, 0.036, -0.004),
)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Hanging:
    """Cloth that hangs from the waist, as rings about the body's upright: what ``cloth`` moves."""

    part: Part
    angles: Float64[np.ndarray, " around"]
    heights_m: Float64[np.ndarray, " rings"]
    """Over the floor, at rest."""
    radius_m: Float64[np.ndarray, "rings around"]
    middle_z_m: Float64[np.ndarray, " rings"]
    down: Float64[np.ndarray, " rings"]
    """0 at the waist, 1 at the hem."""

    @property
    def lined(self) -> int:
        """The ring from which on there is a lining, which cameras from below see."""
        return int(np.searchsorted(self.down, 0.55))


def girth(build: Build) -> float:
    """Give how much thicker the trunk is than usual."""
    return float(np.sqrt(build.weight))


def trunk(build: Build, dress: Dress) -> Part:
    """Make what covers the trunk from the waist to the neck."""
    cut, h = CUTS[dress.garment], build.height_m
    heights = np.concatenate([np.linspace(0.590, 0.78, 11), np.linspace(0.79, 0.862, 12)])
    rows = table(_TRUNK, heights)
    wide = build.shoulders * smoothstep(0.62, 0.74, heights) + build.hips * (
        1 - smoothstep(0.62, 0.74, heights)
    )
    round_ = 1 + (girth(build) - 1) * (1 - smoothstep(0.78, 0.85, heights))
    slack = cut.loose * (1 - smoothstep(0.80, 0.85, heights))
    drawn = 1 - 0.10 * cut.waist * np.exp(-(((heights - 0.625) / 0.035) ** 2))
    centres = np.column_stack([0 * heights, heights, rows[:, 3]]) * h
    grid = ellipses(
        centres,
        (rows[:, 0] * wide * (0.6 + 0.4 * round_) + slack) * drawn * h,
        (rows[:, 1] * round_**1.6 + slack) * drawn * h,
        (rows[:, 2] * round_ + slack) * drawn * h,
        _denser_in_front(AROUND),
        square=2.35,
    )
    _creases(grid, build)
    points, triangles = woven(grid, close_last=False)
    return Part(
        name="trunk",
        points_m=points,
        triangles=triangles,
        albedo=_tailored(points, coloured(points, dress.cloth, seed=3, vary=0.14), h, dress),
        material="cloth",
        weights=trunk_weights(points, build),
    )


def _denser_in_front(segments: int) -> Float64[np.ndarray, " segments"]:
    """Give angles round the trunk: lapels need more points than the back."""
    even = around(segments)
    return np.asarray(even - 0.38 * np.sin(even))


def _creases(grid: np.ndarray, build: Build) -> None:
    """Lay the soft pulls of worn cloth: across the small of the back, and down from the blades."""
    h = build.height_m
    y, angle = grid[..., 1] / h, np.arctan2(grid[..., 0], grid[..., 2])
    behind = smoothstep(1.6, 2.6, np.abs(angle))
    pulls = np.sin(y * 190 + 2.2 * np.abs(angle)) * np.exp(-(((y - 0.64) / 0.035) ** 2))
    spine = np.exp(-(((np.abs(angle) - np.pi) / 0.22) ** 2)) * np.exp(-(((y - 0.68) / 0.09) ** 2))
    blades = np.exp(-(((np.abs(angle) - 2.55) / 0.30) ** 2)) * np.exp(-(((y - 0.765) / 0.035) ** 2))
    depth = (0.0016 * pulls * behind - 0.0050 * spine + 0.0045 * blades) * h
    grid[..., 0] += depth * np.sin(angle)
    grid[..., 2] += depth * np.cos(angle)


def _tailored(points: np.ndarray, albedo: np.ndarray, h: float, dress: Dress) -> np.ndarray:
    """Lay in the seam of the back, and in front the opening with the shirt between lapels."""
    x, y, front = np.abs(points[:, 0]) / h, points[:, 1] / h, points[:, 2] > 0
    albedo[(x < 0.006) & ~front] *= 0.72
    if dress.garment in ("dress", "robe"):
        return albedo
    low = 0.745 if dress.garment in ("suit", "coat") else 0.80
    opening = 0.42 * (y - low)
    shirt = (smoothstep(0.007, -0.007, x - opening) * front * (y > low - 0.01))[:, None]
    lapel = (smoothstep(0.030, 0.010, x - opening) * front * (y > low))[:, None]
    albedo = albedo * (1 - 0.25 * lapel) * (1 - shirt) + shirt * np.asarray(dress.collar)
    albedo[front & (x < 0.005) & (y <= low)] *= 0.6
    return albedo


def trunk_weights(points: np.ndarray, build: Build) -> np.ndarray:
    """Let the back bend in a curve, and the tops of the shoulders go up with the arms."""
    y, x = points[:, 1] / build.height_m, points[:, 0] / build.height_m
    waist = smoothstep(0.575, 0.645, y)
    chest = smoothstep(0.645, 0.735, y)
    neck = smoothstep(0.842, 0.868, y)
    raised = smoothstep(0.055, 0.11, np.abs(x)) * smoothstep(0.735, 0.80, y) * 0.9
    return skinned(
        points,
        {
            "pelvis": 1 - waist,
            "spine": waist * (1 - chest),
            "chest": chest * (1 - neck) * (1 - raised),
            "left_collarbone": chest * (1 - neck) * raised * (x > 0),
            "right_collarbone": chest * (1 - neck) * raised * (x <= 0),
            "neck": 0.6 * neck,
        },
    )


def hanging(build: Build, dress: Dress) -> Hanging:
    """Make the part of the garment below the waist."""
    cut, h = CUTS[dress.garment], build.height_m
    rings = int(np.clip(round((WAIST - cut.hem) * 50), 6, 22))
    heights = np.linspace(WAIST + 0.006, cut.hem, rings)
    down = (heights[0] - heights) / (heights[0] - heights[-1])
    angles = around(AROUND + 12)
    body = table(
        ((0.62, 0.094, 0.069, 0.063), (0.575, 0.102, 0.073, 0.072), (0.52, 0.111, 0.078, 0.086),
         (0.47, 0.112, 0.078, 0.086), (0.04, 0.112, 0.078, 0.086)), heights,
    )  # fmt: skip
    below = smoothstep(0.56, cut.hem, heights)[:, None]
    flare = np.array([cut.flare, cut.flare * 0.80, cut.flare * 0.84])
    measures = body * (1 - below) + np.maximum(body, flare) * below + cut.loose
    drawn = 1 - 0.10 * cut.waist * np.exp(-(((heights - 0.622) / 0.030) ** 2))
    stout = girth(build)
    grid = ellipses(
        np.column_stack([0 * heights, heights, 0 * heights]) * h,
        measures[:, 0] * drawn * (0.5 + 0.5 * build.hips) * (0.5 + 0.5 * stout) * h,
        measures[:, 1] * drawn * stout * h,
        measures[:, 2] * drawn * stout * h,
        angles,
        square=2.2,
    )
    turned = np.arctan2(grid[..., 0], grid[..., 2])
    radius = np.hypot(grid[..., 0], grid[..., 2])
    deep = cut.folds * h * smoothstep(0.12, 1.0, down)[:, None] ** 1.3
    phase = 1.3 * np.sin(2 * turned + 0.7) + 0.5 * np.sin(3 * turned)
    wave = np.sin(cut.count * turned + phase) + 0.45 * np.sin((cut.count + 4) * turned - 2 * phase)
    radius = radius + deep * wave
    grid[..., 0], grid[..., 2] = radius * np.sin(turned), radius * np.cos(turned)
    points, triangles = woven(grid)
    albedo = coloured(points, dress.cloth, seed=5, vary=0.12)
    fold = (1 + 0.16 * (smoothstep(0.1, 1, down)[:, None] * wave)).reshape(-1, 1)
    albedo = _vent(points, np.clip(albedo * fold, 0.004, 0.92), h, cut.hem)
    part = Part(
        name="hanging",
        points_m=points,
        triangles=triangles,
        albedo=albedo,
        material="cloth",
        weights=skinned(points, {"pelvis": np.ones(len(points))}),
    )
    return Hanging(
        part=part,
        angles=turned[0],
        heights_m=heights * h,
        radius_m=radius,
        middle_z_m=0 * heights,
        down=down,
    )


def lining(hanging: Hanging) -> Part:
    """Make the dark inside of what hangs; its points follow the outside's last rings."""
    around_ = len(hanging.angles)
    grid = hanging.part.points_m.reshape(-1, around_, 3)[hanging.lined :]
    points, triangles = woven(grid)
    dark = hanging.part.albedo.reshape(-1, around_, 3)[hanging.lined :].reshape(-1, 3) * 0.25
    return Part(
        name="lining",
        points_m=points * [0.985, 1, 0.985],
        triangles=triangles[:, ::-1].copy(),
        albedo=dark,
        material="plaster",
        weights=skinned(points, {"pelvis": np.ones(len(points))}),
    )


def _vent(points: np.ndarray, albedo: np.ndarray, h: float, hem: float) -> np.ndarray:
    behind = (np.abs(points[:, 0]) < 0.008 * h) & (points[:, 2] < 0)
    albedo[behind] *= 0.65
    albedo[points[:, 1] < (hem + 0.008) * h] *= 0.8
    return albedo


def collar(build: Build, dress: Dress) -> list[Part]:
    """Make the neck: a turned-down collar of the garment over one of a shirt or scarf."""
    h, angles = build.height_m, around(36)
    parts = []
    for name, rows, colour, weight in (
        ("shirt", ((0.842, 0.046), (0.858, 0.0405), (0.874, 0.0385)), dress.collar, 0.75),
        ("collar", ((0.826, 0.066), (0.838, 0.059), (0.852, 0.050), (0.864, 0.0445), (0.866, 0.041)),
         dress.cloth, 0.35),
    ):  # fmt: skip
        if name == "collar" and dress.garment in ("dress", "robe"):
            continue
        values = np.array(rows)
        centres = (
            np.column_stack([0 * values[:, 0], values[:, 0], np.full(len(values), -0.008)]) * h
        )
        grid = ellipses(
            centres, values[:, 1] * h, values[:, 1] * 0.92 * h, values[:, 1] * 0.90 * h, angles
        )
        if name == "collar":  # it is open in front
            open_ = smoothstep(0.25, 0.95, np.cos(angles))[None]
            grid[..., 1] -= 0.045 * h * open_
            grid[..., 2] -= 0.020 * h * open_**2
        grid[..., 1] += 0.004 * h * smoothstep(0.2, 1.0, -np.cos(angles))[None]
        points, triangles = woven(grid)
        upper = smoothstep(0.83, 0.87, points[:, 1] / h) * weight
        parts.append(
            Part(
                name=name,
                points_m=points,
                triangles=triangles,
                albedo=coloured(points, colour, seed=8, vary=0.08),
                material="cloth",
                weights=skinned(points, {"chest": 1 - upper, "neck": upper}),
            )
        )
    return parts
