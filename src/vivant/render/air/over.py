"""The air of a shot at the film's size: seen from each frame's camera, with surfaces in it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np
from jaxtyping import Float32

from vivant.errors import InputError
from vivant.media.compilation import owned
from vivant.render.air.sky import sky_rgb
from vivant.render.air.slabs import Slabs
from vivant.render.air.stacking import SKY_STEP, SQUARE, merge, stack
from vivant.scene.light import Light
from vivant.scene.view import View

CROSSING = 0.7
"""The share of the way between two plates in which one fades into the other."""


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
        self._packed = [_packed(slabs) for _, slabs in self._plates]
        self._light = light
        self._threads = max(1, threads)
        self._pool = ThreadPoolExecutor(self._threads - 1) if self._threads > 1 else None
        half = ((height_px + 1) // 2, (width_px + 1) // 2)
        self._total = np.empty((*half, 4), np.float32)
        self._front = np.empty((*half, 5), np.float32)
        self._back = np.empty((*half, 5), np.float32)
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
        strength = np.asarray(self._light.glow.rgb if self._light.glow else (0, 0, 0), np.float32)
        strength = strength * np.float32(glow)
        weights = self._weights(frame)
        given = [
            (self._packed[index], geometry(self._plates[index][1], view, seconds), np.float32(part))
            for index, part in weights
        ]
        rgb, alpha, depth = owned(rgb), owned(alpha), owned(depth)
        high, full = len(self._total), len(self._out)

        def add(rows: tuple[int, int]) -> None:
            self._total[rows[0] : rows[1]] = 0
            self._front[rows[0] : rows[1]] = 0
            self._back[rows[0] : rows[1]] = 0
            for plate, placed, part in given:
                stack(
                    *(plate, placed, part, strength, sky, alpha, depth, rows),
                    *(self._total, self._front, self._back),
                )

        def lay(rows: tuple[int, int]) -> None:
            merge(
                *(self._total, self._front, self._back, rgb, alpha, depth),
                *(rows, self._out, self.depth_m),
            )

        self._share_out(add, high, SQUARE)
        self._share_out(lay, full, 2 * SQUARE)
        return self._out

    def _weights(self, frame: float) -> list[tuple[int, float]]:
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

    def _sky(self, view: View) -> Float32[np.ndarray, "down across 3"]:
        """Compute the sky at points; a row and a column more than there are steps."""
        high, wide = self._total.shape[:2]
        rows, columns = (
            np.arange(0, high + SKY_STEP, SKY_STEP),
            np.arange(0, wide + SKY_STEP, SKY_STEP),
        )
        y, x = np.meshgrid(2 * rows + 0.5, 2 * columns + 0.5, indexing="ij")
        directions = view.rays(x.ravel(), y.ravel())
        return sky_rgb(directions, self._light).reshape(len(rows), len(columns), 3)

    def _share_out(self, work: Callable[[tuple[int, int]], None], height: int, step: int) -> None:
        """Do all bands of rows, each by whichever thread is free."""
        bands = [(row, min(row + step, height)) for row in range(0, height, step)]
        waiting = iter(bands)

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


def _packed(slabs: Slabs) -> tuple[np.ndarray, ...]:
    arrays = (slabs.texels, slabs.relief, slabs.glow, slabs.boxes, slabs.filled, slabs.edges_m)
    return tuple(owned(array) for array in arrays)


def geometry(slabs: Slabs, view: View, seconds: float) -> Float32[np.ndarray, " 20"]:
    """Say how a plate lies before a camera.

    Returns:
        The camera's right, up and forward in the plate's axes (3 each); where the camera is, in the plate's axes,
        seen from the plate's own place, with the drift taken off; metres of a pixel at 1 m, the film's middle
        column and row; texels of a metre at 1 m, the plate's middle column and row; its rows and columns.
    """
    plate, coarse = slabs.view, slabs.coarse
    axes = np.stack([plate.right, plate.up, plate.forward])
    drifted = np.asarray(slabs.drift_m_per_s) * (seconds - slabs.seconds)
    moved = axes @ (view.position_m - plate.position_m - drifted)
    middle = (coarse - 1) / 2
    return np.asarray(
        [
            *(axes @ view.right),
            *(axes @ view.up),
            *(axes @ view.forward),
            *moved,
            1 / view.px_per_m,
            (view.width_px - 1) / 2,
            (view.height_px - 1) / 2,
            plate.px_per_m / coarse,
            ((plate.width_px - 1) / 2 - middle) / coarse,
            ((plate.height_px - 1) / 2 - middle) / coarse,
            (plate.height_px + coarse - 1) // coarse,
            (plate.width_px + coarse - 1) // coarse,
        ],
        np.float32,
    )
