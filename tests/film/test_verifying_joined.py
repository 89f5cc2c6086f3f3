"""A film put together out of several of ours is not free because its first minute is."""

from __future__ import annotations

import shutil
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest

from signed_films import record_of, shoot
from vivant.cli.checking import lines_of
from vivant.cli.withdrawing import recognised
from vivant.film.registering import register_file
from vivant.film.verifying import Verification
from vivant.film.verifying_any import verify_file
from vivant.places import Places
from vivant.provenance.manifest import sign_film
from vivant.provenance.register.register import Register
from vivant.provenance.safekeeping import utc_now
from wild import pictures_of, written

FIRST, SECOND = record_of().film_id, record_of(seed=1).film_id


@pytest.fixture(scope="module")
def places(tmp_path_factory: pytest.TempPathFactory) -> Places:
    home = tmp_path_factory.mktemp("home")
    return Places(data=home / "data", cache=home / "cache")


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory, places: Places) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("two")
    made = {}
    for seed in (0, 1):
        record = record_of(seed=seed)
        shoot(folder / "unsigned.mp4", record=record, frames=80)
        made[record.film_id] = folder / f"{record.film_id}.mp4"
        sign_film(folder / "unsigned.mp4", made[record.film_id], record=record, places=places)
        register_file(made[record.film_id], places=places, now=utc_now() + timedelta(seconds=seed))
    return made


def _joined(two: dict[str, Path], order: tuple[str, ...], to: Path) -> Path:
    return written([one for film_id in order for one in pictures_of(two[film_id])], to)


def _with_withdrawn(film_id: str, places: Places, folder: Path) -> Places:
    here = Places(data=folder / "data", cache=places.cache)
    shutil.copytree(places.data, here.data)
    Register.in_places(here).set_state(film_id, "withdrawn")
    return here


def test_each_film_in_it_is_named(two: dict[str, Path], places: Places, tmp_path: Path) -> None:
    found = verify_file(_joined(two, (FIRST, SECOND), tmp_path / "joined.mp4"), places=places)

    assert isinstance(found, Verification)
    assert found.finding == "ours-stripped"
    assert {found.film_id, *found.also} == {FIRST, SECOND}
    assert found.to_json()["also"] == list(found.also)
    assert any(line.startswith("also in it") for line in lines_of(found))


@pytest.mark.parametrize("order", [(FIRST, SECOND), (SECOND, FIRST)])
@pytest.mark.parametrize("withdrawn", [FIRST, SECOND])
def test_one_withdrawn_film_in_it_stops_all_of_it(
    order: tuple[str, str],
    withdrawn: str,
    two: dict[str, Path],
    places: Places,
    tmp_path: Path,
) -> None:
    here = _with_withdrawn(withdrawn, places, tmp_path)
    joined = _joined(two, order, tmp_path / "joined.mp4")

    found = verify_file(joined, places=here)

    assert found.finding == "ours-withdrawn"
    assert found.withdrawn is not None
    assert found.origin is not None
    assert found.origin.made_id == withdrawn
    assert recognised(joined, found, places=here).made_id == withdrawn


def test_a_film_hidden_between_the_ends_of_another_is_found(
    two: dict[str, Path], places: Places, tmp_path: Path
) -> None:
    stills = {film_id: pictures_of(path)[10] for film_id, path in two.items()}
    stills[SECOND] = stills[SECOND][:, ::-1]  # another scene, which begins with a key frame
    pictures = [stills[one] for one in (FIRST, SECOND, FIRST) for _ in range(160)]

    found = verify_file(written(pictures, tmp_path / "joined.mp4"), places=places)

    assert isinstance(found, Verification)
    assert (found.film_id, found.also) == (FIRST, (SECOND,))


def test_a_film_as_it_was_made_holds_no_other(two: dict[str, Path], places: Places) -> None:
    found = verify_file(two[FIRST], places=places)

    assert isinstance(found, Verification)
    assert (found.finding, found.also) == ("ok", ())


def test_a_strangers_film_after_ours_adds_nothing(
    two: dict[str, Path], places: Places, tmp_path: Path
) -> None:
    noise = np.random.default_rng(3).integers(0, 255, (320, 320, 3), np.uint8)
    strange = [noise] * 80
    path = written([*pictures_of(two[FIRST]), *strange], tmp_path / "film.mp4")

    found = verify_file(path, places=places)

    assert isinstance(found, Verification)
    assert (found.finding, found.film_id, found.also) == ("ours-stripped", FIRST, ())
