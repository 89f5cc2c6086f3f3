"""Where people stand in each set when they are near, where the camera looks past them, and through which lens."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from vivant.scene.direction.call import Call
from vivant.scene.set import SceneSet
from vivant.scene.sets.registry import MIRRORED, SUFFIX, set_named

FACE_M = 0.125
"""From chin to brow, of most grown people."""
FROM_THE_OTHER_SIDE = 0.30
"""A photo that was lit this much from the right is put before a set whose sun comes from the right."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """Where somebody stands in a set to speak, and where the camera looks past them."""

    eyes_m: tuple[float, float, float]
    wide: tuple[float, float]
    """Where a wide picture looks: degrees to the right of -z, and up."""
    tall: tuple[float, float]
    """The same for an upright picture."""
    side: float
    """Where the person stands in a wide picture: -1 is its left third, 1 its right."""
    misty: bool = False
    """Whether mist may hide the photo's lower end."""
    particles: tuple[str, ...] = ()
    """What floats there when nobody says."""
    rays: float = 0.14
    sun: tuple[float, float, float] | None = None
    """Where its sun is cheated to; where the set has it when left out."""


STAGES: Mapping[str, Stage] = MappingProxyType(
    {
        "room": Stage(
            eyes_m=(-0.52, 1.25, 0.42), wide=(18.0, -0.6), tall=(4.0, 0.0), side=-0.62,
            particles=("dust",), rays=0.05,
        ),
        "meadow": Stage(
            eyes_m=(0.0, 1.5, 0.0), wide=(-3.0, 1.0), tall=(-12.0, 2.5), side=0.85,
            particles=("seeds",),
        ),
        "lake": Stage(
            eyes_m=(-0.2, 1.5, 0.0), wide=(-3.0, -0.8), tall=(-9.0, 0.0), side=0.85,
        ),
        "stairway": Stage(
            eyes_m=(30.45, 2.72, -5.75), wide=(192.6, 6.0), tall=(190.0, 8.0), side=-0.9, misty=True, rays=0.24,
            sun=(-0.50, 0.24, 0.83),
        ),
    }
)  # fmt: skip
"""By set."""
ELSEWHERE = Stage(eyes_m=(0.0, 1.5, 0.0), wide=(0.0, 1.0), tall=(0.0, 1.0), side=-1.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Lens:
    """A camera that storyboards can name."""

    fov_deg: float
    face: float
    """Height of the face, against the usual one."""
    aperture: float


LENSES: Mapping[str, Lens] = MappingProxyType(
    {
        "close": Lens(fov_deg=26.0, face=1.0, aperture=16.0),
        "near": Lens(fov_deg=30.0, face=0.68, aperture=17.0),
        "medium": Lens(fov_deg=30.0, face=0.68, aperture=17.0),
        "wide": Lens(fov_deg=37.0, face=0.42, aperture=15.0),
    }
)
"""By the camera's name in a storyboard; ``near`` and ``medium`` are one."""


def turned_to_the_light(call: Call) -> Call:
    """Exchange left and right in the set when the photos' own light came from the other side than its sun."""
    other = call.scene_set.name + SUFFIX
    mean = sum(call.people[name].lit_from for name in call.plan.who) / len(call.plan.who)
    if other not in MIRRORED or mean < FROM_THE_OTHER_SIDE:
        return call
    return replace(call, scene_set=set_named(other))


def stage_in(scene_set: SceneSet) -> Stage:
    """Find where people stand in a set; in a mirrored one, on the other side."""
    name = scene_set.name
    if not name.endswith(SUFFIX):
        return STAGES.get(name, ELSEWHERE)
    stage = STAGES[name.removesuffix(SUFFIX)]
    x, y, z = stage.eyes_m
    return replace(
        stage,
        eyes_m=(-x, y, z),
        wide=(-stage.wide[0], stage.wide[1]),
        tall=(-stage.tall[0], stage.tall[1]),
        side=-stage.side,
    )
