"""A moving sheet of the person at the size of the film: its texture, its cells, how it is painted."""

from __future__ import annotations

import cv2
import numpy as np
from jaxtyping import Bool, Float32, Int32, UInt8, UInt32

from vivant.media.compilation import owned
from vivant.render import kernel, texture
from vivant.render.pose import Pose, carry, deform
from vivant.rig.rig import Sheet
from vivant.rig.unfolding import unfold

LEAST_CELL = 0.02
"""A cell keeps at least this share of its area at rest, or of 20 film pixels where it is larger."""
TURNED_PX2 = -0.02
"""A cell with less signed area than this counts as turned over; above lies only rounding."""
PAD_PX = 1
"""The spline texture has a border before its first row and column."""


class PaintedSheet:
    """One sheet, ready to be moved and painted."""

    def __init__(
        self,
        sheet: Sheet,
        *,
        rgb: UInt8[np.ndarray, "h w 3"],
        alpha: UInt8[np.ndarray, "h w"],
        uv: Float32[np.ndarray, "points 2"],
        rest: Float32[np.ndarray, "points 2"],
        partner: Int32[np.ndarray, " points"],
    ) -> None:
        """Make the texture and sort the cells.

        Args:
            sheet: Of the rig.
            rgb: The sheet's picture at film size.
            alpha: Its matte.
            uv: Where each point lies in that picture.
            rest: Where each point lies in the film at rest.
            partner: For each point the one that must stay beside it, or -1 (see ``unfold``).
        """
        left, top, right, bottom = _shown(alpha)
        rgb, alpha = rgb[top:bottom, left:right], alpha[top:bottom, left:right]
        uv = uv - np.array([left, top], np.float32)
        self.texture: UInt32[np.ndarray, "hh ww"] = texture.sharp_texture(rgb, alpha)
        self.corner = (left, top)
        """Where the texture's first pixel (its border aside) lies in the picture."""
        self.folded = 0
        self._alpha, self._uv, self._partner = alpha, np.ascontiguousarray(uv), partner
        self._rest, self._basis = owned(sheet.rest), owned(sheet.basis)
        self._head_weight = owned(sheet.head_weight)
        keep, opaque = _coverage(uv, sheet.triangles, alpha)
        self._triangles = np.ascontiguousarray(sheet.triangles[keep])
        self._opaque = np.ascontiguousarray(opaque[keep])
        area = cell_areas(rest, sheet.triangles)
        self._way = float(np.sign(np.median(area)))
        least = LEAST_CELL * np.minimum(np.abs(area[keep]), 20) + 0.02
        self._least = np.ascontiguousarray(least, np.float32)

    @property
    def top_row(self) -> int:
        """First row of the picture in which the sheet shows anything."""
        return self.corner[1]

    def deform(self, weights: Float32[np.ndarray, " 52"]) -> Float32[np.ndarray, "points 3"]:
        """Move the points by weighted shapes, in rig pixels."""
        moved: Float32[np.ndarray, "points 3"] = deform(self._rest, self._basis, weights)
        return moved

    def place(
        self, points: Float32[np.ndarray, "points 3"], pose: Pose
    ) -> Float32[np.ndarray, "points 2"]:
        """Bring the points to the film, so that no cell is turned over there."""
        film: Float32[np.ndarray, "points 2"] = carry(points, self._head_weight, pose)
        if unfold(film, self._triangles, self._least, self._way, self._partner):
            areas = cell_areas(film, self._triangles) * self._way
            self.folded += int((areas < TURNED_PX2).sum())
        return film

    def paint(
        self,
        canvas: UInt32[np.ndarray, "height width"],
        vertices: Float32[np.ndarray, "points 2"],
        rows: tuple[int, int],
    ) -> None:
        """Paint a band of rows over the canvas."""
        self._paint(canvas, vertices, self._triangles, self._opaque, rows)

    def paint_cells(
        self,
        canvas: UInt32[np.ndarray, "height width"],
        vertices: Float32[np.ndarray, "points 2"],
        triangles: Int32[np.ndarray, "cells 3"],
        rows: tuple[int, int],
    ) -> None:
        """Paint other cells between the same points, solid, with what the picture holds there."""
        self._paint(canvas, vertices, triangles, np.ones(len(triangles), np.bool_), rows)

    def _paint(
        self,
        canvas: UInt32[np.ndarray, "height width"],
        vertices: Float32[np.ndarray, "points 2"],
        triangles: Int32[np.ndarray, "cells 3"],
        opaque: Bool[np.ndarray, " cells"],
        rows: tuple[int, int],
    ) -> None:
        kernel.draw_sharp(
            canvas,
            self.texture,
            vertices=vertices,
            uv=self._uv,
            triangles=triangles,
            opaque=opaque,
            row0=rows[0],
            row1=rows[1],
        )


def cell_areas(
    points: Float32[np.ndarray, "points 2"], triangles: Int32[np.ndarray, "t 3"]
) -> Float32[np.ndarray, " t"]:
    """Give the signed area of each cell, in square pixels."""
    corners = points[triangles]
    a, b = corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0]
    areas: Float32[np.ndarray, " t"] = (a[:, 0] * b[:, 1] - a[:, 1] * b[:, 0]) / 2
    return areas


def _shown(alpha: UInt8[np.ndarray, "h w"]) -> tuple[int, int, int, int]:
    """Left, top, right and bottom of what a matte shows, with room for the spline."""
    rows, columns = np.flatnonzero(alpha.max(axis=1)), np.flatnonzero(alpha.max(axis=0))
    if not len(rows):
        return 0, 0, min(8, alpha.shape[1]), min(8, alpha.shape[0])
    room = 6
    return (
        max(0, int(columns[0]) - room),
        max(0, int(rows[0]) - room),
        min(alpha.shape[1], int(columns[-1]) + room + 1),
        min(alpha.shape[0], int(rows[-1]) + room + 1),
    )


def _coverage(
    uv: Float32[np.ndarray, "n 2"],
    triangles: Int32[np.ndarray, "t 3"],
    alpha: UInt8[np.ndarray, "h w"],
) -> tuple[Bool[np.ndarray, " t"], Bool[np.ndarray, " t"]]:
    """Tell which triangles show anything, and which are solid throughout."""
    height, width = alpha.shape
    some = np.asarray(cv2.integral((alpha > 0).astype(np.uint8)))
    clear = np.asarray(cv2.integral((alpha < 255).astype(np.uint8)))
    corners = uv[triangles]
    low = np.floor(corners.min(1)).astype(int) - 3
    high = np.ceil(corners.max(1)).astype(int) + 4
    x0, y0 = np.clip(low[:, 0], 0, width), np.clip(low[:, 1], 0, height)
    x1, y1 = np.clip(high[:, 0], 0, width), np.clip(high[:, 1], 0, height)

    def count(table: Int32[np.ndarray, "hh ww"]) -> Int32[np.ndarray, " t"]:
        found: Int32[np.ndarray, " t"] = (
            table[y1, x1] - table[y0, x1] - table[y1, x0] + table[y0, x0]
        )
        return found

    return count(some) > 0, (count(clear) == 0) & (x1 > x0) & (y1 > y0)
