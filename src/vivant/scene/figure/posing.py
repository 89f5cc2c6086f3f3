"""From curves of angles to places of joints."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Float64

from vivant.scene.figure.build import Skeleton
from vivant.scene.figure.motion import JOINT, JOINTS, FigureMotion
from vivant.scene.figure.turns import (
    Curve,
    Places,
    Turn,
    about_front,
    about_left,
    about_up,
    moved,
    unit,
)

ARM = ("flex", "out", "twist", "elbow", "roll", "wrist", "aside")
"""Angles of an arm: forward, away from the body, outward about itself, the elbow's bend, the forearm's turn (palm to
the front), the hand toward its palm, the hand toward the thumb."""
STRAIGHTEST = 0.997
"""No leg is longer than this share of its bones: a knee never snaps through."""


@dataclass(slots=True, kw_only=True, eq=False)
class Pose:
    """A figure's angles and places, moment by moment, radians and metres; yaws are in the set."""

    pelvis_m: Places
    pelvis_yaw: Curve
    tilt: Curve
    """The pelvis forward."""
    list: Curve
    """The left hip up."""
    bend: Curve
    """The back forward, beside the tilt."""
    side: Curve
    """The chest's left side up."""
    chest_yaw: Curve
    head_yaw: Curve
    head_pitch: Curve
    head_roll: Curve
    arms: Float64[np.ndarray, "moments 2 7"]
    """``ARM`` of left and right."""
    shrug: Float64[np.ndarray, "moments 2"]
    """Shoulders up, metres."""
    hand_open: Float64[np.ndarray, "moments 2"]
    ball_m: Float64[np.ndarray, "moments 2 3"]
    foot_yaw: Float64[np.ndarray, "moments 2"]
    foot_pitch: Float64[np.ndarray, "moments 2"]
    stands: Bool[np.ndarray, "moments 2"]
    floor_m: Float64[np.ndarray, "moments 2"]


def posed(pose: Pose, bones: Skeleton, *, rate: float) -> FigureMotion:
    """Find where every joint comes to lie."""
    count = len(pose.pelvis_yaw)
    joints, turns = np.zeros((count, len(JOINTS), 3)), np.zeros((count, len(JOINTS), 3, 3))

    def put(name: str, after: str, turn: Turn, extra: Places | float = 0.0) -> None:
        arm = bones.rest_m[JOINT[name]] - bones.rest_m[JOINT[after]]
        joints[:, JOINT[name]] = joints[:, JOINT[after]] + moved(
            turns[:, JOINT[after]], np.broadcast_to(arm + extra, (count, 3))
        )
        turns[:, JOINT[name]] = turn

    joints[:, 0] = pose.pelvis_m
    turns[:, 0] = about_up(pose.pelvis_yaw) @ about_left(pose.tilt) @ about_front(pose.list)
    chest = about_up(pose.chest_yaw) @ about_left(pose.tilt + pose.bend) @ about_front(pose.side)
    head = about_up(pose.head_yaw) @ about_left(-pose.head_pitch) @ about_front(pose.head_roll)
    waist = 0.5 * (pose.pelvis_yaw + pose.chest_yaw)
    put(
        "spine",
        "pelvis",
        about_up(waist)
        @ about_left(pose.tilt + 0.45 * pose.bend)
        @ about_front(0.5 * (pose.side + pose.list)),
    )
    put("chest", "spine", chest)
    bowed = 0.5 * (pose.tilt + pose.bend) + 0.5 * -pose.head_pitch
    neck = (
        about_up(0.5 * (pose.chest_yaw + pose.head_yaw))
        @ about_left(bowed + 0.10)
        @ about_front(0.5 * (pose.side + pose.head_roll))
    )
    put("neck", "chest", neck)
    put("head", "neck", head)
    for index, (name, sign) in enumerate((("left", 1.0), ("right", -1.0))):
        flex, out, twist, elbow, roll, wrist, aside = np.moveaxis(pose.arms[:, index], -1, 0)
        raised = np.zeros((count, 3))
        raised[:, 1] = pose.shrug[:, index]
        raised[:, 0] = -0.35 * sign * pose.shrug[:, index]
        upper = chest @ about_front(sign * out) @ about_left(-flex) @ about_up(sign * twist)
        fore = upper @ about_left(-elbow)
        hand = fore @ about_up(sign * roll) @ about_front(-sign * wrist) @ about_left(aside)
        put(f"{name}_shoulder", "chest", upper, raised)
        put(f"{name}_elbow", f"{name}_shoulder", fore)
        put(f"{name}_wrist", f"{name}_elbow", hand)
        _leg(pose, bones, joints, turns, index)
    return FigureMotion(
        rate=rate,
        joints_m=joints,
        turns=turns,
        facing_rad=pose.chest_yaw.copy(),
        head_yaw_rad=pose.head_yaw.copy(),
        head_pitch_rad=pose.head_pitch.copy(),
        hand_open=np.clip(pose.hand_open, 0, 1),
        stance=pose.stands.copy(),
        floor_m=pose.floor_m.copy(),
    )


