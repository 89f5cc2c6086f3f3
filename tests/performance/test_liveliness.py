"""Eyes, head, brows and breath."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from speeches import built, sentence
from vivant.errors import InputError
from vivant.media.face import SHAPE
from vivant.performance.curves import Performance
from vivant.performance.eyes import EYE_RANGE_DEG
from vivant.performance.performing import lead_frames, perform, perform_idle

FIVE_MINUTES = sentence(times=100, pause_s=0.45)


def starts_of_blinks_s(performance: Performance) -> np.ndarray:
    shut = performance.shapes[:, SHAPE["eyeBlinkLeft"]] > 0.6
    return np.flatnonzero(shut[1:] & ~shut[:-1]) / float(performance.rate)


@pytest.mark.parametrize("seed", range(4))
def test_it_blinks_ten_to_twenty_times_a_minute(seed: int) -> None:
    for performance in (perform(FIVE_MINUTES, seed=seed), perform_idle(300, seed=seed)):
        minutes = performance.frames / 25 / 60
        assert 10 <= len(starts_of_blinks_s(performance)) / minutes <= 20


def test_blinks_keep_their_distance_but_for_rare_doubles() -> None:
    gaps = np.diff(starts_of_blinks_s(perform(FIVE_MINUTES, seed=5)))

    assert (gaps < 0.42).mean() < 0.1
    assert gaps.min() > 0.2


def test_every_blink_closes_the_eyes_in_at_least_one_frame() -> None:
    performance = perform(FIVE_MINUTES, rate=Fraction(24))

    lid = performance.shapes[:, SHAPE["eyeBlinkLeft"]]
    blinks = np.split(lid, np.flatnonzero((lid[1:] > 0.6) & (lid[:-1] <= 0.6)) + 1)[1:]
    assert all(blink[:4].max() > 0.99 for blink in blinks)


def test_blinks_are_likelier_where_phrases_end() -> None:
    phrase, lasts_s = sentence(times=1), sentence(times=1).sound.seconds
    speech = sentence(times=100, pause_s=0.45)
    ends_s = np.arange(1, 101) * (lasts_s - 0.05) - 0.45

    performance = perform(speech)

    blinks_s = starts_of_blinks_s(performance) - 0.4
    near = np.abs(blinks_s[:, None] - ends_s).min(axis=1) < 0.3
    assert near.mean() > 1.5 * (0.6 / (phrase.sound.seconds - 0.05))


def test_the_gaze_stays_on_the_viewer_while_the_head_turns() -> None:
    """Eye in head plus head is gaze; its median is the viewer, and it rests most of the time."""
    performance = perform(FIVE_MINUTES)
    s = performance.shapes

    aside = s[:, SHAPE["eyeLookOutLeft"]] - s[:, SHAPE["eyeLookInLeft"]]
    gaze = aside * EYE_RANGE_DEG + performance.head[:, 0]

    assert abs(np.median(gaze)) < 0.5
    assert (np.abs(gaze) < 2.5).mean() > 0.75
    assert np.abs(gaze).max() > 3.5
    still = np.abs(np.diff(gaze)) < 0.05
    assert still.mean() > 0.85


def test_both_eyes_look_the_same_way() -> None:
    s = perform(sentence(times=4)).shapes

    left = s[:, SHAPE["eyeLookOutLeft"]] - s[:, SHAPE["eyeLookInLeft"]]
    right = s[:, SHAPE["eyeLookInRight"]] - s[:, SHAPE["eyeLookOutRight"]]
    assert np.array_equal(left, right)


def test_the_head_moves_more_while_speaking_than_while_idle() -> None:
    talking, idle = perform(FIVE_MINUTES), perform_idle(300)

    for axis in range(3):
        assert talking.head[:, axis].std() > idle.head[:, axis].std()
        assert idle.head[:, axis].std() > 0.1


def test_the_head_settles_at_the_end() -> None:
    head = perform(sentence(times=3), tail_s=1.5).head

    assert np.abs(head[-1, :3]).max() < 2.0
    assert np.abs(np.diff(head[-5:, :3], axis=0)).max() < 0.1


def test_breath_is_drawn_before_a_phrase_and_let_go_in_it() -> None:
    speech = built([("ɑ", 2.0), ("", 0.8), ("ɑ", 2.0)])

    breath = perform(speech).breath

    at = [lead_frames(Fraction(25), 0.4) + round(25 * s) for s in (0.0, 2.0, 2.8, 4.7)]
    assert breath[at[0]] > breath[at[1]] + 0.1
    assert breath[at[2]] > breath[at[1]] + 0.1
    assert breath[at[2]] > breath[at[3]] + 0.1


def test_a_question_raises_the_brows_at_its_end() -> None:
    phones = [("w", 0.1), ("aɪ", 0.6), ("n", 0.1), ("aʊ", 0.4)]
    asked = perform(built(phones, text="Why now?", sentence_ends_s=[1.2]))
    told = perform(built(phones, text="Why now.", sentence_ends_s=[1.2]))

    end = lead_frames(Fraction(25), 0.4) + 30
    name = SHAPE["browInnerUp"]
    assert asked.shapes[end, name] > told.shapes[end, name] + 0.15


def test_not_every_stressed_word_raises_the_brows() -> None:
    performance = perform(FIVE_MINUTES)

    brow = performance.shapes[:, SHAPE["browOuterUpLeft"]]
    raises = int(((brow[1:] > 0.12) & (brow[:-1] <= 0.12)).sum())
    assert 40 < raises < 200  # of some 600 stressed syllables


def test_warmth_smiles() -> None:
    speech = sentence()

    warm, cold = perform(speech, warmth=1.0), perform(speech, warmth=0.0)

    name = SHAPE["mouthSmileLeft"]
    assert warm.shapes[0, name] > 0.25
    assert warm.shapes[-1, name] > 0.35
    assert cold.shapes[0, name] < 0.02


def test_the_same_seed_gives_the_same_performance_and_another_another() -> None:
    speech = sentence(times=3)

    first, again, other = (perform(speech, seed=seed) for seed in (7, 7, 8))

    assert np.array_equal(first.shapes, again.shapes)
    assert np.array_equal(first.head, again.head)
    assert np.array_equal(first.breath, again.breath)
    assert np.abs(first.head[:, 0] - other.head[:, 0]).max() > 0.5
    jaw = SHAPE["jawOpen"]
    assert np.array_equal(first.shapes[:, jaw], other.shapes[:, jaw])


def test_a_long_film_neither_drifts_nor_repeats() -> None:
    performance = perform(sentence(times=220), seed=3)

    minutes = performance.head[: 25 * 60 * (performance.frames // 1500)].reshape(-1, 1500, 6)
    assert len(minutes) >= 9
    assert np.abs(minutes[:, :, 0].mean(axis=1)).max() < 2.0
    yaw = minutes[:, :, 0] - minutes[:, :, 0].mean(axis=1, keepdims=True)
    yaw /= np.linalg.norm(yaw, axis=1, keepdims=True)
    alike = yaw @ yaw.T - np.eye(len(yaw))
    assert np.abs(alike).max() < 0.6


def test_an_idle_portrait_keeps_its_mouth_shut() -> None:
    performance = perform_idle(20)

    assert performance.frames == 500
    assert performance.shapes[:, SHAPE["jawOpen"]].max() == 0
    assert performance.shapes[:, SHAPE["mouthLowerDownLeft"]].max() == 0
    assert performance.breath.max() - performance.breath.min() > 0.3


@pytest.mark.parametrize(
    "wrong",
    [
        {"rate": Fraction(0)},
        {"rate": Fraction(25_000_000_000_001, 1_000_000_000_000)},
        {"rate": Fraction(240)},
        {"lead_s": -1.0},
        {"tail_s": 1e9},
        {"warmth": 2.0},
        {"lead_s": float("nan")},
    ],
)
def test_options_out_of_range_are_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(InputError):
        perform(sentence(), **wrong)  # type: ignore[arg-type]


@pytest.mark.parametrize("seconds", [0.0, -1.0, float("nan"), 1e9])
def test_idling_for_no_time_or_for_ever_is_refused(seconds: float) -> None:
    with pytest.raises(InputError):
        perform_idle(seconds)
