"""Pictures that are not ours, among them such as could mislead the reader: nothing may be read from them.

Run ``python -m benchmarks.trust.false_marks [--of pictures|films|screens] [--count N] [--first N]``.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from jaxtyping import UInt8
from PIL import Image, ImageDraw, ImageFont
from skimage import data

from benchmarks.tables import screen, show
from benchmarks.trust.films_of_trust import RATE, grey
from benchmarks.trust.marking import write
from vivant.film.decoding import read_frames
from vivant.film.encoding import Packing
from vivant.provenance.watermark import MarkReading, read_mark, readings_of
from vivant.provenance.watermark_motion import moving_residual_of
from vivant.provenance.watermark_search import MOSTLY_FILM, SQUEEZED

COUNT = 10_000
FRAMES = 25
SCREEN_PX = 1080
"""Of the shorter side."""
SIZES = ((320, 180), (180, 320), (240, 240), (426, 240), (200, 150), (256, 144), (640, 360))
Luma = UInt8[np.ndarray, "height width"]
Draw = Callable[[np.random.Generator, int, int], np.ndarray]


def _noise(random: np.random.Generator, width: int, height: int) -> np.ndarray:
    """Noise of any grain."""
    soft = random.normal(0, 1, (height, width)).astype(np.float32)
    soft = cv2.GaussianBlur(soft, (0, 0), float(random.uniform(0.3, 12)))
    return 125 + soft * (random.uniform(1, 50) / soft.std())


def _clouds(random: np.random.Generator, width: int, height: int) -> np.ndarray:
    """Noise as rough as nature: power falls with frequency."""
    down, across = np.fft.fftfreq(height)[:, None], np.fft.rfftfreq(width)[None]
    fall = np.maximum(np.hypot(down, across), 1 / width) ** -random.uniform(0.8, 1.8)
    white = np.fft.rfft2(random.normal(0, 1, (height, width)))
    soft = np.fft.irfft2(white * fall, s=(height, width))
    return 125 + soft * (random.uniform(5, 45) / soft.std())


def _waves(random: np.random.Generator, width: int, height: int) -> np.ndarray:
    """A few gratings: cloth, blinds, moiré."""
    down, across = np.mgrid[:height, :width]
    luma = np.full((height, width), 125.0)
    for _ in range(int(random.integers(1, 9))):
        turn, length = random.uniform(0, np.pi), random.uniform(4, 80)
        wave = (across * np.cos(turn) + down * np.sin(turn)) * (2 * np.pi / length)
        luma += random.uniform(2, 60) * np.sin(wave + random.uniform(0, 6.28))
    return luma


def _grid(random: np.random.Generator, width: int, height: int) -> np.ndarray:
    """Tiles, windows, a table."""
    luma = np.full((height, width), random.uniform(30, 220))
    across, down, line = random.uniform(6, 180), random.uniform(6, 180), random.uniform(1, 6)
    luma[(np.arange(height) % down) < line] = random.uniform(16, 235)
    luma[:, (np.arange(width) % across) < line] = random.uniform(16, 235)
    return luma


def _checks(random: np.random.Generator, width: int, height: int) -> np.ndarray:
    side = random.uniform(3, 90)
    down, across = np.mgrid[:height, :width]
    checks = (np.floor(down / side) + np.floor(across / side)) % 2
    return 60 + random.uniform(5, 150) * checks


def _tile(random: np.random.Generator, width: int, height: int) -> np.ndarray:
    """Somebody else's repeated tile, of the period and the waves that ours has."""
    period = min(width, height) * random.uniform(0.28, 0.72)
    down, across = np.arange(height) / period, np.arange(width) / period
    waves = [(v, u) for v in range(-20, 21) for u in range(21) if 30 <= u * u + v * v <= 400]
    spectrum = np.zeros((41, 21), dtype=np.complex128)
    for v, u in waves:
        spectrum[v + 20, u] = np.exp(1j * random.uniform(0, 2 * np.pi))
    rows = np.exp(2j * np.pi * np.outer(down, np.arange(-20, 21)))
    columns = np.exp(2j * np.pi * np.outer(np.arange(21), across))
    pattern = (rows @ spectrum @ columns).real
    return (
        _clouds(random, width, height) * 0.3
        + 80
        + pattern * (random.uniform(0.7, 6) / pattern.std())
    )


