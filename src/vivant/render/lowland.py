"""Lay on a picture what a set has that is no surface: still water, and mist on its ground."""

from __future__ import annotations

import numpy as np
from jaxtyping import Float32

from vivant.render.ground_mist import lay_ground_mist
from vivant.render.water import draw_water
from vivant.scene.light import Light
from vivant.scene.set import SceneSet
from vivant.scene.view import View
from vivant.scene.water import MistySet, WaterySet


def lay_lowland(
    hdr: Float32[np.ndarray, "height width 3"],
    depth: Float32[np.ndarray, "height width"],
    scene_set: SceneSet,
    look: str,
    *,
    view: View,
    light: Light,
    seconds: float,
    threads: int = 2,
) -> None:
    """Draw the water and the mist of a set over its solids, figures and sky, before any of it is defocused.

    Args:
        hdr: Linear light; it is drawn into. C-contiguous.
        depth: Along the camera's axis in metres, infinite in the sky; becomes the water's where it is seen.
        scene_set: May be a ``WaterySet``, a ``MistySet``, both or neither.
        look: Its variant.
        view: The camera.
        light: Of the shot.
        seconds: Since the shot began.
        threads: That share the work; the picture does not depend on them.
    """
    if isinstance(scene_set, WaterySet):
        water = scene_set.water(look)
        draw_water(hdr, depth, view, light, water, seconds=seconds, threads=threads)
    if isinstance(scene_set, MistySet):
        mist = scene_set.ground_mist(look, light)
        if mist is not None:
            lay_ground_mist(hdr, depth, view, light, mist, seconds=seconds, threads=threads)
