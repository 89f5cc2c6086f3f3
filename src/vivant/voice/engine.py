"""What a voice engine is, and what it says about itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, Protocol, runtime_checkable

import numpy as np
from jaxtyping import Float32

from vivant.media.watch import Watch
from vivant.places import Places
from vivant.voice.person import Character, Reference
from vivant.voice.speech import Phone, Word

Likeness = Literal["own", "matched", "cloned"]
"""How near an engine comes to a person: its own voices only; a voice of its own bent towards the
person ("resembles", never more); the person's voice itself."""


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
    mother_tongue: str = ""
    """The one of them that it speaks unasked; empty: English where it has that, else its first."""
    licence: str
    """SPDX expression that covers code and weights."""
    gives_timings: bool = False
    """Whether it says when each phone is heard; where not, phones are found from its sound."""
    streams: bool = False
    """Whether a long line is heard before it is finished."""
    likeness: Likeness = "own"
    """How near it can come to a person's voice; unless ``"own"``, it is a ``PersonalEngine``."""
    clones_from_s: float | None = None
    """Seconds of a person's recording it needs to speak like them; None when it has its own voices only."""
    watermarks: bool = False
    """Whether it marks its sound as machine-made."""
    models: tuple[str, ...] = ()
    """Optional models that it needs, by their names in the manifest; fetched before it speaks."""


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
    spoken_as: tuple[str, ...] = ()
    """For each word of ``text.split()`` how it sounds in IPA, ``""`` where the engine knows best; empty: it
    knows all. An engine that cannot take phones says the word as written."""
    emphasis: frozenset[int] = frozenset()
    """Places in ``text.split()`` of the words that carry the weight."""
    character: Character | None = None
    """The person to sound like, as this engine's ``fit`` made it; None for its own voice."""


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


@runtime_checkable
class PersonalEngine(VoiceEngine, Protocol):
    """An engine that can speak like a person: by matching or by cloning, see ``traits.likeness``."""

    def fit(self, reference: Reference, /, *, watch: Watch) -> Character:
        """Learn the person. What it needs to know is chosen by measures other than those of ``similarity``.

        Raises:
            InputError: The reference is too short or too poor; the message says by how much.
            MissingError: A model that it needs is not here.
        """


@dataclass(frozen=True, slots=True, kw_only=True)
class VoiceOffer:
    """One of the voices of an engine, for people to choose from."""

    name: str
    """Behind the colon: ``"michael"`` of ``kokoro:michael``; empty for the engine's only voice."""
    languages: frozenset[str]
    """BCP 47 tags."""
    sounds: str
    """For people: ``"a woman, American"``."""
    licence: str
    """SPDX expression of its weights."""
    ready: bool = True
    """Whether it can speak here and now."""
    how: str = ""
    """What to do, when it is not ready."""


@runtime_checkable
class VoiceFactory(Protocol):
    """The class that is registered in the entry-point group ``vivant.engines.voice``.

    Making one is quick and loads nothing heavy: weights are loaded with the first line.
    """

    def __call__(self, *, voice: str = "", places: Places | None = None) -> VoiceEngine:
        """Make the engine for one of its voices; ``""`` is its first.

        Raises:
            InputError: It has no such voice; the message lists them.
            MissingError: A library or a model that it needs is not here; the message says how to add it.
        """

    def offers(self, *, places: Places | None = None) -> tuple[VoiceOffer, ...]:
        """List its voices, the one that is used unasked first, also those that are not ready yet: a class method."""
