"""A film of ours is recognised in any file that shows or plays it, and nothing else is."""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from fractions import Fraction
from pathlib import Path

import imageio.v3 as iio
import numpy as np
import pytest
import skimage.data
from jaxtyping import Float32, UInt8
from PIL import Image, ImageDraw, ImageFont
from skimage.transform import resize

from register_entries import entry_of
from vivant.errors import InputError
from vivant.film.encoding import Encoder, Packing
from vivant.film.fingerprints import find_file, fingerprints_of_file
from vivant.film.sampling import LOOKS, looks_into, subprints_of_file
from vivant.media.files import sha256_of
from vivant.media.hearing import write_wav
from vivant.media.picture import Frame
from vivant.media.sound import Sound
from vivant.places import Places
from vivant.provenance.register.entry import Entry
from vivant.provenance.register.fingerprinting import Fingerprinter
from vivant.provenance.register.register import Register

RATE = Fraction(12)
SECONDS = 8
MADE_ID = "00ff00ff00ff00ff"
Luma = UInt8[np.ndarray, "h w"]


def as_it_is(y: Luma) -> Luma:
    return y


def frame(index: int, *, picture: str = "astronaut") -> Luma:
    """A picture over which the camera moves, 240 by 320."""
    at = index * 50 // (SECONDS * 12)
    return whole(picture)[at : at + 240, at : at + 320].copy()


@functools.cache
def whole(picture: str) -> Luma:
    grey = getattr(skimage.data, picture)()[:400, :500].mean(axis=2) / 255
    small: Luma = (resize(grey, (300, 400), anti_aliasing=True) * 219 + 16).astype(np.uint8)
    return small


def tune(seed: int) -> Sound:
    random = np.random.default_rng(seed)
    samples: Float32[np.ndarray, " samples"] = np.zeros(SECONDS * 48_000, np.float32)
    moments = np.arange(12_000, dtype=np.float32) / 48_000
    for note in range(SECONDS * 4):
        for hertz in random.uniform(300, 2_000, 4):
            samples[note * 12_000 : (note + 1) * 12_000] += 0.1 * np.sin(
                2 * np.pi * hertz * moments
            )
    return Sound(samples=samples, sample_rate_hz=48_000)


