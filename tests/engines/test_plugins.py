"""Other people's engines: found without running them, loaded on request, blamed by name when broken."""

from __future__ import annotations

from pathlib import Path

import pytest

from vivant.engines import declared, engine_named
from vivant.errors import MissingError


def install(folder: Path, name: str, code: str, entry: str) -> None:
    """Lay a package down as pip would."""
    (folder / f"{name}.py").write_text(code)
    info = folder / f"{name}-1.2.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.2\n")
    (info / "entry_points.txt").write_text(f"[vivant.engines.voice]\n{name} = {entry}\n")


@pytest.fixture
def shelf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.syspath_prepend(str(tmp_path))
    return tmp_path


def test_a_plugin_is_found_without_being_run(shelf: Path) -> None:
    install(shelf, "bomb_voice", "raise SystemExit('run')", "bomb_voice:Voice")

    found = next(engine for engine in declared("voice") if engine.name == "bomb_voice")

    assert (found.package, found.package_version) == ("bomb_voice", "1.2")


def test_a_plugin_is_made_on_request(shelf: Path) -> None:
    install(shelf, "good_voice", "class Voice:\n    said = 'good'\n", "good_voice:Voice")

    made = engine_named("voice", "good_voice").load()

    assert getattr(made, "said", None) == "good"


@pytest.mark.parametrize(
    ("name", "code", "why"),
    [
        ("gone_voice", "import something_not_installed", "ModuleNotFoundError"),
        ("odd_voice", "def broken(:\n", "SyntaxError"),
        ("lost_voice", "class Speech: pass", "AttributeError"),
        ("sick_voice", "class Voice:\n    def __init__(self): 1 / 0\n", "ZeroDivisionError"),
    ],
)
def test_a_broken_plugin_is_named_with_its_package(
    shelf: Path, name: str, code: str, why: str
) -> None:
    install(shelf, name, code, f"{name}:Voice")

    with pytest.raises(MissingError, match=rf"'{name}' of package {name} 1\.2 .*{why}"):
        engine_named("voice", name).load()
