"""What curves tell is what was put into them."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vivant.film.motions import (
    CLOSED_GAP,
    QUIETEST_DB,
    blinks_of,
    closures_reached,
    correlation,
    lip_sync,
    loudness_of_frames,
    pops_of,
)
from vivant.media.sound import Sound

RATE = Fraction(25)


def babble(frames: int, seed: int = 0) -> np.ndarray:
    """Something like syllables: smooth noise at 4 Hz."""
    noise = np.random.default_rng(seed).normal(size=frames + 20)
    return np.convolve(noise, np.hanning(7), mode="same")[10:-10]


@given(lag=st.integers(-6, 6), seed=st.integers(0, 100))
def test_lips_that_are_late_are_told_by_how_much(lag: int, seed: int) -> None:
    curve = babble(400, seed)
    lips = (0.2 + 0.05 * curve[20:-20]).astype(np.float32)
    loud = -30 + 5 * curve[20 + lag : len(curve) - 20 + lag]

    sync = lip_sync(lips, loud, rate=RATE)

    assert sync is not None
    assert sync.correlation > 0.98
    assert sync.lag_ms == pytest.approx(lag * 40, abs=8)


def test_a_mouth_that_stands_still_follows_nothing() -> None:
    loud = -30 + babble(200)

    assert lip_sync(np.full(200, 0.1, np.float32), loud, rate=RATE) is None


def test_frames_without_a_face_do_not_break_the_comparison() -> None:
    curve = babble(300)
    lips = (0.2 + 0.05 * curve).astype(np.float32)
    lips[50:60] = np.nan

    sync = lip_sync(lips, -30 + 5 * curve, rate=RATE)

    assert sync is not None
    assert sync.correlation > 0.9
    assert lip_sync(np.full(300, np.nan, np.float32), curve, rate=RATE) is None


def test_half_as_loud_is_six_decibels_less() -> None:
    sound = Sound(
        samples=np.repeat(np.array([0.5, 0.25, 0.0], np.float32), 1920), sample_rate_hz=48_000
    )

    loud = loudness_of_frames(sound, frames=4, rate=RATE)

    assert loud[0] - loud[1] == pytest.approx(6.02, abs=0.01)
    assert loud[2] == loud[3] == QUIETEST_DB


def test_closures_count_when_the_lips_meet_in_one_of_their_frames() -> None:
    gap = np.full(30, 0.3, np.float32)
    gap[10] = CLOSED_GAP / 2
    gap[20] = np.nan

    assert closures_reached(gap, [(9, 12)]) == 1.0
    assert closures_reached(gap, [(9, 12), (19, 22)]) == 0.5
    assert closures_reached(gap, []) is None


@given(frames=st.lists(st.integers(2, 38), unique=True, max_size=6))
def test_every_blink_is_counted_once(frames: list[int]) -> None:
    eyes = np.full((400, 2), 0.3, np.float32)
    for frame in frames:
        eyes[frame * 10 - 1 : frame * 10 + 2] = [[0.2, 0.2], [0.05, 0.06], [0.18, 0.2]]

    assert blinks_of(eyes, rate=RATE) == tuple(sorted(frame * 10 for frame in frames))


def test_eyes_that_stay_shut_do_not_blink() -> None:
    eyes = np.full((300, 2), 0.3, np.float32)
    eyes[100:200] = 0.05

    assert blinks_of(eyes, rate=RATE) == ()


def test_jumps_are_found_and_quick_movements_are_not() -> None:
    change = np.full(100, 2.0, np.float32)
    change[40:46] = 9.0
    change[55:59] = (4.4, 9.2, 11.6, 7.2)
    change[70] = 20.0
    change[80:82] = 15.0

    assert pops_of(change) == (70, 80, 81)


def test_curves_that_stand_still_do_not_correlate() -> None:
    curve = np.arange(10.0)

    assert correlation(curve, 2 * curve + 1) == pytest.approx(1.0)
    assert correlation(curve, np.zeros(10)) is None
