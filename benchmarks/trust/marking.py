"""How well the invisible mark survives, how little it shows, how long it takes.

Run ``python -m benchmarks.trust.marking [--quick] [--only FILM] [--folder FOLDER]``. Films and their
re-encoded copies stay in the folder. Each three seconds of each film are read by themselves.
"""

from __future__ import annotations

import argparse
import binascii
import hashlib
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from jaxtyping import UInt8
from skimage.metrics import structural_similarity

from benchmarks.tables import screen, show
from benchmarks.trust.films_of_trust import FILMS, MORE, RATE, FilmOfTrust
from vivant.film.decoding import read_frames
from vivant.film.encoding import Encoder, Packing
from vivant.media.files import unfinished
from vivant.media.picture import Frame
from vivant.provenance.watermark import Mark, MarkReading, frames_to_read, read_mark

PIECE_S = 3
QUICK = ("clouds-bust", "hopper", "white-card", "trees")
Luma = UInt8[np.ndarray, "height width"]
Change = Callable[[Iterator[Frame]], Iterator[Frame]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Attack:
    """What happens to a film on its way."""

    name: str
    bar: float
    """Share of the pieces that must be read."""
    crf: int = 23
    change: Change = iter
    rate: Fraction = RATE


def _resized(luma: Luma, width: int, height: int) -> Luma:
    smaller = width * height < luma.size
    how = cv2.INTER_AREA if smaller else cv2.INTER_CUBIC
    return np.asarray(cv2.resize(luma, (width, height), interpolation=how), dtype=np.uint8)


def _half(frames: Iterator[Frame]) -> Iterator[Frame]:
    for frame in frames:
        height, width = (side // 4 * 2 for side in frame.y.shape)
        planes = [_resized(frame.y, width, height)]
        planes += [_resized(plane, width // 2, height // 2) for plane in (frame.u, frame.v)]
        yield Frame(index=frame.index, y=planes[0], u=planes[1], v=planes[2])


def _cropped(frames: Iterator[Frame]) -> Iterator[Frame]:
    """Cut a tenth off each side's length, not from the middle."""
    for frame in frames:
        height, width = frame.y.shape
        top, left = int(height * 0.07) // 2 * 2, int(width * 0.03) // 2 * 2
        down, across = int(height * 0.9) // 2 * 2, int(width * 0.9) // 2 * 2
        y = frame.y[top : top + down, left : left + across]
        u, v = (
            plane[top // 2 : (top + down) // 2, left // 2 : (left + across) // 2]
            for plane in (frame.u, frame.v)
        )
        planes = [np.ascontiguousarray(plane) for plane in (y, u, v)]
        yield Frame(index=frame.index, y=planes[0], u=planes[1], v=planes[2])


def _mirrored(frames: Iterator[Frame]) -> Iterator[Frame]:
    """Exchange left and right: what is done most often so that a copy is not recognised."""
    for frame in frames:
        y, u, v = (np.ascontiguousarray(one[:, ::-1]) for one in (frame.y, frame.u, frame.v))
        yield Frame(index=frame.index, y=y, u=u, v=v)


def _squeezed(frames: Iterator[Frame]) -> Iterator[Frame]:
    """Make everything three quarters as wide, as 16:9 fills a screen of 4:3."""
    for frame in frames:
        height, width = frame.y.shape
        across = width * 3 // 16 * 4
        planes = [_resized(frame.y, across, height)]
        planes += [_resized(one, across // 2, height // 2) for one in (frame.u, frame.v)]
        yield Frame(index=frame.index, y=planes[0], u=planes[1], v=planes[2])


def _at_30(frames: Iterator[Frame]) -> Iterator[Frame]:
    """Show every fifth frame twice."""
    shown = 0
    for frame in frames:
        for _ in range(2 if frame.index % 5 == 2 else 1):
            yield replace(frame, index=shown)
            shown += 1


def _letterboxed(frames: Iterator[Frame]) -> Iterator[Frame]:
    """Fit the picture into 960 x 720 between black bars."""
    for frame in frames:
        height, width = frame.y.shape
        scale = min(960 / width, 720 / height)
        down, across = (round(side * scale / 4) * 4 for side in (height, width))
        top, left = (720 - down) // 4 * 2, (960 - across) // 4 * 2
        planes = []
        for plane, part, black in ((frame.y, 1, 16), (frame.u, 2, 128), (frame.v, 2, 128)):
            whole = np.full((720 // part, 960 // part), black, dtype=np.uint8)
            fitted = _resized(plane, across // part, down // part)
            whole[top // part : (top + down) // part, left // part : (left + across) // part] = (
                fitted
            )
            planes.append(whole)
        yield Frame(index=frame.index, y=planes[0], u=planes[1], v=planes[2])


ATTACKS: tuple[Attack, ...] = (
    Attack(name="crf 23", bar=0.995),
    Attack(name="crf 28", bar=0.99, crf=28),
    Attack(name="half size", bar=0.99, change=_half),
    Attack(name="crf 28 + half size", bar=0.97, crf=28, change=_half),
    Attack(name="10 % crop", bar=0.97, change=_cropped),
    Attack(name="25 to 30 fps", bar=0.99, change=_at_30, rate=Fraction(30)),
    Attack(name="4:3 letterbox", bar=0.97, change=_letterboxed),
    Attack(name="mirrored", bar=0.99, change=_mirrored),
    Attack(name="squeezed to 4:3", bar=0.97, change=_squeezed),
)
SCREENSHOTS_BAR = 0.9


def _jpeg(luma: Luma) -> Luma:
    _, packed = cv2.imencode(".jpg", luma, [cv2.IMWRITE_JPEG_QUALITY, 70])
    return np.asarray(cv2.imdecode(packed, cv2.IMREAD_GRAYSCALE), dtype=np.uint8)


def _full_range(luma: Luma) -> Luma:
    """As a player shows it: 0..255."""
    return np.clip((luma.astype(np.float32) - 16) * (255 / 219) + 0.5, 0, 255).astype(np.uint8)


def _on_desktop(luma: Luma, scale: float) -> Luma:
    """In a player's window, on a desk with a bar, icons and a page of text."""
    height, width = (round(side * scale) for side in luma.shape)
    desk = np.full((max(1080, height + 120), max(1920, width + 120)), 58, dtype=np.uint8)
    desk += (np.arange(desk.shape[0], dtype=np.float32) / 40).astype(np.uint8)[:, None]
    desk[-48:] = 30
    for icon in range(8):
        cv2.rectangle(desk, (24, 30 + 110 * icon), (84, 90 + 110 * icon), 90 + 18 * icon, -1)
        cv2.putText(desk, f"file {icon}", (24, 110 + 110 * icon), 0, 0.5, 220, 1, cv2.LINE_AA)
    top, left = 61, 107
    cv2.rectangle(desk, (left - 1, top - 32), (left + width, top), 235, -1)
    desk[top : top + height, left : left + width] = _resized(luma, width, height)
    return desk


def _with_bars(luma: Luma, scale: float) -> Luma:
    """Full screen, in the middle between black bars."""
    height, width = (round(side * scale) for side in luma.shape)
    whole = np.zeros((height + 160, width + 60), dtype=np.uint8)
    whole[80 : 80 + height, 30 : 30 + width] = _resized(luma, width, height)
    return whole


SCREENSHOTS: Mapping[str, Callable[[Luma], Luma]] = {
    "own size": lambda luma: luma,
    "x 0.5": lambda luma: _resized(luma, luma.shape[1] // 2, luma.shape[0] // 2),
    "x 0.73": lambda luma: _resized(luma, round(luma.shape[1] * 0.73), round(luma.shape[0] * 0.73)),
    "x 1.5": lambda luma: _resized(luma, round(luma.shape[1] * 1.5), round(luma.shape[0] * 1.5)),
    "bars, x 0.9": lambda luma: _with_bars(luma, 0.9),
    "desktop, x 1": lambda luma: _on_desktop(luma, 1.0),
    "desktop, x 0.6": lambda luma: _on_desktop(luma, 0.6),
}


def film_id(number: int) -> str:
    """Make one of many film ids."""
    digest = hashlib.sha256(number.to_bytes(6, "big")).digest()[:6]
    return (digest + binascii.crc_hqx(digest, 0xFFFF).to_bytes(2, "big")).hex()


class Marked:
    """One film, marked, delivered, and what becomes of it."""

    def __init__(self, film: FilmOfTrust, folder: Path, number: int) -> None:
        self.film, self.folder = film, folder
        self.film_id = film_id(number)
        self.number = number
        self.path = folder / f"{film.name}.{number}.delivered.mp4"
        if not self.path.exists():
            write(self.path, self._frames(), rate=RATE, packing=Packing())

    def _frames(self) -> Iterator[Frame]:
        mark = Mark(self.film_id, self.film.width_px, self.film.height_px)
        for frame in self.film.read(self.folder):
            mark.apply(frame.y, frame.index)
            yield frame

    def attacked(self, attack: Attack) -> Path:
        """Do to the delivered film what the attack does."""
        path = (
            self.folder
            / f"{self.film.name}.{self.number}.{attack.name.replace(' ', '-').replace(':', '')}.mp4"
        )
        if not path.exists():
            frames = attack.change(read_frames(self.path))
            write(path, frames, rate=attack.rate, packing=Packing(crf=attack.crf))
        return path


def write(path: Path, frames: Iterable[Frame], *, rate: Fraction, packing: Packing) -> None:
    """Encode frames as a film."""
    coming = iter(frames)
    first = next(coming)
    height, width = first.y.shape
    with (
        unfinished(path) as to,
        Encoder(to, width_px=width, height_px=height, rate=rate, packing=packing) as encoder,
    ):
        encoder.write(first)
        for frame in coming:
            encoder.write(frame)


def pieces_of(path: Path, rate: Fraction) -> Iterator[list[Luma]]:
    """Give the frames that are read of every three seconds."""
    length = round(PIECE_S * rate)
    wanted = set(frames_to_read(length, rate))
    piece: list[Luma] = []
    for frame in read_frames(path):
        if frame.index % length in wanted:
            piece.append(frame.y)
        if frame.index % length == length - 1:
            yield piece
            piece = []


@dataclass(slots=True)
class Count:
    """How many were read of how many."""

    read: int = 0
    wrong: int = 0
    tried: int = 0
    slowest_s: float = 0.0
    least_fit: float = np.inf
    """Of those that were read; 10 is needed."""
    lost: str = ""

    def add(self, reading: MarkReading, expected: str, name: str, took_s: float) -> None:
        """Count a reading."""
        self.tried += 1
        self.slowest_s = max(self.slowest_s, took_s)
        if reading.film_id == expected:
            self.read += 1
            self.least_fit = min(self.least_fit, reading.fit_score)
            return
        self.wrong += reading.film_id is not None
        self.lost += f"{name} ({reading.fit_score:.1f}) "


def _timed(lumas: Sequence[Luma]) -> tuple[MarkReading, float]:
    began_s = time.process_time()
    reading = read_mark(lumas)
    return reading, time.process_time() - began_s


def survive(
    folder: Path, films: Sequence[FilmOfTrust] = FILMS, *, ids: int = 1
) -> list[dict[str, Any]]:
    """Read every piece of every film after every attack, and screenshots of it."""
    counts: dict[str, Count] = defaultdict(Count)
    for number, film in enumerate(films):
        for which in range(ids):
            marked = Marked(film, folder, 1 + number + 1000 * which)
            for attack in ATTACKS:
                path = marked.attacked(attack)
                for i, lumas in enumerate(pieces_of(path, attack.rate)):
                    reading, took_s = _timed(lumas)
                    counts[attack.name].add(reading, marked.film_id, f"{film.name}.{i}", took_s)
            _screenshots(marked, counts)
    bars = {attack.name: attack.bar for attack in ATTACKS}
    return [
        {
            "what": name,
            "read": f"{count.read} of {count.tried}",
            "share": count.read / count.tried,
            "bar": bars.get(name, SCREENSHOTS_BAR),
            "ok": count.read / count.tried >= bars.get(name, SCREENSHOTS_BAR) and not count.wrong,
            "wrong ids": count.wrong,
            "least fit": count.least_fit,
            "slowest s": count.slowest_s,
            "lost (fit)": count.lost.strip(),
        }
        for name, count in counts.items()
    ]


def _screenshots(marked: Marked, counts: dict[str, Count]) -> None:
    """Take one frame of every piece of the film at CRF 23: at its own size, and in two other ways."""
    others = [name for name in SCREENSHOTS if name != "own size"]
    length = round(PIECE_S * RATE)
    for frame in read_frames(marked.attacked(ATTACKS[0])):
        if frame.index % length != length // 2:
            continue
        turn = 2 * (frame.index // length + marked.number)
        for name in ("own size", others[turn % len(others)], others[(turn + 1) % len(others)]):
            shot = SCREENSHOTS[name](_full_range(frame.y))
            for form, seen in (("PNG", shot), ("JPEG 70", _jpeg(shot))):
                reading, took_s = _timed([seen])
                piece = f"{marked.film.name}.{frame.index // length}"
                for what in (f"screenshot {form}", f"screenshot, {name}"):
                    counts[what].add(reading, marked.film_id, piece, took_s)


def show_little(folder: Path, films: Sequence[FilmOfTrust] = FILMS) -> list[dict[str, Any]]:
    """Compare marked frames with unmarked ones, and time the marking."""
    rows = []
    for number, film in enumerate(films):
        mark = Mark(film_id(1 + number), film.width_px, film.height_px)
        noise_db, alike, took_ms = [], [], []
        for frame in film.read(folder):
            if frame.index % 30 != 10:
                continue
            marked = frame.y.copy()
            began_s = time.process_time()
            mark.apply(marked, frame.index)
            took_ms.append(1000 * (time.process_time() - began_s))
            error = float(np.mean((marked.astype(np.float32) - frame.y) ** 2))
            noise_db.append(10 * np.log10(255**2 / error))
            alike.append(_ssim(frame.y, marked))
        rows.append(
            {
                "what": film.name,
                "worst psnr db": min(noise_db),
                "worst ssim": min(alike),
                "marking ms": float(np.median(took_ms)),
                "ok": min(noise_db) >= 42 and min(alike) >= 0.985,
            }
        )
    return rows


def _ssim(one: Luma, other: Luma) -> float:
    return float(
        structural_similarity(
            one,
            other,
            data_range=255,
            gaussian_weights=True,
            sigma=1.5,
            use_sample_covariance=False,
        )
    )


def run(folder: Path) -> list[dict[str, Any]]:
    """Measure all."""
    return [*survive(folder), *show_little(folder)]


def main() -> None:
    """Run what was asked for."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.trust.marking", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="four films only")
    parser.add_argument("--only", action="append", help="only this film; repeatable")
    parser.add_argument("--ids", type=int, default=1, help="how many ids each film is marked with")
    parser.add_argument("--folder", type=Path, help="where films are kept between runs")
    chosen = parser.parse_args()
    names = chosen.only or (QUICK if chosen.quick else [film.name for film in FILMS])
    films = [film for film in (*FILMS, *MORE) if film.name in names]
    with tempfile.TemporaryDirectory() as folder:
        kept = chosen.folder or Path(folder)
        console = screen()
        show(console, "how little it shows", show_little(kept, films))
        show(console, "what survives", survive(kept, films, ids=chosen.ids))


if __name__ == "__main__":
    main()
