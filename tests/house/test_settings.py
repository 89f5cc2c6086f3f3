"""The environment is read in one place, and what it says is checked."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vivant.errors import InputError
from vivant.places import Places
from vivant.settings import MOST_THREADS, SETTINGS, settings_from


def test_without_variables_the_users_own_folders_are_used() -> None:
    settings = settings_from({})

    assert settings.places == Places()
    assert not settings.offline
    assert not settings.debug
    assert 1 <= settings.threads <= 8


def test_folders_come_from_the_environment(tmp_path: Path) -> None:
    settings = settings_from(
        {"VIVANT_DATA": str(tmp_path / "d"), "VIVANT_CACHE": str(tmp_path / "c")}
    )

    assert settings.places == Places(data=tmp_path / "d", cache=tmp_path / "c")


@pytest.mark.parametrize(
    ("text", "offline"), [("1", True), ("yes", True), ("0", False), ("", False), ("FALSE", False)]
)
def test_a_switch_is_on_or_off(text: str, offline: bool) -> None:
    assert settings_from({"VIVANT_OFFLINE": text}).offline is offline


def test_a_switch_that_is_neither_is_an_error() -> None:
    with pytest.raises(InputError, match="VIVANT_OFFLINE is 'maybe'"):
        settings_from({"VIVANT_OFFLINE": "maybe"})


@given(st.text(max_size=6))
def test_threads_are_a_small_whole_number_or_an_error(text: str) -> None:
    try:
        threads = settings_from({"VIVANT_THREADS": text}).threads
    except InputError:
        assert text.strip() not in {str(number) for number in range(1, MOST_THREADS + 1)}
    else:
        assert 1 <= threads <= MOST_THREADS


def test_every_variable_that_is_read_is_told() -> None:
    source = Path(__file__).parents[2].joinpath("src/vivant/settings.py").read_text()

    assert all(f'"{name}"' in source.split("class Settings", maxsplit=1)[1] for name in SETTINGS)
