"""The shape of a head, in centimetres.

The head's own frame: the origin lies between the pupils on the vertical axis of the head,
x goes to the viewer's right, y down, z toward the viewer. Sizes are those of an adult; a
child's head is the same shape with its lower face shortened.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property

import cv2
import numpy as np

from vivant.painting.curves import Field, Numbers, along, bump, higher, ridge, step
from vivant.painting.raster import Sheet
from vivant.painting.spec import FaceSpec

EYE_X_CM = 3.15
EYEBALL_CM = 1.22
EYEBALL_Z_CM = 6.05
INNER_CORNER_CM, OUTER_CORNER_CM = 1.68, 4.58
MOUTH_Y_CM = 7.15

HALF_WIDTH = {-12.4: 0.1, -12.1: 2.0, -11.2: 4.1, -9.0: 6.15, -6.5: 7.1, -4.0: 7.4, -2.0: 7.25,
              0.0: 7.05, 2.0: 6.95, 4.0: 6.75, 6.0: 6.5, 8.0: 6.25, 10.0: 5.85, 11.3: 5.3, 12.0: 4.6, 12.6: 3.0}  # fmt: skip
FRONT = {-12.4: 0.1, -12.0: 2.8, -11.0: 5.0, -9.0: 7.2, -6.5: 8.6, -4.0: 9.1, -2.0: 9.15, 0.0: 8.75,
         2.0: 8.6, 4.0: 8.6, 6.0: 8.65, 8.0: 8.6, 9.5: 8.5, 10.6: 8.25, 11.3: 7.3, 12.0: 5.2, 12.6: 2.5}  # fmt: skip
BACK = {-12.4: 0.1, -12.0: 4.0, -11.0: 6.4, -9.0: 8.6, -6.0: 9.8, -3.0: 10.0, 0.0: 9.7, 3.0: 8.8,
        6.0: 7.2, 8.0: 6.4, 12.6: 5.6}  # fmt: skip
POINTED = {
    -12.4: 2.0,
    -6.0: 2.25,
    -2.0: 2.35,
    3.0: 2.25,
    6.0: 2.15,
    8.0: 2.05,
    10.0: 2.0,
    12.6: 2.0,
}
JAW_RISE_CM = {-12.4: 0.0, 4.0: 0.0, 7.0: 0.9, 9.0: 2.1, 11.3: 3.9, 12.6: 4.2}
NOSE_HEIGHT = {-2.6: 0.0, -1.6: 0.22, -0.6: 0.42, 0.6: 0.85, 2.0: 1.45, 3.2: 2.05, 4.0: 2.4, 4.45: 2.35, 4.9: 1.8,
               5.3: 0.75, 5.7: 0.0}  # fmt: skip
NOSE_WIDE = {-2.6: 1.3, -0.8: 0.82, 0.5: 0.76, 2.0: 0.82, 3.2: 0.88, 4.2: 0.95, 5.0: 0.9, 5.7: 1.0}


class Head:
    """One person's head, worked out from the spec."""

    wide_at: Mapping[float, float] = HALF_WIDTH
    pointed_at: Mapping[float, float] = POINTED
    torso_at: Mapping[float, float] | None = None
    ear_size, ear_lobe = 1.0, 0.0

    def __init__(self, spec: FaceSpec) -> None:
        self.spec = spec
        youth = float(np.clip((15.0 - spec.age_years) / 10.0, 0.0, 1.0))
        self.youth = youth
        self.old = float(np.clip((spec.age_years - 38.0) / 37.0, 0.0, 1.2))
        self.lower = 1.0 - 0.20 * youth - 0.03 * spec.softness
        self.eye = spec.eye_size * (1.0 + 0.17 * youth + 0.05 * spec.softness)
        self.nose_size = (1.0 - 0.30 * youth) * (1.0 - 0.08 * spec.softness)
        self.smile = {"neutral": 0.0, "content": 0.45, "smile": 1.0, "closed-eyes": 0.1}[
            spec.expression
        ]
        self.gape = 0.85 if spec.expression == "smile" else 0.0
        own = np.random.default_rng(spec.seed + 50).uniform(-1.0, 1.0, 10)
        self.eye_x = EYE_X_CM * (1.0 + 0.065 * float(own[0]))
        self.mouth_wide, self.mouth_low = 1.0 + 0.13 * float(own[1]), 0.32 * float(own[2])
        self.chin_out, self.brow_low = 1.0 + 0.6 * float(own[3]), 0.30 * float(own[4])
        self.cheek_out, self.jaw_wide = 0.34 * float(own[5]), 1.0 + 0.08 * float(own[6])
        self.bridge, self.deep = 1.0 + 0.22 * float(own[7]), 1.0 + 0.3 * float(own[8])
        self.lower *= 1.0 + 0.055 * float(own[9])
        self.eyes_open = spec.expression != "closed-eyes"

    # --- the body ----------------------------------------------------------------------------

    @cached_property
    def bulk(self) -> float:
        """How wide the shoulders are, 1 for a man."""
        return (1.0 - 0.13 * self.spec.softness) * (1.0 - 0.30 * self.youth)

    @cached_property
    def jaw_taper(self) -> float:
        """How much narrower the jaw is than a square man's."""
        return 0.10 * self.spec.softness + 0.04 * self.youth

    @cached_property
    def neck_size(self) -> float:
        """How thick the neck is, 1 for a man."""
        return (1.0 - 0.16 * self.spec.softness) * (1.0 - 0.14 * self.youth)

    @cached_property
    def rise_cm(self) -> float:
        """How much nearer the shoulders lie to the eyes than a grown person's."""
        return 0.0

    def arm_groove(self, x: Field, y: Field) -> Numbers:
        """Tell how deep the fold between arm and chest lies."""
        del x, y
        return 0.0

    # --- the mouth ---------------------------------------------------------------------------

    @cached_property
    def mouth_half_cm(self) -> float:
        """Half the width of the mouth."""
        return (
            (2.5 - 0.35 * self.youth - 0.1 * self.spec.softness)
            * (1.0 + 0.22 * self.smile)
            * self.mouth_wide
        )

    @cached_property
    def mouth_y_cm(self) -> float:
        """Where the lips meet, in the middle."""
        return MOUTH_Y_CM * self.lower + self.mouth_low

    def lips(self, x: Numbers) -> tuple[Field, Field, Field, Field]:
        """Tell y of the four edges of the lips at x: outer and inner upper, inner and outer lower."""
        t = np.clip(np.asarray(x, np.float32) / self.mouth_half_cm, -1.0, 1.0)
        thin = 1.0 - 0.22 * self.smile - 0.22 * self.old
        room = np.sqrt(np.maximum(1.0 - t * t, 0.0))
        line = (
            self.mouth_y_cm + 0.07 * ridge(t, wide=0.3) - 0.55 * self.smile * t * t + 0.06 * t * t
        )
        bow = (1.0 - np.abs(t) ** 1.7) * (1.0 - 0.2 * ridge(t, wide=0.15)) * room**0.3
        upper = 0.66 * self.spec.lip_fullness * thin * bow
        lower = 0.88 * self.spec.lip_fullness * thin * (1.0 - t**2) ** 0.8
        top = line - 0.18 * self.gape * room
        bottom = line + self.gape * (1.0 - np.abs(t) ** 2.5) ** 0.9
        return (
            np.asarray(top - upper, np.float32),
            np.asarray(top, np.float32),
            np.asarray(bottom, np.float32),
            np.asarray(bottom + lower, np.float32),
        )

    # --- the eyes ----------------------------------------------------------------------------

    def lids(self, across: Numbers) -> tuple[Field, Field]:
        """Tell y of the upper and the lower lid, ``across`` centimetres from the middle line."""
        inner, outer = self.eye_span_cm
        t = np.clip((np.asarray(across, np.float32) - inner) / (outer - inner), 0.0, 1.0)
        line = 0.16 - (0.28 + self.spec.eye_tilt) * t
        arch = 4 * t * (1 - t)
        droop = 0.12 * self.old * t
        squint = 0.22 * self.smile
        up = (0.56 + 0.05 * (1 - t)) * self.eye * arch**0.72 * (1 + 0.25 * (0.45 - t))
        down = (0.43 - squint) * self.eye * arch**0.85 * (1 + 0.35 * (t - 0.5))
        if not self.eyes_open:
            up = -0.36 * self.eye * arch**0.8
            down = 0.37 * self.eye * arch**0.8
        return np.asarray(line - up + droop, np.float32), np.asarray(line + down, np.float32)

    @cached_property
    def eye_span_cm(self) -> tuple[float, float]:
        """How far the inner and the outer corner lie from the middle line."""
        middle = (INNER_CORNER_CM + OUTER_CORNER_CM) / 2 + self.eye_x - EYE_X_CM
        half = (OUTER_CORNER_CM - INNER_CORNER_CM) / 2 * (0.55 + 0.45 * self.eye)
        return middle - half + 0.04, middle + half

    def brow(self, across: Numbers) -> Field:
        """Tell y of the middle of the brow."""
        t = np.clip((np.asarray(across, np.float32) - 1.35) / 4.0, -0.2, 1.1)
        lift = 0.30 * self.spec.softness + 0.12 * self.smile
        arch = (0.35 + 0.35 * self.spec.softness) * np.sin(np.pi * np.clip(t, 0, 1) ** 1.25)
        tilt = self.spec.eye_tilt * 0.4
        return np.asarray(-1.75 + self.brow_low - lift - arch + (0.22 - tilt) * t, np.float32)

    # --- the whole surface -------------------------------------------------------------------

    def relief(self, x: Field, y: Field) -> Field:
        """Tell how far the face stands out of the plain head, seen from the front."""
        side = np.sqrt(np.asarray(x) ** 2 + 0.02)
        return np.asarray(
            self._brows_and_cheeks(side, y) + self._nose(x, side, y) + self._mouth(x, side, y),
            dtype=np.float32,
        )

    def _brows_and_cheeks(self, side: Field, y: Field) -> Field:
        spec, low = self.spec, self.lower
        heavy = (1.0 - spec.softness) * (1.0 - self.youth)
        z = (0.22 + 0.42 * heavy) * bump(side, y, at=(2.7, -1.75), wide=(2.2, 0.75))
        z += (0.12 + 0.3 * heavy) * bump(side, y, at=(0.0, -1.8), wide=(1.1, 0.9))
        z += 0.25 * bump(side, y, at=(2.4, -5.0), wide=(2.2, 1.6))
        deep = (1.0 - 0.55 * spec.eye_fold - 0.25 * self.youth) * self.deep
        z -= 0.95 * deep * bump(side, y, at=(3.15, -0.15), wide=(1.9, 1.15))
        z -= 0.75 * deep * bump(side, y, at=(1.45, -0.1), wide=(0.75, 1.0))
        z -= 0.30 * bump(side, y, at=(6.3, -1.5), wide=(1.2, 2.2))
        full = 0.42 + self.cheek_out + 0.18 * self.youth + 0.25 * self.smile
        z += full * bump(side, y, at=(4.4, 2.7 * low - 0.3 * self.smile), wide=(1.7, 1.3))
        z += (0.22 + 0.6 * self.youth - 0.35 * self.old) * bump(
            side, y, at=(4.0, 5.2 * low), wide=(1.6, 1.8)
        )
        z -= (0.10 + 0.35 * heavy + 0.3 * self.old) * bump(
            side, y, at=(4.9, 6.2 * low), wide=(1.2, 1.7)
        )
        z -= (
            (0.10 + 0.10 * self.old)
            * ridge(y - (1.25 + 0.09 * (side - 3.1) ** 2), wide=0.28)
            * bump(side, y, at=(2.6, 1.2), wide=(1.3, 1.0))
        )
        fold_x = 1.85 * self.spec.nose_width * self.nose_size + 0.52 * np.maximum(y - 4.3 * low, 0)
        fold = ridge(side - fold_x - 0.3 * self.smile, wide=0.34) * step(3.9 * low, 4.8 * low, y)
        fold *= step(8.3 * low, 6.6 * low, y)
        z -= (0.05 + 0.16 * self.old + 0.20 * self.smile) * fold
        square = (1.0 - spec.softness) * 0.5
        z += (
            (0.38 + 0.3 * heavy)
            * self.chin_out
            * bump(side, y, at=(0.0, 10.25 * low), wide=(1.3 + 1.6 * square, 0.95))
        )
        z -= 0.42 * bump(side, y, at=(0.0, 8.95 * low), wide=(1.6, 0.5))
        z -= 0.12 * self.old * bump(side, y, at=(2.8, 8.8 * low), wide=(0.5, 0.9))
        return z

    def _nose(self, x: Field, side: Field, y: Field) -> Field:
        size, wide = self.nose_size, self.spec.nose_width
        long = self.spec.nose_length * (1.0 - 0.22 * self.youth) * (0.6 + 0.4 * self.lower)
        v = np.where(y > -0.6, (y + 0.6) / long - 0.6, y)
        flat = 1.0 - 0.3 * self.spec.eye_fold * step(3.0, 0.5, v)
        z = (
            along(NOSE_HEIGHT, v)
            * size
            * flat
            * (1 + (self.bridge - 1) * step(3.6, 1.5, v))
            * np.exp(-((side / (along(NOSE_WIDE, v) * (0.55 + 0.45 * wide))) ** 2.0))
        )
        tip = self.nose_tip_y_cm
        z += 0.34 * bump(x, y, at=(0.0, tip), wide=(0.72 * wide, 0.62))
        wing = 1.24 * wide * (0.4 + 0.6 * size)
        shelf = step(tip + 1.1, tip + 0.62, y)
        z += 1.1 * size * bump(side, y, at=(wing, tip + 0.32), wide=(0.46, 0.5)) * shelf
        z -= (
            0.16
            * ridge(np.hypot(side - wing, (y - tip - 0.2)) - 0.78, wide=0.16)
            * step(wing, wing + 0.4, side)
        )
        z -= 0.38 * bump(side, y, at=(0.60 * wide, tip + 0.80), wide=(0.30, 0.2))
        return np.asarray(z, np.float32)

    @cached_property
    def nose_tip_y_cm(self) -> float:
        """Height of the tip of the nose."""
        long = self.spec.nose_length * (1.0 - 0.22 * self.youth) * (0.6 + 0.4 * self.lower)
        return float((4.15 + 0.6) * long - 0.6)

    def _mouth(self, x: Field, side: Field, y: Field) -> Field:
        low = self.lower
        z = 0.62 * bump(side, y, at=(0.0, self.mouth_y_cm), wide=(2.7, 2.0))
        z -= 0.13 * bump(side, y, at=(0.0, 5.75 * low), wide=(0.3, 0.6))
        z += 0.09 * bump(side, y, at=(0.48, 5.9 * low), wide=(0.22, 0.6))
        top, inner_top, inner_bottom, bottom = self.lips(x)
        inside = step(self.mouth_half_cm * 1.04, self.mouth_half_cm * 0.86, side)
        up = np.clip((y - top) / np.maximum(inner_top - top, 0.05), -0.35, 1.0)
        down = np.clip((y - inner_bottom) / np.maximum(bottom - inner_bottom, 0.05), 0.0, 1.3)
        fullness = np.sqrt(self.spec.lip_fullness)
        rise = np.where(up < 1, np.maximum(up + 0.35, 0) / 1.35, 0)
        z += 0.34 * fullness * inside * np.sin(np.pi * rise**1.25) * (y <= inner_top)
        z += (
            0.42
            * fullness
            * inside
            * np.sin(np.pi * np.clip(down / 1.3, 0, 1) ** 0.72)
            * (y > inner_bottom)
        )
        corner = (self.mouth_half_cm + 0.05, float(self.lips(self.mouth_half_cm)[1]))
        z -= 0.26 * bump(side, y, at=corner, wide=(0.42, 0.5))
        return np.asarray(z, np.float32)

    def eyeballs(self, x: Numbers, y: Numbers) -> Field:
        """Tell z of the skin of the lids where they lie on the eyeballs."""
        radius = EYEBALL_CM + 0.12
        d2 = (np.abs(x) - self.eye_x) ** 2 + (np.asarray(y)) ** 2
        return np.asarray(EYEBALL_Z_CM + radius - d2 / (2 * radius) * 1.12, np.float32)

    def surface(self, z: Field, x: Field, y: Field) -> Field:
        """Put the face on the plain head: z of the skin at (x, y) where the head lies at z."""
        faces = step(1.0, 4.0, z)
        skin = z + faces * self.relief(x, y)
        with_lids = higher(skin, self.eyeballs(x, y), soft=0.22)
        with_lids += self._lid_form(np.abs(x), y)
        return np.asarray(np.where(faces > 0, with_lids, z), np.float32)

    def _lid_form(self, side: Field, y: Field) -> Field:
        upper, lower = self.lids(side)
        crease = (
            ridge(y - (upper - 0.34 + 0.12 * self.old), wide=0.10)
            * step(1.5, 2.1, side)
            * step(5.0, 4.3, side)
        )
        z = -0.10 * (1 - self.spec.eye_fold) * crease * self.eyes_open
        z += (
            0.05
            * ridge(y - lower - 0.12, wide=0.12)
            * bump(side, y, at=(3.1, 0.5), wide=(1.2, 0.6))
        )
        return np.asarray(z, np.float32)

    def sheet(self) -> Sheet:
        """Make the head, from the crown to the throat; its marks are the angle around and the ring."""
        ring = np.linspace(-12.4, 12.6, 430, dtype=np.float32)[:, None]
        around = np.linspace(-1.0, 1.0, 560, dtype=np.float32)[None, :]
        angle = np.pi * (0.55 * around + 0.45 * around**3)
        return self.shell(ring, angle, swell=0.0)

    def shell(self, ring: Field, angle: Field, *, swell: Numbers) -> Sheet:
        """Make a part of the head's surface, moved outward by ``swell`` centimetres."""
        wide = self.spec.face_width * (1.0 + 0.08 * self.youth)
        jaw = (
            1.0
            + (self.jaw_wide - 1.0) * step(1.0, 8.0, ring)
            - self.jaw_taper * step(3.0, 9.5, ring)
        )
        skull = 1.0 + 0.03 * self.youth * step(0.0, -6.0, ring)
        out = swell * np.sqrt(np.clip((ring + 12.4) / 3.0, 0.0, 1.0))
        w = along(self.wide_at, ring) * wide * jaw * skull + out
        front, back = along(FRONT, ring) + out, along(BACK, ring) * skull + out
        power = 2.0 / along(self.pointed_at, ring)
        s, c = np.sin(angle), np.cos(angle)
        x = w * np.sign(s) * np.abs(s) ** power
        z = np.where(c > 0, front, back) * np.sign(c) * np.abs(c) ** power
        y = ring - along(JAW_RISE_CM, ring) * (1.0 - np.clip(c, -0.15, 1.0)) ** 1.15
        y = np.where(y > 0, y * self.lower, y * skull * 0.95) - np.asarray(swell) * step(
            -7.0, -12.0, ring
        )
        shape = np.broadcast_shapes(x.shape, y.shape, z.shape)
        x, y, z = (np.broadcast_to(v, shape).astype(np.float32) for v in (x, y, z))
        if np.ndim(swell) == 0 and float(swell) == 0.0:
            z = self.surface(z, x, y)
        marks = np.stack([np.broadcast_to(angle, shape), np.broadcast_to(ring, shape)], axis=2)
        return Sheet(points=np.stack([x, y, z], axis=2), marks=marks.astype(np.float32))

    def skin_z(self, x: Numbers, y: Numbers) -> Field:
        """Tell z of the skin of the face where it is seen from the front at (x, y)."""
        front = self._front
        rows, columns = len(front[1]), len(front[0])
        u = np.interp(x, front[0], np.arange(columns)).astype(np.float32).reshape(-1, 1)
        v = np.interp(y, front[1], np.arange(rows)).astype(np.float32).reshape(-1, 1)
        return np.asarray(
            cv2.remap(front[2], u, v, cv2.INTER_LINEAR).reshape(np.shape(x)), np.float32
        )

    @cached_property
    def _front(self) -> tuple[Field, Field, Field]:
        """Across, down, and z on that grid."""
        points = self.sheet().points
        ahead = points[points[..., 2] > 0.5]
        across = np.linspace(-7.5, 7.5, 151, dtype=np.float32)
        down = np.linspace(-9.0, 11.5, 206, dtype=np.float32)
        grid = np.full((206, 151), -1.0, np.float32)
        u = np.rint((ahead[:, 0] + 7.5) * 10).astype(int)
        v = np.rint((ahead[:, 1] + 9.0) * 10).astype(int)
        inside = (u >= 0) & (u < 151) & (v >= 0) & (v < 206)
        np.maximum.at(grid, (v[inside], u[inside]), ahead[inside, 2])
        return across, down, cv2.dilate(grid, np.ones((3, 3), np.uint8))

    def ear(self, side: int) -> Sheet:
        """Make an ear; ``side`` is -1 on the viewer's left, 1 on the right."""
        b, a = np.meshgrid(np.linspace(-1, 1, 60), np.linspace(-1, 1, 60), indexing="ij")
        disc_a = a * np.sqrt(1 - b * b / 2)
        disc_b = b * np.sqrt(1 - a * a / 2)
        r = np.hypot(disc_a, disc_b)
        lobe = 1.0 - 0.24 * step(0.0, 1.0, disc_b)
        flare = 0.55
        size = 1.0 - 0.12 * self.youth + 0.08 * self.old
        out = 0.32 * ridge(r - 0.88, wide=0.12) * step(0.9, 0.2, disc_b) - 0.55 * bump(
            disc_a, disc_b, at=(-0.15, 0.12), wide=(0.32, 0.38)
        )
        out += (
            0.22
            * ridge(np.hypot(disc_a + 0.2, disc_b - 0.05) - 0.55, wide=0.12)
            * step(-0.5, 0.1, disc_a)
        )
        out -= 0.35 * r**4
        wide, tall = 1.75 * size, 3.1 * size
        lobe = lobe + self.ear_lobe * step(0.3, 1.0, disc_b)
        back = (disc_a + 1.0) * wide * lobe
        x0 = (along(self.wide_at, 1.5) * self.spec.face_width * (1.0 + 0.08 * self.youth)) - 0.30
        x = side * (x0 + back * np.sin(flare) + out * np.cos(flare))
        z = -0.4 - back * np.cos(flare) + out * np.sin(flare) + 0.25 * disc_b
        y = 1.6 * self.lower + disc_b * tall * self.ear_size - 0.5 * (1 - self.ear_size)
        points = np.stack([x, y, z], axis=2).astype(np.float32)
        marks = np.stack([disc_a, disc_b], axis=2).astype(np.float32)
        if side < 0:
            points, marks = points[:, ::-1], marks[:, ::-1]
        return Sheet(points=np.ascontiguousarray(points), marks=np.ascontiguousarray(marks))
