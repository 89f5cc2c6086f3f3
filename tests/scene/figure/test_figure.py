"""The figure's surface: whole, closed to light, quick, and the same each time."""

from __future__ import annotations

import time
from functools import lru_cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vivant.errors import InputError
from vivant.scene.figure.build import Build
from vivant.scene.figure.dress import KINDS, Dress, with_choices
from vivant.scene.figure.figure import Figure, build_figure
from vivant.scene.figure.gait import climb, walk
from vivant.scene.figure.kneeling import kneel
from vivant.scene.figure.motion import FigureMotion
from vivant.scene.figure.part import BONE, BONES
from vivant.scene.figure.staging import faceless_angle_ok, head_share
from vivant.scene.figure.standing import stand, wave
from vivant.scene.mesh import MATERIALS, Mesh
from vivant.scene.view import View, look

ORIGIN, AHEAD = np.zeros(3), np.array([0.0, 0.0, 1.0])


@lru_cache
def figure(garment: str = "coat", hat: str = "none", hair: str = "short") -> Figure:
    """Dress one."""
    return build_figure(
        Build(), with_choices(Dress(), {"garment": garment, "hat": hat, "hair": hair})
    )


@lru_cache
def climbing() -> FigureMotion:
    """Climb for two seconds."""
    return climb(way0_m=9.0, frames=50, rate=25)


def areas(mesh: Mesh) -> np.ndarray:
    """Measure the triangles."""
    corner = mesh.points_m[mesh.triangles].astype(np.float64)
    across = np.cross(corner[:, 1] - corner[:, 0], corner[:, 2] - corner[:, 0])
    return np.asarray(0.5 * np.linalg.norm(across, axis=1))


@pytest.mark.parametrize("garment", KINDS["garment"])
@pytest.mark.parametrize("hat", KINDS["hat"])
def test_every_dress_is_a_mesh_that_light_can_fall_on(garment: str, hat: str) -> None:
    """Unit normals, colours and open sky between 0 and 1, known materials, few enough triangles."""
    mesh = figure(garment, hat).mesh(climbing(), 12.3)

    assert np.isfinite(mesh.points_m).all()
    assert np.linalg.norm(mesh.normals, axis=1) == pytest.approx(1, abs=1e-4)
    assert mesh.albedo.min() > 0
    assert mesh.albedo.max() < 0.95
    assert mesh.open_sky.min() >= 0
    assert mesh.open_sky.max() <= 1
    assert mesh.material.max() < len(MATERIALS)
    assert 7_000 <= len(mesh.triangles) <= 15_000
    assert mesh.triangles.max() < len(mesh.points_m)


@pytest.mark.parametrize("hair", KINDS["hair"])
def test_every_hair_is_there_and_none_is_bigger_than_the_body(hair: str) -> None:
    """The head stays a head."""
    rest = figure(hair=hair).rest
    head = rest.points_m[figure(hair=hair).head_points]
    assert 0.14 < np.ptp(head[:, 0]) < 0.32
    assert head[:, 1].max() < 1.80


def test_weights_are_shares() -> None:
    """Every point is carried by bones that are there, by all of itself."""
    made = figure()
    assert made.weights.sum(axis=1) == pytest.approx(1, abs=1e-5)
    assert made.held_by.max() < len(BONES)


def test_at_rest_the_skinned_figure_is_the_figure_at_rest() -> None:
    """A figure that stands upright is as tall as its build and its shoes say."""
    motion = stand(place_m=ORIGIN, toward=AHEAD, frames=3, rate=25, build=Build(stoop=0))
    mesh = figure().mesh(motion, 1)
    assert np.ptp(mesh.points_m[:, 1]) == pytest.approx(1.68 + 0.022, abs=0.05)


@pytest.mark.parametrize("garment", KINDS["garment"])
def test_no_surface_turns_inside_out(garment: str) -> None:
    """In a climb, hardly a triangle of the body faces against what it faced at rest, seen from its bones."""
    made = figure(garment)
    rest, moved = made.rest, made.mesh(climbing(), 20.0)
    grown = areas(moved)[areas(rest) > 2e-6] / areas(rest)[areas(rest) > 2e-6]
    folded = np.mean(np.sum(_flat(moved) * _near(moved), axis=1) < -0.2)

    assert np.median(grown) == pytest.approx(1, abs=0.15)
    assert np.mean(grown > 6) < 0.002
    assert folded < 0.004


