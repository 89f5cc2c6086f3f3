"""What a person at a terminal sees, and what a program reads.

Results go to stdout, everything else to stderr. With ``--json`` stdout holds one JSON document
and nothing else.
"""

from __future__ import annotations

import dataclasses
import io
import json
import logging
import math
import re
import sys
import time
import unicodedata
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from enum import Enum
from fractions import Fraction
from pathlib import Path

from rich.console import Console
from rich.markup import escape
from rich.progress import (
    BarColumn,
    Progress,
    SpinnerColumn,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)

from vivant.media.watch import Watch

_JSON_DEPTH = 12
_STEERING = ("Cc", "Zl", "Zp")
_BIDI = re.compile("[\u202a-\u202e\u2066-\u2069]")


def result(text: str) -> None:
    """Print results on stdout; what would steer the terminal is shown as an escape."""
    sys.stdout.write(harmless(text) + "\n")


def harmless(text: str, *, lines: bool = True) -> str:
    """Write out signs that steer a terminal, or turn the order of letters round, as escapes.

    What was read from somebody's file could otherwise hide lines of ours, or add some.

    Args:
        text: Anything.
        lines: Whether it may hold more lines than one.
    """
    return "".join(
        sign
        if (sign in "\n\t" and lines) or unicodedata.category(sign) not in _STEERING
        else sign.encode("unicode_escape").decode()
        for sign in (text if not _BIDI.search(text) else _BIDI.sub(_escaped, text))
    )


def _escaped(match: re.Match[str]) -> str:
    return match[0].encode("unicode_escape").decode()


def results_as_json(facts: object) -> None:
    """Print the one JSON document of a command on stdout; in ASCII where stdout cannot hold all of it."""
    text = json.dumps(plain(facts), ensure_ascii=False, indent=2)
    try:
        text.encode(sys.stdout.encoding or "utf-8")
    except UnicodeEncodeError:
        text = json.dumps(plain(facts), indent=2)
    sys.stdout.write(text + "\n")


def unwritable_as_escapes() -> None:
    """Let stdout and stderr show what their encoding cannot hold as escapes, instead of breaking off.

    A console of an older Windows, a pipe there, and a shell without a locale hold few letters.
    """
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def note(text: str, *, style: str = "") -> None:
    """Print one line for people on stderr, at once."""
    Console(stderr=True, highlight=False, soft_wrap=True).print(
        escape(harmless(text)), style=style or None
    )


def plain(thing: object, *, depth: int = _JSON_DEPTH) -> object:
    """Turn a record into what JSON can hold: fractions and paths become text, arrays lists."""
    if depth == 0:
        message = "A result is nested too deeply to be written as JSON."
        raise ValueError(message)
    found: object
    if isinstance(thing, Enum):
        found = thing.value
    elif thing is None or isinstance(thing, bool | int | str):
        found = thing
    elif isinstance(thing, float):
        found = thing if math.isfinite(thing) else None
    elif isinstance(thing, Fraction | Path):
        found = str(thing)
    elif isinstance(thing, Mapping):
        found = {str(key): plain(value, depth=depth - 1) for key, value in thing.items()}
    elif dataclasses.is_dataclass(thing) and not isinstance(thing, type):
        found = {
            field.name: plain(getattr(thing, field.name), depth=depth - 1)
            for field in dataclasses.fields(thing)
        }
    elif isinstance(thing, list | tuple | set | frozenset):
        items = sorted(thing, key=str) if isinstance(thing, set | frozenset) else thing
        found = [plain(item, depth=depth - 1) for item in items]
    else:
        found = _foreign(thing, depth=depth)
    return found


def _foreign(thing: object, *, depth: int) -> object:
    for name in ("tolist", "isoformat", "model_dump"):  # arrays, moments, checked documents
        turn = getattr(thing, name, None)
        if callable(turn):
            return plain(turn(), depth=depth - 1)
    return str(thing)


@contextmanager
def progress(*, quiet: bool = False) -> Iterator[Watch]:
    """Show bars while work goes on: live on a terminal, a line a stage elsewhere.

    Args:
        quiet: Show nothing.

    Yields:
        What to hand to the work as ``watch``.
    """
    console = Console(stderr=True, highlight=False)
    if quiet:
        yield lambda _what, _done, _total: None
    elif console.is_terminal:
        columns = (
            SpinnerColumn(finished_text="[green]✓[/]"),
            TextColumn("{task.description}"),
            BarColumn(bar_width=30),
            TextColumn("{task.percentage:>3.0f} %"),
            TimeElapsedColumn(),
            TimeRemainingColumn(),
        )
        with Progress(*columns, console=console) as shown:
            yield _Bars(shown)
    else:
        yield _Lines(console)


class Notes(logging.Handler):
    """Shows what the library logs: warnings, and whatever it noted about what it was given."""

    def emit(self, record: logging.LogRecord) -> None:
        """Show one record."""
        facts = vars(record)
        notes = facts.get("notes", ())
        if record.levelno < logging.WARNING and not notes:
            return
        told = [*notes] if isinstance(notes, list | tuple) else [str(notes)]
        if not told:
            told = [
                ": ".join([record.getMessage(), *([str(facts["why"])] if "why" in facts else [])])
            ]
        for one in told:
            note(f"Note: {one}", style="yellow")


class _Bars:
    """One bar for each thing that is being done."""

    def __init__(self, shown: Progress) -> None:
        self._shown = shown
        self._tasks: dict[str, TaskID] = {}

    def __call__(self, what: str, done: int, total: int, /) -> None:
        """Move the bar."""
        if what not in self._tasks:
            self._tasks[what] = self._shown.add_task(escape(what), total=max(total, 1))
        task = self._tasks[what]
        self._shown.update(task, completed=done if total else 1, total=max(total, 1))


class _Lines:
    """A line when something begins, one when it is done, and tenths between for what takes long."""

    _PATIENCE_S = 10.0

    def __init__(self, console: Console) -> None:
        self._console = console
        self._began_s: dict[str, float] = {}
        self._spoke_s = 0.0

    def __call__(self, what: str, done: int, total: int, /) -> None:
        """Say where it is, now and then."""
        now_s = time.monotonic()
        if what not in self._began_s:
            self._began_s[what] = self._spoke_s = now_s
            self._say(f"{what} …")
        if done >= total:
            if what in self._began_s and self._began_s[what] >= 0:
                self._say(f"{what}: done in {now_s - self._began_s[what]:.1f} s")
                self._began_s[what] = -1.0
        elif now_s - self._spoke_s >= self._PATIENCE_S:
            self._spoke_s = now_s
            self._say(f"{what}: {100 * done // max(total, 1)} %")

    def _say(self, text: str) -> None:
        self._console.print(escape(text), soft_wrap=True)
