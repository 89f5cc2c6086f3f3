"""The speech sounds that Vivant knows by name, and what the lips must do for them.

A symbol is IPA without stress or length marks. An affricate or a diphthong is one phone
(``"tʃ"``, ``"aɪ"``); its last letter tells where the mouth goes. ``""`` is a pause.
"""

from __future__ import annotations

import unicodedata

PAUSE = ""
LIP_CLOSURES = frozenset("pbm")
"""The lips meet."""
SIBILANTS = frozenset({"s", "z", "ʃ", "ʒ", "tʃ", "dʒ", "ts", "dz", "ɕ", "ʑ", "ʂ", "ʐ", "tɕ", "dʑ"})
VOWEL_LETTERS = frozenset("aeiouyæøœɐɑɒɔəɘɚɛɜɝɞɤɨɪɯɵɶʉʊʌʏ")

ENGLISH_PHONES = frozenset({
    "p", "b", "t", "d", "k", "ɡ", "m", "n", "ŋ", "f", "v", "θ", "ð", "s", "z", "ʃ", "ʒ", "h", "tʃ", "dʒ", "l", "ɹ", "j",
    "w", "ɾ", "i", "ɪ", "ɛ", "æ", "ɑ", "ɔ", "ʊ", "u", "ʌ", "ə", "ɜ", "ɚ", "eɪ", "aɪ", "oʊ", "əʊ", "aʊ", "ɔɪ", "ɒ", "a",
})  # fmt: skip
"""What the embedded English voice can return, pauses aside."""

_ONE_WAY_TO_WRITE = {
    "g": "ɡ", "ʤ": "dʒ", "ʧ": "tʃ", "ʣ": "dz", "ʦ": "ts", "ʨ": "tɕ", "ʥ": "dʑ", "ɝ": "ɚ", "ᵻ": "ɪ", "ᵊ": "ə",
}  # fmt: skip
_CEDILLA = "\N{COMBINING CEDILLA}"
_MARKS = frozenset("ˈˌːˑ‿͡|.'ʰʲʷˠˤ͈̥̩̯̃̚˞")


def plain(symbol: str) -> str:
    """Write a phone in the one way that this house writes it.

    Args:
        symbol: IPA as an engine writes it, marks and ties included.

    Returns:
        The letters alone, with ligatures opened: ``"ʧ"`` becomes ``"tʃ"``, ``"iː"`` ``"i"``.
    """
    letters = (
        c
        for c in unicodedata.normalize("NFD", symbol)
        if c == _CEDILLA or (c not in _MARKS and unicodedata.category(c) != "Mn")
    )
    opened = "".join(_ONE_WAY_TO_WRITE.get(c, c) for c in letters)
    return unicodedata.normalize("NFC", opened)


def is_vowel(symbol: str) -> bool:
    """Tell whether a phone, as ``plain`` writes it, is a vowel or a diphthong."""
    return bool(symbol) and symbol[0] in VOWEL_LETTERS
