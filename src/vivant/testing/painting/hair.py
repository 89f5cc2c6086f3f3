"""Hair: the sheen of its mass, and thousands of strokes on top."""

from __future__ import annotations

import numpy as np
from jaxtyping import Float32

from vivant.testing.painting.anatomy import Head
from vivant.testing.painting.body import scalp_edge
from vivant.testing.painting.curves import Field, bump, step
from vivant.testing.painting.easel import Easel
from vivant.testing.painting.pigment import clouds, linear, sample
from vivant.testing.painting.spec import Colour

Points = Float32[np.ndarray, "n 3"]
CAP, FALL, BUN = 6, 7, 8


def paint_hair(
    colour: Colour,
    *,
    seed: int,
    normal: Points,
    marks: Float32[np.ndarray, "n 2"],
    toward: Float32[np.ndarray, " 3"],
    curls: bool,
) -> tuple[Points, Field]:
    """Tell the colour of a mass of hair in linear light, and its sheen.

    Source: the sheen follows Kajiya and Kay (1989): it depends on the angle to the strand.
    """
    noise = clouds(seed + 5, coarsest_px=6, finest_px=1)
    broad = clouds(seed + 6, coarsest_px=30, finest_px=4)
    around, down = marks[:, 0] * 60, marks[:, 1] * 2.2
    bend = 3 * sample(broad, around * 0.8, down * 3)
    if curls:
        streak = sample(broad, around * 2.6, marks[:, 1] * 24) * 0.9
    else:
        streak = 0.75 * sample(noise, around * 2.4 + bend, down) + 0.6 * sample(noise, around * 0.7 + bend, down * 0.6)
    paint = linear(colour) * np.exp(0.34 * streak)[:, None]
    falls = np.array([0, 1, 0], np.float32)
    strand = falls - normal * (normal @ falls)[:, None]
    strand /= np.maximum(np.linalg.norm(strand, axis=1, keepdims=True), 1e-3)
    half = toward + np.array([0, 0, 1], np.float32)
    half /= np.linalg.norm(half)
    lean = strand @ half + 0.10 * streak
    sheen = np.maximum(1 - lean**2, 0) ** 14 * np.exp(0.5 * streak)
    return paint.astype(np.float32), np.asarray(sheen * (0.25 if curls else 1.0), np.float32)


def stroke_hair(easel: Easel, head: Head) -> None:
    """Break up the edges of the hair with strands, and let some fall over the forehead."""
    scene = easel.scene
    curls = head.spec.hair == "curls"
    for number, count in ((CAP, 3000), (FALL, 2600), (BUN, 400)):
        ys, xs = np.nonzero(scene.what == number)
        if not len(ys):
            continue
        picks = easel.random.integers(0, len(ys), count)
        order = np.argsort(scene.depth[ys[picks], xs[picks]])
        for pick in picks[order]:
            _strand(easel, int(xs[pick]), int(ys[pick]), curls=curls, long=number == FALL)
    if head.spec.hair not in ("bald", "curls") and not head.spec.bangs:
        _hairline(easel, head)
    if head.spec.bangs:
        _bangs(easel, head)


def _strand(easel: Easel, x: int, y: int, *, curls: bool, long: bool) -> None:
    random, scale = easel.random, easel.camera.px_per_cm
    normal = easel.scene.normal[y, x]
    falls = np.array([0.0, 1.0, 0.0], np.float32)
    way = (falls - normal * float(normal @ falls))[:2]
    way = way / max(float(np.linalg.norm(way)), 0.15)
    base = easel.canvas[y, x, :3].astype(np.float32)
    colour = np.clip(base * random.uniform(0.72, 1.28) + random.uniform(-3, 5), 0, 255)
    steps = np.linspace(0, 1, 6, dtype=np.float32)[:, None]
    if curls:
        radius = random.uniform(0.25, 0.5) * scale
        turns = random.uniform(0, 6.28) + steps * random.uniform(2.5, 5.0)
        path = np.array([x, y]) + radius * np.concatenate([np.cos(turns), np.sin(turns)], 1)
    else:
        long_px = random.uniform(1.0, 3.2 if long else 2.0) * scale
        across = np.array([-way[1], way[0]], np.float32)
        bend = random.normal(0, 0.05 if long else 0.10)
        path = np.array([x, y]) + (steps - 0.5) * long_px * way + bend * long_px * (steps - 0.5) ** 2 * across
    easel.brush(path.astype(np.float32), colour, width_px=random.uniform(0.03, 0.07) * scale)


