"""Lids that close over an animal's eyes: strips of the photo with the eye shut, drawn down from above and up from below."""

from __future__ import annotations

import cv2
import numpy as np
from jaxtyping import Bool, Float32, Float64, Int32, UInt8, UInt32

from vivant.render import kernel, texture
from vivant.rig.pet import PetEye, PetRig

OPEN = 0.03
"""Less closed than this is open."""
ROWS = 7
ABOVE = 0.10
"""A lid's strip begins this far beyond the eye, in eye heights: there it shows what the photo shows."""
FIRM = 0.10
"""This much of a lid beside its edge keeps its size while the rest folds away, in eye heights."""
SHADE, SHADE_DEEP = 0.16, 0.42
"""How far a lid's shadow reaches over the eye, in eye heights, and how deep it is."""
EDGE = 0.02
ARCH = 0.13
"""How far the middle of an upper lid lags behind, in eye heights, half-way down: it stays an arch."""
LEADS = 1.7
"""The lower lid is up so much sooner: eyes that close look content, not cross."""


class LidsAtSize:
    """An eye's two lids, at the size of a film."""

    def __init__(self, rig: PetRig, eye: PetEye, *, scale: float) -> None:
        """Make the textures.

        Args:
            rig: The animal.
            eye: One of its eyes.
            scale: Film pixels for one rig pixel.
        """
        self._eye = eye
        self._tall = float((eye.lower - eye.upper)[:, 1].max())
        x, y = eye.box
        rows, wide = eye.shut.shape[:2]
        whole = rig.person.copy()
        whole[y : y + rows, x : x + wide] = eye.shut
        room = 8
        x0, y0 = max(0, x - room), max(0, y - room)
        part = whole[y0 : y + rows + room, x0 : x + wide + room]
        size = (max(4, round(part.shape[1] * scale)), max(4, round(part.shape[0] * scale)))
        way = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
        sized = np.ascontiguousarray(cv2.resize(part, size, interpolation=way))
        self._part = np.array([size[0] / part.shape[1], size[1] / part.shape[0]])
        self._corner = np.array([x0, y0], np.float64)
        self._upper = self._texture(sized, above=True)
        self._lower = self._texture(sized, above=False)
        part = (eye.upper[:, 0] - eye.upper[0, 0]) / max(
            float(eye.upper[-1, 0] - eye.upper[0, 0]), 1
        )
        self._arch = np.sin(np.pi * part.astype(np.float64))
        self.cells = _strip_cells(len(eye.upper), ROWS)

    def strips(
        self, amount: float
    ) -> tuple[tuple[Float64[np.ndarray, "points 2"], Float32[np.ndarray, "points 2"]], ...]:
        """Give the strips of the lower and the upper lid: where their points lie in the rig, and in their texture."""
        if amount < OPEN:
            return ()
        eye, tall = self._eye, self._tall
        closed = eye.closed.astype(np.float64)
        strips = []
        for edge, sign in ((eye.lower, -1.0), (eye.upper, 1.0)):
            begin = edge + np.array([0.0, -sign * ABOVE * tall])
            share = min(1.0, LEADS * amount) if sign < 0 else amount
            end = edge + share * (closed - edge)
            if sign > 0:
                end[:, 1] -= ARCH * tall * np.sin(np.pi * amount) * self._arch
            strips.append(self._strip(begin, end, closed, sign))
        return tuple(strips)

    def _strip(
        self,
        begin: Float64[np.ndarray, "columns 2"],
        end: Float64[np.ndarray, "columns 2"],
        closed: Float64[np.ndarray, "columns 2"],
        sign: float,
    ) -> tuple[Float64[np.ndarray, "points 2"], Float32[np.ndarray, "points 2"]]:
        """Lay the rows of a lid: first fur that folds away, then a firm edge, then its shadow on the eye."""
        tall = self._tall
        seen = np.abs(end[:, 1] - begin[:, 1])
        full = np.maximum(np.abs(closed[:, 1] - begin[:, 1]), 1e-3)
        firm = np.minimum(FIRM * tall, 0.5 * seen)
        places, texels = [], []
        for part in np.linspace(0, 1, ROWS - 3):
            places.append(begin[:, 1] + sign * part * (seen - firm))
            texels.append(begin[:, 1] + sign * part * (full - firm))
        for beyond in (0.0, 0.5 * SHADE * tall, SHADE * tall):
            places.append(end[:, 1] + sign * beyond)
            texels.append(closed[:, 1] + sign * beyond)
        x = np.broadcast_to(begin[:, 0], (ROWS, len(begin)))
        film = np.stack([x, np.stack(places)], axis=-1).reshape(-1, 2)
        uv = np.stack([x, np.stack(texels)], axis=-1).reshape(-1, 2)
        return film, self._to_texture(uv)

    def _to_texture(
        self, places: Float64[np.ndarray, "points 2"]
    ) -> Float32[np.ndarray, "points 2"]:
        return np.asarray((places - self._corner + 0.5) * self._part - 0.5, np.float32)

    def depth(self) -> Float64[np.ndarray, " points"]:
        """Give how deep each point of a strip lies."""
        return np.tile(self._eye.depth.astype(np.float64), ROWS)

    def _texture(
        self, sized: UInt8[np.ndarray, "rows wide 3"], *, above: bool
    ) -> UInt32[np.ndarray, "padded_rows padded_wide"]:
        """Keep one side of the line where lids meet, with a shadow beyond it."""
        closed = self._to_texture(self._eye.closed.astype(np.float64))
        y, x = np.mgrid[: sized.shape[0], : sized.shape[1]].astype(np.float32)
        line = np.interp(x[0], closed[:, 0], closed[:, 1]).astype(np.float32)[None]
        tall = self._tall * float(self._part[1])
        beyond = (y - line) if above else (line - y)
        solid = np.clip(0.5 + EDGE * tall - beyond, 0, 1)
        deep = SHADE_DEEP if above else 0.25 * SHADE_DEEP
        shade = deep * np.clip(1 - np.maximum(beyond, 0) / (SHADE * tall), 0, 1) ** 2
        shade *= _inside(x[0], closed)
        alpha = solid + (1 - solid) * shade
        colour = sized * (solid / np.maximum(alpha, 1e-3))[..., None]
        return texture.sharp_texture(
            np.asarray(np.clip(np.rint(colour), 0, 255), np.uint8),
            np.asarray(np.rint(alpha * 255), np.uint8),
        )

    def paint(
        self,
        canvas: UInt32[np.ndarray, "height width"],
        strips: tuple[tuple[Float32[np.ndarray, "points 2"], Float32[np.ndarray, "points 2"]], ...],
        rows: tuple[int, int],
    ) -> None:
        """Paint the strips, carried to the film, over a band of rows."""
        for picture, (vertices, uv) in zip((self._lower, self._upper), strips, strict=True):
            kernel.draw_sharp(
                canvas,
                picture,
                vertices=vertices,
                uv=uv,
                triangles=self.cells[0],
                opaque=self.cells[1],
                row0=rows[0],
                row1=rows[1],
            )


def _inside(
    across: Float32[np.ndarray, " wide"], closed: Float32[np.ndarray, "columns 2"]
) -> Float32[np.ndarray, "1 wide"]:
    """1 in the middle of an eye, 0 at its corners."""
    left, right = float(closed[0, 0]), float(closed[-1, 0])
    part = np.clip((across - left) / max(right - left, 1.0), 0, 1)
    return np.asarray(np.clip(np.sin(np.pi * part) * 1.6, 0, 1)[None], np.float32)


def _strip_cells(
    columns: int, rows: int
) -> tuple[Int32[np.ndarray, "cells 3"], Bool[np.ndarray, " cells"]]:
    row, column = (at.ravel() for at in np.mgrid[: rows - 1, : columns - 1])
    first = row * columns + column
    cells = np.vstack(
        [
            np.column_stack([first, first + 1, first + columns + 1]),
            np.column_stack([first, first + columns + 1, first + columns]),
        ]
    ).astype(np.int32)
    return cells, np.zeros(len(cells), np.bool_)
