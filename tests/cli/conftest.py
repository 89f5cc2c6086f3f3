"""What journeys share: a home for the films of a file, and the terminal."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from homes import home_in
from terminal import Answer, Told, answering, telling


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory, common: Path) -> Iterator[Path]:
    """One home for all films of a file, since plates and rigs are worth keeping."""
    with home_in(tmp_path_factory.mktemp("home"), common=common) as folder:
        yield folder


@pytest.fixture
def told(capsys: pytest.CaptureFixture[str]) -> Told:
    return telling(capsys)


@pytest.fixture
def answer(capsys: pytest.CaptureFixture[str]) -> Answer:
    return answering(capsys)
