"""Fingerprints of whatever was found: a film of any size and length, a still picture, a sound."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from jaxtyping import UInt8, UInt32

from vivant.errors import InputError
from vivant.film.sampling import Look, looks_into, subprints_of_file
from vivant.intake.reading import read_photo
from vivant.media.files import sha256_of
from vivant.media.planes import rgb_to_planes
from vivant.places import Places
from vivant.provenance.register.entry import HASH_BYTES, Match, Query
from vivant.provenance.register.pdq import SMALLEST_PX, pdq
from vivant.provenance.register.register import Register, file_match
from vivant.provenance.register.screens import bars_of

HASHED_BYTES = 1 << 32
"""No film of ours has as many; a larger file is not hashed."""
LARGEST_PICTURE_PX = 4096
"""A larger picture is reduced first."""
Luma = UInt8[np.ndarray, "height width"]
_PICTURES = frozenset(
    {
        ".png", ".jpg", ".jpeg", ".webp", ".bmp", ".tif", ".tiff", ".heic", ".heif", ".avif", ".jp2",
        ".ppm",
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Wild:
    """What was seen and heard of one file."""

    seen: tuple[Look, ...]
    sound: UInt32[np.ndarray, " subprints"]

    def ways(self) -> Iterator[Query]:
        """Tell what to look up, in the ways in which it may show a film: as it is, without bars, mirrored."""
        framings = _framings(self.seen)
        for number, shown in enumerate([*framings, *map(_mirrored, framings)]):
            yield _query(shown, self.sound[: None if number == 0 else 0])  # heard once is enough

    def cut_ways(self) -> Iterator[Sequence[Luma]]:
        """Give out pictures whose edges may have been cut off: as they are, without bars, mirrored."""
        framings = _framings(self.seen)[:2]
        for shown in [*framings, *map(_mirrored, framings)]:
            yield [one.y for one in shown]


def find_file(path: Path, *, places: Places | None = None) -> tuple[Match, ...]:
    """Find the films and sounds of ours that a file is, is a copy of, or is a part of, the likeliest first.

    The file itself is looked up by its hash; else its pictures and its sound are, or the picture that it is.
    The work is bounded, however long the file is.

    Args:
        path: Any file. One that is neither film nor picture nor sound is like nothing of ours.
        places: Where the register is.

    Raises:
        InputError: There is no such file.
        RegisterError: The register is damaged.
    """
    path = Path(path)
    if not path.is_file():
        message = "There is no file of that name. Give the path of a film, a picture or a sound."
        raise InputError(message)
    register = Register.in_places(places or Places())
    if not register.count:
        return ()
    if path.stat().st_size <= HASHED_BYTES:
        entry = register.by_file(sha256_of(path))
        if entry is not None:
            return (file_match(entry),)
    try:
        if path.suffix.lower() in _PICTURES:
            return register.find_picture(luma_of_picture(path))
        return find_wild(register, fingerprints_of_file(path))
    except InputError:  # nothing can be seen or heard in it
        return ()


def find_wild(register: Register, wild: Wild) -> tuple[Match, ...]:
    """Look a file's fingerprints up, way after way, until one is known."""
    for way in wild.ways():
        matches = register.find(way)
        if matches:
            return matches
    for shown in wild.cut_ways():
        matches = register.find_cut(shown)
        if matches:
            return matches
    return ()


def fingerprints_of_file(path: Path) -> Wild:
    """Take the fingerprints of a film or a sound in the wild.

    One frame a second is looked at, of a long film ``sampling.LOOKS`` in all; of the sound the first minutes.

    Raises:
        InputError: Nothing can be seen or heard in it.
    """
    sound = np.zeros(0, np.uint32)
    seen: list[Look] = []
    complaint: InputError | None = None
    try:
        seen = list(looks_into(path))
    except InputError as error:
        complaint = error
    try:
        sound = subprints_of_file(path)
    except InputError as error:
        complaint = complaint or error
    if complaint is not None and not seen and not len(sound):
        raise complaint
    return Wild(seen=tuple(seen), sound=sound)


def luma_of_picture(path: Path) -> UInt8[np.ndarray, "height width"]:
    """Read the luma of a still picture.

    Raises:
        InputError: It is none.
    """
    pixels = read_photo(path, what="The picture", longest_px=LARGEST_PICTURE_PX).picture.pixels
    height, width = pixels.shape[0] & ~1, pixels.shape[1] & ~1
    return rgb_to_planes(np.ascontiguousarray(pixels[:height, :width]))[0]


def _mirrored(seen: Sequence[Look]) -> Sequence[Look]:
    return [Look(moment_s=one.moment_s, y=one.y[:, ::-1]) for one in seen]


def _framings(seen: Sequence[Look]) -> list[Sequence[Look]]:
    """Show the same frames as they are, and without the bars that all of them have: on all sides, above and below, beside.

    What looks like a bar may be a plain wall, or the paper around a line of words.
    """
    found = [bars for bars in (bars_of(one.y) for one in seen) if bars is not None]
    if not found or len({one.y.shape for one in seen}) > 1:
        return [seen]
    height, width = seen[0].y.shape
    top, left = min(bars[0] for bars in found), min(bars[2] for bars in found)
    bottom, right = max(bars[1] for bars in found), max(bars[3] for bars in found)
    rows, columns = (top, bottom), (left, right)
    framings: list[Sequence[Look]] = [seen]
    for (first, last), (west, east) in dict.fromkeys(
        [(rows, columns), (rows, (0, width)), ((0, height), columns)]
    ):
        is_whole = (first, last, west, east) == (0, height, 0, width)
        if not is_whole and min(last - first, east - west) >= SMALLEST_PX:
            framings.append(
                [Look(moment_s=one.moment_s, y=one.y[first:last, west:east]) for one in seen]
            )
    return framings


def _query(seen: Sequence[Look], sound: UInt32[np.ndarray, " subprints"]) -> Query:
    hashes = [
        (pdq(np.ascontiguousarray(one.y)), int(one.moment_s))
        for one in seen
        if min(one.y.shape) >= SMALLEST_PX
    ]
    kept = [(found, second) for found, second in hashes if found.is_something]
    return Query(
        pictures=np.array([one.bits for one, _ in kept], np.uint8).reshape(-1, HASH_BYTES),
        firmness=np.array([one.firmness for one, _ in kept], np.float32).reshape(-1, 256),
        is_plain=np.array([not one.is_good for one, _ in kept], bool),
        seconds=np.array([second for _, second in kept], np.uint32),
        sound=sound,
    )
