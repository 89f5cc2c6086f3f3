"""How tests ask the command line, and hear what it says."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from vivant.cli.running import run

Told = Callable[[], tuple[str, str]]
"""Gives what was written to stdout and to stderr since it was last asked."""
Answer = Callable[..., dict[str, Any]]
"""Runs a command with --json and gives what it says; ``code`` is how it must end."""


def telling(capsys: pytest.CaptureFixture[str]) -> Told:
    """Read the terminal."""

    def read() -> tuple[str, str]:
        seen = capsys.readouterr()
        return seen.out, seen.err

    return read


def answering(capsys: pytest.CaptureFixture[str]) -> Answer:
    """Ask for JSON."""

    def ask(*words: str, code: int = 0) -> dict[str, Any]:
        capsys.readouterr()
        left = run([*words, "--json"])
        seen = capsys.readouterr()
        assert left == code, seen
        said: dict[str, Any] = json.loads(seen.out)
        return said

    return ask
