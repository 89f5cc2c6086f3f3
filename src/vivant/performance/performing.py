"""Perform a speech: the door of this room."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
from jaxtyping import Float64

from vivant.errors import InputError
from vivant.media.face import SHAPE
from vivant.performance.acting import Acting, act_brows, act_head, act_smile, read_acting
from vivant.performance.brows import move_brows, smile_of
from vivant.performance.curves import HEAD, Performance
from vivant.performance.eyes import blink_times, direct_gaze, move_eyes, move_lids
from vivant.performance.head import breathe, move_head
from vivant.performance.motion import Curve
from vivant.performance.mouth import Touch, mouth_times, move_mouth, touches_of
from vivant.performance.prosody import Prosody, read_prosody, silent_prosody
from vivant.performance.ticks import Timeline, lead_frames
from vivant.voice.speech import Speech

__all__ = ["closure_frames", "lead_frames", "perform", "perform_idle"]

LONGEST_S = 4 * 3600.0
FINEST_DENOMINATOR = 1_000_000
"""Of a frame rate; moments are worked out in whole numbers, which must not overflow."""


def perform(
    speech: Speech,
    *,
    rate: Fraction = Fraction(25),
    seed: int = 0,
    lead_s: float = 0.4,
    tail_s: float = 0.8,
    warmth: float = 0.5,
) -> Performance:
    """Perform a speech: lips in time with the sound, and the rest of a living face.

    Frame *i* shows the moment ``(i + 1/2) / rate``, the middle of its time on screen. The first
    sample of the speech sounds when frame ``lead_frames(rate, lead_s)`` comes on screen.
    The same speech, seed and options give the same curves; another rate gives the same
    movement read at other moments; another seed, another head, eyes and brows, the same words.

    Args:
        speech: What is said, with its phones in time; its directions are acted.
        rate: Frames a second, exact, 1 to 120.
        seed: Chooses among the many ways of saying it.
        lead_s: Time before the first sound, in seconds (rounded to whole frames).
        tail_s: Time after the last.
        warmth: How much it smiles: 0 grave .. 1 beaming.

    Returns:
        The curves: lead, speech and tail in whole frames.

    Raises:
        InputError: An option is out of range, or the film would last more than four hours.
    """
    _check(rate=rate, lead_s=lead_s, tail_s=tail_s, warmth=warmth)
    timeline = Timeline.from_speech(
        samples=len(speech.sound.samples),
        sample_rate_hz=speech.sound.sample_rate_hz,
        rate=rate,
        lead_s=lead_s,
        tail_s=tail_s,
    )
    _check_length(timeline)
    prosody = read_prosody(speech, timeline)
    return _performed(
        prosody,
        timeline,
        sample_rate_hz=speech.sound.sample_rate_hz,
        seed=seed,
        warmth=warmth,
        acting=read_acting(speech, timeline),
    )


def perform_idle(
    seconds: float, *, rate: Fraction = Fraction(25), seed: int = 0, warmth: float = 0.5
) -> Performance:
    """Be there and say nothing: breathe, blink, look, sway; for a silent living portrait.

    Args:
        seconds: How long, above 0 (rounded to whole frames, at least one).
        rate: Frames a second, exact.
        seed: Chance.
        warmth: How much it smiles: 0 grave .. 1 beaming.

    Returns:
        The curves.

    Raises:
        InputError: An option is out of range.
    """
    _check(rate=rate, lead_s=0.0, tail_s=0.0, warmth=warmth)
    if not 0.0 < seconds <= LONGEST_S:
        message = (
            f"A portrait can idle for up to {LONGEST_S:g} seconds, and {seconds:g} were asked for."
        )
        raise InputError(message)
    timeline = Timeline.from_speech(
        samples=max(1, round(seconds * 48_000)), sample_rate_hz=48_000, rate=rate, lead_s=0.0,
        tail_s=0.0,
    )  # fmt: skip
    return _performed(
        silent_prosody(timeline), timeline, sample_rate_hz=48_000, seed=seed, warmth=warmth
    )


def closure_frames(
    speech: Speech, *, rate: Fraction, lead_s: float = 0.4
) -> tuple[tuple[int, int], ...]:
    """Tell on which frames the lips must be seen to meet, for measuring a film.

    Args:
        speech: What is said.
        rate: Frames a second of the film.
        lead_s: As given to ``perform``.

    Returns:
        For each p, b or m that sounds, the first frame and one past the last that touch its
        closure; on at least one of them the lips are shut.
    """
    timeline = Timeline.from_speech(
        samples=len(speech.sound.samples), sample_rate_hz=speech.sound.sample_rate_hz, rate=rate,
        lead_s=lead_s, tail_s=0.0,
    )  # fmt: skip
    touches = touches_of(
        read_prosody(speech, timeline).phones, sample_rate_hz=speech.sound.sample_rate_hz
    )
    return tuple(_frames_of(touch, timeline) for touch in touches if touch.contact == "lips")


def _frames_of(touch: Touch, timeline: Timeline) -> tuple[int, int]:
    first = int(np.floor(touch.first_s * float(timeline.rate))) + timeline.lead_frames
    last = int(np.ceil(touch.last_s * float(timeline.rate))) + timeline.lead_frames
    return max(0, first), max(first + 1, last)


def _performed(
    prosody: Prosody,
    timeline: Timeline,
    *,
    sample_rate_hz: int,
    seed: int,
    warmth: float,
    acting: Acting | None = None,
) -> Performance:
    smile = smile_of(prosody, timeline, seed=seed, warmth=warmth)
    at_lips = smile if acting is None else act_smile(smile, acting, lips=True)
    smile = smile if acting is None else act_smile(smile, acting, lips=False)
    mouth = move_mouth(prosody, timeline, sample_rate_hz=sample_rate_hz, seed=seed, smile=at_lips)
    gaze = direct_gaze(prosody, timeline, seed=seed)
    breath = breathe(prosody, timeline, seed=seed)
    head = move_head(
        prosody, timeline, seed=seed, breath=breath, gaze_yaw_deg=gaze.yaw_deg,
        gaze_pitch_deg=gaze.pitch_deg,
    )  # fmt: skip
    head = head if acting is None else act_head(head, acting, timeline)
    lids = move_lids(timeline, blink_times(prosody, timeline, gaze=gaze, seed=seed), seed=seed)
    others = move_eyes(gaze, lids, head, smile=smile)
    brows = move_brows(prosody, timeline, seed=seed)
    others |= brows if acting is None else act_brows(brows, acting, timeline)
    touches = touches_of(prosody.phones, sample_rate_hz=sample_rate_hz)
    shapes = np.zeros((timeline.frames, len(SHAPE)), dtype=np.float32)
    moments_s = mouth_times(timeline, touches)
    for name, curve in mouth.items():
        shapes[:, SHAPE[name]] = _at(moments_s, curve, timeline)
    for name, curve in others.items():
        shapes[:, SHAPE[name]] = _at(timeline.frame_times_s, curve, timeline)
    poses = [_at(timeline.frame_times_s, head[:, i], timeline) for i in range(len(HEAD))]
    return Performance(
        rate=timeline.rate,
        shapes=np.clip(shapes, 0.0, 1.0),
        head=np.stack(poses, axis=1).astype(np.float32),
        breath=_at(timeline.frame_times_s, breath, timeline).astype(np.float32),
    )


def _at(
    moments_s: Float64[np.ndarray, " frames"], curve: Curve, timeline: Timeline
) -> Float64[np.ndarray, " frames"]:
    """Read a curve at some moments, straight between ticks."""
    read: Float64[np.ndarray, " frames"] = np.interp(moments_s, timeline.tick_times_s, curve)
    return read


def _check(*, rate: Fraction, lead_s: float, tail_s: float, warmth: float) -> None:
    if not 1 <= rate <= 120:
        message = (
            f"The frame rate is {float(rate):g}; it must lie between 1 and 120 frames a second."
        )
        raise InputError(message)
    if rate.denominator > FINEST_DENOMINATOR:
        message = (
            f"The frame rate {float(rate):g} is given by a fraction whose lower number has "
            f"{len(str(rate.denominator))} digits; it may be up to {FINEST_DENOMINATOR}. Write it as a film does, such as "
            f"25 or 30000/1001."
        )
        raise InputError(message)
    for what, seconds in (("lead", lead_s), ("tail", tail_s)):
        if not 0.0 <= seconds <= 60.0:
            message = f"The {what} is {seconds:g} seconds; it must lie between 0 and 60."
            raise InputError(message)
    if not 0.0 <= warmth <= 1.0:
        message = f"The warmth is {warmth:g}; it must lie between 0 (grave) and 1 (beaming)."
        raise InputError(message)


def _check_length(timeline: Timeline) -> None:
    if timeline.speech_s > LONGEST_S:
        message = (
            f"The speech lasts {timeline.speech_s:.0f} seconds; one film can hold {LONGEST_S:g}. "
            f"Divide it."
        )
        raise InputError(message)
