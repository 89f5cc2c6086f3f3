"""The stair is where the plan says, whole, and finer near by than far off."""

from __future__ import annotations

import numpy as np
import pytest

from vivant.scene.mesh import MATERIALS, Mesh
from vivant.scene.set import SceneSet
from vivant.scene.sets import stairway_plan as plan
from vivant.scene.sets.gates import HINGE_M
from vivant.scene.sets.shapes import Shape, ball, bar, box, many, moved, sheet, turned
from vivant.scene.sets.stairway import Stairway

SET = Stairway()
SOLIDS = SET.solids("clouds")
CLOSED, OPEN = (SET.moving("clouds", {"gates": angle, "glow": 1.0}) for angle in (0.0, 1.25))


def forms(mesh: Mesh | None) -> list[Mesh]:
    """A mesh and all its coarser forms."""
    found = []
    while mesh is not None:
        found.append(mesh)
        mesh = mesh.coarser
    return found


def volume(shape: Shape) -> float:
    a, b, c = (shape.points_m[shape.triangles[:, k]].astype(np.float64) for k in range(3))
    return float((np.cross(a, b) * c).sum() / 6)


def from_gate(points: np.ndarray) -> np.ndarray:
    """In the gate's own coordinates: aside, up, onward."""
    away = points.astype(np.float64) - plan.GATE
    return np.stack([away @ plan.ASIDE, away[:, 1], away @ plan.ONWARD], -1)


def test_it_is_a_set() -> None:
    assert isinstance(SET, SceneSet)
    assert SET.looks[0] == "clouds"


@pytest.mark.parametrize("mesh", [m for top in (*SOLIDS, *OPEN) for m in forms(top)])
def test_surfaces_are_sound(mesh: Mesh) -> None:
    """Unit normals, colours and triangles within range, nothing inside out."""
    count = len(mesh.points_m)
    assert mesh.triangles.min() >= 0
    assert mesh.triangles.max() < count
    assert np.abs(np.linalg.norm(mesh.normals, axis=1) - 1).max() < 1e-4
    assert mesh.albedo.min() >= 0
    if MATERIALS[mesh.material[0]].emits:
        return
    assert mesh.albedo.max() <= 0.95
    a, b, c = (mesh.points_m[mesh.triangles[:, k]].astype(np.float64) for k in range(3))
    across = np.cross(b - a, c - a)
    solid = np.linalg.norm(across, axis=1) > 1e-9
    out = (across * mesh.normals[mesh.triangles].mean(axis=1)).sum(axis=1)
    assert (out[solid] > 0).mean() > 0.999


def test_steps_are_where_feet_stand() -> None:
    """Straight above the middle of every tread lies nothing, and the tread is at the plan's height."""
    stone = [forms(mesh)[-1] for mesh in SOLIDS]
    points = np.concatenate([mesh.points_m for mesh in stone])
    for step in range(0, plan.STEPS, 5):
        way = (step + 0.5) * plan.TREAD_M
        place = plan.step_at(way)
        angle = np.arctan2(points[:, 2], points[:, 0])
        radius = np.hypot(points[:, 0], points[:, 2])
        here = (np.abs(angle * plan.RADIUS_M - way) < 0.19) & (np.abs(radius - plan.RADIUS_M) < 0.9)
        level = points[here & (np.abs(points[:, 1] - place[1]) < 0.08), 1]
        assert np.abs(level - place[1]).min() < 1e-3


def test_coarser_forms_have_fewer_triangles_and_the_same_place() -> None:
    for mesh in SOLIDS:
        levels = forms(mesh)
        counts = [len(level.triangles) for level in levels]
        errors = [level.error_m for level in levels]
        assert counts == sorted(counts, reverse=True)
        assert len(counts) == 3
        assert counts[2] < 0.6 * counts[0]
        assert errors == sorted(errors)
        assert errors[0] == 0
        for level in levels[1:]:
            assert np.abs(level.points_m.min(0) - mesh.points_m.min(0)).max() < 0.1
            assert np.abs(level.points_m.max(0) - mesh.points_m.max(0)).max() < 0.1


def test_the_floor_is_seen_from_above() -> None:
    """Wherever one stands on the terrace, a triangle that faces up lies under the foot."""
    for mesh in SOLIDS:
        for level in forms(mesh):
            place = from_gate(level.points_m)
            on_floor = np.abs(place[:, 1]) < 0.01
            if on_floor.mean() > 0.95:
                assert level.normals[:, 1].min() > 0.99
                break
        else:
            continue
        break
    else:
        pytest.fail("There is no floor.")


