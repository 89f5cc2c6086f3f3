"""How a figure is built: its measures, and the places of its joints at rest."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from jaxtyping import Float64

from vivant.errors import InputError
from vivant.scene.figure.motion import JOINT, JOINTS
from vivant.scene.figure.proportions import Proportions, proportions_at

CHILD_M = 1.10
"""Whoever is smaller has a child's proportions, said or not."""
USUAL_CHILD_M = 1.12
"""Height of a child of five or six, where nobody tells."""
SHOE_M = 0.022
"""Height of a sole under the foot."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Build:
    """A person's measures, as a family would tell them."""

    height_m: float = 1.68
    """Crown to floor without shoes, when standing straight; 0.7 (a child that has just learned to walk) .. 2.1."""
    shoulders: float = 1.0
    """Width of the shoulders against that of most people of this height; 0.8..1.25."""
    hips: float = 1.0
    """Width of the hips, in the same way."""
    weight: float = 1.0
    """Girth against that of most people of this height; 0.8..1.5."""
    stoop: float = 0.3
    """How far age has bent the back; 0 is upright, 1 deeply bent."""
    child: bool = False
    """Whether it is a child: the head larger, the legs shorter."""

    def __post_init__(self) -> None:
        for name, low, high in (
            ("height_m", 0.7, 2.1),
            ("shoulders", 0.8, 1.25),
            ("hips", 0.8, 1.25),
            ("weight", 0.8, 1.5),
            ("stoop", 0.0, 1.0),
        ):
            value = getattr(self, name)
            if not low <= value <= high:
                message = (
                    f"A figure's {name} is {value:g}; it can be {low:g} to {high:g}. "
                    "Give a value in between."
                )
                raise InputError(message)

    @property
    def proportions(self) -> Proportions | None:
        """How the body is divided, where that is a child's."""
        return proportions_at(self.height_m) if self.child or self.height_m < CHILD_M else None

    @property
    def small(self) -> float:
        """How long steps and how wide a stance are, against a grown person's: 1 from 1.5 m on."""
        return min(1.0, self.height_m / 1.5)

    @property
    def grown(self) -> Build:
        """The same height divided as a grown body: what clothes are cut on before they are fitted to a child."""
        own = self.proportions
        if own is None:
            return self
        return replace(self, child=False, shoulders=max(0.8, self.shoulders * own.shoulders))


def child_build(**measures: float) -> Build:
    """Give a child's build: the usual height, and an upright back, where nobody tells."""
    return Build(**{"height_m": USUAL_CHILD_M, "stoop": 0.0, **measures}, child=True)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Skeleton:
    """Joints of a figure that stands upright at the origin, faces +z and lets its arms hang."""

    rest_m: Float64[np.ndarray, "19 3"]
    """Places of ``JOINTS``."""
    height_m: float

    def between(self, one: str, other: str) -> float:
        """Give the length between two joints, in metres."""
        return float(np.linalg.norm(self.rest_m[JOINT[one]] - self.rest_m[JOINT[other]]))

    @property
    def thigh_m(self) -> float:
        """Hip to knee."""
        return self.between("left_hip", "left_knee")

    @property
    def shin_m(self) -> float:
        """Knee to ankle."""
        return self.between("left_knee", "left_ankle")

    @property
    def ankle_m(self) -> float:
        """Height of the ankle over the floor of a flat foot."""
        return float(self.rest_m[JOINT["left_ankle"], 1])

    @property
    def ball_height_m(self) -> float:
        """Height of the joint in the ball of a foot over the floor."""
        return float(self.rest_m[JOINT["left_toe"], 1])

    @property
    def ball_to_ankle_m(self) -> Float64[np.ndarray, " 3"]:
        """From that joint to the ankle, when the foot is flat and points to +z."""
        away = self.rest_m[JOINT["left_ankle"]] - self.rest_m[JOINT["left_toe"]]
        return np.array([0.0, away[1], away[2]])


def skeleton(build: Build) -> Skeleton:
    """Lay out the joints.

    Source:
        Segment lengths as shares of height: Drillis and Contini, *Body segment parameters*, 1966; of children:
        see ``proportions``.
    """
    own = build.proportions
    return grown_skeleton(build) if own is None else _shaped(grown_skeleton(build.grown), own)


def grown_skeleton(build: Build) -> Skeleton:
    """Lay out the joints as a grown person has them."""
    h = build.height_m
    wide, hip = 0.104 * build.shoulders, 0.050 * build.hips
    places = {
        "pelvis": (0, 0.545, 0), "spine": (0, 0.605, -0.004), "chest": (0, 0.700, -0.008),
        "neck": (0, 0.832, -0.012), "head": (0, 0.885, 0.004),
        "left_shoulder": (wide, 0.808, -0.006), "left_elbow": (wide + 0.004, 0.632, -0.008),
        "left_wrist": (wide + 0.006, 0.484, -0.004),
        "left_hip": (hip, 0.520, 0), "left_knee": (hip, 0.283, 0.004),
        "left_ankle": (hip, 0.041, -0.006), "left_toe": (hip, 0.006, 0.072),
    }  # fmt: skip
    rest = np.zeros((len(JOINTS), 3))
    for name, (x, y, z) in places.items():
        rest[JOINT[name]] = x, y, z
        if name.startswith("left"):
            rest[JOINT["right" + name[4:]]] = -x, y, z
    rest *= h
    rest[:, 1] += SHOE_M
    rest[[JOINT["left_toe"], JOINT["right_toe"]], 1] = SHOE_M + 0.012
    return Skeleton(rest_m=rest, height_m=h)


def _shaped(bones: Skeleton, own: Proportions) -> Skeleton:
    h = bones.height_m
    floor = np.array([0.0, SHOE_M, 0.0])
    at = (bones.rest_m - floor) / h
    arms = [JOINT[name] for name in JOINTS if name.endswith(("shoulder", "elbow", "wrist"))]
    rest = own.shaped(at)
    rest[arms] = own.shaped(at[arms], arm=True)
    rest = rest * h + floor
    toes = [JOINT["left_toe"], JOINT["right_toe"]]
    rest[toes, 1] = bones.rest_m[toes, 1]
    return Skeleton(rest_m=rest, height_m=h)
