"""The *Stairway*: the person stands with us, turns to the light, climbs, looks back once, and the gates close on light.

The rules behind every number here: one sun, behind whoever is seen; the figure small or from behind; never from the
photo to the figure at the same size; a face is the photo's own or not seen; one gesture a shot; the picture always moves.
"""

from __future__ import annotations

import numpy as np
from jaxtyping import Float64

from vivant.scene.direction import acting
from vivant.scene.direction.call import (
    Call,
    Curve,
    Direction,
    between,
    field_of_view,
    staged,
    sway,
)
from vivant.scene.direction.framing import place_of, usual_place
from vivant.scene.figure.gait import climb, walk
from vivant.scene.figure.motion import JOINTS, FigureMotion
from vivant.scene.figure.turns import ease
from vivant.scene.figure.waving import look_back
from vivant.scene.sets import stairway_plan as plan
from vivant.scene.shot import Bust, CameraMove, Shot, Walker

CLIMB_M_PER_S = 0.42
"""An old person's pace; a young one takes .6."""
GATES_OPEN_RAD = 1.25
GLOW_SHUT, GLOW_OPEN = 0.6, 7.6
_HEAD = JOINTS.index("head")


def _constant(value: float, frames: int) -> Float64[np.ndarray, " frames"]:
    return np.full(frames, float(value))


def _state(
    call: Call, *, gates: Curve | float = 0.0, glow: Curve | float = 0.0
) -> dict[str, np.ndarray]:
    frames = call.frames
    return {
        "gates": np.broadcast_to(np.asarray(gates, np.float32), (frames,)).copy(),
        "glow": np.broadcast_to(np.asarray(glow, np.float32), (frames,)).copy(),
    }


def _camera(
    call: Call,
    position: Float64[np.ndarray, "... 3"],
    target: Float64[np.ndarray, "... 3"],
    fov: Curve | float,
    *,
    focus: Curve | float = 50.0,
    aperture: float = 0.0,
    least_across_deg: float = 0.0,
) -> CameraMove:
    frames = call.frames
    opened = [
        field_of_view(float(one), call.aspect, least_across_deg=least_across_deg)
        for one in np.broadcast_to(fov, (frames,))
    ]
    return CameraMove(
        position_m=np.broadcast_to(position, (frames, 3)).copy(),
        target_m=np.broadcast_to(target, (frames, 3)).copy(),
        fov_deg=np.array(opened),
        roll_deg=np.zeros(frames),
        focus_m=np.broadcast_to(np.asarray(focus, np.float64), (frames,)).copy(),
        aperture=aperture,
    )


def with_us(call: Call) -> Shot:
    """Stand with us: near, at rest, the stair far behind; smile, nod, and at the end turn to the light."""
    t, seconds = call.times_s, call.seconds
    leaves = call.plan.choice("leaves", "stays") == "light"
    turning = ease((t - (seconds - 3.0)) / 2.2) if leaves else np.zeros_like(t)
    performance = call.acted
    spoken = call.plan.speaks
    warmth = 0.12 + (0.45 if spoken else 0.75) * ease((t - 0.9) / 1.8)
    performance = acting.smile(performance, warmth * (1 - 0.35 * turning))
    if call.plan.choice("nods", "yes") == "yes" and not spoken:
        performance = acting.nod(performance, (0.55 * seconds, 0.55 * seconds + 0.75))
    performance = acting.turn(performance, turning, yaw_deg=13.0)
    place = place_of(
        call.people[call.who],
        aspect=call.aspect,
        wish=usual_place(call.aspect, side=-1),
        misty=True,
    )
    push = 0.07 * t / 10
    face = place.face_height * (1 + push / 0.8)
    wide = call.aspect > 1.2
    camera = _camera(
        call,
        between((30.6, 2.6, -6.5), (30.25, 2.68, -6.0), t / 12),
        np.array([26.0, 5.2, 14.0]) if wide else np.array([24.0, 6.4, 16.0]),
        40.0,
        focus=2.0,
        aperture=15.0,
    )
    light = call.light.from_direction(np.array([-0.50, 0.24, 0.83]))
    frames = call.frames
    return staged(
        call,
        camera,
        light=light,
        presences=(
            Bust(
                person=call.who,
                performance=performance,
                eyes_x=(_constant(place.eyes_x, frames) - 0.012 * t / 10).astype(np.float32),
                eyes_y=(_constant(place.eyes_y, frames) + 0.006 * t / 10).astype(np.float32),
                face_height=face.astype(np.float32),
                roll_deg=np.zeros(frames, np.float32),
                gestures=acting.standing(t, seed=call.seed, lean=0.22 * turning),
            ),
        ),
        mist=_constant(0.8, frames).astype(np.float32),
        mist_top=place.mist_top,
        rays=0.16,
        state=_state(call, glow=GLOW_SHUT),
    )


