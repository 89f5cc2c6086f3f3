"""From light to planes, row by row: fade, curve, grade, grain, Y'CbCr.

The curve is the AgX look's default contrast (T. Sobotka) in the polynomial form of B. Wrensch's
"Minimal AgX implementation", with a smaller inset of our own.
"""

from __future__ import annotations

from typing import no_type_check

import numpy as np
from jaxtyping import Float32

from vivant.media.compilation import compiled_fast
from vivant.render.finishing.look import Look

INSET = np.array(
    [[0.842, 0.0784, 0.0792], [0.0423, 0.878, 0.0792], [0.0423, 0.0784, 0.879]], np.float64
)
"""Mixes the channels before the curve, so that bright colours go to white and do not turn in hue."""
_OUTSET = np.linalg.inv(INSET)
_IN = tuple(np.float32(v) for v in INSET.ravel())
_OUT = tuple(np.float32(v) for v in _OUTSET.ravel())


def knobs(
    look: Look, *, exposure: float, white: float, black: float
) -> Float32[np.ndarray, " knobs"]:
    """Put all numbers of one frame into one array."""
    return np.array(
        [
            exposure,
            min(max(white, 0.0), 1.0),
            min(max(black, 0.0), 1.0),
            look.saturation,
            look.contrast,
            look.pivot,
            look.warmth,
            *look.lift,
            look.vignette,
            look.grain,
            *look.light_rgb,
        ],
        np.float32,
    )


@compiled_fast
@no_type_check
def _mixed(number: int) -> int:
    """Stir 32 bits (an integer hash after C. Wellons, "Prospecting for hash functions", 2018)."""
    number = np.uint32(number ^ (number >> np.uint32(16)))
    number = np.uint32(number * np.uint32(0x7FEB352D))
    number = np.uint32(number ^ (number >> np.uint32(15)))
    number = np.uint32(number * np.uint32(0x846CA68B))
    return np.uint32(number ^ (number >> np.uint32(16)))


@compiled_fast
@no_type_check
def _grain_row(key: int, row: int, out: np.ndarray) -> None:
    """One row of noise with a spread of one, near to normal: four bytes summed."""
    start = _mixed(np.uint32(key ^ np.uint32((row + 7) * 0x9E3779B9)))
    scale = np.float32(1 / 147.8)
    for x in range(out.size):
        bits = _mixed(np.uint32(start + np.uint32(x * 0x85EBCA6B)))
        total = np.int32(bits & np.uint32(255)) + np.int32((bits >> np.uint32(8)) & np.uint32(255))
        total += np.int32((bits >> np.uint32(16)) & np.uint32(255)) + np.int32(
            bits >> np.uint32(24)
        )
        out[x] = np.float32(total - 510) * scale


@compiled_fast
@no_type_check
def _curved(line: np.ndarray, bits: np.ndarray, out: np.ndarray) -> None:
    """The curve: 25 stops of light in, 0..1 out. ``bits`` is the same memory as ``line``."""
    step = np.float32(1 / 8388608)
    offset, range_ = np.float32(-127 + 10.2), np.float32(1 / 15.2)
    for i in range(line.size):
        whole = bits[i]
        m = np.float32(whole & 0x7FFFFF) * step
        fine = np.float32(0.44265940) + m * (
            np.float32(-0.27672793)
            + m
            * (np.float32(0.1848611) + m * (np.float32(-0.09838652) + m * np.float32(0.02627275)))
        )
        stops = np.float32(whole >> 23) + m + m * (np.float32(1) - m) * fine
        x = min(max((stops + offset) * range_, np.float32(0)), np.float32(1))
        value = np.float32(31.96) + x * (np.float32(-40.14) + x * np.float32(15.5))
        value = np.float32(0.4298) + x * (np.float32(-6.868) + x * value)
        out[i] = np.float32(-0.00232) + x * (np.float32(0.1191) + x * value)


