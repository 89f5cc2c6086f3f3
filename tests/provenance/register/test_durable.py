"""What the register has taken it keeps, however its writer ends."""

from __future__ import annotations

import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

from vivant.provenance.register.register import Register

_WRITER = """
import sys
from datetime import UTC, datetime
from pathlib import Path
import numpy as np
from vivant.provenance.register.entry import Entry, Fingerprints
from vivant.provenance.register.register import Register

register = Register(folder=Path(sys.argv[1]))
random = np.random.default_rng(int(sys.argv[2]))
for number in range(10_000):
    made_id = f"{sys.argv[2]}{number:015x}"
    entry = Entry(
        made_id=made_id, kind="film", file_sha256=made_id * 4, record_sha256=made_id * 4,
        made_at=datetime(2026, 1, 1, tzinfo=UTC), seconds=9.0, consent_ids=("c" * 32,),
    )
    prints = Fingerprints(
        pictures=random.integers(0, 256, (900, 32), dtype=np.uint8),
        seconds=np.arange(900, dtype=np.uint32),
        sound=random.integers(1, 1 << 32, 90_000, dtype=np.uint32),
    )
    register.note(entry, prints)
    print(made_id, flush=True)
"""


def test_two_writers_killed_while_they_write_lose_nothing_that_was_noted(tmp_path: Path) -> None:
    folder = tmp_path / "register"
    writers = [
        subprocess.Popen(
            [sys.executable, "-c", _WRITER, str(folder), str(number)],
            stdout=subprocess.PIPE,
            text=True,
        )
        for number in (1, 2)
    ]
    noted: list[str] = []
    for writer in writers:
        assert writer.stdout is not None
        noted += [writer.stdout.readline().strip() for _ in range(3)]
    for writer in writers:
        writer.send_signal(signal.SIGKILL)
        noted += writer.communicate()[0].split()

    register = Register(folder=folder)
    assert all(noted)
    assert all(register.by_id(made_id[:16]) is not None for made_id in noted)
    assert len(noted) <= register.count <= len(noted) + len(writers)
    with sqlite3.connect(register.facts.path) as tables:
        assert tables.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    tables.close()