def test_leaves_close_the_gate_and_open_away() -> None:
    """Closed they nearly meet in the middle; open they leave room to walk, and swing onward."""
    closed = from_gate(np.concatenate([leaf.points_m for leaf in CLOSED[:2]]))
    opened = from_gate(np.concatenate([leaf.points_m for leaf in OPEN[:2]]))

    assert np.abs(closed[:, 0]).min() < 0.08
    assert np.abs(closed[:, 0]).max() < HINGE_M + 0.1
    assert np.abs(closed[:, 2]).max() < 0.12
    assert closed[:, 1].min() > 0
    assert np.abs(opened[:, 0]).min() > 1.2
    assert opened[:, 2].max() > 1.7
    assert opened[:, 2].min() > -0.12


def test_leaves_keep_their_shape_while_they_turn() -> None:
    for one, two in zip(CLOSED[:2], OPEN[:2], strict=True):
        assert np.array_equal(one.triangles, two.triangles)
        first = np.linalg.norm(np.diff(one.points_m, axis=0), axis=1)
        second = np.linalg.norm(np.diff(two.points_m, axis=0), axis=1)
        assert np.abs(first - second).max() < 1e-4


def test_light_stands_behind_the_gate_only_while_it_glows() -> None:
    assert len(SET.moving("clouds", {"gates": 0.0, "glow": 0.0})) == 2
    veil = from_gate(OPEN[2].points_m)

    assert veil[:, 2].min() > 0
    assert OPEN[2].albedo[np.abs(veil[:, 0]) > 2.2].max() == 0


def test_the_other_look_has_no_gates() -> None:
    names = {
        MATERIALS[kind].name
        for mesh in (*SET.solids("light"), *SET.moving("light", {"gates": 1.0, "glow": 1.0}))
        for kind in np.unique(mesh.material)
    }

    assert names == {"marble", "light"}


def test_its_light_stands_in_front_and_glows_at_the_gate() -> None:
    light = SET.light("clouds")

    assert np.linalg.norm(light.sun) == pytest.approx(1)
    assert light.glow is not None
    assert np.linalg.norm(np.array(light.glow.place_m) - plan.GATE) < 4


def test_shapes_hold_their_volume() -> None:
    """Which also tells that they are closed and not inside out."""
    assert volume(box((2.0, 3.0, 4.0))) == pytest.approx(24, rel=1e-5)
    assert volume(box((2.0, 3.0, 4.0), bevel_m=0.01, across=4, heights=(0.5,))) == pytest.approx(
        24, rel=5e-3
    )
    assert volume(ball(1.0, sides=48, rows=32)) == pytest.approx(4.19, rel=0.01)
    cylinder = turned(np.array([0, 1, 1, 0.0]), np.array([0, 0, 2, 2.0]), sides=64)
    assert volume(cylinder) == pytest.approx(6.28, rel=0.01)
    straight = bar(np.array([[0, 0, 0], [1, 0, 0], [2.0, 0, 0]]), 0.1, sides=32)
    assert volume(straight) == pytest.approx(0.0628, rel=0.01)
    angle = np.linspace(0, 2 * np.pi, 65)
    ring = bar(np.stack([np.cos(angle), np.sin(angle), angle * 0], -1), 0.1, sides=24, closed=True)
    assert abs(volume(ring)) == pytest.approx(2 * np.pi**2 * 0.01, rel=0.02)


def test_shapes_can_be_moved_and_multiplied() -> None:
    one = box((1.0, 1.0, 1.0))
    places = np.array([[3.0, 1.0, 0.0], [0.0, 0.0, 5.0]])

    three = many(one, places, np.array([0.3, -1.0]))
    turned_once = moved(one, places[0], yaw_rad=0.3)

    assert np.allclose(three.points_m[: len(one.points_m)], turned_once.points_m, atol=1e-6)
    assert volume(three) == pytest.approx(2, rel=1e-5)
    ahead = moved(sheet(np.array([[[0, 0, 1.0], [0, 0, 2]], [[0, 1, 1], [0, 1, 2]]])), yaw_rad=0.3)
    assert ahead.points_m[0] == pytest.approx([np.sin(0.3), 0, np.cos(0.3)], rel=1e-5)
