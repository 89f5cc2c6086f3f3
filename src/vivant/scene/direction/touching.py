"""How near two people stand who embrace: so near that nothing is seen between them, and no nearer than their eyes allow."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import product

import cv2
import numpy as np
from jaxtyping import Bool, Float64

from vivant.scene.direction.outline import ABOVE, BESIDE, CELL, Outline, Point, usual_outline

STEP_M = 0.005
"""Of the picture in which they are tried."""
LOOK = 8
"""Cells about a place in which an edge is looked for."""
WIDE_M, TALL_M, ABOVE_M = 1.1, 0.56, 0.26
EYE_ROOM_M = 0.016
"""From the outer corner of an eye to whatever hides the temple beside it."""
ALIKE_M = 0.02
"""Either of two whose heights differ by no more may bow."""
TOUCH_M = 0.012
"""How far one head hides the other, at least, for them to touch."""
ROLLS_DEG = (6.5, 5.5, 7.5)
"""How far each may lean: 13 to 15 degrees together."""
UPS_M = (0.035, 0.05, 0.065, 0.08, 0.09)
APARTS_M = tuple(np.arange(0.075, 0.18, 0.007).tolist())
KISS_UPS_M = tuple(np.arange(0.05, 0.125, 0.01).tolist())
KISS_APARTS_M = tuple(np.arange(0.03, 0.13, 0.01).tolist())
MOST_HIDDEN = 0.36
"""Share of the face of the one who kisses that may be hidden."""
LIPS_HIDDEN_M = 0.004
"""How deep lips that kiss lie behind the other's hair."""
FOREHEAD_M = 0.022
"""Over the eyes: lips touch no lower."""
WAIST_M = 0.60
"""From the eyes down to where people bend sideways."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Posed:
    """Somebody as they stand at one moment, seen from the front."""

    outline: Outline
    face_m: float
    """Height of the face."""
    right_m: float
    """Middle of the eyes."""
    up_m: float
    roll_deg: float
    """Clockwise, about the eyes."""

    def place(self, away: Float64[np.ndarray, "n 2"]) -> Float64[np.ndarray, "n 2"]:
        """Give right and up in metres of points of the outline, in face heights from the eyes."""
        c, s = np.cos(np.radians(self.roll_deg)), np.sin(np.radians(self.roll_deg))
        turned = away @ np.array([[c, s], [-s, c]]) * self.face_m
        return np.asarray(turned * [1, -1] + [self.right_m, self.up_m])

    def drawn(self, mask: Bool[np.ndarray, "rows columns"]) -> Bool[np.ndarray, "tall wide"]:
        """Draw one of the outline's pictures at its place."""
        c, s = np.cos(np.radians(self.roll_deg)), np.sin(np.radians(self.roll_deg))
        size = self.face_m * CELL / STEP_M
        turn = size * np.array([[c, -s], [s, c]])
        eyes = np.array([BESIDE, ABOVE]) / CELL - 0.5
        to = np.array([WIDE_M / 2 + self.right_m, ABOVE_M - self.up_m]) / STEP_M
        way = np.column_stack([turn, to - turn @ eyes])
        shape = (round(WIDE_M / STEP_M), round(TALL_M / STEP_M))
        out = cv2.warpAffine(mask.astype(np.uint8) * 255, way, shape, flags=cv2.INTER_LINEAR)
        return np.asarray(out > 127)


@dataclass(frozen=True, slots=True, kw_only=True)
class Touch:
    """What is seen of two people who are near one another."""

    between_m2: float
    """Background between them, below their chins."""
    face_hidden: float
    """Share of the face of the one behind that is hidden."""
    eye_room_m: float
    """From the eye of the one behind, on the side of the other, to the other's edge; below 0 when it is hidden."""
    overlap_m: float
    """How far one head hides the other, at its widest; below 0 where they are apart."""


