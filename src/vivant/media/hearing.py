"""Sounds from files and back: whatever people have, down to one channel."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import soundfile
import soxr
from jaxtyping import Float32

from vivant.errors import InputError, ResourceError
from vivant.media.containers import read_track
from vivant.media.forward import ForwardFile
from vivant.media.sound import Sound

logger = logging.getLogger(__name__)

LONGEST_S = 1800.0
LARGEST_BYTES = 4_000_000_000
LOWEST_RATE_HZ, HIGHEST_RATE_HZ = 4_000, 384_000
BLOCK_FRAMES = 1 << 18
CANCELLED = 0.1
"""Channels whose sum is this much quieter than the louder one cancel each other; it is taken alone."""
COHERENT = 0.6
"""Of more than two channels, those that go together this well with the one in which most is heard are mixed."""
DC_FROM = 0.004
"""A mean further from zero than this is the fault of a recorder, and taken off."""
DC_NEEDS_S = 0.25
COARSE = {"PCM_U8": 8, "PCM_S8": 8}
"""Forms whose steps are heard as noise, with their bits."""
FEW_SAMPLES = "The sound file breaks off before its first sample. Record or copy it again."
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


def read_sound(
    path: Path | str, *, sample_rate_hz: int | None = None, longest_s: float = LONGEST_S
) -> Sound:
    """Read a sound file, at any depth and with any number of channels, or the sound of a film.

    WAV (also A-law and u-law), FLAC, OGG, MP3 and AIFF are read as they are; M4A, AMR, WMA and the sound of
    films go through FFmpeg. The ending of the name does not matter.

    Args:
        path: The file.
        sample_rate_hz: Rate to convert to; the file's own when None.
        longest_s: A longer sound is refused, in seconds.

    Returns:
        Mono sound without offset. Of two channels the mean, or the louder one where they cancel; of more,
        the one in which most of a voice's band is heard, with those that go together with it. Full scale
        is ±1.0; samples of float files beyond it are kept.

    Raises:
        InputError: There is no such file, it is no sound, empty, damaged, longer than ``longest_s``,
            or it holds samples that are no numbers.
        ResourceError: It cannot be opened.
    """
    path = Path(path)
    _check_file(path)
    try:
        sound = _read_plain(path, longest_s)
    except (soundfile.LibsndfileError, TypeError) as error:  # TypeError: a name that ends in .raw
        sound = _read_packed(path, longest_s, error)
    except OSError as error:
        message = (
            f"The sound file cannot be opened: {error.strerror or error}. Check its permissions."
        )
        raise ResourceError(message) from error
    return resampled(_centred(sound), sample_rate_hz=sample_rate_hz or sound.sample_rate_hz)


def _read_plain(path: Path, longest_s: float) -> Sound:
    with ForwardFile(path) as file:
        _check_head(int(file.samplerate), file.frames, longest_s)
        samples = _read_mono(file)
        if file.subtype in COARSE:
            bits = COARSE[file.subtype]
            note = f"The sound has {bits} bits a sample: its steps are heard as noise, {6 * bits} dB under full scale."
            logger.info("coarse samples", extra={"notes": (note,)})
        return Sound(samples=samples, sample_rate_hz=int(file.samplerate))


def _read_packed(path: Path, longest_s: float, first: Exception) -> Sound:
    """Read what only FFmpeg opens."""
    try:
        sound = read_track(path, longest_s=longest_s)
    except InputError as error:
        if "no sound" in str(error) or "minutes" in str(error):
            raise SoundUnreadableError(str(error)) from error
        why = first.error_string if isinstance(first, soundfile.LibsndfileError) else "unknown form"
        message = (
            f"This is no sound that can be read ({path.suffix or 'no suffix'}, {path.stat().st_size:,} bytes): "
            f"{why.strip().rstrip('.')}. Needed is WAV, FLAC, OGG, MP3, M4A or a film with sound; convert others, "
            "for instance with `ffmpeg -i FILE sound.wav`."
        )
        raise SoundUnreadableError(message) from error
    _check_head(sound.sample_rate_hz, len(sound.samples), longest_s)
    bad = int(len(sound.samples) - np.isfinite(sound.samples).sum())
    if bad:
        message = f"The sound holds {bad} samples that are no numbers. Save it again as 16-bit WAV."
        raise SoundUnreadableError(message)
    return sound


def _centred(sound: Sound) -> Sound:
    """Take off a constant offset; a sound too short to tell one stays as it is."""
    offset = float(np.mean(sound.samples, dtype=np.float64)) if len(sound.samples) else 0.0
    if abs(offset) < DC_FROM or sound.seconds < DC_NEEDS_S:
        return sound
    return Sound(
        samples=(sound.samples - np.float32(offset)).astype(np.float32),
        sample_rate_hz=sound.sample_rate_hz,
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


def _check_head(rate: int, frames: int, longest_s: float) -> None:
    if not LOWEST_RATE_HZ <= rate <= HIGHEST_RATE_HZ:
        message = f"The sound has {rate} samples a second; from {LOWEST_RATE_HZ} to {HIGHEST_RATE_HZ} can be used."
        raise SoundUnreadableError(message)
    if frames <= 0:
        message = "The sound file holds no samples. Record or copy it again."
        raise SoundUnreadableError(message)
    if frames > longest_s * rate:
        message = (
            f"The sound lasts {frames / rate / 60:.0f} minutes; at most {longest_s / 60:.0f} can be used at once. "
            "Cut out the part that is wanted."
        )
        raise SoundUnreadableError(message)


def _read_mono(file: ForwardFile) -> Float32[np.ndarray, " samples"]:
    if file.channels > 2:
        weights = _weights(file)
        file.seek(0)
        blocks = [block @ weights for block in _blocks(file)]
        if not blocks:
            raise SoundUnreadableError(FEW_SAMPLES)
        return np.ascontiguousarray(np.concatenate(blocks))
    mixed: list[np.ndarray] = []
    loudest: list[np.ndarray] = []
    powers = np.zeros(file.channels)
    for block in _blocks(file):
        powers += np.square(block, dtype=np.float64).sum(axis=0)
        loudest.append(block[:, int(np.argmax(powers))])
        mixed.append(block.mean(axis=1, dtype=np.float32))
    if not mixed:
        raise SoundUnreadableError(FEW_SAMPLES)
    mono = np.concatenate(mixed)
    cancelled = float(np.square(mono, dtype=np.float64).sum()) < CANCELLED**2 * float(powers.max())
    return np.ascontiguousarray(np.concatenate(loudest) if cancelled else mono)


def _blocks(file: ForwardFile) -> Iterator[Float32[np.ndarray, "frames channels"]]:
    size = max(1024, BLOCK_FRAMES // file.channels)
    for block in file.pieces(size):
        bad = int(np.size(block) - np.isfinite(block).sum())
        if bad:
            message = (
                f"The sound holds {bad} samples that are no numbers. Save it again as 16-bit WAV."
            )
            raise SoundUnreadableError(message)
        yield block


def _weights(file: ForwardFile) -> Float32[np.ndarray, " channels"]:
    """Choose among many channels: the one with most of a voice, and those that go together with it."""
    together = np.zeros((file.channels, file.channels))
    for block in _blocks(file):
        steps = np.diff(block, axis=0).astype(np.float64)  # steps weigh the low bass channel least
        together += steps.T @ steps
    powers = np.diag(together)
    best = int(np.argmax(powers))
    coherent = together[best] / np.sqrt(np.maximum(powers * powers[best], 1e-20)) > COHERENT
    coherent[best] = True
    if not coherent.all():
        note = (
            f"The sound has {file.channels} channels; channel {best + 1}, in which most is heard, was taken"
            f"{f' with {coherent.sum() - 1} like it' if coherent.sum() > 1 else ''}."
        )
        logger.info("channels chosen", extra={"notes": (note,)})
    return np.asarray(coherent / coherent.sum(), np.float32)


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
