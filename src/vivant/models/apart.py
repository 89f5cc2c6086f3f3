"""Keeps an engine in a process of its own: for a licence or for libraries that must not mix with ours.

The process starts with the first question, stays for the next ones, and ends with ours. It runs
a module of ``workers`` under a Python that may be another than ours: only the files of Vivant are
lent to it, none of its libraries.
"""

from __future__ import annotations

import contextlib
import importlib.util
import queue
import subprocess
import sys
import threading
import weakref
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import numpy as np
from jaxtyping import Float32

from vivant.errors import EngineBrokeError, MissingError
from vivant.models import wire
from vivant.places import Places

_OURS = Path(__file__).parents[1]
"""The folder of Vivant's files, lent to the process."""
START_S = 120.0
"""How long a worker may take to import its libraries."""
ANSWER_S = 300.0
"""How long it may take for one answer, unless its engine says otherwise."""
END_S = 2.0

_ENDED = "ended"
_SILENT = "gave no answer within {:g} s"
_GARBLED = "ended, or answered what is no message"
_LEND = """
import importlib.util, sys
sys.path[:] = [path for path in sys.path if path]
where = importlib.util.spec_from_file_location(
    "vivant", sys.argv[1] + "/__init__.py", submodule_search_locations=[sys.argv[1]])
sys.modules["vivant"] = importlib.util.module_from_spec(where)
where.loader.exec_module(sys.modules["vivant"])
try:
    from vivant.models.wire import serve
    serve(sys.argv[2])
except KeyboardInterrupt:
    pass
"""


class WorkerBrokeError(EngineBrokeError):
    """The process of an engine ended, fell silent or answered nonsense."""

    code = "voice.worker-broke"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Answer:
    """What a worker answered."""

    facts: Mapping[str, Any]
    sounds: tuple[Float32[np.ndarray, " samples"], ...]


class Refused(Exception):  # noqa: N818 - an answer, which each engine turns into an error for people
    """A worker said that something is missing, or that what it was given cannot be used."""

    def __init__(self, reason: str, what: str) -> None:
        super().__init__(reason, what)
        self.reason = reason
        self.what = what


def python_for(
    engine: str, *, module: str, places: Places | None, python: Path | None = None
) -> Path | None:
    """Find the Python that has an engine's library.

    Args:
        engine: Name of the engine: a virtual environment of that name in the folder ``engines`` of
            ``places.data`` comes first.
        module: The library, as it is imported.
        places: Where Vivant keeps things.
        python: What the user says; nothing else is looked at then.

    Returns:
        Its path; ours when the library is installed beside Vivant; None when it is nowhere.
    """
    if python is not None:
        return python
    home = environment_of(engine, places=places)
    for inside in ("bin/python", "Scripts/python.exe"):
        if (home / inside).exists():
            return home / inside
    return Path(sys.executable) if installed(module) else None


def environment_of(engine: str, *, places: Places | None) -> Path:
    """Tell where the virtual environment of an engine lies, if it has one."""
    return (places or Places()).data / "engines" / engine


def installed(module: str) -> bool:
    """Tell whether a library is installed beside Vivant, without importing it."""
    with contextlib.suppress(ImportError, ValueError):
        return importlib.util.find_spec(module) is not None
    return False


class Worker:
    """A process that answers questions, one at a time; threads may share it."""

    def __init__(
        self, module: str, *, engine: str, python: Path, kind: str = "voice engine"
    ) -> None:
        self._module = module
        self._engine = f"{kind} {engine}"
        self._python = python
        self._turn = threading.Lock()
        self._running: _Process | None = None

    def ask(
        self,
        task: str,
        facts: Mapping[str, object],
        *sounds: Float32[np.ndarray, " _"],
        patience_s: float = ANSWER_S,
    ) -> Answer:
        """Ask, and wait for the answer.

        Args:
            task: What is to be done, one of the worker's.
            facts: What JSON can hold.
            sounds: Samples.
            patience_s: How long to wait before the worker is stopped.

        Raises:
            Refused: It told why it cannot.
            MissingError: The Python that is to run it is not there.
            WorkerBrokeError: It ended, fell silent or answered nonsense. The next question starts it anew.
        """
        with self._turn:
            process = self._running or self._started()
            self._running = process
            try:
                process.send({**facts, "task": task}, sounds)
                return _understood(process.answer(patience_s))
            except Refused:
                raise
            except BaseException:  # whoever interrupts us leaves it in the middle of an answer
                self._running = None
                process.end()
                raise

    def _started(self) -> _Process:
        process = _Process(self._module, engine=self._engine, python=self._python)
        try:
            _understood(process.answer(START_S))
        except BaseException:
            process.end()
            raise
        return process

    def close(self) -> None:
        """End the process; the next question starts it anew."""
        with self._turn:
            if self._running is not None:
                self._running.end()
            self._running = None


