"""How all tests run: examples of property tests by profile, a home of their own for every test."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from vivant.places import Places

pytest_plugins = ["vivant.testing.golden"]
_HURRY = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow], print_blob=True)
settings.register_profile("dev", _HURRY, max_examples=25)
settings.register_profile("ci", _HURRY, max_examples=100, derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") else "dev")


@pytest.fixture
def own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Keys, consents and rigs of the test go into its own folder; fetched models stay shared."""
    models = Places().cache / "models"
    cache = tmp_path / "cache"
    cache.mkdir()
    if models.is_dir():
        (cache / "models").symlink_to(models, target_is_directory=True)
    monkeypatch.setenv("VIVANT_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("VIVANT_CACHE", str(cache))
    return tmp_path
