"""A ledger that is put back from an old copy, head and all, is found out by what lies elsewhere."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from paper_trail import NOON
from vivant.errors import InputError
from vivant.places import Places
from vivant.provenance.ledger import DATABASE, Ledger, LedgerError
from vivant.provenance.ledger_database import sqlite_store
from vivant.settings import settings_from

RECORD = "ab" * 16


def with_lines(places: Places, *, lines: int = 4) -> Ledger:
    ledger = Ledger.in_places(places)
    for number in range(lines):
        ledger.append("film.made", {"film_id": f"{number:016x}"}, now=NOON)
    return ledger


def in_a_file(places: Places) -> None:
    with_lines(places)


def in_a_database(places: Places) -> None:
    (places.data / "ledger").mkdir(parents=True)
    sqlite_store(places.data / "ledger" / DATABASE)
    with_lines(places)


@pytest.fixture(params=[in_a_file, in_a_database])
def places(request: pytest.FixtureRequest, tmp_path: Path) -> Places:
    """Name places with a ledger of four lines."""
    found = Places(data=tmp_path / "data", cache=tmp_path / "cache")
    begin: Callable[[Places], None] = request.param
    begin(found)
    return found


def put_back(
    places: Places, while_away: Callable[[Ledger], object], *, whole: bool = False
) -> Ledger:
    """Copy the ledger, let something happen, and put the copy in its place."""
    kept, source = places.data.parent / "copy", places.data if whole else places.data / "ledger"
    shutil.copytree(source, kept)
    while_away(Ledger.in_places(places))
    shutil.rmtree(source)
    shutil.copytree(kept, source)
    return Ledger.in_places(places)


def withdraw(ledger: Ledger) -> None:
    ledger.append("consent.withdrawn", {"record_id": RECORD}, now=NOON)


def test_an_older_copy_is_found_by_the_file_beside_it(places: Places) -> None:
    ledger = put_back(places, withdraw)

    report = ledger.verify()

    assert (report.ok, report.fault, report.broken_line) == (False, "rolled-back", 5)


def test_nothing_is_read_from_an_older_copy_and_nothing_added(places: Places) -> None:
    ledger = put_back(places, withdraw)

    with pytest.raises(LedgerError, match="an older copy lies in its place") as refused:
        ledger.state_of(RECORD)
    assert "ledger-witness.json" in str(refused.value)
    with pytest.raises(LedgerError, match="has 4 lines, and a witness has seen 5"):
        withdraw(ledger)
    assert len(list(ledger.entries())) == 4


def test_an_older_copy_that_went_on_elsewhere_is_found(places: Places) -> None:
    ledger = put_back(places, withdraw)
    witness = places.data / "ledger-witness.json"
    witness.rename(witness.with_suffix(".away"))
    ledger.append("film.made", {}, now=NOON)
    witness.with_suffix(".away").replace(witness)

    with pytest.raises(LedgerError, match="it was written anew"):
        ledger.latest_time  # noqa: B018 - reading it is the test
    assert ledger.verify().fault == "rewritten"


def test_the_whole_data_folder_put_back_is_found_by_a_witness_on_another_disk(
    places: Places, tmp_path: Path
) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    watched = replace(places, witness=disk / "vivant.json")

    ledger = put_back(watched, withdraw, whole=True)

    assert ledger.verify().fault == "rolled-back"
    with pytest.raises(LedgerError, match="an older copy"):
        ledger.state_of(RECORD)
    assert Ledger.in_places(places).verify().ok  # without that disk nobody can tell


def test_a_lost_ledger_may_begin_anew_once_its_witness_is_moved_away(tmp_path: Path) -> None:
    places = Places(data=tmp_path, cache=tmp_path)
    with_lines(places)
    shutil.rmtree(tmp_path / "ledger")

    assert Ledger.in_places(places).verify().fault == "rolled-back"
    with pytest.raises(LedgerError, match="has 0 lines, and a witness has seen 4"):
        with_lines(places)

    (tmp_path / "ledger-witness.json").unlink()
    assert with_lines(places, lines=1).verify().ok


def test_a_disk_that_is_away_stops_nobody_and_its_place_is_not_filled(
    places: Places, tmp_path: Path
) -> None:
    watched = replace(places, witness=tmp_path / "away" / "vivant.json")
    ledger = Ledger.in_places(watched)

    withdraw(ledger)

    assert ledger.state_of(RECORD).state == "withdrawn"
    report = ledger.verify()
    assert report.ok
    assert report.notes == (
        f"The ledger's witness {watched.witness} was not asked: its folder is not there.",
    )
    assert not (tmp_path / "away").exists()


def test_an_empty_machine_has_nothing_to_note(tmp_path: Path) -> None:
    report = Ledger.in_places(Places(data=tmp_path / "none yet", cache=tmp_path)).verify()

    assert (report.ok, report.notes) == (True, ())


@pytest.mark.parametrize("said", [b"", b"[]", b"\xff", b'{"document": "ledger-checkpoint/1"}'])
def test_a_witness_that_cannot_be_read_is_told_and_written_anew(
    tmp_path: Path, said: bytes
) -> None:
    places = Places(data=tmp_path, cache=tmp_path)
    ledger = with_lines(places)
    witness = tmp_path / "ledger-witness.json"
    witness.write_bytes(said)

    assert "holds no checkpoint" in ledger.verify().notes[0]
    withdraw(ledger)
    assert ledger.verify().notes == ()


def test_a_forged_witness_cannot_stop_the_ledger(tmp_path: Path) -> None:
    places, other = (Places(data=tmp_path / one, cache=tmp_path) for one in ("here", "there"))
    ledger = with_lines(places)
    with_lines(other, lines=9)
    (places.data / "ledger-witness.json").write_bytes(
        (other.data / "ledger-witness.json").read_bytes()
    )

    withdraw(ledger)

    assert ledger.state_of(RECORD).state == "withdrawn"


def test_who_reads_while_others_write_is_never_told_of_a_fault(places: Places) -> None:
    ledger, reader = Ledger.in_places(places), Ledger.in_places(places)

    def write() -> None:
        for _ in range(30):
            withdraw(ledger)

    writing = threading.Thread(target=write)
    reports = []
    writing.start()
    while writing.is_alive():
        reports.append(reader.verify())
        assert reader.state_of(RECORD).state in {"unknown", "withdrawn"}
    writing.join()

    assert [one.why for one in reports if not one.ok] == []
    assert reader.verify().lines == 34


def test_the_setting_names_a_file(tmp_path: Path) -> None:
    assert settings_from({}).places.witness is None
    assert settings_from({"VIVANT_WITNESS": str(tmp_path / "w")}).places.witness == tmp_path / "w"
    with pytest.raises(InputError, match="name a file in it"):
        settings_from({"VIVANT_WITNESS": str(tmp_path)})
