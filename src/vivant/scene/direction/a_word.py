"""*A word*: one person speaks to the camera, close, in a calm set.

The camera and the person stand in the set together: the camera comes slowly nearer and breathes, and where the face is
seen follows from where it is. The set is behind the person, out of focus; its sun stands behind and to the side.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from jaxtyping import Float64

from vivant.performance.curves import Performance
from vivant.scene.direction import acting
from vivant.scene.direction.call import Call, Direction, staged, sway
from vivant.scene.direction.framing import Place, place_of, usual_place
from vivant.scene.direction.regarding import regarding
from vivant.scene.direction.stages import (
    FACE_M,
    LENSES,
    Stage,
    stage_in,
    turned_to_the_light,
)
from vivant.scene.figure.turns import ease
from vivant.scene.shot import Bust, CameraMove, Shot
from vivant.scene.view import look

PUSH = 0.055
"""How much larger a face becomes in ``PUSH_S`` seconds."""
PUSH_S = 8.0
SOFT_END = 0.88
"""A photo fades out from this share of its lower end on."""
BREATH_M = 0.0045
"""How far the camera sways."""


def speak(call: Call) -> Shot:
    """Speak to the camera."""
    call = turned_to_the_light(call)
    t = call.times_s
    place, stage = _placed(call)
    performance = _performed(call, place)
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


def _performed(call: Call, place: Place) -> Performance:
    """Speak to us all the time, but listen to whoever speaks from out of the picture."""
    if all(one.speaker == call.who for one in call.sayings):
        return call.acted
    return regarding(call, {call.who: place.eyes_x})[call.who]


def _plain(call: Call) -> bool:
    """Tell whether the storyboard wants nothing in the air."""
    return call.plan.choice("particles", "") == "none"


def _placed(call: Call) -> tuple[Place, Stage]:
    """Find where the face is at first: as the lens wishes, as far as the photo reaches."""
    stage = stage_in(call.scene_set)
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
    nearer = 1 / (1 + PUSH * eased_way(t, call.seconds))
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


def eased_way(times_s: Float64[np.ndarray, " frames"], seconds: float) -> np.ndarray:
    """Give how much of a push is done: slow at both ends, even between, 1 after ``PUSH_S`` seconds of a long shot."""
    soft = min(1.2, seconds / 3)
    t = np.clip(times_s, 0, seconds)
    begin = np.where(t < soft, t * t / (2 * soft), t - soft / 2)
    late = np.maximum(t - (seconds - soft), 0)
    return np.asarray((begin - late * late / (2 * soft)) / PUSH_S)


DIRECTIONS: dict[str, Direction] = {"speak": speak}
