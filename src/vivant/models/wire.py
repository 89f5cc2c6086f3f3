"""What a process and its worker say to each other: JSON with sounds behind it, over pipes.

A message is four bytes of length (big end first), that many bytes of JSON, and behind it the
sounds that the JSON counts in ``"sounds"``: float32, little end first. Needs nothing but the
standard library, so that it runs wherever an engine does.
"""

from __future__ import annotations

import array
import importlib
import json
import os
import struct
import sys
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol, runtime_checkable

PROTOCOL = 1
LONGEST_JSON = 64 * 1024 * 1024
"""Bytes; more is no message of ours."""

Facts = dict[str, Any]
Sounds = list["array.array[float]"]
Task = Callable[[Facts, Sounds], tuple[Facts, Sounds]]


@runtime_checkable
class Readable(Protocol):
    """The end of a pipe that messages come out of."""

    def read(self, count: int, /) -> bytes:
        """Wait for that many bytes, or for the end."""


@runtime_checkable
class Writable(Protocol):
    """The end of a pipe that messages go into."""

    def write(self, data: bytes, /) -> int:
        """Put bytes in."""

    def flush(self) -> None:
        """Send them."""


class GarbledError(ValueError):
    """What came through a pipe is not a message."""


class RefusedError(Exception):
    """A worker cannot do what was asked, for a reason that people can mend.

    Args:
        reason: ``"missing"`` when a library or weights are not here, ``"input"`` when what was given
            cannot be used.
        what: A library's name or a key that the other side knows; never a text, a name or a path.
    """

    def __init__(self, reason: str, what: str) -> None:
        super().__init__(reason, what)
        self.reason = reason
        self.what = what


def floats(samples: object) -> array.array[float]:
    """Copy float32 numbers out of whatever has a buffer of them."""
    found: array.array[float] = array.array("f")
    found.frombytes(memoryview(samples).cast("B"))  # type: ignore[arg-type]
    return found


def write(
    pipe: Writable, facts: Mapping[str, Any], sounds: Sequence[array.array[float]] = ()
) -> None:
    """Send one message."""
    head = json.dumps({**facts, "sounds": [len(sound) for sound in sounds]}).encode()
    pipe.write(struct.pack(">I", len(head)) + head)
    for sound in sounds:
        pipe.write(_little(sound).tobytes())
    pipe.flush()


def read(pipe: Readable) -> tuple[Facts, Sounds] | None:
    """Wait for one message.

    Returns:
        What it says and its sounds; None when the pipe has ended.

    Raises:
        GarbledError: It ends in the middle, or is no message.
    """
    first = pipe.read(4)
    if not first:
        return None
    (long,) = struct.unpack(">I", first) if len(first) == 4 else (LONGEST_JSON + 1,)
    if long > LONGEST_JSON:
        message = "a message of impossible length"
        raise GarbledError(message)
    try:
        facts = json.loads(_exactly(pipe, long))
        counts = [int(count) for count in facts.pop("sounds")]
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        message = "a message that is not JSON of ours"
        raise GarbledError(message) from error
    sounds: Sounds = []
    for count in counts:
        sound: array.array[float] = array.array("f")
        sound.frombytes(_exactly(pipe, 4 * count))
        sounds.append(_little(sound))
    return facts, sounds


def serve(module: str) -> None:
    """Be a worker: import a module, then answer until the pipe ends.

    Whatever libraries print goes to standard error; only messages go to standard output. An
    error's text stays here, for it may hold the words that were to be said.

    Args:
        module: Its ``TASKS`` are what can be asked.
    """
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    try:
        tasks: Mapping[str, Task] = importlib.import_module(module).TASKS
    except Exception as error:  # noqa: BLE001 - told to the other side, which raises it
        write(answers, _failure(error))
        return
    write(answers, {"protocol": PROTOCOL})
    while (asked := read(sys.stdin.buffer)) is not None:
        facts, sounds = asked
        try:
            told, made = tasks[facts.pop("task")](facts, sounds)
        except Exception as error:  # noqa: BLE001 - told to the other side, which raises it
            told, made = _failure(error), []
        write(answers, told, made)


def _failure(error: Exception) -> Facts:
    if isinstance(error, RefusedError):
        return {"failed": error.reason, "what": error.what}
    if isinstance(error, ModuleNotFoundError):
        return {"failed": "missing", "what": (error.name or "").partition(".")[0]}
    return {"failed": "broke", "what": type(error).__name__}


def _exactly(pipe: Readable, count: int) -> bytes:
    found = pipe.read(count)
    if len(found) != count:
        message = "a message that ends in the middle"
        raise GarbledError(message)
    return found


def _little(sound: array.array[float]) -> array.array[float]:
    if sys.byteorder == "little":
        return sound
    turned = array.array("f", sound)
    turned.byteswap()
    return turned
