"""How light goes through the room: sun through the window, the window's own glow, and what walls and floor throw back."""

from __future__ import annotations

from dataclasses import replace
from typing import no_type_check

import numpy as np
from jaxtyping import Float32, Float64

from vivant.media.compilation import compiled_fast
from vivant.scene.light import Light
from vivant.scene.mesh import Mesh
from vivant.scene.sets import room_plan as plan

Panels = tuple[tuple[float, float], ...]
SHEER_SUN = 0.34
"""Share of the sun that goes straight through the curtain."""
SHEER_GLOW = 0.8
"""Brightness of the curtain as a lamp, against the open window."""
WINDOW = 8.0
"""Brightness of the sky in the window, against the hour's ambient light."""
BARE = 0.17
"""Light that is everywhere."""
SUN_SIZE = 0.016
"""Radius of the sun's disc, radians: larger than the real one, as through thin haze."""
WHITE_CLOUDS = 0.11
"""Share of the sun that shading adds for bright surroundings; here it is part of what is computed."""
COOL = np.array([0.88, 0.98, 1.13])
WARM = np.array([1.16, 0.99, 0.80])
PLAIN = np.array([1.04, 0.99, 0.95])


def light_up(
    mesh: Mesh, light: Light, boxes: Float32[np.ndarray, "boxes 6"], *, drawn: bool = False
) -> Mesh:
    """Put the room's light into a surface.

    ``open_sky`` becomes how much light falls on each point (1 is the light's ``ambient``), its colour
    goes into the albedo, and ``sunlit`` is the share of the sun that comes in through the window. With the curtain ``drawn`` all of it comes through cloth.
    """
    suns = _sun_disc(light)
    panels = plan.DRAWN if drawn else plan.CURTAINS
    cloth = _curtains(panels)
    lamps, lamp_normals, powers = _window_lamps(panels)
    bounces, bounce_normals, bounce_powers = _bounces(light, suns, boxes, cloth)
    points = np.ascontiguousarray(mesh.points_m + mesh.normals * np.float32(0.006), np.float32)
    normals = np.ascontiguousarray(mesh.normals, np.float32)
    sun, _ = _sunlight(points, suns, boxes, _opening(), cloth)
    window = _from_lamps(points, normals, lamps, lamp_normals, powers, boxes)
    bounce = _from_lamps(points, normals, bounces, bounce_normals, bounce_powers, boxes)
    bare = _openness(points, normals, _hemisphere(28), boxes, _walls())
    falls = (
        window[:, None] * COOL * WINDOW
        + bounce[:, None] * WARM * np.asarray(light.sun_rgb)
        + (bare * BARE)[:, None] * PLAIN
    )
    falls *= light.ambient / (light.ambient + WHITE_CLOUDS * float(np.mean(light.sun_rgb)))
    strength = falls.max(axis=1)
    return replace(
        mesh,
        albedo=(mesh.albedo * falls / np.maximum(strength, 1e-6)[:, None]).astype(np.float32),
        open_sky=np.clip(strength, 0, 1).astype(np.float32),
        sunlit=sun,
    )


def _sun_disc(light: Light) -> Float32[np.ndarray, "suns 3"]:
    """Spread rays over the sun's disc."""
    sun = np.asarray(light.sun)
    side = np.cross(sun, [0.0, 1.0, 0.0])
    side /= np.linalg.norm(side)
    over = np.cross(side, sun)
    turn = np.arange(16) * 2.399963
    away = SUN_SIZE * np.sqrt((np.arange(16) + 0.5) / 16)
    rays = sun + away[:, None] * (np.cos(turn)[:, None] * side + np.sin(turn)[:, None] * over)
    return np.ascontiguousarray(rays, np.float32)


def _opening() -> Float32[np.ndarray, " 6"]:
    return np.array(
        [
            plan.WINDOW_LEFT_M,
            plan.WINDOW_RIGHT_M,
            plan.SILL_M,
            plan.LINTEL_M,
            plan.BACK_M,
            plan.REVEAL_M,
        ],
        np.float32,
    )


def _curtains(panels: Panels) -> Float32[np.ndarray, "panels 3"]:
    return np.array([(a, b, plan.CURTAIN_M) for a, b in panels], np.float32)


def _walls() -> Float32[np.ndarray, " 6"]:
    return np.array(
        [plan.LEFT_M, plan.RIGHT_M, 0, plan.HEIGHT_M, plan.BACK_M, plan.FRONT_M], np.float32
    )


