"""``vivant say``: into files, onto stdout, and what it refuses."""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path

import pytest

from vivant.cli.running import run
from vivant.provenance.sound_tags import read_aigc_text

WORDS = "It is good to see you."


@pytest.mark.models
def test_a_text_becomes_a_sound_that_verifies(
    own_home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = own_home / "out" / "hello.wav"

    assert run(["say", WORDS, "-o", str(out), "--json"]) == 0
    made = json.loads(capsys.readouterr().out)
    assert made["loudness"]["lufs"] == pytest.approx(-16.0, abs=0.5)
    assert made["loudness"]["true_peak_dbtp"] <= -1.0
    assert [one.name for one in out.parent.iterdir()] == ["hello.wav"]

    assert run(["verify", str(out), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["sound_id"] == made["sound_id"]


@pytest.mark.models
@pytest.mark.usefixtures("own_home")
def test_stdin_becomes_a_stream_on_stdout(
    monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes], tmp_path: Path
) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(WORDS.encode())))

    assert run(["say", "-f", "-", "-o", "-"]) == 0

    stream = capfdbinary.readouterr().out
    (tmp_path / "stream.wav").write_bytes(stream)
    assert stream[:4] == b"RIFF"
    assert len(stream) > 96_000
    assert read_aigc_text(tmp_path / "stream.wav") is not None


@pytest.mark.usefixtures("own_home")
@pytest.mark.parametrize(
    ("words", "told"),
    [
        ([WORDS], "-o OUT.wav"),
        (["-o", "a.wav"], "exactly one way"),
        ([WORDS, "-f", "-", "-o", "a.wav"], "exactly one way"),
        ([WORDS, "-o", "a.ogg"], "papers"),
        ([WORDS, "-o", "a"], "end in .wav"),
        ([WORDS, "-o", "-", "--json"], "stdout"),
        (["-f", "nothing.txt", "-o", "a.wav"], "not there"),
        ([WORDS, "-o", "a.wav", "--pronounce", "nothing.txt"], "not there"),
    ],
)
def test_what_cannot_be_said_is_refused_before_any_work(
    words: list[str],
    told: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)

    assert run(["say", *words]) == 2

    assert told in " ".join(capsys.readouterr().err.split())
    assert not [one for one in tmp_path.iterdir() if one.suffix in {".wav", ".ogg"}]
