"""A dressed figure: its surface at rest, and the same in any moment of a motion."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np
from jaxtyping import Float32, Float64
from scipy.sparse import csr_matrix

from vivant.scene.figure import clothes, hats, limbs
from vivant.scene.figure.build import SHOE_M, Build, Skeleton, skeleton
from vivant.scene.figure.cloth import Drape, drape
from vivant.scene.figure.dress import Dress
from vivant.scene.figure.hair import hair_parts
from vivant.scene.figure.head import CHIN, EYES, MIDDLE_Z, TALL, head_parts
from vivant.scene.figure.motion import JOINT, JOINTS, FigureMotion
from vivant.scene.figure.openness import openness
from vivant.scene.figure.part import BONE, BONES, Part, mirrored, outward, smoothstep
from vivant.scene.figure.patch import FacePatch
from vivant.scene.mesh import MATERIAL, Mesh

FACED = ("head", "hair", "hat")
"""Parts that the photo's face lies on."""
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
    weights: Float32[np.ndarray, "points bones"]
    hands: dict[int, tuple[slice, Float64[np.ndarray, "points 3"]]]
    """For left and right: which points are the hand's, and how they move when it is spread."""
    head_points: slice
    """Head, hair and hat."""
    hem: slice
    """The points that hang from the waist."""
    hanging: clothes.Hanging
    gather: csr_matrix
    """Adds the triangles' normals up at the points."""
    drapes: list[tuple[FigureMotion, Drape]] = field(default_factory=list)

    def mesh(self, motion: FigureMotion, frame: float) -> Mesh:
        """Give the surface at a frame of a motion, or between two frames.

        Args:
            motion: What it does.
            frame: From 0; parts of a frame are moments between two frames.
        """
        joints, turns = motion.at(frame)
        points = self._skinned(joints, turns, self._hand_open(motion, frame))
        points[self.hem] = self._drape(motion).at(frame)
        normals = self._normals(points)
        weight = self.rest.texture_weight
        return replace(self.rest, points_m=points, normals=normals, texture_weight=weight)

    def _hand_open(self, motion: FigureMotion, frame: float) -> Float64[np.ndarray, " 2"]:
        low, high, part = motion.between(frame)
        return np.asarray(motion.hand_open[low] * (1 - part) + motion.hand_open[high] * part)

    def _skinned(self, joints: np.ndarray, turns: np.ndarray, hand_open: np.ndarray) -> np.ndarray:
        rest = self.rest.points_m
        if hand_open.any():
            rest = rest.copy()
            for side, (where, spread) in self.hands.items():
                rest[where] += (hand_open[side] * spread).astype(np.float32)
        bones = _bones(joints, turns, self.bones)
        mixed = self.weights @ bones.reshape(len(BONES), 12).astype(np.float32)
        parts = mixed.reshape(-1, 3, 4)
        points = parts[:, :, 3].copy()
        for axis in range(3):
            points += parts[:, :, axis] * rest[:, axis : axis + 1]
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
        return 0.056 * thick * h, 0.047 * thick * h, 0.042 * thick * h

    def _normals(self, points: Float32[np.ndarray, "points 3"]) -> Float32[np.ndarray, "points 3"]:
        corner = points[self.rest.triangles]
        flat = np.cross(corner[:, 1] - corner[:, 0], corner[:, 2] - corner[:, 0])
        normals = self.gather @ flat
        length = np.sqrt(np.einsum("ij,ij->i", normals, normals))
        return np.asarray(normals / np.maximum(length, 1e-12)[:, None], np.float32)


def build_figure(build: Build, dress: Dress, *, face: FacePatch | None = None) -> Figure:
    """Make a figure.

    Args:
        build: A person's measures.
        dress: Clothes, hair and colours.
        face: The photo's face; without it the head may only be shown from behind.
    """
    bones = skeleton(build)
    raised = [clothes.trunk(build, dress), *clothes.collar(build, dress)]
    first = 1 + len(raised)
    raised += [*head_parts(build, dress), *hair_parts(build, dress), *hats.hat_parts(build, dress)]
    hanging = clothes.hanging(build, dress)
    hand, spread = limbs.hand(build, dress, bones)
    left = [
        limbs.sleeve(build, dress, bones),
        limbs.leg(build, dress, bones),
        limbs.shoe(build, dress, bones),
    ]
    parts = [
        replace(part, points_m=np.add(part.points_m, [0, SHOE_M, 0]))
        for part in (hanging.part, *raised)
    ]
    parts += [*left, *(mirrored(part, part.name.replace("left", "right")) for part in left)]
    parts += [hand, mirrored(hand, "right_hand")]
    parts = [outward(part) for part in parts]
    starts = np.cumsum([0, *(len(part.points_m) for part in parts)])
    wide = spread - hand.points_m
    a, b, c = (int(n) for n in starts[-3:])
    hem_m = clothes.CUTS[dress.garment].hem * build.height_m + SHOE_M
    rest = _rest(parts, starts, build, bones, face, hem_m=hem_m)
    return Figure(
        build=build,
        dress=dress,
        bones=bones,
        face=face,
        rest=rest,
        weights=np.vstack([part.weights for part in parts]).astype(np.float32),
        hands={0: (slice(a, b), wide), 1: (slice(b, c), wide * [-1, 1, 1])},
        head_points=slice(int(starts[first]), int(starts[1 + len(raised)])),
        hem=slice(0, int(starts[1])),
        hanging=hanging,
        gather=_gather(rest.triangles, len(rest.points_m)),
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
    gather = _gather(triangles, len(points))
    corner = points[triangles].astype(np.float64)
    normals = gather @ np.cross(corner[:, 1] - corner[:, 0], corner[:, 2] - corner[:, 0])
    normals /= np.maximum(np.linalg.norm(normals, axis=1, keepdims=True), 1e-12)
    faced = np.concatenate([np.full(len(part.points_m), part.name in FACED) for part in parts])
    names = np.concatenate([[part.name] * len(part.points_m) for part in parts])
    material = np.concatenate(
        [np.full(len(part.points_m), MATERIAL[part.material], np.uint8) for part in parts]
    )
    uv, weight = _face_places(points, normals, faced, build, face)
    return Mesh(
        points_m=points,
        normals=normals.astype(np.float32),
        triangles=triangles,
        albedo=np.vstack([part.albedo for part in parts]).astype(np.float32),
        material=material,
        open_sky=openness(points, normals, names, bones, hem_m=hem_m).astype(np.float32),
        sunlit=np.ones(len(points), np.float32),
        uv=uv,
        texture=None if face is None else face.rgba,
        texture_weight=weight,
    )


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


def _gather(triangles: np.ndarray, points: int) -> csr_matrix:
    count = len(triangles)
    rows = triangles.reshape(-1)
    columns = np.repeat(np.arange(count), 3)
    return csr_matrix((np.ones(3 * count, np.float32), (rows, columns)), shape=(points, count))


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
