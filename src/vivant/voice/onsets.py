"""Reads phones off what the ear heard: along a known text, or freely.

Source:
    Graves et al., Connectionist Temporal Classification, ICML 2006; Viterbi, 1967.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import groupby
from typing import Literal

import numpy as np
from jaxtyping import Float32

from vivant.voice.alignment import forced_path, greedy_path, matching
from vivant.voice.ear import BLANK, FRAME, RATE_HZ, SYMBOL_OF, WORD_BOUNDARY
from vivant.voice.nearness import farness
from vivant.voice.phones import is_vowel
from vivant.voice.pronouncing import Pronounced

SURE = 0.87
"""How sure the ear is, on average, of what it writes: above this in English (0.93 to 0.99), under it in a language
that it was not taught (0.55 to 0.81)."""
BLANK_COSTS = 2.0
"""By how much, in nats, silence of an ear that is not sure is doubted."""
SHARPNESS = 3.0
"""How strictly a sound of the ear counts for the nearest common phone alone."""
_COMMON = (
    "a aɪ aʊ b d dʒ e eɪ f h i j k l m n o oʊ p r s t tɕ tʃ u v w x y z ç ð ø ħ ŋ œ ɐ ɑ ɔ ɔɪ ɕ ɖ ə ɛ ɡ ɣ ɤ ɥ ɦ ɨ ɪ ɯ ɲ ɸ "
    "ɻ ɽ ɾ ʁ ʂ ʃ ʈ ʉ ʊ ʋ ʌ ʎ ʏ ʑ ʒ ʔ ʝ β θ χ"
)
COMMON = tuple(_COMMON.split())
"""The phones of sixteen languages, as far as the ear knows them."""
NEAR: dict[str, str] = {
    "ɾ": "t d", "ɚ": "ə ɹ ɜ", "ə": "ʌ ɪ ɐ", "ɑ": "ɔ ɒ a ʌ", "ɔ": "ɑ oʊ o ɒ", "ɪ": "i ə", "i": "ɪ", "oʊ": "o ɔ", "eɪ": "e ɛ",
    "ɛ": "æ e", "æ": "ɛ a", "ʊ": "u ʌ", "u": "ʊ", "ʌ": "ə ɑ", "t": "d ɾ", "d": "t ɾ", "s": "z", "z": "s", "f": "v", "v": "f",
    "θ": "ð", "ð": "θ d", "p": "b", "b": "p", "k": "ɡ", "ɡ": "k", "ʃ": "ʒ tʃ", "ʒ": "ʃ dʒ", "tʃ": "ʃ dʒ", "dʒ": "tʃ ʒ",
    "ɹ": "r ɻ", "əʊ": "oʊ o", "aɪ": "a ɑ", "ŋ": "n", "ɒ": "ɑ ɔ", "ɜ": "ɚ ə",
}  # fmt: skip
"""What else the ear may write for a phone of English."""
NEAR_COSTS = 1.5
ABROAD_COSTS = 2.0
"""What a step away from a phone of another language costs, in nats."""
SILENCE_COSTS = 3.0
"""What nothing new costs beside them."""
_WORST = -14.0
_FARTHEST = 2.5


@dataclass(slots=True)
class Onset:
    """A phone that begins."""

    symbol: str
    first: int
    """Sample at the ear's rate."""
    word: int = -1
    """Place of its word in the text; -1 when not known."""
    stress: Literal[0, 1, 2] = 0


def read_freely(probabilities: Float32[np.ndarray, "frames tokens"]) -> list[Onset]:
    """Read off phones with no knowledge of the text.

    An ear that is sure is taken at its word. One that is not hears a language it was never taught: it
    writes little, and that in sounds of English. Then its silence is doubted, and what it holds for
    possible is summed up for each mouth shape, over the phones that are common in the world. (To
    keep to the phones of one language, where it is told, was tried, and is no better on the whole.)

    Args:
        probabilities: As ``phone_probabilities`` gives them.

    Returns:
        Phones in order; a glide with its vowel is opened into two.
    """
    frames, tokens = greedy_path(probabilities, blank=BLANK)
    if len(frames) and _sureness(probabilities, frames, tokens) < SURE:
        return _read_doubtfully(probabilities)
    return read_plainly(probabilities)


