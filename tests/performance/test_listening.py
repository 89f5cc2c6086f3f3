"""Somebody among others: eyes, head, lids and small answers."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from speeches import sentence
from vivant.media.face import SHAPE
from vivant.performance.curves import Performance
from vivant.performance.eyes import EYE_RANGE_DEG
from vivant.performance.listening import (
    EYES_DEG,
    HEAD_PITCH_DEG,
    HEAD_YAW_DEG,
    Look,
    answer,
    attend,
)
from vivant.performance.performing import perform, perform_idle
from vivant.performance.prosody import Phrase, phrases_of

RATE = Fraction(25)
IDLE = perform_idle(12.0, seed=4)
LONG = perform_idle(240.0, seed=4)
EVERY_THREE_S = tuple(
    Phrase(first_s=at + 0.4, last_s=at + 2.6, ends_sentence=at % 2 == 0) for at in range(0, 234, 3)
)
LOOKS = st.lists(
    st.tuples(st.floats(0.6, 3.0), st.floats(-26, 26), st.floats(-10, 13), st.floats(0, 0.7)),
    max_size=6,
)


def eyes_deg(performance: Performance) -> np.ndarray:
    s = performance.shapes
    return np.asarray(
        EYE_RANGE_DEG * (s[:, SHAPE["eyeLookOutLeft"]] - s[:, SHAPE["eyeLookInLeft"]])
    )


def gaze_deg(performance: Performance) -> np.ndarray:
    return np.asarray(eyes_deg(performance) + performance.head[:, 0])


def looks_of(drawn: Sequence[tuple[float, float, float, float]]) -> list[Look]:
    at_s, looks = 0.5, []
    for gap_s, yaw, pitch, head in drawn:
        at_s += gap_s
        looks.append(Look(at_s=at_s, yaw_deg=yaw, pitch_deg=pitch, head=head))
    return looks


def starts_of_blinks_s(performance: Performance) -> np.ndarray:
    shut = performance.shapes[:, SHAPE["eyeBlinkLeft"]] > 0.6
    return np.flatnonzero(shut[1:] & ~shut[:-1]) / float(performance.rate)


def test_eyes_go_first_the_head_follows_and_the_gaze_stays() -> None:
    got = attend(IDLE, [Look(at_s=4.0, yaw_deg=20.0, head=0.5)])

    eyes, head, gaze = eyes_deg(got), got.head[:, 0], gaze_deg(got)
    assert np.abs(gaze[94:98]).max() < 4
    assert eyes[103] > 12
    assert head[103] < 1.5, "the head has hardly begun"
    assert 8 < head[125] < 12
    assert eyes[125] < eyes[103] - 2, "eyes turn back while the head turns"
    assert np.ptp(gaze[125:]) < 5


@given(drawn=LOOKS, seed=st.integers(0, 2**32))
@settings(max_examples=40, deadline=None)
def test_heads_and_eyes_keep_within_what_people_and_photos_can(
    drawn: list[tuple[float, float, float, float]], seed: int
) -> None:
    got = attend(IDLE, looks_of(drawn), seed=seed)

    speed = np.abs(np.diff(got.head[:, :3], axis=0)) * 25
    assert np.abs(got.head[:, 0]).max() <= HEAD_YAW_DEG
    assert np.abs(got.head[:, 1]).max() <= HEAD_PITCH_DEG
    assert speed.max() < 62, "degrees a second, of two turns that overlap"
    assert np.abs(np.diff(got.head[:, :3], n=2, axis=0)).max() < 1.2
    assert np.abs(eyes_deg(got)).max() <= EYES_DEG + 1e-4
    assert got.shapes.min() >= 0
    assert got.shapes.max() <= 1


@given(drawn=LOOKS, seed=st.integers(0, 99))
@settings(max_examples=15, deadline=None)
def test_whoever_looks_left_for_right_is_the_mirror_image(
    drawn: list[tuple[float, float, float, float]], seed: int
) -> None:
    still = Performance(
        rate=RATE,
        shapes=np.zeros((300, 52), np.float32),
        head=np.zeros((300, 6), np.float32),
        breath=np.zeros(300, np.float32),
    )
    there = attend(still, looks_of(drawn), seed=seed)
    mirrored = attend(still, looks_of([(a, -b, c, d) for a, b, c, d in drawn]), seed=seed)

    np.testing.assert_allclose(there.head[:, 0], -mirrored.head[:, 0], atol=1e-4)
    np.testing.assert_allclose(eyes_deg(there), -eyes_deg(mirrored), atol=1e-3)


def test_no_looks_and_no_words_leave_everything_but_the_blinks() -> None:
    got = attend(IDLE, ())

    np.testing.assert_allclose(got.head, IDLE.head, atol=0.02)
    np.testing.assert_allclose(gaze_deg(got), gaze_deg(IDLE), atol=0.2)
    lips = [SHAPE[name] for name in SHAPE if name.startswith(("mouth", "jaw"))]
    assert np.array_equal(got.shapes[:, lips], IDLE.shapes[:, lips])


def test_a_share_of_nothing_does_nothing_to_the_head() -> None:
    got = attend(IDLE, [Look(at_s=2.0, yaw_deg=20.0)], share=0.0)

    np.testing.assert_allclose(got.head, IDLE.head, atol=0.02)


def test_lips_that_speak_speak_on() -> None:
    speaking = perform(sentence(times=3))

    got = attend(speaking, [Look(at_s=1.0, yaw_deg=-18.0)], phrases=phrases_of(sentence(times=3)))

    lips = [SHAPE[name] for name in SHAPE if name.startswith(("mouth", "jaw"))]
    assert np.array_equal(got.shapes[:, lips], speaking.shapes[:, lips])


@pytest.mark.parametrize("seed", range(3))
def test_listeners_blink_as_often_as_people_and_rather_in_pauses(seed: int) -> None:
    got = attend(LONG, (), heard=EVERY_THREE_S, seed=seed)

    blinks = starts_of_blinks_s(got)
    assert 10 <= len(blinks) / 4 <= 22
    ends = np.array([one.last_s for one in EVERY_THREE_S])
    late = (blinks[:, None] - ends[None, :] >= 0.0) & (blinks[:, None] - ends[None, :] <= 0.75)
    assert late.any(axis=1).mean() > 1.6 * 0.25


def test_eyes_that_were_shut_in_a_blink_are_open_where_it_was_moved() -> None:
    got = attend(LONG, (), heard=EVERY_THREE_S, seed=1)

    before = LONG.shapes[:, SHAPE["eyeBlinkLeft"]] > 0.6
    moved = before & (got.shapes[:, SHAPE["eyeBlinkLeft"]] < 0.3)
    assert moved.sum() > 20
    assert got.shapes[~before, SHAPE["eyeSquintLeft"]].min() >= 0


def test_answers_are_small_few_and_after_phrases() -> None:
    got = answer(LONG, EVERY_THREE_S, seed=2)

    nods = got.head[:, 1] - LONG.head[:, 1]
    begins = np.flatnonzero((nods[1:] > 0.6) & (nods[:-1] <= 0.6)) / 25
    assert 0.1 < len(begins) / len(EVERY_THREE_S) < 0.9
    assert nods.max() < 4
    ends = np.array([one.last_s for one in EVERY_THREE_S])
    assert (np.abs(begins[:, None] - ends).min(axis=1) < 1.3).all()
    smile = got.shapes[:, SHAPE["mouthSmileLeft"]] - LONG.shapes[:, SHAPE["mouthSmileLeft"]]
    assert 0.02 < smile.max() < 0.2
    assert np.abs(gaze_deg(got) - gaze_deg(LONG)).max() < 0.01


def test_a_question_lifts_the_brows_of_who_hears_it() -> None:
    asked = answer(IDLE, [Phrase(first_s=1.0, last_s=4.0, question=True, ends_sentence=True)])

    brow = asked.shapes[:, SHAPE["browInnerUp"]] - IDLE.shapes[:, SHAPE["browInnerUp"]]
    assert brow[100:125].max() > 0.08
    assert np.abs(brow[:85]).max() == 0


def test_another_seed_answers_otherwise_and_the_same_the_same() -> None:
    first, again, other = (answer(LONG, EVERY_THREE_S, seed=seed) for seed in (1, 1, 2))

    assert np.array_equal(first.head, again.head)
    assert not np.array_equal(first.head, other.head)


def test_phrases_are_found_in_a_speech() -> None:
    found = phrases_of(sentence(times=3, pause_s=0.5))

    assert len(found) == 3
    assert all(one.first_s < one.last_s for one in found)
    gaps = [b.first_s - a.last_s for a, b in itertools.pairwise(found)]
    assert all(abs(gap - 0.5) < 0.1 for gap in gaps)


def test_the_widest_looks_often_come_with_a_blink() -> None:
    looks = [Look(at_s=2.0 + 4 * at, yaw_deg=18.0 * (-1) ** at) for at in range(55)]

    blinks = starts_of_blinks_s(attend(LONG, looks, seed=3))

    moments = np.array([look.at_s for look in looks])
    late = blinks[:, None] - moments
    assert 0.45 < ((late > -0.05) & (late < 0.3)).any(axis=0).mean() < 0.95
    assert len(blinks) / 4 < 26