def _climbing(call: Call, way0_m: float, aside_m: float = 0.0) -> FigureMotion:
    pace = {"slow": 0.36, "usual": CLIMB_M_PER_S, "brisk": 0.55}[call.plan.choice("pace", "usual")]
    return climb(
        way0_m=way0_m, aside_m=aside_m, speed_m_per_s=pace, build=call.build,
        frames=call.frames, rate=call.rate,
    )  # fmt: skip


def _heads(motion: FigureMotion) -> Float64[np.ndarray, "frames 3"]:
    return motion.joints_m[:, _HEAD]


def climb_wide(call: Call) -> Shot:
    """See the stair whole, and someone small on it."""
    t = call.times_s
    e = ease(t / call.seconds)
    motion = _climbing(call, 3.0)
    bob = sway(t, seed=call.seed)
    camera = _camera(
        call,
        between((34.2, 1.7, -10.5), (33.2, 3.6, -7.5), e) + bob,
        between((24.5, 6.2, 20), (22, 8.6, 22), e),
        43.0,
        least_across_deg=44.0,
    )
    light = call.light.from_direction(np.array([-0.62, 0.26, 0.74]))
    return staged(
        call,
        camera,
        light=light,
        presences=(Walker(person=call.who, motion=motion, shows_face=False),),
        mist=_constant(0.6, call.frames).astype(np.float32),
        mist_top=0.86,
        state=_state(call, glow=GLOW_SHUT),
    )


def climb_behind(call: Call) -> Shot:
    """Follow a few steps below."""
    t = call.times_s
    motion = _climbing(call, 9.0, 0.1)
    ways = 9.0 + np.cumsum(np.full(call.frames, CLIMB_M_PER_S / float(call.rate)))
    back = 3.7 if call.aspect > 1 else 4.2
    position = np.array([plan.place_at(way - back, 0.55) for way in ways])
    heads = _heads(motion)
    smooth_heads = np.array([plan.place_at(way, 0.1) for way in ways]) + np.array([0, 1.28, 0])
    position[:, 1] += 1.80
    camera = _camera(
        call,
        position + 0.6 * sway(t, seed=call.seed),
        smooth_heads + np.array([-0.25, 0.0, 0.3]),
        36.0,
        focus=np.linalg.norm(heads - position, axis=1),
        aperture=32.0,
    )
    light = call.light.from_direction(np.array([-0.50, 0.30, 0.80]))
    return staged(
        call,
        camera,
        light=light,
        presences=(Walker(person=call.who, motion=motion, shows_face=False),),
        mist=_constant(0.6, call.frames).astype(np.float32),
        mist_top=0.86,
        state=_state(call, glow=GLOW_SHUT),
    )


def climb_beside(call: Call) -> Shot:
    """From below the rail, against the sun: mostly a silhouette."""
    t = call.times_s
    start = 15.0
    motion = _climbing(call, start, -0.2)
    angle = (start + 1.0) / plan.RADIUS_M
    side = np.array(
        [
            -np.cos(angle) * 0.75 - np.sin(angle) * 0.66,
            0.0,
            -np.sin(angle) * 0.75 + np.cos(angle) * 0.66,
        ]
    )
    side /= np.linalg.norm(side)
    stand = plan.place_at(start + 1.0, -0.2)
    ways = start + CLIMB_M_PER_S * t
    walker = np.array([plan.place_at(way, -0.2) for way in ways])
    target = walker + np.array([0, 1.05, 0]) + 0.35 * (stand - walker)
    position = stand - side * 5.6 + np.array([0, -0.15, 0]) + 0.5 * sway(t, seed=call.seed)
    camera = _camera(call, position, target, 37.0, focus=5.8, aperture=10.0)
    light = call.light.from_direction(np.array([side[0] + 0.06, 0.13, side[2]]))
    return staged(
        call,
        camera,
        light=light,
        presences=(Walker(person=call.who, motion=motion, shows_face=False),),
        mist=_constant(0.6, call.frames).astype(np.float32),
        mist_top=0.86,
        state=_state(call, glow=GLOW_SHUT),
    )


_CLIMBS = {"wide": climb_wide, "behind": climb_behind, "beside": climb_beside}


def climb_stairs(call: Call) -> Shot:
    """Climb, seen by the camera that the storyboard names."""
    return _CLIMBS[call.plan.camera or "wide"](call)


