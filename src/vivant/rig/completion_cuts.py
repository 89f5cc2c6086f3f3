"""Where the photo's edges cut a person, and how much picture is wanted beside them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float32, Float64

from vivant.media.face import CHIN
from vivant.rig.framing_limits import LEAST_RUN, THERE
from vivant.rig.rig import Rig

BELOW = 1.1
"""How much is added below the photo, in face heights."""
HALF_SHOULDERS = 1.34
"""From the middle of the neck to the outside of the clothed upper arm, in face heights (of adults, dressed)."""
LEAST_GROWTH = 0.12
"""A shoulder that is cut is at least this much wider than what is seen of it, in face heights."""
ARM_FLARE = 0.06
"""How much a hanging arm stands off, per way down."""
ROOM = 0.15
"""Empty picture left beside what is added, in face heights."""

Alpha = Float32[np.ndarray, "height width"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Cut:
    """Where the photo's left edge cuts a shoulder (the right one is looked at in a mirror)."""

    row: float
    """First row of the shoulder at the edge."""
    top: Float64[np.ndarray, " columns"]
    """Row of the outline in the columns beside the edge."""
    steep: float
    """How fast the outline falls outwards."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bulge:
    """A sleeve or an elbow that the photo's left edge cuts, and that comes back further down."""

    first: float
    last: float
    """Rows at the edge."""
    leaves: float
    returns: float
    """How fast its upper and its lower outline fall outwards there."""

    @property
    def wide(self) -> float:
        """How far it is carried on, in pixels."""
        return 0.32 * (self.last - self.first)


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """What is cut at one side of the photo."""

    shoulder: Cut | None
    bulges: tuple[Bulge, ...]
    lost: bool
    """Whether something is cut that cannot be made: hair, a hat."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pads:
    """How much picture is added on each side, in pixels."""

    left: int
    right: int
    below: int
    left_half: float
    """Half the width of the shoulders on that side, in pixels from the body's middle."""
    right_half: float
    axis: float
    """x of the body's middle, in the photo."""


def look_at_side(rig: Rig, alpha: Alpha, *, mirrored: bool = False) -> Side:
    """Find all that the left edge cuts."""
    tall, chin = rig.face_height_px, float(rig.landmarks[CHIN, 1])
    view = alpha[:, ::-1] if mirrored else alpha
    shoulder = _find_cut(rig, alpha, mirrored=mirrored)
    edge = view[:, :2].min(1) > THERE / 255
    flips = np.flatnonzero(np.diff(np.r_[False, edge, False].astype(np.int8)))
    bulges, lost = [], False
    for first, end in zip(flips[::2], flips[1::2], strict=True):
        if end - first <= LEAST_RUN * tall or (shoulder and end > shoulder.row + 2):
            continue
        if first < chin - 0.1 * tall or end >= len(edge) - 2:
            lost = True
            continue
        reach = max(6, round(0.1 * tall))
        leaves, returns = (
            -_fall(_rows_of(view, int(at), reach, below=below))
            for at, below in ((first, True), (end - 1, False))
        )
        bulges.append(
            Bulge(first=float(first), last=float(end - 1), leaves=leaves, returns=returns)
        )
    return Side(shoulder=shoulder, bulges=tuple(bulges), lost=lost)


def _rows_of(
    alpha: Alpha, row: int, columns: int, *, below: bool
) -> Float64[np.ndarray, " columns"]:
    """Follow an outline inwards from the left edge; the person is ``below`` it, or above."""
    step = 1 if below else -1
    rows = np.empty(columns)
    for x in range(columns):
        column = alpha[:, x] > 0.5
        while 0 < row - step < len(column) - 1 and column[row - step]:
            row -= step
        while 0 < row + step < len(column) - 1 and not column[row]:
            row += step
        rows[x] = row
    return rows


def _fall(rows: Float64[np.ndarray, " columns"]) -> float:
    return float(np.clip(np.polyfit(np.arange(len(rows)), rows, 1)[0], -1.2, 1.2))


