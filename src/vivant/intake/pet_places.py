"""Works out the points of an animal's face that nobody has tapped, from those that somebody has, and the photo.

Where things are on most cats and dogs is carried over to this face by its eyes and its nose. The outlines of the
eyes are then looked for in the photo: around an eye the fur begins where, going outward, dark turns to light.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

import cv2
import numpy as np
from jaxtyping import Float32, Float64, UInt8

from vivant.intake.pet_points import EYE_PARTS, SIDES, PetPoints, Place

USUAL: Mapping[str, Mapping[str, Place]] = MappingProxyType(
    {
        "cat": {
            "nose": (0.0, 0.62), "mouth": (0.0, 0.82), "chin": (0.0, 1.10),
            "ear-tip": (0.98, -1.42), "ear-outer": (1.20, -0.42), "ear-inner": (0.42, -0.82),
            "chest": (0.0, 2.2), "eye": (0.25, 0.20),
        },
        "dog": {
            "nose": (0.0, 0.98), "mouth": (0.0, 1.28), "chin": (0.0, 1.58),
            "ear-tip": (1.55, 0.90), "ear-outer": (1.22, -0.30), "ear-inner": (0.72, -0.78),
            "chest": (0.0, 3.0), "eye": (0.19, 0.155),
        },
    }
)  # fmt: skip
"""From the middle of the eyes, in distances between the eyes: right (of the right half), down. ``eye`` is half its
width and height. Judged by eye; dogs differ far more than cats."""
ANGLES, RADII = 48, 40
NEAREST, FARTHEST = 0.45, 1.9
"""The outline is looked for between these shares of a usual eye's."""
SMOOTH = 1.6
"""How much a bend in the outline costs, against the step from dark to light."""


def complete(points: PetPoints, pixels: UInt8[np.ndarray, "height width 3"]) -> PetPoints:
    """Fill in what was not tapped.

    Args:
        points: At least both eyes and the nose; in pixels of the picture.
        pixels: The photo, sRGB.

    Returns:
        All points of ``POINTS``, except that those beyond the photo's edges may lie outside it.
    """
    usual = USUAL.get(points.animal, USUAL["dog"])
    places = dict(points.places)
    axes = Axes(places)
    long = usual["nose"][1]
    for name in ("mouth", "chin", "chest"):
        right, down = usual[name]
        places.setdefault(name, axes.place(right, down / long))
    places["mouth"], places["chin"] = _in_order(places, points.places)
    for side, sign in zip(SIDES, (-1.0, 1.0), strict=True):
        for part in ("tip", "outer", "inner"):
            right, down = usual[f"ear-{part}"]
            tall = down / long if down > 0 else down * axes.apart / axes.long
            places.setdefault(f"{side}-ear-{part}", axes.place(sign * right, tall))
    grey = cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY)
    for side in SIDES:
        if any(f"{side}-eye-{part}" not in points.places for part in EYE_PARTS):
            found = find_eye(grey, places[f"{side}-eye"], axes=axes, size=usual["eye"], side=side)
            for part, place in found.items():
                places.setdefault(f"{side}-eye-{part}", place)
    return PetPoints(
        animal=points.animal, photo_px=points.photo_px, places=MappingProxyType(places)
    )


def _in_order(places: Mapping[str, Place], tapped: Mapping[str, Place]) -> tuple[Place, Place]:
    """Keep mouth between nose and chin, when only one of them was tapped."""
    nose, mouth, chin = (np.array(places[name]) for name in ("nose", "mouth", "chin"))
    if "mouth" in tapped and "chin" not in tapped:
        chin = mouth + (mouth - nose) * 1.1
    if "chin" in tapped and "mouth" not in tapped:
        mouth = nose + (chin - nose) * 0.42
    return (float(mouth[0]), float(mouth[1])), (float(chin[0]), float(chin[1]))


class Axes:
    """A face's own right and down."""

    def __init__(self, places: Mapping[str, Place]) -> None:
        left, right, nose = (np.array(places[name]) for name in ("left-eye", "right-eye", "nose"))
        self.middle: Float64[np.ndarray, " 2"] = (left + right) / 2
        self.right: Float64[np.ndarray, " 2"] = right - left
        self.apart = float(np.linalg.norm(self.right))
        self.down: Float64[np.ndarray, " 2"] = nose - self.middle
        self.long = float(np.linalg.norm(self.down))

    def place(self, right: float, down: float) -> Place:
        """Give a place: in distances between the eyes to the right, and from the eyes to the nose down."""
        x, y = self.middle + right * self.right + down * self.down
        return float(x), float(y)

    @property
    def level(self) -> Float64[np.ndarray, "2 2"]:
        """Unit vectors along the eyes and at right angles to that, downward."""
        along = self.right / self.apart
        return np.array([along, [-along[1], along[0]]])


