"""How a screenshot may show a film: as it is, with bars around it, on a desktop, mirrored."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from jaxtyping import UInt8

from vivant.provenance.register.pdq import SMALLEST_PX, PictureHash, pdq, pdq_turned

EVEN_STEPS = 10
"""A row or column is a bar while its luma varies by no more: noise of coding."""


def views_of(y: UInt8[np.ndarray, "height width"]) -> Iterator[list[PictureHash]]:
    """Give out hashes to be looked up, the likelier ways of showing first."""
    if min(y.shape) < SMALLEST_PX:
        return
    inner = without_bars(y)
    cuts = [y] if inner.shape == y.shape else [y, inner]
    yield [one for one in (pdq(cut) for cut in cuts) if one.is_good]
    yield [one for cut in cuts for one in pdq_turned(cut)[1:] if one.is_good]


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
    """Tell from which to which line there is more than a bar."""
    edge = y.max(axis=1).astype(np.int16) - y.min(axis=1)
    lines = np.flatnonzero(edge > EVEN_STEPS)
    return None if not len(lines) else (int(lines[0]), int(lines[-1]) + 1)
