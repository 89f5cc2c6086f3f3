"""A staged shot: everything that is to be seen in it, frame by frame, as numbers; nothing is left to decide."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction

import numpy as np
from jaxtyping import Float32, Float64

from vivant.performance.curves import Performance
from vivant.performance.pets import PetPerformance
from vivant.scene.figure.motion import FigureMotion
from vivant.scene.light import Light
from vivant.scene.props import Prop
from vivant.scene.view import View, look


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CameraMove:
    """A camera, frame by frame."""

    position_m: Float64[np.ndarray, "frames 3"]
    target_m: Float64[np.ndarray, "frames 3"]
    fov_deg: Float64[np.ndarray, " frames"]
    """Vertical angle of view."""
    roll_deg: Float64[np.ndarray, " frames"]
    focus_m: Float64[np.ndarray, " frames"]
    """Depth that is sharp."""
    aperture: float = 0.0
    """Radius of the blur of things infinitely far when focused at one metre, in thousandths of the picture's height; 0 keeps all sharp."""

    def view(self, frame: float, *, width_px: int, height_px: int) -> View:
        """Give the camera at a frame, or between two of them."""
        low = int(np.clip(np.floor(frame), 0, len(self.fov_deg) - 1))
        high, part = min(low + 1, len(self.fov_deg) - 1), frame - np.floor(frame)

        def between(curve: np.ndarray) -> np.ndarray:
            return np.asarray(curve[low] * (1 - part) + curve[high] * part)

        return look(
            between(self.position_m),
            between(self.target_m),
            fov_deg=float(between(self.fov_deg)),
            width_px=width_px,
            height_px=height_px,
            roll_deg=float(between(self.roll_deg)),
        )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Bust:
    """A person's own living photo, close to the camera: head and shoulders, in the light of the set."""

    person: str
    """Key in the storyboard's cast."""
    performance: Performance
    """As many frames as the shot has."""
    eyes_x: Float32[np.ndarray, " frames"]
    """Middle between the eyes, in heights of the picture, right of its middle."""
    eyes_y: Float32[np.ndarray, " frames"]
    """The same, down from its top."""
    face_height: Float32[np.ndarray, " frames"]
    """Chin to brow (the rig's ``face_height_px``), in heights of the picture."""
    roll_deg: Float32[np.ndarray, " frames"]
    """Clockwise, beside what the head itself does."""
    depth_m: float = 2.0
    presence: Float32[np.ndarray, " frames"] | None = None
    """How much of the person is there, 0..1; all of it when left out."""
    becomes: str | None = None
    """Key of the photo (``NAME`` or ``NAME/2`` for the person's second) that it becomes."""
    becoming: Float32[np.ndarray, " frames"] | None = None
    """How far it has become that, 0..1."""
    gestures: Float32[np.ndarray, "frames gestures"] | None = None
    """What the body of a half- or full-length photo does; columns are ``rig.body.GESTURES``."""
    contact: Float32[np.ndarray, " frames"] | None = None
    """How closely it touches whoever is behind it, 0..1: how dark it makes them beside its edge."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Animal:
    """A pet's own living photo, close to the camera, in the light of the set."""

    pet: str
    """Key in the storyboard's cast."""
    performance: PetPerformance
    """As many frames as the shot has."""
    eyes_x: Float32[np.ndarray, " frames"]
    """Middle between the eyes, in heights of the picture, right of its middle."""
    eyes_y: Float32[np.ndarray, " frames"]
    """The same, down from its top."""
    face_height: Float32[np.ndarray, " frames"]
    """Brow to chin, in heights of the picture."""
    roll_deg: Float32[np.ndarray, " frames"]
    """Clockwise, beside what the head itself does."""
    depth_m: float = 2.0
    presence: Float32[np.ndarray, " frames"] | None = None
    """How much of it is there, 0..1; all of it when left out."""
    contact: Float32[np.ndarray, " frames"] | None = None
    """How closely it touches whoever is behind it, 0..1."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Walker:
    """A figure seen whole, small or from behind, dressed as the person is."""

    person: str
    motion: FigureMotion
    shows_face: bool
    """Whether the photo's own face is on the head; if not, the head never turns to the camera."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Photograph:
    """A photograph as a thing of its own, in depth: the album."""

    photo: str
    """Key in the storyboard's cast: ``NAME`` or ``NAME/2``."""
    centre_x: Float32[np.ndarray, " frames"]
    """In heights of the picture, right of its middle."""
    centre_y: Float32[np.ndarray, " frames"]
    """In heights of the picture, down from its top."""
    height: Float32[np.ndarray, " frames"]
    """In heights of the picture."""
    roll_deg: Float32[np.ndarray, " frames"]
    parallax: Float32[np.ndarray, "frames 2"]
    """Where the eye has moved, right and down, in hundredths of the photograph's height."""
    presence: Float32[np.ndarray, " frames"]


Presence = Bust | Animal | Walker | Photograph | Prop
"""Props that come before the first bust or animal stand in the set, and hide and are hidden; those after it lie near, in order."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Shot:
    """One shot. Curves have one value a frame; times in the film are counted from the shot's first frame."""

    name: str
    frames: int
    rate: Fraction
    width_px: int
    height_px: int
    set_name: str
    look: str
    """The set's variant: ``"clouds"``, ``"light"``; sets list theirs."""
    light: Light
    camera: CameraMove
    presences: tuple[Presence, ...] = ()
    """Far ones first: who stands in front is drawn last."""
    state: dict[str, Float32[np.ndarray, " frames"]] = field(default_factory=dict)
    """What the set itself does: ``"gates"`` in radians, ``"glow"`` as a strength."""
    white: Float32[np.ndarray, " frames"] | None = None
    """How far the picture has gone into light, 0..1."""
    black: Float32[np.ndarray, " frames"] | None = None
    mist: Float32[np.ndarray, " frames"] | None = None
    """How thick the mist along the lower edge is, 0..1."""
    mist_top: float = 0.8
    """Where mist begins, in heights of the picture from its top."""
    particles: tuple[str, ...] = ()
    """``"petals"``, ``"snow"``, ``"dust"``."""
    rays: float = 0.24
    bloom: float = 0.20
    seed: int = 0
    engine: str = ""
    """Who moves the shot's first picture; empty where it is drawn frame by frame."""
    prompt: str = ""
    """What is to happen, for that engine."""


def set_props(shot: Shot) -> tuple[Prop, ...]:
    """Give the things that stand in the set: those before the first bust."""
    return tuple(one for one in shot.presences[: _first_near(shot)] if isinstance(one, Prop))


def near_presences(shot: Shot) -> tuple[Bust | Animal | Photograph | Prop, ...]:
    """Give who and what lies over the set, far ones first: busts, prints, and things from the first bust on."""
    first = _first_near(shot)
    return tuple(
        one
        for place, one in enumerate(shot.presences)
        if not isinstance(one, Walker) and (place >= first or not isinstance(one, Prop))
    )


def _first_near(shot: Shot) -> int:
    places = [at for at, one in enumerate(shot.presences) if isinstance(one, Bust | Animal)]
    return places[0] if places else len(shot.presences)
