"""Face-capture curves as the Live Link Face app writes them: one CSV line a frame.

Columns: ``Timecode``, ``BlendShapeCount`` (61: 52 shapes and 9 angles), the 52 ARKit shapes
with capital first letters, ``HeadYaw HeadPitch HeadRoll``, and yaw, pitch, roll of each eye.

Conventions:
    Angles are radians about the axes of an ARKit face: x toward the face's own left cheek (the
    picture's right), y up, z out of the face, right-handed. So ``HeadYaw`` above 0 turns toward the
    picture's right and ``HeadPitch`` above 0 looks down, as ours do, while ``HeadRoll`` above 0
    tilts anticlockwise as the viewer sees it, against ours. The angles of the eyes are written
    for other programs and not read: the eye-look shapes say the same.
    A timecode is ``hh:mm:ss:ff.fff``; ``ff.fff`` counts in a whole number of frames a second (60
    for 59.94), so at 60000/1001 the frames stand 1.001 apart. Drop-frame timecodes
    (``hh:mm:ss;ff``) are read as well. Head position and breath have no column.
"""

from __future__ import annotations

import csv
import io
import math
from fractions import Fraction
from pathlib import Path

import numpy as np
from jaxtyping import Float64

from vivant.errors import InputError
from vivant.media.face import ARKIT_SHAPES, SHAPE
from vivant.media.files import read_limited, unfinished
from vivant.performance.curves import Performance
from vivant.performance.eyes import EYE_RANGE_DEG
from vivant.performance.timecode import rate_of, read_timecode, write_timecode

HEAD_COLUMNS = ("HeadYaw", "HeadPitch", "HeadRoll")
HEAD_SIGNS = (1.0, 1.0, -1.0)
EYE_COLUMNS = tuple(
    f"{side}Eye{angle}" for side in ("Left", "Right") for angle in ("Yaw", "Pitch", "Roll")
)
_SWAPPED = {"jawLeft": "jawRight", "jawRight": "jawLeft", "mouthLeft": "mouthRight",
            "mouthRight": "mouthLeft"}  # fmt: skip
"""The app writes right before left for these four."""
SHAPE_COLUMNS = tuple(
    name[0].upper() + name[1:] for name in (_SWAPPED.get(name, name) for name in ARKIT_SHAPES)
)
LARGEST_BYTES = 128 * 1024 * 1024
OPTIONAL = frozenset({"tongueout"})
"""Files from before the tongue was tracked hold 51 shapes."""
MOST_UNREADABLE = 0.5
"""A file with a larger share of unreadable values in a column is refused."""
DECIMALS = 8


class CurvesUnreadableError(InputError):
    """A file of face-capture curves cannot be understood."""

    code = "performance.curves-unreadable"


def write_livelink(path: Path, performance: Performance) -> None:
    """Write a performance as a Live Link Face CSV.

    Args:
        path: Where to; an existing file is replaced.
        performance: The curves. Head position and breath are lost.

    Raises:
        ResourceError: The disk is full, or another run writes to the same file.
    """
    with unfinished(path) as place:
        place.write_text(to_livelink(performance), encoding="utf-8", newline="")


