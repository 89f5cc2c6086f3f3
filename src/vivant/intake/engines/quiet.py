"""Keep native libraries from chattering on the user's terminal while they load."""

from __future__ import annotations

import contextlib
import os
import re
import sys
import tempfile
import threading
from collections.abc import Iterator

_CHATTER = re.compile(
    rb"^(?:[IW]\d{4} [\d:.]+ .*|[IW]0000 .*|WARNING: (?:Logging before|All log messages).*|INFO: Created TensorFlow.*)$"
)
_ONE_AT_A_TIME = threading.Lock()


@contextlib.contextmanager
def muted_stderr() -> Iterator[None]:
    """Hold back what is written to the process's stderr, and let all but known chatter out afterwards.

    Native code writes to file descriptor 2 past Python, so the descriptor itself is turned aside.
    Nothing is lost: every line that is not chatter of MediaPipe or TensorFlow comes out at the end.
    """
    with _ONE_AT_A_TIME, tempfile.TemporaryFile() as aside:
        with contextlib.suppress(OSError, ValueError, AttributeError):
            sys.stderr.flush()
        try:
            real = os.dup(2)
        except OSError:  # a program without a terminal: nothing to keep clean
            yield
            return
        os.dup2(aside.fileno(), 2)
        try:
            yield
        finally:
            os.dup2(real, 2)
            aside.seek(0)
            for line in aside:
                if not _CHATTER.match(line.rstrip(b"\r\n")):
                    os.write(real, line)
            os.close(real)
