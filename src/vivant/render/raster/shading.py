"""The light on each point of a mesh: sun, sky, light from behind, reflections, glow and haze.

One sun, soft shadows baked into the points, light of the sky by how a point faces and how much of it is open; a thin
rim and light that comes through when the sun is behind; a highlight; the sky's reflection; the glow of a gate; and the
haze between, which takes the sky's colour in that direction.
"""
# ruff: noqa: ANN001, ANN202, C901, PLR0912, PLR0913, PLR0915, PLR0917 - compiled loops

from __future__ import annotations

from typing import no_type_check

import numpy as np
from jaxtyping import Bool, Float32

from vivant.media.compilation import compiled, compiled_fast, owned
from vivant.scene.light import Light
from vivant.scene.mesh import MATERIALS, Mesh
from vivant.scene.view import View

BOUNCE = 0.16
"""White clouds that the sun shines on send this share of its light back toward it, all over a stage."""
HALO = 0.26
"""The bright air and the silver clouds round the sun send this share of its light, softly, past all that stands in its way."""
_WRAP = 0.5
_FLAT = 0.12
"""Nothing is seen flatter than this: rims stay quiet on what is a pixel wide."""
_ONE = np.float32(1)
_GLOW_SOFT = 0.3
"""Light from the glow wraps this far round a point, since the glow is large."""
_THIN = 0.25
"""Materials that let more light through than this are thin: both their sides are seen."""
_SUN, _SUN_RGB, _ZENITH, _MIDDLE, _HORIZON, _BELOW, _UP, _DOWN, _GLOW, _GLOW_RGB = range(10)
_AMBIENT, _HAZE, _REACH, _STRENGTH, _BOUNCE = range(30, 35)

_SURFACES = np.array(
    [
        (kind.shine, kind.gloss, kind.rim, kind.through, kind.mirror, float(kind.metal), kind.emits)
        for kind in MATERIALS
    ],
    np.float32,
)


def shade(
    mesh: Mesh, view: View, light: Light, *, glow: float = 0.0
) -> Float32[np.ndarray, "points channels"]:
    """Give the light that comes from each point to the camera.

    Args:
        mesh: With its ``open_sky`` and ``sunlit`` baked.
        view: The camera. Points of triangles that it cannot see stay black.
        light: The shot's light.
        glow: Strength of its glow at this moment.

    Returns:
        Linear light. For a mesh with a texture three more columns follow: the light that falls on a point, of which a
        texel sends back its colour's share.
    """
    count = len(mesh.points_m)
    out = np.zeros((count, 3 if mesh.texture is None else 6), np.float32)
    wanted = np.zeros(count, np.bool_)
    sides = np.zeros(count, np.uint8)
    frame = np.stack([view.position_m, view.right, view.up, view.forward]).astype(np.float32)
    points = owned(mesh.points_m)
    tangents = np.array([view.tan_right, view.tan_up], np.float32)
    _mark(points, owned(mesh.triangles), frame, tangents, mesh.closed, sides, wanted)
    _shade(
        points,
        owned(mesh.normals),
        owned(mesh.albedo),
        owned(mesh.material),
        owned(mesh.open_sky),
        owned(mesh.sunlit),
        wanted,
        frame,
        _numbers(light, glow),
        _SURFACES,
        out,
    )
    return out


def _numbers(light: Light, glow: float) -> Float32[np.ndarray, " numbers"]:
    """Put a light's numbers in one row for compiled code."""
    shines = light.glow is not None and glow > 0
    triples = [
        light.sun,
        light.sun_rgb,
        light.zenith_rgb,
        light.middle_rgb,
        light.horizon_rgb,
        light.below_rgb,
        light.ambient_up_rgb,
        light.ambient_down_rgb,
        light.glow.place_m if light.glow else (0.0, 0.0, 0.0),
        light.glow.rgb if light.glow else (0.0, 0.0, 0.0),
    ]
    singles = (
        light.ambient,
        light.haze_per_m,
        light.glow.reach_m if light.glow else 1.0,
        glow if shines else 0.0,
        BOUNCE,
        HALO,
    )
    return np.array([*np.ravel(triples), *singles], np.float32)


