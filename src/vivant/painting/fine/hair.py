"""Hair in locks: noise drawn out along the way it is combed, its sheen, loose strands at its edge."""

from __future__ import annotations

import cv2
import numpy as np
from jaxtyping import Float

from vivant.painting.body import scalp_edge
from vivant.painting.curves import Field, step
from vivant.painting.easel import FINE, Easel
from vivant.painting.fine.head import FineHead
from vivant.painting.fine.light import KEY
from vivant.painting.hair import BUN, CAP, FALL, HAT_NUMBER, combed, flow
from vivant.painting.light import Light
from vivant.painting.pigment import clouds, linear, sample
from vivant.painting.raster import Scene

Points = Float[np.ndarray, "n 3"]
Rgb = Float[np.ndarray, "height width 3"]
Grey = Float[np.ndarray, "height width"]
LONG_CM = {
    "long": 5.5,
    "waves": 4.0,
    "bob": 4.0,
    "short": 2.2,
    "bun": 4.0,
    "fringe": 1.2,
    "crop": 0.6,
}
WAVE = {"long": 0.30, "waves": 0.75, "bob": 0.16, "short": 0.30, "fringe": 0.3, "bun": 0.08}
"""How far strands swing from the way they are combed, in radians."""


def strands_of(head: FineHead, scene: Scene, turned: Float[np.ndarray, "3 3"]) -> Rgb:
    """Tell which way hair runs on each pixel of the scene at half size, waves and all."""
    strand = flow(head, scene, turned)
    swing = WAVE.get(head.spec.hair, 0.0)
    if not swing:
        return strand
    at = np.isin(scene.what, (CAP, FALL, BUN))
    x, y, z = scene.where[at].T
    drift = clouds(head.spec.seed + 7, coarsest_px=50, finest_px=6)
    phase = 1.6 * sample(drift, x * 7 + z * 5, y * 3)
    long = step(-9.0, -2.0, y) if head.spec.hair in ("long", "waves", "bob") else 0.7
    angle = swing * (0.7 * np.sin(1.15 * y + phase) + 0.5 * sample(drift, x * 9 + 90, y * 9)) * long
    way = strand[at]
    c, s = np.cos(angle), np.sin(angle)
    strand[at] = np.stack(
        [way[:, 0] * c - way[:, 1] * s, way[:, 0] * s + way[:, 1] * c, way[:, 2]], axis=1
    )
    return strand


def drawn_out(noise: Grey, strand: Rgb, *, long_px: float) -> Grey:
    """Draw noise out along the hair, as a brush pulls paint.

    Source: line integral convolution, Cabral and Leedom (1993).
    """
    height, width = noise.shape
    rows, columns = np.mgrid[0:height, 0:width].astype(np.float32)
    along_x, along_y = (np.ascontiguousarray(strand[..., c]) for c in (0, 1))
    total, steps = noise.copy(), max(3, round(long_px / 1.5))
    for sign in (1.5, -1.5):
        x, y = columns.copy(), rows.copy()
        for _ in range(steps):
            dx = cv2.remap(along_x, x, y, cv2.INTER_NEAREST)
            dy = cv2.remap(along_y, x, y, cv2.INTER_NEAREST)
            x += sign * dx
            y += sign * dy
            total += cv2.remap(noise, x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT)
    return np.asarray(total / (2 * steps + 1), np.float32)


def lit_hair(head: FineHead, scene: Scene, light: Light, strand: Rgb, px_per_cm: float) -> Rgb:
    """Paint the mass of the hair in linear light, at half size; elsewhere it is black.

    Source: the sheen follows Kajiya and Kay (1989): it depends on the angle to the strand.
    """
    out = np.zeros_like(scene.normal)
    at = np.isin(scene.what, (CAP, FALL, BUN))
    if not at.any():
        return out
    ys, xs = np.nonzero(at)
    box = (slice(max(ys.min() - 4, 0), ys.max() + 5), slice(max(xs.min() - 4, 0), xs.max() + 5))
    inside, way = at[box], strand[box]
    if head.spec.hair == "curls":
        way = _ringlets(head, inside.shape, px_per_cm)
    random = np.random.default_rng(head.spec.seed + 6)
    fine = random.standard_normal(inside.shape).astype(np.float32)
    broad = cv2.GaussianBlur(
        random.standard_normal(inside.shape).astype(np.float32), (0, 0), 0.16 * px_per_cm
    )
    short = head.spec.hair in ("curls", "crop")
    lock = 0.10 if head.spec.hair == "crop" else 0.26
    hairs = _even(drawn_out(fine, way, long_px=(0.5 if short else 1.6) * px_per_cm), inside)
    locks = _even(drawn_out(broad, way, long_px=(0.4 if short else 2.4) * px_per_cm), inside)
    base = linear(head.spec.hair_colour)
    depth = np.exp(0.22 * hairs + lock * locks)[inside]
    tone = np.stack([depth, depth**1.06, depth**1.12], axis=1)
    middle = light.toward + np.array([0, 0, 1], np.float32)
    middle /= np.linalg.norm(middle)
    lean = (way @ middle + 0.10 * hairs + 0.10 * locks)[inside]
    spread = np.maximum(1 - lean**2, 0)
    spread_2 = np.maximum(1 - (lean + 0.20) ** 2, 0)
    hard, shade = light.hard[box][inside], light.shade[box][inside]
    nook = light.open[box][inside]
    gleam = (0.10 + 0.9 * shade) * nook * np.exp(0.3 * hairs + 0.2 * locks)[inside]
    gleam *= 0.35 if short else 1.0
    white = 0.028 * spread**40 * gleam
    own = np.sqrt(base) * 0.30 * (spread_2**9 * gleam)[:, None]
    lit = base * tone * (hard * 0.80 + 0.05 * nook[:, None])
    out[box][inside] = lit + (white[:, None] + own * (0.35 + 0.65 * base.mean() ** 0.5)) * KEY * 0.8
    return out