def _flat(mesh: Mesh) -> np.ndarray:
    corner = mesh.points_m[mesh.triangles].astype(np.float64)
    across = np.cross(corner[:, 1] - corner[:, 0], corner[:, 2] - corner[:, 0])
    return np.asarray(across / np.maximum(np.linalg.norm(across, axis=1, keepdims=True), 1e-12))


def _near(mesh: Mesh) -> np.ndarray:
    normals = mesh.normals[mesh.triangles].mean(axis=1)
    return np.asarray(normals / np.maximum(np.linalg.norm(normals, axis=1, keepdims=True), 1e-9))


@pytest.mark.parametrize("garment", ["coat", "dress", "robe"])
def test_legs_stay_below_the_cloth(garment: str) -> None:
    """In every frame of a climb and a kneeling, no knee comes through the cloth."""
    made = figure(garment)
    kneeling = kneel(place_m=ORIGIN, toward=AHEAD, frames=70, rate=25)
    for motion in (climbing(), kneeling):
        for frame in range(0, len(motion), 9):
            assert _through(made, motion, frame) == 0


def _through(made: Figure, motion: FigureMotion, frame: int) -> float:
    """Measure which share of the knees lies outside the cloth."""
    mesh = made.mesh(motion, frame)
    around = len(made.hanging.angles)
    rings = mesh.points_m[made.hem].reshape(-1, around, 3)
    knees = motion.joints_m[frame, [12, 16]]
    out = 0
    for knee in knees:
        ring = rings[np.argmin(np.abs(rings[:, :, 1].mean(axis=1) - knee[1]))]
        if knee[1] < ring[:, 1].min() - 0.02:
            continue
        middle = ring.mean(axis=0)
        angle = np.arctan2(ring[:, 0] - middle[0], ring[:, 2] - middle[2])
        mine = np.arctan2(knee[0] - middle[0], knee[2] - middle[2])
        at = np.argmin(np.abs(np.angle(np.exp(1j * (angle - mine)))))
        reach = np.hypot(*(ring[at] - middle)[[0, 2]])
        out += bool(np.hypot(*(knee - middle)[[0, 2]]) > reach)
    return out / 2


def test_the_soles_that_are_seen_do_not_slide() -> None:
    """The drawn shoe itself, from the ball to the tip, stays within a centimetre while its foot stands."""
    made, motion = figure(), climbing()
    for index, bone in enumerate(("left_toe", "right_toe")):
        front = np.flatnonzero((made.held_by[:, 0] == BONE[bone]) & (made.weights[:, 0] > 0.95))
        places = np.stack([made.mesh(motion, frame).points_m[front] for frame in range(50)])
        assert len(front) > 20
        for stay in np.split(np.arange(50), np.flatnonzero(np.diff(motion.stance[:, index])) + 1):
            if motion.stance[stay[0], index]:
                assert np.linalg.norm(np.ptp(places[stay], axis=0), axis=1).max() < 0.01


def test_the_hem_lags_behind_and_comes_to_rest() -> None:
    """Who sets out leaves the hem behind at first; who stands long has it hang still."""
    motion = walk(start_m=ORIGIN, toward=AHEAD, frames=200, rate=25, speed_m_per_s=0.9, stops_s=4.0)
    made = figure()
    made.mesh(motion, 0)
    lag = made.drapes[0][1].lag_m[..., 1].mean(axis=1)

    assert lag[20:40].min() < -0.008
    assert np.abs(lag[-10:]).max() < 0.02


def test_the_order_of_frames_does_not_matter() -> None:
    """Cloth is worked out once for the whole motion."""
    forward, backward = (build_figure(Build(), Dress()) for _ in range(2))
    motion = climbing()
    first = [forward.mesh(motion, frame).points_m for frame in (0, 10.5, 30)]
    last = [backward.mesh(motion, frame).points_m for frame in (30, 10.5, 0)]

    assert all(np.array_equal(a, b) for a, b in zip(first, last[::-1], strict=True))


