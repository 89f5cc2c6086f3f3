"""The *Meadow*: high grass and flowers, a line of trees with a gap for a low sun, hills in haze."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import cache

import numpy as np

from vivant.scene.air import Clouds
from vivant.scene.light import Light
from vivant.scene.mesh import Mesh
from vivant.scene.sets import meadow_plan as plan
from vivant.scene.sets.hours import USUAL_HOUR, light_at
from vivant.scene.sets.meadow_grass import Grass, grow
from vivant.scene.sets.meadow_ground import far_grass, ground, hills
from vivant.scene.sets.meadow_trees import Crowns, crowns_of, tree_mesh
from vivant.scene.sets.surfaces import joined
from vivant.scene.water import GroundMist

LIGHT_HAZE = 5.0
"""In the look ``light`` the haze is so many times as thick: trees and hills dissolve in it."""


@cache
def _grass() -> Grass:
    return grow()


class Meadow:
    """A meadow. It lights itself: see ``lit``."""

    name = "meadow"
    version = "1"
    looks = ("open", "light")

    def solids(self, look: str) -> tuple[Mesh, ...]:  # noqa: ARG002
        """Build ground, far grass, trees and hills; unlit but for the dark inside the crowns."""
        return (
            joined([ground(), far_grass()]),
            joined([tree_mesh(tree) for tree in plan.trees()]),
            joined([*hills(), *plan.woods()]),
        )

    def lit(self, look: str, light: Light) -> tuple[Mesh, ...]:
        """Build the same with the trees' shadows."""
        crowns = crowns_of(plan.trees())
        floor, trees, far = self.solids(look)
        return (_shadowed(floor, crowns, light), _within(trees, crowns, light), far)

    def moving(self, look: str, state: Mapping[str, float]) -> tuple[Mesh, ...]:  # noqa: ARG002
        """Bend the grass; ``state["seconds"]`` moves it."""
        return (_grass().at(float(state.get("seconds", 0.0))),)

    def clouds(self, look: str) -> Clouds | None:  # noqa: ARG002
        """There are none."""
        return None

    def ground_mist(self, look: str, light: Light) -> GroundMist | None:  # noqa: ARG002
        """Lay mist over the far meadow while the sun is low."""
        low = float(np.clip((0.30 - light.sun[1]) / 0.25, 0, 1))
        if low <= 0.02:
            return None
        return GroundMist(level_m=-0.9, height_m=2.4, per_m=0.0065 * low, patchy=0.7)

    def light(self, look: str) -> Light:
        """Give the light of a late afternoon."""
        return self.light_at(look, USUAL_HOUR)

    def light_at(self, look: str, hour: str) -> Light:
        """Give the light of an hour."""
        haze = plan.HAZE_PER_M * (LIGHT_HAZE if look == "light" else 1.0)
        return light_at(hour, sun_yaw_rad=plan.SUN_YAW_RAD, haze_per_m=haze)


def _shadowed(mesh: Mesh, crowns: Crowns, light: Light) -> Mesh:
    points = mesh.points_m.astype(np.float64)
    return replace(
        mesh,
        sunlit=mesh.sunlit * crowns.sunlit(points, light.sun),
        open_sky=mesh.open_sky * crowns.open_sky(points),
    )


def _within(mesh: Mesh, crowns: Crowns, light: Light) -> Mesh:
    """Let the sun reach into the crowns themselves, weaker the more leaves are before it."""
    points = mesh.points_m.astype(np.float64)
    return replace(mesh, sunlit=mesh.sunlit * crowns.sunlit(points, light.sun, dense=0.42))
