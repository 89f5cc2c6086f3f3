"""Frames a second of the engines that invent: ``python -m benchmarks.neural [--python PYTHON] [--weights FOLDER]``.

With weights that were fetched it times those; with ``--tiny`` a model of random weights, which tells only
what the way there and back costs. Tells the device, because numbers without it mean nothing.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.tables import screen, show
from vivant.media.watch import unwatched
from vivant.render.engines.diffusion import Dials, DiffusionEngine
from vivant.render.judging import judge
from vivant.render.moving import Wish
from vivant.render.retiming import Retimed
from vivant.testing.standins import PaintedFaces

RATE = Fraction(25)


def a_picture(width_px: int, height_px: int) -> np.ndarray:
    """Make a picture with something to see in it."""
    rows, columns = np.mgrid[:height_px, :width_px].astype(np.float32)
    waves = [120 + 80 * np.sin(columns / 40 + i) * np.cos(rows / 55 - i) for i in range(3)]
    return np.stack(waves, axis=-1).clip(0, 255).astype(np.uint8)


def time_wish(engine: DiffusionEngine, *, size: tuple[int, int], frames: int) -> dict[str, Any]:
    """Time one shot: what the model takes, and what looking at it takes."""
    first = a_picture(*size)
    wish = Wish(first=first, prompt="wind moves the grass", seed=1, frames=frames, rate=RATE)
    began_s = time.monotonic()
    moved = engine.move(wish, watch=unwatched)
    made_s = time.monotonic() - began_s
    film = Retimed(moved, rate=RATE, width_px=size[0], height_px=size[1])
    began_s = time.monotonic()
    judge(film.frame, count=frames, first=first, people={}, faces=PaintedFaces([]))
    judged_s = time.monotonic() - began_s
    shape = moved.pixels.shape
    moved.close()
    return {
        "film": f"{size[0]}x{size[1]}, {frames} frames",
        "model": f"{shape[2]}x{shape[1]}, {shape[0]} frames",
        "made s": round(made_s, 1),
        "frames/s": round(frames / made_s, 3),
        "measured s": round(judged_s, 1),
    }


def main() -> None:
    """Run what was asked for."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.neural", description=__doc__)
    parser.add_argument("--python", type=Path, help="the Python that has diffusers")
    parser.add_argument("--weights", type=Path, help="a folder of weights")
    parser.add_argument("--tiny", action="store_true", help="a model of random weights")
    parser.add_argument("--size", default="1280x720")
    parser.add_argument("--frames", type=int, default=100)
    parser.add_argument("--steps", type=int, help="fewer steps than usual")
    chosen = parser.parse_args()
    width_px, height_px = (int(side) for side in chosen.size.split("x"))
    with tempfile.TemporaryDirectory() as folder:
        weights, dials = chosen.weights, None
        if chosen.tiny:
            sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))
            from small_wan import tiny_wan  # noqa: PLC0415 - of the tests, and only here

            weights = tiny_wan(chosen.python or Path(sys.executable), Path(folder) / "tiny")
            dials = Dials(steps=chosen.steps or 4, area_px=320 * 192)
        elif chosen.steps:
            dials = Dials(steps=chosen.steps)
        engine = DiffusionEngine(weights=weights, python=chosen.python, dials=dials)
        try:
            rows = [
                {"run": name, **time_wish(engine, size=(width_px, height_px), frames=chosen.frames)}
                for name in ("first, with loading", "second")
            ]
            identity, about = engine.identity(), engine.about()
        finally:
            engine.close()
    console = screen()
    console.print(f"{identity}; {about}")
    show(console, "neural", rows)


if __name__ == "__main__":
    main()
