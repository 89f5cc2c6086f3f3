"""Small surfaces and cameras for tests."""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from vivant.scene.mesh import MATERIAL, Mesh
from vivant.scene.view import View, look


def mesh(
    points: ArrayLike,
    triangles: ArrayLike,
    *,
    normal: tuple[float, float, float] = (0.0, 0.0, -1.0),
    material: str = "plaster",
    **more: Any,
) -> Mesh:
    """A surface of one colour."""
    place = np.asarray(points, np.float32)
    count = len(place)
    return Mesh(
        points_m=place,
        normals=np.repeat(np.array([normal], np.float32), count, 0),
        triangles=np.asarray(triangles, np.int32),
        albedo=np.full((count, 3), 0.8, np.float32),
        material=np.full(count, MATERIAL[material], np.uint8),
        open_sky=np.ones(count, np.float32),
        sunlit=np.ones(count, np.float32),
        **more,
    )


def square(size: float = 1.0, z: float = 0.0, **more: Any) -> Mesh:
    """A square that faces the camera of ``facing``."""
    s = size / 2
    points = [[s, -s, z], [-s, -s, z], [-s, s, z], [s, s, z]]
    return mesh(points, [[0, 1, 2], [0, 2, 3]], **more)


def facing(
    *, width: int = 96, height: int = 64, away: float = 3.0, fov: float = 40.0, x: float = 0.0
) -> View:
    """A camera that looks along z."""
    return look(
        np.array([x, 0.0, -away]),
        np.array([x, 0.0, 0.0]),
        fov_deg=fov,
        width_px=width,
        height_px=height,
    )


def plain(of: Mesh, rgb: tuple[float, float, float] = (1.0, 0.5, 0.25)) -> np.ndarray:
    """One colour for every point."""
    return np.repeat(np.array([rgb], np.float32), len(of.points_m), 0)
