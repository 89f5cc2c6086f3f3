"""Tags of languages: an engine names a language, people write a language with a region."""

from __future__ import annotations

from collections.abc import Iterable

_REGIONS = {
    "ar": "SA EG AE MA JO", "da": "DK", "de": "DE AT CH", "el": "GR", "en": "US GB AU CA IE IN NZ ZA",
    "es": "ES MX AR US CO CL", "fi": "FI", "fr": "FR BE CA CH", "he": "IL", "hi": "IN", "it": "IT CH", "ja": "JP",
    "ko": "KR", "ms": "MY", "nb": "NO", "nl": "NL BE", "no": "NO", "pl": "PL", "pt": "PT BR", "ru": "RU", "sv": "SE FI",
    "sw": "KE TZ", "tr": "TR", "uk": "UA", "zh": "CN TW SG",
}  # fmt: skip


def with_regions(languages: Iterable[str]) -> frozenset[str]:
    """Give the tags under which people ask for languages that an engine speaks in one way.

    Args:
        languages: Such as ``"de"``.

    Returns:
        Those, and the usual regions of each: ``"de"``, ``"de-AT"`` and so on.
    """
    return frozenset(
        tag
        for language in languages
        for tag in (
            language,
            *(f"{language}-{region}" for region in _REGIONS.get(language, "").split()),
        )
    )


def language_of(tag: str) -> str:
    """Give the language of a tag: ``"de"`` of ``"de-AT"``."""
    return tag.split("-", maxsplit=1)[0].lower()
