"""*Embrace*, from afar: two small figures walk toward one another, with the light behind them, and embrace."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
from jaxtyping import Float64

from vivant.scene.direction.call import Call, field_of_view, staged, sway
from vivant.scene.figure.build import Build
from vivant.scene.figure.embracing import embrace
from vivant.scene.figure.motion import JOINT, FigureMotion
from vivant.scene.figure.turns import ease
from vivant.scene.sets import stairway_plan
from vivant.scene.sets.meadow_plan import ground_at
from vivant.scene.shot import CameraMove, Shot, Walker

EMBRACES_S = 3.1
"""Before the end of the shot, at least: the time that an embrace needs, and a moment to see it."""
LONGEST_WALK_S = 2.6
"""From farther aside, heads without a face would be seen half from the front."""
EYE_M = 1.12
"""Height of what the camera looks at."""
SUN_UP = 0.17
SIDEWAYS = -0.20
"""A head that looks more toward the camera than this has its face; -1 is straight at it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """Where two meet in a set."""

    middle_m: tuple[float, float, float]
    ahead: tuple[float, float, float]
    """The way of the one who comes from the left."""
    away: tuple[float, float, float]
    """From the two to the camera: a direction."""
    far_m: float
    nearer_m: float
    """How far the camera comes nearer."""
    high_m: float
    sun_aside: float
    """Where the sun stands: to the right of behind them."""
    height_at: Callable[[float, float], float] = lambda _x, _z: 0.0


def _meadow(x: float, z: float) -> float:
    return float(ground_at(np.array([x]), np.array([z]))[0])


def _at(place: np.ndarray) -> tuple[float, float, float]:
    return float(place[0]), float(place[1]), float(place[2])


SPOTS: Mapping[str, Spot] = MappingProxyType(
    {
        "meadow": Spot(
            middle_m=(-1.2, 0.0, -4.6), ahead=(1.0, 0.0, -0.05), away=(0.10, 0.0, 1.0), far_m=8.2, nearer_m=1.3,
            high_m=1.25, sun_aside=-0.16, height_at=_meadow,
        ),
        "lake": Spot(
            middle_m=(-1.62, 0.0, -3.4), ahead=(0.10, 0.0, -1.0), away=(0.94, 0.0, 0.62), far_m=8.2, nearer_m=1.2,
            high_m=1.30, sun_aside=-0.2,
        ),
        "stairway": Spot(
            middle_m=_at(stairway_plan.GATE - 2.6 * stairway_plan.ONWARD), ahead=_at(-stairway_plan.ASIDE),
            away=_at(-stairway_plan.ONWARD), far_m=8.6, nearer_m=1.3, high_m=1.45, sun_aside=0.0,
        ),
    }
)  # fmt: skip
"""By set."""


def walk_together(call: Call) -> Shot:
    """Walk toward one another, seen from afar, and embrace."""
    t = call.times_s
    spot = SPOTS[call.scene_set.name]
    middle = np.array(spot.middle_m)
    middle[1] += spot.height_at(middle[0], middle[2])
    begins_s = float(np.clip(call.seconds - EMBRACES_S - 0.8, 0.8, LONGEST_WALK_S))
    left, right = call.plan.who
    motions = embrace(
        middle_m=middle,
        toward=np.array(spot.ahead),
        frames=call.frames,
        rate=call.rate,
        begins_s=begins_s,
        walks_s=begins_s + 2.0,
        builds=(call.builds.get(left, Build()), call.builds.get(right, Build())),
    )
    camera, forward = _camera(call, spot, middle)
    right_way = np.cross(forward, [0.0, 1.0, 0.0])
    sun = forward * [1, 0, 1] + spot.sun_aside * right_way + np.array([0.0, SUN_UP, 0.0])
    state = {}
    if call.scene_set.name == "stairway":
        opened = np.full(call.frames, 1.25, np.float32)
        state = {"gates": opened, "glow": (3.0 + 1.4 * ease(t / call.seconds)).astype(np.float32)}
    return staged(
        call,
        camera,
        light=call.light.from_direction(sun),
        presences=tuple(
            Walker(person=name, motion=motion, shows_face=_turned_to(camera, motion))
            for name, motion in zip((left, right), motions, strict=True)
        ),
        rays=0.30,
        bloom=0.26,
        state=state,
    )


def _turned_to(camera: CameraMove, motion: FigureMotion) -> bool:
    """Whether a head is ever seen half from the front: then it needs its face."""
    away = (motion.joints_m[:, JOINT["head"]] - camera.position_m) * [1, 0, 1]
    away /= np.linalg.norm(away, axis=1, keepdims=True)
    yaw = motion.head_yaw_rad
    looks = np.column_stack([np.sin(yaw), np.zeros_like(yaw), np.cos(yaw)])
    return bool((looks * away).sum(axis=1).min() < SIDEWAYS)


def _camera(
    call: Call, spot: Spot, middle: Float64[np.ndarray, " 3"]
) -> tuple[CameraMove, Float64[np.ndarray, " 3"]]:
    t = call.times_s
    away = np.array(spot.away) / np.linalg.norm(spot.away)
    target = middle + np.array([0.0, EYE_M, 0.0])
    far = spot.far_m - spot.nearer_m * ease(t / call.seconds)
    position = middle + far[:, None] * away
    position[:, 1] = middle[1] + spot.high_m - 0.12 * ease(t / call.seconds)
    position = position + 0.4 * sway(t, seed=call.seed)
    fov = field_of_view(30.0, call.aspect, least_across_deg=21.0)
    camera = CameraMove(
        position_m=position,
        target_m=np.broadcast_to(target, (call.frames, 3)).copy(),
        fov_deg=np.full(call.frames, fov),
        roll_deg=np.zeros(call.frames),
        focus_m=far,
        aperture=20.0,
    )
    return camera, -away
