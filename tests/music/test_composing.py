"""Music and quiet that our own code makes."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.signal import stft

from vivant.errors import InputError
from vivant.media.sound import Sound
from vivant.music.ambience import AMBIENCES, ambience
from vivant.music.composing import compose
from vivant.music.pieces import PIECES
from vivant.music.score import pitch_of


@pytest.mark.parametrize("name", sorted(PIECES))
def test_a_piece_lasts_as_long_as_asked_and_dies_away(name: str) -> None:
    sound = compose(name, seconds=14.5)

    assert len(sound.samples) == round(14.5 * 48_000)
    assert 0.65 < np.abs(sound.samples).max() < 0.71
    level = _levels(sound)
    assert level[:4].max() > 0.01, "it begins at once"
    assert level[-1] < 0.1 * level.max(), "it ends in silence"


def test_the_same_seed_plays_the_same_and_another_does_not() -> None:
    first, again, other = (compose("keepsake", seconds=8, seed=seed).samples for seed in (1, 1, 2))

    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)


def test_what_is_heard_is_in_the_key() -> None:
    piece = PIECES["stillness"]
    scale = {pitch_of(degree, piece.key) % 12 for degree in range(1, 8)}
    sound = compose("stillness", seconds=20)
    hz, _, power = stft(sound.samples, 48_000, nperseg=16_384)
    strength = np.abs(power).sum(axis=1)[(hz > 120) & (hz < 900)]
    pitches = np.round(69 + 12 * np.log2(hz[(hz > 120) & (hz < 900)] / 440)).astype(int) % 12
    inside = strength[[pitch in scale for pitch in pitches]].sum()

    assert inside / strength.sum() > 0.80


@pytest.mark.parametrize("seconds", [0.0, -3.0, 5.9, 901.0, float("nan")])
def test_music_of_no_length_is_refused_with_a_reason(seconds: float) -> None:
    with pytest.raises(InputError, match="6 to 900"):
        compose("ascent", seconds=seconds)


def test_an_unknown_piece_is_named_with_the_nearest() -> None:
    with pytest.raises(InputError, match="Did you mean stillness"):
        compose("stilness", seconds=10)


@pytest.mark.parametrize("name", sorted(AMBIENCES))
def test_a_place_is_quiet_but_never_silent(name: str) -> None:
    sound = ambience(name, seconds=6.0, seed=3)

    level = _levels(sound)
    assert len(sound.samples) == 6 * 48_000
    assert level.min() > 5e-4
    assert np.abs(sound.samples).max() < 0.2


def test_an_unknown_place_is_refused() -> None:
    with pytest.raises(InputError, match="wind"):
        ambience("moon", seconds=2)


def _levels(sound: Sound) -> np.ndarray:
    """Loudness in each half second."""
    half = sound.sample_rate_hz // 2
    blocks = sound.samples[: len(sound.samples) // half * half].reshape(-1, half)
    return np.asarray(np.sqrt(np.mean(blocks**2, axis=1)))
