"""How the words of an English text sound, when only the text is known."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from hibari.g2p import G2P

from vivant.voice.dictionary import Dictionary
from vivant.voice.engines.spelling import BREAKS, NO_WORD, spell
from vivant.voice.phones import is_vowel, plain

_OPENED = {"A": "eɪ", "I": "aɪ", "O": "oʊ", "Q": "əʊ", "W": "aʊ", "Y": "ɔɪ", "T": "ɾ"}
_STRESS = {"ˈ": 1, "ˌ": 2}
_LETTERS = frozenset("AIOQWYTabcdefhijklmnopqrstuvwxyzɑɐɒæɔðʤəɚɛɜɡɪŋɹɾʃʧʊʌʒʔᵊᵻθˈˌ ") | BREAKS


@dataclass(frozen=True, slots=True, kw_only=True)
class Pronounced:
    """A phone that a text asks for."""

    symbol: str
    word: int
    """Place of its word in the text as cut at white space."""
    stress: int


@lru_cache(maxsize=1)
def _grapher() -> G2P:
    return G2P()


def pronounce(text: str, *, dictionary: Dictionary | None = None) -> tuple[Pronounced, ...]:
    """Tell the phones of an English text, words in order.

    Args:
        text: Any length; numbers and abbreviations are read out.
        dictionary: How words sound that the rules of spelling misread.

    Returns:
        Phones without pauses; r-coloured vowels are one phone, ``"ɚ"``.
    """
    return tuple(_merged(_phones(text, dictionary or Dictionary())))


def _phones(text: str, dictionary: Dictionary) -> Iterator[Pronounced]:
    base = 0
    for row in text.split("\n"):
        spelled = spell(
            row,
            grapher=_grapher(),
            alphabet=_LETTERS,
            spoken_as=dictionary.sounds(row.split()),
        )
        stress = 0
        for letter, word in zip(spelled.letters, spelled.word_of, strict=True):
            stress = _STRESS.get(letter, stress)
            if word == NO_WORD or letter in _STRESS:
                continue
            symbol = _OPENED.get(letter) or plain(letter)
            voiced = is_vowel(symbol)
            yield Pronounced(symbol=symbol, word=base + word, stress=stress if voiced else 0)
            stress = 0 if voiced else stress
        base += len(spelled.words)


def _merged(phones: Iterator[Pronounced]) -> Iterator[Pronounced]:
    held: Pronounced | None = None
    for phone in phones:
        if (
            held is not None
            and held.symbol in {"ə", "ɜ"}
            and phone.symbol == "ɹ"
            and held.word == phone.word
        ):
            held = Pronounced(symbol="ɚ", word=held.word, stress=held.stress)
            continue
        if held is not None:
            yield held
        held = phone
    if held is not None:
        yield held
