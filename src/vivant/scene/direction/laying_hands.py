"""A hand laid from behind on somebody's shoulder: round their back to the far one, or straight to the near one."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from vivant.performance.curves import Performance
from vivant.scene.direction.call import Call, Curve
from vivant.scene.direction.gathering import Gathering, face_m
from vivant.scene.direction.outline import Outline
from vivant.scene.direction.shoulders import (
    Side,
    edge_of_shoulder,
    joint_of,
    place_on,
    top_of_shoulder,
)
from vivant.scene.figure.build import Build
from vivant.scene.figure.dress import Dress
from vivant.scene.near.reaching import arm_round
from vivant.scene.near.sleeve import Sleeve

KNUCKLES_UP_M = 0.012
"""The knuckles lie so far over the shoulder's edge."""
BELOW_CHIN = 0.95
"""No shoulder is higher than this below the eyes, in face heights."""
SLOPE = 0.5
"""How fast a shoulder falls outward."""
ASIDE_DEG, DOWN_DEG = 14.0, -18.0


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Laid:
    """Whose hand lies where."""

    holder: str
    held: str
    arm: Side
    """Which of the holder's own arms."""
    on: Side
    """Which of the other's own shoulders: their left is the picture's right."""
    inside: float = 0.34
    """How far inside the shoulder's outer end, in face heights."""
    grip: float = 0.8


def laid_hand(
    call: Call,
    gathering: Gathering,
    laid: Laid,
    *,
    performance: Performance | None = None,
    roll_deg: Curve | float = 0.0,
    press: Curve | float = 0.0,
) -> Sleeve:
    """Lay a hand on a shoulder.

    Args:
        call: The shot; its outlines, builds and dresses.
        gathering: Where people are.
        laid: Whose hand, and where.
        performance: Of who is held, whose breath lifts the shoulders.
        roll_deg: Of who is held.
        press: How far the fingers close beside that, 0..1.

    Returns:
        The arm; ``only("behind")`` belongs before the bust of who is held, ``only("over")`` after it.
    """
    outline = call.people[laid.held].outline
    aside, top = _on_shoulder(outline, laid)
    knuckles = place_on(
        gathering,
        call,
        laid.held,
        aside=aside,
        down=top - KNUCKLES_UP_M / face_m(call, laid.held),
        roll_deg=roll_deg,
        performance=performance,
    )
    height_m = call.builds.get(laid.holder, Build()).height_m
    reach = arm_round(
        joint_of(gathering, call, laid.holder, laid.arm),
        knuckles,
        right=gathering.right,
        up=gathering.up,
        forward=gathering.forward,
        side=laid.arm,
        aside_deg=ASIDE_DEG if laid.arm == "left" else -ASIDE_DEG,
        down_deg=DOWN_DEG,
        grip=laid.grip + 0.08 * press,
        height_m=height_m,
    )
    dress = call.dresses.get(laid.holder, Dress())
    return Sleeve.of(dress, reach, person=laid.holder, height_m=height_m)


def _on_shoulder(outline: Outline | None, laid: Laid) -> tuple[float, float]:
    """Find a shoulder's edge where the hand is to lie; below hair that hangs before it, it goes on as a shoulder does.

    Returns:
        Right of the eyes and below them, in face heights.
    """
    wanted = edge_of_shoulder(outline, laid.on, inside=laid.inside)
    for inside in np.arange(laid.inside, 0.02, -0.06):
        aside = edge_of_shoulder(outline, laid.on, inside=float(inside))
        top = top_of_shoulder(outline, aside)
        if top >= BELOW_CHIN:
            return wanted, max(top - SLOPE * abs(aside - wanted), BELOW_CHIN)
    return wanted, BELOW_CHIN + 0.25
