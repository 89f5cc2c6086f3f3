"""Where an arm bends when a hand lies somewhere: on a child's back, round a neck."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float64

from vivant.scene.figure.build import Skeleton
from vivant.scene.figure.motion import JOINT, FigureMotion
from vivant.scene.figure.posing import ARM
from vivant.scene.figure.score import RESTING_ARM, Score
from vivant.scene.figure.turns import about_front, about_left, unit

LONGEST = 0.985
"""No arm reaches farther than this share of its bones: an elbow is never locked."""
MOST_BENT_RAD = 2.4
"""No elbow bends farther."""
SIDES = {"left": 1.0, "right": -1.0}
REACHED = ("flex", "out", "twist", "elbow")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Arm:
    """One arm's angles, radians, as ``Pose`` has them."""

    flex: float
    out: float
    twist: float
    elbow: float

    def beyond_rest(self) -> dict[str, float]:
        """Give what a score adds to a hanging arm."""
        rest = dict(zip(ARM, RESTING_ARM, strict=True))
        return {name: getattr(self, name) - rest[name] for name in REACHED}


def reach(
    motion: FigureMotion,
    frame: int,
    bones: Skeleton,
    *,
    side: str,
    target_m: Float64[np.ndarray, " 3"],
    elbow: tuple[float, float, float] = (0.75, -0.65, 0.0),
) -> Arm:
    """Bend an arm so that its wrist comes to a place, or as near to it as the arm is long.

    Args:
        motion: Whose; its arms do not matter.
        frame: When.
        bones: Whose.
        side: ``left`` or ``right``.
        target_m: In the set.
        elbow: Where the elbow goes: outward, up, forward, against the chest.
    """
    sign = SIDES[side]
    chest = motion.turns[frame, JOINT["chest"]]
    away = chest.T @ (target_m - motion.joints_m[frame, JOINT[f"{side}_shoulder"]])
    upper = bones.between(f"{side}_shoulder", f"{side}_elbow")
    fore = bones.between(f"{side}_elbow", f"{side}_wrist")
    least = np.sqrt(upper**2 + fore**2 + 2 * upper * fore * np.cos(MOST_BENT_RAD))
    far = float(np.clip(np.linalg.norm(away), least, LONGEST * (upper + fore)))
    along = unit(away)
    bend = float(np.arccos(np.clip((far**2 - upper**2 - fore**2) / (2 * upper * fore), -1, 1)))
    pole = np.array([sign * elbow[0], elbow[1], elbow[2]])
    pole = unit(pole - along * (pole @ along))
    share = (far**2 + upper**2 - fore**2) / (2 * far)
    at_elbow = along * share + pole * np.sqrt(max(upper**2 - share**2, 0.0))
    lower = unit(along * far - at_elbow)
    shown = unit(at_elbow)
    flex = float(np.arcsin(np.clip(shown[2], -1, 1)))
    out = float(np.arctan2(sign * shown[0], -shown[1]))
    frame_of = about_front(np.array(sign * out)) @ about_left(np.array(-flex))
    bent = frame_of.T @ lower
    return Arm(flex=flex, out=out, twist=float(np.arctan2(sign * bent[0], bent[2])), elbow=bend)


def take_arm(
    score: Score, side: str, arm: Arm, *, before: Arm | None, start_s: float, end_s: float
) -> None:
    """Note that an arm goes from one pose, or from hanging, to another; the elbow follows the shoulder."""
    was = dict.fromkeys(REACHED, 0.0) if before is None else before.beyond_rest()
    late = 0.12 * (end_s - start_s)
    for name, to in arm.beyond_rest().items():
        after = late if name in ("elbow", "twist") else 0.0
        score.key(f"{side}.{name}", to - was[name], start_s=start_s + after, end_s=end_s + after)
    if before is None:
        score.key(f"{side}.busy", 1.0, start_s=start_s - 0.3, end_s=start_s + 0.4)
