"""A sound tells which film it is from, after whatever happens to sound; unmarked ones tell nothing."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sound_copies import babble, coded, cut, faster, noisy, sound_of
from vivant.errors import InputError
from vivant.media.hearing import resampled
from vivant.media.loudness import measure
from vivant.media.mastering import InMemory
from vivant.media.sound import Sound
from vivant.music.ambience import ambience
from vivant.provenance.sound_id import mark_with_id, marked_blocks, read_sound_id
from vivant.provenance.sound_id_cells import (
    BANDS,
    CHIPS,
    PERIOD_S,
    cells_of,
    layout,
    places_of_data,
)

MADE_ID = "0123456789abc475"
OTHER_ID = "fedcba98765453aa"


@cache
def marked(seconds: float = 10.0, seed: int = 0) -> Sound:
    return mark_with_id(babble(seconds, seed=seed), MADE_ID)


def snr_db(sound: Sound, copy: Sound) -> float:
    added = copy.samples - sound.samples
    return float(10 * np.log10(np.square(sound.samples).sum() / np.square(added).sum()))


@pytest.mark.parametrize("made_id", [MADE_ID, OTHER_ID])
def test_the_id_is_read_out_of_the_sound(made_id: str) -> None:
    reading = read_sound_id(mark_with_id(babble(8.0), made_id))

    assert reading.made_id == made_id
    assert reading.confidence > 0.5
    assert made_id in reading.why


def test_unmarked_sound_tells_nothing() -> None:
    reading = read_sound_id(babble(10.0))

    assert reading.made_id is None
    assert reading.confidence == 0.0


@pytest.mark.parametrize("codec", ["aac", "libmp3lame"])
def test_it_lives_through_coding(codec: str) -> None:
    copy = coded(marked(), codec=codec, kbit_s=64 if codec == "aac" else 96)  # type: ignore[arg-type]

    assert read_sound_id(copy).made_id == MADE_ID


@pytest.mark.parametrize("damage", ["16 kHz", "44.1 kHz", "8 kHz", "quieter", "louder", "noise"])
def test_it_lives_through_what_happens_to_sound(damage: str) -> None:
    sound = marked()
    copy = {
        "16 kHz": lambda: resampled(sound, sample_rate_hz=16_000),
        "44.1 kHz": lambda: resampled(sound, sample_rate_hz=44_100),
        "8 kHz": lambda: resampled(sound, sample_rate_hz=8_000),
        "quieter": lambda: sound_of(np.rint(sound.samples * 0.03 * 32767) / 32767),
        "louder": lambda: sound_of(np.clip(sound.samples * 1.4, -1, 1)),
        "noise": lambda: noisy(sound, snr_db=30),
    }[damage]()

    assert read_sound_id(copy).made_id == MADE_ID


@settings(max_examples=8)
@given(first_s=st.floats(0.0, 4.0))
def test_six_seconds_cut_out_anywhere_carry_all_of_it(first_s: float) -> None:
    assert read_sound_id(cut(marked(), first_s=first_s, seconds=6.0)).made_id == MADE_ID


@pytest.mark.parametrize("by", [-0.01, 0.003, 0.01, 1 / 24])
def test_a_sound_that_runs_faster_or_slower_is_read(by: float) -> None:
    reading = read_sound_id(faster(marked(), by=by))

    assert reading.made_id == MADE_ID
    assert reading.speed == pytest.approx(1 + by, abs=0.006)


@pytest.mark.parametrize("name", ["wind", "room"])
def test_the_quiet_of_a_place_carries_it_too(name: str) -> None:
    copy = coded(mark_with_id(ambience(name, seconds=10), MADE_ID), codec="aac", kbit_s=64)

    assert read_sound_id(copy).made_id == MADE_ID


def test_it_is_found_late_in_a_long_sound() -> None:
    quiet = noisy(sound_of(np.full(48_000 * 40, 1e-5)), snr_db=0)
    sound = sound_of(np.concatenate([quiet.samples, marked().samples]))

    assert read_sound_id(sound).made_id == MADE_ID


@pytest.mark.parametrize("rate_hz", [16_000, 22_050, 24_000, 44_100, 48_000])
def test_nothing_moves_and_little_changes(rate_hz: int) -> None:
    sound = resampled(babble(8.0), sample_rate_hz=rate_hz)
    copy = mark_with_id(sound, MADE_ID)
    lags = range(-3, 4)
    alike = [float(np.dot(np.roll(copy.samples, lag).astype(np.float64), sound.samples)) for lag in lags]  # fmt: skip

    assert copy.sample_rate_hz == rate_hz
    assert len(copy.samples) == len(sound.samples)
    assert lags[int(np.argmax(alike))] == 0
    assert snr_db(sound, copy) > 18
    assert read_sound_id(copy).made_id == MADE_ID


def test_loudness_stays() -> None:
    before, after = measure(babble(10.0)), measure(marked())

    assert after.lufs == pytest.approx(before.lufs, abs=0.2)
    assert after.true_peak_dbtp == pytest.approx(before.true_peak_dbtp, abs=1.0)


def test_silence_stays_silent() -> None:
    silence = sound_of(np.zeros(100_000))

    assert not mark_with_id(silence, MADE_ID).samples.any()
    assert read_sound_id(silence).made_id is None


def test_pauses_stay_silent() -> None:
    pause = np.zeros(48_000, np.float32)
    sound = sound_of(np.concatenate([babble(2.0).samples, pause, babble(2.0, seed=1).samples]))
    middle = mark_with_id(sound, MADE_ID).samples[2 * 48_000 + 2000 : 3 * 48_000 - 2000]

    assert float(np.abs(middle).max()) < 1e-6


@settings(max_examples=10)
@given(count=st.integers(0, 60_000), first=st.integers(0, 10**7))
def test_any_length_at_any_place_keeps_its_length(count: int, first: int) -> None:
    sound = sound_of(babble(2.0).samples[:count])

    assert len(mark_with_id(sound, MADE_ID, first=first).samples) == count


def test_parts_marked_one_by_one_carry_one_mark() -> None:
    whole = babble(10.0).samples
    pieces = [whole[first : first + 70_000] for first in range(0, len(whole), 70_000)]
    copies = [mark_with_id(sound_of(piece), MADE_ID, first=i * 70_000).samples for i, piece in enumerate(pieces)]  # fmt: skip
    copy = sound_of(np.concatenate(copies))

    assert read_sound_id(copy).made_id == MADE_ID


def test_blocks_may_be_written_where_they_were_read() -> None:
    class InPlace(InMemory):
        def cut(self, first: int, last: int) -> np.ndarray:
            return super().cut(first, last).copy()

    samples = babble(12.0).samples.copy()
    at = 0
    for block in marked_blocks(InPlace(samples), MADE_ID):
        samples[at : at + len(block)] = block
        at += len(block)

    assert at == len(samples)
    assert np.array_equal(samples, mark_with_id(babble(12.0), MADE_ID).samples)


def test_an_id_that_fails_its_own_check_is_refused() -> None:
    with pytest.raises(InputError, match="check"):
        mark_with_id(babble(2.0), "0123456789ab0000")


@pytest.mark.parametrize("samples", [0, 1, 1000, 40_000])
def test_what_is_too_short_is_told(samples: int) -> None:
    reading = read_sound_id(sound_of(np.full(samples, 0.1)))

    assert reading.made_id is None
    assert reading.why


def test_samples_that_are_no_numbers_are_told() -> None:
    reading = read_sound_id(sound_of(np.full(200_000, np.nan)))

    assert reading.made_id is None


def test_cells_never_change() -> None:
    """Films out there carry them."""
    signs, data = layout()

    assert signs.shape == (CHIPS, BANDS)
    assert PERIOD_S == 5.12
    assert data[:4].tolist() == [5957, 8611, 7846, 8826]
    assert int((cells_of(MADE_ID) > 0).sum()) == 4553
    assert np.bincount(places_of_data()).min() >= 34