def to_livelink(performance: Performance) -> str:
    """Say a performance as the text of a Live Link Face CSV, lines ended by a line feed."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["Timecode", "BlendShapeCount", *SHAPE_COLUMNS, *HEAD_COLUMNS, *EYE_COLUMNS])
    shapes = performance.shapes[:, [SHAPE[_name_of(column)] for column in SHAPE_COLUMNS]]
    head = np.radians(performance.head[:, :3].astype(np.float64)) * HEAD_SIGNS
    rows = np.concatenate([shapes, head, _eye_angles(performance)], axis=1)
    for frame, row in enumerate(rows):
        values = [f"{value:.{DECIMALS}f}" for value in row]
        writer.writerow([write_timecode(frame, performance.rate), len(row), *values])
    return text.getvalue()


def read_livelink(path: Path, *, rate: Fraction | None = None) -> Performance:
    """Read a Live Link Face CSV.

    Args:
        path: The file: UTF-8 (a byte-order mark is passed over), comma, semicolon or tab between
            columns, columns in any order and case, more columns than needed.
        rate: Frames a second, if it is known better than from the timecodes; needed when
            the file lasts less than a second.

    Returns:
        The curves at the file's own rate. Missing frames and unreadable values are bridged
        from their neighbours; values are kept within 0..1.

    Raises:
        CurvesUnreadableError: A column is missing, a timecode is unreadable, or there are too
            many unreadable values.
    """
    return from_livelink(_text_of(path), rate=rate)


def from_livelink(text: str, *, rate: Fraction | None = None) -> Performance:
    """Read the text of a Live Link Face CSV; see ``read_livelink``."""
    header, rows = _table(text)
    columns = {name.strip().strip('"').lower(): i for i, name in enumerate(header)}
    wanted = [column.lower() for column in SHAPE_COLUMNS]
    missing = [
        column
        for column in ("Timecode", *SHAPE_COLUMNS)
        if column.lower() not in columns and column.lower() not in OPTIONAL
    ]
    has_head = [column.lower() in columns for column in HEAD_COLUMNS]
    if any(has_head) and not all(has_head):
        missing += [c for c, there in zip(HEAD_COLUMNS, has_head, strict=True) if not there]
    if missing:
        message = (
            f"The curves lack {len(missing)} of the columns that Live Link Face writes: "
            f"{', '.join(missing[:8])}{' and more' if len(missing) > 8 else ''}. "
            f"Export the take again with all of them."
        )
        raise CurvesUnreadableError(message)
    moments = [
        _moment(row[columns["timecode"]] if len(row) > columns["timecode"] else "", line)
        for line, row in enumerate(rows, start=2)
    ]
    exact, places = rate_of(moments, known=rate)
    frames = places[-1] + 1

    def column(name: str) -> Float64[np.ndarray, " frames"]:
        values = _numbers(rows, columns[name], name=name)
        return np.asarray(np.interp(np.arange(frames), places, values))

    shapes = np.zeros((frames, len(ARKIT_SHAPES)), dtype=np.float32)
    for name in wanted:
        if name in columns:
            shapes[:, _INDEX[name]] = np.clip(column(name), 0.0, 1.0)
    head = np.zeros((frames, 6), dtype=np.float32)
    if all(has_head):
        for i, (name, sign) in enumerate(zip(HEAD_COLUMNS, HEAD_SIGNS, strict=True)):
            head[:, i] = np.degrees(sign * column(name.lower()))
    return Performance(
        rate=exact, shapes=shapes, head=head, breath=np.full(frames, 0.5, dtype=np.float32)
    )


_INDEX = {name.lower(): i for name, i in SHAPE.items()}


def _name_of(column: str) -> str:
    return column[0].lower() + column[1:]


def _text_of(path: Path) -> str:
    raw = read_limited(path, at_most_bytes=LARGEST_BYTES, what="file of curves")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        message = f"The curves are not text: byte {error.start} is not UTF-8. Give a CSV file."
        raise CurvesUnreadableError(message) from error


def _table(text: str) -> tuple[list[str], list[list[str]]]:
    lines = text.lstrip("\N{BYTE ORDER MARK}").splitlines()
    first = lines[0] if lines else ""
    delimiter = max(",;\t", key=first.count)
    try:
        rows = [
            row
            for row in csv.reader(lines, delimiter=delimiter)
            if any(cell.strip() for cell in row)
        ]
    except csv.Error as error:
        message = f"The curves are not a table ({error}). Give a CSV file of Live Link Face."
        raise CurvesUnreadableError(message) from error
    if len(rows) < 2:
        message = (
            "The curves hold no frame: there must be a line of names and a line for each frame."
        )
        raise CurvesUnreadableError(message)
    if delimiter != ",":
        rows[1:] = [[cell.replace(",", ".") for cell in row] for row in rows[1:]]
    return rows[0], rows[1:]


def _moment(cell: str, line: int) -> tuple[int, Fraction, bool]:
    moment = read_timecode(cell)
    if moment is None:
        message = (
            f"Line {line} of the curves starts with a timecode that cannot be read; "
            f"it must look like 00:00:01:12.000."
        )
        raise CurvesUnreadableError(message)
    return moment


def _numbers(rows: list[list[str]], column: int, *, name: str) -> Float64[np.ndarray, " rows"]:
    """Read a column; bridge what is not a finite number."""
    values = np.array([_number(row[column]) if column < len(row) else math.nan for row in rows])
    good = np.isfinite(values)
    if good.mean() < 1.0 - MOST_UNREADABLE:
        message = (
            f"In the column {name}, {int((~good).sum())} of {len(rows)} values are not numbers; "
            f"at least half must be."
        )
        raise CurvesUnreadableError(message)
    where = np.arange(len(values))
    return np.asarray(np.interp(where, where[good], values[good]))


def _number(cell: str) -> float:
    try:
        return float(cell)
    except ValueError:
        return math.nan


def _eye_angles(performance: Performance) -> Float64[np.ndarray, "frames 6"]:
    """Turn the eye-look shapes into angles, for programs that want those."""

    def shape(name: str) -> Float64[np.ndarray, " frames"]:
        return performance.shapes[:, SHAPE[name]].astype(np.float64)

    range_rad = math.radians(EYE_RANGE_DEG)
    columns = []
    for side, outward in (("Left", 1.0), ("Right", -1.0)):
        columns.append(
            outward * range_rad * (shape(f"eyeLookOut{side}") - shape(f"eyeLookIn{side}"))
        )
        columns.append(range_rad * (shape(f"eyeLookDown{side}") - shape(f"eyeLookUp{side}")))
        columns.append(np.zeros(performance.frames))
    return np.stack(columns, axis=1)
