"""Somebody among others: looks that eyes begin and the head follows, blinks in time with what is heard, small answers.

A performance says what a face does by itself. Here it learns that there are others: where they are, and when they speak.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np
from jaxtyping import Float32, Float64

from vivant.media.face import SHAPE
from vivant.performance.curves import HEAD, Performance
from vivant.performance.eyes import BLINK_GAP_S, EYE_RANGE_DEG, Gaze, blink_times, move_lids
from vivant.performance.motion import add_pulse, chance, eased, held
from vivant.performance.prosody import Phrase, silent_prosody
from vivant.performance.ticks import MARGIN_S, TICKS_HZ, Timeline

FrameCurve = Float64[np.ndarray, " frames"]
HEAD_YAW_DEG, HEAD_PITCH_DEG, HEAD_ROLL_DEG = 12.0, 7.0, 4.0
"""How far a head turns in all; one photo holds little more of a face's other side."""
EYES_DEG = 16.0
"""How far eyes turn in the head; beyond 15 to 20 degrees heads follow (Stahl 1999)."""
KEPT_GAZE, KEPT_HEAD = 0.35, 0.6
"""Share of their own wandering that eyes and head keep while they attend to somebody."""
HEAD_SPEED_DEG_S = 26.0
"""At its fastest: people at ease turn to a voice in 0.6 to 0.9 s."""
SHORTEST_TURN_S = 0.6
HEAD_LATE_S = (0.06, 0.18)
"""Heads begin so long after the eyes (Zangemeister and Stark 1982: 50 to 200 ms in free looks)."""
LARGE_SHIFT_DEG, WIDE_SHIFT_DEG = 7.0, 24.0
"""Larger shifts of gaze favour blinks; with the widest a blink comes two times in three (Evinger and others 1994)."""
HEARD_LATE_S = 0.3
"""Who listens blinks a quarter to half a second after the speaker's pauses begin (Nakano and Kitazawa 2010)."""
NODS_AT_SENTENCE, NODS_AT_PHRASE = 0.55, 0.25
"""Chance of a nod after what somebody says; most fall on such ends (Hadar, Steiner and Rose 1985)."""
NOD_GAP_S = 1.8
NOD_DEG = (1.2, 2.6)
_YAW, _PITCH, _ROLL, _X, _Y = (HEAD.index(one) for one in ("yaw_deg", "pitch_deg", "roll_deg", "x", "y"))  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Look:
    """Somewhere to look from a moment on; the viewer is at 0, 0."""

    at_s: float
    """When the eyes go."""
    yaw_deg: FrameCurve | float = 0.0
    """Above 0 to the picture's right; a number, or one a frame where the place moves."""
    pitch_deg: FrameCurve | float = 0.0
    """Above 0 down."""
    head: float = 0.5
    """Share of the way that the head goes."""