def read_plainly(probabilities: Float32[np.ndarray, "frames tokens"]) -> list[Onset]:
    """Read off phones as the ear writes them, sure or not: hardly any where nobody speaks.

    Args:
        probabilities: As ``phone_probabilities`` gives them.

    Returns:
        Phones in order; a glide with its vowel is opened into two.
    """
    frames, tokens = greedy_path(probabilities, blank=BLANK)
    onsets: list[Onset] = []
    for frame, token in zip(frames.tolist(), tokens.tolist(), strict=True):
        symbol = SYMBOL_OF.get(token)
        if token == WORD_BOUNDARY or symbol is None:
            continue
        at = frame * FRAME
        if _is_glide_with_vowel(symbol):
            onsets.append(Onset(symbol[0], at))
            symbol, at = symbol[1], at + FRAME * 2
        onsets.append(Onset(symbol, at))
    return onsets


def _sureness(probabilities: np.ndarray, frames: np.ndarray, tokens: np.ndarray) -> float:
    peaks = [probabilities[frame : frame + 4, token].max() for frame, token in zip(frames, tokens, strict=True)]  # fmt: skip
    return float(np.exp(np.array(peaks)).mean())


def _read_doubtfully(probabilities: np.ndarray) -> list[Onset]:
    phones = COMMON
    tokens, shares = _shares()
    heard = np.exp(probabilities)
    mass = heard[:, tokens] @ shares.T
    shapes = [mouth_shape(phone) for phone in phones]
    names = sorted(set(shapes))
    members = [[i for i, shape in enumerate(shapes) if shape == name] for name in names]
    silence = (heard[:, BLANK] + heard[:, WORD_BOUNDARY]) * np.exp(-BLANK_COSTS)
    rivals = np.stack([mass[:, group].sum(axis=1) for group in members] + [silence], axis=1)
    onsets: list[Onset] = []
    for shape, run in groupby(range(len(rivals)), key=np.argmax(rivals, axis=1).__getitem__):
        frames = list(run)
        if shape < len(names):
            group = members[int(shape)]
            best = group[int(mass[np.ix_(frames, group)].sum(axis=0).argmax())]
            onsets.append(Onset(phones[best], frames[0] * FRAME))
    return onsets


@lru_cache(maxsize=1)
def _shares() -> tuple[np.ndarray, np.ndarray]:
    """Tell for which phones each sound of the ear counts: its share of each, summing up to 1."""
    tokens = np.array(sorted(SYMBOL_OF))
    far = np.array([[_far(phone, SYMBOL_OF[int(token)]) for token in tokens] for phone in COMMON])
    shares = np.exp(-SHARPNESS * far)
    return tokens, shares / np.maximum(shares.sum(axis=0, keepdims=True), 1e-12)


def _is_glide_with_vowel(symbol: str) -> bool:
    return len(symbol) == 2 and symbol[0] in "jw" and is_vowel(symbol[1])


def _far(phone: str, token: str) -> float:
    return farness(phone, token[1] if _is_glide_with_vowel(token) else token)


_SHAPES = {
    letter: name
    for name, letters in {
        "shut": "pbmɓ", "bite": "fvɱʋ", "between": "θð", "tip": "tdnɾrɖʈɳɽlɫɭʎ", "hiss": "sz", "hush": "ʃʒʂʐɕʑ",
        "back": "kɡŋxɣqχʁʀhɦħʔʕcɟçɲɴɰ", "curl": "ɹɻ", "spread": "iɪjɨʝɯ", "mid": "eɛəɜɚɘɤ", "open": "aæɑʌɐ", "round": "ɔɒoɵɞ",
        "pucker": "uʊyʏøœwʉɥɸβ",
    }.items()
    for letter in letters
}  # fmt: skip


def mouth_shape(phone: str) -> str:
    """Name the shape of the mouth in a phone: one of 13, told apart by what is seen.

    An affricate is seen by its end (``tʃ`` as ``ʃ``), a diphthong by its beginning. An unknown phone is a shape of
    its own.
    """
    letter = phone[:1] if is_vowel(phone) else phone[-1:]
    return _SHAPES.get(letter, phone)


def agreement(
    found: Sequence[Onset], expected: Sequence[Pronounced], *, abroad: bool = False
) -> float:
    """Tell which share of the phones of a text was heard, 0 to 1.

    Args:
        found: As read freely.
        expected: Phones of the text.
        abroad: Whether the text is of another language than English, whose phones the ear writes with the nearest it
            knows: of its own text some 0.4 are heard so, of another under 0.2.
    """
    return _beside(found, expected, abroad=abroad)[0]


