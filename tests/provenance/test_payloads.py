from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from paper_trail import a_record
from vivant.provenance.payloads import from_bch, from_seal, to_bch, to_seal

FILM_ID = a_record().film_id
SEEDS = st.integers(0, 2**31)


def soft(bits: np.ndarray) -> np.ndarray:
    return (2.0 * bits - 1).astype(np.float32)


def test_the_hundred_bits_are_those_that_the_published_data_layer_writes() -> None:
    bits = "".join(map(str, to_bch("279e112179430cf8")))

    assert bits == f"{0x279E112179430CF8:064b}" + "0000" + "0101000011100110010100111101" + "0010"


@given(seed=SEEDS, wrong=st.integers(0, 4))
@settings(max_examples=40)
def test_four_wrong_bits_of_a_hundred_are_mended(seed: int, wrong: int) -> None:
    chance = np.random.default_rng(seed)
    heard = soft(to_bch(FILM_ID))
    heard[chance.choice(96, wrong, replace=False)] *= -1

    assert from_bch(heard).film_id == FILM_ID


@given(seed=SEEDS)
@settings(max_examples=30)
def test_seven_are_mended_where_they_are_the_least_sure(seed: int) -> None:
    chance = np.random.default_rng(seed)
    heard = soft(to_bch(FILM_ID)) * chance.uniform(0.6, 1.4, 100).astype(np.float32)
    heard[chance.choice(96, 7, replace=False)] *= -0.3

    reading = from_bch(heard)

    assert reading.film_id == FILM_ID
    assert 0.8 < reading.confidence < 1.0


@given(seed=SEEDS)
@settings(max_examples=50)
def test_an_id_under_noise_as_strong_as_itself_is_read_out_of_256_bits(seed: int) -> None:
    chance = np.random.default_rng(seed)
    heard = soft(to_seal(FILM_ID)) + 0.7 * chance.normal(size=256).astype(np.float32)

    assert from_seal(heard.astype(np.float32)).film_id == FILM_ID


@pytest.mark.parametrize("scale", [1e-6, 1.0, 1e4])
def test_chance_is_no_id(scale: float) -> None:
    chance = np.random.default_rng(7)

    for _ in range(150):
        assert from_bch((scale * chance.normal(size=100)).astype(np.float32)).film_id is None
    for _ in range(500):
        assert from_seal((scale * chance.normal(size=256)).astype(np.float32)).film_id is None


def test_silence_is_no_id() -> None:
    assert from_bch(np.zeros(100, np.float32)).film_id is None
    assert from_seal(np.zeros(256, np.float32)).film_id is None
    assert from_bch(np.zeros(100, np.float32)).confidence == 0.0


@pytest.mark.parametrize("foreign", ["0123456789abcdef", "ffffffffffffffff", "0000000000000001"])
def test_somebody_elses_mark_is_no_id_of_ours(foreign: str) -> None:
    assert from_bch(soft(to_bch(foreign))).film_id is None
    assert from_seal(soft(to_seal(foreign))).film_id is None
    assert from_seal(soft(1 - to_seal(FILM_ID))).film_id is None
    other = to_bch(FILM_ID)
    other[96:] = 1 - other[96:]  # another kind of code
    assert from_bch(soft(other)).film_id is None