def attend(
    performance: Performance,
    looks: Sequence[Look],
    *,
    phrases: Sequence[Phrase] = (),
    heard: Sequence[Phrase] = (),
    share: FrameCurve | float = 1.0,
    seed: int = 0,
) -> Performance:
    """Look where there is something to look at, and blink as people do who talk and listen.

    Eyes jump, the head follows later and not all the way, and while it turns the eyes turn back, so that
    the gaze stays. About as many blinks come as without it (14.5 a minute; Bentivoglio and others 1997 found 17 at
    rest and 26 in conversation), but at the ends of phrases and with large looks.

    Args:
        performance: What the face does by itself; lips are left alone.
        looks: In order of time; before the first it looks at the viewer.
        phrases: What this person says, in seconds of the performance.
        heard: What this person hears.
        share: How much of all this is done, 0 to 1.
        seed: Chance.

    Returns:
        The same performance with other eyes, lids and head.
    """
    rng = chance(seed, stream=21)
    times_s = _times(performance)
    gaze_yaw, gaze_pitch, head_yaw, head_pitch, there = _turned(times_s, looks, rng)
    share = np.broadcast_to(np.asarray(share, np.float64), times_s.shape)
    head, shapes = performance.head.astype(np.float64), performance.shapes.astype(np.float64)
    own_yaw = head[:, _YAW] + EYE_RANGE_DEG * (
        shapes[:, SHAPE["eyeLookOutLeft"]] - shapes[:, SHAPE["eyeLookInLeft"]]
    )
    own_pitch = head[:, _PITCH] + EYE_RANGE_DEG * (
        shapes[:, SHAPE["eyeLookDownLeft"]] - shapes[:, SHAPE["eyeLookUpLeft"]]
    )
    keeps = 1 - share * there
    head *= (KEPT_HEAD + (1 - KEPT_HEAD) * keeps)[:, None]
    turn, bow = share * head_yaw, share * head_pitch
    head[:, _YAW] = held(head[:, _YAW] + turn, limit=HEAD_YAW_DEG)
    head[:, _PITCH] = held(head[:, _PITCH] + bow, limit=HEAD_PITCH_DEG)
    head[:, _ROLL] = held(head[:, _ROLL] + 0.10 * turn, limit=HEAD_ROLL_DEG)
    head[:, _X] += 0.0022 * turn
    head[:, _Y] += 0.0016 * bow
    kept = KEPT_GAZE + (1 - KEPT_GAZE) * keeps
    _set_eyes(
        shapes,
        aside_deg=share * gaze_yaw + kept * own_yaw - head[:, _YAW],
        down_deg=share * gaze_pitch + kept * own_pitch - head[:, _PITCH],
    )
    late = tuple(
        replace(one, first_s=one.first_s + HEARD_LATE_S, last_s=one.last_s + HEARD_LATE_S)
        for one in heard
    )
    lids = _lids(performance, phrases=(*phrases, *late), looks=looks, seed=seed)
    _set_lids(shapes, performance.shapes, lids)
    return Performance(
        rate=performance.rate,
        shapes=np.clip(shapes, 0.0, 1.0).astype(np.float32),
        head=head.astype(np.float32),
        breath=performance.breath.copy(),
    )


def answer(
    performance: Performance,
    heard: Sequence[Phrase],
    *,
    share: FrameCurve | float = 1.0,
    seed: int = 0,
) -> Performance:
    """Answer what is heard without a word: a nod here and there, brows at a question, lips that warm a little.

    Args:
        performance: Of somebody who listens.
        heard: What is heard while this person says nothing.
        share: How much of it is done.
        seed: Chance.
    """
    rng = chance(seed, stream=22)
    ticks_s = _ticks(performance)
    nods, brows, lips = (np.zeros_like(ticks_s) for _ in range(3))
    last_s = -1e9
    for phrase in heard:
        chosen, size, late_s, twice, warms = rng.random(5)
        likely = NODS_AT_SENTENCE if phrase.ends_sentence else NODS_AT_PHRASE
        at_s = phrase.last_s - 0.10 + 0.45 * late_s
        if phrase.question:
            add_pulse(brows, ticks_s, first_s=at_s - 0.15, rise_s=0.3, hold_s=0.35, fall_s=0.6, height=0.14 + 0.1 * size)  # fmt: skip
        if chosen > likely or at_s < last_s + NOD_GAP_S:
            continue
        last_s = at_s
        height = NOD_DEG[0] + (NOD_DEG[1] - NOD_DEG[0]) * size
        for place in range(2 if twice < 0.3 else 1):
            first_s, lower = at_s + 0.52 * place, 0.55**place
            add_pulse(nods, ticks_s, first_s=first_s, rise_s=0.24, hold_s=0.0, fall_s=0.40, height=height * lower)  # fmt: skip
        if warms < 0.6:
            add_pulse(lips, ticks_s, first_s=at_s, rise_s=0.5, hold_s=0.5, fall_s=1.0, height=0.06 + 0.08 * size)  # fmt: skip
        elif warms < 0.8:
            add_pulse(brows, ticks_s, first_s=at_s - 0.1, rise_s=0.25, hold_s=0.2, fall_s=0.5, height=0.08 + 0.06 * size)  # fmt: skip
    times_s = _times(performance)
    nods, brows, lips = (share * np.interp(times_s, ticks_s, one) for one in (nods, brows, lips))
    shapes = performance.shapes.copy()
    for name, curve in (
        ("browInnerUp", brows), ("browOuterUpLeft", 0.8 * brows), ("browOuterUpRight", 0.75 * brows),
        ("mouthSmileLeft", lips), ("mouthSmileRight", 0.95 * lips), ("cheekSquintLeft", 0.6 * lips),
        ("cheekSquintRight", 0.6 * lips),
    ):  # fmt: skip
        column = shapes[:, SHAPE[name]]
        shapes[:, SHAPE[name]] = column + (1 - column) * curve.astype(np.float32)
    head = performance.head.copy()
    head[:, _PITCH] += nods.astype(np.float32)
    head[:, _Y] += (0.0028 * nods).astype(np.float32)
    down = -nods / EYE_RANGE_DEG  # the gaze stays while the head nods
    _tilt_eyes(shapes, down)
    return Performance(
        rate=performance.rate, shapes=shapes, head=head, breath=performance.breath.copy()
    )


