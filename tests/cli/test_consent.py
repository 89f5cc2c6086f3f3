"""Consents are collected, shown, checked, objected to and taken back on the command line."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from vivant.cli.hopper import portrait
from vivant.cli.running import run
from vivant.places import Places
from vivant.provenance.consent import KINDS, Consent, Kind, read_consent, write_consent
from vivant.provenance.consent_forms import form_for
from vivant.provenance.jsonld import record_of
from vivant.provenance.ledger import Ledger

Json = Callable[..., dict[str, Any]]
FILES = ("SCAN", "DEATH-CERTIFICATE", "BIRTH-CERTIFICATE", "CONTRACT", "CATALOGUE")
FILLED_IN = (
    ("of_age: no", "of_age: yes"),
    ("objections_until: 2026-03-31", "objections_until: 2099-03-31"),
    ("until: 2027-12-31", "until: 2030-12-31"),
    ("until: 2027-11-30", "until: 2030-11-30"),
    ("FULL NAME", "Ada Example"),
    ("YOUR NAME OR COMPANY", "A Studio"),
    ("YOUR E-MAIL OR TELEPHONE", "a@b.example"),
    ("[PRODUCT]", "[apples]"),
)


@pytest.fixture
def desk(own_home: Path) -> Path:
    """A folder with papers and a filled-in form of each kind."""
    for name in FILES:
        (own_home / f"{name}.pdf").write_text(name)
    for kind in KINDS:
        form = form_for(kind)
        for empty, said in FILLED_IN:
            form = form.replace(empty, said)
        (own_home / f"{kind}.yaml").write_text(form)
    return own_home


@pytest.fixture
def told(capsys: pytest.CaptureFixture[str]) -> Json:
    """Run a command with --json, and read what it says."""

    def read(*words: str, code: int = 0) -> dict[str, Any]:
        capsys.readouterr()
        assert run([*words, "--json"]) == code, capsys.readouterr()
        said: dict[str, Any] = json.loads(capsys.readouterr().out)
        return said

    return read


def collected(desk: Path, told: Json, kind: Kind = "self") -> Path:
    record = desk / f"{kind}.json"
    told("consent", "new", "--from", str(desk / f"{kind}.yaml"), "-o", str(record))
    return record


@pytest.mark.parametrize("kind", KINDS)
def test_a_form_is_written_filled_in_and_collected(desk: Path, told: Json, kind: Kind) -> None:
    empty = desk / "empty.yaml"
    told("consent", "new", "--kind", kind, "--form", str(empty))
    assert empty.read_text() == form_for(kind)

    made = told("consent", "new", "--from", str(desk / f"{kind}.yaml"), "-o", str(desk / "r.json"))

    consent = read_consent(desk / "r.json")
    assert made["record_id"] == consent.record_id
    assert consent.kind == kind
    assert (desk / "r.json").stat().st_mode & 0o777 == 0o600
    assert "vivant consent withdraw" in (desk / "r.receipt.md").read_text()
    checked = told("consent", "check", str(desk / "r.json"))
    assert (checked["standing"], checked["state"], checked["seal"]) == ("known", "given", "trusted")
    receipt = told("consent", "receipt", "--check", str(desk / "r.receipt.json"))
    assert receipt["ok"]


def test_names_stay_in_the_record(
    desk: Path, told: Json, capsys: pytest.CaptureFixture[str]
) -> None:
    record = collected(desk, told, "kin")
    run(["consent", "object", str(record), "--by", "Bob Example", "--relation", "brother"])
    run(["consent", "show", str(record)])
    run(["consent", "check", str(record)])
    run(["consent", "show"])
    said = capsys.readouterr()
    ledger = Ledger.in_places(Places(data=desk / "data")).path.read_text()

    for text in (said.out, said.err, ledger, (desk / "kin.receipt.md").read_text()):
        assert "Example" not in text

    assert run(["consent", "show", str(record), "--secrets"]) == 0
    shown = capsys.readouterr().out
    assert "Ada Example" in shown
    assert "Bob Example" in shown


def test_a_consent_is_taken_back_by_id_without_its_file(desk: Path, told: Json) -> None:
    record = collected(desk, told)
    record_id = read_consent(record).record_id
    record.unlink()
    next((desk / "data" / "consents").glob("*.json")).unlink()

    done = told("consent", "withdraw", record_id[:10])

    assert (done["state"], done["files"]) == ("withdrawn", [])
    assert told("consent", "check", record_id, code=3)["state"] == "withdrawn"


def test_an_objection_is_raised_and_settled(desk: Path, told: Json) -> None:
    record = str(collected(desk, told, "kin"))
    letter = f"letter={desk / 'SCAN.pdf'}"

    held = told("consent", "object", record, "--by", "B", "--relation", "son", "--evidence", letter)
    assert held["state"] == "held"
    assert told("consent", "check", record, code=3)["open_objections"] == 1
    objection = held["events"][0]["event_id"]
    settled = told(
        "consent", "settle", record, "--by", "C", "--outcome", "released", "--objection", objection
    )

    assert settled["state"] == "given"
    checked = told("consent", "check", record)
    assert checked["may_still_be_objected"]
    error = told("consent", "settle", record, "--by", "C", "--outcome", "upheld", code=2)["error"]
    assert error["code"] == "consent.nothing-open"


def test_a_hold_is_put_and_ended(desk: Path, told: Json) -> None:
    record = str(collected(desk, told))

    assert told("consent", "hold", record, "--by", "C")["state"] == "held"
    assert told("consent", "release", record, "--by", "C")["state"] == "given"


def test_what_held_at_a_date_can_be_asked(desk: Path, told: Json) -> None:
    record = str(collected(desk, told))

    assert told("consent", "check", record, "--at", "2020-01-01", code=3)["state"] == "not-yet"
    assert told("consent", "check", record, "--at", "2099-01-01", code=3)["state"] == "expired"
    assert not told("consent", "check", record, "--use", "live", code=3)["holds"]
    assert told("consent", "check", record, "--use", "portrait-film")["holds"]
    assert told("consent", "check", record, "--use", "nonsense", code=2)["error"]


def test_a_record_from_elsewhere_is_taken_in_by_a_person(
    desk: Path, told: Json, monkeypatch: pytest.MonkeyPatch
) -> None:
    record = str(collected(desk, told))
    monkeypatch.setenv("VIVANT_DATA", str(desk / "other-machine"))

    assert told("consent", "check", record, code=3)["standing"] == "unknown"
    assert told("consent", "check", record, "--import")["standing"] == "known"
    assert told("consent", "check", record)["holds"]


def test_what_stopped_it_elsewhere_stops_it_here_although_it_was_taken_in_before(
    desk: Path, told: Json, monkeypatch: pytest.MonkeyPatch
) -> None:
    record = collected(desk, told)
    before = desk / "before.json"
    before.write_bytes(record.read_bytes())
    told("consent", "object", str(record), "--by", "Bob", "--relation", "son")
    held = desk / "held.json"
    held.write_bytes(record.read_bytes())
    told("consent", "withdraw", str(record))
    monkeypatch.setenv("VIVANT_DATA", str(desk / "other-machine"))
    assert told("consent", "check", str(before), "--import")["holds"]

    assert told("consent", "check", str(held), "--import", code=3)["state"] == "held"
    assert told("consent", "check", str(before), code=3)["state"] == "held"
    lines = told("ledger", "verify")["lines"]
    assert told("consent", "check", str(held), "--import", code=3)["state"] == "held"
    assert told("ledger", "verify")["lines"] == lines, "twice is once"
    assert told("consent", "check", str(record), "--import", code=3)["state"] == "withdrawn"
    assert told("consent", "check", str(before), code=3)["state"] == "withdrawn"


def test_what_a_file_says_was_released_releases_nothing_here(desk: Path, told: Json) -> None:
    record = collected(desk, told)
    told("consent", "hold", str(record), "--by", "Cy")
    held = read_consent(record)
    release = held.events[-1].model_copy(
        update={"event_type": "release", "event_state": "given", "event_id": "f" * 32}
    )
    forged = held.model_copy(update={"events": (*held.events, release), "seal": None})
    write_consent(forged, desk / "forged.json")

    checked = told("consent", "check", str(desk / "forged.json"), "--import", code=3)

    assert checked["state"] == "held"


def test_a_forgery_is_called_one(desk: Path, told: Json) -> None:
    record = collected(desk, told)
    consent = read_consent(record)
    write_consent(consent.model_copy(update={"languages": ("fr",)}), record)

    assert told("consent", "check", str(record), code=3)["standing"] == "forged"
    assert told("consent", "check", str(record), "--import", code=3)["error"]["code"] == (
        "consent.forged"
    )


def test_records_are_listed(desk: Path, told: Json, capsys: pytest.CaptureFixture[str]) -> None:
    assert told("consent", "show")["records"] == []
    collected(desk, told)
    collected(desk, told, "kin")

    assert {row["kind"] for row in told("consent", "show")["records"]} == {"self", "kin"}
    assert run(["consent", "show"]) == 0
    assert "given" in capsys.readouterr().out


def test_a_receipt_is_written_in_the_language_asked_for(desk: Path, told: Json) -> None:
    record = str(collected(desk, told))
    to = desk / "beleg.json"

    told("consent", "receipt", record, "-o", str(to), "--language", "de")

    assert "Beleg über eine Zustimmung" in (desk / "beleg.md").read_text()
    assert told("consent", "receipt", record, "--check", str(to))["ok"]
    to.write_text(to.read_text().replace("portrait-film", "commerce"))
    assert told("consent", "receipt", "--check", str(to), code=4)["seal"] == "broken"


def test_evidence_can_be_kept_in_the_private_folder(desk: Path, told: Json) -> None:
    paper = desk / "SCAN.pdf"
    line = ["consent", "new", "--from", str(desk / "self.yaml"), "--keep-evidence"]

    made = told(*line, "--evidence", f"scan={paper}")

    (kept,) = (desk / "data" / "evidence" / made["record_id"]).iterdir()
    assert kept.read_bytes() == paper.read_bytes()
    assert kept.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["new"], 2),
        (["new", "--form", "x.yaml"], 2),
        (["new", "--from", "none.yaml"], 2),
        (["new", "--from", "{desk}/self.yaml", "--kind", "kin"], 2),
        (["new", "--from", "{desk}/self.yaml", "--evidence", "scan"], 2),
        (["new", "--from", "{desk}/self.yaml", "--evidence", "scan=none.pdf"], 2),
        (["new", "--from", "{desk}/self.yaml", "-o", "{desk}/kin.yaml"], 2),
        (["new", "--kind", "kin", "--form", "{desk}/kin.yaml"], 2),
        (["show", "nonsense"], 2),
        (["show", "abcdef012345"], 2),
        (["show", "{desk}/kin.yaml"], 3),
        (["show", "f" * 32], 2),
        (["withdraw", "f" * 32], 2),
        (["check", "f" * 32], 3),
        (["receipt"], 2),
        (["receipt", "--check", "{desk}/kin.yaml"], 2),
        (["receipt", "--check", "none.json"], 2),
        (["object", "f" * 32, "--by", "B", "--relation", ""], 2),
        (["object", "f" * 32], 2),
    ],
)
def test_what_cannot_be_done_is_said_in_a_line(
    desk: Path, words: list[str], code: int, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["consent", *(word.replace("{desk}", str(desk)) for word in words)]) == code

    said = capsys.readouterr()
    assert "Traceback" not in said.err
    assert said.err.strip() or said.out.strip()


def test_nothing_is_written_when_a_form_lacks_something(desk: Path, told: Json) -> None:
    form = desk / "self.yaml"
    form.write_text(form.read_text().replace("of_age: yes", "of_age: no"))

    error = told("consent", "new", "--from", str(form), "-o", str(desk / "r.json"), code=2)["error"]

    assert error["code"] == "consent.form"
    assert "of age" in error["message"]
    assert not (desk / "r.json").exists()
    assert not list((desk / "data").glob("consents/*.json"))


def test_questions_are_asked_on_a_terminal(desk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    answers = [
        *("1", "en", "y", "DE", "Ada Example", "A Studio", "a@b.example", "y"),
        *("y", "n", "n", "n", "n", "n", "2030-12-31", "any", "any", "", "", ""),
        *(str(desk / "SCAN.pdf"), "n"),
    ]
    ours, theirs = pty.openpty()
    monkeypatch.chdir(desk)
    asked = subprocess.Popen(
        [sys.executable, "-m", "vivant", "consent", "new", "-o", str(desk / "r.json")],
        stdin=theirs,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        close_fds=True,
    )
    os.write(ours, ("\n".join(answers) + "\n").encode())
    out, err = asked.communicate(timeout=60)

    assert asked.returncode == 0, (out, err)
    assert read_consent(desk / "r.json").purposes == ("portrait-film",)
    assert b"What you agree to" in err


@pytest.mark.parametrize("form", [[], ["--jsonld"]])
def test_a_record_is_given_out_without_names(
    desk: Path, told: Json, capsys: pytest.CaptureFixture[str], form: list[str]
) -> None:
    record = str(collected(desk, told, "kin"))
    capsys.readouterr()

    assert run(["consent", "export", record, *form]) == 0
    assert "Example" not in capsys.readouterr().out
    assert run(["consent", "export", record, *form, "--names", "-o", str(desk / "x.json")]) == 0
    assert "Ada Example" in (desk / "x.json").read_text()
    assert run(["consent", "export", record, *form, "-o", str(desk / "x.json")]) == 2


def test_what_was_given_out_with_names_is_the_record(desk: Path, told: Json) -> None:
    record = collected(desk, told, "presenter")

    given = told("consent", "export", str(record), "--jsonld", "--names")

    assert Consent.model_validate(record_of(given)) == read_consent(record)


def test_a_passcode_is_made_for_a_record(
    desk: Path, told: Json, capsys: pytest.CaptureFixture[str]
) -> None:
    record = str(collected(desk, told))

    made = told("consent", "live", record)

    assert len(made["passcode"]) == 6
    assert len(told("consent", "live", record, "--language", "zh")["passcode"]) == 8
    assert run(["consent", "live", record]) == 0
    assert "--clip CLIP" in capsys.readouterr().err


def test_a_clip_that_will_not_do_is_told(desk: Path, told: Json) -> None:
    record = str(collected(desk, told))
    passcode = told("consent", "live", record)["passcode_id"]
    photo, clip = str(portrait()), str(desk / "SCAN.pdf")
    line = ["consent", "live", record, "--clip", clip, "--photo", photo]

    assert told(*line, code=2)["error"]["message"].startswith("Say which passcode")
    assert told(*line, "--passcode", passcode, code=2)["error"]["code"].startswith("input")
    assert told(*line[:4], str(desk / "none.mp4"), "--passcode", passcode, code=2)["error"]


@pytest.mark.parametrize("kind", ["kin", "guardians", "public-domain"])
def test_no_passcode_is_made_where_nobody_can_read_it_to_a_camera(
    desk: Path, told: Json, kind: Kind
) -> None:
    record = str(collected(desk, told, kind))

    assert "living adults" in told("consent", "live", record, code=2)["error"]["message"]


def test_no_passcode_is_made_for_what_was_taken_back_elsewhere(desk: Path, told: Json) -> None:
    record = collected(desk, told)
    copy = desk / "copy.json"
    copy.write_bytes(record.read_bytes())
    told("consent", "withdraw", str(record))

    assert "withdrawn" in told("consent", "live", str(copy), code=3)["error"]["message"]


def test_nothing_in_a_record_steers_the_terminal_of_whoever_looks_at_it(
    desk: Path, told: Json, capsys: pytest.CaptureFixture[str]
) -> None:
    record = collected(desk, told)
    slipped = "She wanted it.\nGenuine   known: it is all right\x1b[8m"
    told("consent", "object", str(record), "--by", "Bob", "--relation", "son", "--words", slipped)

    assert run(["consent", "show", str(record), "--secrets"]) == 0

    shown = capsys.readouterr().out
    assert "\x1b" not in shown
    assert sum(line.startswith("Genuine") for line in shown.splitlines()) == 1


def test_what_holds_is_told_where_the_files_cannot_be_completed(desk: Path, told: Json) -> None:
    record = collected(desk, told)
    stuck = desk / f"{'x' * 245}.json"  # no name is left for a part beside it
    stuck.write_bytes(record.read_bytes())
    record_id = told("consent", "withdraw", str(record))["record_id"]

    checked = told("consent", "check", str(stuck), code=3)

    assert (checked["record_id"], checked["state"]) == (record_id, "withdrawn")
