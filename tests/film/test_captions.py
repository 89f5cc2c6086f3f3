"""Subtitles say what is said, when it is said."""

from __future__ import annotations

import itertools
import re
from dataclasses import replace
from fractions import Fraction

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from vivant.film.captions import (
    LINE_CHARACTERS,
    MOST_LINES,
    Spoken,
    cues_from,
    cues_of_film,
    srt_of,
    to_srt,
    to_webvtt,
    webvtt_of,
)
from vivant.media.sound import Sound
from vivant.voice.speech import Speech, Word


def speech_of(words: list[str], *, sentence_every: int = 1000) -> Speech:
    """Half a second for each word."""
    rate_hz = 8000
    timed = tuple(
        Word(
            text=text,
            first=i * rate_hz // 2,
            last=(i + 1) * rate_hz // 2,
            ends="sentence" if (i + 1) % sentence_every == 0 else "",
        )
        for i, text in enumerate(words)
    )
    sound = Sound(samples=np.zeros(len(words) * rate_hz // 2, np.float32), sample_rate_hz=rate_hz)
    return Speech(
        sound=sound,
        words=timed,
        phones=(),
        text=" ".join(words),
        language="en-US",
        voice="test",
        synthetic=True,
    )


WORDS = st.lists(st.text(alphabet="abcdefgh", min_size=1, max_size=12), min_size=1, max_size=60)


@given(words=WORDS, sentence_every=st.integers(1, 20))
def test_every_word_is_shown_once_and_in_order(words: list[str], sentence_every: int) -> None:
    cues = cues_from(speech_of(words, sentence_every=sentence_every))

    assert " ".join(line for cue in cues for line in cue.lines).split() == words


@given(words=WORDS)
def test_subtitles_are_short_and_never_overlap(words: list[str]) -> None:
    cues = cues_from(speech_of(words))

    assert all(len(cue.lines) <= MOST_LINES for cue in cues)
    assert all(len(line) <= LINE_CHARACTERS for cue in cues for line in cue.lines)
    assert all(before.last_ms <= after.first_ms for before, after in itertools.pairwise(cues))
    assert all(cue.first_ms < cue.last_ms for cue in cues)


def test_times_count_from_the_start_of_the_film() -> None:
    text = to_srt(speech_of(["one", "two"]), starts_s=Fraction(3600))

    assert text == "1\n01:00:00,000 --> 01:00:01,500\none two\n"


def test_signs_that_a_browser_would_read_are_escaped() -> None:
    text = to_webvtt(speech_of(["<b>", "&"]))

    assert text.startswith("WEBVTT\n\n00:00:00.000 --> ")
    assert re.search(r"&lt;b&gt; &amp;$", text.strip())


def test_a_recording_without_words_has_no_subtitles() -> None:
    assert to_srt(speech_of([])) == ""
    assert to_webvtt(speech_of([])) == "WEBVTT\n"


def spoken(words: str, at_s: int, speaker: str) -> Spoken:
    return Spoken(speech=speech_of(words.split()), starts_s=Fraction(at_s), speaker=speaker)


TALK = (
    spoken("good day", 0, "Anna"),
    spoken("and again", 2, "Anna"),
    spoken("to you too", 4, "Father & Mother"),
    spoken("yes", 8, "Anna"),
)


def test_names_are_told_when_the_speaker_changes() -> None:
    text = srt_of(cues_of_film(TALK, ends_s=Fraction(60)))

    shown = [block.split("\n", 2)[2] for block in text.strip().split("\n\n")]
    assert shown == ["Anna: good day", "and again", "Father & Mother: to you too", "Anna: yes"]


def test_webvtt_carries_each_voice_and_tells_its_name_too() -> None:
    text = webvtt_of(cues_of_film(TALK, ends_s=Fraction(60)))

    shown = [block.split("\n", 1)[1] for block in text.strip().split("\n\n")[1:]]
    assert shown == [
        "<v Anna>Anna: good day",
        "<v Anna>and again",
        "<v Father &amp; Mother>Father &amp; Mother: to you too",
        "<v Anna>Anna: yes",
    ]


def test_a_single_speaker_is_not_named() -> None:
    alone = [one for one in TALK if one.speaker == "Anna"]
    cues = cues_of_film(alone, ends_s=Fraction(60))

    assert [cue.lines for cue in cues] == [("good day",), ("and again",), ("yes",)]
    assert "<v" not in webvtt_of(cues)


def test_names_follow_time_whatever_order_lines_are_given_in() -> None:
    assert cues_of_film(TALK[::-1], ends_s=Fraction(60)) == cues_of_film(TALK, ends_s=Fraction(60))


def test_a_recording_whose_words_are_not_laid_is_named_as_well() -> None:
    whole = speech_of(["one", "two"])
    unlaid = Spoken(speech=replace(whole, words=()), starts_s=Fraction(10), speaker="The neighbour")

    last = cues_of_film((*TALK, unlaid), ends_s=Fraction(60))[-1]

    assert last.lines == ("The neighbour: one two",)
    assert last.first_ms == 10_000


@given(words=WORDS, name=st.text(alphabet="ABCDEFGH ", min_size=1, max_size=40).map(str.strip))
def test_a_name_makes_no_caption_longer_than_may_be(words: list[str], name: str) -> None:
    plain, named = cues_from(speech_of(words)), cues_from(speech_of(words), named=name)

    assert all(len(cue.lines) <= MOST_LINES for cue in named)
    assert all(len(line) <= LINE_CHARACTERS for cue in named for line in cue.lines)
    assert named[0].first_ms == plain[0].first_ms
    shown = " ".join(line for cue in named for line in cue.lines).split()
    assert shown == [*(f"{name}:".split() if name else []), *words]
