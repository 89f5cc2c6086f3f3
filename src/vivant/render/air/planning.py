"""Which frames of a shot need a plate of air of their own, and how a kept plate is known again."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict
from fractions import Fraction

import numpy as np
from jaxtyping import Float64

from vivant.render.air.march import FAR_M
from vivant.render.air.slabs import VERSION
from vivant.scene.air import Clouds
from vivant.scene.light import Light
from vivant.scene.noise import VERSION as NOISE_VERSION
from vivant.scene.shot import CameraMove
from vivant.scene.view import View

NEAREST_M = 9.0
"""Depth of the nearest clouds that shall look right, if nobody knows better."""
TRAVEL = 0.30
"""How far, in depths of the nearest cloud, the eye may be from one plate to the next."""
WIDENED = 0.15
"""How much more than its frame a plate sees, on all sides together."""
_TURN = 0.8 * WIDENED


def key_frames(
    camera: CameraMove,
    *,
    rate: Fraction,
    clouds: Clouds | None,
    width_px: int,
    height_px: int,
    nearest_m: float = NEAREST_M,
) -> tuple[int, ...]:
    """Choose the frames from whose cameras plates are baked.

    Plates are set so far apart that neither the eye's travel past the clouds (their own drift counts as
    travel) nor its turning, nor a change of focal length asks more of a plate than it holds. A shot that
    stays within that gets one plate, from its middle.

    Args:
        camera: The shot's camera.
        rate: Frames a second.
        clouds: The set's; without, one plate (of nothing) is enough.
        width_px: Of the film.
        height_px: Of the film.
        nearest_m: Depth of the nearest clouds.
    """
    frames = len(camera.fov_deg)
    if clouds is None or frames == 1:
        return ((frames - 1) // 2,)
    need = np.concatenate(
        [[0.0], np.cumsum(_needs(camera, rate, clouds, width_px, height_px, nearest_m))]
    )
    if need[-1] <= 1:
        return (int(np.searchsorted(need, need[-1] / 2)),)
    count = int(np.ceil(need[-1])) + 1
    wanted = np.linspace(0, need[-1], count)
    nearest = np.abs(need[:, None] - wanted).argmin(0)
    return tuple(sorted({int(frame) for frame in nearest}))


def plate_view(camera: CameraMove, frame: int, *, width_px: int, height_px: int) -> View:
    """Give the view from which a frame's plate is baked."""
    return camera.view(frame, width_px=width_px, height_px=height_px).widened(WIDENED)


def plate_key(
    view: View,
    clouds: Clouds | None,
    light: Light,
    *,
    seconds: float,
    coarse: int,
) -> str:
    """Name a plate: a hash of all that it depends on."""
    facts = {
        "versions": [VERSION, NOISE_VERSION],
        "view": [view.width_px, view.height_px, round(view.tan_up, 6)],
        "axes": [
            np.round(axis, 5).tolist()
            for axis in (view.position_m, view.right, view.up, view.forward)
        ],
        "light": {key: value for key, value in asdict(light).items() if key != "exposure"},
        "seconds": round(seconds, 3),
        "coarse": coarse,
    }
    digest = hashlib.sha256(json.dumps(facts, sort_keys=True).encode())
    if clouds is not None:
        facts = {
            "numbers": [clouds.thickness, clouds.billow_m, *clouds.drift_m_per_s],
            "maps": [
                [tops.left_m, tops.near_m, tops.cell_m, list(tops.height_m.shape)]
                for tops in (clouds.tops, clouds.far_tops)
            ],
        }
        digest.update(json.dumps(facts).encode())
        for tops in (clouds.tops, clouds.far_tops):
            digest.update(np.round(tops.height_m, 3).tobytes())
    return digest.hexdigest()


def _needs(
    camera: CameraMove,
    rate: Fraction,
    clouds: Clouds,
    width_px: int,
    height_px: int,
    nearest_m: float,
) -> Float64[np.ndarray, " steps"]:
    """Tell what part of a plate's reach each frame takes up, the last excepted."""
    drift = np.asarray(clouds.drift_m_per_s) / float(rate)
    travel = np.diff(camera.position_m, axis=0) - drift
    moved = np.linalg.norm(travel, axis=1) / (TRAVEL * min(nearest_m, FAR_M))
    views = [
        camera.view(frame, width_px=width_px, height_px=height_px)
        for frame in range(len(camera.fov_deg))
    ]
    forward = np.stack([view.forward for view in views])
    turn = np.linalg.norm(np.diff(forward, axis=0), axis=1)
    lens = np.array([min(view.tan_up, view.tan_right) for view in views])
    turned = turn / lens[:-1] / _TURN
    zoomed = np.abs(np.diff(np.log(lens))) / _TURN
    roll = np.radians(np.abs(np.diff(camera.roll_deg))) / _TURN
    return np.asarray(np.maximum(moved, turned + zoomed + roll))
