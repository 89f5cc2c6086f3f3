"""Where arms go: two bones from a shoulder to a wrist, a hand laid on somebody, arms that hold a bundle."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float64

from vivant.scene.near.bundle import Bundle
from vivant.scene.near.cloth_tube import FORE_M, UPPER_M
from vivant.scene.near.sleeve import GROWN_M, Reach, Side

Curve3 = Float64[np.ndarray, "frames 3"]
FARTHEST = 0.985
"""No arm is stretched further than this share of its length."""
PALM_M = 0.088 * 0.93
"""Wrist to knuckles."""


def bent(
    shoulder_m: Curve3, wrist_m: Curve3, *, elbow_toward: Curve3, height_m: float = GROWN_M
) -> tuple[Curve3, Curve3]:
    """Find the elbow between a shoulder and a wrist.

    Args:
        shoulder_m: In metres.
        wrist_m: The same; farther than the arm is long, the shoulder comes after it.
        elbow_toward: To which side the elbow goes; need not be square to the arm.
        height_m: Of the person.

    Returns:
        The elbow, and the shoulder, which is moved where the arm is too short.
    """
    size = height_m / GROWN_M
    upper, fore = UPPER_M * size, FORE_M * size
    away = wrist_m - shoulder_m
    far = np.linalg.norm(away, axis=1, keepdims=True)
    way = away / np.maximum(far, 1e-9)
    least, most = abs(upper - fore) + 0.05 * size, FARTHEST * (upper + fore)
    kept = np.clip(far, least, most)
    shoulder = wrist_m - way * kept
    along = (kept**2 + upper**2 - fore**2) / (2 * kept)
    aside = elbow_toward - np.sum(elbow_toward * way, axis=1, keepdims=True) * way
    aside = aside / np.maximum(np.linalg.norm(aside, axis=1, keepdims=True), 1e-9)
    elbow = shoulder + along * way + np.sqrt(np.maximum(upper**2 - along**2, 1e-8)) * aside
    return elbow, shoulder


def arm_round(  # noqa: PLR0913 - the dials of an arm
    shoulder_m: Curve3,
    target_m: Curve3,
    *,
    right: Float64[np.ndarray, " 3"],
    up: Float64[np.ndarray, " 3"],
    forward: Float64[np.ndarray, " 3"],
    side: Side,
    aside_deg: float = 0.0,
    down_deg: float = 8.0,
    grip: float | Float64[np.ndarray, " frames"] = 0.5,
    height_m: float = GROWN_M,
) -> Reach:
    """Lay a hand on somebody from behind: the palm on top of a shoulder, fingers over it toward the camera.

    Args:
        shoulder_m: Of the one whose arm it is.
        target_m: Where the knuckles lie: on the edge of the other's shoulder as the camera sees it.
        right: The camera's axes: ``Gathering.right``, ``up``, ``forward``.
        up: The same.
        forward: The same.
        side: Which of their own arms it is.
        aside_deg: How far the fingers point to the picture's right instead of at the camera.
        down_deg: How far the back of the hand slopes down toward the camera.
        grip: How far the fingers close.
        height_m: Of the one whose arm it is.
    """
    frames, size = len(target_m), height_m / GROWN_M
    turn, slope = np.radians(aside_deg), np.radians(down_deg)
    level = -np.cos(turn) * forward + np.sin(turn) * right
    ahead = np.cos(slope) * level - np.sin(slope) * up
    back = np.sin(slope) * level + np.cos(slope) * up
    fingers = np.tile(ahead, (frames, 1))
    wrist = target_m - PALM_M * size * fingers
    elbow, shoulder = bent(
        shoulder_m, wrist, elbow_toward=np.tile(0.5 * forward - up, (frames, 1)), height_m=height_m
    )
    return Reach(
        shoulder_m=shoulder,
        elbow_m=elbow,
        wrist_m=wrist,
        fingers=fingers,
        back=np.tile(back, (frames, 1)),
        grip=np.broadcast_to(np.asarray(grip, np.float64), (frames,)).copy(),
        side=side,
    )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Cradle:
    """A bundle held against somebody's breast, and the two arms that hold it."""

    bundle: Bundle
    below: Reach
    """The arm that bears it from below."""
    behind: Reach
    """The arm whose hand lies on its back."""


def cradle(
    eyes_m: Curve3,
    *,
    right: Float64[np.ndarray, " 3"],
    up: Float64[np.ndarray, " 3"],
    forward: Float64[np.ndarray, " 3"],
    breath: Float64[np.ndarray, " frames"],
    head_side: float = 1.0,
    height_m: float = GROWN_M,
    drop_m: float = 0.30,
) -> Cradle:
    """Hold a bundle upright against the breast, its head under somebody's chin on one side.

    Args:
        eyes_m: Middle of the eyes of who holds it: ``Gathering.eyes_m[name]``.
        right: The camera's axes: ``Gathering.right``, ``up``, ``forward``.
        up: The same.
        forward: The same.
        breath: The child's own, 0..1: quicker than a grown person's, about 40 a minute.
        head_side: 1 lays the head at the picture's right, -1 at its left.
        height_m: Of who holds it.
        drop_m: From the eyes down to the middle of the bundle.
    """
    frames, size = len(eyes_m), height_m / GROWN_M
    near, side = -forward, head_side * right

    def curve(vector: np.ndarray) -> Curve3:
        return np.tile(np.asarray(vector, np.float64), (frames, 1))

    middle = eyes_m + size * (-drop_m * up + 0.13 * near + 0.012 * side)
    lean = np.radians(38.0)
    toward = np.cos(lean) * up + np.sin(lean) * side
    across = np.cos(lean) * side - np.sin(lean) * up
    bundle = Bundle(
        middle_m=middle,
        head_toward=curve(toward - 0.10 * near),
        back=curve(near + 0.25 * up),
        breath=breath,
    )
    # the arm on the head's side comes from above round the back; the other bears from below
    head_arm: Side = "left" if head_side > 0 else "right"
    other: Side = "right" if head_side > 0 else "left"
    shoulder_head = eyes_m + size * (0.185 * side - 0.235 * up - 0.02 * near)
    shoulder_other = eyes_m + size * (-0.185 * side - 0.235 * up - 0.02 * near)
    hand_behind = middle + size * (0.045 * toward + 0.105 * across + 0.085 * near)
    reach_behind = -0.80 * across + 0.42 * toward + 0.10 * near
    elbow, shoulder = bent(
        shoulder_head,
        hand_behind,
        elbow_toward=curve(side - 0.9 * up + 0.3 * near),
        height_m=height_m,
    )
    behind = Reach(
        shoulder_m=shoulder, elbow_m=elbow, wrist_m=hand_behind, fingers=curve(reach_behind),
        back=curve(near + 0.45 * across), grip=np.full(frames, 0.18), side=head_arm,
    )  # fmt: skip
    hand_below = middle + size * (-0.150 * toward - 0.050 * across + 0.075 * near)
    elbow, shoulder = bent(
        shoulder_other,
        hand_below,
        elbow_toward=curve(-side - 0.8 * up + 0.1 * near),
        height_m=height_m,
    )
    below = Reach(
        shoulder_m=shoulder, elbow_m=elbow, wrist_m=hand_below, fingers=curve(0.85 * side - 0.10 * up + 0.12 * near),
        back=curve(near - 0.75 * up), grip=np.full(frames, 0.30), side=other,
    )  # fmt: skip
    return Cradle(bundle=bundle, below=below, behind=behind)
