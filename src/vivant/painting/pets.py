"""Paints a cat and a dog that never lived, and knows where their eyes, noses and ears are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType

import cv2
import numpy as np
from jaxtyping import Float32, UInt8

from vivant.painting.curves import bump, step
from vivant.painting.fur import comb
from vivant.painting.pet_face import Features
from vivant.painting.pet_form import Forms, PetSpec, form_of
from vivant.painting.pigment import clouds, sample

EDITION = 2
"""Counts changes of the paintings: kept ones of before are painted anew."""
LARGER = 2
"""The painting is made so much larger, and then reduced: single hairs become fine."""
SUN = np.array([-0.50, 0.62, 0.60]) / np.linalg.norm([-0.50, 0.62, 0.60])
SPECS: Mapping[str, PetSpec] = MappingProxyType(
    {
        spec.name: spec
        for spec in (
            PetSpec(
                name="cat", animal="cat", seed=5, head=(1.10, 1.00, 1.04), cheeks=0.14, nose=0.60, nose_wide=0.125,
                muzzle=(0.40, 0.22), eye=(0.235, 0.175), eye_tilt_deg=13.0,
                ear_tip=(0.98, -1.62), ear_outer=(1.16, -0.36), ear_inner=(0.24, -0.98), drops=False,
                body_wide=1.12, fur_long=0.10, apart_share=0.225, eyes_down=0.40,
                colours={
                    "coat": (158, 140, 118), "dark": (66, 56, 48), "pale": (236, 228, 216), "iris": (168, 160, 70),
                    "nose": (196, 126, 116), "inner": (206, 160, 146), "lip": (66, 44, 40), "ground": (112, 122, 116),
                },
            ),
            PetSpec(
                name="dog", animal="dog", seed=9, head=(1.10, 1.05, 1.48), cheeks=0.0, nose=0.92, nose_wide=0.225,
                muzzle=(0.50, 0.42), eye=(0.165, 0.130), eye_tilt_deg=6.0,
                ear_tip=(1.30, 0.80), ear_outer=(1.14, -0.40), ear_inner=(0.62, -0.84), drops=True,
                body_wide=1.25, fur_long=0.125, apart_share=0.20, eyes_down=0.35,
                colours={
                    "coat": (196, 146, 92), "dark": (128, 82, 44), "pale": (240, 226, 204), "iris": (92, 56, 30),
                    "nose": (44, 38, 38), "inner": (150, 108, 90), "lip": (52, 38, 34), "ground": (120, 124, 130),
                },
            ),
        )
    }
)  # fmt: skip
PETS = tuple(SPECS)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PaintedPet:
    """A painting of an animal, and the truth about it."""

    animal: str
    pixels: UInt8[np.ndarray, "height width 3"]
    """sRGB."""
    places: Mapping[str, tuple[float, float]]
    """Where things are in its face, in pixels; named as ``intake.pet_points`` names them."""
    matte: UInt8[np.ndarray, "height width"]
    """255 where the animal is, its whiskers aside."""


@lru_cache(maxsize=4)
def painted_pet(name: str, *, width_px: int = 768, height_px: int = 960) -> PaintedPet:
    """Paint one of the animals; asked again, the same painting is handed out.

    Args:
        name: One of ``PETS``.
        width_px: Pixels across.
        height_px: Pixels down.
    """
    spec = SPECS[name]
    size = (height_px * LARGER, width_px * LARGER)
    px = spec.apart_share * size[1]
    rows, columns = np.mgrid[: size[0], : size[1]].astype(np.float32)
    u = (columns - size[1] / 2 + 0.5) / np.float32(px)
    v = (rows - spec.eyes_down * size[0]) / np.float32(px)
    forms = form_of(spec, u, v, px)
    random = np.random.default_rng(spec.seed)
    canvas = np.zeros((*size, 4), np.uint8)
    canvas[..., :3] = _ground(spec, u, v)
    colours = _coat(spec, forms, px)
    _lay_fur(canvas, spec, forms, colours, px, random)
    cover = canvas[..., 3].copy()
    features = Features(canvas, spec, u, v, px)
    features.eyes()
    features.mouth()
    features.nose()
    features.whiskers(random)
    small = (width_px, height_px)
    return PaintedPet(
        animal=spec.animal,
        pixels=np.asarray(cv2.resize(canvas[..., :3], small, interpolation=cv2.INTER_AREA)),
        places=_places(spec, width_px, height_px),
        matte=np.asarray(cv2.resize(cover, small, interpolation=cv2.INTER_AREA)),
    )


def _places(spec: PetSpec, width_px: int, height_px: int) -> dict[str, tuple[float, float]]:
    px = spec.apart_share * width_px

    def at(right: float, down: float) -> tuple[float, float]:
        return width_px / 2 - 0.5 + right * px, spec.eyes_down * height_px + down * px

    tall = (0.62 if spec.animal == "cat" else 0.78) * spec.nose_wide
    places = {
        "nose": at(0, spec.nose),
        "mouth": at(0, spec.nose + tall + (0.12 if spec.animal == "cat" else 0.18)),
        "chin": at(0, spec.head[2]),
        "chest": at(0, spec.head[2] + 1.1),
    }
    lift = float(np.sin(np.radians(spec.eye_tilt_deg))) * spec.eye[0]
    for side, sign in (("left", -1.0), ("right", 1.0)):
        places |= {
            f"{side}-eye": at(0.5 * sign, 0),
            f"{side}-eye-outer": at(sign * (0.5 + spec.eye[0]), -lift),
            f"{side}-eye-inner": at(sign * (0.5 - spec.eye[0]), lift),
            f"{side}-eye-top": at(0.5 * sign, -spec.eye[1]),
            f"{side}-eye-bottom": at(0.5 * sign, 0.92 * spec.eye[1]),
            f"{side}-ear-tip": at(sign * spec.ear_tip[0], spec.ear_tip[1]),
            f"{side}-ear-outer": at(sign * spec.ear_outer[0], spec.ear_outer[1]),
            f"{side}-ear-inner": at(sign * spec.ear_inner[0], spec.ear_inner[1]),
        }
    return places


def _ground(spec: PetSpec, u: np.ndarray, v: np.ndarray) -> np.ndarray:
    """A plain wall, lighter behind the head."""
    light = 0.72 + 0.34 * np.exp(-((u / 2.4) ** 2) - ((v + 0.3) / 2.6) ** 2)
    return np.asarray(
        np.clip(light[..., None] * np.array(spec.colours["ground"]), 0, 255), np.uint8
    )


def _coat(spec: PetSpec, forms: Forms, px: float) -> Float32[np.ndarray, "rows columns 3"]:
    """Colour and light of the fur, before single hairs."""
    u, v = forms.u, forms.v
    coat, dark, pale, inner = (
        np.array(spec.colours[name], np.float32) for name in ("coat", "dark", "pale", "inner")
    )
    marks, white = (_tabby if spec.animal == "cat" else _golden)(spec, forms)
    colour = coat + (dark - coat) * marks[..., None]
    colour = colour + (pale - colour) * white[..., None]
    colour = colour + (inner - colour) * (forms.inner * (1 - forms.head))[..., None]
    soft = np.asarray(cv2.GaussianBlur(forms.height, (0, 0), 0.03 * px))
    down, right = np.gradient(soft * px)
    slope = np.dstack([-right, down, np.full_like(right, 0.85)])
    slope /= np.linalg.norm(slope, axis=2, keepdims=True)
    lambert = np.clip((slope @ SUN + 0.30) / 1.30, 0, 1)
    wide = np.asarray(cv2.GaussianBlur(forms.height, (0, 0), 0.16 * px))
    hollow = np.clip((wide - soft) * 1.1, 0, 0.38)
    light = 0.46 + 0.72 * lambert - hollow
    shadow = bump(u, v, at=(0.06, spec.head[2] + 0.10), wide=(0.95, 0.34)) * (1 - forms.head)
    light = light * (1 - 0.42 * shadow)
    return np.asarray(np.clip(colour * light[..., None], 0, 255), np.float32)


def _tabby(spec: PetSpec, forms: Forms) -> tuple[np.ndarray, np.ndarray]:
    """Stripes on forehead, cheeks and flanks; white about the mouth and down the chest."""
    u, v, side = forms.u, forms.v, np.abs(forms.u)
    noise = clouds(spec.seed, coarsest_px=40, finest_px=3)
    wobble = sample(noise, u * 60, v * 60)
    crown = np.sin(side * 19 + 0.7 * wobble + 1.4) * step(-0.25, -0.60, v) * step(0.85, 0.5, side)
    cheek = (
        np.sin((v * 0.9 - side * 0.55) * 15 + 0.9 * wobble)
        * step(0.62, 0.85, side)
        * step(-0.15, 0.15, v)
    )
    flank = np.sin(v * 7.5 - side * 4.0 + 1.1 * wobble) * step(0.35, 0.8, side)
    marks = np.where(forms.head > 0.5, np.maximum(crown, cheek), flank * (1 - forms.ears))
    marks = 0.85 * np.clip(marks, 0, 1) ** 0.9 + 0.10 * wobble
    marks = marks + 0.30 * step(0.6, 1.0, side) * (forms.ears > 0.5) * (forms.head < 0.5)
    marks = marks + 0.5 * bump(side, v, at=(0.17, -0.34), wide=(0.06, 0.20)) * (v < 0)
    white = bump(u, v, at=(0, spec.nose + 0.22), wide=(0.46, 0.30)) * 1.25
    white = white + 0.55 * bump(u, v, at=(0, 0.25), wide=(0.09, 0.35))
    ring = np.hypot((side - 0.5) / 1.15, v + 0.0) - 0.26
    white = white + 0.55 * np.exp(-((ring / 0.055) ** 2))
    chest = bump(u, v, at=(0, spec.head[2] + 0.9), wide=(0.62, 0.85)) * 1.2 * (1 - forms.head)
    return np.clip(marks, 0, 1), np.clip(white + chest, 0, 1)


def _golden(spec: PetSpec, forms: Forms) -> tuple[np.ndarray, np.ndarray]:
    """Darker ears and cheeks; pale muzzle, blaze and chest."""
    u, v, side = forms.u, forms.v, np.abs(forms.u)
    noise = clouds(spec.seed, coarsest_px=50, finest_px=4)
    wobble = sample(noise, u * 50, v * 50)
    marks = 0.72 * forms.ears + 0.30 * step(0.45, 1.0, side) * forms.head + 0.12 * wobble
    marks = marks + 0.28 * bump(side, v, at=(0.5, 0.0), wide=(0.26, 0.24))
    white = bump(u, v, at=(0, spec.nose + 0.16), wide=(0.46, 0.46)) * 1.15
    white = white + 0.85 * bump(u, v, at=(0, 0.05), wide=(0.12, 0.85)) * (v > -0.95)
    white = white + 0.35 * bump(side, v, at=(0.46, -0.27), wide=(0.10, 0.07))
    chest = bump(u, v, at=(0, spec.head[2] + 0.9), wide=(0.75, 1.0)) * 1.15 * (1 - forms.head)
    return np.clip(marks, 0, 1), np.clip((white + chest) * (1 - 0.9 * forms.ears), 0, 1)


def _lay_fur(
    canvas: UInt8[np.ndarray, "rows columns 4"],
    spec: PetSpec,
    forms: Forms,
    colours: Float32[np.ndarray, "rows columns 3"],
    px: float,
    random: np.random.Generator,
) -> None:
    """Cover body, ears and head with hairs: from the outside in, so that what is near lies over what is far."""
    u, v = forms.u, forms.v
    behind = forms.body * (1 - forms.head)
    standing = forms.ears * (1 if spec.drops else 1 - forms.head)
    down = np.dstack([0.35 * u, 1.0 + 0 * v]).astype(np.float32)
    outward = np.dstack([u, v - 0.72 * spec.nose]).astype(np.float32)
    outward[..., 1] += 0.12
    tip = np.array(spec.ear_tip)
    to_tip = np.dstack([np.sign(u) * tip[0] - u, tip[1] - v]).astype(np.float32)
    long = spec.fur_long * px
    count = min(1.0, (px / 340) ** 2)  # a smaller painting has room for fewer hairs
    layers = [
        (behind, down, -np.abs(v), 60_000, 1.4 * long),
        (standing, to_tip, v, 22_000, 0.7 * long),
    ]
    head = (forms.head, outward, -np.hypot(u, v - 0.72 * spec.nose), 95_000, 0.85 * long)
    layers.insert(1 if spec.drops else 2, head)
    for where, flow, order, hairs, length in layers:
        share = where[..., None]
        canvas[..., :3] = (canvas[..., :3] * (1 - share) + colours * 0.92 * share).astype(np.uint8)
        canvas[..., 3] = np.maximum(canvas[..., 3], (255 * where).astype(np.uint8))
        near = 1 - 0.65 * bump(np.abs(u), v, at=(0.5, 0), wide=(0.3, 0.3))
        comb(
            canvas, colours, where * near, flow, order.astype(np.float32),
            hairs=round(hairs * count), long_px=length, random=random,
        )  # fmt: skip
    if not spec.drops:
        tufts = forms.inner * (1 - forms.head) * step(-1.35, -0.75, v)
        pale = np.broadcast_to(np.array(spec.colours["pale"], np.float32) * 0.92, colours.shape)
        up = np.dstack([0.5 * np.sign(u), -1.0 + 0 * v]).astype(np.float32)
        comb(
            canvas, np.ascontiguousarray(pale), tufts, up, v, hairs=round(170 * count), long_px=2.6 * long, random=random, spread=0.16
        )  # fmt: skip
