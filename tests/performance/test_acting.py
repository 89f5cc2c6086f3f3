"""The face follows the directions of a script."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import Literal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from speeches import HZ, sentence
from vivant.media.face import SHAPE
from vivant.performance.acting import EASE_S
from vivant.performance.curves import HEAD, Performance
from vivant.performance.performing import closure_frames, lead_frames, perform
from vivant.voice.speech import Direction, Speech

RATE = Fraction(50)
PLAIN = sentence(times=3)


def directed(kind: Literal["smile", "soft", "emphasis"], first_s: float, last_s: float) -> Speech:
    one = Direction(kind=kind, first=round(first_s * HZ), last=round(last_s * HZ))
    return replace(PLAIN, directions=(one,))


def at(performance: Performance, name: str) -> np.ndarray:
    return performance.shapes[:, SHAPE[name]].astype(float)


def frames(first_s: float, last_s: float) -> slice:
    lead = lead_frames(RATE, 0.4)
    return slice(lead + round(first_s * RATE), lead + round(last_s * RATE))


def test_a_smile_is_seen_where_it_is_asked_for_and_nowhere_else() -> None:
    plain, smiling = perform(PLAIN, rate=RATE), perform(directed("smile", 2.5, 5.0), rate=RATE)

    wider = at(smiling, "mouthSmileLeft") - at(plain, "mouthSmileLeft")

    assert wider[frames(2.5 + EASE_S, 5.0 - EASE_S)].mean() > 0.15
    assert np.all(wider[: frames(2.5 - EASE_S, 3.0).start] == 0.0)
    assert np.all(wider[frames(5.0 + EASE_S, 6.0).start :] == 0.0)


def test_a_smile_comes_and_goes_without_a_jump() -> None:
    plain, smiling = perform(PLAIN, rate=RATE), perform(directed("smile", 2.5, 5.0), rate=RATE)

    fastest = [np.abs(np.diff(at(one, "mouthSmileLeft"))).max() for one in (plain, smiling)]

    assert fastest[1] < fastest[0] + 0.06


def test_a_smile_is_kept_between_two_sentences() -> None:
    both = tuple(
        Direction(kind="smile", first=first, last=first + HZ) for first in (HZ, round(2.6 * HZ))
    )
    plain, smiling = perform(PLAIN, rate=RATE), perform(replace(PLAIN, directions=both), rate=RATE)

    wider = at(smiling, "cheekSquintLeft") - at(plain, "cheekSquintLeft")

    assert wider[frames(1.2, 3.4)].min() > 0.9 * wider.max()


def test_the_lips_meet_in_a_smile_too_and_smile_less_there() -> None:
    speech = directed("smile", 0.0, 6.0)
    performance = perform(speech, rate=RATE)
    plain = perform(PLAIN, rate=RATE)
    apart = at(performance, "jawOpen") - at(performance, "mouthClose")
    wider = at(performance, "mouthSmileLeft") - at(plain, "mouthSmileLeft")

    closures = closure_frames(speech, rate=RATE)
    middles = [(first + last) // 2 for first, last in closures]

    assert all(apart[first:last].min() < 0.02 for first, last in closures)
    assert np.mean(wider[middles]) < np.mean(wider[frames(0.5, 5.5)])


def test_what_is_soft_moves_head_and_brows_less() -> None:
    plain, soft = perform(PLAIN, rate=RATE), perform(directed("soft", 0.0, 7.0), rate=RATE)
    while_soft = frames(0.5, 5.5)

    assert (
        np.abs(soft.head[while_soft, :3]).mean() < 0.8 * np.abs(plain.head[while_soft, :3]).mean()
    )
    assert (
        at(soft, "browOuterUpLeft")[while_soft].mean()
        < at(plain, "browOuterUpLeft")[while_soft].mean()
    )


@pytest.mark.parametrize("seed", range(4))
def test_a_weighty_word_lifts_the_brows_and_brings_a_nod(seed: int) -> None:
    plain = perform(PLAIN, rate=RATE, seed=seed)
    weighty = perform(directed("emphasis", 2.45, 2.9), rate=RATE, seed=seed)
    around = frames(2.3, 3.3)

    raised = at(weighty, "browInnerUp")[around] - at(plain, "browInnerUp")[around]
    nod = (weighty.head - plain.head)[around, HEAD.index("pitch_deg")]

    assert raised.max() > 0.1
    assert nod.max() > 0.5


def test_without_directions_nothing_changes() -> None:
    plain, none = perform(PLAIN, rate=RATE), perform(replace(PLAIN, directions=()), rate=RATE)

    assert np.array_equal(plain.shapes, none.shapes)


@settings(deadline=None, max_examples=15)
@given(
    spans=st.lists(
        st.tuples(
            st.sampled_from(["smile", "soft", "emphasis"]),
            st.integers(0, 6 * HZ),
            st.integers(1, 3 * HZ),
        ),
        max_size=5,
    )
)
def test_any_directions_keep_the_face_within_its_bounds(
    spans: list[tuple[Literal["smile", "soft", "emphasis"], int, int]],
) -> None:
    directions = tuple(
        Direction(kind=kind, first=first, last=first + count)
        for kind, first, count in sorted(spans)
    )

    performance = perform(replace(PLAIN, directions=directions), rate=RATE)

    assert performance.shapes.min() >= 0.0
    assert performance.shapes.max() <= 1.0
    assert np.abs(performance.head[:, HEAD.index("pitch_deg")]).max() <= 4.0
