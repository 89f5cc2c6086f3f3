"""Measure what trust promises, and print tables: ``python -m benchmarks.trust [--only NAME] [--json FILE]``."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from benchmarks.suites import Suites, run_suites
from benchmarks.trust import credentials, ledger, looks, marking, policy, register, sounds


def _marking(folder: Path) -> list[dict[str, Any]]:
    """Mark films, and look the same copies up by their looks."""
    return [*marking.run(folder), *looks.known_by_looks(folder)]


SUITES: Suites = {
    "credentials": credentials.run,
    "policy": policy.run,
    "ledger": ledger.run,
    "register": register.run,
    "sounds": sounds.run,
    "marking": _marking,
}

if __name__ == "__main__":
    run_suites(SUITES, prog="python -m benchmarks.trust", about=__doc__)
