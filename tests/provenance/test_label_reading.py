from __future__ import annotations

import time

import cv2
import numpy as np
import pytest
import skimage.data

from paper_trail import decoded, encoded, hopper
from vivant.provenance.label import find_label, label_plate, measure_label, stamp
from vivant.provenance.label_reading import TEXTS

SIZES = [(1280, 720), (720, 1280), (1920, 1080), (512, 512)]


def labelled(width: int, height: int, text: str = TEXTS[0]) -> np.ndarray:
    y = hopper(width, height).copy()
    u, v = (np.full((height // 2, width // 2), 128, np.uint8) for _ in range(2))
    stamp(label_plate(width, height, text), y, u, v)
    return y


def resized(y: np.ndarray, share: float) -> np.ndarray:
    size = (round(y.shape[1] * share) & ~1, round(y.shape[0] * share) & ~1)
    return np.asarray(cv2.resize(y, size, interpolation=cv2.INTER_AREA), np.uint8)


@pytest.mark.parametrize("size", SIZES, ids=str)
@pytest.mark.parametrize("text", TEXTS)
def test_every_label_is_found_without_knowing_where_it_stands(
    size: tuple[int, int], text: str
) -> None:
    plate = label_plate(*size, text)

    found = find_label(labelled(*size, text))

    assert found.present
    assert found.text == text
    assert abs(found.left_px - plate.left_px) <= 3
    assert abs(found.top_px - plate.top_px) <= 3
    assert abs(found.ink_height_px - plate.ink_height_px) <= 1
    assert found.share_of_short_side >= 0.05


@pytest.mark.parametrize("size", SIZES, ids=str)
@pytest.mark.parametrize("share", [0.4, 0.5, 0.75, 1.5])
def test_it_is_found_on_films_of_another_size_and_rough_coding(
    size: tuple[int, int], share: float
) -> None:
    smaller = decoded(encoded([resized(labelled(*size), share)] * 3, crf=28))[1]

    found = find_label(smaller)

    assert found.present
    assert found.text == TEXTS[0]
    assert found.share_of_short_side >= 0.0485  # a pixel less, where letters are ten pixels high


@pytest.mark.parametrize("size", SIZES[:2], ids=str)
def test_it_is_found_between_black_bars_and_told_in_their_frame(size: tuple[int, int]) -> None:
    width, height = size
    framed = np.full((width * 4 // 3, width) if height > width else (960, 1280), 16, np.uint8)
    if height > width:
        framed = np.full((height, height * 4 // 3), 16, np.uint8)
    top, left = (framed.shape[0] - height) // 2, (framed.shape[1] - width) // 2
    framed[top : top + height, left : left + width] = labelled(*size)

    found = find_label(framed)

    assert found.present
    assert found.share_of_short_side * min(framed.shape) >= 0.05 * min(size)
    assert left < found.left_px < left + width
    assert top < found.top_px < top + height


def test_it_is_found_where_the_edges_were_cut_off_beside_it() -> None:
    y = labelled(1280, 720)

    found = find_label(np.ascontiguousarray(y[7:-36, 64:-13]))

    assert found.present
    assert found.text == TEXTS[0]


def test_it_is_found_on_a_picture_of_a_screen() -> None:
    page = np.full((1080, 1920), 240, np.uint8)
    page[200:920, 300:1580] = labelled(1280, 720)
    coded = cv2.imdecode(cv2.imencode(".jpg", page, [cv2.IMWRITE_JPEG_QUALITY, 70])[1], 0)

    assert find_label(np.asarray(coded, np.uint8)).text == TEXTS[0]


def test_a_label_of_which_a_part_is_gone_is_not_called_whole() -> None:
    y = labelled(1280, 720)
    plate = label_plate(1280, 720)
    middle = plate.left_px + plate.ink.shape[1] * 2 // 5
    y[plate.top_px : plate.top_px + plate.ink.shape[0], plate.left_px : middle] = 60

    found = find_label(y)

    assert found.text == "AI GENERATED"
    assert not measure_label(label_plate(1280, 720, "AI 生成"), y).present


@pytest.mark.parametrize(
    "name", ["astronaut", "camera", "page", "text", "coffee", "chelsea", "moon", "brick"]
)
def test_pictures_without_a_label_have_none(name: str) -> None:
    picture = np.asarray(getattr(skimage.data, name)())
    grey = picture if picture.ndim == 2 else cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY)

    assert not find_label(np.ascontiguousarray(grey, np.uint8)).present


@pytest.mark.parametrize(
    "words",
    [
        "AI GENIUS AWARDS",
        "BREAKING NEWS",
        "AL GENERATION",
        "REGENERATED",
        "AI CREATED",
        "MADE BY AI",
    ],
)
def test_other_words_in_the_same_place_are_no_label(words: str) -> None:
    y = hopper(1280, 720).copy()
    cv2.putText(y, words, (700, 60), cv2.FONT_HERSHEY_DUPLEX, 1.6, 235, 3, cv2.LINE_AA)

    assert not find_label(y).present


def test_noise_even_tones_and_tiny_frames_hold_no_label() -> None:
    noise = np.random.default_rng(1).integers(0, 256, (360, 640), dtype=np.uint8)

    for y in (noise, np.full((360, 640), 120, np.uint8), np.zeros((20, 2000), np.uint8)):
        assert not find_label(y).present


def test_a_frame_is_searched_in_well_under_a_third_of_a_second() -> None:
    labelled_frame, bare = labelled(1920, 1080), hopper(1920, 1080)
    find_label(bare)
    began = time.thread_time()

    for _ in range(3):
        find_label(labelled_frame)
        find_label(bare)

    assert (time.thread_time() - began) / 6 < 0.3


def test_measuring_a_frame_of_another_size_searches_it() -> None:
    plate = label_plate(1280, 720)

    assert measure_label(plate, resized(labelled(1280, 720), 0.5)).present
    assert not measure_label(plate, hopper(640, 360)).present