def _hairline(easel: Easel, head: Head) -> None:
    """Fine hairs that start in the skin and are combed back."""
    random, scale = easel.random, easel.camera.px_per_cm
    angle = random.uniform(-1.9, 1.9, 2600).astype(np.float32)
    ring = random.uniform(-12.0, 3.0, 2600).astype(np.float32)
    sheet = head.shell(ring[:, None], angle[:, None], swell=0.0)
    root = sheet.points[:, 0]
    inside = scalp_edge(head, angle, root[:, 1])
    near = (inside > -0.25) & (inside < 0.75)
    root, angle, inside = root[near], angle[near], inside[near]
    back = np.stack([0.35 * np.sin(angle), np.where(np.abs(angle) > 1.05, 0.55, -0.75), -0.65 * np.cos(angle)], 1)
    out = np.stack([np.sin(angle), np.zeros_like(angle), np.cos(angle)], 1)
    start, end = root + 0.08 * out, root + 1.2 * back + 0.55 * out
    a, b = easel.place(start), easel.place(end.astype(np.float32))
    hidden = easel.hidden(a, slack_cm=0.6)
    height, width = easel.scene.depth.shape
    base = linear(head.spec.hair_colour)
    for i in np.flatnonzero(~hidden):
        x, y = int(np.clip(a[i, 0], 0, width - 1)), int(np.clip(a[i, 1], 0, height - 1))
        light = 0.35 + 0.75 * float(easel.brightness(np.array(x), np.array(y)))
        skin = easel.canvas[y, x, :3].astype(np.float32)
        hair = np.clip(base * light * random.uniform(0.6, 1.4), 0, 1) ** (1 / 2.2) * 255
        mix = 0.35 + 0.65 * float(step(-0.25, 0.35, inside[i]))
        middle = (a[i, :2] + b[i, :2]) / 2 + random.normal(0, 0.05, 2) * scale
        path = np.stack([b[i, :2], middle, a[i, :2]]).astype(np.float32)
        easel.brush(path, skin + (hair - skin) * mix, width_px=random.uniform(0.03, 0.06) * scale)


def _bangs(easel: Easel, head: Head) -> None:
    random, scale = easel.random, easel.camera.px_per_cm
    count = 1500
    angle = random.uniform(-1.02, 1.02, count).astype(np.float32)
    end = -2.75 + 0.5 * np.abs(angle) ** 2 + random.normal(0, 0.25, count).astype(np.float32)
    rings = np.linspace(0, 1, 12, dtype=np.float32)[None, :] * (end + 11.0)[:, None] - 11.0
    aim = angle[:, None] + random.normal(0, 0.03, (count, 1)).astype(np.float32) * (rings + 11) / 8
    swell = 1.25 - 0.55 * step(-9.0, -3.0, rings) + random.uniform(-0.12, 0.12, (count, 1))
    points = head.shell(rings.astype(np.float32), aim.astype(np.float32), swell=swell.astype(np.float32)).points
    base = linear(head.spec.hair_colour)
    toward = easel.light.toward
    streak = clouds(head.spec.seed + 8, coarsest_px=12, finest_px=1)
    for i in np.argsort(random.uniform(0, 1, count) + 0.3 * np.abs(angle)):
        path = easel.place(points[i])
        level = 0.30 + 0.45 * max(0.0, float(np.sin(angle[i]) * toward[0] + np.cos(angle[i]) * toward[2]))
        level *= float(np.exp(0.25 * sample(streak, np.array([angle[i] * 40]), np.array([3.0]))[0]))
        shine = 1 + 1.1 * bump(rings[i], 0, at=(-7.6, 0), wide=(1.2, 1)).mean() * random.uniform(0.5, 1.5)
        for part in range(3):
            piece = path[part * 4 : part * 4 + 5, :2]
            glow = shine if part == 1 else 1.0
            colour = np.clip(base * level * glow * random.uniform(0.75, 1.3) + 0.008, 0, 1) ** (1 / 2.2) * 255
            easel.brush(piece, colour, width_px=0.075 * scale, taper=part == 2)


def stroke_brows(easel: Easel, head: Head) -> None:
    """Brows, hair by hair."""
    spec, random = head.spec, easel.random
    thick = (0.62 - 0.26 * spec.softness) * (1 - 0.25 * head.youth)
    count = int(260 + 120 * (1 - spec.softness))
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
        _short_hairs(easel, a, b, tint, strength=0.62, width_cm=0.055)


