"""Sound that leaves the house: mastered while it comes, and written without ever being whole in memory.

What comes lies meanwhile in a file beside the one that is written. Its loudness is measured on the way;
then one gain and the limiter go over it, block by block.
"""

from __future__ import annotations

import errno
import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import IO, Final

import numpy as np
import soundfile
import soxr
from jaxtyping import Float32

from vivant.errors import InputError, ResourceError
from vivant.media.files import DiskFullError
from vivant.media.forward import ForwardFile
from vivant.media.loudness import BLOCK, Loudness, Meter
from vivant.media.mastering import (
    CEILING_DBTP,
    MASTER_RATE_HZ,
    TARGET_LUFS,
    Take,
    check_samples,
    check_target,
    mastered_blocks,
    setting_for,
)
from vivant.media.sound import Sound
from vivant.media.watch import Watch, unwatched

_FULL = frozenset({errno.ENOSPC, errno.EDQUOT})
_MB = 1_000_000
_SAMPLE_BYTES = 4
_MORE_CODINGS = 3
FULL_SCALE_16 = 32767.0
LONGEST_HOURS = 6.0
"""A WAV file of 16 bits at 48 kHz can hold twelve; a speech is shorter."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SoundFormat:
    """A kind of sound file that can be written, and that can carry its papers."""

    name: str
    """What the library calls it."""
    coding: str
    mime: str
    is_exact: bool
    """Whether what is read back is what was written, to 16 bits."""


SOUND_FORMATS: Final = MappingProxyType({
    ".wav": SoundFormat(name="WAV", coding="PCM_16", mime="audio/wav", is_exact=True),
    ".flac": SoundFormat(name="FLAC", coding="PCM_16", mime="audio/flac", is_exact=True),
    ".mp3": SoundFormat(name="MP3", coding="MPEG_LAYER_III", mime="audio/mpeg", is_exact=False),
})  # fmt: skip
"""By file ending. Ogg is missing because content credentials cannot be put into it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivered:
    """A sound file as it was written."""

    samples: int
    """At ``MASTER_RATE_HZ``."""
    loudness: Loudness
    """As it reads back."""

    @property
    def seconds(self) -> float:
        """Length, for people to read."""
        return self.samples / MASTER_RATE_HZ


def format_of(path: Path) -> SoundFormat:
    """Tell in which format a file of that name is written.

    Raises:
        InputError: No such format can be written.
    """
    found = SOUND_FORMATS.get(path.suffix.lower())
    if found is None:
        endings = ", ".join(SOUND_FORMATS)
        message = (
            f"A sound is written as {endings}, and the ending given is {path.suffix!r}. These can carry "
            f"their papers; convert a copy if you need another."
        )
        raise InputError(message)
    return found


def deliver(
    parts: Iterable[Sound],
    to: Path,
    *,
    lufs: float = TARGET_LUFS,
    true_peak_dbtp: float = CEILING_DBTP,
    changed: Callable[[Take], Iterable[Float32[np.ndarray, " samples"]]] | None = None,
    watch: Watch = unwatched,
) -> Delivered:
    """Write sounds one behind the other into one file, mastered as one sound.

    Memory does not grow with their number or length, four numbers a second aside. Beside the file lies
    another meanwhile, of 0.7 GB for an hour; it is gone afterwards, whatever happens.

    Args:
        parts: At least one sample in all; all of one rate; asked for one at a time.
        to: Where to write; its ending tells the format. Use ``media.files.unfinished``.
        lufs: Integrated loudness to reach, from -40 to -8.
        true_peak_dbtp: Ceiling for peaks, from -20 to 0; held in lossy formats too.
        changed: Changes the whole before it is mastered: called once, when all parts have come. It gives as many
            samples as the take has, in blocks, each after it was read.
        watch: Hears ``"mastering"``.

    Raises:
        InputError: The format, the target or the ceiling is out of range, the parts differ in their
            rate, are empty, too long, or hold samples that are no numbers.
        ResourceError: The disk is full or cannot be written.
    """
    format_ = format_of(to)
    check_target(lufs=lufs, true_peak_dbtp=true_peak_dbtp)
    with _spooled(to) as spool:
        _gather(parts, spool)
        if changed is not None:
            spool.rewrite(changed(spool))
        ceiling_db = true_peak_dbtp
        heard = _mastered(spool, to, format_, lufs=lufs, ceiling_db=ceiling_db, watch=watch)
        for _ in range(0 if format_.is_exact else _MORE_CODINGS):
            over_db = heard.true_peak_dbtp - true_peak_dbtp
            if over_db <= 0.0:
                break
            ceiling_db -= over_db + 0.1  # the coding moved peaks up: leave it the room
            heard = _mastered(spool, to, format_, lufs=lufs, ceiling_db=ceiling_db, watch=watch)
        return Delivered(samples=spool.count, loudness=heard)


