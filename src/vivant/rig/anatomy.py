"""A person's own measures, in which all movements of the face are told."""

from __future__ import annotations

import numpy as np
from jaxtyping import Float64

from vivant.media import face as names
from vivant.rig.mesh import FACE_POINTS, Mesh

Vector = Float64[np.ndarray, " 3"]
Field = Float64[np.ndarray, "points 3"]
Handles = dict[int, Vector]

UPPER_ROWS = (names.UPPER_LIP_INNER, *names.UPPER_LIP_MIDDLE, names.UPPER_LIP_OUTER)
LOWER_ROWS = (names.LOWER_LIP_INNER, *names.LOWER_LIP_MIDDLE, names.LOWER_LIP_OUTER)
LIPS = sorted({i for row in (*UPPER_ROWS, *LOWER_ROWS) for i in row})
EYES = sorted(
    {*names.RIGHT_EYE_UPPER, *names.RIGHT_EYE_LOWER, *names.LEFT_EYE_UPPER, *names.LEFT_EYE_LOWER}
)
NOSE = (1, 4, 5, 6, 168, 195, 197, 2, 94, 98, 327, 64, 294, 48, 278)
JAW_LINE = (152, 148, 377, 176, 400, 149, 378)
UPPER_OVAL = (10, 338, 297, 332, 284, 251, 389, 356, 454, 109, 67, 103, 54, 21, 162, 127, 234)
BROWS = (*names.RIGHT_BROW, *names.LEFT_BROW)
JAW_SWING_RAD = 0.33
"""How far jawOpen = 1 swings the jaw about its hinge before the ears."""


class Anatomy:
    """A person's measures, and the directions of the face in the photo."""

    def __init__(
        self, mesh: Mesh, points: Float64[np.ndarray, "478 3"], smile: float = 0.0
    ) -> None:
        self.points = points
        self.sheet = np.vstack([mesh.face[:FACE_POINTS], mesh.body[72:]])
        self.tall = float(np.linalg.norm(points[names.FOREHEAD] - points[names.CHIN]))
        across = points[263, :2] - points[33, :2]
        across /= np.linalg.norm(across)
        self.right = np.array([across[0], across[1], 0.0])
        """Toward the picture's right, level with the eyes."""
        self.down = np.array([-across[1], across[0], 0.0])
        self.near = np.array([0.0, 0.0, -1.0])
        self.mouth = (points[13] + points[14]) / 2
        corners = (points[61] - points[291]) @ self.right
        self.mouth_width = abs(float(corners))
        self.narrowing = 1 - 0.30 * smile
        """A mouth wide with a smile must not be drawn in as far as one at rest."""
        self.hinge = np.array(
            [0.0, points[[234, 454], 1].mean() + 0.05 * self.tall, points[[234, 454], 2].mean()]
        )

    def across_mouth(self, point: int) -> float:
        """-1 at the left corner of the picture .. 1 at the right one."""
        return float((self.points[point] - self.mouth) @ self.right) / (self.mouth_width / 2)

    def swing(self, point: int, share: float = 1.0) -> Vector:
        """Move a point as the jaw's swing does."""
        arm = self.points[point]
        drop = JAW_SWING_RAD * (self.hinge[2] - arm[2])
        back = JAW_SWING_RAD * (arm[1] - self.hinge[1]) * 0.8
        return np.asarray(share * (self.down * drop + np.array([0.0, 0.0, back])))
