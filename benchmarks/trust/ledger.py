"""Tampering with the ledger, a thousand times at random: what is found, and what only somebody else's checkpoint finds."""

from __future__ import annotations

import json
import random
import shutil
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from vivant.places import Places
from vivant.provenance.ledger import Ledger
from vivant.provenance.ledger_head import head_of, read_checkpoint
from vivant.provenance.ledger_lines import START, digest, opened, written
from vivant.provenance.safekeeping import canonical

LINES = 60
TIMES = 84
"""Of each kind: a thousand and some in all."""
EVENTS = 1_000_000
BEGUN = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """What lies on the disk."""

    lines: tuple[bytes, ...]
    head: bytes | None


Tampering = Callable[[State, random.Random], State]


def anew(lines: Sequence[bytes], changed: Mapping[int, str]) -> tuple[bytes, ...]:
    """Write all lines with right numbers and hashes, some with another event."""
    made: list[bytes] = []
    prev = START
    for place, line in enumerate(lines):
        entry = opened(line)
        assert entry is not None
        event = changed.get(place, entry.event)
        fresh = written(place + 1, event, entry.facts, prev=prev, time=entry.time)
        made.append(fresh.removesuffix(b"\n"))
        prev = made[-1][-66:-2].decode()
    return tuple(made)


def one_anew(line: bytes) -> bytes:
    """Change one line and its own hash."""
    entry = opened(line)
    assert entry is not None
    fresh = written(entry.number, "consent.release", entry.facts, prev=entry.prev, time=entry.time)
    return fresh.removesuffix(b"\n")


def head_for(lines: Sequence[bytes]) -> bytes:
    """Make a head that fits, without the key."""
    return canonical({"lines": len(lines), "sha256": lines[-1][-66:-2].decode()})


def flip(state: State, chance: random.Random) -> State:
    """Flip a bit anywhere."""
    place = chance.randrange(LINES)
    line = bytearray(state.lines[place])
    line[chance.randrange(len(line))] ^= 1 << chance.randrange(8)
    return State(lines=_with(state, place, bytes(line)), head=state.head)


def delete(state: State, chance: random.Random) -> State:
    """Take a line out."""
    place = chance.randrange(LINES)
    return State(lines=state.lines[:place] + state.lines[place + 1 :], head=state.head)


def swap(state: State, chance: random.Random) -> State:
    """Change two lines' places."""
    one, other = chance.sample(range(LINES), 2)
    lines = list(state.lines)
    lines[one], lines[other] = lines[other], lines[one]
    return State(lines=tuple(lines), head=state.head)


def duplicate(state: State, chance: random.Random) -> State:
    """Put a copy of a line anywhere."""
    to = chance.randrange(LINES + 1)
    copy = state.lines[chance.randrange(LINES)]
    return State(lines=(*state.lines[:to], copy, *state.lines[to:]), head=state.head)


def insert(state: State, chance: random.Random) -> State:
    """Put a forged line in, all its hashes right."""
    to = chance.randrange(LINES)
    return State(
        lines=(*state.lines[:to], one_anew(state.lines[to]), *state.lines[to:]), head=state.head
    )


def change(state: State, chance: random.Random) -> State:
    """Change a line, and make its own hash anew."""
    place = chance.randrange(LINES)
    return State(lines=_with(state, place, one_anew(state.lines[place])), head=state.head)


def add(state: State, chance: random.Random) -> State:
    """Add a forged line at the end, all its hashes right, and a head that fits."""
    lines = anew((*state.lines, state.lines[chance.randrange(LINES)]), {LINES: "consent.release"})
    head = json.loads(state.head or b"{}") | json.loads(head_for(lines))
    return State(lines=lines, head=canonical(head))


def cut(state: State, chance: random.Random) -> State:
    """Cut lines from the end."""
    return State(lines=state.lines[: chance.randrange(LINES)], head=state.head)


def cut_with_head(state: State, chance: random.Random) -> State:
    """Cut lines from the end, and make a head that fits."""
    lines = state.lines[: chance.randrange(1, LINES)]
    return State(lines=lines, head=head_for(lines))


def rewrite(state: State, chance: random.Random) -> State:
    """Write everything anew from a line on."""
    lines = anew(state.lines, {chance.randrange(LINES): "consent.release"})
    return State(lines=lines, head=state.head)


def rewrite_with_head(state: State, chance: random.Random) -> State:
    """Write everything anew, and make a head that fits, with the old seal or none."""
    lines = anew(state.lines, {chance.randrange(LINES): "consent.release"})
    head = json.loads(state.head or b"{}") if chance.random() < 0.5 else {}
    return State(lines=lines, head=canonical(head | json.loads(head_for(lines))))


def behead(state: State, chance: random.Random) -> State:
    """Take the head away, or break it."""
    broken = (None, b"", b"{}", b"[1]", (state.head or b"")[: chance.randrange(60)])
    return State(lines=state.lines, head=chance.choice(broken))