def _window_lamps(panels: Panels) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Cut the window into small lamps, dimmer where the curtain hangs."""
    across, up = 8, 8
    x = plan.WINDOW_LEFT_M + (np.arange(across) + 0.5) / across * (
        plan.WINDOW_RIGHT_M - plan.WINDOW_LEFT_M
    )
    y = plan.SILL_M + (np.arange(up) + 0.5) / up * (plan.LINTEL_M - plan.SILL_M)
    grid = np.stack(np.meshgrid(x, y), axis=-1).reshape(-1, 2)
    places = np.column_stack([grid, np.full(len(grid), plan.CURTAIN_M + 0.03)])
    sheer = np.zeros(len(grid), bool)
    for a, b in panels:
        sheer |= (grid[:, 0] > a) & (grid[:, 0] < b)
    area = (x[1] - x[0]) * (y[1] - y[0])
    powers = area / np.pi * np.where(sheer, SHEER_GLOW, 1.0)
    normals = np.tile(np.array([0, 0, 1], np.float32), (len(grid), 1))
    return places.astype(np.float32), normals, powers.astype(np.float32)


def _bounces(
    light: Light, suns: np.ndarray, boxes: np.ndarray, cloth: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Find where the sun falls on walls and floor: those places throw light back."""
    step = 0.11
    y, z = np.meshgrid(
        np.arange(0.05, plan.HEIGHT_M, step), np.arange(plan.BACK_M + 0.05, 2.5, step)
    )
    right = np.column_stack([np.full(y.size, plan.RIGHT_M - 0.01), y.ravel(), z.ravel()])
    x, z = np.meshgrid(
        np.arange(plan.LEFT_M, plan.RIGHT_M, step), np.arange(plan.BACK_M + 0.05, 2.5, step)
    )
    floor = np.column_stack([x.ravel(), np.full(x.size, 0.01), z.ravel()])
    places = np.concatenate([right, floor]).astype(np.float32)
    normals = np.concatenate(
        [np.tile([-1.0, 0, 0], (len(right), 1)), np.tile([0, 1.0, 0], (len(floor), 1))]
    ).astype(np.float32)
    back = np.concatenate([np.full(len(right), 0.62), np.full(len(floor), 0.30)])
    sun, _ = _sunlight(places, suns, boxes, _opening(), cloth)
    power = sun * np.clip(normals @ np.asarray(light.sun, np.float32), 0, None) * back
    power *= step * step / np.pi
    kept = power > 0.02 * max(float(power.max()), 1e-6)
    chosen = np.flatnonzero(kept)
    most = 72
    if len(chosen) > most:
        picked = chosen[np.linspace(0, len(chosen) - 1, most).astype(int)]
        scale = power[chosen].sum() / power[picked].sum()
        return places[picked], normals[picked], (power[picked] * scale).astype(np.float32)
    if not len(chosen):
        return places[:1], normals[:1], np.zeros(1, np.float32)
    return places[chosen], normals[chosen], power[chosen].astype(np.float32)


def _hemisphere(count: int) -> Float32[np.ndarray, "rays 3"]:
    """Spread directions over half a ball round z, more of them upright."""
    k = np.arange(count) + 0.5
    away = np.sqrt(k / count)
    turn = k * 2.399963
    return np.column_stack(
        [away * np.cos(turn), away * np.sin(turn), np.sqrt(1 - away * away)]
    ).astype(np.float32)


@compiled_fast
@no_type_check
def _hits(  # pragma: no cover
    ox: float, oy: float, oz: float, dx: float, dy: float, dz: float, far: float, boxes: np.ndarray
) -> bool:
    """Tell whether a ray meets a box on its way."""
    ix = 1.0 / (dx if abs(dx) > 1e-7 else 1e-7)
    iy = 1.0 / (dy if abs(dy) > 1e-7 else 1e-7)
    iz = 1.0 / (dz if abs(dz) > 1e-7 else 1e-7)
    for k in range(boxes.shape[0]):
        a, b = (boxes[k, 0] - ox) * ix, (boxes[k, 3] - ox) * ix
        near, leave = min(a, b), max(a, b)
        a, b = (boxes[k, 1] - oy) * iy, (boxes[k, 4] - oy) * iy
        near, leave = max(near, min(a, b)), min(leave, max(a, b))
        a, b = (boxes[k, 2] - oz) * iz, (boxes[k, 5] - oz) * iz
        near, leave = max(near, min(a, b)), min(leave, max(a, b))
        if near < leave and leave > 0.012 and near < far and near > -0.004:
            return True
    return False


