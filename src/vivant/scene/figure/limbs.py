"""Sleeves, hands, legs and shoes."""

from __future__ import annotations

import numpy as np

from vivant.scene.figure.build import SHOE_M, Build, Skeleton
from vivant.scene.figure.clothes import CUTS, girth
from vivant.scene.figure.dress import Dress
from vivant.scene.figure.motion import JOINT
from vivant.scene.figure.part import (
    Part,
    around,
    coloured,
    facing_out,
    skinned,
    smoothstep,
    table,
    tube,
    woven,
)


def sleeve(build: Build, dress: Dress, bones: Skeleton) -> Part:
    """Make the left sleeve, from inside the shoulder to the cuff."""
    h, cut = build.height_m, CUTS[dress.garment]
    shoulder, elbow, wrist = (
        bones.rest_m[JOINT[f"left_{n}"]] for n in ("shoulder", "elbow", "wrist")
    )
    foot = SHOE_M / h
    heights = foot + np.concatenate(
        [
            [0.831, 0.829, 0.824, 0.816, 0.806],
            np.linspace(0.793, 0.70, 5),
            np.linspace(0.685, 0.572, 10),
            np.linspace(0.55, 0.476, 5),
        ]
    )
    rows = table(
        ((0.832, 0.003, 0.004, -0.012), (0.830, 0.012, 0.014, -0.011), (0.825, 0.022, 0.025, -0.007),
         (0.816, 0.030, 0.034, -0.003), (0.804, 0.035, 0.039, 0.000), (0.785, 0.038, 0.042, 0.001),
         (0.74, 0.036, 0.041, 0.000), (0.68, 0.033, 0.037, 0.000), (0.632, 0.032, 0.035, 0.000),
         (0.57, 0.030, 0.033, 0.000), (0.50, 0.026, 0.030, 0.0), (0.470, 0.0255, 0.029, 0.0)),
        heights - foot,
    )  # fmt: skip
    size = cut.sleeve * (0.6 + 0.4 * girth(build))
    grow = np.where(heights > 0.78, 0.55 + 0.45 * size, size)
    if dress.garment == "robe":
        grow = grow * (1 + 0.45 * smoothstep(0.66, 0.49, heights))
    line = np.array([shoulder, elbow, wrist])[::-1]
    centres = np.column_stack(
        [
            np.interp(heights * h, line[:, 1], line[:, 0]) + rows[:, 2] * h,
            heights * h,
            np.interp(heights * h, line[:, 1], line[:, 2]),
        ]
    )
    angles = around(18)
    grid = tube(centres, rows[:, 0] * grow * h, rows[:, 1] * grow * h, angles)
    creases = np.exp(-(((heights - 0.640) / 0.045) ** 2)) * np.sin(heights * 210)
    creases = creases + 0.5 * np.exp(-(((heights - 0.51) / 0.02) ** 2)) * np.sin(heights * 260)
    push = 0.0018 * h * creases[:, None] * (0.6 - 0.4 * np.cos(angles[None] - 0.6))
    grid[..., 0] += push * np.sin(angles)
    grid[..., 2] += push * np.cos(angles)
    points, triangles = woven(grid, close_first=True, close_last=True)
    albedo = coloured(points, dress.cloth, seed=11, vary=0.12)
    albedo[points[:, 1] < heights[-2] * h] *= 0.75
    y = points[:, 1]
    over = smoothstep(shoulder[1] + 0.020 * h, shoulder[1] - 0.025 * h, y)
    bend = smoothstep(elbow[1] + 0.035 * h, elbow[1] - 0.035 * h, y)
    half = np.exp(-(((y - elbow[1]) / (0.032 * h)) ** 2))
    return Part(
        name="left_sleeve",
        points_m=points,
        triangles=triangles,
        albedo=albedo,
        material="cloth",
        weights=skinned(
            points,
            {
                "left_collarbone": 0.75 * (1 - over),
                "left_shoulder": (0.25 + 0.75 * over) * (1 - bend) * (1 - half),
                "left_elbow_half": half,
                "left_elbow": bend * (1 - half),
            },
        ),
    )


