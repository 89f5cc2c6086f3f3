"""Mist where a photo ends: nobody floats, and no cut is seen.

Where the photo's lower edge or one of its sides cuts through the person, mist gathers: over the person
and beside them, down to the picture's lower edge. It moves with the person and drifts.
"""

from __future__ import annotations

from typing import no_type_check

import cv2
import numpy as np
from jaxtyping import Float32, Float64

from vivant.media.compilation import compiled_fast
from vivant.rig.rig import Rig

CELL = 0.05
"""Size of a cell of the map, in face heights."""
BESIDE, BELOW = 1.6, 3.0
"""The map reaches this far beyond the photo, in face heights."""
FULL = 0.10
"""Mist is whole this far before the photo's edge, in face heights; there the person has gone."""
RISE = 0.50
"""It begins this far before that."""
FADE = 0.9
"""Beside the person it thins out over this, in face heights."""
TORN = 0.8
"""How far its edge is torn by the noise."""
PART = 4
"""Pixels of the film, each way, in one of the veil."""
TILE = 128
DRIFT = (2.6, -0.5)
"""Cells of the noise a second, right and down."""


class Veil:
    """Where mist gathers about one photo."""

    def __init__(self, rig: Rig, alpha: Float32[np.ndarray, "height width"]) -> None:
        """Lay the map.

        Args:
            rig: The person.
            alpha: The whole matte, before its ends were made soft.
        """
        tall = rig.face_height_px
        self._step = CELL * tall
        height, width = alpha.shape
        left, down = BESIDE * tall, BELOW * tall
        self._origin = np.array([-left, 0.0])
        columns = np.arange(-left, width + left, self._step)
        rows = np.arange(0, height + down, self._step)
        x, y = np.meshgrid(columns / tall, rows / tall)
        clear = np.ones(x.shape)
        wide, high = width / tall, height / tall
        cut_left, _, cut_right, cut_bottom = rig.cut
        if cut_bottom:
            inside = np.flatnonzero(alpha[-max(2, height // 40) :].max(0) > 0.5)
            if len(inside):
                clear *= 1 - _rising(y - high) * _between(x, inside[0] / tall, inside[-1] / tall)
        for cut, column, away in (
            (cut_left, alpha[:, :3], -x),
            (cut_right, alpha[:, -3:], x - wide),
        ):
            touched = np.flatnonzero(column.max(1) > 0.5)
            if cut and len(touched) > 0.05 * tall:
                below = np.clip((y - touched[0] / tall + 0.35) / 0.45, 0, 1)
                beyond = 1 - np.clip((away - 0.2) / FADE, 0, 1)
                clear *= 1 - _rising(away) * _smooth(below) * _smooth(beyond)
        self._map = (1 - clear).astype(np.float32)
        self.empty = bool(self._map.max() < 0.02)
        self._noise = _tile()

    def over(
        self,
        place: Float64[np.ndarray, "2 3"],
        *,
        size: tuple[int, int],
        seconds: float,
    ) -> Float32[np.ndarray, "rows columns"] | None:
        """Give the veil in one frame, at a quarter of the film's size; None where there is none.

        Args:
            place: The way from rig pixels to film pixels.
            size: Width and height of the film.
            seconds: Moment of the film.
        """
        if self.empty:
            return None
        small = ((size[0] + PART - 1) // PART, (size[1] + PART - 1) // PART)
        # quarter pixel -> film pixel -> rig pixel -> cell
        to_film = np.array([[PART, 0, (PART - 1) / 2], [0, PART, (PART - 1) / 2], [0, 0, 1]])
        back = np.linalg.inv(np.vstack([place, [0, 0, 1]])) @ to_film
        cells = back[:2].copy()
        cells[:, 2] -= self._origin
        cells /= self._step
        flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
        veil = cv2.warpAffine(self._map, cells, small, flags=flags, borderMode=cv2.BORDER_REPLICATE)
        if veil.max() < 0.02:
            return None
        noise = np.zeros(veil.shape, np.float32)
        for share, finer, speed in ((0.62, 1.1, 1.0), (0.38, 2.7, 1.7)):
            moved = cells * finer
            moved[:, 2] += np.array(DRIFT) * seconds * speed
            noise += np.float32(share) * np.asarray(
                cv2.warpAffine(self._noise, moved, small, flags=flags, borderMode=cv2.BORDER_WRAP),
                np.float32,
            )
        thick = np.clip(veil * (1 + TORN) - TORN * (1 - veil) * noise * 2, 0, 1)
        return np.asarray(thick * thick * (3 - 2 * thick), np.float32)


def _rising(beyond: Float64[np.ndarray, "*shape"]) -> Float64[np.ndarray, "*shape"]:
    return _smooth(np.clip((beyond + FULL + RISE) / RISE, 0, 1))


def _between(
    x: Float64[np.ndarray, "*shape"], low: float, high: float
) -> Float64[np.ndarray, "*shape"]:
    outside = np.maximum(low - x, x - high)
    return _smooth(1 - np.clip((outside - 0.3) / FADE, 0, 1))


def _smooth(t: Float64[np.ndarray, "*shape"]) -> Float64[np.ndarray, "*shape"]:
    return np.asarray(t * t * (3 - 2 * t))


def _tile() -> Float32[np.ndarray, "side side"]:
    """Soft noise, 0..1, that goes on past its edges."""
    random = np.random.default_rng(5)
    total = np.zeros((TILE, TILE), np.float32)
    for cells, share in ((8, 0.5), (16, 0.3), (32, 0.2)):
        grid = np.tile(random.random((cells, cells)).astype(np.float32), (3, 3))
        wide = cv2.resize(grid, (3 * TILE, 3 * TILE), interpolation=cv2.INTER_CUBIC)
        total += np.float32(share) * wide[TILE : 2 * TILE, TILE : 2 * TILE]
    return np.asarray(np.clip((total - 0.2) / 0.6, 0, 1), np.float32)


@compiled_fast
@no_type_check
def veil_over(
    hdr: np.ndarray,
    veil: np.ndarray,
    around: np.ndarray,
    step: float,
    share: float,
    first: int,
    end: int,
) -> None:
    """Lay mist of the set's own colour over rows of the picture.

    Args:
        hdr: Changed in place.
        veil: How thick it is, 0..1, at a quarter of the size.
        around: The set, blurred (3) and very blurred (3).
        step: Pixels of the picture in one of ``around``.
        share: All of it is multiplied by this.
        first: Row to begin with.
        end: Row to end before.
    """
    one, quarter = np.float32(1), np.float32(0.25)
    rows, columns = veil.shape
    tall, wide = around.shape[0], around.shape[1]
    inverse = one / np.float32(step)
    for row in range(first, end):
        vy = min(
            max(np.float32(row) * quarter - np.float32(0.375), np.float32(0)),
            np.float32(rows - 1.001),
        )
        v = int(vy)
        fy = vy - np.float32(v)
        ay = min(
            max((np.float32(row) + np.float32(0.5)) * inverse - np.float32(0.5), np.float32(0)),
            np.float32(tall - 1.001),
        )
        w = int(ay)
        gy = ay - np.float32(w)
        for x in range(hdr.shape[1]):
            vx = min(
                max(np.float32(x) * quarter - np.float32(0.375), np.float32(0)),
                np.float32(columns - 1.001),
            )
            u = int(vx)
            fx = vx - np.float32(u)
            upper = veil[v, u] * (one - fx) + veil[v, u + 1] * fx
            lower = veil[v + 1, u] * (one - fx) + veil[v + 1, u + 1] * fx
            thick = (upper * (one - fy) + lower * fy) * np.float32(share)
            if thick < np.float32(0.003):
                continue
            ax = min(
                max((np.float32(x) + np.float32(0.5)) * inverse - np.float32(0.5), np.float32(0)),
                np.float32(wide - 1.001),
            )
            t = int(ax)
            lit = np.float32(1.03) + np.float32(0.35) * thick * (one - thick)  # edges catch the sun
            gx = ax - np.float32(t)
            for c in range(3):
                near = around[w, t, c] * (one - gx) + around[w, t + 1, c] * gx
                far = around[w + 1, t, c] * (one - gx) + around[w + 1, t + 1, c] * gx
                mist = (near * (one - gy) + far * gy) * lit
                hdr[row, x, c] += (mist - hdr[row, x, c]) * thick
