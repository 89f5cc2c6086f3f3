"""What is said, as subtitles: SubRip and WebVTT."""

from __future__ import annotations

import html
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from vivant.voice.speech import Speech, Word

LINE_CHARACTERS = 42
"""Longest line that subtitlers write for a screen."""
MOST_LINES = 2
LINGERS_S = Fraction(1, 2)
"""A subtitle stays a little after its last word, unless the next one is due."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cue:
    """One subtitle."""

    first_ms: int
    last_ms: int
    lines: tuple[str, ...]


def cues_from(speech: Speech, *, starts_s: Fraction = Fraction(0)) -> tuple[Cue, ...]:
    """Cut a speech into subtitles, at the ends of phrases and where two lines are full.

    Args:
        speech: What is said; one without words gives no subtitles.
        starts_s: When the speech begins in the film.
    """
    rate_hz = speech.sound.sample_rate_hz
    groups = list(_groups(speech.words))
    cues = []
    for place, group in enumerate(groups):
        first = starts_s + Fraction(group[0].first, rate_hz)
        last = starts_s + Fraction(group[-1].last, rate_hz) + LINGERS_S
        if place + 1 < len(groups):
            last = min(last, starts_s + Fraction(groups[place + 1][0].first, rate_hz))
        cues.append(
            Cue(first_ms=round(first * 1000), last_ms=round(last * 1000), lines=_lines(group))
        )
    return tuple(cues)


def to_srt(speech: Speech, *, starts_s: Fraction = Fraction(0)) -> str:
    """Write subtitles in SubRip form; see ``cues_from``."""
    blocks = [
        f"{number}\n{_clock(cue.first_ms, ',')} --> {_clock(cue.last_ms, ',')}\n"
        + "\n".join(cue.lines)
        for number, cue in enumerate(cues_from(speech, starts_s=starts_s), 1)
    ]
    return "\n\n".join(blocks) + "\n" if blocks else ""


def to_webvtt(speech: Speech, *, starts_s: Fraction = Fraction(0)) -> str:
    """Write subtitles in WebVTT form, for browsers; see ``cues_from``."""
    blocks = ["WEBVTT"] + [
        f"{_clock(cue.first_ms, '.')} --> {_clock(cue.last_ms, '.')}\n"
        + "\n".join(html.escape(line, quote=False) for line in cue.lines)
        for cue in cues_from(speech, starts_s=starts_s)
    ]
    return "\n\n".join(blocks) + "\n"


def _groups(words: tuple[Word, ...]) -> Iterator[list[Word]]:
    group: list[Word] = []
    for word in words:
        if group and len(_lines([*group, word])) > MOST_LINES:
            yield group
            group = []
        group.append(word)
        if word.ends == "sentence" or (word.ends == "phrase" and len(_lines(group)) == MOST_LINES):
            yield group
            group = []
    if group:
        yield group


def _lines(group: list[Word]) -> tuple[str, ...]:
    lines = [""]
    for word in group:
        longer = f"{lines[-1]} {word.text}".strip()
        if len(longer) > LINE_CHARACTERS and lines[-1]:
            lines.append(word.text)
        else:
            lines[-1] = longer
    return tuple(lines)


def _clock(moment_ms: int, point: str) -> str:
    seconds, ms = divmod(moment_ms, 1000)
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours:02d}:{minutes:02d}:{seconds:02d}{point}{ms:03d}"
