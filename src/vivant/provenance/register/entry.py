"""What the register knows of one film or sound, and what a search finds."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

import numpy as np
from jaxtyping import Bool, Float32, UInt8, UInt32

HASH_BYTES = 32
"""Of a picture's perceptual hash: 256 bits."""

OF_INNERS = np.uint32(1 << 31)
"""Added to the second of an inner part's hash where hashes of both kinds lie together."""

State = Literal["made", "withdrawn", "erased"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Fingerprints:
    """What a film looks and sounds like, so that a copy of it is recognised."""

    pictures: UInt8[np.ndarray, "pictures 32"]
    """Perceptual hashes in the order of the film, one a second or more; pictures that show next to nothing are left out."""
    seconds: UInt32[np.ndarray, " pictures"]
    """The second of the film that each is of."""
    sound: UInt32[np.ndarray, " subprints"]
    """Sub-fingerprints of the sound in order; none for a silent film."""
    inners: UInt8[np.ndarray, "inners 32"] = field(
        default_factory=lambda: np.zeros((0, HASH_BYTES), np.uint8)
    )
    """Hashes of the inner part of a picture each second, by which copies with cut edges are recognised."""
    inner_seconds: UInt32[np.ndarray, " inners"] = field(
        default_factory=lambda: np.zeros(0, np.uint32)
    )
    """The second of the film that each of those is of."""

    def all_pictures(self) -> tuple[UInt8[np.ndarray, "all 32"], UInt32[np.ndarray, " all"]]:
        """Give out hashes of pictures and of inner parts, and their seconds with ``OF_INNERS`` added to the latter's."""
        hashes = np.concatenate([self.pictures, self.inners])
        return hashes, np.concatenate([self.seconds, self.inner_seconds | OF_INNERS])

    @classmethod
    def nothing(cls) -> Fingerprints:
        """Those of a file that shows and says nothing."""
        return cls(
            pictures=np.zeros((0, HASH_BYTES), np.uint8),
            seconds=np.zeros(0, np.uint32),
            sound=np.zeros(0, np.uint32),
        )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Query:
    """What was seen and heard of something found, to be looked up."""

    pictures: UInt8[np.ndarray, "pictures 32"]
    """Perceptual hashes, one a second; pictures that show next to nothing are left out."""
    firmness: Float32[np.ndarray, "pictures 256"]
    """How firm each of their bits is, see ``PictureHash.firmness``."""
    is_plain: Bool[np.ndarray, " pictures"]
    """Whether there is little to see in them, so that they must be nearer."""
    seconds: UInt32[np.ndarray, " pictures"]
    """The second that each is of."""
    sound: UInt32[np.ndarray, " subprints"]
    """Sub-fingerprints of the sound in order; none where it is silent."""


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
    """A few plain sentences with the numbers."""
    sure: bool = True
    """``False`` where it may as well be another film of the same photo or scene: only pictures speak, or several
    films fit equally well."""
