"""The air of a shot at the film's size: seen from each frame's camera, with surfaces in it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np
from jaxtyping import Float32

from vivant.errors import InputError
from vivant.media.compilation import owned
from vivant.render.air.march import GLOW_SCALE, LIGHT_SCALE, THROUGH_SCALE
from vivant.render.air.merging import merge
from vivant.render.air.sky import sky_rgb
from vivant.render.air.slabs import Slabs
from vivant.render.air.stacking import (
    SQUARE,
    Canvas,
    Placed,
    Plate,
    Sky,
    Surfaces,
    stack,
)
from vivant.scene.light import Light
from vivant.scene.view import View

CROSSING = 0.6
"""The share of the way between two plates in which one fades into the other."""

_SKY_ROWS = 90
"""The sky is smooth: it is computed at about this many rows of points."""


class Air:
    """Sky and clouds of one shot."""

    def __init__(
        self,
        plates: Sequence[tuple[int, Slabs]],
        *,
        light: Light,
        width_px: int,
        height_px: int,
        threads: int = 2,
    ) -> None:
        """Take a shot's plates, each with the frame from whose camera it was seen.

        Args:
            plates: At least one; in any order.
            light: Of the shot: for the sky, and for the colour of the glow.
            width_px: Of the film.
            height_px: Of the film.
            threads: How many at once.

        Raises:
            InputError: There is no plate.
        """
        if not plates:
            message = "Air needs at least one plate, and none was given. Bake one for the shot."
            raise InputError(message)
        self._plates = sorted(plates, key=lambda plate: plate[0])
        self._unpacked: dict[int, Plate] = {}
        self._light = light
        self._threads = max(1, threads)
        self._pool = ThreadPoolExecutor(self._threads - 1) if self._threads > 1 else None
        half = ((height_px + 1) // 2, (width_px + 1) // 2)
        self._canvas = Canvas(
            np.empty((*half, 4), np.float32),
            np.empty((*half, 5), np.float32),
            np.empty((*half, 5), np.float32),
        )
        self._out = np.empty((height_px, width_px, 3), np.float32)
        self.depth_m = np.empty((height_px, width_px), np.float32)
        """Depth of what the last frame shows at each pixel, for lenses; 10 km where there is only sky."""

    @property
    def size(self) -> int:
        """Bytes that its plates take."""
        return sum(slabs.size for _, slabs in self._plates)

    def close(self) -> None:
        """Let the threads go."""
        if self._pool is not None:
            self._pool.shutdown()
            self._pool = None

    def over(
        self,
        view: View,
        frame: float,
        *,
        seconds: float,
        glow: float,
        rgb: Float32[np.ndarray, "height width 3"],
        alpha: Float32[np.ndarray, "height width"],
        depth: Float32[np.ndarray, "height width"],
    ) -> Float32[np.ndarray, "height width 3"]:
        """Put a frame's surfaces into the air.

        Args:
            view: The frame's camera, of the film's size.
            frame: Which plates are near is told by this.
            seconds: Time of the film, for the clouds' drift.
            glow: Strength of the light's glow.
            rgb: Light of the surfaces, premultiplied.
            alpha: How much of each pixel they cover, 0..1.
            depth: Depth of the nearest surface; whatever where there is none.

        Returns:
            All light; the array is used again for the next frame. ``depth_m`` tells how far it comes from.
        """
        sky = self._sky(view)
        unit = self._light.glow.rgb if self._light.glow else (0.0, 0.0, 0.0)
        strength = tuple(np.float32(part * glow) for part in unit)
        given = [
            (self._plate(index), placed(self._plates[index][1], view, seconds, share))
            for index, share in self._shares(frame)
        ]
        surfaces = Surfaces(owned(rgb), owned(alpha), owned(depth))
        canvas = self._canvas

        def add(rows: tuple[int, int]) -> None:
            for part in canvas:
                part[rows[0] : rows[1]] = 0
            for plate, place in given:
                stack(plate, place, strength, sky, surfaces, rows, canvas)

        def lay(rows: tuple[int, int]) -> None:
            merge(canvas, surfaces, rows, self._out, self.depth_m)

        self._share_out(add, len(canvas.total), SQUARE)
        self._share_out(lay, len(self._out), 2 * SQUARE)
        return self._out

    def _shares(self, frame: float) -> list[tuple[int, float]]:
        """Give the plates that count at a frame, and how much."""
        frames = [number for number, _ in self._plates]
        after = int(np.searchsorted(frames, frame))
        if after == 0:
            return [(0, 1.0)]
        if after == len(frames):
            return [(after - 1, 1.0)]
        way = (frame - frames[after - 1]) / (frames[after] - frames[after - 1])
        part = float(np.clip((way - 0.5) / CROSSING + 0.5, 0, 1))
        part = part * part * (3 - 2 * part)
        both = [(after - 1, 1 - part), (after, part)]
        return [(index, share) for index, share in both if share > 0]

    def _plate(self, index: int) -> Plate:
        """Unpack a plate; the last two are kept so."""
        if index not in self._unpacked:
            while len(self._unpacked) > 1:
                self._unpacked.pop(next(iter(self._unpacked)))
            self._unpacked[index] = unpacked(self._plates[index][1])
        return self._unpacked[index]

    def _sky(self, view: View) -> Sky:
        """Compute the sky at points."""
        high, wide = self._canvas.total.shape[:2]
        step = max(1, round(high / _SKY_ROWS))
        rows = np.arange(0, high + step, step)
        columns = np.arange(0, wide + step, step)
        y, x = np.meshgrid(2 * rows + 0.5, 2 * columns + 0.5, indexing="ij")
        rgb = sky_rgb(view.rays(x.ravel(), y.ravel()), self._light)
        return Sky(rgb.reshape(len(rows), len(columns), 3), step)

    def _share_out(self, work: Callable[[tuple[int, int]], None], height: int, step: int) -> None:
        """Do all bands of rows, each by whichever thread is free."""
        waiting = iter([(row, min(row + step, height)) for row in range(0, height, step)])

        def some(left: Iterator[tuple[int, int]]) -> None:
            for rows in left:
                work(rows)

        helpers = (
            [self._pool.submit(some, waiting) for _ in range(self._threads - 1)]
            if self._pool
            else []
        )
        some(waiting)
        for helper in helpers:
            helper.result()


def unpacked(slabs: Slabs) -> Plate:
    """Bring a plate to the form that the loops read."""
    scale = np.array([1 / LIGHT_SCALE] * 3 + [1 / THROUGH_SCALE], np.float32)
    return Plate(
        texels=(slabs.texels * scale).astype(np.float32).ravel(),
        glow=(slabs.glow * np.float32(1 / GLOW_SCALE)).astype(np.float32),
        relief=owned(slabs.relief),
        boxes=owned(slabs.boxes),
        filled=owned(slabs.filled),
        edges=owned(slabs.edges_m),
    )


def placed(slabs: Slabs, view: View, seconds: float, share: float) -> Placed:
    """Say how a plate lies before a camera at a time."""
    plate, coarse = slabs.view, slabs.coarse
    axes = np.stack([plate.right, plate.up, plate.forward])
    drifted = np.asarray(slabs.drift_m_per_s) * (seconds - slabs.seconds)
    moved = (axes @ (view.position_m - plate.position_m - drifted)).astype(np.float32)
    middle = (coarse - 1) / 2

    def three(axis: np.ndarray) -> tuple[np.float32, np.float32, np.float32]:
        x, y, z = (axes @ axis).astype(np.float32)
        return x, y, z

    return Placed(
        right=three(view.right),
        up=three(view.up),
        forward=three(view.forward),
        x=moved[0],
        y=moved[1],
        z=moved[2],
        tangent=np.float32(1 / view.px_per_m),
        column=np.float32((view.width_px - 1) / 2),
        row=np.float32((view.height_px - 1) / 2),
        scale=np.float32(plate.px_per_m / coarse),
        plate_column=np.float32(((plate.width_px - 1) / 2 - middle) / coarse),
        plate_row=np.float32(((plate.height_px - 1) / 2 - middle) / coarse),
        plate_wide=(plate.width_px + coarse - 1) // coarse,
        plate_high=(plate.height_px + coarse - 1) // coarse,
        share=np.float32(share),
    )
