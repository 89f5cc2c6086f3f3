"""Sets the other way round: the sun comes from the right. For photos that were lit from there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Protocol

import numpy as np
from jaxtyping import Float32, Float64

from vivant.scene.air import Clouds
from vivant.scene.light import Light
from vivant.scene.mesh import Mesh
from vivant.scene.set import SceneSet
from vivant.scene.sets.hours import LitSet
from vivant.scene.sets.lake import Lake
from vivant.scene.sets.meadow import Meadow
from vivant.scene.sets.registry import SUFFIX
from vivant.scene.sets.room import Room
from vivant.scene.water import GroundMist, Water

_FLIP = np.array([-1.0, 1.0, 1.0], np.float32)


def _light(light: Light) -> Light:
    return replace(light, sun=(-light.sun[0], light.sun[1], light.sun[2]))


def _mesh(mesh: Mesh) -> Mesh:
    return replace(
        mesh,
        points_m=mesh.points_m * _FLIP,
        normals=mesh.normals * _FLIP,
        triangles=np.ascontiguousarray(mesh.triangles[:, ::-1]),
    )


class _Given(SceneSet, LitSet, Protocol):
    """A set that lights itself."""


class _Mirrored:
    """A set with left and right exchanged."""

    def __init__(self, given: _Given) -> None:
        self._given = given

    @property
    def name(self) -> str:
        """What shots call it."""
        return self._given.name + SUFFIX

    @property
    def version(self) -> str:
        """Changes whenever it would look different."""
        return self._given.version

    @property
    def looks(self) -> tuple[str, ...]:
        """Its variants."""
        return self._given.looks

    def solids(self, look: str) -> tuple[Mesh, ...]:
        """Build what stands still, unlit."""
        return tuple(_mesh(mesh) for mesh in self._given.solids(look))

    def lit(self, look: str, light: Light) -> tuple[Mesh, ...]:
        """Build what stands still, lit."""
        return tuple(_mesh(mesh) for mesh in self._given.lit(look, _light(light)))

    def moving(self, look: str, state: Mapping[str, float]) -> tuple[Mesh, ...]:
        """Build what moves."""
        return tuple(_mesh(mesh) for mesh in self._given.moving(look, state))

    def clouds(self, look: str) -> Clouds | None:
        """There are none."""
        return self._given.clouds(look)

    def light(self, look: str) -> Light:
        """Give the light in which it is usually seen."""
        return _light(self._given.light(look))

    def light_at(self, look: str, hour: str) -> Light:
        """Give the light of an hour."""
        return _light(self._given.light_at(look, hour))


class MirroredRoom(_Mirrored):
    """The room."""

    def __init__(self) -> None:
        self._room = Room()
        super().__init__(self._room)

    def sunlit_at(
        self, points_m: Float64[np.ndarray, "points 3"], look: str, light: Light
    ) -> Float32[np.ndarray, " points"]:
        """Tell where dust shines."""
        return self._room.sunlit_at(points_m * _FLIP, look, _light(light))


class MirroredMeadow(_Mirrored):
    """The meadow."""

    def __init__(self) -> None:
        self._meadow = Meadow()
        super().__init__(self._meadow)

    def ground_mist(self, look: str, light: Light) -> GroundMist | None:
        """Lay mist."""
        return self._meadow.ground_mist(look, light)


class MirroredLake(_Mirrored):
    """The lake."""

    def __init__(self) -> None:
        self._lake = Lake()
        super().__init__(self._lake)

    def ground_mist(self, look: str, light: Light) -> GroundMist | None:
        """Lay mist."""
        return self._lake.ground_mist(look, light)

    def water(self, look: str) -> Water:
        """Give the lake's level; the wind comes from the other side."""
        water = self._lake.water(look)
        return replace(water, waves_toward_rad=-water.waves_toward_rad)