def test_hands_open_to_wave() -> None:
    """The fingers of the raised hand spread wider than those of the other."""
    motion = wave(place_m=ORIGIN, toward=AHEAD, frames=120, rate=25)
    made = figure()
    mesh = made.mesh(motion, 50)
    wide = [_spread(mesh.points_m[where]) for where, _ in made.hands.values()]
    assert wide[1] > 1.1 * wide[0]


def _spread(points: np.ndarray) -> float:
    spans = np.linalg.svd(points - points.mean(axis=0), compute_uv=False)
    return float(spans[1] / np.sqrt(len(points)))


def test_a_lifted_arm_sees_more_of_the_sky() -> None:
    """Than one that hangs beside the body."""
    motion = wave(place_m=ORIGIN, toward=AHEAD, frames=120, rate=25)
    made = figure()
    where = made.arms[1][0]
    hanging, lifted = (made.mesh(motion, frame).open_sky[where].mean() for frame in (0, 50))
    assert lifted > hanging + 0.02


def test_feet_that_stand_darken_the_floor_and_feet_in_the_air_do_less() -> None:
    """Two places for each foot, on the step it stands on."""
    motion, made = climbing(), figure()
    for frame in range(0, 50, 7):
        marks = made.contacts(motion, frame)
        assert marks.shape == (4, 4)
        for foot in (0, 1):
            ball = marks[2 * foot + 1, 3]
            if motion.stance[frame, foot]:
                assert ball > 0.95
    swinging = np.flatnonzero(~motion.stance[:, 0])[5]
    assert made.contacts(motion, float(swinging))[1, 3] < 0.6


def _camera(distance_m: float, *, behind: bool) -> View:
    place = np.array([0.0, 1.5, -distance_m if behind else distance_m])
    return look(place, np.array([0.0, 1.2, 0.0]), fov_deg=25, width_px=1280, height_px=720)


def test_a_head_without_a_face_may_be_seen_from_behind_only() -> None:
    """A guard that directions can ask."""
    motion = stand(place_m=ORIGIN, toward=AHEAD, frames=3, rate=25)
    assert faceless_angle_ok(motion, 1, _camera(6, behind=True))
    assert not faceless_angle_ok(motion, 1, _camera(6, behind=False))


@given(distance=st.floats(2.5, 30))
@settings(max_examples=10, deadline=None)
def test_a_head_half_as_far_is_twice_as_large(distance: float) -> None:
    """As the staging rule measures it."""
    motion = stand(place_m=ORIGIN, toward=AHEAD, frames=3, rate=25)
    near = head_share(figure(hat="peaked"), motion, 1, _camera(distance, behind=True))
    far = head_share(figure(hat="peaked"), motion, 1, _camera(2 * distance, behind=True))
    assert near == pytest.approx(2 * far, rel=0.12)


def test_a_frame_is_made_in_five_milliseconds() -> None:
    """Of this thread's processor time, once the cloth is worked out."""
    made, motion = figure(hat="peaked"), climbing()
    made.mesh(motion, 0)
    start = time.thread_time()
    for frame in range(20):
        made.mesh(motion, frame + 0.25)
    assert (time.thread_time() - start) / 20 < 0.005


@pytest.mark.parametrize("measure", [{"height_m": 3.0}, {"weight": 0.1}, {"stoop": 2.0}])
def test_a_body_that_nobody_has_is_refused(measure: dict[str, float]) -> None:
    """With what can be."""
    with pytest.raises(InputError, match="it can be"):
        Build(**measure)  # type: ignore[arg-type]


@given(
    height=st.floats(1.2, 2.1),
    shoulders=st.floats(0.8, 1.25),
    hips=st.floats(0.8, 1.25),
    weight=st.floats(0.8, 1.5),
)
@settings(max_examples=8, deadline=None)
def test_every_build_can_be_dressed(
    height: float, shoulders: float, hips: float, weight: float
) -> None:
    """From a small child to a giant."""
    build = Build(height_m=height, shoulders=shoulders, hips=hips, weight=weight)
    mesh = build_figure(build, Dress(hat="brimmed")).rest
    assert np.isfinite(mesh.points_m).all()
    assert np.ptp(mesh.points_m[:, 1]) == pytest.approx(height * 1.02 + 0.022, rel=0.03)
