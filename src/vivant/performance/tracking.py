"""Take a performance from another person: from a film of them, or from their captured curves.

A face at rest does not read as zeros, and every face rests differently. So what is taken is not what
was seen, but how it differs from how this person rests: lids against their own open eyes, lips
against their own closed mouth, brows and cheeks against their own usual place, the head and the
gaze against where they mostly point.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from itertools import pairwise

import numpy as np
from jaxtyping import Float64, UInt8
from scipy.ndimage import median_filter
from scipy.signal import savgol_filter

from vivant.errors import InputError
from vivant.intake.engine import FaceEngine
from vivant.media.face import ARKIT_SHAPES, SHAPE
from vivant.media.watch import Watch, unwatched
from vivant.performance.curves import Performance
from vivant.performance.head import breathe
from vivant.performance.measures import MEASURES, measure, place
from vivant.performance.motion import eased
from vivant.performance.prosody import silent_prosody
from vivant.performance.ticks import Timeline

HEAD_LIMITS = np.array([18.0, 12.0, 15.0, 0.12, 0.12, 0.15])
"""What a rig of one photo can follow: yaw, pitch, roll in degrees; x, y, z in face heights."""
LEAST_SEEN = 0.5
"""A film that shows the face in a smaller share of its frames is refused."""
BRIDGE_S = 1.0
"""A face lost for longer goes to rest meanwhile; for less, it goes straight on."""
CAMERA_FACE_HEIGHTS = 4.0
"""How far away the camera is taken to be."""
NOSE_SHARE = 0.62
"""Forehead to nose base, as a share of forehead to chin."""
JAW_RANGE = 0.50
"""Chin drop of ``jawOpen`` 1.0, in eye-corner distances: 45 of 90 mm."""
TOUCHING, PARTED = 0.012, 0.045
"""Lip distances, in the same unit, under which lips touch and above which they are apart for certain."""
LIPS_S, FACE_S, HEAD_S, PLACE_S = 0.12, 0.24, 0.40, 1.0
"""Windows of the smoothing (size, hence distance, is seen least surely); lids are not smoothed, a blink is over too soon."""
USUAL_S, LONGEST_BLINK_S, LEAST_DIP = 1.2, 0.45, 0.15
"""A blink is a dip of the eye's openness by so much, for so long, under what is usual around it."""
SHUT_OPENNESS = 0.35
"""Openness of a shut eye as a share of the open one, where no blink shows it."""
RESTING_SHARE = 0.20
"""Shapes of muscles rest at this quantile."""
SHUT_SHARE = 0.10
"""Lips are taken to meet in this share of the frames,"""
MOST_AT_REST = 0.03
"""unless they are further apart than this even then: a mouth that never shuts."""
_FROM_POINTS = frozenset({"eyeBlinkLeft", "eyeBlinkRight", "jawOpen", "mouthClose"})
_GAPPING = ("mouthLowerDownLeft", "mouthLowerDownRight", "mouthUpperUpLeft", "mouthUpperUpRight", "mouthFunnel")  # fmt: skip

Shapes = Float64[np.ndarray, "frames 52"]
Poses = Float64[np.ndarray, "frames 6"]
Column = Float64[np.ndarray, " frames"]


class FaceLostError(InputError):
    """A film does not show a face for long enough to take a performance from it."""

    code = "performance.face-lost"

    def __init__(self, *, seen: int, frames: int) -> None:
        self.seen = seen
        self.frames = frames
        super().__init__(
            f"A face was found in {seen} of {frames} frames, and at least half are needed. Use a film "
            f"that shows one face, larger and turned to the camera."
        )


def track_video(
    pictures: Iterable[UInt8[np.ndarray, "height width 3"]],
    *,
    rate: Fraction,
    engine: FaceEngine,
    watch: Watch = unwatched,
    frames: int = 0,
) -> Performance:
    """Take the expressions and the head of the person in a film.

    Args:
        pictures: The frames, sRGB, in order, all of one size; looked at one by one, none is kept.
        rate: Frames a second, exact.
        engine: Sees the face.
        watch: Hears how many frames are done; of 0 when ``frames`` is not known.
        frames: How many there will be, for the watch.

    Returns:
        Curves at the film's rate, frame for frame: relative to the person's own rest, within what a
        rig can follow.

    Raises:
        FaceLostError: The face is seen in less than half of the frames.
    """
    moments: list[int] = []
    shapes: list[Column] = []
    measures: list[Column] = []
    poses: list[list[float]] = []
    count = 0
    follower = engine.follow()
    try:
        for picture in pictures:
            face = follower.next(picture, int(Fraction(count * 1000) / rate))
            if face is not None:
                shapes.append(face.shapes.astype(np.float64))
                measures.append(measure(face.landmarks))
                poses.append([face.yaw_deg, face.pitch_deg, face.roll_deg, *place(face.landmarks)])
                moments.append(count)
            count += 1
            watch("Following the face", count, max(frames, count) if frames else 0)
    finally:
        follower.close()
    if not moments or len(moments) < LEAST_SEEN * count:
        raise FaceLostError(seen=len(moments), frames=count)
    return _taken(
        shapes=_bridged(np.array(shapes), moments, count),
        measures=_bridged(np.array(measures), moments, count),
        head=_bridged(_placed(np.array(poses)), moments, count),
        there=_there(moments, count, rate=rate),
        rate=rate,
    )


