"""Copying changes what is hardly firm in a hash; another picture changes the rest."""

from __future__ import annotations

import numpy as np
import pytest
from jaxtyping import Float32, UInt64

from vivant.provenance.register.comparing import Seen, compare
from vivant.provenance.register.looking import differences, words_of

Words = UInt64[np.ndarray, "n 4"]
Firmness = Float32[np.ndarray, "n 256"]


def film(count: int) -> tuple[Words, Firmness]:
    random = np.random.default_rng(7)
    firmness = np.sqrt(np.abs(random.normal(0, 1, (count, 256)))).astype(np.float32)
    hashes = random.integers(0, 256, (count, 32), dtype=np.uint8)
    return words_of(hashes), firmness / firmness.sum(axis=1, keepdims=True)


def changed(words: Words, firmness: Firmness, shares: list[float]) -> Words:
    """Flip bits of each hash until so much of what is firm is another."""
    random = np.random.default_rng(8)
    bits = np.unpackbits(words.view(np.uint8), axis=1)
    for one, how_firm, share in zip(bits, firmness, shares, strict=True):
        order = random.permutation(256)
        one[order[np.cumsum(how_firm[order]) <= share]] ^= 1
    return words_of(np.packbits(bits, axis=1))


def compared(shares: list[float], *, plain: bool = False) -> Seen | None:
    words, firmness = film(len(shares))
    is_plain = np.full(len(shares), plain, np.bool_)
    return compare(1, changed(words, firmness, shares), firmness, is_plain, words)


def test_what_differs_is_weighed_by_how_firm_it_is() -> None:
    words, firmness = film(3)
    share, bits = differences(changed(words, firmness, [0.0, 0.05, 0.1]), firmness, words)

    assert np.diag(share) == pytest.approx([0.0, 0.05, 0.1], abs=0.012)
    assert bits[0, 0] == 0
    assert share[0, 1] == 1.0  # strangers are not weighed


def test_a_copy_of_which_little_is_left_is_the_same_film() -> None:
    """26 bits that are hardly firm are another matter than 26 of any."""
    words, firmness = film(8)
    bits = np.unpackbits(words.view(np.uint8), axis=1)
    for one, how_firm in zip(bits, firmness, strict=True):
        one[np.argsort(how_firm)[:26]] ^= 1
    copy = words_of(np.packbits(bits, axis=1))
    is_plain = np.zeros(8, np.bool_)

    seen = compare(1, copy, firmness, is_plain, words)

    assert seen is not None
    assert (seen.share, seen.bits) == (1.0, 26.0)
    assert compare(1, copy, firmness[:, ::-1].copy(), is_plain, words) is None


def test_eight_of_ten_pictures_must_be_the_same() -> None:
    near, other = [0.03] * 8, [0.2] * 2

    assert compared(near + other) is not None
    assert compared(near[1:] + [0.2] * 3) is None


def test_faint_pictures_must_be_many_and_all_alike() -> None:
    assert compared([0.07] * 5) is not None
    assert compared([0.07] * 4) is None
    assert compared([0.07] * 9 + [0.2]) is None
    assert compared([0.1] * 9) is None


def test_plain_pictures_must_be_nearer() -> None:
    assert compared([0.02] * 6, plain=True) is not None
    assert compared([0.034] * 6) is not None
    assert compared([0.034] * 6, plain=True) is None


def test_nothing_is_like_nothing() -> None:
    words, firmness = film(3)
    nothing = np.zeros(0, np.bool_)

    assert compare(1, words[:0], firmness[:0], nothing, words) is None
    assert compare(1, words, firmness, np.zeros(3, np.bool_), words[:0]) is None
