from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from paper_trail import NOON, hopper
from vivant.errors import InputError
from vivant.media.picture import Frame
from vivant.provenance.consent import attest
from vivant.provenance.label import find_label
from vivant.provenance.labelling import Labelling, LabelWish, labelling_for

SIZES = [
    (360, 640), (640, 360), (480, 854), (720, 1280), (1280, 720), (1080, 1920), (1920, 1080),
    (256, 256), (512, 512), (1080, 1080), (3840, 2160),
]  # fmt: skip
TERRITORIES: list[list[str] | None] = [None, ["CN"], ["EU"]]
RATES = [
    Fraction(24), Fraction(25), Fraction(30000, 1001), Fraction(30), Fraction(60), Fraction(24000, 1001),
]  # fmt: skip
WHITE, BLACK, SKIN = 235, 16, 178


def frame_of(
    luma: np.ndarray | int, *, width: int = 640, height: int = 360, index: int = 0
) -> Frame:
    y = np.full((height, width), luma, np.uint8) if isinstance(luma, int) else luma.copy()
    u, v = (np.full((y.shape[0] // 2, y.shape[1] // 2), 128, np.uint8) for _ in range(2))
    return Frame(index=index, y=y, u=u, v=v)


def light(luma: float) -> float:
    """Relative luminance, as contrast is reckoned with."""
    share = max(0.0, (luma - 16) / 219)
    return share / 12.92 if share <= 0.04045 else float(((share + 0.055) / 1.055) ** 2.4)


@pytest.mark.parametrize("size", SIZES, ids=str)
@pytest.mark.parametrize("codes", TERRITORIES, ids=str)
def test_every_letter_is_a_twentieth_high_in_every_size_and_territory(
    size: tuple[int, int], codes: list[str] | None
) -> None:
    labelling = labelling_for(codes)
    plate = labelling.plate(*size)

    assert "".join(glyph.letter for glyph in plate.glyphs) == labelling.text.replace(
        " ", ""
    ).replace("·", "")
    for glyph in plate.glyphs:
        ink = plate.ink[glyph.top : glyph.bottom, glyph.left : glyph.right] >= 128
        assert ink.any(axis=1).sum() * 20 >= min(size)
    rows, columns = plate.ink.shape
    assert plate.left_px >= 0
    assert 0 < plate.top_px < plate.top_px + rows < size[1]
    assert size[0] * 0.9 < plate.left_px + columns < size[0]


@pytest.mark.parametrize("ground", [WHITE, BLACK, SKIN, 126])
@pytest.mark.parametrize("codes", TERRITORIES, ids=str)
def test_letters_stand_out_seven_to_one_on_any_ground(ground: int, codes: list[str] | None) -> None:
    labelling = labelling_for(codes)
    frame = frame_of(ground, width=1280, height=720)
    plate = labelling.plate(1280, 720)

    labelling.stamp(frame)

    rows, columns = plate.ink.shape
    seen = frame.y[plate.top_px :, plate.left_px :][:rows, :columns]
    letters, around = seen[plate.ink == 255].mean(), np.median(seen[plate.ink == 0])
    assert (light(letters) + 0.05) / (light(float(around)) + 0.05) >= 7


@pytest.mark.parametrize("rate", RATES, ids=str)
@pytest.mark.parametrize("codes", TERRITORIES, ids=str)
def test_the_label_stands_from_the_first_frame_long_enough_at_any_rate(
    rate: Fraction, codes: list[str] | None
) -> None:
    labelling = labelling_for(codes)
    count = math.ceil(20 * rate)

    labelled = labelling.frames(count, rate)

    first = next(i for i in range(count) if i not in labelled)
    last = next(i for i in reversed(range(count)) if i not in labelled)
    assert Fraction(first) / rate >= 3
    assert Fraction(count - 1 - last) / rate >= 3
    assert all(Fraction(first) / rate >= duty.at_least_s for duty in labelling.duties)


@given(count=st.integers(1, 4000), rate=st.sampled_from(RATES))
def test_live_pictures_are_labelled_in_every_frame(count: int, rate: Fraction) -> None:
    labelling = labelling_for(live=True)

    assert labelling.frames(count, rate) == frozenset(range(count))


@pytest.mark.parametrize("index", [0, 1, 500, 10**6])
def test_no_way_of_stamping_a_live_picture_makes_its_label_less(index: int) -> None:
    labelling = labelling_for(["CN"], live=True)
    frame, small = (frame_of(hopper(640, 360), index=index) for _ in range(2))

    labelling.stamp(frame)
    labelling.stamp(small, small=True)

    np.testing.assert_array_equal(small.y, frame.y)
    assert find_label(frame.y).text == "AI 生成"


def test_a_small_mark_may_stand_between_and_the_label_itself_throughout() -> None:
    small, full = (labelling_for(throughout=kind) for kind in ("small", "full"))
    frame = frame_of(hopper(640, 360), index=200)

    small.stamp(frame, small=True)

    found = find_label(frame.y)
    assert found.present
    assert found.ink_height_px * 40 >= 360 > found.ink_height_px * 30
    assert small.frames(1000, Fraction(25)) == labelling_for().frames(1000, Fraction(25))
    assert full.frames(1000, Fraction(25)) == frozenset(range(1000))


def test_a_still_picture_is_labelled_at_any_size() -> None:
    for width, height in ((1200, 1600), (300, 300)):
        frame = frame_of(hopper(width, height))

        labelling_for().stamp(frame)

        assert find_label(frame.y).share_of_short_side >= 0.05


def test_a_consent_that_names_territories_narrows_the_label() -> None:
    anywhere = attest("self", now=NOON)
    china = anywhere.model_copy(update={"territories": ("CN",)})
    france = anywhere.model_copy(update={"territories": ("FR",)})

    assert LabelWish().labelling([china]).text == "AI 生成"
    assert LabelWish().labelling([china, france]).text == "AI 生成 · AI GENERATED"
    assert LabelWish().labelling([china, anywhere]).text == "AI 生成 · AI GENERATED"
    assert LabelWish(territories=("FR",)).labelling([china]).text == "AI GENERATED"
    assert LabelWish().labelling().text == "AI 生成 · AI GENERATED"


def test_a_label_that_meets_nothing_cannot_be_made() -> None:
    with pytest.raises(InputError, match="at least one duty"):
        Labelling(duties=(), territories=None)


def test_a_duty_that_somebody_made_up_is_none() -> None:
    (duty,) = labelling_for(["EU"]).duties
    made_up = duty.model_copy(update={"words": "AI? WHO KNOWS"})

    for duties, named in (((made_up,), ("FR",)), ((duty,), None), ((duty,), ("CN",))):
        with pytest.raises(InputError, match="written down"):
            Labelling(duties=duties, territories=named)
    assert Labelling(duties=(duty,), territories=("FR",)).text == "AI GENERATED"