def from_curves(captured: Performance) -> Performance:
    """Take a performance from another person's captured curves, such as a Live Link Face take.

    Args:
        captured: The curves as they were captured.

    Returns:
        The same frames, relative to the person's rest and within what a rig can follow. A mouth
        counts as shut where ``mouthClose`` makes up for ``jawOpen``.
    """
    if captured.frames == 0:
        raise FaceLostError(seen=0, frames=0)
    shapes = captured.shapes.astype(np.float64)
    return Performance(
        rate=captured.rate,
        shapes=_as_curves(_rested(shapes, rate=captured.rate)),
        head=_calmed(captured.head.astype(np.float64), rate=captured.rate).astype(np.float32),
        breath=captured.breath.copy(),
    )


def _taken(
    *,
    shapes: Shapes,
    measures: Float64[np.ndarray, "frames measures"],
    head: Poses,
    there: Column,
    rate: Fraction,
) -> Performance:
    """Turn what was seen into what was done."""
    curves = _rested(shapes, rate=rate)
    points = dict(zip(MEASURES, measures.T, strict=True))
    for side in ("Left", "Right"):
        curves[:, SHAPE[f"eyeBlink{side}"]] = _closed(points[f"lid_{side.lower()}"], rate=rate)
    _set_lips(curves, gap=points["gap"], drop=points["drop"], width=points["width"], rate=rate)
    return Performance(
        rate=rate,
        shapes=_as_curves(curves * there[:, None]),
        head=(_calmed(head, rate=rate) * there[:, None]).astype(np.float32),
        breath=_breath(len(curves), rate),
    )


def _as_curves(shapes: Shapes) -> np.ndarray:
    curves: np.ndarray = np.clip(shapes, 0.0, 1.0).astype(np.float32)
    return curves


def _closed(openness: Column, *, rate: Fraction) -> Column:
    """Tell how far a lid is closed, against the person's own open eye and own blinks.

    Behind glasses or in a small picture a shut eye may read as half open. But a blink shuts the
    eye: so what the short dips reach counts as shut.
    """
    opened = float(np.quantile(openness, 0.75))
    usual = median_filter(openness, size=max(3, round(float(rate) * USUAL_S)), mode="nearest")
    dip = 1.0 - openness / np.maximum(usual, 1e-6)
    least = max(LEAST_DIP, 5.0 * float(np.median(np.abs(dip))))
    starts = np.flatnonzero(np.diff(np.concatenate([[False], dip > least, [False]]).astype(int)))
    bottoms = [
        float(openness[a:b].min())
        for a, b in starts.reshape(-1, 2).tolist()
        if b - a <= LONGEST_BLINK_S * float(rate) + 1
    ]
    shut = float(np.median(bottoms)) if bottoms else SHUT_OPENNESS * opened
    shut = float(np.clip(shut, 0.1 * opened, 0.8 * opened))
    closed: Column = np.clip((0.94 * opened - openness) / (0.94 * opened - shut), 0.0, 1.0)
    return closed


def _set_lips(shapes: Shapes, *, gap: Column, drop: Column, width: Column, rate: Fraction) -> None:
    """Take jaw and lip contact from the points, in place.

    Where lips touch, ``mouthClose`` equals ``jawOpen`` and nothing else parts them.
    """
    gap, drop, width = (_smoothed(curve, LIPS_S, rate) for curve in (gap, drop, width))
    rests = gap <= np.quantile(gap, SHUT_SHARE)
    apart = np.maximum(gap - min(float(np.median(gap[rests])), MOST_AT_REST), 0.0)
    dropped = np.maximum(drop - float(np.median(drop[rests])), 0.0) / JAW_RANGE
    parted = eased((apart - TOUCHING) / (PARTED - TOUCHING))
    opened = apart / JAW_RANGE
    # Chins are hard to see and lips easy: open lips vouch for the jaw, closed ones leave it to the chin.
    jaw = parted * (0.35 * dropped + 0.65 * 0.9 * opened) + (1.0 - parted) * 0.7 * dropped
    shapes[:, SHAPE["jawOpen"]] = np.clip(jaw, 0.0, 1.0)
    closes = np.clip(jaw - 0.9 * opened, 0.0, jaw) * parted + jaw * (1.0 - parted)
    shapes[:, SHAPE["mouthClose"]] = np.clip(closes, 0.0, shapes[:, SHAPE["jawOpen"]])
    for name in _GAPPING:
        shapes[:, SHAPE[name]] *= parted
    usual = float(np.median(width))
    narrow = np.clip((0.95 * usual - width) / (0.35 * usual), 0.0, 1.0)
    pucker = SHAPE["mouthPucker"]
    shapes[:, pucker] = np.clip(0.5 * shapes[:, pucker] + 0.7 * narrow, 0.0, 1.0)


