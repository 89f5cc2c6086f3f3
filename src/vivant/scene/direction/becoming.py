"""One person's two photographs become one another, in register and in light: the wedding suit, the uniform, the years between."""

from __future__ import annotations

import numpy as np

from vivant.scene.direction import acting
from vivant.scene.direction.call import Call, Direction, staged
from vivant.scene.direction.framing import place_of, usual_place
from vivant.scene.direction.standing import stand_in
from vivant.scene.figure.turns import ease
from vivant.scene.shot import Bust, Shot

BEGINS, LASTS = 0.34, 0.36
"""When the change begins and how long it takes, as shares of the shot."""
GLARE = 0.42
"""How far the picture goes into light while it changes."""


def become(call: Call) -> Shot:
    """Stand in the light as one, and become the other; a smile goes through both."""
    t, seconds, frames = call.times_s, call.seconds, call.frames
    performance = call.acted
    amount = ease((t / seconds - BEGINS) / LASTS)
    smile = 0.15 + 0.7 * ease((t / seconds - 0.62) / 0.2)
    performance = acting.smile(acting.calm(performance, 0.5 * np.sin(np.pi * amount)), smile)
    first, second = (call.people[key] for key in (call.who, f"{call.who}/2"))
    wish = usual_place(call.aspect, side=0.0)
    misty = call.scene_set.clouds(call.plan.look) is not None
    places = [
        place_of(subject, aspect=call.aspect, wish=wish, misty=misty) for subject in (first, second)
    ]
    face = max(place.face_height for place in places)
    eyes_y = max(place.eyes_y for place in places)
    push = 1 + 0.06 * ease(t / seconds)
    return staged(
        call,
        stand_in(call, focus_m=2.0, aperture=16.0),
        presences=(
            Bust(
                person=call.who,
                performance=performance,
                eyes_x=np.zeros(frames, np.float32),
                eyes_y=np.full(frames, eyes_y, np.float32),
                face_height=(face * push).astype(np.float32),
                roll_deg=np.zeros(frames, np.float32),
                becomes=f"{call.who}/2",
                becoming=amount.astype(np.float32),
            ),
        ),
        white=(GLARE * np.sin(np.pi * amount) ** 2).astype(np.float32),
        mist=np.full(frames, 0.7, np.float32) if misty else None,
        mist_top=min(place.mist_top for place in places),
        rays=0.36,
        bloom=0.26,
    )


DIRECTIONS: dict[str, Direction] = {"become": become}
