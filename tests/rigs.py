"""Rigs for tests, each baked once in a run: Hopper, the astronaut, and painted people."""

from __future__ import annotations

from dataclasses import fields
from functools import lru_cache
from typing import Any

import numpy as np
from jaxtyping import Float32, Shaped, UInt8
from matplotlib.cbook import get_sample_data
from PIL import Image
from skimage import data

from vivant.intake.engine import FoundFace
from vivant.intake.engines.mediapipe import MediapipeFaces
from vivant.intake.likeness import Likeness
from vivant.intake.portrait import Portrait, Quality
from vivant.media.face import ARKIT_SHAPES, SHAPE
from vivant.media.picture import Frame, Picture
from vivant.media.planes import planes_to_rgb
from vivant.painting import portrait as painted
from vivant.render.engines.puppet import PuppetEngine, PuppetStage
from vivant.rig.building import build_rig
from vivant.rig.rig import Rig

PAINTED = ("elder-man-beard", "woman-three-quarter", "young-man-curls")
EVERYBODY = ("hopper", "astronaut", *PAINTED)
HEAD = ("yaw", "pitch", "roll", "right", "down", "away")


@lru_cache
def faces() -> MediapipeFaces:
    """Load the eyes once."""
    return MediapipeFaces()


@lru_cache
def photo(name: str) -> UInt8[np.ndarray, "height width 3"]:
    """Read a photograph or paint a face; ``mirrored-NAME`` is its mirror picture."""
    if name.startswith("mirrored-"):
        return np.ascontiguousarray(photo(name.removeprefix("mirrored-"))[:, ::-1])
    if name == "astronaut":
        return np.array(data.astronaut())
    if name == "hopper":
        with Image.open(get_sample_data("grace_hopper.jpg", asfileobj=False)) as image:
            return np.array(image.convert("RGB"))
    return np.array(painted(name, width_px=480, height_px=600).pixels)


@lru_cache
def likeness(name: str) -> Likeness:
    """See one face."""
    pixels = photo(name)
    (found,) = faces().find(pixels)
    portrait = Portrait(
        photo_id=name,
        picture=Picture(pixels=pixels, sha256="0" * 64),
        landmarks=found.landmarks,
        shapes=found.shapes,
        person=faces().segment(pixels),
        face_vector=np.zeros(128, np.float32),
        quality=quality_of(found, has_glasses=name.endswith("hopper")),
    )
    return Likeness(
        likeness_id=name,
        base=portrait,
        helpers=(),
        face_vector=portrait.face_vector,
        consent_id="test",
    )


@lru_cache
def rig(name: str) -> Rig:
    """Bake one person."""
    return build_rig(likeness(name))


@lru_cache(maxsize=8)
def stage(name: str, *, width_px: int = 320, height_px: int = 240, threads: int = 1) -> PuppetStage:
    """Open a rig at a size, small unless asked."""
    return PuppetEngine().open(rig(name), width_px=width_px, height_px=height_px, threads=threads)


def pose(**amounts: float) -> dict[str, object]:
    """Give ``draw`` what it asks for; a name without its side moves both sides."""
    shapes, head = np.zeros(len(ARKIT_SHAPES), np.float32), np.zeros(6, np.float32)
    breath = amounts.pop("breath", 0.5)
    for name, amount in amounts.items():
        if name in HEAD:
            head[HEAD.index(name)] = amount
        else:
            for whole in (name,) if name in SHAPE else (name + "Left", name + "Right"):
                shapes[SHAPE[whole]] = amount
    return {"shapes": shapes, "head": head, "breath": breath}


def draw(on: PuppetStage, **amounts: float) -> Frame:
    """Draw one pose."""
    return on.draw(0, **pose(**amounts))  # type: ignore[arg-type]


def rgb(frame: Frame) -> UInt8[np.ndarray, "height width 3"]:
    """Bring a frame back to pixels."""
    return np.asarray(planes_to_rgb(frame.y, frame.u, frame.v))


def landmarks(on: PuppetStage) -> Float32[np.ndarray, "478 3"]:
    """Give the photo's landmarks in film pixels."""
    return on.framing.to_film(on.rig.landmarks.copy())


def arrays_of(whole: Rig) -> dict[str, Shaped[np.ndarray, ...]]:
    """Name every array of a rig."""
    holders: dict[str, Any] = {
        "": whole,
        **{part: getattr(whole, part) for part in ("face", "body", "mouth", "shading")},
    }
    holders |= {f"eye{i}": eye for i, eye in enumerate(whole.eyes)}
    return {
        f"{name}.{field.name}": getattr(holder, field.name)
        for name, holder in holders.items()
        for field in fields(holder)
        if isinstance(getattr(holder, field.name), np.ndarray)
    }


def quality_of(found: FoundFace, *, has_glasses: bool = False) -> Quality:
    """Measure a face that nobody judged."""
    return Quality(
        eye_distance_px=float(np.linalg.norm(found.landmarks[468] - found.landmarks[473])),
        sharpness=1.0,
        yaw_deg=float(found.yaw_deg),
        pitch_deg=float(found.pitch_deg),
        roll_deg=float(found.roll_deg),
        eyes_open=1.0,
        mouth_open=0.0,
        smile=float(found.shapes[SHAPE["mouthSmileLeft"]]),
        is_grey=False,
        has_glasses=float(has_glasses),
    )
