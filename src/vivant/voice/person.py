"""What is known of a person's voice, and how like it a made one is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from vivant.media.sound import Sound
from vivant.voice.speech import Phone


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Reference:
    """A person heard alone: what engines learn from, and what results are held against."""

    sound: Sound
    """Mono, 24 kHz, cleaned, -23 LUFS; the person's own stretches one behind the other, pauses shortened."""
    phones: tuple[Phone, ...]
    """As heard; covering the sound without gap or overlap."""
    bandwidth_hz: float
    """Above it the recording holds nothing of the person: some 3,400 for a telephone."""
    snr_db: float
    """Speech over noise before cleaning."""
    text: str = ""
    """What is said in it; empty when not known."""

    @property
    def seconds(self) -> float:
        """How long it is."""
        return len(self.sound.samples) / self.sound.sample_rate_hz


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Character:
    """How one engine is to sound like one person: made by the engine's ``fit``, understood by it alone."""

    engine: str
    """Name of the engine, without a voice."""
    version: str
    """``traits.version`` that fitted it; another version fits again."""
    arrays: Mapping[str, np.ndarray]
    """What the fit found; no object arrays."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Resemblance:
    """How like a person a made voice is, by two measures that did not choose it.

    Both are told as the share of the way from the engine's unmatched voice (0) to other speech of the
    person themselves (1); a value may lie beyond either end.
    """

    encoder: float
    """By a speaker encoder: cosine of the vectors."""
    spectral: float
    """By the likelihood of the sound's spectra under a model of the person's."""
    cosine: float
    """The encoder's plain cosine with the person's held-out speech, -1 to 1."""
    held_out_s: float
    """Seconds of the person's speech that were kept apart to measure with."""

    @property
    def share(self) -> float:
        """The lower of the two shares: what may be promised."""
        return min(self.encoder, self.spectral)

    @property
    def word(self) -> str:
        """What to tell people."""
        for least, word in (
            (0.85, "very like"),
            (0.6, "like"),
            (0.35, "resembling"),
            (0.15, "faintly resembling"),
        ):
            if self.share >= least:
                return word
        return "unlike"
