"""What stands below the head, and what is worn: neck, shoulders, cloth, hat, scarf, hair as surfaces.

All in centimetres of the head's frame; the painter turns the body less than the head.
"""

from __future__ import annotations

import numpy as np
from jaxtyping import Float

from vivant.painting.anatomy import Head
from vivant.painting.curves import Field, along, bump, ridge, step
from vivant.painting.raster import Sheet

TORSO_WIDTH = {
    13.6: 5.4,
    14.6: 6.6,
    15.6: 9.4,
    16.8: 13.2,
    18.2: 16.8,
    20.0: 19.2,
    23.0: 20.6,
    40.0: 21.0,
}
TORSO_FRONT = {13.6: 2.6, 15.0: 3.8, 17.0: 6.2, 20.0: 8.6, 26.0: 10.6, 40.0: 11.0}
TORSO_BACK = {13.6: 5.0, 16.0: 7.5, 20.0: 9.5, 40.0: 10.0}
HAIRLINE: dict[float, float] = {0: -6.7, 22: -6.6, 38: -5.7, 50: -4.4, 60: -2.6, 68: -0.4, 73: 1.6, 84: 1.8, 90: -1.6, 104: 0.5, 116: 4.0,
            140: 6.6, 180: 7.2}  # fmt: skip
FALL_FROM = {-9.5: 30, -6.5: 44, -3.0: 58, 1.0: 64, 6.0: 60, 12.0: 50, 25.0: 38}
"""From which angle hair falls, in degrees from the middle of the face."""
FALL_FROM_FINE = {-9.5: 30, -6.5: 44, -3.0: 58, 1.0: 64, 6.0: 62, 12.0: 50, 18.0: 36, 25.0: 28}
FALL_LIES = {-9.5: 1.0, 2.0: 1.0, 8.0: 0.86, 13.0: 0.70, 18.0: 0.80, 25.0: 0.90}
PART_X_CM = {"long": 0.6, "bob": -2.2, "short": 2.8, "waves": 2.4}
"""Where the hair parts."""
RECEDED: dict[float, float] = {0: -13.0, 40: -12.5, 54: -9.0, 64: -4.0, 70: -0.4, 73: 1.6, 84: 1.8, 90: -1.2, 104: 0.5, 116: 4.0,
           140: 6.6, 180: 7.0}  # fmt: skip


def neck(head: Head) -> Sheet:
    """Make the neck, wider toward its root."""
    size = head.neck_size
    v = np.linspace(0, 1, 90, dtype=np.float32)[:, None]
    angle = np.linspace(-np.pi, np.pi, 200, dtype=np.float32)[None, :]
    y = 5.0 + v * 13.0
    r = (5.5 + 0.5 * v**2 + 3.0 * v**5) * size
    x = r * np.sin(angle)
    z = -1.6 - 1.8 * v + (0.86 * r - 1.6 * v**5) * np.cos(angle)
    cord = ridge(np.abs(x) - (5.0 - 3.6 * v) * size, wide=0.8) * step(0.3, 0.7, v)
    throat = (
        bump(x, y, at=(0.0, 13.2), wide=(1.0, 1.4)) * (1.0 - head.spec.softness) * (1 - head.youth)
    )
    front = step(0.0, 0.5, np.cos(angle))
    z = z + front * (0.35 * cord + 0.4 * throat - 0.5 * bump(x, y, at=(0.0, 17.4), wide=(1.2, 1.0)))
    return _sheet(x, np.broadcast_to(y - head.rise_cm, x.shape), z, angle, v)


