"""``vivant withdraw``, ``erase``, ``takedown`` and ``ledger``, on a machine of their own."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from signed_films import RATE, SIDE_PX, record_of, shoot
from vivant.cli.running import run
from vivant.film.fingerprints import fingerprints_of_file
from vivant.places import Places
from vivant.provenance.consent import Consent, attest, write_consent
from vivant.provenance.ledger import Ledger
from vivant.provenance.manifest import sign_film
from vivant.provenance.record import FilmRecord
from vivant.provenance.register.entry import Entry
from vivant.provenance.register.fingerprinting import Fingerprinter
from vivant.provenance.register.register import Register
from vivant.studio.store import Store

NOW = datetime.now(UTC).replace(microsecond=0)


@pytest.fixture
def places(own_home: Path) -> Places:
    return Places(data=own_home / "data", cache=own_home / "cache")


@pytest.fixture
def consent(places: Places) -> Consent:
    """A consent that is kept here, with a rig made of somebody under it."""
    found = attest("self", now=NOW)
    write_consent(found, places.data / "consents" / "mine.json")
    Ledger.in_places(places).note_consent(found, now=NOW)
    store = Store.in_places(places)
    store.keep("a" * 64, lambda path: path.touch(), suffix=".rig", owners=(found.record_id,))
    return found


def a_film(folder: Path, places: Places, consent: Consent) -> tuple[Path, FilmRecord]:
    """A signed film under a consent, known to the ledger."""
    record = record_of(consent=consent)
    shoot(folder / "unsigned.mp4", record=record, frames=25)
    sign_film(folder / "unsigned.mp4", folder / "film.mp4", record=record, places=places)
    Ledger.in_places(places).note_film(record, now=NOW)
    return folder / "film.mp4", record


def told(capsys: pytest.CaptureFixture[str], *words: str | Path, code: int = 0) -> Any:
    """Run a command for its JSON."""
    assert run([*map(str, words), "--json"]) == code
    return json.loads(capsys.readouterr().out)


@pytest.mark.parametrize("by_file", [True, False])
def test_a_consent_is_taken_back_once_and_everything_follows(
    capsys: pytest.CaptureFixture[str], places: Places, consent: Consent, by_file: bool
) -> None:
    what = places.data / "consents" / "mine.json" if by_file else consent.record_id

    first = told(capsys, "withdraw", what, "--by", "desk-7")
    again = told(capsys, "withdraw", what)

    assert (first["followed"]["state"], first["followed"]["already"]) == ("withdrawn", False)
    assert first["erased"]["kinds"] == {"rig": 1}
    assert Path(first["erased"]["certificate"]).is_file()
    assert again["followed"]["already"]
    assert again["erased"]["files"] == 0
    events = [entry.event for entry in Ledger.in_places(places).entries()]
    assert events.count("consent.withdrawn") == events.count("work.erased") == 1


def test_a_film_is_withdrawn_by_its_file_and_a_notice_can_be_written(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, places: Places, consent: Consent
) -> None:
    film, record = a_film(tmp_path, places, consent)

    early = told(capsys, "takedown", film, code=2)
    withdrawn = told(capsys, "withdraw", film)
    notice = told(
        capsys, "takedown", film, "--at", "https://v.example/1", "--language", "de", "-o", tmp_path
    )

    assert early["error"]["code"] == "takedown.no-ground"
    assert withdrawn["film_id"] == record.film_id
    assert not withdrawn["already"]
    assert withdrawn["consents"] == [consent.record_id]
    assert "https://v.example/1" in notice["texts"]["de"]
    assert notice["evidence"]["recognised"]["by"] == "watermark"
    assert len(list(tmp_path.glob("notice-*.de.txt"))) == len(
        list(tmp_path.glob("evidence-*.json"))
    )
    assert told(capsys, "ledger", "state", record.film_id)["state"] == "withdrawn"


def test_what_only_looks_like_a_film_is_compared_by_a_person(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, places: Places, consent: Consent
) -> None:
    record = record_of(consent=consent)
    copy = tmp_path / "copy.mp4"
    shoot(copy, record=record, frames=75, is_marked=False, is_labelled=False, tag_of=None)
    entry = Entry(
        made_id=record.film_id,
        kind="film",
        file_sha256="0" * 64,
        record_sha256=record.sha256,
        made_at=NOW,
        seconds=3.0,
        consent_ids=(consent.record_id,),
    )
    looks = fingerprints_of_file(copy).seen
    prints = Fingerprinter(RATE, SIDE_PX, SIDE_PX)
    for second, look in enumerate(looks):
        prints.see(25 * second, look.y)
    Register.in_places(places).note(entry, prints.done())
    Ledger.in_places(places).note_film(record, now=NOW)
    run(["withdraw", record.film_id])
    screenshot = tmp_path / "screenshot.png"
    Image.fromarray(looks[0].y).save(screenshot)
    capsys.readouterr()

    unsure = told(capsys, "takedown", screenshot, code=2)
    other = told(capsys, "takedown", screenshot, "--film", "0" * 16, code=2)
    sure = told(capsys, "takedown", screenshot, "--film", record.film_id)
    not_by_likeness = told(capsys, "withdraw", screenshot, code=2)

    assert unsure["error"]["code"] == "takedown.unsure"
    assert record.film_id in unsure["error"]["message"]
    assert "not like" in other["error"]["message"]
    assert sure["evidence"]["recognised"]["by"] == "pictures"
    assert sure["evidence"]["compared_by_a_person"]
    assert "a person compared" in sure["texts"]["en"]
    assert not_by_likeness["error"]["code"] == "takedown.unsure"


def test_the_people_are_told_in_words(capsys: pytest.CaptureFixture[str], consent: Consent) -> None:
    assert run(["withdraw", consent.record_id]) == 0

    words = capsys.readouterr().out
    assert "is withdrawn since" in words
    assert "Erased of consent" in words
    assert "cannot be recalled" in words


def test_what_is_due_is_erased_and_nothing_else(
    capsys: pytest.CaptureFixture[str], places: Places, consent: Consent
) -> None:
    nothing = told(capsys, "erase", "--due")
    asked = told(capsys, "erase", consent.record_id)
    neither = told(capsys, "erase", code=2)

    assert nothing == {"erased": []}
    assert asked["erased"][0]["reason"] == "request"
    assert "either" in neither["error"]["message"]
    assert Ledger.in_places(places).state_of(consent.record_id).state == "given"


def test_another_makers_film_is_not_withdrawn_here(
    capsys: pytest.CaptureFixture[str], places: Places, tmp_path: Path, consent: Consent
) -> None:
    elsewhere = Places(data=tmp_path / "elsewhere", cache=places.cache)
    film, record = a_film(tmp_path, elsewhere, consent)

    for what in (film, record.film_id):
        refused = told(capsys, "withdraw", what, code=2)
        assert "Nobody here knows film" in refused["error"]["message"]
    assert not list(Ledger.in_places(places).about(record.film_id))
    assert told(capsys, "takedown", film, code=2)["error"]["code"] == "takedown.no-ground"


@pytest.mark.parametrize("words", [["erase", "--record"], ["erase"], ["withdraw"]], ids=" ".join)
def test_what_was_erased_may_be_named_by_what_is_left_of_its_file(
    capsys: pytest.CaptureFixture[str], places: Places, consent: Consent, words: list[str]
) -> None:
    left = places.data / "consents" / "mine.json"
    told(capsys, "erase", left, "--record")
    lines = Ledger.in_places(places).verify().lines

    told(capsys, words[0], left, *words[1:])

    assert Ledger.in_places(places).verify().lines == lines
    assert Ledger.in_places(places).state_of(consent.record_id).state == "erased"


def test_a_file_that_only_says_that_a_record_was_erased_erases_nothing(
    capsys: pytest.CaptureFixture[str], places: Places, consent: Consent, tmp_path: Path
) -> None:
    told(capsys, "erase", _another(places), "--record")
    forged = tmp_path / "left.json"
    stone = json.loads((places.data / "consents" / "other.json").read_bytes())
    forged.write_text(json.dumps(stone | {"record_id": consent.record_id}))

    told(capsys, "erase", forged, "--record", code=3)

    assert Ledger.in_places(places).state_of(consent.record_id).state == "given"


def _another(places: Places) -> Path:
    path = places.data / "consents" / "other.json"
    other = attest("self", note="another", now=NOW)
    write_consent(other, path)
    Ledger.in_places(places).note_consent(other, now=NOW)
    return path


def test_a_record_is_erased_with_its_work_files(
    capsys: pytest.CaptureFixture[str], places: Places, consent: Consent
) -> None:
    done = told(capsys, "erase", consent.record_id, "--record")

    assert done["record_erased"]
    assert done["erased"][0]["files"] == 1
    assert Ledger.in_places(places).state_of(consent.record_id).state == "erased"
    late = told(capsys, "withdraw", consent.record_id)["followed"]
    assert (late["state"], late["already"]) == ("erased", True)


@pytest.mark.usefixtures("places")
@pytest.mark.parametrize("what", ["nobody", "0" * 5, "../x"])
def test_what_is_nothing_that_can_be_withdrawn_is_told(
    capsys: pytest.CaptureFixture[str], what: str
) -> None:
    assert told(capsys, "withdraw", what, code=2)["error"]["exit_code"] == 2


def test_a_stranger_gets_no_notice_and_is_not_withdrawn(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, places: Places
) -> None:
    stranger = tmp_path / "stranger.mp4"
    stranger.write_bytes(b"no film at all")

    assert told(capsys, "takedown", stranger, code=4)["error"]["code"] == "papers"
    assert told(capsys, "withdraw", stranger, code=4)["error"]["code"] == "papers"
    assert not (places.data / "ledger").exists()


def test_names_are_refused_where_ids_are_asked_for(
    capsys: pytest.CaptureFixture[str], places: Places, consent: Consent
) -> None:
    found = told(capsys, "withdraw", consent.record_id, "--by", "Ada Lovelace", code=2)

    assert "Names do not enter" in found["error"]["message"]
    assert Ledger.in_places(places).state_of(consent.record_id).state == "given"


def test_the_ledger_is_checked_shown_and_asked(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, places: Places, consent: Consent
) -> None:
    kept = tmp_path / "checkpoint.json"
    assert run(["ledger", "checkpoint", "-o", str(kept)]) == 0
    capsys.readouterr()

    shown = told(capsys, "ledger", "show", "--about", consent.record_id)
    at = told(capsys, "ledger", "at", f"{NOW:%Y-%m-%d}")
    before = told(capsys, "ledger", "state", consent.record_id, "--at", "2020-01-01")
    whole = told(capsys, "ledger", "verify", "--against", kept)
    path = Ledger.in_places(places).path
    path.write_bytes(path.read_bytes().replace(b"consent.given", b"consent.gived", 1))
    broken = told(capsys, "ledger", "verify", code=4)

    assert [line["event"] for line in shown] == ["consent.given"]
    assert [one["state"] for one in at["consents"]] == ["given"]
    assert before["state"] == "unknown"
    assert (whole["ok"], whole["sealed_lines"]) == (True, whole["lines"])
    assert (broken["ok"], broken["fault"], broken["broken_line"]) == (False, "changed", 1)


def test_a_state_is_asked_by_the_first_digits_and_not_of_what_is_no_id(
    capsys: pytest.CaptureFixture[str], consent: Consent
) -> None:
    short = told(capsys, "ledger", "state", consent.record_id[:8])

    assert (short["id"], short["state"]) == (consent.record_id, "given")
    assert told(capsys, "ledger", "state", "zzz", code=2)["error"]["code"] == "input"
    assert told(capsys, "ledger", "state", "f" * 32)["state"] == "unknown"


@pytest.mark.usefixtures("places")
@pytest.mark.parametrize("date", ["yesterday", "2026-13-01", "2026-02-30T12:00", ""])
def test_what_is_no_date_is_told(capsys: pytest.CaptureFixture[str], date: str) -> None:
    assert "date" in told(capsys, "ledger", "at", date, code=2)["error"]["message"]


@pytest.mark.usefixtures("places")
def test_what_is_no_checkpoint_is_told(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    (tmp_path / "x.json").write_text("[]")

    found = told(capsys, "ledger", "verify", "--against", tmp_path / "x.json", code=2)

    assert "checkpoint" in found["error"]["message"]
