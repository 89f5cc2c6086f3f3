"""Sounds from files and back. Only uncommon containers are refused: those need FFmpeg, which lives in the film room."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import soundfile
import soxr
from jaxtyping import Float32

from vivant.errors import InputError, ResourceError
from vivant.media.sound import Sound

LONGEST_S = 1800.0
LARGEST_BYTES = 4_000_000_000
LOWEST_RATE_HZ, HIGHEST_RATE_HZ = 4_000, 384_000
BLOCK_FRAMES = 1 << 18
CANCELLED = 0.1
"""Channels whose sum is this much quieter than the louder one cancel each other; it is taken alone."""
CLIPPED_AT = 0.999
CLIPPED_RUN = 3
"""Samples in a row at full scale that make a clipped peak; one alone may be chance."""


class SoundUnreadableError(InputError):
    """A file holds no sound that can be read."""

    code = "media.sound-unreadable"


@dataclass(frozen=True, slots=True, kw_only=True)
class SoundCondition:
    """How a sound is, for notes and errors."""

    level_db: float
    """RMS over everything in dB FS; -120 for silence."""
    peak: float
    """Largest sample, full scale 1.0."""
    clipped_share: float
    """Share of the samples that lie in clipped peaks."""


def read_sound(path: Path | str, *, sample_rate_hz: int | None = None) -> Sound:
    """Read a sound file: WAV, FLAC, OGG, MP3, AIFF, at any depth and with any number of channels.

    Args:
        path: The file.
        sample_rate_hz: Rate to convert to; the file's own when None.

    Returns:
        Mono sound: the mean of the channels, or the louder one where they cancel. Full scale is ±1.0;
        samples of float files beyond it are kept.

    Raises:
        InputError: There is no such file, it is no sound, empty, damaged, longer than ``LONGEST_S``,
            or it holds samples that are no numbers.
        ResourceError: It cannot be opened.
    """
    path = Path(path)
    _check_file(path)
    try:
        with soundfile.SoundFile(path) as file:
            _check_head(file)
            samples = _read_mono(file)
            rate = int(file.samplerate)
    except soundfile.LibsndfileError as error:
        message = (
            f"This is no sound that can be read ({path.suffix or 'no suffix'}, {path.stat().st_size:,} bytes): "
            f"{error.error_string.strip().rstrip('.')}. Needed is WAV, FLAC, OGG or MP3; convert others, "
            "for instance with `ffmpeg -i FILE sound.wav`."
        )
        raise SoundUnreadableError(message) from error
    except OSError as error:
        message = (
            f"The sound file cannot be opened: {error.strerror or error}. Check its permissions."
        )
        raise ResourceError(message) from error
    return resampled(
        Sound(samples=samples, sample_rate_hz=rate), sample_rate_hz=sample_rate_hz or rate
    )


def _check_file(path: Path) -> None:
    if not path.exists():
        message = f"There is no sound file at this path ({path.suffix or 'no suffix'}). Check the spelling."
        raise SoundUnreadableError(message)
    if not path.is_file():
        message = "The path of the sound leads to a folder or a device. Give a sound file."
        raise SoundUnreadableError(message)
    size = path.stat().st_size
    if size == 0:
        message = "The sound file is empty (0 bytes). Record or copy it again."
        raise SoundUnreadableError(message)
    if size > LARGEST_BYTES:
        message = f"The sound file has {size / 1e9:.1f} GB; at most {LARGEST_BYTES / 1e9:.0f} GB are read. Cut it."
        raise SoundUnreadableError(message)


def _check_head(file: soundfile.SoundFile) -> None:
    rate, seconds = int(file.samplerate), file.frames / file.samplerate
    if not LOWEST_RATE_HZ <= rate <= HIGHEST_RATE_HZ:
        message = f"The sound has {rate} samples a second; from {LOWEST_RATE_HZ} to {HIGHEST_RATE_HZ} can be used."
        raise SoundUnreadableError(message)
    if file.frames <= 0:
        message = "The sound file holds no samples. Record or copy it again."
        raise SoundUnreadableError(message)
    if seconds > LONGEST_S:
        message = (
            f"The sound lasts {seconds / 60:.0f} minutes; at most {LONGEST_S / 60:.0f} can be used at once. "
            "Cut out the part that is wanted."
        )
        raise SoundUnreadableError(message)


def _read_mono(file: soundfile.SoundFile) -> Float32[np.ndarray, " samples"]:
    blocks: list[np.ndarray] = []
    loudest: list[np.ndarray] = []
    powers = np.zeros(file.channels)
    for block in file.blocks(blocksize=BLOCK_FRAMES, dtype="float32", always_2d=True):
        bad = int(np.size(block) - np.isfinite(block).sum())
        if bad:
            message = (
                f"The sound holds {bad} samples that are no numbers. Save it again as 16-bit WAV."
            )
            raise SoundUnreadableError(message)
        powers += np.square(block, dtype=np.float64).sum(axis=0)
        loudest.append(block[:, int(np.argmax(powers))])
        blocks.append(block.mean(axis=1, dtype=np.float32))
    if not blocks:
        message = "The sound file breaks off before its first sample. Record or copy it again."
        raise SoundUnreadableError(message)
    mono = np.concatenate(blocks)
    cancelled = float(np.square(mono, dtype=np.float64).sum()) < CANCELLED**2 * float(powers.max())
    return np.ascontiguousarray(np.concatenate(loudest) if cancelled else mono)


def resampled(sound: Sound, *, sample_rate_hz: int) -> Sound:
    """Convert to another sample rate with a linear-phase filter; events stay where they are in time.

    Args:
        sound: Any sound.
        sample_rate_hz: Samples in each second of the result, above zero.
    """
    if sound.sample_rate_hz == sample_rate_hz or not len(sound.samples):
        return Sound(samples=sound.samples, sample_rate_hz=sample_rate_hz)
    samples = soxr.resample(sound.samples, sound.sample_rate_hz, sample_rate_hz, quality="HQ")
    return Sound(
        samples=np.ascontiguousarray(samples, dtype=np.float32), sample_rate_hz=sample_rate_hz
    )


def write_wav(path: Path | str, sound: Sound) -> None:
    """Write a 16-bit mono WAV file; samples beyond full scale are held at it.

    Args:
        path: Where to; the folder exists.
        sound: What to write.

    Raises:
        ResourceError: It cannot be written.
    """
    whole = np.clip(np.rint(sound.samples * 32767.0), -32768, 32767).astype(np.int16)
    try:
        soundfile.write(Path(path), whole, sound.sample_rate_hz, subtype="PCM_16", format="WAV")
    except (soundfile.LibsndfileError, OSError) as error:
        message = f"The sound file could not be written: {error}. Check the folder and the free disk space."
        raise ResourceError(message) from error


def examine(sound: Sound) -> SoundCondition:
    """Measure how loud a sound is and how much of it is clipped.

    A clipped peak is ``CLIPPED_RUN`` samples or more in a row of one sign at the sound's own largest
    value, when that is close to full scale.
    """
    if not len(sound.samples):
        return SoundCondition(level_db=-120.0, peak=0.0, clipped_share=0.0)
    peak = float(np.abs(sound.samples).max())
    power = float(np.mean(np.square(sound.samples, dtype=np.float64)))
    flat = (np.abs(sound.samples) >= CLIPPED_AT * peak) & (peak >= 0.5)
    edges = np.flatnonzero(np.diff(np.concatenate([[False], flat, [False]]).astype(np.int8)))
    lengths = edges[1::2] - edges[::2]
    clipped = int(lengths[lengths >= CLIPPED_RUN].sum())
    return SoundCondition(
        level_db=max(-120.0, 10.0 * float(np.log10(max(power, 1e-12)))),
        peak=peak,
        clipped_share=clipped / len(sound.samples),
    )
