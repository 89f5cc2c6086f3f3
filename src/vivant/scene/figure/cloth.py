"""Cloth that hangs from the waist: legs push it, it hangs straight from what pushes it, and its hem swings late."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float32, Float64

from vivant.scene.figure.build import SHOE_M, Skeleton
from vivant.scene.figure.clothes import Hanging
from vivant.scene.figure.motion import JOINT, FigureMotion
from vivant.scene.figure.part import smoothstep

NODES = 16
"""Weights on springs round the hem."""
SUBSTEPS_PER_S = 120
DAMPING = 0.34
"""Of the springs; 1 would not swing at all."""
AIR_PER_S = 0.5
LOOSE_M = 0.03
SOFT_M = 0.010
"""How softly cloth bends over a leg."""
FARTHEST = 0.20
"""No hem swings farther than this share of its length."""
_SHARES = np.array([0.12, 0.3, 0.5, 0.7, 0.85, 1.0])
_BELOW = np.array([0.15, 0.35, 0.55, 0.75, 0.9])
_FOOT = np.array([-0.40, 0.1, 0.7, 1.35])
"""From heel to tip, against ankle and ball."""
_SHOE_M = 0.050


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Drape:
    """How one garment moves through one motion."""

    hanging: Hanging
    motion: FigureMotion
    bones: Skeleton
    legs_m: tuple[float, float, float]
    lag_m: Float32[np.ndarray, "frames nodes 2"]
    """How far each weight at the hem is from where it would hang at rest, in x and z of the set."""

    def at(self, frame: float) -> Float32[np.ndarray, "points 3"]:
        """Give all points at a frame, or between two."""
        low, high, part = self.motion.between(frame)
        lag = self.lag_m[low] * (1 - part) + self.lag_m[high] * part
        joints, turns = self.motion.at(frame)
        shape = _Shape(self.hanging, self.bones, self.legs_m)
        points = shape.points(joints[None], turns[None], lag[None].astype(np.float64))
        return np.asarray(points[0].reshape(-1, 3), np.float32)


def drape(
    hanging: Hanging,
    motion: FigureMotion,
    bones: Skeleton,
    *,
    legs_m: tuple[float, float, float],
) -> Drape:
    """Let a garment swing through a whole motion, from its first frame to its last.

    Args:
        hanging: The garment.
        motion: What its wearer does.
        bones: The wearer's.
        legs_m: Radii of the legs at hip, knee and ankle.
    """
    shape = _Shape(hanging, bones, legs_m)
    hem = shape.only(rings=np.array([len(hanging.down) - 1]), around=NODES)
    still = np.zeros((len(motion), NODES, 2))
    target = hem.points(motion.joints_m, motion.turns, still)[:, 0][..., [0, 2]]
    length = float(hanging.heights_m[0] - hanging.heights_m[-1])
    lag = _swing(target, length_m=length, rate=motion.rate)
    return Drape(
        hanging=hanging, motion=motion, bones=bones, legs_m=legs_m, lag_m=lag.astype(np.float32)
    )


def _swing(
    target: Float64[np.ndarray, "frames nodes 2"], *, length_m: float, rate: float
) -> Float64[np.ndarray, "frames nodes 2"]:
    """Let weights on damped springs follow their places; they lag behind, and come to rest late."""
    frames = len(target)
    steps = max(1, round(SUBSTEPS_PER_S / rate))
    moment = 1 / (rate * steps)
    stiff = 1.7 * 9.81 / max(length_m, 0.12)
    damp = 2 * DAMPING * np.sqrt(stiff)
    speed = np.gradient(target, axis=0) * rate if frames > 1 else np.zeros_like(target)
    place, going = target[0] - speed[0] * AIR_PER_S / stiff, speed[0].copy()
    lag = np.empty_like(target)
    lag[0] = place - target[0]
    phase = np.linspace(0, 2 * np.pi, target.shape[1], endpoint=False)
    for frame in range(1, frames):
        for step in range(1, steps + 1):
            share = step / steps
            goal = target[frame - 1] * (1 - share) + target[frame] * share
            goes = speed[frame - 1] * (1 - share) + speed[frame] * share
            now = (frame - 1 + share) / rate
            breeze = 0.10 * np.sin(1.9 * now + phase) + 0.06 * np.sin(3.3 * now - 2 * phase)
            pull = stiff * (goal - place) + damp * (goes - going) - AIR_PER_S * going
            pull += breeze[:, None] * [0.8, 0.6]
            going = going + pull * moment
            place = place + going * moment
        lag[frame] = place - target[frame]
    far = np.linalg.norm(lag, axis=-1, keepdims=True)
    most = FARTHEST * length_m
    return np.asarray(lag * (most * np.tanh(far / most) / np.maximum(far, 1e-9)))


class _Shape:
    """The garment's rings above the legs of many moments at once."""

    def __init__(
        self, hanging: Hanging, bones: Skeleton, legs_m: tuple[float, float, float]
    ) -> None:
        self.bones = bones
        self.angles = hanging.angles
        self.down = hanging.down
        self.waist_m = hanging.heights_m[0] + SHOE_M - bones.rest_m[0, 1]
        self.below_m = hanging.heights_m - hanging.heights_m[0]
        self.radius_m = hanging.radius_m
        upper = legs_m[0] + (legs_m[1] - legs_m[0]) * _SHARES
        lower = legs_m[1] + (legs_m[2] - legs_m[1]) * _BELOW
        self.leg_radii = np.concatenate([upper, lower, np.full(len(_FOOT), _SHOE_M)])
        self._ways()

    def _ways(self) -> None:
        self.way = np.stack([np.sin(self.angles), np.cos(self.angles)], -1)
        near = (self.angles / (2 * np.pi) * NODES) % NODES
        low = np.floor(near).astype(int)
        part = near - low
        part = part * part * (3 - 2 * part)
        self.spread = np.zeros((len(self.angles), NODES))
        at = np.arange(len(self.angles))
        self.spread[at, low % NODES] = 1 - part
        self.spread[at, (low + 1) % NODES] = part

    def only(self, *, rings: np.ndarray, around: int) -> _Shape:
        """Keep some rings, and fewer points on each."""
        kept = object.__new__(_Shape)
        kept.bones, kept.waist_m, kept.leg_radii = self.bones, self.waist_m, self.leg_radii
        kept.down, kept.below_m = self.down[rings], self.below_m[rings]
        kept.angles = np.arange(around) * (2 * np.pi / around)
        at = np.argsort(self.angles % (2 * np.pi))
        kept.radius_m = np.stack(
            [
                np.interp(
                    kept.angles,
                    self.angles[at] % (2 * np.pi),
                    self.radius_m[ring][at],
                    period=2 * np.pi,
                )
                for ring in rings
            ]
        )
        kept._ways()
        return kept

    def points(
        self,
        joints: Float64[np.ndarray, "frames 19 3"],
        turns: Float64[np.ndarray, "frames 19 3 3"],
        lag: Float64[np.ndarray, "frames nodes 2"],
    ) -> Float64[np.ndarray, "frames rings around 3"]:
        """Give the places of all points."""
        frames, rings, around = len(joints), len(self.down), len(self.angles)
        pelvis = turns[:, 0]
        waist = joints[:, 0] + pelvis[:, :, 1] * self.waist_m
        yaw = np.arctan2(pelvis[:, 0, 2], pelvis[:, 2, 2])
        cosine, sine = np.cos(yaw), np.sin(yaw)
        # where it would hang without legs and without swinging, about the body's upright
        late = np.einsum("un,fnk->fuk", self.spread, lag)
        aside = late[..., 0] * cosine[:, None] - late[..., 1] * sine[:, None]
        ahead = late[..., 0] * sine[:, None] + late[..., 1] * cosine[:, None]
        flat = self.radius_m[None, :, :, None] * self.way[None, None]
        swing = (self.down**1.4)[None, :, None]
        flat = np.repeat(flat, frames, axis=0)
        flat[..., 0] += swing * aside[:, None]
        flat[..., 1] += swing * ahead[:, None]
        out = np.sum(flat * self.way, axis=-1)
        held = self._pushed(joints, waist, cosine, sine)
        push = SOFT_M * np.logaddexp(0, (held - out) / SOFT_M)
        push *= smoothstep(0.0, 0.08, self.down)[None, :, None]
        # cloth does not stretch: what one side gains in girth the others give
        spare = (
            np.maximum(out - held - 2 * SOFT_M, 0) * smoothstep(0.1, 0.4, self.down)[None, :, None]
        )
        push -= np.minimum(spare * 0.8, 1.1 * push.mean(axis=-1, keepdims=True))
        flat += push[..., None] * self.way
        lift = np.clip(0.25 * push, 0, 0.06) * self.down[None, :, None]
        lift = lift + 0.35 * np.sum(late**2, axis=-1)[:, None] * swing
        hung = np.empty((frames, rings, around, 3))
        hung[..., 0] = flat[..., 0] * cosine[:, None, None] + flat[..., 1] * sine[:, None, None]
        hung[..., 2] = -flat[..., 0] * sine[:, None, None] + flat[..., 1] * cosine[:, None, None]
        hung[..., 1] = self.below_m[None, :, None] + lift
        worn = np.empty_like(hung)
        worn[..., 0], worn[..., 2] = flat[..., 0], flat[..., 1]
        worn[..., 1] = self.below_m[None, :, None]
        worn = np.einsum("fij,fruj->frui", pelvis, worn)
        free = smoothstep(0.0, 0.30, self.down)[None, :, None, None]
        return np.asarray(worn * (1 - free) + hung * free + waist[:, None, None])

    def _pushed(
        self,
        joints: Float64[np.ndarray, "frames 19 3"],
        waist: Float64[np.ndarray, "frames 3"],
        cosine: np.ndarray,
        sine: np.ndarray,
    ) -> Float64[np.ndarray, "frames rings around"]:
        """Find how far out the legs hold the cloth, in each direction and at each height."""
        balls = []
        for side in ("left", "right"):
            hip, knee, ankle, toe = (
                joints[:, JOINT[f"{side}_{n}"], None] for n in ("hip", "knee", "ankle", "toe")
            )
            balls += [
                hip + (knee - hip) * _SHARES[:, None],
                knee + (ankle - knee) * _BELOW[:, None],
                ankle + (toe - ankle) * _FOOT[:, None],
            ]
        away = np.concatenate(balls, axis=1) - waist[:, None]
        radii = np.tile(self.leg_radii, 2)
        aside = away[..., 0] * cosine[:, None] - away[..., 2] * sine[:, None]
        ahead = away[..., 0] * sine[:, None] + away[..., 2] * cosine[:, None]
        reach = aside[..., None] * self.way[:, 0] + ahead[..., None] * self.way[:, 1]
        across = np.abs(aside[..., None] * self.way[:, 1] - ahead[..., None] * self.way[:, 0])
        far = np.hypot(aside, ahead)[..., None]
        # beside a leg cloth runs straight from the body to it, and does not stand out as far as before it
        beside = (radii[:, None] + LOOSE_M) * far / np.maximum(across, 1e-6)
        above = self.below_m - away[..., 1, None]
        share = np.clip(above / radii[:, None], 0, 1)
        round_ = radii[:, None] * np.sqrt(1 - share**2)
        held = smoothstep(3.0, 1.0, above / radii[:, None])
        held = held * (1 - 0.36 * smoothstep(0.04, 0.46, -above))
        most = np.full((len(joints), len(self.down), len(self.angles)), -1.0)
        for ball in range(len(radii)):
            out = reach[:, ball, None, :] + round_[:, ball, :, None]
            out = np.minimum(out, beside[:, ball, None, :])
            most = np.maximum(most, held[:, ball, :, None] * out)
        return most
