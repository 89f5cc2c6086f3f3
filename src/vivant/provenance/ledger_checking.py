"""Checks a whole ledger, and names the first line that does not hold and what became of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from vivant.places import Places
from vivant.provenance.ledger_head import Checkpoint, Head, read_head, trust_in
from vivant.provenance.ledger_lines import LONGEST_LINE_BYTES, START, Entry, follows, opened
from vivant.provenance.ledger_stores import LedgerStore

Fault = Literal[
    "changed", "missing", "added", "moved", "cut", "rewritten", "unsealed", "headless",
    "rolled-back", "unindexed",
]  # fmt: skip
"""``"cut"``: from the end; ``"rewritten"``: all hashes were made anew; ``"unsealed"``: no seal of ours stands over lines;
``"headless"``: the head is gone or broken; ``"rolled-back"``: an older copy lies in the ledger's place;
``"unindexed"``: a database's index was changed, so that a line is not found by its ids."""
_TRIES = 5
SEALED_LATE = "sealed-late"
"""What a ``ledger.mended`` line says of lines that stood without a seal when it was written."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerReport:
    """What checking a ledger found."""

    ok: bool
    """Whether every line holds. A torn last line is no fault: nothing was promised by it."""
    why: str
    lines: int
    """How many lines hold, from the first."""
    broken_line: int | None
    """The first line that does not hold, from 1."""
    torn_bytes: int
    """Bytes of a last line that was never finished."""
    fault: Fault | None = None
    """What became of the broken line."""
    sealed_lines: int = 0
    """How many lines stand under our seal; the seal over the last one covers all before it."""
    notes: tuple[str, ...] = ()
    """What is no fault, and worth knowing."""


@dataclass(slots=True)
class _Walk:
    """What going over the lines found."""

    lines: int = 0
    last: str = START
    latest: str = ""
    bad: bytes | None = None
    torn: int = 0
    notes: list[str] | None = None
    hashes: dict[int, str] | None = None


def check(
    store: LedgerStore, *, places: Places | None, witnesses: Sequence[Checkpoint] = ()
) -> LedgerReport:
    """Check every line, the head and its seal, and what others remember.

    Args:
        store: Where the lines are.
        places: Whose seal must stand over them; none is asked for when nothing is given.
        witnesses: Checkpoints that were kept elsewhere.
    """
    tries = 0
    while True:
        mark, tries = store.mark(), tries + 1
        report = _checked(store, places=places, witnesses=witnesses)
        if report.ok or store.mark() == mark or tries == _TRIES:
            return (
                report  # else lines were added meanwhile, and the head that was read is not theirs
            )


def _checked(
    store: LedgerStore, *, places: Places | None, witnesses: Sequence[Checkpoint]
) -> LedgerReport:
    head = read_head(store.head())
    wanted = [one.lines for one in witnesses]
    if head is not None:
        wanted += [head.lines, head.sealed_lines]
    walk = _walked(store.lines(), wanted=frozenset(wanted))
    if walk.bad is not None:
        return _named(store, walk)
    report = LedgerReport(
        ok=True,
        why=f"All {walk.lines} lines hold.",
        lines=walk.lines,
        broken_line=None,
        torn_bytes=walk.torn,
        notes=tuple(walk.notes or ()),
    )
    if walk.torn:
        why = f"{report.why} The writing of one more was cut short ({walk.torn} bytes); the next writer sets it aside."
        report = replace(report, why=why)
    hashes = walk.hashes or {}
    report = _against_head(report, head, hashes)
    if report.ok:
        report = _against_witnesses(report, witnesses, hashes, places)
    if report.ok:
        report = _against_seal(report, head, hashes, places)
    if report.ok:
        report = _against_index(report, store)
    return report


def _against_index(report: LedgerReport, store: LedgerStore) -> LedgerReport:
    """Insist that every line is found by its ids."""
    line = store.unindexed()
    if line is None:
        return report
    why = f"The lines hold, but line {line} is not found by every id in it: the database's index was changed."
    return _broken(report, "unindexed", line, why)


def _walked(lines: Iterator[bytes], *, wanted: frozenset[int]) -> _Walk:
    walk = _Walk(notes=[], hashes={0: START})
    assert walk.notes is not None  # noqa: S101 - just made
    assert walk.hashes is not None  # noqa: S101 - just made
    for raw in lines:
        entry = opened(raw)
        if entry is None or not follows(raw, number=walk.lines + 1, prev=walk.last):
            if entry is None and not raw.endswith(b"\n") and len(raw) < LONGEST_LINE_BYTES:
                walk.torn = len(raw)
            else:
                walk.bad = raw
            return walk
        walk.lines, walk.last = walk.lines + 1, entry.sha256
        if walk.lines in wanted:
            walk.hashes[walk.lines] = entry.sha256
        if entry.time < walk.latest:
            walk.notes.append(f"The clock went back at line {walk.lines}.")
        walk.latest = max(walk.latest, entry.time)
        if entry.event == "ledger.mended" and entry.facts.get("reason") == SEALED_LATE:
            first, last = entry.facts.get("from_line"), entry.facts.get("to_line")
            walk.notes.append(f"Lines {first} to {last} were sealed late, by line {entry.number}.")
    return walk


def _named(store: LedgerStore, walk: _Walk) -> LedgerReport:
    """Find out what became of the first line that does not fit."""
    assert walk.bad is not None  # noqa: S101 - the caller looked
    place = walk.lines + 1
    entry = opened(walk.bad)
    fault: Fault = "changed"
    holds, broken = walk.lines, place
    if entry is None:
        why = f"Line {place} was changed: its own hash does not hold."
    elif entry.number > place:
        again = _where(store, number=place, prev=walk.last, after=place)
        is_copy = again == place + 1 and sum(raw == walk.bad for raw in store.lines()) > 1
        fault = "added" if is_copy else "moved" if again else "missing"
        gone = f"Line {place} is missing" + (
            "." if entry.number == place + 1 else f", and those up to line {entry.number - 1}."
        )
        why = f"Line {place} was moved: it stands at place {again}." if again else gone
        why = f"Line {place} was added: it is a copy of line {entry.number}." if is_copy else why
    else:
        before = _fits_after(store, entry, before=place)
        if before is not None and _line_at(store, before + 1) == entry.sha256:
            fault = "added"
            why = f"Line {place} was added: it is a copy of line {before + 1}."
        elif before is not None and before < walk.lines:
            fault, holds, broken = "added", before, before + 1
            why = f"Line {before + 1} was added: line {place} follows line {before}."
        elif entry.number == place:
            holds, broken = max(walk.lines - 1, 0), max(walk.lines, 1)
            why = f"Line {broken} was changed, its hash made anew: line {place} stands on another."
            if not walk.lines:
                why = "Line 1 was changed, its hash made anew: it stands on a line before it."
        else:
            fault = "added"
            why = (
                f"Line {place} was added: it calls itself line {entry.number}, and stands on none."
            )
    why += f" The {holds} lines before it hold."
    return LedgerReport(
        ok=False, why=why, lines=holds, broken_line=broken, torn_bytes=0, fault=fault
    )


def _where(store: LedgerStore, *, number: int, prev: str, after: int) -> int | None:
    """Find the place at which a line stands that belongs elsewhere."""
    for place, raw in enumerate(store.lines(), start=1):
        if place > after and follows(raw, number=number, prev=prev) and opened(raw) is not None:
            return place
    return None


def _fits_after(store: LedgerStore, entry: Entry, *, before: int) -> int | None:
    """Find the line that a line stands on, among those before it; 0 for the beginning."""
    if entry.prev == START:
        return 0
    for place, raw in enumerate(store.lines(), start=1):
        if place >= before:
            return None
        if entry.prev.encode() in raw[-80:]:
            return place
    return None


def _line_at(store: LedgerStore, number: int) -> str | None:
    for place, raw in enumerate(store.lines(), start=1):
        if place == number:
            found: Entry | None = opened(raw)
            return None if found is None else found.sha256
    return None


def _broken(report: LedgerReport, fault: Fault, line: int, why: str) -> LedgerReport:
    return replace(report, ok=False, why=why, broken_line=line, fault=fault)


def _against_head(report: LedgerReport, head: Head | None, hashes: dict[int, str]) -> LedgerReport:
    """Compare with what is remembered of the end."""
    lines = report.lines
    if head is None:
        if not lines:
            return report
        why = f"The {lines} lines hold their chain, and the head beside them is missing: the end may have been cut."
        return _broken(report, "headless", lines, why)
    if not head.readable:
        why = f"The {lines} lines hold their chain, and the head beside them cannot be read: the end may have been cut."
        return _broken(report, "headless", max(lines, 1), why)
    remembered = max(head.lines, head.sealed_lines)
    if lines < remembered:
        why = f"The ledger had {remembered} lines, and {lines} hold: lines are missing from the end, from line {lines + 1}."
        return _broken(report, "cut", lines + 1, why)
    if hashes.get(head.lines) != head.sha256:
        why = f"The lines hold their chain, but the head remembers another line {head.lines}: it was rewritten, or the head was."
        return _broken(report, "rewritten", max(head.lines, 1), why)
    return report


def _against_witnesses(
    report: LedgerReport,
    witnesses: Sequence[Checkpoint],
    hashes: dict[int, str],
    places: Places | None,
) -> LedgerReport:
    """Compare with what others remember."""
    for one in sorted(witnesses, key=lambda one: one.lines):
        if places is not None and trust_in(one, places=places) != "trusted":
            note = f"A checkpoint of {one.lines} lines was passed over: its seal is not one that this machine trusts."
            report = replace(report, notes=(*report.notes, note))
            continue
        if report.lines < one.lines:
            why = f"A checkpoint knows of {one.lines} lines, and {report.lines} are here: an older copy was put in the ledger's place, or its end was cut."
            return _broken(report, "rolled-back", report.lines + 1, why)
        if hashes.get(one.lines) != one.sha256:
            why = f"A checkpoint remembers another line {one.lines}: it, or a line before it, was rewritten."
            return _broken(report, "rewritten", one.lines, why)
    return report


def _against_seal(
    report: LedgerReport, head: Head | None, hashes: dict[int, str], places: Places | None
) -> LedgerReport:
    """Insist that our seal stands over the last line."""
    if places is None or head is None or not report.lines:
        return report
    trust = trust_in(head.checkpoint, places=places)
    sealed = head.sealed_lines
    if trust == "trusted" and hashes.get(sealed) != (head.checkpoint and head.checkpoint.sha256):
        why = f"The lines hold their chain, but our seal stands over another line {sealed}: it, or a line before it, was rewritten."
        return _broken(report, "rewritten", max(sealed, 1), why)
    if trust == "trusted" and sealed == report.lines:
        return replace(report, sealed_lines=sealed, why=f"{report.why} Our seal stands over them.")
    if trust == "trusted":
        why = f"Lines {sealed + 1} to {report.lines} hold their chain, but no seal stands over them: the key could not be used, or they were added without it."
        return replace(_broken(report, "unsealed", sealed + 1, why), sealed_lines=sealed)
    what = {
        "absent": "no seal stands over them: they were rewritten, or written without the key",
        "foreign": "the seal over them is by a signer whom this machine does not trust",
        "broken": "the seal over them is broken",
        "unknown": "this machine's certificates cannot be read, so nobody can tell whose seal stands over them",
    }[trust]
    why = f"The {report.lines} lines hold their chain, but {what}."
    return _broken(report, "unsealed", 1, why)
