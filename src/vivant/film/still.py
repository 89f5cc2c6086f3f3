"""Stills of a film that is not made yet, and the sheet that shows them together: labelled, and marked as a preview."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from jaxtyping import UInt8
from PIL import Image, ImageDraw, PngImagePlugin

from vivant.film.cards import Words, plate_of
from vivant.film.cards_fonts import direction_of, font_for
from vivant.media.files import unfinished
from vivant.media.picture import Frame
from vivant.media.planes import planes_to_rgb
from vivant.provenance.label import LABEL_TEXT, label_plate, stamp

PREVIEW = "PREVIEW"
_ACROSS_PX = 480
_MARGIN_PX = 14
_CAPTION_PX = 34
_PAPER, _PEN, _GAP = (24, 25, 28), (226, 222, 214), (52, 52, 56)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Thumbnail:
    """One shot on the sheet."""

    name: str
    seconds: float
    pixels: UInt8[np.ndarray, "height width 3"] | None
    """Nothing where the shot could not be drawn."""


def save_still(frame: Frame, path: Path) -> UInt8[np.ndarray, "height width 3"]:
    """Label a frame, mark it as a preview, and write it as PNG.

    Returns:
        What was written: red, green, blue.
    """
    height, width = frame.y.shape
    own = Frame(index=0, y=frame.y.copy(), u=frame.u.copy(), v=frame.v.copy())
    stamp(label_plate(width, height), own.y, own.u, own.v)
    words = Words(text=PREVIEW, size=5.2, centre_y=0.95, role="caption", what="The mark", shaded=True)  # fmt: skip
    plate = plate_of([words], width_px=width, height_px=height, language="en")
    if plate is not None:
        plate.lay(own, 0.8)
    pixels = planes_to_rgb(own.y, own.u, own.v)
    _write(Image.fromarray(pixels), path)
    return pixels


def save_sheet(shots: Sequence[Thumbnail], path: Path, *, width_px: int, height_px: int) -> None:
    """Put stills side by side, with the names and lengths of their shots, and write the sheet as PNG.

    Args:
        shots: In the order of the film; at least one.
        path: Where to.
        width_px: Of a still; only its shape counts.
        height_px: Of a still.
    """
    columns = min(len(shots), 3 if width_px >= height_px else 5)
    rows = -(-len(shots) // columns)
    across = _ACROSS_PX if width_px >= height_px else _ACROSS_PX * 3 // 5
    down = round(across * height_px / width_px)
    size = (
        columns * (across + _MARGIN_PX) + _MARGIN_PX,
        rows * (down + _CAPTION_PX + _MARGIN_PX) + _MARGIN_PX,
    )
    sheet = Image.new("RGB", size, _PAPER)
    pen = ImageDraw.Draw(sheet)
    for place, shot in enumerate(shots):
        left = _MARGIN_PX + (place % columns) * (across + _MARGIN_PX)
        top = _MARGIN_PX + (place // columns) * (down + _CAPTION_PX + _MARGIN_PX)
        if shot.pixels is None:
            pen.rectangle((left, top, left + across - 1, top + down - 1), fill=_GAP)
            _write_line(pen, "cannot be drawn", (left + 16, top + down // 2 - 12))
        else:
            small = cv2.resize(shot.pixels, (across, down), interpolation=cv2.INTER_AREA)
            sheet.paste(Image.fromarray(np.asarray(small, np.uint8)), (left, top))
        told = f"{place + 1}  {shot.name}  {shot.seconds:.1f} s"
        _write_line(pen, told, (left + 2, top + down + 4))
    _write(sheet, path)


def _write_line(pen: ImageDraw.ImageDraw, text: str, at: tuple[int, int]) -> None:
    font = font_for(text, size_px=20, role="caption", language="en", what="A shot's name")
    pen.text(at, text, font=font, fill=_PEN, direction=direction_of(text))


def _write(image: Image.Image, path: Path) -> None:
    notes = PngImagePlugin.PngInfo()
    notes.add_text("Description", f"{PREVIEW}; {LABEL_TEXT.encode('ascii', 'ignore').decode().strip()}: made by a machine")  # fmt: skip
    data = io.BytesIO()
    image.save(data, format="PNG", pnginfo=notes, compress_level=4)
    with unfinished(path) as hidden:
        hidden.write_bytes(data.getvalue())
