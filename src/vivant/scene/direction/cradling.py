"""*Newborn*: somebody holds a swaddled newborn, looks down at it with a slow smile, and then at us.

Of the newborn a cap and a blanket are seen, from behind: no face is made for it.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from vivant.scene.direction import acting
from vivant.scene.direction.call import Call
from vivant.scene.direction.gathering import Gathering, Spot, gather
from vivant.scene.direction.holding import set_around
from vivant.scene.direction.leaning import looking_down, wideness
from vivant.scene.direction.shoulders import edge_of_shoulder, place_on, top_of_shoulder
from vivant.scene.direction.stages import turned_to_the_light
from vivant.scene.direction.tenderness import Bearing, borne
from vivant.scene.figure.build import Build
from vivant.scene.figure.dress import Dress
from vivant.scene.figure.turns import ease
from vivant.scene.near.reaching import bent
from vivant.scene.near.reaching import cradle as held
from vivant.scene.near.sleeve import Reach, Sleeve
from vivant.scene.shot import Shot

INSIDE, BELOW = 0.36, 0.56
"""Of the joint of a shoulder, from its outer end and from its top, in face heights."""
BREATHS_PER_S = 0.66
"""A newborn breathes about 40 times a minute."""


def cradle(call: Call) -> Shot:
    """Hold a newborn, look down at it, and then at us."""
    call = turned_to_the_light(call)
    t = call.times_s / call.seconds
    name = call.who
    down = ease((t - 0.10) / 0.20) * (1 - ease((t - 0.66) / 0.18))
    warmth = 0.20 + 0.50 * ease((t - 0.22) / 0.3)
    wide = wideness(call)
    gathering = gather(
        call, {name: Spot()}, face=0.22 + 0.05 * wide, eyes_y=0.46 - 0.13 * wide, push=0.07
    )
    side = 1.0 if gathering.stage.side < 0 else -1.0
    arms = held(
        gathering.eyes_m[name],
        right=gathering.right,
        up=gathering.up,
        forward=gathering.forward,
        breath=np.asarray(0.5 - 0.5 * np.cos(2 * np.pi * BREATHS_PER_S * call.times_s)),
        head_side=side,
        height_m=call.builds.get(name, Build()).height_m,
    )
    performance = acting.smile(call.acted_by(name), warmth)
    performance = looking_down(performance, down, lids=0.22)
    performance = borne(
        performance,
        Bearing(
            pitch_deg=8.5 * down, yaw_deg=side * 5.0 * down, roll_deg=side * 3.0 * down, calm=0.5 * down
        ),
    )  # fmt: skip
    bust = gathering.bust(
        name, performance, gestures=acting.standing(call.times_s, seed=call.seed) * np.float32(0.4)
    )
    dress = call.dresses.get(name, Dress())
    height_m = call.builds.get(name, Build()).height_m
    below, behind = (
        Sleeve.of(
            dress,
            _from_shoulder(call, gathering, name, reach, height_m=height_m),
            person=name,
            height_m=height_m,
            seed=call.seed + place,
        )
        for place, reach in enumerate((arms.below, arms.behind))
    )
    # the newborn's head lies before the upper arm, and the fore arm before the newborn
    fore = replace(behind, shoulder_m=behind.elbow_m - 0.3 * gathering.up)
    return set_around(call, gathering, [bust, below, behind, arms.bundle, fore])


def _from_shoulder(
    call: Call, gathering: Gathering, name: str, reach: Reach, *, height_m: float
) -> Reach:
    """Let an arm come out of the photo's own shoulder, so that its sleeve lies over the photo's."""
    outline = call.people[name].outline
    aside = edge_of_shoulder(outline, reach.side, inside=INSIDE)
    joint = place_on(
        gathering, call, name, aside=aside, down=top_of_shoulder(outline, aside) + BELOW
    )
    out = gathering.right if reach.side == "left" else -gathering.right
    toward = out - 1.1 * gathering.up - 0.1 * gathering.forward
    elbow, shoulder = bent(
        joint, reach.wrist_m, elbow_toward=np.tile(toward, (call.frames, 1)), height_m=height_m
    )
    return replace(reach, shoulder_m=shoulder, elbow_m=elbow)
