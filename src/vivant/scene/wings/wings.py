"""A pair of wings on a back: it unfolds, breathes, and lets light through."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float64

from vivant.scene.mesh import Mesh
from vivant.scene.props import at_frame
from vivant.scene.wings.picture import feather_picture
from vivant.scene.wings.unfolding import Pose, pair_of, posed

WIDE_DEG = np.array([14.0, 54.0, -14.0])
LIFT_DEG = np.array([26.0, 24.0, 34.0])
"""How humerus, ulna and hand lie when spread, and what lifting adds; 0 is outward, 90 up."""
APART_M = 0.085
"""From the middle of the back to where a wing grows."""
SWEPT_RAD = (0.42, 0.16)
"""How far a wing points backward where it grows, folded and spread."""
CUPPED = (0.10, 0.62)
"""How fast it turns forward again on its way out, radians a metre."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Wings:
    """A pair of wings. Curves have one value a frame; size 1 spans about three metres when it is spread."""

    root_m: Float64[np.ndarray, "frames 3"]
    """Between the shoulder blades."""
    across: Float64[np.ndarray, "frames 3"]
    """Unit vector along the shoulders, to the right of whoever looks."""
    up: Float64[np.ndarray, "frames 3"]
    """Unit vector along the spine."""
    opened: Float64[np.ndarray, " frames"]
    """0 folded behind the shoulders .. 1 spread."""
    breath: Float64[np.ndarray, " frames"]
    """-1..1: what breathing moves."""
    size: float = 1.0
    lift: float = 0.35
    """0 spreads them wide, 1 lifts them high."""
    behind: bool = False
    """Whether they are seen from behind the person; else from before."""

    def meshes(self, frame: float) -> tuple[Mesh, ...]:
        """Build both wings at a frame, or between two."""
        pair = pair_of(self.behind)
        opened = float(np.clip(at_frame(self.opened, frame), 0, 1))
        breath = float(at_frame(self.breath, frame))
        points, normals = posed(
            pair,
            Pose(
                opened=opened,
                spread_deg=WIDE_DEG + self.lift * LIFT_DEG,
                lift=self.lift,
                breath=breath,
                apart_m=APART_M,
                swept_rad=SWEPT_RAD[0] + (SWEPT_RAD[1] - SWEPT_RAD[0]) * opened + 0.012 * breath,
                cupped_per_m=CUPPED[0] + (CUPPED[1] - CUPPED[0]) * opened,
            ),
        )
        across, up = at_frame(self.across, frame), at_frame(self.up, frame)
        toward = np.cross(across, up)
        axes = np.stack([across, up, toward]).astype(np.float32)
        both = np.concatenate([points, points * np.array([-1, 1, 1], np.float32)]) * self.size
        turned = np.concatenate([normals, normals * np.array([-1, 1, 1], np.float32)])
        return (
            Mesh(
                points_m=(both @ axes + at_frame(self.root_m, frame)).astype(np.float32),
                normals=turned @ axes,
                triangles=pair.triangles,
                albedo=pair.albedo,
                material=pair.material,
                open_sky=pair.open_sky,
                sunlit=pair.sunlit,
                uv=pair.uv,
                texture=feather_picture(),
                texture_weight=pair.weight,
            ),
        )
