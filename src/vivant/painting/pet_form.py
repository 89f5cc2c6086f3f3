"""The form of painted animals: how far each place of a head, its ears and its chest comes toward the painter."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import cv2
import numpy as np
from jaxtyping import Float32

from vivant.painting.curves import Field, bump, step

Spot = tuple[float, float]
Form = Float32[np.ndarray, "rows columns"]


@dataclass(frozen=True, slots=True, kw_only=True)
class PetSpec:
    """One painted animal. Lengths are ways between the eyes; right and down from their middle."""

    name: str
    animal: str
    seed: int
    head: tuple[float, float, float]
    """Half its width, its crown above the eyes, its chin below them."""
    cheeks: float
    """How far cheeks stand out."""
    nose: float
    """How far below the eyes its tip is."""
    nose_wide: float
    muzzle: tuple[float, float]
    """Half its width, and how far it stands out."""
    eye: Spot
    """Half the width and height of an eye."""
    eye_tilt_deg: float
    """How far outer corners are lifted."""
    ear_tip: Spot
    ear_outer: Spot
    ear_inner: Spot
    drops: bool
    """Whether ears hang."""
    body_wide: float
    fur_long: float
    """Length of hairs."""
    apart_share: float
    """Way between the eyes, in shares of the picture's width."""
    eyes_down: float
    """Where the eyes are, in shares of the picture's height."""
    colours: Mapping[str, tuple[int, int, int]]
    """``coat``, ``dark``, ``pale``, ``iris``, ``nose``, ``inner`` (of the ear), ``ground``; sRGB."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Forms:
    """An animal's form over the picture, and what is what."""

    u: Form
    v: Form
    height: Form
    head: Form
    """1 where the head is, softly."""
    ears: Form
    inner: Form
    """The bare inside of standing ears."""
    body: Form
    muzzle: Form

    @property
    def matte(self) -> Form:
        """1 where the animal is."""
        return np.asarray(np.maximum.reduce([self.head, self.ears, self.body]), np.float32)


def form_of(spec: PetSpec, u: Form, v: Form, px: float) -> Forms:
    """Give the form of an animal.

    Args:
        spec: The animal.
        u: Right of the eyes' middle, over the picture.
        v: Below it.
        px: Pixels in one way between the eyes.
    """
    wide, crown, chin = spec.head
    middle, tall = (chin - crown) / 2, (chin + crown) / 2
    narrow = (
        1 - 0.20 * step(0.15, chin, v) + spec.cheeks * bump(v, 0 * v, at=(0.42, 0), wide=(0.5, 1))
    )
    out = np.sqrt((u / (wide * narrow)) ** 2 + np.abs((v - middle) / tall) ** 2.2)
    head = _soft(1 - out, 0.5 * px)
    dome = np.sqrt(np.clip(1 - out**2, 0, 1)) * 0.95
    muzzle = bump(
        u,
        v,
        at=(0, spec.nose + 0.12),
        wide=(spec.muzzle[0], 0.62 * spec.muzzle[0] + 0.2 * spec.nose),
    )
    bridge = bump(
        u, v, at=(0, 0.5 * spec.nose), wide=(0.17 + 0.05 * spec.muzzle[0], 0.42 * spec.nose)
    )
    pads = bump(
        np.abs(u),
        v,
        at=(0.42 * spec.muzzle[0], spec.nose + 0.20),
        wide=(0.5 * spec.muzzle[0], 0.24),
    )
    sockets = bump(np.abs(u), v, at=(0.47, 0.04), wide=(0.26, 0.22))
    brow = bump(np.abs(u), v, at=(0.50, -0.26), wide=(0.34, 0.14))
    height = (
        dome
        + spec.muzzle[1] * (muzzle + 0.55 * bridge)
        + 0.10 * pads
        - 0.10 * sockets
        + 0.07 * brow
    )
    ears, inner, ear_height = _ears(spec, u, v, px)
    body = _soft(_body(spec, u, v), 0.5 * px)
    across = u / (spec.body_wide * (0.8 + 0.3 * np.clip(v - chin, 0, 2)))
    chest = np.sqrt(np.clip(1 - 0.85 * across**2, 0, 1)) * 0.75 - 0.55
    chest = chest + 0.10 * bump(u, v, at=(0, chin + 1.0), wide=(0.7, 0.7))
    whole = np.where(head > 0.5, height, np.where(ears > 0.5, ear_height, chest))
    if spec.drops:
        whole = np.where(ears > 0.5, np.maximum(ear_height, whole * (head > 0.5) + 0.02), whole)
    return Forms(
        u=u, v=v, height=np.asarray(cv2.GaussianBlur(whole.astype(np.float32), (0, 0), 0.02 * px)),
        head=head, ears=ears, inner=inner, body=body, muzzle=np.asarray(muzzle, np.float32),
    )  # fmt: skip


def _body(spec: PetSpec, u: Field, v: Field) -> Field:
    """Neck, shoulders and chest: above zero inside."""
    _, _, chin = spec.head
    down = v - (chin - 0.45)
    half = spec.body_wide * (0.52 + 0.48 * step(0.0, 1.5, down)) + 0.10 * np.clip(down - 1.5, 0, 4)
    side = half - np.abs(u)
    top = down
    return np.asarray(np.minimum(side, top), np.float32)


def _ears(spec: PetSpec, u: Form, v: Form, px: float) -> tuple[Form, Form, Form]:
    side = np.abs(u)
    tip, outer, inner = (np.array(one) for one in (spec.ear_tip, spec.ear_outer, spec.ear_inner))
    base = (outer + inner) / 2
    way = tip - base
    long = float(np.hypot(*way))
    way = way / long
    across = np.array([-way[1], way[0]])
    if float(across @ (outer - inner)) < 0:
        across = -across
    along = ((side - base[0]) * way[0] + (v - base[1]) * way[1]) / long
    beside = (side - base[0]) * across[0] + (v - base[1]) * across[1]
    half = float(np.abs(across @ (outer - inner))) / 2
    part = np.clip(along, 0, 1)
    if spec.drops:
        wide = (
            half * (0.62 + 0.75 * np.sin(np.pi * np.clip(part * 0.85 + 0.10, 0, 1))) * (1 - part**6)
        )
        wide = wide * step(-0.30, 0.12, along)
    else:
        wide = half * (1 - part) ** 0.82 * (1 + 0.18 * np.sin(np.pi * part))
    inside = np.minimum(wide - np.abs(beside), np.minimum(along + 0.35, 1.0 - along) * long)
    ears = _soft(inside, 0.5 * px)
    hollow = _soft(np.minimum(0.62 * wide - np.abs(beside + 0.10 * half), np.minimum(along - 0.02, 0.84 - along) * long), 0.08 * px)  # fmt: skip
    curve = np.sqrt(np.clip(1 - (beside / np.maximum(wide, 0.05)) ** 2, 0, 1))
    if spec.drops:
        height = 0.30 + 0.16 * curve - 0.10 * part
        return ears, np.zeros_like(ears), np.asarray(height, np.float32)
    height = -0.05 + 0.10 * curve - 0.22 * hollow
    return ears, hollow, np.asarray(height, np.float32)


def _soft(inside: Field, px: float) -> Form:
    """1 inside, 0 outside, soft over about a pixel."""
    return np.asarray(np.clip(inside * px + 0.5, 0, 1), np.float32)
