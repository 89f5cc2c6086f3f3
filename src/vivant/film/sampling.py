"""A few looks into any film, and its sound: bounded work, however long it is and however large its pictures.

A short film is decoded through; of a long one only the key frames next to evenly spread moments are.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import av
import av.error
import numpy as np
from av.container import InputContainer
from av.video.reformatter import ColorRange
from av.video.stream import VideoStream
from jaxtyping import Float32, UInt8, UInt32

from vivant.errors import InputError
from vivant.film.decoding import LARGEST_PX
from vivant.media.containers import exact, is_decodable, length_of, moment_of, named, opened
from vivant.media.sound import Sound
from vivant.provenance.register.sound_prints import HOP, RATE_HZ, subprints

LOOKS = 90
"""Frames at most that are looked at: of a film up to a minute and a half, one a second."""
DECODED_PX = 3_000 * 1280 * 720
"""Pixels that are decoded on the way through, at most: two minutes at 1280x720. Of a larger film, key frames."""
LISTENED_S = 240
"""Seconds of sound that are listened to in a file from the wild."""
LARGE_PX = 1280
"""Wider pictures are halved until they are not."""
_PIECE_S = 64
_OVERLAP_S = 1
"""The last second of each piece is heard again with the next, so that no sub-fingerprint is missing between."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Look:
    """One frame of a film."""

    moment_s: Fraction
    """From the first frame on."""
    y: UInt8[np.ndarray, "height width"]
    """Luma, 16 to 235, upright."""


def looks_into(path: Path, *, most: int = LOOKS) -> Iterator[Look]:
    """Look at a film once a second, or at ``most`` moments of one that is longer.

    Raises:
        InputError: It is no film, or it is damaged before anything was seen.
    """
    with opened(path) as file:
        stream = _picture_of(file, path)
        stream.thread_type = "AUTO"
        length = length_of(stream)
        rate = exact(stream.average_rate) or Fraction(25)
        pixels = stream.codec_context.width * stream.codec_context.height
        is_short = 0 < length <= most and length * rate * pixels <= DECODED_PX
        looks = _through(file, stream) if is_short else _by_keys(file, stream, length, most)
        seen = 0
        while seen < most:
            try:
                look = next(looks, None)
            except av.error.FFmpegError:
                if not seen:
                    raise
                return  # damaged from here on
            if look is None:
                return
            seen += 1
            yield look


def _through(file: InputContainer, stream: VideoStream) -> Iterator[Look]:
    """Decode all of it, and give out the first frame of each second."""
    begins: Fraction | None = None
    wanted = Fraction(0)
    for picture in file.decode(stream):
        moment = moment_of(picture.pts, exact(picture.time_base))
        begins = moment if begins is None else begins
        if moment - begins >= wanted:
            wanted = max(wanted, Fraction(int(moment - begins))) + 1
            yield Look(moment_s=moment - begins, y=_luma_of(picture))


def _by_keys(
    file: InputContainer, stream: VideoStream, length: Fraction, most: int
) -> Iterator[Look]:
    """Seek to evenly spread moments, and give out the key frame before each, once."""
    tick = exact(stream.time_base) or Fraction(1, 1000)
    begins = moment_of(stream.start_time, tick)
    stream.codec_context.skip_frame = "NONKEY"
    if length <= 0:  # the file does not say: what comes is taken
        for picture in file.decode(stream):
            yield Look(
                moment_s=moment_of(picture.pts, exact(picture.time_base)), y=_luma_of(picture)
            )
        return
    count = min(most, max(1, int(length)))
    last: Fraction | None = None
    for number in range(count):
        at = begins + length * number / count
        file.seek(int(at / tick), stream=stream, backward=True)
        for key in file.decode(stream):
            moment = moment_of(key.pts, exact(key.time_base))
            if moment != last:
                yield Look(moment_s=max(Fraction(0), moment - begins), y=_luma_of(key))
            last = moment
            break


def _luma_of(picture: av.VideoFrame) -> UInt8[np.ndarray, "height width"]:
    planar = picture.format.name in ("yuv420p", "yuv422p", "yuv444p", "nv12", "gray")
    limited = picture.color_range != ColorRange.JPEG and picture.format.name != "gray"
    if not (planar and limited):
        picture = picture.reformat(format="yuv420p", dst_color_range=ColorRange.MPEG)
    plane = picture.planes[0]
    rows = np.frombuffer(memoryview(plane), np.uint8).reshape(plane.height, plane.line_size)
    y: UInt8[np.ndarray, "h w"] = np.rot90(rows[:, : plane.width], round(picture.rotation / 90) % 4)
    while max(y.shape) > LARGE_PX:
        h, w = y.shape[0] & ~1, y.shape[1] & ~1
        quads = y[:h, :w].reshape(h // 2, 2, w // 2, 2)
        y = ((quads.sum(axis=(1, 3), dtype=np.uint16) + 2) // 4).astype(np.uint8)
    return np.ascontiguousarray(y).copy()


def _picture_of(file: InputContainer, path: Path) -> VideoStream:
    pictures = [one for one in file.streams.video if is_decodable(one)]
    if not pictures:
        message = f"{named(path)} has no picture that can be decoded. Give a film that plays."
        raise InputError(message)
    stream = pictures[0]
    width, height = stream.codec_context.width, stream.codec_context.height
    if not 2 <= width <= LARGEST_PX or not 2 <= height <= LARGEST_PX:
        message = (
            f"{named(path)} is {width}x{height}; each side must have 2 to {LARGEST_PX} pixels."
        )
        raise InputError(message)
    return stream


def subprints_of_file(
    path: Path, *, most_s: int | None = LISTENED_S
) -> UInt32[np.ndarray, " subprints"]:
    """Tell what a file sounds like, from its beginning on; nothing for a file without sound.

    Memory does not grow with its length.

    Args:
        path: A film or a sound.
        most_s: Seconds that are listened to; all where left out.

    Raises:
        InputError: It cannot be read.
    """
    made = [np.zeros(0, np.uint32)]
    piece = _PIECE_S * RATE_HZ
    every = piece // HOP
    waiting: Float32[np.ndarray, " samples"] = np.zeros(0, np.float32)
    heard = 0
    for samples in _heard(path):
        waiting = np.concatenate([waiting, samples])
        heard += len(samples)
        if len(waiting) >= piece + _OVERLAP_S * RATE_HZ:
            part = waiting[: piece + _OVERLAP_S * RATE_HZ].copy()
            made.append(subprints(Sound(samples=part, sample_rate_hz=RATE_HZ))[:every])
            waiting = waiting[piece:]
        if most_s is not None and heard >= most_s * RATE_HZ:
            break
    made.append(subprints(Sound(samples=waiting.copy(), sample_rate_hz=RATE_HZ)))
    return np.concatenate(made)


def _heard(path: Path) -> Iterator[Float32[np.ndarray, " samples"]]:
    """Decode the sound, mixed down and resampled to what is compared."""
    with opened(path) as file:
        sounds = [one for one in file.streams.audio if is_decodable(one)]
        if not sounds:
            return
        mixer = av.AudioResampler(format="flt", layout="mono", rate=RATE_HZ)
        seen = False
        frames = file.decode(sounds[0])
        while True:
            try:
                frame = next(frames, None)
            except av.error.FFmpegError:
                if not seen:
                    raise
                return  # damaged from here on
            if frame is None:
                break
            seen = True
            frame.pts = None
            for mixed in mixer.resample(frame):
                yield mixed.to_ndarray().reshape(-1).astype(np.float32)
        for mixed in mixer.resample(None):
            yield mixed.to_ndarray().reshape(-1).astype(np.float32)
