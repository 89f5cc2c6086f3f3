"""The noise that all air is made of, as a cube that is kept on disk."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from jaxtyping import Float32

from vivant.errors import VivantError
from vivant.media.document import read_document, write_document
from vivant.places import Places
from vivant.scene.noise import VERSION, noise_volume

SIDE = 128
"""Samples a side; a power of two, which the loops that read it rely on."""


def cloud_noise(places: Places | None = None) -> Float32[np.ndarray, "128 128 128 2"]:
    """Give the noise: z first, x last, then shape and detail, 0..1; period 1, sample i at i / 128.

    It is made on first use (some three seconds) and kept in ``places.cache``; a damaged file is made again.
    """
    path = (places or Places()).cache / "air" / f"noise-{VERSION}.vivant"
    kept = _read(path)
    if kept is not None:
        return kept
    volume = noise_volume(SIDE)
    _keep(path, volume)
    return volume


def _read(path: Path) -> Float32[np.ndarray, "128 128 128 2"] | None:
    if not path.exists():
        return None
    try:
        volume = read_document(path, kind="noise", version=1).arrays["volume"]
    except (VivantError, KeyError):
        return None
    return volume if volume.shape == (SIDE, SIDE, SIDE, 2) and volume.dtype == np.float32 else None


def _keep(path: Path, volume: Float32[np.ndarray, "128 128 128 2"]) -> None:
    """Keep it if there is room; who cannot keep it makes it again."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_document(path, kind="noise", version=1, facts={}, arrays={"volume": volume})
    except (VivantError, OSError):
        return
