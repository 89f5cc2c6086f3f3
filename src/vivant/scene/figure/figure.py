"""A dressed figure: its surface at rest, and the same in any moment of a motion."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np
from jaxtyping import Float32, Float64, Int32

from vivant.scene.figure import clothes, hats, limbs
from vivant.scene.figure.build import SHOE_M, Build, Skeleton, grown_skeleton, skeleton
from vivant.scene.figure.cloth import Drape, drape
from vivant.scene.figure.contact import contacts
from vivant.scene.figure.dress import Dress
from vivant.scene.figure.hair import hair_parts
from vivant.scene.figure.head import CHIN, EYES, MIDDLE_Z, TALL, head_parts
from vivant.scene.figure.motion import JOINT, JOINTS, FigureMotion
from vivant.scene.figure.openness import openness
from vivant.scene.figure.part import BONE, BONES, Part, mirrored, outward, smoothstep
from vivant.scene.figure.patch import FacePatch
from vivant.scene.figure.proportions import Proportions
from vivant.scene.figure.skinning import carry, facing, heaviest
from vivant.scene.mesh import MATERIAL, Mesh

FACED = ("head", "hair", "hat")
"""Parts that the photo's face lies on."""
LINING = 0.975
"""Width of the lining against the cloth."""
KEPT = 4
"""So many motions' swinging cloth is kept."""


@dataclass(slots=True, kw_only=True, eq=False)
class Figure:
    """A figure, dressed, at rest; ``mesh`` gives it in motion."""

    build: Build
    dress: Dress
    bones: Skeleton
    face: FacePatch | None
    rest: Mesh
    """The surface as it stands upright, arms hanging."""
    held_by: Int32[np.ndarray, "points 4"]
    """Bones that carry each point."""
    weights: Float32[np.ndarray, "points 4"]
    hands: dict[int, tuple[slice, Float64[np.ndarray, "fingers 3"]]]
    """For left and right: which points are the hand's, and how they move when it is spread."""
    arms: dict[int, tuple[Int32[np.ndarray, " arm"], Float32[np.ndarray, " arm"]]]
    """For left and right: which points are the arm's, and how much of the sky they see away from the body."""
    head_points: Int32[np.ndarray, " head"]
    """Head, hair and hat, from the chin up."""
    inside: slice
    """The points of its lining."""
    hem: slice
    """The points that hang from the waist."""
    hanging: clothes.Hanging
    drapes: list[tuple[FigureMotion, Drape]] = field(default_factory=list)

    def mesh(self, motion: FigureMotion, frame: float) -> Mesh:
        """Give the surface at a frame of a motion, or between two frames.

        Args:
            motion: What it does.
            frame: From 0; parts of a frame are moments between two frames.
        """
        joints, turns = motion.at(frame)
        points = self._skinned(joints, turns, self._hand_open(motion, frame))
        hung = self._drape(motion).at(frame)
        points[self.hem] = hung
        points[self.inside] = _inside(hung, self.hanging)
        normals = np.empty_like(points)
        facing(points, self.rest.triangles, normals)
        return replace(
            self.rest,
            points_m=points,
            normals=normals,
            open_sky=self._open_sky(turns),
        )

    def contacts(self, motion: FigureMotion, frame: float) -> Float32[np.ndarray, "places 4"]:
        """Tell where it darkens the floor: see ``contact.contacts``."""
        return contacts(motion, frame)

    def _open_sky(self, turns: Float64[np.ndarray, "19 3 3"]) -> Float32[np.ndarray, " points"]:
        """See more of the sky with an arm that is lifted off the body."""
        open_ = self.rest.open_sky.copy()
        for side, (where, free) in self.arms.items():
            up = turns[JOINT[("left_shoulder", "right_shoulder")[side]], 1, 1]
            lifted = np.float32(smoothstep(0.95, 0.45, up))
            if lifted > 0:
                open_[where] += lifted * (free - open_[where])
        return open_

    def _hand_open(self, motion: FigureMotion, frame: float) -> Float64[np.ndarray, " 2"]:
        low, high, part = motion.between(frame)
        return np.asarray(motion.hand_open[low] * (1 - part) + motion.hand_open[high] * part)

    def _skinned(self, joints: np.ndarray, turns: np.ndarray, hand_open: np.ndarray) -> np.ndarray:
        rest = self.rest.points_m
        if hand_open.any():
            rest = rest.copy()
            for side, (where, spread) in self.hands.items():
                rest[where] += (hand_open[side] * spread).astype(np.float32)
        bones = _bones(joints, turns, self.bones).astype(np.float32)
        points = np.empty_like(rest)
        carry(rest, bones, self.held_by, self.weights, points)
        return points

    def _drape(self, motion: FigureMotion) -> Drape:
        for known, made in self.drapes:
            if known is motion:
                return made
        made = drape(self.hanging, motion, self.bones, legs_m=self._leg_radii())
        self.drapes.insert(0, (motion, made))
        del self.drapes[KEPT:]
        return made

    def _leg_radii(self) -> tuple[float, float, float]:
        h = self.build.height_m
        thick = 0.5 + 0.5 * clothes.girth(self.build)
        return 0.057 * thick * h, 0.053 * thick * h, 0.044 * thick * h


