"""Loudness while sound is being made: each line is levelled by what was heard so far."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np
from jaxtyping import Float32

from vivant.media.hearing import resampled
from vivant.media.loudness import BLOCK, SILENCE_LUFS, Meter
from vivant.media.mastering import (
    CEILING_DBTP,
    MARGIN_DB,
    MASTER_RATE_HZ,
    MOST_GAIN_DB,
    TARGET_LUFS,
    InMemory,
    Setting,
    check_samples,
    mastered_blocks,
)
from vivant.media.sound import Sound

MOST_STEP_DB = 2.0
"""From one line to the next the gain changes by no more: a listener hears one voice, not a hand on a knob."""


def levelled_lines(
    lines: Iterable[Sound],
    *,
    lufs: float = TARGET_LUFS,
    true_peak_dbtp: float = CEILING_DBTP,
) -> Iterator[Sound]:
    """Level lines one by one, for somebody who listens while they are made.

    Each line gets the gain that would bring all that was heard so far, itself too, to the target; so the
    whole comes out within 1 LU of it, where ``mastering`` comes within 0.5. Peaks are held as there.

    Args:
        lines: Sounds that begin and end in silence, of any rate.
        lufs: Integrated loudness to reach.
        true_peak_dbtp: Ceiling for peaks.

    Yields:
        The lines at ``MASTER_RATE_HZ``.

    Raises:
        InputError: A sample is no number.
    """
    heard, sent = Meter(), Meter()
    gain_db: float | None = None
    ceiling = float(10 ** ((true_peak_dbtp - MARGIN_DB) / 20))
    for line in lines:
        check_samples(line.samples)
        samples = resampled(line, sample_rate_hz=MASTER_RATE_HZ).samples
        _hear(heard, samples)
        if heard.lufs <= SILENCE_LUFS:
            yield Sound(samples=samples, sample_rate_hz=MASTER_RATE_HZ)
            continue
        wanted_db = lufs - heard.lufs
        if gain_db is not None:  # what the limiter took so far is given back
            wanted_db += min(MOST_STEP_DB, max(0.0, lufs - sent.lufs))
            wanted_db = min(max(wanted_db, gain_db - MOST_STEP_DB), gain_db + MOST_STEP_DB)
        gain_db = min(wanted_db, MOST_GAIN_DB)
        setting = Setting(gain=float(10 ** (gain_db / 20)), ceiling=ceiling, trim=1.0)
        levelled = np.concatenate(
            [np.zeros(0, np.float32), *mastered_blocks(InMemory(samples), setting)]
        )
        peak = _hear(Meter(), levelled).true_peak
        if peak > ceiling:
            levelled *= np.float32(ceiling / peak)
        _hear(sent, levelled)
        yield Sound(samples=levelled, sample_rate_hz=MASTER_RATE_HZ)


def _hear(meter: Meter, samples: Float32[np.ndarray, " samples"]) -> Meter:
    for first in range(0, len(samples), BLOCK):
        meter.add(samples[first : first + BLOCK])
    return meter
