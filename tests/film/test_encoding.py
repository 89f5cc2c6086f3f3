"""A film's frames and sound come back when and as they went in."""

from __future__ import annotations

import resource
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vivant.errors import EngineBrokeError, InputError, ResourceError
from vivant.film.decoding import probe, read_frames, read_sound
from vivant.film.encoding import SOUND_RATE_HZ, Encoder, Packing
from vivant.media.picture import Frame
from vivant.media.sound import Sound
from vivant.media.time import first_sample_of

RATES = [Fraction(25), Fraction(24), Fraction(30000, 1001)]
QUICK = Packing(preset="ultrafast", threads=1)


def flat(index: int, luma: int, *, side: int = 64) -> Frame:
    half = np.full((side // 2, side // 2), 128, np.uint8)
    return Frame(index=index, y=np.full((side, side), luma, np.uint8), u=half, v=half)


def clicks(frames: int, at: tuple[int, ...], rate: Fraction) -> Sound:
    """A film's worth of silence with one loud sample at the start of some frames."""
    samples = np.zeros(first_sample_of(frames, rate=rate, sample_rate_hz=SOUND_RATE_HZ), np.float32)
    for frame in at:
        samples[first_sample_of(frame, rate=rate, sample_rate_hz=SOUND_RATE_HZ)] = 0.9
    return Sound(samples=samples, sample_rate_hz=SOUND_RATE_HZ)


def film_of_flashes(path: Path, frames: int, at: tuple[int, ...], rate: Fraction) -> None:
    """White frames with a click at the start of each, in a dark and silent film."""
    sound = clicks(frames, at, rate)
    with Encoder(path, width_px=64, height_px=64, rate=rate, sound=sound, packing=QUICK) as encoder:
        for index in range(frames):
            encoder.write(flat(index, 235 if index in at else 16))


@pytest.mark.parametrize("rate", RATES, ids=str)
def test_frames_rate_and_lengths_are_exact(tmp_path: Path, rate: Fraction) -> None:
    film_of_flashes(tmp_path / "film.mp4", 101, (), rate)

    facts = probe(tmp_path / "film.mp4")

    assert facts.frames == 101
    assert facts.rate == rate
    assert facts.is_constant_rate
    assert facts.picture_s == 101 / rate
    assert facts.picture_starts_s == facts.sound_starts_s == 0
    assert facts.sound_s is not None
    assert abs(facts.sound_s - facts.picture_s) < Fraction(2, SOUND_RATE_HZ)
    assert (facts.picture_codec, facts.sound_codec) == ("h264", "aac")
    assert facts.pixel_format == "yuv420p"
    assert facts.is_bt709


@pytest.mark.parametrize("rate", RATES, ids=str)
def test_a_click_is_heard_with_its_flash_to_the_sample(tmp_path: Path, rate: Fraction) -> None:
    film_of_flashes(tmp_path / "film.mp4", 120, (3, 110), rate)

    flashes = [f.index for f in read_frames(tmp_path / "film.mp4") if f.y.mean() > 120]
    heard = np.flatnonzero(np.abs(read_sound(tmp_path / "film.mp4").samples) > 0.4)

    assert flashes == [3, 110]
    assert heard.tolist() == [
        first_sample_of(f, rate=rate, sample_rate_hz=SOUND_RATE_HZ) for f in flashes
    ]


def test_ten_minutes_end_in_time(tmp_path: Path) -> None:
    rate, frames = Fraction(24000, 1001), 14_386
    film_of_flashes(tmp_path / "film.mp4", frames, (2, frames - 5), rate)

    facts = probe(tmp_path / "film.mp4")
    sound = read_sound(tmp_path / "film.mp4")
    heard = np.flatnonzero(np.abs(sound.samples) > 0.4).tolist()

    assert facts.frames == frames
    assert heard == [
        first_sample_of(f, rate=rate, sample_rate_hz=SOUND_RATE_HZ) for f in (2, frames - 5)
    ]
    assert abs(len(sound.samples) - facts.picture_s * SOUND_RATE_HZ) <= 1


@settings(max_examples=12, deadline=None)
@given(frames=st.integers(1, 40), extra=st.integers(-60_000, 60_000))
def test_sound_is_cut_or_filled_to_the_length_of_the_picture(
    tmp_path_factory: pytest.TempPathFactory, frames: int, extra: int
) -> None:
    path = tmp_path_factory.mktemp("film") / "film.mp4"
    wanted = frames * SOUND_RATE_HZ // 25
    sound = Sound(
        samples=np.zeros(max(0, wanted + extra), np.float32), sample_rate_hz=SOUND_RATE_HZ
    )
    with Encoder(
        path, width_px=16, height_px=16, rate=Fraction(25), sound=sound, packing=QUICK
    ) as encoder:
        for index in range(frames):
            encoder.write(flat(index, 60, side=16))

    assert probe(path).sound_s == probe(path).picture_s == Fraction(frames, 25)


def test_planes_come_back_as_they_went_in(tmp_path: Path) -> None:
    rows, columns = np.mgrid[0:96, 0:128]
    y = (40 + columns + 20 * np.sin(rows / 9)).astype(np.uint8)
    u = (100 + columns[::2, ::2] // 3).astype(np.uint8)
    v = (180 - rows[::2, ::2] // 2).astype(np.uint8)
    with Encoder(
        tmp_path / "film.mp4",
        width_px=128,
        height_px=96,
        rate=Fraction(25),
        packing=Packing(crf=4),
    ) as encoder:
        encoder.write(Frame(index=0, y=y, u=u, v=v))

    (back,) = read_frames(tmp_path / "film.mp4")

    for seen, given_plane in ((back.y, y), (back.u, u), (back.v, v)):
        assert np.abs(seen.astype(int) - given_plane.astype(int)).mean() < 1.0


def test_tags_of_any_name_are_kept(tmp_path: Path) -> None:
    tags = {"AIGC": '{"Label":"1","ContentProducer":"生成"}', "vivant.film": "0123456789abcdef"}
    with Encoder(
        tmp_path / "film.mp4",
        width_px=64,
        height_px=64,
        rate=Fraction(25),
        packing=Packing(tags=tags),
    ) as encoder:
        encoder.write(flat(0, 100))

    assert tags.items() <= probe(tmp_path / "film.mp4").tags.items()


def test_the_same_frames_give_the_same_film(tmp_path: Path) -> None:
    for name in ("one.mp4", "two.mp4"):
        film_of_flashes(tmp_path / name, 30, (7,), Fraction(25))

    assert (tmp_path / "one.mp4").read_bytes() == (tmp_path / "two.mp4").read_bytes()


@pytest.mark.parametrize("index", [0, 2])
def test_a_frame_out_of_order_is_refused(tmp_path: Path, index: int) -> None:
    with (  # noqa: PT012
        pytest.raises(EngineBrokeError, match="was due"),
        Encoder(tmp_path / "f.mp4", width_px=64, height_px=64, rate=Fraction(25)) as encoder,
    ):
        encoder.write(flat(0, 100))
        encoder.write(flat(index, 100))


def test_a_frame_of_another_size_is_refused(tmp_path: Path) -> None:
    with (
        pytest.raises(EngineBrokeError, match="planes"),
        Encoder(tmp_path / "f.mp4", width_px=64, height_px=64, rate=Fraction(25)) as encoder,
    ):
        encoder.write(flat(0, 100, side=32))


def test_a_film_without_frames_is_refused(tmp_path: Path) -> None:
    with (
        pytest.raises(EngineBrokeError, match="at least one frame"),
        Encoder(tmp_path / "f.mp4", width_px=64, height_px=64, rate=Fraction(25)),
    ):
        pass


def test_odd_sizes_and_other_sound_rates_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="even"):
        Encoder(tmp_path / "f.mp4", width_px=63, height_px=64, rate=Fraction(25))
    sound = Sound(samples=np.zeros(10, np.float32), sample_rate_hz=44_100)
    with pytest.raises(InputError, match="48000"):
        Encoder(tmp_path / "f.mp4", width_px=64, height_px=64, rate=Fraction(25), sound=sound)


@pytest.fixture
def small_disk() -> Iterator[None]:
    """No file of this process may grow beyond 100 kB."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, before[1]))
    yield
    resource.setrlimit(resource.RLIMIT_FSIZE, before)


@pytest.mark.usefixtures("small_disk")
def test_a_full_disk_is_told_as_such(tmp_path: Path) -> None:
    noise = np.random.default_rng(0)

    with (  # noqa: PT012
        pytest.raises(ResourceError, match="disk"),
        Encoder(tmp_path / "f.mp4", width_px=256, height_px=256, rate=Fraction(25)) as encoder,
    ):
        for index in range(200):
            y = noise.integers(16, 235, (256, 256), dtype=np.uint8)
            half = np.full((128, 128), 128, np.uint8)
            encoder.write(Frame(index=index, y=y, u=half, v=half))


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(ResourceError, match="could not be written"):
        Encoder(tmp_path / "no" / "f.mp4", width_px=64, height_px=64, rate=Fraction(25))
