"""A picture of triangles: colours, coverage and depth, four samples a pixel."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
from jaxtyping import Float32

from vivant.media.compilation import owned
from vivant.render.raster import filling, projecting
from vivant.render.raster.samples import BLOCK, LANES, SAMPLES
from vivant.scene.mesh import MATERIALS, Mesh
from vivant.scene.view import View

_BAND_ROWS = 16
_SPARE = 4096
"""Points that a worker may make by cutting triangles at the camera."""
_PLAIN, _TEXTURED = 3, 12
"""Numbers kept for each point: its colour; with a texture also light, light times albedo, place and weight."""


class Canvas:
    """A picture to draw triangles into, again and again; its arrays are the same each time.

    A hundred thousand triangles at 1280 x 720 take 50 MB of memory at most.
    """

    def __init__(self, width_px: int, height_px: int, *, threads: int = 2) -> None:
        """Make an empty picture.

        Args:
            width_px: Its width.
            height_px: Its height.
            threads: Threads that draw at once; the picture does not depend on how many.
        """
        self.width_px, self.height_px = width_px, height_px
        self.rgb: Float32[np.ndarray, "height width 3"] = np.zeros(
            (height_px, width_px, 3), np.float32
        )
        """Linear light times coverage."""
        self.alpha: Float32[np.ndarray, "height width"] = np.zeros(
            (height_px, width_px), np.float32
        )
        """Coverage, 0..1."""
        self.depth: Float32[np.ndarray, "height width"] = np.full(
            (height_px, width_px), np.inf, np.float32
        )
        """Metres along the camera's axis to the surfaces in a pixel, their mean at an edge; infinite where nothing is."""
        self._threads = max(1, threads)
        self._pool = ThreadPoolExecutor(self._threads - 1) if self._threads > 1 else None
        bands = (self._threads, _BAND_ROWS, -(-width_px // BLOCK) * LANES)
        self._nearness = np.zeros(bands, np.float32)
        self._seen = np.zeros(bands, np.int32)
        self._starts = np.zeros((self._threads, -(-height_px // _BAND_ROWS) + 1), np.int64)
        self._order = np.zeros((self._threads, 1 << 14), np.int32)
        self._region = 0
        self._room: dict[str, np.ndarray] = {}
        self._sheets: tuple[tuple[np.ndarray, ...], np.ndarray, np.ndarray] = (
            (),
            np.zeros((1, 4), np.float32),
            np.zeros((1, 3), np.int64),
        )

    @property
    def bytes(self) -> int:
        """How much memory its arrays take."""
        arrays = [self.rgb, self.alpha, self.depth, self._nearness, self._seen, self._order]
        arrays += [room if room.base is None else room.base for room in self._room.values()]
        return sum(array.nbytes for array in arrays) + self._sheets[1].nbytes

    def clear(self) -> None:
        """Empty the picture."""
        self.rgb[:] = 0
        self.alpha[:] = 0
        self.depth[:] = np.inf

    def draw(
        self,
        view: View,
        meshes: Sequence[Mesh],
        colours: Sequence[Float32[np.ndarray, "_ _"]],
        *,
        close: View | None = None,
        close_points_m: Sequence[Float32[np.ndarray, "_ 3"] | None] | None = None,
    ) -> None:
        """Draw meshes into the emptied picture: everything that may hide another thing in one call.

        Args:
            view: The camera, as the shutter opens if it moves; of the canvas's size.
            meshes: What to draw, in any order.
            colours: What ``shade`` gave for each.
            close: The camera as the shutter closes; the same one when left out.
            close_points_m: Where each mesh's points are by then; where they were when left out.

        Raises:
            ValueError: The view is of another size, or there is not one array of colours for each mesh.
        """
        if (view.width_px, view.height_px) != (self.width_px, self.height_px):
            message = (
                f"The view is {view.width_px} x {view.height_px} px and the canvas "
                f"{self.width_px} x {self.height_px} px; they must be the same."
            )
            raise ValueError(message)
        if len(meshes) != len(colours):
            message = f"There are {len(meshes)} meshes and {len(colours)} arrays of colours."
            raise ValueError(message)
        if not meshes:
            self.clear()
            return
        moved = tuple(close_points_m or [None] * len(meshes))
        moves = close is not None or any(points is not None for points in moved)
        points = sum(len(mesh.points_m) for mesh in meshes)
        self._make_room(points, sum(len(mesh.triangles) for mesh in meshes), meshes)
        self._see(view, meshes, moved, close)
        self._take_colours(meshes, colours)
        lens = np.array(
            [(self.width_px - 1) / 2, (self.height_px - 1) / 2, view.px_per_m], np.float32
        )
        times = SAMPLES if moves else 1
        eye = self._room["eye"]
        spots = self._room["spots"][:times]
        edges = np.linspace(0, points, self._threads + 1).astype(int)
        self._share(
            lambda worker: projecting.put(
                eye, spots, int(edges[worker]), int(edges[worker + 1]), lens
            )
        )
        self._gather(meshes, points, lens, times)
        self._fill(times)

    def close(self) -> None:
        """Let the threads go."""
        if self._pool is not None:
            self._pool.shutdown()

    def _share(self, work: Callable[[int], Any]) -> None:
        """Do a piece of work for each thread."""
        if self._pool is None:
            work(0)
            return
        others = [self._pool.submit(work, worker) for worker in range(1, self._threads)]
        work(0)
        for other in others:
            other.result()

    def _make_room(self, points: int, triangles: int, meshes: Sequence[Mesh]) -> None:
        textured = any(mesh.texture is not None for mesh in meshes)
        channels = _TEXTURED if textured else _PLAIN
        spare = _SPARE * self._threads
        self._region = triangles // self._threads + len(meshes) + 2 * _SPARE
        wanted = {
            "eye": ((2, points + spare, 3), np.float32),
            "spots": ((SAMPLES, points + spare, 3), np.float32),
            "looks": ((points + spare, channels), np.float32),
            "corners": ((self._threads * self._region, 3), np.int32),
            "sheets": ((self._threads * self._region,), np.int16),
            "reach": ((self._threads * self._region, 2), np.int16),
        }
        for name, (shape, kind) in wanted.items():
            here = self._room.get(name)
            size = int(np.prod(shape))
            if here is None or here.base is None or here.base.size < size:
                self._room[name] = np.zeros(size + size // 8, kind)[:size].reshape(shape)
            elif here.shape != shape:
                self._room[name] = here.base[:size].reshape(shape)
        textures = tuple(mesh.texture for mesh in meshes if mesh.texture is not None)
        known = self._sheets[0]
        if len(textures) != len(known) or any(
            new is not old for new, old in zip(textures, known, strict=True)
        ):
            self._sheets = _bind(textures)

    def _see(
        self,
        view: View,
        meshes: Sequence[Mesh],
        moved: Sequence[Float32[np.ndarray, "_ 3"] | None],
        close: View | None,
    ) -> None:
        eye, start = self._room["eye"], 0
        first = _frame(view)
        second = _frame(close or view)
        still = close is None
        for mesh, later in zip(meshes, moved, strict=True):
            count = len(mesh.points_m)
            projecting.see(owned(mesh.points_m), first, eye[0], start)
            if still and later is None:
                eye[1, start : start + count] = eye[0, start : start + count]
            else:
                after = mesh.points_m if later is None else later
                projecting.see(owned(after), second, eye[1], start)
            start += count

    def _take_colours(
        self, meshes: Sequence[Mesh], colours: Sequence[Float32[np.ndarray, "_ _"]]
    ) -> None:
        looks, start = self._room["looks"], 0
        for mesh, colour in zip(meshes, colours, strict=True):
            here = looks[start : start + len(mesh.points_m)]
            here[:, :3] = colour[:, :3]
            if mesh.texture is not None:
                here[:, 3:6] = colour[:, 3:6]
                here[:, 6:9] = colour[:, 3:6] * mesh.albedo
                here[:, 9:11] = mesh.uv
                here[:, 11] = 1 if mesh.texture_weight is None else mesh.texture_weight
            start += len(mesh.points_m)

    def _gather(
        self, meshes: Sequence[Mesh], points: int, lens: Float32[np.ndarray, " 3"], times: int
    ) -> None:
        room, spots = self._room, self._room["spots"][:times]
        bases = np.concatenate([[0], np.cumsum([len(mesh.points_m) for mesh in meshes])])
        sheet = _sheets(meshes)

        def work(worker: int) -> None:
            first = worker * self._region
            spare = points + worker * _SPARE
            state = np.array([first, spare, spare + _SPARE], np.int64)
            for index, mesh in enumerate(meshes):
                edges = np.linspace(0, len(mesh.triangles), self._threads + 1).astype(int)
                projecting.gather(
                    owned(mesh.triangles[edges[worker] : edges[worker + 1]]),
                    int(bases[index]),
                    mesh.closed,
                    sheet[index],
                    (self.width_px, self.height_px),
                    room["eye"],
                    room["looks"],
                    spots,
                    lens,
                    room["corners"],
                    room["sheets"],
                    room["reach"],
                    state,
                )
            counts[worker] = int(state[0])

        counts = [0] * self._threads
        self._share(work)
        while True:
            needed = [self._sort(worker, counts[worker]) for worker in range(self._threads)]
            if max(needed) <= self._order.shape[1]:
                return
            self._order = np.zeros((self._threads, max(needed) * 5 // 4), np.int32)

    def _sort(self, worker: int, last: int) -> int:
        return int(
            projecting.sort_into_bands(
                self._room["reach"],
                worker * self._region,
                last,
                _BAND_ROWS,
                self._starts[worker],
                self._order[worker],
            )
        )

    def _fill(self, times: int) -> None:
        room = self._room
        tables = (
            room["corners"],
            room["spots"][:times],
            room["looks"],
            room["sheets"],
            self._sheets[1],
            self._sheets[2],
        )
        lists = (self._starts, self._order)
        out = (self.rgb, self.alpha, self.depth)
        self._share(
            lambda worker: filling.fill(
                (worker, self._threads),
                tables,
                lists,
                self._nearness[worker],
                self._seen[worker],
                out,
            )
        )


def _sheets(meshes: Sequence[Mesh]) -> list[int]:
    """Number the meshes that have textures; tell veils of light from plain ones."""
    numbers, count = [], 0
    for mesh in meshes:
        if mesh.texture is not None:
            numbers.append(count)
            count += 1
        else:
            veil = len(mesh.material) > 0 and MATERIALS[mesh.material[0]].emits > 0
            numbers.append(filling.VEIL if veil else -1)
    return numbers


def _frame(view: View) -> Float32[np.ndarray, "4 3"]:
    return np.stack([view.position_m, view.right, view.up, view.forward]).astype(np.float32)


def _bind(
    textures: tuple[np.ndarray, ...],
) -> tuple[tuple[np.ndarray, ...], Float32[np.ndarray, "texels 4"], np.ndarray]:
    """Lay textures one behind the other; with where each begins, its width and its height."""
    starts = np.cumsum([0] + [texture.shape[0] * texture.shape[1] for texture in textures])
    sizes = [
        (start, texture.shape[1], texture.shape[0])
        for start, texture in zip(starts[:-1], textures, strict=True)
    ] or [(0, 1, 1)]
    texels = [texture.reshape(-1, 4) for texture in textures] or [np.zeros((1, 4), np.float32)]
    return textures, np.concatenate(texels).astype(np.float32), np.array(sizes, np.int64)
