"""Measure voices beside the bars they are held to: ``python -m benchmarks.voice [--only NAME] [--people FOLDER]``.

Words are recognised by Whisper tiny.en: ``pip install "vivant[words]"`` and ``vivant models fetch words-en``;
the quality voice and the judges of likeness need ``vivant models fetch kokoro speaker-encoder``.
``FOLDER`` holds a folder for each person with ``train.wav``, a minute and more of clean speech, and ``heldout.wav``,
half a minute and more of other speech. Without it two synthetic voices stand in, which flatter.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from benchmarks.tables import screen, show
from benchmarks.voice import cleanup, likeness, long, loudness, speed, timing, words
from benchmarks.voice.people import Setting

SUITES: Mapping[str, Callable[[Setting], list[dict[str, Any]]]] = {
    "speed": speed.run,
    "words": words.run,
    "timing": timing.run,
    "likeness": likeness.run,
    "cleanup": cleanup.run,
    "loudness": lambda setting: loudness.run(setting.folder, voices=setting.engines),
    "long": lambda setting: long.run(setting.folder),
}
"""Each gives rows; a row's ``ok`` says whether its bar is reached."""


def main() -> None:
    """Run what was asked for."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.voice",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--only", choices=SUITES, action="append", help="run only this; repeatable")
    parser.add_argument("--people", type=Path, metavar="FOLDER", help="recordings to learn from")
    parser.add_argument("--engine", action="append", help="only this voice engine; repeatable")
    parser.add_argument("--sentences", type=int, default=100, help="how many, from 1 to 100")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write all numbers as JSON")
    chosen = parser.parse_args()
    console = screen()
    console.print(
        f"{platform.machine()}, {os.cpu_count()} threads, load {os.getloadavg()[0]:.1f}, Python {platform.python_version()}"
    )
    results: dict[str, list[dict[str, Any]]] = {}
    with tempfile.TemporaryDirectory() as folder:
        setting = Setting(
            people=chosen.people,
            engines=tuple(chosen.engine or ("hibari", "kokoro")),
            sentences=chosen.sentences,
            folder=Path(folder),
        )
        for name in chosen.only or SUITES:
            began_s = time.monotonic()
            results[name] = SUITES[name](setting)
            show(console, f"{name} ({time.monotonic() - began_s:.0f} s)", results[name])
            if chosen.json:
                chosen.json.write_text(json.dumps(results, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
