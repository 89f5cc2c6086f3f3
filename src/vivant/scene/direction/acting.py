"""What a direction adds to a performance: a smile, nods, a turn of the head to the light. Everything stays smooth and small."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from jaxtyping import Float32

from vivant.media.face import SHAPE
from vivant.performance.curves import HEAD, Performance
from vivant.rig.gestures import GESTURE, GESTURES
from vivant.scene.direction.call import Curve
from vivant.scene.figure.turns import ease

_YAW, _PITCH, _ROLL = HEAD.index("yaw_deg"), HEAD.index("pitch_deg"), HEAD.index("roll_deg")
YAW_LIMIT_DEG = 14.0
"""One photo holds no more of the other side of a face."""


def smile(performance: Performance, amount: Curve) -> Performance:
    """Smile with mouth, cheeks and lids, on top of what is there; 1 is a warm, closed smile."""
    shapes = performance.shapes.copy()
    for name, most in (
        ("mouthSmileLeft", 0.46),
        ("mouthSmileRight", 0.44),
        ("cheekSquintLeft", 0.34),
        ("cheekSquintRight", 0.34),
        ("eyeSquintLeft", 0.20),
        ("eyeSquintRight", 0.20),
        ("browOuterUpLeft", 0.06),
        ("browOuterUpRight", 0.06),
    ):
        column = shapes[:, SHAPE[name]]
        shapes[:, SHAPE[name]] = column + (1 - column) * (most * amount).astype(np.float32)
    return Performance(
        rate=performance.rate,
        shapes=shapes,
        head=performance.head.copy(),
        breath=performance.breath.copy(),
    )


def nod(performance: Performance, at_s: Sequence[float], *, degrees: float = 4.0) -> Performance:
    """Nod at some moments: a small lift before, down, and slowly back; the later ones are smaller."""
    times_s = _times(performance)
    head = performance.head.copy()
    for count, moment in enumerate(at_s):
        size = degrees * 0.6**count
        bow = np.exp(-(((times_s - moment) / np.where(times_s < moment, 0.24, 0.34)) ** 2))
        lift = np.exp(-(((times_s - moment + 0.55) / 0.25) ** 2))
        head[:, _PITCH] += (size * (bow - 0.25 * lift)).astype(np.float32)
    return Performance(
        rate=performance.rate,
        shapes=performance.shapes.copy(),
        head=head,
        breath=performance.breath.copy(),
    )


def turn(performance: Performance, amount: Curve, *, yaw_deg: float) -> Performance:
    """Turn toward something: the eyes first, then the head, chin a little up.

    Args:
        performance: What the face does otherwise; it calms down as it turns.
        amount: 0 here .. 1 there.
        yaw_deg: Positive to the picture's right; limited to 14 degrees.
    """
    yaw = float(np.clip(yaw_deg, -YAW_LIMIT_DEG, YAW_LIMIT_DEG))
    head = performance.head * (1 - 0.7 * amount)[:, None].astype(np.float32)
    head[:, _YAW] += (yaw * amount).astype(np.float32)
    head[:, _PITCH] += (-2.5 * amount).astype(np.float32)
    head[:, _ROLL] += (0.1 * yaw * amount).astype(np.float32)
    shapes = performance.shapes.copy()
    ahead = ease(np.clip(amount * 4, 0, 1)) * (1 - 0.75 * amount)
    side = "Right" if yaw > 0 else "Left"
    # The person's own left is the picture's right.
    outer, inner = ("Left", "Right") if side == "Right" else ("Right", "Left")
    for name, most in ((f"eyeLookOut{outer}", 0.42), (f"eyeLookIn{inner}", 0.42)):
        shapes[:, SHAPE[name]] += (most * ahead).astype(np.float32)
    shapes[:, SHAPE["browInnerUp"]] += (0.10 * amount).astype(np.float32)
    return Performance(
        rate=performance.rate,
        shapes=np.clip(shapes, 0, 1),
        head=head.astype(np.float32),
        breath=performance.breath.copy(),
    )


def calm(performance: Performance, amount: Curve) -> Performance:
    """Let the head come to rest; 1 is quite still."""
    head = performance.head * (1 - np.clip(amount, 0, 1))[:, None].astype(np.float32)
    return Performance(
        rate=performance.rate,
        shapes=performance.shapes.copy(),
        head=head.astype(np.float32),
        breath=performance.breath.copy(),
    )


def _times(performance: Performance) -> Curve:
    return np.asarray((np.arange(performance.frames) + 0.5) / float(performance.rate))


def standing(
    times_s: Curve, *, seed: int, lean: Curve | float = 0.0
) -> Float32[np.ndarray, "frames gestures"]:
    """Stand as people do: weight goes slowly from one foot to the other, shoulders give a little.

    Args:
        times_s: The middle of each frame.
        seed: Chance.
        lean: Of the trunk, -1..1, beside that.
    """
    first, second = np.random.default_rng(seed).uniform(0, 2 * np.pi, 2)
    gestures = np.zeros((len(times_s), len(GESTURES)), np.float32)
    sways = 0.32 * np.sin(0.85 * times_s + first) + 0.14 * np.sin(1.9 * times_s + second)
    gestures[:, GESTURE["sway"]] = sways
    gestures[:, GESTURE["lean"]] = np.clip(0.06 * np.sin(0.6 * times_s + second) + lean, -1, 1)
    gestures[:, GESTURE["shoulder_left"]] = 0.10 * np.sin(0.7 * times_s + first)
    gestures[:, GESTURE["shoulder_right"]] = 0.10 * np.sin(0.8 * times_s + second)
    return gestures
