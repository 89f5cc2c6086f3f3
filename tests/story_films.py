"""Storyboards filmed through the command line, small."""

from __future__ import annotations

import json
from pathlib import Path

from terminal import Told
from vivant.cli.running import run

SIZE = "480x270"


def film_line(board: Path, to: Path, *more: str) -> list[str]:
    size = [] if "--size" in more else ["--size", SIZE]
    return [
        "film", "--storyboard", str(board), "-o", str(to), "--attest", "public-domain", *size, *more,
    ]  # fmt: skip


def verified(film: Path, told: Told) -> bool:
    told()
    code = run(["verify", str(film), "--json"])
    return code == 0 and json.loads(told()[0])["verdict"] == "ok"
