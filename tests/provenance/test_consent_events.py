from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest

from full_consents import NOON, collected, full_consent, paper
from vivant.errors import InputError
from vivant.places import Places
from vivant.provenance.consent import (
    Consent,
    ConsentErasedError,
    ConsentExpiredError,
    ConsentWithdrawnError,
    read_consent,
    write_consent,
)
from vivant.provenance.consent_authentic import ConsentForgedError, check_consent
from vivant.provenance.consent_events import (
    NothingToSettleError,
    erase_record,
    expire_due,
    hold,
    object_to,
    release,
    settle,
    withdraw,
)
from vivant.provenance.consent_evidence import keep_evidence
from vivant.provenance.consent_history import (
    catch_up,
    complete,
    ledger_state,
    new_person,
    standing_at,
)
from vivant.provenance.consent_keeping import collect, kept_path
from vivant.provenance.consent_parts import Evidence
from vivant.provenance.ledger import Ledger, LedgerError

BROTHER = new_person(name="Bob Example", relation="brother", words="He hated films.")
JUDGE = new_person(name="Cy Example", relation="mediator")


@pytest.fixture
def places(tmp_path: Path) -> Places:
    return Places(data=tmp_path / "data", cache=tmp_path / "cache")


def kept(consent: Consent, places: Places) -> Consent:
    return read_consent(kept_path(consent.record_id, places=places))


def ledger_text(places: Places) -> str:
    return Ledger.in_places(places).path.read_text()


def test_a_withdrawal_stands_in_file_and_ledger_and_keeps_the_hash(places: Places) -> None:
    consent = collected(places)

    done = withdraw(consent.record_id, places=places, by=new_person(name="Ada Example"))

    told = kept(consent, places)
    assert done.state == "withdrawn"
    assert told.sha256 == consent.sha256
    assert told.events[-1].name == "Ada Example"
    assert ledger_state(consent.record_id, Ledger.in_places(places)) == "withdrawn"
    assert "Example" not in ledger_text(places)
    with pytest.raises(ConsentWithdrawnError):
        told.require("portrait-film", now=told.events[-1].event_time)


def test_the_seal_follows_what_happens(places: Places) -> None:
    consent = collected(places)
    withdraw(consent.record_id, places=places)
    told = kept(consent, places)
    hidden = told.model_copy(update={"events": told.events[:1]})

    assert check_consent(told, Ledger.in_places(places), places=places).ok
    assert check_consent(hidden, Ledger.in_places(places), places=places).standing == "forged"


def test_a_lost_file_does_not_lose_the_withdrawal(places: Places) -> None:
    consent = collected(places)
    kept_path(consent.record_id, places=places).unlink()

    done = withdraw(consent.record_id, places=places)

    assert done.files == ()
    assert done.state == "withdrawn"
    assert catch_up(consent, Ledger.in_places(places)).events[-1].event_state == "withdrawn"


def test_the_copy_somebody_holds_is_told_too(places: Places, tmp_path: Path) -> None:
    consent = collected(places)
    mine = tmp_path / "mine.json"
    write_consent(consent, mine)

    done = withdraw(consent.record_id, places=places, also=mine)

    assert set(done.files) == {mine, kept_path(consent.record_id, places=places)}
    assert read_consent(mine).events == kept(consent, places).events


def test_an_objection_holds_until_a_person_settles_it(places: Places) -> None:
    consent = collected(places, "kin")
    evidence = (Evidence.model_validate(paper("letter")),)

    held = object_to(consent.record_id, places=places, by=BROTHER, evidence=evidence)
    settled = settle(consent.record_id, places=places, by=JUDGE, outcome="released")

    assert (held.state, settled.state) == ("held", "given")
    told = kept(consent, places)
    assert [event.event_type for event in told.events[1:]] == [
        "objection_raised",
        "objection_settled",
        "release",
    ]
    assert told.events[1].relation == "brother"
    assert told.events[1].evidence == evidence
    assert told.events[2].settles == told.events[1].event_id
    assert told.events[2].event_state == "held", "only the release lets the work go on"
    assert "hated" not in ledger_text(places)
    assert "brother" not in ledger_text(places)


