"""Measure the *Stairway* beside the bars it is held to: ``python -m benchmarks.story [--only NAME] [--size 1280x720]``.

Everything is made by the command line, in a home that is empty at first: no plates, no rigs, no compiled loops.
What a measurement needs and no earlier one has made, it makes itself, so each can be run alone.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import tempfile
import time
from collections.abc import Callable, Mapping
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.story_frames import (
    Faces,
    continuity_in,
    faces_in,
    faded_share,
    slide_m,
    staged,
    vector_of,
    walkers_of,
)
from benchmarks.story_home import Home, Run
from benchmarks.tables import screen, show
from vivant.cli.storyboarding import demo_face
from vivant.film.continuity import (
    MOST_BRIGHTNESS_JUMP,
    MOST_CHANGE_RATIO,
    MOST_STILL_JUMP_PX,
)
from vivant.film.decoding import probe
from vivant.intake.engines.mediapipe import MediapipeFaces
from vivant.intake.reading import read_photo
from vivant.scene.shot import Bust, Shot
from vivant.scene.storyboard_reading import read_storyboard

FIRST, SECOND, THIRD = "elder-woman-glasses", "grace-hopper", "elder-man-beard"
"""Whose films are made: the first pays for plates and compiled loops."""
OLD_WORDS, NEW_WORDS = "Thank you for everything.", "Thank you for all of it."
PORTRAIT_WORDS = "Thank you for everything. I had a good life, and you were in it."
FIRST_S, AGAIN_S, PREVIEW_S, MOST_MB = 300.0, 120.0, 20.0, 500.0
EDIT_SHARE = 1 / 3
IDENTITY_SHARE = 0.9
SLIDE_CM = 1.0
LOOKED_AT = 50
"""Faces that are looked at in each shot, evenly spread."""
LIT = 0.25
"""Faces are compared while the picture has not gone further than this into light or black."""


class Bench:
    """Makes films when a measurement asks for them, and no film twice."""

    def __init__(self, folder: Path, *, size: str, second: str) -> None:
        self.home = Home(folder)
        self.size = size
        self.second = second
        self.width_px, self.height_px = (int(one) for one in size.split("x"))

    def film(self, who: str, *changes: tuple[str, str], to: str) -> tuple[Path, Path, Run]:
        """Film the template with one person; gives the storyboard, the film and how it went."""
        board = self.home.story(
            "stairway", f"{to}.yaml", (f"demo:{FIRST}", f"demo:{who}"), *changes
        )
        film = self.home.folder / f"{to}.mp4"
        return board, film, self._run(board, film)

    def _run(self, board: Path, to: Path, *words: str) -> Run:
        return self.home.vivant(
            "film", "--storyboard", str(board), "-o", str(to), "--size", self.size,
            "--attest", "public-domain", *words,
        ).insist()  # fmt: skip

    @cached_property
    def first(self) -> tuple[Path, Path, Run]:
        """The first film ever."""
        return self.film(FIRST, to="first")

    @cached_property
    def again(self) -> tuple[Path, Path, Run]:
        """The film of somebody else, when the plates are there."""
        assert self.first
        before = set(self.home.shots())
        made = self.film(self.second, to="again")
        self.again_shots = [path for path in self.home.shots() if path not in before]
        return made

    @cached_property
    def preview(self) -> tuple[int, Run]:
        """Stills of somebody whom no film was made of, when the plates of films are there."""
        assert self.first
        board = self.home.story("stairway", "third.yaml", (f"demo:{FIRST}", f"demo:{THIRD}"))
        stills = self.home.folder / "stills"
        run = self._run(board, stills, "--preview")
        return sum(1 for path in stills.rglob("*") if path.is_file()), run

    @cached_property
    def changed(self) -> tuple[int, Run]:
        """The second film, one line changed."""
        assert self.again
        before = set(self.home.shots())
        _, _, run = self.film(self.second, (OLD_WORDS, NEW_WORDS), to="changed")
        return len(set(self.home.shots()) - before), run

    @cached_property
    def shots(self) -> tuple[Shot, ...]:
        """The second film's shots, staged."""
        return staged(
            read_storyboard(self.again[0]), width_px=self.width_px, height_px=self.height_px
        )

    @cached_property
    def kept(self) -> list[tuple[Shot, Path]]:
        """The second film's shots, and where each is kept."""
        shots, paths = self.shots, self.again_shots
        counts = [probe(path).frames for path in paths]
        if counts != [shot.frames for shot in shots]:
            message = (
                f"The store holds shots of {counts} frames; staged are {[s.frames for s in shots]}."
            )
            raise RuntimeError(message)
        return list(zip(shots, paths, strict=True))


