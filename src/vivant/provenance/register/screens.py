"""How a screenshot may show a film: as it is, with bars around it, on a desktop, mirrored."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from jaxtyping import Int64, UInt8

from vivant.media.compilation import owned
from vivant.provenance.register.pdq import SMALLEST_PX, PictureHash, pdq

STEP = 8
"""A side of a window is a line along which luma steps by more."""
SUPPORT = 0.6
"""Share of a window's side along which it does."""
LEAST_SHARE = 0.25
"""A window's sides are at least so long, as a share of the screen's."""
MOST_WINDOWS = 16
_MOST_LINES = 14
_WIDEST = 2.6
EVEN_STEPS = 10
"""A row or column is a bar while its luma varies by no more: noise of coding."""


def views_of(y: UInt8[np.ndarray, "height width"]) -> Iterator[list[PictureHash]]:
    """Give out hashes to be looked up, the likelier ways of showing first."""
    if min(y.shape) < SMALLEST_PX:
        return
    cuts = _with_and_without_bars(y)
    yield _good(cuts)
    windows = [one for window in windows_in(y) for one in _with_and_without_bars(window)]
    yield _good(windows)
    yield _good([cut[:, ::-1] for cut in [*cuts, *windows]])
    both = (cuts[-1], cuts[-1][:, ::-1])
    yield _good([np.rot90(cut, quarters) for cut in both for quarters in (1, 2, 3)])


def _with_and_without_bars(
    y: UInt8[np.ndarray, "height width"],
) -> list[UInt8[np.ndarray, "_ _"]]:
    """Cut off what may be bars, or a plain wall behind somebody."""
    inner = without_bars(y)
    return [y] if inner.shape == y.shape else [y, inner]


def _good(cuts: Sequence[UInt8[np.ndarray, "_ _"]]) -> list[PictureHash]:
    return [one for one in (pdq(owned(cut)) for cut in cuts) if one.is_good]


def windows_in(
    y: UInt8[np.ndarray, "height width"],
) -> list[UInt8[np.ndarray, "_ _"]]:
    """Find rectangles on a screen in which a film may be playing: all four sides are long straight edges.

    The screen's own edges may be sides of one; all of it is none.
    """
    height, width = y.shape
    across = np.ones((height, width + 1), bool)  # the screen's own edges may be a window's
    down = np.ones((height + 1, width), bool)
    across[:, 1:-1] = np.abs(np.diff(y.astype(np.int16), axis=1)) > STEP
    down[1:-1] = np.abs(np.diff(y.astype(np.int16), axis=0)) > STEP
    columns = _lines(across.sum(axis=0), least=LEAST_SHARE * SUPPORT * height)
    rows = _lines(down.sum(axis=1), least=LEAST_SHARE * SUPPORT * width)
    if len(columns) < 2 or len(rows) < 2:
        return []
    upright = np.vstack([np.zeros((1, len(columns))), np.cumsum(across[:, columns], axis=0)])
    level = np.vstack([np.zeros((1, len(rows))), np.cumsum(down[rows].T, axis=0)])
    left, right = np.triu_indices(len(columns), 1)
    top, bottom = np.triu_indices(len(rows), 1)
    pairs = np.mgrid[0 : len(left), 0 : len(top)].reshape(2, -1)
    west, east, north, south = left[pairs[0]], right[pairs[0]], top[pairs[1]], bottom[pairs[1]]
    wide, high = columns[east] - columns[west], rows[south] - rows[north]
    fits = (wide >= LEAST_SHARE * width) & (high >= LEAST_SHARE * height)
    fits &= (wide <= _WIDEST * high) & (high <= _WIDEST * wide)
    fits &= (np.minimum(wide, high) >= SMALLEST_PX) & ((wide < width) | (high < height))
    west, east, north, south, wide, high = (
        part[fits] for part in (west, east, north, south, wide, high)
    )
    first_x, last_x, first_y, last_y = columns[west], columns[east], rows[north], rows[south]
    sides = np.stack(
        [
            *((upright[last_y, x] - upright[first_y, x]) / high for x in (west, east)),
            *((level[last_x, x] - level[first_x, x]) / wide for x in (north, south)),
        ]
    )
    support = sides.min(axis=0)
    order = np.argsort(-support, kind="stable")[:MOST_WINDOWS]
    return [
        y[first_y[k] : last_y[k], first_x[k] : last_x[k]] for k in order if support[k] >= SUPPORT
    ]


def _lines(steps: Int64[np.ndarray, " places"], *, least: float) -> Int64[np.ndarray, " lines"]:
    """Choose the lines along which there are the most steps, one of each few neighbours."""
    chosen: list[int] = []
    for at in np.argsort(-steps, kind="stable"):
        if steps[at] < least or len(chosen) == _MOST_LINES:
            break
        if all(abs(int(at) - other) > 2 for other in chosen):
            chosen.append(int(at))
    return np.array(sorted(chosen), np.int64)


def without_bars(y: UInt8[np.ndarray, "height width"]) -> UInt8[np.ndarray, "rows columns"]:
    """Cut off even bars at the edges; all of it where nothing would be left."""
    bars = bars_of(y)
    if bars is None:
        return y
    top, bottom, left, right = bars
    cut = y[top:bottom, left:right]
    return cut if min(cut.shape) >= SMALLEST_PX else y


def bars_of(y: UInt8[np.ndarray, "height width"]) -> tuple[int, int, int, int] | None:
    """Tell where the picture within even bars lies: top, bottom, left, right; nothing where all is even."""
    rows = _varied(y)
    if rows is None:
        return None
    columns = _varied(y[rows[0] : rows[1]].T)
    return None if columns is None else (*rows, *columns)


def _varied(y: UInt8[np.ndarray, "lines along"]) -> tuple[int, int] | None:
    """Tell from which to which line there is more than a bar: an even wall behind a bar is not of the bar's tone."""
    ends = y.max(axis=1).astype(np.int16) - y.min(axis=1)
    tones = y.mean(axis=1)

    def first_of(order: slice) -> int:
        others = (ends[order] > EVEN_STEPS) | (np.abs(tones[order] - tones[order][0]) > EVEN_STEPS)
        return int(others.argmax()) if others.any() else len(others)

    first, last = first_of(slice(None)), len(y) - first_of(slice(None, None, -1))
    return (first, last) if first < last else None
