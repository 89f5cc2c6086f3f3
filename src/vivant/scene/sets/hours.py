"""Light by the time of day: where the sun stands, and what colour it gives the sky, the air and the ground."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Protocol, runtime_checkable

import numpy as np

from vivant.errors import InputError
from vivant.scene.light import Light, Rgb
from vivant.scene.mesh import Mesh
from vivant.scene.set import SceneSet


@dataclass(frozen=True, slots=True, kw_only=True)
class Hour:
    """The light of one time of day, before a set turns its sun."""

    sun_height_deg: float
    sun_rgb: Rgb
    zenith_rgb: Rgb
    middle_rgb: Rgb
    horizon_rgb: Rgb
    below_rgb: Rgb
    ambient_up_rgb: Rgb
    ambient_down_rgb: Rgb
    ambient: float
    haze: float
    """Thickness of the haze, as a share of the set's own."""
    exposure: float


_HOURS = {
    "dawn": Hour(
        sun_height_deg=5.5,
        sun_rgb=(2.35, 1.62, 1.12),
        zenith_rgb=(0.20, 0.28, 0.52),
        middle_rgb=(0.56, 0.58, 0.78),
        horizon_rgb=(1.26, 0.88, 0.72),
        below_rgb=(0.66, 0.58, 0.60),
        ambient_up_rgb=(0.46, 0.50, 0.68),
        ambient_down_rgb=(0.62, 0.52, 0.50),
        ambient=0.72,
        haze=1.7,
        exposure=1.24,
    ),
    "morning": Hour(
        sun_height_deg=17.0,
        sun_rgb=(2.95, 2.52, 2.02),
        zenith_rgb=(0.15, 0.34, 0.76),
        middle_rgb=(0.54, 0.80, 1.14),
        horizon_rgb=(1.42, 1.24, 1.06),
        below_rgb=(0.98, 0.96, 1.0),
        ambient_up_rgb=(0.52, 0.62, 0.86),
        ambient_down_rgb=(0.74, 0.70, 0.62),
        ambient=0.80,
        haze=1.0,
        exposure=1.12,
    ),
    "noon": Hour(
        sun_height_deg=47.0,
        sun_rgb=(2.75, 2.60, 2.36),
        zenith_rgb=(0.13, 0.33, 0.82),
        middle_rgb=(0.46, 0.76, 1.20),
        horizon_rgb=(1.12, 1.16, 1.20),
        below_rgb=(0.95, 0.98, 1.05),
        ambient_up_rgb=(0.54, 0.66, 0.90),
        ambient_down_rgb=(0.66, 0.66, 0.60),
        ambient=0.92,
        haze=0.7,
        exposure=1.0,
    ),
    "golden": Hour(
        sun_height_deg=9.5,
        sun_rgb=(3.2, 2.42, 1.62),
        zenith_rgb=(0.16, 0.31, 0.66),
        middle_rgb=(0.56, 0.70, 0.93),
        horizon_rgb=(1.50, 1.17, 0.86),
        below_rgb=(0.86, 0.74, 0.64),
        ambient_up_rgb=(0.50, 0.55, 0.70),
        ambient_down_rgb=(0.80, 0.64, 0.50),
        ambient=0.72,
        haze=1.35,
        exposure=1.14,
    ),
    "dusk": Hour(
        sun_height_deg=2.2,
        sun_rgb=(1.10, 0.65, 0.45),
        zenith_rgb=(0.10, 0.15, 0.33),
        middle_rgb=(0.27, 0.33, 0.52),
        horizon_rgb=(0.80, 0.56, 0.48),
        below_rgb=(0.36, 0.34, 0.42),
        ambient_up_rgb=(0.36, 0.42, 0.64),
        ambient_down_rgb=(0.42, 0.36, 0.40),
        ambient=0.66,
        haze=1.5,
        exposure=1.62,
    ),
}
HOURS: Mapping[str, Hour] = MappingProxyType(_HOURS)
"""By the names that storyboards use."""
USUAL_HOUR = "golden"


@runtime_checkable
class LitSet(Protocol):
    """A set that lights itself: it knows more of its light than a sun and an open sky, as a room does.

    What ``lit`` gives is drawn as it is; nothing is baked over it.
    """

    def light_at(self, look: str, hour: str) -> Light:
        """Give the light of an hour."""

    def lit(self, look: str, light: Light) -> tuple[Mesh, ...]:
        """Build what stands still, with the light in it."""


@runtime_checkable
class TimedSet(Protocol):
    """A set that has a light of its own for each hour."""

    def light_at(self, look: str, hour: str) -> Light:
        """Give the light of an hour."""


def hour_named(name: str) -> Hour:
    """Find an hour.

    Raises:
        InputError: There is none of that name.
    """
    if name not in HOURS:
        known = ", ".join(HOURS)
        message = f'No time of day is called "{name}". Choose one of: {known}.'
        raise InputError(message)
    return HOURS[name]


def light_at(hour: str, *, sun_yaw_rad: float = np.pi, haze_per_m: float = 0.0030) -> Light:
    """Give the light of an hour outdoors.

    Args:
        hour: One of ``HOURS``.
        sun_yaw_rad: Where the sun stands: toward (sin yaw, 0, cos yaw); the usual is along -z,
            behind a person who faces along +z.
        haze_per_m: The set's haze on a usual day.

    Raises:
        InputError: There is no such hour.
    """
    given = hour_named(hour)
    height = np.radians(given.sun_height_deg)
    light = Light(
        sun=(0.0, 1.0, 0.0),
        sun_rgb=given.sun_rgb,
        zenith_rgb=given.zenith_rgb,
        middle_rgb=given.middle_rgb,
        horizon_rgb=given.horizon_rgb,
        below_rgb=given.below_rgb,
        ambient_up_rgb=given.ambient_up_rgb,
        ambient_down_rgb=given.ambient_down_rgb,
        ambient=given.ambient,
        haze_per_m=haze_per_m * given.haze,
        exposure=given.exposure,
    )
    toward = np.array([np.sin(sun_yaw_rad), np.tan(height), np.cos(sun_yaw_rad)])
    return light.from_direction(toward)


def light_in(scene_set: SceneSet, look: str, hour: str | None) -> Light:
    """Give a set's light at an hour; its usual light when no hour is asked for.

    A set without hours of its own keeps its sun's place and takes the hour's colours and height.

    Raises:
        InputError: There is no such hour.
    """
    usual = scene_set.light(look)
    if hour is None:
        return usual
    if isinstance(scene_set, TimedSet):
        return scene_set.light_at(look, hour)
    yaw = float(np.arctan2(usual.sun[0], usual.sun[2]))
    light = light_at(hour, sun_yaw_rad=yaw)
    return replace(light, haze_per_m=usual.haze_per_m * HOURS[hour].haze, glow=usual.glow)
