"""Films are handed over while everybody in them agrees, and no longer."""

from __future__ import annotations

import re
import sys
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from paper_trail import BROTHER, JUDGE
from signed_films import CONSENT_ID, record_of, signed_film
from vivant.errors import InputError, PapersError
from vivant.film.delivering import DeliveryStoppedError, deliver, may_be_delivered
from vivant.places import Places
from vivant.provenance.consent import ConsentWithdrawnError
from vivant.provenance.consent_events import object_to, settle, withdraw
from vivant.provenance.ledger import Ledger
from vivant.provenance.withdrawing import withdraw_film

PAGE = Path(__file__).parents[2] / "docs/how-to/withdraw-a-film.md"
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
    for happens in (
        partial(object_to, by=BROTHER),
        partial(settle, by=JUDGE, outcome="released"),
        withdraw,
    ):
        happens(CONSENT_ID, now=NOW, places=places)
        found.append(may_be_delivered(record_of().film_id, now=NOW, places=places).state)

    assert found == ["held", "free", "withdrawn"]
    with pytest.raises(DeliveryStoppedError, match="not handed over"):
        deliver(film, to, now=NOW, places=places)
    assert not to.exists()


@pytest.mark.skipif(sys.platform == "win32", reason="folders are named by POSIX variables")
def test_what_the_docs_show_of_a_withdrawal_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME"):
        monkeypatch.setenv(name, str(tmp_path / name.lower()))
    places, film_id = Places(), record_of().film_id
    assert places.data.is_relative_to(tmp_path)
    film = signed_film(tmp_path, places, frames=25)
    Ledger.in_places(places).note_film(record_of(), now=NOW)
    (program,) = re.findall(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    shown: dict[str, Any] = {}

    exec(program, shown)  # noqa: S102 - it is our own page
    token = shown["send"](film_id, film, tmp_path / "to.mp4")
    found = [
        shown["follow"](token),
        shown["taken_back"](CONSENT_ID, film_id),
        shown["follow"](token),
    ]

    assert found == [film_id, True, None]


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
