"""*Children*, near: somebody grown comes down to one or two children and holds them close.

The people come from separate photos and stand in one space. The grown person sinks to the children's height, they come
near and lay a cheek on the other's shoulder; eyes close, and a calm smile stays.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from vivant.performance.curves import Performance
from vivant.scene.direction import acting
from vivant.scene.direction.call import Call, Curve, staged
from vivant.scene.direction.gathering import Gathering, Spot, gather
from vivant.scene.direction.laying_hands import Laid, laid_hand
from vivant.scene.direction.leaning import (
    Nestle,
    Reach,
    children_of,
    grown_of,
    leant,
    nestled,
    wideness,
)
from vivant.scene.direction.shoulders import Side
from vivant.scene.direction.stages import turned_to_the_light
from vivant.scene.direction.tenderness import Bearing, borne
from vivant.scene.figure.turns import ease
from vivant.scene.shot import Presence, Shot

CLOSE = Reach(
    aparts_m=tuple(np.arange(0.085, 0.19, 0.008).tolist()),
    downs_m=(0.075, 0.09, 0.105, 0.12),
    wish_down_m=0.10,
    behind_rolls_deg=(5.0,),
    front_rolls_deg=(7.0, 5.5, 8.5),
)
"""Of one child; between two, who is grown stays upright."""
SINKS_M = 0.012
"""From so much higher who is grown comes down."""
WIDE_AWAY_M, TALL_AWAY_M = 0.012, 0.0
"""So much farther away children are at first, in a wide picture and in an upright one."""
WIDE_EYES_Y, TALL_EYES_Y = 0.46, 0.62
"""Height of the group in the picture: in an upright one there is much sky above it, so that no photo's end is seen."""
NEARER_M = 0.012
BESIDE_SHARE = 0.45
"""How far they lean at first: they stand close already, an arm round a shoulder, and nothing is seen between them."""
HAND_INSIDE = 0.38
"""How far inside a child's shoulder a grown hand lies, in face heights."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Course:
    """How it goes, frame by frame, 0..1 each."""

    sunk: Curve
    near: Curve
    lean: Curve
    glance: Curve
    shut: Curve
    warmth: Curve


def hold_close(call: Call) -> Shot:
    """Come down to one or two children and hold them."""
    call = turned_to_the_light(call)
    t = call.times_s / call.seconds
    course = Course(
        sunk=ease((t - 0.02) / 0.40),
        near=ease((t - 0.12) / 0.42),
        lean=BESIDE_SHARE + (1 - BESIDE_SHARE) * ease((t - 0.14) / 0.42),
        glance=ease((t - 0.0) / 0.14) * (1 - ease((t - 0.40) / 0.16)),
        shut=ease((t - 0.46) / 0.14),
        warmth=0.35 + 0.45 * ease((t - 0.10) / 0.3),
    )
    grown, children = grown_of(call), children_of(call)
    sides = dict(zip(children, _sides(call, grown, children), strict=True))
    ways = {
        name: nestled(call, behind=grown, front=name, side=side, reach=_reach(len(children)))
        for name, side in sides.items()
    }
    rolls, spots = _placed(call, course, grown=grown, sides=sides, ways=ways)
    wide = wideness(call)
    gathering = gather(
        call, spots, face=(0.255 if len(children) == 1 else 0.225) - 0.03 * (1 - wide),
        eyes_y=TALL_EYES_Y + wide * (WIDE_EYES_Y - TALL_EYES_Y), push=0.09,
    )  # fmt: skip
    gestures = acting.standing(call.times_s, seed=call.seed)
    gestures = gestures * (1 - 0.6 * course.near)[:, None].astype(np.float32)
    presences: list[Presence] = []
    for place, name in enumerate((grown, *children)):
        performance = _tender(call, name, course, sides=sides)
        bust = gathering.bust(
            name,
            performance,
            roll_deg=rolls[name].astype(np.float32),
            contact=course.near.astype(np.float32) if place else None,
            gestures=np.asarray(gestures),
        )
        if not place:
            presences.append(bust)
            continue
        side: Side = "left" if sides[name] > 0 else "right"
        sleeve = laid_hand(
            call,
            gathering,
            Laid(holder=grown, held=name, arm=side, on=side, inside=HAND_INSIDE),
            performance=performance,
            roll_deg=rolls[name],
            press=course.lean,
        )
        # of the arm the bodies hide all but the hand
        presences += [bust, sleeve.only("over")]
    return set_around(call, gathering, presences)


def set_around(
    call: Call, gathering: Gathering, presences: Sequence[Presence], *, bloom: float = 0.20
) -> Shot:
    """Give the shot with the set's own mist, and what is in its air."""
    stage = gathering.stage
    return staged(
        call,
        gathering.camera,
        presences=tuple(presences),
        mist=np.full(call.frames, 0.7, np.float32) if stage.misty else None,
        mist_top=0.84,
        particles=call.plan.particles
        or (() if call.plan.choice("particles", "") == "none" else stage.particles),
        rays=stage.rays,
        bloom=bloom,
    )


