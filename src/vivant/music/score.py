"""What is played: notes in beats, and the few words in which pieces are written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

Instrument = Literal["piano", "strings", "harp", "bell"]

MAJOR = (0, 2, 4, 5, 7, 9, 11)


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """One note."""

    instrument: Instrument
    start: float
    """In beats from the start of the piece."""
    beats: float
    pitch: float
    """MIDI number: 69 is A at 440 Hz."""
    loud: float
    """0..1."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Chord:
    """A chord as degrees of the scale, from the bass up: 1 is the key note, 8 the same an octave higher."""

    bass: int
    tones: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """One bar: its chord, and its melody as degree and beats; degree 0 is silence."""

    chord: Chord
    melody: tuple[tuple[int, float], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A short piece. It is played for any length: bars from the start, and always the same four to close."""

    name: str
    about: str
    key: int
    """MIDI number of the key note below the melody."""
    beats_a_bar: int
    beats_a_minute: float
    bars: tuple[Bar, ...]
    close: tuple[Bar, Bar, Bar, Bar]
    broken: tuple[tuple[float, int], ...]
    """How chords are broken: beat in the bar, and which tone (0 is the bass)."""
    melody_on: Instrument
    broken_on: Instrument
    pad: float
    """Loudness of the strings underneath, 0..1."""


def pitch_of(degree: int, key: int) -> int:
    """Give the MIDI number of a degree of the major scale; degrees go on above 7 and below 1."""
    octave, step = divmod(degree - 1, 7)
    return key + 12 * octave + MAJOR[step]


def bars_of(text: str) -> tuple[Bar, ...]:
    """Read bars: ``bass/tones: degree.beats ...`` each, divided by ``|``.

    The bass and the tones are degrees; a melody note without beats lasts one.
    """
    bars = []
    for part in text.split("|"):
        head, _, tune = part.partition(":")
        bass, _, tones = head.strip().partition("/")
        notes = []
        for word in tune.split():
            degree, _, beats = word.partition(".")
            notes.append((int(degree), float(beats or 1)))
        bars.append(
            Bar(
                chord=Chord(bass=int(bass), tones=tuple(int(tone) for tone in tones.split(","))),
                melody=tuple(notes),
            )
        )
    return tuple(bars)


def four(bars: Sequence[Bar]) -> tuple[Bar, Bar, Bar, Bar]:
    """Take exactly four bars."""
    first, second, third, fourth = bars
    return first, second, third, fourth