@compiled_fast
@no_type_check
def develop(  # noqa: PLR0913, PLR0915, PLR0917 - one pass over all pixels
    hdr: np.ndarray,
    shine: np.ndarray,
    luma: np.ndarray,
    blue: np.ndarray,
    red: np.ndarray,
    knob: np.ndarray,
    key: int,
    first: int,
    end: int,
) -> None:
    """Develop rows ``first`` to ``end`` (both even) of a frame.

    Args:
        hdr: Linear light, float32 [height, width, 3].
        shine: Light to be added: see ``shine_of``.
        luma: Plane to be written.
        blue: Plane to be written, half as large.
        red: The same.
        knob: See ``knobs``.
        key: Of this frame's grain, uint32.
        first: Row to begin with.
        end: Row to end before.
    """
    height, width, _ = hdr.shape
    exposure, white, black = knob[0], knob[1], knob[2]
    saturation, contrast, pivot, warmth = knob[3], knob[4], knob[5], knob[6]
    lift_r, lift_g, lift_b, vignette, grain = knob[7], knob[8], knob[9], knob[10], knob[11]
    zero, one, half = np.float32(0), np.float32(1), np.float32(0.5)
    bits = np.empty(3 * width, np.int32)
    line = bits.view(np.float32)
    toned = np.empty(3 * width, np.float32)
    noise = np.empty((3, width), np.float32)
    upright = np.empty(width, np.float32)
    sums = np.empty((4, width), np.float32)
    stay = (one - white) * (one + np.float32(1.6) * white)
    veil_r, veil_g, veil_b = white * knob[12], white * knob[13], white * knob[14]
    centre = (one - white) * vignette
    side, middle = np.float32(0.1386), np.float32(0.7228)
    strength = grain * half / np.float32(0.5608)
    colour_strength = grain * half * np.float32(0.35 / 73.9)
    _grain_row(key, first - 1, noise[(first + 2) % 3])
    _grain_row(key, first, noise[first % 3])
    for row in range(first, end):
        _grain_row(key, row + 1, noise[(row + 1) % 3])
        above, here, below = noise[(row + 2) % 3], noise[row % 3], noise[(row + 1) % 3]
        for x in range(width):
            upright[x] = (above[x] + below[x]) * side + here[x] * middle
        # the light to be added, between its rows
        place = np.float32(row) * np.float32(0.25) - np.float32(0.375)
        near = int(np.floor(place + half))
        part = place - np.float32(near)
        w0, w2 = half * (half - part) * (half - part), half * (half + part) * (half + part)
        w1 = one - w0 - w2
        last = shine.shape[0] - 1
        s0 = shine[min(max(near - 1, 0), last)]
        s1 = shine[min(max(near, 0), last)]
        s2 = shine[min(max(near + 1, 0), last)]
        down = (np.float32(row) + half) / np.float32(height) - half
        across_step = one / np.float32(width)
        source = hdr[row]
        for x in range(width):
            across = (np.float32(x) + half) * across_step - half
            far = min(
                (across * across * np.float32(1.1) + down * down) * np.float32(1.9047619), one
            )
            dim = exposure * (one - centre * far * np.sqrt(np.sqrt(far)))
            r = source[x, 0] + s0[0, x] * w0 + s1[0, x] * w1 + s2[0, x] * w2
            g = source[x, 1] + s0[1, x] * w0 + s1[1, x] * w1 + s2[1, x] * w2
            b = source[x, 2] + s0[2, x] * w0 + s1[2, x] * w1 + s2[2, x] * w2
            r = (max(r, zero) * stay + veil_r) * dim
            g = (max(g, zero) * stay + veil_g) * dim
            b = (max(b, zero) * stay + veil_b) * dim
            floor = np.float32(1e-6)
            line[x] = r * _IN[0] + g * _IN[1] + b * _IN[2] + floor
            line[width + x] = r * _IN[3] + g * _IN[4] + b * _IN[5] + floor
            line[2 * width + x] = r * _IN[6] + g * _IN[7] + b * _IN[8] + floor
        _curved(line, bits, toned)
        start = _mixed(np.uint32(np.uint32(key + 0x51ED270B) ^ np.uint32((row + 7) * 0x9E3779B9)))
        even = (row & 1) == 0
        for x in range(width):
            p, q, s = toned[x], toned[width + x], toned[2 * width + x]
            r = min(max(p * _OUT[0] + q * _OUT[1] + s * _OUT[2], zero), one)
            g = min(max(p * _OUT[3] + q * _OUT[4] + s * _OUT[5], zero), one)
            b = min(max(p * _OUT[6] + q * _OUT[7] + s * _OUT[8], zero), one)
            grey = r * np.float32(0.25) + g * np.float32(0.65) + b * np.float32(0.10)
            light = min(max((grey - np.float32(0.35)) * np.float32(1 / 0.65), zero), one) * warmth
            dark = (one - min(grey * np.float32(2), one)) * warmth
            add_r = light * np.float32(0.030) - dark * np.float32(0.014) + lift_r
            add_g = light * np.float32(0.008) + dark * np.float32(0.002) + lift_g
            add_b = dark * np.float32(0.022) - light * np.float32(0.030) + lift_b
            base = pivot - pivot * contrast
            r = min(max((grey + (r - grey) * saturation) * contrast + base, zero), one) + add_r
            g = min(max((grey + (g - grey) * saturation) * contrast + base, zero), one) + add_g
            b = min(max((grey + (b - grey) * saturation) * contrast + base, zero), one) + add_b
            keep = one - black
            # grain: most in the middle tones
            mark = _mixed(np.uint32(start + np.uint32(x * 0x85EBCA6B)))
            b0 = np.float32(np.int32(mark & np.uint32(255))) - np.float32(127.5)
            b1 = np.float32(np.int32((mark >> np.uint32(8)) & np.uint32(255))) - np.float32(127.5)
            b2 = np.float32(np.int32((mark >> np.uint32(16)) & np.uint32(255))) - np.float32(127.5)
            b3 = np.float32(np.int32(mark >> np.uint32(24))) - np.float32(127.5)
            left, right = upright[max(x - 1, 0)], upright[min(x + 1, width - 1)]
            blurred = (left + right) * side + upright[x] * middle
            much = np.float32(0.35) + np.float32(1.3) * np.sqrt(max(grey * (one - grey), zero))
            much *= keep
            speck = blurred * strength * much
            tint = colour_strength * much
            r = r * keep + speck + b0 * tint
            g = g * keep + speck + b1 * tint
            b = b * keep + speck + b2 * tint
            grey = r * np.float32(0.2126) + g * np.float32(0.7152) + b * np.float32(0.0722)
            dither = (b3 + (b0 + b1 + b2) * np.float32(0.577)) * np.float32(1 / 300.0)
            value = grey * np.float32(219) + np.float32(16.5) + dither * keep
            luma[row, x] = np.uint8(min(max(value, np.float32(16)), np.float32(235)))
            cb = (b - grey) * np.float32(224 / 1.8556 * 0.25) + b1 * np.float32(1 / 1020.0) * keep
            cr = (r - grey) * np.float32(224 / 1.5748 * 0.25) + b3 * np.float32(1 / 1020.0) * keep
            if even:
                sums[0, x] = cb
                sums[1, x] = cr
            else:
                sums[2, x] = sums[0, x] + cb
                sums[3, x] = sums[1, x] + cr
        if not even:
            low, high = np.float32(16), np.float32(240)
            for x in range(width // 2):
                cb = sums[2, 2 * x] + sums[2, 2 * x + 1] + np.float32(128.5)
                cr = sums[3, 2 * x] + sums[3, 2 * x + 1] + np.float32(128.5)
                blue[row // 2, x] = np.uint8(min(max(cb, low), high))
                red[row // 2, x] = np.uint8(min(max(cr, low), high))