def torso(head: Head, *, swell: float = 0.0, neckline: str = "") -> Sheet:
    """Make the shoulders and the chest, bare or as cloth with a neckline."""
    size = head.bulk
    y = np.linspace(13.6, 40.0, 240, dtype=np.float32)[:, None]
    angle = np.linspace(-np.pi, np.pi, 320, dtype=np.float32)[None, :]
    s, c = np.sin(angle), np.cos(angle)
    w = along(head.torso_at or TORSO_WIDTH, y) * size + swell
    front, back = along(TORSO_FRONT, y) + swell, along(TORSO_BACK, y) + swell
    x = w * np.sign(s) * np.abs(s) ** 0.86
    z = -3.2 + np.where(c > 0, front, back) * np.sign(c) * np.abs(c) ** 0.8
    drop = 1.0 - 0.35 * head.youth
    y = np.broadcast_to(13.6 + (y - 13.6) * drop - (0.0 if swell == 0 else 0.25), x.shape)
    bones = (
        ridge(y - 17.4 - 0.10 * np.abs(x), wide=0.5)
        * step(0.8, 2.0, np.abs(x))
        * step(13, 9, np.abs(x))
    )
    z = z + 0.35 * bones * (c > 0) * (swell == 0)
    z = z - head.arm_groove(x, y)
    cut = None
    if neckline:
        side, ahead = np.abs(x), step(-2.0, 1.0, z)
        depth = {"shirt": 20.5, "jumper": 17.2, "jacket": 16.2, "blouse": 22.5, "dress": 20.4}[
            neckline
        ]
        slope = {"shirt": 1.15, "jumper": 0.12, "jacket": 0.5, "blouse": 1.05, "dress": 0.0}[
            neckline
        ]
        round_by = 0.105 if neckline == "dress" else 0.02
        edge = depth - slope * side - round_by * side**2
        cut = np.asarray(y - (ahead * edge + (1 - ahead) * 14.2), np.float32)
    sheet = _sheet(x, y - head.rise_cm, z, angle, y if cut is None else cut)
    return Sheet(points=sheet.points, marks=sheet.marks, cut=cut)


def collar(head: Head) -> Sheet:
    """Make the folded leaves of a shirt's collar."""
    gap = 0.09
    angle = np.linspace(-np.pi + gap, np.pi - gap, 240, dtype=np.float32)[None, :] + np.pi
    v = np.linspace(0, 1, 40, dtype=np.float32)[:, None]
    ahead = (1 + np.cos(angle)) / 2
    size = head.neck_size
    low = 1.0 - 0.10 * head.youth
    top = (11.6 + 3.5 * ahead**1.3) * low
    long = 2.0 + 1.7 * ahead**8
    r = (6.1 * size) + (0.3 + 2.0 * v**0.8)
    x = r * np.sin(angle)
    z = -2.9 + 0.93 * r * np.cos(angle) + 1.6 * v * ahead
    y = top + long * v - head.rise_cm
    return _sheet(x, y, z, angle, v)


def scalp_edge(head: Head, angle: Field, y: Field) -> Field:
    """Tell how deep inside the hair a point of the head lies, in centimetres; below 0 it is bare."""
    table = RECEDED if head.spec.hair == "fringe" else HAIRLINE
    degrees = np.abs(np.degrees(angle))
    line = along(table, degrees)
    line = np.where(line > 0, line * head.lower, line)
    if head.spec.hair in ("long", "bob", "waves") and not head.spec.bangs:
        line = (
            line + 1.3 * step(12, 50, degrees) * step(75, 60, degrees) - 0.3 * step(12, 0, degrees)
        )
    line = line - 0.9 * head.old * ridge((degrees - 40) / 18, wide=1.0) * (1 - head.spec.softness)
    inside = line - y
    if head.spec.hair == "fringe":
        inside = np.minimum(inside, y + 6.3 + 0.02 * np.maximum(degrees - 60, 0))
    return np.asarray(inside, np.float32)


