"""The public names are what they say they are."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import vivant

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("name", vivant.__all__)
def test_every_public_name_is_there_and_described(name: str) -> None:
    assert getattr(vivant, name).__doc__


def test_the_public_names_are_sorted_and_typed() -> None:
    tree = ast.parse((ROOT / "src/vivant/__init__.py").read_text())
    typed = {
        alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("vivant.")
        for alias in node.names
    }

    assert vivant.__all__ == sorted(vivant.__all__)
    assert typed == set(vivant.__all__)


def test_no_public_name_hides_a_room() -> None:
    rooms = {path.stem for path in (ROOT / "src/vivant").iterdir()}

    assert not rooms & set(vivant.__all__)


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        _ = vivant.nothing


def test_importing_the_package_loads_nothing_heavy() -> None:
    code = (
        "import sys, vivant; print(sorted({'numpy', 'cv2', 'mediapipe', 'av'} & set(sys.modules)))"
    )

    seen = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert seen.stdout.strip() == "[]"


def test_the_version_is_the_packages_own() -> None:
    assert str(vivant.__version__).count(".") == 2