def read_along(
    probabilities: Float32[np.ndarray, "frames tokens"],
    found: Sequence[Onset],
    expected: Sequence[Pronounced],
    *,
    abroad: bool = False,
) -> list[Onset]:
    """Place the phones of a known text.

    Args:
        probabilities: As ``phone_probabilities`` gives them; at least two frames for each phone.
        found: As read freely.
        expected: Phones of the text.
        abroad: Whether the text is of another language than English.
    """
    _, beside = _beside(found, expected, abroad=abroad)
    symbols = [phone.symbol for phone in expected]
    column = _column_abroad if abroad else _column
    columns = {symbol: column(probabilities, symbol) for symbol in set(symbols)}
    rough = np.interp(
        np.arange(len(probabilities)), [o.first // FRAME for o in found], beside
    ).astype(np.int64)
    silence = np.maximum(probabilities[:, BLANK], probabilities[:, WORD_BOUNDARY])
    firsts = forced_path(
        np.stack([columns[symbol] for symbol in symbols], axis=1),
        blank=silence - np.float32(SILENCE_COSTS if abroad else 0.0),
        same_as_before=[i > 0 and symbol == symbols[i - 1] for i, symbol in enumerate(symbols)],
        near=rough,
    )
    return [
        Onset(phone.symbol, int(first) * FRAME, phone.word, _stress(phone.stress))
        for phone, first in zip(expected, firsts, strict=True)
    ]


def _beside(
    found: Sequence[Onset], expected: Sequence[Pronounced], *, abroad: bool
) -> tuple[float, np.ndarray]:
    written = [_nearest_token(p.symbol) if abroad else p.symbol for p in expected]
    heard = [_nearest_token(o.symbol) if abroad else o.symbol for o in found]
    return matching(heard, written)


@lru_cache(maxsize=4096)
def _nearest_token(symbol: str) -> str:
    return min(sorted(set(SYMBOL_OF.values())), key=lambda token: _far(symbol, token))


@lru_cache(maxsize=1)
def _tokens_of() -> dict[str, list[int]]:
    tokens: dict[str, list[int]] = {}
    for token, symbol in SYMBOL_OF.items():
        tokens.setdefault(symbol, []).append(token)
    return tokens


def _column(probabilities: np.ndarray, symbol: str) -> np.ndarray:
    tokens_of = _tokens_of()
    exact = probabilities[:, tokens_of.get(symbol, [])].max(axis=1, initial=-30.0)
    near = [t for other in NEAR.get(symbol, "").split() for t in tokens_of.get(other, [])]
    nearly = probabilities[:, near].max(axis=1, initial=-30.0) - NEAR_COSTS
    return np.asarray(np.maximum(exact, nearly), np.float32)


def _column_abroad(probabilities: np.ndarray, symbol: str) -> np.ndarray:
    far = {token: _far(symbol, other) for token, other in SYMBOL_OF.items()}
    near = [token for token, away in far.items() if away < _FARTHEST]
    costs = np.array([ABROAD_COSTS * far[token] for token in near], np.float32)
    best = (probabilities[:, near] - costs).max(axis=1, initial=_WORST)
    return np.asarray(best, np.float32)


def _stress(value: int) -> Literal[0, 1, 2]:
    return 1 if value == 1 else 2 if value == 2 else 0


def keep_words_together(
    onsets: Sequence[Onset], silences_s: Sequence[tuple[float, float]]
) -> list[Onset]:
    """Bring phones of a word that were placed on the other side of a silence to the rest of their word.

    Args:
        onsets: In order, with their words.
        silences_s: Where nothing is heard, in seconds; no word has so long a silence inside.

    Returns:
        As many onsets, in order; the smaller part of a word that was torn is moved.
    """
    kept = [replace(onset) for onset in onsets]
    for first_s, last_s in silences_s:
        middle = round((first_s + last_s) / 2 * RATE_HZ)
        split = next((i for i, onset in enumerate(kept) if onset.first >= middle), len(kept))
        if not 0 < split < len(kept) or kept[split].word < 0:
            continue
        word = kept[split].word
        before = [i for i in range(split) if kept[i].word == word]
        after = [i for i in range(split, len(kept)) if kept[i].word == word]
        if not before:
            continue
        if len(before) <= len(after):
            low, high, moved = round(last_s * RATE_HZ), kept[after[0]].first, before
        else:
            low, high, moved = kept[before[-1]].first, round(first_s * RATE_HZ), after
        for place, i in enumerate(moved, start=1):
            kept[i].first = low + max(0, high - low) * place // (len(moved) + 1)
    return kept
