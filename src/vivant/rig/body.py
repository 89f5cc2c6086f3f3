"""The body of a photo: how far it can move, and where its sheet's points then lie.

A trunk bends along its spine, from the hips to the throat; the head rides on it. Shoulders rise. An arm that
hangs clear of the body can be lifted. What a photo does not allow is not attempted: ``can`` tells.

``BodyRig.move`` gives two things. ``place`` carries the whole person, head first: put it before the way from rig
pixels to film pixels. ``offsets`` are added to the points of the body's sheet at rest, before the head's turn and
before ``place``; they are 0 wherever the head carries the body.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Float32, Float64

from vivant.errors import MissingError
from vivant.media.face import CHIN
from vivant.places import Places
from vivant.rig.body_arms import Arm, is_free, lifted, take_arm
from vivant.rig.body_sheet import limber
from vivant.rig.gestures import (
    GESTURE,
    GESTURES,
    LEAN_DEG,
    LIMITS,
    SHOULDER,
    STEP,
    STEP_DIP,
    SWAY,
    SWAY_DEG,
)
from vivant.rig.mesh import smoothstep
from vivant.rig.pose import HIPS, SHOULDERS, BodyPose, find_pose
from vivant.rig.rig import Rig

__all__ = ["GESTURES", "LIMITS", "BodyMove", "BodyRig", "can", "open_body"]

THROAT, TRUNK = 0.28, 3.0
"""Where the spine ends below the chin, and how long it is where the hips are not seen, in face heights."""
SURE = 0.6
"""From here on a joint counts as seen."""
_SHOULDER_PLACE = (1.0, 0.72)
"""Where shoulders are when no pose is known: beside and below the chin, in face heights."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class BodyMove:
    """One moment of a body."""

    place: Float64[np.ndarray, "2 3"]
    """Carries the whole person: rig pixels to rig pixels."""
    offsets: Float32[np.ndarray, "points 2"]
    """For each point of the body's sheet, in rig pixels."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class BodyRig:
    """A body ready to move; cheap to ask, once opened."""

    rig: Rig
    """The person, to be drawn instead of the rig that was opened: its body's sheet is finer where arms are free."""
    can: frozenset[str]
    """Which of ``GESTURES`` it does; the others do nothing."""
    tall: float
    rest: Float64[np.ndarray, "points 2"]
    root: Float64[np.ndarray, " 2"]
    """Where the spine begins, between the hips."""
    spine: float
    """Its length, in rig pixels."""
    rises: Float64[np.ndarray, "2 points"]
    """How far each point follows the right and the left shoulder, 0..1."""
    trunk: Float64[np.ndarray, " points"]
    """1 where a point is the body's own, 0 where the head carries it."""
    arms: tuple[Arm | None, Arm | None]

    def move(self, gestures: Float[np.ndarray, " gestures"]) -> BodyMove:
        """Tell where a body lies.

        Args:
            gestures: A value for each of ``GESTURES``; beyond ``LIMITS`` they are held.
        """
        do = self._held(gestures)
        points = self.rest
        for side, arm in zip(("right", "left"), self.arms, strict=True):
            if arm is not None:
                points = lifted(arm, points, lift=do["lift_" + side], wave=do["wave_" + side])
        rise = np.array([do["shrug"] + do["shoulder_right"], do["shrug"] + do["shoulder_left"]])
        points = points - np.array([0.0, SHOULDER * self.tall]) * (rise @ self.rises)[:, None]
        head = self._bent(np.array([[0.0, 0.0], [1.0, 0.0], [0.0, 1.0]]), do, rigid=True)
        turn = np.stack([head[1] - head[0], head[2] - head[0]], axis=1)
        moved = self._bent(points, do)
        back = (moved - head[0]) @ np.linalg.inv(turn).T
        offsets = (back - self.rest) * self.trunk[:, None]
        return BodyMove(place=np.column_stack([turn, head[0]]), offsets=offsets.astype(np.float32))

    def points(self, gestures: Float[np.ndarray, " gestures"]) -> Float32[np.ndarray, "points 2"]:
        """Give all points of the body's sheet as they lie in one moment, in rig pixels."""
        moment = self.move(gestures)
        points = self.rig.body.rest[:, :2] + moment.offsets
        carried = points @ moment.place[:, :2].T + moment.place[:, 2]
        return np.asarray(carried, np.float32)

    def _held(self, gestures: Float[np.ndarray, " gestures"]) -> dict[str, float]:
        return {
            name: float(np.clip(gestures[GESTURE[name]], *LIMITS[name]))
            if name in self.can
            else 0.0
            for name in GESTURES
        }

    def _bent(
        self, points: Float64[np.ndarray, "n 2"], do: dict[str, float], *, rigid: bool = False
    ) -> Float64[np.ndarray, "n 2"]:
        """Bend along the spine, which is an arc; above it, and with ``rigid`` everywhere, all moves as one piece."""
        side = points[:, 0] - self.root[0]
        up = self.root[1] - points[:, 1]
        along = np.full(len(points), self.spine) if rigid else np.clip(up, 0.0, self.spine)
        angle = np.radians(do["lean"] * LEAN_DEG - do["sway"] * SWAY_DEG)
        turned = angle * along / self.spine
        bend = angle / self.spine
        if abs(angle) < 1e-9:
            across, high = np.zeros_like(along), along
        else:
            across, high = (1 - np.cos(turned)) / bend, np.sin(turned) / bend
        beyond = up - along  # past either end of the arc, straight on
        x = across + side * np.cos(turned) + beyond * np.sin(turned)
        y = high - side * np.sin(turned) + beyond * np.cos(turned)
        way = (do["sway"] * SWAY + do["step"] * STEP) * self.tall
        dip = STEP_DIP * self.tall * np.sin(np.pi * min(abs(do["step"]), 1.0)) ** 2
        return np.column_stack([self.root[0] + x + way, self.root[1] - y + dip])


