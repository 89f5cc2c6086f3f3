"""Hair: the sheen of its mass, and thousands of strokes on top."""

from __future__ import annotations

import cv2
import numpy as np
from jaxtyping import Float

from vivant.painting.anatomy import Head
from vivant.painting.body import PART_X_CM, scalp_edge
from vivant.painting.curves import Field, bump, step
from vivant.painting.easel import FINE, Easel
from vivant.painting.pigment import clouds, linear, sample
from vivant.painting.raster import Scene
from vivant.painting.spec import Colour

Points = Float[np.ndarray, "n 3"]
CAP, FALL, BUN = 6, 7, 8
HAT_NUMBER = 9
BUN_AT = np.array([0.0, -12.4, -5.0], np.float32)


def flow(
    head: Head, scene: Scene, turned: Float[np.ndarray, "3 3"]
) -> Float[np.ndarray, "height width 3"]:
    """Tell which way the hair runs on each pixel, from root to tip, in the viewer's frame; length 1."""
    at = np.isin(scene.what, (CAP, FALL, BUN))
    strand = np.zeros_like(scene.normal)
    normal = scene.where[at] * np.array([1 / 60, 1 / 130, 1 / 90], np.float32)
    normal /= np.maximum(np.linalg.norm(normal, axis=1, keepdims=True), 1e-3)
    normal = normal @ turned.T
    way = combed(head, scene.where[at])
    knot = scene.what[at] == BUN
    if knot.any():
        way[knot] = np.cross(scene.where[at][knot] - BUN_AT, np.array([0.25, 0.5, 1.0], np.float32))
    way = way @ turned.T
    way -= normal * (way * normal).sum(1, keepdims=True)
    way /= np.maximum(np.linalg.norm(way, axis=1, keepdims=True), 1e-3)
    strand[at] = way
    return strand


def combed(head: Head, points: Points) -> Points:
    """Tell which way hair is combed at points of the head, in its own frame."""
    style = head.spec.hair
    x, y, z = points.T
    if style == "bun":
        return np.asarray(BUN_AT * np.array([1, 0.8, 1], np.float32) - points, np.float32)
    down = np.tile(np.array([0.0, 1.0, 0.0], np.float32), (len(points), 1))
    if style not in PART_X_CM or head.spec.bangs:
        return down
    top = step(-5.5, -9.0, y)[:, None]
    away = np.tanh((x - PART_X_CM[style]) / 0.7)
    back = -0.75 if style == "short" else -0.15
    over = np.stack(
        [away * 1.1, np.full_like(x, -0.05 if style == "short" else 0.3), np.full_like(x, back)],
        axis=1,
    )
    forelock = step(-4.5, -6.5, y) * step(1.0, 4.0, z)
    top = np.maximum(top, forelock[:, None])
    if style == "short":
        over[:, 1] -= 0.7 * forelock
    return np.asarray(down + (over - down) * top, np.float32)


def paint_hair(
    colour: Colour,
    *,
    seed: int,
    strand: Points,
    marks: Float[np.ndarray, "n 2"],
    toward: Float[np.ndarray, " 3"],
    curls: bool,
) -> tuple[Points, Field]:
    """Tell the colour of a mass of hair in linear light, and its sheen.

    Source: the sheen follows Kajiya and Kay (1989): it depends on the angle to the strand.
    """
    broad = clouds(seed + 6, coarsest_px=30, finest_px=4)
    around = marks[:, 0] * 60
    if curls:
        streak = sample(broad, around * 2.6, marks[:, 1] * 24) * 0.9
    else:
        streak = 0.5 * sample(broad, around * 0.9, marks[:, 1] * 1.5)
    paint = linear(colour) * np.exp(0.30 * streak)[:, None]
    half = toward + np.array([0, 0, 1], np.float32)
    half /= np.linalg.norm(half)
    lean = strand @ half + 0.06 * streak
    sheen = np.maximum(1 - lean**2, 0) ** 16 * np.exp(0.4 * streak)
    return paint.astype(np.float32), np.asarray(sheen * (0.25 if curls else 1.0), np.float32)


