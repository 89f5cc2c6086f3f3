"""IPA as engines write it, cut into phones, and the phones shared out among the written words."""

from __future__ import annotations

import difflib
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from vivant.voice.phones import VOWEL_LETTERS, plain

STRESS: dict[str, Literal[1, 2]] = {"ˈ": 1, "ˌ": 2}
AFFRICATES = frozenset(
    {"tʃ", "dʒ", "ts", "dz", "tɕ", "dʑ", "tʂ", "dʐ", "pf", "tθ", "dð", "tɬ", "dɮ"}
)
IN_ENGLISH = frozenset({"tʃ", "dʒ"})
"""Those that are one sound there; ``ts`` of "cats" is two."""
GLIDES = frozenset("ɪʊʏ")
"""Vowels that close the one before them, where nothing says that they stand alone."""
_NON_SYLLABIC = "\N{COMBINING INVERTED BREVE BELOW}"
_OWN_WAYS = {
    "ᵊ": "ə", "ᵿ": "ʊ", "ε": "ɛ", "ʇ": "ǀ", "ʖ": "ǁ", "ʗ": "ǃ", "ɫ": "l", "ɝ": "ɚ", "S": "ʃ", "Z": "ʒ", "N": "ŋ", "Φ": "ɸ",
    "ɩ": "ɪ", "ɷ": "ʊ", "ȵ": "ɲ", "ȶ": "tɕ", "ȡ": "dʑ", "ɿ": "ɨ", "ʅ": "ɨ", "ʮ": "ʉ", "ʯ": "ʉ",
}  # fmt: skip
"""Letters that engines use beside those of the IPA."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cut:
    """A phone, and where its letters stand."""

    symbol: str
    """As ``plain`` writes it; never empty."""
    first: int
    """Place of its first letter, a stress mark before it included."""
    last: int
    """One past its last letter, marks behind it included."""
    stress: Literal[0, 1, 2] = 0
    """Of a vowel that bears it."""


def cut_into_phones(
    letters: Sequence[str],
    *,
    affricates: frozenset[str] = AFFRICATES,
    joined: bool = False,
) -> tuple[Cut, ...]:
    """Cut letters of the IPA into phones.

    Args:
        letters: One code point each. What is no letter, such as a tone or a tie, belongs to the
            phone before it; a space or a full stop parts two phones.
        affricates: Pairs of consonants that are one phone.
        joined: Whether vowels that touch are one phone, as inside what an engine calls one; else
            only a closing ``ɪ``, ``ʊ`` or ``ʏ`` without stress, or a marked glide, joins the vowel before it.

    Returns:
        The phones in order.
    """
    found: list[Cut] = []
    stress: Literal[0, 1, 2] = 0
    mark_at: int | None = None
    parted = True
    for i, letter in enumerate(letters):
        if letter in STRESS:
            stress, mark_at, parted = STRESS[letter], i if mark_at is None else mark_at, True
            continue
        if letter.isspace() or letter in ".,;:!?|":
            parted = True
            continue
        sound = _sound(letter)
        if not sound:
            if found and not parted:
                found[-1] = _longer(found[-1], "", i + 1)
            continue
        glide = i + 1 < len(letters) and letters[i + 1] == _NON_SYLLABIC
        if not parted and _is_one_phone(found[-1].symbol, sound, affricates, joined or glide):
            found[-1] = _longer(found[-1], sound, i + 1)
            continue
        vowel = sound[0] in VOWEL_LETTERS
        first = i if mark_at is None else mark_at
        found.append(Cut(symbol=sound, first=first, last=i + 1, stress=stress if vowel else 0))
        stress, mark_at, parted = 0 if vowel else stress, None, False
    return tuple(found)


def strong(letters: str) -> str:
    """Give a word its main stress, where the IPA gives it none: before its first vowel."""
    if "ˈ" in letters:
        return letters
    if "ˌ" in letters:
        return letters.replace("ˌ", "ˈ", 1)
    first = next((i for i, letter in enumerate(letters) if letter in VOWEL_LETTERS), 0)
    return f"{letters[:first]}ˈ{letters[first:]}"


def share_out(phones: Sequence[str], words: Sequence[Sequence[str]]) -> tuple[int, ...]:
    """Tell which word each phone of a sentence belongs to.

    In a sentence words sound a little other than alone (French binds them, English weakens them),
    so the two are matched, and what differs is shared out in proportion.

    Args:
        phones: Of the sentence, in order.
        words: For each written word its phones when it stands alone; none for a dash.

    Returns:
        For each phone the place of its word; never falling.
    """
    alone = [phone for word in words for phone in word]
    of = [place for place, word in enumerate(words) for _ in word]
    if not alone:
        return (0,) * len(phones)
    pairs = difflib.SequenceMatcher(a=alone, b=list(phones), autojunk=False)
    places = [0] * len(phones)
    for kind, a0, a1, b0, b1 in pairs.get_opcodes():
        for b in range(b0, b1):
            if kind == "insert":
                places[b] = of[min(max(a0 - 1, 0), len(of) - 1)]
            else:
                places[b] = of[a0 + (b - b0) * (a1 - a0) // (b1 - b0)]
    return tuple(places)


def words_of(text: str) -> tuple[str, ...]:
    """Cut a text at white space; a script without spaces between words stays whole between them."""
    return tuple(text.split())


def is_spoken(word: str) -> bool:
    """Tell whether a written word holds anything to say."""
    return any(c.isalnum() for c in word)


def letters_of(ipa: Iterable[str]) -> tuple[str, ...]:
    """Take IPA apart into code points, marks on their own."""
    return tuple(c for part in ipa for c in unicodedata.normalize("NFD", part))


def _sound(letter: str) -> str:
    """Write a letter as this house does; empty for a mark."""
    if letter in _OWN_WAYS:
        return _OWN_WAYS[letter]
    if unicodedata.category(letter) not in {"Ll", "Lu", "Lo"}:
        return ""
    return plain(letter)


def _is_one_phone(before: str, sound: str, affricates: frozenset[str], joined: bool) -> bool:
    if before[-1] in VOWEL_LETTERS and sound[0] in VOWEL_LETTERS:
        closing = sound in GLIDES and before not in GLIDES and len(before) == 1
        return joined or closing
    return before + sound in affricates


def _longer(phone: Cut, sound: str, last: int) -> Cut:
    again = sound in VOWEL_LETTERS and phone.symbol.endswith(sound)  # "aa" is a long a
    return Cut(
        symbol=phone.symbol + ("" if again else sound),
        first=phone.first,
        last=last,
        stress=phone.stress,
    )
