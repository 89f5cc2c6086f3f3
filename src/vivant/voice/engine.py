"""What a voice engine is, and what it says about itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol, runtime_checkable

import numpy as np
from jaxtyping import Float32

from vivant.voice.speech import Phone, Word


@dataclass(frozen=True, slots=True, kw_only=True)
class VoiceTraits:
    """What an engine can do; asked before work starts, never found out by failing."""

    name: str
    """What people type to choose it."""
    version: str
    """Changes whenever the same line would sound different; part of the cache key."""
    sample_rate_hz: int
    """Samples in each second of the sound it returns."""
    languages: frozenset[str]
    """BCP 47 tags it can speak."""
    licence: str
    """SPDX expression that covers code and weights."""
    gives_timings: bool = False
    """Whether it says when each phone is heard; where not, phones are found from its sound."""
    streams: bool = False
    """Whether a long line is heard before it is finished."""
    clones_from_s: float | None = None
    """Seconds of a person's recording it needs to speak like them; None when it has its own voice only."""
    watermarks: bool = False
    """Whether it marks its sound as machine-made."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One sentence or less, ready to be said: NFC, one line of text, not empty."""

    text: str
    language: str
    """BCP 47, one of the engine's."""
    rate: float = 1.0
    """Pace against the engine's own, 0.5 to 2.0."""
    seed: int = 0
    """The same line with the same seed sounds the same, sample for sample."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Said:
    """A line as an engine said it."""

    samples: Float32[np.ndarray, " samples"]
    """Mono, full scale ±1.0, at ``traits.sample_rate_hz``."""
    phones: tuple[Phone, ...] = ()
    """Covering the sound without gap or overlap; empty when the engine gives no timings."""
    words: tuple[Word, ...] = ()
    """The words of the line as written; empty when the engine gives no timings."""


@runtime_checkable
class VoiceEngine(Protocol):
    """Turns one line into sound, and nothing else.

    ``speak()`` checks the line before and the sound after, so an engine holds only the
    hard part. It keeps no state between lines: threads may share it.
    """

    @property
    def traits(self) -> VoiceTraits:
        """What this engine can do."""

    def say(self, line: Line, /) -> Said:
        """Say the line."""
