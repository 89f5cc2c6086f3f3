"""The points of an animal's face: what people may get wrong, and what is worked out from three taps."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from painted_pets import CHELSEA, chelsea, painted, points_of
from vivant.errors import InputError
from vivant.intake.pet_finding import SURE, find_pet
from vivant.intake.pet_places import complete
from vivant.intake.pet_points import (
    NEEDED,
    POINTS,
    PetPoints,
    PetPointsError,
    parse_points,
    read_points,
    text_of,
    write_points,
)


def _moved(**places: tuple[float, float]) -> PetPoints:
    named = {name.replace("_", "-"): at for name, at in places.items()}
    return replace(CHELSEA, places={**CHELSEA.places, **named})


def test_points_come_back_as_they_were_written(tmp_path: Path) -> None:
    write_points(CHELSEA, tmp_path / "cat.yaml")

    back = read_points(tmp_path / "cat.yaml")

    assert back.animal == "cat"
    assert back.photo_px == (451, 300)
    assert dict(back.places) == dict(CHELSEA.places)


@pytest.mark.parametrize(
    ("points", "said"),
    [
        (_moved(chin=(250.0, 320.0)), "outside the photo of 451 x 300"),
        (_moved(left_eye=(330.0, 116.0)), "exchange them"),
        (_moved(nose=(250.0, 90.0)), "does not lie below the eyes"),
        (_moved(mouth=(257.0, 220.0)), "does not lie below the nose"),
        (_moved(right_eye=(180.0, 118.0)), "pixels apart"),
        (_moved(left_eye_top=(10.0, 10.0)), "too far from the middle of that eye"),
        (_moved(tail=(10.0, 10.0)), "no point called 'tail'"),
        (replace(CHELSEA, animal="fish"), "cat, dog, other"),
        (replace(CHELSEA, places={"left-eye": (10.0, 10.0)}), "missing: right-eye, nose"),
    ],
)
def test_a_fault_is_told_with_its_cure(tmp_path: Path, points: PetPoints, said: str) -> None:
    with pytest.raises(PetPointsError, match="vivant pet points") as caught:
        write_points(points, tmp_path / "cat.yaml")

    assert said in str(caught.value)
    assert not (tmp_path / "cat.yaml").exists()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[1, 2]",
        "vivant: storyboard/1",
        "vivant: pet-points/1",
        "{",
        "\x00",
        "vivant: pet-points/9",
    ],
)
def test_what_is_no_document_of_points_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "cat.yaml").write_text(text)

    with pytest.raises(InputError):
        read_points(tmp_path / "cat.yaml")


@given(
    st.recursive(
        st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=8),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from([*POINTS, "vivant", "photo", "points", "width", "height"]), inner, max_size=4),
        max_leaves=12,
    )
)  # fmt: skip
def test_whatever_a_document_holds_the_answer_is_points_or_an_error(held: object) -> None:
    document = {"vivant": "pet-points/1", "photo": {"width": 100, "height": 100}, "points": held}
    try:
        parse_points(document)
    except PetPointsError:
        return


@pytest.mark.parametrize("name", ["cat", "dog"])
def test_from_three_taps_the_outlines_of_the_eyes_are_found(name: str) -> None:
    pet = painted(name)
    apart = math.dist(pet.places["left-eye"], pet.places["right-eye"])

    found = complete(points_of(pet, *NEEDED), pet.pixels)

    assert set(found.places) == set(POINTS)
    for part in ("top", "bottom", "outer", "inner"):
        for side in ("left", "right"):
            at = f"{side}-eye-{part}"
            assert math.dist(found.places[at], pet.places[at]) < 0.10 * apart, at


def test_from_three_taps_chelseas_eyes_are_found() -> None:
    three = replace(CHELSEA, places={name: CHELSEA.places[name] for name in NEEDED})
    apart = math.dist(CHELSEA.places["left-eye"], CHELSEA.places["right-eye"])

    found = complete(three, chelsea().pixels)

    for at in ("left-eye-top", "left-eye-bottom", "right-eye-top", "right-eye-bottom"):
        assert abs(found.places[at][1] - CHELSEA.places[at][1]) < 0.06 * apart, at


def test_a_painted_cats_eyes_and_nose_are_found_by_form_alone() -> None:
    pet = painted("cat")
    apart = math.dist(pet.places["left-eye"], pet.places["right-eye"])

    found = find_pet(pet.pixels)

    assert found is not None
    assert found.sure >= SURE
    assert found.points.animal == "cat"
    for at in NEEDED:
        assert math.dist(found.points.places[at], pet.places[at]) < 0.08 * apart, at


def test_chelseas_eyes_are_found_by_form_alone() -> None:
    found = find_pet(chelsea().pixels)

    assert found is not None
    assert found.sure >= SURE
    for at in ("left-eye", "right-eye"):
        assert math.dist(found.points.places[at], CHELSEA.places[at]) < 6.0


def test_no_animal_is_found_for_certain_where_there_is_none() -> None:
    noise = np.random.default_rng(0).integers(0, 255, (300, 400, 3)).astype(np.uint8)
    import skimage.data

    for pixels in (
        noise,
        np.full((200, 200, 3), 128, np.uint8),
        skimage.data.coffee(),
        skimage.data.retina()[::3, ::3],
    ):
        found = find_pet(pixels)
        assert found is None or found.sure < SURE


def test_points_follow_the_photo_to_another_size() -> None:
    half = CHELSEA.scaled(0.5)

    assert half.photo_px == (226, 150)
    assert half.places["nose"] == (133.5, 119.5)
    assert "vivant: pet-points/1" in text_of(half)