def _chips(random: np.random.Generator, width: int, height: int) -> np.ndarray:
    """A repeated tile of light and dark squares."""
    side, chip = int(random.choice([16, 32, 64])), random.uniform(1.5, 12)
    tile = random.choice([-1.0, 1.0], (side, side))
    rows, columns = ((np.arange(n) / chip).astype(int) % side for n in (height, width))
    return (
        _clouds(random, width, height) * 0.3
        + 80
        + tile[np.ix_(rows, columns)] * random.uniform(1, 8)
    )


def _text(random: np.random.Generator, width: int, height: int) -> np.ndarray:
    """A page."""
    page = Image.new("L", (width, height), int(random.integers(180, 236)))
    pen, size = ImageDraw.Draw(page), float(random.uniform(8, 36))
    font = ImageFont.load_default(size)
    for line in range(int(height / size / 1.3)):
        letters = "".join(chr(c) for c in random.integers(97, 123, int(2 * width / size)))
        words = " ".join(letters[i : i + 6] for i in range(0, len(letters), 6))
        pen.text((10, line * size * 1.3), words, fill=int(random.integers(16, 90)), font=font)
    return np.asarray(page, dtype=np.float64)


def _photo(random: np.random.Generator, width: int, height: int) -> np.ndarray:
    """A part of a photograph, turned or mirrored."""
    name = str(
        random.choice(["astronaut", "camera", "coffee", "brick", "grass", "gravel", "coins"])
    )
    picture = getattr(data, name)()
    grey = picture if picture.ndim == 2 else cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY)
    grey = np.rot90(grey, int(random.integers(0, 4)))[:: int(random.choice([-1, 1]))]
    side = int(random.integers(140, min(grey.shape)))
    top, left = (int(random.integers(0, n - side + 1)) for n in grey.shape)
    part = np.ascontiguousarray(grey[top : top + side, left : left + side])
    return cv2.resize(part, (width, height), interpolation=cv2.INTER_CUBIC).astype(np.float64)


def _flat(random: np.random.Generator, width: int, height: int) -> np.ndarray:
    """A card, a gradient, with little or no grain."""
    slope = np.linspace(0, random.uniform(0, 120), height)[:, None]
    grain = random.choice([0.0, 0.5, 1.5]) * random.normal(0, 1, (height, width))
    return random.uniform(16, 140) + slope + grain


KINDS: Mapping[str, Draw] = {
    "noise": _noise, "clouds": _clouds, "gratings": _waves, "grids": _grid, "checks": _checks,
    "tiles like ours": _tile, "chips": _chips, "text": _text, "photographs": _photo, "flat": _flat,
}  # fmt: skip


