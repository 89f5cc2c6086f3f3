from __future__ import annotations

from fractions import Fraction

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from paper_trail import decoded, encoded, hopper
from vivant.errors import InputError
from vivant.provenance.label import LABEL_TEXT, label_plate, labelled_frames, measure_label, stamp

SIZES = [(1280, 720), (1920, 1080), (720, 1280), (256, 256), (512, 512), (128, 64)]


def stamped(luma: np.ndarray) -> np.ndarray:
    height, width = luma.shape
    y = luma.copy()
    u, v = (np.full((height // 2, width // 2), 90, dtype=np.uint8) for _ in range(2))
    stamp(label_plate(width, height), y, u, v)
    return y


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_every_letter_is_a_twentieth_of_the_shorter_side_high(width: int, height: int) -> None:
    plate = label_plate(width, height)

    assert "".join(glyph.letter for glyph in plate.glyphs) == LABEL_TEXT.replace(" ", "").replace(
        "·", ""
    )
    for glyph in plate.glyphs:
        ink = plate.ink[glyph.top : glyph.bottom, glyph.left : glyph.right] >= 128
        assert ink.any(axis=1).sum() * 20 >= min(width, height)


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_the_label_stands_top_right_inside_the_frame(width: int, height: int) -> None:
    plate = label_plate(width, height)
    rows, columns = plate.ink.shape

    assert 0 < plate.top_px < height * 0.1
    assert width * 0.9 < plate.left_px + columns < width
    assert plate.left_px >= 0
    assert plate.top_px + rows <= height


@pytest.mark.parametrize("background", [16, 60, 126, 200, 235])
def test_the_label_can_be_read_on_any_ground(background: int) -> None:
    plate = label_plate(1280, 720)

    frame = stamped(np.full((720, 1280), background, dtype=np.uint8))

    reading = measure_label(plate, frame)
    seen = frame[plate.top_px : plate.top_px + plate.ink.shape[0], plate.left_px :]
    ground = np.median(seen[:, : plate.ink.shape[1]][plate.ink == 0])
    assert reading.present
    assert reading.share_of_short_side >= 0.05
    assert 235 - ground >= 100


def test_stamping_stays_in_the_limited_range_and_in_its_place() -> None:
    luma = hopper(512, 512)

    frame = stamped(luma)
    plate = label_plate(512, 512)

    assert frame.min() >= 16
    assert frame.max() <= 235
    np.testing.assert_array_equal(
        frame[plate.top_px + plate.ink.shape[0] :], luma[plate.top_px + plate.ink.shape[0] :]
    )
    np.testing.assert_array_equal(frame[:, : plate.left_px], luma[:, : plate.left_px])


def test_the_letters_lose_all_colour() -> None:
    plate = label_plate(256, 256)
    y, u, v = (np.full(s, 200, dtype=np.uint8) for s in ((256, 256), (128, 128), (128, 128)))

    stamp(plate, y, u, v)

    rows, columns = plate.keep_c.shape
    part = u[plate.top_px // 2 : plate.top_px // 2 + rows, plate.left_px // 2 :][:, :columns]
    assert (part[plate.keep_c == 0] == 128).all()
    assert (u[200:] == 200).all()


@pytest.mark.parametrize(("width", "height"), [(1280, 720), (256, 256), (720, 1280)])
def test_the_label_is_measured_after_encoding(width: int, height: int) -> None:
    frame = decoded(encoded([stamped(hopper(width, height))] * 5, crf=28))[2]

    reading = measure_label(label_plate(width, height), frame)

    assert reading.present
    assert reading.share_of_short_side >= 0.05


def test_the_label_is_found_on_a_film_of_half_the_size() -> None:
    small = cv2.resize(stamped(hopper(1280, 720)), (640, 360), interpolation=cv2.INTER_AREA)

    assert measure_label(label_plate(640, 360), small).present


@pytest.mark.parametrize("level", [0, 16, 128, 255])
def test_a_frame_without_label_is_told(level: int) -> None:
    plate = label_plate(512, 512)

    for frame in (hopper(512, 512), np.full((512, 512), level, dtype=np.uint8)):
        assert not measure_label(plate, frame).present
    assert not measure_label(plate, hopper(256, 256)).present


@given(frames=st.integers(0, 2_000), rate=st.fractions(min_value=1, max_value=120))
def test_the_label_stands_three_seconds_at_each_end(frames: int, rate: Fraction) -> None:
    labelled = labelled_frames(frames, rate)

    assert labelled <= set(range(frames))
    if frames < 8 * rate:
        assert len(labelled) == frames
    else:
        assert {0, frames - 1} <= labelled
        assert len(labelled) == 2 * -(-3 * rate.numerator // rate.denominator)


def test_too_small_a_frame_is_refused() -> None:
    with pytest.raises(InputError, match="64"):
        label_plate(200, 40)


def test_a_frame_of_another_size_is_refused() -> None:
    grey = np.zeros((128, 128), dtype=np.uint8)

    with pytest.raises(InputError, match="256 x 256"):
        stamp(label_plate(256, 256), grey, grey, grey)