def _rested(shapes: Shapes, *, rate: Fraction) -> Shapes:
    """Take from each shape what this face shows at rest, and give it back its full range."""
    rested = np.zeros_like(shapes)
    for i, name in enumerate(ARKIT_SHAPES):
        curve = shapes[:, i]
        rest = float(np.quantile(curve, RESTING_SHARE))
        if name not in _FROM_POINTS:
            curve = _smoothed(curve, LIPS_S if name.startswith(("mouth", "jaw")) else FACE_S, rate)
        rested[:, i] = np.clip((curve - rest) / max(1.0 - rest, 0.35), 0.0, 1.0)
    for plus, minus, weight in (
        (("eyeLookOutLeft", "eyeLookInRight"), ("eyeLookInLeft", "eyeLookOutRight"), 0.5),
        (("eyeLookDownLeft", "eyeLookDownRight"), ("eyeLookUpLeft", "eyeLookUpRight"), 0.5),
    ):
        way = weight * sum(
            shapes[:, SHAPE[a]] - shapes[:, SHAPE[b]] for a, b in zip(plus, minus, strict=True)
        )
        way = way - float(np.median(way))
        for names, one_way in ((plus, np.maximum(way, 0.0)), (minus, np.maximum(-way, 0.0))):
            for name in names:
                rested[:, SHAPE[name]] = one_way
    return rested


def _calmed(head: Poses, *, rate: Fraction) -> Poses:
    """Take the head relative to where it mostly is, smooth, within what a rig can follow."""
    moved = head - np.median(head, axis=0)
    windows_s = (HEAD_S,) * 3 + (PLACE_S,) * 3
    moved = np.stack(
        [
            _smoothed(curve, window_s, rate)
            for curve, window_s in zip(moved.T, windows_s, strict=True)
        ],
        axis=1,
    )
    return np.asarray(moved / (1.0 + (np.abs(moved) / HEAD_LIMITS) ** 4) ** 0.25)


def _placed(poses: Float64[np.ndarray, "looks 7"]) -> Float64[np.ndarray, "looks 6"]:
    """Turn places and sizes in pixels into face heights: right, down, away from the camera."""
    height = float(np.median(poses[:, 5])) / NOSE_SHARE
    away = CAMERA_FACE_HEIGHTS * (float(np.median(poses[:, 6])) / poses[:, 6] - 1.0)
    return np.column_stack([poses[:, :3], poses[:, 3:5] / height, away])


def _bridged(
    seen: Float64[np.ndarray, "looks columns"], moments: list[int], frames: int
) -> Float64[np.ndarray, "frames columns"]:
    """Go straight from frame to frame where the face was not found."""
    every = np.arange(frames)
    return np.stack([np.interp(every, moments, curve) for curve in seen.T], axis=1)


def _there(moments: list[int], frames: int, *, rate: Fraction) -> Column:
    """Tell how far to follow: 1, and 0 in the middle of a long time without a face."""
    edges = np.array([-1, *moments, frames])
    long = BRIDGE_S * float(rate)
    there = np.ones(frames)
    every = np.arange(frames)
    for a, b in pairwise(edges.tolist()):
        if b - a > long:
            inside = (every > a) & (every < b)
            from_left = every[inside] - a if a >= 0 else np.full(inside.sum(), long)
            to_right = b - every[inside] if b < frames else np.full(inside.sum(), long)
            near = np.minimum(from_left, to_right)
            there[inside] = 1.0 - eased(near / (0.5 * long))
    return there


def _smoothed(curve: Column, window_s: float, rate: Fraction) -> Column:
    """Smooth with a parabola through each window (Savitzky and Golay 1964): peaks keep their height."""
    window = 2 * round(window_s * float(rate) / 2) + 1
    if window < 5 or len(curve) < window:
        return curve
    return np.asarray(savgol_filter(curve, window, 2))


def _breath(frames: int, rate: Fraction) -> np.ndarray:
    """Breathe calmly: a film of a face does not show the chest."""
    timeline = Timeline.from_speech(
        samples=max(1, frames * rate.denominator), sample_rate_hz=rate.numerator, rate=rate,
        lead_s=0.0, tail_s=0.0,
    )  # fmt: skip
    breath = breathe(silent_prosody(timeline), timeline, seed=0)
    at = np.interp(timeline.frame_times_s[:frames], timeline.tick_times_s, breath)
    calm: np.ndarray = at.astype(np.float32)
    return calm
