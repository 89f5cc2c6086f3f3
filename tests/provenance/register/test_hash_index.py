"""However hashes are looked up, the same ones are found."""

from __future__ import annotations

import numpy as np

from vivant.provenance.register.hash_index import HashIndex

FILMS, EACH = 500, 80


def index(*, with_bands: bool) -> HashIndex:
    random = np.random.default_rng(3)
    hashes = [random.integers(0, 256, (EACH, 32), dtype=np.uint8) for _ in range(FILMS)]
    seconds = [np.arange(EACH, dtype=np.uint32)] * FILMS
    return HashIndex.of(
        np.arange(1, FILMS + 1, dtype=np.uint32), hashes, seconds, with_bands=with_bands
    )


def test_bands_miss_nothing_that_differs_in_31_bits() -> None:
    banded, row = index(with_bands=True), index(with_bands=False)
    random = np.random.default_rng(4)

    assert banded.order.size
    assert not row.order.size
    for place in random.integers(0, FILMS * EACH, 60):
        wrong = np.zeros(256, np.uint8)
        wrong[random.choice(256, 31, replace=False)] = 1
        asked = row.hashes[place] ^ np.packbits(wrong).view(np.uint64)
        found, wanted = banded.near(asked), row.near(asked)
        assert (found.numbers.tolist(), found.bits.tolist()) == (wanted.numbers.tolist(), [31])
        assert wanted.numbers.tolist() == [place // EACH + 1]


def test_the_hashes_of_a_film_are_given_out() -> None:
    whole = index(with_bands=False)

    found = whole.of_film(7)
    assert found is not None
    assert np.array_equal(found, whole.hashes[6 * EACH : 7 * EACH])
    assert whole.of_film(FILMS + 1) is None
