"""*Embrace*: two people from two photographs come together, embrace, and part; people side by side.

Both stand in the set and come nearer to one another there, so that what is seen of them follows from where they are.
How near they may come is found from their outlines: nothing is seen between them, and no eye is hidden.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from vivant.performance.curves import Performance
from vivant.scene.direction import acting
from vivant.scene.direction.call import Call, Curve, Direction, staged
from vivant.scene.direction.gathering import Gathering, Spot, face_m, gather
from vivant.scene.direction.stages import turned_to_the_light
from vivant.scene.direction.tenderness import Bearing, borne
from vivant.scene.direction.touching import WAIST_M, Pair, held, kissing
from vivant.scene.figure.turns import ease
from vivant.scene.shot import Bust, Shot

EYES_SHARE = 0.936
"""Height of the eyes over a person's own."""
MOST_TALLER_M = 0.085
"""Between the eyes of two who stand side by side: more would cut a crown or a chin."""
NEARER_M = 0.025
"""Who stands in front is nearer to the camera by twice this."""
WIDE_APART_M, TALL_APART_M = 0.31, 0.17
"""Between the eyes of two who have not come together yet, in a wide picture and in an upright one."""
GLANCE_DEG = 12.0


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Course:
    """How an embrace goes, frame by frame, 0..1 each."""

    near: Curve
    """How far they have come together."""
    lean: Curve
    glance: Curve
    """How far they look at one another."""
    shut: Curve
    kiss: Curve
    warmth: Curve


def meet(call: Call) -> Shot:
    """Come together, embrace, and stay so."""
    t = call.times_s / call.seconds
    kisses = call.plan.choice("kiss", "forehead") == "forehead"
    near = ease((t - 0.07) / 0.45)
    course = Course(
        near=near,
        lean=ease((t - 0.20) / 0.34),
        glance=ease((t - 0.01) / 0.16) * (1 - ease((t - 0.36) / 0.16)),
        shut=ease((t - 0.40) / 0.13),
        kiss=(ease((t - 0.56) / 0.16) * (1 - 0.6 * ease((t - 0.84) / 0.16))) * kisses,
        warmth=0.55 * ease((t - 0.04) / 0.2) * (1 - 0.35 * ease((t - 0.40) / 0.2)),
    )
    return _embraced(call, course)


def part(call: Call) -> Shot:
    """Come apart, and look at one another, or to the light, a last time."""
    t = call.times_s / call.seconds
    course = Course(
        near=1 - ease((t - 0.18) / 0.50),
        lean=1 - ease((t - 0.14) / 0.36),
        glance=ease((t - 0.34) / 0.22),
        shut=1 - ease((t - 0.14) / 0.14),
        kiss=np.zeros_like(t),
        warmth=0.30 + 0.35 * ease((t - 0.45) / 0.25),
    )
    return _embraced(call, course, to_light=call.plan.choice("last", "one-another") == "light")


def _embraced(call: Call, course: Course, *, to_light: bool = False) -> Shot:
    call = turned_to_the_light(call)
    left, right = call.plan.who
    pair = _pair(call)
    hold = held(pair)
    wide = float(np.clip((call.aspect - 0.6) / (16 / 9 - 0.6), 0, 1))
    apart = TALL_APART_M + wide * (WIDE_APART_M - TALL_APART_M)
    kiss = kissing(pair, hold) if course.kiss.any() else None
    rolls, spots = {}, {}
    for name, sign in ((left, -1.0), (right, 1.0)):
        roll = -sign * hold.roll_deg * course.lean
        far = WAIST_M * np.sin(np.radians(hold.roll_deg))
        end, begin = sign * (0.5 * hold.apart_m + far), sign * 0.5 * apart
        x = begin + (end - begin) * course.near + WAIST_M * np.sin(np.radians(roll))
        stands = _stands(call, name)
        y = stands + (0.5 * sign * hold.up_m - stands) * course.near
        if kiss is not None and name != pair.front:
            x = x + sign * (kiss.apart_m - hold.apart_m) * course.kiss
            y = y + sign * (kiss.up_m - hold.up_m) * course.kiss
        spots[name] = Spot(
            right_m=x, up_m=y, nearer_m=NEARER_M if name == pair.front else -NEARER_M
        )
        rolls[name] = roll
    gathering = gather(
        call, spots, face=0.33 - 0.06 * (1 - wide), eyes_y=0.44, eyes_x=0.0, push=0.10
    )
    order = sorted((left, right), key=lambda name: name == pair.front)
    busts = []
    for name in order:
        sign = -1.0 if name == left else 1.0
        busts.append(
            gathering.bust(
                name,
                _tender(
                    call, name, course, sign=sign, behind=name != pair.front, to_light=to_light
                ),
                roll_deg=rolls[name].astype(np.float32),
                contact=course.near.astype(np.float32) if name == pair.front else None,
                gestures=_standing(call, course, seed=call.seed),
            )
        )
    return _set_around(call, gathering, busts)


