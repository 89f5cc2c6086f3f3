"""Who looks at whom, and when."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vivant.media.face import SHAPE
from vivant.performance.curves import Performance
from vivant.performance.eyes import EYE_RANGE_DEG
from vivant.performance.performing import perform_idle
from vivant.performance.prosody import Phrase
from vivant.scene.direction.call import Call, Saying
from vivant.scene.direction.regarding import direction_of, regarding
from vivant.scene.sets.registry import set_named
from vivant.scene.storyboard import ShotPlan

RATE = Fraction(25)
THREE = {"anna": -0.4, "ben": 0.0, "cleo": 0.4}


def say(name: str, first_s: float, last_s: float, phrases: int = 1) -> Saying:
    edges = np.linspace(first_s, last_s, phrases + 1)
    return Saying(
        speaker=name,
        first=round(first_s * RATE),
        last=round(last_s * RATE),
        phrases=tuple(
            Phrase(first_s=float(a), last_s=float(b) - 0.3, ends_sentence=True)
            for a, b in itertools.pairwise(edges)
        ),
    )


def a_call(sayings: Sequence[Saying], *, seconds: float = 14.0, seed: int = 0) -> Call:
    plan = ShotPlan(
        name="x", set="room", look="window", hour="golden", action="speak", who=tuple(THREE)
    )
    return Call(
        plan=plan,
        frames=round(seconds * RATE),
        rate=RATE,
        width_px=1280,
        height_px=720,
        people={},
        performances={
            name: perform_idle(seconds, rate=RATE, seed=10 + place)
            for place, name in enumerate(THREE)
        },
        scene_set=set_named("room"),
        sayings=tuple(sayings),
        seed=seed,
    )


def gaze_deg(performance: Performance) -> np.ndarray:
    s = performance.shapes
    eyes = s[:, SHAPE["eyeLookOutLeft"]] - s[:, SHAPE["eyeLookInLeft"]]
    return np.asarray(EYE_RANGE_DEG * eyes + performance.head[:, 0])


@pytest.mark.parametrize("seed", range(5))
def test_listeners_look_at_the_speaker_after_a_human_delay(seed: int) -> None:
    got = regarding(a_call([say("anna", 2.0, 6.0)], seed=seed), THREE)

    for name in ("ben", "cleo"):
        gaze = gaze_deg(got[name])
        arrives_s = float(np.flatnonzero(gaze < -10)[0]) / 25
        assert 2.15 <= arrives_s <= 2.8
        there = gaze[70:145] < -10
        assert there.mean() > 0.6, "most of the time, but not staring for ever"
    assert np.median(np.abs(gaze_deg(got["anna"])[50:150])) < 4, "who speaks looks at us"


def test_the_head_follows_up_to_what_a_photo_holds() -> None:
    got = regarding(a_call([say("anna", 1.0, 6.0)]), THREE)

    near, far = (np.abs(got[name].head[:, 0]).max() for name in ("ben", "cleo"))
    assert 7 < near <= 12
    assert near < far <= 12


def test_the_word_is_handed_over_with_a_look() -> None:
    got = regarding(a_call([say("anna", 1.0, 5.0), say("cleo", 5.4, 9.0)]), THREE)

    assert gaze_deg(got["anna"])[round(5.2 * 25)] > 8
    assert gaze_deg(got["ben"])[round(7.0 * 25)] > 8
    assert abs(gaze_deg(got["cleo"])[round(6.2 * 25)]) < 6


@pytest.mark.parametrize("seed", range(4))
def test_a_voice_from_out_of_the_picture_is_looked_for_aside_and_up(seed: int) -> None:
    got = regarding(a_call([say("teller", 2.0, 10.0, phrases=3)], seed=seed), THREE)

    sides = set()
    for performance in got.values():
        gaze = gaze_deg(performance)[75:250]
        away = np.abs(gaze) > 5
        assert 0.25 < away.mean() < 0.98
        sides.add(np.sign(np.median(gaze[away])))
        assert performance.head[75:250, 1].min() < -1, "a little up"
    assert len(sides) == 1, "the voice comes from one side"


@pytest.mark.parametrize("side", [-1, 1])
@pytest.mark.parametrize("seed", range(3))
def test_who_stands_aside_looks_for_a_voice_where_the_picture_is_open(side: int, seed: int) -> None:
    call = a_call([say("teller", 1.0, 6.0)], seed=seed)

    gaze = gaze_deg(regarding(call, {"anna": 0.4 * side})["anna"])[45:60]

    assert np.median(gaze) * side < -6


def test_when_nobody_speaks_there_are_small_glances() -> None:
    got = regarding(a_call([], seconds=30.0), THREE)

    for performance in got.values():
        gaze = np.abs(gaze_deg(performance))
        assert np.median(gaze) < 3
        assert 0.02 < (gaze > 6).mean() < 0.5


def test_nobody_looks_before_a_word_was_said() -> None:
    with_words = regarding(a_call([say("anna", 6.0, 9.0)]), THREE)

    assert np.abs(gaze_deg(with_words["ben"])[:60]).max() < 26
    assert gaze_deg(with_words["cleo"])[round(6.1 * 25)] > -12


def test_people_do_not_move_as_one() -> None:
    got = regarding(a_call([say("anna", 2.0, 6.0), say("teller", 7.0, 11.0)]), THREE)

    ben, cleo = (got[name].shapes[:, SHAPE["eyeBlinkLeft"]] > 0.6 for name in ("ben", "cleo"))
    assert (ben & cleo).sum() < 0.5 * min(ben.sum(), cleo.sum())
    first = [np.flatnonzero(gaze_deg(got[name]) < -10)[0] for name in ("ben", "cleo")]
    assert first[0] != first[1]


def test_moving_people_are_followed() -> None:
    call = a_call([say("anna", 0.5, 10.0)])
    walks = np.linspace(-0.5, 0.5, call.frames)

    gaze = gaze_deg(regarding(call, {"anna": walks, "ben": 0.0})["ben"])

    assert gaze[50] < -8
    assert gaze[240] > 5


@given(
    x=st.floats(-0.9, 0.9), y=st.floats(-0.5, 0.5), other_x=st.floats(-0.9, 0.9), other_y=st.floats(-0.5, 0.5)
)  # fmt: skip
def test_two_look_at_one_another_from_opposite_sides(
    x: float, y: float, other_x: float, other_y: float
) -> None:
    eyes_x, eyes_y = {"a": x, "b": other_x}, {"a": y, "b": other_y}
    there, back = direction_of("a", "b", eyes_x, eyes_y), direction_of("b", "a", eyes_x, eyes_y)

    assert there[0] == pytest.approx(-np.asarray(back[0]), abs=1e-9)
    assert abs(float(np.asarray(there[0]))) <= 26
    assert -9 <= float(np.asarray(there[1])) <= 9


TURNS = st.lists(
    st.tuples(st.sampled_from([*THREE, "teller"]), st.floats(0.1, 2.0), st.floats(0.3, 5.0)),
    max_size=5,
)


@given(turns=TURNS, seed=st.integers(0, 2**31))
@settings(max_examples=25, deadline=None)
def test_whoever_speaks_whenever_everything_stays_smooth(
    turns: list[tuple[str, float, float]], seed: int
) -> None:
    at_s, sayings = 0.0, []
    for name, after_s, lasts_s in turns:
        first_s = at_s + after_s
        at_s = first_s + lasts_s
        sayings.append(say(name, first_s, at_s, phrases=1 + int(lasts_s)))
    call = a_call(sayings, seconds=10.0, seed=seed)

    got, again = regarding(call, THREE), regarding(call, THREE)

    for name, performance in got.items():
        assert np.array_equal(performance.shapes, again[name].shapes)
        assert np.abs(np.diff(performance.head[:, :3], axis=0)).max() * 25 < 62
        assert np.abs(performance.head[:, 0]).max() <= 12
        assert np.abs(performance.head[:, 1]).max() <= 11
        assert np.isfinite(performance.shapes).all()


def test_whoever_is_smaller_looks_up() -> None:
    call = a_call([say("anna", 1.0, 7.0)])

    got = regarding(call, {"anna": -0.2, "ben": 0.2}, eyes_y={"anna": 0.3, "ben": 0.55})["ben"]

    assert got.head[60:140, 1].min() < -2


def test_a_direction_may_take_a_head_back() -> None:
    call = a_call([say("anna", 1.0, 7.0)])
    until = np.where(np.arange(call.frames) < 100, 1.0, 0.0)

    got = regarding(call, THREE, share={"ben": until})["ben"]

    assert gaze_deg(got)[90] < -10
    np.testing.assert_allclose(got.head[110:], call.performances["ben"].head[110:], atol=0.02)
