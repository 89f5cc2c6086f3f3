"""The clock that performances are worked out on, and how frames are read from it.

Curves are worked out at ``TICKS_HZ`` in seconds of the *speech* (0 is its first sample),
whatever the frame rate, and only then read at the frames. So the same speech moves the
same way at 24 and at 60 frames a second, and chance (the seed) never hears of the rate.

Frame *i* is on screen from ``i / rate`` up to ``(i + 1) / rate``; it shows the middle of
that time. Whatever part of the frame's time a sound falls in, the picture is then at
most half a frame away from it, and on average not at all.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

import numpy as np
from jaxtyping import Float64

from vivant.media.time import frames_covering

TICKS_HZ = 200
"""Steps a second: five to the fastest thing a mouth does (a 25 ms burst)."""
MARGIN_S = 1.0
"""Worked out before and after the film, so that filters and drifts have no edges inside it."""


def lead_frames(rate: Fraction, lead_s: float) -> int:
    """Tell on which frame the speech starts: a lead of about ``lead_s`` in whole frames."""
    return round(Fraction(lead_s).limit_denominator(1000) * rate)


@dataclass(frozen=True, kw_only=True)
class Timeline:
    """Which moments a performance has."""

    rate: Fraction
    """Frames a second."""
    lead_frames: int
    """Frames before the first sample of the speech."""
    frames: int
    """Frames in all."""
    first_tick: int
    """Where the curves start, in ticks from the speech's first sample; below zero."""
    ticks: int
    """How many ticks the curves have."""
    speech_s: float
    """How long the speech lasts."""

    @classmethod
    def from_speech(
        cls, *, samples: int, sample_rate_hz: int, rate: Fraction, lead_s: float, tail_s: float
    ) -> Timeline:
        """Lay out a film: lead, then the speech to its last sample, then the tail."""
        lead = lead_frames(rate, lead_s)
        covered = frames_covering(samples, rate=rate, sample_rate_hz=sample_rate_hz)
        speech_s = samples / sample_rate_hz
        first_tick = -round((lead_s + MARGIN_S) * TICKS_HZ)
        last_tick = round((speech_s + tail_s + MARGIN_S) * TICKS_HZ)
        return cls(
            rate=rate,
            lead_frames=lead,
            frames=lead + covered + lead_frames(rate, tail_s),
            first_tick=first_tick,
            ticks=last_tick - first_tick,
            speech_s=speech_s,
        )

    @cached_property
    def tick_times_s(self) -> Float64[np.ndarray, " ticks"]:
        """Moment of each tick in seconds of the speech."""
        return (self.first_tick + np.arange(self.ticks)) / TICKS_HZ

    @cached_property
    def frame_times_s(self) -> Float64[np.ndarray, " frames"]:
        """Moment that each frame shows, in seconds of the speech."""
        halves = 2 * np.arange(self.frames, dtype=np.int64) + 1 - 2 * self.lead_frames
        return halves * self.rate.denominator / (2 * self.rate.numerator)

    @property
    def film_starts_s(self) -> float:
        """Moment the first frame comes on screen."""
        return -float(self.lead_frames / self.rate)

    @property
    def film_ends_s(self) -> float:
        """Moment the last frame leaves the screen."""
        return float((self.frames - self.lead_frames) / self.rate)
