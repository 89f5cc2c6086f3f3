"""What the register knows of one film or sound, and what a search finds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

import numpy as np
from jaxtyping import UInt8, UInt32

HASH_BYTES = 32
"""Of a picture's perceptual hash: 256 bits."""

State = Literal["made", "withdrawn", "erased"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Fingerprints:
    """What a film looks and sounds like, so that a copy of it is recognised."""

    pictures: UInt8[np.ndarray, "pictures 32"]
    """Perceptual hashes in the order of the film, one a second or more; pictures too plain to be told from others are left out."""
    seconds: UInt32[np.ndarray, " pictures"]
    """The second of the film that each is of."""
    sound: UInt32[np.ndarray, " subprints"]
    """Sub-fingerprints of the sound in order; none for a silent film."""

    @classmethod
    def nothing(cls) -> Fingerprints:
        """Those of a file that shows and says nothing."""
        return cls(
            pictures=np.zeros((0, HASH_BYTES), np.uint8),
            seconds=np.zeros(0, np.uint32),
            sound=np.zeros(0, np.uint32),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One film, sound or picture of ours, by id, hashes and dates; never a name."""

    made_id: str
    """16 hex digits: the film's or sound's id."""
    kind: Literal["film", "sound"]
    file_sha256: str
    """Of the file as it was delivered; the newest, where the same film was made several times."""
    record_sha256: str
    """Of the film's record; empty once the papers were erased."""
    made_at: datetime | None
    """UTC; nothing once the papers were erased."""
    seconds: float
    """How long it is; 0 once the papers were erased."""
    consent_ids: tuple[str, ...]
    """Of everybody who is seen or heard; empty once the papers were erased."""
    state: State = "made"
    """``"erased"``: nothing is left but what is needed to recognise a copy."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """A film of ours that something found in the wild is like."""

    entry: Entry
    by: Literal["file", "watermark", "pictures", "sound"]
    """How it was recognised; ``"file"``: the very file."""
    score: float
    """0..1: share of the compared pictures, or of the sound's bits, that are the same; 1 for a file or a mark."""
    why: str
    """One plain sentence with the numbers."""
