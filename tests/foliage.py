"""Leaves from edge to edge that the camera passes: what drowns an invisible mark most."""

from __future__ import annotations

import cv2
import numpy as np

WIDTH, HEIGHT = 854, 480


def foliage(frames: int, speed_px: float, *, seed: int = 7) -> list[np.ndarray]:
    """Draw the luma of each frame, of ``HEIGHT`` and ``WIDTH``."""
    random = np.random.default_rng(seed)
    width = WIDTH + int(speed_px * frames) + 4
    texture = np.full((HEIGHT, width), 104, dtype=np.float32)
    for size, deviation in ((1.0, 16.0), (2.5, 22.0), (6.0, 25.0)):
        layer = cv2.GaussianBlur(random.normal(0, 1, (HEIGHT, width)), (0, 0), size)
        texture += (layer * deviation / layer.std()).astype(np.float32)
    places = (np.array([[1, 0, speed_px * i], [0, 1, 0]]) for i in range(frames))
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    seen = [cv2.warpAffine(texture, one, (WIDTH, HEIGHT), flags=flags) for one in places]
    return [np.clip(np.rint(one), 16, 235).astype(np.uint8) for one in seen]
