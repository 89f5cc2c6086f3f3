"""An arm in its sleeve, with its hand: a thing that lies near the camera, on somebody's shoulder or round them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache, lru_cache
from typing import Literal

import numpy as np
from jaxtyping import Float32, Float64, Int32

from vivant.scene.figure.dress import Colour, Dress
from vivant.scene.figure.part import coloured
from vivant.scene.figure.skinning import facing
from vivant.scene.mesh import MATERIAL, Mesh
from vivant.scene.near.cloth_tube import cloth, worn
from vivant.scene.near.hand import gripped, hand_skin
from vivant.scene.props import at_frame

Side = Literal["left", "right"]
Shows = Literal["all", "arm", "hand", "behind", "over"]
"""``behind`` is the arm with the hand as far as the knuckles, ``over`` the rest: a hand that reaches over a shoulder."""
GROWN_M = 1.68
LOOSE: dict[str, float] = {
    "coat": 1.0,
    "suit": 0.8,
    "uniform": 0.8,
    "dress": 0.6,
    "robe": 1.35,
    "work": 0.9,
}
"""How loose the sleeve of a garment is."""
CUT_M = 0.072
"""Where a hand that reaches over somebody is parted, from the wrist: behind the knuckles."""
HAND = 0.93
"""Size of hands, against the height of their people: ours was modelled after a large one."""
SHADED = np.array([0.94, 0.83, 0.74])
"""Colour of hands against that of cheeks: a little darker and warmer."""
GLOVE_M = 0.0016
"""Thickness of a glove."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Reach:
    """Where an arm is, frame by frame: what ``reaching`` finds."""

    shoulder_m: Float64[np.ndarray, "frames 3"]
    elbow_m: Float64[np.ndarray, "frames 3"]
    wrist_m: Float64[np.ndarray, "frames 3"]
    fingers: Float64[np.ndarray, "frames 3"]
    back: Float64[np.ndarray, "frames 3"]
    grip: Float64[np.ndarray, " frames"]
    side: Side


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Sleeve:
    """Upper arm, fore arm and hand, in metres in the set; one value a frame.

    Lay what is behind a person before their bust in ``Shot.presences``, and what lies on them after it:
    ``only("arm")`` and ``only("hand")`` give the two, or ``only("behind")`` and ``only("over")`` where the hand comes
    from behind: then the person hides its palm.

    Example:
        ``reach = arm_round(shoulder, target, right=..., up=..., forward=..., side="left")`` finds good places;
        ``sleeve = Sleeve.of(call.dresses[name], reach, height_m=build.height_m)``.
    """

    shoulder_m: Float64[np.ndarray, "frames 3"]
    elbow_m: Float64[np.ndarray, "frames 3"]
    wrist_m: Float64[np.ndarray, "frames 3"]
    fingers: Float64[np.ndarray, "frames 3"]
    """From the wrist to the knuckles; any length."""
    back: Float64[np.ndarray, "frames 3"]
    """Out of the back of the hand; any length, about square to ``fingers``."""
    grip: Float64[np.ndarray, " frames"]
    """0 lies flat and loose, 1 is closed round something."""
    side: Side
    """Whether it is somebody's own left or right arm."""
    cloth: Colour
    skin: Colour
    glove: Colour | None = None
    """Of a gloved hand."""
    height_m: float = GROWN_M
    """Of the person."""
    girth: float = 1.0
    loose: float = 1.0
    shows: Shows = "all"
    person: str = ""
    """Whose it is: ``NAME`` or ``NAME/2``. Their photo's tone is its tone."""
    seed: int = 0

    def only(self, shows: Shows) -> Sleeve:
        """Give a part of it."""
        return replace(self, shows=shows)

    def meshes(self, frame: float) -> tuple[Mesh, ...]:
        """Build sleeve and hand at a frame, or between two."""
        found = []
        if self.shows not in {"hand", "over"}:
            found.append(self._arm(frame))
        if self.shows != "arm":
            found.append(self._hand(frame))
        return tuple(found)

    @property
    def _size(self) -> float:
        return self.height_m / GROWN_M

    def _arm(self, frame: float) -> Mesh:
        cut = cloth(self.seed, self.loose)
        points, open_sky = worn(
            cut,
            at_frame(self.shoulder_m, frame),
            at_frame(self.elbow_m, frame),
            at_frame(self.wrist_m, frame),
            size=self._size,
            girth=self.girth * (0.82 + 0.18 * self.loose),
        )
        albedo = np.asarray(self.cloth, np.float32)[None] * cut.shade[:, None]
        return surface(points, cut.triangles, albedo=albedo, open_sky=open_sky, material="cloth")

    def _hand(self, frame: float) -> Mesh:
        skin = hand_skin()
        grip = round(float(np.clip(at_frame(self.grip, frame), 0, 1)) * 200) / 200
        local = gripped(grip) * (HAND * self._size)
        ahead, back = at_frame(self.fingers, frame), at_frame(self.back, frame)
        ahead = ahead / np.linalg.norm(ahead)
        back = back - (back @ ahead) * ahead
        back /= max(np.linalg.norm(back), 1e-6)
        thumb = np.cross(ahead, back) * (1 if self.side == "left" else -1)
        wrist = at_frame(self.wrist_m, frame)
        frame_m = np.stack([thumb, ahead, back])
        points = local @ frame_m
        # the wrist's end follows the fore arm into the sleeve
        arm = wrist - at_frame(self.elbow_m, frame)
        turn = _turn(ahead, arm / np.linalg.norm(arm))
        share = skin.forearm[:, None]
        points = points * (1 - share) + (points @ turn.T) * share + wrist
        triangles = hand_part(self.shows)
        triangles = triangles if self.side == "left" else triangles[:, ::-1]
        triangles = np.ascontiguousarray(triangles)
        if self.glove is not None:
            mesh = surface(
                points.astype(np.float32), triangles, albedo=np.zeros((len(points), 3), np.float32),
                open_sky=skin.open_sky, material="cloth",
            )  # fmt: skip
            thick = mesh.points_m + np.float32(GLOVE_M * self._size) * mesh.normals
            albedo = np.broadcast_to(np.asarray(self.glove, np.float32), points.shape).copy()
            return surface(
                thick, triangles, albedo=albedo, open_sky=skin.open_sky, material="cloth"
            )
        return surface(
            points.astype(np.float32), triangles, albedo=_skin_colour(tuple(self.skin)), open_sky=skin.open_sky,
            material="skin",
        )  # fmt: skip

    @staticmethod
    def of(
        dress: Dress,
        reach: Reach,
        *,
        person: str = "",
        height_m: float = GROWN_M,
        girth: float = 1.0,
        seed: int = 0,
    ) -> Sleeve:
        """Dress an arm as somebody is dressed.

        Args:
            dress: Of the person: ``call.dresses[name]``.
            reach: Where the arm is: from ``reaching``.
            person: Whose it is: ``NAME`` or ``NAME/2``.
            height_m: Of the person.
            girth: Of the arm, against most people's.
            seed: Chance, of the folds.
        """
        return Sleeve(
            shoulder_m=reach.shoulder_m,
            elbow_m=reach.elbow_m,
            wrist_m=reach.wrist_m,
            fingers=reach.fingers,
            back=reach.back,
            grip=reach.grip,
            side=reach.side,
            person=person,
            cloth=dress.cloth,
            skin=dress.skin,
            height_m=height_m,
            girth=girth,
            loose=LOOSE[dress.garment],
            seed=seed,
        )


