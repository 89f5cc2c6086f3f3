"""What a program that reads the command line may rely on, whatever was typed and wherever it is read."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import IO

import pytest
import typer

from vivant.cli import running
from vivant.cli.running import run


@pytest.mark.parametrize(
    "words",
    [
        ["verify", "--json"],
        ["verify", "a", "b", "--json"],
        ["verify", "--nonsense", "--json"],
        ["nonsense", "--json"],
        ["--json", "verify"],
        ["ledger", "show", "--last", "few", "--json"],
        ["consent", "new", "--kind", "nobody", "--json"],
        ["film", "p.jpg", "--attest", "nobody", "--json"],
    ],
    ids=" ".join,
)
def test_what_was_typed_wrong_is_json_for_machines(
    words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(words) == 2

    seen = capsys.readouterr()
    error = json.loads(seen.out)["error"]
    assert error["exit_code"] == 2
    assert error["code"] == "input"
    assert error["message"]
    assert "Usage" in seen.err


def test_what_was_typed_wrong_leaves_stdout_empty_for_people(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert run(["verify", "--nonsense"]) == 2

    assert capsys.readouterr().out == ""


def test_whoever_stops_at_a_question_leaves_with_130(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    class Command:
        def main(self, **_: object) -> None:
            raise typer.Abort

    monkeypatch.setattr(running, "get_command", lambda _app: Command())

    assert run(["consent", "new", "--json"]) == 130
    assert json.loads(capsys.readouterr().out)["error"]["code"] == "stopped"


@pytest.mark.parametrize("encoding", ["ascii", "cp1252", "utf-8"])
@pytest.mark.parametrize("words", [["label", "show"], ["label", "terms", "--language", "zh"]])
def test_letters_that_stdout_cannot_hold_do_not_stop_a_command(
    words: list[str], encoding: str, tmp_path: Path
) -> None:
    done = _vivant(words, tmp_path, encoding=encoding)
    assert done.returncode == 0, done.stderr

    told = _vivant([*words, "--json"], tmp_path, encoding=encoding)
    assert told.returncode == 0, told.stderr
    in_utf8 = _vivant([*words, "--json"], tmp_path, encoding="utf-8")
    assert json.loads(told.stdout.decode(encoding)) == json.loads(in_utf8.stdout)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux has a device that is full")
@pytest.mark.parametrize("more", [[], ["--json"]], ids=["people", "json"])
def test_a_full_disk_below_stdout_is_told_without_a_traceback(
    more: list[str], tmp_path: Path
) -> None:
    with Path("/dev/full").open("wb") as full:
        done = _vivant(["label", "show", *more], tmp_path, encoding="utf-8", stdout=full)

    assert done.returncode == 7
    assert b"No space left" in done.stderr
    assert b"Traceback" not in done.stderr


def test_a_reader_who_has_enough_hears_no_complaint(tmp_path: Path) -> None:
    reads, writes = os.pipe()
    os.close(reads)
    try:
        done = _vivant(["label", "show"], tmp_path, encoding="utf-8", stdout=writes)
    finally:
        os.close(writes)

    assert b"Traceback" not in done.stderr
    assert b"Broken pipe" not in done.stderr


def _vivant(
    words: list[str], folder: Path, *, encoding: str, stdout: int | IO[bytes] = subprocess.PIPE
) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-m", "vivant", *words],
        env={**os.environ, "PYTHONIOENCODING": encoding, "VIVANT_DATA": str(folder)},
        stdout=stdout,
        stderr=subprocess.PIPE,
        check=False,
    )