def look_back_once(call: Call) -> Shot:
    """Stop, turn, and wave once; the sun stands behind the head."""
    t, seconds = call.times_s, call.seconds
    way = 27.0
    waves = call.plan.choice("wave", "yes") == "yes"
    motion = look_back(
        way_m=way, aside_m=0.15, frames=call.frames, rate=call.rate, waves=waves, build=call.build,
        toward_m=plan.place_at(way - 4.95, 0.75) + np.array([0.0, 1.45, 0.0]),
    )  # fmt: skip
    stand = plan.step_at(way, 0.15)
    position = plan.place_at(way - 4.95, 0.75) + np.array([0.0, 1.45, 0.0])
    target = stand + np.array([-0.35, 1.40, 0.1])
    camera = _camera(
        call,
        position + 0.4 * sway(t, seed=call.seed),
        np.broadcast_to(target, (call.frames, 3)),
        25.2 - 1.4 * t / seconds,
        focus=4.95,
        aperture=30.0,
        least_across_deg=17.0,
    )
    forward = target - position
    right = np.cross(forward, [0, 1, 0])
    right /= np.linalg.norm(right)
    head = stand + np.array([0.0, 1.58, 0.0])
    sun = head + 0.20 * right + np.array([0.0, 0.16, 0.0]) - position
    light = call.light.from_direction(sun)
    return staged(
        call,
        camera,
        light=light,
        presences=(Walker(person=call.who, motion=motion, shows_face=True),),
        rays=0.38,
        bloom=0.30,
        state=_state(call, glow=1.6),
    )


def pass_the_gates(call: Call) -> Shot:
    """The gates open, the figure walks into the light."""
    t, seconds = call.times_s, call.seconds
    opened = GATES_OPEN_RAD * ease((t - 0.3) / 2.8)
    motion = walk(
        start_m=plan.GATE - 4.6 * plan.ONWARD + 0.12 * plan.ASIDE,
        toward=plan.ONWARD,
        speed_m_per_s=0.95,
        waits_s=1.2,
        build=call.build,
        frames=call.frames,
        rate=call.rate,
    )
    e = ease(t / seconds)
    position = (
        plan.GATE
        - (10.5 - 1.6 * e)[:, None] * plan.ONWARD
        + np.column_stack([np.zeros_like(t), 1.55 + 0.3 * t / seconds, np.zeros_like(t)])
        + 0.5 * plan.ASIDE
    )
    camera = _camera(
        call,
        position + 0.5 * sway(t, seed=call.seed),
        np.broadcast_to(plan.GATE + np.array([0.0, 3.1, 0.0]), (call.frames, 3)),
        48.0,
        least_across_deg=40.0,
    )
    light = call.light.from_direction(np.array([plan.ONWARD[0], 0.19, plan.ONWARD[2]]))
    gates = 0.0 if call.plan.choice("gates", "yes") == "no" else opened
    return staged(
        call,
        camera,
        light=light,
        presences=(Walker(person=call.who, motion=motion, shows_face=False),),
        mist=_constant(0.7, call.frames).astype(np.float32),
        mist_top=0.84,
        white=(0.85 * ease((t - (seconds - 1.4)) / 1.4)).astype(np.float32),
        rays=0.34,
        state=_state(call, gates=gates, glow=GLOW_SHUT + 7.0 * ease((t - 0.5) / 3.5)),
    )


def gates_close(call: Call) -> Shot:
    """The gates close on light, and the light stays."""
    t, seconds = call.times_s, call.seconds
    e = ease(t / seconds)
    position = (
        plan.GATE
        - (11 + 5 * e)[:, None] * plan.ONWARD
        + np.column_stack([np.zeros_like(t), 1.9 + 2.2 * e, np.zeros_like(t)])
        + (0.4 - 1.2 * t / seconds)[:, None] * plan.ASIDE
    )
    target = plan.GATE + np.column_stack(
        [np.zeros_like(t), 3.0 + 0.8 * t / seconds, np.zeros_like(t)]
    )
    camera = _camera(call, position, target, 48.0, least_across_deg=40.0)
    light = call.light.from_direction(np.array([plan.ONWARD[0], 0.19, plan.ONWARD[2]]))
    return staged(
        call,
        camera,
        light=light,
        mist=_constant(0.9, call.frames).astype(np.float32),
        mist_top=0.64,
        white=np.maximum(
            0.85 * (1 - ease(t / 1.0)), 0.9 * ease((t - (seconds - 1.2)) / 1.2)
        ).astype(np.float32),
        rays=0.30,
        state=_state(
            call,
            gates=0.0
            if call.plan.choice("gates", "yes") == "no"
            else GATES_OPEN_RAD * (1 - ease((t - 0.2) / 2.6)),
            glow=GLOW_OPEN - 6.4 * ease((t - 0.3) / 3.0),
        ),
    )


DIRECTIONS: dict[str, Direction] = {
    "with-us": with_us,
    "climb": climb_stairs,
    "look-back": look_back_once,
    "gates": pass_the_gates,
    "gates-close": gates_close,
}
