"""Rotations of many moments at once, and the ease with which bodies move."""

from __future__ import annotations

import numpy as np
from jaxtyping import Float64
from scipy.ndimage import gaussian_filter1d

Curve = Float64[np.ndarray, " moments"]
Angles = Float64[np.ndarray, "*moments"]
Turn = Float64[np.ndarray, "*moments 3 3"]
Places = Float64[np.ndarray, "*moments 3"]


def ease(share: Angles | float) -> Angles:
    """Go from 0 to 1, at rest at both ends in speed and in force."""
    x = np.clip(share, 0, 1)
    return np.asarray(x * x * x * (x * (x * 6 - 15) + 10))


def about_up(angle: Angles) -> Turn:
    """Turn to the left: the front (0, 0, 1) goes to (sin, 0, cos)."""
    return _turn(angle, 2, 0)


def about_left(angle: Angles) -> Turn:
    """Bow: the top goes to the front."""
    return _turn(angle, 1, 2)


def about_front(angle: Angles) -> Turn:
    """Raise the left side."""
    return _turn(angle, 0, 1)


def _turn(angle: Angles, first: int, second: int) -> Turn:
    """Turn axis ``first`` toward axis ``second``."""
    angle = np.asarray(angle, np.float64)
    turn = np.zeros((*angle.shape, 3, 3))
    turn[..., 3 - first - second, 3 - first - second] = 1
    turn[..., first, first] = turn[..., second, second] = np.cos(angle)
    turn[..., second, first] = np.sin(angle)
    turn[..., first, second] = -np.sin(angle)
    return turn


def moved(turn: Turn, arm: Float64[np.ndarray, "... 3"]) -> Places:
    """Turn vectors."""
    return np.asarray(np.einsum("...ij,...j->...i", turn, arm))


def unit(vectors: Float64[np.ndarray, "*shape 3"]) -> Float64[np.ndarray, "*shape 3"]:
    """Make vectors of length 1."""
    length = np.linalg.norm(vectors, axis=-1, keepdims=True)
    return np.asarray(vectors / np.maximum(length, 1e-9))


def smooth(
    curve: Float64[np.ndarray, "moments ..."], *, moments: float
) -> Float64[np.ndarray, "moments ..."]:
    """Blur a curve along time, by a standard deviation counted in moments."""
    return np.asarray(gaussian_filter1d(curve, moments, axis=0, mode="nearest"))
