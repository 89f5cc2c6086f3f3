"""Who is to be painted, and what the painter knows of the painting."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from jaxtyping import Float32, UInt8

Colour = tuple[int, int, int]
"""sRGB, 0..255."""
Hair = Literal["bald", "fringe", "short", "crop", "bob", "long", "bun", "curls", "waves"]
Expression = Literal["neutral", "content", "smile", "closed-eyes"]
Glasses = Literal["none", "round", "square"]
Style = Literal["plain", "fine"]
Clothes = Literal["shirt", "jumper", "jacket", "blouse", "dress"]


@dataclass(frozen=True, slots=True, kw_only=True)
class FaceSpec:
    """One painted person. None of them exists; the same spec gives the same picture."""

    name: str
    """What tests and contact sheets call the painting."""
    seed: int
    """Where freckles and strands fall, and what this head has of its own: eyes set apart, jaw, chin, cheeks."""
    style: Style = "plain"
    """How it is painted: ``plain`` is the older way, which measurements are kept for."""
    age_years: float = 35.0
    """Above 0.3; below 15 the head takes a child's proportions, below 3 (fine style) a baby's."""
    skin: float = 0.2
    """0 very fair .. 1 very dark."""
    softness: float = 0.5
    """0 heavy brows and a square jaw .. 1 fine brows and a soft jaw."""
    face_width: float = 1.0
    nose_width: float = 1.0
    nose_length: float = 1.0
    lip_fullness: float = 1.0
    eye_size: float = 1.0
    eye_tilt: float = 0.0
    """How much higher the outer corners lie, in centimetres."""
    eye_fold: float = 0.0
    """0 a deep lid crease .. 1 a single lid."""
    eye_colour: Colour = (92, 62, 38)
    hair: Hair = "short"
    hair_colour: Colour = (60, 42, 30)
    bangs: bool = False
    """Whether hair falls over the forehead."""
    beard: float = 0.0
    """0 none, 0.3 stubble, 1 full."""
    moustache: float = 0.0
    lip_colour: float = 0.0
    """0 bare .. 1 painted."""
    glasses: Glasses = "none"
    hat: bool = False
    hat_colour: Colour = (70, 62, 56)
    hijab: Colour | None = None
    """Its colour; none is worn without one."""
    earrings: bool = False
    expression: Expression = "neutral"
    yaw_deg: float = 0.0
    """Above zero the head turns toward the picture's right."""
    light_deg: float = -40.0
    """Where the main light stands: below zero on the picture's left."""
    clothes: Clothes = "shirt"
    clothes_colour: Colour = (74, 92, 120)
    background: Colour = (122, 126, 128)
    print_look: bool = False
    """Whether it is an old black-and-white print."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Truth:
    """Where the painter put things, in pixels of the painting; rows are x, y.

    The person's right side comes first, which is the viewer's left.
    """

    pupils: Float32[np.ndarray, "2 2"]
    eye_corners: Float32[np.ndarray, "4 2"]
    """Right outer, right inner, left inner, left outer."""
    upper_lip: Float32[np.ndarray, "21 2"]
    """Outer edge, from the viewer's left corner to the right one."""
    lower_lip: Float32[np.ndarray, "21 2"]
    """Outer edge, likewise."""
    nose_tip: Float32[np.ndarray, " 2"]
    chin: Float32[np.ndarray, " 2"]
    head_yaw_deg: float
    """Above zero the head turns toward the picture's right."""
    eyes_open: bool
    teeth_shown: bool
    person: UInt8[np.ndarray, "height width"]
    """255 where the person covers the pixel, softly 0 where not."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Painted:
    """A painting and the truth about it."""

    spec: FaceSpec
    pixels: UInt8[np.ndarray, "height width 3"]
    """sRGB; read-only."""
    truth: Truth

    def __post_init__(self) -> None:
        self.pixels.flags.writeable = False
