"""What was said, and exactly when."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from vivant.media.sound import Sound


@dataclass(frozen=True, slots=True, kw_only=True)
class Phone:
    """One speech sound."""

    symbol: str
    """IPA, without stress or length marks: ``"p"``, ``"iː"`` is ``"i"``, ``"tʃ"`` is one phone; ``""`` is a pause."""
    first: int
    """First sample."""
    last: int
    """One past the last sample."""
    stress: Literal[0, 1, 2] = 0
    """1 for the vowel with primary stress, 2 for secondary."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """One written word."""

    text: str
    first: int
    last: int
    ends: Literal["", "phrase", "sentence"] = ""
    """Whether a phrase or a sentence ends with it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Direction:
    """A stretch of speech that is to be acted in a way."""

    kind: Literal["smile", "soft", "emphasis"]
    first: int
    """First sample."""
    last: int
    """One past the last sample."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Whose voice a made speech resembles, for the papers: no name."""

    profile_sha256: str
    """Hash of the voice profile."""
    consent_id: str
    consent_sha256: str
    likeness: Literal["matched", "cloned"]
    encoder: float
    """See ``Resemblance``."""
    spectral: float
    word: str
    """See ``Resemblance``."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Speech:
    """Sound with its words and phones in exact samples; phones cover the sound without gap or overlap."""

    sound: Sound
    words: tuple[Word, ...]
    """Empty when the words are not known."""
    phones: tuple[Phone, ...]
    text: str
    """What was asked to be said; empty for a recording whose words are not known."""
    language: str
    """BCP 47."""
    voice: str
    """Name of the voice as it is asked for, or ``"recording"``."""
    synthetic: bool
    """Whether a machine made the sound."""
    source_sha256: str = ""
    """Hash of the recording it comes from; empty when synthetic."""
    directions: tuple[Direction, ...] = ()
    """How stretches are to be acted, in order of their beginnings."""
    person: Person | None = None
    """Whose voice it resembles; None for a voice that is nobody's, and for a recording."""
