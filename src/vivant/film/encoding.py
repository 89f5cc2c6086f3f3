"""Frames and sound into a file. With ``decoding`` and ``media.containers``, all that talks to FFmpeg."""

from __future__ import annotations

import contextlib
import errno
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from types import TracebackType
from typing import Literal, final

import av
import av.error
import numpy as np

from vivant.errors import EngineBrokeError, InputError, ResourceError
from vivant.film.decoding import frames_as_rgb, probe, read_frames, read_sound
from vivant.film.facts import FilmFacts
from vivant.film.handover import Handover
from vivant.media.files import DiskFullError
from vivant.media.picture import Frame
from vivant.media.sound import Sound
from vivant.media.time import first_sample_of

__all__ = [
    "SOUND_RATE_HZ",
    "Encoder",
    "FilmFacts",
    "Packing",
    "frames_as_rgb",
    "probe",
    "read_frames",
    "read_sound",
]

SOUND_RATE_HZ = 48_000
"""The rate of every film's sound."""
AAC_SAMPLES = 1024
"""Samples in one AAC packet."""
TICKS_PER_S = 240_000
"""The film's own clock: frames at 24, 25, 30, 24000/1001 and 30000/1001 and samples at 48 kHz all fall on a tick."""
FRAMES_AHEAD = 4
"""Rendered frames that may wait for the encoder: enough to ride out a slow one, few in memory."""
FRAMES_FORESEEN = 5
"""How far x264 looks ahead; each frame more costs 7 MB at 1080p and gains little on a face before a still background."""
KEY_FRAME_EVERY_S = 5
"""How far apart the places are where a player can jump to."""
BT709 = 1
LIMITED = 1
CENTRED_CHROMA = 1
"""Numbers of H.264's own tables (ITU-T H.264, annex E)."""
NO_ROOM = (errno.ENOSPC, errno.EFBIG, errno.EDQUOT)
MB = 1_000_000