def _turn(one: np.ndarray, other: np.ndarray) -> Float64[np.ndarray, "3 3"]:
    """Turn one unit vector into another, the short way."""
    axis = np.cross(one, other)
    cosine = float(np.clip(one @ other, -0.999, 1))
    x, y, z = axis
    cross = np.array([[0, -z, y], [z, 0, -x], [-y, x, 0]])
    return np.asarray(np.eye(3) + cross + cross @ cross / (1 + cosine))


def surface(
    points: Float32[np.ndarray, "points 3"],
    triangles: np.ndarray,
    *,
    albedo: Float32[np.ndarray, "points 3"],
    open_sky: Float32[np.ndarray, " points"],
    material: str,
) -> Mesh:
    """Make a closed surface of points, with the ways they face."""
    normals = np.empty_like(points)
    facing(points, triangles, normals)
    return Mesh(
        points_m=points,
        normals=normals,
        triangles=triangles,
        albedo=np.ascontiguousarray(albedo, np.float32),
        material=np.full(len(points), MATERIAL[material], np.uint8),
        open_sky=open_sky,
        sunlit=open_sky,
        closed=True,
    )


@cache
def hand_part(shows: Shows) -> Int32[np.ndarray, "triangles 3"]:
    """Give the triangles of a part of the left hand."""
    skin = hand_skin()
    web = 0.9 * np.maximum(skin.points[:, 0] - 0.020, 0)  # towards the thumb the hand ends earlier
    far = (skin.points[:, 1] - web)[skin.triangles].max(axis=1)
    thumb = skin.thumb[skin.triangles].any(axis=1)
    if shows == "over":
        return np.ascontiguousarray(skin.triangles[(far > CUT_M) & ~thumb])
    if shows == "behind":
        return np.ascontiguousarray(skin.triangles[(far <= CUT_M + 0.012) | thumb])
    return skin.triangles


@lru_cache(maxsize=16)
def _skin_colour(colour: Colour) -> Float32[np.ndarray, "points 3"]:
    """Colour a bare hand: knuckles and tips a little redder, fine lines over the joints, quiet nails."""
    skin = hand_skin()
    mottled = coloured(skin.points * 6, (0.5, 0.5, 0.5), seed=3, vary=0.045) * 2
    base = np.asarray(colour, np.float64) * SHADED * mottled
    red = 1 + skin.blush[:, None] * np.array([0.02, -0.12, -0.10])
    lined = 1 - 0.24 * skin.crease[:, None]
    pale = 0.60 * skin.nail[:, None] * (np.array([1.0, 0.80, 0.74]) * base.max() * 1.02 - base)
    return np.asarray(np.clip(base * red * lined + pale, 0.004, 0.92), np.float32)
