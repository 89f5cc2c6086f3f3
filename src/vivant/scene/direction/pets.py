"""*Our pet*: an animal breathes, blinks and tilts its head, alone or with its person.

An animal alone is seen from its own height. With its person it is before them, low, as in a lap, or at a
shoulder; both stand in one metric space, so that a cat is as small beside a face as cats are.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from math import isfinite

import numpy as np

from vivant.errors import InputError
from vivant.media.face import SHAPE
from vivant.performance.curves import HEAD, Performance
from vivant.performance.pets import (
    PetPerformance,
    look,
    pet_idle,
    slow_blink,
    sniff,
    tilt,
    twitch,
)
from vivant.scene.direction import acting
from vivant.scene.direction.a_word import SOFT_END
from vivant.scene.direction.call import Call, Curve, Direction, staged
from vivant.scene.direction.framing import LARGEST_FACE, Place, place_of
from vivant.scene.direction.gathering import Gathering, Spot, face_m, gather
from vivant.scene.direction.stages import FACE_M, LENSES, stage_in, turned_to_the_light
from vivant.scene.figure.turns import ease
from vivant.scene.shot import Animal, Shot

LOWER_M: Mapping[str, float] = {"room": 0.28, "meadow": 0.62, "lake": 0.55, "stairway": 0.0}
"""How much lower than a person an animal alone is seen, by set."""
PET_FACE = 0.34
"""Height of an animal's face in the picture, where it is alone."""
PERSON_FACE = 0.30
"""Height of a person's face beside their animal."""
LAP_M, SHOULDER_M = (0.040, -0.165), (0.165, -0.085)
"""Where an animal's eyes are from its person's: aside, up."""
NARROW_FACE, HALF_WIDE = 0.34, 0.62
"""How large a person's face may become in an upright picture; half the width of an animal's face, in its heights."""
FILLING_FACE = 1.0
"""The largest face of an animal whose photo cuts its head: such a photo fills the picture."""
LEAST_BELOW = 0.75
"""Beside a person an animal's photo reaches at least so far below its eyes, in face heights: past its chin."""
CONTACT = 0.5
"""How dark an animal makes its person beside its edge: fur lets light through."""
BESIDE_EDGE = 0.03
LOWEST_EYES = 0.90
"""An animal's eyes are never lower in the picture than this."""


def alone(call: Call) -> Shot:
    """Show an animal: it breathes, looks, blinks slowly, tilts its head, flicks an ear."""
    call = turned_to_the_light(call)
    name = call.who
    place = _placed_alone(call, name)
    group = gather(
        call,
        {name: Spot()},
        face=place.face_height * FACE_M / face_m(call, name),
        eyes_y=place.eyes_y,
        eyes_x=place.eyes_x,
        camera=call.plan.camera or "close",
        push=0.05,
    )
    group = _lowered(group, LOWER_M.get(call.scene_set.name.partition("-")[0], 0.3))
    return staged(
        call,
        group.camera,
        presences=(_animal(call, name, group, performed(call, name)),),
        particles=call.plan.particles or group.stage.particles,
        rays=group.stage.rays,
        mist=np.full(call.frames, 0.7, np.float32) if group.stage.misty else None,
        mist_top=0.8,
        bloom=0.20,
    )