def _standing(call: Call, course: Course, *, seed: int) -> np.ndarray:
    """Sway with one another once they hold each other."""
    gestures = acting.standing(call.times_s, seed=seed)
    return np.asarray(gestures * (1 - 0.6 * course.near)[:, None].astype(np.float32))


def _tender(
    call: Call, name: str, course: Course, *, sign: float, behind: bool, to_light: bool
) -> Performance:
    toward = -sign
    performance = acting.smile(call.acted_by(name), course.warmth)
    yaw = toward * (GLANCE_DEG * course.glance + 4.0 * course.lean * (1 - course.glance))
    if to_light:
        late = ease((call.times_s / call.seconds - 0.70) / 0.24)
        yaw = yaw * (1 - late)
    kiss = course.kiss if behind else np.zeros_like(course.kiss)
    return borne(
        performance,
        Bearing(
            yaw_deg=yaw,
            pitch_deg=2.0 * course.lean + 5.0 * kiss,
            roll_deg=toward * 2.0 * course.lean,
            gaze=toward * 0.9 * course.glance * (1 - course.shut),
            shut=course.shut,
            calm=0.7 * course.near,
        ),
    )


def _set_around(call: Call, gathering: Gathering, busts: list[Bust]) -> Shot:
    stage = gathering.stage
    return staged(
        call,
        gathering.camera,
        presences=tuple(busts),
        mist=np.full(call.frames, 0.7, np.float32) if stage.misty else None,
        mist_top=0.84,
        particles=call.plan.particles
        or (() if call.plan.choice("particles", "") == "none" else stage.particles),
        rays=stage.rays,
    )


def _pair(call: Call) -> Pair:
    """Say who stands in front: whom the storyboard names, else the smaller one where the taller kisses."""
    left, right = call.plan.who
    asked = call.plan.choice("front", "auto")
    taller = left if _height(call, left) > _height(call, right) else right
    smaller = right if taller == left else left
    front = {"left": left, "right": right}.get(asked, smaller)
    return Pair(
        left=left,
        right=right,
        front=front,
        outlines={name: call.people[name].outline for name in (left, right)},
        face_m={name: face_m(call, name) for name in (left, right)},
        taller_m=_stands(call, right) - _stands(call, left),
    )


def _height(call: Call, name: str) -> float:
    build = call.builds.get(name)
    return 1.68 if build is None else build.height_m


def _stands(call: Call, name: str) -> float:
    """How high somebody's eyes are over the middle of the group's."""
    heights = [_height(call, one) for one in call.plan.who]
    away = EYES_SHARE * (_height(call, name) - float(np.mean(heights)))
    return float(np.clip(away, -MOST_TALLER_M / 2, MOST_TALLER_M / 2))


def beside(call: Call) -> Shot:
    """Stand side by side before one camera; whoever has a line may say it, the others look at them."""
    call = turned_to_the_light(call)
    names = call.plan.who
    middle = (len(names) - 1) / 2
    spots = {
        name: Spot(
            right_m=0.27 * (place - middle),
            up_m=_stands(call, name),
            nearer_m=-0.05 * abs(place - middle) - 0.02 * (place % 2),
        )
        for place, name in enumerate(names)
    }
    gathering = gather(call, spots, face=0.26, eyes_y=0.42, camera="near")
    order = sorted(names, key=lambda name: float(np.mean(spots[name].nearer_m)))
    busts = [
        gathering.bust(
            name,
            call.acted_by(name),
            contact=np.full(call.frames, 0.5, np.float32) if place else None,
            gestures=acting.standing(call.times_s, seed=call.seed + 7 * place),
        )
        for place, name in enumerate(order)
    ]
    return _set_around(call, gathering, busts)


DIRECTIONS: dict[str, Direction] = {"meet": meet, "part": part, "beside": beside}
