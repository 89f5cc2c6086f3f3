"""Run suites of measurements and print them as tables."""

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

Suites = Mapping[str, Callable[[Path], list[dict[str, Any]]]]
"""In order of how long they take; each gets a folder that is removed afterwards."""


def run_suites(suites: Suites, *, prog: str, about: str | None) -> None:
    """Run what the command line asks for."""
    parser = argparse.ArgumentParser(prog=prog, description=about)
    parser.add_argument("--only", choices=suites, action="append", help="run only this; repeatable")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write all numbers as JSON")
    chosen = parser.parse_args()
    console = screen()
    console.print(
        f"{platform.machine()}, {os.cpu_count()} threads, load {os.getloadavg()[0]:.1f}, Python {platform.python_version()}"
    )
    results: dict[str, list[dict[str, Any]]] = {}
    for name, run in suites.items():
        if chosen.only and name not in chosen.only:
            continue
        began_s = time.monotonic()
        with tempfile.TemporaryDirectory() as folder:
            results[name] = run(Path(folder))
        show(console, f"{name} ({time.monotonic() - began_s:.0f} s)", results[name])
    if chosen.json:
        chosen.json.write_text(json.dumps(results, indent=2) + "\n", encoding="utf-8")