def _understood(answer: Answer) -> Answer:
    reason = answer.facts.get("failed")
    if reason is None:
        return answer
    raise Refused(str(reason), str(answer.facts.get("what", "")))


class _Process:
    """One run of a worker."""

    def __init__(self, module: str, *, engine: str, python: Path) -> None:
        self._engine = engine
        command = [str(python), "-c", _LEND, str(_OURS), module]
        pipe = subprocess.PIPE
        try:
            self._process = subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe)  # noqa: S603
        except OSError as error:
            message = (
                f"The Python that is to run the {engine} cannot be started "
                f"({type(error).__name__}). Give the python of a virtual environment in which it is installed."
            )
            raise MissingError(message) from error
        self._answers: queue.SimpleQueue[tuple[wire.Facts, wire.Sounds] | None] = (
            queue.SimpleQueue()
        )
        self._complaints = _Count()
        stdout, stderr = _pipe(self._process.stdout), _pipe(self._process.stderr)
        listening = threading.Thread(target=_listen, args=(stdout, self._answers), daemon=True)
        listening.start()
        self._counting = threading.Thread(
            target=_count, args=(stderr, self._complaints), daemon=True
        )
        self._counting.start()
        self._finish = weakref.finalize(self, _end, self._process)

    def send(self, facts: Mapping[str, object], sounds: Sequence[np.ndarray]) -> None:
        """Put a question into its pipe."""
        packed = [wire.floats(np.ascontiguousarray(sound, np.float32)) for sound in sounds]
        try:
            wire.write(_pipe(self._process.stdin), facts, packed)
        except OSError as error:
            raise self._broke(_ENDED) from error

    def answer(self, patience_s: float) -> Answer:
        """Wait for what it says."""
        try:
            found = self._answers.get(timeout=patience_s)
        except queue.Empty:
            raise self._broke(_SILENT, patience_s) from None
        if found is None:
            raise self._broke(_GARBLED)
        facts, sounds = found
        made = tuple(
            np.frombuffer(sound, np.float32) if sound else np.zeros(0, np.float32)
            for sound in sounds
        )
        return Answer(facts=facts, sounds=made)

    def end(self) -> None:
        """Stop it, and wait until it has gone."""
        self._finish()

    def _broke(self, what: str, *about: float) -> WorkerBrokeError:
        if what is not _SILENT:  # let it tell its own exit status
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(END_S)
        self.end()
        self._counting.join(END_S)
        message = (
            f"The process of the {self._engine} {what.format(*about)} (exit status {self._process.returncode}, "
            f"{self._complaints.lines} lines on its error output). Check that its library is whole and that there is "
            "memory left, then try again."
        )
        return WorkerBrokeError(message)


@dataclass(slots=True)
class _Count:
    lines: int = 0


def _pipe(pipe: IO[bytes] | None) -> IO[bytes]:
    if pipe is None:  # cannot be: each was asked for
        message = "A pipe to an engine was not made."
        raise WorkerBrokeError(message)
    return pipe


def _listen(
    pipe: IO[bytes], answers: queue.SimpleQueue[tuple[wire.Facts, wire.Sounds] | None]
) -> None:
    """Take messages out of a pipe until it ends; the last thing told is None."""
    with contextlib.suppress(ValueError, OSError), pipe:  # garbled, or closed under our hands
        while (found := wire.read(pipe)) is not None:
            answers.put(found)
    answers.put(None)


def _count(pipe: IO[bytes], complaints: _Count) -> None:
    """Count lines; what they say may be personal, so it is not kept."""
    with contextlib.suppress(ValueError, OSError), pipe:
        for _ in pipe:
            complaints.lines += 1


def _end(process: subprocess.Popen[bytes]) -> None:
    with contextlib.suppress(OSError):
        process.kill()
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(END_S)
    if process.stdin is not None:
        with contextlib.suppress(OSError):  # what it did not read any more
            process.stdin.close()
