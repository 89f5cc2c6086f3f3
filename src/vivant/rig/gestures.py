"""What a body can be asked to do, and how far."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

GESTURES: Final = (
    "sway",
    "lean",
    "step",
    "shrug",
    "shoulder_right",
    "shoulder_left",
    "lift_right",
    "lift_left",
    "wave_right",
    "wave_left",
)
"""Columns of a bust's gestures. Right and left are the person's own.

``sway`` weight from one foot to the other; ``lean`` the whole trunk, from the hips; ``step`` a small step sideways;
``shrug`` both shoulders; ``shoulder_*`` one; ``lift_*`` a free arm outwards and up, its elbow bending; ``wave_*`` the
forearm of a lifted arm, from side to side. Breathing is the performance's own. What is below 0 goes to the
picture's left.
"""
GESTURE: Final[Mapping[str, int]] = MappingProxyType({name: i for i, name in enumerate(GESTURES)})
LIMITS: Final[Mapping[str, tuple[float, float]]] = MappingProxyType(
    {name: (0.0, 1.0) if name.startswith(("shrug", "lift")) else (-1.0, 1.0) for name in GESTURES}
)
"""Least and greatest value of each; beyond them a body is held at the limit."""
SWAY_DEG, SWAY = 1.6, 0.05
"""Tilt, and way of the hips in face heights, at 1."""
LEAN_DEG = 8.0
STEP, STEP_DIP = 0.14, 0.018
"""Way, and how deep the body sinks in the middle of it, in face heights."""
SHOULDER = 0.07
"""In face heights."""
LIFT_DEG, BEND_DEG = 60.0, 100.0
"""How far the upper arm comes up and the elbow bends, at 1: beyond, a flat picture of an arm folds into itself."""
WAVE_DEG = 16.0
ARMS: Final = frozenset({"lift_right", "lift_left", "wave_right", "wave_left"})
