"""Words lead, music makes room for them, and nothing pumps."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vivant.film.mixing import (
    DUCK_DB,
    FALL_S,
    KNOT_S,
    RISE_S,
    Voice,
    ducking_curve,
    mix,
)
from vivant.film.mixing_ambience import ambience_of
from vivant.film.mixing_music import MusicUnusableError, file_for, lengthened, piece_for
from vivant.media.hearing import write_wav
from vivant.media.loudness import measure
from vivant.media.sound import Sound

HZ = 48_000


def tone(seconds: float, *, hz: float = 440.0, level: float = 0.1) -> Sound:
    t = np.arange(round(seconds * HZ)) / HZ
    return Sound(samples=(level * np.sin(2 * np.pi * hz * t)).astype(np.float32), sample_rate_hz=HZ)


def hiss(seconds: float, *, level: float = 0.1, seed: int = 0) -> Sound:
    noise = np.random.default_rng(seed).normal(0, level, round(seconds * HZ))
    return Sound(samples=noise.astype(np.float32), sample_rate_hz=HZ)


def spoken(
    begins_s: float, lasts_s: float, *, speaker: str = "mother", level: float = 0.1
) -> Voice:
    sound = hiss(lasts_s, level=level, seed=3)
    return Voice(
        sound=sound, first=round(begins_s * HZ), speaker=speaker, heard=((0, len(sound.samples)),)
    )


def level_db(samples: np.ndarray) -> float:
    return float(10 * np.log10(np.mean(np.square(samples, dtype=np.float64)) + 1e-20))


def test_a_film_is_as_loud_as_all_of_ours_and_nothing_clips() -> None:
    made = mix(
        [spoken(3, 4), spoken(9, 2)], samples=14 * HZ, music=tone(14), ambience=hiss(14, level=0.01)
    ).sound

    assert made is not None
    assert len(made.samples) == 14 * HZ
    loudness = measure(made)
    assert loudness.lufs == pytest.approx(-16, abs=0.5)
    assert loudness.true_peak_dbtp <= -1.0


def test_music_goes_down_by_eight_to_twelve_decibels_under_words() -> None:
    made = mix([spoken(6, 4)], samples=18 * HZ, music=tone(18, hz=1000.0), level=0.5).sound
    assert made is not None

    def music_db(first_s: float, last_s: float) -> float:
        piece = made.samples[round(first_s * HZ) : round(last_s * HZ)]
        spectrum = np.abs(np.fft.rfft(piece * np.hanning(len(piece)))) / len(piece)
        return float(20 * np.log10(spectrum[round(1000 * len(piece) / HZ)]))

    assert 8 <= music_db(2.5, 4.5) - music_db(7, 9) <= 12


def test_music_is_down_when_the_first_word_begins_and_comes_back_slowly() -> None:
    curve = ducking_curve([(5.0, 7.0)], seconds=15)

    def at(moment_s: float) -> float:
        return float(curve[round(moment_s / KNOT_S)])

    assert at(3.9) == 0
    assert at(5.0) == -DUCK_DB
    assert at(7.3) == -DUCK_DB
    assert at(10.0) == 0
    slopes = np.diff(curve) / KNOT_S
    assert slopes.min() >= -1.6 * DUCK_DB / FALL_S
    assert slopes.max() <= 1.6 * DUCK_DB / RISE_S


@given(st.lists(st.tuples(st.floats(0, 50), st.floats(0.1, 6)), min_size=1, max_size=12))
def test_music_never_pumps(words: list[tuple[float, float]]) -> None:
    """It comes all the way back and stays, or not at all; its gain never moves faster than either way alone."""
    curve = ducking_curve([(at, at + lasts) for at, lasts in words], seconds=70)

    slopes = np.diff(curve) / KNOT_S
    assert slopes.min() >= -1.6 * DUCK_DB / FALL_S - 1e-3
    assert slopes.max() <= 1.6 * DUCK_DB / RISE_S + 1e-3
    turns = np.flatnonzero(np.diff(np.sign(np.round(slopes, 3))[np.round(slopes, 3) != 0]) != 0)
    moving = np.flatnonzero(np.round(slopes, 3) != 0)
    for turn in turns:
        assert min(abs(curve[moving[turn] + 1]), abs(curve[moving[turn] + 1] + DUCK_DB)) < 0.05


def test_what_is_said_softly_stays_softer_and_speakers_are_matched() -> None:
    lines = [
        spoken(0, 2, level=0.2),
        spoken(3, 2, level=0.1),
        spoken(6, 2, speaker="father", level=0.01),
    ]
    made = mix(lines, samples=9 * HZ).sound
    assert made is not None

    levels = [level_db(made.samples[first * HZ : (first + 2) * HZ]) for first in (0, 3, 6)]
    assert levels[0] - levels[1] == pytest.approx(6, abs=0.3)
    assert abs(levels[2] - levels[0]) < 4


def test_the_quiet_of_a_place_alone_stays_quiet() -> None:
    made = mix([], samples=5 * HZ, ambience=hiss(5, level=0.01)).sound

    assert made is not None
    assert measure(made).lufs < -35


def test_where_nothing_is_heard_there_is_no_sound() -> None:
    assert mix([], samples=HZ).sound is None


@pytest.mark.parametrize("music", [tone(9.3), hiss(9.3), tone(9.3, hz=82.4)])
def test_a_short_piece_is_repeated_without_a_seam(music: Sound) -> None:
    long = lengthened(music.samples, count=40 * HZ)

    assert len(long) == 40 * HZ
    window = HZ // 10
    levels = [level_db(long[at : at + window]) for at in range(0, len(long) - window, window // 2)]
    assert max(levels) - min(levels) < 3.0
    steps = np.abs(np.diff(long))
    assert steps.max() <= np.abs(np.diff(music.samples)).max() * 1.5


def test_music_from_a_file_is_as_long_as_the_film_whatever_its_form(tmp_path: Path) -> None:
    path = tmp_path / "piece.wav"
    write_wav(path, Sound(samples=tone(6).samples[::2].copy(), sample_rate_hz=24_000))

    score = file_for(path, seconds=20.0)

    assert len(score.sound.samples) == 20 * HZ
    assert score.source.kind == "file"
    assert len(score.source.sha256) == 64


@pytest.mark.parametrize(
    ("sound", "told"),
    [
        (Sound(samples=np.zeros(9 * HZ, np.float32), sample_rate_hz=HZ), "silent"),
        (tone(1.2), "1.2 s"),
    ],
)
def test_music_that_cannot_be_used_gets_a_message(sound: Sound, told: str, tmp_path: Path) -> None:
    path = tmp_path / "piece.wav"
    write_wav(path, sound)

    with pytest.raises(MusicUnusableError, match=told):
        file_for(path, seconds=20.0)


def test_our_own_pieces_last_as_long_as_the_film() -> None:
    score = piece_for("stillness", seconds=12.0, seed=1)

    assert score.sound.seconds == pytest.approx(12.0, abs=0.001)
    assert score.source.piece == "stillness"


def test_one_quiet_flows_into_the_next() -> None:
    samples = 8 * HZ
    quiet = ambience_of([("stairway", 0, 4 * HZ), ("meadow", 4 * HZ, samples)], samples=samples)

    assert quiet is not None
    assert len(quiet.samples) == samples
    window = HZ // 2
    levels = [level_db(quiet.samples[at : at + window]) for at in range(0, samples, window)]
    assert min(levels) > max(levels) - 25
    assert ambience_of([], samples=samples) is None
