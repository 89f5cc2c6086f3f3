"""Every output as loud as every other: files of each format, streams, loud and quiet voices."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import soundfile

from vivant.media.delivery import SOUND_FORMATS, deliver
from vivant.media.loudness import Loudness, measure
from vivant.media.mastering import MASTER_RATE_HZ, master
from vivant.media.running import levelled_lines
from vivant.media.sound import Sound
from vivant.voice.speaking import speak_parts

TEXTS = (
    "Yes.",
    "It is good to see you. I came by the late train, and I have brought the blue umbrella.",
    "On the third of May, at half past seven, we walked along the river until it was quite dark. She "
    "said nothing! Then she laughed, and told me about the house in Leicester, with its 14 windows. "
    "Do you remember it? I do.",
)
TARGET_LUFS, WITHIN_LU, MOST_DBTP = -16.0, 0.5, -1.0
LEVELS_DB = (-30.0, 0.0, 12.0)
"""Of the voice before mastering, against its own."""


def run(folder: Path, *, voices: tuple[str, ...] = ("hibari",)) -> list[dict[str, Any]]:
    """Master speech in every way in which it leaves the house; one row for the worst of each."""
    rows = []
    for voice in voices:
        lines = [[part.sound for part in speak_parts(text, voice=voice)] for text in TEXTS]
        cases = [[_at(line, level_db) for line in said] for said in lines for level_db in LEVELS_DB]
        for suffix in SOUND_FORMATS:
            found = []
            for case in cases:
                path = folder / f"loud{suffix}"
                deliver(case, path)
                samples, rate_hz = soundfile.read(path, dtype="float32")
                found.append(measure(Sound(samples=samples, sample_rate_hz=rate_hz)))
            rows.append(_row(f"{voice}, {suffix} file", found))
        films = [measure(master(_joined(case))) for case in cases]
        rows.append(_row(f"{voice}, film", films))
        streams = [measure(_joined(list(levelled_lines(case)))) for case in cases]
        rows.append(_row(f"{voice}, stream", streams))
    return rows


def _row(what: str, found: list[Loudness]) -> dict[str, Any]:
    off = max((one.lufs - TARGET_LUFS for one in found), key=abs)
    peak = max(one.true_peak_dbtp for one in found)
    return {
        "what": what,
        "sounds": len(found),
        "worst_off_lu": off,
        "bar_lu": WITHIN_LU,
        "highest_dbtp": peak,
        "bar_dbtp": MOST_DBTP,
        "ok": abs(off) <= WITHIN_LU and peak <= MOST_DBTP,
    }


def _at(sound: Sound, level_db: float) -> Sound:
    samples = np.clip(sound.samples * np.float32(10 ** (level_db / 20)), -1.0, 1.0)
    return Sound(samples=samples, sample_rate_hz=sound.sample_rate_hz)


def _joined(sounds: list[Sound]) -> Sound:
    rate_hz = sounds[0].sample_rate_hz if sounds else MASTER_RATE_HZ
    return Sound(samples=np.concatenate([one.samples for one in sounds]), sample_rate_hz=rate_hz)