def stroke_beard(easel: Easel, head: Head) -> None:
    """Beard and moustache, lower hairs first."""
    spec, random = head.spec, easel.random
    if spec.beard <= 0 and spec.moustache <= 0:
        return
    low = head.lower
    ys, xs = np.nonzero(easel.scene.what == 1)
    x, y, z = easel.scene.where[ys, xs].T
    side = np.abs(x)
    top, inner, inner_low, bottom = head.lips(x)
    half = head.mouth_half_cm
    lips = (side < half * 0.97) & (y > top - 0.10) & (y < bottom + 0.12)
    jaw = step(7.9 * low - 0.12 * side**1.3, 8.9 * low - 0.12 * side**1.3, y) * step(-2.6, -1.0, z)
    jaw = np.maximum(jaw, step(4.7, 5.6, side) * step(1.0, 2.5, y) * step(-1.2, 0.0, z) * step(4.6, 3.0, z))
    corner = step(half + 1.1, half + 0.4, side) * step(half - 0.4, half + 0.1, side) * step(6.6 * low, 7.2 * low, y)
    moustache = step(half + 0.9, half - 0.2, side) * step(head.nose_tip_y_cm + 1.02, head.nose_tip_y_cm + 1.35, y)
    moustache = moustache * (y < inner) * (1 - 0.5 * bump(x, y, at=(0, 5.6), wide=(0.2, 0.6)))
    density = np.maximum(np.maximum(jaw, corner) * spec.beard, moustache * spec.moustache)
    density = np.where(lips | (z < -2.5), 0, density)
    chance = density / max(float(density.sum()), 1e-6)
    count = int(2600 + 5200 * max(spec.beard, 0.25 * spec.moustache))
    picks = random.choice(len(ys), count, p=chance)
    full = max(spec.beard, spec.moustache)
    grey = min(head.old, 1.0)
    base = linear(spec.hair_colour)
    for pick in picks[np.argsort(-ys[picks])]:
        px, py, is_lip = x[pick], y[pick], moustache[pick] > 0.3
        lean = np.array([np.sign(px) * 0.9 * min(1, abs(px) / 1.0), 0.42]) if is_lip else np.array([px * 0.05, 1.0])
        lean = lean / np.linalg.norm(lean) + random.normal(0, 0.16, 2)
        long = (0.55 if is_lip else 0.35 + 1.25 * float(step(7.0, 11.0, py))) * full**1.3 * random.uniform(0.6, 1.25)
        long = max(long, 0.12) * easel.camera.px_per_cm
        steps = np.linspace(0, 1, 4, dtype=np.float32)[:, None]
        curl = random.normal(0, 0.15) * np.array([-lean[1], lean[0]])
        path = np.array([xs[pick], ys[pick]]) + steps * long * lean + curl * long * steps**2
        light = 0.25 + 0.85 * float(easel.brightness(xs[pick], ys[pick]))
        white = random.uniform(0.75, 1.5) + 0.4 * grey * random.uniform(0, 1)
        hair = np.clip(base * light * white, 0, 1) ** (1 / 2.2) * 255
        skin = easel.canvas[ys[pick], xs[pick], :3].astype(np.float32)
        mix = min(1.0, 0.35 + 0.75 * full) * (0.45 + 0.55 * density[pick])
        easel.brush(path.astype(np.float32), skin + (hair - skin) * mix, width_px=0.06 * easel.camera.px_per_cm)


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
        root = np.stack([sign * root_side, root_y, _skin_z(head, sign * root_side, root_y) + 0.08], 1)
        long = (0.20 + 0.26 * spec.softness) * (0.45 + 0.55 * t) * random.uniform(0.7, 1.1, count)
        rise = 0.55 if not head.eyes_open else -0.62
        tip = root + np.stack([sign * (0.25 + 0.6 * t) * long, rise * long, 0.75 * long], 1)
        _short_hairs(easel, easel.place(root), easel.place(tip), dark, strength=0.8, width_cm=0.04)


def _short_hairs(
    easel: Easel, a: Points, b: Points, tint: Float32[np.ndarray, " 3"], *, strength: float, width_cm: float
) -> None:
    height, width = easel.scene.depth.shape
    for i in np.flatnonzero(~easel.hidden(a, slack_cm=0.35)):
        x, y = int(np.clip(a[i, 0], 0, width - 1)), int(np.clip(a[i, 1], 0, height - 1))
        light = 0.35 + 0.6 * float(easel.brightness(np.array(x), np.array(y)))
        skin = easel.canvas[y, x, :3].astype(np.float32)
        hair = np.clip(tint * light * easel.random.uniform(0.7, 1.4), 0, 1) ** (1 / 2.2) * 255
        middle = (a[i, :2] + b[i, :2]) / 2 + np.array([0, -0.03 * easel.camera.px_per_cm])
        path = np.stack([a[i, :2], middle, b[i, :2]]).astype(np.float32)
        easel.brush(path, skin + (hair - skin) * strength, width_px=width_cm * easel.camera.px_per_cm)


def _skin_z(head: Head, x: Field, y: Field) -> Field:
    """Tell z of the skin of the face, seen from the front."""
    return head.skin_z(x, y)
