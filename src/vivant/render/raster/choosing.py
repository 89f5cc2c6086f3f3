"""Which form of each mesh a shot needs: the finest that can be seen from any of its cameras, and none that is never seen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from jaxtyping import Float64

from vivant.scene.mesh import Mesh
from vivant.scene.view import View

_SEEN_PX = 0.8
"""An outline that is off by less than this will do."""


def choose(
    meshes: Sequence[Mesh], views: Sequence[View], *, only_seen: bool = True
) -> tuple[Mesh, ...]:
    """Choose once for a whole shot, so that nothing changes its form while one watches.

    Args:
        meshes: With their coarser forms.
        views: Some of the shot's cameras, its first and last among them.
        only_seen: Whether meshes that none of the cameras sees are left out. What throws a shadow into the picture
            from outside must stay.

    Returns:
        Meshes without coarser forms.
    """
    chosen = []
    for mesh in meshes:
        middle, radius = _ball(mesh)
        nearest = [_distance(mesh, view) for view in views]
        if only_seen and not any(_sees(view, middle, radius * 1.05) for view in views):
            continue
        size = [view.px_per_m / max(away, 0.05) for view, away in zip(views, nearest, strict=True)]
        finest = max(size)
        form = mesh
        while form.coarser is not None and form.coarser.error_m * finest < _SEEN_PX:
            form = form.coarser
        chosen.append(replace(form, coarser=None))
    return tuple(chosen)


def _distance(mesh: Mesh, view: View) -> float:
    """Give the way to the box round a mesh."""
    low, high = mesh.points_m.min(axis=0), mesh.points_m.max(axis=0)
    return float(np.linalg.norm(np.clip(view.position_m, low, high) - view.position_m))


def _ball(mesh: Mesh) -> tuple[Float64[np.ndarray, " 3"], float]:
    low, high = mesh.points_m.min(axis=0), mesh.points_m.max(axis=0)
    middle = (low.astype(np.float64) + high) / 2
    return middle, float(np.linalg.norm(high - low) / 2)


def _sees(view: View, middle: Float64[np.ndarray, " 3"], radius: float) -> bool:
    away = middle - view.position_m
    depth = away @ view.forward
    if depth < -radius:
        return False
    for axis, tangent in ((view.right, view.tan_right), (view.up, view.tan_up)):
        slant = np.hypot(1.0, tangent)
        if (abs(away @ axis) - depth * tangent) / slant > radius:
            return False
    return True
