"""The docs say what the code does, and what they show can be run."""

from __future__ import annotations

import importlib.util
import re
import shlex
import sys
from pathlib import Path
from types import ModuleType

import pytest
from typer.main import get_command

from vivant.cli.app import app

ROOT = Path(__file__).parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])


def _generator() -> ModuleType:
    spec = importlib.util.spec_from_file_location("generate", ROOT / "docs/generate.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["generate"] = module
    spec.loader.exec_module(module)
    return module


GENERATOR = _generator()


@pytest.mark.parametrize("name", GENERATOR.PAGES)
def test_a_generated_page_is_current(name: str) -> None:
    assert (ROOT / "docs/reference" / name).read_text(encoding="utf-8") == GENERATOR.PAGES[
        name
    ](), "Run `make docs`."


def _commands() -> list[tuple[str, list[str]]]:
    found = []
    for page in PAGES:
        text = page.read_text(encoding="utf-8")
        for block in re.findall(r"```console\n(.*?)```", text, flags=re.DOTALL):
            for line in block.replace("\\\n", " ").splitlines():
                command = line.removeprefix("$ ").strip()
                if command.startswith("vivant "):
                    found.append(
                        (page.relative_to(ROOT).as_posix(), shlex.split(command, comments=True))
                    )
    return found


@pytest.mark.parametrize(
    ("page", "words"),
    _commands(),
    ids=[f"{page}: {' '.join(words)}" for page, words in _commands()],
)
def test_every_command_in_the_docs_can_be_typed(page: str, words: list[str]) -> None:
    """Commands and options exist; nothing is run."""
    del page
    command, rest = get_command(app), words[1:]
    context = command.make_context("vivant", list(rest), resilient_parsing=True)
    while rest and rest[0] in getattr(command, "commands", {}):
        command, rest = command.commands[rest[0]], rest[1:]  # type: ignore[attr-defined]
    known = {option for parameter in command.params for option in parameter.opts}
    used = {word.split("=")[0] for word in rest if word.startswith("-")}

    assert context is not None
    assert not hasattr(command, "commands") or not rest
    assert used <= known | {"--help", "-h", "--debug", "--version"}


def _links() -> list[tuple[Path, str]]:
    found = (
        (page, link)
        for page in PAGES
        for link in re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8"))
        if not link.startswith(("https:", "mailto:"))
    )
    return list(dict.fromkeys(found))


@pytest.mark.parametrize(
    ("page", "link"), _links(), ids=[f"{page.relative_to(ROOT)}: {link}" for page, link in _links()]
)
def test_every_link_leads_somewhere(page: Path, link: str) -> None:
    assert (page.parent / link).exists()


@pytest.mark.parametrize("kind", ["tutorials", "how-to", "reference", "explanation"])
def test_the_docs_have_their_four_kinds(kind: str) -> None:
    assert list((ROOT / "docs" / kind).glob("*.md"))


def test_the_changelog_tells_of_this_version() -> None:
    import vivant

    assert f"## [{vivant.__version__}]" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
