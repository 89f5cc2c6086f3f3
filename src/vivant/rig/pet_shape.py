"""How deep an animal's face is, and what of it moves with what: guessed from its points."""

from __future__ import annotations

import cv2
import numpy as np
from jaxtyping import Float32, Float64, Int32

from vivant.intake.pet_places import Axes
from vivant.intake.pet_points import SIDES, PetPoints
from vivant.rig.pet_matte import HEAD

STEP = 0.05
"""Size of a cell of the mesh, in face heights."""
ROUND = 0.85
"""How deep half a head is, in half its widths."""
MUZZLE = {"cat": 0.26, "dog": 0.62, "other": 0.45}
"""How far a nose stands out from the face, in distances between the eyes."""
MUZZLE_WIDE = {"cat": 0.42, "dog": 0.46, "other": 0.44}
NECK = 0.9
"""Over this the head's turning fades into the body, below the chin, in distances between the eyes."""
EAR_ROOM, EAR_SOFT = 0.25, 0.9
"""How far beside an ear's outline it is still moved as one, and over how much more its motion ends, in half bases."""
HANGING = 0.45
"""How far ears that hang are moved, against those that stand."""
MISSING = 0.02
"""An ear whose tip lies farther outside the photo than this does not move."""


class Face:
    """The animal's own right and down, over every place of the photo."""

    def __init__(self, points: PetPoints, shape: tuple[int, int]) -> None:
        self.points, self.axes = points, Axes(points.places)
        along, down = self.axes.level
        self.apart = self.axes.apart
        self.chin = self.below(points.places["chin"])
        self.nose = self.below(points.places["nose"])
        self.wide, self.crown = HEAD.get(points.animal, HEAD["other"])
        y, x = np.mgrid[: shape[0], : shape[1]].astype(np.float32)
        middle = self.axes.middle.astype(np.float32)
        self.right: Float32[np.ndarray, "height width"] = (
            (x - middle[0]) * np.float32(along[0]) + (y - middle[1]) * np.float32(along[1])
        ) / np.float32(self.apart)
        self.low: Float32[np.ndarray, "height width"] = (
            (x - middle[0]) * np.float32(down[0]) + (y - middle[1]) * np.float32(down[1])
        ) / np.float32(self.apart)

    def below(self, place: tuple[float, float]) -> float:
        """Tell how far below the eyes a place lies, in distances between the eyes."""
        return float((np.array(place) - self.axes.middle) @ self.axes.level[1]) / self.apart

    def beside(self, place: tuple[float, float]) -> float:
        """Tell how far right of the eyes' middle a place lies."""
        return float((np.array(place) - self.axes.middle) @ self.axes.level[0]) / self.apart


def depth_of(face: Face) -> Float32[np.ndarray, "height width"]:
    """Guess how far away each place is, in pixels: a ball with a muzzle on it, ears and body behind."""
    middle = (face.chin - face.crown) / 2
    tall = (face.chin + face.crown) / 2
    out = (face.right / face.wide) ** 2 + ((face.low - middle) / tall) ** 2
    ball = np.sqrt(np.maximum(1 - np.minimum(out, 1), 0)) * face.wide * ROUND
    wide = MUZZLE_WIDE.get(face.points.animal, 0.44)
    nose_x = face.beside(face.points.places["nose"])
    lower = 0.5 * (face.nose + face.chin)
    away = ((face.right - nose_x) / wide) ** 2 + ((face.low - lower) / (1.15 * wide)) ** 2
    muzzle = MUZZLE.get(face.points.animal, 0.45) * np.exp(-away)
    depth = -(ball + muzzle) * face.apart
    return np.asarray(cv2.GaussianBlur(depth.astype(np.float32), (0, 0), 0.10 * face.apart))


def head_weight_of(face: Face) -> Float32[np.ndarray, "height width"]:
    """Tell how far each place follows the head: all of it above the chin, nothing in the chest."""
    down = np.clip((face.low - (face.chin - 0.25)) / NECK, 0, 1)
    share = 1 - down * down * (3 - 2 * down)
    tips = [face.beside(face.points.places[f"{side}-ear-tip"]) for side in SIDES]
    reach = max(1.45 * face.wide, *(abs(tip) + 0.35 for tip in tips))
    aside = np.clip((np.abs(face.right) - reach) / 0.6, 0, 1)
    return np.asarray(share * (1 - aside * aside * (3 - 2 * aside)), np.float32)