def _find_cut(rig: Rig, alpha: Alpha, *, mirrored: bool = False) -> Cut | None:
    """Find the shoulder at the left edge, if there is one that begins below the chin."""
    if mirrored:
        alpha = alpha[:, ::-1]
    tall, height = rig.face_height_px, alpha.shape[0]
    edge = alpha[:, :3].mean(1) > THERE / 255
    gaps = np.flatnonzero(~edge)
    first = int(gaps[-1]) + 1 if len(gaps) else 0
    if len(gaps) and gaps[-1] > height - 1 - 0.05 * tall:  # a sliver of background in the corner
        within = np.flatnonzero(edge[: height - round(0.05 * tall)])
        if not len(within) or within[-1] < height - 0.08 * tall:
            return None
        gaps = gaps[gaps < within[-1]]
        first = int(gaps[-1]) + 1 if len(gaps) else 0
    chin = float(rig.landmarks[CHIN, 1])
    if height - first < 0.04 * tall or first < chin - 0.1 * tall:
        return None
    top = np.empty(max(8, min(round(0.5 * tall), alpha.shape[1] // 3)))
    row = first
    for x in range(len(top)):
        column = alpha[:, x] > 0.5
        while row > 0 and column[row - 1] and first - row < 0.8 * tall:
            row -= 1
        while row < height - 1 and not column[row]:
            row += 1
        top[x] = row
    near = slice(2, max(8, round(0.22 * tall)))
    steep = -float(np.polyfit(np.arange(len(top))[near], top[near], 1)[0])
    return Cut(row=float(top[:4].mean()), top=top, steep=float(np.clip(steep, 0.12, 3.0)))


def plan_pads(rig: Rig, left: Side, right: Side, *, low: bool) -> Pads:
    """Say how much picture is wanted beside and below the photo; ``low`` if its lower edge cuts the person."""
    tall = rig.face_height_px
    axis = _body_axis(rig)
    width = rig.alpha.shape[1]
    seen = (axis, width - 1 - axis)
    halves, pads = [], []
    for side, opposite, way, mirrored in (
        (left, right, seen[0], True),
        (right, left, seen[1], False),
    ):
        cut, other = side.shoulder, opposite.shoulder
        whole = HALF_SHOULDERS * tall
        if other is None:  # the other shoulder is seen whole: this one is like it
            rows = rig.alpha[round(rig.landmarks[CHIN, 1] + 0.4 * tall) :] > THERE
            if rows.size and rows.any():
                columns = np.flatnonzero(rows.any(0))
                reach = columns[-1] - axis if mirrored else axis - columns[0]
                whole = float(np.clip(reach, 1.05 * tall, 1.9 * tall))
        half = max(whole, way + LEAST_GROWTH * tall)
        halves.append(half)
        below = (BELOW if low else 0.0) + 0.5
        room = (ROOM + ARM_FLARE * below) * tall
        free = 0.0 if not low or _free_below(rig, mirrored=not mirrored) > 0.5 else 0.3 * tall
        if side.bulges:
            free = max(free, max(bulge.wide for bulge in side.bulges) + ROOM * tall)
        grown = free if cut is None else max(free, half - way + room)
        pads.append(0 if side.lost else int(np.ceil(grown)))
    return Pads(
        left=pads[0],
        right=pads[1],
        below=int(np.ceil(BELOW * tall)) if low else 0,
        left_half=halves[0],
        right_half=halves[1],
        axis=axis,
    )


def _free_below(rig: Rig, *, mirrored: bool) -> float:
    """Measure how much room is beside the person at the photo's lower edge, on the left, in face heights."""
    last = np.flatnonzero((rig.alpha[-3, ::-1] if mirrored else rig.alpha[-3]) > THERE)
    return float(last[0]) / rig.face_height_px if len(last) else np.inf


def _body_axis(rig: Rig) -> float:
    """Find the middle of the body: of the throat's root where it is seen, else under the chin."""
    tall, chin = rig.face_height_px, rig.landmarks[CHIN]
    rows = rig.alpha[round(chin[1] + 0.12 * tall) : round(chin[1] + 0.3 * tall)] > THERE
    if rows.shape[0] > 2 and not rows[:, 0].any() and not rows[:, -1].any() and rows.any():
        middle = float(np.median([np.flatnonzero(row).mean() for row in rows if row.any()]))
        return 0.5 * middle + 0.5 * float(chin[0])
    return float(chin[0])
