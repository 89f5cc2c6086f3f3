"""Tests with the real libraries of neural engines: 5 GB that the other tests must not need.

They are collected only when their folder is named, as ``make neural`` does; there they fail, rather than
being skipped, where the environment is not there.
"""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent
HOME = HERE.parents[1] / ".venv-neural"


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Leave the folder alone unless it was asked for."""
    asked = [Path(config.invocation_params.dir, one.partition("::")[0]) for one in config.args]
    named = any(one.resolve() == HERE or HERE in one.resolve().parents for one in asked)
    return None if named or HERE not in collection_path.parents else True


@pytest.fixture(scope="session")
def python() -> Path:
    """The Python that has torch and diffusers."""
    found = HOME / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
    if not found.exists():
        pytest.fail(
            "The environment of the neural engines is not here. Run: make neural", pytrace=False
        )
    return found
