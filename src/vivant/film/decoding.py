"""Any film into frames and sound; strange files give a message, never a crash.

Only this module and ``encoding`` talk to FFmpeg. What it may open is held short: known
containers, from one local file, never a playlist that names others.
"""

from __future__ import annotations

import contextlib
import math
from collections.abc import Iterable, Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import av.error
import numpy as np
from av.container import InputContainer
from av.stream import Stream
from av.video.reformatter import ColorRange, Colorspace
from av.video.stream import VideoStream
from jaxtyping import UInt8
from numpy.typing import NDArray

from vivant.errors import InputError
from vivant.film.facts import FilmFacts
from vivant.media.picture import Frame
from vivant.media.planes import planes_to_rgb
from vivant.media.sound import Sound

CONTAINERS = (
    "mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,avi,mpegts,mpeg,flv,asf,ogg,gif,wav,mp3,flac,aac"
)
"""Formats of one file that holds everything; no playlist and no concatenation is among them."""
LARGEST_PX = 8192
"""No side of a film may be longer."""
LONGEST_S = 4 * 3600
"""No film may last longer."""
BT709 = 1
LIMITED = 1
EVEN_WITHIN = Fraction(1, 20)
"""Frames are evenly spaced when no gap differs from the others by more than this share (Matroska rounds to 1 ms)."""


def probe(path: Path) -> FilmFacts:
    """Walk through a film's packets and tell what is in it; nothing is decoded but the first frame.

    Raises:
        InputError: It is no film that can be read.
    """
    with _opened(path) as file:
        stream = _picture_of(file, path)
        rotation = _rotation_of(file, stream, path)
    with _opened(path) as file:
        stream = _picture_of(file, path)
        sounds = [heard for heard in file.streams.audio if _is_decodable(heard)]
        moments: list[int] = []
        lasts = 0
        for packet in file.demux(stream):
            if packet.pts is not None and not packet.is_discard:
                moments.append(packet.pts)
                lasts = max(lasts, packet.pts + (packet.duration or 0))
        tick = _exact(stream.time_base)
        if not moments or tick is None:
            message = (
                f"{_named(path)} holds a picture track without frames. Give a film that plays."
            )
            raise InputError(message)
        moments.sort()
        rate, is_constant = _rate_of(moments, stream)
        turned = rotation in {90, 270}
        coder = stream.codec_context
        sound = sounds[0] if sounds else None
        return FilmFacts(
            frames=len(moments),
            rate=rate,
            is_constant_rate=is_constant,
            width_px=coder.height if turned else coder.width,
            height_px=coder.width if turned else coder.height,
            rotation_deg=rotation,
            picture_s=Fraction(len(moments)) / rate if is_constant else (lasts - moments[0]) * tick,
            picture_starts_s=moments[0] * tick,
            sound_s=None if sound is None else _length_of(sound),
            sound_starts_s=None if sound is None else _start_of(sound),
            sample_rate_hz=None if sound is None else sound.rate,
            picture_codec=coder.name,
            sound_codec=None if sound is None else sound.codec_context.name,
            pixel_format=coder.pix_fmt or "unknown",
            is_bt709=coder.colorspace == BT709 and coder.color_range == LIMITED,
            tags=dict(file.metadata),
            size_bytes=path.stat().st_size,
        )


def read_frames(path: Path, *, rate: Fraction | None = None, first: int = 0) -> Iterator[Frame]:
    """Decode a film's picture, upright, as BT.709 planes.

    Args:
        path: The film.
        rate: Frames a second to give out: a film whose frames are unevenly spaced (most phones')
            is resampled by showing at each moment the frame that was seen then. Without it,
            every frame of the file comes out once.
        first: Without ``rate``, the frame to begin with; those before are skipped fast. It is found
            by its time, so the film's own frames must be evenly spaced.

    Yields:
        Frames numbered from ``first``; all of one size, cut to even sides.

    Raises:
        InputError: It is no film, or it is damaged.
    """
    if rate is None:
        frames: Iterable[tuple[Fraction, _Planes]] = _shown_frames(path, first=first)
    else:
        frames, first = _resampled(_shown_frames(path), rate), 0
    for index, (_, planes) in enumerate(frames, first):
        y, u, v = planes
        yield Frame(index=index, y=y, u=u, v=v)


def frames_as_rgb(
    path: Path, *, rate: Fraction | None = None
) -> Iterator[UInt8[np.ndarray, "height width 3"]]:
    """Decode a film's picture into red, green and blue; see ``read_frames``."""
    for frame in read_frames(path, rate=rate):
        yield planes_to_rgb(frame.y, frame.u, frame.v)


