"""The door of the music room."""

from __future__ import annotations

import difflib

import numpy as np

from vivant.errors import InputError
from vivant.media.sound import Sound
from vivant.music.hall import in_hall
from vivant.music.instruments import INSTRUMENTS, RATE_HZ
from vivant.music.pieces import PIECES
from vivant.music.score import Bar, Note, Piece, pitch_of

SHORTEST_S, LONGEST_S = 6.0, 900.0
RING_S = 3.2
"""The last chord rings this long."""
PEAK = 0.7


class UnknownMusicError(InputError):
    """There is no piece of that name."""

    code = "music.unknown"


class MusicLengthError(InputError):
    """The length asked for is too short to be music, or too long."""

    code = "music.length"


def compose(name: str, *, seconds: float, seed: int = 0) -> Sound:
    """Play a piece for a length of time, from its first bar to its close.

    Bars are added or left out, and the tempo is bent by at most a fifth, so that the last chord begins just before the
    end and rings until then. Another seed gives other small unevennesses of touch and time, as a player has.

    Args:
        name: One of ``PIECES``: stillness, ascent, daylight, keepsake.
        seconds: How long, 6 to 900.
        seed: Chance.

    Returns:
        Mono sound at 48 kHz, its peak at 0.7; the same input gives the same samples.

    Raises:
        UnknownMusicError: There is no such piece.
        MusicLengthError: The length is out of range.
    """
    piece = _piece_named(name)
    if not SHORTEST_S <= seconds <= LONGEST_S:
        message = f"The music shall last {seconds:g} seconds; {SHORTEST_S:g} to {LONGEST_S:g} can be played. Choose another length, or music: none."
        raise MusicLengthError(message)
    bars, beat_s = _bars_for(piece, seconds)
    notes = _arranged(piece, bars)
    rng = np.random.default_rng(seed)
    dry = np.zeros(round(seconds * RATE_HZ), np.float32)
    last = len(bars) * piece.beats_a_bar
    for note in notes:
        late = (
            beat_s * 2.0 * max(0.0, (note.start - last + 6) / 6) ** 2 * 0.35
        )  # slows down to the close
        at_s = note.start * beat_s + late + abs(rng.normal(0, 0.009))
        loud = float(np.clip(note.loud * (1 + rng.normal(0, 0.06)), 0.05, 1))
        played = INSTRUMENTS[note.instrument](note.pitch, note.beats * beat_s, loud, rng)
        first = round(at_s * RATE_HZ)
        played = played[: max(0, len(dry) - first)]
        dry[first : first + len(played)] += played
    sound = in_hall(dry)
    fade = np.clip((seconds - np.arange(len(sound)) / RATE_HZ) / 2.0, 0, 1).astype(np.float32) ** 2
    sound = sound * fade * np.float32(PEAK / max(1e-6, float(np.abs(sound * fade).max())))
    return Sound(samples=np.ascontiguousarray(sound, np.float32), sample_rate_hz=RATE_HZ)


def _piece_named(name: str) -> Piece:
    if name in PIECES:
        return PIECES[name]
    near = difflib.get_close_matches(name, PIECES, n=1)
    hint = f" Did you mean {near[0]}?" if near else ""
    message = f"There is no music called {name!r}; there are {', '.join(sorted(PIECES))}, or a file of your own.{hint}"
    raise UnknownMusicError(message)


def _bars_for(piece: Piece, seconds: float) -> tuple[list[Bar], float]:
    """Choose how many bars there are, and how long a beat is."""
    room_s = max(2.0, seconds - RING_S)
    bar_s = piece.beats_a_bar * 60 / piece.beats_a_minute
    count = max(2, round(room_s / bar_s))
    opening = [piece.bars[k % len(piece.bars)] for k in range(max(0, count - 4))]
    closing = list(piece.close[-min(4, count) :])
    return opening + closing, room_s / (count * piece.beats_a_bar)


def _arranged(piece: Piece, bars: list[Bar]) -> list[Note]:
    """Write out what each instrument plays, growing to the middle and calm at the end."""
    notes: list[Note] = []
    for count, bar in enumerate(bars):
        start = count * piece.beats_a_bar
        is_last = count == len(bars) - 1
        arc = 0.72 + 0.28 * np.sin(np.pi * (count + 0.5) / len(bars))
        notes += _broken(piece, bar, start, arc, is_last=is_last)
        notes += _tune(piece, bar, start, arc)
        held = piece.beats_a_bar + (4 if is_last else 0.15)
        for degree in (bar.chord.bass + 7, *bar.chord.tones[:3]):
            notes.append(
                Note(
                    instrument="strings",
                    start=start,
                    beats=held,
                    pitch=pitch_of(degree, piece.key - 12),
                    loud=piece.pad * arc * 0.8,
                )
            )
    return notes


def _broken(piece: Piece, bar: Bar, start: float, arc: float, *, is_last: bool) -> list[Note]:
    tones = [bar.chord.bass + 7, *bar.chord.tones]
    tones += [tone + 7 for tone in bar.chord.tones]
    if is_last:
        return [
            Note(
                instrument=piece.broken_on,
                start=start + 0.12 * k,
                beats=6.0,
                pitch=pitch_of(degree, piece.key - 12),
                loud=0.40 * arc,
            )
            for k, degree in enumerate(tones[:4])
        ]
    return [
        Note(
            instrument=piece.broken_on,
            start=start + beat,
            beats=2.0 if which == 0 else 1.0,
            pitch=pitch_of(tones[which] - (7 if which == 0 else 0), piece.key - 12),
            loud=(0.46 if which == 0 else 0.30) * arc,
        )
        for beat, which in piece.broken
    ]


def _tune(piece: Piece, bar: Bar, start: float, arc: float) -> list[Note]:
    notes, at = [], 0.0
    for degree, beats in bar.melody:
        if degree:
            notes.append(
                Note(
                    instrument=piece.melody_on,
                    start=start + at,
                    beats=beats,
                    pitch=pitch_of(degree, piece.key),
                    loud=(0.62 if beats > 1 else 0.54) * arc,
                )
            )
        at += beats
    return notes