def _mastered(
    spool: _Spool, to: Path, format_: SoundFormat, *, lufs: float, ceiling_db: float, watch: Watch
) -> Loudness:
    watch("mastering", 0, spool.count)
    setting = setting_for(spool, lufs=lufs, true_peak_dbtp=ceiling_db)
    _write(mastered_blocks(spool, setting), to, format_, spool.count, watch)
    return _heard(to)


class _Spool:
    """A take that lies in a file of bare samples."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._count = 0

    @property
    def count(self) -> int:
        return self._count

    def add(self, samples: Float32[np.ndarray, " samples"]) -> None:
        self._file.write(samples.astype("<f4").tobytes())
        self._count += len(samples)

    def rewrite(self, blocks: Iterable[Float32[np.ndarray, " samples"]]) -> None:
        """Write other samples over those that were read."""
        at = 0
        for block in blocks:
            self._file.seek(at * _SAMPLE_BYTES)
            self._file.write(block.astype("<f4").tobytes())
            at += len(block)

    def cut(self, first: int, last: int) -> Float32[np.ndarray, " samples"]:
        self._file.seek(first * _SAMPLE_BYTES)
        return np.frombuffer(self._file.read((last - first) * _SAMPLE_BYTES), "<f4").astype(
            np.float32
        )


@contextmanager
def _spooled(to: Path) -> Iterator[_Spool]:
    path = to.with_name(f"{to.stem}.spool")
    try:
        path.touch(mode=0o600)  # speech that is not labelled yet is nobody else's
        with path.open("w+b") as file:
            yield _Spool(file)
    except (OSError, soundfile.LibsndfileError) as error:
        number = getattr(error, "errno", None)
        if number in _FULL:
            raise _disk_full(path) from error
        message = "The sound could not be written. Check the folder and the free disk space."
        raise ResourceError(message) from error
    finally:
        path.unlink(missing_ok=True)


def _disk_full(path: Path) -> DiskFullError:
    free = shutil.disk_usage(path.parent).free
    written = path.stat().st_size if path.exists() else 0
    return DiskFullError(needed_mb=written / _MB, free_mb=free / _MB)


def _gather(parts: Iterable[Sound], spool: _Spool) -> None:
    """Convert all parts to the master's rate in one stream, so that nothing shows where they meet."""
    rate_hz = 0
    converter: soxr.ResampleStream | None = None
    for part in parts:
        check_samples(part.samples)
        if not rate_hz:
            rate_hz = part.sample_rate_hz
            if rate_hz != MASTER_RATE_HZ:
                converter = soxr.ResampleStream(
                    rate_hz, MASTER_RATE_HZ, 1, dtype="float32", quality="HQ"
                )
        if part.sample_rate_hz != rate_hz:
            message = (
                f"A part has {part.sample_rate_hz} samples a second, and those before it {rate_hz}. "
                f"Convert it first (media.hearing.resampled)."
            )
            raise InputError(message)
        for first in range(0, len(part.samples), BLOCK):
            block = part.samples[first : first + BLOCK]
            spool.add(block if converter is None else converter.resample_chunk(block))
        if spool.count > LONGEST_HOURS * 3600 * MASTER_RATE_HZ:
            message = f"The sound is longer than {LONGEST_HOURS:g} hours. Make it in several files."
            raise InputError(message)
    if converter is not None:
        spool.add(converter.resample_chunk(np.zeros(0, np.float32), last=True))
    if not spool.count:
        message = "There is no sound to write: it has 0 samples."
        raise InputError(message)


def _write(
    blocks: Iterable[Float32[np.ndarray, " samples"]],
    to: Path,
    format_: SoundFormat,
    count: int,
    watch: Watch,
) -> None:
    done = 0
    with soundfile.SoundFile(
        to, "w", MASTER_RATE_HZ, 1, format_.coding, format=format_.name
    ) as file:
        for block in blocks:
            file.write(as_16_bit(block) if format_.is_exact else block)
            done += len(block)
            watch("mastering", done, count)


def _heard(path: Path) -> Loudness:
    meter = Meter()
    with ForwardFile(path) as file:
        for block in file.pieces(BLOCK):
            meter.add(block[:, 0])
    return meter.loudness


def as_16_bit(samples: Float32[np.ndarray, " samples"]) -> np.ndarray:
    """Round samples to whole numbers of 16 bits; those beyond full scale are held at it."""
    whole: np.ndarray = np.clip(np.rint(samples * FULL_SCALE_16), -32768, 32767).astype(np.int16)
    return whole
