"""Photographs as prints that lie in the light of a set, with depth between who is in front and what is behind."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache

import cv2
import numpy as np
from jaxtyping import Float32, UInt8

from vivant.render.finishing.finish import finish
from vivant.render.finishing.look import USUAL
from vivant.rig.relief import Relief
from vivant.scene.light import Light

BORDER = 0.028
"""Width of the print's pale border, in its heights."""
PAPER_RGB = (0.80, 0.77, 0.70)
"""What part of the light the border gives back."""
FRONT_MOVES, BACK_MOVES = 0.010, -0.006
"""How far the layers go when the eye has moved by one, in heights of the print."""
FRONT_GROWS = 1.012
"""The front is a little larger than its hole, so that none is seen beside it."""
BRIGHTEST = 1.9
"""Whites of a print do not glow: light above this blooms."""
COLOUR = 0.86
"""How much of a photo's own colour is given: the film's grade adds some."""
SHADOW_DARKENS, SHADOW_SOFT, SHADOW_FALLS = 0.55, 0.030, 0.018
"""The print's shadow: strength, softness and offset, in heights of the picture."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a print lies in one frame; lengths in heights of the picture."""

    centre_x: float
    centre_y: float
    height: float
    roll_deg: float
    parallax: tuple[float, float]
    presence: float


class PrintStage:
    """A print ready to be laid into a picture of one size."""

    def __init__(self, relief: Relief, light: Light, *, height_px: int, largest: float) -> None:
        """Bring the photograph to the size in which it is largest.

        Args:
            relief: The photograph.
            light: Of the set.
            height_px: Height of the picture.
            largest: Height of the print where it is largest, in heights of the picture.
        """
        self._picture_px = height_px
        scale = min(1.0, largest * height_px * 1.1 / relief.front.shape[0])
        size = (
            max(8, round(relief.front.shape[1] * scale)),
            max(8, round(relief.front.shape[0] * scale)),
        )

        def sized(layer: np.ndarray) -> np.ndarray:
            return np.asarray(cv2.resize(layer, size, interpolation=cv2.INTER_AREA))

        self._front = lit(sized(relief.front), exposure=light.exposure)
        self._back = lit(sized(relief.back), exposure=light.exposure)
        self._alpha = sized(relief.alpha).astype(np.float32) / 255
        sun = np.array(light.sun_rgb) / max(light.sun_rgb)
        self._paper = np.asarray(PAPER_RGB, np.float32) * (0.5 + 0.5 * sun).astype(np.float32)
        white = lit(np.full((1, 1, 3), 232, np.uint8), exposure=light.exposure)
        self._paper = self._paper * float(white.max())

    def over(self, hdr: Float32[np.ndarray, "height width 3"], place: Place) -> None:
        """Lay the print into a picture; ``hdr`` is changed in place."""
        if place.presence <= 0:
            return
        height, width = hdr.shape[:2]
        print_px = place.height * height
        box = self._box(place, hdr.shape[:2])
        if box is None:
            return
        left, top, right, bottom = box
        part = hdr[top:bottom, left:right]
        rows, columns = self._front.shape[:2]
        scale = print_px / rows
        turn = np.radians(place.roll_deg)
        cos, sin = scale * np.cos(turn), scale * np.sin(turn)
        middle = (
            (width - 1) / 2 + place.centre_x * height - left,
            place.centre_y * height - 0.5 - top,
        )

        def way(moved: float, grown: float = 1.0) -> np.ndarray:
            shift = np.array(place.parallax) * moved * print_px
            a = np.array([[cos, -sin], [sin, cos]]) * grown
            centre = np.array([(columns - 1) / 2, (rows - 1) / 2])
            return np.column_stack([a, np.array(middle) + shift - a @ centre])

        size = (right - left, bottom - top)
        whole, inner = self._masks(way(0.0), size, print_px)
        self._shade(hdr, whole, box, place.presence)
        back = _moved(self._back, way(BACK_MOVES), size, cv2.BORDER_REPLICATE)
        front = _moved(self._front, way(FRONT_MOVES, FRONT_GROWS), size, cv2.BORDER_REPLICATE)
        alpha = _moved(self._alpha, way(FRONT_MOVES, FRONT_GROWS), size, cv2.BORDER_REPLICATE)
        picture = back + (front - back) * alpha[..., None]
        shown = self._paper + (picture - self._paper) * inner[..., None]
        strength = (whole * place.presence)[..., None]
        part += (shown - part) * strength

    def _box(self, place: Place, shape: tuple[int, ...]) -> tuple[int, int, int, int] | None:
        """Find the part of the picture that the print and its shadow may touch."""
        height, width = shape[:2]
        half_y = place.height * height * (0.5 + BORDER)
        half_x = half_y * self._front.shape[1] / self._front.shape[0] + BORDER * height
        reach = np.hypot(half_x, half_y) if place.roll_deg else max(half_x, half_y)
        reach += 4 * SHADOW_SOFT * height
        x = width / 2 + place.centre_x * height
        y = place.centre_y * height
        left, right = max(0, int(x - reach)), min(width, int(x + reach) + 2)
        top, bottom = max(0, int(y - reach)), min(height, int(y + reach) + 2)
        return None if left >= right or top >= bottom else (left, top, right, bottom)

    def _masks(
        self, way: np.ndarray, size: tuple[int, int], print_px: float
    ) -> tuple[Float32[np.ndarray, "h w"], Float32[np.ndarray, "h w"]]:
        """Draw the whole print and the photograph in it, with edges smooth to a fraction of a pixel."""
        rows, columns = self._front.shape[:2]
        border = BORDER * rows
        masks = []
        for reach in (border, 0.0):
            corners = np.array(
                [
                    (-0.5 - reach, -0.5 - reach),
                    (columns - 0.5 + reach, -0.5 - reach),
                    (columns - 0.5 + reach, rows - 0.5 + reach),
                    (-0.5 - reach, rows - 0.5 + reach),
                ]
            )
            on_screen = corners @ way[:, :2].T + way[:, 2]
            mask = np.zeros((size[1], size[0]), np.uint8)
            cv2.fillConvexPoly(
                mask, np.round(on_screen * 256).astype(np.int32), 255, cv2.LINE_AA, 8
            )
            masks.append(mask.astype(np.float32) / 255)
        soft = max(0.4, 0.0012 * print_px)
        return masks[0], np.asarray(cv2.GaussianBlur(masks[1], (0, 0), soft))

    def _shade(
        self,
        hdr: Float32[np.ndarray, "height width 3"],
        whole: Float32[np.ndarray, "h w"],
        box: tuple[int, int, int, int],
        presence: float,
    ) -> None:
        left, top, right, bottom = box
        small = cv2.resize(whole, None, fx=0.25, fy=0.25, interpolation=cv2.INTER_AREA)
        soft = cv2.GaussianBlur(small, (0, 0), SHADOW_SOFT * self._picture_px / 4)
        down = round(SHADOW_FALLS * self._picture_px / 4)
        soft = np.roll(soft, down, axis=0)
        shadow = cv2.resize(soft, (right - left, bottom - top), interpolation=cv2.INTER_LINEAR)
        hdr[top:bottom, left:right] *= 1 - (SHADOW_DARKENS * presence * shadow)[..., None]


