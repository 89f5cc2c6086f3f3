"""The album: the photographs themselves, one after another, in depth, and a voice over them."""

from __future__ import annotations

import numpy as np

from vivant.scene.direction.call import Call, Direction, staged
from vivant.scene.direction.standing import stand_in
from vivant.scene.figure.turns import ease
from vivant.scene.shot import Photograph, Shot

STANDS_S = 0.9
"""How long a print takes to come into the light, and to leave it."""
LARGEST = 0.80
"""Height of a single print, in heights of the picture."""
WIDEST = 0.86
"""Width that all prints together may take, in widths of the picture."""
GROWS = 0.06
"""How much nearer the camera comes in a shot."""
_MOVES = {"in": (1.0, 0.0), "out": (-1.0, 0.0), "across": (0.25, 1.0), "still": (0.0, 0.15)}
_TILTS_DEG = (-1.2, 0.9, -0.5)


def show(call: Call) -> Shot:
    """Lay one to three photographs into the light of the set; the eye moves slowly over them."""
    t, seconds = call.times_s, call.seconds
    keys = shown_photos(call)
    near, across = _MOVES[call.plan.camera or "in"]
    e = ease(t / seconds)
    count = len(keys)
    aspects = [call.prints[key] for key in keys]
    gap = 0.09
    height = min(LARGEST, (WIDEST * call.aspect - gap * (count - 1)) / sum(aspects))
    widths = [aspect * height for aspect in aspects]
    left = -(sum(widths) + gap * (count - 1)) / 2
    prints = []
    frames = call.frames
    for index, (key, wide) in enumerate(zip(keys, widths, strict=True)):
        zoom = 1 + GROWS * near * (e - 0.5)
        x = (left + wide / 2 + 0.03 * across * (e - 0.5)) * zoom
        left += wide + gap
        comes = ease((t - 0.35 * index) / STANDS_S)
        goes = 1 - ease((t - (seconds - STANDS_S)) / STANDS_S)
        prints.append(
            Photograph(
                photo=key,
                centre_x=x.astype(np.float32),
                centre_y=(0.5 + 0.006 * np.sin(0.5 * t + index)).astype(np.float32),
                height=(height * zoom).astype(np.float32),
                roll_deg=np.full(frames, _TILTS_DEG[index], np.float32)
                + (0.25 * (e - 0.5)).astype(np.float32),
                parallax=np.column_stack(
                    [(2 * e - 1) * (0.6 + 0.6 * across), -0.25 * (2 * e - 1)]
                ).astype(np.float32),
                presence=np.minimum(comes, goes).astype(np.float32),
            )
        )
    return staged(
        call,
        stand_in(call, focus_m=1.1, aperture=14.0),
        presences=tuple(prints),
        bloom=0.12,
        rays=0.12,
    )


def shown_photos(call: Call) -> tuple[str, ...]:
    """Name the photos of a shot: of each person the one that the option ``photo`` counts to."""
    count = int(call.plan.number("photo", 1))
    return tuple(name if count == 1 else f"{name}/{count}" for name in call.plan.who)


DIRECTIONS: dict[str, Direction] = {"show": show}
