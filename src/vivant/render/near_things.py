"""Things of our own that lie near the camera, among living photos: a sleeve, a hand, a blanket."""

from __future__ import annotations

import numpy as np
from jaxtyping import Float32

from vivant.render.raster.canvas import Canvas
from vivant.render.raster.shading import shade
from vivant.scene.props import Prop
from vivant.scene.shot import Shot
from vivant.scene.view import View

SHUTTER = 0.25


class NearThing:
    """One thing, drawn over what is behind it."""

    def __init__(self, shot: Shot, prop: Prop, *, threads: int) -> None:
        self._shot, self._prop = shot, prop
        self._canvas = Canvas(shot.width_px, shot.height_px, threads=threads)

    def close(self) -> None:
        """Let threads go."""
        self._canvas.close()

    def over(
        self, hdr: Float32[np.ndarray, "height width 3"], index: int, *, view: View
    ) -> Float32[np.ndarray, "height width 3"]:
        """Lay the thing over ``hdr``, which is written over."""
        shot = self._shot
        meshes = list(self._prop.meshes(index - SHUTTER))
        ends = [mesh.points_m for mesh in self._prop.meshes(index + SHUTTER)]
        colours = [shade(mesh, view, shot.light, glow=0.0) for mesh in meshes]
        self._canvas.draw(view, meshes, colours, close_points_m=ends)
        hdr *= (1 - self._canvas.alpha)[..., None]
        hdr += self._canvas.rgb
        return hdr
