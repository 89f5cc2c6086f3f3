"""How fast voices speak, and how soon the first sound can be heard; on two cores."""

from __future__ import annotations

import os
import statistics
import time
from typing import Any

from benchmarks.voice.people import Setting
from vivant.voice.choosing import voice_engine
from vivant.voice.engine import Line
from vivant.voice.person import Character
from vivant.voice.speaking import speak_parts

BARS = {"hibari": (50.0, 0.06), "kokoro": (3.0, 0.7)}
"""Times real time at least, seconds to the first sound at most."""
ROUNDS = 3
TEXT = (
    "When the bell rang, the children rushed out into the sunshine. My grandmother kept bees behind the house, and she "
    "talked to them every morning. We bought the piano from a teacher who was moving to Chicago. Keep your promises small."
)


def run(setting: Setting) -> list[dict[str, Any]]:
    """Measure every engine, the live one also like a person."""
    rows = []
    for engine in setting.engines:
        rows.append(_row(engine, None, engine))
        if setting.persons:
            person = setting.persons[0]
            character, _ = setting.fitted(engine, person, "60 s")
            rows.append(_row(engine, character, f"{engine} like {person.name}"))
    return rows


def _row(engine: str, character: Character | None, what: str) -> dict[str, Any]:
    voice = voice_engine(engine)
    lines = [
        Line(text=f"{text.strip()}.", language="en-US", character=character)
        for text in TEXT.split(".")
        if text.strip()
    ]
    voice.say(lines[0])  # weights are loaded with the first
    wall_s, cpu_s, first_s = [], [], []
    for _ in range(ROUNDS):
        began_s, began_cpu_s = time.perf_counter(), time.process_time()
        spoken_s = sum(len(voice.say(line).samples) for line in lines) / voice.traits.sample_rate_hz
        wall_s.append((time.perf_counter() - began_s) / spoken_s)
        cpu_s.append((time.process_time() - began_cpu_s) / spoken_s)
        began_s = time.perf_counter()
        if character is None:
            next(speak_parts(TEXT, engine=voice, hurry=True))
        else:
            voice.say(lines[0])
        first_s.append(time.perf_counter() - began_s)
    times_bar, first_bar = BARS.get(engine, (0.0, 60.0))
    best = 1 / min(wall_s)
    return {
        "what": what,
        "times_real_time": best,
        "median": 1 / statistics.median(wall_s),
        "by_cpu_time": 1 / min(cpu_s),
        "bar_x": times_bar,
        "first_sound_ms": min(first_s) * 1000,
        "bar_ms": first_bar * 1000,
        "load": os.getloadavg()[0],
        "ok": best >= times_bar and min(first_s) <= first_bar,
    }