def hair_cap(head: Head, noise: Float[np.ndarray, "n n"]) -> Sheet:
    """Make the hair that lies on the skull."""
    thick = {
        "fringe": 0.7,
        "short": 1.3,
        "crop": 0.55,
        "bob": 1.2,
        "long": 1.15,
        "bun": 0.85,
        "curls": 2.9,
        "waves": 1.6,
    }
    ring = np.linspace(-12.4, 8.0, 300, dtype=np.float32)[:, None]
    angle = np.linspace(-np.pi, np.pi, 520, dtype=np.float32)[None, :]
    bare = head.shell(ring, angle, swell=0.0)
    inside = scalp_edge(head, angle, bare.points[..., 1])
    mask = step(-0.5, 3.2 if head.spec.hair == "curls" else 2.4, inside)
    rows, columns = mask.shape
    lump = noise[
        np.ix_(
            np.arange(rows) * 2 % len(noise), np.linspace(0, len(noise), columns, False).astype(int)
        )
    ]
    rough = {"curls": 0.16, "short": 0.13, "crop": 0.04}.get(head.spec.hair, 0.05)
    tall = 1.0 + (0.45 if head.spec.hair in ("short", "bob", "long", "waves") else 0.0) * step(
        -5.0, -10.0, ring
    )
    swell = thick[head.spec.hair] * mask * tall * (1 + rough * lump) + 0.04
    if head.spec.hair in ("long", "bob", "short", "waves"):
        groove = ridge(bare.points[..., 0] - PART_X_CM[head.spec.hair], wide=0.45) * step(
            -7.0, -9.0, bare.points[..., 1]
        )
        swell = swell * (1 - 0.4 * groove)
    sheet = head.shell(ring, angle, swell=swell)
    frayed = inside + 0.18 * lump + 0.1
    if head.spec.hat:
        frayed = np.minimum(frayed, bare.points[..., 1] + 6.1)
    return Sheet(points=sheet.points, marks=sheet.marks, cut=np.asarray(frayed, np.float32))


