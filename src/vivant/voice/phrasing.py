"""From a line as an engine said it to a part of a speech: its pauses, its loudness, how it is acted."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from jaxtyping import Float32

from vivant.errors import InputError
from vivant.media.sound import Sound
from vivant.voice.engine import Said
from vivant.voice.landmarks import HOP_S, level_curve
from vivant.voice.lines import PHRASE_PAUSE_S, Act, ScriptLine
from vivant.voice.phones import PAUSE
from vivant.voice.speech import Direction, Person, Phone, Speech, Word

LEAD_S = 0.06
"""Silence kept before the first sound of a line."""
LEAD_GOING_ON_S = 0.012
"""The same where the line goes on with the sentence of the line before."""
FADE_S = 0.004
"""Fade where a line is cut out of its engine's silence."""
LONGEST_TAIL_S = 0.12
SILENT_DB = -50.0
SWELL_S = 0.06
"""How long the loudness takes from one way of acting to the next."""

SOONEST_CHARACTERS = 12
"""A first clause shorter than this is not worth a line of its own."""
_CLAUSE = re.compile(r"(?<=[,;:—–،、，])[\"'”’)]*\s+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """What all lines of a speech share."""

    voice: str
    """As it was asked for."""
    language: str
    rate: float
    sample_rate_hz: int
    person: Person | None = None


def phrase(said: Said, line: ScriptLine, *, setting: Setting, lead_s: float = LEAD_S) -> Speech:
    """Give a line the silence it should have instead of the silence its engine gave it, and act it.

    Args:
        said: What the engine made of ``line.said``, with phones.
        line: The line of the script.
        setting: What all lines share.
        lead_s: Silence before its first sound; ``LEAD_GOING_ON_S`` in the middle of a sentence.

    Returns:
        The line as speech: pauses before and behind are phones of their own.

    Raises:
        InputError: Nothing sounds in it.
    """
    sounding = [phone for phone in said.phones if phone.symbol != PAUSE]
    if not sounding:
        message = (
            f"The voice {setting.voice} found nothing to say in a line of {len(line.text)} characters. "
            "Write it in words."
        )
        raise InputError(message)
    hz = setting.sample_rate_hz
    begin, end = sounding[0].first, sounding[-1].last
    lead = round(lead_s * hz)
    pace = 1.0 if line.pause_asked else setting.rate * line.rate
    pause = round(line.pause_s / pace * hz)
    # room in which the last sound dies away: half the pause, or until it has where the sentence goes on
    tail = min(pause // 2 or _dying_away(said.samples[end:], hz), len(said.samples) - end)
    pause = max(pause, tail)
    kept = np.array(said.samples[max(0, begin - lead) : end + tail])
    _fade(kept, round(FADE_S * hz))
    samples = np.concatenate(
        [np.zeros(max(0, lead - begin), np.float32), kept, np.zeros(pause - tail, np.float32)]
    )
    shift = lead - begin
    inner = [
        replace(p, first=p.first + shift, last=p.last + shift)
        for p in said.phones
        if begin <= p.first < end
    ]
    before = Phone(symbol=PAUSE, first=0, last=lead)
    after = Phone(symbol=PAUSE, first=end + shift, last=len(samples))
    words, places = _words_as_written(said.words, line, shift)
    directions = _directions(line, words, places)
    spoken = (words[0].first, words[-1].last) if words else (0, 0)
    return Speech(
        sound=Sound(samples=_swelled(samples, line, directions, spoken, hz), sample_rate_hz=hz),
        words=tuple(words),
        phones=tuple(p for p in (before, *inner, after) if p.last > p.first),
        text=line.text,
        language=setting.language,
        voice=setting.voice,
        synthetic=True,
        directions=directions,
        person=setting.person,
    )


def _dying_away(samples: Float32[np.ndarray, " samples"], sample_rate_hz: int) -> int:
    """Tell for how many samples behind its last phone a line is still heard, 120 ms at most."""
    levels = level_curve(
        samples[: round(LONGEST_TAIL_S * sample_rate_hz)], sample_rate_hz=sample_rate_hz
    )
    heard = np.flatnonzero(levels > SILENT_DB)
    hop = max(1, round(HOP_S * sample_rate_hz))
    return int(heard[-1] + 1) * hop if len(heard) else 0


def _fade(samples: Float32[np.ndarray, " samples"], length: int) -> None:
    """Fade both ends in place."""
    length = min(length, len(samples))
    if length:
        ramp = np.linspace(0, 1, length, dtype=np.float32)
        samples[:length] *= ramp
        samples[len(samples) - length :] *= ramp[::-1]


def _words_as_written(
    said: Sequence[Word], line: ScriptLine, shift: int
) -> tuple[list[Word], list[int]]:
    """Give the words as the script has them, each with its place; engines may pass over a lone dash."""
    written = line.text.split()
    words: list[Word] = []
    places: list[int] = []
    place = 0
    for word in said:
        bare = word.text.rstrip(",")
        found = next(
            (i for i in range(place, len(written)) if written[i].rstrip(",") == bare), None
        )
        place = min(place if found is None else found, len(written) - 1)
        words.append(
            replace(word, text=written[place], first=word.first + shift, last=word.last + shift)
        )
        places.append(place)
        place += 1
    if words:
        words[-1] = replace(words[-1], ends=line.ends)
    return words, places


def _directions(
    line: ScriptLine, words: Sequence[Word], places: Sequence[int]
) -> tuple[Direction, ...]:
    found = []
    for act in line.acts:
        within = [
            w for w, place in zip(words, places, strict=True) if act.first <= place < act.last
        ]
        if within:
            found.append(Direction(kind=act.kind, first=within[0].first, last=within[-1].last))
    return tuple(found)


def _swelled(
    samples: Float32[np.ndarray, " samples"],
    line: ScriptLine,
    directions: Sequence[Direction],
    spoken: tuple[int, int],
    sample_rate_hz: int,
) -> Float32[np.ndarray, " samples"]:
    """Make acted stretches louder or softer, never beyond full scale; from end to end where all words are acted."""
    levels = {act.kind: act.level_db for act in line.acts}
    if not any(levels.values()):
        return samples
    half = round(SWELL_S * sample_rate_hz / 2)
    gain_db = np.zeros(len(samples))
    for one in directions:
        first = one.first if one.first > spoken[0] else -half
        last = one.last if one.last < spoken[1] else len(samples) + half
        edges = (first - half, first + half, max(last - half, first + half), last + half)
        gain_db += levels[one.kind] * np.interp(np.arange(len(samples)), edges, (0, 1, 1, 0))
    swelled = samples * (10 ** (gain_db / 20)).astype(np.float32)
    peak = float(np.abs(swelled).max(initial=0.0))
    louder: Float32[np.ndarray, " samples"] = swelled / np.float32(max(1.0, peak))
    return louder


def cut_early(line: ScriptLine) -> tuple[ScriptLine, ...]:
    """Cut a line behind its first clause, for somebody who waits to hear a slow voice.

    Args:
        line: Any line.

    Returns:
        Its first clause and the rest, or the line as it is when it has one clause.
    """
    cuts = [m for m in _CLAUSE.finditer(line.text) if m.start() >= SOONEST_CHARACTERS]
    if not cuts or len(line.text) - cuts[0].end() < SOONEST_CHARACTERS:
        return (line,)
    head, rest = line.text[: cuts[0].start()], line.text[cuts[0].end() :]
    words = len(head.split())
    first = replace(
        line,
        text=head,
        pause_s=PHRASE_PAUSE_S,
        ends="phrase",
        pause_asked=False,
        spoken_as=line.spoken_as[:words],
        acts=_acts_within(line.acts, 0, words),
    )
    second = replace(
        line,
        text=rest,
        spoken_as=line.spoken_as[words:],
        acts=_acts_within(line.acts, words, len(line.text.split())),
    )
    return first, second


def _acts_within(acts: Sequence[Act], first: int, last: int) -> tuple[Act, ...]:
    moved = [
        replace(act, first=max(act.first, first) - first, last=min(act.last, last) - first)
        for act in acts
    ]
    return tuple(act for act in moved if act.last > act.first)
