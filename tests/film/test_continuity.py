"""Each fault is put into a good sequence on purpose: it is found where it is, and nothing else is."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import cv2
import numpy as np
import pytest
from jaxtyping import Float32

from vivant.film.continuity import (
    MOST_BRIGHTNESS_JUMP,
    MOST_CHANGE_RATIO,
    MOST_STILL_JUMP_PX,
    Continuity,
    continuity_of,
)
from vivant.media.picture import Frame

WIDTH, HEIGHT, FRAMES = 480, 270, 16
GRAIN = 2.0
BAD = 8
Picture = Float32[np.ndarray, "height width"]
Fault = Callable[[Picture, int], Picture]


def _painting(width: int = WIDTH, height: int = HEIGHT) -> Picture:
    """Soft shapes of many sizes, wider than the picture, so that a camera can move over it."""
    rng = np.random.default_rng(5)
    canvas = np.zeros((height + 80, width + 80), np.float32)
    for size in (4, 9, 20, 45):
        noise = rng.standard_normal(canvas.shape).astype(np.float32)
        layer = cv2.GaussianBlur(noise, (0, 0), size)
        canvas += layer / layer.std() * 12
    return np.clip(canvas + 120, 20, 230)


PAINTING = _painting()


def seen_from(x_px: float, y_px: float = 40.0, painting: Picture = PAINTING) -> Picture:
    height, width = painting.shape[0] - 80, painting.shape[1] - 80
    move = np.array([[1, 0, -x_px], [0, 1, -y_px]], np.float32)
    seen = cv2.warpAffine(painting, move, (width, height), flags=cv2.INTER_LINEAR)
    return np.asarray(seen, np.float32)


def sequence(
    *, drift_px: float = 0.4, fault: Fault | None = None, frames: int = FRAMES, grain: float = GRAIN
) -> Iterator[Frame]:
    """A camera that drifts slowly over a painting, with fresh grain in every frame."""
    rng = np.random.default_rng(9)
    for index in range(frames):
        picture = seen_from(20 + drift_px * index)
        if fault is not None:
            picture = fault(picture, index)
        noisy = picture + grain * rng.standard_normal(picture.shape)
        y = np.clip(np.round(noisy), 16, 235).astype(np.uint8)
        grey = np.full((y.shape[0] // 2, y.shape[1] // 2), 128, np.uint8)
        yield Frame(index=index, y=y, u=grey, v=grey.copy())


@pytest.fixture(scope="module")
def good() -> Continuity:
    return continuity_of(sequence())


def test_an_even_shot_has_no_fault(good: Continuity) -> None:
    assert good.frames == FRAMES
    assert good.faults == ()
    assert good.change_ratio < 1.3
    assert good.brightness_jump < 0.01
    assert good.pops == ()


def test_an_evenly_drifting_picture_counts_as_still(good: Continuity) -> None:
    assert good.still_jump is not None
    assert good.still_jump.share > 0.5
    assert good.still_jump.way_px < 0.7


def test_grain_alone_changes_little() -> None:
    found = continuity_of(sequence(drift_px=0.0))

    assert found.mean_change < 1.0
    assert found.faults == ()


def other_picture(picture: Picture, index: int) -> Picture:
    return seen_from(60.0) if index == BAD else picture


def test_a_frame_of_another_place_is_a_pop() -> None:
    found = continuity_of(sequence(fault=other_picture))

    assert found.change_ratio > MOST_CHANGE_RATIO
    assert found.largest_change_at in {BAD, BAD + 1}
    assert {pop.frame for pop in found.pops} <= {BAD, BAD + 1}
    assert found.pops


def cut(picture: Picture, index: int) -> Picture:
    return picture if index < BAD else picture[::-1, ::-1]


def test_a_cut_inside_a_shot_is_a_pop() -> None:
    found = continuity_of(sequence(fault=cut))

    assert found.change_ratio > MOST_CHANGE_RATIO
    assert found.largest_change_at == BAD


def patch(picture: Picture, index: int) -> Picture:
    if index == BAD:
        picture = picture.copy()
        picture[100:130, 200:230] += 40
    return picture


def test_a_small_patch_that_flashes_is_found_where_it_is() -> None:
    found = continuity_of(sequence(fault=patch))

    assert found.change_ratio < MOST_CHANGE_RATIO  # the whole picture hardly changes
    assert {pop.frame for pop in found.pops} <= {BAD, BAD + 1}
    assert abs(found.pops[0].x_px - 215) <= 30
    assert abs(found.pops[0].y_px - 115) <= 30


def quick(picture: Picture, index: int) -> Picture:
    """Something that moves quickly but takes its time, as a hand does."""
    picture = picture.copy()
    left = 150 + int(60 * np.sin(index / 4))
    picture[90:150, left : left + 40] = 40
    return picture


def test_what_moves_quickly_does_not_pop() -> None:
    assert continuity_of(sequence(fault=quick)).pops == ()


@pytest.mark.parametrize("share", [0.08, -0.08])
def test_a_jump_of_brightness_is_found(share: float) -> None:
    def flash(picture: Picture, index: int) -> Picture:
        return (picture - 16) * (1 + share) + 16 if index >= BAD else picture

    found = continuity_of(sequence(fault=flash))

    assert found.brightness_jump == pytest.approx(abs(share), abs=0.012)
    assert found.brightness_jump > MOST_BRIGHTNESS_JUMP
    assert found.brightness_jump_at == BAD


def test_a_slow_change_of_brightness_is_no_jump() -> None:
    def dusk(picture: Picture, index: int) -> Picture:
        return (picture - 16) * 0.97**index + 16

    assert continuity_of(sequence(fault=dusk)).brightness_jump < 0.04


def test_a_declared_fade_is_not_judged() -> None:
    def into_light(picture: Picture, index: int) -> Picture:
        part = np.clip((index - 9) / 5, 0, 1)
        return picture + (235 - picture) * np.float32(part)

    told = continuity_of(sequence(fault=into_light), fades=range(9, FRAMES))
    untold = continuity_of(sequence(fault=into_light))

    assert told.faults == ()
    assert untold.brightness_jump > MOST_BRIGHTNESS_JUMP


@pytest.mark.parametrize("way_px", [3.0, 5.0])
@pytest.mark.parametrize("returns", [False, True])
@pytest.mark.parametrize("drift_px", [0.0, 0.8])
def test_a_part_that_leaps_is_found(way_px: float, returns: bool, drift_px: float) -> None:
    def leap(picture: Picture, index: int) -> Picture:
        if index < BAD or (returns and index > BAD):
            return picture
        moved = seen_from(20 + drift_px * index - way_px)
        out = picture.copy()
        out[64:192, 128:320] = moved[64:192, 128:320]
        return out

    jump = continuity_of(sequence(fault=leap, drift_px=drift_px)).still_jump

    assert jump is not None
    assert jump.way_px > MOST_STILL_JUMP_PX
    assert jump.way_px == pytest.approx(way_px, abs=0.8)
    assert jump.frame in {BAD, BAD + 1}
    assert 128 <= jump.x_px <= 320
    assert 64 <= jump.y_px <= 192


@pytest.mark.parametrize("at", [1, 2, FRAMES - 2, FRAMES - 1])
def test_leaps_at_the_ends_of_a_shot_are_found_too(at: int) -> None:
    def leap(picture: Picture, index: int) -> Picture:
        return picture if index < at else seen_from(23 + 0.4 * index)

    jump = continuity_of(sequence(fault=leap)).still_jump

    assert jump is not None
    assert jump.way_px == pytest.approx(3.0, abs=0.8)
    assert jump.frame == at


def test_a_tenth_of_a_pixel_of_jitter_is_no_leap() -> None:
    def jitter(_picture: Picture, index: int) -> Picture:
        return seen_from(20 + 0.3 * (index % 2))

    jump = continuity_of(sequence(fault=jitter)).still_jump

    assert jump is not None
    assert jump.way_px < MOST_STILL_JUMP_PX


def test_a_picture_without_pattern_has_nothing_that_could_leap() -> None:
    def fog(picture: Picture, _index: int) -> Picture:
        return np.full_like(picture, 180)

    assert continuity_of(sequence(fault=fog)).still_jump is None


def test_the_flicker_of_a_locked_part_is_measured() -> None:
    locked = np.zeros((HEIGHT, WIDTH), bool)
    locked[40:200, 40:200] = True

    def flickers(picture: Picture, index: int) -> Picture:
        return picture + (3 if index % 2 else -3)

    still = continuity_of(sequence(drift_px=0.0), locked=locked)
    flickering = continuity_of(sequence(drift_px=0.0, fault=flickers), locked=locked)

    assert still.flicker is not None
    assert still.flicker == pytest.approx(GRAIN / 4, abs=0.15)
    assert flickering.flicker == pytest.approx(3.0, abs=0.3)


def test_faults_are_told_with_their_frames() -> None:
    faults = continuity_of(sequence(fault=cut)).faults

    assert any(f"frame {BAD}" in one for one in faults)


@pytest.mark.parametrize("frames", [1, 2, 3, 4, 5, 6])
def test_the_shortest_shots_are_measured_too(frames: int) -> None:
    found = continuity_of(sequence(frames=frames))

    assert found.frames == frames
    assert found.faults == ()


def test_a_shot_without_frames_is_refused() -> None:
    with pytest.raises(ValueError, match="No frame"):
        continuity_of(iter(()))


def test_large_frames_are_measured_in_film_pixels() -> None:
    painting = _painting(1280, 720)

    def frames() -> Iterator[Frame]:
        rng = np.random.default_rng(2)
        for index in range(8):
            picture = seen_from(20 + (6 if index >= 4 else 0), painting=painting)
            noisy = picture + GRAIN * rng.standard_normal(picture.shape)
            y = np.clip(np.round(noisy), 16, 235).astype(np.uint8)
            grey = np.full((360, 640), 128, np.uint8)
            yield Frame(index=index, y=y, u=grey, v=grey.copy())

    jump = continuity_of(frames()).still_jump

    assert jump is not None
    assert jump.way_px == pytest.approx(6.0, abs=0.8)
    assert jump.frame == 4
