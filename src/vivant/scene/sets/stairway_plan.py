"""Where everything in the *Stairway* stands: one plan for its stone, its air, its people and its cameras."""

from __future__ import annotations

import numpy as np
from jaxtyping import Float64

RADIUS_M = 30.0
TREAD_M = 0.36
"""Depth of a step along the middle of the stair."""
RISE_M = 0.165
STEPS = 96
HALF_WIDTH_M = 1.7
LENGTH_M = STEPS * TREAD_M
"""Way along the middle of the stair, from the first nosing to the landing."""
LANDING_M = STEPS * RISE_M
"""Height of the landing."""
TO_GATE_M = 4.6
"""From the top step to the gate."""
LANDING_RADIUS_M = 5.0

_END = LENGTH_M / RADIUS_M
ONWARD = np.array([-np.sin(_END), 0.0, np.cos(_END)])
"""The way one walks through the gate; unit vector."""
ASIDE = np.array([np.cos(_END), 0.0, np.sin(_END)])
"""To the side of that way, outward."""
GATE = np.array([RADIUS_M * np.cos(_END), LANDING_M, RADIUS_M * np.sin(_END)]) + TO_GATE_M * ONWARD
"""Middle of the gate, on the floor."""


def place_at(way_m: float, aside_m: float = 0.0) -> Float64[np.ndarray, " 3"]:
    """Give the point above the stair's slope: half a rise above the nosings' line, rising without steps.

    Args:
        way_m: Along the middle of the stair, from 0; beyond the top it goes on, level, straight through the gate.
        aside_m: Outward from the middle.
    """
    if way_m > LENGTH_M:
        top = place_at(LENGTH_M, aside_m)
        return np.asarray(top + (way_m - LENGTH_M) * ONWARD)
    angle = way_m / RADIUS_M
    radius = RADIUS_M + aside_m
    height = np.clip(way_m / TREAD_M, 0, STEPS) * RISE_M
    return np.array([radius * np.cos(angle), height, radius * np.sin(angle)])


def step_at(way_m: float, aside_m: float = 0.0) -> Float64[np.ndarray, " 3"]:
    """Give the point on the step (or the landing) itself, where a foot stands."""
    point = place_at(way_m, aside_m)
    point[1] = np.clip(np.floor(way_m / TREAD_M) + 1, 0, STEPS) * RISE_M
    return point


def heading_at(way_m: float) -> float:
    """Give the way one faces while climbing: yaw in radians; forward is (sin yaw, 0, cos yaw)."""
    angle = min(way_m, LENGTH_M) / RADIUS_M
    return float(np.arctan2(-np.sin(angle), np.cos(angle)))
