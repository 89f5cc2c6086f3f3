"""How exactly phones are placed: in our own speech, in recordings, in many languages.

Own speech is judged by edges that are seen in the sound (``edges.py``). Recordings are judged by speech
whose phones are known: what a voice says is taken for a recording, heard with and without its
text, and compared with what the voice knows. For languages that no voice here speaks, Kokoro's
network is given the IPA that espeak-ng writes: a strong accent, but phones at known times.
"""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.voice.edges import SETTLED, edges
from benchmarks.voice.people import Setting
from vivant.errors import MissingError
from vivant.media.sound import Sound
from vivant.voice.engine import Line, Said
from vivant.voice.engines.espeak import Espeak
from vivant.voice.engines.kokoro import LATE_AFTER_MARK_S, LATE_S, KokoroVoice
from vivant.voice.engines.kokoro_abroad import spell_abroad
from vivant.voice.engines.kokoro_model import RATE_HZ, UNIT_SAMPLES, kokoro_network
from vivant.voice.engines.kokoro_styles import style_pack
from vivant.voice.engines.timing import timed
from vivant.voice.listening import hear
from vivant.voice.onsets import mouth_shape
from vivant.voice.phones import PAUSE
from vivant.voice.speech import Phone

LANGUAGES = Path(__file__).with_name("languages.txt")
MOST_SENTENCES = 30
WITHIN_S = 0.050
REACH_S = 0.150
"""A phone that is heard farther off than this is not the one that was said."""
OWN_BAR = (0.015, 0.95)
"""Mean error in seconds at most, share within ``WITHIN_S`` at least."""
HEARD_BARS = {"with text": (0.020, 0.95), "without text": (0.025, 0.87)}
"""Mean error in seconds at most, share of phones with the right shape of the mouth at least."""

Pair = tuple[Phone, Phone]


def run(setting: Setting) -> list[dict[str, Any]]:
    """Measure own speech and recordings in English, and recordings in other languages."""
    rows: list[dict[str, Any]] = []
    for name in setting.engines:
        voice = setting.engine(name)
        sentences = [one.written for one in setting.asked][:MOST_SENTENCES]
        said = [(text, voice.say(Line(text=text, language="en-US"))) for text in sentences]
        rows += _own(name, [one for _, one in said], voice.traits.sample_rate_hz)
        for way, bars in HEARD_BARS.items():
            heard = [_heard(text, one, "en-US", way) for text, one in said]
            rows.append(_row(f"{name} as a recording, {way}", heard, bars=bars))
    return rows + _abroad()


def _own(name: str, said: Sequence[Said], rate_hz: int) -> list[dict[str, Any]]:
    errors: dict[bool, list[float]] = defaultdict(list)
    for one in said:
        for kind, error_s in edges(Sound(samples=one.samples, sample_rate_hz=rate_hz), one.phones):
            errors[kind in SETTLED].append(error_s)
    rows = []
    for settled, what in ((True, "hisses, p b m"), (False, "t d k g n f, left to the engine")):
        off = np.abs(errors[settled])
        mean, within = float(off.mean()), float((off < WITHIN_S).mean())
        row = {
            "what": f"{name}, own speech: {what}",
            "edges": len(off),
            "mean_ms": 1000 * mean,
            "within_50_ms": within,
        }
        rows.append(row | ({"ok": mean <= OWN_BAR[0] and within >= OWN_BAR[1]} if settled else {}))
    return rows


def _heard(
    text: str, said: Said, language: str, way: str, rate_hz: int = RATE_HZ
) -> tuple[list[Pair], int]:
    sound = Sound(samples=said.samples, sample_rate_hz=rate_hz)
    heard = hear(sound, text=text if way == "with text" else "", language=language)
    known = [phone for phone in said.phones if phone.symbol != PAUSE]
    return _pairs(known, [p for p in heard.phones if p.symbol != PAUSE], rate_hz), len(known)


def _pairs(said: Sequence[Phone], heard: Sequence[Phone], rate_hz: int) -> list[Pair]:
    """Pair what was said with what was heard: in order, of one shape, near, as many as can be."""
    best = np.zeros((len(said) + 1, len(heard) + 1))
    came = np.zeros(best.shape, np.int8)
    for i, one in enumerate(said, start=1):
        for j, other in enumerate(heard, start=1):
            away_s = abs(one.first - other.first) / rate_hz
            alike = mouth_shape(one.symbol) == mouth_shape(other.symbol) and away_s < REACH_S
            ways = (best[i - 1, j], best[i, j - 1], best[i - 1, j - 1] + 1 - away_s if alike else 0)
            came[i, j] = int(np.argmax(ways))
            best[i, j] = ways[came[i, j]]
    pairs: list[Pair] = []
    i, j = len(said), len(heard)
    while i and j:
        if came[i, j] == 2:
            pairs.append((said[i - 1], heard[j - 1]))
        i, j = i - (came[i, j] != 1), j - (came[i, j] != 0)
    return pairs[::-1]


def _row(
    what: str,
    heard: Sequence[tuple[list[Pair], int]],
    *,
    bars: tuple[float, float] | None,
    rate_hz: int = RATE_HZ,
) -> dict[str, Any]:
    off = np.array([abs(a.first - b.first) / rate_hz for pairs, _ in heard for a, b in pairs])
    phones = sum(count for _, count in heard)
    mean, right = float(off.mean()), len(off) / phones
    row: dict[str, Any] = {
        "what": what,
        "edges": len(off),
        "mean_ms": 1000 * mean,
        "within_50_ms": float((off < WITHIN_S).mean()),
        "right_shape": right,
    }
    return row if bars is None else row | {"ok": mean <= bars[0] and right >= bars[1]}


def _abroad() -> list[dict[str, Any]]:
    """Measure languages; without espeak-ng there is nothing to measure with."""
    try:
        espeak = Espeak()
    except MissingError as error:
        return [{"what": f"languages: {error}"}]
    said: dict[str, list[tuple[str, Said]]] = defaultdict(list)
    for line in LANGUAGES.read_text(encoding="utf-8").splitlines():
        language, style, text = line.split("\t")
        said[language].append((text, _say(text, language, style, espeak)))
    return [
        _row(
            f"{language}, {way}",
            [_heard(text, one, language, way) for text, one in rows],
            bars=(mean_s, 0.0),
        )
        for way, (mean_s, _) in HEARD_BARS.items()
        for language, rows in said.items()
    ]


def _say(text: str, language: str, style: str, espeak: Espeak) -> Said:
    """Say a line with Kokoro's network in any language."""
    if language == "en":
        return KokoroVoice(voice=style).say(Line(text=text, language="en-US"))
    words = espeak.phonemes(text, language=language)
    if language == "zh":  # a tone is no letter
        words = tuple(replace(word, ipa=word.ipa.replace("ɜ", "")) for word in words)
    spelled = spell_abroad(words)
    voiced = kokoro_network().voice(
        spelled.letters, style=style_pack().table(style)[len(spelled.letters) - 1]
    )
    samples = np.clip(voiced.samples, -1.0, 1.0)
    phones, spoken = timed(
        spelled,
        pieces=[slice(0, len(spelled.letters))],
        lengths=[voiced.lengths],
        samples=samples,
        sample_rate_hz=RATE_HZ,
        unit_samples=UNIT_SAMPLES,
        late_s=LATE_S,
        late_after_mark_s=LATE_AFTER_MARK_S,
    )
    known = tuple(
        phone for phone in phones if unicodedata.category(phone.symbol[:1] or "a") != "Lm"
    )
    return Said(samples=samples, phones=known, words=spoken)
