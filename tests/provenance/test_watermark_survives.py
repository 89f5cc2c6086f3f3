from __future__ import annotations

import binascii
from collections.abc import Callable
from fractions import Fraction
from functools import cache

import cv2
import numpy as np
import pytest
import skimage.data
from hypothesis import given, settings
from hypothesis import strategies as st

from paper_trail import decoded, encoded, hopper
from vivant.provenance.watermark import Mark, frames_to_read, read_mark

FILM_ID = "0123456789abc475"
WIDTH, HEIGHT = 1280, 720


def clouds(frames: int) -> list[np.ndarray]:
    """A camera that moves slowly past soft shapes, with grain."""
    random = np.random.default_rng(3)
    soft = cv2.GaussianBlur(random.normal(0, 1, (HEIGHT, WIDTH + 64)), (0, 0), 30)
    soft = 110 + soft * (25 / soft.std())
    moved = [
        soft[:, i // 2 : i // 2 + WIDTH] + random.normal(0, 1.5, (HEIGHT, WIDTH))
        for i in range(frames)
    ]
    return [np.clip(np.rint(one), 16, 235).astype(np.uint8) for one in moved]


def title(frames: int) -> list[np.ndarray]:
    """Words on black."""
    luma = np.full((HEIGHT, WIDTH), 16, dtype=np.uint8)
    cv2.putText(luma, "In loving memory", (300, 370), 0, 2.4, 220, 5, cv2.LINE_AA)
    return [luma] * frames


FILMS: dict[str, Callable[[int], list[np.ndarray]]] = {
    "portrait": lambda frames: [hopper(WIDTH, HEIGHT)] * frames,
    "clouds": clouds,
    "title": title,
}


@cache
def delivered(name: str) -> tuple[np.ndarray, ...]:
    """Mark a film, and encode it as it leaves the house."""
    mark = Mark(FILM_ID, WIDTH, HEIGHT)
    frames = [luma.copy() for luma in FILMS[name](8)]
    for index, luma in enumerate(frames):
        mark.apply(luma, index)
    return tuple(decoded(encoded(frames, crf=20)))


def resized(luma: np.ndarray, width: int, height: int) -> np.ndarray:
    how = cv2.INTER_AREA if width * height < luma.size else cv2.INTER_CUBIC
    return np.asarray(cv2.resize(luma, (width, height), interpolation=how), dtype=np.uint8)


def sent_on(frames: list[np.ndarray], crf: int = 23) -> list[np.ndarray]:
    return decoded(encoded([np.ascontiguousarray(one) for one in frames], crf=crf))


def astronaut(side: int) -> np.ndarray:
    """A photograph that is busy from edge to edge."""
    grey = cv2.cvtColor(skimage.data.astronaut(), cv2.COLOR_RGB2GRAY)
    return np.asarray(np.clip(resized(grey, side, side), 16, 235), dtype=np.uint8)


def letterboxed(luma: np.ndarray) -> np.ndarray:
    whole = np.full((720, 960), 16, dtype=np.uint8)
    whole[90:630] = resized(luma, 960, 540)
    return whole


ATTACKS: dict[str, Callable[[list[np.ndarray]], list[np.ndarray]]] = {
    "crf 23": sent_on,
    "crf 28": lambda film: sent_on(film, 28),
    "half size": lambda film: sent_on([resized(one, 640, 360) for one in film]),
    "crf 28 + half size": lambda film: sent_on([resized(one, 640, 360) for one in film], 28),
    "10 % crop": lambda film: sent_on([one[50:698, 38:1190] for one in film]),
    "25 to 30 fps": lambda film: sent_on([film[i * 5 // 6] for i in range(len(film) * 6 // 5)]),
    "4:3 letterbox": lambda film: sent_on([letterboxed(one) for one in film]),
    "squeezed": lambda film: sent_on([resized(one, 960, 720) for one in film]),
    "widened": lambda film: sent_on([resized(one, 1706, 720) for one in film]),
    "mirrored": lambda film: sent_on([one[:, ::-1] for one in film]),
    "1080p": lambda film: sent_on([resized(one, 1920, 1080) for one in film[:2]]),
}


@pytest.mark.parametrize("film", FILMS)
@pytest.mark.parametrize("attack", ATTACKS)
def test_the_mark_survives(attack: str, film: str) -> None:
    frames = ATTACKS[attack](list(delivered(film)))

    reading = read_mark(frames)

    assert reading.film_id == FILM_ID
    assert reading.confidence > 0.3


@pytest.mark.parametrize("number", range(4))
@pytest.mark.parametrize("side", [256, 360])
def test_a_small_busy_film_is_read_as_it_was_delivered(side: int, number: int) -> None:
    digest = number.to_bytes(6, "big")
    film_id = (digest + binascii.crc_hqx(digest, 0xFFFF).to_bytes(2, "big")).hex()
    mark, frames = Mark(film_id, side, side), [astronaut(side) for _ in range(8)]
    for index, luma in enumerate(frames):
        mark.apply(luma, index)

    assert read_mark(decoded(encoded(frames, crf=20))).film_id == film_id


@pytest.mark.parametrize("film", FILMS)
@pytest.mark.parametrize("quality", [None, 70])
@pytest.mark.parametrize("scale", [0.5, 1.0, 1.37])
def test_one_screenshot_is_enough(scale: float, quality: int | None, film: str) -> None:
    """The player's window stands on a desktop with other things."""
    luma = delivered(film)[3]
    window = resized(luma, round(WIDTH * scale), round(HEIGHT * scale))
    desk = np.full((window.shape[0] + 130, window.shape[1] + 90), 70, dtype=np.uint8)
    desk[:40] = 200
    cv2.putText(desk, "film.mp4 - player", (20, 30), 0, 0.8, 20, 2, cv2.LINE_AA)
    desk[61 : 61 + window.shape[0], 37 : 37 + window.shape[1]] = window
    if quality is not None:
        _, packed = cv2.imencode(".jpg", desk, [cv2.IMWRITE_JPEG_QUALITY, quality])
        desk = np.asarray(cv2.imdecode(packed, cv2.IMREAD_GRAYSCALE), dtype=np.uint8)

    assert read_mark([desk]).film_id == FILM_ID


@pytest.mark.parametrize("scale", [0.5, 0.6])
def test_a_small_film_in_a_small_window_is_read(scale: float) -> None:
    luma = hopper(854, 480).copy()
    Mark(FILM_ID, 854, 480).apply(luma)
    window = resized(
        decoded(encoded([luma] * 4, crf=23))[2], round(854 * scale), round(480 * scale)
    )
    desk = np.full((1080, 1920), 70, dtype=np.uint8)
    desk[:40] = 200
    desk[61 : 61 + window.shape[0], 107 : 107 + window.shape[1]] = window

    assert read_mark([desk]).film_id == FILM_ID


@settings(max_examples=12, deadline=None)
@given(
    film=st.sampled_from(list(FILMS)),
    scale=st.floats(0.4, 1.9),
    top=st.floats(0, 1),
    left=st.floats(0, 1),
    share=st.floats(0.85, 1.0),
)
def test_any_size_and_cut_is_read(
    film: str, scale: float, top: float, left: float, share: float
) -> None:
    luma = delivered(film)[0]
    down, across = int(share * HEIGHT), int(share * WIDTH)
    first, second = int(top * (HEIGHT - down)), int(left * (WIDTH - across))
    cut = luma[first : first + down, second : second + across]

    seen = resized(cut, round(across * scale), round(down * scale))

    assert read_mark([seen]).film_id == FILM_ID


def test_an_upright_film_is_read_squeezed() -> None:
    luma = hopper(720, 1280).copy()
    Mark(FILM_ID, 720, 1280).apply(luma)

    for width in (540, 960):
        assert read_mark([resized(luma, width, 1280)]).film_id == FILM_ID


@given(frames=st.integers(1, 100_000), rate=st.sampled_from([12, 24, 25, 30, 60]))
def test_frames_are_read_that_there_are(frames: int, rate: int) -> None:
    chosen = frames_to_read(frames, Fraction(rate))

    assert 1 <= len(chosen) <= 90
    assert list(chosen) == sorted(set(chosen))
    assert chosen[0] >= 0
    assert chosen[-1] < frames
