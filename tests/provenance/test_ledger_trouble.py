"""Clocks, keys, disks and kills: the ledger goes on, or says clearly why not."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from collections.abc import Sequence
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from killed import run_until
from ledgers import KINDS, a_ledger, head_of, lines_of, put_head
from paper_trail import NOON
from vivant.errors import ResourceError
from vivant.places import Places
from vivant.provenance.key_changing import change_key
from vivant.provenance.ledger import EventName, Ledger, LedgerError
from vivant.provenance.ledger_database import DatabaseStore, sqlite_store
from vivant.provenance.safekeeping import canonical

HOUR = timedelta(hours=1)
IMPORTS = """
import sys
from pathlib import Path
from vivant.places import Places
from vivant.provenance.ledger import Ledger
ledger = Ledger.in_places(Places(data=Path(sys.argv[1]), cache=Path(sys.argv[1])))
"""
APPEND = "ledger.append('film.made', {'film_id': 'f' * 16})"


@pytest.fixture(params=KINDS)
def ledger(request: pytest.FixtureRequest, tmp_path: Path) -> Ledger:
    return a_ledger(tmp_path, request.param, lines=3)


def test_the_ledger_never_goes_back_in_time(ledger: Ledger) -> None:
    ledger.append("film.made", {}, now=NOON + 5 * HOUR)

    soon = ledger.append("film.made", {}, now=NOON + 5 * HOUR - timedelta(minutes=5))
    long_ago = ledger.append("consent.withdrawn", {"record_id": "a" * 32}, now=NOON - HOUR)

    assert soon.time == long_ago.time == "2026-11-21T17:00:00Z"
    assert "clock_said" not in soon.facts
    assert long_ago.facts["clock_said"] == "2026-11-21T11:00:00Z"
    assert ledger.latest_time == NOON + 5 * HOUR
    assert ledger.clock_is_back(NOON)
    assert not ledger.clock_is_back(NOON + 5 * HOUR)
    assert ledger.moment(NOON) == NOON + 5 * HOUR
    assert ledger.verify().ok


def test_an_empty_ledger_knows_no_time(tmp_path: Path) -> None:
    ledger = Ledger.in_places(Places(data=tmp_path, cache=tmp_path))

    assert ledger.latest_time is None
    assert not ledger.clock_is_back(NOON)
    assert ledger.state_of("a" * 32).state == "unknown"
    with pytest.raises(LedgerError, match="empty"):
        ledger.checkpoint()


def test_key_trouble_stops_no_line_and_is_mended_when_the_key_is_back(ledger: Ledger) -> None:
    assert ledger.places is not None
    key = ledger.places.data / "keys" / "own" / "key.pem"
    kept = key.read_bytes()
    key.write_bytes(b"no key")

    for _ in range(2):
        ledger.append("consent.withdrawn", {"record_id": "a" * 32}, now=NOON)
    without = ledger.verify()
    key.write_bytes(kept)
    ledger.append("film.made", {}, now=NOON)
    again = ledger.verify()

    assert ledger.state_of("a" * 32).state == "withdrawn"
    assert (without.ok, without.fault, without.broken_line) == (False, "unsealed", 4)
    assert without.sealed_lines == 3
    assert again.ok, again.why
    assert again.sealed_lines == 7
    assert again.notes == ("Lines 4 to 5 were sealed late, by line 6.",)


def test_certificates_that_cannot_be_read_stop_no_line(ledger: Ledger) -> None:
    assert ledger.places is not None
    broken = ledger.places.data / "keys" / "trusted" / "broken.pem"
    broken.parent.mkdir(exist_ok=True)
    broken.write_bytes(b"-----BEGIN CERTIFICATE-----\nno\n-----END CERTIFICATE-----\n")

    ledger.append("consent.withdrawn", {"record_id": "a" * 32}, now=NOON)
    between = ledger.verify()
    broken.unlink()

    assert (between.ok, between.fault) == (False, "unsealed")
    assert "cannot be read" in between.why
    assert ledger.state_of("a" * 32).state == "withdrawn"
    assert ledger.verify().ok
    assert ledger.verify().notes == ()


def test_a_changed_key_leaves_the_seal_whole(ledger: Ledger) -> None:
    assert ledger.places is not None
    change_key(ledger.places, now=datetime.now(UTC))
    between = ledger.verify()
    ledger.append("film.made", {}, now=datetime.now(UTC))

    assert between.ok, between.why
    assert ledger.verify().ok
    assert ledger.verify().notes == ()


def test_a_ledger_from_before_there_were_seals_is_sealed_by_its_next_line(tmp_path: Path) -> None:
    ledger = a_ledger(tmp_path, "file", lines=3)
    last = lines_of(ledger)[-1][-66:-2].decode()
    put_head(ledger, canonical({"lines": 3, "sha256": last}))

    ledger.append("film.made", {}, now=NOON)

    report = ledger.verify()
    assert report.ok
    assert report.notes == ("Lines 1 to 3 were sealed late, by line 4.",)


@pytest.mark.parametrize(
    ("event", "part"),
    [("open", "ledger.next"), ("os.rename", "ledger.next"), ("open", "ledger.jsonl")],
)
def test_a_writer_killed_anywhere_leaves_a_ledger_that_holds(
    tmp_path: Path, event: str, part: str
) -> None:
    ledger = a_ledger(tmp_path, "file", lines=3)

    assert run_until(IMPORTS, APPEND, tmp_path, event=event, part=part)
    report = ledger.verify()
    ledger.append("film.made", {"film_id": "e" * 16}, now=datetime.now(UTC))

    assert report.ok, report.why
    assert report.lines in (3, 4)
    assert ledger.verify().ok
    assert ledger.verify().lines == report.lines + 1


@pytest.mark.parametrize("kind", KINDS)
def test_writers_at_once_lose_nothing_in_either_store(tmp_path: Path, kind: str) -> None:
    ledger = a_ledger(tmp_path, kind, lines=1)
    program = f"{IMPORTS}\nfor i in range(12): {APPEND}"
    command = [sys.executable, "-c", program, str(tmp_path)]
    writers = [subprocess.Popen(command) for _ in range(3)]

    assert [writer.wait() for writer in writers] == [0, 0, 0]

    report = ledger.verify()
    assert report.ok, report.why
    assert (report.lines, report.sealed_lines, report.notes) == (37, 37, ())


@pytest.mark.parametrize("room", [0, 40, 300])
def test_a_full_disk_adds_nothing_and_breaks_nothing(tmp_path: Path, room: int) -> None:
    ledger = a_ledger(tmp_path, "file", lines=30)
    size = ledger.path.stat().st_size
    program = f"""{IMPORTS}
