"""Laying surfaces between the air before them and the air behind, at full size."""

from __future__ import annotations

from typing import no_type_check

import numpy as np
from jaxtyping import Float32

from vivant.media.compilation import compiled_fast
from vivant.render.air.stacking import Canvas, Surfaces

_ONE, _ZERO = np.float32(1), np.float32(0)
_MOST, _QUARTER = np.float32(0.75), np.float32(0.25)
"""Weights of the nearer and the farther of two half-size pixels."""
_SAME = np.float32(0.95)
"""Surfaces whose depths differ by less than the rest show the same air."""
_UNVEILED = np.float32(0.996)
"""Where air before a surface lets more than this through, it need not be smooth."""


@compiled_fast
@no_type_check
def _before(
    canvas: Canvas, row: int, column: int, depth: float
) -> tuple[float, float, float, float]:
    """Give what the air of a half-size pixel lets through to a depth, and its light before that."""
    front, back = canvas.front[row, column], canvas.back[row, column]
    b = _ZERO
    if back[4] > front[4]:
        b = min(max((depth - front[4]) / (back[4] - front[4]), _ZERO), _ONE)
    a = _ONE - b
    return (
        front[3] * a + back[3] * b,
        front[0] * a + back[0] * b,
        front[1] * a + back[1] * b,
        front[2] * a + back[2] * b,
    )


@compiled_fast
@no_type_check
def _smoothly_before(
    canvas: Canvas, rows: tuple[int, int], columns: tuple[int, int], depth: float
) -> tuple[float, float, float, float]:
    """Do that between four half-size pixels, of which only those count that show the same surface."""
    through, red, green, blue, weights = _ZERO, _ZERO, _ZERO, _ZERO, _ZERO
    for i in range(2):
        for j in range(2):
            row, column = rows[i], columns[j]
            nearest, farthest = canvas.front[row, column, 4], canvas.back[row, column, 4]
            if depth < nearest * _SAME or depth * _SAME > farthest:
                continue
            weight = (_QUARTER if i else _MOST) * (_QUARTER if j else _MOST)
            clear, r, g, b = _before(canvas, row, column, depth)
            through, weights = through + weight * clear, weights + weight
            red, green, blue = red + weight * r, green + weight * g, blue + weight * b
    inverse = _ONE / weights
    return through * inverse, red * inverse, green * inverse, blue * inverse


@compiled_fast
@no_type_check
def merge(
    canvas: Canvas,
    surfaces: Surfaces,
    rows: tuple[int, int],
    out: Float32[np.ndarray, "height width 3"],
    out_depth: Float32[np.ndarray, "height width"],
) -> None:
    """Lay surfaces between the air before them and the air behind, in some rows at full size.

    Light without cover is added: it comes from no surface.
    """
    total = canvas.total
    rgb, alpha, depth = surfaces
    high, wide = total.shape[0], total.shape[1]
    p, q, s = _MOST * _MOST, _MOST * _QUARTER, _QUARTER * _QUARTER
    for y in range(rows[0], rows[1]):
        row = y // 2
        other = min(max(row + (1 if y % 2 else -1), 0), high - 1)
        for x in range(out.shape[1]):
            column = x // 2
            beside = min(max(column + (1 if x % 2 else -1), 0), wide - 1)
            cover = alpha[y, x]
            away = total[row, column, 3]
            clear = _ONE - cover
            if cover < 1:
                for colour in range(3):
                    light = total[row, column, colour] * p + total[other, beside, colour] * s
                    light += (total[row, beside, colour] + total[other, column, colour]) * q
                    out[y, x, colour] = light * clear
            else:
                for colour in range(3):
                    out[y, x, colour] = _ZERO
            if cover > 0:
                here = depth[y, x]
                through, red, green, blue = _before(canvas, row, column, here)
                if through < _UNVEILED:
                    through, red, green, blue = _smoothly_before(
                        canvas, (row, other), (column, beside), here
                    )
                out[y, x, 0] += rgb[y, x, 0] * through + cover * red
                out[y, x, 1] += rgb[y, x, 1] * through + cover * green
                out[y, x, 2] += rgb[y, x, 2] * through + cover * blue
                seen = cover * through
                away = seen / max(here, np.float32(0.01)) + (_ONE - seen) * away
            else:
                for colour in range(3):
                    out[y, x, colour] += rgb[y, x, colour]
            out_depth[y, x] = _ONE / max(away, np.float32(1e-4))