@compiled_fast
@no_type_check
def _sunlight(  # pragma: no cover
    points: np.ndarray,
    suns: np.ndarray,
    boxes: np.ndarray,
    opening: np.ndarray,
    curtains: np.ndarray,
) -> tuple[np.ndarray, int]:
    """Tell what share of the sun's disc reaches each point through the window."""
    out = np.zeros(points.shape[0], np.float32)
    for i in range(points.shape[0]):
        x, y, z = points[i, 0], points[i, 1], points[i, 2]
        total = 0.0
        for s in range(suns.shape[0]):
            dx, dy, dz = suns[s, 0], suns[s, 1], suns[s, 2]
            if dz >= 0 or z <= opening[4]:
                continue
            way = (opening[4] - z) / dz
            wx, wy = x + dx * way, y + dy * way
            if wx < opening[0] or wx > opening[1] or wy < opening[2] or wy > opening[3]:
                continue
            deep = -opening[5] / dz
            gx, gy = wx + dx * deep, wy + dy * deep
            if gx < opening[0] or gx > opening[1] or gy < opening[2] or gy > opening[3]:
                continue
            share = 1.0
            for c in range(curtains.shape[0]):
                if z > curtains[c, 2]:
                    cx = x + dx * (curtains[c, 2] - z) / dz
                    edge = min(cx - curtains[c, 0], curtains[c, 1] - cx) / 0.03
                    share *= 1.0 - (1.0 - SHEER_SUN) * min(max(edge + 0.5, 0.0), 1.0)
            if not _hits(x, y, z, dx, dy, dz, 1e9, boxes):
                total += share
        out[i] = total / suns.shape[0]
    return out, 0


@compiled_fast
@no_type_check
def _from_lamps(  # pragma: no cover
    points: np.ndarray,
    normals: np.ndarray,
    lamps: np.ndarray,
    lamp_normals: np.ndarray,
    powers: np.ndarray,
    boxes: np.ndarray,
) -> np.ndarray:
    """Add up what small lamps send to each point."""
    out = np.zeros(points.shape[0], np.float32)
    for i in range(points.shape[0]):
        total = 0.0
        for k in range(lamps.shape[0]):
            dx = lamps[k, 0] - points[i, 0]
            dy = lamps[k, 1] - points[i, 1]
            dz = lamps[k, 2] - points[i, 2]
            way2 = dx * dx + dy * dy + dz * dz
            way = np.sqrt(way2)
            here = (dx * normals[i, 0] + dy * normals[i, 1] + dz * normals[i, 2]) / way
            there = (
                -(dx * lamp_normals[k, 0] + dy * lamp_normals[k, 1] + dz * lamp_normals[k, 2]) / way
            )
            if here <= 0.0 or there <= 0.0:
                continue
            if _hits(
                points[i, 0],
                points[i, 1],
                points[i, 2],
                dx / way,
                dy / way,
                dz / way,
                way - 0.02,
                boxes,
            ):
                continue
            total += powers[k] * here * there / max(way2, 0.05)
        out[i] = total
    return out


@compiled_fast
@no_type_check
def _openness(  # pragma: no cover
    points: np.ndarray, normals: np.ndarray, rays: np.ndarray, boxes: np.ndarray, walls: np.ndarray
) -> np.ndarray:
    """Tell how free of near things each point is, 0..1: corners are darker."""
    out = np.zeros(points.shape[0], np.float32)
    for i in range(points.shape[0]):
        nx, ny, nz = normals[i, 0], normals[i, 1], normals[i, 2]
        if abs(ny) < 0.9:
            ax, ay, az = nz, 0.0, -nx
        else:
            ax, ay, az = 0.0, -nz, ny
        size = np.sqrt(ax * ax + ay * ay + az * az)
        ax, ay, az = ax / size, ay / size, az / size
        bx, by, bz = ny * az - nz * ay, nz * ax - nx * az, nx * ay - ny * ax
        total = 0.0
        for r in range(rays.shape[0]):
            dx = rays[r, 0] * ax + rays[r, 1] * bx + rays[r, 2] * nx
            dy = rays[r, 0] * ay + rays[r, 1] * by + rays[r, 2] * ny
            dz = rays[r, 0] * az + rays[r, 1] * bz + rays[r, 2] * nz
            if _hits(points[i, 0], points[i, 1], points[i, 2], dx, dy, dz, 1.2, boxes):
                total += 0.25
                continue
            way = 9.0
            way = _to_wall(points[i, 0], dx, walls[0], walls[1], way)
            way = _to_wall(points[i, 1], dy, walls[2], walls[3], way)
            way = _to_wall(points[i, 2], dz, walls[4], walls[5], way)
            total += 0.35 + 0.65 * min(way / 1.4, 1.0)
        out[i] = total / rays.shape[0]
    return out


@compiled_fast
@no_type_check
def _to_wall(
    at: float, along: float, low: float, high: float, far: float
) -> float:  # pragma: no cover
    """Give the way to the nearer of two walls, if nearer than ``far``."""
    if along > 1e-5:
        return min(far, max((high - at) / along, 0.0))
    if along < -1e-5:
        return min(far, max((low - at) / along, 0.0))
    return far


def falling_on(
    points_m: Float64[np.ndarray, "points 3"], light: Light
) -> Float32[np.ndarray, " points"]:
    """Tell what share of the sun reaches places in the room's air."""
    return np.asarray(
        _sunlight(
            np.ascontiguousarray(points_m, np.float32),
            _sun_disc(light),
            np.zeros((0, 6), np.float32),
            _opening(),
            _curtains(plan.CURTAINS),
        )[0]
    )
