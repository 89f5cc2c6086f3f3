"""Whether the register knows copies of the twenty films by their looks alone: no mark, no sound, no papers.

Run ``python -m benchmarks.trust.looks [--folder FOLDER]``; a folder of ``benchmarks.trust.marking`` saves drawing them anew.
"""

from __future__ import annotations

import argparse
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
from jaxtyping import UInt8

from benchmarks.tables import screen, show
from benchmarks.trust.films_of_trust import FILMS, FRAMES, RATE, FilmOfTrust
from benchmarks.trust.marking import ATTACKS, SCREENSHOTS, Attack, Luma, Marked
from vivant.film.decoding import read_frames
from vivant.film.fingerprints import find_wild, fingerprints_of_file
from vivant.media.picture import Frame
from vivant.provenance.register.entry import Entry, Match
from vivant.provenance.register.fingerprinting import Fingerprinter
from vivant.provenance.register.register import Register

BAR = 0.99
EDGES = ("left", "top", "right", "bottom")
CUTS = (0.1, 0.2)
"""Cut off one edge, as a share of the side."""


def _cut(number: int, share: float) -> Attack:
    """Cut something off one edge, another one for each film, and encode at CRF 28."""
    edge = EDGES[number % 4]

    def change(frames: Iterator[Frame]) -> Iterator[Frame]:
        for frame in frames:
            height, width = frame.y.shape
            off = 2 * round(share * (width if number % 2 == 0 else height) / 2)
            y = _without(frame.y, edge, off)
            u, v = (_without(plane, edge, off // 2) for plane in (frame.u, frame.v))
            yield Frame(index=frame.index, y=y, u=u, v=v)

    return Attack(name=f"cut {edge} {100 * share:.0f}", bar=BAR, crf=28, change=change)


def _without(plane: Luma, edge: str, off: int) -> UInt8[np.ndarray, "_ _"]:
    height, width = plane.shape
    cut = {
        "left": plane[:, off:],
        "top": plane[off:],
        "right": plane[:, : width - off],
        "bottom": plane[: height - off],
    }[edge]
    return np.ascontiguousarray(cut)


def _note(register: Register, marked: Marked) -> None:
    looking = Fingerprinter(RATE, marked.film.width_px, marked.film.height_px)
    for frame in read_frames(marked.path):
        looking.see(frame.index, frame.y)
    entry = Entry(
        made_id=marked.film_id,
        kind="film",
        file_sha256=marked.film_id * 4,
        record_sha256=marked.film_id * 4,
        made_at=datetime(2026, 1, 1, tzinfo=UTC),
        seconds=float(FRAMES / RATE),
        consent_ids=(),
    )
    register.note(entry, looking.done())


def _middle_of(path: Path) -> UInt8[np.ndarray, "height width"]:
    return next(frame.y for frame in read_frames(path) if frame.index == FRAMES // 2)


def known_by_looks(folder: Path, films: Sequence[FilmOfTrust] = FILMS) -> list[dict[str, Any]]:
    """Register every film, and look every copy up."""
    shutil.rmtree(folder / "register-of-looks", ignore_errors=True)  # of another version, it may be
    register = Register(folder=folder / "register-of-looks")
    every = [Marked(film, folder, 1 + number) for number, film in enumerate(films)]
    for marked in every:
        _note(register, marked)
    rows = []
    for attack in ATTACKS:
        found = [find_wild(register, fingerprints_of_file(m.attacked(attack))) for m in every]
        rows.append(_row(f"by looks: {attack.name}", every, found))
    for share in CUTS:
        found = [
            find_wild(register, fingerprints_of_file(m.attacked(_cut(m.number, share))))
            for m in every
        ]
        rows.append(_row(f"by looks: {100 * share:.0f} % cut off one edge", every, found))
    middles = [_middle_of(marked.attacked(ATTACKS[0])) for marked in every]
    for name, shot in SCREENSHOTS.items():
        found = [register.find_picture(shot(luma)) for luma in middles]
        rows.append(_row(f"by looks: screenshot, {name}", every, found))
    return rows


def _row(what: str, every: Sequence[Marked], found: Sequence[tuple[Match, ...]]) -> dict[str, Any]:
    ids = [[match.entry.made_id for match in matches] for matches in found]
    first = sum(bool(told) and told[0] == m.film_id for m, told in zip(every, ids, strict=True))
    others = sum(bool(set(told) - {m.film_id}) for m, told in zip(every, ids, strict=True))
    lost = [
        m.film.name for m, told in zip(every, ids, strict=True) if not told or told[0] != m.film_id
    ]
    return {
        "what": what,
        "read": f"{first} of {len(every)}",
        "share": first / len(every),
        "bar": BAR,
        "ok": first / len(every) >= BAR,
        "others told": others,
        "lost": " ".join(lost),
    }


def main() -> None:
    """Run what was asked for."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.trust.looks", description=__doc__)
    parser.add_argument("--folder", type=Path, help="where films are kept between runs")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        rows = known_by_looks(chosen.folder or Path(folder))
        show(screen(), "known by looks alone", rows)


if __name__ == "__main__":
    main()