KINDS: Mapping[str, Tampering] = {
    "a bit flipped": flip,
    "a line deleted": delete,
    "two lines swapped": swap,
    "a line copied": duplicate,
    "a forged line put in": insert,
    "a line changed, its hash made anew": change,
    "a forged line at the end, head to fit": add,
    "cut from the end": cut,
    "cut from the end, head to fit": cut_with_head,
    "all written anew": rewrite,
    "all written anew, head to fit": rewrite_with_head,
    "the head removed or broken": behead,
}


def run(folder: Path) -> list[dict[str, Any]]:
    """Tamper, verify, count; then a million lines."""
    return [*tamperings(folder), *a_million(folder)]


def tamperings(folder: Path) -> list[dict[str, Any]]:
    """Tamper at random."""
    places = Places(data=folder / "small", cache=folder / "cache")
    watched = Ledger.in_places(places)
    ledger = Ledger(folder=places.data / "ledger", places=places)  # without its witness
    early: State | None = None
    for number in range(LINES):
        facts = {"film_id": f"{number:016x}", "consent_id": f"{number % 7:032x}"}
        watched.append("film.made", facts, now=BEGUN)
        if number == LINES // 2:
            early = _read(ledger)
    whole = _read(ledger)
    kept = read_checkpoint(ledger.checkpoint())
    assert early is not None
    chance = random.Random(6)  # noqa: S311 - the same tamperings every time
    rows: list[dict[str, Any]] = []
    for name, tamper in KINDS.items():
        found = tried = 0
        faults: dict[str, int] = {}
        while tried < TIMES:
            changed = tamper(whole, chance)
            if changed == whole:
                continue
            tried += 1
            _write(ledger, changed)
            report = ledger.verify()
            found += not report.ok and report.broken_line is not None
            fault = report.fault or "none"
            faults[fault] = faults.get(fault, 0) + 1
        called = ", ".join(f"{fault} {count}" for fault, count in sorted(faults.items()))
        rows.append({"what": name, "tried": tried, "found": found, "called": called})
    _write(ledger, early)
    by_whom = {
        "by itself": ledger.verify(),
        "by the witness in the data folder": watched.verify(),
        "by a checkpoint kept elsewhere": ledger.verify(witnesses=[kept]),
    }
    for name, report in by_whom.items():
        fault = report.fault or "none"
        rows.append(
            {
                "what": f"an older copy with its head put back, {name}",
                "tried": 1,
                "found": int(not report.ok),
                "called": f"{fault} 1",
            }
        )
    return rows


def consent_of(number: int) -> str:
    """Give one of ten thousand consents."""
    return digest(str(number % 10_000).encode())[:32]


def a_million(folder: Path) -> list[dict[str, Any]]:
    """Write a million lines past the doors, and verify them through the door."""
    places = Places(data=folder / "large", cache=folder / "cache")
    ledger = Ledger.in_places(places)
    entry = ledger.append("key.made", {}, now=BEGUN)
    prev, line = entry.sha256, b""
    with ledger.path.open("ab") as file:
        for number in range(2, EVENTS + 1):
            facts = {
                "film_id": f"{number:016x}",
                "record_sha256": digest(str(number).encode()),
                "consent_id": consent_of(number),
                "consent_sha256": "cd" * 32,
            }
            line = written(number, "film.made", facts, prev=prev, time=entry.time)
            prev = line[-67:-3].decode()
            file.write(line)
    last = opened(line)
    assert last is not None
    (ledger.path.parent / "ledger.head").write_bytes(head_of(last, before=None, places=places))
    rows = []

    def timed(what: str, act: Callable[[], object]) -> None:
        began_s = time.process_time()
        found = act()
        rows.append({"what": what, "CPU s": time.process_time() - began_s, "called": str(found)})

    megabytes = ledger.path.stat().st_size / 1e6
    timed(f"{EVENTS:,} lines verified ({megabytes:.0f} MB)", lambda: ledger.verify().why)
    timed("a consent's state, asked first", lambda: ledger.state_of(consent_of(77)).state)
    timed("asked again", lambda: ledger.state_of(consent_of(77)).state)
    timed("a line added", lambda: ledger.append("film.made", {}, now=BEGUN).number)
    timed("asked again after it", lambda: ledger.state_of(consent_of(77)).state)
    shutil.rmtree(places.data)
    return rows


def _with(state: State, place: int, line: bytes) -> tuple[bytes, ...]:
    return (*state.lines[:place], line, *state.lines[place + 1 :])


def _read(ledger: Ledger) -> State:
    return State(
        lines=tuple(line.removesuffix(b"\n") for line in ledger.store.lines()),
        head=ledger.store.head(),
    )


def _write(ledger: Ledger, state: State) -> None:
    ledger.path.write_bytes(b"".join(line + b"\n" for line in state.lines))
    head = ledger.path.parent / "ledger.head"
    head.unlink(missing_ok=True)
    if state.head is not None:
        head.write_bytes(state.head)
