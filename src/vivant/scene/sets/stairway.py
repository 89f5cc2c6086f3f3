"""The *Stairway*: a white curved stair through sunlit clouds, up to a terrace with gates; or simply into the light."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from vivant.scene.air import Clouds
from vivant.scene.light import Glow, Light
from vivant.scene.mesh import Mesh
from vivant.scene.sets import stairway_plan as plan
from vivant.scene.sets.gates import leaves, light_behind, portal
from vivant.scene.sets.landing import terrace
from vivant.scene.sets.stairway_air import stairway_clouds
from vivant.scene.sets.stonework import stair_sections

VERSION = "2"
_GLOW_PLACE = plan.GATE + 2.5 * plan.ONWARD + np.array([0.0, 2.2, 0.0])


class Stairway:
    """A stair in the clouds. ``state["gates"]`` is how far the leaves are open, in radians; ``state["glow"]`` how bright."""

    name = "stairway"
    version = VERSION
    looks = ("clouds", "light")

    def solids(self, look: str) -> tuple[Mesh, ...]:
        """Build the stair and its terrace."""
        stone = (*stair_sections(), *terrace())
        return (*stone, *portal()) if look == "clouds" else stone

    def moving(self, look: str, state: Mapping[str, float]) -> tuple[Mesh, ...]:
        """Build the leaves of the gates, and the light behind them."""
        gated = look == "clouds"
        bright = (light_behind(gated),) if state.get("glow", 0.0) > 0 else ()
        return (*leaves(state.get("gates", 0.0)), *bright) if gated else bright

    def clouds(self, look: str) -> Clouds | None:
        """Tell where clouds lie."""
        return stairway_clouds(look)

    def light(self, look: str) -> Light:
        """Give the light in which it is usually seen: the sun ahead, beside the gate."""
        del look
        sun = np.array([-0.62, 0.26, 0.74])
        x, y, z = _GLOW_PLACE
        glow = Glow(place_m=(float(x), float(y), float(z)), rgb=(1.0, 0.86, 0.62), reach_m=2.83)
        return Light(sun=(0.0, 0.0, 1.0), glow=glow).from_direction(sun)
