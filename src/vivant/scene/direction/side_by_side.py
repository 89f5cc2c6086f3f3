"""Two to four people side by side before one camera, who talk, listen, or are silent together.

In a wide picture they stand in one row; in a narrow one the taller stand behind the others. Shoulders overlap a
little, and outer people turn in.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from vivant.scene.direction import acting
from vivant.scene.direction.call import Call, staged
from vivant.scene.direction.gathering import Gathering, Spot, gather
from vivant.scene.direction.regarding import regarding
from vivant.scene.direction.stages import turned_to_the_light
from vivant.scene.figure.turns import ease
from vivant.scene.shot import Bust, Shot

EYES_SHARE = 0.936
"""Height of the eyes over a person's own."""
USUAL_M = 1.68
BEHIND_M = 0.045
"""Who stands behind is farther away by this."""
ROW_UP_M = 0.135
"""So much higher are the eyes of a second row: chins stay free."""
HIDES = 0.34
"""How much of the picture's lower end a first row hides."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrangement:
    """How a group of a size stands in a picture of a shape."""

    step_m: float
    """Between the eyes of neighbours in a row."""
    face: float
    """In heights of the picture."""
    eyes_y: float
    rows: int = 1


ONE_ROW: Mapping[int, Arrangement] = {
    2: Arrangement(step_m=0.205, face=0.33, eyes_y=0.45),
    3: Arrangement(step_m=0.205, face=0.30, eyes_y=0.44),
    4: Arrangement(step_m=0.180, face=0.285, eyes_y=0.45),
}
TALL: Mapping[int, Arrangement] = {
    2: Arrangement(step_m=0.112, face=0.255, eyes_y=0.47),
    3: Arrangement(step_m=0.128, face=0.235, eyes_y=0.50, rows=2),
    4: Arrangement(step_m=0.122, face=0.225, eyes_y=0.51, rows=2),
}
"""For upright pictures."""
SQUARE: Mapping[int, Arrangement] = {
    2: Arrangement(step_m=0.150, face=0.33, eyes_y=0.46),
    3: Arrangement(step_m=0.128, face=0.33, eyes_y=0.46),
    4: Arrangement(step_m=0.145, face=0.30, eyes_y=0.51, rows=2),
}
WIDE_FROM, SQUARE_FROM = 1.5, 0.85
"""Width over height of a picture."""


def beside(call: Call) -> Shot:
    """Stand side by side before one camera; whoever has a line says it, the others look at them."""
    call = turned_to_the_light(call)
    spots, arrangement = _placed(call)
    gathering = gather(
        call, spots, face=arrangement.face, eyes_y=arrangement.eyes_y, push=0.06, camera="close"
    )
    eyes = gathering.seen
    acted = regarding(
        call,
        {name: eyes[name][:, 0] for name in call.plan.who},
        eyes_y={name: eyes[name][:, 1] for name in call.plan.who},
    )
    order = sorted(call.plan.who, key=lambda name: float(np.mean(spots[name].nearer_m)))
    warmth = 0.10 + 0.12 * ease((call.times_s - (call.seconds - 1.3)) / 1.0)
    busts = [
        gathering.bust(
            name,
            acting.smile(acted[name], warmth),
            contact=np.full(call.frames, 0.45, np.float32) if place else None,
            gestures=acting.standing(call.times_s, seed=call.seed + 7 * place),
        )
        for place, name in enumerate(order)
    ]
    return set_around(call, gathering, busts)


def set_around(call: Call, gathering: Gathering, busts: list[Bust]) -> Shot:
    """Give the shot of people who stand near, in the air of its set."""
    stage = gathering.stage
    plain = call.plan.choice("particles", "") == "none"
    return staged(
        call,
        gathering.camera,
        presences=tuple(busts),
        mist=np.full(call.frames, 0.7, np.float32) if stage.misty else None,
        mist_top=0.84,
        particles=call.plan.particles or (() if plain else stage.particles),
        rays=stage.rays,
    )


def stands_m(call: Call, name: str, *, most_m: float) -> float:
    """Tell how high somebody's eyes are over the middle of the group's; no pair differs by more than ``most_m``."""
    heights = {one: height_m(call, one) for one in call.plan.who}
    away = {
        one: EYES_SHARE * (tall - float(np.mean(list(heights.values()))))
        for one, tall in heights.items()
    }
    widest = max(away.values()) - min(away.values())
    return away[name] * min(1.0, most_m / max(widest, 1e-6))


def height_m(call: Call, name: str) -> float:
    """How tall somebody is."""
    build = call.builds.get(name)
    return USUAL_M if build is None else build.height_m


def _placed(call: Call) -> tuple[dict[str, Spot], Arrangement]:
    names = call.plan.who
    arrangements = SQUARE if call.aspect >= SQUARE_FROM else TALL
    arrangement = (ONE_ROW if call.aspect >= WIDE_FROM else arrangements)[len(names)]
    if arrangement.rows == 1:
        return _in_a_row(call, names, arrangement, most_m=0.10), arrangement
    return _in_two_rows(call, names, arrangement), arrangement


def _in_a_row(
    call: Call, names: tuple[str, ...], arrangement: Arrangement, *, most_m: float
) -> dict[str, Spot]:
    """Neighbours stand alternately before and behind; of two, the smaller one stands before."""
    middle = (len(names) - 1) / 2
    tall = [height_m(call, name) for name in names]
    behind = 1 if tall[-1] >= tall[0] else 0
    if len(names) > 2:
        behind = 0 if len(names) == 3 else behind
    return {
        name: Spot(
            right_m=arrangement.step_m * (place - middle),
            up_m=stands_m(call, name, most_m=most_m),
            nearer_m=-BEHIND_M if place % 2 == behind else 0.0,
        )
        for place, name in enumerate(names)
    }


def _in_two_rows(call: Call, names: tuple[str, ...], arrangement: Arrangement) -> dict[str, Spot]:
    """The taller half stands behind, between the heads of the others where it can."""
    by_height = sorted(names, key=lambda name: -height_m(call, name))
    back = [name for name in names if name in by_height[: len(names) // 2]]
    front = [name for name in names if name not in back]
    spots = {}
    for row, nearer, up in ((back, -1.6 * BEHIND_M, ROW_UP_M / 2), (front, 0.0, -ROW_UP_M / 2)):
        aside = 0.0 if len(names) % 2 else 0.026 * (1 if row is back else -1)
        for place, name in enumerate(row):
            right = arrangement.step_m * (place - (len(row) - 1) / 2) + aside
            lift = up + 0.2 * stands_m(call, name, most_m=0.10)
            spots[name] = Spot(
                right_m=right, up_m=lift, nearer_m=nearer, hidden=HIDES if row is back else 0.0
            )
    return spots
