"""What a direction is given, and what it is."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

import numpy as np
from jaxtyping import Float64

from vivant.performance.curves import Performance
from vivant.performance.prosody import Phrase
from vivant.rig.framing_limits import FrameLimits, frame_limits
from vivant.rig.rig import Rig
from vivant.scene.direction.outline import Outline, outline_of
from vivant.scene.direction.photo_light import lit_from
from vivant.scene.figure.build import Build
from vivant.scene.figure.dress import Dress
from vivant.scene.light import Light
from vivant.scene.set import SceneSet
from vivant.scene.sets.hours import light_in
from vivant.scene.shot import CameraMove, Shot
from vivant.scene.storyboard import ShotPlan

IRISES = (468, 473)
Curve = Float64[np.ndarray, " frames"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """What a direction knows of a person's photo, from the middle of the eyes, in heights of the face."""

    name: str
    limits: FrameLimits
    """How far a film may see."""
    up: float
    """To the top of hair or hat, or to the photo's edge where that cuts it."""
    lit_from: float = 0.0
    """Where the photo's own light came from: -1 from the picture's left .. 1 from its right; 0 from the front, or unknown."""
    animal: str = ""
    """Which animal it is: ``cat``, ``dog``, ``other``; empty for people."""
    outline: Outline | None = field(default=None, compare=False)
    """What of the person hides others; unknown where left out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Saying:
    """Something that somebody says in a shot."""

    speaker: str
    """``NAME`` in the cast; who says it may be out of the picture."""
    first: int
    """Frame of the shot with which it begins."""
    last: int
    """Frame before which it ends."""
    phrases: tuple[Phrase, ...] = ()
    """Its phrases, in seconds of the shot; empty where they are not known."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Call:
    """One shot of a storyboard, with everything that staging it needs."""

    plan: ShotPlan
    frames: int
    rate: Fraction
    width_px: int
    height_px: int
    people: Mapping[str, Subject]
    performances: Mapping[str, Performance]
    """Of everybody in the shot, by ``NAME``, as many frames as the shot: their own lines on their lips, or at rest."""
    scene_set: SceneSet
    builds: Mapping[str, Build] = field(default_factory=dict)
    """How tall and broad everybody's figure is."""
    dresses: Mapping[str, Dress] = field(default_factory=dict)
    """What everybody wears in each photo that lives, and its colours, by its key: ``NAME``, ``NAME/2``."""
    prints: Mapping[str, float] = field(default_factory=dict)
    """Width over height of every photograph, by its key: ``NAME``, ``NAME/2``."""
    sayings: tuple[Saying, ...] = ()
    """Who speaks when."""
    seed: int = 0

    @property
    def seconds(self) -> float:
        """Length of the shot."""
        return float(self.frames / self.rate)

    @property
    def aspect(self) -> float:
        """Width over height."""
        return self.width_px / self.height_px

    @property
    def times_s(self) -> Curve:
        """The middle of each frame's time on screen, from the start of the shot."""
        return np.asarray((np.arange(self.frames) + 0.5) / float(self.rate))

    @property
    def acted(self) -> Performance:
        """What the first person's face does.

        Raises:
            ValueError: Nobody performs in this shot.
        """
        return self.acted_by(self.who)

    def acted_by(self, name: str) -> Performance:
        """Tell what a person's face does.

        Raises:
            ValueError: That person does not perform in this shot.
        """
        if name not in self.performances:
            message = f"The shot {self.plan.name} needs a performance of everybody in it."
            raise ValueError(message)
        return self.performances[name]

    @property
    def build(self) -> Build:
        """Of the first person's figure."""
        return self.builds.get(self.who, Build())

    @property
    def light(self) -> Light:
        """The set's light at the hour that the storyboard asks for."""
        return light_in(self.scene_set, self.plan.look, self.plan.hour)

    @property
    def who(self) -> str:
        """The first person of the shot."""
        return self.plan.who[0]


Direction = Callable[[Call], Shot]
"""Stages one action; what a storyboard may ask of it stands in ``storyboard_terms.ACTIONS``."""


def staged(call: Call, camera: CameraMove, *, light: Light | None = None, **more: Any) -> Shot:  # noqa: ANN401 - fields of a shot
    """Give a shot with all that follows from the call; ``more`` are the shot's other fields."""
    more.setdefault("particles", call.plan.particles)
    return Shot(
        name=call.plan.name,
        frames=call.frames,
        rate=call.rate,
        width_px=call.width_px,
        height_px=call.height_px,
        set_name=call.scene_set.name,
        look=call.plan.look,
        light=call.light if light is None else light,
        camera=camera,
        seed=call.seed,
        **more,
    )


def between(a: object, b: object, part: Curve) -> Float64[np.ndarray, "frames 3"]:
    """Go from one place to another."""
    return np.asarray(a, np.float64) + part[:, None] * (
        np.asarray(b, np.float64) - np.asarray(a, np.float64)
    )


def sway(times_s: Curve, *, seed: int, metres: float = 0.02) -> Float64[np.ndarray, "frames 3"]:
    """Move as a camera on a shoulder does: slowly, never twice alike."""
    first, second = np.random.default_rng(seed).uniform(0, 2 * np.pi, 2)
    x = np.sin(1.1 * times_s + first) + 0.4 * np.sin(2.3 * times_s + second)
    y = np.sin(0.8 * times_s + second) + 0.4 * np.sin(1.9 * times_s + first)
    return np.asarray(metres * 0.7 * np.column_stack([x, y, np.zeros_like(x)]))


def field_of_view(fov_deg: float, aspect: float, *, least_across_deg: float = 0.0) -> float:
    """Open the lens in upright pictures, so that as much is seen across as the subject needs."""
    up = np.tan(np.radians(fov_deg) / 2)
    across = np.tan(np.radians(least_across_deg) / 2)
    return float(2 * np.degrees(np.arctan(max(up, across / aspect))))


def subject_of(name: str, rig: Rig) -> Subject:
    """Measure how far a person's photo reaches.

    Args:
        name: Key of the cast, or ``NAME/2``.
        rig: As it will be drawn: completed.
    """
    eyes = _eyes_of(rig)
    rows = np.flatnonzero((rig.alpha > 127).any(axis=1))
    top = float(rows[0]) if len(rows) else 0.0
    return Subject(
        name=name,
        limits=frame_limits(rig),
        up=(float(eyes[1]) - top) / rig.face_height_px,
        lit_from=lit_from(rig),
        outline=outline_of(rig),
    )


def _eyes_of(rig: Rig) -> np.ndarray:
    """The middle between the irises, in rig pixels."""
    return np.asarray(rig.landmarks[list(IRISES), :2].mean(axis=0))
