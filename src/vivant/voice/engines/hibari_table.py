"""How one voice differs from another, sound by sound.

A table has a row for each third of each phone, and two for frames of no known phone. What was heard too
seldom leans on its phone, that on its kind of phones, and that on all voiced or unvoiced ones.

Source:
    J.-L. Gauvain and C.-H. Lee, "Maximum a posteriori estimation for multivariate Gaussian mixture
    observations of Markov chains", 1994: a mean of few observations leans on what was known before.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
from jaxtyping import Float32, Int64

from vivant.voice.phones import is_vowel
from vivant.voice.spectra import HOP
from vivant.voice.speech import Phone

KINDS: Mapping[str, tuple[str, ...]] = MappingProxyType({
    "close": ("i", "ɪ", "j", "eɪ", "e", "ɨ", "y"),
    "back": ("u", "ʊ", "w", "oʊ", "ɔ", "ɔɪ", "əʊ", "o"),
    "open": ("æ", "ɛ", "ɑ", "ʌ", "aɪ", "aʊ", "a", "ɒ", "ɐ"),
    "middle": ("ə", "ɜ", "ɚ", "ɹ", "l"),
    "nasal": ("m", "n", "ŋ"),
    "buzz": ("v", "ð", "z", "ʒ", "dʒ"),
    "hiss": ("f", "θ", "s", "ʃ", "tʃ", "h"),
    "burst": ("p", "t", "k"),
    "voiced burst": ("b", "d", "ɡ", "ɾ"),
})  # fmt: skip
"""Phones by how they are made."""
SYMBOLS = tuple(symbol for symbols in KINDS.values() for symbol in symbols)
KIND_OF = tuple(kind for kind, symbols in enumerate(KINDS.values()) for _ in symbols)
PLACE_OF = {symbol: place for place, symbol in enumerate(SYMBOLS)}
PARTS = 3
"""Beginning, middle and end of a phone are told apart."""
VOICED, UNVOICED = len(SYMBOLS) * PARTS, len(SYMBOLS) * PARTS + 1
"""Rows of the table for frames of no known phone."""
PRIOR_FRAMES = 12.0
"""A phone heard for this many frames counts as much as its kind."""
PRIOR_KIND_FRAMES = 20.0

_ROWS = np.arange(UNVOICED + 1)
_PHONE_OF = np.where(_ROWS < VOICED, _ROWS // PARTS, _ROWS - VOICED + len(SYMBOLS))
_KIND_OF = np.array([*KIND_OF, len(KINDS), len(KINDS) + 1])
_SILENT_OF = np.array([*(int(name in {"hiss", "burst"}) for name in KINDS), 0, 1])
VOWELS = np.array([*np.repeat([is_vowel(symbol) for symbol in SYMBOLS], PARTS), False, False])
"""For each row whether it is of a vowel."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Sorted:
    """Frames, each with the row it belongs to."""

    values: Float32[np.ndarray, "frames values"]
    rows: Int64[np.ndarray, " frames"]

    def means(self, group_of: Int64[np.ndarray, " rows"] = _ROWS) -> tuple[np.ndarray, np.ndarray]:
        """Count the frames of each group of rows, and average them."""
        groups = group_of[self.rows]
        counts = np.bincount(groups, minlength=int(group_of.max()) + 1).astype(np.float64)
        totals = np.zeros((len(counts), self.values.shape[1]))
        np.add.at(totals, groups, self.values)
        return counts, totals / np.maximum(counts, 1.0)[:, None]


def rows_of(
    pitch_hz: Float32[np.ndarray, " frames"], phones: Sequence[Phone]
) -> Int64[np.ndarray, " frames"]:
    """Tell for each frame its row: phone and part of it, or only whether it is voiced."""
    rows = np.where(pitch_hz > 0, VOICED, UNVOICED)
    for phone in phones:
        place = PLACE_OF.get(phone.symbol)
        first, last = -(-phone.first // HOP), min(-(-phone.last // HOP), len(rows))
        if place is None or last <= first:
            continue
        part = (np.arange(first, last) * HOP - phone.first) * PARTS // (phone.last - phone.first)
        rows[first:last] = place * PARTS + np.minimum(part, PARTS - 1)
    return rows


def lacking(theirs: Sorted, ours: Sorted) -> Float32[np.ndarray, "rows values"]:
    """Measure by how much the means of each row differ."""
    overall = _apart(theirs, ours, _SILENT_OF[_KIND_OF[_PHONE_OF]])[1]
    count, kinds = _apart(theirs, ours, _KIND_OF[_PHONE_OF])
    kinds = _leaning(count, kinds, overall[_SILENT_OF], PRIOR_KIND_FRAMES)
    count, phones = _apart(theirs, ours, _PHONE_OF)
    phones = _leaning(count, phones, kinds[_KIND_OF], PRIOR_FRAMES)
    count, parts = _apart(theirs, ours, _ROWS)
    table = _leaning(count, parts, phones[_PHONE_OF], PRIOR_FRAMES)
    table[VOICED:] = overall
    return np.asarray(table, np.float32)


def _apart(
    theirs: Sorted, ours: Sorted, group_of: Int64[np.ndarray, " rows"]
) -> tuple[np.ndarray, np.ndarray]:
    counts, means = theirs.means(group_of)
    own_counts, own_means = ours.means(group_of)
    both = np.minimum(counts, own_counts)
    return both, np.where(both[:, None] > 0, means - own_means, 0.0)


def _leaning(counts: np.ndarray, found: np.ndarray, prior: np.ndarray, frames: float) -> np.ndarray:
    share = (counts / (counts + frames))[:, None]
    return np.asarray(share * found + (1 - share) * prior)
