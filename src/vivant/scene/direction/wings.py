"""*Wings*: they unfold from the back, light grows, a white bird rises.

Nothing here says what the wings mean. They stand behind the living photo as part of the set, in its light; the person
does little: lifts the face, smiles.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from jaxtyping import Float64

from vivant.performance.curves import HEAD, Performance
from vivant.scene.direction import acting
from vivant.scene.direction.bird_rises import bird_rises
from vivant.scene.direction.call import Call, Curve, Direction, staged
from vivant.scene.direction.gathering import Gathering, Spot, gather
from vivant.scene.direction.stages import turned_to_the_light
from vivant.scene.direction.wings_away import wings_away
from vivant.scene.figure.turns import ease
from vivant.scene.light import Glow, Light
from vivant.scene.shot import Shot
from vivant.scene.wings.wings import Wings

BEGINS_S, UNFOLDS_S = 0.9, 4.8
BELOW_EYES_M, BEHIND_M = 0.25, 0.15
"""Where they grow from the back, from the middle between the eyes."""
SIZE = 0.72
BREATHS_PER_S = 0.23
HIDDEN = 0.11
"""Mist hides this much of the picture's lower end, and with it where the photo ends."""
_PITCH = HEAD.index("pitch_deg")


def wings(call: Call) -> Shot:
    """Unfold wings behind the living photo, while light grows."""
    call = turned_to_the_light(call)
    t, seconds = call.times_s, call.seconds
    begins = min(BEGINS_S, 0.15 * seconds)
    opened = ease((t - begins) / min(UNFOLDS_S, 0.72 * seconds))
    upright = float(np.clip((1.5 - call.aspect) / 0.9, 0, 1))
    group = gather(
        call,
        {call.who: Spot(hidden=HIDDEN + 0.08 * upright)},
        face=0.20 - 0.05 * upright,
        sides=_sides(call),
        eyes_y=0.47 + 0.04 * upright,
        camera="near",
        push=-0.07,
    )
    lifts = ease((t - begins - 0.9) / 3.2)
    performance = lifted(acting.smile(call.acted, 0.10 + 0.42 * lifts), lifts)
    bust = group.bust(call.who, performance, gestures=acting.standing(t, seed=call.seed))
    winged = call.plan.choice("wings", "yes") == "yes"
    pair = behind_the_shoulders(call, group, opened, lift=0.55 + 0.95 * upright)
    glow = 0.03 + 0.14 * ease((t - begins) / (0.9 * seconds))
    return staged(
        call,
        group.camera,
        light=glowing(call.light, group),
        presences=(pair, bust) if winged else (bust,),
        mist=np.full(call.frames, 0.9, np.float32),
        mist_top=0.64 - 0.08 * upright,
        state={"glow": glow.astype(np.float32), "gates": np.zeros(call.frames, np.float32)},
        rays=group.stage.rays + 0.06,
        bloom=0.26,
    )


def _sides(call: Call) -> float:
    """Look where the sky is darker than feathers."""
    return -2.5 if call.scene_set.name.startswith("stairway") else 0.4


def lifted(performance: Performance, amount: Curve) -> Performance:
    """Lift the face a little, and let it come to rest."""
    rested = acting.calm(performance, 0.5 * amount)
    head = rested.head.copy()
    head[:, _PITCH] -= (3.2 * amount).astype(np.float32)
    return replace(rested, head=head)


def behind_the_shoulders(call: Call, group: Gathering, opened: Curve, *, lift: float) -> Wings:
    """Put wings on the back of somebody who is near."""
    eyes = group.eyes_m[call.who]
    root = eyes - BELOW_EYES_M * group.up + BEHIND_M * group.forward
    breath = np.sin(2 * np.pi * BREATHS_PER_S * call.times_s + call.seed % 5)
    return Wings(
        root_m=root,
        across=_each(group.right, call.frames),
        up=_each(group.up, call.frames),
        opened=opened,
        breath=breath,
        lift=lift,
        size=SIZE,
    )


def glowing(light: Light, group: Gathering) -> Light:
    """Let light come from above and behind, near enough to be on the feathers most."""
    eyes = np.mean([places.mean(axis=0) for places in group.eyes_m.values()], axis=0)
    x, y, z = eyes + 0.85 * group.up - 0.45 * group.forward
    glow = Glow(place_m=(float(x), float(y), float(z)), rgb=(1.0, 0.93, 0.80), reach_m=0.9)
    return replace(light, glow=glow)


def _each(axis: Float64[np.ndarray, " 3"], frames: int) -> Float64[np.ndarray, "frames 3"]:
    return np.broadcast_to(axis, (frames, 3)).copy()


DIRECTIONS: dict[str, Direction] = {
    "wings": wings,
    "bird-rises": bird_rises,
    "wings-away": wings_away,
}