def _sides(call: Call, grown: str, children: tuple[str, ...]) -> tuple[float, ...]:
    """Put one child where the storyboard's order has it, two on both sides."""
    if len(children) > 1:
        return (-1.0, 1.0)
    return (1.0 if call.plan.who.index(children[0]) > call.plan.who.index(grown) else -1.0,)


def _reach(count: int) -> Reach:
    if count == 1:
        return CLOSE
    return Reach(
        aparts_m=CLOSE.aparts_m,
        downs_m=CLOSE.downs_m,
        wish_down_m=CLOSE.wish_down_m,
        behind_rolls_deg=(0.0,),
        front_rolls_deg=(9.0, 7.5),
    )


def _placed(
    call: Call,
    course: Course,
    *,
    grown: str,
    sides: Mapping[str, float],
    ways: Mapping[str, Nestle],
) -> tuple[dict[str, Curve], dict[str, Spot]]:
    """Find everybody's lean, and where their eyes are: all from the middle of the group in the end."""
    away = TALL_AWAY_M + wideness(call) * (WIDE_AWAY_M - TALL_AWAY_M)
    alone = len(sides) == 1
    middle = 0.5 * sum(sides[name] * ways[name].apart_m for name in sides) if alone else 0.0
    rise = 0.5 * float(np.mean([way.down_m for way in ways.values()]))
    lean_deg = sum(sides[name] * ways[name].behind_roll_deg for name in sides) if alone else 0.0
    rolls = {grown: lean_deg * course.lean}
    right, up = leant(rolls[grown])
    end_right, end_up = leant(np.array([lean_deg]))
    spots = {
        grown: Spot(
            right_m=right
            - end_right[0]
            - middle
            - 0.3 * away * (1 - course.near) * np.sign(middle),
            up_m=rise + SINKS_M * (1 - course.sunk) + up - end_up[0],
            nearer_m=-NEARER_M,
        )
    }
    for name, side in sides.items():
        way = ways[name]
        rolls[name] = -side * way.front_roll_deg * course.lean
        right, up = leant(rolls[name])
        end_right, end_up = leant(np.array([-side * way.front_roll_deg]))
        spots[name] = Spot(
            right_m=side * way.apart_m - middle + side * away * (1 - course.near) + right - end_right[0],
            up_m=rise - way.down_m + up - end_up[0],
            nearer_m=NEARER_M,
        )  # fmt: skip
    return rolls, spots


def _tender(call: Call, name: str, course: Course, *, sides: Mapping[str, float]) -> Performance:
    """Look at one another, and then rest with closed eyes."""
    performance = acting.smile(call.acted_by(name), course.warmth)
    if name in sides:
        toward, up = -sides[name], -4.0
        nod, roll = 3.0, 3.0 * toward
    else:
        toward = sum(sides.values())
        up, nod, roll = 3.0, 4.0, 1.5 * toward
    return borne(
        performance,
        Bearing(
            yaw_deg=toward * (10.0 * course.glance + 5.0 * course.lean * (1 - course.glance)),
            pitch_deg=up * course.glance + nod * course.lean * (1 - course.glance),
            roll_deg=roll * course.lean,
            gaze=toward * 0.8 * course.glance * (1 - course.shut),
            shut=course.shut,
            calm=0.6 * course.near,
        ),
    )
