"""*Welcome*: joy over a birth or a wedding, with the family's pictures alive.

People stand as families do before a camera: close, shoulders behind shoulders, taller ones behind, small ones before
them. Each smiles in turn, and now and then looks at the others.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from jaxtyping import Float32

from vivant.scene.direction import acting
from vivant.scene.direction.a_word import eased_way
from vivant.scene.direction.call import Call, Curve, Direction, staged
from vivant.scene.direction.gathering import Gathering, Spot, gather
from vivant.scene.direction.regarding import regarding
from vivant.scene.direction.stages import FACE_M, turned_to_the_light
from vivant.scene.figure.turns import ease
from vivant.scene.near.blossoms import AWAY_M, Blossoms
from vivant.scene.shot import Bust, Shot

APART_M = 0.235
"""Between neighbours in a row: shoulders behind shoulders."""
OUTER_M, OUTER_DOWN_M = 0.06, 0.035
"""Of four who are grown, the outer two stand a little nearer, and lower."""
CHILD_NEARER_M, CHILD_DOWN_M = 0.14, 0.11
"""A child stands before the others, its crown at their mouths."""
CHILD_ROOM_M = 0.02
"""Room that the others make for it, each."""
BESIDE_M, BESIDE_DOWN_M = 0.14, 0.085
"""Where somebody stands in the middle, children stand aside, and not so low."""
LARGEST = 0.24
"""Faces become no larger than this share of the picture's height, if they need not."""
CHILD_M = 1.40
"""Who is smaller than this stands in front."""
SHOULDER_M = 0.19
SEEN = 1.30
"""So far from the middle of the eyes a head is seen at least, in heights of the face; half a face less is cut."""
LEAN_DEG_A_METRE = 17.0
HIDDEN = 0.16
"""Mist hides this much of the picture's lower end."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Stand:
    name: str
    right_m: float
    up_m: float
    nearer_m: float


def gathering(call: Call) -> Shot:
    """Let one to five people stand together, and rejoice."""
    call = turned_to_the_light(call)
    t, seconds = call.times_s, call.seconds
    stands = _stands(call)
    upright = float(np.clip((1.7 - call.aspect) / 1.1, 0, 1))
    hidden = HIDDEN + 0.08 * upright
    widest = max(abs(one.right_m) for one in stands) + SHOULDER_M
    face = min(FACE_M * call.aspect / (2 * widest), LARGEST)

    def gathered(passing: Curve | float) -> Gathering:
        spots = {
            one.name: Spot(
                right_m=one.right_m - passing,
                up_m=one.up_m,
                nearer_m=one.nearer_m,
                hidden=hidden,
            )
            for one in stands
        }
        return gather(call, spots, face=face, eyes_y=0.42, camera="near", push=0.06)

    group = gathered(_passing(call, gathered(0.0)))
    seen_x = {name: places[:, 0] for name, places in group.seen.items()}
    performances = regarding(call, seen_x)
    busts: list[Bust] = []
    for place, one in enumerate(stands):
        moment = seconds * (0.12 + 0.55 * place / max(len(stands), 1))
        joy = 0.28 + 0.42 * ease((t - moment) / 1.5)
        busts.append(
            group.bust(
                one.name,
                acting.smile(performances[one.name], joy),
                roll_deg=_leaning(one, call),
                gestures=acting.standing(t, seed=call.seed + 17 * place),
            )
        )
    busts.sort(key=lambda bust: -bust.depth_m)
    misty = group.stage.misty
    flowers = () if misty else (_flowers(call, group, hidden=hidden),)
    return staged(
        call,
        group.camera,
        presences=(*busts, *flowers),
        particles=call.plan.particles or _petals(call),
        mist=np.full(call.frames, 0.85, np.float32) if misty else None,
        mist_top=1 - hidden - 0.20,
        rays=group.stage.rays + 0.06,
        bloom=0.24,
    )


def _leaning(one: _Stand, call: Call) -> Float32[np.ndarray, " frames"]:
    """Lean a little toward the middle of the group, as the shot goes on."""
    most = float(np.clip(-LEAN_DEG_A_METRE * one.right_m, -2.6, 2.6))
    return np.asarray(most * (0.4 + 0.6 * ease(call.times_s / call.seconds)), np.float32)


def _flowers(call: Call, group: Gathering, *, hidden: float) -> Blossoms:
    """Let flowers bloom before the lens, where photos end."""
    t, camera = call.times_s, group.camera
    tall_m = 2 * np.tan(np.radians(camera.fov_deg[0]) / 2) * AWAY_M
    # they stay behind as the camera goes on: half of its way, so slowly that nothing blurs
    drifts = 0.5 * camera.position_m + 0.5 * camera.position_m[:1]
    return Blossoms(
        place_m=drifts + AWAY_M * group.forward - 0.53 * tall_m * group.up,
        right=group.right,
        up=group.up,
        wide_m=1.15 * tall_m * call.aspect,
        high_m=(hidden + 0.05) * tall_m,
        sway=np.sin(0.9 * t + call.seed % 5) + 0.4 * np.sin(2.1 * t),
        bouquet=call.scene_set.name.startswith("room"),
        seed=call.seed % 97,
    )


def _petals(call: Call) -> tuple[str, ...]:
    return () if call.plan.choice("particles", "") == "none" else ("petals",)


def _stands(call: Call) -> list[_Stand]:
    """Find everybody's place: children in front, the first two in the middle, the others beside them."""
    children = [name for name in call.plan.who if _height(call, name) < CHILD_M]
    grown = [name for name in call.plan.who if name not in children]
    stands = []
    places = _middle_out(len(grown))
    for rank, name in enumerate(grown):
        outer = len(grown) > 3 and rank >= 2
        stands.append(
            _Stand(
                name=name,
                right_m=places[rank] * (APART_M + (CHILD_ROOM_M if children else 0.0)),
                up_m=_taller(call, name) - (OUTER_DOWN_M if outer else 0.0),
                nearer_m=OUTER_M if outer else 0.02 * (rank % 2),
            )
        )
    aside = BESIDE_M if len(grown) % 2 else 0.0
    down = 0.0 if not grown else BESIDE_DOWN_M if len(grown) == 1 else CHILD_DOWN_M
    for rank, name in enumerate(children):
        stands.append(
            _Stand(
                name=name,
                right_m=aside + (rank - 0.5 * (len(children) - 1)) * APART_M,
                up_m=-down,
                nearer_m=CHILD_NEARER_M if grown else 0.0,
            )
        )
    middle = 0.5 * (max(one.right_m for one in stands) + min(one.right_m for one in stands))
    height = 0.5 * (max(one.up_m for one in stands) + min(one.up_m for one in stands))
    return [
        replace(one, right_m=one.right_m - middle, up_m=one.up_m - 0.5 * height) for one in stands
    ]


