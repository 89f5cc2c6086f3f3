"""Whoever speaks to the camera is framed as a cameraman would, in every set, lens and shape of picture."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from itertools import pairwise
from math import inf

import numpy as np
import pytest

from rigs import rig
from vivant.performance.curves import Performance
from vivant.rig.framing_limits import FrameLimits
from vivant.scene.direction.a_word import speak
from vivant.scene.direction.call import Call, Saying, Subject
from vivant.scene.direction.photo_light import lit_from
from vivant.scene.direction.stages import FACE_M, LENSES, STAGES
from vivant.scene.sets.registry import set_named
from vivant.scene.shot import Bust, Shot
from vivant.scene.storyboard import Line, ShotPlan

SIZES = {"16:9": (640, 360), "9:16": (360, 640), "1:1": (480, 480)}
FRAMES = 150
WHOLE = Subject(name="A", up=1.1, limits=FrameLimits(above=inf, below=3.6, left=inf, right=inf))
SHORT = replace(WHOLE, limits=replace(WHOLE.limits, below=1.75))
"""A photo that ends at the shoulders."""


def staged(
    *, where: str = "room", camera: str = "close", size: str = "16:9", subject: Subject = WHOLE, seed: int = 3,
    sayings: tuple[Saying, ...] = (),
) -> Shot:  # fmt: skip
    scene_set = set_named(where)
    width, height = SIZES[size]
    still = Performance(
        rate=Fraction(25),
        shapes=np.zeros((FRAMES, 52), np.float32),
        head=np.zeros((FRAMES, 6), np.float32),
        breath=np.zeros(FRAMES, np.float32),
    )
    plan = ShotPlan(
        name="word", set=where, look=scene_set.looks[0], hour="golden", action="speak", who=("A",), camera=camera, lines=(Line(by="A", say="Yes."),),
    )  # fmt: skip
    return speak(
        Call(
            plan=plan, frames=FRAMES, rate=Fraction(25), width_px=width, height_px=height, people={"A": subject},
            performances={"A": still}, scene_set=scene_set, seed=seed,
            sayings=sayings,
        )
    )  # fmt: skip


def bust_of(shot: Shot) -> Bust:
    (bust,) = shot.presences
    assert isinstance(bust, Bust)
    return bust


@pytest.mark.parametrize("where", ["room", "meadow", "lake"])
@pytest.mark.parametrize("camera", LENSES)
@pytest.mark.parametrize("size", SIZES)
class TestInEverySetLensAndShape:
    def test_the_head_has_room_and_the_eyes_are_in_the_upper_half(
        self, where: str, camera: str, size: str
    ) -> None:
        bust = bust_of(staged(where=where, camera=camera, size=size))
        top = bust.eyes_y - WHOLE.up * bust.face_height
        assert (top > 0.01).all()
        assert (bust.eyes_y > 0.27).all()
        assert (bust.eyes_y < 0.5).all()

    def test_the_face_is_whole_in_the_picture(self, where: str, camera: str, size: str) -> None:
        bust = bust_of(staged(where=where, camera=camera, size=size))
        half = SIZES[size][0] / SIZES[size][1] / 2
        assert (np.abs(bust.eyes_x) + 0.55 * bust.face_height < half).all()

    def test_the_photo_ends_outside_the_picture_or_in_mist(
        self, where: str, camera: str, size: str
    ) -> None:
        for subject in (WHOLE, SHORT):
            shot = staged(where=where, camera=camera, size=size, subject=subject)
            bust = bust_of(shot)
            end = bust.eyes_y + subject.limits.below * bust.face_height
            if shot.mist is None:
                assert (end > 1.0).all()
            else:
                assert (end > shot.mist_top).all()

    def test_face_and_camera_tell_of_the_same_place(
        self, where: str, camera: str, size: str
    ) -> None:
        shot = staged(where=where, camera=camera, size=size)
        bust = bust_of(shot)
        for frame in (0, FRAMES - 1):
            view = shot.camera.view(frame, width_px=shot.width_px, height_px=shot.height_px)
            depth = FACE_M * view.px_per_m / shot.height_px / bust.face_height[frame]
            assert depth == pytest.approx(float(shot.camera.focus_m[frame]), rel=1e-3)


def test_the_camera_comes_nearer_slowly_and_without_a_jerk() -> None:
    face = bust_of(staged()).face_height.astype(np.float64)
    assert 1.02 < face[-1] / face[0] < 1.06
    assert np.abs(np.diff(face, 2)).max() < 2e-5
    assert all(later >= earlier - 1e-4 for earlier, later in pairwise(face))


def test_the_camera_breathes_but_hardly() -> None:
    bust = bust_of(staged())
    for curve in (bust.eyes_x, bust.eyes_y):
        assert 0.002 < float(np.ptp(curve)) < 0.05
        assert float(np.abs(np.diff(curve)).max()) < 0.0025


def test_closer_lenses_show_a_larger_face() -> None:
    close, near, wide = (
        float(bust_of(staged(where="meadow", camera=one)).face_height[0])
        for one in ("close", "near", "wide")
    )
    assert close > 1.3 * near > 1.3 * wide


def test_a_wide_picture_puts_the_person_in_a_third_and_a_tall_one_in_the_middle() -> None:
    wide, tall = (float(bust_of(staged(size=size)).eyes_x[0]) for size in ("16:9", "9:16"))
    assert 0.1 < abs(wide) < 0.32
    assert abs(tall) < 0.06


def test_the_sun_is_never_before_the_person() -> None:
    for where in STAGES:
        if where == "stairway":
            continue
        shot = staged(where=where)
        view = shot.camera.view(0, width_px=shot.width_px, height_px=shot.height_px)
        assert float(np.dot(view.forward, shot.light.sun)) > 0.1


def test_another_seed_breathes_otherwise_and_the_same_does_not() -> None:
    first, again, other = (bust_of(staged(seed=seed)).eyes_x for seed in (3, 3, 4))
    np.testing.assert_array_equal(first, again)
    assert np.abs(first - other).max() > 1e-4


def test_a_photo_lit_from_the_right_stands_before_a_sun_at_the_right() -> None:
    for where in ("room", "meadow", "lake"):
        usual = staged(where=where, subject=replace(WHOLE, lit_from=-0.8))
        other = staged(where=where, subject=replace(WHOLE, lit_from=0.8))
        assert usual.set_name == where
        assert set_named(other.set_name).name == other.set_name
        assert usual.light.sun[0] == -other.light.sun[0] < 0
        np.testing.assert_allclose(bust_of(usual).eyes_x[0], -bust_of(other).eyes_x[0], atol=0.02)


def test_the_light_of_a_photo_is_read_from_the_face() -> None:
    lit = rig("hopper")
    shade = np.linspace(1.0, 0.25, lit.photo.shape[1])[None, :, None]
    for darker, side in ((shade, -1), (shade[:, ::-1], 1)):
        half_lit = replace(lit, photo=(lit.photo * darker).astype(np.uint8))
        assert side * lit_from(half_lit) > 0.2
    assert abs(lit_from(lit)) < 0.3


def test_somebody_in_the_picture_listens_to_a_voice_from_out_of_it() -> None:
    silent = staged()
    asked = staged(sayings=(Saying(speaker="teller", first=20, last=130),))
    own = staged(sayings=(Saying(speaker="A", first=20, last=130),))

    turns = bust_of(asked).performance.head[60:120, 0]
    assert np.abs(turns).max() > 3
    assert np.array_equal(bust_of(own).performance.head, bust_of(silent).performance.head)
