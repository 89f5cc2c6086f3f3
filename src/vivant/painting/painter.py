"""Paints people who never lived.

A head is modelled as a surface in centimetres, turned, lit (a soft key with cast shadows, fill,
rim; light wanders under the skin), coloured point by point, and finished with brush strokes for
hair, brows, lashes and beard. It is painted at twice the size and made smaller at the end.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import cv2
import numpy as np
from jaxtyping import Float, UInt8

from vivant.painting import eyes, hair, skin, wear
from vivant.painting.anatomy import Head
from vivant.painting.easel import Camera, Easel, turn
from vivant.painting.fine.painter import paint_finely
from vivant.painting.light import KEY, Light, light_scene
from vivant.painting.pigment import clouds, encode, linear, sample, skin_colour
from vivant.painting.raster import Scene
from vivant.painting.spec import FaceSpec, Painted
from vivant.painting.standing import (
    BODY_FOLLOWS,
    CLOTH,
    COLLAR,
    EAR,
    HAT,
    HEAD,
    NECK,
    SCARF,
    SCARF_FALL,
    stand,
    truth_of,
)  # fmt: skip

CM_ACROSS = 34.0
"""How much of the world is seen across the shorter side."""


def paint(spec: FaceSpec, *, width_px: int = 768, height_px: int = 960) -> Painted:
    """Paint one person, head and shoulders.

    Args:
        spec: Who; the same spec and size give the same pixels.
        width_px: Pixels across, 16 or more.
        height_px: Pixels down, 16 or more.

    Returns:
        The painting, with where its eyes, lips, nose and chin are.
    """
    if spec.style == "fine":
        return paint_finely(spec, width_px=width_px, height_px=height_px)
    head = Head(spec)
    wide, tall = width_px * 2, height_px * 2
    camera = Camera(
        x_px=wide / 2 - 0.5, y_px=tall * 0.43 - 0.5, px_per_cm=min(wide, tall * 0.8) / CM_ACROSS
    )
    turned, below = turn(spec.yaw_deg), turn(spec.yaw_deg * BODY_FOLLOWS)
    scene = stand(head, camera, turned, below, shape=(tall, wide))
    light = light_scene(scene, light_deg=spec.light_deg, px_per_cm=camera.px_per_cm)
    strands = hair.flow(head, scene, turned)
    seen = scene.what > 0
    picture = cv2.resize(encode(_backdrop(spec, tall // 2, wide // 2)), (wide, tall))
    picture[seen] = encode(_surfaces(head, scene, light, strands=strands, turned=turned)[seen])
    canvas = np.dstack([picture, np.where(seen, 255, 0).astype(np.uint8)])
    easel = Easel(
        camera=camera,
        head=turned,
        scene=scene,
        light=light,
        canvas=canvas,
        random=np.random.default_rng(spec.seed),
    )
    hair.stroke_brows(easel, head)
    hair.stroke_lashes(easel, head)
    hair.stroke_beard(easel, head)
    if spec.hijab is None:
        hair.stroke_hair(easel, head, strands=strands)
    wear.draw_earrings(easel, head)
    wear.draw_glasses(easel, head)
    small = cv2.resize(easel.canvas, (width_px, height_px), interpolation=cv2.INTER_AREA)
    pixels = _finish(spec, np.ascontiguousarray(small[..., :3]))
    return Painted(
        spec=spec,
        pixels=pixels,
        truth=truth_of(head, easel, person=np.ascontiguousarray(small[..., 3])),
    )


def group(
    specs: Sequence[FaceSpec], *, width_px: int = 1200, height_px: int = 1200
) -> UInt8[np.ndarray, "height width 3"]:
    """Paint several people in one picture, row by row, as a page of portraits."""
    columns = int(np.ceil(np.sqrt(len(specs))))
    rows = -(-len(specs) // columns)
    wide, tall = width_px // columns, height_px // rows
    page = np.full((height_px, width_px, 3), 96, np.uint8)
    for i, spec in enumerate(specs):
        row, column = divmod(i, columns)
        part = page[row * tall : (row + 1) * tall, column * wide : (column + 1) * wide]
        part[:] = paint(spec, width_px=wide, height_px=tall).pixels
    return page


def profile(spec: FaceSpec) -> FaceSpec:
    """Turn a person 80 degrees away, which no door accepts."""
    return replace(spec, yaw_deg=80.0)


def _surfaces(
    head: Head,
    scene: Scene,
    light: Light,
    *,
    strands: Float[np.ndarray, "height width 3"],
    turned: Float[np.ndarray, "3 3"],
) -> Float[np.ndarray, "height width 3"]:
    spec = head.spec
    out = np.zeros_like(scene.normal)
    shine = _shine(scene, light)
    _skin_parts(head, scene, light, shine, out)
    _openings(head, scene, light, turned, out)
    for number in (hair.CAP, hair.FALL, hair.BUN):
        at = scene.what == number
        if at.any():
            paint_, sheen = hair.paint_hair(
                spec.hair_colour,
                seed=spec.seed,
                strand=strands[at],
                marks=scene.marks[at],
                toward=light.toward,
                curls=spec.hair == "curls",
            )
            glow = (np.sqrt(paint_) * 0.45 + 0.015) * (
                sheen * (0.12 + 0.75 * light.shade[at]) * light.open[at]
            )[:, None]
            out[at] = paint_ * (light.hard[at] * 0.8 + 0.05) + glow * KEY * 0.55
    for number in (CLOTH, COLLAR):
        at = scene.what == number
        cloth = wear.paint_cloth(
            head, scene.where[at], collar=number == COLLAR, marks=scene.marks[at]
        )
        out[at] = cloth * light.hard[at] * 0.95
    for number, colour in ((HAT, spec.hat_colour), (SCARF, spec.hijab), (SCARF_FALL, spec.hijab)):
        at = scene.what == number
        if colour is not None and at.any():
            cloth = wear.paint_plain(colour, scene.where[at], seed=spec.seed)
            if number == HAT:
                band = (scene.marks[at][:, 1] > 0.42) & (scene.marks[at][:, 1] < 0.54)
                cloth[band] *= 0.35
            out[at] = cloth * light.hard[at]
    return out


def _skin_parts(
    head: Head,
    scene: Scene,
    light: Light,
    shine: Float[np.ndarray, "height width 2"],
    out: Float[np.ndarray, "height width 3"],
) -> None:
    at = scene.what == HEAD
    colour, gloss = skin.paint_skin(head, scene.where[at], marks=scene.marks[at])
    out[at] = colour * light.soft[at] + _gloss(gloss, shine[at], light, at)
    mottle = clouds(head.spec.seed, coarsest_px=40, finest_px=2)
    for number, redness in ((EAR, 0.22), (NECK, 0.03)):
        at = scene.what == number
        if not at.any():
            continue
        x, y, _ = scene.where[at].T
        fair = 1 - 0.7 * head.spec.skin
        colour = skin_colour(head.spec.skin) * (
            1 - redness * fair * np.array([0.05, 1, 1], np.float32)
        )
        colour = colour * (1 + 0.03 * sample(mottle, x * 20, y * 20))[:, None]
        if number == NECK and head.old > 0:
            rings = np.clip(np.sin(y * 3.1 + 0.12 * x), 0, 1) ** 6 * (y < 16.5)
            colour = colour * (1 - 0.06 * head.old * rings)[:, None]
        out[at] = colour * light.soft[at] + _gloss(
            np.full(len(x), 0.22, np.float32), shine[at], light, at
        )


def _gloss(
    gloss: Float[np.ndarray, " n"],
    shine: Float[np.ndarray, "n 2"],
    light: Light,
    at: UInt8[np.ndarray, "height width"] | np.ndarray,
) -> Float[np.ndarray, "n 3"]:
    broad, tight = shine[:, 0], shine[:, 1]
    amount = (0.10 * broad * gloss + 0.26 * tight * gloss**2) * light.shade[at] * light.open[at]
    return np.asarray(amount[:, None] * KEY, np.float32)


def _shine(scene: Scene, light: Light) -> Float[np.ndarray, "height width 2"]:
    half = light.toward + np.array([0, 0, 1], np.float32)
    half /= np.linalg.norm(half)
    facing = np.clip(scene.normal @ half, 0, 1)
    edge = 1 + 1.5 * (1 - np.clip(scene.normal[..., 2], 0, 1)) ** 4
    return np.stack([facing**10 * edge, facing**42], axis=-1).astype(np.float32)


def _openings(
    head: Head,
    scene: Scene,
    light: Light,
    turned: Float[np.ndarray, "3 3"],
    out: Float[np.ndarray, "height width 3"],
) -> None:
    toward_viewer = turned.T @ np.array([0, 0, 1], np.float32)
    toward_light = turned.T @ light.toward
    at = scene.what == HEAD
    rows = np.nonzero(at)
    points = scene.where[at]
    if head.eyes_open:
        mask = eyes.eye_opening(head, points)
        on = mask > 0
        where = (rows[0][on], rows[1][on])
        colour, shade, glint = eyes.paint_eyes(
            head, points[on], toward_viewer=toward_viewer, light=toward_light
        )
        lit = (0.25 * light.soft[where] + 0.75 * light.soft[where].mean()) * shade[:, None]
        eye = colour * lit + glint[:, None] * 0.85 * KEY * (0.4 + 0.6 * light.shade[where])[:, None]
        out[where] += (eye - out[where]) * mask[on][:, None]
    mask = eyes.mouth_opening(head, points)
    on = mask > 0
    if on.any():
        where = (rows[0][on], rows[1][on])
        colour, shade, gloss = eyes.paint_mouth(head, points[on], toward_viewer=toward_viewer)
        lit = 0.2 * light.soft[where] + 0.8 * light.soft[where].mean(0)
        teeth = colour * lit * shade[:, None] + (0.04 * gloss * shade)[:, None]
        out[where] += (teeth - out[where]) * mask[on][:, None]


def _backdrop(spec: FaceSpec, tall: int, wide: int) -> Float[np.ndarray, "height width 3"]:
    rows, columns = np.mgrid[0:tall, 0:wide].astype(np.float32)
    x, y = columns / wide - 0.5, rows / tall - 0.42
    away = np.sign(spec.light_deg)
    glow = np.exp(-(((x + 0.18 * away) / 0.45) ** 2) - ((y - 0.05) / 0.5) ** 2)
    brush = clouds(spec.seed + 20, coarsest_px=48, finest_px=3)
    stroke = sample(brush, columns / wide * 160 + rows / tall * 60, rows / tall * 120)
    level = (0.48 + 0.62 * glow) * (1 + 0.035 * stroke) * (1 - 0.25 * np.clip(y, 0, 1))
    return np.asarray(linear(spec.background) * level[..., None], np.float32)


def _finish(
    spec: FaceSpec, pixels: UInt8[np.ndarray, "height width 3"]
) -> UInt8[np.ndarray, "height width 3"]:
    random = np.random.default_rng(spec.seed + 30)
    white = random.standard_normal(pixels.shape[:2]).astype(np.float32)
    grain = np.asarray(cv2.GaussianBlur(white, (0, 0), 0.7), np.float32)
    value = np.asarray(pixels, np.float32)
    if spec.print_look:
        luma = value @ np.array([0.32, 0.55, 0.13], np.float32)
        grey = 255 * np.clip(luma / 255, 0, 1) ** 0.95 * 0.88 + 16
        value = np.repeat((grey + 5.0 * grain)[..., None], 3, axis=2).astype(np.float32)
    else:
        value = (value + 1.6 * grain[..., None]).astype(np.float32)
    return np.asarray(np.clip(value + 0.5, 0, 255), np.uint8)
