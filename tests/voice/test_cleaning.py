"""Old recordings are cleaned: less noise, no hum, no clicks, whole peaks, and nothing moved in time."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import soundfile
from scipy.signal import butter, sosfiltfilt

from vivant.errors import MissingError
from vivant.media.hearing import resampled
from vivant.media.sound import Sound
from vivant.places import Places
from vivant.voice.activity import HOP, RATE_HZ, held, speech_probabilities
from vivant.voice.cleaning import GENTLE_DB, clean, restore
from vivant.voice.denoising import band_widths, denoised
from vivant.voice.listening import listen
from vivant.voice.mending import click_samples, clipped_samples, filled
from vivant.voice.soundness import hum_lines, soundness
from vivant.voice.speech import Speech

pytestmark = pytest.mark.models


def sound_of(samples: np.ndarray, rate_hz: int) -> Sound:
    return Sound(samples=np.ascontiguousarray(samples, np.float32), sample_rate_hz=rate_hz)


def noise(count: int, *, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).standard_normal(count)


def at_snr(sound: Sound, snr_db: float) -> Sound:
    hiss = noise(len(sound.samples))
    power = float(np.mean(sound.samples[np.abs(sound.samples) > 0.01] ** 2))
    return sound_of(
        sound.samples + hiss * np.sqrt(power / 10 ** (snr_db / 10)), sound.sample_rate_hz
    )


def likeness_db(one: Sound, other: Sound) -> float:
    """Tell how far one sound stands over its difference from another, levels aside."""
    a, b = one.samples.astype(float), other.samples.astype(float)
    b = b * float(a @ b) / float(b @ b)
    return 10 * float(np.log10((a @ a) / ((a - b) @ (a - b))))


@pytest.fixture(scope="module")
def telephone(spoken: Speech) -> Sound:
    return resampled(spoken.sound, sample_rate_hz=8_000)


def test_the_bands_cover_every_bin_and_none_is_narrower_than_two() -> None:
    assert sum(band_widths()) == 481
    assert min(band_widths()) == 2
    assert len(band_widths()) == 32


def test_noise_goes_and_the_speech_stays_where_it_was(spoken: Speech) -> None:
    noisy = at_snr(spoken.sound, 5.0)
    quiet = denoised(noisy)
    shifts = [
        float(np.dot(quiet.samples[100 + k : -100 + k or None], spoken.sound.samples[100:-100]))
        for k in range(-24, 25)
    ]

    assert len(quiet.samples) == len(noisy.samples)
    assert likeness_db(spoken.sound, quiet) > likeness_db(spoken.sound, noisy) + 6
    assert abs(int(np.argmax(shifts)) - 24) <= 1


def test_pushing_back_by_some_decibels_takes_no_more_than_those() -> None:
    hiss = sound_of(0.01 * noise(96_000), 48_000)
    left = denoised(hiss, at_most_db=GENTLE_DB).samples[4_800:-4_800]
    fell_db = 20 * np.log10(0.01 / float(np.std(left)))

    assert 0.75 * GENTLE_DB < fell_db < GENTLE_DB + 0.5


def test_a_long_sound_has_no_seam_where_pieces_meet(spoken: Speech) -> None:
    long = sound_of(np.tile(spoken.sound.samples, 9)[: 24_000 * 33], 24_000)
    whole = denoised(at_snr(long, 15.0))
    ends = denoised(sound_of(at_snr(long, 15.0).samples[24_000 * 27 :], 24_000))
    seam = slice(24_000 * 3 - 2_400, 24_000 * 3 + 2_400)

    difference = whole.samples[24_000 * 27 :][seam] - ends.samples[seam]
    assert float(np.std(difference)) < 0.2 * float(np.std(ends.samples))


def test_speech_is_found_where_it_is(spoken: Speech) -> None:
    gap = np.zeros(24_000, np.float32)
    speaks = held(
        speech_probabilities(sound_of(np.concatenate([gap, spoken.sound.samples, gap]), 24_000))
    )
    at = np.flatnonzero(speaks) * HOP / RATE_HZ

    assert 0.8 < at[0] < 1.3
    assert 1.0 + spoken.sound.seconds - 0.9 < at[-1] < 1.0 + spoken.sound.seconds + 0.3
    assert held(speech_probabilities(sound_of(np.zeros(0), 8_000))).size == 0


@pytest.mark.parametrize("snr_db", [5.0, 15.0, 25.0])
def test_noise_is_measured_within_three_decibels(telephone: Sound, snr_db: float) -> None:
    assert soundness(at_snr(telephone, snr_db)).snr_db == pytest.approx(snr_db, abs=3.0)


@pytest.mark.parametrize("mains_hz", [50.0, 60.0])
def test_hum_is_found_and_taken_out(spoken: Speech, mains_hz: float) -> None:
    t = np.arange(len(spoken.sound.samples)) / 24_000
    hum = 0.02 * np.sin(2 * np.pi * mains_hz * t) + 0.01 * np.sin(6 * np.pi * mains_hz * t)
    humming = sound_of(spoken.sound.samples + hum, 24_000)
    cleaned = clean(humming)

    assert cleaned.before.hum_hz == mains_hz
    assert hum_lines(humming, speaks=cleaned.speaks) == (mains_hz, 3 * mains_hz)
    assert cleaned.after.hum_hz == 0.0
    assert likeness_db(spoken.sound, cleaned.sound) > 8
    assert soundness(spoken.sound).hum_hz == 0.0


def test_clicks_are_found_mended_and_none_is_found_in_clean_speech(spoken: Speech) -> None:
    crackling = spoken.sound.samples.copy()
    places = np.arange(3_000, len(crackling) - 3_000, 7_919)
    for place in places:
        crackling[place : place + 8] += 0.6 * np.exp(-np.arange(8) / 3)
    found = click_samples(crackling, sample_rate_hz=24_000)
    mended = sound_of(filled(crackling, found, sample_rate_hz=24_000), 24_000)
    hit = [bool(found[place : place + 4].any()) for place in places]

    assert np.mean(hit) > 0.8
    assert click_samples(spoken.sound.samples, sample_rate_hz=24_000).sum() < 100
    assert likeness_db(spoken.sound, mended) > likeness_db(
        spoken.sound, sound_of(crackling, 24_000)
    )


def test_clipped_peaks_are_rounded_again(spoken: Speech) -> None:
    loud = spoken.sound.samples / float(np.abs(spoken.sound.samples).max()) * 1.6
    cut = np.clip(loud, -1, 1).astype(np.float32)
    flat = clipped_samples(cut)
    round_ = filled(cut, flat, sample_rate_hz=24_000, at_least=True)
    true, clipped, mended = (sound_of(wave[flat], 24_000) for wave in (loud, cut, round_))

    assert likeness_db(true, mended) > likeness_db(true, clipped) + 1
    np.testing.assert_array_equal(round_[~flat], cut[~flat])


def test_a_telephone_is_told_by_its_band(spoken: Speech, telephone: Sound) -> None:
    band = butter(6, [300, 3_400], btype="bandpass", fs=24_000, output="sos")
    through = sound_of(sosfiltfilt(band, spoken.sound.samples), 24_000)

    assert soundness(through).bandwidth_hz == pytest.approx(3_500, abs=500)
    assert soundness(telephone).bandwidth_hz > 3_000
    assert soundness(spoken.sound).bandwidth_hz > 8_000


def test_a_ringing_room_is_told_from_a_dry_one(spoken: Speech) -> None:
    t = np.arange(24_000) / 24_000
    rings = noise(24_000, seed=1) * 10 ** (-3 * t / 0.8)
    rings[0] = 8
    wet = sound_of(
        np.convolve(spoken.sound.samples, rings)[: len(spoken.sound.samples)] / 20, 24_000
    )

    assert soundness(wet).echo_s > 1.5 * soundness(spoken.sound).echo_s


def test_restoring_gives_as_many_samples_in_time_and_says_what_it_did(telephone: Sound) -> None:
    noisy = at_snr(telephone, 10.0)
    sound, notes = restore(noisy)

    assert (len(sound.samples), sound.sample_rate_hz) == (len(noisy.samples), 8_000)
    assert float(np.abs(sound.samples).max()) <= 0.98
    assert soundness(sound).snr_db > soundness(noisy).snr_db + 5
    assert "dB under the speech" in notes[0]


def test_a_clean_recording_keeps_its_sound(spoken: Speech) -> None:
    sound, notes = restore(spoken.sound)

    assert notes == ()
    assert likeness_db(spoken.sound, sound) > 15


def test_a_far_speaker_is_brought_near(spoken: Speech) -> None:
    pause = np.zeros(48_000, np.float32)
    near_far = np.concatenate([spoken.sound.samples, pause, 0.25 * spoken.sound.samples])
    sound, _ = restore(sound_of(near_far, 24_000))
    half = len(spoken.sound.samples)
    apart_db = 20 * np.log10(np.std(sound.samples[:half]) / np.std(sound.samples[-half:]))

    assert apart_db < 5.0


def test_a_sound_without_speech_is_given_back_as_it_is() -> None:
    hiss = sound_of(0.01 * noise(48_000), 16_000)

    assert restore(hiss) == (hiss, ())
    assert clean(hiss).sound is hiss
    assert clean(sound_of(np.zeros(0), 16_000)).before.speech_s == 0.0


def test_a_recording_is_listened_to_cleaned(tmp_path: Path, telephone: Sound) -> None:
    soundfile.write(tmp_path / "a.wav", at_snr(telephone, 12.0).samples, 8_000, subtype="FLOAT")
    speech = listen(tmp_path / "a.wav", clean=True)

    assert soundness(speech.sound).snr_db > 17
    assert speech.phones[-1].last == len(speech.sound.samples) == len(telephone.samples)


def test_without_the_models_the_way_to_them_is_named(tmp_path: Path, telephone: Sound) -> None:
    with pytest.raises(MissingError, match="vivant models fetch"):
        clean(telephone, places=Places(cache=tmp_path, data=tmp_path))