def picture_of(kind: str, number: int) -> Luma:
    """Draw one; every third as a JPEG."""
    random = np.random.default_rng([number, len(kind)])
    width, height = SIZES[number // len(KINDS) % len(SIZES)]
    luma = np.clip(np.rint(KINDS[kind](random, width, height)), 16, 235).astype(np.uint8)
    if number // len(KINDS) % 3 == 0:
        _, packed = cv2.imencode(".jpg", luma, [cv2.IMWRITE_JPEG_QUALITY, 70])
        luma = np.asarray(cv2.imdecode(packed, cv2.IMREAD_GRAYSCALE), dtype=np.uint8)
    return luma


def film_of(kind: str, number: int, folder: Path) -> list[Luma]:
    """Encode a second of it, as copies are: passing by, or standing faintly before what passes by."""
    random = np.random.default_rng([number, 1])
    picture = picture_of(kind, number).astype(np.float32)
    height, width = picture.shape
    passing, standing = picture, np.zeros_like(picture)
    if number // len(KINDS) % 2:
        passing = _noise(random, width, height).astype(np.float32)
        standing = (picture - picture.mean()) * np.float32(random.uniform(0.02, 0.2))
    turn, speed_px = random.uniform(0, 2 * np.pi), random.uniform(0.3, 12)
    frames = []
    for index in range(FRAMES):
        x, y = speed_px * index * np.cos(turn), speed_px * index * np.sin(turn)
        place, flags = np.array([[1, 0, x], [0, 1, y]]), cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
        seen = cv2.warpAffine(
            passing, place, (width, height), flags=flags, borderMode=cv2.BORDER_WRAP
        )
        frames.append(grey(index, seen + standing))
    path = folder / "film.mp4"
    write(path, frames, rate=RATE, packing=Packing(crf=int(random.choice([20, 23, 28]))))
    lumas = [frame.y for frame in read_frames(path)]
    path.unlink()
    return lumas


def run(count: int = COUNT, *, first: int = 0) -> list[dict[str, Any]]:
    """Read each; a tenth of each kind as three seconds in which the picture drifts."""

    def read(kind: str, number: int) -> MarkReading:
        luma = picture_of(kind, number)
        times = 6 if number % 100 < 10 else 1
        return read_mark([np.roll(luma, 2 * i, axis=1) for i in range(times)])

    return _counted(read, count, first)


def run_moving(count: int = COUNT, *, first: int = 0) -> list[dict[str, Any]]:
    """Read what stands still in films that move: only what ``read_mark`` does with nothing but films."""

    def read(kind: str, number: int) -> MarkReading:
        with tempfile.TemporaryDirectory() as folder:
            standing = moving_residual_of(film_of(kind, number, Path(folder)))
        if standing is None:
            return read_mark([])
        looks = (MOSTLY_FILM, *SQUEEZED)
        readings = [one for look in looks for one in readings_of(standing, look)]
        return max(readings, key=lambda one: (one.film_id is not None, one.fit_score))

    return _counted(read, count, first)


def run_screens(count: int, *, first: int = 0) -> list[dict[str, Any]]:
    """Read each as large as a screen, where small windows are looked for too."""

    def read(kind: str, number: int) -> MarkReading:
        luma = picture_of(kind, number)
        share = SCREEN_PX / min(luma.shape)
        return read_mark([np.asarray(cv2.resize(luma, None, fx=share, fy=share), dtype=np.uint8)])

    return _counted(read, count, first)


def _counted(
    read: Callable[[str, int], MarkReading], count: int, first: int
) -> list[dict[str, Any]]:
    rows: dict[str, dict[str, Any]] = {}
    for number in range(first, first + count):
        kind = list(KINDS)[number % len(KINDS)]
        began_s = time.process_time()
        reading = read(kind, number)
        row = rows.setdefault(
            kind, {"what": kind, "read": 0, "false": 0, "best fit": 0.0, "best pilots": 0.0, "seconds": 0.0}
        )  # fmt: skip
        row["read"] += reading.fit_score > 0
        row["false"] += reading.film_id is not None
        row["best fit"] = max(row["best fit"], reading.fit_score)
        row["best pilots"] = max(row["best pilots"], reading.pilot_score)
        row["seconds"] += time.process_time() - began_s
    return list(rows.values())


def main() -> None:
    """Run what was asked for."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.trust.false_marks", description=__doc__
    )
    parser.add_argument("--count", type=int, default=COUNT)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--of", choices=("pictures", "films", "screens"), default="pictures")
    chosen = parser.parse_args()
    runs = {"pictures": run, "films": run_moving, "screens": run_screens}
    show(screen(), f"false marks in {chosen.of}", runs[chosen.of](chosen.count, first=chosen.first))


if __name__ == "__main__":
    main()
