"""A newborn in a blanket, held against somebody's breast: seen from behind, a knitted cap and folds. There is no face to it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import cv2
import numpy as np
from jaxtyping import Float32, Float64, Int32

from vivant.scene.figure.dress import Colour
from vivant.scene.figure.part import around, smoothstep, table, woven
from vivant.scene.mesh import Mesh
from vivant.scene.near.sleeve import surface
from vivant.scene.props import at_frame

LENGTH_M = 0.44
"""Of a newborn who draws up the knees, with the cap."""
RINGS, ROUND = 130, 128
CAP_RINGS, CAP_ROUND = 40, 168
HEAD_M, HEAD_R = 0.155, (0.058, 0.064, 0.055)
"""How far the middle of the head lies above the bundle's; half its width, height and depth."""
SLANT = 9.0
"""Of the blanket's outer edge: radians round the child on a metre along it."""
BREATH = 0.011
"""How much wider the back becomes with a breath."""
_SHAPE = (
    (-0.205, 0.012, 0.012, -0.004), (-0.200, 0.040, 0.036, -0.002), (-0.185, 0.064, 0.056, 0.0), (-0.155, 0.083, 0.074, 0.003),
    (-0.105, 0.094, 0.085, 0.006), (-0.050, 0.096, 0.085, 0.004), (0.010, 0.093, 0.079, 0.0), (0.060, 0.086, 0.071, -0.004),
    (0.095, 0.074, 0.063, -0.007), (0.118, 0.068, 0.061, -0.008), (0.140, 0.070, 0.066, -0.008), (0.156, 0.072, 0.069, -0.008),
)  # fmt: skip
"""Along the bundle: half its width and depth, and how far the back bends out."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Rest:
    blanket: Float64[np.ndarray, "points 3"]
    blanket_triangles: Int32[np.ndarray, "triangles 3"]
    blanket_open: Float32[np.ndarray, " points"]
    blanket_shade: Float32[np.ndarray, " points"]
    breathes: Float64[np.ndarray, " points"]
    cap: Float64[np.ndarray, "cap_points 3"]
    cap_triangles: Int32[np.ndarray, "cap_triangles 3"]
    cap_open: Float32[np.ndarray, " cap_points"]
    cap_shade: Float32[np.ndarray, " cap_points"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Bundle:
    """A swaddled newborn, in metres in the set; one value a frame.

    Lay it in ``Shot.presences`` after the bust of who holds it and before the sleeves that hold it;
    ``reaching.cradle`` finds places for all three.
    """

    middle_m: Float64[np.ndarray, "frames 3"]
    head_toward: Float64[np.ndarray, "frames 3"]
    """From the middle to the head; any length."""
    back: Float64[np.ndarray, "frames 3"]
    """Out of the child's back, which the camera sees; any length."""
    breath: Float64[np.ndarray, " frames"]
    """0 empty .. 1 full."""
    blanket: Colour = (0.60, 0.55, 0.47)
    cap: Colour = (0.66, 0.64, 0.60)
    size: float = 1.0
    """Against most newborns."""

    def meshes(self, frame: float) -> tuple[Mesh, ...]:
        """Build blanket and cap at a frame, or between two."""
        rest = _rest()
        up = at_frame(self.head_toward, frame)
        up = up / np.linalg.norm(up)
        back = at_frame(self.back, frame)
        back = back - (back @ up) * up
        back = back / np.linalg.norm(back)
        axes = np.stack([np.cross(up, back), up, back]) * self.size
        wider = 1 + BREATH * float(at_frame(self.breath, frame)) * rest.breathes[:, None] * [
            0.8,
            0,
            1.0,
        ]
        middle = at_frame(self.middle_m, frame)
        blanket = ((rest.blanket * wider) @ axes + middle).astype(np.float32)
        cap = (rest.cap @ axes + middle).astype(np.float32)
        return (
            surface(
                blanket, rest.blanket_triangles, open_sky=rest.blanket_open, material="cloth",
                albedo=np.asarray(self.blanket, np.float32) * rest.blanket_shade[:, None],
            ),
            surface(
                cap, rest.cap_triangles, open_sky=rest.cap_open, material="cloth",
                albedo=np.asarray(self.cap, np.float32) * rest.cap_shade[:, None],
            ),
        )  # fmt: skip


