from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from vivant.rig.unfolding import unfold

SIDE = 6
GRID = np.stack(np.meshgrid(np.arange(SIDE), np.arange(SIDE)), axis=2).reshape(-1, 2) * 10.0
CELLS = np.array(
    [
        cell
        for r in range(SIDE - 1)
        for c in range(SIDE - 1)
        for a in (r * SIDE + c,)
        for cell in ((a, a + 1, a + SIDE), (a + 1, a + SIDE + 1, a + SIDE))
    ],
    np.int32,
)
LEAST = np.full(len(CELLS), 0.5, np.float32)
ALONE = np.full(len(GRID), -1, np.int32)


def areas(points: np.ndarray) -> np.ndarray:
    a, b, c = (points[CELLS[:, k]].astype(float) for k in range(3))
    return np.asarray(((b - a)[:, 0] * (c - a)[:, 1] - (b - a)[:, 1] * (c - a)[:, 0]) / 2)


def test_a_mesh_that_does_not_fold_stays_as_it_is() -> None:
    points = GRID.astype(np.float32)

    assert unfold(points, CELLS, LEAST, 1.0, ALONE) == 0
    assert np.array_equal(points, GRID.astype(np.float32))


@given(point=st.integers(0, len(GRID) - 1), x=st.floats(-16, 16), y=st.floats(-16, 16))
def test_a_point_pushed_over_its_neighbours_turns_no_cell_over(
    point: int, x: float, y: float
) -> None:
    points = GRID.astype(np.float32)
    points[point] += (x, y)

    unfold(points, CELLS, LEAST, 1.0, ALONE)

    assert areas(points).min() > 0


@given(turn=st.floats(0, 6.28))
def test_what_moves_smoothly_stays_smooth(turn: float) -> None:
    seen = []
    for step in (0.0, 0.002):
        points = GRID.astype(np.float32)
        points[14] += (14 * np.cos(turn + step), 14 * np.sin(turn + step))
        unfold(points, CELLS, LEAST, 1.0, ALONE)
        seen.append(points)

    assert np.abs(seen[0] - seen[1]).max() < 0.5


def test_points_that_touch_stay_together() -> None:
    points = GRID.astype(np.float32)
    cells = np.array([[0, 1, 6], [2, 8, 3]], np.int32)
    points[8] = points[6]
    points[0] = points[1] + (4, 30)
    partner = ALONE.copy()
    partner[6], partner[8] = 8, 6

    unfold(points, cells, LEAST[:2], 1.0, partner)

    assert np.allclose(points[6], points[8])