def touch_of(front: Posed, behind: Posed) -> Touch:
    """Look at two people."""
    hides, body = front.drawn(front.outline.person), behind.drawn(behind.outline.person)
    face = behind.drawn(behind.outline.face)
    on_left = behind.right_m < front.right_m
    corner = behind.place(behind.outline.corners[[1 if on_left else 0]])[0]
    chins = np.array([one.place(one.outline.chin[None])[0] for one in (front, behind)])
    heads = front.drawn(front.outline.head) & behind.drawn(behind.outline.head)
    wide = np.partition(heads.sum(axis=1), -3)[-3]
    return Touch(
        between_m2=float(between(hides | body, chins).sum()) * STEP_M**2,
        face_hidden=float((face & hides).sum() / max(int(face.sum()), 1)),
        eye_room_m=_outside_m(hides, corner),
        overlap_m=float(wide) * STEP_M,
    )


def between(
    covered: Bool[np.ndarray, "tall wide"], chins: Float64[np.ndarray, "2 2"]
) -> Bool[np.ndarray, "tall wide"]:
    """Find what is not covered between two people.

    That is whatever lies between their chins' columns below the line from chin to chin, and whatever they enclose.
    """
    (row_a, column_a), (row_b, column_b) = sorted(
        (_pixel(one) for one in chins), key=lambda x: x[1]
    )
    rows, columns = np.indices(covered.shape)
    part = np.clip((columns - column_a) / max(column_b - column_a, 1), 0, 1)
    below = rows > row_a + part * (row_b - row_a)
    among = below & (columns > column_a) & (columns < column_b)
    return np.asarray(~covered & (among | enclosed(covered)))


def enclosed(covered: Bool[np.ndarray, "tall wide"]) -> Bool[np.ndarray, "tall wide"]:
    """Find what is not covered and not reached from the picture's top or sides."""
    count, parts = cv2.connectedComponents((~covered).astype(np.uint8), connectivity=4)
    kept = np.ones(count, bool)
    kept[np.concatenate([parts[0], parts[:, 0], parts[:, -1], [0]])] = False
    return np.asarray(kept[parts])


def _outside_m(hides: Bool[np.ndarray, "tall wide"], place_m: Point) -> float:
    """Measure how far a place lies outside of what hides; below 0 inside, and no farther than is looked."""
    row, column = _pixel(place_m)
    top, left = max(row - LOOK, 0), max(column - LOOK, 0)
    seen = hides[top : row + LOOK + 1, left : column + LOOK + 1]
    there = seen[row - top, column - left]
    rows, columns = np.nonzero(seen != there)
    apart = np.hypot(rows + top - row, columns + left - column).min(initial=LOOK)
    return float(-apart if there else apart) * STEP_M


def _pixel(place_m: Point) -> tuple[int, int]:
    row = round((ABOVE_M - float(place_m[1])) / STEP_M)
    column = round((WIDE_M / 2 + float(place_m[0])) / STEP_M)
    limits = round(TALL_M / STEP_M) - 1, round(WIDE_M / STEP_M) - 1
    return int(np.clip(row, 0, limits[0])), int(np.clip(column, 0, limits[1]))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Pair:
    """Two who are to embrace."""

    left: str
    right: str
    front: str
    """Which of them stands in front."""
    outlines: Mapping[str, Outline | None]
    face_m: Mapping[str, float]
    taller_m: float
    """How much higher the right one's eyes are where both stand upright."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hold:
    """How two hold each other."""

    apart_m: float
    """Between their eyes, across."""
    up_m: float
    """How much higher the right one's are."""
    roll_deg: float
    """How far each leans to the other."""
    touch: Touch


