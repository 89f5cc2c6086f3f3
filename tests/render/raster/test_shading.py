"""Light on points."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from raster_surfaces import facing, mesh, square
from vivant.render.raster.shading import in_view, shade
from vivant.scene.light import Glow, Light
from vivant.scene.mesh import MATERIALS

FRONT = Light(sun=(0.0, 0.0, -1.0), haze_per_m=0.0)
BACK = Light(sun=(0.0, 0.0, 1.0), haze_per_m=0.0)


def level(colours: np.ndarray) -> float:
    return float(colours[:, :3].mean())


def test_the_sun_lights_what_faces_it_and_shadow_takes_it_away() -> None:
    thing = square()
    shadowed = replace(thing, sunlit=np.zeros(4, np.float32))

    lit = level(shade(thing, facing(), FRONT))

    assert lit > 2 * level(shade(shadowed, facing(), FRONT))
    assert lit > 2 * level(shade(thing, facing(), BACK))


def test_corners_are_darker_and_white_ones_less_so() -> None:
    thing = replace(square(), sunlit=np.zeros(4, np.float32))
    closed_in = replace(thing, open_sky=np.full(4, 0.3, np.float32))
    dark = replace(thing, albedo=np.full((4, 3), 0.1, np.float32))
    dark_in = replace(closed_in, albedo=dark.albedo)

    white = level(shade(closed_in, facing(), FRONT)) / level(shade(thing, facing(), FRONT))
    black = level(shade(dark_in, facing(), FRONT)) / level(shade(dark, facing(), FRONT))

    assert black < white < 1


def test_haze_takes_far_things_to_the_sky() -> None:
    dark = replace(square(), albedo=np.zeros((4, 3), np.float32))
    light = replace(BACK, haze_per_m=0.01)

    levels = [level(shade(dark, facing(away=away), light)) for away in (2.0, 40.0, 400.0)]

    assert levels[0] < levels[1] < levels[2]
    assert levels[2] > 0.6


def test_a_glow_lights_what_is_near_it() -> None:
    thing = square()
    glow = Glow(place_m=(0.0, 0.0, -1.5), rgb=(1.0, 0.5, 0.2), reach_m=2.0)
    light = replace(BACK, glow=glow)

    without, weak, strong = (shade(thing, facing(), light, glow=g) for g in (0.0, 1.0, 2.0))

    assert level(without) < level(weak) < level(strong)
    added = (strong - without)[0]
    assert added[0] > added[1] > added[2]


def test_light_itself_has_the_colour_of_the_glow_and_no_shadow() -> None:
    veil = square(material="light")
    glow = Glow(place_m=(0.0, 0.0, 9.0), rgb=(1.0, 0.5, 0.25), reach_m=2.0)

    colours = shade(veil, facing(), replace(BACK, glow=glow), glow=2.0)

    assert colours[0] == pytest.approx(np.array([1.6, 0.8, 0.4]), rel=1e-5)


def test_a_textured_surface_also_tells_the_light_on_it() -> None:
    plain = square()
    textured = square(texture=np.ones((2, 2, 4), np.float32), uv=np.zeros((4, 2), np.float32))

    colours = shade(textured, facing(), FRONT)

    assert colours.shape == (4, 6)
    assert np.allclose(colours[:, :3], shade(plain, facing(), FRONT))
    assert np.all(colours[:, 3:] * 0.8 <= colours[:, :3] * 1.0001)


def test_light_from_behind_comes_through_leaves_from_both_sides() -> None:
    """A leaf has no inside: it does not matter which way its normal points."""
    leaf = square(material="leaf")
    turned = replace(leaf, normals=-leaf.normals)

    assert np.allclose(shade(leaf, facing(), BACK), shade(turned, facing(), BACK), atol=1e-5)
    assert level(shade(leaf, facing(), BACK)) > level(shade(square(), facing(), BACK))


def test_points_of_triangles_out_of_view_stay_black() -> None:
    aside = mesh([[50, 0, 0], [51, 0, 0], [50, 1, 0]], [[0, 1, 2]])
    across = mesh([[-50, 0, 0], [50, 0, 0], [0, 50, 0]], [[0, 1, 2]])

    assert shade(aside, facing(), FRONT).max() == 0
    assert not in_view(aside, facing()).any()
    assert in_view(across, facing()).all()


def test_no_material_gives_light_below_nothing_or_without_end() -> None:
    rng = np.random.default_rng(3)
    normals = rng.normal(size=(200, 3))
    normals /= np.linalg.norm(normals, axis=1, keepdims=True)
    points = rng.uniform(-1, 1, (200, 3))
    triangles = np.arange(198)[:, None] + np.arange(3)
    glow = Glow(place_m=(0.0, 0.0, 0.0), rgb=(1.0, 0.9, 0.8), reach_m=1.0)
    light = Light(sun=(0.6, 0.64, 0.48), glow=glow)
    for kind in MATERIALS:
        thing = mesh(points, triangles, material=kind.name)
        thing = replace(thing, normals=normals.astype(np.float32))

        colours = shade(thing, facing(), light, glow=3.0)

        assert np.isfinite(colours).all()
        assert colours.min() >= 0
        assert colours.max() < 100
