"""Parts what a person says into what engines learn from and what their results are measured with."""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Sequence

import numpy as np
from jaxtyping import Float32

from vivant.errors import InputError
from vivant.media.loudness import measure
from vivant.media.sound import Sound
from vivant.places import Places
from vivant.voice.listening import hear
from vivant.voice.own_stretches import Stretch
from vivant.voice.person import Reference

RATE_HZ = 24_000
LUFS = -23.0
HIGHEST_PEAK = 0.97
LEAST_OWN_S = 8.0
"""Seconds in which the person speaks alone, that a voice needs at least."""
MOST_REFERENCE_S, MOST_HELD_OUT_S = 60.0, 30.0
HELD_OUT_SHARE, LEAST_HELD_OUT_S = 0.25, 4.0
MOST_HELD_OUT_SHARE = 0.3
"""Of a short recording no more than this is kept apart: something must be left to learn from."""
PIECE_S = 4.0
"""Stretches are parted into pieces of at most about this, each for learning or for measuring."""
SHORT_S = 20.0
"""Of less than this the end is kept apart in one: each cut costs."""
SHORT_PIECE_S = 0.5
GAP_S, FADE_S = 0.12, 0.01


class TooLittleVoiceError(InputError):
    """The person is not heard alone for long enough."""

    code = "voice.too-little-voice"

    def __init__(self, *, own_s: float, needed_s: float) -> None:
        self.own_s = own_s
        self.needed_s = needed_s
        super().__init__(
            f"The person is heard alone for {own_s:.1f} s, and a voice needs {needed_s:.0f} s. "
            "Give more recordings, or longer ones."
        )


def parted(
    stretches: Sequence[Stretch],
    sounds: Sequence[Sound],
    *,
    bandwidth_hz: float,
    snr_db: float,
    places: Places | None = None,
) -> tuple[Reference, Reference]:
    """Part what a person says into what is learned from and what is measured with.

    Args:
        stretches: Where the person speaks alone, in order.
        sounds: The recordings, cleaned, at ``RATE_HZ``.
        bandwidth_hz: Above it the recordings hold nothing of the person.
        snr_db: Speech over noise before cleaning.
        places: Where models are kept.

    Returns:
        The reference, of the stretches that are surest the person's, and the held-out speech, from all along.

    Raises:
        InputError: There is less than ``LEAST_OWN_S``.
        MissingError: The model that hears phones was not fetched.
    """
    pieces = _pieces(stretches)
    whole_s = sum(_seconds(piece) for piece in pieces)
    if whole_s < LEAST_OWN_S:
        raise TooLittleVoiceError(own_s=whole_s, needed_s=LEAST_OWN_S)
    least_s = min(LEAST_HELD_OUT_S, MOST_HELD_OUT_SHARE * whole_s)
    held_s = min(MOST_HELD_OUT_S, max(least_s, HELD_OUT_SHARE * whole_s))
    held = (
        _the_end(pieces, held_s)
        if whole_s < SHORT_S
        else _every_so_often(pieces, share=held_s / whole_s, least_s=held_s)
    )
    learned = [piece for i, piece in enumerate(pieces) if i not in held]
    surest = sorted(learned, key=lambda piece: -piece.sureness)
    kept, seconds = set(), 0.0
    for piece in surest:
        if seconds < MOST_REFERENCE_S:
            kept.add(id(piece))
            seconds += _seconds(piece)
    sides = (
        [piece for piece in learned if id(piece) in kept],
        [pieces[i] for i in sorted(held)],
    )
    reference, held_out = (
        _reference(side, sounds, bandwidth_hz=bandwidth_hz, snr_db=snr_db, places=places)
        for side in sides
    )
    return reference, held_out


def _seconds(piece: Stretch) -> float:
    return (piece.last - piece.first) / RATE_HZ


def _pieces(stretches: Sequence[Stretch]) -> list[Stretch]:
    """Part long stretches evenly, so that a short recording too has several pieces."""
    pieces = []
    short = sum(_seconds(one) for one in stretches) < SHORT_S
    for one in stretches:
        count = max(1, round(_seconds(one) / (SHORT_PIECE_S if short else PIECE_S)))
        edges = np.linspace(one.first, one.last, count + 1).astype(int).tolist()
        pieces += [dataclasses.replace(one, first=a, last=b) for a, b in itertools.pairwise(edges)]
    return pieces


def _the_end(pieces: Sequence[Stretch], seconds: float) -> set[int]:
    """Choose the last pieces, about as long as asked for."""
    held: set[int] = set()
    left = seconds
    for i in reversed(range(1, len(pieces))):
        if left < _seconds(pieces[i]) / 2:
            break
        held.add(i)
        left -= _seconds(pieces[i])
    return held


def _every_so_often(pieces: Sequence[Stretch], *, share: float, least_s: float) -> set[int]:
    """Choose pieces all along, until they make up the share."""
    held: set[int] = set()
    gone = held_s = 0.0
    for i, piece in enumerate(pieces):
        gone += _seconds(piece)
        if held_s + _seconds(piece) / 2 < share * gone and held_s < least_s:
            held.add(i)
            held_s += _seconds(piece)
    for i in reversed(range(len(pieces))):
        if held_s >= least_s or len(held) >= len(pieces) - 1:
            break
        if i not in held:
            held.add(i)
            held_s += _seconds(pieces[i])
    return held


def _reference(
    pieces: Sequence[Stretch],
    sounds: Sequence[Sound],
    *,
    bandwidth_hz: float,
    snr_db: float,
    places: Places | None = None,
) -> Reference:
    gap = np.zeros(round(GAP_S * RATE_HZ), np.float32)
    parts: list[np.ndarray] = []
    before: Stretch | None = None
    for piece in pieces:
        samples = sounds[piece.recording].samples[piece.first : piece.last]
        joined = before is not None and (before.recording, before.last) == (
            piece.recording,
            piece.first,
        )
        if joined:
            parts[-1] = np.concatenate([parts[-1], samples])
        else:
            parts.append(samples)
        before = piece
    faded = [side for part in parts for side in (_faded(part), gap)][:-1]
    sound = Sound(samples=np.concatenate(faded), sample_rate_hz=RATE_HZ)
    gain = 10.0 ** ((LUFS - measure(sound).lufs) / 20)
    gain = min(gain, HIGHEST_PEAK / max(float(np.abs(sound.samples).max()), 1e-6))
    level = Sound(samples=sound.samples * np.float32(gain), sample_rate_hz=RATE_HZ)
    return Reference(
        sound=level,
        phones=hear(level, places=places).phones,
        bandwidth_hz=bandwidth_hz,
        snr_db=snr_db,
    )


def _faded(samples: Float32[np.ndarray, " samples"]) -> Float32[np.ndarray, " samples"]:
    count = min(round(FADE_S * RATE_HZ), len(samples) // 2)
    ramp = np.ones(len(samples), np.float32)
    ramp[:count] = np.linspace(0.0, 1.0, count, dtype=np.float32)
    ramp[len(ramp) - count :] = ramp[:count][::-1]
    return samples * ramp
