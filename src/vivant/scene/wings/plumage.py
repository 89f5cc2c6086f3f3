"""Where each feather of a wing grows, how it lies when the wing is folded, and how when it is spread.

A wing is laid out in a plane first: u outward from the back, v up, and layers toward whoever looks. Bones and names are
a bird's: a humerus from the shoulder, an ulna that carries the secondaries, a hand that carries the primaries and the
alula; three overlapping rows of coverts, and the small marginal ones round the arm.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache

import numpy as np
from jaxtyping import Float32, Int32

from vivant.scene.wings.feathers import LONG, NARROW, SHORT, WIDE, Feathers

HUMERUS, ULNA, HAND = range(3)
BONES_M = np.array([0.21, 0.34, 0.22])
PRIMARIES, SECONDARIES, TERTIALS = 10, 12, 4
STEP_M = 0.0012
"""Each flight feather lies this much above its neighbour."""
ROW_M = 0.007
"""Each row of coverts lies this much above what it covers."""
WHITE = np.array([0.84, 0.82, 0.785])
GREY = np.array([0.66, 0.665, 0.68])
"""Linear light."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Row:
    """Feathers of one kind of grid; one value for each of them."""

    feathers: Feathers
    bone: Int32[np.ndarray, " feathers"]
    along: Float32[np.ndarray, " feathers"]
    """Where on its bone it grows, 0 near the body .. 1."""
    before_m: Float32[np.ndarray, " feathers"]
    """How far toward the bone's leading side it grows."""
    layer_m: Float32[np.ndarray, " feathers"]
    folded_deg: Float32[np.ndarray, " feathers"]
    wide_deg: Float32[np.ndarray, " feathers"]
    lift_deg: Float32[np.ndarray, " feathers"]
    """What lifted wings add to that."""
    lag: Float32[np.ndarray, " feathers"]
    """How much later than the arm it opens."""
    hidden: Float32[np.ndarray, " feathers"]
    """Share of its length that lies under the next row."""
    tint: Float32[np.ndarray, "feathers 3"]
    seed: int


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Plumage:
    """All feathers of the wing on the right of a picture."""

    flight: Row
    """From the body outward: tertials, secondaries, primaries."""
    coverts: Row


@cache
def plumage(*, behind: bool) -> Plumage:
    """Lay out a wing.

    Args:
        behind: Whether its back is seen, where feathers nearer to the body lie on top; else its inside, the other way round.
    """
    flight = _flight(behind)
    rows = [
        _coverts(flight, count=26, share=0.36, length_m=0.0, width_m=0.088, before_m=0.004, row=1),
        _coverts(flight, count=24, share=0.0, length_m=0.165, width_m=0.080, before_m=0.018, row=2),
        _coverts(flight, count=22, share=0.0, length_m=0.115, width_m=0.066, before_m=0.028, row=3),
        _coverts(flight, count=26, share=0.0, length_m=0.072, width_m=0.048, before_m=0.036, row=4),
        _wrist(flight),
        _alula(flight),
    ]
    return Plumage(flight=flight, coverts=_joined(rows))


