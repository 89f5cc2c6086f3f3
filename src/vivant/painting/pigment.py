"""Colours in linear light, and the noise that keeps paint from looking like plastic."""

from __future__ import annotations

from functools import lru_cache

import cv2
import numpy as np
from jaxtyping import Float, UInt8

from vivant.painting.curves import Field, Numbers
from vivant.painting.spec import Colour

SKINS = (
    (0.0, (246, 214, 196)),
    (0.2, (236, 196, 168)),
    (0.4, (216, 166, 130)),
    (0.6, (176, 122, 88)),
    (0.8, (128, 84, 60)),
    (1.0, (88, 57, 43)),
)
SIZE = 512


def linear(colour: Colour) -> Float[np.ndarray, " 3"]:
    """Turn sRGB 0..255 into linear light 0..1."""
    return np.asarray((np.array(colour, np.float32) / 255) ** 2.2, np.float32)


def encode(light: Float[np.ndarray, "*shape 3"]) -> UInt8[np.ndarray, "*shape 3"]:
    """Turn linear light into sRGB, with a gentle shoulder in the lights."""
    light = np.maximum(light, 0)
    rolled = np.where(light < 0.6, light, 0.6 + 0.4 * (1 - np.exp(-(light - 0.6) / 0.4)))
    return np.asarray(np.clip(rolled ** (1 / 2.2) * 255 + 0.5, 0, 255), np.uint8)


def skin_colour(tone: float) -> Float[np.ndarray, " 3"]:
    """Tell the skin's colour in linear light, from 0 very fair to 1 very dark."""
    at = [t for t, _ in SKINS]
    return np.array(
        [
            np.interp(tone, at, [linear(colour)[channel] for _, colour in SKINS])
            for channel in range(3)
        ],
        np.float32,
    )


@lru_cache(maxsize=32)
def clouds(
    seed: int, *, coarsest_px: float = 64.0, finest_px: float = 1.0
) -> Float[np.ndarray, "n n"]:
    """Make noise that tiles: mean 0, standard deviation 1, larger shapes stronger."""
    random = np.random.default_rng(seed)
    across = np.fft.rfftfreq(SIZE).astype(np.float32)[None, :]
    down = np.fft.fftfreq(SIZE).astype(np.float32)[:, None]
    wave = np.hypot(across, down) * (2 * np.pi)
    band = np.exp(-((wave * finest_px) ** 2) / 2) - np.exp(-((wave * 2 * coarsest_px) ** 2) / 2)
    weight = band / np.maximum(wave, 1e-6) ** 1.3
    field = np.fft.irfft2(np.fft.rfft2(random.standard_normal((SIZE, SIZE))) * weight)
    noise: Float[np.ndarray, "n n"] = ((field - field.mean()) / field.std()).astype(np.float32)
    noise.flags.writeable = False
    return noise


def sample(noise: Float[np.ndarray, "n n"], u: Numbers, v: Numbers) -> Field:
    """Read noise at places counted in its own cells; it repeats for ever."""
    shape = np.broadcast_shapes(np.shape(u), np.shape(v))
    x = np.broadcast_to(u, shape).reshape(-1, 1) % SIZE
    y = np.broadcast_to(v, shape).reshape(-1, 1) % SIZE
    out = np.empty(x.shape, np.float32)
    for start in range(0, len(x), 30_000):  # remap takes at most 32767 rows
        part = slice(start, start + 30_000)
        out[part] = cv2.remap(
            noise,
            x[part].astype(np.float32),
            y[part].astype(np.float32),
            cv2.INTER_LINEAR,
            borderMode=cv2.BORDER_WRAP,
        )
    return np.asarray(out.reshape(shape), np.float32)