def test_the_hold_ends_with_the_last_objection(places: Places) -> None:
    consent = collected(places, "kin")
    first = object_to(consent.record_id, places=places, by=BROTHER).events[0]
    second = object_to(consent.record_id, places=places, by=new_person(relation="son")).events[0]

    with pytest.raises(NothingToSettleError, match="Name one"):
        settle(consent.record_id, places=places, by=JUDGE, outcome="released")
    for objection, state in ((first, "held"), (second, "given")):
        assert objection.event_id is not None
        settled = settle(
            consent.record_id,
            places=places,
            by=JUDGE,
            outcome="released",
            objection=objection.event_id[:8],
        )
        assert settled.state == state


def test_an_objection_that_was_right_ends_the_consent(places: Places) -> None:
    consent = collected(places, "kin")
    object_to(consent.record_id, places=places, by=BROTHER)

    done = settle(consent.record_id, places=places, by=JUDGE, outcome="upheld")

    assert done.state == "withdrawn"
    assert ledger_state(consent.record_id, Ledger.in_places(places)) == "withdrawn"


def test_a_second_hold_is_told_from_its_own_day_on(places: Places) -> None:
    consent = collected(places)
    at = [consent.given_at + timedelta(days=day) for day in range(1, 4)]
    hold(consent.record_id, places=places, by=JUDGE, now=at[0])
    release(consent.record_id, places=places, by=JUDGE, now=at[1])
    hold(consent.record_id, places=places, by=JUDGE, now=at[2])

    found = standing_at(kept(consent, places), Ledger.in_places(places), at[2])

    assert found.state == "held"
    assert f"{at[2]:%Y-%m-%d}" in found.why


def test_a_hold_outlasts_an_objection_that_came_after(places: Places) -> None:
    consent = collected(places, "kin")
    hold(consent.record_id, places=places, by=JUDGE)
    object_to(consent.record_id, places=places, by=BROTHER)

    with pytest.raises(NothingToSettleError, match="objections are settled"):
        release(consent.record_id, places=places, by=JUDGE)

    assert (
        settle(consent.record_id, places=places, by=JUDGE, outcome="released").state,
        release(consent.record_id, places=places, by=JUDGE).state,
    ) == ("held", "given")


def test_nothing_brings_a_withdrawn_consent_back(places: Places) -> None:
    consent = collected(places, "kin")
    withdraw(consent.record_id, places=places)

    assert object_to(consent.record_id, places=places, by=BROTHER).state == "withdrawn"
    assert (
        settle(consent.record_id, places=places, by=JUDGE, outcome="released").state == "withdrawn"
    )


def test_an_objector_says_who_he_is_to_the_person(places: Places) -> None:
    with pytest.raises(InputError, match="relation"):
        object_to(collected(places).record_id, places=places, by=new_person())


@pytest.mark.parametrize(
    "too_much",
    [{"words": "x" * 2001}, {"words": ""}, {"name": "x" * 201}, {"relation": "x" * 201}],
    ids=["long words", "no words", "long name", "long relation"],
)
def test_what_a_record_has_no_room_for_is_said_before_anything_is_written(
    places: Places, too_much: dict[str, str]
) -> None:
    consent = collected(places)
    before = ledger_text(places)
    by = new_person(**{"name": "Bob", "relation": "brother", **too_much})

    for act in (withdraw, object_to, hold):
        with pytest.raises(InputError, match="a record holds"):
            act(consent.record_id, places=places, by=by)

    assert ledger_text(places) == before
    assert kept(consent, places).events == consent.events


def test_nothing_happens_to_a_consent_that_nobody_knows(places: Places) -> None:
    with pytest.raises(InputError, match="Nobody here knows"):
        withdraw("f" * 32, places=places)
    with pytest.raises(InputError, match="Nobody here knows"):
        erase_record("f" * 32, places=places)


def test_what_runs_out_is_written_down_once(places: Places) -> None:
    consent = collect(full_consent(now=NOON), places=places, now=NOON)
    assert consent.expires is not None

    assert expire_due(places=places, now=consent.expires - timedelta(days=1)) == ()
    (done,) = expire_due(places=places, now=consent.expires)
    assert (done.record_id, done.state) == (consent.record_id, "expired")
    assert expire_due(places=places, now=consent.expires) == ()
    with pytest.raises(ConsentExpiredError):
        kept(consent, places).require("portrait-film", now=consent.expires)


