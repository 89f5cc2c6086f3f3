"""Who speaks with Kokoro: names as people type them, and what they sound like."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import lru_cache

from vivant.errors import InputError
from vivant.voice.engines.kokoro_styles import style_pack

LANGUAGE_OF = {
    "a": "en-US",
    "b": "en-GB",
    "e": "es-ES",
    "f": "fr-FR",
    "h": "hi-IN",
    "i": "it-IT",
    "j": "ja-JP",
    "p": "pt-BR",
    "z": "zh-CN",
}
"""BCP 47 tag for the first letter of a voice's name."""
_SPEECH = {
    "en-US": "American",
    "en-GB": "British",
    "es-ES": "Spanish",
    "fr-FR": "French",
    "hi-IN": "Hindi",
    "it-IT": "Italian",
    "ja-JP": "Japanese",
    "pt-BR": "Brazilian Portuguese",
    "zh-CN": "Mandarin Chinese",
}
ENGLISH = ("en-US", "en-GB")
_BEST_FIRST = ("af_heart", "am_michael", "bf_emma", "bm_george", "af_bella", "am_puck", "am_fenrir")
"""Graded best by Kokoro's author, or fewest words wrong; the first is used unasked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KokoroName:
    """One of the voices."""

    name: str
    """As people type it: ``"michael"``."""
    style: str
    """As Kokoro calls it: ``"am_michael"``."""
    language: str
    """BCP 47: what it grew up with."""
    sounds: str
    """For people: ``"a man, American"``."""


@lru_cache(maxsize=1)
def kokoro_names() -> tuple[KokoroName, ...]:
    """List all voices, the English ones first, the best of them before the others.

    The name is short where one voice has it, or where its bearer is the only one who speaks English;
    the others keep Kokoro's letters before it (``"em_santa"``).
    """
    styles = style_pack().names
    bearers = Counter(style[3:] for style in styles)
    english = {style[3:] for style in styles if LANGUAGE_OF[style[0]] in ENGLISH}
    found = []
    for style in sorted(styles, key=_rank):
        language = LANGUAGE_OF[style[0]]
        short = style[3:]
        alone = bearers[short] == 1 or (language in ENGLISH and short in english)
        who = "a woman" if style[1] == "f" else "a man"
        found.append(
            KokoroName(
                name=short if alone else style,
                style=style,
                language=language,
                sounds=f"{who}, {_SPEECH[language]}",
            )
        )
    return tuple(found)


def kokoro_voice(name: str) -> KokoroName:
    """Find a voice by either of its names; ``""`` is the first.

    Raises:
        InputError: There is none; the message lists them.
    """
    names = kokoro_names()
    if not name:
        return names[0]
    for one in names:
        if name in {one.name, one.style}:
            return one
    message = f"Kokoro has no voice {name!r}. It has: {', '.join(one.name for one in names)}."
    raise InputError(message)


def native_voice(language: str) -> KokoroName:
    """Find the first voice that grew up with a language, by its BCP 47 tag."""
    return next(one for one in kokoro_names() if one.language == language)


def _rank(style: str) -> tuple[int, int, str]:
    language = "abefhijpz".index(style[0])
    best = _BEST_FIRST.index(style) if style in _BEST_FIRST else len(_BEST_FIRST)
    return (0 if language < 2 else language, best, style)
