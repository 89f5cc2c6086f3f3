from __future__ import annotations

import numpy as np
import pytest

from vivant.media.picture import Frame
from vivant.media.planes import planes_to_rgb, rgb_to_planes
from vivant.provenance.mark_blending import Region, add_change, small_picture, whole, without_tint


def frame_of(pixels: np.ndarray) -> Frame:
    y, u, v = rgb_to_planes(np.ascontiguousarray(pixels))
    return Frame(index=0, y=y, u=u, v=v)


@pytest.mark.parametrize(
    "colour", [(255, 255, 255), (0, 0, 0), (200, 40, 40), (30, 90, 220), (90, 180, 60)]
)
def test_a_small_picture_has_the_frames_colours(colour: tuple[int, int, int]) -> None:
    frame = frame_of(np.full((360, 640, 3), colour, np.uint8))

    seen = small_picture(frame, whole(640, 360))

    assert seen.shape == (3, 256, 256)
    assert np.allclose(seen.mean(axis=(1, 2)) * 255, colour, atol=3)


@pytest.mark.parametrize("channel", [0, 1, 2])
def test_a_change_of_a_colour_comes_back_in_that_colour(channel: int) -> None:
    pixels = np.full((360, 640, 3), 120, np.uint8)
    frame = frame_of(pixels)
    change = np.zeros((3, 256, 256), np.float32)
    change[channel] = 0.2

    add_change(frame, change, whole(640, 360))

    moved = planes_to_rgb(frame.y, frame.u, frame.v).astype(int) - 120
    wanted = np.zeros(3)
    wanted[channel] = 51
    assert np.allclose(moved.mean(axis=(0, 1)), wanted, atol=3)


def test_no_change_and_no_strength_leave_every_pixel() -> None:
    pixels = np.random.default_rng(0).integers(0, 256, (240, 320, 3), dtype=np.uint8)
    change = np.random.default_rng(1).normal(0, 0.1, (3, 256, 256)).astype(np.float32)
    for given, strength in ((np.zeros_like(change), 1.0), (change, 0.0)):
        frame, plain = frame_of(pixels), frame_of(pixels)

        add_change(frame, given, whole(320, 240), strength=strength)

        np.testing.assert_array_equal(frame.y, plain.y)
        np.testing.assert_array_equal(frame.u, plain.u)


def test_whatever_is_added_stays_in_the_limited_range() -> None:
    frame = frame_of(np.full((240, 320, 3), 250, np.uint8))

    add_change(frame, np.full((3, 256, 256), 5, np.float32), whole(320, 240))

    assert frame.y.max() == 235
    assert frame.v.max() <= 240


def test_of_long_pictures_only_the_square_in_the_middle_is_marked() -> None:
    assert whole(1280, 720, widest=2.0) == Region(left=0, top=0, right=1280, bottom=720)
    assert whole(1920, 800, widest=2.0) == Region(left=560, top=0, right=1360, bottom=800)
    frame = frame_of(np.full((800, 1920, 3), 100, np.uint8))
    before = frame.y.copy()

    add_change(frame, np.full((3, 256, 256), 0.1, np.float32), whole(1920, 800, widest=2.0))

    np.testing.assert_array_equal(frame.y[:, :560], before[:, :560])
    np.testing.assert_array_equal(frame.y[:, 1360:], before[:, 1360:])
    assert (frame.y[:, 560:1360] != before[:, 560:1360]).all()


def test_a_change_without_tint_leaves_the_mean_colour() -> None:
    change = np.random.default_rng(1).normal(0.3, 0.1, (3, 256, 256)).astype(np.float32)

    assert np.allclose(without_tint(change).mean(axis=(1, 2)), 0, atol=1e-5)
