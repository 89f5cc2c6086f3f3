"""Whatever is done to a ledger's lines is found and called by its name, in a file and in a database."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from ledgers import KINDS, a_ledger, anew, forged, head_of, lines_of, put, put_head
from paper_trail import NOON
from vivant.provenance.ledger import Ledger, LedgerError
from vivant.provenance.ledger_head import read_checkpoint
from vivant.provenance.safekeeping import canonical


@pytest.fixture(params=KINDS)
def ledger(request: pytest.FixtureRequest, tmp_path: Path) -> Ledger:
    return a_ledger(tmp_path, request.param)


def told(ledger: Ledger) -> tuple[str | None, int | None, int]:
    report = ledger.verify()
    assert report.ok == (report.fault is None)
    return report.fault, report.broken_line, report.lines


def test_a_ledger_that_nobody_touched_holds_under_the_seal(ledger: Ledger) -> None:
    report = ledger.verify()

    assert report.ok, report.why
    assert (report.lines, report.sealed_lines) == (8, 8)


@pytest.mark.parametrize("place", [0, 3, 7])
def test_a_changed_line_is_named(ledger: Ledger, place: int) -> None:
    lines = lines_of(ledger)
    lines[place] = lines[place].replace(b"film.made", b"film.mado")
    put(ledger, lines)

    assert told(ledger) == ("changed", place + 1, place)


@pytest.mark.parametrize("place", [0, 3, 6])
def test_a_line_with_its_own_hash_made_anew_is_named_itself(ledger: Ledger, place: int) -> None:
    lines = lines_of(ledger)
    lines[place] = anew(lines[place])
    put(ledger, lines)

    assert told(ledger) == ("changed", place + 1, place)


def test_the_last_line_with_its_hash_made_anew_is_rewritten(ledger: Ledger) -> None:
    lines = lines_of(ledger)
    lines[7] = anew(lines[7])
    put(ledger, lines)

    assert told(ledger)[:2] == ("rewritten", 8)


@pytest.mark.parametrize("place", [0, 3, 6])
def test_a_missing_line_is_named(ledger: Ledger, place: int) -> None:
    lines = lines_of(ledger)
    del lines[place]
    put(ledger, lines)

    assert told(ledger) == ("missing", place + 1, place)


def test_lines_cut_from_the_end_are_found(ledger: Ledger) -> None:
    put(ledger, lines_of(ledger)[:5])

    assert told(ledger) == ("cut", 6, 5)
    with pytest.raises(LedgerError, match="5 lines, and had 8"):
        ledger.append("film.made", {})
    with pytest.raises(LedgerError, match="5 lines, and had 8"):
        ledger.state_of("c" * 32)


@pytest.mark.parametrize(("first", "second"), [(0, 1), (2, 6), (6, 7)])
def test_moved_lines_are_named(ledger: Ledger, first: int, second: int) -> None:
    lines = lines_of(ledger)
    lines[first], lines[second] = lines[second], lines[first]
    put(ledger, lines)

    assert told(ledger) == ("moved", first + 1, first)


@pytest.mark.parametrize(("copied", "to"), [(0, 1), (0, 8), (3, 6), (7, 8)])
def test_a_copied_line_is_named(ledger: Ledger, copied: int, to: int) -> None:
    lines = lines_of(ledger)
    lines.insert(to, lines[copied])
    put(ledger, lines)

    assert told(ledger) == ("added", to + 1, to)


@pytest.mark.parametrize("place", [1, 4, 7])
def test_a_forged_line_with_right_hashes_is_named(ledger: Ledger, place: int) -> None:
    lines = lines_of(ledger)
    lines.insert(place, anew(lines[place], event="consent.release"))
    put(ledger, lines)

    assert told(ledger) == ("added", place + 1, place)


def test_a_forged_line_at_the_end_stands_under_no_seal(ledger: Ledger) -> None:
    lines = lines_of(ledger)
    put(ledger, forged(lines, lambda facts: facts.append({**facts[0], "event": "consent.release"})))

    assert told(ledger) == ("unsealed", 9, 9)


def test_a_ledger_that_was_written_anew_is_found_by_the_seal(ledger: Ledger) -> None:
    lines = forged(lines_of(ledger), lambda facts: facts[2].update(event="consent.release"))
    put(ledger, lines)
    assert told(ledger)[0] == "rewritten"

    head = json.loads(head_of(ledger))
    head["sha256"] = lines[-1][-66:-2].decode()
    put_head(ledger, canonical(head))
    assert told(ledger)[0] == "rewritten"
    with pytest.raises(LedgerError, match="written anew"):
        ledger.append("film.made", {})

    del head["checkpoint"]
    put_head(ledger, canonical(head))
    assert told(ledger)[0] == "unsealed"


def test_lines_cut_with_a_head_made_to_fit_are_found(ledger: Ledger) -> None:
    lines = lines_of(ledger)[:5]
    put(ledger, lines)
    put_head(ledger, canonical({"lines": 5, "sha256": lines[-1][-66:-2].decode()}))

    assert told(ledger)[0] == "unsealed"


def test_a_seal_by_somebody_else_is_not_ours(ledger: Ledger, tmp_path: Path) -> None:
    stranger = a_ledger(tmp_path / "stranger", "file")
    lines = forged(lines_of(stranger), lambda facts: facts[2].update(event="consent.release"))
    put(stranger, lines[:0])
    put_head(stranger, None)
    for line in lines:
        facts = json.loads(line)
        stranger.append(facts["event"], facts["facts"], now=NOON)
    put(ledger, lines_of(stranger))
    put_head(ledger, head_of(stranger))

    report = ledger.verify()

    assert report.fault == "unsealed"
    assert "does not trust" in report.why


@pytest.mark.parametrize("head", [b"", b"{}", b"[]", b'{"lines": "x"}', b"\xff" * 9])
def test_a_broken_head_beside_lines_is_found(tmp_path: Path, head: bytes) -> None:
    ledger = a_ledger(tmp_path, "file")
    put_head(ledger, head)

    assert told(ledger)[0] == "headless"


def test_a_missing_head_beside_lines_is_found_and_the_next_line_says_so(ledger: Ledger) -> None:
    put_head(ledger, None)
    assert told(ledger)[0] == "headless"

    ledger.append("film.made", {}, now=NOON)

    report = ledger.verify()
    assert report.ok
    assert report.sealed_lines == 10
    assert report.notes == ("Lines 1 to 8 were sealed late, by line 9.",)


def test_an_older_copy_is_found_by_a_checkpoint_that_somebody_else_kept(ledger: Ledger) -> None:
    lines, head = lines_of(ledger), head_of(ledger)
    for number in range(2):
        ledger.append("consent.withdrawn", {"record_id": f"{number:032x}"}, now=NOON)
    kept = read_checkpoint(ledger.checkpoint())
    put(ledger, lines)
    put_head(ledger, head)

    assert ledger.verify().ok  # by itself it cannot be told
    report = ledger.verify(witnesses=[kept])

    assert (report.fault, report.broken_line) == ("rolled-back", 9)


def test_a_checkpoint_holds_as_the_ledger_grows(ledger: Ledger) -> None:
    kept = read_checkpoint(ledger.checkpoint())
    ledger.append("film.made", {}, now=NOON)

    assert ledger.verify(witnesses=[kept]).ok


def test_a_forged_checkpoint_is_passed_over_and_told(ledger: Ledger) -> None:
    document = ledger.checkpoint()
    forged_one = read_checkpoint({**document, "lines": 99})

    report = ledger.verify(witnesses=[forged_one])

    assert report.ok
    assert "passed over" in report.notes[0]


def test_what_was_taken_out_of_the_index_of_a_database_is_found(tmp_path: Path) -> None:
    ledger = a_ledger(tmp_path, "database")
    ledger.append("consent.withdrawn", {"record_id": "c" * 32}, now=NOON)
    assert ledger.state_of("c" * 32).state == "withdrawn"
    with closing(sqlite3.connect(ledger.path)) as database, database:
        database.execute("DELETE FROM vivant_ledger_subjects WHERE number = 9")

    report = ledger.verify()

    assert (report.fault, report.broken_line) == ("unindexed", 9)


def test_a_ledger_moves_from_file_to_database_and_back_byte_by_byte(tmp_path: Path) -> None:
    first = a_ledger(tmp_path / "1", "file", lines=20)
    second = a_ledger(tmp_path / "2", "database", lines=0)
    third = Ledger(folder=tmp_path / "3" / "ledger", places=first.places)
    second.places = first.places

    assert first.copy_to(second) == second.copy_to(third) == 20

    assert third.path.read_bytes() == first.path.read_bytes()
    for ledger in (first, second, third):
        assert ledger.verify().ok
        assert len(ledger.films_of("c" * 32)) == 20
    with pytest.raises(LedgerError, match="not empty"):
        first.copy_to(second)
