"""Work handed to another thread, a few pieces ahead at most."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable
from typing import Generic, TypeVar

Piece = TypeVar("Piece")


class Handover(Generic[Piece]):
    """Do work piece by piece on a thread of its own, in order.

    The giver waits when it is ``ahead`` pieces in front, so memory does not grow. What the
    work raises is raised again in the giver, at the next ``give`` or at ``finish``; after
    that the remaining pieces are dropped, and nobody waits for ever.
    """

    def __init__(self, work: Callable[[Piece], None], *, ahead: int, name: str) -> None:
        self._work = work
        self._pieces: queue.Queue[Piece | None] = queue.Queue(maxsize=ahead)
        self._error: BaseException | None = None
        self._dropping = False
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)
        self._thread.start()

    def _run(self) -> None:
        while (piece := self._pieces.get()) is not None:
            if self._dropping:
                continue
            try:
                self._work(piece)
            except BaseException as error:  # noqa: BLE001 - it crosses to the giver's thread
                self._error = error
                self._dropping = True

    def give(self, piece: Piece) -> None:
        """Hand over the next piece; waits while the work is too far behind.

        Raises:
            BaseException: What the work raised on an earlier piece.
        """
        self._raise_its_error()
        self._pieces.put(piece)

    def finish(self) -> None:
        """Wait until every piece is done.

        Raises:
            BaseException: What the work raised.
        """
        self._stop()
        self._raise_its_error()

    def drop(self) -> None:
        """Give up: pieces not yet begun are dropped; returns when the work stands still."""
        self._dropping = True
        self._stop()

    def _stop(self) -> None:
        if self._thread.is_alive():
            self._pieces.put(None)
            self._thread.join()

    def _raise_its_error(self) -> None:
        if self._error is not None:
            error, self._error = self._error, None
            raise error
