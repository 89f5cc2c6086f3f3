"""Runs a command and turns whatever happens into one line and an exit code."""

from __future__ import annotations

import logging
import sys
import traceback
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from typer.main import get_command

from vivant.cli.app import app
from vivant.cli.memory import give_memory_back
from vivant.cli.screen import Notes, note, results_as_json
from vivant.errors import VivantError
from vivant.settings import settings_from

STOPPED = 130
"""What shells expect of a program that Ctrl-C stopped: 128 + SIGINT."""
UNEXPECTED = 1


def run(words: Sequence[str]) -> int:
    """Run the command line.

    Args:
        words: What was typed after ``vivant``.

    Returns:
        The exit code; see the reference of the command line.
    """
    give_memory_back()
    words = list(words)
    ours = words[: words.index("--")] if "--" in words else words
    as_json = "--json" in ours
    debug = "--debug" in ours
    if debug:
        words.remove("--debug")
    try:
        debug = debug or settings_from().debug
        return _run(words)
    except VivantError as error:
        _show_traceback(debug=debug)
        _tell(error.code, str(error), error.exit_code, as_json=as_json)
        return error.exit_code
    except KeyboardInterrupt:
        return _stopped(as_json=as_json)
    except Exception as error:  # noqa: BLE001 - the last place where anything can be caught
        _show_traceback(debug=debug)
        hint = "" if debug else " Run again with --debug to see where."
        what = next(iter(str(error).splitlines()), "no message")
        message = f"Something unforeseen went wrong ({type(error).__name__}: {what}).{hint}"
        _tell("unexpected", message, UNEXPECTED, as_json=as_json)
        return UNEXPECTED


def _run(words: list[str]) -> int:
    try:
        with _notes_shown():
            get_command(app).main(args=words, prog_name="vivant")
    except SystemExit as leaving:  # the framework's way to hand over an exit code
        code = leaving.code if isinstance(leaving.code, int) else UNEXPECTED
        return _stopped(as_json="--json" in words) if code == STOPPED else code
    return 0


@contextmanager
def _notes_shown() -> Iterator[None]:
    """Show what the library logs while the command runs."""
    library = logging.getLogger("vivant")
    handler, level = Notes(level=logging.INFO), library.level
    library.addHandler(handler)
    library.setLevel(logging.INFO)
    try:
        yield
    finally:
        library.removeHandler(handler)
        library.setLevel(level)


def _stopped(*, as_json: bool) -> int:
    _tell("stopped", "Stopped. Nothing half-made was left behind.", STOPPED, as_json=as_json)
    return STOPPED


def _tell(code: str, message: str, exit_code: int, *, as_json: bool) -> None:
    note(f"vivant: {message}", style="red")
    if as_json:
        results_as_json({"error": {"code": code, "message": message, "exit_code": exit_code}})


def _show_traceback(*, debug: bool) -> None:
    if debug:
        sys.stderr.write(traceback.format_exc())
