"""What measuring a film gives."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from vivant.film.comparing import Resemblance
from vivant.film.facts import FilmFacts
from vivant.film.motions import LipSync
from vivant.film.verifying import Verification
from vivant.media.loudness import Loudness

LEAST_FACE_SHARE = 0.98
LEAST_IDENTITY = 0.95
LEAST_CLOSURES = 0.98
LEAST_LIP_CORRELATION = 0.4
"""Lips and loudness of people who speak to a camera correlate by 0.4 to 0.7: vowels differ, too."""
MOST_LAG_MS = 120.0
LOUDEST_DBTP = -1.0
LOUDNESS_LUFS = (-17.0, -15.0)
BLINKS_PER_MINUTE = (8.0, 26.0)
LEAST_SHARPNESS = 0.7
LEAST_STILLNESS_DB = 42.0
"""After encoding; 45 dB is the bar before it."""
MOST_APART_S = 0.05


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One measurement as a table shows it."""

    name: str
    value: str
    unit: str
    bar: str
    """What it should be; empty where nothing is asked."""
    ok: bool | None
    """Whether it is; nothing where it could not be measured or nothing is asked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Inspection:
    """A film, measured. What could not be measured is nothing, never a guess."""

    facts: FilmFacts
    loudness: Loudness | None
    """Nothing without sound."""
    face_share: float
    """Share of frames in which a face is found."""
    resemblance: Resemblance | None
    """Nothing without a photo to compare with."""
    lip_sync: LipSync | None
    closures: int
    """How many p, b and m are said; 0 where the words are not known."""
    closures_reached: float | None
    """In what share of them the lips are seen to shut."""
    closures_from: Literal["notes", "transcript", "none"]
    """How it is known what is said when: from this machine's notes, or from the sound and a transcript."""
    blinks_per_minute: float | None
    head_range_deg: tuple[float, float, float] | None
    """Yaw, pitch and roll, from the lowest to the highest."""
    background_psnr_db: float | None
    """From frame to frame, outside the person; infinite when nothing changes."""
    background_share: float
    """Share of the picture that counts as background."""
    largest_face_change: float | None
    """Mean luma change of the face from one frame to the next, the largest, in steps of 255."""
    pops: tuple[int, ...]
    """Frames where the face jumps."""
    folded_cells: int | None
    """Mesh cells that turned over while it was drawn; nothing when this machine did not draw it."""
    papers: Verification

    def rows(self) -> tuple[Row, ...]:
        """Tell it as a table."""
        return (
            *self._time_rows(),
            *self._sound_rows(),
            *self._face_rows(),
            *self._motion_rows(),
            *self._picture_rows(),
            *self._paper_rows(),
        )

    def lines(self) -> list[str]:
        """Tell it as lines of text for people."""
        rows = self.rows()
        names = max(len(row.name) for row in rows)
        values = max(len(_joined(row)) for row in rows)
        signs = {True: "ok  ", False: "LOW ", None: "    "}
        return [
            f"{signs[row.ok]}{row.name:<{names}}  {_joined(row):<{values}}  {row.bar}".rstrip()
            for row in rows
        ]

    def to_json(self) -> dict[str, Any]:
        """Tell it for machines: one entry for each row, and the papers."""
        return {
            "measures": [
                {
                    "name": row.name,
                    "value": row.value,
                    "unit": row.unit,
                    "bar": row.bar,
                    "ok": row.ok,
                }
                for row in self.rows()
            ],
            "papers": self.papers.to_json(),
        }

    def _time_rows(self) -> Sequence[Row]:
        facts = self.facts
        apart = None if facts.sound_s is None else abs(float(facts.sound_s - facts.picture_s))
        steady = "steady" if facts.is_constant_rate else "uneven"
        return (
            _row("picture size", f"{facts.width_px}x{facts.height_px}", "px"),
            _row("frames", str(facts.frames)),
            _row("frame rate", str(facts.rate), f"frames/s, {steady}"),
            _row("picture lasts", f"{float(facts.picture_s):.3f}", "s"),
            _row(
                "sound lasts",
                "no sound" if facts.sound_s is None else f"{float(facts.sound_s):.3f}",
                "" if facts.sound_s is None else "s",
                f"within {1000 * MOST_APART_S:.0f} ms of the picture",
                None if apart is None else apart <= MOST_APART_S,
            ),
        )

    def _sound_rows(self) -> Sequence[Row]:
        if self.loudness is None:
            return ()
        lufs, peak = self.loudness.lufs, self.loudness.true_peak_dbtp
        low, high = LOUDNESS_LUFS
        return (
            _row("loudness", f"{lufs:.1f}", "LUFS", f"{low:g} to {high:g}", low <= lufs <= high),
            _row(
                "true peak",
                f"{peak:.1f}",
                "dBTP",
                f"at most {LOUDEST_DBTP:g}",
                peak <= LOUDEST_DBTP,
            ),
        )

    def _face_rows(self) -> Sequence[Row]:
        rows = [
            _least("frames with a face", 100 * self.face_share, "%", 100 * LEAST_FACE_SHARE, 1),
        ]
        one = self.resemblance
        if one is None:
            return (*rows, _row("identity", "not measured", "", "needs the photo"))
        rows += [
            _row("identity, mean", f"{one.identity_mean:.3f}"),
            _row("identity, lowest 5 %", f"{one.identity_p05:.3f}"),
            _row("the photo's own score", f"{one.own_score:.3f}"),
            _least("identity over own score", one.relative, "", LEAST_IDENTITY, 3),
            _least("sharpness over photo", one.sharpness, "", LEAST_SHARPNESS, 2),
        ]
        return rows

    def _motion_rows(self) -> Sequence[Row]:
        sync, blinks, head = self.lip_sync, self.blinks_per_minute, self.head_range_deg
        low, high = BLINKS_PER_MINUTE
        rows = [
            _least(
                "lips follow loudness",
                None if sync is None else sync.correlation,
                "",
                LEAST_LIP_CORRELATION,
                2,
            ),
            _row(
                "lips after sound",
                "not measured" if sync is None else f"{sync.lag_ms:+.0f}",
                "" if sync is None else "ms",
                f"within {MOST_LAG_MS:.0f}",
                None if sync is None else abs(sync.lag_ms) <= MOST_LAG_MS,
            ),
            _least(
                f"p, b, m with shut lips ({self.closures})",
                None if self.closures_reached is None else 100 * self.closures_reached,
                "%",
                100 * LEAST_CLOSURES,
                1,
            ),
            _row(
                "blinks",
                "not measured" if blinks is None else f"{blinks:.1f}",
                "" if blinks is None else "a minute",
                f"{low:g} to {high:g}",
                None if blinks is None else low <= blinks <= high,
            ),
        ]
        if head is not None:
            rows += [
                _row(f"head {name}", f"{reach:.1f}", "° from end to end")
                for name, reach in zip(("yaw", "pitch", "roll"), head, strict=True)
            ]
        return rows

    def _picture_rows(self) -> Sequence[Row]:
        change = self.largest_face_change
        return (
            _least(
                f"background stillness ({100 * self.background_share:.0f} % of the picture)",
                self.background_psnr_db,
                "dB",
                LEAST_STILLNESS_DB,
                1,
            ),
            _row(
                "largest change of the face",
                "not measured" if change is None else f"{change:.1f}",
                "" if change is None else "of 255",
            ),
            _row(
                "jumps of the face",
                str(len(self.pops)) + (f" (frame {self.pops[0]})" if self.pops else ""),
                "",
                "0",
                not self.pops,
            ),
            _row(
                "folded mesh cells",
                "not known" if self.folded_cells is None else str(self.folded_cells),
                "",
                "0",
                None if self.folded_cells is None else self.folded_cells == 0,
            ),
        )

    def _paper_rows(self) -> Sequence[Row]:
        return [
            _row(f"papers: {claim.name}", "hold" if claim.ok else "do not hold", "", "", claim.ok)
            for claim in self.papers.claims
        ]


def _row(name: str, value: str, unit: str = "", bar: str = "", ok: bool | None = None) -> Row:
    return Row(name=name, value=value, unit=unit, bar=bar, ok=ok)


def _least(name: str, value: float | None, unit: str, least: float, digits: int) -> Row:
    bar = f"at least {least:g}"
    if value is None:
        return _row(name, "not measured", "", bar)
    return _row(name, f"{value:.{digits}f}", unit, bar, value >= least)


def _joined(row: Row) -> str:
    return f"{row.value} {row.unit}".strip()