def read_sound(path: Path) -> Sound:
    """Decode a film's sound, mixed down to one channel.

    The first sample is the one heard at the film's moment 0; priming is cut off and gaps are
    filled with silence, so samples and frames share one clock.

    Raises:
        InputError: It has no sound, is damaged, or lasts more than four hours.
    """
    with _opened(path) as file:
        if not file.streams.audio:
            message = f"{_named(path)} has no sound. Give a film or a recording with sound."
            raise InputError(message)
        stream = file.streams.audio[0]
        _needs_decoder(stream, path)
        sample_rate_hz = stream.rate
        end = _start_of(stream) + _length_of(stream) if stream.duration else None
        mixer = av.AudioResampler(format="flt", layout="mono", rate=sample_rate_hz)
        pieces: list[NDArray[np.float32]] = []
        heard = 0
        for frame in file.decode(stream):
            starts = _moment(frame.pts, _exact(frame.time_base)) * sample_rate_hz
            frame.pts = None
            for mixed in mixer.resample(frame):
                heard += _place(
                    pieces,
                    mixed.to_ndarray().reshape(-1).astype(np.float32),
                    at=round(starts),
                    heard=heard,
                )
            if heard > LONGEST_S * sample_rate_hz:
                message = f"{_named(path)} lasts more than {LONGEST_S // 3600} hours; cut it first."
                raise InputError(message)
    samples = np.concatenate(pieces) if pieces else np.zeros(0, np.float32)
    if end is not None:
        samples = samples[: max(0, math.ceil(end * sample_rate_hz))]
    return Sound(samples=np.ascontiguousarray(samples), sample_rate_hz=sample_rate_hz)


def _place(
    pieces: list[NDArray[np.float32]], samples: NDArray[np.float32], *, at: int, heard: int
) -> int:
    """Put samples where they belong; tells how many samples that added."""
    gap = at - heard
    if gap < 0 and heard == 0:  # heard before the film begins
        samples, gap = samples[-gap:], 0
    if gap > 1 and gap < LONGEST_S * 200_000:  # one sample is rounding
        pieces.append(np.zeros(gap, np.float32))
    else:
        gap = 0
    pieces.append(samples)
    return gap + len(samples)


def _shown_frames(path: Path, *, first: int = 0) -> Iterator[tuple[Fraction, _Planes]]:
    size: tuple[int, int] | None = None
    with _opened(path) as file:
        stream = _picture_of(file, path)
        stream.thread_type = "AUTO"
        begins = _jumped_to(file, stream, first) if first else None
        for picture in file.decode(stream):
            if begins is not None and _moment(picture.pts, _exact(picture.time_base)) < begins:
                continue
            if size is None:
                size = (picture.width - picture.width % 2, picture.height - picture.height % 2)
            yield _moment(picture.pts, _exact(picture.time_base)), _planes_of(picture, size)


def _jumped_to(file: InputContainer, stream: VideoStream, first: int) -> Fraction:
    """Jump to the key frame before a frame; tells the moment that is half a frame before it."""
    rate = _exact(stream.average_rate) or Fraction(25)
    tick = _exact(stream.time_base) or Fraction(1, 1000)
    begins = _start_of(stream) + Fraction(2 * first - 1, 2) / rate
    file.seek(int(begins / tick), stream=stream, backward=True)
    return begins


_Planes = tuple[UInt8[np.ndarray, "h w"], UInt8[np.ndarray, "hh hw"], UInt8[np.ndarray, "hh hw"]]


def _planes_of(picture: av.VideoFrame, size: tuple[int, int]) -> _Planes:
    width, height = size
    is_ours = (
        picture.format.name == "yuv420p"
        and (picture.width, picture.height) == size
        and picture.color_range != ColorRange.JPEG
        and (picture.colorspace == BT709 or (picture.colorspace == 2 and height >= 720))
    )
    rotation = round(picture.rotation / 90) % 4
    if not is_ours:
        picture = picture.reformat(
            width=width,
            height=height,
            format="yuv420p",
            dst_colorspace=Colorspace.ITU709,
            dst_color_range=ColorRange.MPEG,
        )
    planes = []
    for plane in picture.planes:
        rows = np.frombuffer(memoryview(plane), np.uint8).reshape(plane.height, plane.line_size)
        planes.append(np.ascontiguousarray(np.rot90(rows[:, : plane.width], rotation)))
    y, u, v = (plane.copy() if not plane.flags.owndata else plane for plane in planes)
    return y, u, v


