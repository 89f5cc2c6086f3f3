"""Runs a command and turns whatever happens into one line and an exit code."""

from __future__ import annotations

import logging
import os
import sys
import traceback
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress

import typer
from typer.main import get_command
from typer.rich_utils import rich_format_error

from vivant.cli.app import app
from vivant.cli.memory import give_memory_back
from vivant.cli.screen import Notes, note, results_as_json, unwritable_as_escapes
from vivant.errors import InputError, ResourceError, VivantError
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
    unwritable_as_escapes()
    words = list(words)
    ours = words[: words.index("--")] if "--" in words else words
    as_json = "--json" in ours
    debug = "--debug" in ours
    if debug:
        words.remove("--debug")
    try:
        debug = debug or settings_from().debug
        code = _run(words, as_json=as_json)
        sys.stdout.flush()
    except VivantError as error:
        _show_traceback(debug=debug)
        _tell(error.code, str(error), error.exit_code, as_json=as_json)
        return error.exit_code
    except (KeyboardInterrupt, typer.Abort):
        return _stopped(as_json=as_json)
    except BrokenPipeError:  # whoever read the results has enough of them
        _stop_writing()
        return UNEXPECTED
    except OSError as error:
        _show_traceback(debug=debug)
        what = error.strerror or "no reason was given"
        message = f"The machine could not give what is needed ({what}). Make room, or choose another folder, and try again."
        _tell(ResourceError.code, message, ResourceError.exit_code, as_json=as_json)
        return ResourceError.exit_code
    except Exception as error:  # noqa: BLE001 - the last place where anything can be caught
        _show_traceback(debug=debug)
        hint = "" if debug else " Run again with --debug to see where."
        what = next(iter(str(error).splitlines()), "no message")
        message = f"Something unforeseen went wrong ({type(error).__name__}: {what}).{hint}"
        _tell("unexpected", message, UNEXPECTED, as_json=as_json)
        return UNEXPECTED
    return code


def _run(words: list[str], *, as_json: bool) -> int:
    try:
        with _notes_shown():
            code = get_command(app).main(args=words, prog_name="vivant", standalone_mode=False)
    except SystemExit as leaving:  # some commands leave by themselves
        code = leaving.code if isinstance(leaving.code, int) else UNEXPECTED
    except Exception as error:
        told = getattr(error, "format_message", None)  # what was typed is no command of ours
        if told is None:
            raise
        rich_format_error(error)  # type: ignore[arg-type]
        if as_json:
            _tell_json(InputError.code, told(), InputError.exit_code)
        return InputError.exit_code
    code = code if isinstance(code, int) else 0
    return _stopped(as_json=as_json) if code == STOPPED else code


def _stop_writing() -> None:
    """Leave nothing for the interpreter to write at its end."""
    with suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


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
        _tell_json(code, message, exit_code)


def _tell_json(code: str, message: str, exit_code: int) -> None:
    try:
        results_as_json({"error": {"code": code, "message": message, "exit_code": exit_code}})
        sys.stdout.flush()
    except OSError:  # the disk below stdout is full, or nobody reads any more
        _stop_writing()


def _show_traceback(*, debug: bool) -> None:
    if debug:
        sys.stderr.write(traceback.format_exc())
