"""An arm that hangs clear of the body, and how it is lifted."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Float32, Float64

from vivant.media.face import CHIN
from vivant.rig.gestures import BEND_DEG, LIFT_DEG, WAVE_DEG
from vivant.rig.mesh import edges_of, laplacian, sample, smoothstep, spread
from vivant.rig.pose import ELBOWS, KNUCKLES, SHOULDERS, WRISTS, BodyPose
from vivant.rig.rig import Rig

SURE = 0.6
"""From here on a joint counts as seen."""
LENGTHS = (0.8, 2.3)
"""Of an upper arm and of a forearm that lie across the line of sight, in face heights."""
HANGS_DEG = 42.0
"""Furthest from straight down that an arm's parts may hang."""
LEAST_GAP = 0.16
"""Background that must be seen between arm and body, in face heights."""
WIDEST = 0.42
"""Half of the width that a sleeve may have, in face heights."""
CLEAR_SHARE = 0.8
"""How much of the forearm must have that gap beside it."""
AROUND = 0.07
"""What lies this close to a sleeve goes with it, in face heights."""
HAND = 0.5
"""How far a hand reaches past the wrist, in lengths of the forearm."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Arm:
    """A free arm."""

    shoulder: Float64[np.ndarray, " 2"]
    elbow: Float64[np.ndarray, " 2"]
    outwards: float
    """1 when a turn from x toward y lifts it: the person's right arm. Else -1."""
    upper: Float64[np.ndarray, " points"]
    """How far each point of the body's sheet turns about the shoulder, 0..1."""
    lower: Float64[np.ndarray, " points"]
    """The same about the elbow."""


def is_free(rig: Rig, pose: BodyPose, side: int) -> bool:
    """Tell whether an arm can be lifted.

    It cannot when it is hidden, cut off, foreshortened, bent, or lies against the body.

    Args:
        rig: The person.
        pose: The joints, in rig pixels.
        side: 0 the person's right arm, 1 the left.
    """
    tall = rig.face_height_px
    names = [SHOULDERS[side], ELBOWS[side], WRISTS[side]]
    if pose.seen[names].min() < SURE:
        return False
    shoulder, elbow, wrist = pose.points[names].astype(np.float64)
    knuckle = pose.points[KNUCKLES[side]].astype(np.float64)
    tip = wrist + HAND * (wrist - elbow)
    height, width = rig.alpha.shape
    edge = 0.06 * tall
    alpha = rig.alpha.astype(np.float32) / 255
    return (
        all(edge < x < width - edge and edge < y < height - edge for x, y in (tip, knuckle))
        and bool(sample(alpha, knuckle[None])[0] > 0.5)
        and _hangs(shoulder, elbow, tall)
        and _hangs(elbow, wrist, tall)
        and _clear(alpha, elbow, tip, _inwards(rig, shoulder), tall) >= CLEAR_SHARE
    )


def take_arm(rig: Rig, pose: BodyPose, side: int) -> Arm:
    """Take an arm that is free, on a sheet that is fine around it (``body_sheet.limber``)."""
    names = [SHOULDERS[side], ELBOWS[side], WRISTS[side]]
    shoulder, elbow, wrist = pose.points[names].astype(np.float64)
    tip = wrist + HAND * (wrist - elbow)
    inwards = _inwards(rig, shoulder)
    alpha = rig.alpha.astype(np.float32) / 255
    upper, lower = _weights(rig, alpha, (shoulder, elbow, tip), inwards)
    return Arm(shoulder=shoulder, elbow=elbow, outwards=inwards, upper=upper, lower=lower)


def _inwards(rig: Rig, shoulder: Float64[np.ndarray, " 2"]) -> float:
    return 1.0 if shoulder[0] < rig.landmarks[CHIN, 0] else -1.0


def lifted(
    arm: Arm, points: Float64[np.ndarray, "points 2"], *, lift: float, wave: float
) -> Float64[np.ndarray, "points 2"]:
    """Lift an arm: the elbow bends, then the whole arm comes up; ``wave`` swings the forearm when it is up."""
    eased = lift * lift * (3 - 2 * lift)
    bend = np.radians(BEND_DEG * eased + WAVE_DEG * wave * eased) * arm.outwards
    rise = np.radians(LIFT_DEG * eased) * arm.outwards
    bent = _turned(points, arm.elbow, bend * arm.lower)
    return _turned(bent, arm.shoulder, rise * arm.upper)


def _turned(
    points: Float64[np.ndarray, "points 2"],
    about: Float64[np.ndarray, " 2"],
    angle: Float64[np.ndarray, " points"],
) -> Float64[np.ndarray, "points 2"]:
    x, y = (points - about).T
    cos, sin = np.cos(angle), np.sin(angle)
    return np.column_stack([about[0] + x * cos - y * sin, about[1] + x * sin + y * cos])