def _ringlets(head: FineHead, shape: tuple[int, ...], px_per_cm: float) -> Rgb:
    """Make strands that turn round small hills of noise."""
    random = np.random.default_rng(head.spec.seed + 5)
    hills = cv2.GaussianBlur(
        random.standard_normal(shape).astype(np.float32), (0, 0), 0.30 * px_per_cm
    )
    down, across = np.gradient(hills)
    way = np.stack([-down, across, np.zeros_like(hills)], axis=2)
    way /= np.maximum(np.linalg.norm(way, axis=2, keepdims=True), 1e-6)
    return way.astype(np.float32)


def _even(noise: Grey, inside: np.ndarray) -> Grey:
    """Give noise mean 0 and deviation 1 where it is looked at."""
    seen = noise[inside]
    even = (noise - seen.mean()) / max(float(seen.std()), 1e-6)
    return np.asarray(np.clip(even, -3, 3), np.float32)


def stroke_hair(easel: Easel, head: FineHead, *, strand: Rgb) -> None:
    """Draw strands over the mass of the hair, far ones first, then those at its edge."""
    scene, style = easel.scene, head.spec.hair
    hair = np.isin(scene.what, (CAP, FALL, BUN))
    ys, xs = np.nonzero(hair)
    if not len(ys):
        return
    scale = easel.camera.px_per_cm
    if style == "curls":
        _curls(easel, 2 * xs, 2 * ys)
        return
    count = min(9_000, 300 + int(4 * len(ys) / scale**2 * 26))
    picks = easel.random.integers(0, len(ys), count)
    picks = picks[np.argsort(scene.depth[ys[picks], xs[picks]])]
    jitter = easel.random.integers(0, 2, (2, len(picks)))
    at = (2 * xs[picks] + jitter[0], 2 * ys[picks] + jitter[1])
    _pull(easel, strand, *at, long_cm=LONG_CM[style], bold=0.13)
    far = cv2.distanceTransform(hair.astype(np.uint8), cv2.DIST_L2, 3)
    rim = np.flatnonzero((far[ys, xs] < 0.11 * scale) & (scene.depth[ys, xs] > -12))
    if len(rim):
        loose = easel.random.choice(rim, min(700, len(rim)))
        _pull(
            easel,
            strand,
            2 * xs[loose],
            2 * ys[loose],
            long_cm=0.75 * LONG_CM[style],
            bold=0.2,
            loose=0.14,
        )