@compiled
@no_type_check
def _mark(points, triangles, frame, tangents, closed, sides, wanted):
    """Mark the points of triangles that may be in the picture."""
    margin = np.float32(1.01)
    for i in range(points.shape[0]):
        x = points[i, 0] - frame[0, 0]
        y = points[i, 1] - frame[0, 1]
        z = points[i, 2] - frame[0, 2]
        right = x * frame[1, 0] + y * frame[1, 1] + z * frame[1, 2]
        up = x * frame[2, 0] + y * frame[2, 1] + z * frame[2, 2]
        depth = x * frame[3, 0] + y * frame[3, 1] + z * frame[3, 2]
        wide, high = depth * tangents[0] * margin, depth * tangents[1] * margin
        side = 0
        if depth <= 0:
            side |= 1
        if right > wide:
            side |= 2
        if right < -wide:
            side |= 4
        if up > high:
            side |= 8
        if up < -high:
            side |= 16
        sides[i] = side
    for i in range(triangles.shape[0]):
        a, b, c = triangles[i, 0], triangles[i, 1], triangles[i, 2]
        if sides[a] & sides[b] & sides[c]:
            continue
        if closed:
            ux, uy, uz = (
                points[b, 0] - points[a, 0],
                points[b, 1] - points[a, 1],
                points[b, 2] - points[a, 2],
            )
            vx, vy, vz = (
                points[c, 0] - points[a, 0],
                points[c, 1] - points[a, 1],
                points[c, 2] - points[a, 2],
            )
            facing = (uy * vz - uz * vy) * (points[a, 0] - frame[0, 0])
            facing += (uz * vx - ux * vz) * (points[a, 1] - frame[0, 1])
            facing += (ux * vy - uy * vx) * (points[a, 2] - frame[0, 2])
            if facing > 0:
                continue
        wanted[a] = wanted[b] = wanted[c] = True


@compiled_fast
@no_type_check
def _step(low, high, value):
    part = min(max((value - low) / (high - low), np.float32(0)), _ONE)
    return part * part * (np.float32(3) - np.float32(2) * part)


@compiled_fast
@no_type_check
def _sky(x, y, z, light, disc, out):
    """Give the sky's colour in a direction; ``disc`` is whether the sun itself is in it."""
    high, top = (
        _step(np.float32(-0.02), np.float32(0.28), y),
        _step(np.float32(0.15), np.float32(0.9), y),
    )
    low = _step(np.float32(0), np.float32(0.4), -y)
    toward = max(x * light[0] + y * light[1] + z * light[2], np.float32(0))
    two = toward * toward
    four = two * two
    eight = four * four
    sixteen = eight * eight
    wide = np.float32(0.11) * four * toward + np.float32(0.34) * sixteen * eight * four * two
    if disc and toward > np.float32(0.93):
        wide += np.float32(1.5) * np.exp(np.float32(250) * np.log(toward))
    for channel in range(3):
        horizon = light[12 + channel]
        if y > 0:
            value = horizon + (light[9 + channel] - horizon) * high
            value += (light[6 + channel] - value) * top
        else:
            value = horizon + (light[15 + channel] - horizon) * low
        out[channel] = value + light[3 + channel] * wide


