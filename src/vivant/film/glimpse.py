"""A few looks at a file's picture, however long it is: the visible label, the watermark, the AIGC entry.

Of a film the first and the last seconds are looked at, and a stretch between, of a longer one two; of a picture all of
it. What lies between is skipped by seeking, so the work does not grow with the film.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import cv2
import numpy as np
from jaxtyping import UInt8
from PIL import Image

from vivant.errors import InputError
from vivant.film.claim import Claim
from vivant.film.decoding import probe, read_frames
from vivant.intake.reading import read_photo
from vivant.media.containers import exact, is_decodable, length_of, opened
from vivant.media.picture import Frame
from vivant.media.planes import rgb_to_planes
from vivant.places import Places
from vivant.provenance import aigc
from vivant.provenance.label import (
    LABEL_TEXT,
    SMALLEST_SHARE,
    find_label,
    label_plate,
    labelled_frames,
    measure_label,
)
from vivant.provenance.marking import read_marks
from vivant.provenance.watermark import frames_to_read, read_mark

LOOKED_AT_S = 3
"""Seconds at the start, and again at the end, whose frames are looked at."""
LABEL_LOOKS = 5
"""Frames that must show the label in each of the two."""
MARK_LOOKS = 12
"""Frames in which the watermark is looked for, spread over the first and the last seconds."""
MORE_STRETCHES = (Fraction(1, 3), Fraction(2, 3))
"""Where a longer film is looked at too: its ends may hold no mark, or be another film's."""
LINES_KEPT = 1080
"""Of a larger film the frames of a stretch are reduced to as many lines."""
SMALLEST_PX = 64
"""Below this no label can be read."""
WALKED_BYTES = 1 << 29
"""Of a larger film the packets are not counted one by one; its head says how many there are."""
LARGEST_PICTURE_PX = 4096
"""A larger picture is reduced first."""