def _pull(
    easel: Easel,
    strand: Rgb,
    xs: np.ndarray,
    ys: np.ndarray,
    *,
    long_cm: float,
    bold: float,
    loose: float = 0.045,
) -> None:
    random, scale = easel.random, easel.camera.px_per_cm
    height, width = strand.shape[:2]
    count, steps = len(xs), 12
    stride = (random.uniform(0.35, 1.0, count) * long_cm * scale / steps)[:, None]
    what = easel.scene.what
    blocked, body = what == HAT_NUMBER, what > 0
    at = np.stack([xs, ys], axis=1).astype(np.float32)
    way = strand[ys // 2, xs // 2, :2].copy()
    swing = random.normal(0, loose, (count, 1))
    path = [at]
    for _ in range(steps):
        x = np.clip(np.rint(at[:, 0] / 2), 0, width - 1).astype(int)
        y = np.clip(np.rint(at[:, 1] / 2), 0, height - 1).astype(int)
        here = strand[y, x, :2]
        on = (np.abs(here).sum(1) > 0)[:, None]
        way = np.where(on, 0.55 * way + 0.45 * here, way + np.array([0, 0.05], np.float32))
        stride = np.where(on, stride, stride * np.where(body[y, x], 0.25, 0.6)[:, None])
        stride = stride * ~blocked[y, x][:, None]
        turned = way + swing * np.stack([-way[:, 1], way[:, 0]], axis=1)
        at = (at + turned * stride).astype(np.float32)
        path.append(at)
    ends = np.rint(np.stack(path, axis=1) * (1 << FINE)).astype(np.int32)
    base = easel.canvas[ys, xs, :3].astype(np.float32)
    paint = np.clip(base * np.exp(random.normal(0, bold, (count, 1))), 0, 255)
    for i in range(count):
        colour = (float(paint[i, 0]), float(paint[i, 1]), float(paint[i, 2]), 255.0)
        cv2.polylines(easel.canvas, [ends[i]], False, colour, 1, cv2.LINE_AA, FINE)


def _curls(easel: Easel, xs: np.ndarray, ys: np.ndarray) -> None:
    random, scale = easel.random, easel.camera.px_per_cm
    picks = random.integers(0, len(ys), 5200)
    picks = picks[np.argsort(easel.scene.depth[ys[picks] // 2, xs[picks] // 2])]
    steps = np.linspace(0, 1, 9, dtype=np.float32)[:, None]
    for pick in picks:
        base = easel.canvas[ys[pick], xs[pick], :3].astype(np.float32)
        colour = np.clip(base * random.uniform(0.72, 1.3) + random.uniform(-2, 4), 0, 255)
        turns = random.uniform(0, 6.28) + steps * random.uniform(3.0, 6.0)
        radius = random.uniform(0.12, 0.30) * scale * (1 - 0.4 * steps)
        path = np.array([xs[pick], ys[pick]]) + radius * np.concatenate(
            [np.cos(turns), np.sin(turns)], 1
        )
        easel.brush(path.astype(np.float32), colour, width_px=0.03 * scale)


def stroke_hairline(easel: Easel, head: FineHead) -> None:
    """Draw fine hairs that start in the skin and run as the hair is combed."""
    random, scale, style = easel.random, easel.camera.px_per_cm, head.spec.hair
    count = 9000
    angle = random.uniform(-1.9, 1.9, count).astype(np.float32)
    ring = random.uniform(-12.0, 3.0, count).astype(np.float32)
    root = head.shell(ring[:, None], angle[:, None], swell=0.0).points[:, 0]
    inside = scalp_edge(head, angle, root[:, 1])
    near = (inside > -0.35) & (inside < 0.7) & (root[:, 1] > (-4.6 if head.spec.hat else -99))
    root, angle, inside = root[near], angle[near], inside[near]
    way = combed(head, root)
    way /= np.linalg.norm(way, axis=1, keepdims=True)
    out = np.stack([np.sin(angle), np.zeros_like(angle), np.cos(angle)], 1)
    if style == "curls":
        way = way * 0.2 + random.normal(0, 0.6, way.shape)
    long = np.where(style in ("crop", "fringe", "curls"), 0.45, 1.3)
    long = long * random.uniform(0.5, 1.2, (len(root), 1))
    a = easel.place(root + 0.05 * out)
    middle = easel.place((root + 0.5 * long * way + 0.36 * out).astype(np.float32))[:, :2]
    b = easel.place((root + long * way + 0.52 * out).astype(np.float32))[:, :2]
    base = linear(head.spec.hair_colour)
    for i in np.flatnonzero(~easel.hidden(a, slack_cm=0.7)):
        path = np.stack([a[i, :2], middle[i], b[i]]).astype(np.float32)
        shade, mix = random.uniform(0.6, 1.4), 0.14 + 0.50 * float(step(-0.35, 0.45, inside[i]))
        for part in (0, 1):  # over skin a breath, over hair no more than hair
            x, y = _pixel(easel, path[part : part + 2].mean(0))
            light = 0.22 + 0.62 * float(easel.brightness(np.array(x), np.array(y)))
            under = easel.canvas[y, x, :3].astype(np.float32)
            hair = np.clip(base * light * shade, 0, 1) ** (1 / 2.2) * 255
            colour = under + (hair - under) * mix
            width = random.uniform(0.015, 0.03) * scale * (1 - 0.3 * part)
            easel.brush(path[part : part + 2], colour, width_px=width, taper=False)


def stroke_brows(easel: Easel, head: FineHead) -> None:
    """Draw brows of fine hairs, thin where they begin and end."""
    spec, random = head.spec, easel.random
    thick = (0.50 - 0.20 * spec.softness) * (1 - 0.25 * head.youth)
    count = int((620 + 260 * (1 - spec.softness)) * (1 - 0.55 * head.infant))
    grey = 0.6 * min(head.old, 1.0)
    tint = linear(spec.hair_colour) * (1 - grey * 0.4) * 0.85 + 0.06 * grey
    for sign in (-1.0, 1.0):
        t = random.uniform(0, 1, count).astype(np.float32)
        side = 1.30 + 3.95 * t
        body = np.minimum(1, 0.30 + 2.4 * t) * np.minimum(1, 0.12 + 1.9 * (1 - t))
        y = head.brow(side) + random.normal(0, 0.33, count) * thick * body
        x = sign * side
        lean = np.clip(-1.15 + 1.9 * t, -1.2, 0.5) + random.normal(0, 0.2, count)
        lean += 0.5 * np.clip((y - head.brow(side)) / 0.3, -1, 1) * (t > 0.2) * -0.6
        long = (0.20 + 0.30 * body) * random.uniform(0.6, 1.2, count) * (0.75 + 0.4 * thick)
        tip_x = x + sign * np.cos(lean) * long
        tip_y = y + np.sin(lean) * long * 0.8
        tip = np.stack([tip_x, tip_y, head.skin_z(tip_x, tip_y) + 0.06], 1)
        a = easel.place(np.stack([x, y, head.skin_z(x, y) + 0.03], 1))
        strength = (
            0.40
            * np.minimum(1, 0.15 + 2.0 * t)
            * np.minimum(1, 0.35 + 2 * (1 - t))
            * (1 - 0.35 * head.youth)
        )
        _short_hairs(easel, a, easel.place(tip), tint, strength=strength)


def stroke_lashes(easel: Easel, head: FineHead) -> None:
    """Draw lashes, and the soft dark line they make together."""
    spec, random = head.spec, easel.random
    inner, outer = head.eye_span_cm
    dark = linear((46, 32, 28)) * (1 + 0.8 * head.old)
    made_up = 0.4 * spec.lip_colour
    for sign in (-1.0, 1.0):
        side = np.linspace(inner + 0.25, outer + 0.03, 60, dtype=np.float32)
        upper, lower = head.lids(side)
        edge = upper if head.eyes_open else lower
        line = np.stack([sign * side, edge, head.skin_z(sign * side, edge) + 0.08], 1)
        places = easel.place(line)
        seen = ~easel.hidden(places, slack_cm=0.5)
        weight = (0.040 + 0.03 * made_up + 0.015 * spec.softness) * (1 - 0.35 * head.youth)
        weight *= easel.camera.px_per_cm
        for i in range(len(places) - 1):
            if seen[i]:
                part = np.sin(np.pi * (0.10 + 0.80 * i / len(places)))
                easel.brush(
                    places[i : i + 2, :2],
                    dark ** (1 / 2.2) * 255,
                    width_px=weight * part,
                    taper=False,
                )
        for low in (False, True):
            count = int((50 if low else 130) * (0.6 + 0.4 * spec.softness))
            t = random.uniform(0.15, 1.0, count).astype(np.float32)
            root_side = inner + (outer - inner) * t
            up, down = head.lids(root_side)
            root_y = down if low or not head.eyes_open else up
            root_z = head.skin_z(sign * root_side, root_y) + 0.08
            root = np.stack([sign * root_side, root_y, root_z], 1)
            long = (0.13 + 0.10 * spec.softness + 0.10 * made_up) * (0.45 + 0.55 * t)
            long *= 1 - 0.3 * head.infant
            long = long * random.uniform(0.6, 1.1, count) * (0.55 if low else 1.0)
            rise = 0.50 if low or not head.eyes_open else -0.75
            tip = root + np.stack([sign * (0.15 + 0.6 * t) * long, rise * long, 0.6 * long], 1)
            strength = np.full(count, (0.2 if low else 0.36) * (1 - 0.3 * head.youth))
            _short_hairs(easel, easel.place(root), easel.place(tip), dark, strength=strength)


def _short_hairs(
    easel: Easel, a: Points, b: Points, tint: Float[np.ndarray, " 3"], *, strength: Field
) -> None:
    for i in np.flatnonzero(~easel.hidden(a, slack_cm=0.35)):
        x, y = _pixel(easel, a[i])
        light = 0.30 + 0.5 * float(easel.brightness(np.array(x), np.array(y)))
        skin = easel.canvas[y, x, :3].astype(np.float32)
        hair = np.clip(tint * light * easel.random.uniform(0.7, 1.4), 0, 1) ** (1 / 2.2) * 255
        middle = (a[i, :2] + b[i, :2]) / 2 + np.array([0, -0.02 * easel.camera.px_per_cm])
        path = np.stack([a[i, :2], middle, b[i, :2]]).astype(np.float32)
        easel.brush(path, skin + (hair - skin) * float(strength[i]), width_px=1.0)


def _pixel(easel: Easel, place: Float[np.ndarray, " n"]) -> tuple[int, int]:
    height, width = easel.canvas.shape[:2]
    return int(np.clip(place[0], 0, width - 1)), int(np.clip(place[1], 0, height - 1))
