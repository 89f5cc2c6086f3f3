"""Cloth, glasses and earrings."""

from __future__ import annotations

import cv2
import numpy as np
from jaxtyping import Float

from vivant.painting.anatomy import Head
from vivant.painting.curves import ridge, step
from vivant.painting.easel import Easel
from vivant.painting.pigment import clouds, linear, sample
from vivant.painting.spec import Colour

Points = Float[np.ndarray, "n 3"]


def paint_cloth(
    head: Head, points: Points, *, collar: bool, marks: Float[np.ndarray, "n 2"]
) -> Points:
    """Tell the colour of the clothes in linear light."""
    spec = head.spec
    x, y, z = points.T
    weave = clouds(spec.seed + 11, coarsest_px=60, finest_px=2)
    colour = np.tile(linear(spec.clothes_colour), (len(points), 1))
    if spec.clothes == "jacket":
        white = linear((226, 224, 216))
        inside = step(-0.05, 0.12, (27.5 - y) / 2.35 - np.abs(x)) * (z > 0)
        if collar:
            colour = np.tile(white, (len(points), 1))
        else:
            colour += (white - colour) * inside[:, None]
            tie = step(1.0, 0.9, np.abs(x) + 0.25 * step(18.0, 16.2, y)) * inside
            stripe = 0.85 + 0.3 * (np.sin((y + x) * 4.2) > 0.75)
            colour += (linear((96, 34, 40)) * stripe[:, None] - colour) * tie[:, None]
            lapel = ridge(np.abs(x) - (27.5 - y) / 2.35 - 2.7 * step(27.0, 17.0, y), wide=0.10) * (
                z > 0
            )
            edge = ridge(np.abs(x) - (27.5 - y) / 2.35 - 0.08, wide=0.14) * (z > 0)
            colour *= 1 - 0.55 * np.clip(lapel + edge, 0, 1)[:, None]
    elif collar:
        colour *= (1.08 - 0.3 * ridge(marks[:, 1] - 0.9, wide=0.03))[:, None]
    elif spec.clothes == "jumper":
        band = step(1.5, 1.3, marks[:, 1])
        colour *= (
            1
            + band * (0.10 * np.sin(marks[:, 0] * 130) - 0.05)
            - 0.35 * ridge(marks[:, 1] - 1.4, wide=0.12)
        )[:, None]
    else:
        hem = ridge(marks[:, 1] - 0.45, wide=0.05)
        colour *= (1 - 0.25 * hem)[:, None]
    if spec.clothes == "shirt" and not collar:
        placket = ridge(np.abs(x) - 0.95, wide=0.07) * (z > 0) * step(20.0, 21.0, y)
        button = (
            step(0.34, 0.26, np.hypot(x, (y - 23.5 + 4) % 4.2 - 2.1)) * (z > 0) * step(20, 21, y)
        )
        colour *= 1 - 0.35 * placket[:, None]
        colour += (linear((222, 216, 204)) - colour) * 0.8 * button[:, None]
    colour *= (1 + 0.06 * sample(weave, x * 14 + z * 8, y * 14))[:, None]
    folds = sample(weave, x * 2.2 + y * 1.2, y * 0.9 + z)
    return np.asarray(colour * (1 + 0.07 * folds)[:, None], np.float32)


def paint_plain(colour: Colour, points: Points, *, seed: int) -> Points:
    """Tell the colour of felt or of a scarf in linear light."""
    weave = clouds(seed + 12, coarsest_px=40, finest_px=1)
    x, y, z = points.T
    grain = 1 + 0.045 * sample(weave, x * 20 + z * 9, y * 20)
    return np.asarray(linear(colour) * grain[:, None], np.float32)


def draw_glasses(easel: Easel, head: Head) -> None:
    """Draw glasses: their shade on the skin, glare, rims, bridge and temples."""
    if head.spec.glasses == "none":
        return
    rims = [_rim(head, sign) for sign in (-1.0, 1.0)]
    scale = easel.camera.px_per_cm
    dark = (
        np.array([34, 28, 26], np.float32)
        if head.spec.glasses == "square"
        else np.array([112, 86, 48], np.float32)
    )
    thick = 0.34 if head.spec.glasses == "square" else 0.17
    shift = np.array([-easel.light.toward[0] * 0.45, 0.5, -0.5], np.float32)
    veil = np.zeros(easel.canvas.shape[:2], np.uint8)
    for rim in rims:
        path = np.rint(easel.place(rim + shift)[:, :2] * 8).astype(np.int32)
        cv2.polylines(
            veil,
            [path],
            isClosed=True,
            color=255,
            thickness=max(1, round(thick * scale)),
            lineType=cv2.LINE_AA,
            shift=3,
        )
    soft = cv2.GaussianBlur(veil, (0, 0), 0.10 * scale).astype(np.float32)[..., None] / 255
    on_head = (easel.scene.what == 1)[..., None]
    easel.canvas[..., :3] = np.where(
        on_head, easel.canvas[..., :3] * (1 - 0.32 * soft), easel.canvas[..., :3]
    )
    for rim in rims:
        _glare(easel, rim)
    line = np.linspace(-1, 1, 24, dtype=np.float32)
    reach = 3.2 - _half_width(head)
    bridge = np.stack([reach * line, -0.25 - 0.32 * (1 - line**2), 9.75 - 0.35 * line**2], 1)
    for path in (*rims, bridge):
        _wire(easel, path, dark, thick_cm=thick)
    for sign in (-1.0, 1.0):
        hinge = np.array(
            [sign * (3.2 + _half_width(head)), -0.55, _lens_z(3.2 + _half_width(head))], np.float32
        )
        ear = np.array([sign * 7.55 * head.spec.face_width, -0.9, -0.6], np.float32)
        t = np.linspace(0, 1, 30, dtype=np.float32)[:, None]
        temple = hinge + (ear - hinge) * t + np.array([sign * 0.45, 0, 0]) * np.sin(np.pi * t**0.7)
        places = easel.place(temple.astype(np.float32))
        seen = ~easel.hidden(places, slack_cm=0.4)
        for i in range(len(places) - 1):
            if seen[i] and seen[i + 1]:
                easel.brush(
                    places[i : i + 2, :2], dark * 0.9, width_px=thick * 0.85 * scale, taper=False
                )


