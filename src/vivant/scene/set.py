"""What a set is: still and moving surfaces, air, and light, for each of its looks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol, runtime_checkable

import numpy as np
from jaxtyping import Float32, Float64

from vivant.scene.air import Clouds
from vivant.scene.light import Light
from vivant.scene.mesh import Mesh


@runtime_checkable
class SceneSet(Protocol):
    """A place. Nothing in it depends on the people or on the size of the film."""

    @property
    def name(self) -> str:
        """What storyboards call it."""

    @property
    def version(self) -> str:
        """Changes whenever it would look different."""

    @property
    def looks(self) -> tuple[str, ...]:
        """Its variants, the usual one first."""

    def solids(self, look: str) -> tuple[Mesh, ...]:
        """Build what stands still; light is not baked into it yet."""

    def moving(self, look: str, state: Mapping[str, float]) -> tuple[Mesh, ...]:
        """Build what the state moves; few points, since it is built for each frame."""

    def clouds(self, look: str) -> Clouds | None:
        """Tell where clouds lie; nothing where the air is clear."""

    def light(self, look: str) -> Light:
        """Give the light in which it is usually seen."""


@runtime_checkable
class ShadingSet(Protocol):
    """A set that knows where in its air the sun shines."""

    def sunlit_at(
        self, points_m: Float64[np.ndarray, "points 3"], look: str, light: Light
    ) -> Float32[np.ndarray, " points"]:
        """Tell what share of the sun reaches each point, 0..1."""
