"""Paints a person in the finer way: the whole shoulders, soft light, and no more memory than a photo needs.

Light and hair are worked out at half the size of the canvas; colours of skin and cloth row by row at its full size.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from jaxtyping import Float, UInt8

from vivant.painting import eyes, hair, wear
from vivant.painting.easel import Camera, Easel, turn
from vivant.painting.fine import beard as fine_beard
from vivant.painting.fine import eyes as fine_eyes
from vivant.painting.fine import hair as fine_hair
from vivant.painting.fine.head import FineHead
from vivant.painting.fine.light import KEY, light_softly
from vivant.painting.fine.skin import paint_skin
from vivant.painting.light import Light
from vivant.painting.pigment import clouds, encode, linear, sample, skin_colour
from vivant.painting.raster import Scene, Sheet, draw_sheet, empty_scene, normals_of
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
    sheets_of,
    truth_of,
)  # fmt: skip

ROWS = 128
"""So many rows are coloured at a time."""
AROUND_CM = 5.0
"""Air beside both shoulders."""
EYES_AT = 0.40
"""How far down the picture the eyes lie."""


class SoftEasel(Easel):
    """An easel whose scene and light are known at half the size of its canvas."""

    def hidden(self, places: Float[np.ndarray, "n 3"], *, slack_cm: float = 0.3) -> np.ndarray:
        """Tell which places lie behind something."""
        height, width = self.scene.depth.shape
        x = np.clip(np.rint(places[:, 0] / 2), 0, width - 1).astype(int)
        y = np.clip(np.rint(places[:, 1] / 2), 0, height - 1).astype(int)
        return np.asarray(self.scene.depth[y, x] > places[:, 2] + slack_cm)

    def brightness(self, x: np.ndarray, y: np.ndarray) -> np.ndarray:
        """Tell how much light falls at pixels, about 1 in the main light."""
        return np.asarray(self.light.hard[y // 2, x // 2].mean(-1))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Posed:
    """A surface before the camera."""

    number: int
    sheet: Sheet
    screen: Float[np.ndarray, "rows columns 3"]
    """In pixels of the canvas, and depth."""
    normal: Float[np.ndarray, "rows columns 3"]


def paint_finely(spec: FaceSpec, *, width_px: int, height_px: int) -> Painted:
    """Paint one person, head and shoulders; see ``vivant.painting.paint``."""
    head = FineHead(spec)
    wide, tall = width_px * 2, height_px * 2
    across = 2 * head.shoulders_cm + AROUND_CM + 4.0 * head.youth
    camera = Camera(
        x_px=wide / 2 - 0.5, y_px=tall * EYES_AT - 0.5, px_per_cm=min(wide, tall * 0.8) / across
    )
    turned, below = turn(spec.yaw_deg), turn(spec.yaw_deg * BODY_FOLLOWS)
    posed = [
        _Posed(
            number=number,
            sheet=sheet,
            screen=camera.project(sheet.points @ way.T),
            normal=normals_of(sheet.points) @ way.T,
        )
        for number, sheet, way in sheets_of(head, turned, below)
    ]
    scene = _seen(posed, (height_px, width_px), first=0, fine=1)
    light = light_softly(scene, light_deg=spec.light_deg, px_per_cm=camera.px_per_cm / 2)
    strand = fine_hair.strands_of(head, scene, turned)
    mass = fine_hair.lit_hair(head, scene, light, strand, camera.px_per_cm / 2)
    canvas = np.zeros((tall, wide, 4), np.uint8)
    canvas[..., :3] = cv2.resize(encode(_backdrop(spec, tall // 4, wide // 4)), (wide, tall))
    for first in range(0, tall, ROWS):
        rows = slice(first, min(first + ROWS, tall))
        part = _seen(posed, (rows.stop - first, wide), first=first, fine=2)
        _colour_rows(head, part, light, mass, turned, canvas, rows)
    easel = SoftEasel(
        camera=camera,
        head=turned,
        scene=scene,
        light=light,
        canvas=canvas,
        random=np.random.default_rng(spec.seed),
    )
    _stroke(easel, head, strand)
    finished = cv2.resize(canvas, (width_px, height_px), interpolation=cv2.INTER_AREA)
    return Painted(
        spec=spec,
        pixels=_grained(spec, np.ascontiguousarray(finished[..., :3])),
        truth=truth_of(head, easel, person=np.ascontiguousarray(finished[..., 3])),
    )


def _seen(posed: Sequence[_Posed], shape: tuple[int, int], *, first: int, fine: int) -> Scene:
    """See the surfaces in some rows of the canvas; ``fine`` is 2 at its full size and 1 at half."""
    scene = empty_scene(*shape)
    part = np.array([fine / 2, fine / 2, 1], np.float32)
    for one in posed:
        screen = one.screen * part - np.array([0, first, 0], np.float32)
        if screen[..., 1].max() < -1 or screen[..., 1].min() > shape[0]:
            continue
        draw_sheet(scene, one.sheet, number=one.number, screen=screen, normal=one.normal)
    return scene


def _stroke(easel: SoftEasel, head: FineHead, strand: Float[np.ndarray, "height width 3"]) -> None:
    fine_hair.stroke_brows(easel, head)
    fine_hair.stroke_lashes(easel, head)
    fine_beard.stroke_beard(easel, head)
    if head.spec.hijab is None and head.spec.hair != "bald":
        fine_hair.stroke_hair(easel, head, strand=strand)
        if head.spec.bangs:
            hair.stroke_bangs(easel, head)
        else:
            fine_hair.stroke_hairline(easel, head)
    wear.draw_earrings(easel, head)
    wear.draw_glasses(easel, head)


def _colour_rows(
    head: FineHead,
    scene: Scene,
    light: Light,
    mass: Float[np.ndarray, "half_height half_width 3"],
    turned: Float[np.ndarray, "3 3"],
    canvas: UInt8[np.ndarray, "height width 4"],
    rows: slice,
) -> None:
    what, part = scene.what, scene
    if not what.any():
        return
    lit = _larger(light, rows, what.shape)
    out = np.zeros((*what.shape, 3), np.float32)
    _skin_parts(head, part, lit, out)
    _openings(head, part, lit, turned, out)
    at = np.isin(what, (hair.CAP, hair.FALL, hair.BUN))
    if at.any():
        out[at] = _twice(mass, rows, what.shape)[at]
    _cloth_parts(head, part, lit, out)
    seen = what > 0
    canvas[rows][..., :3][seen] = encode(out[seen])
    canvas[rows][..., 3][seen] = 255


def _twice(small: np.ndarray, rows: slice, shape: tuple[int, ...]) -> np.ndarray:
    """Give rows of the canvas from what was worked out at half size."""
    low, high = rows.start // 2, (rows.stop + 1) // 2
    near = small[max(low - 2, 0) : high + 2]
    wide = cv2.resize(near, (shape[1], 2 * len(near)), interpolation=cv2.INTER_LINEAR)
    skip = 2 * (low - max(low - 2, 0))
    return np.asarray(wide[skip : skip + shape[0]])


def _larger(light: Light, rows: slice, shape: tuple[int, ...]) -> Light:
    return Light(
        toward=light.toward,
        hard=_twice(light.hard, rows, shape),
        soft=_twice(light.soft, rows, shape),
        shade=_twice(light.shade, rows, shape),
        open=_twice(light.open, rows, shape),
    )


def _skin_parts(
    head: FineHead, scene: Scene, light: Light, out: Float[np.ndarray, "height width 3"]
) -> None:
    at = scene.what == HEAD
    if at.any():
        colour, gloss = paint_skin(head, scene.where[at], marks=scene.marks[at])
        out[at] = colour * light.soft[at] + _gloss(gloss, scene, light, at)
    mottle = clouds(head.spec.seed, coarsest_px=40, finest_px=2)
    for number, redness in ((EAR, 0.24), (NECK, 0.04)):
        at = scene.what == number
        if not at.any():
            continue
        x, y, _ = scene.where[at].T
        fair = 1 - 0.7 * head.spec.skin
        colour = skin_colour(head.spec.skin) * (
            1 - redness * fair * np.array([0.05, 1, 1], np.float32)
        )
        colour = colour * (1 + 0.025 * sample(mottle, x * 11, y * 11))[:, None]
        red = 0.04 * fair * sample(mottle, x * 7 + 40, y * 7)
        colour = colour * (1 + red[:, None] * np.array([0.2, -1, -0.9], np.float32))
        if number == NECK and head.old > 0:
            rings = np.clip(np.sin(y * 3.1 + 0.12 * x), 0, 1) ** 6 * (y < 16.5)
            colour = colour * (1 - 0.06 * head.old * rings)[:, None]
        gloss = np.full(len(x), 0.2, np.float32)
        out[at] = colour * light.soft[at] + _gloss(gloss, scene, light, at)


def _gloss(
    gloss: Float[np.ndarray, " n"], scene: Scene, light: Light, at: np.ndarray
) -> Float[np.ndarray, "n 3"]:
    between = light.toward + np.array([0, 0, 1], np.float32)
    between /= np.linalg.norm(between)
    normal = scene.normal[at]
    facing = np.clip(normal @ between, 0, 1)
    edge = 1 + 1.5 * (1 - np.clip(normal[:, 2], 0, 1)) ** 4
    amount = 0.085 * facing**8 * edge * gloss + 0.15 * facing**30 * gloss**2
    return np.asarray((amount * light.shade[at] * light.open[at])[:, None] * KEY, np.float32)


def _cloth_parts(
    head: FineHead, scene: Scene, light: Light, out: Float[np.ndarray, "height width 3"]
) -> None:
    spec = head.spec
    for number in (CLOTH, COLLAR):
        at = scene.what == number
        if at.any():
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


def _openings(
    head: FineHead,
    scene: Scene,
    light: Light,
    turned: Float[np.ndarray, "3 3"],
    out: Float[np.ndarray, "height width 3"],
) -> None:
    toward_viewer = turned.T @ np.array([0, 0, 1], np.float32)
    toward_light = turned.T @ light.toward
    rows = np.nonzero(scene.what == HEAD)
    if not len(rows[0]):
        return
    points = scene.where[rows]
    if head.eyes_open:
        mask = eyes.eye_opening(head, points)
        on = mask > 0
        if on.any():
            where = (rows[0][on], rows[1][on])
            colour, shade, glint = fine_eyes.paint_eyes(
                head, points[on], toward_viewer=toward_viewer, light=toward_light
            )
            lit = (0.35 * light.soft[where] + 0.62 - 0.22 * head.spec.skin) * shade[:, None]
            eye = colour * lit + glint[:, None] * 0.75 * KEY
            out[where] += (eye - out[where]) * mask[on][:, None]
    mask = eyes.mouth_opening(head, points)
    on = mask > 0
    if on.any():
        where = (rows[0][on], rows[1][on])
        colour, shade, gloss = eyes.paint_mouth(head, points[on], toward_viewer=toward_viewer)
        lit = 0.3 * light.soft[where] + 0.55
        teeth = colour * lit * shade[:, None] + (0.03 * gloss * shade)[:, None]
        out[where] += (teeth - out[where]) * mask[on][:, None]


def _backdrop(spec: FaceSpec, tall: int, wide: int) -> Float[np.ndarray, "height width 3"]:
    rows, columns = np.mgrid[0:tall, 0:wide].astype(np.float32)
    x, y = columns / wide - 0.5, rows / tall - 0.42
    away = np.sign(spec.light_deg)
    glow = np.exp(-(((x + 0.18 * away) / 0.5) ** 2) - ((y - 0.05) / 0.55) ** 2)
    brush = clouds(spec.seed + 20, coarsest_px=48, finest_px=3)
    stroke = sample(brush, columns / wide * 160 + rows / tall * 60, rows / tall * 120)
    level = (0.55 + 0.5 * glow) * (1 + 0.02 * stroke) * (1 - 0.2 * np.clip(y, 0, 1))
    return np.asarray(linear(spec.background) * level[..., None], np.float32)


def _grained(
    spec: FaceSpec, pixels: UInt8[np.ndarray, "height width 3"]
) -> UInt8[np.ndarray, "height width 3"]:
    random = np.random.default_rng(spec.seed + 30)
    white = random.standard_normal(pixels.shape[:2]).astype(np.float32)
    grain = np.asarray(cv2.GaussianBlur(white, (0, 0), 0.7), np.float32)
    value = np.asarray(pixels, np.float32)
    if spec.print_look:
        luma = value @ np.array([0.32, 0.55, 0.13], np.float32)
        grey = 255 * np.clip(luma / 255, 0, 1) ** 0.95 * 0.88 + 16
        value = np.repeat((grey + 4.0 * grain)[..., None], 3, axis=2).astype(np.float32)
    else:
        value = (value + 1.4 * grain[..., None]).astype(np.float32)
    return np.asarray(np.clip(value + 0.5, 0, 255), np.uint8)
