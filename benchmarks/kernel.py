"""What a frame costs the kernel, beside what memory and x264 cost.

A person who covers 45 % of the frame, 1680 triangles, 15 % of them soft-edged. Times are
CPU time, so that other work on the machine disturbs them little. Eight pixels at a time
written in LLVM's own vector instructions: as fast as C with AVX-512 intrinsics, and 1.8
times as fast as plain C from gcc -O3 -march=native.
"""

from __future__ import annotations

import io
import itertools
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from fractions import Fraction
from typing import Any

import av
import numpy as np

from vivant.render import kernel

SIZES = ((512, 512), (1280, 720), (1920, 1080))
BARS_FPS = {(512, 512): 250, (1280, 720): 130, (1920, 1080): 70}
"""What the whole picture engine must reach on two cores; the kernel is a part of it."""


def run(*, rounds: int = 40) -> list[dict[str, Any]]:
    """Measure; one row for each size and way of sampling."""
    return [
        _row(width, height, sharp=sharp, rounds=rounds)
        for width, height in SIZES
        for sharp in (False, True)
    ]


def _row(width: int, height: int, *, sharp: bool, rounds: int) -> dict[str, Any]:
    scene = _Scene(width, height, sharp=sharp)
    copy = np.empty_like(scene.canvas)
    encoder = _Encoder(width, height)
    drawn = _cpu_ms(lambda: scene.draw(0, height), rounds)
    written = _cpu_ms(lambda: scene.write(0, height), rounds)
    return {
        "what": f"kernel {width}x{height} {'spline' if sharp else 'bilinear'}",
        "draw_cpu_ms": drawn,
        "planes_cpu_ms": written,
        "copy_cpu_ms": _cpu_ms(lambda: np.copyto(copy, scene.canvas), rounds),
        "x264_cpu_ms": _process_ms(lambda: encoder.encode(scene), rounds),
        "fps_1_thread": _fps(scene, 1, rounds),
        "fps_2_threads": _fps(scene, 2, rounds),
        "bar_fps_of_engine": BARS_FPS[width, height],
    }


class _Scene:
    """A mesh that is never where it was, over noise that no cache helps with."""

    def __init__(self, width: int, height: int, *, sharp: bool) -> None:
        random = np.random.default_rng(1)
        rgb = random.integers(0, 256, (height, width, 3), dtype=np.uint8)
        solid = np.full((height, width), 255, np.uint8)
        self.paint = kernel.draw_sharp if sharp else kernel.draw
        self.texture = (kernel.sharp_texture if sharp else kernel.texture_from_rgba)(rgb, solid)
        across = round((840 * width / height) ** 0.5)
        down = round(840 / across)
        x, y = np.meshgrid(np.linspace(0, 0.67, across + 1), np.linspace(0, 0.67, down + 1))
        points = (np.stack([x, y], axis=-1).reshape(-1, 2) + 0.16) * (width, height)
        self.uv = points.astype(np.float32)
        shake = random.uniform(-0.15, 0.15, points.shape) * 0.67 * width / across
        self.vertices = (points + shake).astype(np.float32)
        first = (np.arange(down)[:, None] * (across + 1) + np.arange(across)).ravel()
        below = first + across + 1
        upper = np.stack([first, first + 1, below + 1], axis=1)
        lower = np.stack([first, below + 1, below], axis=1)
        self.triangles = np.concatenate([upper, lower]).astype(np.int32)
        self.opaque = random.random(len(self.triangles)) < 0.85
        self.canvas = kernel.texture_from_rgba(rgb // 2, solid)
        self.y = np.empty((height, width), np.uint8)
        self.u, self.v = np.empty((2, height // 2, width // 2), np.uint8)

    def draw(self, row0: int, row1: int) -> None:
        self.paint(
            self.canvas,
            self.texture,
            vertices=self.vertices,
            uv=self.uv,
            triangles=self.triangles,
            opaque=self.opaque,
            row0=row0,
            row1=row1,
        )

    def write(self, row0: int, row1: int) -> None:
        kernel.to_planes(self.canvas, self.y, self.u, self.v, row0, row1)

    def both(self, rows: tuple[int, int]) -> None:
        self.draw(*rows)
        self.write(*rows)


class _Encoder:
    """x264 as films use it, on one thread, into memory."""

    def __init__(self, width: int, height: int) -> None:
        container = av.open(io.BytesIO(), "w", format="mp4")
        self.stream = container.add_stream("libx264", rate=Fraction(25))
        self.stream.width, self.stream.height = width, height
        self.stream.pix_fmt = "yuv420p"
        self.stream.options = {"preset": "veryfast", "crf": "20"}
        self.stream.thread_count = 1
        photo = np.add.outer(np.arange(height), np.arange(width)) // 4 % 256
        self.planes = photo.astype(np.uint8)
        self.index = 0

    def encode(self, scene: _Scene) -> None:
        height, width = scene.y.shape
        moved = np.roll(self.planes, self.index, axis=1)
        chroma = np.full((height // 2, width), 128, np.uint8)
        frame = av.VideoFrame.from_ndarray(np.concatenate([moved, chroma]), format="yuv420p")
        frame.pts = self.index
        self.index += 1
        list(self.stream.encode(frame))


def _cpu_ms(work: Callable[[], object], rounds: int) -> float:
    return _median_ms(work, rounds, time.thread_time)


def _process_ms(work: Callable[[], object], rounds: int) -> float:
    start = time.process_time()
    for _ in range(rounds):
        work()
    return round((time.process_time() - start) / rounds * 1e3, 2)


def _median_ms(work: Callable[[], object], rounds: int, clock: Callable[[], float]) -> float:
    work()
    taken = []
    for _ in range(rounds):
        start = clock()
        work()
        taken.append(clock() - start)
    return round(float(np.median(taken)) * 1e3, 2)


def _fps(scene: _Scene, threads: int, rounds: int) -> float:
    height = scene.y.shape[0]
    edges = [height * k // threads // 2 * 2 for k in range(threads + 1)]
    bands = list(itertools.pairwise(edges))
    with ThreadPoolExecutor(threads) as pool:
        ms = _median_ms(lambda: list(pool.map(scene.both, bands)), rounds, time.perf_counter)
    return round(1000 / ms, 1)


if __name__ == "__main__":
    for row in run():
        print(row)
