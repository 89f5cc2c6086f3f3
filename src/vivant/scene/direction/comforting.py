"""*Comfort*: the person stands behind grown relatives, like light behind them, a hand on a shoulder.

The relatives have their eyes lowered; they lean a little toward whoever is behind them, breathe, and look up in the
end. Nothing is said in it of presence: it is a picture of having been comforted.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from vivant.performance.curves import Performance
from vivant.scene.direction import acting
from vivant.scene.direction.call import Call, Curve
from vivant.scene.direction.gathering import Spot, gather
from vivant.scene.direction.holding import set_around
from vivant.scene.direction.laying_hands import Laid, laid_hand
from vivant.scene.direction.leaning import leant, looking_down, wideness
from vivant.scene.direction.shoulders import Side
from vivant.scene.direction.stages import FACE_M, turned_to_the_light
from vivant.scene.direction.tenderness import Bearing, borne
from vivant.scene.figure.turns import ease
from vivant.scene.shot import Presence, Shot

OF_LIGHT = 0.96
"""How much of the person is there at most: light goes through as through a curtain."""
HAND_INSIDE = 0.50
"""How far inside a shoulder the hand lies, in face heights."""
BEHIND_M = 0.16
AROUND_M = 0.27
"""What a head with its shoulders takes beside the outermost eyes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """Where people stand, right and up from the middle, in metres."""

    person: tuple[float, float]
    relatives: tuple[tuple[float, float], ...]
    hand_on: int
    """On which of the relatives the hand lies."""
    arm: Side
    """Which of the person's own arms."""
    shoulder: Side
    """Which of the relative's own shoulders."""


Places = tuple[tuple[float, float], ...]
WIDE: Mapping[int, Places] = {
    1: ((-0.115, 0.075), (0.055, -0.055)),
    2: ((0.0, 0.10), (-0.150, -0.045), (0.150, -0.06)),
    3: ((-0.115, 0.125), (-0.250, -0.03), (0.010, -0.075), (0.215, -0.02)),
}
"""The person and the relatives, by how many relatives there are, in a wide picture."""
TALL: Mapping[int, Places] = {
    1: ((-0.070, 0.085), (0.050, -0.070)),
    2: ((0.0, 0.105), (-0.100, -0.040), (0.100, -0.065)),
    3: ((0.008, 0.135), (-0.108, 0.010), (0.005, -0.095), (0.108, 0.005)),
}
"""The same in an upright one: more above one another than beside."""
HANDS: Mapping[int, tuple[int, Side, Side]] = {
    1: (0, "left", "left"),
    2: (1, "left", "right"),
    3: (0, "right", "left"),
}
"""On which relative the hand lies, which of the person's arms it is, and on which of the relative's shoulders."""
WIDE_EYES_Y, TALL_EYES_Y = 0.45, 0.63
"""Height of the group in the picture: in an upright one there is much sky above it, so that no photo's end is seen."""


def _row(call: Call) -> Row:
    count, wide = len(call.plan.who) - 1, wideness(call)
    places = [
        (a + wide * (c - a), b + wide * (d - b))
        for (a, b), (c, d) in zip(TALL[count], WIDE[count], strict=True)
    ]
    hand_on, arm, shoulder = HANDS[count]
    return Row(
        person=places[0],
        relatives=tuple(places[1:]),
        hand_on=hand_on,
        arm=arm,
        shoulder=shoulder,
    )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Course:
    """How it goes, frame by frame, 0..1 each."""

    bows: Curve
    lean: Curve
    down: Curve
    warmth: Curve


