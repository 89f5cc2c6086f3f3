"""Planes agree with the formulas of BT.709 in double precision, and lose only what they must."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vivant.media.colour import rgb_to_ycc, ycc_to_rgb
from vivant.media.planes import planes_to_rgb, psnr, rgb_to_planes

seeds = st.integers(0, 2**32 - 1)
ROUNDED = 0.5 + 1e-3
"""Half a step, and what single precision may add."""


def noise(seed: int, *shape: int) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, 256, shape, dtype=np.uint8)


@given(seed=seeds, width=st.integers(1, 20), height=st.integers(1, 12))
def test_planes_are_the_formula_rounded_once(seed: int, width: int, height: int) -> None:
    pixels = noise(seed, 2 * height, 2 * width, 3).astype(np.float64)
    red, green, blue = np.moveaxis(pixels, -1, 0)
    luma = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    wanted_y = 16 + 219 / 255 * luma
    wanted_u = halved(128 + 224 / 255 * (blue - luma) / 1.8556)
    wanted_v = halved(128 + 224 / 255 * (red - luma) / 1.5748)

    y, u, v = rgb_to_planes(pixels.astype(np.uint8))

    assert np.abs(y - wanted_y).max() <= ROUNDED
    assert np.abs(u - wanted_u).max() <= ROUNDED
    assert np.abs(v - wanted_v).max() <= ROUNDED


def halved(plane: np.ndarray) -> np.ndarray:
    blocks = plane.reshape(plane.shape[0] // 2, 2, plane.shape[1] // 2, 2)
    return np.asarray(blocks.mean(axis=(1, 3)))


@given(seed=seeds, width=st.integers(1, 20), height=st.integers(1, 12))
def test_pictures_are_the_inverse_formula_clipped_and_rounded_once(
    seed: int, width: int, height: int
) -> None:
    """Any bytes, also those that no picture gives."""
    y, u, v = (noise(seed + k, 2 * height, 2 * width) for k in range(3))
    u, v = u[:height, :width], v[:height, :width]
    light = (y.astype(np.float64) - 16) * 255 / 219
    blue, red = (np.kron(plane.astype(np.float64) - 128, np.ones((2, 2))) for plane in (u, v))
    red, blue = light + 1.5748 * 255 / 224 * red, light + 1.8556 * 255 / 224 * blue
    green = (light - 0.2126 * red - 0.0722 * blue) / 0.7152
    wanted = np.clip(np.stack([red, green, blue], axis=-1), 0, 255)

    pixels = planes_to_rgb(y, u, v)

    assert np.abs(pixels - wanted).max() <= ROUNDED


@given(red=st.integers(0, 255), green=st.integers(0, 255), blue=st.integers(0, 255))
def test_a_flat_colour_comes_back(red: int, green: int, blue: int) -> None:
    """Limited range has fewer steps than full range, so a colour may move by two."""
    pixels = np.full((4, 6, 3), (red, green, blue), np.uint8)

    back = planes_to_rgb(*rgb_to_planes(pixels))

    assert np.abs(back.astype(int) - pixels).max() <= 2


def test_black_white_and_the_primaries_are_where_the_standard_puts_them() -> None:
    colours = {
        (0, 0, 0): (16, 128, 128),
        (255, 255, 255): (235, 128, 128),
        (255, 0, 0): (63, 102, 240),
        (0, 255, 0): (173, 42, 26),
        (0, 0, 255): (32, 240, 118),
    }
    for colour, wanted in colours.items():
        planes = rgb_to_planes(np.full((2, 2, 3), colour, np.uint8))

        assert tuple(int(plane[0, 0]) for plane in planes) == wanted


@given(seed=seeds)
def test_the_float_conversion_is_the_same_and_is_its_own_inverse(seed: int) -> None:
    pixels = noise(seed, 2, 2, 3).astype(np.float32)
    flat = np.broadcast_to(pixels[0, 0], (2, 2, 3)).astype(np.uint8)

    ycc = rgb_to_ycc(pixels)

    np.testing.assert_allclose(ycc_to_rgb(ycc), pixels, atol=1e-3)
    planes = rgb_to_planes(flat)
    assert np.abs(ycc[0, 0] - [plane[0, 0] for plane in planes]).max() <= ROUNDED


def test_read_only_and_strided_pictures_give_the_same_planes() -> None:
    pixels = noise(1, 8, 12, 3)
    wanted = rgb_to_planes(pixels)
    twice = np.repeat(pixels, 2, axis=1)[:, ::2]
    pixels.flags.writeable = False

    for given_pixels in (pixels, twice):
        for seen, plane in zip(rgb_to_planes(given_pixels), wanted, strict=True):
            assert (seen == plane).all()


@pytest.mark.parametrize("shape", [(3, 4, 3), (4, 3, 3)])
def test_odd_pictures_have_no_planes(shape: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match="even"):
        rgb_to_planes(np.zeros(shape, np.uint8))


def test_chroma_that_does_not_fit_is_refused() -> None:
    with pytest.raises(ValueError, match="half"):
        planes_to_rgb(np.zeros((4, 4), np.uint8), *np.zeros((2, 2, 3), np.uint8))


@given(seed=seeds, side=st.integers(1, 40))
def test_psnr_is_its_definition(seed: int, side: int) -> None:
    a, b = noise(seed, side, side, 3), noise(seed + 1, side, side, 3)
    error = np.mean((a.astype(np.float64) - b) ** 2)

    assert psnr(a, b) == pytest.approx(10 * math.log10(255**2 / error))
    assert psnr(a, b) == psnr(b, a)
    assert psnr(a, a) == math.inf


def test_only_pictures_of_one_size_are_compared() -> None:
    with pytest.raises(ValueError, match="compared"):
        psnr(np.zeros((0, 2), np.uint8), np.zeros((0, 2), np.uint8))