def build_figure(build: Build, dress: Dress, *, face: FacePatch | None = None) -> Figure:
    """Make a figure.

    Args:
        build: A person's measures.
        dress: Clothes, hair and colours.
        face: The photo's face; without it the head may only be shown from behind.
    """
    own = build.proportions
    if own is None:
        return _sewn(build, dress, face)
    return fitted(_sewn(build.grown, dress, face), build, own)


def _sewn(build: Build, dress: Dress, face: FacePatch | None) -> Figure:
    """Make a figure of a grown person's proportions."""
    bones = grown_skeleton(build)
    raised = [clothes.trunk(build, dress), *clothes.collar(build, dress)]
    first = 2 + len(raised)
    raised += [*head_parts(build, dress), *hair_parts(build, dress), *hats.hat_parts(build, dress)]
    hanging = clothes.hanging(build, dress)
    lining = clothes.lining(hanging)
    hand, spread = limbs.hand(build, dress, bones)
    left = [
        limbs.sleeve(build, dress, bones),
        limbs.leg(build, dress, bones),
        limbs.shoe(build, dress, bones),
    ]
    parts = [
        replace(part, points_m=np.add(part.points_m, [0, SHOE_M, 0]))
        for part in (hanging.part, lining, *raised)
    ]
    parts += [*left, *(mirrored(part, part.name.replace("left", "right")) for part in left)]
    parts += [hand, mirrored(hand, "right_hand")]
    parts = [outward(part) for part in parts]
    starts = np.cumsum([0, *(len(part.points_m) for part in parts)])
    wide = spread - hand.points_m
    a, b, c = (int(n) for n in starts[-3:])
    hem_m = clothes.CUTS[dress.garment].hem * build.height_m + SHOE_M
    rest = _rest(parts, starts, build, bones, face, hem_m=hem_m)
    heads = rest.points_m[starts[first] : starts[2 + len(raised)]]
    chin_up = heads[:, 1] >= (CHIN - 0.02 * TALL) * build.height_m + SHOE_M
    held_by, weights = heaviest(np.vstack([part.weights for part in parts]))
    return Figure(
        build=build,
        dress=dress,
        bones=bones,
        face=face,
        rest=rest,
        held_by=held_by,
        weights=weights,
        hands={0: (slice(a, b), wide), 1: (slice(b, c), wide * [-1, 1, 1])},
        arms=_arms(parts, rest, bones),
        head_points=(starts[first] + np.flatnonzero(chin_up)).astype(np.int32),
        inside=slice(int(starts[1]), int(starts[2])),
        hem=slice(0, int(starts[1])),
        hanging=hanging,
    )


def fitted(figure: Figure, build: Build, own: Proportions) -> Figure:
    """Take a figure that was made with a grown person's proportions to a child's of the same height."""
    h = build.height_m
    floor = np.array([0.0, SHOE_M, 0.0])
    hangs = np.zeros(len(figure.rest.points_m), bool)
    for arm, _ in figure.arms.values():
        hangs[arm] = True

    def shaped(points: np.ndarray) -> np.ndarray:
        at = (np.asarray(points, np.float64) - floor) / h
        made = np.where(hangs[:, None], own.shaped(at, arm=True), own.shaped(at))
        return np.asarray(made * h + floor)

    rest = figure.rest.points_m
    points = shaped(rest).astype(np.float32)
    hands = {}
    for side, (where, wide) in figure.hands.items():
        spread = np.array(rest, np.float64)
        spread[where] += wide
        hands[side] = (where, (shaped(spread) - points)[where])
    normals = np.empty_like(points)
    facing(points, figure.rest.triangles, normals)
    hanging = replace(figure.hanging, heights_m=own.raised(figure.hanging.heights_m / h) * h)
    return replace(
        figure,
        build=build,
        bones=skeleton(build),
        rest=replace(figure.rest, points_m=points, normals=normals),
        hands=hands,
        hanging=hanging,
        drapes=[],
    )


