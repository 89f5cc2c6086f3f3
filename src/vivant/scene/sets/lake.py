"""The *Lake*: still water that holds hills and sky, a jetty, reeds, mist in the morning."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import cache

import numpy as np

from vivant.scene.air import Clouds
from vivant.scene.light import Light
from vivant.scene.mesh import Mesh
from vivant.scene.sets import lake_plan as plan
from vivant.scene.sets.hours import light_at
from vivant.scene.sets.lake_shore import Reeds, far_shore, jetty, reeds, surface
from vivant.scene.sets.surfaces import joined
from vivant.scene.water import GroundMist, Water

LIGHT_HAZE = 4.0
USUAL = "dawn"


@cache
def _reeds() -> Reeds:
    return reeds()


class Lake:
    """A lake. It lights itself: see ``lit``."""

    name = "lake"
    version = "1"
    looks = ("open", "light")

    def solids(self, look: str) -> tuple[Mesh, ...]:  # noqa: ARG002
        """Build jetty, far shore, hills, and the water's surface; unlit."""
        return (joined(jetty()), joined(far_shore()), surface())

    def lit(self, look: str, light: Light) -> tuple[Mesh, ...]:  # noqa: ARG002
        """Build the same with what shadow there is: below the jetty's boards."""
        wood, shore, water = self.solids(look)
        under = np.where(wood.points_m[:, 1] < -0.02, 0.35, 1.0).astype(np.float32)
        return (replace(wood, open_sky=under, sunlit=under), shore, water)

    def moving(self, look: str, state: Mapping[str, float]) -> tuple[Mesh, ...]:  # noqa: ARG002
        """Bend the reeds; ``state["seconds"]`` moves them."""
        return (_reeds().at(float(state.get("seconds", 0.0))),)

    def clouds(self, look: str) -> Clouds | None:  # noqa: ARG002
        """There are none."""
        return None

    def water(self, look: str) -> Water:  # noqa: ARG002
        """Give the lake's level."""
        return Water(level_m=plan.WATER_M)

    def ground_mist(self, look: str, light: Light) -> GroundMist | None:  # noqa: ARG002
        """Lay mist on the water while the sun is low."""
        low = float(np.clip((0.34 - light.sun[1]) / 0.28, 0, 1))
        if low <= 0.02:
            return None
        return GroundMist(level_m=plan.WATER_M, height_m=1.5, per_m=0.012 * low, patchy=0.6)

    def light(self, look: str) -> Light:
        """Give the light of early morning."""
        return self.light_at(look, USUAL)

    def light_at(self, look: str, hour: str) -> Light:
        """Give the light of an hour."""
        haze = plan.HAZE_PER_M * (LIGHT_HAZE if look == "light" else 1.0)
        return light_at(hour, sun_yaw_rad=plan.SUN_YAW_RAD, haze_per_m=haze)
