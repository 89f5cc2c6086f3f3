"""``vivant keys`` and ``vivant verify`` on the command line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from foreign_films import Maker
from key_makers import pem
from paper_trail import a_film
from vivant.cli.checking import check
from vivant.cli.keys import app as keys
from vivant.errors import PapersError
from vivant.places import Places
from vivant.provenance.safekeeping import utc_now
from vivant.provenance.signing import KeyBrokenError, signing_key
from vivant.settings import settings_from


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Places:
    monkeypatch.setenv("VIVANT_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("VIVANT_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("VIVANT_OFFLINE", "1")
    return Places(data=tmp_path / "data", cache=tmp_path / "cache")


def run(*words: str) -> str:
    done = CliRunner().invoke(keys, list(words), catch_exceptions=False)
    assert done.exit_code == 0
    return done.stdout


def test_showing_keys_makes_none(home: Places) -> None:
    told = json.loads(run("show", "--json"))

    assert told["signs"] is None
    assert not (home.data / "keys" / "own").exists()
    assert "made with the first film" in run("show")


def test_a_key_is_changed_shown_and_exported(home: Places, tmp_path: Path) -> None:
    first = signing_key(home, now=utc_now())

    assert "key " in run("change")
    told = json.loads(run("show", "--json"))
    run("export", "-o", str(tmp_path / "root.pem"))

    assert told["signs"]["kind"] == "own"
    assert told["signs"]["key"] != first.name
    assert told["former"] == 1
    assert (tmp_path / "root.pem").read_bytes().count(b"BEGIN CERTIFICATE") == 2
    assert b"PRIVATE" not in (tmp_path / "root.pem").read_bytes()
    run("change", "--lost")
    assert json.loads(run("show", "--json"))["former"] == 1


@pytest.mark.usefixtures("home")
def test_another_maker_is_trusted_by_its_certificate(tmp_path: Path) -> None:
    root = tmp_path / "other.pem"
    root.write_bytes(pem(Maker().root[0]))

    assert "trusted: Other Studio Root" in run("trust", str(root))
    assert json.loads(run("show", "--json"))["trusted"] == 1


def test_a_private_key_is_not_taken_for_a_certificate(home: Places) -> None:
    signing_key(home, now=utc_now())
    with pytest.raises(KeyBrokenError, match="private key"):
        CliRunner().invoke(
            keys, ["trust", str(home.data / "keys" / "own" / "key.pem")], catch_exceptions=False
        )


@pytest.mark.usefixtures("home")
def test_verifying_tells_the_finding_first_and_leaves_with_its_code(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    film = a_film(tmp_path / "f.mp4")

    code = check(film, as_json=False, settings=settings_from())
    told = capsys.readouterr().out.splitlines()
    check(film, as_json=True, settings=settings_from())
    machine = json.loads(capsys.readouterr().out)

    assert code == PapersError.exit_code
    assert told[0] == "not-ours: a film without an id of ours"
    assert told[2].startswith("missing  label:")
    assert (machine["verdict"], machine["finding"]) == ("failed", "not-ours")
    assert machine["watermark"]["film_id"] is None
