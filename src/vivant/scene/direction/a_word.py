"""*A word*: one person speaks to the camera, close, in a calm set.

The camera and the person stand in the set together: the camera comes slowly nearer and breathes, and where the face is
seen follows from where it is. The set is behind the person, out of focus; its sun stands behind and to the side.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

import numpy as np
from jaxtyping import Float64

from vivant.scene.direction import acting
from vivant.scene.direction.call import Call, Direction, staged, sway
from vivant.scene.direction.framing import Place, place_of, usual_place
from vivant.scene.figure.turns import ease
from vivant.scene.set import SceneSet
from vivant.scene.sets.registry import MIRRORED, SUFFIX, set_named
from vivant.scene.shot import Bust, CameraMove, Shot
from vivant.scene.view import look

FACE_M = 0.125
"""From chin to brow."""
PUSH = 0.055
"""How much larger a face becomes in ``PUSH_S`` seconds."""
PUSH_S = 8.0
SOFT_END = 0.88
"""A photo fades out from this share of its lower end on."""
BREATH_M = 0.0045
"""How far the camera sways."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """Where somebody stands in a set to speak, and where the camera looks past them."""

    eyes_m: tuple[float, float, float]
    wide: tuple[float, float]
    """Where a wide picture looks: degrees to the right of -z, and up."""
    tall: tuple[float, float]
    """The same for an upright picture."""
    side: float
    """Where the person stands in a wide picture: -1 is its left third, 1 its right."""
    misty: bool = False
    """Whether mist may hide the photo's lower end."""
    particles: tuple[str, ...] = ()
    """What floats there when nobody says."""
    rays: float = 0.14
    sun: tuple[float, float, float] | None = None
    """Where its sun is cheated to; where the set has it when left out."""


