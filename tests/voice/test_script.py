"""Texts become lines, or a message that says what would do."""

from __future__ import annotations

import contextlib
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vivant.errors import InputError
from vivant.voice.engines.hibari import HibariVoice
from vivant.voice.english import fill_in
from vivant.voice.script import LONGEST_CHARACTERS, PARAGRAPH_PAUSE_S, Script, read_script
from vivant.voice.sentences import LONGEST_LINE, cut_sentences, shorten, word_ends


def read(text: str, language: str = "en-US") -> Script:
    return read_script(text, language=language, traits=HibariVoice.traits)


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("One. Two! Three?", 3),
        ("Dr. Smith met Mrs. Jones at St. Mary's.", 1),
        ("Born Dec. 9, see No. 5 and p. 12 of it.", 1),
        ("J. K. Rowling and the U.S. Navy.", 1),
        ("He left at 5 p.m. She stayed.", 2),
        ("Wait... what? Yes.", 2),
        ("“Go.” He went.", 2),
        ("It cost 3.50, i.e. a lot.", 1),
        ("— … !", 0),
    ],
)
def test_sentences_are_cut_where_they_end(text: str, sentences: int) -> None:
    assert len(cut_sentences(text)) == sentences


@given(st.text(alphabet="ab .,!?;D rMs5", max_size=900))
def test_cutting_loses_no_letter_and_no_order(text: str) -> None:
    row = " ".join(text.split())
    parts = [part for sentence in cut_sentences(row) for part in shorten(sentence)]

    assert "".join(c for part in parts for c in part if c.isalnum()) == "".join(
        c for c in row if c.isalnum()
    )
    assert all(len(part) <= LONGEST_LINE for part in parts)


@given(st.text(alphabet="ab .,!?;Dr", max_size=200))
def test_every_word_is_told_what_ends_with_it(text: str) -> None:
    assert len(word_ends(text.split())) == len(text.split())


@given(st.text(max_size=300))
def test_any_text_becomes_lines_or_a_message(text: str) -> None:
    with contextlib.suppress(InputError):
        script = read(text)

        assert script.lines
        assert all(any(c.isalnum() for c in line.text) for line in script.lines)
        assert unicodedata.is_normalized("NFC", script.text)


def test_a_line_break_is_a_pause_and_an_empty_line_a_longer_one() -> None:
    lines = read("Dear all\nI am here.\n\nGoodbye.").lines

    assert [line.text for line in lines] == ["Dear all", "I am here.", "Goodbye."]
    assert lines[1].pause_s == PARAGRAPH_PAUSE_S > lines[0].pause_s


@pytest.mark.parametrize(
    "text", ["Hi 👋🏽 you", "Hi 👨‍👩‍👧 you", "Hi 🇫🇷 you", "Hi ❤️ you", "Hi 1️⃣ you"]
)
def test_emoji_are_left_out_and_noted(text: str) -> None:
    script = read(text)

    assert script.text == "Hi you"
    assert script.notes[0].startswith("1 emoji")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "empty"),
        (" \n\t ", "empty"),
        ("?! … —", "no word"),
        ("👍👍", "no word"),
        ("word " * 50_000, "250,000 characters"),
        ("مرحبا بالعالم", "Arabic letters, written from right to left"),
        ("I said שלום to her", "1 of its words is in Hebrew"),
        ("Привет, мир", "Cyrillic"),
        ("你好 hello", "Chinese"),
        ("Ich habe das nicht mit dem Hund und der Katze gesehen.", "German"),
        ("Je ne suis pas dans la maison et le chien est avec nous.", "French"),
        ("No me gusta la casa de los perros y el gato que es muy malo.", "Spanish"),
    ],
)
def test_a_text_that_cannot_be_said_is_refused_with_the_reason(text: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        read(text)


def test_a_message_never_repeats_the_text() -> None:
    with pytest.raises(InputError) as caught:
        read("שלום")

    assert "שלום" not in str(caught.value)


def test_a_language_that_the_voice_lacks_is_refused_with_those_it_has() -> None:
    with pytest.raises(InputError, match="speaks en-US, not de-DE"):
        read("Guten Tag.", language="de-DE")


def test_the_longest_text_is_still_read() -> None:
    text = f"M{'m' * 97}. " * (LONGEST_CHARACTERS // 100)

    assert len(read(text).lines) == 2_000


@pytest.mark.parametrize(
    "name", ["José lives in São Paulo.", "Łukasz and Zoë in Malmö.", "A naïve café, 5 µm wide."]
)
def test_latin_letters_with_marks_are_english_enough(name: str) -> None:
    assert read(name).text == name


@pytest.mark.parametrize(
    ("written", "read_out"),
    [
        ("24/7", "twenty-four seven"),
        ("100k people", "100 thousand people"),
        ("5 ₽ and ₴1", "5 rubles and 1 hryvnia"),
        ("30€", "€30"),
        ("me@example.com", "me at example dot com"),
        ("https://www.example.org/a", "example dot org slash a"),
        ("(555) 123-4567", "5 5 5, 1 2 3, 4 5 6 7"),
        ("agent 007", "agent oh oh 7"),
        ("version 1.2.3", "version 1 point 2 point 3"),
        ("7.30 pm", "7:30 pm"),
        ("THIS IS LOUD. STOP!", "This is loud. Stop!"),
        ("NASA and the FBI", "NASA and the FBI"),
        ("3.14 or 1,000.50 or 05/06/2001", "3.14 or 1,000.50 or 05/06/2001"),
    ],
)
def test_what_would_be_misread_is_written_out(written: str, read_out: str) -> None:
    assert fill_in(written) == read_out
