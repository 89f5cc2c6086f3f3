"""Any film into frames and sound; strange files give a message, never a crash.

How a file is opened, and its sound read, stands in ``media.containers``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction
from pathlib import Path

import av
import av.error
import numpy as np
from av.container import InputContainer
from av.video.reformatter import ColorRange, Colorspace
from av.video.stream import VideoStream
from jaxtyping import UInt8

from vivant.errors import InputError
from vivant.film.facts import FilmFacts
from vivant.media.containers import (
    LONGEST_S,
    exact,
    is_decodable,
    length_of,
    moment_of,
    named,
    needs_decoder,
    opened,
    start_of,
)
from vivant.media.containers import read_track as read_sound
from vivant.media.picture import Frame
from vivant.media.planes import planes_to_rgb

__all__ = ["frames_as_rgb", "probe", "read_frames", "read_sound"]

LARGEST_PX = 8192
"""No side of a film may be longer."""
BT709 = 1
LIMITED = 1
EVEN_WITHIN = Fraction(1, 20)
"""Frames are evenly spaced when no gap differs from the others by more than this share (Matroska rounds to 1 ms)."""


def probe(path: Path) -> FilmFacts:
    """Walk through a film's packets and tell what is in it; nothing is decoded but the first frame.

    Raises:
        InputError: It is no film that can be read.
    """
    with opened(path) as file:
        stream = _picture_of(file, path)
        rotation = _rotation_of(file, stream, path)
    with opened(path) as file:
        stream = _picture_of(file, path)
        sounds = [heard for heard in file.streams.audio if is_decodable(heard)]
        moments: list[int] = []
        lasts = 0
        for packet in file.demux(stream):
            if packet.pts is not None and not packet.is_discard:
                moments.append(packet.pts)
                lasts = max(lasts, packet.pts + (packet.duration or 0))
        tick = exact(stream.time_base)
        if not moments or tick is None:
            message = f"{named(path)} holds a picture track without frames. Give a film that plays."
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
            sound_s=None if sound is None else length_of(sound),
            sound_starts_s=None if sound is None else start_of(sound),
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


def _shown_frames(path: Path, *, first: int = 0) -> Iterator[tuple[Fraction, _Planes]]:
    size: tuple[int, int] | None = None
    with opened(path) as file:
        stream = _picture_of(file, path)
        stream.thread_type = "AUTO"
        begins = _jumped_to(file, stream, first) if first else None
        for picture in file.decode(stream):
            if begins is not None and moment_of(picture.pts, exact(picture.time_base)) < begins:
                continue
            if size is None:
                size = (picture.width - picture.width % 2, picture.height - picture.height % 2)
            yield moment_of(picture.pts, exact(picture.time_base)), _planes_of(picture, size)


def _jumped_to(file: InputContainer, stream: VideoStream, first: int) -> Fraction:
    """Jump to the key frame before a frame; tells the moment that is half a frame before it."""
    rate = exact(stream.average_rate) or Fraction(25)
    tick = exact(stream.time_base) or Fraction(1, 1000)
    begins = start_of(stream) + Fraction(2 * first - 1, 2) / rate
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
    average = exact(stream.average_rate) or exact(stream.guessed_rate) or Fraction(25)
    if len(moments) < 2:
        return Fraction(average), True
    gaps = np.diff(np.asarray(moments, np.float64))
    tick = exact(stream.time_base) or Fraction(1, 1000)
    wanted = 1 / (Fraction(average) * tick)
    slack = max(1, float(wanted * EVEN_WITHIN))
    is_constant = bool(np.abs(gaps - float(wanted)).max() <= slack)
    if is_constant:
        return Fraction(average), True
    return Fraction(len(moments) - 1) / ((moments[-1] - moments[0]) * tick or Fraction(1)), False


def _rotation_of(file: InputContainer, stream: VideoStream, path: Path) -> int:
    for picture in file.decode(stream):
        return (round(picture.rotation / 90) % 4) * 90
    message = f"{named(path)} holds no frame that can be decoded. Give a film that plays."
    raise InputError(message)


def _picture_of(file: InputContainer, path: Path) -> VideoStream:
    if not file.streams.video:
        message = f"{named(path)} has no picture. Give a film: MP4, MOV, MKV, WebM or AVI."
        raise InputError(message)
    stream = file.streams.video[0]
    needs_decoder(stream, path)
    width, height = stream.codec_context.width, stream.codec_context.height
    if not 2 <= width <= LARGEST_PX or not 2 <= height <= LARGEST_PX:
        message = (
            f"{named(path)} is {width}x{height}; each side must have 2 to {LARGEST_PX} pixels."
        )
        raise InputError(message)
    return stream
