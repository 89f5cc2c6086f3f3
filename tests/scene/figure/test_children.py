"""Children's figures: their proportions, and the embrace of somebody who kneels down to them."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vivant.errors import InputError
from vivant.scene.figure.build import Build, child_build, skeleton
from vivant.scene.figure.dress import KINDS, Dress, of_a_child, with_choices
from vivant.scene.figure.figure import Figure, build_figure
from vivant.scene.figure.gait import stand_at
from vivant.scene.figure.motion import JOINT, FigureMotion
from vivant.scene.figure.proportions import proportions_at
from vivant.scene.figure.reaching import reach, take_arm
from vivant.scene.figure.receiving import HOLD_S, Runner, receive
from vivant.scene.figure.standing import stand

ORIGIN, AHEAD = np.zeros(3), np.array([0.0, 0.0, 1.0])
STARTS = (np.array([-0.9, 0.0, 2.1]), np.array([0.9, 0.0, 2.3]))
HELD = round((HOLD_S + 1) * 25)


@lru_cache
def received(grown_m: float, *heights_m: float) -> tuple[FigureMotion, tuple[FigureMotion, ...]]:
    """Kneel down to children of these heights."""
    runners = [
        Runner(build=child_build(height_m=height), from_m=start)
        for height, start in zip(heights_m, STARTS, strict=False)
    ]
    return receive(
        place_m=ORIGIN,
        toward=AHEAD,
        children=runners,
        frames=HELD + 1,
        rate=25,
        build=Build(height_m=grown_m),
    )


PARTIES = [(1.68, 1.10), (1.80, 0.85), (1.60, 1.30), (1.68, 1.2, 0.95)]


def everybody(party: tuple[float, ...]) -> list[tuple[FigureMotion, Build]]:
    """Give who takes part, and how they are built."""
    grown, children = received(*party)
    builds = [Build(height_m=party[0]), *(child_build(height_m=one) for one in party[1:])]
    return list(zip([grown, *children], builds, strict=True))


@pytest.mark.parametrize(("height", "heads"), [(0.87, 5.0), (1.16, 6.0), (1.50, 7.0)])
def test_a_child_is_as_many_heads_tall_as_children_are(height: float, heads: float) -> None:
    """Five at two years, six at six, seven at twelve."""
    own = proportions_at(height)
    assert 1 / (1 - own.chin) == pytest.approx(heads, abs=0.15)


def test_the_smaller_a_child_is_the_shorter_are_its_legs_and_the_larger_its_head() -> None:
    """Never the other way."""
    bodies = [proportions_at(height) for height in np.linspace(0.7, 1.65, 12)]

    for name, sign in (("knee", 1), ("hip", 1), ("shoulder", 1), ("chin", 1), ("head", -1)):
        assert (sign * np.diff([getattr(one, name) for one in bodies]) >= 0).all()
    assert bodies[-1].head == pytest.approx(1)


def test_who_is_grown_keeps_their_proportions() -> None:
    """A small grandmother is no child."""
    assert Build(height_m=1.45).proportions is None
    assert child_build(height_m=1.45).proportions is not None
    assert Build(height_m=0.9).proportions is not None
    assert skeleton(Build()).thigh_m / 1.68 == pytest.approx(0.237, abs=0.002)


def test_a_child_whose_height_nobody_tells_has_the_usual_one() -> None:
    """And stands upright; a choice comes before it."""
    assert 1.0 < child_build().height_m < 1.25
    assert child_build().stoop == 0
    assert child_build(height_m=0.9, weight=1.2) == Build(
        height_m=0.9, weight=1.2, stoop=0, child=True
    )


@pytest.mark.parametrize("height", [0.5, 0.69, float("nan")])
def test_nobody_is_smaller_than_a_child_that_can_stand(height: float) -> None:
    """With what can be."""
    with pytest.raises(InputError, match=r"0\.7 to 2\.1"):
        child_build(height_m=height)


@given(
    height=st.floats(0.7, 1.6),
    weight=st.floats(0.8, 1.4),
    garment=st.sampled_from(KINDS["garment"]),
    hair=st.sampled_from(KINDS["hair"]),
)
@settings(max_examples=12, deadline=None)
def test_every_child_can_be_dressed(height: float, weight: float, garment: str, hair: str) -> None:
    """From the first steps on, in all there is; as tall as it should be."""
    dress = with_choices(Dress(), {"garment": garment, "hair": hair})
    mesh = build_figure(child_build(height_m=height, weight=weight), dress).rest

    assert np.isfinite(mesh.points_m).all()
    assert np.linalg.norm(mesh.normals, axis=1) == pytest.approx(1, abs=1e-3)
    assert np.ptp(mesh.points_m[:, 1]) == pytest.approx(height * 1.02 + 0.022, rel=0.04)


@lru_cache
def small(height: float = 0.95) -> Figure:
    """Dress a child."""
    return build_figure(child_build(height_m=height), of_a_child(Dress(hair="balding")))


def test_a_childs_surface_lies_on_its_bones() -> None:
    """Standing, its wrists are at the ends of its sleeves, its head round the head's joint."""
    made = small()
    motion = stand(place_m=ORIGIN, toward=AHEAD, frames=3, rate=25, build=made.build)
    mesh = made.mesh(motion, 1)
    head = mesh.points_m[made.head_points].mean(axis=0)

    assert np.linalg.norm(head - motion.joints_m[1, JOINT["head"]]) < 0.12
    for side, name in enumerate(("left_wrist", "right_wrist")):
        hand = mesh.points_m[made.hands[side][0]].mean(axis=0)
        assert np.linalg.norm(hand - motion.joints_m[1, JOINT[name]]) < 0.09
    assert mesh.points_m[:, 1].min() == pytest.approx(0, abs=0.02)
    hem = mesh.points_m[made.hem][:, 1]
    assert hem.max() < motion.joints_m[1, JOINT["chest"], 1]