def together(call: Call) -> Shot:
    """Show a person and their animal in one light: they look at us, then the person down at it, and smiles."""
    call = turned_to_the_light(call)
    pet = next((name for name in call.plan.who if call.people[name].animal), call.plan.who[-1])
    person = next(name for name in call.plan.who if name != pet)
    t, seconds = call.times_s, call.seconds
    _insist_on_a_whole_head(call, pet)
    side = 1.0 if call.plan.who.index(pet) > call.plan.who.index(person) else -1.0
    wide = float(np.clip((call.aspect - 0.6) / (16 / 9 - 0.6), 0, 1))
    face = PERSON_FACE - 0.045 * (1 - wide)
    eyes_y = 0.345 - 0.015 * (1 - wide)
    place = SHOULDER_M if call.plan.choice("where", "lap") == "shoulder" else LAP_M
    up = _low_enough(call, pet, up_m=place[1], face=face, eyes_y=eyes_y)
    rests = 0.004 * np.sin(2 * np.pi * t / 4.1 + call.seed % 5)
    spots = {
        person: Spot(),
        pet: Spot(right_m=side * _near_enough(call, pet, place[0]), up_m=up + rests, nearer_m=0.10),
    }
    group = gather(
        call,
        spots,
        face=face,
        eyes_y=eyes_y,
        eyes_x=0.14 * wide * stage_in(call.scene_set).side,
        camera=call.plan.camera or "close",
        push=0.05,
    )
    down = ease((t - 0.26 * seconds) / 1.3) * (1 - 0.55 * ease((t - 0.80 * seconds) / 1.2))
    warm = 0.30 + 0.55 * ease((t - 0.30 * seconds) / 1.6)
    performance = looking_down(call.acted_by(person), down, yaw_deg=7.0 * side)
    bust = group.bust(
        person,
        acting.smile(performance, warm),
        roll_deg=(3.0 * side * down).astype(np.float32),
        gestures=acting.standing(t, seed=call.seed),
    )
    pet_does = performed(call, pet)
    pet_does = look(pet_does, 0.42 * seconds, yaw_deg=-4.5 * side, pitch_deg=-2.0, takes_s=1.0)
    return staged(
        call,
        group.camera,
        presences=(
            bust,
            _animal(call, pet, group, pet_does, contact=np.full(call.frames, CONTACT, np.float32)),
        ),
        particles=call.plan.particles or group.stage.particles,
        rays=group.stage.rays,
        bloom=0.20,
    )


def performed(call: Call, name: str) -> PetPerformance:
    """Give an animal something to do, by the shot's mood and by chance."""
    animal = call.people[name].animal or "cat"
    seed = call.seed + 17 * (1 + sum(name.encode()))
    pet = pet_idle(call.frames, rate=call.rate, seed=seed, animal=animal)
    random = np.random.default_rng(seed)
    seconds, way = call.seconds, 1.0 if random.random() < 0.5 else -1.0
    mood = call.plan.choice("mood", "calm")
    if mood == "curious":
        pet = tilt(pet, 0.22 * seconds, degrees=10.0 * way, holds_s=min(2.4, 0.4 * seconds))
        pet = sniff(pet, 0.80 * seconds)
    elif mood == "sleepy":
        half = 0.55 * ease((pet.times_s - 0.15 * seconds) / 1.4)
        pet = pet.with_more(blink_left=half, blink_right=half, pitch_deg=1.8 * half)
        pet = slow_blink(pet, 0.60 * seconds, depth=0.45)
    else:
        pet = slow_blink(pet, 0.45 * seconds)
        pet = tilt(pet, 0.16 * seconds, degrees=4.5 * way, holds_s=1.2)
    return twitch(pet, 0.72 * seconds, side="left" if way < 0 else "right", amount=0.7)


def looking_down(performance: Performance, amount: Curve, *, yaw_deg: float) -> Performance:
    """Look down at something near: the eyes first, then the head.

    Args:
        performance: What the face does otherwise; it calms down meanwhile.
        amount: 0 not .. 1 whole.
        yaw_deg: Toward the picture's right.
    """
    head = performance.head * (1 - 0.5 * amount)[:, None].astype(np.float32)
    head[:, HEAD.index("pitch_deg")] += (7.5 * amount).astype(np.float32)
    head[:, HEAD.index("yaw_deg")] += (yaw_deg * amount).astype(np.float32)
    shapes = performance.shapes.copy()
    outer, inner = ("Left", "Right") if yaw_deg > 0 else ("Right", "Left")
    for name, most in (
        ("eyeLookDownLeft", 0.62),
        ("eyeLookDownRight", 0.62),
        (f"eyeLookOut{outer}", 0.22),
        (f"eyeLookIn{inner}", 0.22),
        ("browInnerUp", 0.08),
    ):
        shapes[:, SHAPE[name]] += (most * amount).astype(np.float32)
    return Performance(
        rate=performance.rate,
        shapes=np.clip(shapes, 0, 1),
        head=head.astype(np.float32),
        breath=performance.breath.copy(),
    )


