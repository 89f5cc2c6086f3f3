"""What was made here is found again from the command line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from signed_films import record_of, shoot, signed_film
from vivant.cli.register import app
from vivant.errors import InputError
from vivant.film.registering import NotOursError
from vivant.settings import settings_from


def told(*words: str) -> str:
    answer = CliRunner().invoke(app, list(words), catch_exceptions=False)
    assert answer.exit_code == 0, answer.output
    return answer.stdout


def test_a_film_signed_here_is_added_once_and_found(own_home: Path) -> None:
    film = signed_film(own_home, settings_from().places)
    made_id = record_of().film_id

    assert json.loads(told("count", "--json")) == {"count": 0}
    assert made_id in told("add", str(film))
    assert made_id in told("add", str(film))
    assert "1 films" in told("count")
    found = json.loads(told("find", str(film), "--json"))["matches"]
    assert [(one["entry"]["made_id"], one["by"]) for one in found] == [(made_id, "file")]
    assert made_id in told("find", made_id)
    assert "consent" in told("show", made_id)


def test_a_film_without_credentials_of_ours_is_not_added(own_home: Path) -> None:
    shoot(own_home / "bare.mp4", record=record_of(), frames=30)

    with pytest.raises(NotOursError, match="credentials"):
        told("add", str(own_home / "bare.mp4"))
    assert json.loads(told("count", "--json")) == {"count": 0}


@pytest.mark.parametrize("words", [("find", "nowhere.mp4"), ("show", "abc"), ("add", "no.mp4")])
@pytest.mark.usefixtures("own_home")
def test_what_is_not_there_is_told(words: tuple[str, str]) -> None:
    with pytest.raises(InputError, match="here"):
        told(*words)


def test_every_command_has_help() -> None:
    assert {command.name for command in app.registered_commands} == {"find", "show", "count", "add"}
    assert typer.main.get_command(app).help
