"""The label of a sound alone is heard, and found by a reader after whatever happens to sound files."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import soundfile
from hypothesis import given, settings
from hypothesis import strategies as st

from vivant.errors import InputError
from vivant.media.hearing import resampled
from vivant.media.sound import Sound
from vivant.provenance.sound_label import NOTICES, QUIETER_DB, notice_in, read_tones, tones

RATE_HZ = 24_000


def hum(seconds: float, *, level: float = 0.05, seed: int = 0) -> Sound:
    """Make something like a voice: harmonics of a wandering pitch in syllables, with noise."""
    rng = np.random.default_rng(seed)
    count = round(seconds * RATE_HZ)
    pitch = 140 + 40 * np.interp(np.arange(count), np.arange(0, count + 8000, 4000), rng.standard_normal(count // 4000 + 3)[: len(np.arange(0, count + 8000, 4000))])  # fmt: skip
    phase = 2 * np.pi * np.cumsum(pitch) / RATE_HZ
    voice = np.stack([np.sin(k * phase) / k for k in range(1, 20)]).sum(axis=0)
    shape = np.repeat(rng.uniform(0, 1, count // 3000 + 1), 3000)[:count]
    samples = level * shape * (voice + 0.1 * rng.standard_normal(count))
    return Sound(samples=samples.astype(np.float32), sample_rate_hz=RATE_HZ)


def labelled(speech: Sound, *, level: float = 0.05) -> Sound:
    label = tones(RATE_HZ, level=level)
    return Sound(samples=np.concatenate([label.samples, speech.samples]), sample_rate_hz=RATE_HZ)


@settings(max_examples=10)
@given(gain_db=st.floats(-30.0, 20.0), rate_hz=st.sampled_from([8_000, 16_000, 44_100, 48_000]))
def test_the_label_is_found_louder_softer_and_at_other_rates(gain_db: float, rate_hz: int) -> None:
    sound = labelled(hum(3.0))
    played = Sound(
        samples=(sound.samples * 10 ** (gain_db / 20)).astype(np.float32), sample_rate_hz=RATE_HZ
    )

    reading = read_tones(resampled(played, sample_rate_hz=rate_hz))

    assert reading.starts_s == pytest.approx((0.12,), abs=0.03)


def test_the_label_is_found_in_noise_and_after_mp3(tmp_path: Path) -> None:
    sound = labelled(hum(3.0))
    noise = np.random.default_rng(1).standard_normal(len(sound.samples)) * 0.005
    soundfile.write(
        tmp_path / "a.mp3", sound.samples + noise, RATE_HZ, format="MP3", compression_level=0.95
    )
    coded, rate_hz = soundfile.read(tmp_path / "a.mp3", dtype="float32")

    assert len(read_tones(Sound(samples=coded, sample_rate_hz=rate_hz)).starts_s) == 1


@pytest.mark.parametrize("seed", range(8))
def test_speech_without_the_label_has_none(seed: int) -> None:
    assert not read_tones(hum(10.0, seed=seed)).present


def test_a_steady_tone_and_other_rhythms_are_no_label() -> None:
    moments_s = np.arange(RATE_HZ * 3) / RATE_HZ
    steady = np.sin(2 * np.pi * 880 * moments_s)
    beats = steady * (np.floor(moments_s / 0.12) % 2)

    for samples in (steady, beats):
        sound = Sound(samples=samples.astype(np.float32), sample_rate_hz=RATE_HZ)
        assert not read_tones(sound).present


@pytest.mark.parametrize("samples", [0, 1, 5_000])
def test_a_sound_too_short_for_it_has_no_label(samples: int) -> None:
    assert not read_tones(
        Sound(samples=np.zeros(samples, np.float32), sample_rate_hz=RATE_HZ)
    ).present


def test_the_tones_are_quieter_than_the_speech_and_short_long_short_short() -> None:
    label = tones(RATE_HZ, level=0.1)
    sounding = np.abs(label.samples) > 1e-4
    loud = float(np.sqrt(np.mean(np.square(label.samples[sounding], dtype=np.float64))))

    assert 20 * np.log10(loud / 0.1) == pytest.approx(QUIETER_DB, abs=1.5)
    assert label.samples[-1] == 0.0
    assert read_tones(label).present


def test_a_rate_that_cannot_hold_the_tones_is_refused() -> None:
    with pytest.raises(InputError, match="4000"):
        tones(4_000, level=0.1)


def test_notices_are_found_by_language_and_say_who_made_it() -> None:
    assert notice_in("en-GB") == NOTICES["en"]
    assert notice_in("zh-Hans-CN") == NOTICES["zh"]
    assert notice_in("tlh") is None
    assert all(notice.strip() for notice in NOTICES.values())
