"""Animals in a cast: their rigs are made and kept; a photo without points is refused with the shot's name and the cure."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image

from painted_pets import painted, points_of
from rigs import faces
from vivant.errors import InputError
from vivant.intake.pet_points import write_points
from vivant.places import Places
from vivant.scene.storyboard import CastMember, PhotoSource, ShotPlan, Storyboard
from vivant.studio.casting import Cast, call_the_cast
from vivant.studio.casting_pets import NoPetFaceError, PetRigStage


def board(photo: Path, points: Path | None) -> Storyboard:
    pet = CastMember(
        photos=(PhotoSource(asked=photo.name, path=photo),), pet=True, points=points, at_line=5
    )
    plan = ShotPlan(
        name="basket", set="room", look="window", hour="golden", action="pet", who=("minka",)
    )
    return Storyboard(title="Ours", cast={"minka": pet}, shots=(plan,), name="ours.yaml")


def cast_of(story: Storyboard, tmp_path: Path) -> Cast:
    places = Places(data=tmp_path / "data", cache=tmp_path / "cache")
    return call_the_cast(story, {}, engine=faces(), bake="here", places=places)


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    path = tmp_path / "cat.png"
    Image.fromarray(painted("cat").pixels).save(path)
    return path


def test_an_animal_is_cast_without_a_consent_of_its_own(photo: Path, tmp_path: Path) -> None:
    write_points(points_of(painted("cat")), tmp_path / "cat.yaml")

    cast = cast_of(board(photo, tmp_path / "cat.yaml"), tmp_path)

    assert cast.subjects["minka"].animal == "cat"
    assert 0.8 < cast.subjects["minka"].up < 1.6
    assert set(cast.ids) == {"pet:minka"}
    assert not cast.figures
    assert len(cast.sources) == 1


def test_other_points_make_another_rig(photo: Path, tmp_path: Path) -> None:
    keys = []
    for name, names in (("all", ()), ("three", ("left-eye", "right-eye", "nose"))):
        points = tmp_path / f"{name}.yaml"
        write_points(points_of(painted("cat"), *names), points)
        keys.append(PetRigStage().key((photo, points)))

    assert keys[0] != keys[1]


@pytest.mark.parametrize("blank", [False, True])
def test_a_photo_without_points_is_refused_with_shot_and_cure(
    photo: Path, tmp_path: Path, blank: bool
) -> None:
    if blank:
        Image.new("RGB", (400, 400), (120, 140, 150)).save(photo)
    with pytest.raises(NoPetFaceError) as caught:
        cast_of(board(photo, None), tmp_path)

    said = str(caught.value)
    assert "basket" in said
    assert "vivant pet points" in said
    assert ("no animal's face was found" in said) == blank


def test_points_of_another_photo_are_told_with_the_shot(photo: Path, tmp_path: Path) -> None:
    write_points(points_of(painted("cat")), tmp_path / "cat.yaml")
    Image.fromarray(painted("cat").pixels[:300]).save(photo)

    with pytest.raises(InputError, match=r"basket.*tapped on a photo of 384 x 480"):
        cast_of(board(photo, tmp_path / "cat.yaml"), tmp_path)