def test_a_child_wears_no_coat_and_no_gloves_and_has_hair() -> None:
    """Fair hair is easily taken for none."""
    dress = small().dress
    assert (dress.garment, dress.gloves, dress.hair) == ("work", False, "short")
    assert of_a_child(Dress(hair="long")).hair == "long"


@pytest.mark.parametrize("party", PARTIES)
def test_nobody_slides_when_they_meet(party: tuple[float, ...]) -> None:
    """A ball of a foot that stands stays within a centimetre."""
    for motion, _ in everybody(party):
        for index, side in enumerate(("left", "right")):
            toe = motion.joints_m[:, JOINT[f"{side}_toe"]]
            ends = np.flatnonzero(np.diff(motion.stance[:, index].astype(int)))
            for stay in np.split(np.arange(len(motion)), ends + 1):
                if motion.stance[stay[0], index]:
                    assert np.linalg.norm(toe[stay] - toe[stay[0]], axis=1).max() < 0.01


@pytest.mark.parametrize("party", PARTIES)
def test_bones_keep_their_length_and_nothing_pops_when_they_meet(party: tuple[float, ...]) -> None:
    """However small the child is."""
    for motion, build in everybody(party):
        bones = skeleton(build)
        for side in ("left", "right"):
            for one, other in (("hip", "knee"), ("knee", "ankle"), ("shoulder", "elbow")):
                a, b = (motion.joints_m[:, JOINT[f"{side}_{name}"]] for name in (one, other))
                length = bones.between(f"{side}_{one}", f"{side}_{other}")
                assert np.linalg.norm(a - b, axis=1) == pytest.approx(length, abs=3e-3)
        kept = [JOINT[part] for part in ("pelvis", "chest", "head")]
        speeding = np.diff(motion.joints_m[:, kept], 2, axis=0) * motion.rate**2
        assert np.linalg.norm(speeding, axis=-1).max() < 14.0


@pytest.mark.parametrize("party", PARTIES)
def test_the_grown_person_comes_down_to_the_children(party: tuple[float, ...]) -> None:
    """One knee on the floor, the head no higher than a head over the tallest child's."""
    grown, children = received(*party)
    knee = grown.joints_m[HELD, JOINT["right_knee"], 1]
    heads = [one.joints_m[HELD, JOINT["head"], 1] for one in children]

    assert knee < 0.14
    assert grown.joints_m[HELD, JOINT["head"], 1] < 0.80 * party[0] * 0.885
    assert grown.joints_m[HELD, JOINT["head"], 1] - max(heads) < 0.45


@pytest.mark.parametrize("party", PARTIES)
def test_arms_lie_round_the_children_and_nobody_shares_a_place(party: tuple[float, ...]) -> None:
    """Hands of the grown person on backs, chests apart as bodies are thick."""
    grown, children = received(*party)
    chest = grown.joints_m[HELD, JOINT["chest"]]
    for index, child in enumerate(children):
        own = child.joints_m[HELD, JOINT["chest"]]
        back = child.turns[HELD, JOINT["chest"]][:, 2]
        sides = ("left", "right") if len(children) == 1 else (("right", "left")[index],)
        for side in sides:
            hand = grown.joints_m[HELD, JOINT[f"{side}_wrist"]]
            assert np.linalg.norm(hand - own) < 0.30
            assert (hand - own) @ back < 0.0, "behind the child"
        flat = np.linalg.norm((own - chest)[[0, 2]])
        assert 0.16 < flat < 0.52
    if len(children) == 2:
        apart = children[0].joints_m[HELD, 0] - children[1].joints_m[HELD, 0]
        assert np.linalg.norm(apart) > 0.25


def test_children_come_from_where_they_were_and_face_the_grown_person() -> None:
    """Running, not gliding: they take steps."""
    grown, (child,) = received(1.68, 1.10)
    assert child.joints_m[0, 0, [0, 2]] == pytest.approx(STARTS[0][[0, 2]], abs=0.12)
    toward = grown.joints_m[HELD, 0] - child.joints_m[HELD, 0]
    facing = child.facing_rad[HELD]
    assert np.array([np.sin(facing), 0, np.cos(facing)]) @ toward > 0
    assert (np.diff(child.stance[:, 0].astype(int)) == -1).sum() >= 2


@given(x=st.floats(-0.3, 0.3), y=st.floats(-0.2, 0.2), z=st.floats(0.24, 0.38), left=st.booleans())
@settings(max_examples=25, deadline=None)
def test_a_hand_reaches_where_the_arm_is_long_enough(
    x: float, y: float, z: float, left: bool
) -> None:
    """The wrist comes to the place that was asked for."""
    side = "left" if left else "right"
    score = stand_at(ORIGIN, AHEAD, build=Build(stoop=0))
    before = score.motion(frames=60, rate=25)
    shoulder = before.joints_m[-1, JOINT[f"{side}_shoulder"]]
    target = shoulder + np.array([x, y, z])
    arm = reach(before, 59, score.bones, side=side, target_m=target)
    take_arm(score, side, arm, before=None, start_s=0.2, end_s=1.4)
    after = score.motion(frames=60, rate=25)

    assert after.joints_m[-1, JOINT[f"{side}_wrist"]] == pytest.approx(target, abs=0.025)
