"""Draw petals, snow and dust: out of focus as a lens sees them, drawn out while the shutter is open, lit from behind."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import no_type_check

import numpy as np
from jaxtyping import Float32, Float64

from vivant.media.compilation import compiled_fast
from vivant.scene.light import Light
from vivant.scene.particles import Cloudlet, ParticleKind, kind_named, particles_at
from vivant.scene.view import View

USUAL_FOCUS_M = 2.2
USUAL_APERTURE = 9.0
FARTHEST_M = np.float32(1e4)
NEAREST_M = 0.32
"""What is nearer is not drawn; it fades until twice that."""
LARGEST = 0.034
"""Radius of the largest disc, in heights of the picture."""
LEAST_PX = 0.6
"""Smaller ones are drawn this large, and fainter."""
EDGE = 0.12
"""Discs are this much brighter at their edges, as behind a real lens."""


def draw_particles(  # noqa: PLR0913 - the dials of a camera
    hdr: Float32[np.ndarray, "height width 3"],
    depth: Float32[np.ndarray, "height width"],
    kinds: Sequence[str],
    view_open: View,
    view_close: View,
    light: Light,
    *,
    seconds: float,
    seed: int,
    focus_m: float = USUAL_FOCUS_M,
    aperture: float = USUAL_APERTURE,
    shutter_s: float = 0.02,
    nearer_m: float = np.inf,
    farther_m: float = 0.0,
    sunlit_at: Callable[[Float64[np.ndarray, "points 3"]], Float32[np.ndarray, " points"]]
    | None = None,
) -> None:
    """Draw what floats in the air into a picture.

    Args:
        hdr: Linear light; it is drawn into. C-contiguous.
        depth: Along the camera's axis in metres; what lies behind it is hidden.
        kinds: Of ``scene.particles.PARTICLES``.
        view_open: The camera when the shutter opens.
        view_close: The camera when it closes.
        light: Of the shot.
        seconds: The middle of the shutter's time, since the shot began.
        seed: Chooses the particles; the same seed gives the same picture.
        focus_m: Depth that is sharp.
        aperture: As in ``CameraMove``.
        shutter_s: How long the shutter is open.
        nearer_m: Only those nearer than this: what is before a person close to the camera.
        farther_m: Only those farther than this: what is behind.
        sunlit_at: Gives the share of the sun at places in the air; all of it when left out.

    Raises:
        InputError: There is no such kind.
    """
    if not kinds:
        return
    solid = np.minimum(depth, FARTHEST_M)
    for name in kinds:
        kind = kind_named(name)
        forward = (view_open.forward + view_close.forward) / 2
        middle = (view_open.position_m + view_close.position_m) / 2
        centre = middle + forward * 0.5 * kind.box_m[2]
        first = particles_at(kind, seconds=seconds - shutter_s / 2, seed=seed, centre_m=centre)
        last = particles_at(kind, seconds=seconds + shutter_s / 2, seed=seed, centre_m=centre)
        start, end = view_open.project(first.places_m), view_close.project(last.places_m)
        away = start[:, 2]
        seen = (away > max(NEAREST_M, farther_m)) & (away <= nearer_m) & (end[:, 2] > NEAREST_M)
        seen &= (np.abs(last.places_m - first.places_m).max(axis=1) < 1.0) & (first.fade > 0)
        chosen = np.flatnonzero(seen)
        if not len(chosen):
            continue
        chosen = chosen[np.argsort(-away[chosen])]
        shapes = _shapes(kind, first, start, end, view_open, focus_m=focus_m, aperture=aperture)
        sun = np.ones(len(away)) if sunlit_at is None else sunlit_at(first.places_m)
        colours = _colours(kind, first, light, view_open, np.asarray(sun, np.float64))
        _deal(hdr, solid, shapes[chosen], colours[chosen], np.float32(EDGE))


def _shapes(
    kind: ParticleKind,
    some: Cloudlet,
    start: Float64[np.ndarray, "particles 3"],
    end: Float64[np.ndarray, "particles 3"],
    view: View,
    *,
    focus_m: float,
    aperture: float,
) -> Float32[np.ndarray, "particles 9"]:
    """Give each stroke: from (x, y) to (x, y), half length, half width, lean, depth, how dense it is."""
    away = np.maximum(start[:, 2], NEAREST_M)
    half = some.size_m / 2 * view.px_per_m / away
    thin = half * (1 - kind.flat * (1 - np.maximum(some.turned, 0.15)))
    blur = np.minimum(
        aperture * 1e-3 * view.height_px * np.abs(1 / focus_m - 1 / away), LARGEST * view.height_px
    )
    long_px = np.maximum(np.hypot(half, blur), LEAST_PX)
    wide_px = np.maximum(np.hypot(thin, blur), LEAST_PX)
    moved = np.hypot(end[:, 0] - start[:, 0], end[:, 1] - start[:, 1])
    area = np.pi * long_px * wide_px + 2 * wide_px * moved
    dense = np.pi * half * thin / area * some.fade * np.clip((away - NEAREST_M) / NEAREST_M, 0, 1)
    return np.column_stack(
        [start[:, :2], end[:, :2], long_px, wide_px, some.lean_rad, away, dense]
    ).astype(np.float32)


def _colours(
    kind: ParticleKind,
    some: Cloudlet,
    light: Light,
    view: View,
    sun: Float64[np.ndarray, " particles"],
) -> Float32[np.ndarray, "particles 4"]:
    """Give the light of each, and how much it hides."""
    way = some.places_m - view.position_m
    way /= np.linalg.norm(way, axis=1, keepdims=True)
    toward = np.clip(way @ np.asarray(light.sun), 0, 1)[:, None]
    behind = 0.22 + 0.9 * toward**4 + 2.2 * toward**24
    face = (0.55 + 0.45 * some.turned)[:, None] if kind.flat or kind.spin_hz else 1.0
    key = np.asarray(light.sun_rgb) * (0.30 + kind.sun_through * behind) * face * sun[:, None]
    sky = (np.asarray(light.ambient_up_rgb) + np.asarray(light.ambient_down_rgb)) / 2
    fill = sky * light.ambient * (0.9 if kind.opaque else 0.12)
    air = np.exp(-light.haze_per_m * 1.1 * np.linalg.norm(some.places_m - view.position_m, axis=1))
    lit = some.rgb * (key + fill) * air[:, None]
    if not kind.opaque:
        lit = lit * 9.0  # motes are far smaller than they are drawn, and far brighter
    return np.column_stack([lit, np.full(len(lit), kind.opaque)]).astype(np.float32)


@compiled_fast
@no_type_check
def _deal(  # pragma: no cover
    hdr: np.ndarray, depth: np.ndarray, shapes: np.ndarray, colours: np.ndarray, edge: np.float32
) -> None:
    """Draw strokes one over the other, far ones first; a stroke is an ellipse pulled along a line."""
    height, width = depth.shape
    for i in range(shapes.shape[0]):
        x0, y0, x1, y1 = shapes[i, 0], shapes[i, 1], shapes[i, 2], shapes[i, 3]
        half, thin, lean, away = shapes[i, 4], shapes[i, 5], shapes[i, 6], shapes[i, 7]
        dense = shapes[i, 8]
        reach = half + np.float32(1.0)
        left = max(0, int(np.ceil(min(x0, x1) - reach)))
        right = min(width - 1, int(np.floor(max(x0, x1) + reach)))
        top = max(0, int(np.ceil(min(y0, y1) - reach)))
        low = min(height - 1, int(np.floor(max(y0, y1) + reach)))
        if left > right or top > low or dense <= np.float32(1e-5):
            continue
        c, s = np.cos(lean), np.sin(lean)
        grow = half / thin
        dx, dy = x1 - x0, y1 - y0
        ux, uy = c * dx + s * dy, (c * dy - s * dx) * grow
        long2 = max(ux * ux + uy * uy, np.float32(1e-9))
        ring = min(max(half / np.float32(4.0), np.float32(0.0)), np.float32(1.0)) * edge
        for y in range(top, low + 1):
            for x in range(left, right + 1):
                px, py = x - x0, y - y0
                vx, vy = c * px + s * py, (c * py - s * px) * grow
                part = min(max((vx * ux + vy * uy) / long2, np.float32(0.0)), np.float32(1.0))
                gap = np.sqrt((vx - part * ux) ** 2 + (vy - part * uy) ** 2)
                cover = min(max(half - gap + np.float32(0.5), np.float32(0.0)), np.float32(1.0))
                if cover <= 0:
                    continue
                clear = (depth[y, x] - away) / (np.float32(0.03) * away) + np.float32(0.5)
                cover *= min(max(clear, np.float32(0.0)), np.float32(1.0))
                inner = gap / half
                share = dense * cover * (np.float32(1.0) + ring * (inner * inner * 4 - 2))
                hide = np.float32(1.0) - colours[i, 3] * min(share, np.float32(1.0))
                for k in range(3):
                    hdr[y, x, k] = hdr[y, x, k] * hide + colours[i, k] * share