def hair_fall(head: Head, noise: Float[np.ndarray, "n n"]) -> Sheet:
    """Make the hair that falls beside the face and behind it."""
    long = head.spec.hair == "long"
    end = {"long": 23.0, "waves": 7.0 * head.lower}.get(head.spec.hair, 9.0 * head.lower)
    y = np.linspace(-9.5, end, 260, dtype=np.float32)[:, None]
    u = np.linspace(-1, 1, 420, dtype=np.float32)[None, :]
    fine = head.spec.style == "fine"
    ahead = along(FALL_FROM_FINE if fine else FALL_FROM, y)
    angle = np.radians(ahead + (180 - ahead) * (1 - np.abs(u))) * np.sign(u + 1e-6)
    wide = along({-9.5: 6.4, -7: 7.9, -4: 8.6, 0: 8.85, 5: 9.1, 10: 9.3, 16: 11.4, 25: 12.6}, y)
    deep = along({-9.5: 7.5, -6: 10.0, 0: 10.9, 8: 10.6, 14: 11.6, 25: 15.5}, y)
    if not long:
        wide = wide - 1.5 * step(end - 3.0, end + 0.5, y) + 0.25
    scale = (1 - 0.05 * head.spec.softness) * head.spec.face_width
    wave = noise[
        np.ix_(
            (np.arange(260) // 2) % len(noise), np.linspace(0, len(noise), 420, False).astype(int)
        )
    ]
    sway = 0.25 * np.sin(y * 0.4 + 2 * u) * step(2.0, 12.0, y) * long
    x = (wide * scale + 0.35 * wave) * np.sin(angle) + sway
    z = (deep + 0.35 * wave) * np.cos(angle)
    if fine:  # what falls before the shoulders lies on them
        z = np.where(z > 0, z * along(FALL_LIES, y), z)
    frayed = (
        end
        - y
        - ((0.9 if fine else 1.6) if long else 0.6)
        * (0.5 + 0.5 * noise[17, np.linspace(0, len(noise), 420, False).astype(int)])
    )
    sheet = _sheet(x, np.broadcast_to(y, x.shape), z, angle, y)
    return Sheet(
        points=sheet.points,
        marks=sheet.marks,
        cut=np.asarray(np.broadcast_to(frayed, x.shape), np.float32),
    )


def bun() -> Sheet:
    """Make a knot of hair on the crown."""
    v = np.linspace(0, np.pi, 60, dtype=np.float32)[:, None]
    angle = np.linspace(-np.pi, np.pi, 120, dtype=np.float32)[None, :]
    x = 3.5 * np.sin(v) * np.sin(angle)
    z = -5.0 + 3.5 * np.sin(v) * np.cos(angle)
    y = -13.2 - 2.9 * np.cos(v) + 0 * angle
    return _sheet(x, y, z, angle, v)


def hat(head: Head) -> Sheet:
    """Make a felt hat with a brim."""
    v = np.linspace(0, 1, 160, dtype=np.float32)[:, None]
    angle = np.linspace(-np.pi, np.pi, 300, dtype=np.float32)[None, :]
    out = along(
        {0.0: 4.4, 0.06: 4.3, 0.36: 0.15, 0.42: 0.0, 0.75: -0.7, 0.84: -1.6, 0.93: -4.5, 1.0: -7.9},
        v,
    )
    up = along(
        {
            0.0: -6.0,
            0.18: -5.75,
            0.36: -6.4,
            0.42: -7.2,
            0.75: -13.2,
            0.84: -14.2,
            0.93: -14.1,
            1.0: -13.5,
        },
        v,
    )
    wide = 8.15 * head.spec.face_width
    x = np.maximum(wide + out, 0) * np.sin(angle)
    z = -0.3 + np.maximum(wide + 1.7 + out * 1.05, 0) * np.cos(angle)
    brim = step(0.4, 0.1, v)
    y = up - 0.055 * brim * np.abs(x) * (np.abs(np.sin(angle)) ** 2) - 0.06 * z + 0 * angle
    return _sheet(x, y, z, angle, v)


def scarf(head: Head) -> tuple[Sheet, Sheet]:
    """Make a hijab: what lies on the head, with the face left free, and what falls on the shoulders."""
    ring = np.linspace(-12.4, 12.6, 320, dtype=np.float32)[:, None]
    angle = np.linspace(-np.pi, np.pi, 520, dtype=np.float32)[None, :]
    fold = np.sin(ring * 1.1 + 2.3 * angle) * step(0.5, 1.6, np.abs(angle))
    on = head.shell(ring, angle, swell=1.15 + 0.10 * fold + 0.9 * step(0.0, 9.0, ring))
    x, y, z = on.points[..., 0], on.points[..., 1], on.points[..., 2]
    oval = (x / (6.15 * head.spec.face_width)) ** 2 + (
        np.where(y < 2, (y - 2) / 7.5, (y - 2) / (8.7 * head.lower))
    ) ** 2
    cut = np.asarray(np.maximum(oval - 1.0, step(2.2, 1.2, z) - 0.5), np.float32)
    v = np.linspace(0, 1, 200, dtype=np.float32)[:, None]
    w = along({0.0: 6.3, 0.12: 8.2, 0.25: 10.6, 0.5: 14.6, 0.75: 20.0, 1.0: 23.5}, v) * (
        0.5 + 0.5 * head.bulk
    )
    d = along({0.0: 6.4, 0.12: 8.0, 0.3: 9.2, 0.6: 11.0, 1.0: 14.5}, v)
    pleat = 0.35 * np.sin(7.0 * angle + 5.5 * v) * step(0.0, 0.3, v) + 0.18 * np.sin(
        15 * angle - 4 * v
    )
    fx, fz = (w + pleat) * np.sin(angle), -1.4 + (d + pleat) * np.cos(angle)
    fy = 9.6 * head.lower + v * 15.0 + 1.4 * np.cos(angle) * step(0.0, 0.2, v) + 0 * angle
    fall = _sheet(fx, fy, fz, angle, v)
    return Sheet(points=on.points, marks=on.marks, cut=cut), fall


def _sheet(x: Field, y: Field, z: Field, mark: Field, other: Field) -> Sheet:
    shape = np.broadcast_shapes(x.shape, y.shape, z.shape)
    points = np.stack([np.broadcast_to(a, shape) for a in (x, y, z)], axis=2).astype(np.float32)
    marks = np.stack([np.broadcast_to(mark, shape), np.broadcast_to(other, shape)], axis=2)
    return Sheet(points=points, marks=marks.astype(np.float32))
