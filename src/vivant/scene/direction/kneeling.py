"""*Children*, from afar: somebody grown kneels down, arms open, and children run to them.

Everybody is small. The grown person's face is the photo's own; the children are seen from behind, and the sun stands
behind the grown person. There is no such shot on the stairway: children do not go there.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
from jaxtyping import Float64

from vivant.scene.direction.call import Call, field_of_view, staged, sway
from vivant.scene.direction.leaning import children_of, grown_of
from vivant.scene.figure.build import Build, child_build
from vivant.scene.figure.motion import JOINT, FigureMotion
from vivant.scene.figure.receiving import Runner, receive
from vivant.scene.figure.staging import LARGEST_HEAD
from vivant.scene.figure.turns import ease
from vivant.scene.sets.meadow_plan import ground_at
from vivant.scene.shot import CameraMove, Shot, Walker

HEAD_M = 0.27
"""From the chin to the top of hair or a cap: what hardly a head is larger than."""
ROOM = 1.04
"""How much farther away than it must be the camera stays."""
AIM_M = 0.66
"""Height of what the camera looks at."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """Where it happens in a set."""

    place_m: tuple[float, float, float]
    """Where the grown person kneels."""
    camera_deg: float
    """How far to the side of where they look the camera stands."""
    away_m: float
    """Of the camera, at first."""
    nearer_m: float
    """How far it comes."""
    high_m: float
    fov_deg: float
    least_across_deg: float
    runs_m: float
    """How far the children come."""
    apart_m: float
    """How far to each side of the way they start."""
    height_at: Callable[[float, float], float] = lambda _x, _z: 0.0


def _meadow(x: float, z: float) -> float:
    return float(ground_at(np.array([x]), np.array([z]))[0])


GROUNDS: Mapping[str, Ground] = MappingProxyType(
    {
        "meadow": Ground(
            place_m=(-0.6, 0.0, -6.4), camera_deg=8.0, away_m=7.6, nearer_m=1.9, high_m=0.98, fov_deg=24.0,
            least_across_deg=17.0, runs_m=1.9, apart_m=1.15, height_at=_meadow,
        ),
        "lake": Ground(
            place_m=(-1.62, 0.0, -3.6), camera_deg=3.0, away_m=8.4, nearer_m=1.3, high_m=1.15, fov_deg=26.0,
            least_across_deg=17.0, runs_m=1.9, apart_m=0.34,
        ),
        "room": Ground(
            place_m=(-0.72, 0.0, -1.25), camera_deg=9.0, away_m=4.42, nearer_m=0.35, high_m=1.15, fov_deg=46.0,
            least_across_deg=33.0, runs_m=1.5, apart_m=0.55,
        ),
    }
)  # fmt: skip
"""By set."""


def kneel_to(call: Call) -> Shot:
    """Kneel down to the height of one or two children, and take them into the arms."""
    ground = GROUNDS[call.scene_set.name]
    names = (grown_of(call), *children_of(call))
    builds = [call.builds.get(names[0], Build()), *(_build_of(call, name) for name in names[1:])]
    place = np.array(ground.place_m)
    way = np.array([0.0, 0.0, 1.0])
    place[1] = ground.height_at(float(place[0]), float(place[2]))
    apart = min(ground.apart_m, _room_beside(call, ground))
    starts = [
        place + ground.runs_m * way + np.array([side * apart, 0.0, 0.25 * late])
        for side, late in ((-1.0, 0), (1.0, 1))
    ]
    runners = []
    for build, start in zip(builds[1:], starts, strict=False):
        start[1] = ground.height_at(float(start[0]), float(start[2]))
        runners.append(Runner(build=build, from_m=start))
    grown, children = receive(
        place_m=place,
        toward=way,
        children=runners,
        frames=call.frames,
        rate=call.rate,
        build=builds[0],
        ground=ground.height_at,
    )
    motions = [grown, *children]
    walkers = [
        Walker(person=name, motion=motion, shows_face=index == 0)
        for index, (name, motion) in enumerate(zip(names, motions, strict=True))
    ]
    camera = _camera(call, ground, place, way, motions)
    return staged(
        call,
        camera,
        presences=tuple(walkers),
        particles=call.plan.particles or _floating(call),
        rays=0.26,
        bloom=0.24,
    )


def _room_beside(call: Call, ground: Ground) -> float:
    """Tell how far from the middle children may start and be in the picture: upright ones are narrow."""
    fov = field_of_view(ground.fov_deg, call.aspect, least_across_deg=ground.least_across_deg)
    half = call.aspect * np.tan(np.radians(fov) / 2)
    return float(0.66 * half * (ground.away_m - ground.runs_m))


def _floating(call: Call) -> tuple[str, ...]:
    """Say what is in the air where the storyboard does not."""
    if call.plan.choice("particles", "") == "none":
        return ()
    return {"meadow": ("seeds",), "room": ("dust",)}.get(call.scene_set.name, ())


def _build_of(call: Call, name: str) -> Build:
    return call.builds.get(name) or child_build()


def _camera(
    call: Call,
    ground: Ground,
    place: Float64[np.ndarray, " 3"],
    way: Float64[np.ndarray, " 3"],
    motions: list[FigureMotion],
) -> CameraMove:
    """Come slowly nearer, and stay as far as the heads must be small."""
    t, frames = call.times_s, call.frames
    fov = field_of_view(ground.fov_deg, call.aspect, least_across_deg=ground.least_across_deg)
    side = np.radians(ground.camera_deg)
    back = np.array([np.sin(side), 0.0, np.cos(side)])
    pushed = ease(0.08 + 0.84 * t / call.seconds)
    away = ground.away_m - ground.nearer_m * (pushed - pushed[0])
    aim = place + 0.32 * way + np.array([0.0, AIM_M, 0.0])
    target = np.broadcast_to(aim, (frames, 3)) + 0.3 * sway(t, seed=call.seed + 1)
    position = aim + away[:, None] * back + np.array([0.0, ground.high_m - AIM_M, 0.0])
    position = position + 0.5 * sway(t, seed=call.seed)
    fov = max(fov, _widest(position, target, motions))
    return CameraMove(
        position_m=position,
        target_m=target,
        fov_deg=np.full(frames, fov),
        roll_deg=np.zeros(frames),
        focus_m=np.linalg.norm(target - position, axis=1),
        aperture=22.0,
    )


def _widest(
    position: Float64[np.ndarray, "frames 3"],
    target: Float64[np.ndarray, "frames 3"],
    motions: list[FigureMotion],
) -> float:
    """Open the lens until no head is larger than it may be."""
    forward = target - position
    forward = forward / np.linalg.norm(forward, axis=1, keepdims=True)
    heads = [motion.joints_m[:, JOINT["head"]] for motion in motions]
    near = min(float(np.sum((head - position) * forward, axis=1).min()) for head in heads)
    half = ROOM * HEAD_M / (2 * LARGEST_HEAD * max(near, 0.5))
    return float(2 * np.degrees(np.arctan(half)))