def _times(performance: Performance) -> FrameCurve:
    return np.asarray((np.arange(performance.frames) + 0.5) / float(performance.rate))


def _ticks(performance: Performance) -> Float64[np.ndarray, " ticks"]:
    count = int(performance.frames / performance.rate * TICKS_HZ) + 2
    return np.arange(count) / TICKS_HZ


def _turned(
    times_s: FrameCurve, looks: Sequence[Look], rng: np.random.Generator
) -> tuple[FrameCurve, FrameCurve, FrameCurve, FrameCurve, FrameCurve]:
    """Go from look to look: gaze, head (each yaw, pitch), and how far all this is from looking at the viewer."""
    curves = [np.zeros_like(times_s) for _ in range(5)]
    viewer = Look(at_s=-1e9)
    for before, look in zip((viewer, *looks), looks, strict=False):
        late_s = float(rng.uniform(*HEAD_LATE_S))
        here = int(np.clip(np.searchsorted(times_s, look.at_s), 0, len(times_s) - 1))
        way = [_at(one, here) for one in (look.yaw_deg, before.yaw_deg, look.pitch_deg, before.pitch_deg)]  # fmt: skip
        size = float(np.hypot(way[0] - way[1], way[2] - way[3]))
        far = abs(look.head * way[0] - before.head * way[1])
        jump = eased((times_s - look.at_s) / (0.021 + 0.0022 * size))
        takes_s = max(SHORTEST_TURN_S, 1.875 * far / HEAD_SPEED_DEG_S)
        follow = eased((times_s - look.at_s - late_s) / takes_s)
        new, old = ((one.yaw_deg, one.pitch_deg, one.head) for one in (look, before))
        curves[0] += jump * (np.asarray(new[0]) - old[0])
        curves[1] += jump * (np.asarray(new[1]) - old[1])
        curves[2] += follow * (new[2] * np.asarray(new[0]) - old[2] * np.asarray(old[0]))
        curves[3] += follow * (new[2] * np.asarray(new[1]) - old[2] * np.asarray(old[1]))
        away = [float(np.hypot(way[k], way[k + 2]) > 1.0) for k in (0, 1)]
        curves[4] += jump * (away[0] - away[1])
    return curves[0], curves[1], curves[2], curves[3], np.clip(curves[4], 0.0, 1.0)


def _at(place: FrameCurve | float, frame: int) -> float:
    return float(place[frame]) if isinstance(place, np.ndarray) else float(place)


def _shifts_s(looks: Sequence[Look], *, over_deg: float) -> tuple[float, ...]:
    """Tell when looks begin that are far from the one before."""
    found = []
    for before, look in zip((Look(at_s=0.0), *looks), looks, strict=False):
        yaw = np.mean(look.yaw_deg) - np.mean(before.yaw_deg)
        pitch = np.mean(look.pitch_deg) - np.mean(before.pitch_deg)
        if np.hypot(yaw, pitch) > over_deg:
            found.append(look.at_s)
    return tuple(found)