def film(
    path: Path,
    *,
    change: Callable[[Luma], Luma] = as_it_is,
    picture: str = "astronaut",
    first_s: int = 0,
    sound: Sound | None = None,
    crf: int = 20,
    looking: Fingerprinter | None = None,
) -> Path:
    height, width = change(frame(0)).shape
    grey = np.full((height // 2, width // 2), 128, np.uint8)
    packing = Packing(preset="veryfast", crf=crf)
    with Encoder(
        path, width_px=width, height_px=height, rate=RATE, sound=sound, packing=packing
    ) as encoder:
        for place, index in enumerate(range(12 * first_s, 12 * SECONDS)):
            y = change(frame(index, picture=picture))
            if looking is not None:
                looking.see(index, y)
            encoder.write(Frame(index=place, y=y, u=grey.copy(), v=grey.copy()))
    return path


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A register with one film in it."""
    home = tmp_path_factory.mktemp("home")
    looking = Fingerprinter(RATE, 320, 240)
    path = film(home / "film.mp4", sound=tune(1), looking=looking)
    looking.hear(tune(1))
    entry = Entry(
        made_id=MADE_ID,
        kind="film",
        file_sha256=sha256_of(path),
        record_sha256="0" * 64,
        made_at=datetime(2026, 1, 1, tzinfo=UTC),
        seconds=float(SECONDS),
        consent_ids=("1" * 32,),
    )
    Register.in_places(places_in(home)).note(entry, looking.done())
    return home


def places_in(home: Path) -> Places:
    return Places(data=home / "data", cache=home / "cache")


def found(path: Path, home: Path) -> list[tuple[str, str]]:
    return [(one.entry.made_id, one.by) for one in find_file(path, places=places_in(home))]


def half(y: Luma) -> Luma:
    small: Luma = y.reshape(120, 2, 160, 2).mean(axis=(1, 3)).astype(np.uint8)
    return small


def letterboxed(y: Luma) -> Luma:
    return np.pad(y, ((60, 60), (0, 0)), constant_values=16)


def mirrored(y: Luma) -> Luma:
    return y[:, ::-1].copy()


def test_the_delivered_file_is_found_by_its_hash(home: Path) -> None:
    assert found(home / "film.mp4", home) == [(MADE_ID, "file")]


def cropped(y: Luma) -> Luma:
    return y[12:228, 16:304].copy()  # 10 % of each side, half of it at each edge


def cut_left(y: Luma) -> Luma:
    return y[:, 32:].copy()  # a tenth


def cut_below(y: Luma) -> Luma:
    return y[:192].copy()  # a fifth


def cut_and_mirrored(y: Luma) -> Luma:
    return y[30:, ::-1].copy()


CHANGES = (half, letterboxed, mirrored, cropped, cut_left, cut_below, cut_and_mirrored)


@pytest.mark.parametrize("change", CHANGES, ids=lambda one: one.__name__)
def test_copies_are_found_by_their_pictures(
    change: Callable[[Luma], Luma], home: Path, tmp_path: Path
) -> None:
    copy = film(tmp_path / "copy.mp4", change=change, crf=28)

    assert found(copy, home) == [(MADE_ID, "pictures")]


def card(words: str) -> Luma:
    """A line of words on black paper, 360 by 640."""
    letters = Image.new("L", (640, 360), 16)
    font = ImageFont.load_default(44)
    ImageDraw.Draw(letters).text((320, 180), words, fill=220, font=font, anchor="mm")
    return np.asarray(letters, np.uint8).copy()


def carded(path: Path, words: str, *, change: Callable[[Luma], Luma] = as_it_is) -> Path:
    """A film of nothing but a card."""
    y = change(card(words))
    height, width = y.shape
    grey = np.full((height // 2, width // 2), 128, np.uint8)
    packing = Packing(preset="veryfast", crf=23)
    with Encoder(
        path, width_px=width, height_px=height, rate=Fraction(2), packing=packing
    ) as encoder:
        for index in range(12):
            encoder.write(Frame(index=index, y=y, u=grey.copy(), v=grey.copy()))
    return path


def negative(y: Luma) -> Luma:
    return 255 - y


def between_bars(y: Luma) -> Luma:
    return np.pad(negative(y), ((60, 60), (0, 0)), constant_values=16)


def test_a_film_of_a_card_is_known_and_one_of_other_words_is_not(tmp_path: Path) -> None:
    places = places_in(tmp_path)
    for number, paper in enumerate((as_it_is, negative)):
        looking = Fingerprinter(Fraction(2), 640, 360)
        for index in range(12):
            looking.see(index, paper(card("In loving memory")))
        entry = replace(entry_of(number), seconds=6.0)
        Register.in_places(places).note(entry, looking.done())

    copy = carded(tmp_path / "copy.mp4", "In loving memory")
    boxed = carded(tmp_path / "boxed.mp4", "In loving memory", change=between_bars)
    other = carded(tmp_path / "other.mp4", "Remember me with joy")

    assert found(copy, tmp_path) == [(entry_of(0).made_id, "pictures")]
    assert found(boxed, tmp_path) == [(entry_of(1).made_id, "pictures")]
    assert found(other, tmp_path) == []


def test_a_part_is_found(home: Path, tmp_path: Path) -> None:
    assert found(film(tmp_path / "part.mp4", first_s=4), home) == [(MADE_ID, "pictures")]


def test_another_picture_to_our_sound_is_found_by_the_sound(home: Path, tmp_path: Path) -> None:
    other = film(tmp_path / "other.mp4", picture="coffee", sound=tune(1))
    assert found(other, home) == [(MADE_ID, "sound")]
    write_wav(tmp_path / "sound.wav", tune(1))
    assert found(tmp_path / "sound.wav", home) == [(MADE_ID, "sound")]


def test_strangers_are_not_found(home: Path, tmp_path: Path) -> None:
    assert found(film(tmp_path / "a.mp4", picture="coffee", sound=tune(2)), home) == []
    iio.imwrite(tmp_path / "a.png", skimage.data.coffee())
    assert found(tmp_path / "a.png", home) == []


def test_a_screenshot_is_found(home: Path, tmp_path: Path) -> None:
    iio.imwrite(tmp_path / "a.png", np.repeat(frame(31)[:, :, None], 3, axis=2))
    iio.imwrite(tmp_path / "a.jpg", np.repeat(frame(53)[:, :, None], 3, axis=2), quality=70)

    assert found(tmp_path / "a.png", home) == [(MADE_ID, "pictures")]
    assert found(tmp_path / "a.jpg", home) == [(MADE_ID, "pictures")]


@pytest.mark.parametrize("name", ["a.mp4", "a.png", "a.wav", "a"])
@pytest.mark.parametrize("content", [b"", b"\0" * 999, b"RIFF....WAVEfmt ", b"not a film" * 99])
def test_strange_files_are_like_nothing(
    name: str, content: bytes, home: Path, tmp_path: Path
) -> None:
    (tmp_path / name).write_bytes(content)
    assert found(tmp_path / name, home) == []


def test_a_damaged_film_is_looked_at_as_far_as_it_goes(home: Path, tmp_path: Path) -> None:
    whole = (home / "film.mp4").read_bytes()
    (tmp_path / "torn.mp4").write_bytes(whole[: len(whole) * 3 // 4])
    found(tmp_path / "torn.mp4", home)
    broken = bytearray(whole)
    broken[len(whole) // 2 : len(whole) // 2 + 400] = bytes(400)
    (tmp_path / "broken.mp4").write_bytes(broken)
    found(tmp_path / "broken.mp4", home)


def test_a_file_of_ten_gigabytes_is_answered_at_once(home: Path, tmp_path: Path) -> None:
    with (tmp_path / "huge.mp4").open("wb") as file:
        file.truncate(10_000_000_000)  # takes no room
    assert found(tmp_path / "huge.mp4", home) == []


def test_a_file_that_is_not_there_is_told(home: Path, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no file"):
        find_file(tmp_path / "nowhere.mp4", places=places_in(home))
    with pytest.raises(InputError):
        fingerprints_of_file(tmp_path)


def test_of_a_long_film_only_some_frames_are_decoded(tmp_path: Path) -> None:
    path = tmp_path / "long.mp4"
    grey = np.full((32, 32), 128, np.uint8)
    with Encoder(
        path, width_px=64, height_px=64, rate=Fraction(2), packing=Packing(preset="ultrafast")
    ) as encoder:
        for index in range(2 * 400):
            y = np.full((64, 64), 16 + index // 4, np.uint8)
            encoder.write(Frame(index=index, y=y, u=grey, v=grey), is_key=index % 8 == 0)

    looks = list(looks_into(path))

    assert 0.8 * LOOKS <= len(looks) <= LOOKS
    assert looks[-1].moment_s > 380
    for look in looks:
        assert abs(int(look.y[32, 32]) - 16 - float(look.moment_s) / 2) <= 2
    assert len(subprints_of_file(path)) == 0


def test_prints_of_pieces_are_those_of_the_whole(tmp_path: Path) -> None:
    random = np.random.default_rng(5)
    samples = random.normal(0, 0.1, 130 * 5512).astype(np.float32)
    write_wav(tmp_path / "a.wav", Sound(samples=samples, sample_rate_hz=5512))

    prints = subprints_of_file(tmp_path / "a.wav", most_s=None)

    assert abs(len(prints) - 130 * 5512 // 64) < 40
    first = subprints_of_file(tmp_path / "a.wav", most_s=10)
    assert (first[:800] == prints[:800]).mean() > 0.99
