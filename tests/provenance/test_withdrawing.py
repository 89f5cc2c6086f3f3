"""What follows for films when a consent was taken back, was held or has ended."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest

from paper_trail import BROTHER, JUDGE, NOON, a_record
from vivant.errors import InputError
from vivant.places import Places
from vivant.provenance.consent import Consent, attest
from vivant.provenance.consent_events import (
    NothingToSettleError,
    expire_due,
    hold,
    object_to,
    release,
    settle,
    withdraw,
)
from vivant.provenance.consent_history import Person
from vivant.provenance.film_states import state_of_film
from vivant.provenance.ledger import Ledger
from vivant.provenance.withdrawing import follow, withdraw_film

DAY = timedelta(days=1)


@pytest.fixture
def places(tmp_path: Path) -> Places:
    return Places(data=tmp_path / "data", cache=tmp_path / "cache")


def a_film(places: Places) -> tuple[str, str]:
    """Note a film under a consent that was given, whose record is not here; give both ids."""
    ledger = Ledger.in_places(places)
    consent = attest("self", now=NOON)
    record = a_record()
    ledger.note_consent(consent, now=NOON)
    facts = {"film_id": record.film_id, "consent_id": consent.record_id}
    ledger.append("film.made", facts, now=NOON)
    return consent.record_id, record.film_id


def test_a_withdrawal_is_written_once_and_takes_its_films_along(places: Places) -> None:
    consent_id, film_id = a_film(places)

    first = withdraw(consent_id, by=JUDGE, now=NOON + DAY, places=places)
    lines = len(list(Ledger.in_places(places).entries()))
    again = withdraw(consent_id, now=NOON + 2 * DAY, places=places)

    assert (first.state, again.state) == ("withdrawn", "withdrawn")
    assert (len(first.events), again.events) == (1, ())
    assert (first.followed.state, first.followed.already) == ("withdrawn", False)
    assert first.followed.films == first.followed.newly_withdrawn == (film_id,)
    assert (again.followed.state, again.followed.already) == ("withdrawn", True)
    assert again.followed.newly_withdrawn == ()
    assert again.followed.since == NOON + DAY
    assert len(list(Ledger.in_places(places).entries())) == lines
    assert state_of_film(Ledger.in_places(places), film_id, at=NOON + DAY).state == "withdrawn"
    assert state_of_film(Ledger.in_places(places), film_id, at=NOON).state == "free"


def test_a_withdrawal_that_was_cut_short_is_finished_by_the_next_one(places: Places) -> None:
    consent_id, film_id = a_film(places)
    Ledger.in_places(places).append("consent.withdrawn", {"record_id": consent_id}, now=NOON)

    again = withdraw(consent_id, now=NOON + DAY, places=places)

    assert again.followed.already
    assert again.followed.newly_withdrawn == (film_id,)


def test_what_follows_can_be_done_again_whoever_wrote_it_down(places: Places) -> None:
    consent_id, film_id = a_film(places)
    before = follow(consent_id, now=NOON, places=places)
    Ledger.in_places(places).append("consent.withdrawn", {"record_id": consent_id}, now=NOON)

    found = [follow(consent_id, now=NOON, places=places) for _ in range(2)]

    assert (before.state, before.stops, before.newly_withdrawn) == ("given", False, ())
    assert [one.newly_withdrawn for one in found] == [(film_id,), ()]
    assert [one.stops for one in found] == [True, True]


def test_an_objection_holds_a_film_until_it_is_settled_and_a_hold_until_it_is_released(
    places: Places,
) -> None:
    consent_id, film_id = a_film(places)
    ledger = Ledger.in_places(places)
    states = []
    for happens in (
        partial(object_to, by=BROTHER),
        partial(settle, by=JUDGE, outcome="released"),
        partial(hold, by=JUDGE),
        partial(release, by=JUDGE),
    ):
        happens(consent_id, now=NOON + DAY, places=places)
        states.append(state_of_film(ledger, film_id, at=NOON + DAY).state)

    assert states == ["held", "free", "held", "free"]


def test_nothing_brings_a_withdrawn_consent_back(places: Places) -> None:
    consent_id, film_id = a_film(places)
    withdraw(consent_id, now=NOON, places=places)

    for happens in (hold, object_to):
        assert happens(consent_id, by=BROTHER, now=NOON + DAY, places=places).state == "withdrawn"
    with pytest.raises(NothingToSettleError):
        release(consent_id, by=JUDGE, now=NOON + DAY, places=places)
    ledger = Ledger.in_places(places)
    assert ledger.state_of(consent_id, at=NOON + DAY).state == "withdrawn"
    assert state_of_film(ledger, film_id, at=NOON + DAY).state == "withdrawn"


def test_a_consent_that_ends_is_written_down_once(places: Places) -> None:
    consent_id, film_id = a_film(places)
    after = NOON + timedelta(days=366)

    before = expire_due(now=NOON + DAY, places=places)
    (found,) = expire_due(now=after, places=places)

    assert before == ()
    assert (found.record_id, found.state) == (consent_id, "expired")
    assert (found.followed.state, found.followed.films) == ("expired", (film_id,))
    assert expire_due(now=after + DAY, places=places) == ()
    assert found.followed.newly_withdrawn == ()  # nobody took it back
    assert state_of_film(Ledger.in_places(places), film_id, at=after).state == "expired"


def test_of_several_consents_the_worst_state_is_the_films(places: Places) -> None:
    ledger = Ledger.in_places(places)
    ids, film_id = [f"{number:032x}" for number in range(3)], a_record().film_id
    for one in ids:
        ledger.append("consent.given", {"record_id": one}, now=NOON)
    ledger.append("film.made", {"film_id": film_id, "consent_ids": ids}, now=NOON)
    found = []
    for event, one in zip(
        ("consent.expired", "consent.hold", "consent.withdrawn"), ids, strict=True
    ):
        ledger.append(event, {"record_id": one}, now=NOON)  # type: ignore[arg-type]
        found.append(state_of_film(ledger, film_id, at=NOON).state)

    assert found == ["expired", "held", "withdrawn"]


def test_a_clock_set_back_revives_no_consent(places: Places) -> None:
    consent_id, film_id = a_film(places)
    ledger = Ledger.in_places(places)
    ledger.append("consent.checked", {"record_id": "f" * 32}, now=NOON + timedelta(days=400))

    assert ledger.state_of(consent_id).state == "expired"
    assert state_of_film(ledger, film_id).state == "expired"
    assert ledger.clock_is_back(NOON)


def test_a_film_can_be_withdrawn_and_its_consent_stays(places: Places) -> None:
    consent_id, film_id = a_film(places)

    fresh = withdraw_film(film_id, now=NOON, places=places)
    again = withdraw_film(film_id, now=NOON, places=places)

    ledger = Ledger.in_places(places)
    assert (fresh, again) == (True, False)
    assert state_of_film(ledger, film_id).state == "withdrawn"
    assert ledger.state_of(consent_id, at=NOON).state == "given"


@pytest.mark.parametrize("name", ["Ada Lovelace", "", "x" * 65, "Zoë"])
def test_names_do_not_enter_the_ledger(places: Places, name: str) -> None:
    with pytest.raises(InputError, match="id"):
        withdraw("a" * 32, by=Person(entity_id=name), places=places, even_unknown=True)
    with pytest.raises(InputError, match="id"):
        withdraw_film(a_record().film_id, by=name, places=places)
    assert not Ledger.in_places(places).path.exists()


def test_an_id_that_is_none_is_refused(places: Places) -> None:
    with pytest.raises(InputError, match="32 hex digits"):
        withdraw("not-an-id", places=places, even_unknown=True)
    with pytest.raises(InputError, match="32 hex digits"):
        follow("not-an-id", places=places)


def test_a_given_consent_remembers_when_it_ends(places: Places) -> None:
    consent: Consent = attest("self", now=NOON)
    entry = Ledger.in_places(places).note_consent(consent, now=NOON)

    assert entry.facts["expires"] == "2027-11-21T12:00:00Z"