Preset = Literal["ultrafast", "superfast", "veryfast", "faster", "fast", "medium", "slow"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Packing:
    """How a film is encoded."""

    preset: Preset = "veryfast"
    """How long x264 may look for a better packing."""
    crf: int = 20
    """Quality, from 0 (no loss) to 51; 18 is hard to tell from the original."""
    threads: int = 1
    """Of the picture's encoder, which runs beside the renderer anyway: drawing a frame takes longer than encoding it."""
    sound_bits_per_s: int = 160_000
    tags: Mapping[str, str] = field(default_factory=dict)
    """Metadata written into the file, by key."""


class _Writer:
    """One open MP4; used by one thread at a time."""

    def __init__(
        self,
        path: Path,
        *,
        width_px: int,
        height_px: int,
        rate: Fraction,
        sound: Sound | None,
        packing: Packing,
    ) -> None:
        self._path = path
        self._rate = rate
        self._samples = None if sound is None else sound.samples
        self._heard = 0
        self._shown = 0
        with _telling_of_disk(self._path):
            self._file = av.open(
                str(path),
                "w",
                format="mp4",
                options={
                    "movflags": "use_metadata_tags+faststart",
                    "movie_timescale": str(TICKS_PER_S),
                },
            )
        self._file.metadata.update(packing.tags)
        self._picture = self._file.add_stream("libx264", rate=rate)
        self._picture.width, self._picture.height = width_px, height_px
        self._picture.pix_fmt = "yuv420p"
        self._picture.time_base = 1 / rate
        coder = self._picture.codec_context
        coder.time_base = 1 / rate
        coder.gop_size = round(KEY_FRAME_EVERY_S * rate)
        coder.thread_count = packing.threads
        coder.color_primaries = coder.color_trc = coder.colorspace = BT709
        coder.color_range = LIMITED
        coder.options = {
            "preset": packing.preset,
            "crf": str(packing.crf),
            "profile": "high",
            "forced-idr": "1",
            "x264-params": f"chromaloc={CENTRED_CHROMA}:rc-lookahead={FRAMES_FORESEEN}",
        }
        self._sound = None
        if sound is not None:
            self._sound = self._file.add_stream("aac", rate=SOUND_RATE_HZ, layout="mono")
            self._sound.bit_rate = packing.sound_bits_per_s
        with _telling_of_disk(self._path):
            self._file.start_encoding()

    def add(self, given: tuple[Frame, bool]) -> None:
        """Encode the sound under a frame, then the frame; a key frame where that is wanted."""
        frame, is_key = given
        with _telling_of_disk(self._path):
            self._hear_until(
                first_sample_of(self._shown + 1, rate=self._rate, sample_rate_hz=SOUND_RATE_HZ)
            )
            picture = self._as_video(frame)
            if is_key:
                picture.pict_type = av.video.frame.PictureType.I
            self._file.mux(self._picture.encode(picture))
            self._shown += 1

    def _as_video(self, frame: Frame) -> av.VideoFrame:
        picture = av.VideoFrame(self._picture.width, self._picture.height, "yuv420p")
        for plane, pixels in zip(picture.planes, (frame.y, frame.u, frame.v), strict=True):
            rows = np.frombuffer(memoryview(plane), np.uint8).reshape(plane.height, plane.line_size)
            np.copyto(rows[:, : plane.width], pixels)
        picture.pts = self._shown
        picture.time_base = 1 / self._rate
        picture.color_primaries = picture.color_trc = picture.colorspace = BT709
        picture.color_range = LIMITED
        return picture

    def _hear_until(self, last: int, *, is_end: bool = False) -> None:
        """Encode the sound in whole packets up to a sample; at the end also what is left."""
        if self._sound is None or self._samples is None:
            return
        while self._heard + AAC_SAMPLES <= last or (is_end and self._heard < last):
            count = min(AAC_SAMPLES, last - self._heard)
            block = np.zeros((1, count), np.float32)
            piece = self._samples[self._heard : self._heard + count]
            block[0, : len(piece)] = piece
            heard = av.AudioFrame.from_ndarray(block, format="fltp", layout="mono")
            heard.sample_rate = SOUND_RATE_HZ
            heard.time_base = Fraction(1, SOUND_RATE_HZ)
            heard.pts = self._heard
            self._file.mux(self._sound.encode(heard))
            self._heard += count

    def end(self) -> None:
        """Flush both encoders and write the index, at the front of the file."""
        with _telling_of_disk(self._path):
            self._hear_until(
                first_sample_of(self._shown, rate=self._rate, sample_rate_hz=SOUND_RATE_HZ),
                is_end=True,
            )
            for stream in (self._picture, self._sound):
                if stream is not None:
                    self._file.mux(stream.encode(None))
            self._file.close()

    def abandon(self) -> None:
        """Close the file as it is; what it holds is worth nothing."""
        with contextlib.suppress(av.error.FFmpegError, OSError, ValueError):
            self._file.close()


@final
class Encoder:
    """Writes a film: H.264 and AAC in an MP4 that starts playing before it is all there.

    Encoding runs on a thread of its own beside whoever makes the frames. Planes go in as they
    are; no colour is converted. A film's sound is cut, or filled with silence, to the length
    of its picture, and its first sample is heard with the first frame: the encoder's priming is
    written into the file's edit list.

    On an error inside the ``with`` block the file is left unfinished; write to a temporary
    path (``media.files.unfinished``).
    """

    def __init__(
        self,
        path: Path,
        *,
        width_px: int,
        height_px: int,
        rate: Fraction,
        sound: Sound | None = None,
        packing: Packing | None = None,
    ) -> None:
        """Open the file.

        Args:
            path: The film to write, an MP4.
            width_px: Even.
            height_px: Even.
            rate: Frames a second, exact.
            sound: At ``SOUND_RATE_HZ``; none for a silent film.
            packing: Quality, threads and tags.

        Raises:
            InputError: The size is odd or the sound's rate is another.
            ResourceError: The file cannot be opened, or the disk is full.
        """
        if width_px % 2 or height_px % 2 or min(width_px, height_px) < 16:
            message = (
                f"A film of {width_px}x{height_px} cannot be encoded: "
                "both sides must be even and 16 or more."
            )
            raise InputError(message)
        if sound is not None and sound.sample_rate_hz != SOUND_RATE_HZ:
            message = (
                f"The sound has {sound.sample_rate_hz} samples a second and a film needs "
                f"{SOUND_RATE_HZ}. Master it first (media.mastering.master)."
            )
            raise InputError(message)
        self.frames = 0
        self._size = (height_px, width_px)
        self._writer = _Writer(
            path,
            width_px=width_px,
            height_px=height_px,
            rate=rate,
            sound=sound,
            packing=packing or Packing(),
        )
        self._handover: Handover[tuple[Frame, bool]] = Handover(
            self._writer.add, ahead=FRAMES_AHEAD, name="vivant-encoder"
        )

    def write(self, frame: Frame, *, is_key: bool = False) -> None:
        """Add the next frame; it may not be changed afterwards.

        Args:
            frame: The frame.
            is_key: Whether a player must be able to jump to it.

        Raises:
            EngineBrokeError: The frame has another size, or is not the next one.
            ResourceError: The disk is full; it may show a few frames late.
        """
        height, width = self._size
        half = (height // 2, width // 2)
        if frame.y.shape != (height, width) or frame.u.shape != half or frame.v.shape != half:
            message = (
                f"Frame {frame.index} has planes of {frame.y.shape}, {frame.u.shape} and "
                f"{frame.v.shape}; the film needs ({height}, {width}) and twice {half}."
            )
            raise EngineBrokeError(message)
        if frame.index != self.frames:
            message = f"Frame {frame.index} came where frame {self.frames} was due."
            raise EngineBrokeError(message)
        self._handover.give((frame, is_key))
        self.frames += 1

    def __enter__(self) -> Encoder:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if kind is not None:
            self._handover.drop()
            self._writer.abandon()
            return
        try:
            self._handover.finish()
            if not self.frames:
                message = "A film needs at least one frame, and none was written."
                raise EngineBrokeError(message)  # noqa: TRY301 - abandoned like any other failure
            self._writer.end()
        except BaseException:
            self._handover.drop()
            self._writer.abandon()
            raise


@contextlib.contextmanager
def _telling_of_disk(path: Path) -> Iterator[None]:
    try:
        yield
    except (av.error.FFmpegError, OSError) as error:
        if error.errno in NO_ROOM:
            written = path.stat().st_size if path.is_file() else 0
            free = shutil.disk_usage(path.parent).free
            raise DiskFullError(needed_mb=written / MB, free_mb=free / MB) from error
        message = f"The film could not be written: the encoder reported error {error.errno}."
        raise ResourceError(message) from error