def stroke_hair(easel: Easel, head: Head, *, strands: Float[np.ndarray, "height width 3"]) -> None:
    """Draw strands over the mass of the hair, far ones first."""
    scene, style = easel.scene, head.spec.hair
    ys, xs = np.nonzero(np.isin(scene.what, (CAP, FALL, BUN)))
    if not len(ys):
        return
    scale = easel.camera.px_per_cm
    if style == "curls":
        picks = easel.random.integers(0, len(ys), 4200)
        for pick in picks[np.argsort(scene.depth[ys[picks], xs[picks]])]:
            _curl(easel, int(xs[pick]), int(ys[pick]))
        return
    picks = easel.random.integers(0, len(ys), min(14_000, 400 + int(len(ys) / scale**2 * 42)))
    picks = picks[np.argsort(scene.depth[ys[picks], xs[picks]])]
    long_cm = {"long": 5.5, "bob": 4.0, "short": 2.2, "bun": 4.0, "fringe": 1.2, "crop": 0.6}[style]
    _strands(easel, strands, xs[picks], ys[picks], long_cm=long_cm)
    if not head.spec.bangs:
        _hairline(easel, head)
    else:
        stroke_bangs(easel, head)


def _strands(
    easel: Easel,
    strands: Float[np.ndarray, "height width 3"],
    xs: np.ndarray,
    ys: np.ndarray,
    *,
    long_cm: float,
) -> None:
    random, scale = easel.random, easel.camera.px_per_cm
    height, width = easel.scene.depth.shape
    count, steps = len(xs), 12
    stride = (random.uniform(0.35, 1.0, count) * long_cm * scale / steps)[:, None]
    blocked = np.isin(easel.scene.what, (HAT_NUMBER,))
    at = np.stack([xs, ys], axis=1).astype(np.float32)
    way = strands[ys, xs, :2].copy()
    swing = random.normal(0, 0.045, (count, 1))
    path = [at]
    for _ in range(steps):
        x = np.clip(np.rint(at[:, 0]), 0, width - 1).astype(int)
        y = np.clip(np.rint(at[:, 1]), 0, height - 1).astype(int)
        here = strands[y, x, :2]
        on = (np.abs(here).sum(1) > 0)[:, None]
        way = np.where(on, 0.55 * way + 0.45 * here, way + np.array([0, 0.05], np.float32))
        stride = np.where(on, stride, stride * 0.55) * ~blocked[y, x][:, None]
        turned = way + swing * np.stack([-way[:, 1], way[:, 0]], axis=1)
        at = (at + turned * stride).astype(np.float32)
        path.append(at)
    ends = np.rint(np.stack(path, axis=1) * (1 << FINE)).astype(np.int32)
    base = easel.canvas[ys, xs, :3].astype(np.float32)
    paint = np.clip(
        base * np.exp(random.normal(0, 0.17, (count, 1))) + random.uniform(-2, 3, (count, 1)),
        0,
        255,
    )
    wide = 1 if scale < 30 else 2
    for i in range(count):
        colour = (float(paint[i, 0]), float(paint[i, 1]), float(paint[i, 2]), 255.0)
        cv2.polylines(easel.canvas, [ends[i, 4:]], False, colour, 1, cv2.LINE_AA, FINE)
        cv2.polylines(easel.canvas, [ends[i, :7]], False, colour, wide, cv2.LINE_AA, FINE)


def _curl(easel: Easel, x: int, y: int) -> None:
    random, scale = easel.random, easel.camera.px_per_cm
    base = easel.canvas[y, x, :3].astype(np.float32)
    colour = np.clip(base * random.uniform(0.65, 1.4) + random.uniform(-3, 6), 0, 255)
    steps = np.linspace(0, 1, 9, dtype=np.float32)[:, None]
    turns = random.uniform(0, 6.28) + steps * random.uniform(3.0, 6.0)
    radius = random.uniform(0.16, 0.38) * scale * (1 - 0.4 * steps)
    path = np.array([x, y]) + radius * np.concatenate([np.cos(turns), np.sin(turns)], 1)
    easel.brush(path.astype(np.float32), colour, width_px=0.045 * scale)


