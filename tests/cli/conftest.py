"""What journeys share: a home for storyboards, and the terminal."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from homes import living_in, made_home
from terminal import Answer, Told, answering, telling


@pytest.fixture(scope="session")
def house(tmp_path_factory: pytest.TempPathFactory, common: Path) -> Path:
    """The home of all storyboards, since rigs, plates and shots are worth keeping."""
    return made_home(tmp_path_factory.mktemp("house"), common=common)


@pytest.fixture(scope="module")
def home(house: Path) -> Iterator[Path]:
    with living_in(house) as folder:
        yield folder


@pytest.fixture
def told(capsys: pytest.CaptureFixture[str]) -> Told:
    return telling(capsys)


@pytest.fixture
def answer(capsys: pytest.CaptureFixture[str]) -> Answer:
    return answering(capsys)
