"""What a picture and a frame are. Axes, pixel centres and colours: ``docs/conventions.md``."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from jaxtyping import UInt8


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Picture:
    """A still picture: sRGB, 8 bit, upright (EXIF rotation applied)."""

    pixels: UInt8[np.ndarray, "height width 3"]
    """Red, green, blue; read-only."""
    sha256: str
    """Hash of the file it was read from (not of the pixels), in hex."""
    mime: str = "image/png"
    """Media type of that file."""
    was_grey: bool = False
    """Whether the file held no colour."""

    def __post_init__(self) -> None:
        self.pixels.flags.writeable = False

    @property
    def width_px(self) -> int:
        """Pixels across."""
        return int(self.pixels.shape[1])

    @property
    def height_px(self) -> int:
        """Pixels down."""
        return int(self.pixels.shape[0])


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Frame:
    """One frame of film: planar Y'CbCr 4:2:0, BT.709 matrix, limited range.

    Width and height are even. Chroma is sited at the centre of each 2 x 2 block
    (MPEG-1 siting), which is what averaging gives.
    """

    index: int
    """Its place in the film, from 0."""
    y: UInt8[np.ndarray, "height width"]
    """Luma, 16..235."""
    u: UInt8[np.ndarray, "half_height half_width"]
    """Blue difference, 16..240, 128 is none."""
    v: UInt8[np.ndarray, "half_height half_width"]
    """Red difference, 16..240, 128 is none."""
