from __future__ import annotations

from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from paper_trail import BROTHER, JUDGE, NOON, a_record
from vivant.errors import InputError
from vivant.places import Places
from vivant.provenance.consent_events import object_to, settle, withdraw
from vivant.provenance.ledger import Ledger
from vivant.provenance.links import LinkDeadError, make_link, read_link, revoke_link
from vivant.provenance.withdrawing import withdraw_film

DAY = timedelta(days=1)
CONSENT_ID = "1" * 32
FILM_ID = a_record().film_id


@pytest.fixture
def places(tmp_path: Path) -> Places:
    return at_home(tmp_path)


def at_home(folder: Path) -> Places:
    places = Places(data=folder / "data", cache=folder / "cache")
    facts = {"film_id": FILM_ID, "consent_id": CONSENT_ID}
    Ledger.in_places(places).append("film.made", facts, now=NOON)
    return places


def why_dead(token: str, places: Places, *, days: float = 1) -> str | None:
    """Tell why a link is dead; nothing when it lives."""
    try:
        found = read_link(token, now=NOON + days * DAY, places=places)
    except LinkDeadError as error:
        return error.why
    assert found == FILM_ID
    return None


def test_a_link_leads_to_its_film_until_its_end(places: Places) -> None:
    token = make_link(FILM_ID, expires=NOON + 3 * DAY, now=NOON, places=places)

    assert why_dead(token, places) is None
    assert why_dead(token, places, days=2.999) is None
    assert why_dead(token, places, days=3) == "expired"


def test_a_link_dies_with_the_consent_and_rests_while_it_is_held(places: Places) -> None:
    token = make_link(FILM_ID, now=NOON, places=places)

    found = [why_dead(token, places)]
    for happens in (
        partial(object_to, by=BROTHER),
        partial(settle, by=JUDGE, outcome="released"),
        withdraw,
    ):
        happens(CONSENT_ID, now=NOON + DAY, places=places)
        found.append(why_dead(token, places))

    assert found == [None, "held", None, "withdrawn"]


def test_a_link_dies_with_its_film(places: Places) -> None:
    token = make_link(FILM_ID, now=NOON, places=places)
    withdraw_film(FILM_ID, now=NOON, places=places)

    assert why_dead(token, places) == "withdrawn"
    with pytest.raises(LinkDeadError, match="withdrawn"):
        make_link(FILM_ID, now=NOON, places=places)


def test_a_link_can_be_taken_back_and_the_others_live(places: Places) -> None:
    one, other = (make_link(FILM_ID, now=NOON, places=places) for _ in range(2))

    assert revoke_link(one, now=NOON, places=places)
    assert not revoke_link(one, now=NOON, places=places)
    assert (why_dead(one, places), why_dead(other, places)) == ("revoked", None)


def test_a_clock_set_back_revives_no_link(places: Places) -> None:
    token = make_link(FILM_ID, expires=NOON + 3 * DAY, now=NOON, places=places)
    Ledger.in_places(places).append("consent.checked", {}, now=NOON + 4 * DAY)

    assert why_dead(token, places) == "expired"


def test_another_machine_knows_nothing_of_a_link(places: Places, tmp_path: Path) -> None:
    token = make_link(FILM_ID, now=NOON, places=places)

    assert why_dead(token, at_home(tmp_path / "other")) == "broken"


@given(place=st.integers(0, 200), sign=st.characters())
def test_a_changed_token_is_dead(
    tmp_path_factory: pytest.TempPathFactory, place: int, sign: str
) -> None:
    places = at_home(tmp_path_factory.mktemp("links"))
    token = make_link(FILM_ID, now=NOON, places=places)
    place %= len(token)
    changed = token[:place] + sign + token[place + 1 :]

    assert why_dead(changed, places) == (None if changed == token else "broken")


@pytest.mark.parametrize("token", ["", "x", "=", "A" * 199, "A" * 1_000_000, "ü", "\0"])
def test_what_is_no_token_is_dead(places: Places, token: str) -> None:
    assert why_dead(token, places) == "broken"


def test_a_film_that_is_not_ours_gets_no_link(places: Places) -> None:
    stranger = a_record(seed=5).film_id

    with pytest.raises(LinkDeadError, match="not known"):
        make_link(stranger, now=NOON, places=places)
    with pytest.raises(InputError):
        make_link("0" * 16, now=NOON, places=places)