def _hairline(easel: Easel, head: Head) -> None:
    """Fine hairs that start in the skin and run as the hair is combed."""
    random, scale = easel.random, easel.camera.px_per_cm
    count = 9000
    angle = random.uniform(-1.9, 1.9, count).astype(np.float32)
    ring = random.uniform(-12.0, 3.0, count).astype(np.float32)
    root = head.shell(ring[:, None], angle[:, None], swell=0.0).points[:, 0]
    inside = scalp_edge(head, angle, root[:, 1])
    near = (inside > -0.30) & (inside < 0.6) & (root[:, 1] > (-4.6 if head.spec.hat else -99))
    root, angle, inside = root[near], angle[near], inside[near]
    way = combed(head, root)
    way /= np.linalg.norm(way, axis=1, keepdims=True)
    out = np.stack([np.sin(angle), np.zeros_like(angle), np.cos(angle)], 1)
    long = np.where(head.spec.hair in ("crop", "fringe"), 0.5, 1.3) * random.uniform(
        0.6, 1.2, (len(root), 1)
    )
    a = easel.place(root + 0.05 * out)
    middle = easel.place((root + 0.5 * long * way + 0.42 * out).astype(np.float32))[:, :2]
    b = easel.place((root + long * way + 0.62 * out).astype(np.float32))[:, :2]
    hidden = easel.hidden(a, slack_cm=0.7)
    height, width = easel.scene.depth.shape
    base = linear(head.spec.hair_colour)
    for i in np.flatnonzero(~hidden):
        x, y = int(np.clip(a[i, 0], 0, width - 1)), int(np.clip(a[i, 1], 0, height - 1))
        light = 0.30 + 0.65 * float(easel.brightness(np.array(x), np.array(y)))
        skin = easel.canvas[y, x, :3].astype(np.float32)
        hair = np.clip(base * light * random.uniform(0.6, 1.4), 0, 1) ** (1 / 2.2) * 255
        mix = 0.25 + 0.6 * float(step(-0.30, 0.35, inside[i]))
        path = np.stack([b[i], middle[i], a[i, :2]]).astype(np.float32)
        easel.brush(path, skin + (hair - skin) * mix, width_px=random.uniform(0.02, 0.045) * scale)


def stroke_bangs(easel: Easel, head: Head) -> None:
    """Draw the hair that falls over the forehead."""
    random, scale = easel.random, easel.camera.px_per_cm
    count = 2600
    angle = random.uniform(-1.02, 1.02, count).astype(np.float32)
    end = -2.75 + 0.5 * np.abs(angle) ** 2 + random.normal(0, 0.25, count).astype(np.float32)
    rings = np.linspace(0, 1, 12, dtype=np.float32)[None, :] * (end + 11.0)[:, None] - 11.0
    aim = angle[:, None] + random.normal(0, 0.03, (count, 1)).astype(np.float32) * (rings + 11) / 8
    swell = 1.25 - 0.55 * step(-9.0, -3.0, rings) + random.uniform(-0.12, 0.12, (count, 1))
    points = head.shell(
        rings.astype(np.float32), aim.astype(np.float32), swell=swell.astype(np.float32)
    ).points
    base = linear(head.spec.hair_colour)
    toward = easel.light.toward
    streak = clouds(head.spec.seed + 8, coarsest_px=12, finest_px=1)
    for i in np.argsort(random.uniform(0, 1, count) + 0.3 * np.abs(angle)):
        path = easel.place(points[i])
        level = 0.30 + 0.45 * max(
            0.0, float(np.sin(angle[i]) * toward[0] + np.cos(angle[i]) * toward[2])
        )
        level *= float(np.exp(0.25 * sample(streak, np.array([angle[i] * 40]), np.array([3.0]))[0]))
        shine = 1 + 1.1 * bump(rings[i], 0, at=(-7.6, 0), wide=(1.2, 1)).mean() * random.uniform(
            0.5, 1.5
        )
        for part in range(3):
            piece = path[part * 4 : part * 4 + 5, :2]
            glow = shine if part == 1 else 1.0
            colour = (
                np.clip(base * level * glow * random.uniform(0.75, 1.3) + 0.008, 0, 1) ** (1 / 2.2)
                * 255
            )
            easel.brush(piece, colour, width_px=0.05 * scale, taper=part == 2)


