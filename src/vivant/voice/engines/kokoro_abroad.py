"""Languages other than English in Kokoro's alphabet, from the IPA that espeak-ng writes.

The network learned them so: espeak-ng's letters as they are, but for affricates and closing
diphthongs, which are one letter each.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

from vivant.voice.engines.espeak import SpokenWord
from vivant.voice.engines.kokoro_model import NUMBER_OF
from vivant.voice.engines.spelling import BREAKS, NO_WORD, Spelled

ABROAD = ("es-ES", "fr-FR", "hi-IN", "it-IT", "pt-BR")
"""BCP 47 tags of the languages that it learned from espeak-ng."""
_ONE_LETTER = {
    "aɪ": "I", "aʊ": "W", "dz": "ʣ", "dʒ": "ʤ", "eɪ": "A", "oʊ": "O", "əʊ": "Q", "ts": "ʦ", "tʃ": "ʧ", "ɔɪ": "Y", "tɕ": "ʨ",
    "dʑ": "ʥ",
}  # fmt: skip
_SIGNS = {"¿": "", "¡": "", "«": "“", "»": "”", "।": ".", "–": "—", "(": "(", ")": ")"}


def spell_abroad(words: Sequence[SpokenWord]) -> Spelled:
    """Write a sentence in Kokoro's alphabet.

    Args:
        words: As espeak-ng says them.

    Returns:
        The letters, and the written word that each belongs to.
    """
    known: list[tuple[str, int]] = []
    for place, word in enumerate(words):
        before, after = _around(word.text)
        letters = _letters(word.ipa)
        known += [(c, NO_WORD) for c in before]
        known += [(c, place) for c in letters]
        known += [(c, NO_WORD) for c in after]
        known.append((" ", NO_WORD))
    while known and known[-1][0] == " ":
        known.pop()
    if known and known[-1][0] not in BREAKS:
        known.append((".", NO_WORD))  # a line without an end would break off
    return Spelled(
        letters="".join(c for c, _ in known),
        word_of=tuple(place for _, place in known),
        words=tuple(word.text for word in words),
    )


def _letters(ipa: str) -> str:
    whole = unicodedata.normalize("NFD", ipa).replace("c\u0327", "ç").replace("͡", "")
    for pair, letter in _ONE_LETTER.items():
        whole = whole.replace(pair, letter)
    return "".join(c for c in whole if c in NUMBER_OF and c not in BREAKS)


def _around(written: str) -> tuple[str, str]:
    """Take the punctuation before and behind a word, as far as Kokoro knows it."""
    inner = [i for i, c in enumerate(written) if c.isalnum()]
    if not inner:
        return "", _signs(written)
    return _signs(written[: inner[0]]), _signs(written[inner[-1] + 1 :])


def _signs(text: str) -> str:
    signs = "".join(_SIGNS.get(c, c) for c in text)
    return "".join(c for c in signs if c in NUMBER_OF and not c.isalnum())
