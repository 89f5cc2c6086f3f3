"""The door of the render room: a rig and a performance go in, frames come out one by one."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from vivant.engines import engine_named
from vivant.errors import EngineBrokeError, InputError
from vivant.media.picture import Frame
from vivant.media.watch import Watch, unwatched
from vivant.performance.curves import Performance
from vivant.render.engine import RenderEngine
from vivant.rig.rig import Rig

SMALLEST_PX, LARGEST_PX = 128, 4096


def render(
    rig: Rig,
    performance: Performance,
    *,
    width_px: int = 1280,
    height_px: int = 720,
    threads: int = 2,
    engine: RenderEngine | None = None,
    watch: Watch = unwatched,
) -> Iterator[Frame]:
    """Draw each frame of a performance.

    An iterator: memory does not grow with the film. Planes are fresh in each frame and may be
    changed by the caller.

    Args:
        rig: The person.
        performance: What face and head do in each frame.
        width_px: Even, 128 to 4096.
        height_px: Even, 128 to 4096.
        threads: Bands drawn at once.
        engine: Who draws; None is the embedded puppet.
        watch: Hears of each frame.

    Yields:
        Frames with indices from 0.

    Raises:
        InputError: The size is odd or out of range.
        EngineBrokeError: The engine returned a frame of another size.
    """
    for side in (width_px, height_px):
        if side % 2 or not SMALLEST_PX <= side <= LARGEST_PX:
            message = (
                f"The film's size is {width_px} x {height_px}; both sides must be even numbers "
                f"from {SMALLEST_PX} to {LARGEST_PX}. Try 1280x720 or 720x1280."
            )
            raise InputError(message)
    engine = _embedded() if engine is None else engine
    return _draw(engine, rig, performance, (width_px, height_px, threads), watch)


def _draw(
    engine: RenderEngine,
    rig: Rig,
    performance: Performance,
    setting: tuple[int, int, int],
    watch: Watch,
) -> Iterator[Frame]:
    width_px, height_px, threads = setting
    stage = engine.open(rig, width_px=width_px, height_px=height_px, threads=threads)
    try:
        for index in range(performance.frames):
            frame = stage.draw(
                index,
                shapes=performance.shapes[index],
                head=performance.head[index],
                breath=float(np.clip(performance.breath[index], 0, 1)),
            )
            if frame.y.shape != (height_px, width_px):
                message = f"The render engine drew {frame.y.shape[1]} x {frame.y.shape[0]} pixels; {width_px} x {height_px} were asked. Report this to its author."
                raise EngineBrokeError(message)
            yield frame
            watch("frames", index + 1, performance.frames)
    finally:
        stage.close()


def _embedded() -> RenderEngine:
    engine = engine_named("render", "puppet").load()
    if not isinstance(engine, RenderEngine):
        message = (
            "The render engine 'puppet' does not keep its contract. Report this to its author."
        )
        raise EngineBrokeError(message)
    return engine
