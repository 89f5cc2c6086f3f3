"""One noise for all tests of air: it takes seconds to make."""

from __future__ import annotations

import pytest

from vivant.places import Places
from vivant.render.air.noise import cloud_noise


@pytest.fixture(scope="session")
def air_places(tmp_path_factory: pytest.TempPathFactory) -> Places:
    folder = tmp_path_factory.mktemp("air")
    places = Places(data=folder / "data", cache=folder / "cache")
    cloud_noise(places)
    return places


@pytest.fixture(scope="session", autouse=True)
def _everybody_is_baked() -> None:
    """Nobody is needed here."""
