"""A camera at one moment. Metres; x right and y down in the picture; depth is measured along the camera's axis."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from jaxtyping import Float, Float64

UP = np.array([0.0, 1.0, 0.0])


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class View:
    """Where a camera stands and what it sees. The centre of pixel (x, y) lies at (x, y), as in ``render``."""

    position_m: Float64[np.ndarray, " 3"]
    right: Float64[np.ndarray, " 3"]
    up: Float64[np.ndarray, " 3"]
    forward: Float64[np.ndarray, " 3"]
    """Unit vectors."""
    tan_up: float
    """Tangent of half the vertical angle of view."""
    width_px: int
    height_px: int

    @property
    def tan_right(self) -> float:
        """Tangent of half the horizontal angle of view."""
        return self.tan_up * self.width_px / self.height_px

    @property
    def px_per_m(self) -> float:
        """Pixels of one metre at a depth of one metre."""
        return self.height_px / (2 * self.tan_up)

    def project(self, points_m: Float[np.ndarray, "n 3"]) -> Float64[np.ndarray, "n 3"]:
        """Give x and y in pixels, and the depth in metres (negative behind the camera)."""
        away = np.asarray(points_m, np.float64) - self.position_m
        x, y, depth = away @ self.right, away @ self.up, away @ self.forward
        safe = np.where(np.abs(depth) < 1e-6, 1e-6, depth)
        scale = self.px_per_m / safe
        return np.column_stack(
            [(self.width_px - 1) / 2 + x * scale, (self.height_px - 1) / 2 - y * scale, depth]
        )

    def rays(
        self, x_px: Float[np.ndarray, " n"], y_px: Float[np.ndarray, " n"]
    ) -> Float64[np.ndarray, "n 3"]:
        """Give directions through pixels, with length 1 along the axis: depth times this is the way."""
        x = (np.asarray(x_px, np.float64) - (self.width_px - 1) / 2) / self.px_per_m
        y = ((self.height_px - 1) / 2 - np.asarray(y_px, np.float64)) / self.px_per_m
        return np.asarray(self.forward + x[:, None] * self.right + y[:, None] * self.up)

    def sized(self, width_px: int, height_px: int) -> View:
        """See the same height of the world in another number of pixels."""
        return replace(self, width_px=width_px, height_px=height_px)

    def widened(self, share: float) -> View:
        """See this much more on all sides (0.1 is a tenth), at the same pixels per metre; sizes stay even."""
        width = round(self.width_px * (1 + share) / 2) * 2
        height = round(self.height_px * (1 + share) / 2) * 2
        return replace(
            self, width_px=width, height_px=height, tan_up=self.tan_up * height / self.height_px
        )


def look(
    position_m: Float[np.ndarray, " 3"],
    target_m: Float[np.ndarray, " 3"],
    *,
    fov_deg: float,
    width_px: int,
    height_px: int,
    roll_deg: float = 0.0,
) -> View:
    """Stand at a place and look at another; ``fov_deg`` is the vertical angle of view."""
    position = np.asarray(position_m, np.float64)
    forward = np.asarray(target_m, np.float64) - position
    forward = forward / np.linalg.norm(forward)
    right = np.cross(forward, UP)
    right /= np.linalg.norm(right)
    up = np.cross(right, forward)
    turn = np.radians(roll_deg)
    return View(
        position_m=position,
        right=right * np.cos(turn) + up * np.sin(turn),
        up=up * np.cos(turn) - right * np.sin(turn),
        forward=forward,
        tan_up=float(np.tan(np.radians(fov_deg) / 2)),
        width_px=width_px,
        height_px=height_px,
    )
