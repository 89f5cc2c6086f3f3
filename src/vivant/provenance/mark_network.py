"""The two small networks of Perth: one says how to mark a spectrum, one whether a spectrum is marked.

Each is seven convolutions over time. Those of seven taps make all the work; they are done by Toom and
Cook's way of short convolutions, which needs 2.5 multiplications a sample where the plain way needs 7.

Source:
    Perth (PERceptual THreshold), Resemble AI, 2025, MIT: weights, and the shape of the networks.
    A. Toom, S. Cook: short convolutions by evaluation and interpolation; S. Winograd, "Arithmetic
    Complexity of Computations", 1980.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Final

import numpy as np
from jaxtyping import Float32, Float64

from vivant.models.tensors import read_tensors

BINS: Final = 128
"""Bins of 15.625 Hz that are marked: up to 2 kHz."""
REACH_FRAMES: Final = 15
"""Frames on each side that the networks look at."""
_TAPS = 7
_AT_ONCE = 4
_POINTS = (0.0, 1.0, -1.0, 2.0, -2.0, 0.5, -0.5, 1.5, -1.5)
_LEAK = np.float32(0.01)
_LAYERS = 7
_SPEEDS: Final = {"slow": 1.25, "normal": 1.0, "fast": 0.75}


def _powers(degree: int) -> np.ndarray:
    """Evaluate polynomials of a degree at the points, and at infinity."""
    finite = np.vander(np.array(_POINTS), degree, increasing=True)
    return np.vstack([finite, np.eye(degree)[-1:]])


_EVALUATE = _powers(_TAPS)
_SPREAD = np.linalg.inv(_powers(_AT_ONCE + _TAPS - 1)).T
_SIZE = np.abs(_SPREAD).max(axis=1, keepdims=True)
_SPREAD_32 = (_SPREAD / _SIZE).astype(np.float32)
_GATHER_32 = _powers(_AT_ONCE).T.astype(np.float32)


class Layers:
    """Seven convolutions one behind the other."""

    def __init__(self, tensors: Mapping[str, np.ndarray]) -> None:
        """Prepare the weights: ``0.conv.weight`` up to ``6.conv.bias``."""
        self._weights = []
        for i in range(_LAYERS):
            weight = tensors[f"{i}.conv.weight"].astype(np.float64)
            if weight.shape[2] == 1:
                self._weights.append(weight[:, :, 0].T.astype(np.float32))
            else:
                self._weights.append(prepared(weight))
        self._biases = [tensors[f"{i}.conv.bias"].astype(np.float32) for i in range(_LAYERS)]

    def __call__(self, frames: Float32[np.ndarray, "time bins"]) -> Float32[np.ndarray, "time out"]:
        """Run them; silence lies before and after."""
        heard = frames
        for i, (weight, bias) in enumerate(zip(self._weights, self._biases, strict=True)):
            heard = (heard @ weight if weight.ndim == 2 else convolved(heard, weight)) + bias
            if i + 1 < _LAYERS:
                heard = np.maximum(heard, heard * _LEAK)
        return heard


def prepared(
    weight: Float64[np.ndarray, "out into taps"],
) -> Float32[np.ndarray, "points into out"]:
    """Evaluate seven taps where ``convolved`` needs them."""
    points = np.einsum("pk,oik->pio", _EVALUATE * _SIZE, weight)
    return np.ascontiguousarray(points, np.float32)


def convolved(
    frames: Float32[np.ndarray, "time into"], weight: Float32[np.ndarray, "points into out"]
) -> Float32[np.ndarray, "time out"]:
    """Convolve over time with seven taps, four frames at once; silence lies before and after.

    Args:
        frames: What is heard.
        weight: As ``prepared`` gives it.
    """
    count, channels = frames.shape
    tiles = -(-count // _AT_ONCE)
    before = _TAPS // 2
    padded = np.zeros((tiles * _AT_ONCE + _TAPS - 1, channels), np.float32)
    padded[before : before + count] = frames
    last = (tiles - 1) * _AT_ONCE + 1
    apart = np.stack([padded[j : j + last : _AT_ONCE] for j in range(len(_SPREAD_32))])
    points = (_SPREAD_32 @ apart.reshape(len(apart), -1)).reshape(apart.shape)
    made = np.matmul(points, weight)
    joined = (_GATHER_32 @ made.reshape(len(made), -1)).reshape(_AT_ONCE, tiles, -1)
    result: np.ndarray = joined.transpose(1, 0, 2).reshape(tiles * _AT_ONCE, -1)[:count]
    return result


@cache
def marker(checkpoint: Path) -> Layers:
    """Load the network that says how to mark; once for each file."""
    return Layers(read_tensors(checkpoint, under="model.encoder.layers"))


@cache
def readers(checkpoint: Path) -> tuple[tuple[float, Layers], ...]:
    """Load the networks that say whether a sound is marked, each for one speed of it."""
    return tuple(
        (speed, Layers(read_tensors(checkpoint, under=f"model.decoder.{name}_layers")))
        for name, speed in _SPEEDS.items()
    )


def confidence(
    checkpoint: Path,
    levels: Float32[np.ndarray, "time bins"],
    counts: Float32[np.ndarray, " time"],
) -> float:
    """Tell how sure the readers are that a sound is marked.

    Args:
        checkpoint: Perth's weights.
        levels: Spectrum as ``sound_mark`` scales it, the lowest ``BINS`` bins.
        counts: 1 for frames that hold sound, 0 for silence.

    Returns:
        0 to 1.
    """
    said, weights = [], []
    frames = len(levels)
    for speed, layers in readers(checkpoint):
        stretched = int(frames * speed)
        if not stretched:
            continue
        at = np.linspace(0, frames - 1, stretched)
        low = np.minimum(at.astype(np.int64), max(0, frames - 2))
        share = (at - low).astype(np.float32)[:, None]
        high = np.minimum(low + 1, frames - 1)
        out = layers(levels[low] * (1 - share) + levels[high] * share)
        kept = counts[(np.arange(stretched) * frames) // stretched]
        mean = (out * kept[:, None]).sum(axis=0) / max(float(kept.sum()), 1.0)
        weights.append(float(mean[0]))
        said.append(float(mean[1]))
    if not said:
        return 0.0
    shares = np.exp(np.array(weights) - max(weights))
    return float(np.clip((np.array(said) * shares).sum() / shares.sum(), 0.0, 1.0))