def open_body(
    rig: Rig, *, pose: BodyPose | None = None, arms: bool = True, places: Places | None = None
) -> BodyRig:
    """Find out how a person's body can move.

    Args:
        rig: As baked, or completed.
        pose: Its joints; found in the rig's photo when left out. Without the model for it the trunk
            moves all the same, with joints where people have them.
        arms: Whether free arms are looked for; without, no pose is either, and only the trunk moves.
        places: Where models are kept.
    """
    if pose is None and arms:
        try:
            pose = find_pose(rig.photo, places=places)
        except MissingError:
            pose = None
    tall, chin = rig.face_height_px, rig.landmarks[CHIN, :2].astype(np.float64)
    if pose is not None and _strange(pose, chin, tall):
        pose = None
    shoulders = _joints(pose, SHOULDERS)
    if shoulders is None:
        beside, below = _SHOULDER_PLACE
        shoulders = chin + np.array([[-beside, below], [beside, below]]) * tall
    hips = _joints(pose, HIPS)
    throat = chin[1] + THROAT * tall
    root = np.array([shoulders[:, 0].mean() * 0.5 + chin[0] * 0.5, throat + TRUNK * tall])
    if hips is not None and hips[:, 1].mean() > throat + 1.5 * tall:
        root = hips.mean(0)
    able = {"sway", "lean", "step", "shrug", "shoulder_right", "shoulder_left"}
    found: list[Arm | None] = [None, None]
    if pose is not None:
        free = [is_free(rig, pose, side) for side in (0, 1)]
        if any(free):
            rig = limber(rig, pose)
        found = [take_arm(rig, pose, side) if free[side] else None for side in (0, 1)]
        for name, arm in zip(("right", "left"), found, strict=True):
            able |= set() if arm is None else {"lift_" + name, "wave_" + name}
    rest = rig.body.rest[:, :2].astype(np.float64)
    trunk = 1.0 - np.clip(rig.body.head_weight.astype(np.float64), 0, 1)
    return BodyRig(
        rig=rig,
        can=frozenset(able),
        tall=tall,
        rest=rest,
        root=root,
        spine=float(root[1] - throat),
        rises=_rises(rest, shoulders, throat, tall),
        trunk=trunk,
        arms=(found[0], found[1]),
    )


def can(rig: Rig, *, pose: BodyPose | None = None) -> frozenset[str]:
    """Tell which gestures a person's photo allows; stage all others without the photo's body."""
    return open_body(rig, pose=pose).can


def _strange(pose: BodyPose, chin: Float64[np.ndarray, " 2"], tall: float) -> bool:
    """Whether joints belong to another body: shoulders that are not below this chin."""
    middle = pose.points[list(SHOULDERS)].mean(0)
    return bool(
        abs(middle[0] - chin[0]) > 1.2 * tall or not -0.3 < (middle[1] - chin[1]) / tall < 2
    )


def _joints(pose: BodyPose | None, pair: tuple[int, int]) -> Float64[np.ndarray, "2 2"] | None:
    if pose is None or pose.seen[list(pair)].min() < SURE:
        return None
    return np.asarray(pose.points[list(pair)], np.float64)


def _rises(
    rest: Float64[np.ndarray, "points 2"],
    shoulders: Float64[np.ndarray, "2 2"],
    throat: float,
    tall: float,
) -> Float64[np.ndarray, "2 points"]:
    """Spread each shoulder's rise over its side: none at the throat, all of it at the shoulder and the arm."""
    middle = shoulders[:, 0].mean()
    both = []
    for shoulder in shoulders:
        reach = shoulder[0] - middle
        out = (rest[:, 0] - middle) / (reach if abs(reach) > 0.3 * tall else 0.3 * tall)
        low = smoothstep((rest[:, 1] - throat) / tall, -0.15, 0.5)
        far = 1 - 0.7 * smoothstep((rest[:, 1] - shoulder[1]) / tall, 0.3, 2.6)
        both.append(np.asarray(smoothstep(out, 0.15, 0.95) * low * far))
    return np.asarray(np.stack(both))
