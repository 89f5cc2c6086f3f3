"""Subtitles say what is said, when it is said."""

from __future__ import annotations

import itertools
import re
from fractions import Fraction

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from vivant.film.captions import LINE_CHARACTERS, MOST_LINES, cues_from, to_srt, to_webvtt
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
