"""Whole films by the command line, as a user makes them: time, memory, measures."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from benchmarks import people
from vivant.cli.hopper import WORDS

MOST_MB = 700.0
LONG_MINUTES = 10
SHORT = (
    ("hopper", "1280x720", 0.4),
    ("astronaut", "1280x720", 0.4),
    ("hopper", "1920x1080", 1 / 1.2),
)
"""Who, the size, and the share of the film's length that it may take."""


def run(folder: Path) -> list[dict[str, Any]]:
    """Make three films of half a minute."""
    return [_film(name, size, WORDS, folder, share=share)[1] for name, size, share in SHORT]


def quality(folder: Path) -> list[dict[str, Any]]:
    """Inspect a film of each person; one row for each measure, bars beside it."""
    rows = []
    for name in ("hopper", "astronaut"):
        film, _ = _film(name, "1280x720", WORDS, folder, share=0.4)
        words = folder / "words.txt"
        words.write_text(WORDS, encoding="utf-8")
        photo = people.photo(name, folder)
        told = _vivant(
            ["inspect", str(film), "--photo", str(photo), "--script", str(words), "--json"]
        )
        rows += [
            {
                "what": f"{name}: {row['name']}",
                **{key: row[key] for key in ("value", "unit", "bar")},
            }
            | ({} if row["ok"] is None else {"ok": row["ok"]})
            for row in json.loads(told.stdout)["measures"]
        ]
    return rows


def long(folder: Path) -> list[dict[str, Any]]:
    """Make a film of ten minutes, and watch memory and drift."""
    seconds = 30
    text = " ".join([WORDS] * (LONG_MINUTES * 60 // seconds))
    _, row = _film("hopper", "1920x1080", text, folder, share=1 / 1.2)
    return [row]


def _film(
    name: str, size: str, text: str, folder: Path, *, share: float
) -> tuple[Path, dict[str, Any]]:
    photo, film, script = (
        people.photo(name, folder),
        folder / f"{name}-{size}.mp4",
        folder / "script.txt",
    )
    script.write_text(text, encoding="utf-8")
    words = [
        "film",
        str(photo),
        "--script",
        str(script),
        "--size",
        size,
        "--attest",
        "public-domain",
    ]
    began_s = time.monotonic()
    process = subprocess.Popen(
        [sys.executable, "-m", "vivant", *words, "-o", str(film), "--json"],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    memory = watched(process, began_s)
    assert process.stdout is not None
    told = json.loads(process.stdout.read())
    if process.wait() != 0:
        raise RuntimeError(told["error"]["message"])
    facts = told["facts"]
    sound_s, picture_s = (float(_number(facts[key])) for key in ("sound_s", "picture_s"))
    peak_mb = max(mb for _, mb in memory)
    settled = [mb for moment_s, mb in memory if moment_s >= 60.0]
    return film, {
        "what": f"{name} {size}",
        "film_s": told["seconds"],
        "took_s": told["took_s"],
        "times_real_time": told["seconds"] / told["took_s"],
        "bar_x": 1 / share,
        "ok": told["took_s"] <= share * told["seconds"],
        "peak_mb": peak_mb,
        "bar_mb": MOST_MB,
        "grew_mb_after_1_min": (settled[-1] - settled[0]) if len(settled) > 1 else 0.0,
        "sound_minus_picture_ms": (sound_s - picture_s) * 1000,
        "load": os.getloadavg()[0],
    }


def _number(text: str) -> float:
    above, _, below = str(text).partition("/")
    return float(above) / float(below or 1)


def watched(process: subprocess.Popen[str], began_s: float) -> list[tuple[float, float]]:
    """Read the resident memory now and then until the process ends: seconds, megabytes."""
    status = Path(f"/proc/{process.pid}/status")
    seen = [(0.0, 0.0)]
    while process.poll() is None:
        try:
            lines = status.read_text().splitlines()
            resident = next(line for line in lines if line.startswith("VmRSS"))
            seen.append((time.monotonic() - began_s, int(resident.split()[1]) / 1000))
        except (OSError, StopIteration):
            pass
        try:
            process.wait(timeout=0.25)
        except subprocess.TimeoutExpired:
            continue
    return seen


def _vivant(words: list[str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "vivant", *words], capture_output=True, text=True, check=False
    )