@compiled_fast
@no_type_check
def _shade(
    points, normals, albedo, material, open_sky, sunlit, wanted, frame, light, surfaces, out
):
    zero, one, half = np.float32(0), np.float32(1), np.float32(0.5)
    sky, haze, fall = np.zeros(3, np.float32), np.zeros(3, np.float32), np.zeros(3, np.float32)
    parts = out.shape[1] == 6
    flat = max(np.sqrt(light[0] * light[0] + light[2] * light[2]), np.float32(1e-6))
    for i in range(points.shape[0]):
        if not wanted[i]:
            continue
        dx, dy, dz = (
            points[i, 0] - frame[0, 0],
            points[i, 1] - frame[0, 1],
            points[i, 2] - frame[0, 2],
        )
        away = np.sqrt(dx * dx + dy * dy + dz * dz) + np.float32(1e-9)
        dx, dy, dz = dx / away, dy / away, dz / away
        nx, ny, nz = normals[i, 0], normals[i, 1], normals[i, 2]
        kind = material[i]
        shine, gloss, rim = surfaces[kind, 0], surfaces[kind, 1], surfaces[kind, 2]
        through, mirror, metal = surfaces[kind, 3], surfaces[kind, 4], surfaces[kind, 5] > 0
        if surfaces[kind, 6] > 0:
            for channel in range(3):
                sent = light[27 + channel] * light[33] * surfaces[kind, 6]
                out[i, channel] = albedo[i, channel] * sent
            continue
        facing = -(nx * dx + ny * dy + nz * dz)
        if facing < 0 and through > np.float32(_THIN):
            nx, ny, nz, facing = -nx, -ny, -nz, -facing
        grazing = one - min(max(facing, np.float32(_FLAT)), one)
        fresnel = grazing * grazing * grazing
        sun = nx * light[0] + ny * light[1] + nz * light[2]
        lit = sunlit[i]
        back = max(dx * light[0] + dy * light[1] + dz * light[2], zero)
        # the open share, and what white surfaces nearby send on into the corners
        open_part = open_sky[i]
        up = half + half * ny
        bounce = half - half * (nx * light[0] + nz * light[2]) / flat
        bounce = light[34] * (np.float32(0.35) + np.float32(0.65) * bounce)
        key = max(sun, zero) * lit
        halo = max((sun + np.float32(_WRAP)) / np.float32(1 + _WRAP), zero)
        halo *= np.sqrt(halo) * light[35]
        rim_light = (
            rim * fresnel * (np.float32(0.15) + np.float32(0.85) * back * back) * np.float32(0.55)
        )
        rim_light *= (np.float32(0.3) + np.float32(0.7) * open_part) * _step(
            np.float32(-0.55), np.float32(0.25), sun
        )
        rim_light *= np.float32(0.35) + np.float32(0.65) * lit
        thin = (
            through
            * back
            * np.float32(0.6)
            * _step(np.float32(-0.9), np.float32(0.1), -sun)
            * open_part
        )
        thin *= np.float32(0.35) + np.float32(0.65) * lit
        spot = zero
        if shine > 0 and lit > 0:
            hx, hy, hz = light[0] - dx, light[1] - dy, light[2] - dz
            length = np.sqrt(hx * hx + hy * hy + hz * hz) + np.float32(1e-6)
            along = (nx * hx + ny * hy + nz * hz) / length
            if along > np.float32(0.5):
                spot = np.exp(np.log(along) * gloss) * shine * lit
                if metal:
                    spot *= np.float32(1.5)
        glow, glow_rim = zero, zero
        if light[33] > 0:
            gx, gy, gz = (
                light[24] - points[i, 0],
                light[25] - points[i, 1],
                light[26] - points[i, 2],
            )
            far = gx * gx + gy * gy + gz * gz
            toward = (nx * gx + ny * gy + nz * gz) / (np.sqrt(far) + np.float32(1e-6))
            toward = min(
                max(toward * (one - np.float32(_GLOW_SOFT)) + np.float32(_GLOW_SOFT), zero), one
            )
            reach = light[32] * light[32]
            fade = light[33] / (far + reach)
            glow = np.float32(9 if metal else 22) * toward * fade * open_part
            glow_rim = np.float32(10) * rim * fresnel * fade
        reflected = zero
        if mirror > 0:
            turn = np.float32(2) * facing
            rx, ry, rz = dx + turn * nx, dy + turn * ny, dz + turn * nz
            _sky(rx, abs(ry) * np.float32(0.8) + np.float32(0.02), rz, light, False, sky)
            reflected = mirror * open_part
            if not metal:
                reflected *= one + np.float32(4) * fresnel * shine
        _sky(dx, np.float32(0.035) + np.float32(0.3) * max(dy, zero), dz, light, True, haze)
        veil = one - np.exp(-away * light[31] * np.float32(1.1))
        clear = one - veil
        for channel in range(3):
            colour = albedo[i, channel]
            rgb = light[3 + channel]
            # corners between bright surfaces are less dark than between dark ones
            occluded = open_part / (one - colour * np.float32(0.65) * (one - open_part))
            around = light[21 + channel] + (light[18 + channel] - light[21 + channel]) * up
            fall[channel] = rgb * (key + (bounce + halo) * occluded) + around * light[30] * occluded
            fall[channel] += light[27 + channel] * glow + rgb * thin
            value = colour * fall[channel]
            value += rgb * (rim_light + spot * (colour if metal else one))
            if mirror > 0:
                value += (
                    min(sky[channel], np.float32(3) if metal else np.float32(1.4))
                    * reflected
                    * (colour if metal else one)
                )
            value += light[27 + channel] * glow_rim
            out[i, channel] = value * clear + haze[channel] * veil
            if parts:
                out[i, 3 + channel] = fall[channel] * clear


def in_view(mesh: Mesh, view: View) -> Bool[np.ndarray, " points"]:
    """Tell which points belong to triangles that may be in the picture."""
    wanted = np.zeros(len(mesh.points_m), np.bool_)
    sides = np.zeros(len(mesh.points_m), np.uint8)
    frame = np.stack([view.position_m, view.right, view.up, view.forward]).astype(np.float32)
    tangents = np.array([view.tan_right, view.tan_up], np.float32)
    _mark(owned(mesh.points_m), owned(mesh.triangles), frame, tangents, mesh.closed, sides, wanted)
    return wanted