def _flight(behind: bool) -> Row:
    ulna = np.linspace(0.03, 0.97, SECONDARIES)
    hand = np.linspace(0.04, 1.0, PRIMARIES)
    bone = np.repeat([HUMERUS, ULNA, HAND], [TERTIALS, SECONDARIES, PRIMARIES])
    count = len(bone)
    far = np.arange(PRIMARIES) / (PRIMARIES - 1)
    near = np.arange(SECONDARIES) / (SECONDARIES - 1)
    inner = np.arange(TERTIALS) / (TERTIALS - 1)
    length = np.concatenate(
        [
            0.46 + 0.08 * inner,
            0.55 + 0.06 * near**1.5,
            np.array([0.62, 0.66, 0.71, 0.76, 0.80, 0.84, 0.87, 0.89, 0.87, 0.81]),
        ]
    )
    width = np.concatenate(
        [0.115 - 0 * inner, 0.110 - 0 * near, 0.116 + 0.010 * np.sin(np.pi * far)]
    )
    wide = np.concatenate([-114 + 10 * inner, -102 + 38 * near**1.15, -59 + 73 * far])
    folded = np.concatenate([-96 + 2 * inner, -94 + 7 * near, -87 + 9 * far])
    lift = np.concatenate([2 + 4 * inner, 6 + 16 * near, 24 + 18 * far])
    order = np.arange(count)[::-1] if behind else np.arange(count)
    lag = np.concatenate([0 * inner, 0.05 + 0.20 * near, 0.25 + 0.55 * far])
    chance = np.random.default_rng(7)
    tint = WHITE * (1 + chance.normal(0, 0.012, (count, 1)))
    cover = np.concatenate([np.full(TERTIALS + SECONDARIES, 0.36), 0.32 - 0.04 * far])
    return _row(
        feathers=_feathers(
            LONG,
            length=length,
            width=width,
            lead=np.concatenate([np.full(TERTIALS + SECONDARIES, 0.45), 0.40 - 0.12 * far]),
            pointed=np.concatenate([np.full(TERTIALS + SECONDARIES, 0.12), 0.15 + 0.45 * far]),
            sickle=np.concatenate([np.full(TERTIALS, 0.03), 0.03 + 0.02 * near, 0.05 + 0.05 * far]),
            curl=np.concatenate([np.full(TERTIALS + SECONDARIES, 0.05), 0.06 + 0.03 * far]),
        ),
        bone=bone,
        along=np.concatenate([np.linspace(0.15, 0.9, TERTIALS), ulna, hand]),
        before_m=np.full(count, -0.012),
        layer_m=order * STEP_M,
        folded_deg=folded,
        wide_deg=wide,
        lift_deg=lift,
        lag=lag,
        hidden=cover,
        tint=tint,
        seed=11,
    )


def _coverts(
    flight: Row,
    *,
    count: int,
    share: float,
    length_m: float,
    width_m: float,
    before_m: float,
    row: int,
) -> Row:
    """Lay one row over the flight feathers, each turned as those below it are."""
    way = np.linspace(0.0, len(flight.bone) - 1, count) if row > 1 else np.arange(float(count))
    if row % 2 == 0:
        way = np.clip(way + 0.5 * (way[1] - way[0]), 0, len(flight.bone) - 1.001)

    def of(values: np.ndarray) -> np.ndarray:
        return np.asarray(np.interp(way, np.arange(len(values)), values))

    chance = np.random.default_rng(31 * row)
    length = share * of(flight.feathers.length_m) if share else np.full(count, length_m)
    outer = of(np.concatenate([np.zeros(TERTIALS + SECONDARIES), np.linspace(0, 1, PRIMARIES)]))
    length = length * (1 - 0.24 * outer) * (1 + chance.normal(0, 0.035, count))
    place = flight.bone + flight.along
    spot = of(place)
    bone = np.clip(np.floor(spot), 0, 2).astype(int)
    grey = np.clip(0.55 - 0.14 * row + chance.normal(0, 0.10, count), 0, 0.8)
    under = {1: 0.44, 2: 0.46, 3: 0.44, 4: -0.15}[row]
    return _row(
        feathers=_feathers(
            SHORT,
            length=length,
            width=width_m * (1 - 0.20 * outer),
            lead=np.full(count, 0.46),
            pointed=np.full(count, 0.10),
            sickle=np.full(count, 0.03),
            curl=np.full(count, 0.03 + 0.015 * row),
        ),
        bone=bone,
        along=spot - bone,
        before_m=np.full(count, before_m),
        layer_m=of(flight.layer_m) + row * ROW_M,
        folded_deg=of(flight.folded_deg) + chance.normal(0, 1.2, count),
        wide_deg=of(flight.wide_deg) + chance.normal(0, 1.2, count) + (1.5 * row) * outer,
        lift_deg=of(flight.lift_deg),
        lag=of(flight.lag) * (1 - 0.15 * row),
        hidden=np.full(count, under),
        tint=(WHITE + (GREY - WHITE) * grey[:, None]) * (1 + chance.normal(0, 0.015, (count, 1))),
        seed=100 + row,
    )


