"""No film is kept that the register could not find again."""

from __future__ import annotations

from pathlib import Path

import pytest

from signed_films import record_of, signed_film
from vivant.errors import ResourceError
from vivant.film.registering import register_file, register_film
from vivant.media.files import sha256_of, unfinished
from vivant.places import Places
from vivant.provenance.register.entry import Fingerprints
from vivant.provenance.register.register import Register
from vivant.provenance.safekeeping import utc_now


@pytest.fixture
def places(tmp_path: Path) -> Places:
    return Places(data=tmp_path / "data", cache=tmp_path / "cache")


def noted(path: Path, places: Places) -> None:
    register_film(
        path,
        record=record_of(),
        fingerprints=Fingerprints.nothing(),
        seconds=2.4,
        consent_ids=("0" * 32,),
        places=places,
    )


def test_a_film_is_known_by_its_file_and_by_its_id(tmp_path: Path, places: Places) -> None:
    film = signed_film(tmp_path, places)
    noted(film, places)

    entry = Register.in_places(places).by_file(sha256_of(film))
    assert entry is not None
    assert entry.made_id == record_of().film_id
    assert Register.in_places(places).by_id(record_of().film_id) == entry


def test_a_film_that_is_added_later_is_looked_at_as_one_that_is_made(
    tmp_path: Path, places: Places
) -> None:
    register_file(signed_film(tmp_path, places), places=places, now=utc_now())

    (kept,) = Register.in_places(places).facts.after(0)
    assert len(kept.prints.pictures)
    assert len(kept.prints.inners)


def test_where_the_register_cannot_be_written_no_film_stays(tmp_path: Path, places: Places) -> None:
    film = signed_film(tmp_path, places)
    (places.data / "register" / "register.sqlite3").mkdir(parents=True)
    out = tmp_path / "out"
    out.mkdir()

    def make() -> None:
        with unfinished(out / "film.mp4") as hidden:
            hidden.write_bytes(film.read_bytes())
            noted(hidden, places)

    with pytest.raises(ResourceError):
        make()

    assert list(out.iterdir()) == []
