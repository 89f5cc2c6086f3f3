"""The words that are shown before somebody agrees, in several languages; a record keeps their hash."""

from __future__ import annotations

from importlib import resources

from vivant.errors import InputError
from vivant.provenance.consent_parts import Notice
from vivant.provenance.safekeeping import sha256_hex

LANGUAGES: tuple[str, ...] = ("en", "de", "zh", "fr", "es")
"""In which the notice and receipts are written, BCP 47."""
VERSION = "1"


def known_language(tag: str) -> str:
    """Find the language of our texts that fits a tag: ``"de"`` for ``"de-AT"``; English when none does."""
    primary = tag.partition("-")[0].lower()
    return primary if primary in LANGUAGES else "en"


def notice_text(language: str) -> str:
    """Read the notice.

    Raises:
        InputError: There is none in that language.
    """
    if language not in LANGUAGES:
        message = f"The notice is written in {', '.join(LANGUAGES)}, not in {language}. Choose one of those."
        raise InputError(message)
    return form_text(f"notice.{language}.md")


def notice_shown(language: str) -> Notice:
    """Name the notice as a record does: where it is, which version, its hash.

    Raises:
        InputError: There is none in that language.
    """
    text = notice_text(language)
    return Notice(
        uri=f"vivant:notice/{language}", version=VERSION, sha256=sha256_hex(text.encode())
    )


def form_text(name: str) -> str:
    """Read one of the texts that come with the package; line ends are those of Unix everywhere."""
    found = resources.files("vivant.provenance").joinpath("forms", name)
    return found.read_text(encoding="utf-8").replace("\r\n", "\n")
