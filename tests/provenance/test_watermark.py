from __future__ import annotations

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from paper_trail import a_recipe, decoded, encoded, hopper
from vivant.errors import InputError
from vivant.provenance.coding import coded_length, decode, decode_list, encode
from vivant.provenance.record import film_id_of
from vivant.provenance.watermark import Mark, MarkReading, read_mark

FILM_ID = "0123456789abc475"


def psnr_db(one: np.ndarray, other: np.ndarray) -> float:
    return float(10 * np.log10(255**2 / np.mean((one.astype(float) - other) ** 2)))


def marked(luma: np.ndarray) -> np.ndarray:
    result = luma.copy()
    Mark(FILM_ID, luma.shape[1], luma.shape[0]).apply(result)
    return result


def clip_of(luma: np.ndarray, frames: int = 8) -> list[np.ndarray]:
    return [luma] * frames


@given(value=st.integers(0, 2**64 - 1))
def test_a_number_survives_the_code(value: int) -> None:
    assert decode(encode(value, bits=64).astype(np.float32), bits=64) == value


@given(value=st.integers(0, 2**64 - 1), seed=st.integers(0, 2**32 - 1))
def test_a_number_survives_a_tenth_of_its_signs_turned(value: int, seed: int) -> None:
    soft = encode(value, bits=64).astype(np.float32)
    turned = np.random.default_rng(seed).permutation(len(soft))[: len(soft) // 20]

    soft[turned] *= -0.5

    assert decode(soft, bits=64) == value


@given(value=st.integers(0, 2**64 - 1), seed=st.integers(0, 2**32 - 1))
def test_the_list_begins_with_the_likeliest(value: int, seed: int) -> None:
    noise = np.random.default_rng(seed).normal(0, 1, 210)
    soft = (encode(value, bits=64) + noise).astype(np.float32)

    listed = decode_list(soft, bits=64, count=16)

    fits = [float((encode(one, bits=64) * soft).sum()) for one in listed]
    assert listed[0] == decode(soft, bits=64)
    assert len(set(listed)) == 16
    assert fits == sorted(fits, reverse=True) or np.allclose(fits, sorted(fits, reverse=True))


def test_a_list_finds_what_the_likeliest_alone_misses() -> None:
    random, value = np.random.default_rng(0), 0x0123456789ABC475
    alone = together = 0
    for _ in range(60):
        soft = (0.75 * encode(value, bits=64) + random.normal(0, 1, 210)).astype(np.float32)
        alone += decode(soft, bits=64) == value
        together += value in decode_list(soft, bits=64)

    assert together >= 1.3 * alone


def test_the_code_has_the_length_it_says() -> None:
    assert len(encode(5, bits=64)) == coded_length(64) == 210


@pytest.mark.parametrize(("width", "height"), [(1280, 720), (256, 256), (512, 512), (720, 1280)])
def test_the_mark_cannot_be_seen_and_can_be_read(width: int, height: int) -> None:
    luma = hopper(width, height)

    changed = marked(luma)

    assert psnr_db(luma, changed) >= 42
    assert int(np.abs(changed.astype(int) - luma).max()) <= 9
    assert read_mark([changed]).film_id == FILM_ID


@pytest.mark.parametrize("level", [16, 17, 120, 234, 235])
def test_the_mark_keeps_the_limited_range(level: int) -> None:
    changed = marked(np.full((128, 128), level, dtype=np.uint8))

    assert changed.min() >= 16
    assert changed.max() <= 235


@pytest.mark.parametrize("crf", [23, 28])
def test_the_mark_survives_encoding(crf: int) -> None:
    film = decoded(encoded(clip_of(marked(hopper(1280, 720))), crf=crf))

    reading = read_mark(film)

    assert reading.film_id == FILM_ID
    assert reading.confidence > 0.5


def test_the_mark_survives_half_size_and_encoding_again() -> None:
    film = decoded(encoded(clip_of(marked(hopper(1280, 720)))))
    half = [cv2.resize(luma, (640, 360), interpolation=cv2.INTER_AREA) for luma in film]

    assert read_mark(decoded(encoded(half))).film_id == FILM_ID


def test_a_size_nobody_expects_is_read() -> None:
    luma = marked(hopper(600, 440))
    resized = cv2.resize(luma, (450, 330), interpolation=cv2.INTER_AREA)

    assert read_mark([resized]).film_id == FILM_ID


def test_the_mark_is_read_from_a_moved_picture() -> None:
    """What was cut off at the edges does not matter, since the tile repeats."""
    luma = marked(hopper(1280, 720))

    reading = read_mark([np.vstack([luma[40:], luma[:40]])[:, 3:]])

    assert reading.film_id == FILM_ID


def test_an_unmarked_picture_reads_as_unmarked() -> None:
    reading = read_mark(decoded(encoded(clip_of(hopper(1280, 720)))))

    assert reading.film_id is None
    assert reading.confidence == 0.0


@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 2**32 - 1), grain=st.sampled_from([1, 4, 8, 32]))
def test_noise_reads_as_unmarked(seed: int, grain: int) -> None:
    rough = np.random.default_rng(seed).integers(16, 236, (256 // grain, 256 // grain))
    luma = np.kron(rough, np.ones((grain, grain))).astype(np.uint8)

    assert read_mark([luma]).film_id is None


def test_two_films_are_told_apart() -> None:
    other = film_id_of(a_recipe(seed=1))
    luma = hopper(512, 512).copy()
    Mark(other, 512, 512).apply(luma)

    assert read_mark([luma]).film_id == other != FILM_ID


@pytest.mark.parametrize(
    "lumas",
    [
        [],
        [np.zeros((8, 8), dtype=np.uint8)],
        [np.zeros((128, 128), dtype=np.uint8)],
        [np.full((2000, 64), 255, dtype=np.uint8)],
        [np.eye(64, 30_000, dtype=np.uint8)],
        [np.full((4320, 7680), 90, dtype=np.uint8)],
        [np.zeros((128, 128), dtype=np.uint8), np.zeros((128, 130), dtype=np.uint8)],
    ],
)
def test_nothing_to_read_says_so(lumas: list[np.ndarray]) -> None:
    reading = read_mark(lumas)

    assert isinstance(reading, MarkReading)
    assert reading.film_id is None
    assert reading.why


def test_a_mark_needs_an_id_that_checks_and_frames_of_its_size() -> None:
    with pytest.raises(InputError, match="no film id"):
        Mark("0" * 16, 256, 256)
    with pytest.raises(InputError, match="64 to"):
        Mark(FILM_ID, 256, 32)
    with pytest.raises(InputError, match="256 x 256"):
        Mark(FILM_ID, 256, 256).apply(np.zeros((128, 128), dtype=np.uint8))


def test_a_very_large_screenshot_is_read() -> None:
    luma = cv2.resize(marked(hopper(1280, 720)), (7680, 4320), interpolation=cv2.INTER_LINEAR)

    assert read_mark([np.asarray(luma, dtype=np.uint8)]).film_id == FILM_ID


@pytest.mark.parametrize(("width", "height"), [(66, 64), (70, 4320), (1282, 722), (1279, 719)])
def test_frames_of_any_shape_are_marked(width: int, height: int) -> None:
    changed = marked(np.full((height, width), 120, dtype=np.uint8))

    assert 0.5 < float(changed.std()) < 1.0
    assert abs(float(changed.mean()) - 120) < 0.2


@given(level=st.integers(16, 235), seed=st.integers(0, 99))
@settings(max_examples=10, deadline=None)
def test_the_mark_is_weak_where_the_picture_is_even(level: int, seed: int) -> None:
    """Grain does not make it stronger."""
    grain = np.random.default_rng(seed).normal(0, 1, (256, 256))
    luma = np.clip(np.rint(level + grain), 16, 235).astype(np.uint8)

    change = marked(luma).astype(float) - luma

    assert float(change.std()) < (1.4 if level < 60 else 1.1)


def test_the_mark_is_stronger_where_the_picture_is_busy() -> None:
    luma = np.full((512, 512), 120, dtype=np.uint8)
    rough = np.random.default_rng(1).integers(60, 180, (64, 32))
    luma[:, 256:] = np.kron(rough, np.ones((8, 8))).astype(np.uint8)

    change = np.abs(marked(luma).astype(float) - luma)

    assert change[:, 280:].mean() > 1.7 * change[:, :230].mean()


def test_the_mark_stands_still() -> None:
    mark = Mark(FILM_ID, 256, 256)
    first, later = (np.full((256, 256), 90, dtype=np.uint8) for _ in range(2))

    mark.apply(first, 0)
    mark.apply(later, 1000)

    assert np.array_equal(first, later)
