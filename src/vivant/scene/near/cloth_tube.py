"""A sleeve's cloth round a bent arm: it lies on the arm, hangs below it, and folds where the elbow takes up its length.

All lengths are those of a person 1.68 m tall. Folds stay where they are in the cloth and grow as the elbow bends.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import cv2
import numpy as np
from jaxtyping import Float32, Float64, Int32

from vivant.scene.figure.part import around, smoothstep, table, woven

UPPER_M, FORE_M = 0.300, 0.268
"""Shoulder to elbow, and elbow to wrist."""
RINGS, ROUND = 132, 52
HEM_RINGS = 5
"""The last rings go round the hem, and back inside."""
TURN_M = 0.062
"""How far before and after the elbow the arm's line is round."""
HEM_M = 0.010
"""The cuff ends this far before the wrist."""
_RADII = (
    (-0.020, 0.050, 0.052), (0.010, 0.060, 0.064), (0.060, 0.0610, 0.0660), (0.130, 0.0570, 0.0610), (0.210, 0.0520, 0.0560),
    (0.275, 0.0495, 0.0545), (0.300, 0.0490, 0.0545), (0.335, 0.0490, 0.0530), (0.400, 0.0470, 0.0490),
    (0.470, 0.0420, 0.0430), (0.530, 0.0385, 0.0400), (0.570, 0.0375, 0.0395),
)  # fmt: skip
"""Along the arm: half its width in the plane of the bend, and across it."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Cloth:
    """What does not change of a sleeve while it moves."""

    along_m: Float64[np.ndarray, " rings"]
    angles: Float64[np.ndarray, " around"]
    """0 is the inner side of the elbow."""
    triangles: Int32[np.ndarray, "triangles 3"]
    calm: Float64[np.ndarray, "rings around"]
    """Folds of a hanging arm, in metres outward."""
    bent: Float64[np.ndarray, "rings around"]
    """What a right angle adds."""
    shade: Float32[np.ndarray, " points"]
    """Lightness of the cloth, about 1."""
    radii_m: Float64[np.ndarray, "rings 2"]
    """In the plane of the bend, and across it."""
    inside: Float64[np.ndarray, " rings"]
    """How far a ring is inside the cuff, 0..1."""


@lru_cache(maxsize=16)
def cloth(seed: int, loose: float) -> Cloth:
    """Lay out a sleeve; ``loose`` 1 is a coat, 0.6 a shirt, 1.4 a robe."""
    length = UPPER_M + FORE_M - HEM_M
    body = np.linspace(-0.02, length, RINGS - HEM_RINGS)
    hem = length + np.array([0.0016, 0.0022, 0.0006, -0.006, -0.022])
    along = np.concatenate([body, hem])
    inside = np.concatenate([np.zeros(len(body)), [0.0, 0.25, 0.7, 0.95, 1.0]])
    angles = around(ROUND)
    u, a = along[:, None], angles[None]
    rng = np.random.default_rng(977 + seed)
    broad = _noise(rng, u, a, (7.0, 13.0), 3)
    fine = _noise(rng, u, a, (24.0, 42.0), 4)
    turns = rng.uniform(0, 2 * np.pi, 4)
    # folds come and go: where there is none, cloth lies flat
    here, there = (np.clip(0.45 + 0.9 * _noise(rng, u, a, (5.0, 9.0), 2), 0, 1) for _ in range(2))
    upper = smoothstep(-0.01, 0.05, u) * smoothstep(0.34, 0.20, u)
    twisted = _crests(2 * np.pi * u / 0.105 + 1.0 * a + turns[0] + 1.7 * broad)
    drawn = _crests(2 * np.pi * u / 0.150 - 2.0 * a + turns[3] + 1.5 * broad)
    lower = smoothstep(0.35, 0.42, u) * smoothstep(0.57, 0.50, u)
    crossing = _crests(2 * np.pi * u / 0.084 - a + turns[1] + 1.6 * broad)
    pushed = np.exp(-(((u - length + 0.055) / 0.050) ** 2))
    stacked = _crests(2 * np.pi * u / 0.043 + 1.1 * np.sin(a + turns[2]) + 1.5 * broad)
    calm = 0.0094 * upper * here * twisted * (0.6 + 0.4 * np.cos(a - 2.4 + 2 * fine))
    calm += 0.0068 * upper * there * drawn
    calm += 0.0064 * lower * there * crossing * (0.55 + 0.45 * np.cos(a + 1.9))
    calm += 0.0046 * pushed * (0.3 + 0.7 * here) * stacked * (0.5 + 0.5 * np.cos(a - turns[3]))
    calm += 0.0050 * broad + 0.0006 * fine
    calm *= (0.35 + 0.65 * loose) * smoothstep(-0.0008, 0.016, length - u)
    return Cloth(
        along_m=along,
        angles=angles,
        triangles=woven(np.zeros((RINGS, ROUND, 3)))[1],
        calm=calm,
        bent=_at_the_elbow(u, a, broad, turns[1]) * (0.45 + 0.55 * loose),
        shade=_worn(u, a, broad, fine, length),
        radii_m=table(_RADII, np.clip(along, -0.02, 0.57)),
        inside=inside,
    )


def _at_the_elbow(u: np.ndarray, a: np.ndarray, broad: np.ndarray, turn: float) -> np.ndarray:
    """Fold the cloth that a bend leaves over: deep on the inner side, fanning out to both flanks."""
    x = u - UPPER_M
    inner = np.clip(0.5 + 0.5 * np.cos(a), 0, 1)
    fan = x * (1.35 - 0.6 * (1 - inner)) + 0.012 * np.sin(a + turn) * (1 - inner)
    waves = _crests(2 * np.pi * fan / 0.036 + 0.9 * broad)
    near = np.exp(-((x / 0.072) ** 2))
    pull = 0.0028 * _crests(2 * np.pi * x / 0.06 + 1.5 * a + turn) * np.exp(-((x / 0.13) ** 2))
    return np.asarray(0.0115 * near * inner**1.3 * waves + pull * (1 - inner) * 0.9)


def _crests(phase: np.ndarray) -> np.ndarray:
    """Fold as cloth does: round crests, narrow valleys; -1..1."""
    return np.asarray(2 * np.sqrt(np.cos(phase / 2) ** 2 + 0.012) - 1.05)


def _noise(
    rng: np.random.Generator, u: np.ndarray, a: np.ndarray, speeds: tuple[float, float], most: int
) -> np.ndarray:
    """Give soft noise over a sleeve, about -1..1, that closes round it."""
    total = np.zeros(np.broadcast_shapes(u.shape, a.shape))
    for _ in range(7):
        turns = int(rng.integers(-most, most + 1))
        total += np.sin(
            2 * np.pi * rng.uniform(*speeds) * u / 2 + turns * a + rng.uniform(0, 2 * np.pi)
        )
    return np.asarray(total / 3.2)


def _worn(
    u: np.ndarray, a: np.ndarray, broad: np.ndarray, fine: np.ndarray, length: float
) -> Float32[np.ndarray, " points"]:
    """Vary the cloth's lightness: worn and weathered places, and the seam along the cuff."""
    shade = 1 + 0.05 * broad + 0.03 * fine
    for at, strong in ((0.013, 0.16), (0.0145, -0.05)):
        shade = shade - strong * np.exp(-(((length - u - at) / 0.0011) ** 2)) * np.ones_like(a)
    return np.asarray(shade.reshape(-1), np.float32)