def chest_weight_of(face: Face) -> Float32[np.ndarray, "height width"]:
    """Tell how far each place moves with the breath."""
    down = np.clip((face.low - (face.chin - 0.15)) / 0.9, 0, 1)
    return np.asarray(down * down * (3 - 2 * down), np.float32)


def ear_of(points: PetPoints, side: str) -> Float32[np.ndarray, "3 2"]:
    """Give an ear's base, tip, and the vector across its base."""
    tip, outer, inner = (
        np.array(points.places[f"{side}-ear-{part}"]) for part in ("tip", "outer", "inner")
    )
    return np.array([(outer + inner) / 2, tip, outer - inner], np.float32)


def ear_weight_of(
    points: PetPoints, side: str, shape: tuple[int, int]
) -> Float32[np.ndarray, "height width"]:
    """Tell how far each place follows an ear: nothing at its base, all of it at its tip, nothing beside it."""
    base, tip, across = ear_of(points, side).astype(np.float64)
    height, width = shape
    weight = np.zeros(shape, np.float32)
    if not (-MISSING * width < tip[0] < (1 + MISSING) * width and -MISSING * height < tip[1]):
        return weight  # the photo does not show it
    way = tip - base
    long = max(float(np.linalg.norm(way)), 1.0)
    way = way / long
    half = max(float(np.linalg.norm(across)), 0.3 * long) / 2
    corners = np.array([tip, *(points.places[f"{side}-ear-{part}"] for part in ("outer", "inner"))])
    mask = np.zeros(shape, np.uint8)
    cv2.fillConvexPoly(mask, np.round(cv2.convexHull(corners.astype(np.float32)) * 16).astype(np.int32), 255, cv2.LINE_AA, 4)  # fmt: skip
    away = cv2.distanceTransform((mask < 128).astype(np.uint8), cv2.DIST_L2, 5)
    y, x = np.mgrid[:height, :width].astype(np.float32)
    along = ((x - base[0]) * way[0] + (y - base[1]) * way[1]) / long
    grows = np.clip((along + 0.05) / 0.80, 0, 1)
    near = np.clip(1 - (away - EAR_ROOM * half) / (EAR_SOFT * half), 0, 1)
    for other in SIDES:  # an eye never moves with an ear
        eye = np.array(points.places[f"{other}-eye"])
        wide = 0.30 * Axes(points.places).apart
        far = np.clip((np.hypot(x - eye[0], y - eye[1]) - wide) / wide, 0, 1)
        near = near * far
    most = HANGING if down_of(points, tip - base) > 0 else 1.0
    return np.asarray(
        most * grows * grows * (3 - 2 * grows) * near * near * (3 - 2 * near), np.float32
    )


def down_of(points: PetPoints, way: Float64[np.ndarray, " 2"]) -> float:
    """Tell how far down the face a way leads."""
    return float(way @ Axes(points.places).level[1])


def grid(
    alpha: Float32[np.ndarray, "height width"], step: float
) -> tuple[Float64[np.ndarray, "points 2"], Int32[np.ndarray, "triangles 3"]]:
    """Lay cells over everything that a matte shows."""
    height, width = alpha.shape
    columns, rows = max(2, round(width / step)), max(2, round(height / step))
    xs, ys = np.linspace(-0.5, width - 0.5, columns + 1), np.linspace(-0.5, height - 0.5, rows + 1)
    places = np.stack(np.meshgrid(xs, ys), axis=-1).reshape(-1, 2)
    shown = cv2.dilate((alpha > 0.004).astype(np.uint8), np.ones((9, 9), np.uint8))
    table = cv2.integral(shown)
    x, y = np.clip(np.round(xs + 0.5).astype(int), 0, width), np.clip(np.round(ys + 0.5).astype(int), 0, height)  # fmt: skip
    corners = table[np.ix_(y, x)]
    there = (corners[1:, 1:] - corners[:-1, 1:] - corners[1:, :-1] + corners[:-1, :-1]) > 0
    row, column = np.nonzero(there)
    first = row * (columns + 1) + column
    cells = np.stack([first, first + 1, first + columns + 2, first + columns + 1], axis=1)
    triangles = np.vstack([cells[:, [0, 1, 2]], cells[:, [0, 2, 3]]])
    used, index = np.unique(triangles, return_inverse=True)
    return places[used], index.reshape(-1, 3).astype(np.int32)
