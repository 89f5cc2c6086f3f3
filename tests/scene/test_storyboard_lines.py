"""Several people speak in a shot: their lines are read, counted and named."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vivant.scene.storyboard import (
    Line,
    LineTooLongError,
    ShotPlan,
    Storyboard,
    StoryboardError,
)
from vivant.scene.storyboard_checking import (
    BREATH_S,
    SPACE_AROUND_S,
    TURN_S,
    UNEVEN_S,
    expected_s,
    pauses_of,
)
from vivant.scene.storyboard_reading import parse_storyboard
from vivant.scene.storyboard_terms import TERMS


def parsed(text: str) -> Storyboard:
    return parse_storyboard(text, name="story.yaml", folder=Path())


def with_shot(shot: str) -> str:
    return (
        "vivant: storyboard/1\ntitle: x\ncast:\n  a: {photos: [demo:girl]}\n"
        "  b: {photos: [demo:man-bald], voice: none}\n  c: {voice: hibari}\nshots:\n  - "
        + shot
        + "\n"
    )


def test_several_people_speak_in_a_shot_in_order() -> None:
    text = """{name: talk, action: with-us, who: a, lines: [
      {by: a, say: "I was happy."},
      {by: c, say: "We all were.", after: 1.5 s},
      {by: a, say: "Good."}]}"""

    (shot,) = parsed(with_shot(text)).shots

    assert [(line.by, line.say, line.after_s) for line in shot.lines] == [
        ("a", "I was happy.", None), ("c", "We all were.", 1.5), ("a", "Good.", None)
    ]  # fmt: skip
    assert [line.at_line for line in shot.lines] == [9, 10, 11]
    assert shot.words_at == 9
    assert shot.speakers == ("a", "c")
    assert pauses_of(shot) == (0.0, 1.5, TURN_S + UNEVEN_S[2])


def test_animals_are_given_no_words() -> None:
    text = with_shot("{action: with-us, who: a, lines: [{by: c, say: Miaow}]}")

    with pytest.raises(StoryboardError, match=r"line 8: .* has words for c, which is an animal"):
        parsed(text.replace("c: {voice: hibari}", "c: {pet: yes}"))


def test_the_short_form_is_one_line() -> None:
    (short,) = parsed(with_shot("{action: with-us, who: a, line: Hi, speaker: c}")).shots
    (long,) = parsed(with_shot("{action: with-us, who: a, lines: [{by: c, say: Hi}]}")).shots

    assert short == long


def test_a_shot_of_several_lines_is_expected_to_take_them_all_with_their_pauses() -> None:
    (one,) = parsed(with_shot(f"{{action: with-us, who: a, line: {'wort ' * 20}}}")).shots
    line = "{by: a, say: " + "wort " * 20 + "}"
    (two,) = parsed(with_shot(f"{{action: with-us, who: a, lines: [{line}, {line}]}}")).shots

    one_s, two_s = (expected_s(plan, terms=TERMS) for plan in (one, two))
    assert two_s == pytest.approx(2 * one_s - SPACE_AROUND_S + BREATH_S + UNEVEN_S[1])


def test_names_for_captions_are_those_the_family_uses() -> None:
    story = parsed(
        with_shot("{action: with-us, who: a}").replace("a: {photos", "a: {called: Anna, photos")
    )

    assert [story.name_of(one) for one in ("a", "c", "our-aunt", None)] == [
        "Anna",
        "C",
        "Our aunt",
        "",
    ]


@given(
    length_s=st.integers(8, 600).map(lambda tenths: tenths / 10),
    line_s=st.floats(0.2, 90),
    count=st.integers(2, 5),
)
def test_the_length_that_is_advised_is_the_least_that_fits(
    length_s: float, line_s: float, count: int
) -> None:
    plan = ShotPlan(
        name="word", set="room", look="window", hour="golden", action="speak", length_s=length_s,
        lines=tuple(Line(by="a", say="Be good.", at_line=12 + place) for place in range(count)),
    )  # fmt: skip
    around_s = SPACE_AROUND_S / 2

    told = str(LineTooLongError(plan, name="s.yaml", line_s=line_s, room_s=length_s - around_s))

    assert told.startswith("s.yaml, line 12: ")
    assert f"its {count} lines and the pauses between them" in told
    advised_s = float(told.split("Write length: ")[1].split(",", maxsplit=1)[0])
    assert advised_s >= line_s + around_s - 1e-5
    assert advised_s < line_s + around_s + 0.11
