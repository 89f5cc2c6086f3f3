"""Where an English sentence ends, and where a long one may be breathed in."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Literal

LONGEST_LINE = 260
"""Characters said in one breath; some eighteen seconds."""

_ENDS = re.compile(r"[.!?…]+[\"'”’)\]]*\s+(?=\S)")
_FULL_STOPS = (".", "!", "?", "…", "。", "！", "？", "؟")
HALF_STOPS = (",", ";", ":", "—", "–", "،", "、", "，", "；", "：", "؛")
"""Marks behind which a voice goes on."""
_BREATH = re.compile(r"(?<=[;:,—–])[\"'”’)]*\s+")
_BEFORE_A_NAME_WORDS = "Mr Mrs Ms Mx Dr Prof St Mt Ft Rev Fr Sr Gen Col Maj Capt Cmdr Adm Lt Sgt Cpl Pvt Gov Sen Rep Pres Hon Messrs"
_BEFORE_A_NAME = frozenset(_BEFORE_A_NAME_WORDS.split())
_BEFORE_A_NUMBER_WORDS = "No Nos Vol vol Ch ch p pp Fig fig Jan Feb Mar Apr Jun Jul Aug Sep Sept Oct Nov Dec art sec ca approx"
_BEFORE_A_NUMBER = frozenset(_BEFORE_A_NUMBER_WORDS.split())
_WITHIN_WORDS = "e.g i.e vs cf viz al Jr"
_WITHIN = frozenset(_WITHIN_WORDS.split())
_STARTERS_WORDS = (
    "A An And But For He Her Here His How I If In It Its Let Let's My No Now On Our Please She So That The Their Then There "
    "These They This Those We What When Where Who Why Yes You Your"
)
_STARTERS = frozenset(_STARTERS_WORDS.split())
"""Words that, behind an initial or letters with points, begin a new sentence."""


def cut_sentences(row: str) -> list[str]:
    """Cut a line of text into sentences.

    A point after a title, an initial, a month before its day or an abbreviation ends nothing.

    Args:
        row: One line, white space already single.

    Returns:
        Sentences that hold at least one letter or digit; nothing readable is lost.
    """
    sentences: list[str] = []
    start = 0
    for match in _ENDS.finditer(row):
        if _really_ends(row, match):
            sentences.append(row[start : match.end()].strip())
            start = match.end()
    sentences.append(row[start:].strip())
    return [sentence for sentence in sentences if any(c.isalnum() for c in sentence)]


def _really_ends(row: str, match: re.Match[str]) -> bool:
    behind = row[match.end() :]
    following = behind.split(maxsplit=1)[0].strip("\"'“‘(")
    if following[:1].islower():
        return False
    if not match.group().startswith(".") or match.group().startswith(".."):
        return True
    word = (
        row[: match.start()].rsplit(maxsplit=1)[-1].lstrip("\"'“‘(")
        if row[: match.start()].split()
        else ""
    )
    if word in _BEFORE_A_NAME or word in _WITHIN:
        return False
    if word in _BEFORE_A_NUMBER:
        return not following[:1].isdigit()
    initials = re.fullmatch(r"[A-Z]|(?:[A-Za-z]\.)+[A-Za-z]", word) is not None
    return not initials or following.rstrip(",;:") in _STARTERS


def word_ends(words: Sequence[str]) -> list[Literal["", "phrase", "sentence"]]:
    """Tell what ends with each word of a text.

    Args:
        words: The text cut at white space.

    Returns:
        For each word whether a sentence or a phrase ends with it.
    """
    row = " ".join(words)
    full_stops = {m.end() for m in _ENDS.finditer(row) if _really_ends(row, m)} | {len(row) + 1}
    ends: list[Literal["", "phrase", "sentence"]] = []
    at = 0
    for word in words:
        at += len(word) + 1
        tail = word.rstrip("\"'”’)]»")
        if tail.endswith(_FULL_STOPS) and (at in full_stops or not tail.isascii()):
            ends.append("sentence")
        else:
            ends.append("phrase" if tail.endswith(HALF_STOPS) else "")
    return ends


def shorten(sentence: str) -> list[str]:
    """Cut a sentence that is too long for one breath, at punctuation or between words.

    Args:
        sentence: Any text without line breaks.

    Returns:
        Parts of at most ``LONGEST_LINE`` characters, in order; a single word may be cut when it is longer.
    """
    if len(sentence) <= LONGEST_LINE:
        return [sentence]
    middle = len(sentence) / 2
    breaths = [m.end() for m in _BREATH.finditer(sentence)] or [
        m.end() for m in re.finditer(r"\s+", sentence)
    ]
    inner = [cut for cut in breaths if LONGEST_LINE // 6 < cut < len(sentence) - LONGEST_LINE // 6]
    if not inner:
        inner = [
            m.end()
            for m in re.finditer(r"\s+", sentence)
            if LONGEST_LINE // 6 < m.end() < len(sentence) - 8
        ]
    cut = min(inner, key=lambda at: abs(at - middle)) if inner else LONGEST_LINE
    parts = [part.strip() for part in (sentence[:cut], sentence[cut:])]
    return [piece for part in parts if any(c.isalnum() for c in part) for piece in shorten(part)]