def _resampled(
    shown: Iterable[tuple[Fraction, _Planes]], rate: Fraction
) -> Iterator[tuple[Fraction, _Planes]]:
    """Show at each moment of an even clock the frame that was seen then."""
    begins: Fraction | None = None
    before: tuple[Fraction, _Planes] | None = None
    lasts = 1 / rate
    index = 0
    for moment, planes in shown:
        begins = moment if begins is None else begins
        if before is not None:
            lasts = moment - before[0] or lasts
            if lasts > LONGEST_S:
                return
            while begins + index / rate < moment:
                yield begins + index / rate, before[1]
                index += 1
        before = (moment, planes)
    if before is not None and begins is not None:
        while begins + index / rate < before[0] + lasts:
            yield begins + index / rate, before[1]
            index += 1


def _rate_of(moments: list[int], stream: VideoStream) -> tuple[Fraction, bool]:
    average = _exact(stream.average_rate) or _exact(stream.guessed_rate) or Fraction(25)
    if len(moments) < 2:
        return Fraction(average), True
    gaps = np.diff(np.asarray(moments, np.float64))
    tick = _exact(stream.time_base) or Fraction(1, 1000)
    wanted = 1 / (Fraction(average) * tick)
    slack = max(1, float(wanted * EVEN_WITHIN))
    is_constant = bool(np.abs(gaps - float(wanted)).max() <= slack)
    if is_constant:
        return Fraction(average), True
    return Fraction(len(moments) - 1) / ((moments[-1] - moments[0]) * tick or Fraction(1)), False


def _rotation_of(file: InputContainer, stream: VideoStream, path: Path) -> int:
    for picture in file.decode(stream):
        return (round(picture.rotation / 90) % 4) * 90
    message = f"{_named(path)} holds no frame that can be decoded. Give a film that plays."
    raise InputError(message)


def _moment(pts: int | None, tick: Fraction | None) -> Fraction:
    return Fraction(0) if pts is None or tick is None else pts * tick


def _start_of(stream: Stream) -> Fraction:
    return _moment(stream.start_time, _exact(stream.time_base))


def _length_of(stream: Stream) -> Fraction:
    if stream.duration is not None:
        return _moment(stream.duration, _exact(stream.time_base))
    whole = getattr(stream.container, "duration", None)
    return Fraction(0) if whole is None else Fraction(whole, av.time_base)


def _picture_of(file: InputContainer, path: Path) -> VideoStream:
    if not file.streams.video:
        message = f"{_named(path)} has no picture. Give a film: MP4, MOV, MKV, WebM or AVI."
        raise InputError(message)
    stream = file.streams.video[0]
    _needs_decoder(stream, path)
    width, height = stream.codec_context.width, stream.codec_context.height
    if not 2 <= width <= LARGEST_PX or not 2 <= height <= LARGEST_PX:
        message = (
            f"{_named(path)} is {width}x{height}; each side must have 2 to {LARGEST_PX} pixels."
        )
        raise InputError(message)
    return stream


def _is_decodable(stream: Stream) -> bool:
    """Tell whether FFmpeg knows the codec; PyAV has no context for one that it does not."""
    return getattr(stream, "codec_context", None) is not None


def _needs_decoder(stream: Stream, path: Path) -> None:
    if not _is_decodable(stream):
        message = f"{_named(path)} is packed in a way that nothing here can unpack. Convert it to H.264 and AAC."
        raise InputError(message)


@contextlib.contextmanager
def _opened(path: Path) -> Iterator[InputContainer]:
    """Open one local file; what FFmpeg says against it becomes a message."""
    if not path.is_file():
        message = f"{_named(path)} is not a file. Give the path of a film."
        raise InputError(message)
    try:
        with av.open(
            f"file:{path.absolute()}",
            container_options={"protocol_whitelist": "file", "format_whitelist": CONTAINERS},
            **_LENIENT,
        ) as file:
            yield file
    except (av.error.FFmpegError, EOFError, UnicodeError) as error:
        message = f"{_named(path)} cannot be read as a film: it is damaged or of another kind. Play it to check, or make it again."
        raise InputError(message) from error


def _exact(ratio: Any) -> Fraction | None:  # noqa: ANN401 - PyAV before 19 gives a Fraction, later a type of its own
    """Give FFmpeg's ratio as Python's."""
    return None if ratio is None else Fraction(ratio.numerator, ratio.denominator)


_LENIENT: dict[str, Any] = (
    {"metadata_errors": "replace"} if int(av.__version__.split(".")[0]) < 19 else {}
)
"""PyAV before 19 must be told to bear tags that are not UTF-8."""


def _named(path: Path) -> str:
    return f"The file with the ending {path.suffix!r}" if path.suffix else "The file"