def find_eye(
    grey: UInt8[np.ndarray, "height width"],
    middle: Place,
    *,
    axes: Axes,
    size: Place,
    side: str,
) -> dict[str, Place]:
    """Find an eye's corners, and its highest and lowest place.

    Args:
        grey: The photo.
        middle: Of the eye; about there.
        axes: Of the face.
        size: Half of a usual eye's width and height, in distances between the eyes.
        side: ``left`` or ``right`` in the picture.
    """
    outline = eye_outline(grey, middle, axes=axes, size=size)
    along, down = axes.level
    right, low = outline @ along, outline @ down
    outer = int(np.argmin(right) if side == "left" else np.argmax(right))
    inner = int(np.argmax(right) if side == "left" else np.argmin(right))
    chosen = {
        "outer": outer,
        "inner": inner,
        "top": int(np.argmin(low)),
        "bottom": int(np.argmax(low)),
    }
    return {part: (float(outline[at, 0]), float(outline[at, 1])) for part, at in chosen.items()}


def eye_outline(
    grey: UInt8[np.ndarray, "height width"],
    middle: Place,
    *,
    axes: Axes,
    size: Place,
) -> Float64[np.ndarray, "angles 2"]:
    """Find where an eye ends and fur begins: a closed line, by dynamic programming about the eye's middle."""
    along, down = axes.level
    around = np.arange(ANGLES) * 2 * np.pi / ANGLES
    shape = 1 / np.hypot(np.cos(around) / size[0], np.sin(around) / size[1]) * axes.apart
    share = np.linspace(NEAREST, FARTHEST, RADII)
    ways = np.cos(around)[:, None] * along + np.sin(around)[:, None] * down
    away = shape[:, None] * share[None]
    places = np.array(middle) + away[..., None] * ways[:, None]
    soft = cv2.GaussianBlur(grey.astype(np.float32), (0, 0), max(0.8, 0.018 * axes.apart))
    seen = cv2.remap(
        soft,
        places[..., 0].astype(np.float32),
        places[..., 1].astype(np.float32),
        cv2.INTER_LINEAR,
        borderMode=cv2.BORDER_REPLICATE,
    )
    best = _closed_path(_cost(seen, share))
    radius = away[np.arange(ANGLES), best]
    ends = np.concatenate([radius[-2:], radius, radius[:2]])
    radius = np.convolve(ends, [0.1, 0.2, 0.4, 0.2, 0.1], mode="valid")
    return np.asarray(np.array(middle) + radius[:, None] * ways)


def _cost(
    seen: Float32[np.ndarray, "angles radii"], share: Float64[np.ndarray, " radii"]
) -> Float64[np.ndarray, "angles radii"]:
    """Say how unlike the end of an eye each place is: a step outward from dark to light is cheap."""
    reach = 3
    padded = np.pad(seen.astype(np.float64), ((0, 0), (reach, reach)), mode="edge")
    inside = np.stack([padded[:, k : k + seen.shape[1]] for k in range(reach)]).mean(0)
    outside = np.stack([padded[:, reach + 1 + k : reach + 1 + k + seen.shape[1]] for k in range(reach)]).mean(0)  # fmt: skip
    step = outside - inside
    scale = max(float(np.percentile(np.abs(step), 90)), 4.0)
    darkness = inside - np.median(seen)
    unlike = (share - 1.0) ** 2 / 0.32
    return np.asarray(-np.clip(step / scale, -1, 1.5) + 0.35 * np.clip(darkness / scale, -1, 1) + 0.6 * unlike)  # fmt: skip


def _closed_path(cost: Float64[np.ndarray, "angles radii"]) -> np.ndarray:
    """Take the cheapest smooth way round that ends where it began."""
    angles, radii = cost.shape
    bend = SMOOTH * (np.subtract.outer(np.arange(radii), np.arange(radii)) / 4.0) ** 2
    start: int | None = None
    path = np.zeros(angles, np.intp)
    for _ in range(2):  # the second time it has to begin where the first has settled
        rows = np.vstack([cost, cost[:1]])
        total = rows[0].copy()
        if start is not None:
            total = np.full(radii, np.inf)
            total[start] = rows[0, start]
        came = np.zeros((angles + 1, radii), np.intp)
        for at in range(1, angles + 1):
            every = total[None] + bend
            came[at] = every.argmin(1)
            total = every.min(1) + rows[at]
        here = int(total.argmin()) if start is None else start
        for at in range(angles, 0, -1):
            here = int(came[at, here])
            path[at - 1] = here
        start = int(path[angles // 2]) if start is None else start
        cost = np.roll(cost, -(angles // 2), axis=0) if _ == 0 else cost
    return np.roll(path, angles // 2)
