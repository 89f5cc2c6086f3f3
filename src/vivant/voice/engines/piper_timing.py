"""From the lengths of a Piper voice's letters to phones and words in exact samples."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from jaxtyping import Float32

from vivant.voice.engines.ipa import AFFRICATES, cut_into_phones
from vivant.voice.landmarks import settle_closures, settle_pauses, settle_sibilants
from vivant.voice.phones import PAUSE
from vivant.voice.speech import Phone, Word

LATE_S = 0.020
"""A boundary is heard this much before it is reported: median over vowel and sibilant boundaries."""
BREAKS = frozenset(".,;:!?—…")


@dataclass(frozen=True, slots=True, kw_only=True)
class Spelled:
    """A line in the letters of a voice."""

    letters: tuple[str, ...]
    """One code point each: IPA, stress, spaces, punctuation."""
    word_of: tuple[int, ...]
    """For each letter the place of its word in ``words``; never falling."""
    words: tuple[str, ...]
    affricates: frozenset[str] = AFFRICATES
    """Pairs of consonants that are one phone in its language."""


def timed(
    spelled: Spelled,
    *,
    lengths: Sequence[int],
    samples: Float32[np.ndarray, " samples"],
    sample_rate_hz: int,
) -> tuple[tuple[Phone, ...], tuple[Word, ...]]:
    """Place the phones and the words of a line in its sound.

    Args:
        spelled: What was said.
        lengths: Samples of each letter, with one length more before and behind them.
        samples: The sound.
        sample_rate_hz: Samples in each second.

    Returns:
        Phones that cover the sound without gap or overlap, and the written words.
    """
    late = round(LATE_S * sample_rate_hz)
    edges = np.concatenate([[0], np.cumsum(lengths)]).astype(int)
    begun = [(0, PAUSE, 0, -1)]
    found = cut_into_phones(spelled.letters, affricates=spelled.affricates)
    cuts = {phone.first: phone for phone in found}
    for i, letter in enumerate(spelled.letters):
        at = int(edges[i + 1]) - late
        if letter in BREAKS and begun[-1][1] != PAUSE:
            begun.append((at, PAUSE, 0, -1))
        elif i in cuts:
            phone = cuts[i]
            begun.append((at, phone.symbol, phone.stress, spelled.word_of[i]))
    if begun[-1][1] != PAUSE:
        begun.append((int(edges[-2]) - late, PAUSE, 0, -1))
    firsts = np.clip(np.maximum.accumulate([first for first, *_ in begun]), 0, len(samples))
    firsts[0] = 0
    phones = [
        Phone(symbol=symbol, first=int(first), last=int(last), stress=stress)  # type: ignore[arg-type]
        for (_, symbol, stress, _), (first, last) in zip(
            begun, pairwise([*firsts, len(samples)]), strict=True
        )
    ]
    for settle in (settle_pauses, settle_closures, settle_sibilants):
        phones = settle(phones, samples=samples, sample_rate_hz=sample_rate_hz)
    kept = [
        (phone, word)
        for phone, (*_, word) in zip(phones, begun, strict=True)
        if phone.last > phone.first
    ]
    return tuple(phone for phone, _ in kept), _words(kept, spelled.words)


def _words(phones: Sequence[tuple[Phone, int]], written: Sequence[str]) -> tuple[Word, ...]:
    spans: dict[int, tuple[int, int]] = {}
    for phone, word in phones:
        if word >= 0:
            spans[word] = (spans.get(word, (phone.first, 0))[0], phone.last)
    return tuple(
        Word(
            text=written[place],
            first=first,
            last=last,
            ends="phrase" if _breaks(written[place]) else "",
        )
        for place, (first, last) in sorted(spans.items())
    )


def _breaks(word: str) -> bool:
    return word.rstrip("\"'”’)]»").endswith((",", ";", ":", "—", "–", "…"))
