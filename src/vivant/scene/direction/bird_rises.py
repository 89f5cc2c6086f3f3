"""A white bird rises from below, goes past the light, and away into the sky; the camera follows softly."""

from __future__ import annotations

import numpy as np
from jaxtyping import Float64
from scipy.interpolate import make_interp_spline

from vivant.scene.direction.call import Call, field_of_view, staged, sway
from vivant.scene.direction.stages import stage_in
from vivant.scene.figure.turns import ease
from vivant.scene.shot import CameraMove, Shot
from vivant.scene.wings.bird import fly

_FOV_DEG = 36.0
SIZE = 1.15
_KEYS = np.array([0.0, 0.22, 0.45, 0.68, 1.0])
_RIGHT = np.array([-1.5, -0.75, 0.35, 1.05, 0.75])
_UP = np.array([-1.25, -0.30, 0.75, 2.10, 5.4])
_AWAY = np.array([3.6, 4.4, 6.2, 10.5, 24.0])
"""Its way: parts of the shot; metres right, up and away from the camera."""


def bird_rises(call: Call) -> Shot:
    """Let a bird rise."""
    t, seconds = call.times_s, call.seconds
    stage = stage_in(call.scene_set)
    wide = float(np.clip((call.aspect - 0.6) / (16 / 9 - 0.6), 0, 1))
    yaw, pitch = (
        np.radians(tall + wide * (one - tall))
        for one, tall in zip(stage.wide, stage.tall, strict=True)
    )
    forward = np.array([np.sin(yaw), 0.0, -np.cos(yaw)])
    right = np.array([np.cos(yaw), 0.0, np.sin(yaw)])
    e = ease(t / seconds)
    position = np.asarray(stage.eyes_m) + (0.5 * e)[:, None] * forward
    position = position + np.array([0.0, 0.15, 0.0]) * e[:, None]
    position = position + sway(t, seed=call.seed, metres=0.012)
    way = _way(t / seconds, aside=0.42 + 0.58 * wide)
    places = position[:1] + way @ np.stack([right, np.array([0.0, 1.0, 0.0]), forward])
    rises = 0.02 + pitch + np.radians(9.0) * ease((t / seconds - 0.10) / 0.85)
    looks = forward * np.cos(rises)[:, None] + np.array([0.0, 1.0, 0.0]) * np.sin(rises)[:, None]
    vigour = 0.35 + 0.65 * (1 - ease((t / seconds - 0.35) / 0.5))
    bird = fly(places, rate=float(call.rate), vigour=vigour, beats_per_s=3.1, size=SIZE)
    camera = CameraMove(
        position_m=position,
        target_m=position + 20 * looks,
        fov_deg=np.full(call.frames, field_of_view(_FOV_DEG, call.aspect, least_across_deg=24.0)),
        roll_deg=np.zeros(call.frames),
        focus_m=way[:, 2].copy(),
        aperture=4.0,
    )
    return staged(
        call,
        camera,
        presences=(bird,),
        rays=stage.rays + 0.10,
        bloom=0.24,
        white=(0.05 * e).astype(np.float32),
    )


def _way(part: Float64[np.ndarray, " frames"], *, aside: float) -> Float64[np.ndarray, "frames 3"]:
    """Give its way, smooth in speed: right, up and away from where the camera begins."""
    keys = np.stack([_RIGHT * aside, _UP, _AWAY], axis=1)
    return np.asarray(make_interp_spline(_KEYS, keys, k=3)(part))