def worn(
    cut: Cloth,
    shoulder: Float64[np.ndarray, " 3"],
    elbow: Float64[np.ndarray, " 3"],
    wrist: Float64[np.ndarray, " 3"],
    *,
    size: float,
    girth: float,
) -> tuple[Float32[np.ndarray, "points 3"], Float32[np.ndarray, " points"]]:
    """Put a sleeve on an arm.

    Args:
        cut: The sleeve.
        shoulder: In metres.
        elbow: The same; shoulder, elbow and wrist do not lie on one line.
        wrist: The same.
        size: Height of the person against 1.68 m.
        girth: Of arm and sleeve, against most people's.

    Returns:
        The points, and how much of the sky each sees past the folds, 0..1.
    """
    lengths = np.array([np.linalg.norm(elbow - shoulder), np.linalg.norm(wrist - elbow)])
    first, second = (elbow - shoulder) / lengths[0], (wrist - elbow) / lengths[1]
    bend = float(np.arccos(np.clip(first @ second, -1, 1)))
    centres, ahead = _line(cut.along_m, shoulder, elbow, first, second, lengths)
    axis = np.cross(first, second)
    axis /= max(np.linalg.norm(axis), 1e-6)
    inner = np.cross(axis, ahead)  # to the inner side of the bend
    radii = cut.radii_m * size * girth
    radii = radii * (1 - 0.10 * cut.inside)[:, None]
    cosine, sine = np.cos(cut.angles), np.sin(cut.angles)
    out = cosine[None, :, None] * inner[:, None] + sine[None, :, None] * axis[None, None]
    share = min(bend / (np.pi / 2), 1.5)
    folds = (cut.calm + share * cut.bent) * size
    hangs = np.clip(-out[..., 1], -0.4, 1)
    loose = smoothstep(0.0, 0.12, cut.along_m) * (
        0.7 + 0.3 * np.exp(-(((cut.along_m - 0.33) / 0.09) ** 2))
    )
    sag = 0.0085 * size * loose[:, None] * hangs
    # the outer side of a bend is drawn tight over the elbow's bone
    bone = np.exp(-(((cut.along_m - UPPER_M) / 0.027) ** 2))[:, None] * np.clip(-cosine, 0, 1) ** 3
    shell = np.sqrt((radii[:, :1] * cosine) ** 2 + (radii[:, 1:] * sine) ** 2)
    shell = shell + folds + sag * (1 - 0.8 * bone) + 0.011 * size * bone * share
    points = centres[:, None] + shell[..., None] * out
    return points.reshape(-1, 3).astype(np.float32), _open(cut, folds, share)


