"""Feathers: many at once, each a curved card with a quill, two vanes of unlike width, and a tip."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float32, Int32

WIDE = np.array([-1.0, -0.5, 0.0, 0.5, 1.0], np.float32)
NARROW = np.array([-1.0, 0.0, 1.0], np.float32)
"""Across a feather: its leading edge, its quill in the middle, its trailing edge."""
LONG = np.array([0.0, 0.10, 0.22, 0.36, 0.50, 0.64, 0.76, 0.86, 0.93, 0.975, 1.0], np.float32)
SHORT = np.array([0.0, 0.25, 0.52, 0.74, 0.88, 0.965, 1.0], np.float32)
"""Along a feather: closer where its tip is round."""
QUILL = 0.16
"""Width where it grows out of the skin, against its greatest."""
CAMBER = 0.07
"""How far the quill stands above the vanes' edges, in widths."""
BLUNT = 0.003
"""The square of how wide a tip ends, against the vane: no card ends in a point, where it would face nowhere."""
RAGGED = 0.022
"""How much the edges waver, in widths."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Feathers:
    """Many feathers that have the same grid; one value for each of them."""

    stations: Float32[np.ndarray, " stations"]
    lanes: Float32[np.ndarray, " lanes"]
    length_m: Float32[np.ndarray, " feathers"]
    width_m: Float32[np.ndarray, " feathers"]
    lead: Float32[np.ndarray, " feathers"]
    """Share of the width that lies before the quill."""
    pointed: Float32[np.ndarray, " feathers"]
    """0 has a round tip, 1 a pointed one."""
    sickle: Float32[np.ndarray, " feathers"]
    """How far it bends within its plane, toward its trailing edge, in lengths at its tip."""
    curl: Float32[np.ndarray, " feathers"]
    """How far its tip lies toward the inside of the wing, in lengths."""

    def __len__(self) -> int:
        """Count them."""
        return len(self.length_m)

    def cards(self, *, seed: int) -> Float32[np.ndarray, "feathers stations lanes 3"]:
        """Give their points: along, across (toward the trailing edge) and above, in metres, from where each one grows."""
        t = self.stations[None, :]
        half = self._half_widths()
        chance = np.random.default_rng(seed).normal(0, RAGGED, (len(self), t.shape[1], 2))
        ragged = 1 + chance * np.minimum(1, 4 * t * (1 - t))[..., None]
        sides = np.stack([self.lead, 1 - self.lead], axis=1)
        vane = 2 * half[..., None] * sides[:, None, :] * ragged
        lanes = self.lanes
        across = np.where(lanes < 0, lanes * vane[..., :1], lanes * vane[..., 1:])
        along = self.length_m[:, None] * t
        # barbs point to the tip: edges lie a little farther along than the quill
        swept = along[..., None] + 0.16 * np.abs(across) * (1 - t**6)[..., None]
        across = across + (self.sickle * self.length_m)[:, None, None] * (t * t)[..., None]
        above = CAMBER * self.width_m[:, None, None] * (1 - lanes**2) * _rise(t)[..., None]
        above = above - (self.curl * self.length_m)[:, None, None] * (t * t)[..., None]
        return np.stack(np.broadcast_arrays(swept, across, above), axis=-1).astype(np.float32)

    def _half_widths(self) -> Float32[np.ndarray, "feathers stations"]:
        t = self.stations[None, :]
        grown = QUILL + (1 - QUILL) * _rise(t / 0.34)
        begins = (0.70 - 0.25 * self.pointed)[:, None]
        past = np.clip((t - begins) / (1 - begins), 0, 1)
        power = (2.3 - 0.7 * self.pointed)[:, None]
        tip = np.sqrt(np.maximum(1 - past**power, BLUNT))
        return np.asarray(0.5 * self.width_m[:, None] * grown * tip, np.float32)


def grid(feathers: int, *, stations: int, lanes: int) -> Int32[np.ndarray, "triangles 3"]:
    """Give the triangles of so many feathers."""
    row, lane = np.meshgrid(np.arange(stations - 1), np.arange(lanes - 1), indexing="ij")
    corner = (row * lanes + lane).ravel()
    one = np.concatenate(
        [
            np.column_stack([corner, corner + 1, corner + lanes]),
            np.column_stack([corner + 1, corner + lanes + 1, corner + lanes]),
        ]
    )
    every = one[None] + (np.arange(feathers) * stations * lanes)[:, None, None]
    return every.reshape(-1, 3).astype(np.int32)


def _rise(t: np.ndarray) -> np.ndarray:
    x = np.clip(t, 0, 1)
    return np.asarray(x * x * (3 - 2 * x))
