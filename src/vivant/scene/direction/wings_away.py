"""Someone small, from behind, against the light; wings open on the back."""

from __future__ import annotations

import numpy as np
from jaxtyping import Float64

from vivant.scene.direction.call import Call, Curve, between, field_of_view, staged, sway
from vivant.scene.figure.gait import walk
from vivant.scene.figure.motion import JOINT, FigureMotion
from vivant.scene.figure.turns import ease
from vivant.scene.light import Light
from vivant.scene.sets import meadow_plan, stairway_plan
from vivant.scene.shot import CameraMove, Shot, Walker
from vivant.scene.wings.wings import Wings

FIGURE_SIZE = 0.92
BACK_M, OVER_M = 0.12, 0.11
"""From the chest's joint: where wings grow."""
_FOV_DEG = 34.0
_IN_THE_GRASS_M = np.array([0.0, 0.0, -4.6])
"""So far in that grass stands before the camera too."""


def wings_away(call: Call) -> Shot:
    """Walk a few paces into the light, come to stand; wings open."""
    t, seconds = call.times_s, call.seconds
    start, onward, up_m = _ground(call)
    stops_s = 0.34 * seconds
    motion = walk(
        start_m=start,
        toward=onward,
        speed_m_per_s=0.62,
        waits_s=-1.0,
        stops_s=stops_s,
        build=call.build,
        frames=call.frames,
        rate=call.rate,
    )
    opened = ease((t - 0.30 * seconds) / (0.55 * seconds))
    pair = on_the_back(motion, opened, times_s=t, lift=0.55)
    camera, light = _seen(call, motion, onward, up_m)
    winged = call.plan.choice("wings", "yes") == "yes"
    walker = Walker(person=call.who, motion=motion, shows_face=False)
    grows = ease((t - 0.2 * seconds) / (0.75 * seconds))
    return staged(
        call,
        camera,
        light=light,
        presences=(walker, pair) if winged else (walker,),
        mist=np.full(call.frames, 0.6, np.float32),
        mist_top=0.86,
        white=(0.04 * grows).astype(np.float32),
        rays=0.30,
        bloom=0.28,
        state={
            "gates": (1.25 * ease((t - 0.2) / (0.5 * seconds))).astype(np.float32),
            "glow": (0.6 + 3.0 * grows).astype(np.float32),
        },
    )


def on_the_back(motion: FigureMotion, opened: Curve, *, times_s: Curve, lift: float) -> Wings:
    """Put wings on a figure's back."""
    turns = motion.turns[:, JOINT["chest"]]
    left, up, front = turns[..., 0], turns[..., 1], turns[..., 2]
    root = motion.joints_m[:, JOINT["chest"]] + OVER_M * up - BACK_M * front
    return Wings(
        root_m=root,
        across=-left,
        up=up,
        opened=opened,
        breath=np.sin(2 * np.pi * 0.25 * times_s),
        size=FIGURE_SIZE,
        lift=lift,
        behind=True,
    )


def _ground(
    call: Call,
) -> tuple[Float64[np.ndarray, " 3"], Float64[np.ndarray, " 3"], float]:
    """Tell where one stands, which way the light is, and how high the camera is above that."""
    if call.scene_set.name.startswith("stairway"):
        plan = stairway_plan
        return plan.GATE - 3.4 * plan.ONWARD + 0.05 * plan.ASIDE, plan.ONWARD, 1.25
    sun = np.asarray(call.light.sun) * np.array([1.0, 0.0, 1.0])
    start = _IN_THE_GRASS_M.copy()
    start[1] = float(meadow_plan.ground_at(start[:1], start[2:])[0])
    return start, sun / np.linalg.norm(sun), 1.05


def _seen(
    call: Call, motion: FigureMotion, onward: Float64[np.ndarray, " 3"], up_m: float
) -> tuple[CameraMove, Light]:
    t = call.times_s
    e = ease(t / call.seconds)
    place = motion.joints_m[:, JOINT["chest"]] * np.array([1.0, 0.0, 1.0])
    floor = float(motion.floor_m.mean())
    aside = np.cross(onward, [0.0, 1.0, 0.0])
    last = place[-1]
    far = 7.6 if call.aspect > 1 else 9.0
    stand = last - far * onward + 0.5 * aside + np.array([0.0, floor + up_m, 0.0])
    position = between(stand - 0.9 * onward, stand + 0.5 * onward, e)
    target = last + np.array([0.0, floor + 1.45, 0.0])
    fov = field_of_view(_FOV_DEG, call.aspect, least_across_deg=26.0)
    camera = CameraMove(
        position_m=position + 0.5 * sway(t, seed=call.seed),
        target_m=np.broadcast_to(target, (call.frames, 3)).copy(),
        fov_deg=np.full(call.frames, fov),
        roll_deg=np.zeros(call.frames),
        focus_m=np.linalg.norm(place - position * np.array([1.0, 0.0, 1.0]), axis=1),
        aperture=20.0,
    )
    low = np.array([onward[0], 0.20, onward[2]])
    return camera, call.light.from_direction(low) if call.scene_set.name.startswith(
        "stairway"
    ) else call.light
