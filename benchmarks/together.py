"""Measure films of people together beside the bars they are held to: ``python -m benchmarks.together [--only NAME]``.

``time`` films whole templates by the command line, twice: the second time sets, rigs and words are there, and every shot is
drawn anew. The others draw single frames through the library.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.story_home import Home
from benchmarks.tables import screen, show
from benchmarks.together_frames import Drawn, chins_px, drawn_frames, portrait_likeness
from vivant.film.decoding import probe
from vivant.render.bust.contact import background_between
from vivant.render.bust.matching import compare, read_skin

TEMPLATES = (
    "embrace", "children", "newborn", "comfort", "wings", "younger-self", "welcome", "our-pet",
)  # fmt: skip
FILM_S, MOST_MB, CAST_MB = 120.0, 500.0, 1000.0
IDENTITY_SHARE, MOST_AB, MOST_BLACK = 0.9, 5.0, 2.0
MOMENTS = (0.12, 0.3, 0.5, 0.7, 0.9)
"""Where in a shot frames are looked at."""
EMBRACE_MOMENTS = tuple(np.linspace(0.5, 0.98, 9))


@dataclass(frozen=True, slots=True, kw_only=True)
class Bench:
    """What is measured, and where it is kept."""

    home: Home
    size: str
    templates: tuple[str, ...]

    @property
    def pixels(self) -> tuple[int, int]:
        """Width and height."""
        width, height = (int(one) for one in self.size.split("x"))
        return width, height

    def frames(self, moments: tuple[float, ...], *, only: str = "") -> Iterator[Drawn]:
        """Draw frames of every shot with living photos."""
        for template in self.templates:
            board = self.home.story(template, f"{template}.yaml")
            yield from drawn_frames(
                board, template=template, moments=moments, size=self.pixels, places=self.home.places, only=only,
            )  # fmt: skip


def times(bench: Bench) -> list[dict[str, Any]]:
    """Film each template twice, the second time with its sets baked."""
    rows = []
    for template in bench.templates:
        board = bench.home.story(template, f"{template}.yaml")
        film = bench.home.folder / f"{template}.mp4"
        line = (
            "film", "--storyboard", str(board), "-o", str(film), "--size", bench.size, "--attest", "public-domain",
        )  # fmt: skip
        first = bench.home.vivant(*line).insist()
        for shot in bench.home.shots():
            shot.unlink()
        again = bench.home.vivant(*line).insist()
        bar_mb = CAST_MB if template == "welcome" else MOST_MB
        rows.append(
            {
                "what": template,
                "film_s": float(probe(film).picture_s),
                "first_s": first.took_s,
                "again_s": again.took_s,
                "bar_s": FILM_S,
                "peak_mb": again.largest_mb,
                "bar_mb": bar_mb,
                "ok": again.took_s <= FILM_S and again.largest_mb <= bar_mb,
                "all_processes_mb": again.peak_mb,
                "load": os.getloadavg()[0],
            }
        )
    return rows


def identity(bench: Bench) -> list[dict[str, Any]]:
    """Compare every visible human face with its own photo, beside a portrait film of the same photo."""
    alike: dict[tuple[str, str], list[float]] = {}
    looked: dict[tuple[str, str], int] = {}
    usual: dict[str, float] = {}
    for frame in bench.frames(MOMENTS):
        for person, similarity in frame.likeness().items():
            key = (frame.template, person)
            looked[key] = looked.get(key, 0) + 1
            if similarity is not None:
                alike.setdefault(key, []).append(similarity)
            photo = frame.photos[person].rig_id
            if photo not in usual:
                usual[photo] = portrait_likeness(frame.photos[person], frame.engine)
            usual[f"{frame.template} {person}"] = usual[photo]
    rows = []
    for (template, person), found in alike.items():
        portrait = usual[f"{template} {person}"]
        rows.append(
            {
                "what": f"{template}: {person}",
                "mean": float(np.mean(found)),
                "least": min(found),
                "portrait": portrait,
                "least_over_portrait": min(found) / portrait,
                "bar": IDENTITY_SHARE,
                "found": f"{len(found)} of {looked[template, person]}",
                "ok": min(found) >= IDENTITY_SHARE * portrait,
            }
        )
    return rows


def skin(bench: Bench) -> list[dict[str, Any]]:
    """Compare the skins of people in one frame: in light, in shade, and their blacks."""
    found: dict[str, list[tuple[float, float, float]]] = {}
    for frame in bench.frames((0.15, 0.5, 0.85)):
        faces = [face for face in frame.faces().values() if face is not None]
        readings = [read_skin(frame.pixels, face.landmarks) for face in faces]
        for place, one in enumerate(readings):
            for other in readings[place + 1 :]:
                match = compare(one, other)
                found.setdefault(f"{frame.template}: {frame.shot.name}", []).append(
                    (match.light_ab, match.shade_ab, match.black)
                )
    rows = []
    for what, pairs in found.items():
        light, shade, black = np.median(pairs, axis=0)
        worst = np.max(pairs, axis=0)
        rows.append(
            {
                "what": what,
                "pairs": len(pairs),
                "light_ab": float(light),
                "shade_ab": float(shade),
                "worst_ab": float(worst[:2].max()),
                "bar_ab": MOST_AB,
                "black": float(black),
                "worst_black": float(worst[2]),
                "bar_black": MOST_BLACK,
                "ok": bool(worst[:2].max() <= MOST_AB and worst[2] <= MOST_BLACK),
            }
        )
    return rows


def contact(bench: Bench) -> list[dict[str, Any]]:
    """Count pixels of the set that are seen between two who embrace, in the second half of it."""
    counts = [
        background_between(frame.covered, chins_px(frame))
        for frame in bench.frames(EMBRACE_MOMENTS, only="meet")
        if frame.covered is not None
    ]
    return [{"what": "embrace", "frames": len(counts), "most_px": max(counts, default=-1), "bar_px": 0,
             "ok": bool(counts) and max(counts) == 0}]  # fmt: skip


def papers(bench: Bench) -> list[dict[str, Any]]:
    """Verify every film that ``time`` made, and count the consents in it."""
    rows = []
    for film in sorted(bench.home.folder.glob("*.mp4")):
        run = bench.home.vivant("verify", str(film))
        rows.append(
            {"what": film.stem, "verdict": run.told.get("verdict", ""), "ok": run.code == 0}
        )
    return rows


SUITES: Mapping[str, Callable[[Bench], list[dict[str, Any]]]] = {
    "contact": contact,
    "skin": skin,
    "identity": identity,
    "time": times,
    "papers": papers,
}


def main() -> None:
    """Run what was asked for."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.together", description=__doc__)
    parser.add_argument("--only", choices=SUITES, action="append", help="repeatable")
    parser.add_argument("--templates", nargs="+", choices=TEMPLATES, default=list(TEMPLATES))
    parser.add_argument("--size", default="1280x720", metavar="WIDTHxHEIGHT")
    parser.add_argument("--folder", type=Path, help="keep everything here")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write all numbers as JSON")
    chosen = parser.parse_args()
    console = screen()
    console.print(
        f"{platform.machine()}, {os.cpu_count()} threads, load {os.getloadavg()[0]:.1f}, Python {platform.python_version()}, {chosen.size}"
    )
    results: dict[str, list[dict[str, Any]]] = {}
    with tempfile.TemporaryDirectory() as folder:
        home = Home((chosen.folder or Path(folder)).absolute())
        bench = Bench(home=home, size=chosen.size, templates=tuple(chosen.templates))
        for name in chosen.only or SUITES:
            began_s = time.monotonic()
            results[name] = SUITES[name](bench)
            show(console, f"{name} ({time.monotonic() - began_s:.0f} s)", results[name])
            if chosen.json:
                chosen.json.write_text(json.dumps(results, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
