"""Films are handed over while everybody in them agrees, and no longer."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from signed_films import CONSENT_ID, record_of, signed_film
from vivant.errors import InputError, PapersError
from vivant.film.delivering import DeliveryStoppedError, deliver, may_be_delivered
from vivant.places import Places
from vivant.provenance.consent import ConsentWithdrawnError
from vivant.provenance.ledger import Ledger
from vivant.provenance.withdrawing import object_to, release, withdraw, withdraw_film

NOW = datetime.now(UTC).replace(microsecond=0)


@pytest.fixture
def places(tmp_path: Path) -> Places:
    return Places(data=tmp_path / "data", cache=tmp_path / "cache")


@pytest.fixture
def film(tmp_path: Path, places: Places) -> Path:
    """A small film of ours that the ledger knows."""
    made = signed_film(tmp_path, places, frames=25)
    Ledger.in_places(places).note_film(record_of(), now=NOW)
    return made


def test_a_film_is_handed_over_and_the_ledger_says_so(
    film: Path, places: Places, tmp_path: Path
) -> None:
    done = deliver(film, tmp_path / "for-the-family.mp4", now=NOW, places=places)

    assert done.path.read_bytes() == film.read_bytes()
    *_, line = Ledger.in_places(places).entries()
    assert (line.event, line.facts["film_id"]) == ("film.delivered", record_of().film_id)
    assert line.facts["file_sha256"] == done.sha256
    assert "family" not in str(line.facts)


def test_nothing_is_handed_over_once_somebody_takes_the_consent_back(
    film: Path, places: Places, tmp_path: Path
) -> None:
    to = tmp_path / "to.mp4"
    found = []
    for happens in (object_to, release, withdraw):
        happens(CONSENT_ID, now=NOW, places=places)
        found.append(may_be_delivered(record_of().film_id, now=NOW, places=places).state)

    assert found == ["held", "free", "withdrawn"]
    with pytest.raises(DeliveryStoppedError, match="not handed over"):
        deliver(film, to, now=NOW, places=places)
    assert not to.exists()


def test_a_film_that_was_withdrawn_itself_is_not_handed_over(
    film: Path, places: Places, tmp_path: Path
) -> None:
    withdraw_film(record_of().film_id, now=NOW, places=places)

    with pytest.raises(DeliveryStoppedError, match="withdrawn"):
        deliver(film, tmp_path / "to.mp4", now=NOW, places=places)


def test_a_withdrawal_while_it_is_copied_leaves_nothing(
    film: Path, places: Places, tmp_path: Path
) -> None:
    to = tmp_path / "to.mp4"

    def take_back(what: str, done: int, total: int, /) -> None:
        assert what == "delivering"
        if done < total:
            withdraw(CONSENT_ID, now=NOW, places=places)

    with pytest.raises((DeliveryStoppedError, ConsentWithdrawnError)):
        deliver(film, to, now=NOW, places=places, watch=take_back)

    assert not to.exists()
    assert "film.delivered" not in [e.event for e in Ledger.in_places(places).entries()]


def test_what_is_not_ours_is_not_handed_over(places: Places, tmp_path: Path) -> None:
    stranger = tmp_path / "stranger.mp4"
    stranger.write_bytes(b"no film")

    with pytest.raises(PapersError, match="none of ours"):
        deliver(stranger, tmp_path / "to.mp4", places=places)
    with pytest.raises(InputError, match="not found"):
        deliver(tmp_path / "nothing.mp4", tmp_path / "to.mp4", places=places)


def test_a_film_that_this_ledger_does_not_know_stays(places: Places, tmp_path: Path) -> None:
    made = signed_film(tmp_path, places, frames=25)

    with pytest.raises(DeliveryStoppedError, match="does not know"):
        deliver(made, tmp_path / "to.mp4", places=places)
