"""Sound is written in pieces as it would be whole, as loud as asked, and in little memory."""

from __future__ import annotations

import tracemalloc
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import soundfile

from vivant.errors import InputError
from vivant.media.delivery import deliver
from vivant.media.loudness import measure
from vivant.media.mastering import MASTER_RATE_HZ, master
from vivant.media.running import levelled_lines
from vivant.media.sound import Sound

RATE_HZ = 24_000


def talk(*, seconds: float, seed: int = 0, level: float = 0.1) -> Sound:
    """Make noise in syllables, silent at both ends: as uneven as speech."""
    rng = np.random.default_rng(seed)
    count = round(seconds * RATE_HZ)
    shape = np.repeat(rng.uniform(0, 1, -(-count // 4000)) ** 3, 4000)[:count]
    shape[: RATE_HZ // 20] = shape[-RATE_HZ // 20 :] = 0.0
    return Sound(
        samples=(level * shape * rng.standard_normal(count)).astype(np.float32),
        sample_rate_hz=RATE_HZ,
    )


def chord(*, seconds: float = 5.0) -> Sound:
    moments_s = np.arange(round(seconds * RATE_HZ)) / RATE_HZ
    voices = np.array([220.0, 277.2, 329.6, 880.0])[:, None]
    waves = np.sin(2 * np.pi * voices * moments_s).sum(axis=0)
    return Sound(samples=(0.2 * waves).astype(np.float32), sample_rate_hz=RATE_HZ)


def clicks() -> Sound:
    samples = talk(seconds=5.0, level=0.02).samples.copy()
    samples[5_000::9_000] = 0.95
    return Sound(samples=samples, sample_rate_hz=RATE_HZ)


def read(path: Path) -> Sound:
    samples, rate_hz = soundfile.read(path, dtype="float32")
    return Sound(samples=samples, sample_rate_hz=rate_hz)


def test_parts_are_written_as_the_whole_would_be(tmp_path: Path) -> None:
    whole = talk(seconds=7.0)
    parts = [
        Sound(samples=piece, sample_rate_hz=RATE_HZ)
        for piece in np.split(whole.samples.copy(), [11, 20_000, 20_001, 90_000])
    ]

    deliver(iter(parts), tmp_path / "parts.wav")
    mastered = master(whole).samples
    written = read(tmp_path / "parts.wav").samples

    assert len(written) == len(mastered)
    assert np.abs(written - mastered).max() < 2 / 32767


@pytest.mark.parametrize("suffix", [".wav", ".flac", ".mp3"])
@pytest.mark.parametrize("kind", ["talk", "quiet talk", "chord", "clicks"])
def test_every_file_is_as_loud_as_asked_and_no_peak_is_higher(
    tmp_path: Path, kind: str, suffix: str
) -> None:
    sound = {
        "talk": lambda: talk(seconds=5.0),
        "quiet talk": lambda: talk(seconds=5.0, level=0.002),
        "chord": chord,
        "clicks": clicks,
    }[kind]()
    path = tmp_path / f"sound{suffix}"

    told = deliver([sound], path)
    loudness = measure(read(path))

    assert loudness.lufs == pytest.approx(-16.0, abs=0.5)
    assert loudness.true_peak_dbtp <= -1.0
    assert told.loudness.lufs == pytest.approx(loudness.lufs, abs=0.05)
    assert told.seconds == pytest.approx(5.0, abs=0.001)


def test_silence_is_written_as_silence(tmp_path: Path) -> None:
    deliver(
        [Sound(samples=np.zeros(9_000, np.float32), sample_rate_hz=RATE_HZ)], tmp_path / "a.wav"
    )

    assert not read(tmp_path / "a.wav").samples.any()


def test_no_seam_is_louder_than_the_sound_around_it(tmp_path: Path) -> None:
    """A tone cut into parts at any place is the same tone: nothing clicks where they meet."""
    whole = chord(seconds=4.0)
    cuts = [7_001, 15_213, 40_007, 77_777]
    parts = [
        Sound(samples=piece, sample_rate_hz=RATE_HZ)
        for piece in np.split(whole.samples.copy(), cuts)
    ]
    deliver(iter(parts), tmp_path / "a.wav")
    steps = np.abs(np.diff(read(tmp_path / "a.wav").samples, n=2))
    at_seams = max(steps[2 * cut - 40 : 2 * cut + 40].max() for cut in cuts)

    assert at_seams <= steps[10_000:-10_000].max() * 1.0001


def test_memory_does_not_grow_with_the_length(tmp_path: Path) -> None:
    def pieces(count: int) -> Iterator[Sound]:
        for i in range(count * 4):
            yield talk(seconds=5.0, seed=i)

    def peak(count: int) -> int:
        tracemalloc.start()
        try:
            deliver(pieces(count), tmp_path / "a.wav")
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    short, long = peak(1), min(peak(6), peak(6))  # other threads of this process allocate too

    assert long < short * 1.1 + 100_000


def test_nothing_is_left_beside_when_the_parts_break_off(tmp_path: Path) -> None:
    def breaks() -> Iterator[Sound]:
        yield talk(seconds=1.0)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        deliver(breaks(), tmp_path / "a.wav")

    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["a.ogg", "a.aiff", "a"])
def test_a_format_that_cannot_carry_papers_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(InputError, match="papers"):
        deliver([talk(seconds=1.0)], tmp_path / name)


def test_parts_of_several_rates_are_refused(tmp_path: Path) -> None:
    other = Sound(samples=talk(seconds=1.0).samples, sample_rate_hz=22_050)

    with pytest.raises(InputError, match="22050"):
        deliver([talk(seconds=1.0), other], tmp_path / "a.wav")


def test_no_sound_at_all_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="0 samples"):
        deliver([], tmp_path / "a.wav")


@pytest.mark.parametrize("level", [0.003, 0.1, 0.3])
def test_lines_levelled_one_by_one_come_near_the_loudness_of_the_whole(level: float) -> None:
    lines = [talk(seconds=s, seed=i, level=level) for i, s in enumerate([1.0, 2.5, 4.0, 1.5, 3.0])]
    sent = np.concatenate([line.samples for line in levelled_lines(lines)])
    loudness = measure(Sound(samples=sent, sample_rate_hz=MASTER_RATE_HZ))

    assert loudness.lufs == pytest.approx(-16.0, abs=1.0)
    assert loudness.true_peak_dbtp <= -1.0


def test_a_line_is_levelled_before_the_next_one_is_made() -> None:
    made: list[int] = []

    def lines() -> Iterator[Sound]:
        for i in range(3):
            made.append(i)
            yield talk(seconds=1.0, seed=i)

    next(levelled_lines(lines()))

    assert made == [0]
