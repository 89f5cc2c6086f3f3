"""Finds the lines of a ledger's file in which an id stands, without reading what the others say.

What was found is remembered with the last bytes before the place up to which was searched. Those hold a line's hash, and
with it all lines before: while they stand there still, only what was added since is searched.
"""

from __future__ import annotations

import os
import threading
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import IO

_BLOCK_BYTES = 1 << 22
_TAIL_BYTES = 80
MOST_SUBJECTS = 256
MOST_LINES = 10_000
"""What has more lines is searched anew each time."""


@dataclass(frozen=True, slots=True)
class _Found:
    place: int
    """Up to which byte was searched: the end of a line."""
    tail: bytes
    lines: tuple[bytes, ...]


@dataclass(slots=True)
class Search:
    """What one process remembers of searches in one file; threads may share it."""

    _found: OrderedDict[str, _Found] = field(default_factory=OrderedDict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def search(self, file: IO[bytes], subject: str) -> tuple[Sequence[bytes], Sequence[bytes]]:
        """Find lines.

        Args:
            file: Open for reading bytes.
            subject: An id or a hash.

        Returns:
            The whole lines in which it stands, in order; and the torn last one, if it stands there.
        """
        with self._lock:
            known = self._found.get(subject)
        if known is None or not _still_holds(file, known):
            known = _Found(0, b"", ())
        lines = list(known.lines)
        place, rest = known.place, b""
        file.seek(place)
        wanted = subject.encode()
        while block := file.read(_BLOCK_BYTES):
            block = rest + block
            end = block.rfind(b"\n") + 1
            _cut(block, wanted, end, lines)
            place, rest = place + end, block[end:][-_BLOCK_BYTES:]  # no line is so long
        self._remember(subject, _Found(place, _tail(file, place), tuple(lines)))
        return lines, ([rest] if wanted in rest else [])

    def _remember(self, subject: str, found: _Found) -> None:
        with self._lock:
            self._found.pop(subject, None)
            if len(found.lines) <= MOST_LINES:
                self._found[subject] = found
            while len(self._found) > MOST_SUBJECTS:
                self._found.popitem(last=False)


def _still_holds(file: IO[bytes], found: _Found) -> bool:
    size = file.seek(0, os.SEEK_END)
    return size >= found.place and _tail(file, found.place) == found.tail


def _tail(file: IO[bytes], place: int) -> bytes:
    file.seek(max(0, place - _TAIL_BYTES))
    return file.read(min(place, _TAIL_BYTES))


def _cut(block: bytes, wanted: bytes, end: int, lines: list[bytes]) -> None:
    """Add the lines in which something stands."""
    at = block.find(wanted, 0, end)
    while at >= 0:
        first = block.rfind(b"\n", 0, at) + 1
        after = block.find(b"\n", at) + 1
        lines.append(block[first:after])
        at = block.find(wanted, after, end)
