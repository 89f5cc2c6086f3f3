"""Words in the picture are read, in their own script, or a message says why not."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from vivant.film.burning import Burner
from vivant.film.captions import Cue
from vivant.film.cards import (
    Words,
    backdrop_from,
    card_frames,
    plain_backdrop,
    plate_of,
)
from vivant.film.cards_fonts import UnwritableError, font_file, undrawable
from vivant.media.picture import Frame
from vivant.scene.words_card import SENTENCES

RATE = Fraction(25)
WIDTH, HEIGHT = 640, 360


def flat(luma: int, index: int = 0) -> Frame:
    return Frame(
        index=index,
        y=np.full((HEIGHT, WIDTH), luma, np.uint8),
        u=np.full((HEIGHT // 2, WIDTH // 2), 128, np.uint8),
        v=np.full((HEIGHT // 2, WIDTH // 2), 128, np.uint8),
    )


@pytest.mark.parametrize("language", [*SENTENCES, "zh-TW", "ko", "hi"])
def test_the_sentence_of_every_language_is_drawn_with_our_own_fonts(language: str) -> None:
    text = {
        "ko": "이 영상은 사진을 바탕으로 AI로 만들었습니다.",
        "hi": "यह फ़िल्म तस्वीरों से AI द्वारा बनाई गई है।",
    }.get(language, SENTENCES.get(language.split("-", maxsplit=1)[0], ""))
    file = font_file(text, role="title", language=language)

    assert file is not None
    assert file.name.startswith("vivant-")
    plate = plate_of(
        [Words(text=text, size=4.6, centre_y=0.5)],
        width_px=WIDTH,
        height_px=HEIGHT,
        language=language,
    )
    assert plate is not None
    frame = flat(60)
    plate.lay(frame, 1.0)
    assert frame.y.max() > 200


def test_letters_that_no_font_has_are_named_by_their_script() -> None:
    text = "𐎠𐎡 farewell"  # Old Persian
    if not undrawable(text):
        pytest.fail("no font here should know Old Persian")

    with pytest.raises(UnwritableError, match=r"2 letters .*Old") as refused:
        plate_of(
            [Words(text=text, size=5, centre_y=0.5, what="The title of shot gates")],
            width_px=WIDTH,
            height_px=HEIGHT,
            language="en",
        )

    assert "The title of shot gates" in str(refused.value)
    assert "Install a font" in str(refused.value)


def test_a_title_too_long_for_the_picture_is_refused() -> None:
    with pytest.raises(UnwritableError, match="Shorten"):
        plate_of(
            [Words(text="word " * 200, size=6, centre_y=0.5)],
            width_px=WIDTH,
            height_px=HEIGHT,
            language="en",
        )


@pytest.mark.parametrize(("width", "height"), [(640, 360), (360, 640), (360, 360)])
def test_words_stay_inside_every_shape_of_picture(width: int, height: int) -> None:
    plate = plate_of(
        [Words(text="Thank you for everything, and for all the years.", size=7, centre_y=0.5)],
        width_px=width,
        height_px=height,
        language="en",
    )

    assert plate is not None
    assert plate.left_px >= 0.05 * width
    assert plate.left_px + plate.keep_y.shape[1] <= 0.95 * width


def test_a_card_comes_out_of_black_and_its_words_go_before_it() -> None:
    plate = plate_of(
        [Words(text="Farewell", size=8, centre_y=0.5)],
        width_px=WIDTH,
        height_px=HEIGHT,
        language="en",
    )
    frames = list(
        card_frames(
            backdrop_from(flat(150)),
            plate,
            frames=80,
            rate=RATE,
            comes="black",
            goes="at once",
            words_until=70,
        )
    )

    assert len(frames) == 80
    assert frames[0].y.mean() < 24
    assert frames[40].y.max() > 200
    assert frames[79].y.max() < 120
    lumas = np.array([frame.y.mean() for frame in frames])
    assert np.abs(np.diff(lumas)).max() < 8


def test_letters_after_a_film_that_ends_in_light_are_dark() -> None:
    assert backdrop_from(flat(225), may_be_light=True).is_light
    assert not backdrop_from(flat(225)).is_light
    assert backdrop_from(flat(225)).y.mean() < 90
    assert not plain_backdrop(WIDTH, HEIGHT).is_light


def test_captions_are_burnt_in_for_exactly_their_time() -> None:
    cue = Cue(first_ms=400, last_ms=1600, lines=("Thank you for everything.", "I had a good life."))
    burner = Burner([cue], width_px=WIDTH, height_px=HEIGHT, rate=RATE, language="en")

    touched = []
    for index in range(60):
        frame = flat(90, index)
        burner.burn(frame)
        touched.append(bool((frame.y != 90).any()))

    assert touched.index(True) == 10
    assert sum(touched) == 30


def test_a_caption_in_an_unknown_script_is_refused_before_the_film_is_made() -> None:
    cue = Cue(first_ms=0, last_ms=900, lines=("𐎠𐎡",))

    with pytest.raises(UnwritableError, match="Caption 1"):
        Burner([cue], width_px=WIDTH, height_px=HEIGHT, rate=RATE, language="en")