def _set_eyes(shapes: Float64[np.ndarray, "frames 52"], *, aside_deg: FrameCurve, down_deg: FrameCurve) -> None:  # fmt: skip
    aside = held(aside_deg, limit=EYES_DEG) / EYE_RANGE_DEG
    down = held(down_deg, limit=EYES_DEG) / EYE_RANGE_DEG
    right, left = np.maximum(aside, 0.0), np.maximum(-aside, 0.0)
    # The picture's right is the person's left.
    for name, curve in (
        ("eyeLookOutLeft", right), ("eyeLookInRight", right), ("eyeLookInLeft", left), ("eyeLookOutRight", left),
        ("eyeLookDownLeft", np.maximum(down, 0.0)), ("eyeLookDownRight", np.maximum(down, 0.0)),
        ("eyeLookUpLeft", np.maximum(-down, 0.0)), ("eyeLookUpRight", np.maximum(-down, 0.0)),
    ):  # fmt: skip
        shapes[:, SHAPE[name]] = curve


def _tilt_eyes(shapes: Float32[np.ndarray, "frames 52"], down: FrameCurve) -> None:
    """Turn eyes further down (up below 0), and leave the lids."""
    for side in ("Left", "Right"):
        low, high = SHAPE[f"eyeLookDown{side}"], SHAPE[f"eyeLookUp{side}"]
        both = shapes[:, low] - shapes[:, high] + down
        shapes[:, low] = np.maximum(both, 0.0)
        shapes[:, high] = np.maximum(-both, 0.0)


def _lids(
    performance: Performance,
    *,
    phrases: tuple[Phrase, ...],
    looks: Sequence[Look],
    seed: int,
) -> Float64[np.ndarray, "frames 2"]:
    """Blink anew, in time with what is said, heard and looked at."""
    rng = chance(seed, stream=26)
    wide = [at_s for at_s in _shifts_s(looks, over_deg=WIDE_SHIFT_DEG) if rng.random() < 2 / 3]
    seconds = performance.frames / performance.rate
    timeline = Timeline(
        rate=performance.rate,
        lead_frames=0,
        frames=performance.frames,
        first_tick=-round(MARGIN_S * TICKS_HZ),
        ticks=int((seconds + 2 * Fraction(MARGIN_S)) * TICKS_HZ) + 1,
        speech_s=float(seconds),
    )
    still = np.zeros(timeline.ticks)
    times = blink_times(
        replace(silent_prosody(timeline), phrases=tuple(sorted(phrases, key=_first))),
        timeline,
        gaze=Gaze(
            yaw_deg=still, pitch_deg=still, shifts_s=_shifts_s(looks, over_deg=LARGE_SHIFT_DEG)
        ),
        seed=seed,
    )
    others = (one for one in times if all(abs(one - at_s) > 2 * BLINK_GAP_S for at_s in wide))
    times = tuple(sorted((*wide, *others)))
    lids = move_lids(timeline, times, seed=seed)
    return np.stack(
        [np.interp(timeline.frame_times_s, timeline.tick_times_s, lids[:, eye]) for eye in (0, 1)],
        axis=1,
    )


def _first(phrase: Phrase) -> float:
    return phrase.first_s


def _set_lids(
    shapes: Float64[np.ndarray, "frames 52"],
    before: Float32[np.ndarray, "frames 52"],
    lids: Float64[np.ndarray, "frames 2"],
) -> None:
    """Exchange blinks; lids follow a lowered gaze, as in ``eyes.move_eyes``."""
    for eye, side in enumerate(("Left", "Right")):
        lowered = 0.45 * before[:, SHAPE[f"eyeLookDown{side}"]].astype(np.float64)
        old = np.clip((before[:, SHAPE[f"eyeBlink{side}"]] - lowered) / (1 - lowered), 0, 1)
        new, down = lids[:, eye], 0.45 * shapes[:, SHAPE[f"eyeLookDown{side}"]]
        shapes[:, SHAPE[f"eyeBlink{side}"]] = new + (1 - new) * down
        shapes[:, SHAPE[f"eyeWide{side}"]] = 0.35 * shapes[:, SHAPE[f"eyeLookUp{side}"]] * (1 - new)
        shapes[:, SHAPE[f"eyeSquint{side}"]] += 0.12 * (new - old)
