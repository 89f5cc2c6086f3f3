"""The mark in a person's voice is found again, is not found elsewhere, and moves nothing."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np
import pytest
import soundfile

from vivant.errors import MissingError
from vivant.media.hearing import resampled
from vivant.media.sound import Sound
from vivant.places import Places
from vivant.provenance.mark_network import convolved, prepared
from vivant.provenance.sound_mark import MODEL, mark_sound, read_sound_mark
from vivant.voice.speaking import speak

TEXTS = (
    "It is good to see you again, on the third of May at half past seven.",
    "The train from Manchester was late, so we walked along the river.",
    "Did you ever find the blue umbrella?",
)

needs_models = pytest.mark.models


@cache
def spoken(text: str) -> Sound:
    return speak(text).sound


@needs_models
@pytest.mark.parametrize("text", TEXTS)
def test_a_marked_voice_is_told_from_an_unmarked_one(text: str) -> None:
    marked = mark_sound(spoken(text))

    assert read_sound_mark(marked).confidence > 0.9
    assert read_sound_mark(spoken(text)).confidence < 0.1


@needs_models
@pytest.mark.parametrize("damage", ["mp3", "quieter", "8 kHz", "44.1 kHz", "noise", "cut"])
def test_the_mark_lives_through_what_happens_to_sound_files(tmp_path: Path, damage: str) -> None:
    marked = mark_sound(spoken(TEXTS[0]))
    samples, rate_hz = marked.samples, marked.sample_rate_hz
    if damage == "mp3":
        soundfile.write(tmp_path / "a.mp3", samples, rate_hz, format="MP3", compression_level=0.9)
        samples, rate_hz = soundfile.read(tmp_path / "a.mp3", dtype="float32")
    elif damage == "quieter":
        samples = samples * np.float32(0.3)
    elif damage == "noise":
        noise = np.random.default_rng(0).standard_normal(len(samples))
        samples = samples + (0.003 * noise).astype(np.float32)
    elif damage == "cut":
        samples = samples[20_011:60_000]
    else:
        sound = resampled(marked, sample_rate_hz=8_000 if damage == "8 kHz" else 44_100)
        samples, rate_hz = sound.samples, sound.sample_rate_hz

    assert read_sound_mark(Sound(samples=samples.copy(), sample_rate_hz=rate_hz)).present


@needs_models
@pytest.mark.parametrize("rate_hz", [8_000, 22_050, 24_000, 48_000])
def test_the_mark_moves_nothing_and_stays_under_the_speech(rate_hz: int) -> None:
    sound = resampled(spoken(TEXTS[1]), sample_rate_hz=rate_hz)
    marked = mark_sound(sound)
    added = marked.samples - sound.samples
    lags = range(-3, 4)
    alike = [
        float(np.dot(np.roll(marked.samples, lag).astype(np.float64), sound.samples))
        for lag in lags
    ]

    assert len(marked.samples) == len(sound.samples)
    assert lags[int(np.argmax(alike))] == 0
    assert 10 * np.log10(np.square(sound.samples).sum() / np.square(added).sum()) > 12


@needs_models
def test_a_long_sound_is_marked_as_its_pieces_would_be() -> None:
    """Work goes on in pieces of 12 s; where they meet, the mark goes on."""
    sound = Sound(samples=np.tile(spoken(TEXTS[1]).samples, 4), sample_rate_hz=24_000)
    added = mark_sound(sound).samples - sound.samples
    period = len(spoken(TEXTS[1]).samples)
    inner = slice(period, 3 * period)
    steps = np.abs(np.diff(added[inner]))

    assert steps.max() < 3 * np.sort(steps)[-200]


@needs_models
@pytest.mark.parametrize("samples", [0, 1, 100, 2_000])
def test_short_and_silent_sounds_stay_as_they_are(samples: int) -> None:
    sound = Sound(samples=np.zeros(samples, np.float32), sample_rate_hz=24_000)

    assert not mark_sound(sound).samples.any()
    assert not read_sound_mark(sound).present


@pytest.mark.parametrize("frames", [1, 3, 4, 37])
def test_the_quick_convolution_is_the_plain_one(frames: int) -> None:
    rng = np.random.default_rng(0)
    weight = rng.standard_normal((5, 6, 7))
    heard = rng.standard_normal((frames, 6)).astype(np.float32)
    padded = np.pad(heard.astype(np.float64), ((3, 3), (0, 0)))
    wanted = np.stack([padded[k : k + frames] @ weight[:, :, k].T for k in range(7)]).sum(axis=0)

    assert np.abs(convolved(heard, prepared(weight)) - wanted).max() < 1e-4 * np.abs(wanted).max()


def test_without_the_model_it_says_how_to_get_it(tmp_path: Path) -> None:
    places = Places(data=tmp_path / "data", cache=tmp_path / "cache")

    with pytest.raises(MissingError, match=MODEL):
        mark_sound(Sound(samples=np.zeros(100, np.float32), sample_rate_hz=24_000), places=places)
