"""Processes that are killed in the middle of what they do, at a place that a test chooses."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

HOOK = """
import os, signal, sys
seen = 0
def hook(event, facts):
    global seen
    if event == {event!r} and {part!r} in str(facts[0]):
        seen += 1
        if seen == {count}:
            os.kill(os.getpid(), signal.SIGKILL)
sys.addaudithook(hook)
"""


def run_until(
    imports: str, act: str, *words: str | Path, event: str, part: str = "", count: int = 1
) -> bool:
    """Run a little program that is killed when something happens for the nth time.

    Args:
        imports: What it imports, before the hook is there.
        act: What it does; ``sys.argv`` holds the words.
        words: For the program.
        event: One of Python's audit events: ``"os.remove"``, ``"os.rename"``, ``"open"``.
        part: What must stand in the event's first fact, such as a part of a path.
        count: At which time.

    Returns:
        Whether it was killed; else it ended by itself.
    """
    program = f"{imports}\n{HOOK.format(event=event, part=part, count=count)}\n{act}"
    done = subprocess.run(
        [sys.executable, "-c", program, *map(str, words)], check=False, capture_output=True
    )
    assert done.returncode in (0, -signal.SIGKILL), done.stderr.decode()
    return done.returncode != 0
