"""A pet drawn: it blinks, tilts, moves its ears, breathes; nothing folds, and nothing else moves."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from painted_pets import rig_of
from vivant.performance.pets import (
    LIMITS_DEG,
    PET,
    PET_CURVE,
    blink,
    look,
    pet_idle,
    slow_blink,
    sniff,
    tilt,
    twitch,
)
from vivant.render.bust.staging import BustLayer, place_bust
from vivant.render.kernel import unpack
from vivant.render.pet import PetStage
from vivant.render.sheets import cell_areas
from vivant.scene.light import Light
from vivant.scene.view import look as look_from

WIDTH, HEIGHT, FACE = 320, 240, 0.5
RATE = Fraction(25)


@pytest.fixture(scope="module")
def stages() -> dict[str, PetStage]:
    """A cat and a dog at a small size."""
    return {
        name: PetStage(rig_of(name), width_px=WIDTH, height_px=HEIGHT, largest_face_share=FACE)
        for name in ("cat", "dog", "chelsea")
    }


def _drawn(stage: PetStage, **dials: float) -> BustLayer:
    curves = np.zeros(len(PET), np.float32)
    curves[PET_CURVE["breath"]] = 0.5
    for name, value in dials.items():
        curves[PET_CURVE[name]] = value
    layer = stage.draw(curves=curves, eyes_x=0.0, eyes_y=0.45, face_height=FACE)
    assert layer is not None
    return layer


def _luma(layer: BustLayer) -> np.ndarray:
    whole = np.zeros((HEIGHT, WIDTH), np.float32)
    rows, columns = layer.texels.shape
    whole[layer.top : layer.top + rows, layer.left : layer.left + columns] = unpack(layer.texels)[0]
    return whole


@pytest.mark.parametrize("name", ["cat", "dog", "chelsea"])
def test_closed_eyes_cover_the_open_ones(stages: dict[str, PetStage], name: str) -> None:
    stage = stages[name]
    scale = FACE * HEIGHT / stage.rig.face_height_px
    opened = _luma(_drawn(stage))
    shut = _luma(_drawn(stage, blink_left=1.0, blink_right=1.0))
    for eye in stage.rig.eyes:
        middle = (eye.upper + eye.lower) / 2 - np.array(stage.rig.eyes_px)
        x = middle[4:-4, 0] * scale + (WIDTH - 1) / 2
        y = middle[4:-4, 1] * scale + 0.45 * HEIGHT
        at = (np.round(y).astype(int), np.round(x).astype(int))
        changed = np.abs(opened[at] - shut[at]) > 6

        assert changed.mean() > 0.7
        assert shut[at].std() < opened[at].std() + 12


def test_lids_close_step_by_step_and_no_other_place_moves(stages: dict[str, PetStage]) -> None:
    stage = stages["cat"]
    opened = _luma(_drawn(stage))
    moved = [
        np.abs(_luma(_drawn(stage, blink_left=part, blink_right=part)) - opened)
        for part in (0.0, 0.25, 0.5, 0.75, 1.0)
    ]
    totals = [float(one.sum()) for one in moved]

    assert totals[0] == 0
    assert totals == sorted(totals)
    assert moved[-1][int(0.72 * HEIGHT) :].max() == 0, "the muzzle and all below stay"


@pytest.mark.parametrize("name", ["cat", "dog", "chelsea"])
def test_nothing_folds_within_the_limits(stages: dict[str, PetStage], name: str) -> None:
    stage = stages[name]
    place = np.array([[1.0, 0, 0], [0, 1.0, 0]])
    rest = np.sign(cell_areas(stage.rig.points[:, :2].copy(), stage.rig.triangles))
    for yaw in (-1, 1):
        for pitch in (-1, 1):
            for roll in (-1, 1):
                for ears in (-1.2, 1.2):
                    curves = np.zeros(len(PET), np.float32)
                    for dial, sign in (("yaw_deg", yaw), ("pitch_deg", pitch), ("roll_deg", roll)):
                        curves[PET_CURVE[dial]] = sign * LIMITS_DEG[dial]
                    curves[PET_CURVE["ear_left"]] = curves[PET_CURVE["ear_right"]] = ears
                    curves[PET_CURVE["breath"]] = 1.0
                    areas = cell_areas(stage.move(curves, place).points, stage.rig.triangles)

                    assert (areas * rest > 0).all()


def test_a_tilted_head_turns_about_the_neck(stages: dict[str, PetStage]) -> None:
    stage = stages["cat"]
    place = np.array([[1.0, 0, 0], [0, 1.0, 0]])
    curves = np.zeros(len(PET), np.float32)
    still = stage.move(curves, place).points
    curves[PET_CURVE["roll_deg"]] = 10.0
    tilted = stage.move(curves, place).points
    moved = np.linalg.norm(tilted - still, axis=1) / stage.rig.face_height_px

    assert (
        moved[stage.rig.points[:, 1] > stage.rig.pivot[1] + stage.rig.face_height_px].max() < 0.03
    )
    assert moved[np.argmin(stage.rig.points[:, 1])] > 0.15


def test_the_nose_moves_farther_than_the_cheeks_when_the_head_turns(
    stages: dict[str, PetStage],
) -> None:
    stage = stages["dog"]
    place = np.array([[1.0, 0, 0], [0, 1.0, 0]])
    curves = np.zeros(len(PET), np.float32)
    still = stage.move(curves, place).points
    curves[PET_CURVE["yaw_deg"]] = 8.0
    turned = stage.move(curves, place).points
    nose = int(stage.rig.points[:, 2].argmin())
    head = stage.rig.head_weight > 0.99
    flat = int(np.where(head, stage.rig.points[:, 2], -np.inf).argmax())

    assert (turned - still)[nose, 0] > (turned - still)[flat, 0] + 0.03 * stage.rig.face_height_px


def test_a_pet_is_drawn_alike_by_one_thread_and_by_several() -> None:
    layers = []
    for threads in (1, 3):
        stage = PetStage(
            rig_of("cat"),
            width_px=WIDTH,
            height_px=HEIGHT,
            largest_face_share=FACE,
            threads=threads,
        )
        layers.append(_drawn(stage, blink_left=0.4, roll_deg=5.0).texels.copy())

    assert np.array_equal(layers[0], layers[1])


def test_the_light_of_a_set_falls_on_fur(stages: dict[str, PetStage]) -> None:
    view = look_from(
        np.array([0, 1.5, 2.0]), np.array([0, 1.5, 0]), fov_deg=26, width_px=WIDTH, height_px=HEIGHT
    )
    sides = []
    for sun in (-0.8, 0.8):
        hdr = np.full((HEIGHT, WIDTH, 3), 0.2, np.float32)
        light = Light(sun=(sun, 0.4, 0.45))
        lit = place_bust(hdr, _drawn(stages["cat"]), light=light, view=view)
        middle = WIDTH // 2
        face = lit[int(0.3 * HEIGHT) : int(0.6 * HEIGHT)].mean((0, 2))
        sides.append(face[middle - 40 : middle].mean() / face[middle : middle + 40].mean())

    assert sides[0] > 1.1 * sides[1]


def test_what_an_animal_does_stays_within_what_a_photo_shows() -> None:
    pet = pet_idle(250, rate=RATE, seed=4, animal="dog")
    pet = tilt(slow_blink(blink(pet, 1.0), 3.0), 4.0, degrees=25.0)
    pet = sniff(twitch(look(pet, 6.0, yaw_deg=20.0), 7.0, side="left", amount=1.0), 8.0)

    for name, limit in LIMITS_DEG.items():
        assert np.abs(pet.curve(name)).max() <= limit
    for name in ("blink_left", "breath", "sniff"):
        assert 0 <= pet.curve(name).min() <= pet.curve(name).max() <= 1
    assert pet.curve("blink_left")[int(3.9 * 25)] == pytest.approx(1.0)
    assert np.abs(np.diff(pet.curve("roll_deg"))).max() < 1.9, "degrees in a frame"


def test_the_same_seed_gives_the_same_rest() -> None:
    first, again, other = (pet_idle(100, rate=RATE, seed=seed) for seed in (1, 1, 2))

    assert np.array_equal(first.curves, again.curves)
    assert not np.array_equal(first.curves, other.curves)