def _half_width(head: Head) -> float:
    return 2.45 if head.spec.glasses == "square" else 2.2


def _lens_z(x: float) -> float:
    return 9.4 - 0.045 * x * x


def _rim(head: Head, sign: float) -> Points:
    angle = np.linspace(0, 2 * np.pi, 72, endpoint=False, dtype=np.float32)
    power = 0.55 if head.spec.glasses == "square" else 0.95
    s, c = np.sin(angle), np.cos(angle)
    tall = 1.75 if head.spec.glasses == "square" else 2.05
    x = 3.2 + _half_width(head) * np.sign(c) * np.abs(c) ** power
    y = 0.45 + tall * np.sign(s) * np.abs(s) ** power
    return np.stack([sign * x, y, 9.4 - 0.045 * x * x], 1).astype(np.float32)


def _glare(easel: Easel, rim: Points) -> None:
    places = easel.place(rim)[:, :2]
    lens = np.zeros(easel.canvas.shape[:2], np.uint8)
    cv2.fillPoly(lens, [np.rint(places).astype(np.int32)], 255)
    middle = places.mean(axis=0)
    size = float(np.ptp(places[:, 0]))
    height, width = easel.scene.depth.shape
    rows, columns = np.mgrid[0:height, 0:width].astype(np.float32)
    band = ((columns - middle[0]) * 0.8 + (rows - middle[1])) / size
    glare = 0.10 * step(0.35, 0.75, np.abs(band)) * step(0.3, -0.9, band)
    glare = (0.025 + glare) * (lens > 0)
    easel.canvas[..., :3] = (
        easel.canvas[..., :3] * (1 - glare[..., None]) + 255 * glare[..., None]
    ).astype(np.uint8)


def _wire(easel: Easel, path: Points, colour: Float[np.ndarray, " 3"], *, thick_cm: float) -> None:
    scale = easel.camera.px_per_cm
    closed = len(path) > 40
    ring = np.concatenate([path, path[:1]]) if closed else path
    places = easel.place(ring)
    seen = ~easel.hidden(places, slack_cm=0.2)
    for layer, (shade, wide) in enumerate(((0.55, 1.0), (1.0, 0.62), (2.1, 0.16))):
        lift = np.array([easel.light.toward[0], -1.0], np.float32) * layer * 0.025 * scale
        for i in range(len(places) - 1):
            if not (seen[i] and seen[i + 1]):
                continue
            glow = 1.0
            if layer == 2:
                along = places[i + 1, :2] - places[i, :2]
                facing = abs(float(along[0])) / max(float(np.linalg.norm(along)), 1e-3)
                glow = 0.5 + 0.5 * facing
            paint = np.clip(colour * shade * glow + (20 if layer == 2 else 0), 0, 255).astype(
                np.float32
            )
            easel.brush(
                places[i : i + 2, :2] + lift,
                paint,
                width_px=max(1.0, thick_cm * wide * scale),
                taper=False,
            )


def draw_earrings(easel: Easel, head: Head) -> None:
    """Draw a pearl under each ear that shows."""
    if not head.spec.earrings or head.spec.hijab is not None:
        return
    for sign in (-1, 1):
        ear = head.ear(sign).points.reshape(-1, 3)
        lobe = ear[np.argmax(ear[:, 1])] + np.array([sign * 0.1, 0.35, 0.4], np.float32)
        place = easel.place(lobe[None])
        if easel.hidden(place, slack_cm=1.2)[0]:
            continue
        x, y = float(place[0, 0]), float(place[0, 1])
        r = 0.52 * easel.camera.px_per_cm
        for part in np.linspace(1, 0, 14):
            shade = 120 + 125 * (1 - part**1.5)
            at = (
                round((x + (1 - part) * r * 0.4 * float(easel.light.toward[0])) * 8),
                round((y - (1 - part) * r * 0.4) * 8),
            )
            cv2.circle(
                easel.canvas,
                at,
                max(1, round(r * part * 8)),
                (shade, shade * 0.97, shade * 0.92, 255.0),
                -1,
                cv2.LINE_AA,
                3,
            )