def held(pair: Pair) -> Hold:
    """Find how near two come: as little of a face hidden as leaves nothing to be seen between them.

    The taller one bows as far as heads find room beside one another.
    """
    wish = float(np.clip(abs(pair.taller_m), 0.035, 0.075))
    signs = (1.0, -1.0) if abs(pair.taller_m) < ALIKE_M else (float(np.sign(pair.taller_m)),)
    best: tuple[float, Hold] | None = None
    for roll, sign, up in product(ROLLS_DEG, signs, UPS_M):
        for apart in APARTS_M:
            hold = _tried(pair, apart_m=apart, up_m=sign * up, roll_deg=roll)
            cost = _cost(hold.touch) + 4 * abs(up - wish) + 0.01 * abs(roll - ROLLS_DEG[0])
            if best is None or cost < best[0]:
                best = cost, hold
            if hold.touch.overlap_m <= 0:
                break  # heads that are farther apart do not touch either
    assert best is not None  # noqa: S101 - all lists hold something
    return best[1]


def kissing(pair: Pair, hold: Hold) -> Hold | None:
    """Find where the one behind lays the lips on the other's hair or forehead, from how they hold each other.

    Returns:
        Only the one behind has moved; None where heads find no such place: the lips would cover an eye, or lie in
        front of a face.
    """
    best: tuple[float, Hold] | None = None
    sign = 1.0 if hold.up_m >= 0 else -1.0
    for up in KISS_UPS_M:
        for apart in KISS_APARTS_M:
            posed = _posed(pair, apart_m=apart, up_m=sign * up, roll_deg=hold.roll_deg)
            front = posed[pair.front]
            behind = posed[pair.left if pair.front == pair.right else pair.right]
            if behind.up_m <= front.up_m:
                return None
            rooms, lips, over = _kiss_of(front, behind)
            if rooms < EYE_ROOM_M or over < 0.0:
                continue
            touch = touch_of(front, behind)
            if touch.face_hidden > MOST_HIDDEN:
                continue
            moved = abs(up - abs(hold.up_m)) + abs(apart - hold.apart_m)
            cost = 30 * abs(lips - LIPS_HIDDEN_M) + moved
            if best is None or cost < best[0]:
                best = cost, Hold(apart_m=apart, up_m=sign * up, roll_deg=hold.roll_deg, touch=touch)  # fmt: skip
    return None if best is None else best[1]


def _kiss_of(front: Posed, behind: Posed) -> tuple[float, float, float]:
    """Give the room of the nearer eye, how deep the lips lie behind the other's outline, and how high over their eyes."""
    hides = front.drawn(front.outline.person)
    rooms = [_outside_m(hides, corner) for corner in behind.place(behind.outline.corners)]
    mouth = behind.place(behind.outline.mouth[None])[0]
    c, s = np.cos(np.radians(front.roll_deg)), np.sin(np.radians(front.roll_deg))
    over = (mouth[0] - front.right_m) * s + (mouth[1] - front.up_m) * c
    return min(rooms), -_outside_m(hides, mouth), float(over) - FOREHEAD_M


def _cost(touch: Touch) -> float:
    """Weigh what is wrong: background between them, an eye that is hidden, heads that do not touch."""
    return (
        3000 * touch.between_m2
        + 60 * max(EYE_ROOM_M - touch.eye_room_m, 0)
        + 150 * max(TOUCH_M - touch.overlap_m, 0)
        + 1.0 * touch.face_hidden
    )


def _tried(pair: Pair, *, apart_m: float, up_m: float, roll_deg: float) -> Hold:
    posed = _posed(pair, apart_m=apart_m, up_m=up_m, roll_deg=roll_deg)
    behind = pair.left if pair.front == pair.right else pair.right
    touch = touch_of(posed[pair.front], posed[behind])
    return Hold(apart_m=apart_m, up_m=up_m, roll_deg=roll_deg, touch=touch)


def _posed(pair: Pair, *, apart_m: float, up_m: float, roll_deg: float) -> dict[str, Posed]:
    posed = {}
    for name, sign in ((pair.left, -1.0), (pair.right, 1.0)):
        posed[name] = Posed(
            outline=pair.outlines[name] or usual_outline(),
            face_m=pair.face_m[name],
            right_m=0.5 * sign * apart_m,
            up_m=0.5 * sign * up_m,
            roll_deg=-sign * roll_deg,
        )
    return posed
