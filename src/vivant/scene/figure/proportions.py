"""How a child's body is divided: every point of a grown figure of the same height is taken to its place in a child's.

Figures are made with a grown person's shares of the height. A child's head is larger, its legs are shorter, its neck is
short, and its shoulders are no wider than its head asks for; so heights are stretched and pressed piece by piece, and
the head grows in all directions.

Source:
    Heads in the body's height: Stratz, *Der Körper des Kindes*, 1903: five at two years, six at six, seven at twelve.
    Share of the legs: ratios of sitting height to height, Fredriks and others, *Archives of Disease in Childhood*,
    2005: .60 at two, .55 at six, .52 from twelve on. Heights by age: the medians of the growth charts of the World
    Health Organization, 2006 and 2007. Shoulders, knees and arms: Snyder and others, *Anthropometry of Infants,
    Children, and Youths to Age 18*, 1977. These works are where such figures
    stand; the ones here are rounded by hand, boys and girls taken together, and meant for figures of a hundred pixels.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float64

_GROWN = (0.041, 0.283, 0.520, 0.808, 0.872, 1.0)
"""Ankle, knee, hip, shoulder, chin and crown of a grown person, in body heights."""
_AGES = (  # height in metres, then knee, hip, shoulder, chin, arm (shoulder to wrist), width of the shoulders
    (0.70, 0.222, 0.425, 0.740, 0.780, 0.300, 0.94),
    (0.87, 0.232, 0.442, 0.756, 0.800, 0.308, 0.95),
    (1.02, 0.246, 0.470, 0.771, 0.818, 0.314, 0.96),
    (1.16, 0.258, 0.490, 0.782, 0.833, 0.318, 0.97),
    (1.38, 0.272, 0.508, 0.795, 0.850, 0.322, 0.98),
    (1.50, 0.278, 0.515, 0.801, 0.858, 0.324, 0.99),
    (1.65, 0.283, 0.520, 0.808, 0.872, 0.324, 1.00),
)
_ARM = 0.324
"""Shoulder to wrist of a grown person."""
ROUND = 1.15
"""A child's head is rounder: it grows more across than along."""
_AXIS = 0.004
"""The head's axis before the body's, in body heights."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Proportions:
    """Where the parts of a body are, in body heights."""

    knee: float
    hip: float
    shoulder: float
    chin: float
    arm: float
    shoulders: float
    """Width of the shoulders against a grown person's."""

    @property
    def head(self) -> float:
        """How much larger the head is than a grown one's at the same height."""
        return (1 - self.chin) / (_GROWN[5] - _GROWN[4])

    def raised(
        self, heights: Float64[np.ndarray, "*points"], *, arm: bool = False
    ) -> Float64[np.ndarray, "*points"]:
        """Take heights over the floor to where a child has them; what hangs from the shoulders has its own measure."""
        at = np.asarray(heights, np.float64)
        if arm:
            grown: tuple[float, ...] = (_GROWN[3] - _ARM, _GROWN[3], _GROWN[4])
            own: tuple[float, ...] = (self.shoulder - self.arm, self.shoulder, self.chin)
        else:
            grown = (0.0, *_GROWN)
            own = (0.0, _GROWN[0], self.knee, self.hip, self.shoulder, self.chin, 1.0)
        below = np.minimum(at - grown[0], 0)
        above = np.maximum(at - grown[-1], 0) * self.head
        return np.asarray(np.interp(at, grown, own) + below + above)

    def shaped(
        self, points: Float64[np.ndarray, "points 3"], *, arm: bool = False
    ) -> Float64[np.ndarray, "points 3"]:
        """Take points of a figure, in body heights from the floor, to where a child has them."""
        made = np.array(points, np.float64)
        if not arm:
            # from the collar to the jaw the neck grows a little, and above it the head as a whole
            neck = np.interp(points[:, 1], (0.846, 0.864, 0.884), (0.0, 0.30, 1.0))
            grown = 1 + (self.head**ROUND - 1) * neck
            made[:, 0] *= grown
            made[:, 2] = _AXIS + (made[:, 2] - _AXIS) * grown
        made[:, 1] = self.raised(points[:, 1], arm=arm)
        return made


def proportions_at(height_m: float) -> Proportions:
    """Give what most children of a height have; from 1.65 m on they are grown."""
    table = np.array(_AGES)
    values = [float(np.interp(height_m, table[:, 0], column)) for column in table.T[1:]]
    return Proportions(
        knee=values[0],
        hip=values[1],
        shoulder=values[2],
        chin=values[3],
        arm=values[4],
        shoulders=values[5],
    )
