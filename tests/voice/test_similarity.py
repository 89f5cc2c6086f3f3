"""The judges of likeness: on the way from one voice to another, they know where one stands."""

from __future__ import annotations

import numpy as np
import pytest

from vivant.errors import InputError
from vivant.media.sound import Sound
from vivant.voice.engine import Line
from vivant.voice.engines.hibari import HibariVoice
from vivant.voice.person import Reference
from vivant.voice.similarity import SENTENCES, resemblance
from vivant.voice.spectral_likelihood import (
    REACHES_HZ,
    Everybody,
    adapted,
    cepstra,
    learned,
    likeness,
)

pytestmark = pytest.mark.models

RATE_HZ = 24_000
OTHER = (
    "Every winter the river froze, and the children skated from bridge to bridge.",
    "We bought the piano from a teacher who was moving to Chicago.",
    "Keep your promises small, and then keep every one of them.",
    "The doctor measured my pulse, smiled, and told me to walk more often.",
)


class Voices:
    """One voice at many sizes of head: sound that is played slower is deeper."""

    def __init__(self, voice: HibariVoice) -> None:
        self.said = {
            name: np.concatenate(
                [voice.say(Line(text=text, language="en-US")).samples for text in texts]
            )
            for name, texts in {
                "made": SENTENCES[:3],
                "held out": OTHER[:2],
                "reference": OTHER[2:],
            }.items()
        }

    def of(self, size: float, name: str) -> Sound:
        return Sound(samples=self.said[name].copy(), sample_rate_hz=round(RATE_HZ / size))

    def known(self, size: float, name: str, *, bandwidth_hz: float = 8000.0) -> Reference:
        return Reference(
            sound=self.of(size, name), phones=(), bandwidth_hz=bandwidth_hz, snr_db=40.0
        )


@pytest.fixture(scope="module")
def voices(voice: HibariVoice) -> Voices:
    return Voices(voice)


@pytest.mark.parametrize("bandwidth_hz", [8000.0, 3300.0])
def test_both_shares_grow_on_the_way_from_one_voice_to_the_other(
    voices: Voices, bandwidth_hz: float
) -> None:
    unmatched = voices.of(1.0, "made")
    held_out, reference = (
        voices.known(1.3, name, bandwidth_hz=bandwidth_hz) for name in ("held out", "reference")
    )
    found = [
        resemblance(voices.of(size, "made"), unmatched, held_out=held_out, reference=reference)
        for size in (1.0, 1.15, 1.3)
    ]

    assert found[0].share == 0.0
    assert found[0].word == "unlike"
    for share in ("encoder", "spectral"):
        none, half, all_ = (getattr(one, share) for one in found)
        assert none < half - 0.1 < half < all_ - 0.1
        assert 0.7 < all_ < 1.35
    assert found[2].cosine > 0.85
    assert found[2].word in {"very like", "like"}
    assert found[2].held_out_s == held_out.seconds


def test_another_person_is_no_nearer(voices: Voices) -> None:
    found = resemblance(
        voices.of(0.85, "made"),
        voices.of(1.0, "made"),
        held_out=voices.known(1.3, "held out"),
        reference=voices.known(1.3, "reference"),
    )
    assert found.encoder < 0.1
    assert found.spectral < 0.25


def test_level_does_not_matter(voices: Voices) -> None:
    everybody = Everybody.up_to(8000.0)
    person, sound = voices.of(1.3, "held out"), voices.of(1.15, "made")
    quiet = Sound(samples=sound.samples * np.float32(0.05), sample_rate_hz=sound.sample_rate_hz)

    assert likeness(quiet, person=person, everybody=everybody) == pytest.approx(
        likeness(sound, person=person, everybody=everybody), abs=0.05
    )


def test_the_model_of_everybody_fits_how_far_a_recording_reaches() -> None:
    for bandwidth_hz, high_hz in (
        (2500.0, 3000.0),
        (3400.0, 3000.0),
        (5000.0, 4500.0),
        (12e3, 7e3),
    ):
        chosen = Everybody.up_to(bandwidth_hz)
        assert chosen.high_hz == high_hz
        assert chosen.weights.sum() == pytest.approx(1.0, abs=1e-5)
        assert (chosen.variances > 0).all()


def test_with_little_speech_a_person_is_taken_for_nearly_anybody() -> None:
    everybody = Everybody.up_to(8000.0)
    one = everybody.means[:1] + 1.0

    barely, well = (adapted(np.repeat(one, n, axis=0), everybody) for n in (2, 2000))

    farthest = np.abs(one - everybody.means).max()
    assert np.abs(barely.means - everybody.means).max() < 0.2 * farthest
    assert np.abs(well.means - one).max(axis=1).min() < 0.05


def test_a_mixture_is_learned_from_frames_alone() -> None:
    random = np.random.default_rng(3)
    middles = random.normal(0, 10, (4, 16))
    frames = np.concatenate([m + random.normal(0, 1, (500, 16)) for m in middles])

    model = learned(frames, low_hz=150.0, high_hz=7000.0)

    for middle in middles:
        assert np.abs(model.means - middle).max(axis=1).min() < 1.5
    assert model.weights.sum() == pytest.approx(1.0)


@pytest.mark.parametrize("seconds", [0.0, 0.3, 2.0])
def test_sound_without_speech_is_told_by_its_length(seconds: float) -> None:
    low_hz, high_hz = REACHES_HZ[0]
    silence = Sound(samples=np.zeros(round(seconds * 16_000), np.float32), sample_rate_hz=16_000)
    with pytest.raises(InputError, match=r"0\.\d s of speech"):
        cepstra(silence, low_hz, high_hz)
