"""The README's library example runs as it stands, and so do the examples."""

from __future__ import annotations

import importlib.util
import re
import shutil
from pathlib import Path

import pytest

from vivant.cli.hopper import portrait
from vivant.film.verifying import verify_film

pytestmark = [pytest.mark.slow, pytest.mark.models]

ROOT = Path(__file__).parents[2]
EXAMPLES = sorted((ROOT / "examples").glob("*.py"))


def test_the_readmes_example_runs_as_it_stands(
    own_home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (example,) = re.findall(
        r"```python\n(.*?)```", (ROOT / "README.md").read_text(), flags=re.DOTALL
    )
    shutil.copy(portrait(), own_home / "portrait.jpg")
    monkeypatch.chdir(own_home)

    exec(compile(example, "README.md", "exec"), {})  # noqa: S102 - it is ours

    assert verify_film(own_home / "hopper.mp4").ok
    assert capsys.readouterr().out.startswith("hopper.mp4 ")


def test_the_example_has_four_lines() -> None:
    (example,) = re.findall(
        r"```python\n(.*?)```", (ROOT / "README.md").read_text(), flags=re.DOTALL
    )
    lines = [line for line in example.splitlines() if line and not line.startswith("from ")]

    assert len(lines) == 4


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_an_example_runs(path: Path, own_home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None
    assert spec.loader is not None
    example = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(example)
    film = own_home / "film.mp4"

    example.main(portrait(), film)

    assert film.is_file()
    assert "ok" in capsys.readouterr().out
