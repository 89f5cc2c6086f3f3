"""Surfaces: triangles with what light needs to know of them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float32, Int32, UInt8


@dataclass(frozen=True, slots=True, kw_only=True)
class Material:
    """How a surface answers light, besides its colour."""

    name: str
    shine: float = 0.0
    """Strength of the highlight."""
    gloss: float = 20.0
    """Its sharpness, as an exponent."""
    rim: float = 0.25
    """How much light from behind licks round the edge, 0..1."""
    through: float = 0.0
    """How much light from behind comes through, 0..1."""
    mirror: float = 0.0
    """How much of the sky it reflects, 0..1."""
    metal: bool = False
    """Whether reflections take its colour."""
    emits: float = 0.0
    """How much of the set's glow it sends out; if any, it is light in the air that hides nothing, and nothing else."""


MATERIALS = (
    Material(name="marble", shine=0.16, gloss=60, rim=0.12, through=0.06, mirror=0.06),
    Material(name="pearl", shine=0.5, gloss=40, rim=0.5, through=0.06, mirror=0.15),
    Material(name="gold", shine=1.2, gloss=28, rim=0.6, mirror=0.45, metal=True),
    Material(name="cloth", shine=0.05, gloss=8, rim=0.55),
    Material(name="skin", shine=0.06, gloss=14, rim=0.5, through=0.10),
    Material(name="hair", shine=0.15, gloss=10, rim=0.8, through=0.15),
    Material(name="leather", shine=0.15, gloss=30, rim=0.4),
    Material(name="feather", shine=0.03, gloss=10, rim=0.6, through=0.60),
    Material(name="leaf", shine=0.08, gloss=12, rim=0.4, through=0.45),
    Material(name="wood", shine=0.12, gloss=24, rim=0.2),
    Material(name="plaster", rim=0.1),
    Material(name="water", shine=1.0, gloss=120, rim=0.0, mirror=0.9),
    Material(name="glass", shine=0.8, gloss=80, rim=0.2, mirror=0.35),
    Material(name="light", rim=0.0, emits=1.0),
)
MATERIAL = {material.name: index for index, material in enumerate(MATERIALS)}


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Mesh:
    """A surface. Triangles are seen from both sides."""

    points_m: Float32[np.ndarray, "points 3"]
    normals: Float32[np.ndarray, "points 3"]
    """Unit vectors."""
    triangles: Int32[np.ndarray, "triangles 3"]
    albedo: Float32[np.ndarray, "points 3"]
    """Linear light, 0..1."""
    material: UInt8[np.ndarray, " points"]
    """Indices into ``MATERIALS``."""
    open_sky: Float32[np.ndarray, " points"]
    """Share of the sky that a point sees, 0..1 (ambient occlusion)."""
    sunlit: Float32[np.ndarray, " points"]
    """Share of the sun that a point sees, 0..1, whichever way it faces."""
    uv: Float32[np.ndarray, "points 2"] | None = None
    """Where a point lies in ``texture``, in texels, centres at whole numbers."""
    texture: Float32[np.ndarray, "height width 4"] | None = None
    """Linear colour and how much it covers ``albedo``, 0..1, not premultiplied."""
    texture_weight: Float32[np.ndarray, " points"] | None = None
    """How much of the texture shows at a point, 0..1: it fades where the surface turns away."""
    closed: bool = False
    """Whether it hides its own inside: triangles wind counter-clockwise seen from outside, and are not seen from behind."""
    coarser: Mesh | None = None
    """The same thing with fewer points, for far away; it may have a coarser one in turn."""
    error_m: float = 0.0
    """How far its surface lies from the true one, at most: where that is too little to see, it will do."""
