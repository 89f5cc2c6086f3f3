"""Nothing in the repository speaks of the machine it was made on, or leans on a registry's host."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
_HOSTS = (
    "pypi" + r"\.org",
    "files" + r"\.pythonhosted",
    "registry" + r"\.npmjs",
    "hugging" + r"face\.co",
)
FORBIDDEN = re.compile(
    "|".join((*_HOSTS, r"(?<![\w.])/(?:root|work|home/\w+)/", r"/t" + r"mp/\w+"))
)
BINARY = {".png", ".jpg", ".otf", ".ttf", ".npz", ".npy", ".wav", ".mp4", ".zip", ".webp"}


def _files() -> list[str]:
    listed = subprocess.run(
        ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return [name for name in listed.stdout.splitlines() if Path(name).suffix not in BINARY]


@pytest.mark.parametrize("name", _files())
def test_no_file_tells_where_it_was_made(name: str) -> None:
    path = ROOT / name
    if not path.exists():  # removed, and not committed yet
        return

    assert FORBIDDEN.findall(path.read_text(encoding="utf-8", errors="replace")) == []


def test_every_file_of_ours_is_small() -> None:
    """400 lines is a warning to split by noun; 500 is too much."""
    long = {
        name: lines
        for name in _files()
        if name.startswith("src/") and name.endswith(".py") and (ROOT / name).exists()
        if (lines := len((ROOT / name).read_text(encoding="utf-8").splitlines())) > 500
    }

    assert long == {}
