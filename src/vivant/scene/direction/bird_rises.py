"""A white bird rises from below, goes past the light, and away into the sky; the camera follows softly."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float64
from scipy.interpolate import make_interp_spline

from vivant.scene.direction.call import Call, Curve, field_of_view, staged, sway
from vivant.scene.direction.stages import stage_in
from vivant.scene.figure.gait import stand_on_stair
from vivant.scene.figure.standing import stand
from vivant.scene.figure.turns import ease
from vivant.scene.light import Light
from vivant.scene.sets import lake_plan, meadow_plan
from vivant.scene.sets.registry import SUFFIX
from vivant.scene.shot import CameraMove, Shot, Walker
from vivant.scene.wings.bird import fly

SIZE = 1.25
_KEYS = np.array([0.0, 0.25, 0.5, 0.75, 1.0])
_ASIDE_DEG = np.array([20.0, 13.5, 6.0, 1.5, 7.5])
_ABOVE_DEG = np.array([0.0, -9.5, 0.5, 6.0, 10.0])
_AWAY_M = np.array([4.6, 5.6, 7.4, 11.0, 18.0])
"""Where it is seen in parts of the shot, from the sun: degrees aside and above, and metres away."""
_STARTS_DEG = -25.0
"""At first it is this far below the horizon, out of the picture."""
_PERSON_M, _PERSON_RAD, _ON_STAIR_M = 6.4, 0.05, 2.2
"""Where somebody watches: metres from the camera, aside of the sun; on the stair, the way from its first step."""
_FOV_DEG, _ACROSS_DEG = 34.0, 24.0
_BESIDE_DEG = (2.5, 9.0)
"""How far aside of the sun the camera looks, in an upright and in a wide picture."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sky:
    light: Light
    yaw_rad: float
    """Of the sun: to the right of -z."""
    height_rad: float
    side: float
    """On which side of it the bird comes: 1 is the right."""


def bird_rises(call: Call) -> Shot:
    """Let a bird rise."""
    t, seconds = call.times_s, call.seconds
    stage, sky = stage_in(call.scene_set), _sky(call)
    wide = float(np.clip((call.aspect - 0.6) / (16 / 9 - 0.6), 0, 1))
    e = ease(t / seconds)
    beside = _BESIDE_DEG[0] + wide * (_BESIDE_DEG[1] - _BESIDE_DEG[0])
    yaw = sky.yaw_rad + np.radians(sky.side * (beside - 3.0 * e))
    rises = np.radians(1.0) + (sky.height_rad + np.radians(3.5)) * ease((t / seconds - 0.15) / 0.85)
    forward = _toward(yaw, 0 * yaw)
    position = np.asarray(stage.eyes_m) + (0.4 * e)[:, None] * forward
    position = position + np.outer(0.2 * e, [0.0, 1.0, 0.0])
    position = position + sway(t, seed=call.seed, metres=0.012)
    aside, above, away = _way(t / seconds, sky)
    aside = aside * (0.45 + 0.55 * wide)
    places = position[:1] + away[:, None] * _toward(sky.yaw_rad + sky.side * aside, above)
    vigour = 0.62 + 0.38 * (1 - ease((t / seconds - 0.40) / 0.5))
    bird = fly(places, rate=float(call.rate), vigour=vigour, beats_per_s=2.5, size=SIZE)
    camera = CameraMove(
        position_m=position,
        target_m=position + 20 * _toward(yaw, rises),
        fov_deg=np.full(
            call.frames, field_of_view(_FOV_DEG, call.aspect, least_across_deg=_ACROSS_DEG)
        ),
        roll_deg=np.zeros(call.frames),
        focus_m=away,
        aperture=3.0,
    )
    return staged(
        call,
        camera,
        light=sky.light,
        presences=(*_watching(call, sky), bird),
        rays=stage.rays + 0.10,
        bloom=0.24,
    )


def _sky(call: Call) -> _Sky:
    """Find the sun; over the stairway it is cheated to where the sky is open."""
    light = call.light
    if call.scene_set.name.startswith("stairway"):
        light = light.from_direction(_toward(np.array([np.radians(176.0)]), np.radians([15.0]))[0])
    sun = np.asarray(light.sun)
    middle = np.radians(stage_in(call.scene_set).wide[0])
    yaw = float(np.arctan2(sun[0], -sun[2]))
    apart = (middle - yaw + np.pi) % (2 * np.pi) - np.pi
    return _Sky(
        light=light,
        yaw_rad=yaw,
        height_rad=float(np.arcsin(sun[1])),
        side=1.0 if apart >= 0 else -1.0,
    )


def _watching(call: Call, sky: _Sky) -> tuple[Walker, ...]:
    """Let whoever is in the shot stand there, small and from behind, before the light."""
    if not call.plan.who:
        return ()
    name = call.scene_set.name
    if name.startswith("stairway"):
        motion = stand_on_stair(_ON_STAIR_M, build=call.build).motion(
            frames=call.frames, rate=call.rate
        )
    else:
        toward = _toward(np.array([sky.yaw_rad - sky.side * _PERSON_RAD]), np.zeros(1))[0]
        place = np.asarray(stage_in(call.scene_set).eyes_m) + _PERSON_M * toward
        place[1] = float(meadow_plan.ground_at(place[:1], place[2:])[0])
        if name.startswith("lake"):
            middle = 0.5 * (lake_plan.JETTY_LEFT_M + lake_plan.JETTY_RIGHT_M)
            place[:2] = -middle if name.endswith(SUFFIX) else middle, 0.0
        motion = stand(
            place_m=place, toward=toward, build=call.build, frames=call.frames, rate=call.rate
        )
    return (Walker(person=call.who, motion=motion, shows_face=False),)


def _way(part: Curve, sky: _Sky) -> tuple[Curve, Curve, Curve]:
    """Give where it is seen, smooth in speed: radians aside of the sun, radians up, metres away."""
    above = np.degrees(sky.height_rad) + _ABOVE_DEG
    above[0] = _STARTS_DEG
    keys = np.stack([np.radians(_ASIDE_DEG), np.radians(above), _AWAY_M], axis=1)
    way = np.asarray(make_interp_spline(_KEYS, keys, k=3)(part))
    return way[:, 0], way[:, 1], way[:, 2]


def _toward(yaw_rad: Curve, up_rad: Curve) -> Float64[np.ndarray, "frames 3"]:
    return np.stack(
        [np.sin(yaw_rad) * np.cos(up_rad), np.sin(up_rad), -np.cos(yaw_rad) * np.cos(up_rad)],
        axis=-1,
    )
