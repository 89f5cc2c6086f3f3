"""The music of a film: one of our own pieces, or the family's own file, made as long as the film."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from jaxtyping import Float32

from vivant.errors import InputError
from vivant.media.hearing import read_sound
from vivant.media.loudness import measure
from vivant.media.mastering import MASTER_RATE_HZ
from vivant.media.sound import Sound
from vivant.music.composing import compose
from vivant.provenance.record import MusicSource

LONGEST_FILE_S = 900.0
SHORTEST_FILE_S = 4.0
"""A shorter piece repeats so often that it is heard to."""
SILENT_LUFS = -55.0
OVERLAP_S = 2.0
"""Where a piece is repeated, its end and its beginning are heard together for this long, at most."""
SEARCHED_S = 0.25
EDGE = 10 ** (-50 / 20)
"""Quieter than this before the first and after the last sound is silence."""


class MusicUnusableError(InputError):
    """The music file is silent, or too short to be repeated."""

    code = "film.music"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Score:
    """Music as long as the film, and what the papers say of it."""

    sound: Sound
    source: MusicSource


def piece_for(name: str, *, seconds: float, seed: int) -> Score:
    """Play one of our own pieces, from its first bar to its close.

    Raises:
        InputError: There is no such piece, or it cannot be that short or long.
    """
    sound = compose(name, seconds=seconds, seed=seed)
    digest = hashlib.sha256(f"vivant.music/{name}/{seconds:.3f}/{seed}".encode()).hexdigest()
    return Score(sound=sound, source=MusicSource(kind="composed", sha256=digest, piece=name))


def file_for(path: Path, *, seconds: float) -> Score:
    """Take a piece from a file: cut where it is longer than the film, repeated without a seam where it is shorter.

    Args:
        path: Any sound file, see ``media.hearing.read_sound``; or a film with sound.
        seconds: How long it must be.

    Raises:
        InputError: It cannot be read, is silent, or too short.
    """
    given = read_sound(path, sample_rate_hz=MASTER_RATE_HZ, longest_s=LONGEST_FILE_S)
    with Path(path).open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    sound = Sound(
        samples=lengthened(_trimmed(given.samples), count=round(seconds * MASTER_RATE_HZ)),
        sample_rate_hz=MASTER_RATE_HZ,
    )
    return Score(sound=sound, source=MusicSource(kind="file", sha256=digest))


def _trimmed(samples: Float32[np.ndarray, " samples"]) -> Float32[np.ndarray, " kept"]:
    """Leave away the silence around a piece; refuse what holds nothing else."""
    seconds = len(samples) / MASTER_RATE_HZ
    lufs = measure(Sound(samples=samples[:], sample_rate_hz=MASTER_RATE_HZ)).lufs
    if lufs <= SILENT_LUFS:
        message = (
            f"The music is silent: {lufs:.0f} LUFS over {seconds:.1f} s, and {SILENT_LUFS:.0f} are needed. "
            "Give another file, one of our own pieces, or no music."
        )
        raise MusicUnusableError(message)
    loud = np.flatnonzero(np.abs(samples) > EDGE * float(np.abs(samples).max()))
    kept = samples[loud[0] : loud[-1] + 1]
    if len(kept) < SHORTEST_FILE_S * MASTER_RATE_HZ:
        message = (
            f"The music lasts {len(kept) / MASTER_RATE_HZ:.1f} s without the silence around it; {SHORTEST_FILE_S:g} s "
            "are needed, so that it can be repeated. Give a longer file, one of our own pieces, or no music."
        )
        raise MusicUnusableError(message)
    return kept


def lengthened(
    samples: Float32[np.ndarray, " samples"], *, count: int
) -> Float32[np.ndarray, " count"]:
    """Cut a piece, or repeat it: at each seam end and beginning fade into one another, where they go together best."""
    if len(samples) >= count:
        return np.ascontiguousarray(samples[:count])
    overlap = min(round(OVERLAP_S * MASTER_RATE_HZ), len(samples) // 4)
    skip = _best_entry(samples, overlap)
    head = samples[skip : skip + overlap]
    tail = samples[-overlap:]
    seam = _crossfaded(tail, head)
    again = np.concatenate([seam, samples[skip + overlap : -overlap]])
    whole = np.empty(count, np.float32)
    at = len(samples) - overlap
    whole[:at] = samples[:at]
    while at < count:
        piece = again[: count - at]
        whole[at : at + len(piece)] = piece
        at += len(piece)
    return whole


def _best_entry(samples: Float32[np.ndarray, " samples"], overlap: int) -> int:
    """Find where in its first quarter second a piece goes best with its own end, so that waves add up."""
    reach = min(round(SEARCHED_S * MASTER_RATE_HZ), len(samples) // 8)
    tail = samples[-overlap:].astype(np.float64)
    near = samples[: reach + overlap].astype(np.float64)
    size = 1 << (len(near) + overlap).bit_length()
    together = np.fft.irfft(np.fft.rfft(near, size) * np.conj(np.fft.rfft(tail, size)), size)
    return int(np.argmax(together[: reach + 1]))


def _crossfaded(
    tail: Float32[np.ndarray, " overlap"], head: Float32[np.ndarray, " overlap"]
) -> Float32[np.ndarray, " overlap"]:
    """Fade at even power, whether the two are alike (a held tone) or not."""
    part = (np.arange(len(tail)) + 0.5) / len(tail)
    go, come = np.cos(part * np.pi / 2), np.sin(part * np.pi / 2)
    power = float(
        np.sqrt(
            np.mean(np.square(tail, dtype=np.float64)) * np.mean(np.square(head, dtype=np.float64))
        )
    )
    alike = float(np.mean(tail.astype(np.float64) * head)) / max(power, 1e-12)
    even = np.sqrt(1 + 2 * go * come * max(0.0, alike))
    return np.asarray((tail * go + head * come) / even, np.float32)