def test_erasing_leaves_an_id_and_a_hash(places: Places, tmp_path: Path) -> None:
    consent = collected(places, "kin")
    paper_file = tmp_path / "certificate.pdf"
    paper_file.write_bytes(b"died in January")
    copy = keep_evidence(consent.record_id, paper_file, places=places)
    assert copy.stat().st_mode & 0o777 == 0o600

    erase_record(consent.record_id, places=places)

    left = kept_path(consent.record_id, places=places).read_text()
    assert consent.sha256 in left
    assert "Ada" not in left
    assert not copy.exists()
    with pytest.raises(ConsentErasedError):
        kept(consent, places)
    with pytest.raises(ConsentErasedError):
        withdraw(consent.record_id, places=places)
    assert ledger_state(consent.record_id, Ledger.in_places(places)) == "erased"


def test_a_clock_set_back_stops_no_withdrawal(places: Places) -> None:
    consent = collect(full_consent(now=NOON), places=places, now=NOON)

    withdraw(consent.record_id, places=places, now=NOON - timedelta(days=3))

    assert kept(consent, places).state_at(NOON) == "withdrawn"


KILLED = """
import os, signal, sys
from pathlib import Path
import vivant.provenance.consent_changes as changes
import vivant.provenance.consent_events as events
from vivant.places import Places
from vivant.provenance.consent_history import new_person
changes.write_consent = lambda *given: os.kill(os.getpid(), signal.SIGKILL)
places = Places(data=Path(sys.argv[1]), cache=Path(sys.argv[1]) / "cache")
person = new_person(relation="brother")
if sys.argv[3] == "withdraw":
    events.withdraw(sys.argv[2], places=places)
else:
    events.settle(sys.argv[2], places=places, by=person, outcome="released")
"""


def killed_at(places: Places, consent: Consent, act: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", KILLED, str(places.data), consent.record_id, act], check=False
    )
    assert done.returncode == -9


def test_a_kill_between_ledger_and_file_leaves_it_withdrawn(places: Places) -> None:
    consent = collected(places)

    killed_at(places, consent, "withdraw")

    assert kept(consent, places).events == consent.events, "the file was not reached"
    assert ledger_state(consent.record_id, Ledger.in_places(places)) == "withdrawn"
    assert Ledger.in_places(places).verify().ok
    assert withdraw(consent.record_id, places=places).state == "withdrawn"
    assert kept(consent, places).events[1].event_type == "consent_withdrawn"
    assert len(kept(consent, places).events) == 2, "once more writes nothing more"


def test_a_kill_in_a_release_leaves_the_file_held(places: Places) -> None:
    consent = collected(places, "kin")
    object_to(consent.record_id, places=places, by=BROTHER)

    killed_at(places, consent, "settle")

    told = kept(consent, places)
    with pytest.raises(ConsentWithdrawnError, match="held"):
        told.require("portrait-film", now=told.events[-1].event_time)
    caught_up = catch_up(told, Ledger.in_places(places))
    assert caught_up.events[-1].event_state == "given"
    assert caught_up.sha256 == consent.sha256


def test_two_writers_at_once_lose_nothing(places: Places) -> None:
    consent = collected(places, "kin")
    people = [new_person(relation="cousin") for _ in range(8)]

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda one: object_to(consent.record_id, places=places, by=one), people))

    told = kept(consent, places)
    assert {event.entity_id for event in told.events[1:]} == {one.entity_id for one in people}
    assert Ledger.in_places(places).verify().ok
    assert check_consent(told, Ledger.in_places(places), places=places).ok


def test_a_forged_file_is_never_sealed_by_us(places: Places, tmp_path: Path) -> None:
    consent = collected(places)
    wider = consent.model_copy(update={"purposes": ("portrait-film", "commerce")})
    forged = tmp_path / "forged.json"
    write_consent(wider, forged)
    before = forged.read_bytes()

    with pytest.raises(ConsentForgedError, match="by its id"):
        withdraw(consent.record_id, places=places, also=forged)
    write_consent(wider, kept_path(consent.record_id, places=places))
    done = withdraw(consent.record_id, places=places)

    assert forged.read_bytes() == before
    assert (done.state, done.files) == ("withdrawn", ())


