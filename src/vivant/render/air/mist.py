"""Mist along the lower edge of the picture: three moving cuts through the noise of the clouds."""

from __future__ import annotations

from typing import no_type_check

import cv2
import numpy as np
from jaxtyping import Float32

from vivant.media.compilation import compiled
from vivant.scene.light import Light, Rgb

_STEP = 4
"""Pixels of the film from one computed point to the next."""
_WIDE = 1.5
"""The mist's lower end lies this share of its height below where it begins; most of it is beyond the edge."""
_CUTS = ((0.35, 0.20, 0.012, 0, 1.30), (0.9, 0.60, 0.020, 0, 0.50), (1.3, 0.40, 0.030, 1, 0.25))
"""Periods a picture height, depth of the cut, drift a second, channel, weight."""


def mist_rgb(light: Light) -> Rgb:
    """Give the colour of mist in a light: what falls on it from above and below, and a share of the sun."""
    ambient = (np.asarray(light.ambient_up_rgb) + np.asarray(light.ambient_down_rgb)) / 2
    red, green, blue = 1.05 * ambient * light.ambient / 0.8 + 0.17 * np.asarray(light.sun_rgb)
    return float(red), float(green), float(blue)


class Mist:
    """Mist for one size of film and one shot."""

    def __init__(
        self,
        noise: Float32[np.ndarray, "128 128 128 2"],
        *,
        width_px: int,
        height_px: int,
        top: float = 0.8,
        seed: int = 0,
    ) -> None:
        """Prepare.

        Args:
            noise: From ``cloud_noise``.
            width_px: Of the film.
            height_px: Of the film.
            top: Where mist begins, in heights of the picture from its top.
            seed: Other seeds give other mist.
        """
        self._size = (width_px, height_px)
        self._first_row = int(max(0.0, (top - 0.12)) * height_px) // _STEP * _STEP
        rows = np.arange(self._first_row, height_px + _STEP, _STEP)
        columns = np.arange(0, width_px + _STEP, _STEP)
        self._y = (rows / height_px).astype(np.float32)
        self._x = (columns / height_px).astype(np.float32)
        self._rise = np.clip((self._y - top) / 0.30, -0.5, 1).astype(np.float32)
        self._seed = seed
        self._cuts = [
            np.ascontiguousarray(noise[int((depth + seed * 0.13) * 128) % 128, :, :, channel])
            for _, depth, _, channel, _ in _CUTS
        ]
        self._level = [(float(cut.mean()), float(cut.std())) for cut in self._cuts]

    def over(
        self,
        hdr: Float32[np.ndarray, "height width 3"],
        *,
        seconds: float,
        amount: float,
        rgb: Rgb,
    ) -> None:
        """Lay mist over a picture, in place.

        Args:
            hdr: Light.
            seconds: Time of the film.
            amount: How thick it is, 0..1.
            rgb: Its colour; see ``mist_rgb``.
        """
        if amount <= 0:
            return
        veil = self._veil(seconds) * np.float32(min(1.0, amount))
        _lay(veil, np.asarray(rgb, np.float32), self._first_row, _STEP, hdr)

    def _veil(self, seconds: float) -> Float32[np.ndarray, "rows columns"]:
        """Compute how thick the mist is at the points."""
        sums = np.zeros((len(self._y), len(self._x)), np.float32)
        power = 0.0
        for cut, level, (scale, _, drift, _, weight) in zip(
            self._cuts, self._level, _CUTS, strict=True
        ):
            x = ((self._x * scale + drift * seconds) * 128).astype(np.float32)
            y = ((self._y * scale * 1.6 + self._seed * 0.37) * 128).astype(np.float32)
            columns, rows = np.meshgrid(x % 128, y % 128)
            part = cv2.remap(cut, columns, rows, cv2.INTER_LINEAR, borderMode=cv2.BORDER_WRAP)
            sums += weight * (part - level[0])
            power += (weight * level[1]) ** 2
        veil = np.clip(self._rise[:, None] * 2.4 - 1 + sums * (0.42 / np.sqrt(power)), 0, 1)
        return np.asarray(cv2.GaussianBlur(veil**1.3, (0, 0), 0.8), np.float32)


@compiled
@no_type_check
def _lay(
    veil: Float32[np.ndarray, "rows columns"],
    rgb: Float32[np.ndarray, " 3"],
    first_row: int,
    step: int,
    hdr: Float32[np.ndarray, "height width 3"],
) -> None:
    """Stretch a veil over a picture."""
    part = np.float32(1) / np.float32(step)
    for y in range(first_row, hdr.shape[0]):
        row = (y - first_row) // step
        b = np.float32(y - first_row - row * step) * part
        for x in range(hdr.shape[1]):
            column = x // step
            a = np.float32(x - column * step) * part
            above = veil[row, column] + a * (veil[row, column + 1] - veil[row, column])
            below = veil[row + 1, column] + a * (veil[row + 1, column + 1] - veil[row + 1, column])
            cover = above + b * (below - above)
            if cover > 0:
                for colour in range(3):
                    hdr[y, x, colour] += cover * (rgb[colour] - hdr[y, x, colour])
