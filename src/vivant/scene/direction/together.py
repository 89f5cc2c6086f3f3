"""*Embrace*: two people from two photographs come together, embrace, and part; people side by side.

Both stand in the set and come nearer to one another there, so that what is seen of them follows from where they are.
How near they may come is found from their outlines: nothing is seen between them, and no eye is hidden.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from vivant.performance.curves import Performance
from vivant.scene.direction import acting
from vivant.scene.direction.afar import walk_together
from vivant.scene.direction.call import Call, Curve, Direction
from vivant.scene.direction.gathering import Spot, face_m, gather
from vivant.scene.direction.side_by_side import beside, height_m, set_around, stands_m
from vivant.scene.direction.stages import turned_to_the_light
from vivant.scene.direction.tenderness import Bearing, borne
from vivant.scene.direction.touching import WAIST_M, Pair, held, kissing
from vivant.scene.figure.turns import ease
from vivant.scene.shot import Shot

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
        lean=0.22 + 0.78 * ease((t - 0.20) / 0.34),
        glance=ease((t + 0.08) / 0.18) * (1 - ease((t - 0.36) / 0.16)),
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
        lean=1 - 0.80 * ease((t - 0.14) / 0.36),
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
        stands = stands_m(call, name, most_m=MOST_TALLER_M)
        y = stands + (0.5 * sign * hold.up_m - stands) * course.near
        if kiss is not None:
            front = name == pair.front
            x = x + sign * (kiss.apart_m - hold.apart_m) * course.kiss * (0.25 if front else 0.75)
            y = y + sign * (kiss.up_m - hold.up_m) * course.kiss * 0.5
        spots[name] = Spot(
            right_m=x, up_m=y, nearer_m=NEARER_M if name == pair.front else -NEARER_M
        )
        rolls[name] = roll
    gathering = gather(call, spots, face=0.32 - 0.05 * (1 - wide), eyes_y=0.46, push=0.13)
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
    return set_around(call, gathering, busts)


def _standing(call: Call, course: Course, *, seed: int) -> np.ndarray:
    """Sway with one another once they hold each other."""
    gestures = acting.standing(call.times_s, seed=seed)
    return np.asarray(gestures * (1 - 0.6 * course.near)[:, None].astype(np.float32))


def _tender(
    call: Call, name: str, course: Course, *, sign: float, behind: bool, to_light: bool
) -> Performance:
    toward = -sign
    performance = acting.smile(call.acted_by(name), course.warmth)
    kiss = course.kiss if behind else np.zeros_like(course.kiss)
    yaw = toward * (
        GLANCE_DEG * course.glance + 4.0 * course.lean * (1 - course.glance) + 5.0 * kiss
    )
    if to_light:
        late = ease((call.times_s / call.seconds - 0.70) / 0.24)
        yaw = yaw * (1 - late)
    return borne(
        performance,
        Bearing(
            yaw_deg=yaw,
            pitch_deg=2.0 * course.lean + 6.0 * kiss,
            roll_deg=toward * (2.0 * course.lean + 5.0 * kiss),
            gaze=toward * 0.9 * course.glance * (1 - course.shut),
            shut=course.shut,
            calm=0.7 * course.near,
        ),
    )


def _pair(call: Call) -> Pair:
    """Say who stands in front: whom the storyboard names, else the smaller one where the taller kisses."""
    left, right = call.plan.who
    asked = call.plan.choice("front", "auto")
    taller = left if height_m(call, left) > height_m(call, right) else right
    smaller = right if taller == left else left
    front = {"left": left, "right": right}.get(asked, smaller)
    return Pair(
        left=left,
        right=right,
        front=front,
        outlines={name: call.people[name].outline for name in (left, right)},
        face_m={name: face_m(call, name) for name in (left, right)},
        taller_m=stands_m(call, right, most_m=MOST_TALLER_M)
        - stands_m(call, left, most_m=MOST_TALLER_M),
    )


DIRECTIONS: dict[str, Direction] = {
    "walk-together": walk_together,
    "meet": meet,
    "part": part,
    "beside": beside,
}
