"""From a text as people write it to the lines that a voice can say one after the other."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from vivant.errors import InputError
from vivant.voice.dictionary import Dictionary
from vivant.voice.directions import MARK, read_directions
from vivant.voice.engine import VoiceTraits
from vivant.voice.letters import check_language, check_letters, check_spoken, looks_english
from vivant.voice.lines import (
    PARAGRAPH_PAUSE_S,
    PHRASE_PAUSE_S,
    SENTENCE_PAUSE_S,
    Act,
    ScriptLine,
    cut_lines,
)

__all__ = [
    "LONGEST_CHARACTERS", "PARAGRAPH_PAUSE_S", "PHRASE_PAUSE_S", "SENTENCE_PAUSE_S", "Act", "Script", "ScriptLine",
    "looks_english", "read_script",
]  # fmt: skip

LONGEST_CHARACTERS = 200_000
"""Some three and a half hours of speech; a film may last four."""

_JOINED = "\u0600-\u0dff"
"""Scripts in which a joiner or a non-joiner between two letters is part of the spelling."""
_INVISIBLE = re.compile(
    rf"[\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff\u00ad]|(?<![{_JOINED}])[\u200c\u200d]|[\u200c\u200d](?![{_JOINED}])"
)
_UNSPEAKABLE = re.compile(r"[^\n -~\xa1-\u02ff]+")
_LOST_PUNCTUATION = re.compile(rf" +({MARK}*)([,.;:!?]+(?![\w{MARK}]))")
_FRENCH_QUOTES = re.compile(r"« ([^«»\n]*?) »")
_PICTURES = re.compile(
    "(?:[\U0001f1e6-\U0001f1ff]{2}|[\u2190-\u21ff\u2300-\u27bf\u2b00-\u2bff\u3030\u303d\U0001f000-\U0001faff]"
    "|[0-9#*]\ufe0f?\u20e3)(?:[\ufe0e\ufe0f\u20e3]|[\U0001f3fb-\U0001f3ff\U000e0020-\U000e007f]"
    "|\u200d[\u2190-\u2bff\U0001f000-\U0001faff])*"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Script:
    """A text ready to be said."""

    text: str
    """NFC, without what cannot be spoken."""
    lines: tuple[ScriptLine, ...]
    notes: tuple[str, ...]
    """What was left out, for people to read."""
    lead_s: float = 0.0
    """Silence that the script asks for before its first word."""


def read_script(
    text: str, *, language: str, traits: VoiceTraits, dictionary: Dictionary | None = None
) -> Script:
    r"""Make a text ready for a voice, or say why it cannot be.

    Args:
        text: As people write it. A line break is a pause, an empty line a longer one; directions stand in
            square brackets, see ``directions``, and ``\[`` is a bracket that is none.
        language: BCP 47 tag of the language it is in.
        traits: What the voice can do.
        dictionary: How words sound that a voice would misread; a pronunciation in the text goes before it.

    Returns:
        The lines to say, each a sentence or less; at least one.

    Raises:
        InputError: It is empty, holds no word, is too long, holds a direction that cannot be followed, is in
            another language than the voice speaks or in letters that the voice cannot read.
    """
    check_spoken(language, traits=traits)
    if not text.strip():
        message = "The text is empty. Give at least one word to say."
        raise InputError(message)
    if len(text) > LONGEST_CHARACTERS:
        message = (
            f"The text has {len(text):,} characters, and one film holds {LONGEST_CHARACTERS:,}, some three and a half hours. "
            f"Cut it into {-(-len(text) // LONGEST_CHARACTERS)} parts at chapter ends and make a film of each."
        )
        raise InputError(message)
    marked = read_directions(text)
    clean, notes = _clean(marked.text)
    shown = re.sub(r" {2,}", " ", clean.replace(MARK, "")).strip()
    check_letters(shown, language=language, traits=traits)
    check_language(shown, language=language, traits=traits)
    lead_s, lines = cut_lines(
        clean, marks=marked.marks, language=language, dictionary=dictionary or Dictionary()
    )
    if not lines:
        message = (
            f"The text holds no word: {len(text.strip())} characters, none of them a letter or a digit that can be read. "
            "Give at least one word to say."
        )
        raise InputError(message)
    return Script(text=shown, lines=lines, notes=notes, lead_s=lead_s)


def _clean(text: str) -> tuple[str, tuple[str, ...]]:
    """Take out what cannot be spoken; marks of directions stay."""
    clean, pictures = _PICTURES.subn(" ", unicodedata.normalize("NFC", text))
    clean = _INVISIBLE.sub("", clean.replace("\u2029", "\n\n").replace("\u2028", "\n"))
    clean = _UNSPEAKABLE.sub(_or_nothing, clean)
    rows = [re.sub(r"\s+", " ", row).strip() for row in clean.split("\n")]
    clean = re.sub(r"\n{3,}", "\n\n", "\n".join(rows)).strip()
    clean = _LOST_PUNCTUATION.sub(r"\2\1", clean)
    clean = _FRENCH_QUOTES.sub(r"«\1»", clean)
    if not pictures:
        return clean, ()
    count = "1 emoji or symbol was" if pictures == 1 else f"{pictures} emoji or symbols were"
    return clean, (f"{count} left out: a voice cannot say them.",)


def _or_nothing(found: re.Match[str]) -> str:
    return "".join(
        c if c in {"\n", MARK, "\u200c", "\u200d"} or unicodedata.category(c)[0] != "C" else " "
        for c in found[0]
    )
