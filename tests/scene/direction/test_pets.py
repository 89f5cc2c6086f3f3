"""An animal alone and with its person: scale, room for ears, no end of a photo in the picture."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from scene_staged import SIZES, staged, subject
from vivant.performance.curves import HEAD
from vivant.scene.shot import Animal, Bust, Shot
from vivant.scene.storyboard import StoryboardError
from vivant.scene.storyboard_reading import parse_storyboard

SETS = ("room", "meadow", "lake", "stairway")


def _animal(shot: Shot) -> Animal:
    return next(one for one in shot.presences if isinstance(one, Animal))


@pytest.mark.parametrize("set_name", SETS)
@pytest.mark.parametrize("size", SIZES)
def test_an_animal_alone_has_room_for_its_ears_and_no_lower_end(size: str, set_name: str) -> None:
    shot = staged("pet", size=size, set_name=set_name)
    pet = _animal(shot)

    assert (pet.eyes_y - 0.95 * pet.face_height).min() > 0.0
    assert (pet.eyes_y + 2.4 * pet.face_height).min() > (0.78 if set_name == "stairway" else 1.0)
    assert 0.2 < pet.face_height.min() <= pet.face_height.max() < 0.62


@pytest.mark.parametrize("where", ["lap", "shoulder"])
@pytest.mark.parametrize("size", SIZES)
def test_a_cat_is_small_beside_a_face_and_touches_its_person(size: str, where: str) -> None:
    shot = staged("with-pet", size=size, set_name="room", options={"where": where})
    pet = _animal(shot)
    person = next(one for one in shot.presences if isinstance(one, Bust))

    share = pet.face_height / person.face_height
    assert 0.55 < share.min() <= share.max() < 0.72
    assert shot.presences[-1] is pet, "the animal is before the person"
    assert (pet.eyes_y > person.eyes_y + 0.15).all()
    assert pet.eyes_y.max() < 0.95
    assert np.abs(pet.eyes_x - person.eyes_x).max() < 1.5 * person.face_height.max()
    assert pet.contact is not None
    assert pet.contact.min() > 0.3
    assert np.abs(pet.eyes_x).max() < shot.width_px / shot.height_px / 2


def test_a_large_dog_is_larger_by_the_option() -> None:
    usual, large = (
        _animal(staged("with-pet", set_name="room", options={"size": size})).face_height.mean()
        for size in ("1", "1.5")
    )

    assert large == pytest.approx(1.5 * usual, rel=0.02)


def test_the_person_looks_down_and_up_again() -> None:
    shot = staged("with-pet", set_name="room", seconds=8.0)
    person = next(one for one in shot.presences if isinstance(one, Bust))
    pitch = person.performance.head[:, HEAD.index("pitch_deg")]

    middle = slice(int(0.5 * shot.frames), int(0.75 * shot.frames))
    assert pitch[middle].mean() > pitch[:20].mean() + 3
    assert pitch[-5:].mean() < pitch[middle].mean() - 1


@pytest.mark.parametrize("mood", ["calm", "curious", "sleepy"])
def test_moods_differ_and_every_one_breathes(mood: str) -> None:
    pet = _animal(staged("pet", set_name="room", options={"mood": mood})).performance

    assert np.ptp(pet.curve("breath")) > 0.9
    if mood == "curious":
        assert np.abs(pet.curve("roll_deg")).max() > 8
    if mood == "sleepy":
        assert np.median(pet.curve("blink_left")) > 0.4
    if mood == "calm":
        assert pet.curve("blink_left").max() == 1


def test_a_photo_that_cuts_the_ears_is_framed_so_that_no_cut_is_seen() -> None:
    cut = replace(subject(), up=0.5, limits=replace(subject().limits, above=0.48, below=0.9))
    shot = staged("pet", set_name="room", photo=cut)
    pet = _animal(shot)

    assert (pet.eyes_y - 0.48 * pet.face_height).max() <= 0.02


BOARD = """vivant: storyboard/1
title: Ours
cast:
  anna: {photos: ["demo:anna"], voice: hibari}
  minka: {photos: ["demo:cat"], pet: yes}
shots:
  - {name: one, set: room, action: pet, who: [minka], length: 5}
"""


@pytest.mark.parametrize(
    ("was", "now", "said"),
    [
        ("action: pet, who: [minka]", "action: speak, who: [minka]", "is for people"),
        ("action: pet, who: [minka]", "action: pet, who: [anna]", "needs an animal"),
        ("action: pet, who: [minka]", "action: with-pet, who: [anna]", "shows 1"),
        (", pet: yes", "", "needs an animal"),
        ("pet, who: [minka]", 'with-pet, who: [anna, minka], speaker: minka, line: "Miaow"', "lets minka"),
    ],
)  # fmt: skip
def test_a_storyboard_says_where_animals_and_people_are_exchanged(
    was: str, now: str, said: str
) -> None:
    with pytest.raises(StoryboardError) as caught:
        parse_storyboard(BOARD.replace(was, now).encode(), name="ours.yaml", folder=Path())

    assert said in str(caught.value)
    assert "shot one" in str(caught.value)


def test_a_storyboard_with_a_pet_is_in_order() -> None:
    board = parse_storyboard(BOARD.encode(), name="ours.yaml", folder=Path())

    assert board.cast["minka"].pet
