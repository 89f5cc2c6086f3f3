"""What is typed wrongly is told in one line, with the right exit code, before any work."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from vivant.cli import running
from vivant.cli.running import run
from vivant.errors import ResourceError, VivantError

FILM = ["film", "photo.jpg", "--say", "Hello.", "-o", "film.mp4"]


@pytest.fixture
def photo(tmp_path: Path) -> str:
    path = tmp_path / "photo.jpg"
    path.write_bytes(b"not looked at")
    return str(path)


def last_line(text: str) -> str:
    return text.strip().splitlines()[-1]


def test_without_consent_no_film_is_made(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(FILM) == 3

    told = capsys.readouterr()
    assert "without consent" in told.err
    assert "--attest" in told.err
    assert told.out == ""


def test_a_failure_is_json_for_machines(capsys: pytest.CaptureFixture[str]) -> None:
    assert run([*FILM, "--json"]) == 3

    error = json.loads(capsys.readouterr().out)["error"]
    assert error["code"] == "consent.missing"
    assert error["exit_code"] == 3


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--attest", "self", "--consent", "c.json"], "exclude each other"),
        (["--attest", "self", "--script", "s.txt"], "exactly one way"),
        (["--attest", "self", "--size", "big"], "WIDTHxHEIGHT"),
        (["--attest", "self", "--size", "100x100"], "between 256 and 1920"),
        (["--attest", "self", "--size", "4000x2000"], "between 256 and 1920"),
        (["--attest", "self", "--size", "721x1281"], "even"),
        (["--attest", "self", "--fps", "0"], "between 1 and 120"),
        (["--attest", "self", "--fps", "fast"], "frame rate"),
        (["--attest", "self", "--seed", "-1"], "--seed"),
        (["--attest", "nobody"], "nobody"),
        (["--nonsense"], "nonsense"),
    ],
    ids=lambda value: "-".join(value) if isinstance(value, list) else "",
)
def test_a_wrong_option_is_an_input_error(
    words: list[str], told: str, photo: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "s.txt").write_text("Hello.")
    line = ["film", photo, "--say", "Hello.", "-o", str(tmp_path / "film.mp4"), *words]

    assert run(line) == 2
    assert told in capsys.readouterr().err


@pytest.mark.parametrize("name", ["film.avi", "film", "."])
def test_the_output_must_be_a_film(
    name: str, photo: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["film", photo, "--say", "x", "-o", name, "--attest", "self"]) == 2
    assert "output" in capsys.readouterr().err


@pytest.mark.parametrize("name", ["nothing.jpg", "."])
def test_an_input_that_is_no_file_is_told_before_any_work(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    line = ["film", str(tmp_path / name), "--say", "x", "-o", str(tmp_path / "f.mp4")]

    assert run([*line, "--attest", "self"]) == 2
    assert "Input file is" in capsys.readouterr().err


def test_an_input_is_never_overwritten(
    photo: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    video = tmp_path / "me.mp4"
    video.write_bytes(b"precious")

    assert run(["drive", photo, "--by", str(video), "-o", str(video), "--attest", "self"]) == 2
    assert "would be lost" in capsys.readouterr().err
    assert video.read_bytes() == b"precious"


@pytest.mark.parametrize("words", [[], ["--by", "a.mp4", "--curves", "b.csv"]])
def test_one_driver_is_needed(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["drive", "p.jpg", "-o", "o.mp4", "--attest", "self", *words]) == 2
    assert "exactly one way" in capsys.readouterr().err


def test_ctrl_c_leaves_with_130(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def stop(**_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(running, "get_command", lambda _app: _Command(stop))

    assert run(["film"]) == 130
    assert "Stopped" in capsys.readouterr().err


class _Command:
    def __init__(self, main: object) -> None:
        self.main = main


@pytest.mark.parametrize("debug", [True, False])
def test_a_traceback_is_shown_only_when_asked_for(
    debug: bool, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def break_down(**_: object) -> None:
        message = "a wheel came off"
        raise RuntimeError(message)

    monkeypatch.setattr(running, "get_command", lambda _app: _Command(break_down))

    assert run(["film", *(["--debug"] if debug else [])]) == 1
    told = capsys.readouterr().err
    assert ("Traceback" in told) is debug
    assert "a wheel came off" in told
    assert ("--debug" in told) is not debug


@pytest.mark.parametrize("error", [VivantError("x"), ResourceError("x")], ids=["base", "resource"])
def test_an_error_on_purpose_leaves_with_its_own_code(
    error: VivantError, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(**_: object) -> None:
        raise error

    monkeypatch.setattr(running, "get_command", lambda _app: _Command(fail))

    assert run(["film"]) == error.exit_code


def test_help_needs_nothing_heavy() -> None:
    code = (
        "import sys; from vivant.cli.running import run; run(['--help'])\n"
        "print(sorted({'numpy', 'cv2', 'pydantic', 'av', 'numba'} & set(sys.modules)), file=sys.stderr)"
    )

    seen = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert last_line(seen.stderr) == "[]"
    assert "verify" in seen.stdout


def test_the_version_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["--version"]) == 0
    assert capsys.readouterr().out.startswith("vivant 0.")
