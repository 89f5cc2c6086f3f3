"""What is said, as subtitles: SubRip and WebVTT.

Where two or more people speak in a film, captions tell who it is whenever the speaker changes, by the name and a colon.
Viewers must be able to tell speakers apart even where the picture does not
show who speaks (Captioning Key of the DCMP, "Speaker Identification"). WebVTT also carries the name as the cue's voice
(``<v Anna>``, W3C WebVTT, "voice span"), which players may style and do not show, so it is written out there too.
"""

from __future__ import annotations

import html
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
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
    """As they are shown; begun with the speaker's name where that must be told."""
    speaker: str = ""
    """Who says it; empty where only one person speaks in a film."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Spoken:
    """A speech in a film, for its captions."""

    speech: Speech
    starts_s: Fraction
    """When it begins in the film."""
    speaker: str = ""
    """Who says it, as captions name them."""


def cues_from(
    speech: Speech, *, starts_s: Fraction = Fraction(0), named: str = ""
) -> tuple[Cue, ...]:
    """Cut a speech into subtitles, at the ends of phrases and where two lines are full.

    Args:
        speech: What is said; one without words gives no subtitles.
        starts_s: When the speech begins in the film.
        named: The speaker's name, told before the first words.
    """
    rate_hz = speech.sound.sample_rate_hz
    groups = list(_groups(_after_name(named, speech.words)))
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


def cues_of_film(lines: Iterable[Spoken], *, ends_s: Fraction) -> tuple[Cue, ...]:
    """Cut all that is said in a film into subtitles; one makes way for the next.

    Where several people speak, each is named when the speaker changes; a single speaker is not.

    Args:
        lines: All that is said; a recording whose words were given, and could not be laid over it, is spread evenly.
        ends_s: How long the film is.
    """
    told = sorted(
        (one for one in lines if one.speech.words or one.speech.text.strip()),
        key=lambda one: one.starts_s,
    )
    several = len({one.speaker for one in told}) > 1
    cues: list[Cue] = []
    before = ""
    for one in told:
        speaker = one.speaker if several else ""
        named = "" if speaker == before else speaker
        before = speaker
        own = cues_from(one.speech, starts_s=one.starts_s, named=named)
        if not own:
            sound = one.speech.sound
            lasts_s = Fraction(len(sound.samples), sound.sample_rate_hz)
            own = _unlaid(one.speech.text, one.starts_s, one.starts_s + lasts_s, named=named)
        cues += (replace(cue, speaker=speaker) for cue in own)
    if not cues:
        return ()
    cues.sort(key=lambda cue: cue.first_ms)
    ends_ms = int(ends_s * 1000)
    nexts = [*(cue.first_ms for cue in cues[1:]), ends_ms]
    return tuple(
        replace(cue, last_ms=min(cue.last_ms, due, ends_ms))
        for cue, due in zip(cues, nexts, strict=True)
        if cue.first_ms < ends_ms
    )


def _after_name(named: str, words: tuple[Word, ...]) -> tuple[Word, ...]:
    """Put the speaker's name before the words; it takes no time."""
    if not named or not words:
        return words
    first = words[0].first
    name = [Word(text=one, first=first, last=first) for one in f"{named}:".split()]
    return (*name, *words)


def _unlaid(text: str, first_s: Fraction, last_s: Fraction, *, named: str) -> tuple[Cue, ...]:
    """Spread a text evenly over the time in which it is said."""
    words = tuple(
        Word(text=one, first=place, last=place + 1) for place, one in enumerate(text.split())
    )
    groups = list(_groups(_after_name(named, words)))
    count = max(1, len(words))
    step = (last_s - first_s) / count
    return tuple(
        Cue(
            first_ms=round((first_s + group[0].first * step) * 1000),
            last_ms=round((first_s + group[-1].last * step) * 1000),
            lines=_lines(group),
        )
        for group in groups
    )


def to_srt(speech: Speech, *, starts_s: Fraction = Fraction(0)) -> str:
    """Write subtitles in SubRip form; see ``cues_from``."""
    return srt_of(cues_from(speech, starts_s=starts_s))


def srt_of(cues: Iterable[Cue]) -> str:
    """Write subtitles in SubRip form."""
    blocks = [
        f"{number}\n{_clock(cue.first_ms, ',')} --> {_clock(cue.last_ms, ',')}\n"
        + "\n".join(cue.lines)
        for number, cue in enumerate(cues, 1)
    ]
    return "\n\n".join(blocks) + "\n" if blocks else ""


def to_webvtt(speech: Speech, *, starts_s: Fraction = Fraction(0)) -> str:
    """Write subtitles in WebVTT form, for browsers; see ``cues_from``."""
    return webvtt_of(cues_from(speech, starts_s=starts_s))


def webvtt_of(cues: Iterable[Cue]) -> str:
    """Write subtitles in WebVTT form."""
    blocks = ["WEBVTT"] + [
        f"{_clock(cue.first_ms, '.')} --> {_clock(cue.last_ms, '.')}\n"
        + (f"<v {html.escape(cue.speaker, quote=False)}>" if cue.speaker else "")
        + "\n".join(html.escape(line, quote=False) for line in cue.lines)
        for cue in cues
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
