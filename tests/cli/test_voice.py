"""Voices are learned, listed, shown and forgotten on the command line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import soundfile

from vivant.cli.running import run
from vivant.places import Places
from vivant.provenance.consent import attest, write_consent
from vivant.provenance.ledger import Ledger
from voice_people import a_person, chords, voice_consent


@pytest.fixture
def recording(tmp_path: Path) -> str:
    person = a_person(lower=1.2)
    soundfile.write(tmp_path / "letter.wav", person.samples, person.sample_rate_hz)
    return str(tmp_path / "letter.wav")


@pytest.fixture
def consent(own_home: Path, tmp_path: Path) -> str:
    record = voice_consent()
    write_consent(record, tmp_path / "consent.json")
    Ledger.in_places(Places(data=own_home / "data")).note_consent(record)
    return str(tmp_path / "consent.json")


def test_without_a_record_no_voice_is_learned(
    own_home: Path, recording: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_consent(attest("self"), tmp_path / "said.json")

    assert run(["voice", "learn", recording, "--as", "anna"]) == 3
    assert "voice-likeness" in capsys.readouterr().err
    assert (
        run(["voice", "learn", recording, "--as", "anna", "--consent", str(tmp_path / "said.json")])
        == 3
    )
    assert "mere statement" in capsys.readouterr().err
    assert not list((own_home / "data").glob("voices/*"))


@pytest.mark.parametrize("name", ["a/b", "hibari", "a:b", ""])
@pytest.mark.usefixtures("own_home")
def test_a_wrong_name_is_told_before_any_work(
    recording: str, consent: str, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["voice", "learn", recording, "--as", name, "--consent", consent]) == 2
    assert "called so" in capsys.readouterr().err or name == "hibari"


@pytest.mark.usefixtures("own_home")
def test_no_voice_of_that_name_is_told_with_those_there_are(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert run(["voice", "list"]) == 0
    assert "No voice was learned yet" in capsys.readouterr().out
    for command in ("show", "forget"):
        assert run(["voice", command, "anna"]) == 2
        assert "Learned are: none" in capsys.readouterr().err


@pytest.mark.models
def test_music_is_refused_as_json_for_machines(
    own_home: Path, consent: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    soundfile.write(tmp_path / "song.wav", chords(9.0).samples, 24_000)
    line = ["voice", "learn", str(tmp_path / "song.wav"), "--as", "anna", "--consent", consent]

    assert run([*line, "--offline", "--json"]) == 2
    error = json.loads(capsys.readouterr().out)["error"]
    assert error["code"] == "voice.no-speaker"
    assert "notes are held" in error["message"]
    assert not list((own_home / "data").glob("voices/*"))


@pytest.mark.models
def test_a_voice_is_learned_shown_and_forgotten(
    own_home: Path, recording: str, consent: str, capsys: pytest.CaptureFixture[str]
) -> None:
    line = ["voice", "learn", recording, "--as", "anna", "--consent", consent, "--offline"]
    line += ["--engine", "hibari"]

    assert run([*line, "--json"]) == 0
    learned = json.loads(capsys.readouterr().out)
    assert learned["promises"]["hibari"]["word"]
    assert run(["voice", "show", "anna", "--json"]) == 0
    shown = json.loads(capsys.readouterr().out)
    assert shown["sha256"] == learned["sha256"]
    assert shown["consent_holds"] is True
    assert run(["voice", "list"]) == 0
    assert "anna" in capsys.readouterr().out
    assert run(["voice", "forget", "anna"]) == 0
    assert not list((own_home / "data").glob("voices/*"))