@cache
def _rest() -> _Rest:
    blanket, blanket_open, shade, breathes = _blanket()
    cap, cap_open, cap_shade = _cap()
    points, triangles = woven(blanket, close_first=True)
    capped, cap_triangles = woven(cap, close_last=True)
    return _Rest(
        blanket=points,
        blanket_triangles=triangles,
        blanket_open=np.append(blanket_open.reshape(-1), 0.8).astype(np.float32),
        blanket_shade=np.append(shade.reshape(-1), 1.0).astype(np.float32),
        breathes=np.append(breathes.reshape(-1), 0.0),
        cap=capped,
        cap_triangles=cap_triangles,
        cap_open=np.append(cap_open.reshape(-1), 1.0).astype(np.float32),
        cap_shade=np.append(cap_shade.reshape(-1), 1.0).astype(np.float32),
    )


def _blanket() -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Wrap the blanket: it goes round twice, its last edge runs slanting over the back, and it is tucked in below."""
    body = np.linspace(-0.205, 0.156, RINGS - 6)
    y = np.concatenate([body, 0.156 + np.array([0.003, 0.004, 0.0025, -0.004, -0.016, -0.030])])
    inside = np.concatenate([np.zeros(len(body)), [0.0, 0.12, 0.35, 0.7, 1.0, 1.0]])
    angles = around(ROUND)
    rows = table(_SHAPE, np.clip(y, -0.205, 0.156))
    rng = np.random.default_rng(5)
    u = y[:, None]
    a = angles[None] + SLANT * (u - 0.02)  # points follow the outer edge: it is not torn into steps
    broad = _soft(rng, u, a, (9, 16), 3)
    fine = _soft(rng, u, a, (20, 40), 5)
    ends = smoothstep(-0.205, -0.13, u) * smoothstep(0.165, 0.12, u)
    # layers: high at an edge, then falling away round the body; dark just outside the edge
    folds, under = np.zeros((len(y), ROUND)), np.zeros((len(y), ROUND))
    for turn, slant, high, wide in ((0.75, SLANT, 0.0085, 0.020), (-1.05, -6.5, 0.0050, 0.090)):
        past = np.mod((a - turn - slant * (u - 0.02) + 0.05 * broad) / (2 * np.pi), 1)
        layer = smoothstep(-0.205, -0.15, u) * smoothstep(0.150, 0.125, u)
        folds += high * smoothstep(0, wide, past) * np.exp(-past / 0.26) * layer
        under += 0.02 / wide * np.exp(-(((1 - past) / wide) ** 2)) * layer
        # drawn tight from the edge round to the side
        pulled = np.exp(-past / 0.16) * layer
        folds += 0.0042 * pulled * _crests(2 * np.pi * (u + 0.05 * past) / 0.062 + 1.8 * broad)
    # drawn from the tucked end upward, and across where an arm bears it
    tucked = np.exp(-(((u + 0.205) / 0.085) ** 2))
    folds += 0.0062 * tucked * _crests(9 * a + 2.2 * broad + 22 * u) * smoothstep(-0.205, -0.18, u)
    across = np.exp(-(((u + 0.045) / 0.075) ** 2)) * (0.55 + 0.45 * np.cos(a - 0.9))
    sags = 2 * np.pi * (u + 0.035 * np.sin(a - 0.4)) / 0.055 + 1.6 * broad
    folds += 0.0040 * across * _crests(sags)
    gathered = np.exp(-(((u - 0.118) / 0.030) ** 2))
    folds += 0.0050 * gathered * _crests(10 * a + 2.6 * broad + 30 * u)
    folds += 0.0044 * broad * ends + 0.0008 * fine * ends
    across_m, deep = (rows[:, k] * (1 - 0.13 * inside) for k in (0, 1))
    grid = np.empty((len(y), ROUND, 3))
    grid[..., 0] = (across_m[:, None] + folds) * np.sin(a)
    grid[..., 1] = u - 0.010 * (1 - np.cos(a)) * smoothstep(0.09, 0.156, u)  # lower behind the head
    grid[..., 2] = rows[:, 2:] + (deep[:, None] + folds) * np.cos(a)
    seen = _openness(folds) * (1 - 0.30 * np.clip(under, 0, 1)) * (1 - 0.8 * inside[:, None])
    shade = 1 + 0.03 * broad + 0.02 * fine
    breathes = np.exp(-(((u - 0.0) / 0.10) ** 2)) * np.clip(0.3 + 0.7 * np.cos(a), 0, 1)
    return grid, seen, shade, breathes


def _cap() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Knit the cap: ribs that meet at the crown, and a rolled brim."""
    part = np.linspace(-0.62, 1.0, CAP_RINGS)  # -1 below .. 1 the crown
    angles = around(CAP_ROUND)
    height = np.sin(part * np.pi / 2)
    level = np.sqrt(np.maximum(1 - height**2, 0))
    brim = np.exp(-(((part + 0.40) / 0.085) ** 2)) + 0.8 * np.exp(-(((part + 0.57) / 0.085) ** 2))
    ribs = np.abs(np.sin(21 * angles))[None] ** 0.7
    deep = 0.0017 * np.clip(level * 1.5, 0, 1)[:, None] * ribs
    out = 1 + 0.062 * brim[:, None]
    crown = 0.006 * np.exp(-(((1 - part) / 0.16) ** 2))
    grid = np.empty((CAP_RINGS, CAP_ROUND, 3))
    a = angles[None]
    grid[..., 0] = (HEAD_R[0] * level[:, None] * out + deep) * np.sin(a)
    grid[..., 1] = HEAD_M + HEAD_R[1] * height[:, None] + crown[:, None] + 0.0 * a
    grid[..., 2] = -0.006 + (HEAD_R[2] * level[:, None] * out + deep) * np.cos(a)
    grid[-1] = grid[-1].mean(axis=0)
    below = smoothstep(-0.62, -0.25, part)[:, None]
    seam = (
        1
        - 0.5 * np.exp(-(((part + 0.485) / 0.03) ** 2))
        - 0.35 * np.exp(-(((part + 0.30) / 0.035) ** 2))
    )
    seen = (0.35 + 0.65 * below) * seam[:, None] * (0.72 + 0.28 * ribs)
    rng = np.random.default_rng(9)
    shade = 1 + 0.025 * _soft(rng, part[:, None] * 0.1, a, (9, 30), 7)
    return grid, seen, shade


def _crests(phase: np.ndarray) -> np.ndarray:
    return np.asarray(2 * np.sqrt(np.cos(phase / 2) ** 2 + 0.012) - 1.05)


def _soft(
    rng: np.random.Generator, u: np.ndarray, a: np.ndarray, speeds: tuple[float, float], most: int
) -> np.ndarray:
    total = np.zeros(np.broadcast_shapes(u.shape, a.shape))
    for _ in range(8):
        turns = int(rng.integers(-most, most + 1))
        total += np.sin(2 * np.pi * rng.uniform(*speeds) * u / 2 + turns * a + rng.uniform(0, 6.28))
    return np.asarray(total / 3.4)


def _openness(folds: np.ndarray) -> np.ndarray:
    """Darken what lies lower than its surroundings."""
    room = 16
    ring = np.concatenate([folds[:, -room:], folds, folds[:, :room]], axis=1)
    low = np.zeros(folds.shape)
    for sigma, strong in ((3.0, 105.0), (8.0, 70.0)):
        high = cv2.GaussianBlur(ring, (0, 0), sigma, borderType=cv2.BORDER_REPLICATE)
        low += strong * np.maximum(high[:, room:-room] - folds, 0)
    return np.asarray(0.98 / (1 + low))