def stroke_brows(easel: Easel, head: Head) -> None:
    """Brows, hair by hair."""
    spec, random = head.spec, easel.random
    thick = (0.62 - 0.26 * spec.softness) * (1 - 0.25 * head.youth)
    count = int(420 + 200 * (1 - spec.softness))
    grey = 0.65 * min(head.old, 1.0)
    tint = linear(spec.hair_colour) * (1 - grey * 0.4) * 0.8 + 0.10 * grey
    for sign in (-1.0, 1.0):
        t = random.uniform(0, 1, count).astype(np.float32)
        side = 1.25 + 4.05 * t
        body = np.minimum(1, 0.55 + 2.2 * t) * np.minimum(1, 0.15 + 2.4 * (1 - t))
        y = head.brow(side) + random.normal(0, 0.34, count) * thick * body
        x = sign * side
        z = _skin_z(head, x, y)
        lean = np.clip(-1.1 + 1.9 * t, -1.2, 0.55) + random.normal(0, 0.18, count)
        long = (0.34 + 0.38 * body) * random.uniform(0.7, 1.2, count) * (0.75 + 0.4 * thick)
        tip_x = x + sign * np.cos(lean) * long
        tip_y = y + np.sin(lean) * long * 0.8
        tip = np.stack([tip_x, tip_y, _skin_z(head, tip_x, tip_y) + 0.06], 1)
        a, b = easel.place(np.stack([x, y, z + 0.03], 1)), easel.place(tip)
        _short_hairs(easel, a, b, tint, strength=0.5, width_cm=0.034)


def stroke_beard(easel: Easel, head: Head) -> None:
    """Beard and moustache, lower hairs first."""
    spec, random = head.spec, easel.random
    if spec.beard <= 0 and spec.moustache <= 0:
        return
    low = head.lower
    ys, xs = np.nonzero(easel.scene.what == 1)
    x, y, z = easel.scene.where[ys, xs].T
    side = np.abs(x)
    top, _inner, _inner_low, bottom = head.lips(x)
    half = head.mouth_half_cm
    lips = (side < half * 0.97) & (y > top + 0.16) & (y < bottom + 0.12)
    jaw = step(7.9 * low - 0.12 * side**1.3, 8.9 * low - 0.12 * side**1.3, y) * step(-2.6, -1.0, z)
    jaw = np.maximum(
        jaw, step(4.7, 5.6, side) * step(1.0, 2.5, y) * step(-1.2, 0.0, z) * step(4.6, 3.0, z)
    )
    corner = (
        step(half + 1.1, half + 0.4, side)
        * step(half - 0.4, half + 0.1, side)
        * step(6.6 * low, 7.2 * low, y)
    )
    under_nose = head.nose_tip_y_cm + 1.0
    reach = np.clip(side / (half + 0.75), 0, 1)
    upper_edge = under_nose + 0.15 + (head.mouth_y_cm + 0.15 - under_nose) * 0.92 * reach**2.2
    lower_edge = top + 0.16 + 0.55 * step(0.55, 1.0, reach)
    moustache = step(upper_edge - 0.10, upper_edge + 0.30, y) * step(
        lower_edge + 0.12, lower_edge - 0.2, y
    )
    moustache = (
        moustache * step(1.0, 0.86, reach) * (1 - 0.6 * bump(x, y, at=(0, 5.6), wide=(0.16, 0.7)))
    )
    density = np.maximum(np.maximum(jaw, corner) * spec.beard, moustache * spec.moustache)
    density = np.where(lips | (z < -2.5), 0, density)
    chance = density / max(float(density.sum()), 1e-6)
    count = int(3600 + 7600 * max(spec.beard, 0.25 * spec.moustache))
    picks = random.choice(len(ys), count, p=chance)
    full = max(spec.beard, spec.moustache)
    grey = min(head.old, 1.0)
    base = linear(spec.hair_colour)
    longer = step(7.0, 11.0, y)
    falling = np.linspace(0, 1, 4, dtype=np.float32)[:, None]
    brightness = 0.25 + 0.85 * easel.brightness(xs, ys)
    for pick in picks[np.argsort(-ys[picks])]:
        px, is_lip = x[pick], moustache[pick] > 0.3
        lean = (
            np.array([np.sign(px) * 0.8 * min(1, abs(px) / 0.9), 0.62])
            if is_lip
            else np.array([px * 0.05, 1.0])
        )
        lean = lean / np.linalg.norm(lean) + random.normal(0, 0.16, 2)
        long = (
            (0.42 if is_lip else 0.35 + 1.25 * longer[pick]) * full**1.3 * random.uniform(0.6, 1.25)
        )
        long = max(long, 0.12) * easel.camera.px_per_cm
        curl = random.normal(0, 0.15) * np.array([-lean[1], lean[0]])
        path = np.array([xs[pick], ys[pick]]) + falling * long * lean + curl * long * falling**2
        white = random.uniform(0.75, 1.5) + 0.4 * grey * random.uniform(0, 1)
        hair = np.clip(base * brightness[pick] * white, 0, 1) ** (1 / 2.2) * 255
        skin = easel.canvas[ys[pick], xs[pick], :3].astype(np.float32)
        mix = min(1.0, 0.35 + 0.75 * full) * (0.45 + 0.55 * density[pick])
        easel.brush(
            path.astype(np.float32),
            skin + (hair - skin) * mix,
            width_px=0.038 * easel.camera.px_per_cm,
        )


