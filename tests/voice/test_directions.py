"""Directions are followed, and a script that cannot be followed says where and why."""

from __future__ import annotations

import contextlib
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vivant.errors import InputError
from vivant.voice.directions import (
    MARK,
    PAUSE_S,
    Begin,
    End,
    Pause,
    Sounds,
    escape,
    read_directions,
)
from vivant.voice.engines.hibari import HibariVoice
from vivant.voice.script import PHRASE_PAUSE_S, Act, Script, read_script

WRITTEN = st.text(alphabet="ab *[]\\/|.,\nsmilefotrpause12", max_size=120)


def read(text: str) -> Script:
    return read_script(text, language="en-US", traits=HibariVoice.traits)


def directed(text: str) -> list[tuple[str, float, float]]:
    return [(line.text, line.rate, line.pause_s) for line in read(text).lines]


@pytest.mark.parametrize(
    ("written", "seconds"),
    [
        ("[pause]", PAUSE_S),
        ("[pause 1.5s]", 1.5),
        ("[Pause 1,5 s]", 1.5),
        ("[pause 800ms]", 0.8),
        ("[ pause 2 seconds ]", 2.0),
        ("[pause .5s]", 0.5),
    ],
)
def test_a_pause_lasts_as_long_as_it_says(written: str, seconds: float) -> None:
    line = read(f"Wait {written} for me.").lines[0]

    assert (line.text, line.said) == ("Wait", "Wait,")
    assert line.pause_s == pytest.approx(seconds)
    assert line.pause_asked


def test_a_pause_between_sentences_takes_the_place_of_the_usual_one() -> None:
    first, second = read("Wait. [pause 2s] Go.").lines

    assert (first.pause_s, first.ends) == (2.0, "sentence")
    assert not second.pause_asked


def test_pauses_in_a_row_add_up_and_one_before_all_is_the_lead() -> None:
    script = read("[pause 1s]\nOne.\n[pause 1s]\n\n[pause 0.5s] Two.")

    assert script.lead_s == 1.0
    assert script.lines[0].pause_s == 1.5


def test_another_pace_in_a_sentence_makes_a_line_without_a_seam() -> None:
    lines = read("He had always [slower]truly loved it[/slower] by the sea.").lines

    assert [line.text for line in lines] == ["He had always", "truly loved it", "by the sea."]
    assert [line.rate < 1 for line in lines] == [False, True, False]
    assert [line.pause_s for line in lines[:2]] == [0.0, 0.0]
    assert [line.said for line in lines] == ["He had always,", "truly loved it,", "by the sea."]
    assert [line.ends for line in lines] == ["", "", "sentence"]


@pytest.mark.parametrize(
    ("text", "slow"),
    [
        ("I [slower]truly mean[/slower] it.", ["I truly mean it."]),
        (
            "When I was young, I [slower]loved that house[/slower] by the sea.",
            ["I loved that house"],
        ),
        ("Well, [slower]off we go[/slower], you all.", ["off we go,"]),
        ("Go. He [slower]was old.[/slower] So it is.", ["He was old."]),
        ("Wait [pause] [slower]and see[/slower] [pause] there.", ["and see"]),
    ],
)
def test_a_word_or_two_beside_another_pace_go_along_with_it(text: str, slow: list[str]) -> None:
    assert [line.text for line in read(text).lines if line.rate < 1] == slow


def test_a_comma_where_the_pace_changes_keeps_its_pause() -> None:
    first, _ = read("Well, [faster]off we go![/faster]").lines

    assert (first.said, first.ends, first.pause_s) == ("Well,", "phrase", PHRASE_PAUSE_S)


def test_a_way_of_acting_stays_inside_its_line() -> None:
    (line,) = read("Do [softer]not *ever*[/softer] go [smile]away[/smile].").lines

    assert line.text == "Do not ever go away."
    assert line.acts == (
        Act(kind="soft", first=1, last=3),
        Act(kind="emphasis", first=2, last=3),
        Act(kind="smile", first=4, last=5),
    )
    assert line.emphasis == frozenset({2})


def test_a_way_of_acting_goes_on_over_sentences_and_paragraphs() -> None:
    lines = read("[smile]One.\nTwo.\n\nThree[/smile] four.").lines

    assert [[(a.first, a.last) for a in line.acts] for line in lines] == [
        [(0, 1)],
        [(0, 1)],
        [(0, 1)],
    ]


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("5 * 3 and a * b", "5 * 3 and a * b"),
        (r"\*not weighty\*", "*not weighty*"),
        ("a*b*c", "a*b*c"),
        ("*", "*"),
        (r"\[laughs\] she said", "[laughs] she said"),
        (r"C:\temp and a\\b", r"C:\temp and a\b"),
        ("*a b*, (*c*) “*d*”", "a b, (c) “d”"),
        ("**very** good", "very good"),
    ],
)
def test_signs_that_direct_nothing_are_read_as_they_are(written: str, shown: str) -> None:
    assert read(f"So {written} x").text == f"So {shown} x"


def test_a_bracket_is_shown_as_it_is_and_said_as_a_round_one() -> None:
    (line,) = read(r"He \[the elder\] left.").lines

    assert line.text == "He [the elder] left."
    assert line.said == "He (the elder) left."