Luma = UInt8[np.ndarray, "height width"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Outline:
    """As much of a film as a look through it needs."""

    frames: int
    rate: Fraction
    width_px: int
    height_px: int
    tags: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Glimpse:
    """What the looks found."""

    label: Claim
    mark: Claim
    tag: Claim
    seen: Luma | None
    """One frame of it; nothing where nothing could be seen."""
    is_still: bool = False
    also: tuple[str, ...] = ()
    """Other films of ours whose mark is read elsewhere in it: somebody joined them."""


def glimpse_film(path: Path, *, places: Places, label_text: str | None = None) -> Glimpse:
    """Look at a film.

    Args:
        path: Any file; of one that is no film every claim fails, with the reason.
        places: Whose models, where there are engines that read marks of other kinds.
        label_text: What the label should say, where trusted credentials tell it.
    """
    try:
        outline = outline_of(path)
        label, mark, frames = _look(path, outline, label_text or LABEL_TEXT, places)
        between = _marks_between(path, outline, places)
        tag = _aigc_claim(outline.tags)
    except InputError as error:
        return _blind(str(error))
    mark = mark if mark.ok else next(between, mark)
    also = _others(mark, frames, outline, between) if mark.ok else ()
    return Glimpse(label=label, mark=mark, tag=tag, seen=frames[0].y if frames else None, also=also)


def glimpse_picture(path: Path, *, places: Places) -> Glimpse:
    """Look at a still picture: a screenshot, say."""
    try:
        pixels = read_photo(path, what="The picture", longest_px=LARGEST_PICTURE_PX).picture.pixels
    except InputError as error:
        return _blind(str(error))
    height, width = pixels.shape[0] & ~1, pixels.shape[1] & ~1
    luma, u, v = rgb_to_planes(np.ascontiguousarray(pixels[:height, :width]))
    label = Claim(name="label", ok=False, why="The label is not seen in the picture.", is_gone=True)
    return Glimpse(
        label=_found_anywhere([luma]) or label,
        mark=_mark_claim([luma], [Frame(index=0, y=luma, u=u, v=v)], places),
        tag=_aigc_claim(_picture_tags(path)),
        seen=luma,
        is_still=True,
    )


def _blind(why: str) -> Glimpse:
    label, mark, tag = (
        Claim(name=name, ok=False, why=why, looked_for=False)
        for name in ("label", "watermark", "aigc")
    )
    return Glimpse(label=label, mark=mark, tag=tag, seen=None)


def outline_of(path: Path) -> Outline:
    """Tell how long a film is; of a very large one by its head alone.

    Raises:
        InputError: It is no film that can be read.
    """
    if not path.is_file() or path.stat().st_size <= WALKED_BYTES:
        facts = probe(path)
        return Outline(
            frames=facts.frames,
            rate=facts.rate,
            width_px=facts.width_px,
            height_px=facts.height_px,
            tags=facts.tags,
        )
    with opened(path) as file:
        streams = [one for one in file.streams.video if is_decodable(one)]
        if not streams:
            message = "The file has no picture that can be decoded."
            raise InputError(message)
        stream = streams[0]
        rate = Fraction(exact(stream.average_rate) or exact(stream.guessed_rate) or Fraction(25))
        return Outline(
            frames=stream.frames or max(1, math.floor(length_of(stream) * rate)),
            rate=rate,
            width_px=stream.codec_context.width,
            height_px=stream.codec_context.height,
            tags=dict(file.metadata),
        )


def _look(
    path: Path, outline: Outline, text: str, places: Places
) -> tuple[Claim, Claim, list[Frame]]:
    """Look at the first and the last seconds, for the label and for the watermark."""
    looked = math.ceil(LOOKED_AT_S * outline.rate)
    starts = max(looked, outline.frames - looked)
    wanted = labelled_frames(outline.frames, outline.rate)
    missing: list[int] = []
    share = 1.0
    looks = 0
    frames: list[Frame] = []
    shown: list[Luma] = []
    every = max(1, looked // LABEL_LOOKS)
    small = min(outline.width_px, outline.height_px) < SMALLEST_PX
    plate = None if small else label_plate(outline.width_px & ~1, outline.height_px & ~1, text)
    for frame in _ends_of(path, outline, looked, starts):
        index, luma = frame.index, frame.y
        if index % max(1, 2 * looked // MARK_LOOKS) == 0:
            frames.append(frame)
        first_or_last = index in (0, min(looked, outline.frames) - 1, starts, outline.frames - 1)
        if plate is None or index not in wanted or not (first_or_last or index % every == 0):
            continue
        reading = measure_label(plate, luma)
        looks += 1
        shown.append(luma)
        if reading.present:
            share = min(share, reading.share_of_short_side)
        else:
            missing.append(index)
    label = _label_claim(looks, missing, share)
    if looks and len(missing) == looks:  # somebody may have cut it, or put bars around it
        label = _found_anywhere([shown[len(shown) // 4], shown[-1]]) or label
    return label, _mark_claim([frame.y for frame in frames], frames, places), frames


def _others(
    mark: Claim, ends: Sequence[Frame], outline: Outline, between: Iterator[Claim]
) -> tuple[str, ...]:
    """Read each end by itself, and the stretches between: which other films of ours are in it?"""
    looked = math.ceil(LOOKED_AT_S * outline.rate)
    found: list[str | None] = []
    if outline.frames > looked:
        begins = [frame.y for frame in ends if frame.index < looked]
        finishes = [frame.y for frame in ends if frame.index >= looked]
        found = [read_mark(some).film_id for some in (begins, finishes)]
    found += [claim.film_id for claim in between]
    ids = [one for one in found if one is not None and one != mark.film_id]
    return tuple(dict.fromkeys(ids))


def _marks_between(path: Path, outline: Outline, places: Places) -> Iterator[Claim]:
    """Look for the mark in stretches between the ends, one after the other; give out what holds.

    Their frames follow each other, so that the mark is found behind a picture that moves too.
    """
    looked = math.ceil(LOOKED_AT_S * outline.rate)
    if outline.frames > 4 * looked:
        firsts = [math.floor(outline.frames * place) for place in MORE_STRETCHES]
    else:
        firsts = [max(0, (outline.frames - looked) // 2)]
    wanted = frozenset(frames_to_read(looked, outline.rate))
    for first in firsts:
        lumas: list[Luma] = []
        frames: list[Frame] = []
        for frame in read_frames(path, first=first):
            if frame.index >= first + looked:
                break
            if frame.index - first in wanted:
                lumas.append(_reduced(frame.y))
            if frame.index % max(1, looked // MARK_LOOKS) == 0:
                frames.append(frame)
        mark = _mark_claim(lumas, frames, places)
        if mark.ok:
            yield mark


def _reduced(luma: Luma) -> Luma:
    by = LINES_KEPT / min(luma.shape)
    if by >= 1:
        return luma
    return np.asarray(cv2.resize(luma, None, fx=by, fy=by, interpolation=cv2.INTER_AREA), np.uint8)


def _ends_of(path: Path, outline: Outline, looked: int, starts: int) -> Iterator[Frame]:
    """Give out the first and the last frames, decoding little between."""
    for frame in read_frames(path):
        if frame.index >= looked:
            break
        yield frame
    if starts < outline.frames:
        for frame in read_frames(path, first=starts):
            if frame.index >= starts + 2 * looked:  # the head said less than there is
                break
            yield frame


def _label_claim(looks: int, missing: list[int], share: float) -> Claim:
    if not looks:
        return Claim(name="label", ok=False, why="The picture is too small to hold a label.")
    if missing:
        why = (
            f"The label is missing in {len(missing)} of {looks} frames that were looked at in the "
            f"first and the last {LOOKED_AT_S} seconds, frame {missing[0]} being the first."
        )
        return Claim(name="label", ok=False, why=why, is_gone=True)
    percent = 100 * share
    why = (
        f"The label stands in all {looks} frames that were looked at in the first and the last "
        f"{LOOKED_AT_S} seconds; its letters are {percent:.1f} % of the shorter side high."
    )
    return Claim(name="label", ok=Fraction(share) >= SMALLEST_SHARE, why=why)


def _found_anywhere(lumas: Sequence[Luma]) -> Claim | None:
    """Search frames for the label wherever it stands, and whatever size it has now."""
    readings = [find_label(luma) for luma in lumas]
    found = [one for one in readings if one.present]
    if not found:
        return None
    share = min(one.share_of_short_side for one in found)
    all_of_them = len(found) == len(readings)
    where = "all" if all_of_them else f"{len(found)} of {len(readings)}"
    why = (
        f"The label is seen in {where} of the pictures that were searched, at another size or place; its letters are "
        f"{100 * share:.1f} % of the shorter side high."
    )
    return Claim(name="label", ok=all_of_them and Fraction(share) >= SMALLEST_SHARE, why=why)


def _mark_claim(lumas: Sequence[Luma], frames: Sequence[Frame], places: Places) -> Claim:
    """Read the built-in mark, and where it is not found those of the engines that are installed, out of fewer frames."""
    reading = read_mark(lumas)
    if reading.film_id is not None:
        return Claim(name="watermark", ok=True, why=reading.why, film_id=reading.film_id)
    for found in read_marks(frames, places=places):
        if found.film_id is not None:
            return Claim(name="watermark", ok=True, why=found.why, film_id=found.film_id)
    return Claim(name="watermark", ok=False, why=reading.why, is_gone=True)


def _aigc_claim(tags: Mapping[str, str]) -> Claim:
    text = tags.get(aigc.KEY)
    reading = aigc.read_aigc(text)
    return Claim(
        name="aigc", ok=reading.ok, why=reading.why, film_id=reading.film_id, is_gone=text is None
    )


_XMP_AIGC = re.compile(r"AIGC(?:=|>)\s*\"?(?P<value>[^<]{2,4000}?)(?:\"\s|\"/|<)")


def _picture_tags(path: Path) -> dict[str, str]:
    """Read the AIGC entry of a picture: a text chunk of PNG, or XMP."""
    try:
        with Image.open(path) as image:
            told = image.info.get(aigc.KEY)
            xmp = image.info.get("xmp") or image.info.get("XML:com.adobe.xmp") or ""
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return {}
    if isinstance(told, str):
        return {aigc.KEY: told}
    text = xmp.decode("utf-8", "replace") if isinstance(xmp, bytes) else str(xmp)
    match = _XMP_AIGC.search(text)
    if match is None:
        return {}
    value = match["value"].replace("&quot;", '"').replace("&amp;", "&")
    return {aigc.KEY: value}