def times(bench: Bench) -> list[dict[str, Any]]:
    """Measure the first film ever, and the next person's."""
    rows = []
    for what, (_, film, run), bar_s in (
        ("first film ever", bench.first, FIRST_S),
        ("next person's film", bench.again, AGAIN_S),
    ):
        rows.append(_time(what, run, bar_s) | {"film_s": float(probe(film).picture_s)})
    return rows


def preview(bench: Bench) -> list[dict[str, Any]]:
    """Measure stills of all shots."""
    stills, run = bench.preview
    return [_time("stills of all shots", run, PREVIEW_S) | {"stills": stills}]


def edit(bench: Bench) -> list[dict[str, Any]]:
    """Measure one changed line."""
    made, run = bench.changed
    share = run.took_s / bench.again[2].took_s
    return [
        {
            "what": "one line changed",
            "seconds": run.took_s,
            "share": share,
            "bar": EDIT_SHARE,
            "ok": share < EDIT_SHARE and made == 1,
            "shots_made": made,
        }
    ]


def memory(bench: Bench) -> list[dict[str, Any]]:
    """Tell what each run held."""
    runs = {
        "first film ever": bench.first[2],
        "next person's film": bench.again[2],
        "stills of all shots": bench.preview[1],
        "one line changed": bench.changed[1],
    }
    return [
        {
            "what": what,
            "peak_mb": run.largest_mb,
            "bar_mb": MOST_MB,
            "ok": run.largest_mb <= MOST_MB,
            "all_processes_mb": run.peak_mb,
        }
        for what, run in runs.items()
    ]


def continuity(bench: Bench) -> list[dict[str, Any]]:
    """Measure each shot's frames, and its figure's feet."""
    rows = []
    for shot, path in bench.kept:
        found = continuity_in(path, shot)
        leap = found.still_jump
        slides = [100 * slide_m(one.motion) for one in walkers_of(shot)]
        rows.append(
            {
                "what": shot.name,
                "max_over_mean": found.change_ratio,
                "bar_x": MOST_CHANGE_RATIO,
                "in_frame": found.largest_change_at,
                "brightness_%": 100 * found.brightness_jump,
                "bar_%": 100 * MOST_BRIGHTNESS_JUMP,
                "at_frame": found.brightness_jump_at,
                "still_leap_px": "" if leap is None else leap.way_px,
                "bar_px": MOST_STILL_JUMP_PX,
                "where": "" if leap is None else f"{leap.frame}:{leap.x_px},{leap.y_px}",
                "still_share": "" if leap is None else leap.share,
                "pops": len(found.pops),
                "slide_cm": max(slides, default=""),
                "bar_cm": SLIDE_CM,
                "ok": not found.faults and max(slides, default=0.0) < SLIDE_CM,
            }
        )
    return rows


