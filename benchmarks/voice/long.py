"""Ten thousand words into one file: memory, loudness, seams."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from itertools import accumulate, islice
from pathlib import Path
from typing import Any

import numpy as np
import soundfile

from benchmarks.films import watched
from vivant.media.delivery import deliver
from vivant.voice.speaking import speak_parts

WORDS = 10_000
SEAMS = 60
AROUND_S, AT_SEAM_S = 1.5, 0.02
TARGET_LUFS, WITHIN_LU, MOST_DBTP = -16.0, 0.5, -1.0
MOST_MB = 750.0
"""Of memory, at any length: what the voice takes, and the 256 MB that the credentials' reader hashes at once."""
_SENTENCES = Path(__file__).with_name("sentences.txt")


def run(folder: Path, *, voice: str = "hibari", words: int = WORDS) -> list[dict[str, Any]]:
    """Say a long text and a tenth of it, by the command line; then look at the seams of the beginning."""
    short = _said(folder, voice, words // 10)
    long = _said(folder, voice, words)
    long["memory_over_a_tenth"] = long["peak_mb"] / short["peak_mb"]
    long["ok"] = long["ok"] and long["peak_mb"] <= MOST_MB
    return [short, long, seams(folder, voice=voice)]


def seams(folder: Path, *, voice: str = "hibari", count: int = SEAMS) -> dict[str, Any]:
    """Tell how loud it is where lines meet, against the speech on both sides."""
    lines = [part.sound for part in islice(speak_parts(text_of(2_000), voice=voice), count)]
    path = folder / "seams.wav"
    deliver(lines, path)
    samples, rate_hz = soundfile.read(path, dtype="float32")
    ends_s = list(accumulate(line.seconds for line in lines))[:-1]
    over_db = [_over_db(samples, rate_hz, end_s) for end_s in ends_s]
    return {
        "what": f"{len(ends_s)} seams, {voice}",
        "loudest_seam_under_speech_db": max(over_db),
        "usual_db": float(np.median(over_db)),
        "ok": max(over_db) <= 0.0,
    }


def text_of(words: int) -> str:
    """Make a text of so many words out of the sentences that voices are tried with."""
    sentences = [
        line.partition("\t")[0].strip()
        for line in _SENTENCES.read_text(encoding="utf-8").splitlines()
    ]
    sentences = [line for line in sentences if line and not line.startswith("#")]
    taken: list[str] = []
    count = 0
    while count < words:
        taken.append(sentences[len(taken) % len(sentences)])
        count += len(taken[-1].split())
    return "\n".join(" ".join(taken[i : i + 8]) for i in range(0, len(taken), 8))


def _over_db(samples: np.ndarray, rate_hz: int, moment_s: float) -> float:
    """Compare the peak at a moment with the peak around it."""
    at, near, far = (round(s * rate_hz) for s in (moment_s, AT_SEAM_S, AROUND_S))
    seam = float(np.abs(samples[max(0, at - near) : at + near]).max())
    around = float(np.abs(samples[max(0, at - far) : at + far]).max())
    return 20 * float(np.log10(max(seam, 1e-6) / max(around, 1e-6)))


def _said(folder: Path, voice: str, words: int) -> dict[str, Any]:
    script, out = folder / "long.txt", folder / "long.wav"
    script.write_text(text_of(words), encoding="utf-8")
    line = ["say", "-f", str(script), "-o", str(out), "--voice", voice, "--json"]
    began_s = time.monotonic()
    process = subprocess.Popen(
        [sys.executable, "-m", "vivant", *line],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    memory = watched(process, began_s)
    assert process.stdout is not None
    told = json.loads(process.stdout.read())
    if process.wait() != 0:
        raise RuntimeError(told["error"]["message"])
    lufs, peak = told["loudness"]["lufs"], told["loudness"]["true_peak_dbtp"]
    return {
        "what": f"{words} words, {voice}",
        "minutes": told["seconds"] / 60,
        "took_s": told["took_s"],
        "times_real_time": told["seconds"] / told["took_s"],
        "peak_mb": max(mb for _, mb in memory),
        "bar_mb": MOST_MB,
        "lufs": lufs,
        "dbtp": peak,
        "ok": abs(lufs - TARGET_LUFS) <= WITHIN_LU and peak <= MOST_DBTP,
        "load": os.getloadavg()[0],
    }
