"""How much of the sky each point of a figure sees, as it stands: under arms and hems it is less."""

from __future__ import annotations

import numpy as np
from jaxtyping import Float64

from vivant.scene.figure.build import Skeleton
from vivant.scene.figure.head import CHIN, MIDDLE_Z, TALL
from vivant.scene.figure.motion import JOINT

_TRUNK = frozenset({"trunk", "hanging", "lining", "shirt", "collar"})


def openness(
    points: np.ndarray,
    normals: np.ndarray,
    names: np.ndarray,
    bones: Skeleton,
    *,
    hem_m: float,
    beside: bool = True,
) -> Float64[np.ndarray, " points"]:
    """Estimate it from the other parts of the body, taken as balls.

    A ball of radius r at a distance d, at an angle a from the normal, hides cos a (r / d)^2 of a hemisphere.

    Args:
        points: At rest.
        normals: Unit vectors.
        names: Which part each point belongs to.
        bones: Where the balls are.
        hem_m: Height over the floor under which legs see the sky.
        beside: Whether anything but the head is beside them.
    """
    open_ = np.ones(len(points))
    balls = _balls(bones)
    for owners, places, radius in balls if beside else balls[-1:]:
        mine = np.isin(names, list(owners))
        for place in places:
            away = place - points
            far = np.maximum(np.linalg.norm(away, axis=1), radius * 1.02)
            facing = np.clip(np.sum(away * normals, axis=1) / far, 0, 1)
            open_ *= 1 - np.where(mine, 0, 0.85 * facing * (radius / far) ** 2)
    inner = np.isin(names, ["left_leg", "right_leg"])
    under = np.clip((points[:, 1] - hem_m + 0.10) / 0.16, 0, 1)
    open_ = np.where(inner, open_ * (1 - 0.85 * under), open_)
    open_ = np.where(names == "lining", 0.12, open_)
    return np.clip(open_, 0.05, 1.0)


def _balls(bones: Skeleton) -> list[tuple[frozenset[str], np.ndarray, float]]:
    h = bones.height_m
    found: list[tuple[frozenset[str], np.ndarray, float]] = []

    def line(start: str, end: str, count: int) -> np.ndarray:
        a, b = bones.rest_m[JOINT[start]], bones.rest_m[JOINT[end]]
        return np.asarray(a + (b - a) * np.linspace(0.08, 0.95, count)[:, None])

    for side in ("left", "right"):
        arm = frozenset({f"{side}_sleeve", f"{side}_hand"})
        found.append((arm, line(f"{side}_shoulder", f"{side}_elbow", 5), 0.030 * h))
        found.append((arm, line(f"{side}_elbow", f"{side}_wrist", 5), 0.026 * h))
        leg = frozenset({f"{side}_leg", f"{side}_shoe"})
        found.append((leg | _TRUNK, line(f"{side}_hip", f"{side}_knee", 6), 0.042 * h))
        found.append((leg, line(f"{side}_knee", f"{side}_ankle", 6), 0.034 * h))
    found.append((_TRUNK, line("pelvis", "neck", 9), 0.075 * h))
    head = np.array([[0.0, (CHIN + 0.5 * TALL) * h, MIDDLE_Z * h]])
    found.append((frozenset({"head", "ear", "hair", "hat", "visor"}), head, 0.062 * h))
    return found
