from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import numpy as np

from air_scenes import GLOWING, LIGHT, camera, flat_clouds
from vivant.render.air.planning import key_frames, plate_key, plate_view
from vivant.scene.shot import CameraMove

_FRAMES = 100
_SIZE = {"width_px": 64, "height_px": 36}


def _move(way_m: float, *, turn_m: float = 0.0) -> CameraMove:
    part = np.linspace(0, 1, _FRAMES)[:, None]
    flat = np.zeros(_FRAMES)
    return CameraMove(
        position_m=part * np.array([[way_m, 0, 0]]),
        target_m=np.array([[0.0, 0, 30]]) + part * np.array([[way_m + turn_m, 0, 0]]),
        fov_deg=flat + 40,
        roll_deg=flat,
        focus_m=flat + 10,
    )


def test_a_camera_that_stands_needs_one_plate() -> None:
    keys = key_frames(_move(0), rate=Fraction(25), clouds=flat_clouds(0), **_SIZE)
    assert len(keys) == 1


def test_a_camera_that_travels_needs_plates_from_its_first_to_its_last_frame() -> None:
    near = key_frames(_move(4), rate=Fraction(25), clouds=flat_clouds(0), **_SIZE)
    far = key_frames(_move(12), rate=Fraction(25), clouds=flat_clouds(0), **_SIZE)
    for keys in (near, far):
        assert (keys[0], keys[-1]) == (0, _FRAMES - 1)
        assert list(keys) == sorted(set(keys))
    assert 2 <= len(near) < len(far)


def test_drift_counts_as_travel() -> None:
    clouds = flat_clouds(0, drift=(2.0, 0, 0))
    assert len(key_frames(_move(0), rate=Fraction(25), clouds=clouds, **_SIZE)) > 1
    along = key_frames(_move(2 * _FRAMES / 25), rate=Fraction(25), clouds=clouds, **_SIZE)
    assert len(along) == 1


def test_a_camera_that_turns_stays_within_what_its_plates_see() -> None:
    move = _move(0, turn_m=9)
    keys = np.array(key_frames(move, rate=Fraction(25), clouds=flat_clouds(0), **_SIZE))
    plates = [plate_view(move, int(key), **_SIZE) for key in keys]
    for frame in range(_FRAMES):
        view = move.view(frame, **_SIZE)
        corners = view.rays(np.array([0.0, 63, 0, 63]), np.array([0.0, 0, 35, 35]))
        after = int(np.clip(np.searchsorted(keys, frame), 1, len(keys) - 1))
        nearest = plates[after if keys[after] - frame < frame - keys[after - 1] else after - 1]
        x, y, _ = nearest.project(nearest.position_m + corners * 1e4).T
        assert x.min() >= -1
        assert x.max() <= nearest.width_px
        assert y.min() >= -1
        assert y.max() <= nearest.height_px


def test_without_clouds_one_plate_is_enough() -> None:
    assert len(key_frames(_move(50), rate=Fraction(25), clouds=None, **_SIZE)) == 1


def test_a_plate_is_known_by_all_that_it_shows() -> None:
    clouds = flat_clouds(1.0)
    usual = plate_key(camera(), clouds, LIGHT, seconds=0.0, coarse=2)
    assert usual == plate_key(camera(), flat_clouds(1.0), LIGHT, seconds=0.0, coarse=2)
    assert usual == plate_key(camera(), clouds, replace(LIGHT, exposure=2.0), seconds=0.0, coarse=2)
    others = {
        plate_key(camera(x=1), clouds, LIGHT, seconds=0.0, coarse=2),
        plate_key(camera(), flat_clouds(1.1), LIGHT, seconds=0.0, coarse=2),
        plate_key(camera(), None, LIGHT, seconds=0.0, coarse=2),
        plate_key(camera(), clouds, GLOWING, seconds=0.0, coarse=2),
        plate_key(camera(), clouds, LIGHT, seconds=1.0, coarse=2),
        plate_key(camera(), clouds, LIGHT, seconds=0.0, coarse=4),
    }
    assert len(others | {usual}) == 7
