"""Where feet stand, and how weight goes from one to the other; everything else about walking follows from this."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from jaxtyping import Bool, Float64

from vivant.scene.figure.turns import Curve, ease

LEFT, RIGHT = 0, 1
SETTLE_S = 0.6
"""After a step with no other to follow, weight comes to rest on both feet within this time."""
READY_S = 0.5
"""Before a first step, weight leaves the foot within this time."""

HEEL_S = 0.40
"""So long before the foot leaves the floor its heel does."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Footing:
    """A foot that stands."""

    place_m: Float64[np.ndarray, " 3"]
    """Of the ball of the foot, on the floor."""
    yaw_rad: float


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Footfall:
    """One foot is lifted and put down again."""

    foot: int
    """``LEFT`` or ``RIGHT``."""
    lift_s: float
    land_s: float
    to: Footing
    push: float = 1.0
    """How far the heel rises before the foot leaves the floor, 0..1."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Feet:
    """Both feet, moment by moment; axis 1 is left, right."""

    ball_m: Float64[np.ndarray, "moments 2 3"]
    yaw_rad: Float64[np.ndarray, "moments 2"]
    pitch_rad: Float64[np.ndarray, "moments 2"]
    """Positive when the heel is higher than the ball."""
    stands: Bool[np.ndarray, "moments 2"]
    load: Float64[np.ndarray, "moments 2"]
    """Share of the weight on each foot; they sum to 1."""
    floor_m: Float64[np.ndarray, "moments 2"]
    """Height of the floor that each foot stood on last."""


@dataclass(slots=True, kw_only=True, eq=False)
class Steps:
    """The steps of a figure, as they are planned."""

    first: tuple[Footing, Footing]
    falls: list[Footfall] = field(default_factory=list)

    def last(self, foot: int) -> Footing:
        """Tell where a foot stands after all that is planned."""
        return next(
            (fall.to for fall in reversed(self.falls) if fall.foot == foot), self.first[foot]
        )

    def feet(self, times_s: Curve) -> Feet:
        """Follow both feet."""
        tracks = [_track(self.first[foot], self._of(foot), times_s) for foot in (LEFT, RIGHT)]
        load = _left_load(sorted(self.falls, key=lambda fall: fall.lift_s), times_s)
        stacked = [np.stack([track[part] for track in tracks], axis=1) for part in range(5)]
        return Feet(
            ball_m=stacked[0],
            yaw_rad=stacked[1],
            pitch_rad=stacked[2],
            stands=stacked[3],
            floor_m=stacked[4],
            load=np.stack([load, 1 - load], axis=1),
        )

    def _of(self, foot: int) -> list[Footfall]:
        return [fall for fall in self.falls if fall.foot == foot]


def _track(
    first: Footing, falls: Sequence[Footfall], times_s: Curve
) -> tuple[Float64[np.ndarray, "moments 3"], Curve, Curve, Bool[np.ndarray, " moments"], Curve]:
    count = len(times_s)
    ball = np.repeat(first.place_m[None], count, axis=0)
    yaw, pitch = np.full(count, first.yaw_rad), np.zeros(count)
    stands, floor = np.ones(count, bool), np.full(count, first.place_m[1])
    before = first
    for fall in falls:
        swing = (times_s > fall.lift_s) & (times_s < fall.land_s)
        after = times_s >= fall.land_s
        share = (times_s[swing] - fall.lift_s) / (fall.land_s - fall.lift_s)
        way = fall.to.place_m - before.place_m
        rise, far = float(way[1]), float(np.hypot(way[0], way[2]))
        ball[after], yaw[after], floor[after] = fall.to.place_m, fall.to.yaw_rad, fall.to.place_m[1]
        ball[swing] = before.place_m + _arc(share, way, rise)
        yaw[swing] = before.yaw_rad + (fall.to.yaw_rad - before.yaw_rad) * ease(share * 1.1)
        stands[swing] = False
        heel = fall.push * 0.72 * min(1.0, 0.2 + far / 0.75)
        rising = (times_s > fall.lift_s - HEEL_S) & (times_s <= fall.lift_s)
        pitch[rising] = heel * ease((times_s[rising] - fall.lift_s + HEEL_S) / HEEL_S)
        pitch[swing] = heel * (1 + 0.35 * np.sin(np.pi * np.clip(share / 0.5, 0, 1))) * (
            1 - ease((share - 0.15) / 0.75)
        ) - 0.10 * np.sin(np.pi * np.clip((share - 0.55) / 0.45, 0, 1)) * (rise < 0.05)
        before = fall.to
    return ball, yaw, pitch, stands, floor


def _arc(
    share: Curve, way: Float64[np.ndarray, " 3"], rise: float
) -> Float64[np.ndarray, "moments 3"]:
    """Carry a foot: up first, so that the toe clears the edge of the step, then on, then down."""
    if rise > 0.05:
        clear, onward = 0.055, ease((share - 0.16) / 0.80)
        up = (rise + clear) * ease(share / 0.58) - clear * ease((share - 0.62) / 0.38)
    else:
        clear, onward = 0.022 + 0.035 * min(float(np.hypot(way[0], way[2])) / 0.6, 1), ease(share)
        up = rise * ease(share) + clear * np.sin(np.pi * ease(share * 0.97))
    return np.column_stack([onward * way[0], up, onward * way[2]])


def _left_load(falls: Sequence[Footfall], times_s: Curve) -> Curve:
    """Give the share of weight on the left foot."""
    moments: list[float] = [float(times_s[0]) - 10]
    loads: list[float] = [0.5]
    for index, fall in enumerate(falls):
        carried = 0.0 if fall.foot == LEFT else 1.0
        if fall.lift_s - moments[-1] > READY_S + 0.25:
            moments.append(fall.lift_s - READY_S)
            loads.append(0.5)
        moments += [fall.lift_s, fall.land_s]
        loads += [carried, carried]
        following = falls[index + 1].lift_s if index + 1 < len(falls) else np.inf
        if following - fall.land_s > SETTLE_S + 0.1:
            moments.append(fall.land_s + SETTLE_S)
            loads.append(0.5)
    moments.append(float(times_s[-1]) + 10)
    loads.append(loads[-1])
    at = np.clip(np.searchsorted(moments, times_s, side="right") - 1, 0, len(moments) - 2)
    starts, ends = np.array(moments)[at], np.array(moments)[at + 1]
    share = ease((times_s - starts) / np.maximum(ends - starts, 1e-6))
    return np.asarray(np.array(loads)[at] * (1 - share) + np.array(loads)[at + 1] * share)