def identity(bench: Bench) -> list[dict[str, Any]]:
    """Compare the faces of the film, and those of a portrait film, with the photo's."""
    places = bench.home.places
    engine = MediapipeFaces(places=places)
    photo = demo_face(bench.second, places=places)
    vector = vector_of(read_photo(photo).picture.pixels, engine=engine)
    portrait = bench.home.folder / "portrait.mp4"
    bench.home.vivant(
        "film", str(photo), "--say", PORTRAIT_WORDS, "--size", bench.size,
        "--attest", "public-domain", "-o", str(portrait),
    ).insist()  # fmt: skip
    count = probe(portrait).frames
    usual = faces_in(portrait, vector, engine=engine, frames=_spread(count))
    rows = [_faces("portrait film", usual, usual.mean) | {"ok": True}]
    for shot, path in bench.kept:
        near = any(isinstance(one, Bust) for one in shot.presences)
        if not near and not any(one.shows_face for one in walkers_of(shot)):
            continue
        clear = np.flatnonzero(faded_share(shot) < LIT)
        frames = clear[_spread(len(clear))]
        found = faces_in(path, vector, engine=engine, frames=frames.tolist(), enlarge=not near)
        row = _faces(shot.name if near else f"{shot.name} (small)", found, usual.mean)
        if near:
            row["ok"] = found.least >= IDENTITY_SHARE * usual.mean and len(
                found.similarities
            ) == len(frames)
        rows.append(row)
    return rows


def papers(bench: Bench) -> list[dict[str, Any]]:
    """Verify every film that was made."""
    rows = []
    for film in sorted(bench.home.folder.glob("*.mp4")):
        run = bench.home.vivant("verify", str(film))
        rows.append(
            {
                "what": film.stem,
                "verdict": run.told.get("verdict", ""),
                "ok": run.code == 0 and run.told.get("verdict") == "ok",
                "seconds": run.took_s,
            }
        )
    return rows


SUITES: Mapping[str, Callable[[Bench], list[dict[str, Any]]]] = {
    "time": times,
    "preview": preview,
    "edit": edit,
    "memory": memory,
    "continuity": continuity,
    "identity": identity,
    "papers": papers,
}
"""In the order in which ``all`` runs them."""


def main() -> None:
    """Run what was asked for."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.story", description=__doc__)
    parser.add_argument("--only", choices=[*SUITES, "all"], action="append", help="repeatable")
    parser.add_argument("--size", default="1280x720", metavar="WIDTHxHEIGHT")
    parser.add_argument("--person", default=SECOND, help="the demo face that is looked at closely")
    parser.add_argument(
        "--folder", type=Path, help="keep everything here, to look at it afterwards"
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="write all numbers as JSON")
    chosen = parser.parse_args()
    names = list(SUITES) if not chosen.only or "all" in chosen.only else chosen.only
    console = screen()
    console.print(
        f"{platform.machine()}, {os.cpu_count()} threads, load {os.getloadavg()[0]:.1f}, Python {platform.python_version()}, {chosen.size}"
    )
    results: dict[str, list[dict[str, Any]]] = {}
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(
            (chosen.folder or Path(folder)).absolute(), size=chosen.size, second=chosen.person
        )
        for name in names:
            began_s = time.monotonic()
            results[name] = SUITES[name](bench)
            show(console, f"{name} ({time.monotonic() - began_s:.0f} s)", results[name])
            if chosen.json:
                chosen.json.write_text(json.dumps(results, indent=2) + "\n", encoding="utf-8")


def _time(what: str, run: Run, bar_s: float) -> dict[str, Any]:
    return {
        "what": what,
        "seconds": run.took_s,
        "bar_s": bar_s,
        "ok": run.took_s <= bar_s,
        "peak_mb": run.largest_mb,
        "load": os.getloadavg()[0],
    }


def _faces(what: str, found: Faces, usual: float) -> dict[str, Any]:
    return {
        "what": what,
        "mean": found.mean,
        "least": found.least,
        "least_over_portrait": found.least / usual,
        "bar": IDENTITY_SHARE,
        "found": f"{len(found.similarities)} of {found.looked_at}",
        "eyes_px": found.eyes_px,
    }


def _spread(count: int) -> list[int]:
    """Choose frames, evenly spread."""
    return sorted({round(one) for one in np.linspace(0, count - 1, min(count, LOOKED_AT))})


if __name__ == "__main__":
    main()
