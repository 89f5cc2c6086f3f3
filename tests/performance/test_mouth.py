"""Lips in time with phones."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from speeches import built, sentence
from vivant.media.face import ARKIT_SHAPES, SHAPE
from vivant.performance.curves import Performance
from vivant.performance.performing import closure_frames, lead_frames, perform

PHONES = (
    "p", "b", "m", "f", "v", "w", "t", "s", "ʃ", "tʃ", "k", "l", "ɹ", "θ", "ð", "j", "h", "n", "",
    "i", "ɪ", "ɛ", "æ", "ɑ", "ɔ", "u", "ʊ", "ə", "eɪ", "aɪ", "oʊ", "aʊ", "y", "ø", "ɑ̃", "ʁ", "pf",
)  # fmt: skip
RATES = [
    Fraction(24),
    Fraction(24000, 1001),
    Fraction(25),
    Fraction(30000, 1001),
    Fraction(30),
    Fraction(50),
    Fraction(60),
]
strings = st.lists(
    st.tuples(st.sampled_from(PHONES), st.floats(0.02, 0.30), st.sampled_from([0, 0, 1, 2])),
    min_size=1,
    max_size=25,
)


def gap(performance: Performance) -> np.ndarray:
    """What keeps the lips apart, in the words of the rig."""
    s = {name: performance.shapes[:, i].astype(float) for name, i in SHAPE.items()}
    return np.asarray(
        s["jawOpen"] - s["mouthClose"] + s["mouthLowerDownLeft"] + s["mouthLowerDownRight"]
        + s["mouthUpperUpLeft"] + s["mouthUpperUpRight"] + s["mouthFunnel"]
    )  # fmt: skip


def at(performance: Performance, name: str) -> np.ndarray:
    return performance.shapes[:, SHAPE[name]]


def frame_of(seconds: float, rate: Fraction = Fraction(25)) -> int:
    return lead_frames(rate, 0.4) + int(seconds * rate)


@settings(deadline=None, max_examples=60)
@given(phones=strings, rate=st.sampled_from(RATES))
def test_every_p_b_and_m_shuts_the_lips_in_at_least_one_frame(
    phones: list[tuple[str, float, int]], rate: Fraction
) -> None:
    speech = built(phones)

    performance = perform(speech, rate=rate)

    wanted = closure_frames(speech, rate=rate)
    assert len(wanted) == sum(symbol in {"p", "b", "m", "pf"} for symbol, _, _ in phones)
    for first, last in wanted:
        assert gap(performance)[first:last].min() < 0.01


@settings(deadline=None, max_examples=30)
@given(phones=strings, rate=st.fractions(5, 20, max_denominator=1_000_000))
def test_closures_are_seen_at_low_rates_too(
    phones: list[tuple[str, float, int]], rate: Fraction
) -> None:
    speech = built(phones)

    performance = perform(speech, rate=rate)

    apart = gap(performance)
    for first, last in closure_frames(speech, rate=rate):
        near = apart[max(0, first - 1) : last + 1]
        assert near.min() < 0.01


@settings(deadline=None, max_examples=40)
@given(phones=strings, seed=st.integers(0, 2**63))
def test_curves_stay_within_their_bounds(phones: list[tuple[str, float, int]], seed: int) -> None:
    performance = perform(built(phones), seed=seed)

    shapes = performance.shapes
    assert np.isfinite(shapes).all()
    assert shapes.min() >= 0.0
    assert shapes.max() <= 1.0
    assert at(performance, "jawOpen").max() <= 0.75
    assert (at(performance, "mouthClose") <= at(performance, "jawOpen") + 1e-6).all()
    assert np.abs(performance.head[:, 0]).max() <= 7.0
    assert np.abs(performance.head[:, 1]).max() <= 4.0
    assert np.abs(performance.head[:, 2]).max() <= 3.0
    assert np.abs(performance.head[:, 3:]).max() <= 0.06
    assert performance.breath.min() >= 0.0
    assert performance.breath.max() <= 1.0


LIMITS_A_SECOND = {
    "jawOpen": 7.0, "mouthClose": 18.0, "mouthFunnel": 22.0, "mouthPucker": 18.0, "mouthPress": 22.0,
    "mouthLowerDown": 18.0, "mouthUpperUp": 18.0, "mouthRoll": 22.0, "mouthStretch": 12.0,
    "mouthSmile": 6.0, "tongueOut": 22.0, "eyeBlink": 30.0, "brow": 5.0,
}  # fmt: skip
"""Fastest change of a shape in its own units; a jaw at 7 a second moves 30 cm/s, lips about the same."""


@settings(deadline=None, max_examples=40)
@given(phones=strings, seed=st.integers(0, 2**32))
def test_nothing_moves_faster_than_a_person(
    phones: list[tuple[str, float, int]], seed: int
) -> None:
    performance = perform(built(phones), rate=Fraction(120), seed=seed)

    speed = np.abs(np.diff(performance.shapes.astype(float), axis=0)).max(axis=0) * 120
    for name in ARKIT_SHAPES:
        for start, limit in LIMITS_A_SECOND.items():
            if name.startswith(start):
                assert speed[SHAPE[name]] <= limit, name
    turn = np.abs(np.diff(performance.head.astype(float), axis=0)).max(axis=0) * 120
    assert (turn[:3] <= (25.0, 40.0, 20.0)).all()


def test_silence_shuts_the_mouth() -> None:
    """With the same phones but no sound under them, nothing is said."""
    phones = [("m", 0.08), ("ɑ", 0.3), ("u", 0.3)]

    spoken = perform(built(phones))
    hushed = perform(built(phones, level=0.0))

    assert gap(spoken).max() > 0.3
    assert gap(hushed).max() < 0.01


@given(pause_s=st.floats(0.6, 3.0))
@settings(deadline=None, max_examples=20)
def test_a_pause_shuts_the_mouth(pause_s: float) -> None:
    performance = perform(built([("ɑ", 0.2), ("", pause_s), ("ɑ", 0.2)]))

    middle = frame_of(0.2 + pause_s / 2)
    assert gap(performance)[middle] < 0.03


@settings(deadline=None, max_examples=20)
@given(phones=strings, seed=st.integers(0, 1000))
def test_twice_the_rate_is_the_same_movement(
    phones: list[tuple[str, float, int]], seed: int
) -> None:
    """A frame at 25 lies in the middle of two frames at 50."""
    speech = built(phones)

    slow = perform(speech, rate=Fraction(25), seed=seed)
    quick = perform(speech, rate=Fraction(50), seed=seed)

    count = min(len(slow.shapes), len(quick.shapes) // 2)
    between = (quick.shapes[0 : 2 * count : 2] + quick.shapes[1 : 2 * count : 2]) / 2
    jaw = [SHAPE["jawOpen"], SHAPE["mouthPucker"], SHAPE["browInnerUp"]]
    assert np.abs(slow.shapes[:count, jaw] - between[:, jaw]).max() < 0.05
    heads = (quick.head[0 : 2 * count : 2] + quick.head[1 : 2 * count : 2]) / 2
    assert np.abs(slow.head[:count] - heads).max() < 0.05


def test_louder_speech_opens_wider() -> None:
    """The second ah is twice as loud as the first, the usual vowel lies between."""
    loud, soft = built([("ɑ", 0.2)], level=0.2), built([("ɑ", 0.2)], level=0.05)
    pause = built([("", 0.5)])
    usual = built([("ɛ", 0.2)], level=0.1)
    parts = [soft, pause, usual, pause, loud]
    sound = np.concatenate([part.sound.samples for part in parts])
    speech = built([("ɑ", 0.2), ("", 0.5), ("ɛ", 0.2), ("", 0.5), ("ɑ", 0.2)])
    speech.sound.samples.flags.writeable = True
    speech.sound.samples[:] = sound

    jaw = at(perform(speech), "jawOpen")

    assert jaw[frame_of(1.4) :].max() > 1.1 * jaw[: frame_of(0.4)].max()


def test_quick_speech_undershoots() -> None:
    slow = built([("s", 0.12), ("ɑ", 0.24), ("s", 0.12), ("ɑ", 0.24), ("s", 0.12)])
    quick = built([("s", 0.05), ("ɑ", 0.08), ("s", 0.05), ("ɑ", 0.08), ("s", 0.05)])

    assert at(perform(quick), "jawOpen").max() < 0.8 * at(perform(slow), "jawOpen").max()


def test_lips_round_before_the_sound() -> None:
    """In "a stew" the lips protrude while s and t are still heard."""
    rate = Fraction(100)
    speech = built([("ə", 0.1), ("s", 0.12), ("t", 0.06), ("u", 0.2)])

    pucker = at(perform(speech, rate=rate), "mouthPucker")

    assert pucker[frame_of(0.26, rate)] > 0.3 * pucker.max()
    assert pucker[frame_of(0.02, rate)] < 0.5 * pucker[frame_of(0.26, rate)]


def test_f_and_v_bring_the_lower_lip_to_the_teeth() -> None:
    performance = perform(built([("ɑ", 0.2), ("f", 0.1), ("ɑ", 0.2)]))

    frame = frame_of(0.25)
    assert at(performance, "mouthRollLower")[frame] > 0.4
    assert at(performance, "mouthUpperUpLeft")[frame] > 0.15
    assert at(performance, "mouthLowerDownLeft")[frame] < 0.05


def test_s_closes_the_teeth_and_parts_the_lips() -> None:
    performance = perform(built([("ɑ", 0.2), ("s", 0.14), ("ɑ", 0.2)]))

    frame = frame_of(0.27)
    assert at(performance, "jawOpen")[frame] < 0.4 * at(performance, "jawOpen").max()
    assert at(performance, "mouthLowerDownLeft")[frame] > 0.15


def test_a_mouth_is_slightly_lopsided_and_a_seed_chooses_how() -> None:
    speech = sentence()

    one, other = perform(speech, seed=1), perform(speech, seed=2)

    for performance in (one, other):
        left, right = at(performance, "mouthLowerDownLeft"), at(performance, "mouthLowerDownRight")
        assert 0 < np.abs(left - right).max() < 0.2 * left.max()
    assert np.abs(at(one, "mouthPressLeft") - at(other, "mouthPressLeft")).max() > 0


def test_a_film_lasts_lead_speech_and_tail_in_whole_frames() -> None:
    speech = built([("ɑ", 1.001)])

    performance = perform(speech, rate=Fraction(30000, 1001), lead_s=0.4, tail_s=0.8)

    assert performance.frames == 12 + 30 + 24
    assert lead_frames(Fraction(30000, 1001), 0.4) == 12
