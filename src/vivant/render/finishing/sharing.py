"""Work on bands of rows, shared by threads. Results do not depend on how many there are."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise

BANDS_PER_THREAD = 3
"""Bands are not equally much work; more of them share it more evenly."""


def in_bands(work: Callable[[int, int], object], *, rows: int, threads: int, step: int = 1) -> None:
    """Call ``work(first, end)`` for bands that cover all rows.

    Args:
        work: Does one band; must only write to its own rows.
        rows: How many there are.
        threads: How many work at once; 1 works in the caller's.
        step: Bands start at multiples of this.
    """
    if threads <= 1:
        work(0, rows)
        return
    count = threads * BANDS_PER_THREAD
    edges = sorted({rows * k // count // step * step for k in range(count)} | {rows})
    with ThreadPoolExecutor(threads) as pool:
        for _ in pool.map(work, *zip(*pairwise(edges), strict=True)):
            pass
