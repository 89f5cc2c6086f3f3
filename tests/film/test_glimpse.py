"""A few looks at a film find the mark behind what moves, and in a film larger than any of ours."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest

from foliage import HEIGHT, WIDTH, foliage
from paper_trail import decoded, encoded
from vivant.film.glimpse import glimpse_film
from vivant.places import Places
from vivant.provenance.watermark import Mark

FILM_ID = "0123456789abc475"
SPEED_PX = 5.2


@pytest.fixture(scope="module")
def delivered() -> list[np.ndarray]:
    mark, frames = Mark(FILM_ID, WIDTH, HEIGHT), foliage(50, SPEED_PX)
    for luma in frames:
        mark.apply(luma)
    return decoded(encoded(frames, crf=20))


def test_the_mark_is_found_in_a_copy_of_moving_foliage(
    delivered: list[np.ndarray], tmp_path: Path
) -> None:
    film = tmp_path / "film.mp4"
    film.write_bytes(encoded(delivered, crf=26))

    found = glimpse_film(film, places=Places(data=tmp_path, cache=tmp_path))

    assert (found.mark.ok, found.mark.film_id, found.also) == (True, FILM_ID, ())


def test_it_is_found_in_the_middle_of_a_longer_film(
    delivered: list[np.ndarray], tmp_path: Path
) -> None:
    height, width = HEIGHT // 2, WIDTH // 2 & ~1
    blank = np.full((height, width), 60, dtype=np.uint8)
    small = [cv2.resize(luma, (width, height), interpolation=cv2.INTER_AREA) for luma in delivered]
    film = tmp_path / "film.mp4"
    film.write_bytes(encoded([*[blank] * 140, *small, *small, *[blank] * 140], crf=20))

    assert glimpse_film(film, places=Places(data=tmp_path, cache=tmp_path)).mark.film_id == FILM_ID


def test_foliage_without_a_mark_has_none(tmp_path: Path) -> None:
    film = tmp_path / "film.mp4"
    film.write_bytes(encoded([luma[:240, :400] for luma in foliage(40, SPEED_PX, seed=9)]))

    found = glimpse_film(film, places=Places(data=tmp_path, cache=tmp_path))

    assert (found.mark.ok, found.mark.film_id, found.mark.is_gone) == (False, None, True)
