"""Run the benchmarks and print tables: ``python -m benchmarks [--only NAME] [--json FILE]``."""

from __future__ import annotations

from benchmarks import engine, films, kernel, starts
from benchmarks.suites import Suites, run_suites

SUITES: Suites = {
    "kernel": lambda _folder: kernel.run(),
    "engine": engine.run,
    "starts": starts.run,
    "films": films.run,
    "quality": films.quality,
    "long": films.long,
}

if __name__ == "__main__":
    run_suites(SUITES, prog="python -m benchmarks", about=__doc__)
