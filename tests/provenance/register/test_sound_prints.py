"""A sound is recognised by what is heard, coded or cut, and no other is taken for it."""

from __future__ import annotations

import numpy as np
import pytest

from sound_copies import babble, coded, cut, noisy, sound_of
from vivant.media.hearing import resampled
from vivant.provenance.register.sound_prints import (
    BLOCK,
    FRAME,
    HOP,
    PRINTS_A_SECOND,
    RATE_HZ,
    bit_error,
    find_in,
    subprints,
)


def test_a_sound_has_86_subprints_a_second() -> None:
    prints = subprints(babble(12.0))

    assert prints.dtype == np.uint32
    assert len(prints) == (12 * RATE_HZ - FRAME) // HOP
    assert pytest.approx(86.1, abs=0.1) == PRINTS_A_SECOND


@pytest.mark.parametrize("samples", [0, 1, 1000, 17_000])
def test_what_is_too_short_has_none(samples: int) -> None:
    assert len(subprints(sound_of(np.full(samples, 0.1)))) == 0


def test_silence_is_compared_with_nothing() -> None:
    silence = subprints(sound_of(np.zeros(10 * 48_000)))

    assert not silence.any()
    assert find_in(silence, silence).error == 1.0
    assert bit_error(silence, silence) == 1.0


@pytest.mark.parametrize("kbit_s", [64, 128])
def test_a_coded_copy_is_found(kbit_s: int) -> None:
    copy = subprints(coded(babble(12.0), codec="aac", kbit_s=kbit_s))
    found = find_in(copy, subprints(babble(12.0)))

    assert found.same
    assert found.error < 0.2


def test_a_copy_with_its_beginning_cut_off_is_found_where_it_lies() -> None:
    found = find_in(subprints(cut(babble(12.0), first_s=3.1234)), subprints(babble(12.0)))

    assert found.same
    assert found.offset == pytest.approx(3.1234 * PRINTS_A_SECOND, abs=1)


def test_a_stored_sound_that_begins_later_is_found_too() -> None:
    found = find_in(subprints(babble(12.0)), subprints(cut(babble(12.0), first_s=2.0, seconds=5)))

    assert found.same
    assert found.offset == pytest.approx(-2.0 * PRINTS_A_SECOND, abs=1)


def test_a_query_shorter_than_a_block_is_found() -> None:
    stored = subprints(babble(12.0))
    found = find_in(stored[300 : 300 + BLOCK // 3], stored)

    assert (found.offset, found.error) == (300, 0.0)


def test_a_short_stored_sound_is_found_in_a_longer_block() -> None:
    query = subprints(babble(12.0))
    found = find_in(query, query[400:500])

    assert found.error == 0.0
    assert found.offset == -400


@pytest.mark.parametrize("rate_hz", [8_000, 16_000, 44_100])
def test_another_rate_gives_the_same(rate_hz: int) -> None:
    copy = subprints(resampled(babble(12.0), sample_rate_hz=rate_hz))

    assert find_in(copy, subprints(babble(12.0))).error < 0.1


def test_noise_leaves_it_recognisable() -> None:
    copy = subprints(noisy(babble(12.0), snr_db=20))

    assert find_in(copy, subprints(babble(12.0))).same


def test_strangers_are_not_taken_for_it() -> None:
    stored = subprints(babble(12.0))
    errors = [find_in(subprints(babble(6.0, seed=seed)), stored).error for seed in range(1, 9)]

    assert min(errors) > 0.38


def test_prints_of_blocks_do_not_depend_on_where_work_is_cut() -> None:
    long = np.tile(babble(12.0).samples, 2)
    whole = subprints(sound_of(long))
    part = subprints(sound_of(long[: 14 * 48_000]))
    inner = len(part) - 32

    assert (whole[:inner] == part[:inner]).mean() > 0.999


def test_nothing_is_found_in_nothing() -> None:
    none = np.zeros(0, np.uint32)

    assert find_in(none, none).error == 1.0
    assert bit_error(none, none) == 1.0
