"""Compiled loops work on machines of every kind."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np

from vivant.media.compilation import owned

LOOP = """
from vivant.media.compilation import compiled

@compiled
def total(numbers):
    result = 0
    for number in numbers:
        result += number
    return result
"""


def run(folder: Path, home: Path) -> subprocess.CompletedProcess[str]:
    homes = dict.fromkeys(("HOME", "XDG_CACHE_HOME", "LOCALAPPDATA", "USERPROFILE"), str(home))
    return subprocess.run(
        [sys.executable, "-B", "-c", "import loop; print(loop.total((1, 2, 3)))"],
        cwd=folder,
        env=os.environ | homes,
        capture_output=True,
        text=True,
        check=False,
    )


def test_machine_code_goes_to_the_users_cache_when_the_source_may_not_be_written_beside(
    tmp_path: Path,
) -> None:
    source, home = tmp_path / "source", tmp_path / "home"
    source.mkdir()
    home.mkdir()
    (source / "loop.py").write_text(LOOP)
    (source / "__pycache__").write_text("a file, where a folder would have to be")

    done = run(source, home)

    assert done.stdout == "6\n", done.stderr
    assert list(home.rglob("*.nbc"))


def test_a_machine_without_any_folder_to_write_to_compiles_each_time(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("")
    (tmp_path / "loop.py").write_text(LOOP)
    (tmp_path / "__pycache__").write_text("a file, where a folder would have to be")

    done = run(tmp_path, blocked)

    assert done.stdout == "6\n", done.stderr


def test_only_arrays_of_another_kind_are_copied() -> None:
    plain = np.zeros((4, 4))
    sealed = np.zeros((4, 4))
    sealed.flags.writeable = False

    assert owned(plain) is plain
    assert owned(sealed) is not sealed
    assert owned(plain[:, ::2]).flags.c_contiguous
