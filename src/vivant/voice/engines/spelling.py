"""From a sentence to the letters of hibari's phonetic alphabet, each with the written word it speaks."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from hibari.g2p.normalize import normalize

from vivant.voice.english import fill_in

NO_WORD = -1
BREAKS = frozenset(";:,.!?—…")
"""Letters of the alphabet at which a long sentence may be cut."""
CLOSERS = frozenset('"”)')


@runtime_checkable
class Token(Protocol):
    """A token of hibari's: part of a word, or punctuation."""

    text: str
    whitespace: str
    phonemes: str | None


@runtime_checkable
class Grapher(Protocol):
    """What is needed of hibari's ``G2P``."""

    def tokenize(self, text: str) -> list[Token]:
        """Cut a sentence into tokens."""

    def phonemize_tokens(self, tokens: list[Token]) -> list[Token]:
        """Fill in how they sound."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Spelled:
    """A sentence in phonetic letters."""

    letters: str
    """Sounds, stress marks, punctuation and spaces, each one letter that the network knows."""
    word_of: tuple[int, ...]
    """For each letter the place of its written word in ``words``, or ``NO_WORD``."""
    words: tuple[str, ...]
    """The sentence as written, cut at white space."""

    def pieces(self, longest: int) -> Iterator[slice]:
        """Cut into pieces of at most ``longest`` letters: at punctuation, else between words, else anywhere."""
        start = 0
        while len(self.letters) - start > longest:
            stop = self._cut(start, start + longest)
            yield slice(start, stop)
            start = stop
        if self.letters[start:].strip():
            yield slice(start, len(self.letters))

    def _cut(self, start: int, limit: int) -> int:
        spaces = [i for i in range(start + 1, limit) if self.letters[i] == " "]
        clauses = [i for i in spaces if self.letters[i - 1] in BREAKS]
        latest = max((i for i in clauses if i - start > (limit - start) // 3), default=None)
        return (latest or max(spaces, default=limit - 1)) + 1


def spell(text: str, *, grapher: Grapher, alphabet: frozenset[str]) -> Spelled:
    """Write a sentence in phonetic letters.

    Args:
        text: One sentence, as written; numbers, dates, sums of money and abbreviations are read out.
        grapher: hibari's ``G2P``.
        alphabet: The letters that the network knows; others are left out.

    Returns:
        The letters, and the written word that each belongs to.
    """
    read_out = _read_out(text)
    letters: list[str] = []
    places: list[int] = []
    spoken: list[str] = []
    word_ended = True
    for token in grapher.phonemize_tokens(grapher.tokenize(read_out)):
        if word_ended:
            spoken.append("")
        spoken[-1] += token.text
        word_ended = bool(token.whitespace)
        sounds = (token.phonemes or "") + (" " if word_ended else "")
        letters += sounds
        places += [len(spoken) - 1] * len(sounds)
    written = tuple(text.split())
    written_of = _match(spoken, written, read_out=_read_out)
    known = [
        (c, written_of[place]) for c, place in zip(letters, places, strict=True) if c in alphabet
    ]
    while known and known[-1][0] == " ":
        known.pop()
    if known and known[-1][0] not in BREAKS | CLOSERS:
        known.append((".", NO_WORD))  # a line without an end would break off
    return Spelled(
        letters="".join(c for c, _ in known),
        word_of=tuple(NO_WORD if c == " " or c in BREAKS else word for c, word in known),
        words=written,
    )


def _read_out(text: str) -> str:
    return str(normalize(fill_in(text)))


def _match(
    spoken: Sequence[str], written: Sequence[str], *, read_out: Callable[[str], str]
) -> list[int]:
    """Tell for each spoken word which written word it reads."""
    pairs = difflib.SequenceMatcher(
        a=[_key(w) for w in written], b=[_key(w) for w in spoken], autojunk=False
    )
    places = [0] * len(spoken)
    for kind, w0, w1, s0, s1 in pairs.get_opcodes():
        if kind == "equal":
            places[s0:s1] = range(w0, w1)
            continue
        if w0 == w1:  # spoken, though nothing was written: the word before says it
            places[s0:s1] = [max(w0 - 1, 0)] * (s1 - s0)
            continue
        shares = [max(len(read_out(word)), 1) for word in written[w0:w1]]
        total, said = sum(len(word) + 1 for word in spoken[s0:s1]), 0
        for s in range(s0, s1):
            middle = (said + (len(spoken[s]) + 1) / 2) / total * sum(shares)
            said += len(spoken[s]) + 1
            place = 0
            while place < len(shares) - 1 and middle > sum(shares[: place + 1]):
                place += 1
            places[s] = w0 + place
    return places


def _key(word: str) -> str:
    return "".join(c for c in word.lower().replace("’", "'") if c.isalnum() or c == "'") or word