def _middle_out(count: int) -> list[float]:
    """Give places from the middle outward: right, left, and so on, with the middle of all at 0."""
    order = sorted(range(count), key=lambda place: (abs(place - 0.5 * (count - 1)), place))
    return [place - 0.5 * (count - 1) for place in order]


def _height(call: Call, name: str) -> float:
    build = call.builds.get(name)
    return 1.68 if build is None else build.height_m


def _taller(call: Call, name: str) -> float:
    """Tell how much higher someone's eyes are than most; half of it, since people before a camera bend and stretch."""
    return 0.5 * float(np.clip(_height(call, name) - 1.68, -0.16, 0.16))


def _passing(call: Call, group: Gathering) -> Curve:
    """Pass along the group where the picture is too narrow for all of it; metres to the right."""
    over = 0.0
    for seen in group.seen.values():
        metres = FACE_M / seen[0, 2]  # a height of the picture, there
        beyond = abs(seen[0, 0]) + (SEEN - 0.5) * seen[0, 2] - 0.5 * call.aspect
        over = max(over, float(beyond * metres))
    part = eased_way(call.times_s, call.seconds)
    return np.asarray(over * (2 * part / max(float(part[-1]), 1e-6) - 1))


DIRECTIONS: dict[str, Direction] = {"gathering": gathering}
