"""What the photo gives: colours, kinds, and the face's own pixels."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

import rigs
from vivant.errors import InputError
from vivant.scene.figure.build import Build
from vivant.scene.figure.dress import Dress, colour, with_choices
from vivant.scene.figure.figure import build_figure
from vivant.scene.figure.patch import face_patch
from vivant.scene.figure.sampling import dress_from


def test_a_cap_is_seen_and_hair_without_one_is_not_called_a_hat() -> None:
    """Hopper wears a peaked cap, the old man with the beard none."""
    assert dress_from(rigs.rig("hopper")).hat == "peaked"
    assert dress_from(rigs.rig("elder-man-beard")).hat == "none"


def test_a_bald_crown_with_hair_at_the_sides_is_seen() -> None:
    """The old man with the beard."""
    assert dress_from(rigs.rig("elder-man-beard")).hair == "balding"


def test_the_coat_has_the_colour_of_the_clothes_in_the_photo() -> None:
    """A green pullover, and a black uniform."""
    green = dress_from(rigs.rig("elder-man-beard")).cloth
    black = dress_from(rigs.rig("hopper")).cloth

    assert green[1] > 1.2 * green[0]
    assert green[1] > 1.1 * green[2]
    assert max(black) < 0.06


def test_face_pixels_come_only_from_the_photo() -> None:
    """Whatever is painted over the photo's person is all that the patch shows."""
    rig = rigs.rig("hopper")
    green = np.zeros_like(rig.person)
    green[..., 1] = 200

    patch = face_patch(replace(rig, person=green)).rgba
    seen = patch[patch[..., 3] > 0.05]

    assert len(seen) > 3000
    assert np.all(seen[:, 1] > 1.5 * seen[:, 0])
    assert np.ptp(seen[:, :3], axis=0).max() < 0.02


def test_the_patch_covers_nothing_outside_the_person() -> None:
    """With no matte there is no face."""
    rig = rigs.rig("hopper")
    assert face_patch(replace(rig, alpha=np.zeros_like(rig.alpha))).rgba[..., 3].max() == 0


def test_the_photo_lies_on_the_front_of_the_head_alone() -> None:
    """It fades where the surface turns aside, and clothes and hands have none."""
    figure = build_figure(Build(), Dress(), face=face_patch(rigs.rig("hopper")))
    rest = figure.rest
    assert rest.texture_weight is not None

    shown = np.flatnonzero(rest.texture_weight > 0)

    assert len(shown) > 100
    assert np.all(rest.normals[shown, 2] > 0)
    assert np.mean(np.isin(shown, figure.head_points)) > 0.9
    assert np.all(rest.points_m[shown, 1] > 1.35)


def test_the_eyes_lie_where_the_head_has_its_eyes() -> None:
    """Both eyes of the photo, seen in the patch, are level and on either side of the middle."""
    patch = face_patch(rigs.rig("hopper"))

    assert patch.eyes_px[0] == pytest.approx(patch.rgba.shape[1] / 2, abs=1)
    assert patch.rgba[round(patch.eyes_px[1]), round(patch.eyes_px[0]), 3] > 0.9


def test_a_familys_choice_comes_before_the_photo() -> None:
    """Names and screen colours."""
    dress = with_choices(
        dress_from(rigs.rig("hopper")),
        {
            "garment": "robe",
            "hat": "none",
            "cloth": "#ffffff",
            "hair_colour": "Silver",
            "gloves": False,
        },
    )

    assert (dress.garment, dress.hat, dress.gloves) == ("robe", "none", False)
    assert dress.cloth == pytest.approx((0.9, 0.9, 0.9))
    assert dress.hair_colour == colour("silver")


@pytest.mark.parametrize(
    "choices",
    [
        {"hat": "crown"},
        {"cloth": "sky-ish"},
        {"wings": "yes"},
        {"gloves": "maybe"},
        {"cloth": "#12"},
    ],
)
def test_an_unknown_choice_is_refused_with_what_there_is(choices: dict[str, object]) -> None:
    """The message lists what can be chosen."""
    with pytest.raises(InputError, match=r"one of|It has"):
        with_choices(Dress(), choices)
