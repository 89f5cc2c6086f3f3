"""The person's shape, carried along by the same mesh as the picture, at half the film's size."""

from __future__ import annotations

import cv2
import numpy as np
from jaxtyping import Bool, Float32, Int32, UInt8, UInt32
from scipy.spatial import cKDTree

from vivant.render import kernel
from vivant.render.bust.modelling import Shape
from vivant.render.engines.puppet import Moved
from vivant.rig.rig import Rig, Sheet

STOPS = 64
"""Steps of a byte in one stop."""

NEIGHBOURS = 5
"""Points of the mesh from which it is told how far a place follows the head."""


class RoundSheets:
    """Directions, light to be taken off, and how far each place follows the head, as a texture."""

    def __init__(self, rig: Rig, shape: Shape) -> None:
        rows, columns = shape.stops.shape
        tall, wide = rig.alpha.shape
        self._part = np.array([columns / wide, rows / tall], np.float32)
        self._texture = _packed(shape, _follows(rig, (columns, rows)))
        self._body, self._face = (_Painted(sheet, self._part) for sheet in (rig.body, rig.face))

    def paint(
        self, half: UInt32[np.ndarray, "rows columns"], moved: Moved, rows: tuple[int, int]
    ) -> None:
        """Paint a band of rows of the half-size canvas."""
        half[rows[0] : rows[1]] = np.uint32(0x00808080)
        for sheet, points in ((self._body, moved.body), (self._face, moved.face)):
            kernel.draw(
                half,
                self._texture,
                vertices=((points - np.float32(0.5)) * np.float32(0.5)),
                uv=sheet.uv,
                triangles=sheet.triangles,
                opaque=sheet.opaque,
                row0=rows[0],
                row1=rows[1],
            )


class _Painted:
    """A sheet's cells over the texture."""

    def __init__(self, sheet: Sheet, part: Float32[np.ndarray, " 2"]) -> None:
        self.uv: Float32[np.ndarray, "points 2"] = np.ascontiguousarray(
            (sheet.uv + np.float32(0.5)) * part - np.float32(0.5)
        )
        self.triangles: Int32[np.ndarray, "t 3"] = np.ascontiguousarray(sheet.triangles)
        self.opaque: Bool[np.ndarray, " t"] = np.ones(len(sheet.triangles), np.bool_)


def _packed(
    shape: Shape, follows: Float32[np.ndarray, "rows columns"]
) -> UInt32[np.ndarray, "rows columns"]:
    def byte(values: Float32[np.ndarray, "rows columns"]) -> UInt8[np.ndarray, "rows columns"]:
        return np.asarray(np.clip(np.rint(values), 0, 255), np.uint8)

    return kernel.pack(
        byte(shape.normals[..., 0] * 127 + 128),
        byte(shape.normals[..., 1] * 127 + 128),
        byte(shape.stops * STOPS + 128),
        byte(follows * 255),
    )


def _follows(rig: Rig, size: tuple[int, int]) -> Float32[np.ndarray, "rows columns"]:
    """How far each place of the photo follows the head."""
    tall, wide = rig.alpha.shape
    step = max(2, round(0.03 * rig.face_height_px))
    columns, rows = np.meshgrid(np.arange(0, wide + step, step), np.arange(0, tall + step, step))
    places = np.column_stack([columns.ravel(), rows.ravel()]).astype(np.float64)
    away, near = cKDTree(rig.body.uv.astype(np.float64)).query(places, k=NEIGHBOURS)
    share = 1 / np.square(away + 0.25 * step)
    known = (share * rig.body.head_weight[near]).sum(1) / share.sum(1)
    field = known.reshape(columns.shape).astype(np.float32)
    full = cv2.resize(field, (columns.shape[1] * step, columns.shape[0] * step))
    return np.asarray(cv2.resize(full[:tall, :wide], size, interpolation=cv2.INTER_AREA))
