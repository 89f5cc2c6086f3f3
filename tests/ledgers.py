"""Ledgers in each kind of store, and ways to tamper with their lines."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

from paper_trail import NOON
from vivant.places import Places
from vivant.provenance.ledger import DATABASE, Ledger
from vivant.provenance.ledger_database import sqlite_store
from vivant.provenance.ledger_lines import START, opened, written

KINDS = ("file", "database")


def a_ledger(folder: Path, kind: str, *, lines: int = 8) -> Ledger:
    """A sealed ledger of a few films in one of the stores; nobody else has seen it."""
    places = Places(data=folder, cache=folder / "cache")
    if kind == "database":
        ledger = Ledger(store=sqlite_store(folder / "ledger" / DATABASE), places=places)
    else:
        ledger = Ledger(folder=folder / "ledger", places=places)
    for number in range(lines):
        ledger.append("film.made", {"film_id": f"{number:016x}", "consent_id": "c" * 32}, now=NOON)
    return ledger


def lines_of(ledger: Ledger) -> list[bytes]:
    return [line.removesuffix(b"\n") for line in ledger.store.lines()]


def put(ledger: Ledger, lines: Sequence[bytes]) -> None:
    """Put other lines in the place of a ledger's own, past all its doors."""
    if not str(ledger.path).endswith(DATABASE):
        ledger.path.write_bytes(b"".join(line + b"\n" for line in lines))
        return
    with closing(sqlite3.connect(ledger.path)) as database, database:
        database.execute("DELETE FROM vivant_ledger")
        rows = [(place, line.decode("utf-8", "replace")) for place, line in enumerate(lines, 1)]
        database.executemany("INSERT INTO vivant_ledger VALUES (?, ?)", rows)


def head_of(ledger: Ledger) -> bytes:
    head = ledger.store.head()
    assert head is not None
    return head


def put_head(ledger: Ledger, head: bytes | None) -> None:
    """Put another head in the place of a ledger's own."""
    if not str(ledger.path).endswith(DATABASE):
        path = ledger.path.with_name("ledger.head")
        path.unlink() if head is None else path.write_bytes(head)
        return
    with closing(sqlite3.connect(ledger.path)) as database, database:
        told = None if head is None else head.decode()
        database.execute("UPDATE vivant_ledger_head SET head = ?", (told,))


def forged(lines: Sequence[bytes], change: Callable[[list[dict[str, Any]]], None]) -> list[bytes]:
    """Write all lines anew after a change, with every number and every hash as it must be."""
    facts: list[dict[str, Any]] = []
    for line in lines:
        entry = opened(line)
        assert entry is not None
        facts.append({"event": entry.event, "facts": dict(entry.facts), "time": entry.time})
    change(facts)
    made: list[bytes] = []
    prev = START
    for number, one in enumerate(facts, start=1):
        line = written(number, one["event"], one["facts"], prev=prev, time=one["time"])
        made.append(line.removesuffix(b"\n"))
        prev = made[-1][-66:-2].decode()
    return made


def anew(line: bytes, *, event: str = "film.erased") -> bytes:
    """Change one line, and make its own hash anew."""
    entry = opened(line)
    assert entry is not None
    fresh = written(entry.number, event, entry.facts, prev=entry.prev, time=entry.time)
    return fresh.removesuffix(b"\n")
