"""The room's light comes through its window."""

from __future__ import annotations

import numpy as np

from vivant.scene.light import Light
from vivant.scene.sets import room_plan as plan
from vivant.scene.sets.room import Room
from vivant.scene.sets.room_light import falling_on, light_up
from vivant.scene.sets.surfaces import facing, wall

ROOM = Room()
LIGHT = ROOM.light("window")
NO_BOXES = np.zeros((0, 6), np.float32)


def on_right_wall(*, light: Light = LIGHT, drawn: bool = False) -> tuple[np.ndarray, np.ndarray]:
    lines = np.linspace(plan.BACK_M + 0.1, 1.5, 60)
    heights = np.linspace(0.1, 2.4, 30)
    made = wall(
        (plan.RIGHT_M, 0, 0), (0, 0, 1), (0, 1, 0), u_m=lines, v_m=heights, albedo=(0.6, 0.6, 0.6), material="plaster",
    )  # fmt: skip
    lit = light_up(facing(made, (-1, 0, 0)), light, NO_BOXES, drawn=drawn)
    return lit.sunlit.reshape(30, 60), lit.open_sky.reshape(30, 60)


def test_the_sun_draws_the_window_on_the_wall() -> None:
    sun, _ = on_right_wall()
    share = float((sun > 0.5).mean())
    assert 0.02 < share < 0.4
    assert sun[:, -10:].max() == 0.0


def test_light_falls_off_with_the_way_from_the_window() -> None:
    _, sky = on_right_wall()
    middle = sky[12]
    assert middle[8:20].mean() > 1.15 * middle[-8:].mean()


def test_a_drawn_curtain_leaves_no_bare_sun() -> None:
    sun, _ = on_right_wall(drawn=True)
    assert 0 < sun.max() < 0.5


def test_a_box_before_the_wall_keeps_the_sun_away() -> None:
    sun, _ = on_right_wall()
    row, column = np.unravel_index(int(sun.argmax()), sun.shape)
    y, z = np.linspace(0.1, 2.4, 30)[row], np.linspace(plan.BACK_M + 0.1, 1.5, 60)[column]
    place = np.array([plan.RIGHT_M - 0.01, y, z])
    before = place + 0.5 * np.asarray(LIGHT.sun)
    box = np.concatenate([before - 0.1, before + 0.1])[None].astype(np.float32)
    spot = wall(place, (0, 0, 1e-3), (0, 1e-3, 0), u_m=np.arange(2.0), v_m=np.arange(2.0), albedo=(0.6, 0.6, 0.6), material="plaster")  # fmt: skip
    spot = facing(spot, (-1, 0, 0))
    assert light_up(spot, LIGHT, NO_BOXES).sunlit.min() > 0.9
    assert light_up(spot, LIGHT, box).sunlit.max() < 0.1


def test_dust_shines_only_in_the_beam() -> None:
    chance = np.random.default_rng(3)
    places = np.column_stack([chance.uniform(-2, 1.6, 3000), chance.uniform(0.1, 2.4, 3000), chance.uniform(-2.5, 2.5, 3000)])  # fmt: skip
    sun = falling_on(places, LIGHT)
    assert 0.02 < float((sun > 0.5).mean()) < 0.5
    assert float((sun == 0).mean()) > 0.4


def test_both_looks_can_be_lit() -> None:
    for look in ROOM.looks:
        inside, _ = ROOM.lit(look, ROOM.light(look))
        assert 0.02 < float(inside.open_sky.mean()) < 0.8
