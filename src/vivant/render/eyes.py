"""Eyes at the size of the film: lids, gaze and the eyeball's place, frame by frame."""

from __future__ import annotations

import cv2
import numpy as np
from jaxtyping import Float32, Int64

from vivant.media.compilation import owned
from vivant.media.face import (
    LEFT_EYE_LOWER,
    LEFT_EYE_UPPER,
    RIGHT_EYE_LOWER,
    RIGHT_EYE_UPPER,
    SHAPE,
)
from vivant.render.features import EyeView
from vivant.render.framing import Framing
from vivant.render.pose import Pose, carry, into_box
from vivant.rig.eyes import Eye
from vivant.rig.rig import Rig

GAZE_REACH = 0.95
"""How far eyeLook at 1 (30 degrees) moves the iris, in radii of the iris."""
UPWARD = 0.7
"""An eye turns less far up and down than to the sides."""
LID_DOWN, LID_UP = 0.38, 0.12
"""The lid rides on the eyeball: how far a look down (up) at 1 closes (opens) it."""
LID_FROM = 0.16
"""The drawn lid is wholly there from this share of a blink; below it the photo's own fades out."""
FINEST_SIGMA_PX = 0.3
"""A blur finer than this is left out."""

_BLINK, _IN, _OUT, _UP, _DOWN = (
    {side: SHAPE[stem + side] for side in ("Left", "Right")}
    for stem in ("eyeBlink", "eyeLookIn", "eyeLookOut", "eyeLookUp", "eyeLookDown")
)
_ROWS = {
    "Right": (RIGHT_EYE_UPPER, RIGHT_EYE_LOWER),
    "Left": (LEFT_EYE_UPPER, LEFT_EYE_LOWER),
}


class _LidEdge:
    """How far expressions move one lid's edge, for each column of the eye's box."""

    def __init__(self, rig: Rig, eye: Eye, row: tuple[int, ...]) -> None:
        wide = float(np.linalg.norm(eye.axes[0]))
        self.ids = np.array(row)
        self.rest = rig.face.rest[self.ids]
        self._down = eye.axes[1] / np.linalg.norm(eye.axes[1]) / wide
        away = (rig.face.uv[self.ids] - eye.origin) @ (eye.axes[0] / wide / wide)
        columns, at = np.arange(len(eye.upper)), np.maximum.accumulate(away)
        # Linear between the points, as a table: one row for each column.
        self._between = np.stack(
            [np.interp(columns, at, one) for one in np.eye(len(row))], axis=1
        ).astype(np.float32)

    def moved(
        self, by: Float32[np.ndarray, "points 3"], carried: Float32[np.ndarray, " 3"]
    ) -> Float32[np.ndarray, " width"]:
        """Down the box, in its pixels."""
        along = (by - carried)[:, :2] @ self._down
        moved: Float32[np.ndarray, " width"] = self._between @ along
        return moved