def _wrist(flight: Row) -> Row:
    """Cover the wrist, about which a folded wing turns back on itself."""
    count = 11
    place = np.linspace(1.74, 2.26, count)
    bone = np.floor(place).astype(int)
    chance = np.random.default_rng(41)
    part = np.linspace(0, 1, count)
    return _row(
        feathers=_feathers(
            SHORT,
            length=0.105 + 0.02 * np.sin(np.pi * part) + chance.normal(0, 0.003, count),
            width=np.full(count, 0.066),
            lead=np.full(count, 0.48),
            pointed=np.full(count, 0.05),
            sickle=np.full(count, 0.02),
            curl=np.full(count, 0.06),
        ),
        bone=bone,
        along=place - bone,
        before_m=np.full(count, 0.031),
        layer_m=np.full(count, float(np.interp(15, np.arange(len(flight.layer_m)), flight.layer_m)))
        + 4.3 * ROW_M
        + STEP_M * (part if flight.layer_m[0] < flight.layer_m[-1] else 1 - part) * 10,
        folded_deg=-92 + 8 * part,
        wide_deg=-74 + 34 * part,
        lift_deg=np.full(count, 18.0),
        lag=np.full(count, 0.15),
        hidden=np.full(count, -0.10),
        tint=(WHITE + (GREY - WHITE) * 0.10) * (1 + chance.normal(0, 0.012, (count, 1))),
        seed=170,
    )


def _alula(flight: Row) -> Row:
    count = 3
    rank = np.arange(count)
    top = float(flight.layer_m.max()) + 4.6 * ROW_M
    return _row(
        feathers=_feathers(
            SHORT,
            length=0.150 - 0.022 * rank,
            width=np.full(count, 0.044),
            lead=np.full(count, 0.36),
            pointed=np.full(count, 0.35),
            sickle=np.full(count, 0.05),
            curl=np.full(count, 0.03),
        ),
        bone=np.full(count, HAND),
        along=0.06 + 0.05 * rank,
        before_m=0.024 + 0.005 * rank,
        layer_m=top + 0.003 * rank,
        folded_deg=-76 + 2.0 * rank,
        wide_deg=-22 + 4.0 * rank,
        lift_deg=np.full(count, 34.0),
        lag=np.full(count, 0.3),
        hidden=np.full(count, -0.15),
        tint=np.tile(WHITE, (count, 1)),
        seed=150,
    )


def _feathers(
    stations: np.ndarray,
    *,
    length: np.ndarray,
    width: np.ndarray,
    **more: np.ndarray,
) -> Feathers:
    return Feathers(
        stations=stations,
        lanes=WIDE if len(stations) == len(LONG) else NARROW,
        length_m=length.astype(np.float32),
        width_m=np.asarray(width, np.float32),
        **{name: np.asarray(values, np.float32) for name, values in more.items()},
    )


def _row(*, feathers: Feathers, bone: np.ndarray, seed: int, **more: np.ndarray) -> Row:
    return Row(
        feathers=feathers,
        bone=np.asarray(bone, np.int32),
        seed=seed,
        **{name: np.asarray(values, np.float32) for name, values in more.items()},
    )


def _joined(rows: list[Row]) -> Row:
    """Put rows that have the same grid into one."""

    def every(name: str) -> np.ndarray:
        return np.concatenate([getattr(row, name) for row in rows])

    def shaped(name: str) -> np.ndarray:
        return np.concatenate([getattr(row.feathers, name) for row in rows])

    names = ("length_m", "width_m", "lead", "pointed", "sickle", "curl")
    return Row(
        feathers=replace(rows[0].feathers, **{n: shaped(n) for n in names}),
        seed=rows[0].seed,
        **{
            name: every(name)
            for name in (
                "bone", "along", "before_m", "layer_m", "folded_deg", "wide_deg", "lift_deg", "lag",
                "hidden", "tint",
            )
        },
    )  # fmt: skip
