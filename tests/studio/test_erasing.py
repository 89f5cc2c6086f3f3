"""Work files go when a consent ends, and a sealed certificate tells which."""

from __future__ import annotations

import json
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from attempts_at_doors import keep_voice
from killed import run_until
from paper_trail import NOON, a_recipe
from vivant.errors import InputError, ResourceError
from vivant.film.keeping import keep_notes, notes_path
from vivant.places import Places
from vivant.provenance.consent import Consent, attest, read_consent, write_consent
from vivant.provenance.consent_events import withdraw
from vivant.provenance.consent_keeping import kept_path
from vivant.provenance.label import LABEL_TEXT
from vivant.provenance.ledger import Ledger
from vivant.provenance.record import FilmRecord, record_film
from vivant.provenance.safekeeping import canonical, write_private
from vivant.provenance.sealing import check_seal
from vivant.studio.erasing import erase, erase_due
from vivant.studio.store import Store

DAY = timedelta(days=1)
NOW = datetime.now(UTC).replace(microsecond=0)


@pytest.fixture(autouse=True)
def _own_temporary_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing of other processes is erased by tests that look far ahead."""
    (tmp_path / "tmp").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "tmp"))


@pytest.fixture
def places(tmp_path: Path) -> Places:
    return Places(data=tmp_path / "data", cache=tmp_path / "cache")


def write(path: Path) -> None:
    path.write_bytes(b"somebody's face")


def a_filmed_consent(places: Places, *, key: str = "a") -> tuple[Consent, FilmRecord]:
    """Leave behind what a film leaves: a rig, a shot, a line, its notes, lines in the ledger."""
    consent = attest("self", now=NOON)
    record = record_film(
        a_recipe(consent=consent), label_text=LABEL_TEXT, made_at=NOON, generator="vivant/0"
    )
    store = Store.in_places(places)
    for suffix in (".rig", ".shot.mp4", ".speech"):
        assert store.keep(key * 64, write, suffix=suffix, owners=(consent.record_id,))
    keep_notes(record, None, speech_starts=0, frames=1, rate=record.recipe.rate, places=places)
    ledger = Ledger.in_places(places)
    ledger.note_consent(consent, now=NOON)
    ledger.note_film(record, now=NOON)
    return consent, record


def left(places: Places) -> set[str]:
    """Name what is still there."""
    files = [path for path in places.cache.rglob("*") if path.is_file()]
    files += list((places.data / "films").glob("*"))
    return {"".join(path.suffixes) for path in files}


def test_what_was_made_of_somebody_is_erased_and_certified(places: Places) -> None:
    consent, record = a_filmed_consent(places)
    other, _ = a_filmed_consent(places, key="b")
    withdrawn = withdraw(consent.record_id, now=NOON + DAY, places=places)

    done = erase(consent.record_id, now=NOON + DAY, places=places)

    assert done.kinds == {"rig": 1, "shot": 1, "line": 1, "notes of a film": 1}
    assert not notes_path(record.film_id, places).exists()
    assert len(Store.in_places(places).owned_by(other.record_id)) == 3
    assert done.certificate is not None
    facts = json.loads(done.certificate.read_bytes())
    assert check_seal(facts, places=places).ok
    assert facts["reason"] == "withdrawn"
    assert facts["ledger_line"] == withdrawn.followed.number
    assert facts["erased"]["rig"]["count"] == 1
    assert str(places.data) not in done.certificate.read_text()
    (line,) = [e for e in Ledger.in_places(places).entries() if e.event == "work.erased"]
    assert line.facts["files"] == 4


def test_a_learned_voice_is_erased_and_no_certificate_tells_its_name(places: Places) -> None:
    consent = attest("self", now=NOON)
    keep_voice(consent, places)
    withdraw(consent.record_id, now=NOON, places=places, even_unknown=True)

    done = erase(consent.record_id, now=NOON, places=places)

    assert done.kinds == {"voice": 1}
    assert list((places.data / "voices").iterdir()) == []
    events = [entry.event for entry in Ledger.in_places(places).entries()]
    assert events == ["consent.withdrawn", "voice.forgotten", "work.erased"]
    assert done.certificate is not None
    assert "anna" not in done.certificate.read_text()


def test_erasing_twice_makes_one_certificate(places: Places) -> None:
    consent, _ = a_filmed_consent(places)

    erase(consent.record_id, now=NOON, places=places)
    again = erase(consent.record_id, now=NOON, places=places)

    assert (again.files, again.certificate) == (0, None)
    assert len(list((places.data / "certificates").iterdir())) == 1


def test_asking_for_work_files_alone_leaves_the_consent_as_it_is(places: Places) -> None:
    consent, _ = a_filmed_consent(places)

    done = erase(consent.record_id, now=NOON, places=places)

    assert (done.reason, done.files) == ("request", 4)
    assert Ledger.in_places(places).state_of(consent.record_id, at=NOON).state == "given"


@pytest.mark.parametrize(
    ("event", "part", "count"),
    [("os.remove", "studio", 2), ("os.rename", "certificates", 1), ("os.remove", ".plan", 1)],
)
def test_a_run_that_was_killed_is_finished_by_the_next_and_certified_whole(
    places: Places, event: str, part: str, count: int
) -> None:
    consent, _ = a_filmed_consent(places)
    withdraw(consent.record_id, now=NOON, places=places)
    imports = (
        "import sys; from pathlib import Path; from vivant.places import Places\n"
        "from vivant.studio.erasing import erase"
    )
    act = "erase(sys.argv[1], places=Places(data=Path(sys.argv[2]), cache=Path(sys.argv[3])))"
    words = (consent.record_id, places.data, places.cache)

    assert run_until(imports, act, *words, event=event, part=part, count=count)
    (done,) = erase_due(places=places)

    assert done.files == 4
    assert done.certificate is not None
    facts = json.loads(done.certificate.read_bytes())
    assert sum(kind["count"] for kind in facts["erased"].values()) == 4
    lines = [e for e in Ledger.in_places(places).entries() if e.event == "work.erased"]
    assert len(lines) == len(list((places.data / "certificates").glob("*.json"))) == 1
    assert left(places) == set()
    assert erase_due(places=places) == ()


def test_a_file_that_cannot_be_removed_is_told_and_the_next_run_goes_on(places: Places) -> None:
    consent, record = a_filmed_consent(places)
    notes = notes_path(record.film_id, places)
    plan = places.data / "erasing" / f"{consent.record_id}.plan"
    stubborn = places.cache / "stubborn.rig"
    (stubborn / "inside").mkdir(parents=True)
    told = {"kind": "rig", "path": str(stubborn), "bytes": 1, "sha256": "0" * 64}
    write_private(
        plan,
        canonical(
            {
                "erasure_id": "e" * 32,
                "consent_id": consent.record_id,
                "reason": "withdrawn",
                "line": 1,
                "began": "2026-11-21T12:00:00Z",
                "files": [told],
            }
        ),
    )
    with pytest.raises(ResourceError, match="could not be removed"):
        erase(consent.record_id, places=places)
    (stubborn / "inside").rmdir()
    stubborn.rmdir()

    done = erase(consent.record_id, places=places)

    assert done.files == 5
    assert not notes.exists()


def test_a_consent_whose_day_has_come_is_erased_without_being_asked(places: Places) -> None:
    a_filmed_consent(places)

    before = erase_due(now=NOON + DAY, places=places)
    (done,) = erase_due(now=NOON + timedelta(days=366), places=places)

    assert before == ()
    assert (done.reason, done.files) == ("expired", 4)
    assert left(places) == set()


def test_a_kept_record_whose_day_has_come_is_told_before_its_work_files_go(places: Places) -> None:
    consent, _ = a_filmed_consent(places)
    path = kept_path(consent.record_id, places=places)
    write_consent(consent, path)

    (done,) = erase_due(now=NOON + timedelta(days=366), places=places)

    assert (done.consent_id, done.reason) == (consent.record_id, "expired")
    assert read_consent(path).events[-1].event_type == "consent_expired"
    (line,) = [e for e in Ledger.in_places(places).entries() if e.event == "consent.expired"]
    assert line.facts["event_id"] == read_consent(path).events[-1].event_id


def test_what_nobody_used_for_long_is_erased_and_what_is_no_likeness_stays(places: Places) -> None:
    store = Store.in_places(places)
    for suffix in (".rig", ".light"):
        store.keep("c" * 64, write, suffix=suffix)
    half = places.cache / "studio" / "cc" / ".cc-1234.rig"
    half.write_bytes(b"left by a killed process")

    nothing = erase_due(now=NOW + timedelta(hours=1), places=places)
    soon = erase_due(now=NOW + 29 * DAY, places=places)
    late = erase_due(now=NOW + 31 * DAY, places=places)

    assert nothing == ()
    assert [one.kinds for one in soon] == [{"half-written file": 1}]
    assert [one.kinds for one in late] == [{"rig": 1}]
    assert left(places) == {".light"}


def test_what_killed_processes_left_in_temporary_folders_is_erased_and_nothing_else(
    places: Places, tmp_path: Path
) -> None:
    for folder in ("vivant-ab12cd_9", "vivant-shots-ab12cd_9", "vivant-holiday", "other-ab12cd_9"):
        (tmp_path / "tmp" / folder).mkdir(parents=True)
        for name in ("made.rig", "letter.txt"):
            (tmp_path / "tmp" / folder / name).write_bytes(b"x")

    soon = erase_due(now=NOW + timedelta(hours=1), places=places)
    (late,) = erase_due(now=NOW + 2 * DAY, places=places)

    assert soon == ()
    assert late.kinds == {"half-written file": 2}
    assert len(list((tmp_path / "tmp").rglob("*.txt"))) == 4
    assert len(list((tmp_path / "tmp").rglob("*.rig"))) == 2


def test_an_id_that_is_none_erases_nothing(places: Places) -> None:
    with pytest.raises(InputError, match="32 hex digits"):
        erase("../../data", places=places)
    assert not places.data.exists()