class EyeAtSize:
    """An eye's boxes, softened for the film's size."""

    def __init__(self, rig: Rig, eye: Eye, framing: Framing) -> None:
        self._eye, self._framing = eye, framing
        self._side = "Right" if eye.side == "right" else "Left"
        self._film_per_box = float(np.linalg.norm(eye.axes[0])) * framing.scale
        sigma = 0.30 / self._film_per_box if self._film_per_box < 1 else 0.0
        self._ball, self._iris, self._lid = (
            softened(box, sigma) for box in (eye.ball, eye.iris, eye.lid)
        )
        self._glare = owned(eye.glare[..., None])
        self._crease, self._rest_upper, self._shut = (
            owned(curve) for curve in (eye.crease, eye.upper, eye.shut)
        )
        upper, lower = _ROWS[self._side]
        self._edges = (_LidEdge(rig, eye, upper), _LidEdge(rig, eye, lower))
        depth = float(rig.landmarks[list(upper), 2].mean())
        corners = eye.origin + np.array([[0, 0], eye.axes[0], eye.axes[1]])
        self._corners = np.c_[corners, np.full(3, depth)].astype(np.float32)
        self._rigid = np.ones(3, np.float32)

    def view(
        self, pose: Pose, face: Float32[np.ndarray, "points 3"], shapes: Float32[np.ndarray, " 52"]
    ) -> EyeView | None:
        """Work out what this frame shows of the eye.

        Args:
            pose: Head and breath.
            face: The face's points, moved by expressions, in rig pixels.
            shapes: ARKit shapes.

        Returns:
            What to draw; None when the eye lies outside the film.
        """
        eye, side = self._eye, self._side
        top_by, low_by = (face[edge.ids] - edge.rest for edge in self._edges)
        carried = (top_by[0] + top_by[-1]) / 2
        inverse = into_box(carry(self._corners + carried, self._rigid, pose))
        area = self._area(inverse)
        if area[0] >= area[2] or area[1] >= area[3]:
            return None
        down, up = float(shapes[_DOWN[side]]), float(shapes[_UP[side]])
        blink = min(max(float(shapes[_BLINK[side]]), 0.0), 1.0)
        riding = LID_DOWN * max(0.0, down) - LID_UP * max(0.0, up)
        shut = min(max(blink + (1 - blink) * riding, -0.15), 1.0)
        top_moved = self._edges[0].moved(top_by, carried)
        low_moved = self._edges[1].moved(low_by, carried)
        top = eye.upper + top_moved
        current = top + (eye.shut + 0.5 * (low_moved + top_moved) - top) * np.float32(shut)
        low = np.maximum(np.maximum(eye.lower + low_moved, top + 0.05), current)
        present = min(max(shut / LID_FROM, 0.0), 1.0)
        return EyeView(
            area=area,
            inverse=inverse,
            upper=current.astype(np.float32),
            lower=low.astype(np.float32),
            crease=self._crease,
            rest_upper=self._rest_upper,
            shut=self._shut,
            ball=self._ball,
            iris=self._iris,
            lid=self._lid,
            glare=self._glare,
            gaze=self._gaze(shapes, down - up),
            sharp=self._film_per_box,
            faded=present * present * (3 - 2 * present),
            lid_shadow=max(shut, 0.0),
        )

    def _gaze(
        self, shapes: Float32[np.ndarray, " 52"], downward: float
    ) -> Float32[np.ndarray, " 2"]:
        """How far the iris moves, in box pixels."""
        toward_nose = float(shapes[_IN[self._side]] - shapes[_OUT[self._side]])
        rightward = toward_nose if self._side == "Right" else -toward_nose
        reach = self._eye.iris_radius * GAZE_REACH
        return np.array([rightward * reach, downward * reach * UPWARD], np.float32)

    def _area(self, inverse: Float32[np.ndarray, "2 3"]) -> Int64[np.ndarray, " 4"]:
        """Bound the box in the film: x0, y0, x1, y1 in whole pixels."""
        height, width = self._ball.shape[:2]
        back = np.linalg.inv(inverse[:, :2].astype(np.float64))
        corners = np.array([[0, 0], [width, 0], [0, height], [width, height]]) - inverse[:, 2]
        edges = corners @ back.T
        (x0, y0), (x1, y1) = np.floor(edges.min(0)).tolist(), np.ceil(edges.max(0)).tolist()
        return film_area((x0, y0, x1 + 1, y1 + 1), self._framing)


def film_area(
    edges: tuple[float, float, float, float], framing: Framing
) -> Int64[np.ndarray, " 4"]:
    """Cut an area (x0, y0, x1, y1) to the film's frame, in whole pixels."""
    x0, y0, x1, y1 = (int(edge) for edge in edges)
    return np.array(
        [max(0, x0), max(0, y0), min(framing.width_px, x1), min(framing.height_px, y1)], np.int64
    )


def softened(box: Float32[np.ndarray, "h w 4"], sigma_px: float) -> Float32[np.ndarray, "h w 4"]:
    """Blur a box that the film shows smaller than it is, so that it does not flicker."""
    if sigma_px < FINEST_SIGMA_PX:
        return owned(box)
    return np.ascontiguousarray(cv2.GaussianBlur(box, (0, 0), sigma_px), np.float32)
