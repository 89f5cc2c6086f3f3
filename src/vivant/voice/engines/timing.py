"""From the lengths of hibari's letters, and of Kokoro's, to phones in exact samples.

A network's lengths come in steps of 25 ms and run late by a constant, because a frame's
sound begins before the letter it is counted for. Both constants below are measured: the
median distance from 240 reported boundaries to the steepest change of the spectrum
(vowel to sibilant and back, vowel to p or b and back), 20 sentences at three paces.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

import numpy as np
from jaxtyping import Float32

from vivant.voice.engines.spelling import BREAKS, NO_WORD, Spelled
from vivant.voice.landmarks import settle_closures, settle_pauses, settle_sibilants
from vivant.voice.phones import PAUSE, is_vowel, plain
from vivant.voice.speech import Phone, Word

LATE_S = 0.052
"""A boundary between two sounds of hibari's is heard this much before it is reported."""
LATE_AFTER_MARK_S = 0.040
"""The same when a space or a stress mark stands between them: it belongs to the later sound."""
STRESS: dict[str, Literal[1, 2]] = {"ˈ": 1, "ˌ": 2}
LENGTHENERS = frozenset("ː̃ʰʲ")
QUOTES = frozenset('"“”()')
DIPHTHONGS = {"A": "eɪ", "I": "aɪ", "O": "oʊ", "Q": "əʊ", "W": "aʊ", "Y": "ɔɪ", "T": "ɾ"}
"""Capitals of the misaki alphabet, in IPA."""


@dataclass(slots=True)
class _Event:
    symbol: str
    first: int
    word: int = NO_WORD
    stress: Literal[0, 1, 2] = 0


def timed(
    spelled: Spelled,
    *,
    pieces: Sequence[slice],
    lengths: Sequence[Float32[np.ndarray, " _"]],
    samples: Float32[np.ndarray, " samples"],
    sample_rate_hz: int,
    unit_samples: int,
    late_s: float = LATE_S,
    late_after_mark_s: float = LATE_AFTER_MARK_S,
) -> tuple[tuple[Phone, ...], tuple[Word, ...]]:
    """Place the phones and the words of a sentence in its sound.

    Args:
        spelled: What was said.
        pieces: The parts in which it was said, one after the other.
        lengths: For each part the length of its letters, with one more before and behind them.
        samples: The sound of all parts.
        sample_rate_hz: Samples in each second.
        unit_samples: Samples in a length of 1.
        late_s: A boundary between two sounds is heard this much before it is reported.
        late_after_mark_s: The same when a space or a stress mark stands between them: it belongs to the later sound.

    Returns:
        Phones that cover the sound without gap or overlap, and the written words.
    """
    late, late_after_mark = (round(s * sample_rate_hz) for s in (late_s, late_after_mark_s))
    events: list[_Event] = []
    base = 0
    for piece, units in zip(pieces, lengths, strict=True):
        edges = base + np.concatenate([[0], np.cumsum(units)]).astype(np.int64) * unit_samples
        events += _events(spelled, piece, edges, late=late, late_after_mark=late_after_mark)
        base = int(edges[-1])
    phones, words_of = _tile(events, len(samples))
    phones = settle_pauses(phones, samples=samples, sample_rate_hz=sample_rate_hz)
    phones = settle_closures(phones, samples=samples, sample_rate_hz=sample_rate_hz)
    phones = settle_sibilants(phones, samples=samples, sample_rate_hz=sample_rate_hz)
    kept = [(p, w) for p, w in zip(phones, words_of, strict=True) if p.last > p.first]
    return tuple(p for p, _ in kept), _words(spelled, kept)


def _events(
    spelled: Spelled, piece: slice, edges: np.ndarray, *, late: int, late_after_mark: int
) -> list[_Event]:
    """Read off what starts when; every event runs to the next."""
    events = [_Event(PAUSE, int(edges[0]))]
    mark_at: int | None = None
    stress: Literal[0, 1, 2] = 0
    for i, letter in enumerate(spelled.letters[piece]):
        at = int(edges[i + 1])
        if letter in BREAKS or letter in QUOTES:
            if events[-1].symbol != PAUSE:
                events.append(_Event(PAUSE, (at if mark_at is None else mark_at) - late))
            mark_at = None
        elif letter == " " or letter in STRESS:
            stress = STRESS.get(letter, 0)
            mark_at = at if mark_at is None else mark_at
        elif letter not in LENGTHENERS:
            symbol = DIPHTHONGS.get(letter) or plain(letter)
            first = at - late if mark_at is None else mark_at - late_after_mark
            if (
                events[-1].symbol == PAUSE
                and mark_at is not None
                and spelled.letters[piece][i - 1] == " "
            ):
                first = at - late  # the space after punctuation is part of the pause
            voiced = is_vowel(symbol)
            events.append(_Event(symbol, first, spelled.word_of[piece][i], stress if voiced else 0))
            mark_at = None
            stress = 0 if voiced else stress
    events.append(_Event(PAUSE, int(edges[-2]) - late))
    return events


def _tile(events: list[_Event], samples: int) -> tuple[list[Phone], list[int]]:
    """Make events that start into phones that touch; neighbouring pauses become one."""
    merged: list[_Event] = []
    for event in events:
        if event.symbol == PAUSE and merged and merged[-1].symbol == PAUSE:
            continue
        merged.append(event)
    firsts = np.clip(np.maximum.accumulate([e.first for e in merged]), 0, samples)
    firsts[:1] = 0
    edges = [*firsts.tolist(), samples]
    phones = [
        Phone(symbol=e.symbol, first=first, last=last, stress=e.stress)
        for e, (first, last) in zip(merged, pairwise(edges), strict=True)
    ]
    return phones, [e.word for e in merged]


def _words(spelled: Spelled, phones: Sequence[tuple[Phone, int]]) -> tuple[Word, ...]:
    spans: dict[int, tuple[int, int]] = {}
    for phone, word in phones:
        if word != NO_WORD:
            first = spans.get(word, (phone.first, 0))[0]
            spans[word] = (first, phone.last)
    said = sorted(spans)
    words = []
    for place, following in zip(said, [*said[1:], len(spelled.words)], strict=True):
        text = spelled.words[place]
        unsaid = spelled.words[place + 1 : following]  # such as a dash that stands alone
        words.append(
            Word(text=text, first=spans[place][0], last=spans[place][1], ends=_ends(text, unsaid))
        )
    return tuple(words)


def _ends(text: str, unsaid: Sequence[str]) -> Literal["", "phrase", "sentence"]:
    tail = text.rstrip("\"'”’)]»")
    if unsaid or tail.endswith((",", ";", ":", "—", "–", "…")):
        return "phrase"
    return "sentence" if tail.endswith(("!", "?")) else ""
