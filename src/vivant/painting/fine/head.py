"""The shape of a head with softer forms: rounder cheeks, a nose without edges, lids that fold."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property

import numpy as np

from vivant.painting.anatomy import Head
from vivant.painting.curves import Field, Numbers, along, bump, ridge, step
from vivant.painting.spec import FaceSpec

HALF_WIDTH: Mapping[float, float] = {-12.4: 0.1, -12.1: 2.0, -11.2: 4.1, -9.0: 6.15, -6.5: 7.15, -4.0: 7.4, -2.0: 7.2,
              0.0: 6.95, 2.0: 6.8, 4.0: 6.5, 6.0: 6.12, 8.0: 5.65, 10.0: 4.95, 11.3: 4.1, 12.0: 3.3, 12.6: 2.1}  # fmt: skip
POINTED: Mapping[float, float] = {
    -12.4: 2.0,
    -6.0: 2.15,
    -2.0: 2.15,
    3.0: 2.05,
    6.0: 2.0,
    10.0: 2.0,
    12.6: 2.0,
}
TORSO_WIDTH: Mapping[float, float] = {13.6: 5.2, 14.6: 6.3, 15.6: 8.1, 16.8: 10.9, 18.2: 14.2, 19.6: 16.9, 21.6: 19.0,
                                      24.5: 20.3, 31.0: 20.9, 40.0: 20.4}  # fmt: skip
NOSE_HEIGHT = {-3.0: 0.0, -1.9: 0.10, -0.8: 0.30, 0.5: 0.70, 1.8: 1.22, 3.0: 1.78, 3.9: 2.12, 4.4: 2.08, 4.9: 1.50,
               5.4: 0.55, 6.0: 0.0}  # fmt: skip
NOSE_WIDE = {-3.0: 2.0, -0.8: 1.4, 0.5: 1.26, 2.0: 1.30, 3.2: 1.36, 4.2: 1.36, 5.0: 1.2, 5.8: 1.2}


class FineHead(Head):
    """One person's head, worked out from the spec."""

    wide_at: Mapping[float, float] = HALF_WIDTH
    pointed_at: Mapping[float, float] = POINTED
    torso_at: Mapping[float, float] | None = TORSO_WIDTH
    ear_size, ear_lobe = 0.84, 0.12

    def __init__(self, spec: FaceSpec) -> None:
        super().__init__(spec)
        self.infant = float(np.clip((3.0 - spec.age_years) / 2.5, 0.0, 1.0))
        self.eye *= 1.15 + 0.06 * self.infant
        self.lower *= (1.0 - 0.05 * self.infant) * (1.0 + 0.09 * self.youth)
        self.heavy = (1.0 - spec.softness) * (1.0 - self.youth)

    @cached_property
    def mouth_half_cm(self) -> float:
        """Half the width of the mouth."""
        grown = 2.42 - 0.38 * self.youth - 0.1 * self.spec.softness
        return grown * (1.0 + 0.17 * self.smile) * (0.5 + 0.5 * self.mouth_wide)

    # --- the mouth ---------------------------------------------------------------------------

    def lips(self, x: Numbers) -> tuple[Field, Field, Field, Field]:
        """Tell y of the four edges of the lips at x: outer and inner upper, inner and outer lower."""
        t = np.clip(np.asarray(x, np.float32) / self.mouth_half_cm, -1.0, 1.0)
        a = np.abs(t)
        thin = 1.0 - 0.2 * self.smile - 0.26 * self.old
        room = np.sqrt(np.maximum(1.0 - t * t, 0.0))
        line = self.mouth_y_cm + 0.08 * ridge(t, wide=0.28) - 0.05 * ridge(a - 0.42, wide=0.3)
        line = line - (0.06 + 0.5 * self.smile) * t * t
        bow = (1.0 - a**1.45) * (1.0 - 0.17 * ridge(t, wide=0.14)) * room**0.35
        upper = 0.74 * self.spec.lip_fullness * thin * bow
        lower = 0.94 * self.spec.lip_fullness * thin * (1.0 - t**2) ** 0.85
        top = line - 0.18 * self.gape * room
        bottom = line + self.gape * (1.0 - a**2.5) ** 0.9
        return (
            np.asarray(top - upper, np.float32),
            np.asarray(top, np.float32),
            np.asarray(bottom, np.float32),
            np.asarray(bottom + lower, np.float32),
        )

    # --- the eyes ----------------------------------------------------------------------------

    def lids(self, across: Numbers) -> tuple[Field, Field]:
        """Tell y of the upper and the lower lid, ``across`` centimetres from the middle line."""
        if not self.eyes_open:
            return super().lids(across)
        inner, outer = self.eye_span_cm
        t = np.clip((np.asarray(across, np.float32) - inner) / (outer - inner), 0.0, 1.0)
        line = 0.20 - (0.24 + self.spec.eye_tilt) * t
        arch = 4 * t * (1 - t)
        droop = (0.03 + 0.12 * self.old) * t * arch**0.3
        up = (0.55 - 0.04 * self.old) * self.eye * arch**0.66 * (1 + 0.22 * (0.42 - t))
        down = (0.39 - 0.13 * self.smile) * self.eye * arch**0.9 * (1 + 0.5 * (t - 0.5))
        return np.asarray(line - up + droop, np.float32), np.asarray(line + down, np.float32)

    def crease(self, upper: Numbers) -> Numbers:
        """Tell y of the fold over the upper lid."""
        return upper - (0.27 + 0.06 * self.spec.softness) + 0.13 * self.old + 0.05 * self.youth

    # --- the whole surface -------------------------------------------------------------------

    def _brows_and_cheeks(self, side: Field, y: Field) -> Field:
        low, heavy, old, youth = self.lower, self.heavy, self.old, self.youth
        z = (0.10 + 0.30 * heavy) * bump(side, y, at=(2.8, -1.95), wide=(2.3, 0.85))
        z += (0.05 + 0.18 * heavy) * bump(side, y, at=(0.0, -1.9), wide=(1.2, 1.0))
        z += (0.22 + 0.2 * youth) * bump(side, y, at=(2.2, -5.2), wide=(2.8, 2.2))
        deep = (1.0 - 0.55 * self.spec.eye_fold - 0.3 * youth) * self.deep
        z -= 0.74 * deep * bump(side, y, at=(3.1, -0.1), wide=(2.0, 1.15))
        z -= 0.62 * deep * bump(side, y, at=(1.45, 0.0), wide=(0.8, 1.0))
        z += (0.16 + 0.10 * self.spec.eye_fold + 0.06 * old) * bump(
            side, y, at=(3.6, -1.02), wide=(1.6, 0.45)
        )
        z -= 0.25 * bump(side, y, at=(6.3, -1.5), wide=(1.3, 2.4))
        full = 0.40 + 0.8 * self.cheek_out + 0.22 * youth + 0.30 * self.smile
        z += full * bump(side, y, at=(4.0, 3.0 * low - 0.35 * self.smile), wide=(2.0, 1.7))
        z += 0.14 * bump(side, y, at=(5.5, 1.9), wide=(1.2, 1.2))
        z += 0.5 * self.infant * bump(side, y, at=(4.6, 6.0 * low), wide=(1.6, 1.8))
        z += (0.26 + 0.6 * youth - 0.30 * old) * bump(side, y, at=(4.2, 5.9 * low), wide=(1.8, 2.1))
        z -= (0.04 + 0.20 * heavy + 0.22 * old) * bump(
            side, y, at=(5.0, 6.6 * low), wide=(1.3, 1.9)
        )
        under = y - (1.2 + 0.08 * (side - 3.1) ** 2)
        z -= (
            (0.05 + 0.10 * old)
            * ridge(under, wide=0.34)
            * bump(side, y, at=(2.5, 1.2), wide=(1.3, 1.0))
        )
        z -= (0.03 + 0.12 * old + 0.15 * self.smile * (1 - 0.6 * youth)) * self.fold(side, y)
        square = (1.0 - self.spec.softness) * 0.5
        chin = (0.30 + 0.22 * heavy) * self.chin_out
        z += chin * bump(side, y, at=(0.0, 10.2 * low), wide=(1.5 + 1.5 * square, 1.05))
        z -= 0.30 * bump(side, y, at=(0.0, 9.0 * low), wide=(1.7, 0.55))
        z -= 0.12 * old * bump(side, y, at=(2.8, 8.9 * low), wide=(0.6, 1.0))
        return z

    def fold(self, side: Field, y: Field, *, wide: float = 0.42) -> Field:
        """Tell where the fold from the nose to the corner of the mouth lies, 0..1."""
        low = self.lower
        at = 1.8 * self.spec.nose_width * self.nose_size + 0.5 * np.maximum(y - 4.3 * low, 0)
        return np.asarray(
            ridge(side - at - 0.3 * self.smile - 0.1, wide=wide)
            * step(4.0 * low, 5.2 * low, y)
            * step(8.2 * low, 6.0 * low, y),
            np.float32,
        )

    def _nose(self, x: Field, side: Field, y: Field) -> Field:
        size, wide = self.nose_size, self.spec.nose_width
        long = self.spec.nose_length * (1.0 - 0.22 * self.youth) * (0.6 + 0.4 * self.lower)
        v = np.where(y > -0.6, (y + 0.6) / long - 0.6, y)
        flat = 1.0 - (0.3 * self.spec.eye_fold + 0.35 * self.youth) * step(3.2, 0.3, v)
        ridge_wide = along(NOSE_WIDE, v) * (0.55 + 0.45 * wide)
        cut = 0.82 * np.exp(-((side / ridge_wide) ** 2.0))
        cut = cut + 0.18 * np.exp(-((side / (1.8 * ridge_wide)) ** 2.0))
        z = along(NOSE_HEIGHT, v) * size * flat * (1 + (self.bridge - 1) * step(3.6, 1.5, v)) * cut
        tip = self.nose_tip_y_cm
        z += 0.46 * size * bump(x, y, at=(0.0, tip - 0.05), wide=(0.74 * wide, 0.66))
        z -= 0.14 * size * bump(side, y, at=(0.82 * wide, tip - 0.25), wide=(0.34, 0.6))
        wing = 1.16 * wide * (0.4 + 0.6 * size)
        shelf = step(tip + 1.12, tip + 0.60, y)
        z += 0.82 * size * bump(side, y, at=(wing, tip + 0.34), wide=(0.52, 0.52)) * shelf
        around = np.hypot(side - wing, (y - tip - 0.2)) - 0.84
        z -= 0.15 * ridge(around, wide=0.18) * step(wing - 0.2, wing + 0.3, side)
        z -= 0.26 * bump(side, y, at=(0.58 * wide, tip + 0.80), wide=(0.34, 0.22))
        return np.asarray(z, np.float32)

    def _mouth(self, x: Field, side: Field, y: Field) -> Field:
        low = self.lower
        z = 0.60 * bump(side, y, at=(0.0, self.mouth_y_cm), wide=(2.7, 2.1))
        z -= 0.11 * bump(side, y, at=(0.0, 5.85 * low), wide=(0.34, 0.6))
        z += 0.08 * bump(side, y, at=(0.52, 5.95 * low), wide=(0.26, 0.6))
        top, inner_top, inner_bottom, bottom = self.lips(x)
        half = self.mouth_half_cm
        inside = step(half * 1.06, half * 0.72, side)
        up = np.clip((y - top) / np.maximum(inner_top - top, 0.05), -0.6, 1.0)
        down = np.clip((y - inner_bottom) / np.maximum(bottom - inner_bottom, 0.05), 0.0, 1.45)
        fullness = np.sqrt(self.spec.lip_fullness) * (1 - 0.2 * self.old)
        rise = np.maximum(up + 0.6, 0) / 1.6
        z += 0.30 * fullness * inside * np.sin(np.pi * rise**1.5) * (y <= inner_top)
        fall = np.sin(np.pi * np.clip(down / 1.45, 0, 1) ** 0.72)
        z += 0.44 * fullness * inside * fall * (y > inner_bottom)
        z += 0.10 * fullness * bump(side, y, at=(0.62, self.mouth_y_cm + 0.5), wide=(0.6, 0.4))
        corner = (half + 0.1, float(self.lips(half)[1]))
        z -= (0.16 + 0.12 * self.smile) * bump(side, y, at=corner, wide=(0.45, 0.55))
        return np.asarray(z, np.float32)

    def _lid_form(self, side: Field, y: Field) -> Field:
        upper, lower = self.lids(side)
        inner, outer = self.eye_span_cm
        on = step(inner - 0.1, inner + 0.5, side) * step(outer + 0.5, outer - 0.2, side)
        z = (
            -0.11
            * (1 - 0.85 * self.spec.eye_fold)
            * self.eyes_open
            * on
            * ridge(y - self.crease(upper), wide=0.12)
        )
        z += 0.05 * on * ridge(y - upper + 0.07, wide=0.07) * self.eyes_open
        return np.asarray(z + 0.06 * on * ridge(y - lower - 0.16, wide=0.15), np.float32)

    # --- the body ----------------------------------------------------------------------------

    @cached_property
    def bulk(self) -> float:
        """How wide the shoulders are, 1 for a man."""
        return (0.97 - 0.11 * self.spec.softness) * (1.0 - 0.30 * self.youth - 0.12 * self.infant)

    @cached_property
    def jaw_taper(self) -> float:
        """How much narrower the jaw is than a square man's; children's are round."""
        return 0.06 * self.spec.softness - 0.07 * self.youth - 0.09 * self.infant

    @cached_property
    def neck_size(self) -> float:
        """How thick the neck is, 1 for a man."""
        return (0.98 - 0.16 * self.spec.softness) * (1.0 - 0.25 * self.youth - 0.04 * self.infant)

    @cached_property
    def rise_cm(self) -> float:
        """How much nearer the shoulders lie to the eyes than a grown person's."""
        return 2.6 * self.youth + 1.6 * self.infant

    def arm_groove(self, x: Field, y: Field) -> Numbers:
        """Tell how deep the fold between arm and chest lies."""
        at = np.abs(x) - (14.6 + 0.06 * (y - 24.0)) * self.bulk
        return np.asarray(0.9 * ridge(at, wide=0.9) * step(23.5, 29.0, y), np.float32)

    @cached_property
    def shoulders_cm(self) -> float:
        """How far the shoulders reach from the middle line."""
        return 21.4 * self.bulk
