"""Where the camera stands in each set when somebody is near: the set is behind them, out of focus."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from vivant.scene.direction.call import Call, sway
from vivant.scene.shot import CameraMove


@dataclass(frozen=True, slots=True, kw_only=True)
class Stand:
    """A camera's usual place."""

    position_m: tuple[float, float, float]
    target_m: tuple[float, float, float]
    fov_deg: float


STANDS: Mapping[str, Stand] = MappingProxyType(
    {
        "stairway": Stand(position_m=(30.6, 2.6, -6.5), target_m=(26.0, 5.2, 14.0), fov_deg=40),
        "room": Stand(position_m=(-0.75, 1.25, 1.15), target_m=(0.5, 1.2, -2.7), fov_deg=30),
        "meadow": Stand(position_m=(-0.1, 1.5, 1.3), target_m=(-0.1, 1.6, -4.0), fov_deg=30),
        "lake": Stand(position_m=(-0.1, 1.5, 1.3), target_m=(0.1, 1.42, -4.0), fov_deg=30),
    }
)
_ELSEWHERE = Stand(position_m=(0.0, 1.5, 3.0), target_m=(0.0, 1.5, 0.0), fov_deg=38)


def stand_in(call: Call, *, focus_m: float, aperture: float) -> CameraMove:
    """Stand at the set's usual place and drift a little toward what is seen."""
    base = STANDS.get(call.scene_set.name, _ELSEWHERE)
    t, frames = call.times_s, call.frames
    position, target = np.array(base.position_m), np.array(base.target_m)
    ahead = (target - position) / np.linalg.norm(target - position)
    moved = position + (0.035 * t)[:, None] * ahead + sway(t, seed=call.seed, metres=0.010)
    return CameraMove(
        position_m=moved,
        target_m=np.broadcast_to(target, (frames, 3)).copy(),
        fov_deg=np.full(frames, float(base.fov_deg)),
        roll_deg=np.zeros(frames),
        focus_m=np.full(frames, focus_m),
        aperture=aperture,
    )
