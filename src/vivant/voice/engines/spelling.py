"""From a sentence to the letters of hibari's phonetic alphabet, each with the written word it speaks."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby, zip_longest
from operator import itemgetter
from pathlib import Path
from typing import Protocol, runtime_checkable

from hibari.g2p.normalize import normalize

from vivant.voice.dictionary import Dictionary, read_dictionary
from vivant.voice.engines.misaki import VOWELS, misaki
from vivant.voice.english import fill_in

NO_WORD = -1
BREAKS = frozenset(";:,.!?—…")
"""Letters of the alphabet at which a long sentence may be cut."""
CLOSERS = frozenset('"”)')

_NO_LINKS = str.maketrans("[]", "()")
"""Square brackets have a meaning of their own to hibari's tokenizer."""
_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_FULL_FORMS = {
    "ɐ": "ˈA",
    "ɐm": "ˈæm",
    "ɐn": "ˈæn",
    "ðə": "ðˈi",
    "ði": "ðˈi",
    "tə": "tˈu",
    "ənd": "ˈænd",
    "ən": "ˈæn",
    "əv": "ˈʌv",
    "fəɹ": "fˈɔɹ",
    "ju": "jˈu",
}
"""Little words have a full form, which they take when they carry the weight."""


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


def spell(
    text: str,
    *,
    grapher: Grapher,
    alphabet: frozenset[str],
    spoken_as: Sequence[str] = (),
    emphasis: frozenset[int] = frozenset(),
) -> Spelled:
    """Write a sentence in phonetic letters.

    Args:
        text: One sentence, as written; numbers, dates, sums of money and abbreviations are read out.
        grapher: hibari's ``G2P``.
        alphabet: The letters that the network knows; others are left out.
        spoken_as: For each word of ``text.split()`` how it sounds in IPA, ``""`` where the grapher knows best;
            empty: it knows all. Names that its rules misread are known too, from ``names.txt``.
        emphasis: Places in ``text.split()`` of the words that carry the weight.

    Returns:
        The letters, and the written word that each belongs to.
    """
    written = tuple(text.translate(_NO_LINKS).split())
    known_names = _names().sounds(written)
    given_ipa = [ipa or name for ipa, name in zip_longest(spoken_as, known_names, fillvalue="")]
    given = _given(written, given_ipa, british=bool(getattr(grapher, "british", False)))
    stood_in = " ".join(
        word
        if i not in given
        else given[i].within_line(word)
        if i < len(written) - 1
        else given[i].within(word)
        for i, word in enumerate(written)
    )
    by_stand_in = {one.stand_in: one for one in given.values()}
    read_out = _read_out(stood_in)
    tokens = grapher.tokenize(read_out)
    for token in tokens:
        one = by_stand_in.get(token.text)
        if one is not None:
            token.text, token.phonemes = one.bare, one.letters
    letters: list[str] = []
    places: list[int] = []
    spoken: list[str] = []
    word_ended = True
    for token in grapher.phonemize_tokens(tokens):
        if word_ended:
            spoken.append("")
        spoken[-1] += token.text
        word_ended = bool(token.whitespace)
        sounds = (token.phonemes or "") + (" " if word_ended else "")
        letters += sounds
        places += [len(spoken) - 1] * len(sounds)
    written_of = _match(spoken, written, read_out=_read_out)
    known = [
        (c, written_of[place]) for c, place in zip(letters, places, strict=True) if c in alphabet
    ]
    known = _weighted(known, emphasis) if emphasis else known
    while known and known[-1][0] == " ":
        known.pop()
    if known and known[-1][0] not in BREAKS | CLOSERS:
        known.append((".", NO_WORD))  # a line without an end would break off
    return Spelled(
        letters="".join(c for c, _ in known),
        word_of=tuple(NO_WORD if c == " " or c in BREAKS else word for c, word in known),
        words=tuple(text.split()),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Given:
    """A word whose sounds are given; another word, that nobody writes, stands in for it until it is spelled."""

    bare: str
    """Without the punctuation around it."""
    stand_in: str
    letters: str

    def within(self, word: str) -> str:
        """Put the stand-in into the written word."""
        return word.replace(self.bare, self.stand_in, 1)

    def within_line(self, word: str) -> str:
        """Do so where another word follows: a point is then part of an abbreviation, and its sounds are known."""
        return re.sub(r"(?<!\.)\.(?=\W*$)", "", self.within(word))


@lru_cache(maxsize=1)
def _names() -> Dictionary:
    return read_dictionary(Path(__file__).with_name("names.txt"))


def _given(words: Sequence[str], spoken_as: Sequence[str], *, british: bool) -> dict[int, _Given]:
    given: dict[int, _Given] = {}
    for i, (word, ipa) in enumerate(zip(words, spoken_as, strict=False)):
        letters = misaki(ipa, british=british)
        inner = re.search(r"\w.*\w|\w", word)
        if not letters or inner is None:
            continue
        name = "".join(_LETTERS[digit] for digit in (i // 676 % 26, i // 26 % 26, i % 26))
        initial = "Q" if inner[0][0].isupper() else "q"
        given[i] = _Given(bare=inner[0], stand_in=f"{initial}z{name}", letters=letters)
    return given


def _weighted(
    letters: Sequence[tuple[str, int]], emphasis: frozenset[int]
) -> list[tuple[str, int]]:
    """Give words a full stress: one they have not, or the full form of a little word."""
    weighted: list[tuple[str, int]] = []
    for word, run in groupby(letters, key=itemgetter(1)):
        sounds = "".join(c for c, _ in run)
        weighted += [(c, word) for c in (_full(sounds) if word in emphasis else sounds)]
    return weighted


def _full(sounds: str) -> str:
    """Write a word as one that carries the weight: with its full form, and its main stress twice.

    A doubled mark makes the word a third longer, in hibari (6 words: 287 to 361 ms) as in Kokoro (3 words: 237 to
    291 ms), which listeners hear as weight; a single one changes content words not at all, for they have it already.
    """
    bare = sounds.replace("ˌ", "").replace("ˈ", "")
    weak = bare.rstrip(' ;:,.!?—…"”“()')
    if weak in _FULL_FORMS:
        sounds = bare.replace(weak, _FULL_FORMS[weak], 1)
    elif "ˈ" not in sounds and "ˌ" in sounds:
        sounds = sounds.replace("ˌ", "ˈ", 1)
    elif "ˈ" not in sounds:
        vowel = next((i for i, c in enumerate(sounds) if c in VOWELS), len(sounds))
        sounds = f"{sounds[:vowel]}ˈ{sounds[vowel:]}" if vowel < len(sounds) else sounds
    return sounds.replace("ˈ", "ˈˈ", 1)


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