def test_a_pronunciation_is_given_to_its_words() -> None:
    (line,) = read(
        "In [Leicester|LES-ter] with [Nguyễn Wu|/ˈnwɪn wu/] and the [BBC|bee bee see]."
    ).lines

    assert line.text == "In Leicester with Nguyễn Wu and the BBC."
    assert line.spoken_as == ("", "ˈlɛstɚ", "", "ˈnwɪn", "ˈwu", "", "", "ˈbi ˈbi ˈsi")


@pytest.mark.parametrize(
    ("ending", "ipa"),
    [("'s", "ˈlɛstɚz"), ("’s,", "ˈlɛstɚz"), (",", "ˈlɛstɚ"), ("s'", "ˈlɛstɚz"), (".”", "ˈlɛstɚ")],
)
def test_an_ending_behind_the_bracket_is_spoken_too(ending: str, ipa: str) -> None:
    assert read(f"“[Leicester|LES-ter]{ending} yes").lines[0].spoken_as[0] == ipa


@pytest.mark.parametrize(
    ("written", "message"),
    [
        (
            "One.\nTwo [laughs] three",
            r"Line 2, character 5: square brackets hold no direction.*\[slower\].*a backslash before",
        ),
        ("[slow]x[/slow]", r"character 1: .*\[slower\] is one"),
        ("[smiel]x", r"\[smile\] is one"),
        ("[slower]x", r"character 1: \[slower\] is never ended. Write \[/slower\]"),
        ("ab[/smile]", r"character 3: \[/smile\] ends what was never begun"),
        (
            "[smile]a [smile]b",
            r"character 10: \[smile\] stands inside the \[smile\] of line 1, character 1",
        ),
        ("[slower]a [faster]b", r"inside the \[slower\].*End that first with \[/slower\]"),
        ("a [pause\nb", r"character 3: a square bracket is opened and not closed"),
        ("a ] b", r"character 3: a square bracket is closed that was never opened"),
        ("[pause 5m]", "says neither"),
        ("[pause 300s]", "a pause of 300 seconds; it may last 0.05 to 60"),
        ("[a b|ay]", "2 words are written and 1 are spoken"),
        ("[a|]", "the pronunciation is empty"),
        ("[a|/ab@/]", r"sign 3 .*U\+0040"),
        ("[a|/ab]", "slash at one end"),
        ("[a|kr]", "no vowel"),
        ("[a|été]", r"U\+00E9"),
        ("[|ay]", "no word stands before"),
        ("[Lei|LAY]cester", "line 1, character 1: a pronunciation is given to a part of a word"),
        ("<break time='1s'/> x", "SSML is not read here"),
    ],
)
def test_what_cannot_be_followed_is_refused_with_its_place(written: str, message: str) -> None:
    with pytest.raises(InputError, match=re.compile(message, re.IGNORECASE | re.DOTALL)):
        read(written)


def test_a_message_never_repeats_the_script() -> None:
    with pytest.raises(InputError) as caught:
        read("She said [xylophone] and went.")

    assert "xylophone" not in str(caught.value)
    assert "said" not in str(caught.value)


@given(st.text(max_size=200))
def test_what_is_escaped_reads_back_as_it_was(text: str) -> None:
    marked = read_directions(escape(text.replace("<", "")))

    assert marked.marks == ()
    assert marked.text == text.replace("<", "").replace("\r\n", "\n").replace("\r", "\n").replace(
        MARK, " "
    )


@given(WRITTEN)
def test_any_script_is_followed_or_refused(text: str) -> None:
    with contextlib.suppress(InputError):
        marked = read_directions(text)

        begun = [mark.span for mark in marked.marks if isinstance(mark, Begin)]
        ended = [mark.span for mark in marked.marks if isinstance(mark, End)]
        assert marked.text.count(MARK) == len(marked.marks)
        assert sorted(begun) == sorted(ended)


@given(
    st.lists(
        st.sampled_from(
            ["one", "two,", "three.", "4", "[pause]", "*five*", "[smile]six[/smile]", "[slower]s e[/slower]",
             "[softer]seven. Eight[/softer]", "[nine|NINE]", "—", "\n", "\n\n", "[faster]", "[/faster]"]
        ),
        max_size=30,
    )
)  # fmt: skip
def test_every_word_is_spoken_once_and_in_order(pieces: list[str]) -> None:
    text = " ".join(pieces)
    with contextlib.suppress(InputError):
        script = read(text)

        said = "".join(c for line in script.lines for c in line.said if c.isalnum())
        assert said == "".join(c for c in script.text if c.isalnum())
        for line in script.lines:
            words = line.text.split()
            assert len(line.said.split()) == len(words)
            assert len(line.spoken_as) in {0, len(words)}
            assert all(0 <= act.first < act.last <= len(words) for act in line.acts)


def test_marks_stand_in_the_order_of_the_text() -> None:
    marks = read_directions("[pause] *a* [b|bee]").marks

    assert [type(mark) for mark in marks[:4]] == [Pause, Begin, End, Sounds]
