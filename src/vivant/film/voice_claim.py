"""Check the mark in the sound of a person's voice, in a film or alone."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import av
import numpy as np

from vivant.errors import InputError, MissingError
from vivant.film.claim import Claim
from vivant.media.containers import opened
from vivant.media.sound import Sound
from vivant.places import Places
from vivant.provenance.manifest import Credentials
from vivant.provenance.sound_mark import PRESENT, read_sound_mark

LISTENED_S = 30.0
"""Seconds of a film's sound in which the mark is looked for."""
RATE_HZ = 24_000


def voice_claim(path: Path, credentials: Credentials, places: Places) -> Claim | None:
    """Look in a film's sound for the mark that its papers promise."""
    try:
        piece = beginning_of(path, seconds=LISTENED_S)
    except InputError as error:
        return Claim(name="voice", ok=False, why=str(error))
    return mark_claim([piece], credentials, places, name="voice")


def beginning_of(path: Path, *, seconds: float) -> Sound:
    """Decode the first seconds of a film's sound, and no more.

    Raises:
        InputError: It has none, or cannot be read.
    """
    with opened(path) as file:
        if not file.streams.audio:
            message = "The film has no sound, and its papers promise a marked voice."
            raise InputError(message)
        mixer = av.AudioResampler(format="flt", layout="mono", rate=RATE_HZ)
        pieces: list[np.ndarray] = []
        count = 0
        for frame in file.decode(file.streams.audio[0]):
            frame.pts = None
            for mixed in mixer.resample(frame):
                pieces.append(mixed.to_ndarray().reshape(-1).astype(np.float32))
                count += len(pieces[-1])
            if count >= seconds * RATE_HZ:
                break
    return Sound(samples=np.concatenate([np.zeros(0, np.float32), *pieces]), sample_rate_hz=RATE_HZ)


def mark_claim(
    pieces: Sequence[Sound], credentials: Credentials, places: Places, *, name: str = "watermark"
) -> Claim | None:
    """Look for the watermark where the papers promise it, and where there are none that could tell."""
    promised = credentials.voice_watermark
    if credentials.state in ("trusted", "valid") and not promised:
        return None
    try:
        best = max(read_sound_mark(piece, places=places).confidence for piece in pieces)
    except MissingError as error:
        if not promised:
            return None
        return Claim(name=name, ok=False, why=f"It could not be looked for: {error}")
    present = best >= PRESENT
    if not promised and not present:
        return None
    found = "is in the sound" if present else "is not found in the sound"
    why = f"The watermark of machine-made voices {found} (confidence {best:.2f})."
    return Claim(name=name, ok=present, why=why)