STAGES: Mapping[str, Stage] = MappingProxyType(
    {
        "room": Stage(
            eyes_m=(-0.52, 1.25, 0.42), wide=(18.0, -0.6), tall=(4.0, 0.0), side=-0.62,
            particles=("dust",), rays=0.05,
        ),
        "meadow": Stage(
            eyes_m=(0.0, 1.5, 0.0), wide=(-3.0, 1.0), tall=(-12.0, 2.5), side=0.85,
            particles=("seeds",),
        ),
        "lake": Stage(
            eyes_m=(-0.2, 1.5, 0.0), wide=(-3.0, -0.8), tall=(-9.0, 0.0), side=0.85,
        ),
        "stairway": Stage(
            eyes_m=(30.45, 2.72, -5.75), wide=(192.6, 6.0), tall=(190.0, 8.0), side=-0.9, misty=True, rays=0.24,
            sun=(-0.50, 0.24, 0.83),
        ),
    }
)  # fmt: skip
"""By set."""
_ELSEWHERE = Stage(eyes_m=(0.0, 1.5, 0.0), wide=(0.0, 1.0), tall=(0.0, 1.0), side=-1.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Lens:
    """A camera that storyboards can name."""

    fov_deg: float
    face: float
    """Height of the face, against the usual one."""
    aperture: float


LENSES: Mapping[str, _Lens] = MappingProxyType(
    {
        "close": _Lens(fov_deg=26.0, face=1.0, aperture=16.0),
        "near": _Lens(fov_deg=30.0, face=0.68, aperture=17.0),
        "medium": _Lens(fov_deg=30.0, face=0.68, aperture=17.0),
        "wide": _Lens(fov_deg=37.0, face=0.42, aperture=15.0),
    }
)
"""By the camera's name in a storyboard; ``near`` and ``medium`` are one."""


FROM_THE_OTHER_SIDE = 0.30
"""A photo that was lit this much from the right is put before a set whose sun comes from the right."""


def speak(call: Call) -> Shot:
    """Speak to the camera."""
    call = _turned_to_the_light(call)
    performance = call.acted
    t = call.times_s
    place, stage = _placed(call)
    camera, seen = _walked_in(call, place, stage)
    warmth = 0.10 + 0.10 * ease((t - (call.seconds - 1.1)) / 0.9)
    end = place.eyes_y + min(call.people[call.who].limits.below, 9.0) * place.face_height
    hides = stage.misty and end < 1.06
    return staged(
        call,
        camera,
        presences=(
            Bust(
                person=call.who,
                performance=acting.smile(performance, warmth),
                eyes_x=seen[:, 0].astype(np.float32),
                eyes_y=seen[:, 1].astype(np.float32),
                face_height=seen[:, 2].astype(np.float32),
                roll_deg=np.zeros(call.frames, np.float32),
                gestures=acting.standing(t, seed=call.seed),
                depth_m=float(camera.focus_m.mean()),
            ),
        ),
        mist=np.full(call.frames, 0.7, np.float32) if hides else None,
        mist_top=place.mist_top,
        particles=call.plan.particles or (() if _plain(call) else stage.particles),
        rays=stage.rays,
        bloom=0.20,
    )


def _turned_to_the_light(call: Call) -> Call:
    """Exchange left and right in the set when the photo's own light came from the other side than its sun."""
    other = call.scene_set.name + SUFFIX
    if other not in MIRRORED or call.people[call.who].lit_from < FROM_THE_OTHER_SIDE:
        return call
    return replace(call, scene_set=set_named(other))


def _stage_in(scene_set: SceneSet) -> Stage:
    name = scene_set.name
    if not name.endswith(SUFFIX):
        return STAGES.get(name, _ELSEWHERE)
    stage = STAGES[name.removesuffix(SUFFIX)]
    x, y, z = stage.eyes_m
    return replace(
        stage,
        eyes_m=(-x, y, z),
        wide=(-stage.wide[0], stage.wide[1]),
        tall=(-stage.tall[0], stage.tall[1]),
        side=-stage.side,
    )


def _plain(call: Call) -> bool:
    """Tell whether the storyboard wants nothing in the air."""
    return call.plan.choice("particles", "") == "none"


def _placed(call: Call) -> tuple[Place, Stage]:
    """Find where the face is at first: as the lens wishes, as far as the photo reaches."""
    stage = _stage_in(call.scene_set)
    lens = LENSES[call.plan.camera or "close"]
    usual = usual_place(call.aspect, side=stage.side)
    lower = 0.05 * (1 - lens.face)
    wish = Place(
        eyes_x=usual.eyes_x,
        eyes_y=usual.eyes_y + lower,
        face_height=usual.face_height * lens.face,
        mist_top=usual.mist_top,
    )
    subject = call.people[call.who]
    limits = replace(subject.limits, below=SOFT_END * subject.limits.below)
    kept = replace(subject, limits=limits)
    return place_of(kept, aspect=call.aspect, wish=wish, misty=stage.misty), stage


def _walked_in(
    call: Call, place: Place, stage: Stage
) -> tuple[CameraMove, Float64[np.ndarray, "frames 3"]]:
    """Stand before the person and come nearer; give also where the face is seen: x, y and its height."""
    t, frames = call.times_s, call.frames
    lens = LENSES[call.plan.camera or "close"]
    wide = float(np.clip((call.aspect - 0.6) / (16 / 9 - 0.6), 0, 1))
    yaw, pitch = (
        np.radians(tall + wide * (one - tall))
        for one, tall in zip(stage.wide, stage.tall, strict=True)
    )
    forward = np.array([np.sin(yaw) * np.cos(pitch), np.sin(pitch), -np.cos(yaw) * np.cos(pitch)])
    eyes = np.asarray(stage.eyes_m)
    tall = 2 * np.tan(np.radians(lens.fov_deg) / 2)
    size = {"width_px": call.width_px, "height_px": call.height_px}
    away = FACE_M / (place.face_height * tall)
    axes = look(np.zeros(3), forward, fov_deg=lens.fov_deg, **size)
    aside = place.eyes_x * tall * away * axes.right + (0.5 - place.eyes_y) * tall * away * axes.up
    first = eyes - aside - away * forward
    nearer = 1 / (1 + PUSH * _eased_way(t, call.seconds))
    position = eyes + nearer[:, None] * (first - eyes) + sway(t, seed=call.seed, metres=BREATH_M)
    to_eyes = eyes - position
    depth = to_eyes @ forward
    camera = CameraMove(
        position_m=position,
        target_m=position + 10 * forward,
        fov_deg=np.full(frames, lens.fov_deg),
        roll_deg=0.10 * np.sin(0.5 * t + call.seed % 7),
        focus_m=depth,
        aperture=lens.aperture,
    )
    seen = np.column_stack(
        [
            to_eyes @ axes.right / (depth * tall),
            0.5 - to_eyes @ axes.up / (depth * tall),
            FACE_M / (depth * tall),
        ]
    )
    return camera, seen


def _eased_way(times_s: Float64[np.ndarray, " frames"], seconds: float) -> np.ndarray:
    """Give how much of a push is done: slow at both ends, even between, 1 after ``PUSH_S`` seconds of a long shot."""
    soft = min(1.2, seconds / 3)
    t = np.clip(times_s, 0, seconds)
    begin = np.where(t < soft, t * t / (2 * soft), t - soft / 2)
    late = np.maximum(t - (seconds - soft), 0)
    return np.asarray((begin - late * late / (2 * soft)) / PUSH_S)


DIRECTIONS: dict[str, Direction] = {"speak": speak}
