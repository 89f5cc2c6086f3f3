"""Words heard wrong in the hundred sentences, from stock voices and from voices made like people."""

from __future__ import annotations

from typing import Any

from benchmarks.voice.hearing_words import words_wrong
from benchmarks.voice.people import RATE_HZ, Setting
from vivant.media.sound import Sound
from vivant.voice.person import Character

MOST_STOCK, MOST_MATCHED, MOST_MORE = 0.03, 0.04, 0.02
"""Shares; the last is how much worse a matched voice may be than the stock one."""


def run(setting: Setting) -> list[dict[str, Any]]:
    """Measure every engine, stock and matched to every person from 60 s."""
    rows = []
    for engine in setting.engines:
        stock = share_wrong(setting, engine)
        rows.append(_row(f"{engine} stock", stock, MOST_STOCK))
        for person in setting.persons:
            character, _ = setting.fitted(engine, person, "60 s")
            matched = share_wrong(setting, engine, character=character)
            rows.append(_row(f"{engine} like {person.name}", matched, MOST_MATCHED, than=stock))
    return rows


def share_wrong(
    setting: Setting, engine: str, *, character: Character | None = None
) -> tuple[float, list[str]]:
    """Say the sentences; tell the share of words heard wrong, and what was heard where any was."""
    total = mistakes = 0
    misheard = []
    for sentence in setting.asked:
        samples = setting.say_one(engine, sentence.written, character=character)
        wrong, asked, heard = words_wrong(
            Sound(samples=samples, sample_rate_hz=RATE_HZ), sentence.spoken
        )
        mistakes, total = mistakes + wrong, total + asked
        if wrong:
            misheard.append(f"{wrong}: {sentence.spoken} -> {heard}")
    return mistakes / total, misheard


def _row(
    what: str,
    found: tuple[float, list[str]],
    most: float,
    *,
    than: tuple[float, list[str]] | None = None,
) -> dict[str, Any]:
    share, misheard = found
    more = share - than[0] if than else 0.0
    return {
        "what": what,
        "words_wrong_%": share * 100,
        "bar_%": most * 100,
        "more_than_stock_points": more * 100 if than else "",
        "sentences_misheard": len(misheard),
        "ok": share <= most and more <= MOST_MORE,
    }