def _hangs(top: Float64[np.ndarray, " 2"], end: Float64[np.ndarray, " 2"], tall: float) -> bool:
    way = end - top
    long = float(np.linalg.norm(way))
    tilt = np.degrees(np.arctan2(abs(way[0]), way[1]))
    return bool(LENGTHS[0] * tall < long < LENGTHS[1] * tall and tilt < HANGS_DEG)


def _clear(
    alpha: Float32[np.ndarray, "height width"],
    elbow: Float64[np.ndarray, " 2"],
    tip: Float64[np.ndarray, " 2"],
    inwards: float,
    tall: float,
) -> float:
    """Measure along how much of the forearm the background shows between it and the body."""
    clear = []
    steps = np.arange(0.0, WIDEST + LEAST_GAP + 0.02, 0.02)
    for part in np.linspace(0.1, 0.95, 24):
        at = elbow + part * (tip - elbow)
        ray = at + np.column_stack([inwards * steps * tall, np.zeros(len(steps))])
        empty = sample(alpha, ray) < 0.2
        first = int(empty.argmax()) if empty.any() else len(steps)
        gap = empty[first : first + round(LEAST_GAP / 0.02)]
        clear.append(bool(empty.any() and steps[first] <= WIDEST and gap.all()))
    return float(np.mean(clear))


def _weights(
    rig: Rig,
    alpha: Float32[np.ndarray, "height width"],
    joints: tuple[Float64[np.ndarray, " 2"], Float64[np.ndarray, " 2"], Float64[np.ndarray, " 2"]],
    inwards: float,
) -> tuple[Float64[np.ndarray, " points"], Float64[np.ndarray, " points"]]:
    """Spread the arm's turns over the sheet, along the person and hardly across the background."""
    shoulder, elbow, tip = joints
    tall = rig.face_height_px
    flat = rig.body.uv.astype(np.float64)
    edges = edges_of(rig.body.triangles)
    between = (flat[edges[:, 0]] + flat[edges[:, 1]]) / 2
    matrix, _ = laplacian(len(flat), edges, 0.01 + sample(alpha, between).astype(np.float64))
    above, part_above = _beside(flat, shoulder, elbow)
    below, part_below = _beside(flat, elbow, tip)
    reach = _half_width(alpha, elbow, tip, tall) + AROUND * tall
    of_fore = (below < reach) & (part_below > 0.1) & (below < above + 0.1 * tall)
    of_upper = (above < reach) & (part_above > 0.45) & ~of_fore
    bone = np.interp(flat[:, 1], *np.array([shoulder, elbow, tip])[:, ::-1].T)
    beside = (inwards * (flat[:, 0] - bone) > 0) & (flat[:, 1] > shoulder[1] + 0.1 * tall)
    beside &= np.minimum(above, below) > reach
    inside = inwards * (flat[:, 0] - shoulder[0]) > 0.22 * tall
    body: Bool[np.ndarray, " points"] = (inside | beside) & ~of_fore & ~of_upper
    body |= flat[:, 1] < shoulder[1] - 0.25 * tall
    upper = _spread(matrix, of_fore | of_upper, body)
    lower = _spread(matrix, of_fore & (part_below > 0.18), body | (of_upper & (part_above < 0.8)))
    return smoothstep(upper, 0.0, 1.0), smoothstep(lower, 0.0, 1.0)


def _half_width(
    alpha: Float32[np.ndarray, "height width"],
    elbow: Float64[np.ndarray, " 2"],
    tip: Float64[np.ndarray, " 2"],
    tall: float,
) -> float:
    """Measure half the width of the sleeve, in pixels."""
    way = (tip - elbow) / np.linalg.norm(tip - elbow)
    steps = np.arange(0.0, WIDEST, 0.02) * tall
    widths = []
    for part in np.linspace(0.1, 0.6, 12):
        for side in (-1, 1):
            ray = elbow + part * (tip - elbow) + np.outer(side * steps, [-way[1], way[0]])
            widths.append(float((sample(alpha, ray) > 0.5).sum()) * 0.02 * tall)
    return float(np.median(widths))


def _spread(
    matrix: object, whole: Bool[np.ndarray, " points"], none: Bool[np.ndarray, " points"]
) -> Float64[np.ndarray, " points"]:
    at = np.flatnonzero(whole | none)
    return np.clip(spread(matrix, at, whole[at].astype(np.float64)[:, None])[:, 0], 0, 1)  # type: ignore[arg-type]


def _beside(
    points: Float64[np.ndarray, "points 2"],
    start: Float64[np.ndarray, " 2"],
    end: Float64[np.ndarray, " 2"],
) -> tuple[Float64[np.ndarray, " points"], Float64[np.ndarray, " points"]]:
    """How far points lie from a bone, and at what part of it."""
    way = end - start
    part = ((points - start) @ way) / (way @ way)
    foot = start + np.clip(part, 0, 1)[:, None] * way
    return np.linalg.norm(points - foot, axis=1), part
