from __future__ import annotations

from fractions import Fraction
from functools import cache

import numpy as np
import pytest

from foliage import HEIGHT, WIDTH, foliage
from paper_trail import decoded, encoded, hopper
from vivant.provenance.watermark import Mark, frames_to_read, read_mark
from vivant.provenance.watermark_motion import moving_residual_of

FILM_ID = "0123456789abc475"
FRAMES = 50


@cache
def delivered(speed_px: float) -> tuple[np.ndarray, ...]:
    mark, frames = Mark(FILM_ID, WIDTH, HEIGHT), foliage(FRAMES, speed_px)
    for luma in frames:
        mark.apply(luma)
    return tuple(decoded(encoded(frames, crf=20)))


@pytest.mark.parametrize("speed_px", [1.0, 5.2])
def test_the_mark_is_read_from_moving_foliage(speed_px: float) -> None:
    film = decoded(encoded(list(delivered(speed_px)), crf=26))

    assert read_mark(film).film_id == FILM_ID


def test_it_is_read_cut_and_mirrored() -> None:
    cut = [np.ascontiguousarray(luma[20:452, 800:32:-1]) for luma in delivered(5.2)]

    assert read_mark(decoded(encoded(cut, crf=23))).film_id == FILM_ID


def test_it_is_read_beside_another_scene() -> None:
    other = foliage(25, 3.0, seed=8)
    mark = Mark(FILM_ID, WIDTH, HEIGHT)
    for luma in other:
        mark.apply(luma)
    film = decoded(encoded([*delivered(5.2), *other], crf=26))

    assert read_mark(film).film_id == FILM_ID


@pytest.mark.parametrize("speed_px", [0.5, 9.0])
def test_moving_foliage_without_a_mark_reads_as_unmarked(speed_px: float) -> None:
    frames = [luma[:240, :400] for luma in foliage(24, speed_px)]

    assert moving_residual_of(frames) is not None
    assert read_mark(frames).film_id is None


@pytest.mark.parametrize("count", [0, 1, 5, 30])
def test_a_picture_that_stands_still_has_nothing_to_foretell(count: int) -> None:
    assert moving_residual_of([hopper(320, 240)] * count) is None


@pytest.mark.parametrize(("width", "height"), [(64, 64), (65, 400), (800, 66)])
def test_frames_of_any_shape_may_move(width: int, height: int) -> None:
    frames = [luma[:height, 3 : 3 + width] for luma in foliage(8, 2.0)]
    white = moving_residual_of(frames)

    assert white is not None
    assert white.shape[0] <= height
    assert read_mark(frames).film_id is None


def test_every_frame_of_three_seconds_is_read() -> None:
    assert frames_to_read(75, Fraction(25)) == tuple(range(75))
    assert frames_to_read(180, Fraction(60)) == tuple(range(0, 180, 2))


def test_of_a_long_film_three_stretches_are_read() -> None:
    chosen = np.array(frames_to_read(3000, Fraction(25)))

    assert len(chosen) == 90
    assert (np.diff(chosen) == 1).sum() == 87
    assert 0 < chosen[0] < 1000 < chosen[45] < 2000 < chosen[-1] < 3000