import resource, signal
from vivant.errors import ResourceError
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, ({size + room}, {size + room}))
try:
    while True: {APPEND}
except ResourceError as error:
    print(error)
"""
    command = [sys.executable, "-c", program, str(tmp_path)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    after = ledger.verify()
    ledger.append("film.made", {}, now=datetime.now(UTC))

    assert "cannot be written" in done.stdout
    assert after.ok, after.why
    assert ledger.verify().lines == after.lines + 1


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "data").write_bytes(b"a file where a folder should be")
    ledger = Ledger.in_places(Places(data=tmp_path / "data", cache=tmp_path))

    with pytest.raises(ResourceError, match="cannot be"):
        ledger.append("film.made", {})


def test_a_database_that_is_none_is_told(tmp_path: Path) -> None:
    path = tmp_path / "ledger.sqlite"
    path.write_bytes(b"no database at all, but long enough to be looked at")

    with pytest.raises(ResourceError, match="cannot be used"):
        Ledger(store=sqlite_store(path)).append("film.made", {})


class OtherDriver:
    """SQLite as another driver would show it: values marked with %s, rows as lists."""

    def __init__(self, path: Path) -> None:
        self._database = sqlite3.connect(path, timeout=30)
        self.commit, self.rollback, self.close = (
            self._database.commit,
            self._database.rollback,
            self._database.close,
        )

    def cursor(self) -> OtherCursor:
        return OtherCursor(self._database.cursor())


class OtherCursor:
    def __init__(self, cursor: sqlite3.Cursor) -> None:
        self._cursor = cursor
        self.close = cursor.close

    def execute(self, ask: str, values: Sequence[object] = (), /) -> None:
        assert "?" not in ask
        self._cursor.execute(ask.replace("%s", "?"), values)

    def executemany(self, ask: str, values: Sequence[Sequence[object]], /) -> None:
        assert "?" not in ask
        self._cursor.executemany(ask.replace("%s", "?"), values)

    def fetchone(self) -> list[object] | None:
        row = self._cursor.fetchone()
        return None if row is None else list(row)

    def fetchall(self) -> list[list[object]]:
        return [list(row) for row in self._cursor.fetchall()]


def test_other_databases_are_used_through_their_own_drivers(tmp_path: Path) -> None:
    path = tmp_path / "other.sqlite"
    store = DatabaseStore(
        connect=lambda: OtherDriver(path), paramstyle="format", errors=sqlite3.Error, name="other"
    )
    store.make_tables()
    store.make_tables()
    ledger = Ledger(store=store, places=Places(data=tmp_path, cache=tmp_path))

    for _ in range(3):
        ledger.append("consent.withdrawn", {"record_id": "a" * 32}, now=NOON)

    assert ledger.verify().ok
    assert ledger.state_of("a" * 32).number == 1
    assert ledger.latest_time == NOON


def test_a_database_whose_head_was_taken_away_gets_another_and_says_so(tmp_path: Path) -> None:
    ledger = a_ledger(tmp_path, "database", lines=3)
    with closing(sqlite3.connect(ledger.path)) as database, database:
        database.execute("DELETE FROM vivant_ledger_head")
    assert ledger.verify().fault == "headless"

    ledger.append("film.made", {}, now=NOON)

    assert ledger.verify().ok
    assert ledger.verify().notes == ("Lines 1 to 3 were sealed late, by line 4.",)


def test_a_failure_in_a_database_adds_nothing(tmp_path: Path) -> None:
    ledger = a_ledger(tmp_path, "database", lines=2)
    store = ledger.store
    assert isinstance(store, DatabaseStore)
    head = head_of(ledger)

    def fail() -> None:
        with store.writing() as writing:
            writing.put([b"x"], b"{}")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()

    assert head_of(ledger) == head
    assert ledger.verify().ok


def test_ten_megabytes_without_a_newline_are_a_changed_line(tmp_path: Path) -> None:
    ledger = a_ledger(tmp_path, "file", lines=3)
    with ledger.path.open("ab") as file:
        file.write(b"c" * 10_000_000)

    report = ledger.verify()

    assert not report.ok
    assert report.lines == 3
    assert report.fault == "changed"
    with pytest.raises(LedgerError):
        ledger.state_of("c" * 32)


def test_what_is_no_id_at_all_stands_in_no_line(tmp_path: Path) -> None:
    ledger = Ledger(folder=tmp_path)
    ledger.append("consent.given", {"record_id": "a" * 32})

    assert list(ledger.about("")) == []
    assert ledger.state_of("").state == "unknown"
    assert list(ledger.about("\n")) != []


def test_a_changed_line_about_a_consent_is_not_passed_over(tmp_path: Path) -> None:
    ledger = a_ledger(tmp_path, "file", lines=1)
    ledger.append("consent.withdrawn", {"record_id": "a" * 32}, now=NOON)
    ledger.append("film.made", {}, now=NOON)
    lines = ledger.path.read_bytes().replace(b"consent.withdrawn", b"consent.released!")
    ledger.path.write_bytes(lines)

    with pytest.raises(LedgerError, match="changed"):
        ledger.state_of("a" * 32)


def test_what_was_searched_before_is_searched_anew_when_the_file_is_another(tmp_path: Path) -> None:
    ledger = a_ledger(tmp_path, "file", lines=3)
    facts = {"record_id": "a" * 32}
    before = ledger.path.read_bytes(), head_of(ledger)
    ledger.append("consent.withdrawn", facts, now=NOON)
    states = [ledger.state_of("a" * 32).state]
    ledger.path.write_bytes(before[0])
    put_head(ledger, before[1])
    states.append(ledger.state_of("a" * 32).state)
    ledger.append("consent.hold", facts, now=NOON)
    ledger.append("film.made", {}, now=NOON)
    states.append(ledger.state_of("a" * 32).state)

    assert states == ["withdrawn", "unknown", "held"]


def test_states_of_the_past_stay_what_they_were(ledger: Ledger) -> None:
    facts = {"record_id": "a" * 32}
    day = timedelta(days=1)
    ends = (NOON + 9 * day).isoformat()
    events: tuple[EventName, ...] = ("consent.given", "consent.objection", "consent.release")
    for at, event in enumerate(events):
        more = {"expires": ends} if at == 0 else {}
        ledger.append(event, facts | more, now=NOON + (2 * at + 1) * day)

    asked = {
        days: ledger.state_of("a" * 32, at=NOON + days * day).state for days in range(0, 11, 2)
    }

    assert asked == {0: "unknown", 2: "given", 4: "held", 6: "given", 8: "given", 10: "expired"}
    found = ledger.state_of("a" * 32, at=NOON + 4 * day)
    assert (found.since, found.number) == (NOON + 3 * day, 5)