def _animal(
    call: Call,
    name: str,
    group: Gathering,
    performance: PetPerformance,
    *,
    contact: np.ndarray | None = None,
) -> Animal:
    seen = group.seen[name].astype(np.float32)
    depth = (group.eyes_m[name] - group.camera.position_m) @ group.forward
    return Animal(
        pet=name,
        performance=performance,
        eyes_x=seen[:, 0],
        eyes_y=seen[:, 1],
        face_height=seen[:, 2],
        roll_deg=np.zeros(call.frames, np.float32),
        depth_m=float(depth.mean()),
        contact=contact,
    )


class PetCutError(InputError):
    """A pet's photo cuts its head where a whole head is needed."""

    code = "scene.pet-cut"


def _insist_on_a_whole_head(call: Call, pet: str) -> None:
    limits = call.people[pet].limits
    where = "its ears" if isfinite(limits.above) else "its chin"
    if isfinite(limits.above) or limits.below < LEAST_BELOW:
        message = (
            f"Shot {call.plan.name}: the pet's photo is cut at {where}, and beside a person the whole head is seen. Give a "
            "photo with both ears and some chest; or show the animal alone: action: pet, which fills the picture with it."
        )
        raise PetCutError(message)


def _placed_alone(call: Call, name: str) -> Place:
    """Find where an animal is seen: with room for its ears, and no end of its photo in the picture."""
    subject = call.people[name]
    wide = float(np.clip((call.aspect - 0.6) / (16 / 9 - 0.6), 0, 1))
    face = (PET_FACE - 0.08 * (1 - wide)) * LENSES[call.plan.camera or "close"].face
    wish = Place(
        eyes_x=0.20 * wide * stage_in(call.scene_set).side,
        eyes_y=0.40 + 0.06 * (1 - wide),
        face_height=face,
        mist_top=0.8,
    )
    limits = replace(subject.limits, below=SOFT_END * subject.limits.below)
    kept = replace(subject, limits=limits)
    misty = stage_in(call.scene_set).misty
    reach = limits.above + limits.below
    if (
        isfinite(reach) and reach * LARGEST_FACE < 1
    ):  # a head that the photo itself cuts fills the picture
        near = min((1 + 2 * BESIDE_EDGE) / reach, FILLING_FACE)
        side = limits.left * near - call.aspect / 2 if isfinite(limits.left) else 0.0
        away = call.aspect / 2 - limits.right * near if isfinite(limits.right) else 0.0
        filled = replace(wish, eyes_x=min(side, 0.0) + max(away, 0.0))
        return replace(filled, eyes_y=(limits.above - BESIDE_EDGE) * near, face_height=near)
    place = place_of(kept, aspect=call.aspect, wish=wish, misty=misty)
    return place_of(kept, aspect=call.aspect, wish=replace(wish, eyes_y=place.eyes_y), misty=misty)


def _low_enough(call: Call, pet: str, *, up_m: float, face: float, eyes_y: float) -> float:
    """Let the animal's photo end below the picture, as long as its eyes stay in it."""
    metre = face / FACE_M  # in heights of the picture
    below = SOFT_END * min(call.people[pet].limits.below, 9.0) * face_m(call, pet)
    needed_m = -((1 + BESIDE_EDGE - eyes_y) / metre - below)
    lowest_m = -(LOWEST_EYES - eyes_y) / metre
    return max(min(up_m, needed_m), lowest_m)


def _near_enough(call: Call, pet: str, aside_m: float) -> float:
    """Keep the animal's face in an upright picture."""
    metre = NARROW_FACE / FACE_M  # in heights of the picture
    room_m = (call.aspect / 2 - HALF_WIDE * face_m(call, pet) * metre) / metre
    return min(aside_m, max(room_m, 0.0))


def _lowered(group: Gathering, by_m: float) -> Gathering:
    """See everything from lower down; what stands before the camera stays before it."""
    down = np.array([0.0, by_m, 0.0])
    camera = replace(
        group.camera,
        position_m=group.camera.position_m - down,
        target_m=group.camera.target_m - down,
    )
    eyes_m = {name: place - down for name, place in group.eyes_m.items()}
    return replace(group, camera=camera, eyes_m=eyes_m)


DIRECTIONS: dict[str, Direction] = {"pet": alone, "with-pet": together}
