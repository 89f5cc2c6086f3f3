"""The visible label: what it says, how large it is, where and when it stands, and how it is found again.

What the law asks for is data (``label_duties``); ``labelling`` brings the duties of a film's territories
together, ``label_plates`` draws, ``label_reading`` finds the label on any frame, ours or one that somebody
has made smaller, cut or framed. By default one text meets all duties.
"""

from __future__ import annotations

import math
from fractions import Fraction

from vivant.provenance.label_duties import territories
from vivant.provenance.label_plates import (
    LABEL_TEXT,
    SMALLEST_SHARE,
    Glyph,
    LabelPlate,
    label_plate,
    stamp,
)
from vivant.provenance.label_reading import (
    PRESENT_SCORE,
    LabelReading,
    find_label,
    measure_label,
)

__all__ = [
    "LABEL_TEXT",
    "PRESENT_SCORE",
    "SHORT_FILM_S",
    "SMALLEST_SHARE",
    "STANDS_S",
    "Glyph",
    "LabelPlate",
    "LabelReading",
    "find_label",
    "label_plate",
    "labelled_frames",
    "measure_label",
    "stamp",
]

STANDS_S = territories().house.stands_s
"""Seconds at the start, and again at the end."""
SHORT_FILM_S = territories().house.short_film_s
"""A film shorter than this carries the label throughout."""


def labelled_frames(frames: int, rate: Fraction) -> frozenset[int]:
    """Tell which frames of a film carry the label.

    Args:
        frames: How many the film has.
        rate: Frames in each second.

    Returns:
        The first and the last three seconds, rounded up; all frames of a film under eight.
    """
    stand = math.ceil(STANDS_S * rate)
    if frames < SHORT_FILM_S * rate:
        return frozenset(range(frames))
    return frozenset(range(stand)) | frozenset(range(frames - stand, frames))
