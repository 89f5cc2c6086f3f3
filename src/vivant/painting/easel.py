"""The canvas while it is painted: camera, surfaces, light, pigment, and brushes."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from jaxtyping import Float, UInt8

from vivant.painting.light import Light
from vivant.painting.raster import Scene, Sheet, draw_sheet, normals_of

Matrix = Float[np.ndarray, "3 3"]
Points = Float[np.ndarray, "n 3"]
AWAY_CM = 110.0
FINE = 3
"""Brushes place points to an eighth of a pixel."""


def turn(yaw_deg: float) -> Matrix:
    """Turn about the vertical axis; above zero toward the picture's right."""
    c, s = np.cos(np.radians(yaw_deg)), np.sin(np.radians(yaw_deg))
    return np.array([[c, 0, s], [0, 1, 0], [-s, 0, c]], np.float32)


@dataclass(frozen=True, slots=True, kw_only=True)
class Camera:
    """Where a centimetre lands on the canvas."""

    x_px: float
    y_px: float
    """Where the head's origin lands."""
    px_per_cm: float

    def project(self, points: Float[np.ndarray, "... 3"]) -> Float[np.ndarray, "... 3"]:
        """Turn points of the viewer's frame into x, y in pixels and depth in centimetres."""
        scale = self.px_per_cm * AWAY_CM / (AWAY_CM - points[..., 2])
        return np.stack(
            [
                self.x_px + points[..., 0] * scale,
                self.y_px + points[..., 1] * scale,
                points[..., 2],
            ],
            axis=-1,
        ).astype(np.float32)

    def draw(self, scene: Scene, sheet: Sheet, *, number: int, turned: Matrix) -> None:
        """Draw a surface into a scene."""
        screen = self.project(sheet.points @ turned.T)
        draw_sheet(
            scene, sheet, number=number, screen=screen, normal=normals_of(sheet.points) @ turned.T
        )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Easel:
    """All that a brush needs to know."""

    camera: Camera
    head: Matrix
    """How the head is turned."""
    scene: Scene
    light: Light
    canvas: UInt8[np.ndarray, "height width 4"]
    """sRGB, and 255 where the person covers the background."""
    random: np.random.Generator

    def place(self, points: Points) -> Points:
        """Tell where points of the head land: x, y in pixels, depth in centimetres."""
        return self.camera.project(np.asarray(points, np.float32) @ self.head.T)

    def hidden(self, places: Points, *, slack_cm: float = 0.3) -> np.ndarray:
        """Tell which places lie behind something."""
        height, width = self.scene.depth.shape
        x = np.clip(np.rint(places[:, 0]), 0, width - 1).astype(int)
        y = np.clip(np.rint(places[:, 1]), 0, height - 1).astype(int)
        return np.asarray(self.scene.depth[y, x] > places[:, 2] + slack_cm)

    def brightness(self, x: np.ndarray, y: np.ndarray) -> np.ndarray:
        """Tell how much light falls at pixels, about 1 in the main light."""
        return np.asarray(self.light.hard[y, x].mean(-1))

    def brush(
        self,
        path: Float[np.ndarray, "n 2"],
        colour: Float[np.ndarray, " 3"],
        *,
        width_px: float,
        taper: bool = True,
    ) -> None:
        """Pull one hair of a brush along a path, thinner toward its end."""
        ends = np.rint(path * (1 << FINE)).astype(np.int32)
        paint = (float(colour[0]), float(colour[1]), float(colour[2]), 255.0)
        count = len(ends) - 1
        for i in range(count):
            wide = width_px * (1 - 0.75 * i / count) if taper else width_px
            a, b = ends[i], ends[i + 1]
            cv2.line(
                self.canvas,
                (int(a[0]), int(a[1])),
                (int(b[0]), int(b[1])),
                paint,
                max(1, round(wide)),
                cv2.LINE_AA,
                FINE,
            )
