"""The mouth at the size of the film: where teeth and tongue lie behind the lips, frame by frame."""

from __future__ import annotations

import numpy as np
from jaxtyping import Float32, Float64

from vivant.media.compilation import owned
from vivant.media.face import CHIN, LOWER_LIP_INNER, SHAPE, UPPER_LIP_INNER
from vivant.render.eyes import film_area, softened
from vivant.render.features import MouthView
from vivant.render.framing import Framing
from vivant.render.pose import Pose, carry, into_box
from vivant.rig.rig import Rig

LEAST_GAP_PX = 0.25
"""Lips closer than this show nothing of the mouth."""
JAW_SHARE = 0.92
"""The lower teeth follow the chin's movement by this share."""
OWN_TEETH_LIT, DRAWN_TEETH_LIT = 0.90, 0.74
"""Light on the teeth right under the upper lip; a photo's own teeth have that shade in them already."""

_UPPER, _LOWER = np.array(UPPER_LIP_INNER), np.array(LOWER_LIP_INNER)
_JAW = np.array([SHAPE[name] for name in ("jawOpen", "jawForward", "jawLeft", "jawRight")])


class MouthAtSize:
    """The mouth's boxes, softened for the film's size."""

    def __init__(self, rig: Rig, framing: Framing) -> None:
        mouth = rig.mouth
        box_px = float(np.linalg.norm(mouth.axes[0]))
        self._mouth, self._framing = mouth, framing
        self._film_per_box = box_px * framing.scale
        sigma = 0.42 / self._film_per_box if self._film_per_box < 1 else 0.0
        self._upper, self._lower, self._tongue = (
            softened(box, sigma) for box in (mouth.upper, mouth.lower, mouth.tongue)
        )
        self._cavity = owned(mouth.cavity)
        wide = float(np.linalg.norm(rig.landmarks[61, :2] - rig.landmarks[291, :2]))
        self._unit = wide / box_px
        self._chin_moves = rig.face.basis[_JAW, CHIN] * np.float32(JAW_SHARE)
        depth = float(rig.landmarks[13, 2]) + 0.05 * rig.face_height_px
        corners = mouth.origin + np.array([[0, 0], mouth.axes[0], mouth.axes[1]])
        self._corners = np.c_[corners, np.full(3, depth)].astype(np.float32)
        self._rigid = np.ones(3, np.float32)
        self._columns = np.arange(mouth.upper.shape[1], dtype=np.float64)

    def view(
        self,
        pose: Pose,
        face_film: Float32[np.ndarray, "points 2"],
        weights: Float32[np.ndarray, " 52"],
    ) -> MouthView | None:
        """Work out what this frame shows of the mouth.

        Args:
            pose: Head and breath.
            face_film: The face's points in film pixels.
            weights: ARKit shapes, relative to rest.

        Returns:
            What to draw; None when the lips are shut or out of the film.
        """
        skull = into_box(carry(self._corners, self._rigid, pose))
        upper, lower = face_film[_UPPER], face_film[_LOWER]
        upper_box = upper @ skull[:, :2].T + skull[:, 2]
        lower_box = lower @ skull[:, :2].T + skull[:, 2]
        gap = float((lower_box[:, 1] - upper_box[:, 1]).max())
        if gap * self._film_per_box < LEAST_GAP_PX and not self._mouth.seam:
            return None
        (x0, y0), (x1, y1) = np.minimum(upper, lower).min(0).tolist(), lower.max(0).tolist()
        area = film_area((x0 - 1, y0 - 1, x1 + 3, y1 + 3), self._framing)
        if area[0] >= area[2] or area[1] >= area[3]:
            return None
        with_jaw = self._corners + weights[_JAW] @ self._chin_moves
        return MouthView(
            area=area,
            skull=skull,
            jaw=into_box(carry(with_jaw, self._rigid, pose)),
            upper=_curve(upper_box, self._columns),
            lower=_curve(lower_box, self._columns),
            upper_teeth=self._upper,
            lower_teeth=self._lower,
            tongue=self._tongue,
            cavity=self._cavity,
            line=float(self._mouth.line),
            unit=self._unit,
            sharp=self._film_per_box,
            raised=min(max(float(weights[SHAPE["tongueOut"]]), 0.0), 1.0),
            opened=gap / self._unit,
            lit=OWN_TEETH_LIT if self._mouth.own_teeth else DRAWN_TEETH_LIT,
            seam=float(self._mouth.seam),
            left=float(upper_box[0, 0]),
            right=float(upper_box[-1, 0]),
        )


_T = np.linspace(0, 1, 4, endpoint=False)
_SPLINE = 0.5 * np.stack(
    [-_T + 2 * _T**2 - _T**3, 2 - 5 * _T**2 + 3 * _T**3, _T + 4 * _T**2 - 3 * _T**3, _T**3 - _T**2],
    axis=1,
)
"""Catmull-Rom weights of four neighbours, at four places between the middle two."""


def _curve(
    points: Float32[np.ndarray, "n 2"], columns: Float64[np.ndarray, " w"]
) -> Float32[np.ndarray, " w"]:
    """Read a smooth curve through points ordered from left to right, at columns."""
    ends = np.empty((len(points) + 2, 2))
    ends[1:-1] = points
    ends[0], ends[-1] = 2 * ends[1] - ends[2], 2 * ends[-2] - ends[-3]
    four = np.stack([ends[:-3], ends[1:-2], ends[2:-1], ends[3:]], axis=1)
    dense = np.vstack([(_SPLINE @ four).reshape(-1, 2), ends[-2:-1]])
    x = np.maximum.accumulate(dense[:, 0] + np.arange(len(dense)) * 1e-6)
    return np.asarray(np.interp(columns, x, dense[:, 1]), np.float32)
