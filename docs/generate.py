"""Write the reference pages that follow from the code: ``make docs``.

A test compares what this makes with what is in the repository.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from typer.main import get_command

import vivant
from vivant.cli.app import app
from vivant.cli.rules_page import rules_page
from vivant.cli.surveying import survey_engines
from vivant.engines import ROOMS
from vivant.errors import VivantError
from vivant.models.fetching import command_for
from vivant.models.manifest import MODELS, parts_of
from vivant.scene.direction.registry import direction_named
from vivant.scene.storyboard_terms import (
    ACTIONS,
    BUILD,
    EVERYWHERE,
    FACES,
    ActionTerms,
    Choices,
)
from vivant.settings import SETTINGS

REFERENCE = Path(__file__).parent / "reference"
MADE = "<!-- Made by docs/generate.py; change the code instead, then run `make docs`. -->\n"
KINDS = {
    0: "Done. For `verify`: every paper holds. For `doctor`: nothing is missing.",
    1: "Something unforeseen; `--debug` shows where.",
    2: "What was given cannot be used: an option, a photo, a script, a recording, a film.",
    3: "There is no consent that covers it, or a rule forbids it.",
    4: "Papers could not be made, or do not hold. For `verify`: at least one does not hold.",
    5: "Something is not here: a model, a library, an engine.",
    6: "An engine returned what its contract forbids.",
    7: "The machine could not give what is needed: disk full, file in use, folder locked.",
    130: "Stopped with Ctrl-C; nothing half-made is left.",
}


def main() -> None:
    """Write every page."""
    for name, make in PAGES.items():
        (REFERENCE / name).write_text(make(), encoding="utf-8")
        print(f"docs/reference/{name}")


def cli() -> str:
    """Make the page of the commands."""
    lines = [
        "# The command line\n",
        MADE,
        "Results go to stdout, everything else to stderr. With `--json` stdout holds one JSON document and",
        'nothing else, on failure `{"error": {"code", "message", "exit_code"}}`. `--debug` may stand anywhere',
        "and shows the traceback of an error.\n",
        "## Exit codes\n",
        "| code | meaning |",
        "|---|---|",
        *(f"| {code} | {meaning} |" for code, meaning in KINDS.items()),
        "",
    ]
    for path, command in _commands(get_command(app), "vivant"):
        lines += [f"## `{path}`\n", *_paragraphs(command.help or ""), *_parameters(command)]
    return "\n".join(lines).rstrip() + "\n"


def _commands(command: Any, path: str) -> Iterator[tuple[str, Any]]:
    children: Mapping[str, Any] = getattr(command, "commands", {})
    if not children:
        yield path, command
    for name, child in children.items():
        yield from _commands(child, f"{path} {name}")


def _paragraphs(text: str) -> Iterator[str]:
    for paragraph in text.replace("\b", "").strip().split("\n\n"):
        words = " ".join(paragraph.split())
        if words.startswith("Example: "):
            yield f"```console\n{words.removeprefix('Example: ')}\n```\n"
        else:
            yield words + "\n"


def _parameters(command: Any) -> Iterator[str]:
    yield "| | |"
    yield "|---|---|"
    for parameter in command.params:
        if parameter.name == "help":
            continue
        if parameter.param_type_name == "argument":
            name = f"`{parameter.metavar or parameter.name.upper()}`"
        else:
            options = ", ".join(f"`{option}`" for option in parameter.opts)
            told = (parameter.metavar or "").replace("|", "\\|")
            name = f"{options} `{told}`" if told else options
        default = _plain(parameter.default)
        shown = f" Default: `{default}`." if default and default not in ("False", "None") else ""
        help_text = " ".join((parameter.help or "").split())
        yield f"| {name} | {help_text}{shown} |"
    yield ""


def _plain(value: object) -> str:
    return str(getattr(value, "value", value))


def errors() -> str:
    """Make the page of the errors."""
    for module in pkgutil.walk_packages(vivant.__path__, "vivant."):
        if not any(part in module.name for part in ("__main__", ".testing", ".workers.")):
            importlib.import_module(module.name)
    lines = [
        "# Errors by code\n",
        MADE,
        "Every error raised on purpose is a `VivantError` with a stable `code`, an `exit_code` for the command",
        "line, and `retryable`, which tells whether the same call may succeed later with nothing changed. Its",
        "message says what was found, what is needed and what to do; it holds numbers and ids, never a name,",
        "a script or a likeness.\n",
        "| code | class | exit | again? | what it means |",
        "|---|---|---|---|---|",
    ]
    for error in sorted(_family(VivantError), key=lambda one: (one.exit_code, one.code)):
        what = " ".join((error.__doc__ or "").split("\n\n", maxsplit=1)[0].split())
        again = "yes" if error.retryable else "no"
        home = f"{error.__module__}.{error.__qualname__}"
        lines.append(f"| `{error.code}` | `{home}` | {error.exit_code} | {again} | {what} |")
    return "\n".join(lines) + "\n"


def _family(kind: type[VivantError]) -> set[type[VivantError]]:
    children = {child for child in kind.__subclasses__() if child.__module__.startswith("vivant.")}
    return {kind}.union(*(_family(child) for child in children))


def settings() -> str:
    """Make the page of the settings."""
    lines = [
        "# Settings\n",
        MADE,
        "Environment variables, read by the command line only. The library takes arguments instead:",
        "`Places(data=..., cache=...)`, `threads=`.\n",
        "| variable | what it does |",
        "|---|---|",
        *(f"| `{name}` | {meaning} |" for name, meaning in SETTINGS.items()),
    ]
    return "\n".join(lines) + "\n"


def engines() -> str:
    """Make the page of the built-in engines."""
    lines = [
        "# Engines\n",
        MADE,
        "An engine does the hard part of one room. Ours come through the same door as anybody's: a class and",
        "one entry point. `vivant engines` lists what is installed, with what each says of itself.\n",
        "```toml",
        '[project.entry-points."vivant.engines.voice"]',
        'tone = "my_package:ToneVoice"',
        "```\n",
        f"Rooms that take engines: {', '.join(f'`{room}`' for room in ROOMS)}. What an engine must do stands in",
        "`vivant/ROOM/engine.py`; contracts that test it are in `vivant.testing`.\n",
    ]
    for engine in survey_engines():
        if engine.package == "vivant":
            lines += [f"## `{engine.name}` ({engine.room})\n", "| trait | value |", "|---|---|"]
            lines += [f"| {name} | {_shown(value)} |" for name, value in engine.traits.items()]
            lines.append("")
    return "\n".join(lines).rstrip() + "\n"


def _shown(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def models() -> str:
    """Make the page of the models."""
    lines = [
        "# Models\n",
        MADE,
        "Model files come out of packages of the public registry: `vivant models fetch` downloads a package,",
        "takes one file out of it, checks the file's SHA-256 and throws the rest away. The package's own code",
        "is never installed. A model too large for one package is joined from several. Those that every film needs are",
        "fetched by `vivant models fetch`, the others by name. Afterwards nothing needs a network; `vivant models verify` checks the files again.\n",
    ]
    for model in MODELS.values():
        lines += [
            f"## `{model.name}`\n",
            f"{model.purpose}\n",
            "| | |",
            "|---|---|",
            f"| file | `{model.file_name}`, {model.size_bytes / 1e6:.1f} MB |",
            f"| SHA-256 | `{model.sha256}` |",
            f"| made by | {model.author} |",
            f"| licence | {model.licence} |",
            *(
                f"| {'taken from' if i == 0 else 'and'} | `{part.path}` in `{part.package}` {part.version} |"
                for i, part in enumerate(parts_of(model.source))
            ),
            f"| fetched | with `{command_for(model)}` |",
            "",
        ]
    return "\n".join(lines).rstrip() + "\n"


def storyboard() -> str:
    """Make the tables of what storyboards may name; the rest of the page is written by hand."""
    page = (REFERENCE / "storyboard.md").read_text(encoding="utf-8")
    actions = [
        "| action | what happens | people | sets | cameras | its options | at least | usually |",
        "|---|---|---|---|---|---|---|---|",
        *(_action(name, terms) for name, terms in ACTIONS.items()),
    ]
    speaking = ", ".join(f"`{name}`" for name, terms in ACTIONS.items() if terms.speaks)
    everywhere = "; ".join(_option(name, choices) for name, choices in EVERYWHERE.items())
    build = ", ".join(f"`{name}` {one.low:g} to {one.high:g}" for name, one in BUILD.items())
    tables = {
        "actions": "\n".join(actions),
        "everywhere": f"For every action: {everywhere}.",
        "speaking": f"Lips speak in {speaking}; elsewhere a line is a voice over the picture.",
        "build": f"`build` holds {build}. `shoulders`, `hips` and `weight` are 1 in most people.",
        "faces": f"Painted faces: {', '.join(f'`{name}`' for name in sorted(FACES - {'grace-hopper'}))}.",
    }
    for name, table in tables.items():
        begin, end = f"<!-- {name}: made by docs/generate.py -->", f"<!-- /{name} -->"
        before, _, rest = page.partition(begin)
        _, found, after = rest.partition(end)
        if not found:
            message = f"docs/reference/storyboard.md has no place for {name}"
            raise ValueError(message)
        page = f"{before}{begin}\n{table}\n{end}{after}"
    return page


def _action(name: str, terms: ActionTerms) -> str:
    told = (direction_named(name).__doc__ or "").strip().split("\n")[0].rstrip(".")
    fewest, most = terms.people
    people = f"{fewest}" if fewest == most else f"{fewest} to {most}"
    people += f", {terms.photos} photos" if terms.photos > 1 else ""
    people += ", one a pet" if terms.pets else ""
    cells = (
        f"`{name}`",
        told,
        people,
        ", ".join(f"`{one}`" for one in terms.sets) or "any",
        ", ".join(f"`{one}`" for one in terms.cameras),
        "; ".join(_option(*one) for one in terms.options.items()),
        f"{terms.shortest_s:g} s",
        f"{terms.usual_s:g} s",
    )
    return "| " + " | ".join(cells) + " |"


def _option(name: str, choices: Choices) -> str:
    if choices.words:
        several = ", or several" if choices.many else ""
        return f"`{name}` {', '.join(f'`{word}`' for word in choices.words)}{several}"
    if choices.longest:
        return f"`{name}` a text of at most {choices.longest} letters"
    return f"`{name}` {choices.low:g} to {choices.high:g}"


PAGES: dict[str, Callable[[], str]] = {
    "cli.md": cli,
    "errors.md": errors,
    "settings.md": settings,
    "engines.md": engines,
    "models.md": models,
    "storyboard.md": storyboard,
    "rules.md": lambda: rules_page(MADE),
}

if __name__ == "__main__":
    main()