def _line(
    along: np.ndarray,
    shoulder: np.ndarray,
    elbow: np.ndarray,
    first: np.ndarray,
    second: np.ndarray,
    lengths: np.ndarray,
) -> tuple[np.ndarray, np.ndarray]:
    """Give the middle of the arm and its direction, round at the elbow."""
    scale = np.where(along < UPPER_M, lengths[0] / UPPER_M, lengths[1] / FORE_M)
    x = (along - UPPER_M) * scale
    turn = min(TURN_M, 0.4 * float(lengths.min()))
    t = np.clip((x + turn) / (2 * turn), 0, 1)
    ahead = (1 - t)[:, None] * first + t[:, None] * second
    before, after = elbow - turn * first, elbow + turn * second
    curve = (
        (1 - t)[:, None] ** 2 * before
        + 2 * ((1 - t) * t)[:, None] * elbow
        + t[:, None] ** 2 * after
    )
    centres = (
        curve + np.minimum(x + turn, 0)[:, None] * first + np.maximum(x - turn, 0)[:, None] * second
    )
    del shoulder
    return centres, ahead / np.linalg.norm(ahead, axis=1, keepdims=True)


def _open(cut: Cloth, folds: np.ndarray, share: float) -> Float32[np.ndarray, " points"]:
    """Darken valleys, the inner side of the bend, and what is inside the cuff."""
    room = 12
    wide = np.concatenate([folds[:, -room:], folds, folds[:, :room]], axis=1)
    high = cv2.GaussianBlur(wide, (0, 0), 3.2, borderType=cv2.BORDER_REPLICATE)[:, room:-room]
    higher = cv2.GaussianBlur(wide, (0, 0), 7.0, borderType=cv2.BORDER_REPLICATE)[:, room:-room]
    low = 105 * np.maximum(high - folds, 0) + 60 * np.maximum(higher - folds, 0)
    seen = 0.98 / (1 + 1.1 * low)
    inner = np.clip(np.cos(cut.angles), 0, 1)[None] ** 1.5
    crook = np.exp(-(((cut.along_m - UPPER_M) / 0.05) ** 2))[:, None]
    seen = seen * (1 - 0.42 * min(share, 1.2) * inner * crook) * (1 - 0.85 * cut.inside[:, None])
    return np.asarray(np.clip(seen, 0.10, 1).reshape(-1), np.float32)