def hand(build: Build, dress: Dress, bones: Skeleton) -> tuple[Part, np.ndarray]:
    """Make the left hand as it hangs, and the same points as it is spread to wave."""
    h = build.height_m
    wrist = bones.rest_m[JOINT["left_wrist"]]
    size = 0.108 * h * (1.04 if dress.gloves else 1.0)
    pieces: list[tuple[np.ndarray, np.ndarray, np.ndarray]] = []
    # x to the palm's back (outward), z to the thumb (front), y up; the hand hangs down
    rows = np.array(
        [(0.16, 0.150, 0.155), (0.05, 0.135, 0.165), (-0.12, 0.120, 0.205), (-0.30, 0.118, 0.225),
         (-0.45, 0.100, 0.225), (-0.54, 0.060, 0.205)]
    )  # fmt: skip
    centres = np.column_stack(
        [0 * rows[:, 0], rows[:, 0], np.array([0, 0, 0.01, 0.015, 0.01, 0.005])]
    )
    palm = tube(centres, rows[:, 1], rows[:, 2], around(12))
    points, triangles = woven(palm, close_first=True, close_last=True)
    pieces.append((points, points, triangles))
    for z, length, width, spread in (
        (0.165, 0.46, 0.062, 0.20), (0.058, 0.52, 0.064, 0.05), (-0.052, 0.48, 0.062, -0.10),
        (-0.155, 0.38, 0.055, -0.30),
    ):  # fmt: skip
        pieces.append(
            _finger(np.array([0, -0.47, z]), length, width, spread, (0.40, 0.52), (0.06, 0.05))
        )
    thumb = _finger(
        np.array([-0.03, -0.10, 0.17]), 0.44, 0.070, 0.42, (0.16, 0.18), (-0.08, 0.02), wide=0.86
    )
    pieces.append(thumb)
    count, loose, open_, woven_all = 0, [], [], []
    for resting, spread_, tri in pieces:
        loose.append(resting)
        open_.append(spread_)
        woven_all.append(facing_out(resting, tri) + count)
        count += len(resting)
    rest = np.vstack(loose) * size + wrist
    spread_all = np.vstack(open_) * size + wrist
    colour = dress.glove_colour if dress.gloves else dress.skin
    forearm = smoothstep(0.02, 0.17, np.vstack(loose)[:, 1])
    part = Part(
        name="left_hand",
        points_m=rest,
        triangles=np.vstack(woven_all).astype(np.int32),
        albedo=coloured(rest, colour, seed=13, vary=0.05),
        material="cloth" if dress.gloves else "skin",
        weights=skinned(rest, {"left_wrist": 1 - forearm, "left_elbow": forearm}),
    )
    return part, spread_all


