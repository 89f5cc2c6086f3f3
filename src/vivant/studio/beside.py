"""Does a stage's work in a process of its own, while the caller does something else.

Baking a rig needs the face models; speaking needs the voice. Side by side both are ready sooner, and what
the models took of memory goes back with the process.
"""

from __future__ import annotations

import multiprocessing
import signal
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Generic, TypeVar

from vivant.errors import ResourceError, VivantError
from vivant.media.watch import Watch, unwatched
from vivant.provenance.standing import ASKED_EVERY_S
from vivant.studio.run import find_kept, keep
from vivant.studio.stage import Form, Stage
from vivant.studio.store import Store

Given = TypeVar("Given")
Made = TypeVar("Made")

PATIENCE_S = 5.0
"""How long a stopped process may take to go before it is ended."""


class HelperLostError(ResourceError):
    """The process beside us ended without a result."""

    code = "studio.helper-lost"


@dataclass(frozen=True, slots=True, kw_only=True)
class Job(Generic[Given, Made]):
    """What the process is told."""

    stage: Stage[Given, Made]
    given: Given
    form: Form[Made]
    to: Path


@contextmanager
def beside(
    stage: Stage[Given, Made],
    given: Given,
    *,
    form: Form[Made],
    store: Store | None,
    owners: Sequence[str] = (),
) -> Iterator[Callable[[Watch], Made]]:
    """Start a stage's work, unless it was done before; leaving the context stops it.

    Only for programs whose main module may be imported again, as the command line's may: the process starts
    afresh and imports it.

    Args:
        stage: What to do; it and all else that is given must survive pickling.
        given: What to do it with.
        form: How the result travels, and is kept.
        store: Where results are kept; nothing is kept when None.
        owners: Ids of the consents of those who are seen or heard in the result.

    Yields:
        A function that waits for the result, relays the progress, and raises what the work raised.
    """
    kept = None if store is None else find_kept(stage, given, form=form, store=store, owners=owners)
    if kept is not None:
        yield lambda _watch: kept
        return
    context = multiprocessing.get_context("spawn")
    with tempfile.TemporaryDirectory(prefix="vivant-") as folder:
        job = Job(stage=stage, given=given, form=form, to=Path(folder) / f"made{form.suffix}")
        ours, theirs = context.Pipe(duplex=False)
        process = context.Process(target=_work, args=(theirs, job), daemon=True, name=stage.name)
        process.start()
        theirs.close()

        def wait(watch: Watch = unwatched) -> Made:
            _follow(ours, watch)
            made = form.read(job.to)
            if store is not None:
                keep(made, stage.key(given), form=form, store=store, owners=owners)
            return made

        try:
            yield wait
        finally:
            ours.close()
            process.terminate()
            process.join(PATIENCE_S)
            if process.is_alive():
                process.kill()
                process.join()


def _follow(ours: Connection, watch: Watch) -> None:
    """Relay what the process says, until it has done its work."""
    last: tuple[str, int, int] | None = None
    while True:
        try:
            while not ours.poll(ASKED_EVERY_S):
                if last is not None:
                    watch(*last)  # it may want to stop us
            said = ours.recv()
        except (EOFError, OSError) as error:
            message = (
                "The process that prepares the photos ended without a word; the machine may have run out of "
                "memory. Close other programs and try again."
            )
            raise HelperLostError(message) from error
        if said is None:
            return
        if isinstance(said, BaseException):
            raise said
        last = said
        watch(*said)


def _work(theirs: Connection, job: Job[Given, Made]) -> None:
    """Do the work; runs in the process."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches both; the caller decides
    try:
        made = job.stage(job.given, watch=lambda *said: theirs.send(said))
        job.form.write(made, job.to)
    except VivantError as error:
        theirs.send(error)
    except Exception as error:  # noqa: BLE001 - it crosses to the caller, whose business it is
        theirs.send(RuntimeError(f"{type(error).__name__}: {error}"))
    else:
        theirs.send(None)
