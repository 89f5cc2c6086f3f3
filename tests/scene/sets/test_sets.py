"""Every set can be built, drawn and lit, within what a frame may cost."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from vivant.errors import InputError
from vivant.scene.light import Light
from vivant.scene.mesh import Mesh
from vivant.scene.particles import SunInAir
from vivant.scene.set import SceneSet
from vivant.scene.sets.hours import HOURS, LitSet, light_at, light_in
from vivant.scene.sets.registry import MIRRORED, SETS, SUFFIX, check_look, set_named
from vivant.scene.water import MistySet, WaterySet

OURS = ("room", "meadow", "lake")
MOST_TRIANGLES = 120_000


def everything(scene_set: SceneSet, look: str) -> tuple[Mesh, ...]:
    assert isinstance(scene_set, LitSet)
    light = scene_set.light_at(look, "golden")
    return (*scene_set.lit(look, light), *scene_set.moving(look, {"seconds": 1.0}))


@pytest.fixture(scope="module", params=OURS)
def built(request: pytest.FixtureRequest) -> tuple[SceneSet, tuple[Mesh, ...]]:
    scene_set = set_named(request.param)
    return scene_set, everything(scene_set, scene_set.looks[0])


def test_a_set_is_found_by_its_name() -> None:
    for name in OURS:
        assert set_named(name).name == name


def test_all_names_of_sets_are_known() -> None:
    assert set(SETS) == {"stairway", *OURS}


def test_an_unknown_set_is_told_with_those_there_are() -> None:
    with pytest.raises(InputError, match="room"):
        set_named("beach")


def test_an_unknown_look_is_told_with_those_there_are() -> None:
    room = set_named("room")
    assert check_look(room, "") == room.looks[0]
    with pytest.raises(InputError, match="window"):
        check_look(room, "cellar")


def test_every_number_of_a_set_is_one(built: tuple[SceneSet, tuple[Mesh, ...]]) -> None:
    for mesh in built[1]:
        for numbers in (mesh.points_m, mesh.normals, mesh.albedo, mesh.open_sky, mesh.sunlit):
            assert numbers.dtype == np.float32
            assert np.isfinite(numbers).all()
        for share in (mesh.albedo, mesh.open_sky, mesh.sunlit):
            assert share.min() >= 0.0
            assert share.max() <= 1.0
        np.testing.assert_allclose(np.linalg.norm(mesh.normals, axis=1), 1, atol=2e-3)
        assert mesh.triangles.min() >= 0
        assert mesh.triangles.max() < len(mesh.points_m)


def test_a_set_has_no_more_triangles_than_a_frame_can_bear(
    built: tuple[SceneSet, tuple[Mesh, ...]],
) -> None:
    assert sum(len(mesh.triangles) for mesh in built[1]) <= MOST_TRIANGLES


def test_a_set_is_the_same_each_time(built: tuple[SceneSet, tuple[Mesh, ...]]) -> None:
    scene_set = built[0]
    again = everything(SETS[scene_set.name](), scene_set.looks[0])
    for one, other in zip(built[1], again, strict=True):
        np.testing.assert_array_equal(one.points_m, other.points_m)
        np.testing.assert_array_equal(one.albedo, other.albedo)


def test_what_moves_moves_softly(built: tuple[SceneSet, tuple[Mesh, ...]]) -> None:
    scene_set = built[0]
    look = scene_set.looks[0]
    moments = [scene_set.moving(look, {"seconds": 2 + frame / 25})[0] for frame in range(4)]
    steps = [float(np.abs(b.points_m - a.points_m).max()) for a, b in pairwise(moments)]
    assert 0 < max(steps) < 0.03
    assert max(steps) < 1.6 * min(steps)


def test_nothing_stands_where_the_person_is(built: tuple[SceneSet, tuple[Mesh, ...]]) -> None:
    """A head and shoulders at the origin, and the way from there to a camera a metre and a half before it."""
    for mesh in built[1]:
        x, y, z = mesh.points_m.T
        within = (np.abs(x) < 0.35) & (y > 0.95) & (y < 1.75) & (z > -0.3) & (z < 1.5)
        assert not within.any()


@pytest.mark.parametrize("name", OURS)
@pytest.mark.parametrize("hour", HOURS)
def test_the_sun_of_every_hour_stands_behind_the_person(name: str, hour: str) -> None:
    scene_set = set_named(name)
    for look in scene_set.looks:
        light = light_in(scene_set, look, hour)
        assert light.sun[2] < -0.2
        assert 0 < light.sun[1] < 0.8
        np.testing.assert_allclose(np.linalg.norm(light.sun), 1, atol=1e-9)


def brightness(rgb: tuple[float, float, float]) -> float:
    return 0.2126 * rgb[0] + 0.7152 * rgb[1] + 0.0722 * rgb[2]


def test_the_sun_is_warmer_and_weaker_the_lower_it_stands() -> None:
    def warm(light: Light) -> float:
        return light.sun_rgb[0] / light.sun_rgb[2]

    noon, morning, golden, dusk = (light_at(h) for h in ("noon", "morning", "golden", "dusk"))
    assert noon.sun[1] > morning.sun[1] > golden.sun[1] > dusk.sun[1]
    assert warm(noon) < warm(morning) < warm(golden) < warm(dusk)
    assert brightness(dusk.sun_rgb) < 0.5 * brightness(golden.sun_rgb)


def test_an_unknown_hour_is_told_with_those_there_are() -> None:
    with pytest.raises(InputError, match="golden"):
        light_at("midnight")


def test_no_hour_means_the_usual_light_of_the_set() -> None:
    room = set_named("room")
    assert light_in(room, "window", None) == room.light("window")


@pytest.mark.parametrize("name", MIRRORED)
def test_a_mirrored_set_is_the_same_with_left_and_right_exchanged(name: str) -> None:
    mirrored, given = set_named(name), set_named(name.removesuffix(SUFFIX))
    assert isinstance(mirrored, LitSet)
    assert isinstance(given, LitSet)
    look = given.looks[0]
    light = mirrored.light_at(look, "golden")
    assert light.sun[0] == -given.light_at(look, "golden").sun[0]
    pairs = zip(
        mirrored.lit(look, light), given.lit(look, given.light_at(look, "golden")), strict=True
    )
    for mesh, other in pairs:
        np.testing.assert_array_equal(mesh.points_m * [-1, 1, 1], other.points_m)
        np.testing.assert_array_equal(mesh.sunlit, other.sunlit)
    assert isinstance(mirrored, WaterySet) == isinstance(given, WaterySet)
    assert isinstance(mirrored, MistySet) == isinstance(given, MistySet)
    assert isinstance(mirrored, SunInAir) == isinstance(given, SunInAir)
