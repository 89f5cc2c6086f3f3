"""Several people before one camera: where each stands in the set, in metres, and where each is seen for that."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from jaxtyping import Float64

from vivant.performance.curves import Performance
from vivant.scene.direction.a_word import SOFT_END, eased_way
from vivant.scene.direction.call import Call, Curve, sway
from vivant.scene.direction.framing import BELOW_EDGE, HEADROOM, LARGEST_FACE
from vivant.scene.direction.stages import FACE_M, LENSES, Stage, stage_in
from vivant.scene.shot import Bust, CameraMove
from vivant.scene.view import look

BREATH_M = 0.0045
"""How far the camera sways."""
GROWN_M = 1.68
"""Height of most grown people, for whom ``FACE_M`` holds."""


PET_FACE_M = {"cat": 0.072, "dog": 0.118, "other": 0.09}
"""From the brow to the chin, of most animals that live with people; dogs differ most."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Spot:
    """Where somebody's eyes are, from the middle of the group, along the camera's axes; numbers or curves."""

    right_m: Curve | float = 0.0
    up_m: Curve | float = 0.0
    nearer_m: Curve | float = 0.0
    """Toward the camera."""
    hidden: float = 0.0
    """How much of the picture's lower end mist or others hide of this person: the photo may end there."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Gathering:
    """People and camera, in one space."""

    camera: CameraMove
    stage: Stage
    right: Float64[np.ndarray, " 3"]
    """Axes of the camera in the set; they do not change in the shot."""
    up: Float64[np.ndarray, " 3"]
    forward: Float64[np.ndarray, " 3"]
    eyes_m: Mapping[str, Float64[np.ndarray, "frames 3"]]
    """Middle between the eyes of each, in the set."""
    seen: Mapping[str, Float64[np.ndarray, "frames 3"]]
    """Of each: middle of the eyes, x and y, and height of the face; in heights of the picture, as a ``Bust`` wants them."""

    def bust(self, name: str, performance: Performance, **more: Any) -> Bust:  # noqa: ANN401 - fields of a bust
        """Give somebody's bust at its place; ``more`` are its other fields."""
        seen = self.seen[name].astype(np.float32)
        more.setdefault("roll_deg", np.zeros(len(seen), np.float32))
        depth = (self.eyes_m[name] - self.camera.position_m) @ self.forward
        return Bust(
            person=name,
            performance=performance,
            eyes_x=seen[:, 0],
            eyes_y=seen[:, 1],
            face_height=seen[:, 2],
            depth_m=float(depth.mean()),
            **more,
        )


def face_m(call: Call, name: str) -> float:
    """Tell how tall a person's face is, chin to brow, in metres: a child's is a little smaller."""
    animal = call.people[name].animal if name in call.people else ""
    if animal:
        return PET_FACE_M.get(animal, PET_FACE_M["other"]) * call.plan.number("size", 1.0)
    build = call.builds.get(name)
    height = GROWN_M if build is None else build.height_m
    return FACE_M * float(np.clip(0.55 + 0.45 * height / GROWN_M, 0.7, 1.06))


def gather(
    call: Call,
    spots: Mapping[str, Spot],
    *,
    face: float,
    eyes_y: float = 0.40,
    eyes_x: float = 0.0,
    camera: str = "close",
    push: float = 0.055,
    sides: float | None = None,
) -> Gathering:
    """Put people before the camera at the set's usual place.

    Args:
        call: The shot; its set as ``stages.turned_to_the_light`` gives it.
        spots: Where each person's eyes are.
        face: Height of a grown face in the middle of the group, in heights of the picture, at the start of the shot;
            more where a photo ends too early for it.
        eyes_y: Where the middle of the group is seen, down from the top.
        eyes_x: The same, right of the middle; both in heights of the picture.
        camera: A lens by its name in ``stages.LENSES``.
        push: How much larger everything becomes in eight seconds.
        sides: Where in the set's panorama it is looked from: 0 as in an upright picture, 1 as in a wide one; by the
            picture's shape when left out.
    """
    stage, lens, t = stage_in(call.scene_set), LENSES[camera], call.times_s
    face = _large_enough(call, spots, face=face, eyes_y=eyes_y)
    wide = float(np.clip((call.aspect - 0.6) / (16 / 9 - 0.6), 0, 1)) if sides is None else sides
    yaw, pitch = (
        np.radians(tall + wide * (one - tall))
        for one, tall in zip(stage.wide, stage.tall, strict=True)
    )
    forward = np.array([np.sin(yaw) * np.cos(pitch), np.sin(pitch), -np.cos(yaw) * np.cos(pitch)])
    tall = 2 * np.tan(np.radians(lens.fov_deg) / 2)
    size = {"width_px": call.width_px, "height_px": call.height_px}
    away = FACE_M / (face * tall)
    axes = look(np.zeros(3), forward, fov_deg=lens.fov_deg, **size)
    right, up = np.asarray(axes.right), np.asarray(axes.up)
    middle = np.asarray(stage.eyes_m)
    first = middle - tall * away * (eyes_x * right + (0.5 - eyes_y) * up) - away * forward
    nearer = 1 / (1 + push * eased_way(t, call.seconds))
    position = middle + nearer[:, None] * (first - middle)
    position = position + sway(t, seed=call.seed, metres=BREATH_M)
    eyes = {
        name: middle + _offset(spot, call.frames, right, up, forward)
        for name, spot in spots.items()
    }
    seen = {}
    for name, place in eyes.items():
        to_eyes = place - position
        depth = to_eyes @ forward
        seen[name] = np.column_stack(
            [
                to_eyes @ right / (depth * tall),
                0.5 - to_eyes @ up / (depth * tall),
                face_m(call, name) / (depth * tall),
            ]
        )
    move = CameraMove(
        position_m=position,
        target_m=position + 10 * forward,
        fov_deg=np.full(call.frames, lens.fov_deg),
        roll_deg=0.10 * np.sin(0.5 * t + call.seed % 7),
        focus_m=(middle - position) @ forward,
        aperture=lens.aperture,
    )
    return Gathering(
        camera=move, stage=stage, right=right, up=up, forward=forward, eyes_m=eyes, seen=seen
    )


def _offset(
    spot: Spot,
    frames: int,
    right: Float64[np.ndarray, " 3"],
    up: Float64[np.ndarray, " 3"],
    forward: Float64[np.ndarray, " 3"],
) -> Float64[np.ndarray, "frames 3"]:
    along = ((spot.right_m, right), (spot.up_m, up), (spot.nearer_m, -forward))
    parts = [
        np.broadcast_to(np.asarray(by, np.float64), (frames,))[:, None] * way for by, way in along
    ]
    return np.asarray(parts[0] + parts[1] + parts[2])


def _large_enough(call: Call, spots: Mapping[str, Spot], *, face: float, eyes_y: float) -> float:
    """Come so near that no photo's lower end is seen, as far as faces may grow and heads fit in."""
    for name, spot in spots.items():
        subject, share = call.people[name], face_m(call, name) / FACE_M
        up = float(np.max(spot.up_m)) / FACE_M
        below = SOFT_END * min(subject.limits.below, 9.0) * share - up
        needed = (1 + BELOW_EDGE - spot.hidden - eyes_y) / max(below, 0.5)
        room = (eyes_y - HEADROOM) / (min(subject.up, 1.6) * share + up)
        face = max(face, min(needed, room, LARGEST_FACE))
    return face
