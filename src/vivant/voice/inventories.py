"""The speech sounds of languages, to hear a recording of a known language by."""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

_INVENTORIES = {
    "ar": "a i u ə aɪ aʊ b d dʒ f h j k l m n q r s t w z ð ħ ɡ ɣ ʃ ʔ ʕ θ χ",
    "de": "a aɪ aʊ b d e f h i j k l m n o p s t ts u v y z ç ø ŋ œ ɐ ɔ ɔɪ ə ɛ ɡ ɪ ʁ ʃ ʊ ʏ x tʃ",
    "es": "a b d e f i j k l m n o p r s t tʃ u w x ð ŋ ɡ ɣ ɲ ɾ β θ ʝ",
    "fr": "a b d e f i j k l m n o p s t u v w y z ø œ ɑ ɔ ə ɛ ɡ ɥ ɲ ʁ ʃ ʒ",
    "hi": "a b d dʒ e h i j k l m n o p r s t tʃ u ŋ ɔ ə ɛ ɖ ɡ ɪ ɾ ɽ ʃ ʈ ʊ ʋ ʌ",
    "it": "a b d dz dʒ e f i j k l m n o p r s t ts tʃ u v w z ɔ ɛ ɡ ɲ ʃ ʎ",
    "ja": "a b d dʑ e h i j k m n o p s t ts tɕ w z ŋ ɕ ɡ ɯ ɸ ɾ",
    "ko": "a b d dʑ e h i j k l m n o p s t tɕ u w ŋ ɛ ɡ ɯ ɾ ʌ",
    "nl": "a aʊ b d e ɛɪ f h i j k l m n o p r s t u v x y z ø ŋ œ ɑ ɔ ə ɛ ɣ ɪ ʏ ʋ",
    "pl": "a b d dz dʑ dʒ f i j k l m n p r s t ts tɕ tʃ u v w x z ŋ ɔ ɕ ɛ ɡ ɨ ɲ ʃ ʑ ʒ",
    "pt": "a b d dʒ e eɪ f i j k l m n o p s t tʃ u v w z ŋ ɐ ɔ ɛ ɡ ɨ ɲ ɾ ʁ ʃ ʊ ʎ ʒ",
    "ru": "a b d e f i j k l m n o p r s t ts tɕ u v x z ɐ ə ɕ ɛ ɡ ɨ ɪ ʃ ʊ ʒ",
    "sv": "a b d e f h i j k l m n o p r s t u v y ø ŋ œ ɑ ɔ ɕ ɛ ɡ ɪ ʂ ʉ ʊ ʏ",
    "tr": "a b d dʒ e f h i j k l m n o p s t tʃ u v y z ø ɡ ɛ ɯ ɾ ʃ ʒ",
    "uk": "a b d dz dʒ e f i j k l m n o p r s t ts tʃ u w x z ɔ ɛ ɡ ɦ ɪ ʃ ʊ ʋ ʒ",
    "zh": "a aɪ aʊ e eɪ f i j k l m n o oʊ p s t ts tɕ tʂ u w x y ŋ ɑ ɕ ə ɛ ɤ ɨ ʂ ɻ",
}
INVENTORIES: Final = MappingProxyType(
    {language: tuple(symbols.split()) for language, symbols in _INVENTORIES.items()}
)
"""For the first part of a BCP 47 tag the phones, as ``phones.plain`` writes them."""
_ALSO = {"cmn": "zh", "be": "ru", "gl": "es", "ca": "es", "nb": "sv", "no": "sv", "da": "sv", "ur": "hi", "af": "nl"}  # fmt: skip


def inventory(language: str) -> tuple[str, ...]:
    """List the phones of a language, or of one that is near it.

    Args:
        language: BCP 47 tag.

    Returns:
        Empty when they are not listed here, and for English.
    """
    first = language.lower().split("-")[0]
    return INVENTORIES.get(_ALSO.get(first, first), ())
