"""The door of finishing: one frame of light in, one frame of film out."""

from __future__ import annotations

import numpy as np
from jaxtyping import Float32

from vivant.media.compilation import owned
from vivant.media.picture import Frame
from vivant.render.finishing.film import develop, knobs
from vivant.render.finishing.look import USUAL, Look
from vivant.render.finishing.sharing import in_bands
from vivant.render.finishing.shine import shine_of


def finish(  # noqa: PLR0913 - the dials of a camera
    hdr: Float32[np.ndarray, "height width 3"],
    *,
    sun_px: tuple[float, float] | None,
    rays: float = 0.24,
    bloom: float = 0.20,
    exposure: float = 1.14,
    white: float = 0.0,
    black: float = 0.0,
    seed: int = 0,
    frame: int = 0,
    look: Look = USUAL,
    threads: int = 2,
) -> Frame:
    """Turn light into a frame of film.

    In this order: shafts and bloom, the fade into light, vignette, exposure, curve, grade, the fade
    to black, grain. Grain comes last, so it is the same on people and set, inside and outside of
    every matte. It is new in each frame, and drawn from ``seed`` and ``frame`` alone: the same frame
    is the same whatever the number of threads, and whatever was rendered before.

    Args:
        hdr: Linear light, BT.709; finite. Width and height are even.
        sun_px: Where the sun stands in the picture, also somewhat outside; nothing where it is
            behind the camera: no shafts then.
        rays: Strength of the shafts, 0 for none.
        bloom: Strength of the bloom, 0 for none.
        exposure: Light is multiplied by this.
        white: How far the picture has gone into light, 0..1.
        black: How far it has gone to black, 0..1; at 1 it is black, without grain.
        seed: Of the film's grain.
        frame: The frame's number in the film (also that of the frame returned).
        look: Of the film.
        threads: That share the work.

    Returns:
        Fresh, writeable planes.

    Raises:
        ValueError: Width or height is odd.
    """
    height, width, _ = hdr.shape
    if height % 2 or width % 2:
        message = f"The picture is {width} x {height}; a frame needs an even width and height."
        raise ValueError(message)
    hdr = owned(hdr)
    shine = shine_of(
        hdr, sun_px=sun_px, rays=rays, bloom=bloom, glow_from=look.glow_from, threads=threads
    )
    luma = np.empty((height, width), np.uint8)
    blue, red = (np.empty((height // 2, width // 2), np.uint8) for _ in range(2))
    knob = knobs(look, exposure=exposure, white=white, black=black)
    key = np.uint32(np.random.SeedSequence([seed & 0xFFFFFFFF, frame]).generate_state(1)[0])
    in_bands(
        lambda first, end: develop(hdr, shine, luma, blue, red, knob, key, first, end),
        rows=height,
        threads=threads,
        step=2,
    )
    return Frame(index=frame, y=luma, u=blue, v=red)