def ankles(pose: Pose, bones: Skeleton) -> Float64[np.ndarray, "moments 2 3"]:
    """Find the ankles above the balls of the feet."""
    foot = about_up(pose.foot_yaw) @ about_left(pose.foot_pitch)
    arm = np.broadcast_to(bones.ball_to_ankle_m, pose.ball_m.shape)
    return np.asarray(np.add(pose.ball_m, [0.0, bones.ball_height_m, 0.0]) + moved(foot, arm))


def _leg(
    pose: Pose,
    bones: Skeleton,
    joints: Float64[np.ndarray, "moments 19 3"],
    turns: Float64[np.ndarray, "moments 19 3 3"],
    index: int,
) -> None:
    name = ("left", "right")[index]
    at = {part: JOINT[f"{name}_{part}"] for part in ("hip", "knee", "ankle", "toe")}
    arm = bones.rest_m[at["hip"]] - bones.rest_m[0]
    hip = joints[:, 0] + moved(turns[:, 0], np.broadcast_to(arm, (len(joints), 3)))
    ankle = ankles(pose, bones)[:, index]
    upper, lower = bones.thigh_m, bones.shin_m
    away = ankle - hip
    length = np.linalg.norm(away, axis=1)
    along = away / length[:, None]
    length = np.clip(length, abs(upper - lower) + 0.02, (upper + lower) * STRAIGHTEST)
    foot_yaw, foot_pitch = pose.foot_yaw[:, index], pose.foot_pitch[:, index]
    ahead = 0.6 * np.column_stack([np.sin(foot_yaw), 0 * foot_yaw, np.cos(foot_yaw)])
    ahead += 0.4 * turns[:, 0, :, 2]
    pole = unit(ahead - along * np.sum(ahead * along, axis=1, keepdims=True))
    share = (length**2 + upper**2 - lower**2) / (2 * length)
    bend = np.sqrt(np.maximum(upper**2 - share**2, 0))
    knee = hip + along * share[:, None] + pole * bend[:, None]
    left = unit(np.cross(-along, pole))
    joints[:, at["hip"]], joints[:, at["knee"]] = hip, knee
    joints[:, at["ankle"]] = hip + along * length[:, None]
    turns[:, at["hip"]] = _standing(hip - knee, left)
    turns[:, at["knee"]] = _standing(knee - joints[:, at["ankle"]], left)
    turns[:, at["ankle"]] = about_up(foot_yaw) @ about_left(foot_pitch)
    toe = bones.rest_m[at["toe"]] - bones.rest_m[at["ankle"]]
    joints[:, at["toe"]] = joints[:, at["ankle"]] + moved(
        turns[:, at["ankle"]], np.broadcast_to(toe, (len(joints), 3))
    )
    flat = np.where(pose.stands[:, index], np.minimum(foot_pitch, 0), 0.45 * foot_pitch)
    turns[:, at["toe"]] = about_up(foot_yaw) @ about_left(flat)


def _standing(up: Places, left: Places) -> Turn:
    top = unit(up)
    return np.stack([left, top, np.cross(left, top)], axis=-1)
