"""The one door: once more changes nothing and mends, and records that are not here are heard of all the same."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest

from full_consents import NOON, collected, full_consent
from killed import run_until
from paper_trail import BROTHER, JUDGE, a_record
from vivant.errors import InputError
from vivant.places import Places
from vivant.provenance.consent import (
    Consent,
    ConsentErasedError,
    ConsentWithdrawnError,
    attest,
    read_consent,
    write_consent,
)
from vivant.provenance.consent_authentic import check_consent
from vivant.provenance.consent_events import (
    Happened,
    NothingToSettleError,
    erase_record,
    expire_due,
    hold,
    object_to,
    release,
    settle,
    withdraw,
)
from vivant.provenance.consent_history import standing_at
from vivant.provenance.consent_keeping import collect, files_of, kept_path
from vivant.provenance.ledger import Ledger, LedgerError
from vivant.provenance.standing import Standing

DAY = timedelta(days=1)
STRANGER = "f" * 32


@pytest.fixture
def places(tmp_path: Path) -> Places:
    return Places(data=tmp_path / "data", cache=tmp_path / "cache")


def kept(consent: Consent, places: Places) -> Consent:
    return read_consent(kept_path(consent.record_id, places=places))


def lines_of(places: Places) -> list[str]:
    return [entry.event for entry in Ledger.in_places(places).entries()]


def killed_writing_the_record(places: Places, consent: Consent, act: str) -> None:
    """Kill a process when the ledger tells of an act, and before the record does."""
    imports = (
        "import sys; from pathlib import Path; from vivant.places import Places\n"
        "from vivant.provenance.consent_events import *\n"
        "from vivant.provenance.consent_history import Person\n"
        "judge = Person(entity_id='desk-7')"
    )
    here = "sys.argv[1], places=Places(data=Path(sys.argv[2]), cache=Path(sys.argv[3]))"
    words = (consent.record_id, places.data, places.cache)
    act = act.replace("HERE", here)
    assert run_until(imports, act, *words, event="os.rename", part="consents", count=1)


def test_once_more_changes_neither_record_nor_ledger(places: Places) -> None:
    acts: tuple[Callable[..., Happened], ...] = (withdraw, partial(hold, by=JUDGE), erase_record)
    for act in acts:
        consent = collected(places)
        first = act(consent.record_id, places=places)
        record = kept_path(consent.record_id, places=places).read_bytes()
        lines = lines_of(places)

        again = act(consent.record_id, places=places)

        assert (first.followed.already, len(first.events)) == (False, 1)
        assert (again.followed.already, again.events) == (True, ())
        assert again.state == first.state
        assert again.files == first.files
        assert kept_path(consent.record_id, places=places).read_bytes() == record
        assert lines_of(places) == lines


def test_each_objection_is_written_down_and_settled_by_itself(places: Places) -> None:
    consent = collected(places, "kin")

    for _ in range(2):
        object_to(consent.record_id, places=places, by=BROTHER)

    assert lines_of(places).count("consent.objection") == 2
    ids = [event.event_id for event in kept(consent, places).events[1:]]
    states = [
        settle(consent.record_id, places=places, by=JUDGE, outcome="released", objection=one).state
        for one in ids
    ]
    assert states == ["held", "given"]


def test_a_hold_beside_an_objection_outlasts_its_settlement(places: Places) -> None:
    consent = collected(places, "kin")
    object_to(consent.record_id, places=places, by=BROTHER)

    hold(consent.record_id, places=places, by=JUDGE)

    assert (
        settle(consent.record_id, places=places, by=JUDGE, outcome="released").state,
        release(consent.record_id, places=places, by=JUDGE).state,
    ) == ("held", "given")


def test_an_objection_upheld_against_a_withdrawn_consent_withdraws_it_no_second_time(
    places: Places,
) -> None:
    consent = collected(places, "kin")
    object_to(consent.record_id, places=places, by=BROTHER)
    withdraw(consent.record_id, places=places)

    done = settle(consent.record_id, places=places, by=JUDGE, outcome="upheld")

    assert [event.event_type for event in done.events] == ["objection_settled"]
    assert done.state == "withdrawn"
    assert lines_of(places).count("consent.withdrawn") == 1


def test_a_hold_that_was_cut_short_is_finished_by_the_next(places: Places) -> None:
    consent = collected(places)
    killed_writing_the_record(places, consent, "hold(HERE, by=judge)")
    assert len(kept(consent, places).events) == 1, "the record was not reached"

    again = hold(consent.record_id, places=places, by=JUDGE)

    assert (again.state, again.followed.already) == ("held", True)
    assert [event.event_state for event in kept(consent, places).events] == ["given", "held"]
    assert check_consent(kept(consent, places), Ledger.in_places(places), places=places).ok


@pytest.mark.parametrize("what", ["release", "settle"])
def test_what_lets_the_work_go_on_is_finished_by_the_next_attempt(
    places: Places, what: str
) -> None:
    consent = collected(places, "kin")
    acts = {
        "release": partial(release, by=JUDGE),
        "settle": partial(settle, by=JUDGE, outcome="released"),
    }
    if what == "release":
        hold(consent.record_id, places=places, by=JUDGE)
        killed_writing_the_record(places, consent, "release(HERE, by=judge)")
    else:
        object_to(consent.record_id, places=places, by=BROTHER)
        killed_writing_the_record(places, consent, "settle(HERE, by=judge, outcome='released')")
    assert kept(consent, places).events[-1].event_state == "held", "the record was not reached"

    with pytest.raises(NothingToSettleError):
        acts[what](consent.record_id, places=places)

    assert kept(consent, places).events[-1].event_state == "given"


def test_what_a_broken_ledger_could_not_take_reaches_it_when_it_is_mended(places: Places) -> None:
    consent = collected(places)
    path = Ledger.in_places(places).path
    whole = path.read_bytes()
    path.write_bytes(b"")
    for _ in range(2):
        with pytest.raises(LedgerError):
            withdraw(consent.record_id, places=places)
    assert [event.event_state for event in kept(consent, places).events] == ["given", "withdrawn"]
    path.write_bytes(whole)

    done = withdraw(consent.record_id, places=places)

    assert not done.followed.already
    assert lines_of(places).count("consent.withdrawn") == 1


def test_an_erasure_that_was_cut_short_is_finished_by_the_next(places: Places) -> None:
    consent = collected(places)
    killed_writing_the_record(places, consent, "erase_record(HERE)")
    assert "Ada" in kept_path(consent.record_id, places=places).read_text()

    erase_record(consent.record_id, places=places)

    with pytest.raises(ConsentErasedError):
        kept(consent, places)
    assert lines_of(places).count("consent.erased") == 1


def test_a_damaged_record_is_erased_too(places: Places) -> None:
    consent = collected(places)
    path = kept_path(consent.record_id, places=places)
    path.write_bytes(path.read_bytes()[:-40])

    done = erase_record(consent.record_id, places=places)

    assert done.files == (path,)
    assert "Ada" not in path.read_text()


def test_a_consent_that_only_its_films_tell_of_can_be_taken_back(places: Places) -> None:
    film_id = a_record().film_id
    facts = {"film_id": film_id, "consent_ids": ["e" * 32, STRANGER]}
    Ledger.in_places(places).append("film.made", facts, now=NOON)

    done = withdraw(STRANGER, places=places, now=NOON)

    assert (done.state, done.files) == ("withdrawn", ())
    assert done.followed.newly_withdrawn == (film_id,)
    assert erase_record(STRANGER, places=places, now=NOON).state == "erased"


def test_a_consent_that_nobody_knows_is_stopped_where_that_is_asked_for(places: Places) -> None:
    record = attest("self", now=NOON)
    standing = Standing([record.record_id], places=places)
    acts: tuple[Callable[..., Happened], ...] = (
        partial(withdraw, record.record_id),
        partial(hold, STRANGER, by=JUDGE),
        partial(object_to, "e" * 32, by=BROTHER),
    )
    for act in acts:
        with pytest.raises(InputError, match="Nobody here knows"):
            act(places=places, now=NOON)
        assert act(places=places, now=NOON, even_unknown=True).followed.stops

    with pytest.raises(ConsentWithdrawnError):
        standing.insist()
    found = standing_at(record, Ledger.in_places(places), NOON)
    assert found.state == "withdrawn", "also when its record comes here later"


def test_what_lets_the_work_go_on_is_never_written_of_a_consent_that_nobody_knows(
    places: Places,
) -> None:
    with pytest.raises(InputError, match="Nobody here knows"):
        release(STRANGER, places=places, by=JUDGE)
    with pytest.raises(InputError, match="Nobody here knows"):
        settle(STRANGER, places=places, by=JUDGE, outcome="released")
    assert not Ledger.in_places(places).path.exists()


def test_the_file_of_another_record_is_left_alone(places: Places, tmp_path: Path) -> None:
    consent, other = collected(places), tmp_path / "other.json"
    write_consent(collected(places), other)
    before = other.read_bytes()

    with pytest.raises(InputError, match="Name one of the two"):
        withdraw(consent.record_id, places=places, also=other)

    assert other.read_bytes() == before
    assert "consent.withdrawn" not in lines_of(places)


def test_a_consent_whose_day_has_come_stays_expired_whoever_takes_it_back(places: Places) -> None:
    consent = collect(full_consent(now=NOON), places=places, now=NOON)
    after = NOON + timedelta(days=366)

    early = withdraw(consent.record_id, places=places, now=after)
    (ended,) = expire_due(places=places, now=after)
    late = withdraw(consent.record_id, places=places, now=after)

    assert [early.state, ended.state, late.state] == 3 * ["expired"]
    assert (early.followed.already, late.followed.already) == (True, True)
    assert lines_of(places).count("consent.expired") == 1
    assert "consent.withdrawn" not in lines_of(places)


def test_the_ledgers_clock_tells_whose_day_has_come(places: Places) -> None:
    consent = collect(full_consent(now=NOON), places=places, now=NOON)
    later = NOON + timedelta(days=400)
    Ledger.in_places(places).append("consent.checked", {"record_id": STRANGER}, now=later)

    (done,) = expire_due(places=places, now=NOON + DAY)  # the clock was set back since

    assert done.record_id == consent.record_id
    assert kept(consent, places).events[-1].event_type == "consent_expired"


def test_what_runs_out_is_found_in_the_ledger_and_among_the_kept_records(places: Places) -> None:
    ledger = Ledger.in_places(places)
    both = collect(full_consent(now=NOON), places=places, now=NOON)
    lost = attest("self", now=NOON)
    ledger.note_consent(lost, now=NOON)
    brought = attest("self", now=NOON)
    write_consent(brought, kept_path(brought.record_id, places=places))
    forged = both.model_copy(update={"expires": NOON + DAY})
    write_consent(forged, places.data / "consents" / "forged.json")
    taken_back = collect(full_consent(now=NOON), places=places, now=NOON)
    withdraw(taken_back.record_id, places=places, now=NOON)

    early = expire_due(places=places, now=NOON + 2 * DAY)
    done = expire_due(places=places, now=NOON + timedelta(days=366))

    assert early == (), "a forged record ends nothing"
    ids = {both.record_id, lost.record_id, brought.record_id}
    assert {one.record_id for one in done} == ids
    assert {one.record_id for one in done if one.files} == ids - {lost.record_id}
    assert kept(brought, places).events[-1].event_state == "expired"
    assert lines_of(places).count("consent.expired") == 3


def test_a_file_that_only_bears_an_id_as_its_name_is_no_record_of_it(tmp_path: Path) -> None:
    """Or a withdrawal would be told as done of an id that is nobody's, and the consent would go on holding."""
    places = Places(data=tmp_path, cache=tmp_path / "cache")
    consent = attest("self", now=NOON)
    write_consent(consent, kept_path("0" * 32, places=places))

    with pytest.raises(InputError, match="Nobody here knows"):
        withdraw("0" * 32, places=places, now=NOON)

    assert withdraw(consent.record_id, places=places, now=NOON).state == "withdrawn"
    assert files_of("0" * 32, places=places) == ()