def _rest(
    parts: list[Part],
    starts: np.ndarray,
    build: Build,
    bones: Skeleton,
    face: FacePatch | None,
    *,
    hem_m: float,
) -> Mesh:
    points = np.vstack([part.points_m for part in parts]).astype(np.float32)
    triangles = np.vstack(
        [part.triangles + start for part, start in zip(parts, starts[:-1], strict=True)]
    ).astype(np.int32)
    normals = np.empty_like(points)
    facing(points, triangles, normals)
    faced = np.concatenate([np.full(len(part.points_m), part.name in FACED) for part in parts])
    names = np.concatenate([[part.name] * len(part.points_m) for part in parts])
    material = np.concatenate(
        [np.full(len(part.points_m), MATERIAL[part.material], np.uint8) for part in parts]
    )
    uv, weight = _face_places(points, normals, faced, build, face)
    return Mesh(
        points_m=points,
        normals=normals,
        triangles=triangles,
        albedo=np.vstack([part.albedo for part in parts]).astype(np.float32),
        material=material,
        open_sky=openness(points, normals, names, bones, hem_m=hem_m).astype(np.float32),
        sunlit=np.where(names == "lining", 0.0, 1.0).astype(np.float32),
        uv=uv,
        texture=None if face is None else face.rgba,
        texture_weight=weight,
    )


def _arms(
    parts: list[Part], rest: Mesh, bones: Skeleton
) -> dict[int, tuple[np.ndarray, np.ndarray]]:
    """Find the points of both arms, and what they would see with nothing beside them."""
    names = np.concatenate([[part.name] * len(part.points_m) for part in parts])
    found = {}
    for side, name in enumerate(("left", "right")):
        where = np.flatnonzero(np.isin(names, [f"{name}_sleeve", f"{name}_hand"])).astype(np.int32)
        own = np.full(len(where), f"{name}_sleeve")
        free = openness(
            rest.points_m[where], rest.normals[where], own, bones, hem_m=0.0, beside=False
        )
        found[side] = (where, free.astype(np.float32))
    return found


def _inside(hung: Float32[np.ndarray, "points 3"], hanging: clothes.Hanging) -> np.ndarray:
    """Lay the lining just within the cloth."""
    rings = hung.reshape(-1, len(hanging.angles), 3)[hanging.lined :]
    middle = rings.mean(axis=1, keepdims=True)
    inner = middle + (rings - middle) * LINING
    inner[..., 1] = rings[..., 1] + 0.002
    return np.asarray(inner.reshape(-1, 3), np.float32)


def _face_places(
    points: np.ndarray, normals: np.ndarray, faced: np.ndarray, build: Build, face: FacePatch | None
) -> tuple[np.ndarray | None, np.ndarray | None]:
    """Lay the photo on the front of the head; it fades where the surface turns aside."""
    if face is None:
        return None, None
    size = TALL * build.height_m
    eyes = np.array(
        [
            0.0,
            (CHIN + EYES * TALL) * build.height_m + SHOE_M,
            (MIDDLE_Z + 0.36 * TALL) * build.height_m,
        ]
    )
    x, y, z = ((points - eyes) / size).T
    uv = np.stack(
        [
            face.eyes_px[axis]
            + x * face.left_px[axis]
            + y * face.up_px[axis]
            + z * face.near_px[axis]
            for axis in (0, 1)
        ],
        axis=1,
    )
    tall, wide = face.rgba.shape[:2]
    inside = (uv[:, 0] >= 0) & (uv[:, 0] <= wide - 1) & (uv[:, 1] >= 0) & (uv[:, 1] <= tall - 1)
    weight = smoothstep(0.02, 0.38, normals[:, 2]) * faced * inside
    uv = np.clip(uv, 0, [wide - 1, tall - 1])
    return uv.astype(np.float32), weight.astype(np.float32)


def _bones(
    joints: np.ndarray, turns: np.ndarray, bones: Skeleton
) -> Float64[np.ndarray, "bones 3 4"]:
    """Give each bone's turn, and where it takes the origin."""
    turn = np.empty((len(BONES), 3, 3))
    turn[: len(JOINTS)] = turns
    place, rest = np.empty((len(BONES), 3)), np.empty((len(BONES), 3))
    place[: len(JOINTS)], rest[: len(JOINTS)] = joints, bones.rest_m
    for side in ("left", "right"):
        for helper, at in (
            ("collarbone", "shoulder"),
            ("elbow_half", "elbow"),
            ("knee_half", "knee"),
        ):
            bone, joint = BONE[f"{side}_{helper}"], JOINT[f"{side}_{at}"]
            place[bone], rest[bone] = joints[joint], bones.rest_m[joint]
            if helper == "collarbone":
                turn[bone] = turns[JOINT["chest"]]
            else:
                turn[bone] = _square(turns[joint] + turns[joint - 1])
    result = np.empty((len(BONES), 3, 4))
    result[..., :3] = turn
    result[..., 3] = place - np.einsum("bij,bj->bi", turn, rest)
    return result


def _square(turn: np.ndarray) -> np.ndarray:
    """Make a turn of a sum of two."""
    left = turn[:, 0] / np.linalg.norm(turn[:, 0])
    up = turn[:, 1] - left * (left @ turn[:, 1])
    up /= np.linalg.norm(up)
    return np.stack([left, up, np.cross(left, up)], axis=1)
