"""Who of a group is grown, how bodies lean about the waist, and how near two heads lie where one is a child's."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from vivant.media.face import SHAPE
from vivant.performance.curves import Performance
from vivant.scene.direction.call import Call, Curve
from vivant.scene.direction.gathering import face_m
from vivant.scene.direction.outline import usual_outline
from vivant.scene.direction.touching import EYE_ROOM_M, WAIST_M, Posed, Touch, touch_of
from vivant.scene.figure.build import Build

TOUCH_M = 0.020
"""So far one head hides the other at least."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """What is tried, and what is wished for; the first of each roll is the best."""

    aparts_m: tuple[float, ...]
    """Between the eyes, across."""
    downs_m: tuple[float, ...]
    """How much lower the eyes of the one in front are."""
    wish_down_m: float
    behind_rolls_deg: tuple[float, ...]
    """How far the one behind leans toward the other."""
    front_rolls_deg: tuple[float, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Nestle:
    """How somebody small, in front, lies against somebody behind."""

    apart_m: float
    down_m: float
    behind_roll_deg: float
    front_roll_deg: float
    touch: Touch


def grown_of(call: Call) -> str:
    """Name who is grown: the tallest, and of equals the first."""
    return max(call.plan.who, key=lambda name: _height(call, name))


def children_of(call: Call) -> tuple[str, ...]:
    """Name the others, left to right."""
    grown = grown_of(call)
    return tuple(name for name in call.plan.who if name != grown)


def _height(call: Call, name: str) -> float:
    return call.builds.get(name, Build()).height_m


def nestled(call: Call, *, behind: str, front: str, side: float, reach: Reach) -> Nestle:
    """Find how near the one in front comes: background nowhere between them, no eye hidden, little of a face.

    Args:
        call: The shot; its people's outlines.
        behind: Who is grown.
        front: Who is small.
        side: 1 where the one in front is at the right of the other, -1 at the left.
        reach: What is tried.
    """
    tried = (
        _tried(call, behind, front, side, (apart, down, back, fore))
        for back in reach.behind_rolls_deg
        for fore in reach.front_rolls_deg
        for down in reach.downs_m
        for apart in reach.aparts_m
    )
    return _best(tried, reach)


def _best(tried: Iterable[Nestle], reach: Reach) -> Nestle:
    def cost(one: Nestle) -> float:
        touch = one.touch
        return (
            3000 * touch.between_m2
            + 60 * max(EYE_ROOM_M - touch.eye_room_m, 0)
            + 40 * max(TOUCH_M - touch.overlap_m, 0)
            + 2.2 * touch.face_hidden
            + 5 * abs(one.down_m - reach.wish_down_m)
            + 0.01 * abs(one.behind_roll_deg - reach.behind_rolls_deg[0])
            + 0.01 * abs(one.front_roll_deg - reach.front_rolls_deg[0])
        )

    return min(tried, key=cost)


def _tried(
    call: Call, behind: str, front: str, side: float, numbers: tuple[float, float, float, float]
) -> Nestle:
    apart, down, back, fore = numbers
    rear = _posed(call, behind, right_m=0.0, up_m=0.0, roll_deg=side * back)
    near = _posed(call, front, right_m=side * apart, up_m=-down, roll_deg=-side * fore)
    return Nestle(
        apart_m=apart,
        down_m=down,
        behind_roll_deg=back,
        front_roll_deg=fore,
        touch=touch_of(near, rear),
    )


def _posed(call: Call, name: str, *, right_m: float, up_m: float, roll_deg: float) -> Posed:
    return Posed(
        outline=call.people[name].outline or usual_outline(),
        face_m=face_m(call, name),
        right_m=right_m,
        up_m=up_m,
        roll_deg=roll_deg,
    )


def wideness(call: Call) -> float:
    """Tell how wide a picture is: 0 for an upright one, 1 for 16:9."""
    return float(np.clip((call.aspect - 0.6) / (16 / 9 - 0.6), 0, 1))


def leant(roll_deg: Curve, *, waist_m: float = WAIST_M) -> tuple[Curve, Curve]:
    """Tell where eyes go, right and up, when somebody leans about the waist; clockwise is to the right."""
    turned = np.radians(roll_deg)
    return waist_m * np.sin(turned), -waist_m * (1 - np.cos(turned))


def looking_down(performance: Performance, amount: Curve, *, lids: float = 0.16) -> Performance:
    """Let the eyes go down, and the upper lids with them.

    Args:
        performance: What the face does otherwise.
        amount: 0 looks as before .. 1 looks down.
        lids: How far they close then.
    """
    shapes = performance.shapes.astype(np.float64)
    for side in ("Left", "Right"):
        for name, most in (("eyeLookDown", 0.62), ("eyeBlink", lids)):
            column = SHAPE[f"{name}{side}"]
            shapes[:, column] = np.maximum(shapes[:, column], most * amount)
        for name in ("eyeLookUp", "eyeWide"):
            shapes[:, SHAPE[f"{name}{side}"]] *= 1 - amount
    return Performance(
        rate=performance.rate,
        shapes=np.clip(shapes, 0, 1).astype(np.float32),
        head=performance.head.copy(),
        breath=performance.breath.copy(),
    )