def _moved(
    layer: np.ndarray, way: np.ndarray, size: tuple[int, int], border: int
) -> Float32[np.ndarray, ...]:
    return np.asarray(
        cv2.warpAffine(layer, way, size, flags=cv2.INTER_LINEAR, borderMode=border), np.float32
    )


def lit(
    pixels: UInt8[np.ndarray, "height width 3"], *, exposure: float
) -> Float32[np.ndarray, "height width 3"]:
    """Give the light that, once finished as film, looks like these pixels."""
    tones, light = _curve(round(exposure, 3))
    linear = np.power(pixels.astype(np.float32) / 255, 2.2)
    luma = linear @ np.array([0.2126, 0.7152, 0.0722], np.float32)
    wanted = np.interp(luma ** (1 / 2.2), tones, light).astype(np.float32)
    grey = wanted[..., None]
    colour = linear * (wanted / np.maximum(luma, 1e-4))[..., None]
    return np.asarray(np.clip(grey + (colour - grey) * COLOUR, 0, BRIGHTEST))


@cache
def _curve(exposure: float) -> tuple[np.ndarray, np.ndarray]:
    """Measure how bright grey light comes out of finishing: tones 0..1 and the light that gives them."""
    light = np.geomspace(1e-3, 6.0, 192).astype(np.float32)
    hdr = np.repeat(np.repeat(light[None, :, None], 4, axis=0), 3, axis=2)
    plain = replace(USUAL, vignette=0.0, grain=0.0, glow_from=1e6)
    frame = finish(
        np.ascontiguousarray(hdr),
        sun_px=None,
        rays=0,
        bloom=0,
        exposure=exposure,
        look=plain,
        threads=1,
    )
    tones = np.maximum.accumulate((frame.y.astype(np.float32).mean(axis=0) - 16) / 219)
    tones, first = np.unique(tones, return_index=True)
    return tones, light[first]
