"""Opens films and recordings of any kind with FFmpeg, and reads their sound.

Only this module and the film room talk to FFmpeg. What it may open is held short: known
containers, from one local file, never a playlist that names others.
"""

from __future__ import annotations

import contextlib
import math
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import av.error
import numpy as np
from av.container import InputContainer
from av.stream import Stream
from numpy.typing import NDArray

from vivant.errors import InputError
from vivant.media.riff import is_hollow
from vivant.media.sound import Sound

CONTAINERS = (
    "mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,avi,mpegts,mpeg,flv,asf,ogg,gif,wav,mp3,flac,aac,amr"
)
"""Formats of one file that holds everything; no playlist and no concatenation is among them."""
LONGEST_S = 4 * 3600
"""No film may last longer."""


def read_track(path: Path, *, longest_s: float = LONGEST_S) -> Sound:
    """Decode the sound of a film or a recording, mixed down to one channel.

    The first sample is the one heard at its moment 0; priming is cut off and gaps are
    filled with silence, so samples and frames share one clock.

    Args:
        path: The film or the recording.
        longest_s: A longer one is refused.

    Raises:
        InputError: It has no sound, is damaged, or lasts too long.
    """
    with opened(path) as file:
        if not file.streams.audio:
            message = f"{named(path)} has no sound. Give a film or a recording with sound."
            raise InputError(message)
        stream = file.streams.audio[0]
        needs_decoder(stream, path)
        sample_rate_hz = stream.rate
        end = start_of(stream) + length_of(stream) if stream.duration else None
        mixer = av.AudioResampler(format="flt", layout="mono", rate=sample_rate_hz)
        pieces: list[NDArray[np.float32]] = []
        heard = 0
        for frame in file.decode(stream):
            starts = moment_of(frame.pts, exact(frame.time_base)) * sample_rate_hz
            frame.pts = None
            for mixed in mixer.resample(frame):
                heard += _place(
                    pieces,
                    mixed.to_ndarray().reshape(-1).astype(np.float32),
                    at=round(starts),
                    heard=heard,
                    most=round(longest_s * sample_rate_hz),
                )
            if heard > longest_s * sample_rate_hz:
                message = (
                    f"{named(path)} lasts more than {longest_s / 60:.0f} minutes; cut it first."
                )
                raise InputError(message)
    samples = np.concatenate(pieces) if pieces else np.zeros(0, np.float32)
    if end is not None:
        samples = samples[: max(0, math.ceil(end * sample_rate_hz))]
    return Sound(samples=np.ascontiguousarray(samples), sample_rate_hz=sample_rate_hz)


def _place(
    pieces: list[NDArray[np.float32]],
    samples: NDArray[np.float32],
    *,
    at: int,
    heard: int,
    most: int,
) -> int:
    """Put samples where they belong; tells how many samples that added."""
    gap = at - heard
    if gap < 0 and heard == 0:  # heard before the film begins
        samples, gap = samples[-gap:], 0
    if 1 < gap <= most:  # one sample is rounding
        pieces.append(np.zeros(gap, np.float32))
    else:
        gap = 0
    pieces.append(samples)
    return gap + len(samples)


def moment_of(pts: int | None, tick: Fraction | None) -> Fraction:
    """Tell a moment in seconds; 0 where the file does not say."""
    return Fraction(0) if pts is None or tick is None else pts * tick


def start_of(stream: Stream) -> Fraction:
    """Tell when a stream begins, in seconds."""
    return moment_of(stream.start_time, exact(stream.time_base))


def length_of(stream: Stream) -> Fraction:
    """Tell how long a stream lasts, in seconds; 0 where the file does not say."""
    if stream.duration is not None:
        return moment_of(stream.duration, exact(stream.time_base))
    whole = getattr(stream.container, "duration", None)
    return Fraction(0) if whole is None else Fraction(whole, av.time_base)


def is_decodable(stream: Stream) -> bool:
    """Tell whether FFmpeg knows the codec; PyAV has no context for one that it does not."""
    return getattr(stream, "codec_context", None) is not None


def needs_decoder(stream: Stream, path: Path) -> None:
    """Insist that a stream can be decoded.

    Raises:
        InputError: It cannot.
    """
    if not is_decodable(stream):
        message = f"{named(path)} is packed in a way that nothing here can unpack. Convert it to H.264 and AAC."
        raise InputError(message)


@contextlib.contextmanager
def opened(path: Path) -> Iterator[InputContainer]:
    """Open one local file; what FFmpeg says against it becomes a message."""
    if not path.is_file():
        message = f"{named(path)} is not a file. Give the path of a film."
        raise InputError(message)
    refused = f"{named(path)} cannot be read as a film: it is damaged or of another kind. Play it to check, or make it again."
    if _begins_in_vain(path):
        raise InputError(refused)
    try:
        with av.open(
            f"file:{path.absolute()}",
            container_options={"protocol_whitelist": "file", "format_whitelist": CONTAINERS},
            **_LENIENT,
        ) as file:
            yield file
    except (av.error.FFmpegError, EOFError, UnicodeError) as error:
        raise InputError(refused) from error


def _begins_in_vain(path: Path) -> bool:
    try:
        return is_hollow(path)
    except OSError:
        return True


def exact(ratio: Any) -> Fraction | None:  # noqa: ANN401 - PyAV before 19 gives a Fraction, later a type of its own
    """Give FFmpeg's ratio as Python's."""
    return None if ratio is None else Fraction(ratio.numerator, ratio.denominator)


_LENIENT: dict[str, Any] = (
    {"metadata_errors": "replace"} if int(av.__version__.split(".")[0]) < 19 else {}
)
"""PyAV before 19 must be told to bear tags that are not UTF-8."""


def named(path: Path) -> str:
    """Name a file in a message, without its name."""
    return f"The file with the ending {path.suffix!r}" if path.suffix else "The file"