def stroke_lashes(easel: Easel, head: Head) -> None:
    """Lashes, and the dark line they make together."""
    spec, random = head.spec, easel.random
    inner, outer = head.eye_span_cm
    dark = linear((38, 26, 22)) * (1 + 0.6 * head.old)
    for sign in (-1.0, 1.0):
        side = np.linspace(inner + 0.12, outer + 0.02, 60, dtype=np.float32)
        upper, lower = head.lids(side)
        edge = lower if not head.eyes_open else upper
        line = np.stack([sign * side, edge, _skin_z(head, sign * side, edge) + 0.08], 1)
        places = easel.place(line)
        colour = dark ** (1 / 2.2) * 255
        seen = ~easel.hidden(places, slack_cm=0.5)
        weight = (0.055 + 0.045 * spec.softness) * easel.camera.px_per_cm
        for i in range(len(places) - 1):
            if seen[i]:
                part = np.sin(np.pi * (0.12 + 0.80 * i / len(places)))
                easel.brush(places[i : i + 2, :2], colour, width_px=weight * part, taper=False)
        count = int(36 + 40 * spec.softness)
        t = random.uniform(0.12, 1.0, count).astype(np.float32)
        root_side = inner + (outer - inner) * t
        up, down = head.lids(root_side)
        root_y = down if not head.eyes_open else up
        root = np.stack(
            [sign * root_side, root_y, _skin_z(head, sign * root_side, root_y) + 0.08], 1
        )
        long = (0.20 + 0.26 * spec.softness) * (0.45 + 0.55 * t) * random.uniform(0.7, 1.1, count)
        rise = 0.55 if not head.eyes_open else -0.62
        tip = root + np.stack([sign * (0.25 + 0.6 * t) * long, rise * long, 0.75 * long], 1)
        _short_hairs(easel, easel.place(root), easel.place(tip), dark, strength=0.8, width_cm=0.03)


def _short_hairs(
    easel: Easel,
    a: Points,
    b: Points,
    tint: Float[np.ndarray, " 3"],
    *,
    strength: float,
    width_cm: float,
) -> None:
    height, width = easel.scene.depth.shape
    for i in np.flatnonzero(~easel.hidden(a, slack_cm=0.35)):
        x, y = int(np.clip(a[i, 0], 0, width - 1)), int(np.clip(a[i, 1], 0, height - 1))
        light = 0.35 + 0.6 * float(easel.brightness(np.array(x), np.array(y)))
        skin = easel.canvas[y, x, :3].astype(np.float32)
        hair = np.clip(tint * light * easel.random.uniform(0.7, 1.4), 0, 1) ** (1 / 2.2) * 255
        middle = (a[i, :2] + b[i, :2]) / 2 + np.array([0, -0.03 * easel.camera.px_per_cm])
        path = np.stack([a[i, :2], middle, b[i, :2]]).astype(np.float32)
        easel.brush(
            path, skin + (hair - skin) * strength, width_px=width_cm * easel.camera.px_per_cm
        )


def _skin_z(head: Head, x: Field, y: Field) -> Field:
    """Tell z of the skin of the face, seen from the front."""
    return head.skin_z(x, y)
