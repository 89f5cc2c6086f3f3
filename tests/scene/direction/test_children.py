"""Children and those who hold them: who is where, how small, how near, and what is never shown."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from scene_staged import SIZES, staged
from vivant.media.face import SHAPE
from vivant.performance.curves import HEAD
from vivant.scene.direction.kneeling import GROUNDS
from vivant.scene.direction.leaning import looking_down
from vivant.scene.figure.build import Build, child_build
from vivant.scene.figure.dress import Dress, of_a_child
from vivant.scene.figure.figure import build_figure
from vivant.scene.figure.motion import JOINT
from vivant.scene.figure.staging import LARGEST_HEAD, faceless_angle_ok, head_share
from vivant.scene.near.bundle import Bundle
from vivant.scene.near.sleeve import Sleeve
from vivant.scene.sets import lake_plan, room_plan
from vivant.scene.shot import Bust, Shot, Walker
from vivant.scene.storyboard_reading import parse_storyboard
from vivant.scene.storyboard_terms import ACTIONS
from vivant.scene.templates.shelf import template_named
from vivant.scene.words_story import insist_on_dignity

FAMILY = {
    "anna": Build(height_m=1.66),
    "ben": child_build(height_m=1.22),
    "cara": child_build(height_m=0.92),
}
PITCH = HEAD.index("pitch_deg")


def kneeling(set_name: str, *, people: int = 2, size: str = "16:9") -> Shot:
    """Kneel to one or two children."""
    return staged("kneel-to", set_name=set_name, people=people, size=size, builds=FAMILY)


def busts(shot: Shot) -> dict[str, Bust]:
    """Give the living photos."""
    return {one.person: one for one in shot.presences if isinstance(one, Bust)}


@pytest.fixture(params=[(name, count) for name in GROUNDS for count in (2, 3)], ids=str)
def knelt(request: pytest.FixtureRequest) -> Shot:
    """The shot from afar, in every set, with one child and with two."""
    name, count = request.param
    return kneeling(name, people=count)


def test_nobody_kneels_to_children_on_the_stairway() -> None:
    """Children do not go there."""
    assert "stairway" not in ACTIONS["kneel-to"].sets
    assert set(ACTIONS["kneel-to"].sets) == set(GROUNDS)


def test_heads_stay_small_and_without_a_face_look_away(knelt: Shot) -> None:
    """Children are seen from behind; the grown person's face is the photo's."""
    walkers = [one for one in knelt.presences if isinstance(one, Walker)]
    size = {"width_px": knelt.width_px, "height_px": knelt.height_px}
    for walker in walkers:
        build = FAMILY[walker.person]
        figure = build_figure(build, of_a_child(Dress()) if build.child else Dress())
        for frame in range(0, knelt.frames, 25):
            view = knelt.camera.view(frame, **size)
            assert head_share(figure, walker.motion, frame, view) <= LARGEST_HEAD
            assert walker.shows_face or faceless_angle_ok(walker.motion, frame, view)
    assert [one.shows_face for one in walkers] == [True] + [False] * (len(walkers) - 1)


def test_all_heads_stay_in_the_picture_at_every_size() -> None:
    """From the first frame to the last."""
    for size in SIZES:
        for name in GROUNDS:
            shot = kneeling(name, people=3, size=size)
            for frame in (0, 60, 110, shot.frames - 1):
                view = shot.camera.view(frame, width_px=shot.width_px, height_px=shot.height_px)
                for walker in (one for one in shot.presences if isinstance(one, Walker)):
                    x, y, _ = view.project(walker.motion.joints_m[frame, [JOINT["head"]]])[0]
                    assert 0.02 < x / shot.width_px < 0.98, (size, name, frame, walker.person)
                    assert 0.02 < y / shot.height_px < 0.98


def test_the_sun_stands_behind_who_kneels(knelt: Shot) -> None:
    """Figures are never lit from the front; indoors the window is behind."""
    view = knelt.camera.view(0, width_px=knelt.width_px, height_px=knelt.height_px)
    sun = np.asarray(knelt.light.sun)
    assert view.forward @ sun > (0.0 if knelt.set_name == "room" else 0.25)


def test_the_camera_moves_slowly(knelt: Shot) -> None:
    """Always, and without a jerk."""
    steps = np.linalg.norm(np.diff(knelt.camera.position_m, axis=0), axis=1)
    assert 0 < steps.min() < steps.max() < 0.03
    assert np.abs(np.diff(steps)).max() < 0.002


def test_nobody_kneels_into_a_wall_or_beside_the_jetty() -> None:
    """Everybody stands on ground that is there."""
    for name, (left, right, back, front) in {
        "room": (room_plan.LEFT_M, room_plan.RIGHT_M, room_plan.BACK_M, room_plan.FRONT_M),
        "lake": (
            lake_plan.JETTY_LEFT_M,
            lake_plan.JETTY_RIGHT_M,
            lake_plan.JETTY_FAR_M,
            lake_plan.JETTY_NEAR_M,
        ),
    }.items():
        shot = kneeling(name, people=3)
        for walker in (one for one in shot.presences if isinstance(one, Walker)):
            feet = walker.motion.joints_m[:, [JOINT["left_toe"], JOINT["right_toe"]]]
            assert left + 0.05 < feet[..., 0].min()
            assert feet[..., 0].max() < right - 0.05
            assert back < feet[..., 2].min()
            assert feet[..., 2].max() < front
        if name == "room":
            assert shot.camera.position_m[:, 2].max() < front - 0.1


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("people", [2, 3])
def test_children_are_held_in_front_and_lower_and_their_faces_are_smaller(
    people: int, size: str
) -> None:
    """By their height; eyes close in the end."""
    shot = staged("hold-close", set_name="meadow", people=people, size=size, builds=FAMILY)
    seen = busts(shot)
    grown = seen.pop("anna")

    assert next(iter(busts(shot))) == "anna", "drawn first: behind"
    for child in seen.values():
        assert child.face_height[-1] < 0.95 * grown.face_height[-1]
        assert child.eyes_y[-1] > grown.eyes_y[-1] + 0.3 * grown.face_height[-1]
        assert abs(child.eyes_x[-1] - grown.eyes_x[-1]) < 1.6 * grown.face_height[-1]
        assert child.contact is not None
    for one in (grown, *seen.values()):
        assert one.performance.shapes[-1, SHAPE["eyeBlinkLeft"]] > 0.9
        assert one.performance.shapes[0, SHAPE["eyeBlinkLeft"]] < 0.7
        assert np.abs(np.diff(one.roll_deg)).max() < 0.4


def test_children_stand_on_the_sides_that_the_storyboard_says() -> None:
    """From left to right; the tallest is the one who holds."""
    one = busts(staged("hold-close", set_name="meadow", people=2, builds=FAMILY))
    assert one["ben"].eyes_x[-1] > one["anna"].eyes_x[-1]
    swapped = {"anna": FAMILY["ben"], "ben": FAMILY["anna"]}
    other = busts(staged("hold-close", set_name="meadow", people=2, builds=swapped))
    assert other["anna"].eyes_x[-1] < other["ben"].eyes_x[-1]


def test_a_hand_lies_on_each_child_after_it_was_drawn() -> None:
    """So that it is on the shoulder, and not behind it."""
    shot = staged("hold-close", set_name="room", people=3, builds=FAMILY)
    names = [type(one).__name__ for one in shot.presences]
    assert names == ["Bust", "Bust", "Sleeve", "Bust", "Sleeve"]


@pytest.mark.parametrize("size", SIZES)
def test_a_newborn_is_held_with_both_arms_and_has_no_face(size: str) -> None:
    """A bundle between the upper arm and the fore arm; who holds it looks down, and then at us."""
    shot = staged("cradle", set_name="room", size=size)
    (holder,) = busts(shot).values()
    order = [type(one) for one in shot.presences]
    middle, last = round(0.45 * shot.frames), shot.frames - 1

    assert order == [Bust, Sleeve, Sleeve, Bundle, Sleeve]
    assert holder.performance.head[middle, PITCH] > holder.performance.head[last, PITCH] + 5
    assert holder.performance.shapes[middle, SHAPE["eyeLookDownLeft"]] > 0.5
    assert holder.performance.shapes[last, SHAPE["eyeLookDownLeft"]] < 0.3
    smiles = holder.performance.shapes[:, SHAPE["mouthSmileLeft"]]
    assert smiles[middle:].mean() > smiles[: middle // 3].mean() + 0.1


@pytest.mark.parametrize("relatives", [1, 2, 3])
@pytest.mark.parametrize("size", SIZES)
def test_who_comforts_stands_behind_and_above_and_is_of_light(relatives: int, size: str) -> None:
    """A little translucent from first to last, never fading in; a hand on a shoulder."""
    shot = staged("comfort", set_name="lake", people=relatives + 1, size=size)
    seen = busts(shot)
    person = seen.pop("anna")

    assert person.presence is not None
    assert 0.9 <= person.presence.min() <= person.presence.max() < 1
    assert np.ptp(person.presence) == 0
    assert all(person.eyes_y.max() < one.eyes_y.min() for one in seen.values())
    assert all(person.depth_m > one.depth_m for one in seen.values())
    assert any(isinstance(one, Sleeve) for one in shot.presences)


def test_relatives_look_down_lean_and_look_up_in_the_end() -> None:
    """Slowly."""
    shot = staged("comfort", set_name="meadow", people=3)
    seen = busts(shot)
    for name in ("ben", "cara"):
        shapes = seen[name].performance.shapes[:, SHAPE["eyeLookDownLeft"]]
        assert shapes[: shot.frames // 2].min() > 0.5
        assert shapes[-1] < 0.4
        assert np.abs(np.diff(shapes)).max() < 0.12
        assert np.abs(seen[name].roll_deg[-1]) > 1.5
    assert seen["ben"].roll_deg[-1] * seen["cara"].roll_deg[-1] < 0, "to the middle"


def test_looking_down_leaves_the_rest_of_the_face() -> None:
    """Lids follow the eyes, and do not close."""
    shot = staged("cradle", set_name="room")
    (holder,) = busts(shot).values()
    calm = replace(holder.performance, shapes=np.zeros_like(holder.performance.shapes))
    down = looking_down(calm, np.ones(shot.frames))

    assert down.shapes[:, SHAPE["eyeLookDownRight"]].min() > 0.5
    assert 0.1 < down.shapes[:, SHAPE["eyeBlinkRight"]].max() < 0.5
    assert down.shapes[:, SHAPE["jawOpen"]].max() == 0


@pytest.mark.parametrize("name", ["children", "newborn", "comfort"])
def test_the_templates_end_with_those_who_live(name: str) -> None:
    """No film for a child ends with the dead; and the words are fit to be said."""
    story = template_named(name).storyboard()
    insist_on_dignity(story)
    last = story.shots[-1]

    assert not any(story.cast[one].in_memory for one in last.who)
    assert not any(
        "still" in said.say or "always" in said.say for plan in story.shots for said in plan.lines
    )


def test_children_in_the_templates_say_that_they_are_children() -> None:
    """So that guardians are asked."""
    told = {
        name: {
            key for key, member in template_named(name).storyboard().cast.items() if member.child
        }
        for name in ("children", "newborn", "comfort")
    }
    assert told == {"children": {"mia", "ben"}, "newborn": {"emil"}, "comfort": set()}


def test_one_child_is_enough() -> None:
    """As the remark in the template says."""
    text = template_named("children").text.replace("[mother, mia, ben]", "[mother, mia]")
    story = parse_storyboard(text, name="s.yaml", folder=Path())
    assert story.shot("kneels").who == ("mother", "mia")
