"""Speeches built by hand: phones of known length, and a sound that hums under the vowels."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, cast

import numpy as np

from vivant.media.sound import Sound
from vivant.performance.visemes import viseme_of
from vivant.voice.speech import Phone, Speech, Word

HZ = 24_000


def built(
    phones: Sequence[tuple[str, float] | tuple[str, float, int]],
    *,
    text: str = "",
    sentence_ends_s: Sequence[float] = (),
    level: float = 0.1,
) -> Speech:
    """Build a speech from (symbol, seconds[, stress])."""
    made: list[Phone] = []
    sound: list[np.ndarray] = []
    at = 0
    for symbol, lasts_s, *stress in phones:
        count = round(lasts_s * HZ)
        made.append(
            Phone(
                symbol=symbol,
                first=at,
                last=at + count,
                stress=cast("Literal[0, 1, 2]", stress[0] if stress else 0),
            )
        )
        vowel = symbol != "" and viseme_of(symbol).postures[0].vowel
        loud = 0.0 if symbol == "" else level * (1.0 if vowel else 0.3)
        t = np.arange(at, at + count) / HZ
        sound.append((loud * np.sin(2 * np.pi * 160 * t)).astype(np.float32))
        at += count
    samples = np.concatenate([*sound, np.zeros(0, dtype=np.float32)])
    words = tuple(
        Word(text="word", first=max(0, round(s * HZ) - 1000), last=round(s * HZ), ends="sentence")
        for s in sentence_ends_s
    )
    return Speech(
        sound=Sound(samples=samples, sample_rate_hz=HZ),
        words=words,
        phones=tuple(made),
        text=text,
        language="en-US",
        voice="built",
        synthetic=True,
    )


def sentence(*, times: int = 1, pause_s: float = 0.5) -> Speech:
    """Say that my mother baked a few warm apple pies, with pauses, some times over."""
    phones: list[tuple[str, float] | tuple[str, float, int]] = []
    words: tuple[tuple[tuple[str, float] | tuple[str, float, int], ...], ...] = (
        (("m", 0.08), ("aɪ", 0.15)),
        (("m", 0.07), ("ʌ", 0.10, 1), ("ð", 0.05), ("ɚ", 0.09)),
        (("b", 0.07), ("eɪ", 0.14, 1), ("k", 0.07), ("t", 0.06)),
        (("ə", 0.05),),
        (("f", 0.09), ("j", 0.05), ("u", 0.14, 1)),
        (("w", 0.08), ("ɔ", 0.11, 1), ("ɹ", 0.06), ("m", 0.08)),
        (("æ", 0.12, 1), ("p", 0.09), ("ə", 0.04), ("l", 0.08)),
        (("p", 0.10), ("aɪ", 0.18, 1), ("z", 0.12)),
    )
    for _ in range(times):
        for word in words:
            phones.extend(word)
        phones.append(("", pause_s))
    return built(phones)