def _finger(
    root: np.ndarray,
    length: float,
    width: float,
    spread: float,
    curls: tuple[float, float],
    open_curls: tuple[float, float],
    *,
    wide: float = 0.35,
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Make a finger twice: loosely curled to the palm (-x), and straight and spread."""
    shapes = []
    for bend, fan in ((curls, spread * wide), (open_curls, spread)):
        places, angle, place = [], bend[0] * 0.4, root.copy()
        for index in range(6):
            places.append((place.copy(), angle))
            angle += (bend[0] + bend[1]) / 5
            step = length / 5
            place = place + step * np.array(
                [-np.sin(angle), -np.cos(angle) * np.cos(fan), np.cos(angle) * np.sin(fan)]
            )
            del index
        rings = []
        thick = width * np.array([1.0, 1.04, 0.98, 0.94, 0.86, 0.55])
        for (middle, turn), radius in zip(places, thick, strict=True):
            a = around(7)
            ring = np.stack([np.cos(a) * np.cos(turn), -np.cos(a) * np.sin(turn), np.sin(a)], -1)
            rings.append(middle + radius * ring)
        shapes.append(np.stack(rings))
    loose, triangles = woven(shapes[0], close_last=True)
    open_, _ = woven(shapes[1], close_last=True)
    return loose, open_, triangles


def leg(build: Build, dress: Dress, bones: Skeleton) -> Part:
    """Make the left leg: a trouser leg, or a stocking."""
    h = build.height_m
    hip, knee, ankle = (bones.rest_m[JOINT[f"left_{n}"]] for n in ("hip", "knee", "ankle"))
    trousers = dress.legs == "trousers" and dress.garment not in ("dress", "robe")
    low = 0.030 if trousers else 0.045
    covered = CUTS[dress.garment].hem + 0.085
    top = min(0.505, covered)
    heights = np.linspace(top, low, max(8, round(50 * (top - low))))
    rows = table(
        ((0.52, 0.053, 0.060, 0.0), (0.46, 0.053, 0.058, 0.0), (0.36, 0.045, 0.048, 0.002),
         (0.285, 0.039, 0.042, 0.004), (0.20, 0.037, 0.041, -0.003), (0.10, 0.036, 0.041, -0.004),
         (0.03, 0.036, 0.044, 0.001))
        if trousers else
        ((0.52, 0.050, 0.056, 0.0), (0.46, 0.048, 0.054, 0.0), (0.36, 0.040, 0.043, 0.002),
         (0.285, 0.032, 0.035, 0.006), (0.245, 0.031, 0.034, -0.002), (0.20, 0.032, 0.036, -0.009),
         (0.13, 0.025, 0.028, -0.006), (0.075, 0.019, 0.023, -0.002), (0.04, 0.021, 0.027, 0.004)),
        heights,
    )  # fmt: skip
    size = 0.5 + 0.5 * girth(build)
    line = np.array([hip, knee, ankle])[::-1]
    y = heights * h + SHOE_M
    centres = np.column_stack(
        [
            np.interp(y, line[:, 1], line[:, 0]),
            y,
            np.interp(y, line[:, 1], line[:, 2]) + rows[:, 2] * h,
        ]
    )
    angles = around(18)
    grid = tube(centres, rows[:, 0] * size * h, rows[:, 1] * size * h, angles)
    if trousers:
        press = 0.004 * h * np.exp(-(((np.abs(np.cos(angles)) - 1) / 0.06) ** 2))
        grid[..., 2] += press * np.sign(np.cos(angles))
        broken = np.exp(-(((heights - 0.075) / 0.025) ** 2)) * np.sin(heights * 330)
        broken = broken + 0.8 * np.exp(-(((heights - 0.30) / 0.03) ** 2)) * np.sin(heights * 240)
        grid[..., 0] += 0.0020 * h * broken[:, None] * np.sin(angles)
        grid[..., 2] += 0.0030 * h * broken[:, None] * np.cos(angles)
    points, triangles = woven(grid, close_first=True)
    at = points[:, 1]
    bend = smoothstep(knee[1] + 0.040 * h, knee[1] - 0.040 * h, at)
    half = np.exp(-(((at - knee[1]) / (0.032 * h)) ** 2))
    foot = smoothstep(ankle[1] + 0.030 * h, ankle[1] - 0.02 * h, at) * (0.35 if trousers else 0.8)
    return Part(
        name="left_leg",
        points_m=points,
        triangles=triangles,
        albedo=coloured(points, dress.legs_colour, seed=17, vary=0.10),
        material="cloth" if trousers else "skin",
        weights=skinned(
            points,
            {
                "left_hip": (1 - bend) * (1 - half),
                "left_knee_half": half,
                "left_knee": bend * (1 - half) * (1 - foot),
                "left_ankle": bend * (1 - half) * foot,
            },
        ),
    )


def shoe(build: Build, dress: Dress, bones: Skeleton) -> Part:
    """Make the left shoe: rings from heel to tip, with a sole."""
    h = build.height_m
    ankle, toe = bones.rest_m[JOINT["left_ankle"]], bones.rest_m[JOINT["left_toe"]]
    # z from the ankle, half width, height of the upper, in body heights
    rows = table(
        ((-0.040, 0.006, 0.020), (-0.037, 0.0165, 0.034), (-0.028, 0.0205, 0.045), (-0.012, 0.0215, 0.053),
         (0.008, 0.0215, 0.051), (0.028, 0.0225, 0.041), (0.050, 0.0255, 0.034), (0.072, 0.0275, 0.030),
         (0.092, 0.0265, 0.026), (0.108, 0.0205, 0.022), (0.117, 0.0120, 0.017), (0.1195, 0.004, 0.012)),
        zs := np.array([-0.040, -0.037, -0.028, -0.012, 0.008, 0.028, 0.050, 0.072, 0.092, 0.108, 0.117, 0.1195]),
    )  # fmt: skip
    angles = around(16)
    grid = np.empty((len(zs), len(angles), 3))
    up = np.cos(angles)
    for index, (z, (half, tall)) in enumerate(zip(zs, rows, strict=True)):
        heel = 0.45 if z < 0.012 else 0.0
        grid[index, :, 0] = (
            ankle[0] + np.sign(np.sin(angles)) * np.abs(np.sin(angles)) ** 0.7 * half * h
        )
        top = np.maximum(up, 0) ** 1.25
        arch = 0.006 * h * np.exp(-(((z - 0.028) / 0.012) ** 2))
        grid[index, :, 1] = np.where(
            up > 0,
            SHOE_M * 0.6 + top * (tall * h + 0.4 * SHOE_M),
            SHOE_M * 0.6 * (1 - np.abs(up) ** 0.5) + arch,
        )
        grid[index, :, 2] = ankle[2] + z * h
        del heel
    points, triangles = woven(grid, close_first=True, close_last=True)
    bend = smoothstep(toe[2] - 0.014 * h, toe[2] + 0.010 * h, points[:, 2])
    return Part(
        name="left_shoe",
        points_m=points,
        triangles=triangles,
        albedo=coloured(points, dress.shoes, seed=19, vary=0.06),
        material="leather",
        weights=skinned(points, {"left_ankle": 1 - bend, "left_toe": bend}),
    )
