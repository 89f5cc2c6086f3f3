"""What a film file is made of, as counted in the file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True, slots=True, kw_only=True)
class FilmFacts:
    """What was found by walking through a film's packets."""

    frames: int
    """Frames of picture, counted."""
    rate: Fraction
    """Frames a second, exact; the mean when the frames are not evenly spaced."""
    is_constant_rate: bool
    """Whether every frame lasts as long as every other."""
    width_px: int
    """Of the picture as shown: a turned phone's film is told upright."""
    height_px: int
    rotation_deg: int
    """How far the stored picture is turned counterclockwise to be shown: 0, 90, 180 or 270."""
    picture_s: Fraction
    """How long the picture lasts."""
    picture_starts_s: Fraction
    """When the first frame is shown."""
    sound_s: Fraction | None
    """How long the sound lasts, priming left out; nothing when there is none."""
    sound_starts_s: Fraction | None
    """When its first sample is heard."""
    sample_rate_hz: int | None
    """Of the sound."""
    picture_codec: str
    sound_codec: str | None
    pixel_format: str
    """As FFmpeg names it: ``"yuv420p"``."""
    is_bt709: bool
    """Whether the file says that its colours are BT.709 in the limited range."""
    tags: Mapping[str, str]
    """Metadata of the file, by key."""
    size_bytes: int