def comfort(call: Call) -> Shot:
    """Stand behind one to three relatives and comfort them."""
    call = turned_to_the_light(call)
    t = call.times_s / call.seconds
    course = Course(
        bows=ease((t - 0.10) / 0.32),
        lean=ease((t - 0.24) / 0.30),
        down=1 - ease((t - 0.68) / 0.18),
        warmth=ease((t - 0.72) / 0.22),
    )
    person, relatives = call.plan.who[0], call.plan.who[1:]
    row = _row(call)
    rolls, spots, face = _placed(call, course, row)
    gathering = gather(call, spots, face=face, eyes_y=_eyes_y(call), push=0.07)
    presences: list[Presence] = [
        gathering.bust(
            person,
            _consoling(call, person, course),
            roll_deg=rolls[person].astype(np.float32),
            presence=np.full(call.frames, OF_LIGHT, np.float32),
            gestures=acting.standing(call.times_s, seed=call.seed),
        )
    ]
    for place, name in enumerate(_far_first(relatives, row)):
        performance = _consoled(call, name, course)
        bust = gathering.bust(
            name,
            performance,
            roll_deg=rolls[name].astype(np.float32),
            contact=np.full(call.frames, 0.8, np.float32),
            gestures=acting.standing(call.times_s, seed=call.seed + 7 * place + 7),
        )
        if name != relatives[row.hand_on]:
            presences.append(bust)
            continue
        sleeve = laid_hand(
            call,
            gathering,
            Laid(holder=person, held=name, arm=row.arm, on=row.shoulder, inside=HAND_INSIDE),
            performance=performance,
            roll_deg=rolls[name],
            press=course.lean,
        )
        round_back = row.arm == row.shoulder  # to the near shoulder, bodies hide all but the hand
        arm = [sleeve.only("behind")] if round_back else []
        presences += [*arm, bust, sleeve.only("over")]
    return set_around(call, gathering, presences, bloom=0.26)


def _eyes_y(call: Call) -> float:
    return TALL_EYES_Y + wideness(call) * (WIDE_EYES_Y - TALL_EYES_Y)


def _placed(
    call: Call, course: Course, row: Row
) -> tuple[dict[str, Curve], dict[str, Spot], float]:
    """Find everybody's lean, where their eyes are, and how large a grown face is."""
    person, relatives = call.plan.who[0], call.plan.who[1:]
    rolls, spots = {}, {}
    aside = float(np.sign(row.relatives[row.hand_on][0] - row.person[0]))
    rolls[person] = aside * 3.0 * course.bows
    right, up = leant(rolls[person])
    spots[person] = Spot(
        right_m=row.person[0] + right,
        up_m=row.person[1] + up - 0.012 * course.bows,
        nearer_m=-BEHIND_M,
    )
    for name, (x, y) in zip(relatives, row.relatives, strict=True):
        rolls[name] = 2.2 * float(np.sign(row.person[0] - x)) * course.lean
        right, up = leant(rolls[name])
        spots[name] = Spot(right_m=x + right, up_m=y + up, nearer_m=0.02)
    xs = [x for x, _ in (row.person, *row.relatives)]
    span = max(xs) - min(xs) + 2 * AROUND_M
    return rolls, spots, max(min(0.25, FACE_M * call.aspect / span), 0.15)


def _far_first(relatives: tuple[str, ...], row: Row) -> tuple[str, ...]:
    """Let whoever is lower in the picture be in front."""
    order = sorted(range(len(relatives)), key=lambda at: -row.relatives[at][1])
    return tuple(relatives[at] for at in order)


def _consoling(call: Call, name: str, course: Course) -> Performance:
    performance = acting.smile(call.acted_by(name), 0.30 + 0.25 * course.bows)
    performance = looking_down(performance, 0.45 * course.bows * (1 - 0.5 * course.warmth))
    bearing = Bearing(pitch_deg=5.0 * course.bows * (1 - 0.5 * course.warmth), calm=0.5)
    return borne(performance, bearing)


def _consoled(call: Call, name: str, course: Course) -> Performance:
    """Look down, and in the end up."""
    performance = acting.smile(call.acted_by(name), 0.34 * course.warmth)
    performance = looking_down(performance, course.down)
    return borne(performance, Bearing(pitch_deg=6.5 * course.down, calm=0.35 * course.down))
