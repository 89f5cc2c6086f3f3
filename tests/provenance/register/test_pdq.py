"""Pictures that look alike have hashes that are alike."""

from __future__ import annotations

import numpy as np
import pytest
import skimage.data
from hypothesis import given
from hypothesis import strategies as st
from jaxtyping import UInt8
from skimage.transform import resize

from vivant.provenance.register.pdq import (
    MATCH_BITS,
    distance,
    distances,
    pdq,
)


def waves(height: int, width: int, seed: int) -> UInt8[np.ndarray, "h w"]:
    """A picture that anybody can compute again: slow waves, whole numbers only."""
    rows, columns = np.mgrid[0:height, 0:width]
    total = np.zeros((height, width), np.int64)
    for k in range(1, 7):
        total += (rows * (seed + 3 * k) * k // 7 + columns * (2 * seed + k) * k // 5) % 97
    return (total * 255 // (6 * 97)).astype(np.uint8)


def astronaut(height: int = 360, width: int = 640) -> UInt8[np.ndarray, "h w"]:
    grey = skimage.data.astronaut().mean(axis=2) / 255
    shown: UInt8[np.ndarray, "h w"] = (
        resize(grey, (height, width), anti_aliasing=True) * 219 + 16
    ).astype(np.uint8)
    return shown


PUBLISHED = {
    (512, 512, 4): ("be0054aaa5ff5410affb50055000fcff1101f8fe5101fdff1101fcfd1101ecff", 100),
    (720, 1280, 2): ("aafa802baaaa822aaaaa0000555555555541f7ff8551ffff0111fd7f0000ffff", 100),
    (1080, 1920, 5): ("abae4159ebaa4198ebaf5505abea4505abfa4345fbfe0015abfa1015abea4145", 100),
    (600, 801, 6): ("40411454aa6b1555176b1555aa6f1545546fa555cb6f3555db6f05555d6f15c5", 100),
    (1024, 513, 7): ("5555aeaa5014afaa4b20aaee4314beae5114bea1413be8ad362faaa93a2beeab", 100),
}
"""Height, width and seed of a picture; hash and quality by pdqhash 0.2.8, which wraps the published C++."""


@pytest.mark.parametrize(("shape", "wanted"), PUBLISHED.items(), ids=str)
def test_hashes_are_those_of_the_published_program(
    shape: tuple[int, int, int], wanted: tuple[str, int]
) -> None:
    found = pdq(waves(*shape), is_limited=False)

    assert distance(found.bits, np.frombuffer(bytes.fromhex(wanted[0]), np.uint8)) <= 2
    assert found.quality == wanted[1]


def test_the_hash_of_a_photograph_is_that_of_the_published_program() -> None:
    grey = (skimage.data.astronaut().astype(np.int64).sum(axis=2) // 3).astype(np.uint8)

    wanted = "6d6b1af3a956c529c79ca3d2526fa834d4196c89cedd04de0a26b851fc99b724"
    assert pdq(grey, is_limited=False).hex == wanted


@pytest.mark.parametrize("scale", [0.25, 0.5, 1.7])
def test_size_and_shape_do_not_matter(scale: float) -> None:
    whole = pdq(astronaut())
    other = pdq(astronaut(round(360 * scale), round(500 * scale)))

    assert whole.quality == 100
    assert distance(whole.bits, other.bits) <= 12


@given(gain=st.floats(0.4, 1.0), lift=st.integers(0, 60))
def test_brightness_and_contrast_do_not_matter(gain: float, lift: int) -> None:
    y = astronaut().astype(np.float32)

    assert distance(pdq(y).bits, pdq(y * np.float32(gain) + lift).bits) <= 4


def test_noise_and_coarse_steps_change_few_bits() -> None:
    y = astronaut().astype(np.int16)
    noisy = y + np.random.default_rng(1).normal(0, 8, y.shape)
    coarse = (np.clip(noisy, 16, 235) // 12 * 12).astype(np.uint8)

    assert distance(pdq(y.astype(np.uint8)).bits, pdq(coarse).bits) <= MATCH_BITS // 2


def test_strangers_differ_in_about_half_of_the_bits() -> None:
    hashes = np.array([pdq(waves(90, 160, seed)).bits for seed in range(1, 40)])
    far = distances(hashes, hashes)[np.triu_indices(len(hashes), 1)]

    assert far.min() > MATCH_BITS
    assert 110 < far.mean() < 146


def test_a_plain_picture_has_no_quality() -> None:
    assert pdq(np.full((90, 160), 128, np.uint8)).quality == 0
    assert not pdq(np.tile(np.linspace(16, 200, 160, dtype=np.uint8), (90, 1))).is_good
