"""Keeps a mesh from folding: the least change of its points that turns no cell over.

Where a movement would turn a cell over, its three points are pushed apart along the directions in
which its area grows fastest, cell by cell, round after round, until all cells show their face. Each
push is a continuous function of the points, so what moves smoothly stays smooth.

Source:
    Müller et al. 2007, Position Based Dynamics, with one inequality for each cell: area >= least.
"""

from __future__ import annotations

from typing import no_type_check

import numpy as np
from jaxtyping import Float32, Int32

from vivant.media.compilation import compiled

ROUNDS = 120
"""Rounds at most; a handful is usual."""
TOGETHER_PX = 2.0
"""Partners closer than this move together, wholly when they touch."""
SOFTEN_PX2 = 0.05
"""Keeps a cell that has shrunk to a point from being thrown apart."""


@compiled
@no_type_check
def unfold(
    points: Float32[np.ndarray, "points 2"],
    triangles: Int32[np.ndarray, "triangles 3"],
    least: Float32[np.ndarray, " triangles"],
    way: float,
    partner: Int32[np.ndarray, " points"],
) -> int:
    """Push the points apart, in place, until no cell is turned over.

    Args:
        points: x, y of each point.
        triangles: All wound the same way round.
        least: The signed area that each cell keeps at least, above zero.
        way: 1 where a cell's area (with y down) is positive when it shows its face, else -1.
        partner: For each point the one that must stay beside it (the other lip's), or -1.

    Returns:
        How many rounds it took; 0 when nothing had to move.
    """
    for done in range(ROUNDS):
        moved = False
        for t in range(triangles.shape[0]):
            a, b, c = triangles[t, 0], triangles[t, 1], triangles[t, 2]
            ax, ay = float(points[a, 0]), float(points[a, 1])
            bx, by = float(points[b, 0]), float(points[b, 1])
            cx, cy = float(points[c, 0]), float(points[c, 1])
            area = 0.5 * way * ((bx - ax) * (cy - ay) - (by - ay) * (cx - ax))
            if area >= 0.5 * least[t]:
                continue
            moved = True
            # The area grows fastest when each point moves square to the edge opposite.
            gax, gay = 0.5 * way * (by - cy), 0.5 * way * (cx - bx)
            gbx, gby = 0.5 * way * (cy - ay), 0.5 * way * (ax - cx)
            gcx, gcy = 0.5 * way * (ay - by), 0.5 * way * (bx - ax)
            power = gax * gax + gay * gay + gbx * gbx + gby * gby + gcx * gcx + gcy * gcy
            push = (least[t] - area) / (power + SOFTEN_PX2)
            _shove(points, partner, a, push * gax, push * gay)
            _shove(points, partner, b, push * gbx, push * gby)
            _shove(points, partner, c, push * gcx, push * gcy)
        if not moved:
            return done
    return ROUNDS


@compiled
@no_type_check
def _shove(
    points: Float32[np.ndarray, "points 2"],
    partner: Int32[np.ndarray, " points"],
    point: int,
    x: float,
    y: float,
) -> None:
    """Move a point, and its partner the more the closer it is."""
    other = partner[point]
    if other >= 0:
        apart = np.hypot(points[other, 0] - points[point, 0], points[other, 1] - points[point, 1])
        share = max(0.0, 1.0 - apart / TOGETHER_PX)
        points[other, 0] += share * x
        points[other, 1] += share * y
    points[point, 0] += x
    points[point, 1] += y
