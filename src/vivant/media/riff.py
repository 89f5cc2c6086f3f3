"""The heads of chunks in WAV and AVI files, read before anybody else reads them.

A file of ten gigabytes whose chunks are all empty keeps other readers busy for hours: they step from one to the next.
"""

from __future__ import annotations

from pathlib import Path

MOST_CHUNKS = 1024
"""Chunks that a sensible file has before its sound is described, at most."""
_KINDS = {b"WAVE": b"fmt ", b"AVI ": b"LIST"}


def is_hollow(path: Path) -> bool:
    """Tell whether a file begins like a WAV or AVI, and nothing in it says what it holds.

    Raises:
        OSError: The file cannot be read.
    """
    with path.open("rb") as file:
        head = file.read(12)
        wanted = _KINDS.get(head[8:12]) if head[:4] in (b"RIFF", b"RF64") else None
        if wanted is None:
            return False
        for _ in range(MOST_CHUNKS):
            chunk = file.read(8)
            if len(chunk) < 8:
                return True
            if chunk[:4] == wanted:
                return False
            if not all(32 <= one < 127 for one in chunk[:4]):
                return True
            size = int.from_bytes(chunk[4:], "little")
            file.seek(size + size % 2, 1)
    return True
