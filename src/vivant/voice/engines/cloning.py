"""What engines that clone a voice from a recording have in common."""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import soundfile
import soxr
from jaxtyping import Float32

from vivant.errors import InputError
from vivant.voice.engine import Line, VoiceTraits
from vivant.voice.person import Character, Reference

SAMPLES, RATE = "samples", "sample_rate_hz"
_HUBS = frozenset({"huggingface_hub", "requests", "httpx", "urllib3"})
"""Libraries whose errors mean that weights could not be fetched."""


def character_from(reference: Reference, *, traits: VoiceTraits, most_s: float) -> Character:
    """Keep of a person's recording what a cloning engine needs.

    Args:
        reference: The person heard alone.
        traits: Of the engine.
        most_s: Seconds that the engine makes use of.

    Raises:
        InputError: The recording is shorter than the engine needs.
    """
    needed_s = traits.clones_from_s or 0.0
    if reference.seconds < needed_s:
        message = (
            f"The voice engine {traits.name} needs {needed_s:g} s of the person speaking, and {reference.seconds:.1f} s "
            "were found. Give a longer recording, or several."
        )
        raise InputError(message)
    rate = reference.sound.sample_rate_hz
    kept = reference.sound.samples[: _end_of_phone(reference, round(most_s * rate))]
    return Character(
        engine=traits.name,
        version=traits.version,
        arrays={SAMPLES: np.array(kept, np.float32), RATE: np.array(rate)},
    )


def recording_of(
    character: Character, *, traits: VoiceTraits, sample_rate_hz: int
) -> Float32[np.ndarray, " samples"]:
    """Give a person's recording back, at a sample rate.

    Raises:
        InputError: The character was made by another engine.
    """
    arrays = character.arrays
    if character.engine != traits.name or SAMPLES not in arrays or RATE not in arrays:
        message = (
            f"The voice was learned for the engine {character.engine}, and {traits.name} is to speak. "
            "Choose that engine, or learn the voice again."
        )
        raise InputError(message)
    samples = np.asarray(arrays[SAMPLES], np.float32)
    return resampled(samples, int(arrays[RATE]), sample_rate_hz)


def resampled(
    samples: Float32[np.ndarray, " samples"], rate: int, wanted: int
) -> Float32[np.ndarray, " resampled"]:
    """Bring sound to another sample rate, within full scale."""
    if rate == wanted:
        return samples
    found: np.ndarray = soxr.resample(samples, rate, wanted)
    return np.asarray(np.clip(found, -1.0, 1.0), np.float32)


def key_of(samples: Float32[np.ndarray, " samples"]) -> str:
    """Tell recordings apart."""
    return hashlib.sha256(np.ascontiguousarray(samples).tobytes()).hexdigest()


def nobody_to_be(traits: VoiceTraits, line: Line) -> InputError:
    """Say that an engine speaks only like a person who was learned."""
    message = (
        f"The voice engine {traits.name} speaks only like a person, and none was given for a line of {len(line.text)} "
        f"characters. Learn one first (vivant voice learn), then ask for NAME@{traits.name}."
    )
    return InputError(message)


def is_about_weights(error: Exception) -> bool:
    """Tell whether an error means that weights are not here and could not be fetched."""
    return isinstance(error, OSError) or type(error).__module__.split(".")[0] in _HUBS


@contextmanager
def short_lived_files() -> Iterator[Path]:
    """Give a folder for sounds that a library wants as files; it is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="vivant-") as folder:
        yield Path(folder)


def write_wav(path: Path, samples: Float32[np.ndarray, " samples"], *, sample_rate_hz: int) -> None:
    """Write mono sound as 16-bit WAV."""
    soundfile.write(path, samples, sample_rate_hz, subtype="PCM_16")


def _end_of_phone(reference: Reference, most: int) -> int:
    """Cut between phones, at a pause where one is near."""
    ends = [phone.last for phone in reference.phones if phone.last <= most]
    pauses = [
        phone.first
        for phone in reference.phones
        if not phone.symbol and most * 0.7 < phone.first <= most
    ]
    return min(max(pauses or ends, default=most), len(reference.sound.samples))
