"""How all tests run: examples of property tests by profile, a home of their own for every test."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from homes import living_in, made_home

pytest_plugins = ["vivant.testing.golden"]
_HURRY = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow], print_blob=True)
settings.register_profile("dev", _HURRY, max_examples=25)
settings.register_profile("ci", _HURRY, max_examples=100, derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") else "dev")


def pytest_configure() -> None:
    """Let processes that tests start hear Ctrl-C: shells keep it from what runs in the background."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="session")
def common(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder for what is the same for all tests of a run, in whichever process they run."""
    base = tmp_path_factory.getbasetemp()
    return (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "common"


@pytest.fixture
def own_home(tmp_path: Path, common: Path) -> Iterator[Path]:
    """Keys, consents and rigs of the test go into its own folder."""
    with living_in(made_home(tmp_path, common=common)) as home:
        yield home
