from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from full_consents import collected
from vivant.places import Places
from vivant.provenance.consent import read_consent
from vivant.provenance.consent_events import (
    NothingToSettleError,
    hold,
    object_to,
    release,
    settle,
    withdraw,
)
from vivant.provenance.consent_history import new_person
from vivant.provenance.consent_keeping import kept_path
from vivant.provenance.ledger import Ledger

BROTHER = new_person(relation="brother")
JUDGE = new_person(relation="mediator")
ACTS: dict[str, Callable[[str, Places], object]] = {
    "withdraw": lambda one, places: withdraw(one, places=places),
    "object": lambda one, places: object_to(one, places=places, by=BROTHER),
    "hold": lambda one, places: hold(one, places=places, by=JUDGE),
    "release": lambda one, places: release(one, places=places, by=JUDGE),
    "settle": lambda one, places: settle(one, places=places, by=JUDGE, outcome="released"),
    "uphold": lambda one, places: settle(one, places=places, by=JUDGE, outcome="upheld"),
}


@settings(max_examples=25)
@given(acts=st.lists(st.sampled_from(sorted(ACTS)), max_size=6))
def test_file_and_ledger_agree_whatever_happens(
    tmp_path_factory: pytest.TempPathFactory, acts: list[str]
) -> None:
    folder = tmp_path_factory.mktemp("acts")
    places = Places(data=folder / "data", cache=folder / "cache")
    consent = collected(places, "kin")
    ended = False
    for act in acts:
        try:
            ACTS[act](consent.record_id, places)
        except NothingToSettleError:
            continue
        state = read_consent(kept_path(consent.record_id, places=places)).events[-1].event_state
        assert Ledger.in_places(places).state_of(consent.record_id).state == state
        assert not ended or state == "withdrawn", "nothing brings it back"
        ended = state == "withdrawn"