def test_a_record_that_nobody_vouches_for_loses_its_seal(places: Places, tmp_path: Path) -> None:
    elsewhere = Places(data=tmp_path / "elsewhere", cache=tmp_path / "cache")
    stranger = tmp_path / "stranger.json"
    write_consent(collected(elsewhere), stranger)
    consent = read_consent(stranger)

    withdraw(consent.record_id, places=places, also=stranger)

    assert read_consent(stranger).seal is None
    assert read_consent(stranger).events[-1].event_state == "withdrawn"


def test_a_file_that_missed_something_is_completed(places: Places) -> None:
    consent = collected(places)
    Ledger.in_places(places).append("consent.withdrawn", {"record_id": consent.record_id})

    assert complete(consent.record_id, places=places)
    assert not complete(consent.record_id, places=places)

    assert kept(consent, places).events[-1].event_state == "withdrawn"
    assert check_consent(kept(consent, places), Ledger.in_places(places), places=places).ok


def test_the_state_at_any_moment_can_be_asked(places: Places) -> None:
    now = NOON
    consent = collect(full_consent("kin", now=now), places=places, now=now)
    day = timedelta(days=1)
    object_to(consent.record_id, places=places, by=BROTHER, now=now + day)
    settle(consent.record_id, places=places, by=JUDGE, outcome="released", now=now + 2 * day)
    withdraw(consent.record_id, places=places, now=now + 30 * day)
    told, ledger = kept(consent, places), Ledger.in_places(places)

    states = [standing_at(told, ledger, now + days * day) for days in (-1, 0, 1, 2, 29, 30, 999)]

    assert [one.state for one in states] == [
        "not-yet",
        "given",
        "held",
        "given",
        "given",
        "withdrawn",
        "withdrawn",
    ]
    assert [one.may_still_be_objected for one in states] == [True, True, True, True] + 3 * [False]
    assert [one.open_objections for one in states] == [0, 0, 1, 0, 0, 0, 0]
    lost = standing_at(consent, ledger, now + 31 * day)
    assert lost.state == "withdrawn", "the ledger knows what the copy does not"
    no_ledger = Ledger(folder=places.data / "none")
    assert consent.expires is not None
    assert standing_at(consent, no_ledger, consent.expires).state == "expired"


def test_a_broken_file_does_not_stop_a_withdrawal(places: Places) -> None:
    consent = collected(places)
    kept_path(consent.record_id, places=places).write_text("{")

    assert withdraw(consent.record_id, places=places).state == "withdrawn"
    assert erase_record(consent.record_id, places=places).state == "erased"


def test_a_withdrawal_is_heard_although_the_ledger_is_broken(places: Places) -> None:
    consent = collected(places)
    lines = Ledger.in_places(places).path
    whole = lines.read_text()
    lines.write_text(whole[: whole.rstrip().rfind("\n") + 1])

    with pytest.raises(LedgerError):
        withdraw(consent.record_id, places=places)
    lines.write_text(whole)

    told = kept(consent, places)
    assert told.events[-1].event_state == "withdrawn"
    ledger = Ledger.in_places(places)
    assert check_consent(told, ledger, places=places).standing == "known"
    assert standing_at(told, ledger, told.events[-1].event_time).state == "withdrawn"
    with pytest.raises(ConsentWithdrawnError):
        told.require("portrait-film", now=told.events[-1].event_time)


def test_one_file_that_cannot_be_written_keeps_no_other_from_telling(
    places: Places, tmp_path: Path
) -> None:
    consent = collected(places)
    own = kept_path(consent.record_id, places=places)
    stuck = own.with_name(f"{'x' * 245}.json")  # no name is left for a part beside it
    mine = tmp_path / "mine.json"
    for path in (stuck, mine):
        path.write_bytes(own.read_bytes())
    lines = Ledger.in_places(places).path
    whole = lines.read_text()
    lines.write_text(whole[: whole.rstrip().rfind("\n") + 1])

    with pytest.raises(LedgerError):
        withdraw(consent.record_id, places=places, also=mine)

    for path in (own, mine):
        assert read_consent(path).events[-1].event_state == "withdrawn"
    assert read_consent(stuck).events[-1].event_state == "given"
