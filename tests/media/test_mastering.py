"""Every film is as loud as the next, and nothing clips."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.signal import resample_poly

from vivant.errors import InputError
from vivant.media.loudness import SILENCE_LUFS, measure
from vivant.media.mastering import master
from vivant.media.sound import Sound

RATE_HZ = 48_000


def tone(
    *, amplitude: float, hertz: float = 997.0, seconds: float = 2.0, rate_hz: int = RATE_HZ
) -> Sound:
    moments = np.arange(round(seconds * rate_hz)) / rate_hz
    return Sound(
        samples=(amplitude * np.sin(2 * np.pi * hertz * moments)).astype(np.float32),
        sample_rate_hz=rate_hz,
    )


def talk(*, seconds: float, seed: int = 0, rate_hz: int = 24_000) -> Sound:
    """Make noise in syllables with pauses: as uneven as speech."""
    rng = np.random.default_rng(seed)
    count = round(seconds * rate_hz)
    shape = np.repeat(rng.uniform(0, 1, -(-count // 4000)) ** 3, 4000)[:count]
    return Sound(
        samples=(0.1 * shape * rng.standard_normal(count)).astype(np.float32),
        sample_rate_hz=rate_hz,
    )


def test_a_full_scale_tone_measures_what_the_standard_says() -> None:
    """BS.1770: 997 Hz at full scale in one channel is -3.01 LUFS."""
    loudness = measure(tone(amplitude=1.0))

    assert loudness.lufs == pytest.approx(-3.01, abs=0.03)
    assert loudness.true_peak_dbtp == pytest.approx(0.0, abs=0.05)


def test_a_peak_between_the_samples_is_found() -> None:
    """A quarter of the sample rate at 45 degrees: samples at -3 dB, the wave at 0."""
    moments = np.arange(4800)
    sound = Sound(
        samples=np.sin(np.pi / 2 * moments + np.pi / 4).astype(np.float32), sample_rate_hz=RATE_HZ
    )

    assert measure(sound).true_peak_dbtp == pytest.approx(0.0, abs=0.25)


def test_pauses_do_not_make_speech_quieter() -> None:
    speech = tone(amplitude=0.1)
    paused = Sound(
        samples=np.concatenate([speech.samples, np.zeros(RATE_HZ * 3, np.float32)]),
        sample_rate_hz=RATE_HZ,
    )

    assert measure(paused).lufs == pytest.approx(measure(speech).lufs, abs=0.6)


@settings(max_examples=10)
@given(
    seconds=st.sampled_from([0.02, 0.3, 0.5, 3.0]),
    gain_db=st.floats(-25.0, 19.0),
    rate_hz=st.sampled_from([8_000, 24_000, 44_100, 48_000]),
)
def test_whatever_comes_in_leaves_as_loud_as_asked_and_under_the_ceiling(
    seconds: float, gain_db: float, rate_hz: int
) -> None:
    sound = talk(seconds=seconds, rate_hz=rate_hz)
    louder = Sound(
        samples=(sound.samples * 10 ** (gain_db / 20)).astype(np.float32), sample_rate_hz=rate_hz
    )
    mastered = master(louder)
    loudness = measure(mastered)
    fine = resample_poly(mastered.samples.astype(np.float64), 8, 1)

    assert mastered.sample_rate_hz == RATE_HZ
    assert abs(len(mastered.samples) - seconds * RATE_HZ) <= 2
    assert loudness.lufs == pytest.approx(-16.0, abs=0.5)
    assert loudness.true_peak_dbtp <= -1.0
    assert (
        20 * np.log10(np.abs(fine).max()) <= -0.7
    )  # noise up to half the rate is the worst that can come


def test_a_peak_stays_where_it_is() -> None:
    samples = tone(amplitude=0.05, seconds=3.0).samples.copy()
    samples[70_000] = 0.9
    mastered = master(Sound(samples=samples, sample_rate_hz=RATE_HZ))

    assert int(np.abs(mastered.samples).argmax()) == 70_000


def test_only_the_neighbourhood_of_a_peak_is_turned_down() -> None:
    samples = tone(amplitude=0.02, seconds=2.0).samples.copy()
    samples[48_000] = 0.9
    mastered = master(Sound(samples=samples, sample_rate_hz=RATE_HZ)).samples
    gains = [
        float(np.abs(mastered[a : a + 4_800]).max() / 0.02)
        for a in (10_000, 30_000, 60_000, 85_000)
    ]

    assert max(gains) / min(gains) < 1.001


@pytest.mark.parametrize("samples", [0, 1, 500, 48_000])
def test_silence_stays_silence(samples: int) -> None:
    mastered = master(Sound(samples=np.zeros(samples, np.float32), sample_rate_hz=RATE_HZ))

    assert not mastered.samples.any()
    assert measure(mastered).lufs == SILENCE_LUFS


@pytest.mark.parametrize(
    ("lufs", "peak"), [(-60.0, -1.0), (0.0, -1.0), (-16.0, 3.0), (float("nan"), -1.0)]
)
def test_a_target_out_of_range_is_refused(lufs: float, peak: float) -> None:
    with pytest.raises(InputError, match="between -40 and -8"):
        master(tone(amplitude=0.1), lufs=lufs, true_peak_dbtp=peak)


def test_samples_that_are_no_numbers_are_refused() -> None:
    with pytest.raises(InputError, match="no numbers"):
        master(Sound(samples=np.array([0.0, np.nan], np.float32), sample_rate_hz=RATE_HZ))
