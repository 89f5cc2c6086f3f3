"""The speaker encoder gives the vectors of the original, and tells voices apart."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from scipy.signal import lfilter

from vivant.errors import InputError, MissingError
from vivant.media.hearing import resampled
from vivant.media.sound import Sound
from vivant.places import Places
from vivant.voice.engines.hibari import HibariVoice
from vivant.voice.speaker import RATE_HZ, encode, speaker_vector, speaker_vectors
from vivant.voice.speaking import speak
from vivant.voice.speech import Speech

pytestmark = pytest.mark.models

ORIGINAL = {
    10: 0.15786, 14: 0.16112, 16: 0.14288, 31: 0.14596, 39: 0.18995, 42: 0.20828, 51: 0.14392,
    71: 0.14705, 82: 0.11877, 109: 0.12461, 113: 0.20437, 120: 0.19901, 126: 0.25796, 128: 0.13765,
    146: 0.16783, 150: 0.14071, 158: 0.25402, 163: 0.16861, 182: 0.17304, 193: 0.12148,
    226: 0.13485, 235: 0.16286, 248: 0.22679, 251: 0.12954,
}  # fmt: skip
"""The largest numbers that Resemblyzer 0.1.4 itself gives for ``hum()``."""


def hum() -> np.ndarray:
    """A buzz of four seconds through three resonances."""
    random = np.random.default_rng(1)
    moments = np.arange(4 * RATE_HZ) / RATE_HZ
    phase = 2 * np.pi * np.cumsum(110 + 20 * np.sin(2 * np.pi * 0.7 * moments)) / RATE_HZ
    tone = np.sum([np.cos(k * phase) / k for k in range(1, 40)], axis=0)
    for hertz, width in ((600.0, 80.0), (1300.0, 120.0), (2500.0, 200.0)):
        r = np.exp(-np.pi * width / RATE_HZ)
        tone = lfilter([1 - r], [1, -2 * r * np.cos(2 * np.pi * hertz / RATE_HZ), r * r], tone)
    tone = tone / np.abs(tone).max() * 0.5 + random.normal(0, 0.001, len(moments))
    return np.asarray(tone * (0.6 + 0.4 * np.sin(2 * np.pi * 3 * moments)), np.float32)


def test_the_network_gives_what_the_original_gives() -> None:
    vector = encode(hum()).mean(axis=0)
    vector /= np.linalg.norm(vector)

    found = vector[list(ORIGINAL)]
    np.testing.assert_allclose(found, list(ORIGINAL.values()), atol=2e-4)


def test_one_voice_is_nearer_to_itself_than_to_a_deeper_one(
    voice: HibariVoice, spoken: Speech
) -> None:
    other = speak("Every winter the river froze, and the children skated home.", engine=voice)
    slow = Sound(
        samples=other.sound.samples, sample_rate_hz=round(other.sound.sample_rate_hz / 1.3)
    )

    here, there, deep = (speaker_vector(s) for s in (spoken.sound, other.sound, slow))

    assert np.linalg.norm(here) == pytest.approx(1.0, abs=1e-5)
    assert here.min() >= 0.0
    assert here @ there > 0.85
    assert here @ there > here @ deep + 0.1


def test_level_sample_rate_and_pauses_change_little(spoken: Speech) -> None:
    plain = speaker_vector(spoken.sound)
    quiet = Sound(samples=spoken.sound.samples * np.float32(0.02), sample_rate_hz=24_000)
    pause = np.zeros(48_000, np.float32)
    slow = Sound(
        samples=np.concatenate([pause, spoken.sound.samples, pause]), sample_rate_hz=24_000
    )
    for changed in (quiet, slow, resampled(spoken.sound, sample_rate_hz=44_100)):
        assert plain @ speaker_vector(changed) > 0.98


def test_the_vectors_of_stretches_have_the_vector_of_the_whole_as_their_middle(
    spoken: Speech,
) -> None:
    vectors = speaker_vectors(spoken.sound)
    middle = vectors.mean(axis=0)
    assert vectors.shape[1] == 256
    np.testing.assert_allclose(
        middle / np.linalg.norm(middle), speaker_vector(spoken.sound), atol=1e-5
    )


@pytest.mark.parametrize("seconds", [0.0, 0.2, 3.0])
def test_too_little_speech_is_told_with_its_length(seconds: float) -> None:
    silence = Sound(samples=np.zeros(round(seconds * 16_000), np.float32), sample_rate_hz=16_000)
    with pytest.raises(InputError, match=r"0\.\d s of speech"):
        speaker_vector(silence)


def test_a_missing_model_says_how_to_fetch_it(tmp_path: Path, spoken: Speech) -> None:
    with pytest.raises(MissingError, match="vivant models fetch speaker-encoder"):
        speaker_vector(spoken.sound, places=Places(cache=tmp_path))
