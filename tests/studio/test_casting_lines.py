"""Lines are laid into their shot: one after the other, each in its speaker's voice and on its speaker's lips."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from speeches import built, sentence
from vivant.media.face import SHAPE
from vivant.performance.curves import Performance
from vivant.performance.prosody import phrases_of
from vivant.places import Places
from vivant.scene.storyboard import (
    CastMember,
    Line,
    LineTooLongError,
    ShotPlan,
    Storyboard,
    StoryboardError,
)
from vivant.scene.storyboard_checking import pauses_of
from vivant.studio.casting_lines import Part, on_film_clock, part_of, parts_of
from vivant.testing.standins import ToneVoice
from vivant.voice.joining import joined
from vivant.voice.speech import Speech

RATE = Fraction(25)
FIRST, SECOND, THIRD = (sentence(times=count, pause_s=0.3) for count in (2, 1, 1))


def a_plan(*lines: Line, who: tuple[str, ...] = ("anna", "ben"), length_s: float | None = None) -> ShotPlan:  # fmt: skip
    return ShotPlan(
        name="talk", set="room", look="window", hour="golden", action="speak", who=who, lines=lines,
        length_s=length_s,
    )  # fmt: skip


def a_board(plan: ShotPlan) -> Storyboard:
    cast = {"anna": CastMember(called="Anna"), "ben": CastMember(), "teller": CastMember()}
    return Storyboard(title="Talk", cast=cast, shots=(plan,), seed=3)


def laid(plan: ShotPlan, *speeches: Speech) -> Part:
    return part_of(a_board(plan), plan, speeches, rate=RATE, seed=5)


def say(by: str, after_s: float | None = None) -> Line:
    return Line(by=by, say="My mother baked a few warm apple pies.", after_s=after_s)


def jaw(performance: Performance) -> np.ndarray:
    return performance.shapes[:, SHAPE["jawOpen"]]


def test_people_take_turns_with_a_pause_that_is_heard() -> None:
    part = laid(a_plan(say("anna"), say("ben"), say("ben"), say("anna", 1.5)), FIRST, SECOND, THIRD, SECOND)  # fmt: skip

    pauses_s = [
        later.phrases[0].first_s - earlier.phrases[-1].last_s
        for earlier, later in pairwise(part.sayings)
    ]
    assert pauses_s == pytest.approx(pauses_of(part.plan)[1:], abs=1 / 25 + 1e-6)
    assert all(0.3 <= one <= 0.65 for one in pauses_of(part.plan)[1:3])
    assert all(earlier.last <= later.first for earlier, later in pairwise(part.sayings))
    assert [one.speaker for one in part.sayings] == ["anna", "ben", "ben", "anna"]


def test_everybodys_lips_move_to_their_own_words_alone() -> None:
    part = laid(a_plan(say("anna"), say("ben"), say("anna"), say("teller")), FIRST, SECOND, THIRD, SECOND)  # fmt: skip

    assert part.lips == {"anna", "ben"}
    for name in ("anna", "ben"):
        opens = jaw(part.performances[name])
        speaking = np.zeros(part.frames, bool)
        for one in part.sayings:
            if one.speaker == name:
                speaking[max(0, one.first - 3) : one.last + 8] = True
                assert opens[one.first : one.last].max() > 0.1
        assert opens[~speaking].max() < 0.02
        assert part.performances[name].frames == part.frames


def test_one_line_is_laid_as_it_was() -> None:
    """A line alone begins where it always did, and nothing is joined to it."""
    part = laid(a_plan(say("anna"), who=("anna",)), FIRST)

    seconds = FIRST.sound.seconds + 1.2
    assert part.frames == round(Fraction(str(round(seconds, 3))) * RATE)
    assert part.said[0].starts == 12
    assert joined([(Fraction(0), FIRST)]) is FIRST


def test_a_shot_without_a_length_holds_all_its_lines() -> None:
    one, two = laid(a_plan(say("anna")), FIRST), laid(a_plan(say("anna"), say("ben")), FIRST, FIRST)

    assert two.frames > one.frames + FIRST.sound.seconds * 25 - 10
    assert two.sayings[-1].last < two.frames


def test_the_first_line_waits_as_long_as_is_written() -> None:
    part = laid(a_plan(say("anna", 3.0)), FIRST)

    assert part.said[0].starts == 75
    assert part.frames >= 75 + FIRST.sound.seconds * 25


def test_lines_that_do_not_fit_are_told_with_the_length_that_they_need() -> None:
    plan = a_plan(say("anna"), say("ben"), length_s=3.0)

    with pytest.raises(LineTooLongError) as refused:
        laid(plan, FIRST, SECOND)

    needed_s = float(str(refused.value).split("Write length: ")[1].split(",")[0])
    fits = laid(a_plan(say("anna"), say("ben"), length_s=needed_s), FIRST, SECOND)
    assert fits.frames == round(needed_s * 25)


def test_before_anybody_has_spoken_turns_are_guessed_for_stills() -> None:
    part = laid(a_plan(say("anna"), say("ben"), say("teller"), length_s=9.0))

    assert [one.speaker for one in part.sayings] == ["anna", "ben", "teller"]
    assert all(0 <= one.first < one.last <= part.frames for one in part.sayings)
    assert part.said == ()


@given(
    by=st.lists(st.sampled_from(["anna", "ben", "teller"]), min_size=1, max_size=5),
    pauses=st.lists(st.none() | st.floats(0, 3), min_size=5, max_size=5),
    rate=st.sampled_from([Fraction(24), Fraction(30000, 1001), Fraction(12)]),
)
@settings(max_examples=20, deadline=None)
def test_whoever_says_whatever_nobody_is_cut_or_talked_over(
    by: list[str], pauses: list[float | None], rate: Fraction
) -> None:
    lines = [say(name, pause_s) for name, pause_s in zip(by, pauses, strict=False)]
    plan = a_plan(*lines)

    part = part_of(a_board(plan), plan, [SECOND] * len(lines), rate=rate, seed=1)

    assert all(one.last <= part.frames for one in part.sayings)
    assert all(earlier.last <= later.first + 2 for earlier, later in pairwise(part.sayings))
    assert {name: one.frames for name, one in part.performances.items()} == dict.fromkeys(plan.who, part.frames)  # fmt: skip


def test_joined_speech_says_everything_when_it_was_said() -> None:
    whole = joined([(Fraction(0), FIRST), (Fraction(8), SECOND)])

    hz = FIRST.sound.sample_rate_hz
    assert len(whole.sound.samples) == 8 * hz + len(SECOND.sound.samples)
    assert np.array_equal(whole.sound.samples[8 * hz :], SECOND.sound.samples)
    assert whole.phones[0].first == 0
    assert whole.phones[-1].last == len(whole.sound.samples)
    assert all(a.last == b.first for a, b in pairwise(whole.phones))
    assert [one for one in phrases_of(whole) if one.first_s > 7.9] == [
        type(one)(first_s=one.first_s + 8, last_s=one.last_s + 8) for one in phrases_of(SECOND)
    ]


def test_silence_around_words_may_overlap() -> None:
    quiet = built([("", 0.5), ("ɑ", 0.5), ("", 0.5)])

    whole = joined([(Fraction(0), quiet), (Fraction(1), quiet)])

    assert all(a.last == b.first for a, b in pairwise(whole.phones))
    assert [phone.symbol for phone in whole.phones].count("ɑ") == 2


def test_only_a_lone_face_is_measured_for_its_lips() -> None:
    alone = laid(a_plan(say("anna"), say("teller"), who=("anna",)), FIRST, SECOND)
    together = laid(a_plan(say("anna"), say("ben")), FIRST, SECOND)
    frames = alone.frames + together.frames

    heard = on_film_clock({0: alone, alone.frames: together}, frames=frames, rate=RATE)

    assert heard is not None
    spoken = [phone for phone in heard.phones if phone.symbol]
    assert len(spoken) == sum(bool(phone.symbol) for phone in FIRST.phones)
    assert on_film_clock({0: together}, frames=together.frames, rate=RATE) is None


@pytest.fixture
def places(tmp_path: Path) -> Places:
    return Places(data=tmp_path / "data", cache=tmp_path / "cache")


def test_a_line_that_cannot_be_said_is_named_with_its_own_place(places: Places) -> None:
    plan = a_plan(
        Line(by="anna", say="Thank you.", at_line=12), Line(by="ben", say="Good.", at_line=13)
    )
    board = Storyboard(
        title="Talk", cast={"anna": CastMember(), "ben": CastMember(voice="none")}, shots=(plan,), name="s.yaml"
    )  # fmt: skip

    with pytest.raises(StoryboardError, match="line 13: shot talk has a line"):
        parts_of(board, rate=RATE, engine=ToneVoice(), places=places)
