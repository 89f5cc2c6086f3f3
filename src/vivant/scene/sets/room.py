"""The *Room*: soft daylight through a sheer curtain, a plaster wall, a table with flowers, an armchair."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
from jaxtyping import Float32, Float64

from vivant.scene.air import Clouds
from vivant.scene.light import Light
from vivant.scene.mesh import Mesh
from vivant.scene.sets.hours import light_at
from vivant.scene.sets.room_light import falling_on, light_up
from vivant.scene.sets.room_plan import solid_boxes
from vivant.scene.sets.room_shell import garden, shell
from vivant.scene.sets.room_things import curtain, things
from vivant.scene.sets.surfaces import joined

SUN_YAW_RAD = np.pi + 1.10
"""From behind the window, to the left: the sun reaches the right wall."""
EXPOSURES = {"dawn": 1.9, "morning": 2.05, "noon": 2.0, "golden": 1.95, "dusk": 1.45}
"""Against outdoors."""
SUN_HEIGHTS_DEG = {"dawn": 9.0, "morning": 15.0, "noon": 30.0, "golden": 12.0, "dusk": 6.0}
OUTSIDE = 2.3
"""How much brighter the sky outside is than in an outdoor set: the eye is used to the room."""


class Room:
    """A quiet room. It lights itself: see ``lit``."""

    name = "room"
    version = "1"
    looks = ("window", "light")
    """The curtain half open; and drawn, so that the window is only light."""

    def solids(self, look: str) -> tuple[Mesh, ...]:  # noqa: ARG002
        """Build walls, window, furniture, and the garden outside; unlit."""
        return (joined([*shell(), *things()]), garden())

    def lit(self, look: str, light: Light) -> tuple[Mesh, ...]:
        """Build the same with the room's light in it."""
        inside, outside = self.solids(look)
        return (light_up(inside, light, solid_boxes(), drawn=look == "light"), outside)

    def moving(self, look: str, state: Mapping[str, float]) -> tuple[Mesh, ...]:
        """Hang the curtain; ``state["seconds"]`` moves it."""
        seconds = float(state.get("seconds", 0.0))
        return (curtain(self.light(look), seconds=seconds, drawn=look == "light"),)

    def sunlit_at(
        self,
        points_m: Float64[np.ndarray, "points 3"],
        look: str,  # noqa: ARG002
        light: Light,
    ) -> Float32[np.ndarray, " points"]:
        """Tell where dust shines: in the beam from the window."""
        return falling_on(points_m, light)

    def clouds(self, look: str) -> Clouds | None:  # noqa: ARG002
        """There are none."""
        return None

    def light(self, look: str) -> Light:
        """Give the light of a morning."""
        return self.light_at(look, "morning")

    def light_at(self, look: str, hour: str) -> Light:  # noqa: ARG002
        """Give the light of an hour, as it is indoors."""
        out = light_at(hour, sun_yaw_rad=SUN_YAW_RAD, haze_per_m=0.0024)
        height = np.radians(SUN_HEIGHTS_DEG[hour])
        sun = np.array([np.sin(SUN_YAW_RAD), np.tan(height), np.cos(SUN_YAW_RAD)])

        def brighter(rgb: tuple[float, float, float]) -> tuple[float, float, float]:
            return (rgb[0] * OUTSIDE, rgb[1] * OUTSIDE, rgb[2] * OUTSIDE)

        return replace(
            out.from_direction(sun),
            zenith_rgb=brighter(out.middle_rgb),
            middle_rgb=brighter(out.middle_rgb),
            horizon_rgb=brighter(out.horizon_rgb),
            below_rgb=brighter(out.below_rgb),
            ambient_up_rgb=(1.0, 1.0, 1.0),
            ambient_down_rgb=(1.0, 1.0, 1.0),
            ambient=out.ambient * 1.25,
            exposure=out.exposure * EXPOSURES[hour],
        )
