"""Words of farewell pass; claims of presence, promises, sales and the rest do not."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from farewells import BAD, BAD_TITLES, GOOD, GOOD_TITLES
from farewells_of_pretence import PLAIN, PRETENDING
from vivant.provenance.words import INSTEAD, WHY, languages, read_words
from vivant.provenance.words_rules_more import RULES
from vivant.scene.storyboard_reading import parse_storyboard
from vivant.scene.words_card import SENTENCES, made_with_ai
from vivant.scene.words_story import UndignifiedWordsError, insist_on_dignity, words_of

STORY = """vivant: storyboard/1
title: Farewell
language: LANGUAGE
cast:
  anna: {photos: [demo:girl], in_memory: yes}
  ben: {photos: [demo:man-bald]}
shots:
  - {name: one, action: with-us, who: anna, line: "ANNA"}
  - {name: two, action: with-us, who: ben, line: "BEN"}
titles:
  - {text: "TITLE", over: end}
"""


def story(
    *, anna: str = "Thank you.", ben: str = "Hello.", title: str = "Anna", language: str = "en"
) -> str:
    return (
        STORY.replace("ANNA", anna)
        .replace("BEN", ben)
        .replace("TITLE", title)
        .replace("LANGUAGE", language)
    )


def reasons(
    text: str, language: str = "en", *, in_memory: bool = True, title: bool = False
) -> set[str]:
    reading = read_words(text, language=language, in_memory=in_memory, memorial=True, title=title)
    return {one.kind for one in reading.findings}


@pytest.mark.parametrize("language", sorted(GOOD))
def test_ordinary_farewells_pass(language: str) -> None:
    assert {text: found for text in GOOD[language] if (found := reasons(text, language))} == {}


@pytest.mark.parametrize("language", sorted(BAD))
def test_what_must_not_be_said_is_found_with_its_reason(language: str) -> None:
    assert [text for text, why in BAD[language] if why not in reasons(text, language)] == []


@pytest.mark.parametrize("language", sorted(PRETENDING))
def test_nobody_pretends_to_somebody_who_does_not_know(language: str) -> None:
    missed = [one for one in PRETENDING[language] if "deception" not in reasons(one, language)]
    assert missed == []
    assert {one: why for one in PLAIN[language] if (why := reasons(one, language))} == {}


def test_the_rules_cover_what_they_claim() -> None:
    assert sum(map(len, GOOD.values())) >= 60
    assert sum(map(len, BAD.values())) >= 60
    assert set(GOOD) == set(BAD) == set(languages()) == set(SENTENCES)
    found = {why for sentences in BAD.values() for _, why in sentences}
    assert found | {"deception"} == set(WHY) == set(INSTEAD)
    assert set(PRETENDING) == set(PLAIN) == set(languages())
    assert all(
        all(isinstance(one, tuple) for one in rules.kinds.values()) for rules in RULES.values()
    )


def test_titles_may_not_claim_presence_for_others() -> None:
    assert [text for language, text in GOOD_TITLES if reasons(text, language, title=True)] == []
    assert [text for language, text in BAD_TITLES if not reasons(text, language, title=True)] == []


@pytest.mark.parametrize(
    "text",
    ["I AM STILL HERE.", "I’m still here", "I‘m  still\nhere", "Im still here", "I am s\u200btill here", "I am *still* [slower]here[/slower]",
     "Ｉ ａｍ ｓｔｉｌｌ ｈｅｒｅ", "I am still [here|HEER]"],
)  # fmt: skip
def test_case_apostrophes_directions_and_hidden_signs_make_no_difference(text: str) -> None:
    assert reasons(text) == {"here"}


def test_accents_make_no_difference() -> None:
    assert reasons("A demain, je veille sur vous", "fr") == reasons(
        "À demain, je veille sur vous", "fr"
    )


def test_a_finding_shows_the_words_as_they_were_written_and_an_alternative() -> None:
    (one,) = read_words("My dears, I’m  STILL here!", language="en-GB", in_memory=True).findings

    assert one.words == "I’m STILL here"
    assert one.first == 10
    assert one.why == WHY["here"]
    assert "hearts" in one.instead


def test_what_was_said_in_life_may_be_quoted_but_only_as_such() -> None:
    assert reasons('She used to say: "See you tomorrow!"') == set()
    assert reasons('"See you tomorrow!"') == {"meeting"}
    assert reasons('He always said: "Buy now!"') == {"selling"}


def test_a_heart_may_hold_what_a_room_may_not() -> None:
    assert reasons("I am always with you in your hearts.") == set()
    assert reasons("I am always with you.") == {"here"}


def test_the_living_say_what_they_like_but_sell_nothing_in_a_memorial() -> None:
    assert reasons("I am still here. See you tomorrow.", in_memory=False) == set()
    assert reasons("Order now, 20% off!", in_memory=False) == {"selling"}
    assert read_words("Order now!", language="en", in_memory=False, memorial=False).ok


def test_a_language_without_rules_is_left_to_a_person_and_says_so() -> None:
    reading = read_words("Jag är kvar hos er.", language="sv", in_memory=True)

    assert reading.ok
    assert "a person must read" in reading.needs_eyes
    assert not read_words("Hello", language="sv", in_memory=False).needs_eyes


def test_the_letters_choose_the_rules_where_the_language_is_wrong() -> None:
    assert reasons("我会回来的。", "en") == {"returning"}
    assert reasons("Я вернусь.", "de") == {"returning"}
    assert reasons("I am still here.", "sv") == {"here"}


@given(text=st.text(max_size=300), language=st.sampled_from([*languages(), "sv", ""]))
def test_any_text_can_be_read(text: str, language: str) -> None:
    for one in read_words(text, language=language, in_memory=True, title=True).findings:
        assert 0 <= one.first < len(text) * 4
        assert one.words


def test_a_storyboard_with_such_words_is_refused_without_repeating_them() -> None:
    board = parse_storyboard(
        story(anna="I am still here.", ben="I am still here.", title="She is still with us"),
        name="s.yaml",
        folder=Path(),
    )

    with pytest.raises(UndignifiedWordsError) as caught:
        insist_on_dignity(board)

    told = str(caught.value)
    assert "s.yaml, line 8: shot one says that the person is here now" in told
    assert "shot two" not in told
    assert "a title says" in told
    assert "still" not in told


def test_all_words_of_a_storyboard_are_read() -> None:
    board = parse_storyboard(story(language="sv"), name="s.yaml", folder=Path())

    said = words_of(board)

    assert [one.where for one in said] == ["the film's title", "a title", "shot one", "shot two"]
    assert [bool(one.reading.needs_eyes) for one in said] == [True, True, True, True]


def test_each_line_of_a_shot_is_held_to_the_rules_of_who_says_it() -> None:
    lines = """lines: [
      {by: ben, say: "I am watching over you from here every day."},
      {by: anna, say: "I am still alive."},
      {by: anna, say: "Thank you."}]}"""
    text = story().replace('line: "Thank you."}', lines)
    board = parse_storyboard(text, name="s.yaml", folder=Path())

    said = [one for one in words_of(board) if one.shot == "one"]

    assert [one.where for one in said] == [f"line {count} of shot one" for count in (1, 2, 3)]
    assert [one.at_line for one in said] == [9, 10, 11]
    assert [one.reading.ok for one in said] == [True, False, True]
    with pytest.raises(UndignifiedWordsError, match=r"s\.yaml, line 10: line 2 of shot one"):
        insist_on_dignity(board)


def test_a_recording_without_its_words_must_be_heard_by_a_person(tmp_path: Path) -> None:
    (tmp_path / "voice.wav").write_bytes(b"sound")
    text = story().replace('line: "Thank you."', "audio: voice.wav")

    (one,) = [
        one
        for one in words_of(parse_storyboard(text, name="s.yaml", folder=tmp_path))
        if one.where == "shot one"
    ]

    assert "listen" in one.reading.needs_eyes


def test_the_opening_sentence_names_ai_in_every_language() -> None:
    for language, sentence in SENTENCES.items():
        assert made_with_ai(f"{language}-XX") == sentence
        assert any(sign in sentence for sign in ("AI", "KI", "IA", "ИИ", "ШІ", "الاصطناعي"))
    assert made_with_ai("zh-TW") != made_with_ai("zh")
    assert made_with_ai("xx") == SENTENCES["en"]


def test_such_sentences_themselves_pass() -> None:
    for language, sentence in SENTENCES.items():
        assert read_words(sentence, language=language, in_memory=True, title=True).ok
