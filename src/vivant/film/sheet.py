"""A contact sheet: a film at one look, its mouths and eyes enlarged."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
from jaxtyping import UInt8
from PIL import Image, ImageDraw, ImageFont

from vivant.film.decoding import probe, read_frames
from vivant.film.facts import FilmFacts
from vivant.film.seeing import eyes_apart
from vivant.intake.engine import FaceEngine, FoundFace
from vivant.intake.engines.mediapipe import MediapipeFaces
from vivant.media import face as points
from vivant.media.files import unfinished
from vivant.media.planes import planes_to_rgb
from vivant.media.watch import Watch, unwatched
from vivant.places import Places

SHEET_PX = 1920
COLUMNS = 5
ROWS = 3
CLOSE_UPS = 10
GAP_PX = 4
PAPER = (24, 24, 26)
WALK_FRAMES = 3000
"""Longer films are not walked through; each frame wanted is jumped to."""


def contact_sheet(
    path: Path,
    to: Path,
    *,
    engine: FaceEngine | None = None,
    places: Places | None = None,
    watch: Watch = unwatched,
) -> Path:
    """Draw a grid of a film's frames with their times, a row of mouths and a row of eyes.

    Args:
        path: The film.
        to: The PNG to write; whole or not at all.
        engine: Who finds the face; without a face the close-ups stay away.
        places: Where the models are.
        watch: Hears ``"sheet"``.

    Returns:
        ``to``.

    Raises:
        InputError: It is no film.
    """
    engine = engine or MediapipeFaces(places=places)
    facts = probe(path)
    count = min(COLUMNS * ROWS, facts.frames)
    wanted = [round((i + 0.5) * facts.frames / count - 0.5) for i in range(count)]
    width = (SHEET_PX - (COLUMNS + 1) * GAP_PX) // COLUMNS
    height = round(width * facts.height_px / facts.width_px)
    small: list[UInt8[np.ndarray, "_ _ 3"]] = []
    mouths: list[UInt8[np.ndarray, "_ _ 3"]] = []
    eyes: list[UInt8[np.ndarray, "_ _ 3"]] = []
    for place, (index, pixels) in enumerate(_chosen(path, facts, wanted)):
        watch("sheet", place, count)
        small.append(_stamped(_resized(pixels, width, height), index, facts))
        face = max(engine.find(pixels), key=lambda one: eyes_apart(one.landmarks), default=None)
        if face is not None and len(mouths) < CLOSE_UPS:
            mouths.append(_mouth(pixels, face))
            eyes.append(_eyes(pixels, face))
    watch("sheet", count, count)
    rows = [small[i : i + COLUMNS] for i in range(0, len(small), COLUMNS)]
    sheet = _pasted([*rows, *([mouths, eyes] if mouths else [])])
    with unfinished(to) as part:
        Image.fromarray(sheet).save(part, format="PNG")
    return to


def _chosen(
    path: Path, facts: FilmFacts, wanted: list[int]
) -> Iterator[tuple[int, UInt8[np.ndarray, "h w 3"]]]:
    if facts.frames <= WALK_FRAMES or not facts.is_constant_rate:
        left = set(wanted)
        for frame in read_frames(path):
            if frame.index in left:
                yield frame.index, planes_to_rgb(frame.y, frame.u, frame.v)
        return
    for index in wanted:
        frame = next(read_frames(path, first=index))
        yield index, planes_to_rgb(frame.y, frame.u, frame.v)


def _resized(
    pixels: UInt8[np.ndarray, "height width 3"], width: int, height: int
) -> UInt8[np.ndarray, "rows columns 3"]:
    how = cv2.INTER_AREA if width < pixels.shape[1] else cv2.INTER_CUBIC
    return np.asarray(cv2.resize(pixels, (width, height), interpolation=how), np.uint8)


def _stamped(
    pixels: UInt8[np.ndarray, "height width 3"], index: int, facts: FilmFacts
) -> UInt8[np.ndarray, "rows columns 3"]:
    image = Image.fromarray(pixels)
    draw = ImageDraw.Draw(image, "RGBA")
    seconds = float(index / facts.rate)
    text = f"{int(seconds) // 60}:{seconds % 60:05.2f}  #{index}"
    font = ImageFont.load_default(size=15)
    box = draw.textbbox((0, 0), text, font=font)
    bottom = image.height
    draw.rectangle((0, bottom - 22, box[2] + 12, bottom), fill=(0, 0, 0, 150))
    draw.text((6, bottom - 20), text, font=font, fill=(255, 255, 255, 255))
    return np.asarray(image, np.uint8)


def _mouth(
    pixels: UInt8[np.ndarray, "height width 3"], face: FoundFace
) -> UInt8[np.ndarray, "rows columns 3"]:
    lips = face.landmarks[list(points.UPPER_LIP_OUTER + points.LOWER_LIP_OUTER), :2]
    middle = face.landmarks[[61, 291], :2].mean(axis=0)
    middle[1] = 0.5 * (middle[1] + lips[:, 1].mean())
    return _close_up(pixels, middle, wide_px=1.25 * eyes_apart(face.landmarks), tall_share=0.8)


def _eyes(
    pixels: UInt8[np.ndarray, "height width 3"], face: FoundFace
) -> UInt8[np.ndarray, "rows columns 3"]:
    middle = face.landmarks[[33, 133, 362, 263], :2].mean(axis=0)
    return _close_up(pixels, middle, wide_px=2.1 * eyes_apart(face.landmarks), tall_share=0.4)


def _close_up(
    pixels: UInt8[np.ndarray, "height width 3"],
    middle: np.ndarray,
    *,
    wide_px: float,
    tall_share: float,
) -> UInt8[np.ndarray, "rows columns 3"]:
    width = (SHEET_PX - (CLOSE_UPS + 1) * GAP_PX) // CLOSE_UPS
    height = round(width * tall_share)
    scale = width / max(1.0, wide_px)
    move = np.array(
        [
            [scale, 0, width / 2 - scale * float(middle[0])],
            [0, scale, height / 2 - scale * float(middle[1])],
        ],
        np.float32,
    )
    return np.asarray(
        cv2.warpAffine(
            pixels, move, (width, height), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE
        ),
        np.uint8,
    )


def _pasted(rows: list[list[UInt8[np.ndarray, "_ _ 3"]]]) -> UInt8[np.ndarray, "rows columns 3"]:
    height = GAP_PX + sum(max(one.shape[0] for one in row) + GAP_PX for row in rows)
    sheet = np.full((height, SHEET_PX, 3), PAPER, np.uint8)
    top = GAP_PX
    for row in rows:
        left = GAP_PX
        for one in row:
            sheet[top : top + one.shape[0], left : left + one.shape[1]] = one
            left += one.shape[1] + GAP_PX
        top += max(one.shape[0] for one in row) + GAP_PX
    return sheet
