"""A figure's movements, noted one after the other like music, and then played: steps below, gestures above."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction

import numpy as np
from jaxtyping import Float64
from scipy.ndimage import maximum_filter1d

from vivant.errors import InputError
from vivant.scene.figure.build import Build, Skeleton, skeleton
from vivant.scene.figure.footwork import LEFT, RIGHT, Feet, Footfall, Footing, Steps
from vivant.scene.figure.motion import FigureMotion
from vivant.scene.figure.posing import ARM, STRAIGHTEST, Pose, ankles, posed
from vivant.scene.figure.turns import Curve, about_front, about_left, about_up, ease, moved, smooth

PER_S = 100
"""Moments in each second at which weight is worked out."""
EARLY_S = 3.0
"""What is worked out before the first frame and after the last, so that both are in full motion."""
APART_M = 0.088
"""Of each foot from the middle."""
TOES_OUT_RAD = 0.10
RESTING_ARM = (0.04, 0.10, -0.10, 0.22, 0.25, 0.08, 0.0)


@dataclass(slots=True, kw_only=True, eq=False)
class Score:
    """What a figure is going to do. Times are in seconds from the first frame; they may be negative."""

    build: Build = field(default_factory=Build)
    steps: Steps
    now_s: float = 0.0
    """Where the next movement begins."""
    keys: dict[str, list[tuple[float, float, float]]] = field(default_factory=dict)
    """For each gesture curve: from when, until when, and by how much it changes; eased, and added up."""
    climbs: list[tuple[float, float]] = field(default_factory=list)
    """When it goes upstairs: the body leans into the slope."""
    bones: Skeleton = field(init=False)

    def __post_init__(self) -> None:
        self.bones = skeleton(self.build)

    def key(self, name: str, by: float, *, start_s: float, end_s: float) -> None:
        """Let a curve change by so much between two times, with ease."""
        self.keys.setdefault(name, []).append((start_s, max(end_s, start_s + 1e-3), by))

    def pulse(self, name: str, by: float, *, times_s: tuple[float, float, float, float]) -> None:
        """Let a curve go up between the first two times and down between the last two."""
        self.key(name, by, start_s=times_s[0], end_s=times_s[1])
        self.key(name, -by, start_s=times_s[2], end_s=times_s[3])

    def step(
        self, foot: int, to: Footing, *, lift_s: float, land_s: float, push: float = 1.0
    ) -> None:
        """Put a foot elsewhere."""
        self.steps.falls.append(Footfall(foot=foot, lift_s=lift_s, land_s=land_s, to=to, push=push))

    def wait(self, seconds: float) -> Score:
        """Stay as it is."""
        self.now_s += seconds
        return self

    def curve(self, name: str, times_s: Curve) -> Curve:
        """Add up a gesture curve."""
        total = np.zeros(len(times_s))
        for start, end, by in self.keys.get(name, ()):
            total += by * ease((times_s - start) / (end - start))
        return total

    def motion(self, *, frames: int, rate: Fraction | float) -> FigureMotion:
        """Play it.

        Args:
            frames: How many frames, from 0 s on.
            rate: Frames in each second.
        """
        if frames < 1:
            message = f"A motion has {frames} frames; it needs at least 1."
            raise InputError(message)
        last = (frames - 1) / float(rate)
        count = round((last + 2 * EARLY_S) * PER_S) + 2
        fine = -EARLY_S + np.arange(count) / PER_S
        pose = self._pose(fine)
        times = np.arange(frames) / float(rate)
        return posed(_sampled(pose, fine, times), self.bones, rate=float(rate))

    def _pose(self, t: Curve) -> Pose:
        feet = self.steps.feet(t)
        stoop = self.build.stoop
        heading = smooth(_mean(feet.yaw_rad), moments=0.16 * PER_S)
        middle, shifted = _weight(feet)
        ahead = np.column_stack([np.sin(heading), np.zeros(len(t)), np.cos(heading)])
        stride = feet.ball_m[:, LEFT] - feet.ball_m[:, RIGHT]
        forward = smooth(np.sum(stride * ahead, axis=1), moments=0.07 * PER_S)
        small = self.build.small
        onward = np.clip(forward / (0.45 * small), -1, 1)
        lean = smooth(sum((_during(t, a, b) for a, b in self.climbs), np.zeros(len(t))), moments=25)
        single = smooth(feet.load[:, RIGHT] - feet.load[:, LEFT], moments=0.06 * PER_S)
        breath = np.sin(2 * np.pi * t / 4.1)
        add = {name: self.curve(name, t) for name in self.keys}
        zero = np.zeros(len(t))

        def extra(name: str) -> Curve:
            return add.get(name, zero)

        moving = np.clip(np.abs(smooth(np.abs(onward), moments=30)) * 1.6, 0, 1)
        tilt = 0.03 + 0.05 * lean + 0.03 * stoop + extra("tilt")
        bend = 0.02 + 0.22 * stoop + 0.06 * lean + 0.006 * breath + extra("bend")
        bend = bend + 0.030 * lean * np.abs(smooth(single, moments=6)) ** 2
        pelvis_yaw = heading - 0.09 * onward + extra("pelvis_yaw")
        chest_yaw = heading + 0.07 * _later(onward, 0.05) + extra("chest_yaw")
        head_yaw = smooth(heading, moments=0.22 * PER_S) + extra("head_yaw")
        tall = self.bones.rest_m[0, 1]
        pose = Pose(
            pelvis_m=np.empty((len(t), 3)),
            pelvis_yaw=pelvis_yaw,
            tilt=tilt,
            list=single * (0.030 * lean - 0.022 * (1 - lean)) * (0.4 + 0.6 * moving),
            bend=bend,
            side=-single * (0.020 + 0.012 * lean)
            + 0.004 * np.sin(2 * np.pi * t / 5.3)
            + extra("side"),
            chest_yaw=chest_yaw,
            head_yaw=head_yaw,
            head_pitch=-0.02 - 0.05 * stoop - 0.05 * lean + 0.006 * breath + extra("head_pitch"),
            head_roll=0.012 * np.sin(2 * np.pi * t / 6.1 + 1)
            + 0.3 * extra("side")
            + extra("head_roll"),
            arms=self._arms(t, onward, extra),
            shrug=np.stack(
                [0.004 * breath + extra(f"{side}.shrug") for side in ("left", "right")], axis=1
            ),
            hand_open=np.stack([extra("left.open"), extra("right.open")], axis=1),
            ball_m=feet.ball_m,
            foot_yaw=feet.yaw_rad,
            foot_pitch=feet.pitch_rad + np.stack([extra("left.heel"), extra("right.heel")], axis=1),
            stands=feet.stands,
            floor_m=feet.floor_m,
        )
        sway = 0.006 * np.sin(2 * np.pi * t / 4.7 + 0.5)
        aside = np.column_stack([np.cos(heading), np.zeros(len(t)), -np.sin(heading)])
        place = middle + (-0.092 * small + 0.04 * lean + extra("forward"))[:, None] * ahead
        place = place + shifted + (sway * (1 - moving))[:, None] * aside
        heights = np.sum(feet.load * feet.floor_m, axis=1)
        heights = smooth(_later(heights, 0.24), moments=0.15 * PER_S)
        soft = 0.003 + 0.016 * lean + 0.010 * stoop
        give = 0.012 * moving * smooth(1 - np.abs(single), moments=4)
        place[:, 1] = heights + tall - soft - give + 0.002 * breath + extra("drop")
        pose.pelvis_m[:] = place
        pose.pelvis_m[:, 1] = _reachable(pose, self.bones)
        return pose

    def _arms(self, t: Curve, onward: Curve, extra: object) -> Float64[np.ndarray, "m 2 7"]:
        arms = np.empty((len(t), 2, len(ARM)))
        for index, (side, sign) in enumerate((("left", -1.0), ("right", 1.0))):
            busy = np.clip(extra(f"{side}.busy"), 0, 1)  # type: ignore[operator]
            swing = sign * _later(onward, 0.06) * (1 - busy)
            loose = sign * _later(onward, 0.14) * (1 - busy)
            for at, name in enumerate(ARM):
                arms[:, index, at] = RESTING_ARM[at] + extra(f"{side}.{name}")  # type: ignore[operator]
            arms[:, index, 0] += 0.23 * swing - 0.02
            arms[:, index, 1] += 0.05 * (self.build.weight - 1)
            arms[:, index, 3] += 0.16 * np.clip(loose, -0.4, 1) + 0.05 * np.abs(swing)
            arms[:, index, 5] += -0.06 * loose
            arms[:, index, 0] += (0.10 * self.build.stoop) * (1 - busy)
        arms[..., 3] = np.clip(arms[..., 3], 0.03, 2.45)
        return arms


def _later(curve: Curve, seconds: float) -> Curve:
    shift = round(seconds * PER_S)
    return np.asarray(np.concatenate([np.repeat(curve[:1], shift), curve[: len(curve) - shift]]))


def _mean(pair: Float64[np.ndarray, "moments 2"]) -> Curve:
    return np.asarray(pair.mean(axis=1))


def _during(t: Curve, start: float, end: float) -> Curve:
    return np.asarray(ease((t - start + 0.3) / 0.9) * (1 - ease((t - end + 0.5) / 0.9)))


def _weight(feet: Feet) -> tuple[Float64[np.ndarray, "m 3"], Float64[np.ndarray, "m 3"]]:
    """Give the middle between the feet on its smooth way, and how far weight draws the hips from it."""
    middle = feet.ball_m.mean(axis=1)
    middle[:, 1] = 0
    middle = smooth(middle, moments=0.17 * PER_S)
    drawn = np.sum(feet.load[..., None] * feet.ball_m, axis=1) - feet.ball_m.mean(axis=1)
    drawn[:, 1] = 0
    return middle, smooth(0.34 * drawn, moments=0.10 * PER_S)


def _reachable(pose: Pose, bones: Skeleton) -> Curve:
    """Lower the hips where a leg would be too short, without a jerk."""
    whole = (bones.thigh_m + bones.shin_m) * (STRAIGHTEST - 0.004)
    turn = about_up(pose.pelvis_yaw) @ about_left(pose.tilt) @ about_front(pose.list)
    ankle = ankles(pose, bones)
    most = np.full(len(pose.tilt), np.inf)
    for index, sign in enumerate((1.0, -1.0)):
        arm = bones.rest_m[11] - bones.rest_m[0]
        arm = moved(turn, np.broadcast_to(arm * [sign, 1, 1], (len(turn), 3)))
        hip = pose.pelvis_m + arm
        flat = np.hypot(hip[:, 0] - ankle[:, index, 0], hip[:, 2] - ankle[:, index, 2])
        reach = ankle[:, index, 1] + np.sqrt(np.maximum(whole**2 - flat**2, 0.01)) - arm[:, 1]
        most = np.where(pose.stands[:, index], np.minimum(most, reach), most)
    height = pose.pelvis_m[:, 1]
    for _ in range(6):
        over = maximum_filter1d(np.maximum(height - most, 0), round(0.14 * PER_S))
        height = height - smooth(over, moments=0.055 * PER_S)
    return np.asarray(np.minimum(height, most))


def _sampled(pose: Pose, fine: Curve, times: Float64[np.ndarray, " frames"]) -> Pose:
    at = np.clip((times - fine[0]) * PER_S, 0, len(fine) - 1.001)
    low = at.astype(int)
    part = at - low

    def pick(curve: np.ndarray) -> np.ndarray:
        if curve.dtype == bool:
            return np.asarray(curve[low])
        share = part.reshape(-1, *[1] * (curve.ndim - 1))
        return np.asarray(curve[low] * (1 - share) + curve[low + 1] * share)

    return Pose(**{name: pick(getattr(pose, name)) for name in Pose.__slots__})
