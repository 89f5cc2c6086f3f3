from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from paper_trail import NOON, a_consent, a_record
from vivant.places import Places
from vivant.provenance.ledger import Ledger, LedgerError


def a_ledger(folder: Path, *, lines: int = 6) -> Ledger:
    ledger = Ledger(folder=folder)
    for number in range(lines):
        ledger.append("film.made", {"film_id": f"{number:016x}"}, now=NOON)
    return ledger


def test_an_empty_ledger_holds(tmp_path: Path) -> None:
    assert Ledger.in_places(Places(data=tmp_path, cache=tmp_path)).verify().ok


def test_what_was_written_is_read_in_order(tmp_path: Path) -> None:
    ledger = a_ledger(tmp_path)
    consent, record = a_consent(), a_record()

    ledger.note_consent(consent)
    ledger.note_film(record)

    entries = list(ledger.entries())
    assert [entry.number for entry in entries] == list(range(1, 9))
    assert entries[-2].facts["record_sha256"] == consent.sha256
    assert entries[-1].facts["film_id"] == record.film_id
    assert ledger.verify().lines == 8


@given(line=st.integers(0, 5), place=st.integers(0, 2000), bit=st.integers(0, 7))
def test_any_changed_bit_is_found_and_its_line_named(
    tmp_path_factory: pytest.TempPathFactory, line: int, place: int, bit: int
) -> None:
    ledger = a_ledger(tmp_path_factory.mktemp("ledger"))
    lines = ledger.path.read_bytes().splitlines()
    changed = bytearray(lines[line])
    changed[place % len(changed)] ^= 1 << bit
    lines[line] = bytes(changed)
    ledger.path.write_bytes(b"\n".join(lines) + b"\n")

    report = ledger.verify()

    assert not report.ok
    assert report.broken_line == line + 1
    assert report.lines == line


@given(line=st.integers(0, 5), other=st.integers(0, 5))
def test_removed_and_moved_lines_are_found(
    tmp_path_factory: pytest.TempPathFactory, line: int, other: int
) -> None:
    ledger = a_ledger(tmp_path_factory.mktemp("ledger"))
    lines = ledger.path.read_bytes().splitlines(keepends=True)
    moved = lines.pop(line)
    if other != line:
        lines.insert(other, moved)
    ledger.path.write_bytes(b"".join(lines))

    report = ledger.verify()

    assert not report.ok
    assert report.broken_line == min(line, other) + 1 if other != line else line + 1


def test_nothing_is_added_after_lines_were_cut_from_the_end(tmp_path: Path) -> None:
    ledger = a_ledger(tmp_path)
    lines = ledger.path.read_bytes().splitlines(keepends=True)
    ledger.path.write_bytes(b"".join(lines[:4]))

    with pytest.raises(LedgerError, match="4 lines, and had 6"):
        ledger.append("film.made", {})

    assert not ledger.verify().ok


@pytest.mark.parametrize("cut", [1, 2, 30, 100])
def test_a_line_torn_by_a_kill_is_reported_and_set_aside(tmp_path: Path, cut: int) -> None:
    ledger = a_ledger(tmp_path, lines=3)
    whole = ledger.path.read_bytes()
    torn = whole.splitlines()[1][:-cut]
    ledger.path.write_bytes(whole + torn)

    report = ledger.verify()
    ledger.append("film.made", {"film_id": "after"}, now=NOON)

    assert report.ok
    assert report.torn_bytes == len(torn)
    assert [entry.event for entry in ledger.entries()][3:] == ["ledger.mended", "film.made"]
    assert torn in (tmp_path / "ledger.torn").read_bytes()
    assert ledger.verify().ok


def test_a_line_that_lacks_only_its_end_is_kept(tmp_path: Path) -> None:
    ledger = a_ledger(tmp_path, lines=3)
    ledger.path.write_bytes(ledger.path.read_bytes()[:-1])

    ledger.append("film.made", {}, now=NOON)

    assert ledger.verify().lines == 4


def test_a_last_line_that_was_changed_stops_the_writer(tmp_path: Path) -> None:
    ledger = a_ledger(tmp_path, lines=2)
    ledger.path.write_bytes(ledger.path.read_bytes().replace(b"0000001", b"0000002"))

    with pytest.raises(LedgerError, match="changed"):
        ledger.append("film.made", {})


def test_a_line_may_not_be_endless(tmp_path: Path) -> None:
    with pytest.raises(LedgerError, match="bytes"):
        Ledger(folder=tmp_path).append("film.made", {"evidence": "x" * 100_000})


def test_processes_that_write_at_once_lose_nothing(tmp_path: Path) -> None:
    program = (
        "import sys; from pathlib import Path; from vivant.provenance.ledger import Ledger\n"
        "for i in range(20): Ledger(folder=Path(sys.argv[1])).append('film.made', {'i': i})"
    )
    writers = [subprocess.Popen([sys.executable, "-c", program, str(tmp_path)]) for _ in range(3)]

    assert [writer.wait() for writer in writers] == [0, 0, 0]
    assert Ledger(folder=tmp_path).verify().lines == 60


def test_the_ledger_knows_what_became_of_a_consent(tmp_path: Path) -> None:
    ledger, consent = Ledger(folder=tmp_path), a_consent()
    facts = {"record_id": consent.record_id}

    states = [ledger.consent_state(consent.record_id)]
    ledger.note_consent(consent)
    states.append(ledger.consent_state(consent.record_id))
    for event in ("consent.hold", "consent.release", "consent.withdrawn", "consent.release"):
        ledger.append(event, facts)
        states.append(ledger.consent_state(consent.record_id))

    assert states == ["unknown", "given", "held", "given", "withdrawn", "withdrawn"]
