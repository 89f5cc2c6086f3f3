"""Where a rule asks a person, the refusal names a command, and that command opens what it says."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from consents_for_policy import OTHERS, now, recorded
from vivant.cli.running import run
from vivant.places import Places
from vivant.provenance.consent import Consent, write_consent
from vivant.provenance.ledger import Ledger
from vivant.provenance.policy import Asked, PolicyError, Said, decide, permit

ASKED = Asked(
    use="portrait-film", words=(Said(text="See you tomorrow!", language="en", recorded=True),)
)


@pytest.fixture
def places(own_home: Path) -> Places:
    return Places(data=own_home / "data", cache=own_home / "cache")


@pytest.fixture
def record(places: Places, tmp_path: Path) -> tuple[Consent, str]:
    consent = recorded("kin")
    write_consent(consent, tmp_path / "consent.json")
    Ledger.in_places(places).note_consent(consent)
    return consent, str(tmp_path / "consent.json")


def test_the_command_that_a_refusal_names_opens_what_was_asked(
    places: Places, record: tuple[Consent, str], capsys: pytest.CaptureFixture[str]
) -> None:
    consent, file = record
    ledger = Ledger.in_places(places)
    with pytest.raises(PolicyError) as caught:
        permit(consent, ASKED, now=now(), ledger=ledger)
    command = str(caught.value).split("vivant ")[1].split(" --by")[0].split()
    assert command[:3] == ["consent", "answer", "RECORD"]
    line = ["consent", "answer", file, *command[3:], "--by", OTHERS[0]]

    assert run([*line, "--yes", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["rule"] == "words.recorded-presence"
    assert told["yes"] is True
    assert permit(consent, ASKED, now=now(), ledger=ledger).answer == "yes"

    assert run([*line, "--no"]) == 0
    assert "no to words.recorded-presence" in capsys.readouterr().out
    assert decide(consent, ASKED, now=now(), ledger=ledger).answer == "no"


@pytest.mark.parametrize(
    ("rule", "by", "says"),
    [
        ("memorial.never-sells", OTHERS[0], "asks no person"),
        ("words.recorded-presence", "Anna", "32 hex digits"),
    ],
)
def test_what_nobody_can_answer_is_refused(
    rule: str, by: str, says: str, record: tuple[Consent, str], capsys: pytest.CaptureFixture[str]
) -> None:
    line = ["consent", "answer", record[1], "--rule", rule, "--by", by, "--yes"]

    assert run(line) == 2
    assert says in capsys.readouterr().err
