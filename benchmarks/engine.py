"""The picture engine alone: frames drawn and thrown away, beside memory copies, x264 and neural painters."""

from __future__ import annotations

import io
import statistics
import time
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np

from benchmarks import people
from vivant import Frame, perform
from vivant.render.rendering import render

SIZES = ((512, 512, 250), (1280, 720, 130), (1920, 1080, 70))
"""Width, height, and the frames a second that two cores must reach."""
FRAMES = 150
ROUNDS = 3
SMALL_PEER_MS = 50.0
"""A network of 36 M weights that paints 96x96 pixels of mouth: best measured time a frame on one such core."""
LARGE_PEER_MS = 9000.0
"""A network of 98 M weights that paints a 512x512 face: the same."""


def run(folder: Path) -> list[dict[str, Any]]:
    """Measure both people at three sizes."""
    return [
        _row(name, width, height, bar, folder)
        for name in ("hopper", "astronaut")
        for width, height, bar in SIZES
    ]


def _row(name: str, width: int, height: int, bar: int, folder: Path) -> dict[str, Any]:
    rig = people.rig(name, folder)
    performance = perform(people.speech(), seed=1)
    wall_ms, cpu_ms, kept = [], [], []
    for round_ in range(ROUNDS + 1):
        frames = render(rig, performance, width_px=width, height_px=height, threads=2)
        next(frames)
        began_s, began_cpu_s = time.perf_counter(), time.process_time()
        for _ in range(FRAMES):
            frame = next(frames)
            if round_ == 0 and len(kept) < FRAMES // 3:
                kept.append(frame)
        if round_:  # the first warms up
            wall_ms.append((time.perf_counter() - began_s) * 1000 / FRAMES)
            cpu_ms.append((time.process_time() - began_cpu_s) * 1000 / FRAMES)
        frames.close()  # type: ignore[attr-defined]
    ms = statistics.median(wall_ms)
    fps = 1000 / min(wall_ms)
    return {
        "what": f"{name} {width}x{height}",
        "fps": fps,
        "bar": bar,
        "ok": fps >= bar,
        "wall_ms": ms,
        "cpu_ms": statistics.median(cpu_ms),
        "fps_2_idle_cores": 2000 / statistics.median(cpu_ms),
        "memcpy_ms": _copy_ms(kept),
        "x264_cpu_ms": _x264_ms(kept, width, height),
        "small_net_x": SMALL_PEER_MS / ms,
        "large_net_x": LARGE_PEER_MS / ms,
    }


def _copy_ms(frames: list[Frame]) -> float:
    """What it costs to write the same planes once, from memory that no cache holds."""
    sinks = [np.empty_like(plane) for plane in (frames[0].y, frames[0].u, frames[0].v)]
    began_s = time.process_time()
    for frame in frames:
        for sink, plane in zip(sinks, (frame.y, frame.u, frame.v), strict=True):
            np.copyto(sink, plane)
    return (time.process_time() - began_s) * 1000 / len(frames)


def _x264_ms(frames: list[Frame], width: int, height: int) -> float:
    with av.open(io.BytesIO(), "w", format="mp4") as file:
        stream = file.add_stream(
            "libx264", rate=Fraction(25), options={"preset": "veryfast", "crf": "21"}
        )
        stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
        pictures = []
        for frame in frames:
            picture = av.VideoFrame(width, height, "yuv420p")
            for plane, pixels in zip(picture.planes, (frame.y, frame.u, frame.v), strict=True):
                rows = np.frombuffer(plane, np.uint8).reshape(pixels.shape[0], plane.line_size)
                rows[:, : pixels.shape[1]] = pixels
            pictures.append(picture)
        began_s = time.process_time()
        for index, picture in enumerate(pictures):
            picture.pts = index
            for packet in stream.encode(picture):
                file.mux(packet)
        for packet in stream.encode():
            file.mux(packet)
        return (time.process_time() - began_s) * 1000 / len(frames)
