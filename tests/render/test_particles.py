"""Particles are the same for the same seed, hidden by what is before them, and lit by the sun."""

from __future__ import annotations

import numpy as np
import pytest

from vivant.errors import InputError
from vivant.render.particles import draw_particles
from vivant.scene.particles import PARTICLES, kind_named, particles_at
from vivant.scene.sets.hours import light_at
from vivant.scene.view import View, look

WIDTH, HEIGHT = 320, 180
LIGHT = light_at("golden")


def seen_from(x_m: float = 0.0, *, z_m: float = 3.0, way: float = -1.0) -> View:
    stand = np.array([x_m, 1.5, z_m])
    return look(
        stand, stand + np.array([0.0, 0.0, way]), fov_deg=35, width_px=WIDTH, height_px=HEIGHT
    )


def drawn(
    kind: str, *, seed: int = 1, seconds: float = 2.0, depth_m: float = np.inf, view: View | None = None, **more: float,
) -> np.ndarray:  # fmt: skip
    hdr = np.full((HEIGHT, WIDTH, 3), 0.2, np.float32)
    depth = np.full((HEIGHT, WIDTH), depth_m, np.float32)
    camera = view or seen_from()
    draw_particles(hdr, depth, (kind,), camera, camera, LIGHT, seconds=seconds, seed=seed, **more)  # type: ignore[arg-type]
    return hdr - 0.2


@pytest.mark.parametrize("kind", PARTICLES)
def test_the_same_seed_gives_the_same_picture(kind: str) -> None:
    first = drawn(kind)
    assert np.abs(first).max() > 0.01
    np.testing.assert_array_equal(first, drawn(kind))
    assert np.abs(first - drawn(kind, seed=2)).max() > 0.01


@pytest.mark.parametrize("kind", PARTICLES)
def test_what_stands_before_them_hides_them(kind: str) -> None:
    assert np.abs(drawn(kind, depth_m=0.3)).max() == 0.0


@pytest.mark.parametrize("kind", PARTICLES)
def test_near_and_far_ones_together_are_all(kind: str) -> None:
    far, near = drawn(kind, farther_m=2.0), drawn(kind, nearer_m=2.0)
    assert np.abs(far).sum() > 0
    both = np.abs(drawn(kind)).sum()
    assert np.abs(far).sum() + np.abs(near).sum() == pytest.approx(float(both), rel=0.05)


def test_dust_only_adds_light_and_is_brighter_toward_the_sun() -> None:
    toward = drawn("dust")
    away = drawn("dust", view=seen_from(z_m=-3.0, way=1.0))
    assert toward.min() >= -1e-6
    assert toward.sum() > 2 * away.sum()


def test_a_moving_camera_draws_them_out() -> None:
    def streaked(shift_m: float) -> float:
        hdr = np.zeros((HEIGHT, WIDTH, 3), np.float32)
        depth = np.full((HEIGHT, WIDTH), np.inf, np.float32)
        ends = seen_from(-shift_m), seen_from(shift_m)
        draw_particles(hdr, depth, ("snow",), *ends, LIGHT, seconds=1.0, seed=4, aperture=0.0)
        return float((hdr.max(axis=2) > 0.004).mean())

    assert streaked(0.03) > 1.5 * streaked(0.0)


@pytest.mark.parametrize("kind", PARTICLES)
def test_particles_move_smoothly_and_appear_slowly(kind: str) -> None:
    what = kind_named(kind)
    centre = np.array([0.0, 1.5, 0.0])
    first, second = (
        particles_at(what, seconds=seconds, seed=5, centre_m=centre) for seconds in (3.0, 3.04)
    )
    stays = np.abs(second.places_m - first.places_m).max(axis=1) < 1.0
    assert stays.mean() > 0.97
    assert np.abs(second.places_m - first.places_m)[stays].max() < 0.08
    assert first.fade[~stays].max(initial=0.0) < 0.05
    assert np.abs(second.fade - first.fade).max() < 0.2


def test_particles_stay_in_the_world_while_the_camera_goes() -> None:
    what = kind_named("petals")
    here = particles_at(what, seconds=1.0, seed=6, centre_m=np.zeros(3))
    there = particles_at(what, seconds=1.0, seed=6, centre_m=np.array([0.3, 0.0, 0.2]))
    same = np.abs(here.places_m - there.places_m).max(axis=1) < 1e-9
    assert same.mean() > 0.85


def test_an_unknown_kind_is_told_with_those_there_are() -> None:
    with pytest.raises(InputError, match="petals"):
        kind_named("confetti")
