"""Puts the id of a film or sound into what is heard, on its last step before coding; peaks stay where they must."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from vivant.media.loudness import BLOCK, Meter
from vivant.media.mastering import (
    CEILING_DBTP,
    MARGIN_DB,
    MASTER_RATE_HZ,
    InMemory,
    Setting,
    mastered_blocks,
)
from vivant.media.sound import Sound
from vivant.provenance.sound_id import marked_blocks
from vivant.provenance.sound_marking import SoundMarkEngine, marked_by


def sound_with_id(
    sound: Sound, made_id: str, *, first: int = 0, engines: Sequence[SoundMarkEngine] = ()
) -> Sound:
    """Mark a mastered sound with the id of the film or sound it is of.

    The mark lifts some peaks by up to a decibel; the limiter takes them back, and loudness stays within 0.2 LU.
    Memory: the result, and little beside it.

    Args:
        sound: At ``MASTER_RATE_HZ``.
        made_id: 16 hex digits.
        first: Sample of the whole with which it begins, where it is one line of something longer.
        engines: Others that mark it beside the built-in mark.

    Returns:
        As many samples, none moved.

    Raises:
        InputError: The id does not pass its own check.
        EngineBrokeError: Another engine broke, or moved samples.
    """
    for engine in engines:
        sound = marked_by(engine, sound, made_id)
    whole = np.empty(len(sound.samples), np.float32)
    at = 0
    for block in marked_blocks(
        InMemory(sound.samples), made_id, sample_rate_hz=MASTER_RATE_HZ, first=first
    ):
        whole[at : at + len(block)] = block
        at += len(block)
    ceiling = float(10 ** ((CEILING_DBTP - MARGIN_DB) / 20))
    setting = Setting(gain=1.0, ceiling=ceiling, trim=1.0)
    meter = Meter()
    at = 0
    waiting = np.zeros(0, np.float32)  # the next block looks back at what this one was
    for block in mastered_blocks(InMemory(whole), setting):
        whole[at : at + len(waiting)] = waiting
        at += len(waiting)
        waiting = block
        meter.add(block)
    whole[at:] = waiting
    if meter.true_peak > ceiling:
        for low in range(0, len(whole), BLOCK):
            whole[low : low + BLOCK] *= np.float32(ceiling / meter.true_peak)
    return Sound(samples=whole, sample_rate_hz=sound.sample_rate_hz)
