"""Whether a film of ours and something found are the same: by pictures, by sound, by both.

Copying flips the bits of a hash that are hardly firm; another person in the same scene flips firm ones too. So two
pictures are compared by the share of what is firm that differs. Measured: of a copy's pictures 1 to 4 % where little
of it is left (160x90, CRF 28), of another person's in the same scene 8 % and more, mostly 12 to 30 %, of strangers' 25 to
45 %. Where a scene shows nobody near, films of one template have the very same pictures: hence the share of pictures.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Float32, Float64, Int64, UInt16, UInt32, UInt64

from vivant.media.compilation import owned
from vivant.provenance.register.entry import Query
from vivant.provenance.register.facts import Facts
from vivant.provenance.register.looking import differences
from vivant.provenance.register.shelf import Shelf
from vivant.provenance.register.sound_prints import BLOCK, PRINTS_A_SECOND, SAME, bit_error, find_in

SAME_SHARE = 0.035
"""Pictures of two films are the same while no more of what is firm in their hashes differs."""
PLAIN_SHARE = 0.025
"""The same of plain pictures, cards with a line of words: others with words of the same length are at 5 % and more,
the moon in another sky at 2 % now and then."""
FAINT_SHARE = 0.08
"""So are pictures of which little is left, where (nearly) all of a film's are within this."""
FEWEST_FAINT = 5
"""Pictures that must be compared for that."""
MOST_OTHER = 0.05
"""Of those, the share that may be farther."""
PICTURE_BITS = 24
"""A single picture is the same up to here: 10 bits between the pictures that are kept, and 14 for copying. At the published
31, two of 1,000 strange pictures were told as ours."""
CHANGED_BITS = 20
"""A single picture that was cut, turned or found on a screen is the same up to here: more ways of looking, more chance."""
FILM_SHARE = 0.8
"""Of the compared pictures, or of the heard blocks, that must be the same (published for vPDQ)."""
FEWEST_INSIDE = 3
"""Pictures of ours that must be seen in something longer."""
PROBES = 16
"""Pictures of a film that are looked up, those with the fewest others near them; all are compared with the films
so found."""
FIRST_PROBES = 6
"""So many are looked up first; the others only where these lead to nothing."""
_MOST_SPREAD = 2 * PROBES
AGREES = 0.18
"""Bit error rate of a copy's sound (measured: 0.12 at the most, for AAC of 24 kbit/s). Other sentences of one voice that
begin alike have 0.20 and more in their first 3 seconds, so the published 0.35 does not tell films of ours apart."""
_MANY_BLOCKS = 4
"""Twelve seconds that are the same at the published rate: a recording of a recording."""
NOTHING_HEARD = 1.0
"""The error of a sound that cannot be compared."""
_FARTHEST_BITS = 64
_PROBE_BITS = 6
_FEWEST_VOTES = 3
_MOST_HEARD = 16
_NEAR_PRINTS = 4


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Seen:
    """How the pictures of a film of ours fit."""

    number: int
    share: float
    compared: int
    bits: float
    """How far they are on average, strangers counted as ``_FARTHEST_BITS``; for one picture, how far it is."""
    why: str

    @classmethod
    def of_picture(cls, number: int, bits: int, *, within: int) -> Seen:
        """Tell of one picture."""
        why = (
            f"The picture differs from one of the film in {bits} of 256 bits; {within} are allowed."
        )
        return cls(number=number, share=1 - bits / 256, compared=1, bits=float(bits), why=why)


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """How the sound of a film of ours fits."""

    number: int
    error: float
    """Share of wrong bits in the blocks that are the same."""
    share: float
    """Of the blocks that are the same."""
    blocks: int
    """Pieces of 3 seconds that were compared."""
    offset_s: float


def spread(words: UInt64[np.ndarray, "n 4"]) -> Int64[np.ndarray, " probes"]:
    """Choose pictures to be looked up: from all over the film, none like another."""
    chosen: list[int] = []
    steps = np.argsort((np.arange(len(words)) * 0.6180339887498949) % 1.0)
    for at in np.argsort(steps, kind="stable"):
        far = np.bitwise_count(words[chosen] ^ words[at]).sum(axis=1) if chosen else np.array([256])
        if far.min() > _PROBE_BITS:
            chosen.append(int(at))
        if len(chosen) == _MOST_SPREAD:
            break
    return np.array(chosen, np.int64)


def compare(
    number: int,
    query: UInt64[np.ndarray, "q 4"],
    firmness: Float32[np.ndarray, "q 256"],
    is_plain: Bool[np.ndarray, " q"],
    stored: UInt64[np.ndarray, "m 4"],
    *,
    may_be_faint: bool = True,
) -> Seen | None:
    """Compare all pictures of two films, as vPDQ does: each with the nearest of the other; nothing where too few fit."""
    if not len(query) or not len(stored):
        return None
    share, bits = differences(query, firmness, owned(stored))
    share[is_plain] *= SAME_SHARE / PLAIN_SHARE
    may_be_faint = may_be_faint and not is_plain.any()
    for axis, what in ((1, "are the film's"), (0, "of ours are seen in it")):
        if axis or len(stored) >= FEWEST_INSIDE:
            nearest, differ = share.min(axis=axis), bits.min(axis=axis)
            found = _seen(number, nearest, differ, what=what, may_be_faint=may_be_faint)
            if found is not None:
                return found
    return None


def _seen(
    number: int,
    share: Float32[np.ndarray, " n"],
    bits: UInt16[np.ndarray, " n"],
    *,
    what: str,
    may_be_faint: bool,
) -> Seen | None:
    count = len(share)
    within, least = SAME_SHARE, FILM_SHARE
    if may_be_faint and (share <= within).mean() < least and count >= FEWEST_FAINT:
        within, least = FAINT_SHARE, 1 - MOST_OTHER
    same = float((share <= within).mean())
    if same < least:
        return None
    mean = float(np.minimum(bits, _FARTHEST_BITS).mean())
    why = (
        f"{round(same * count)} of {count} compared pictures {what} ({mean:.0f} of 256 bits differ on average, and "
        f"of what is firm no more than {100 * within:.1f} %)."
    )
    return Seen(number=number, share=same, compared=count, bits=mean, why=why)


def heard(shelves: Iterable[Shelf], facts: Facts, prints: Query) -> list[Heard]:
    """Find films that sound the same, block by block."""
    if len(prints.sound) < BLOCK // 2:
        return []
    votes: Counter[tuple[int, int]] = Counter()
    for shelf in shelves:
        numbers, later = shelf.sounds_like(prints.sound)
        places = np.stack([numbers, later // _NEAR_PRINTS], axis=1)
        if len(places):
            unique, counts = np.unique(places, axis=0, return_counts=True)
            for (number, at), count in zip(unique.tolist(), counts.tolist(), strict=True):
                votes[number, at] += count
    found: dict[int, Heard] = {}
    for (number, at), count in votes.most_common(_MOST_HEARD):
        stored = facts.sound_of(number) if count >= _FEWEST_VOTES else None
        if stored is None:
            continue
        one = _fitted(number, prints.sound, stored, at * _NEAR_PRINTS)
        if number not in found or one.share > found[number].share:
            found[number] = one
    return [
        one
        for one in found.values()
        if one.share >= FILM_SHARE and (one.error < AGREES or one.blocks >= _MANY_BLOCKS)
    ]


def sound_error(query: UInt32[np.ndarray, " q"], stored: UInt32[np.ndarray, " m"]) -> float:
    """Tell what share of the bits of two sounds differs where one lies best in the other.

    All of what both have counts, not the best stretch: films of one template share their music between the words.

    Returns:
        Less than ``AGREES`` only where it is so in ``FILM_SHARE`` of the blocks; ``NOTHING_HEARD`` where one is silent.
    """
    laid = find_in(query, stored)
    first, last = max(0, -laid.offset), min(len(query), len(stored) - laid.offset)
    errors = _errors(query[first:last], stored[first + laid.offset : last + laid.offset])
    if not len(errors):
        return NOTHING_HEARD
    same = errors < AGREES
    return float(errors[same].mean() if same.mean() >= FILM_SHARE else errors[~same].mean())


def _fitted(
    number: int,
    query: UInt32[np.ndarray, " q"],
    stored: UInt32[np.ndarray, " m"],
    later: int,
) -> Heard:
    """Lay one sound over the other, a few places to each side, and compare block by block."""
    best = Heard(number=number, error=1.0, share=0.0, blocks=0, offset_s=0.0)
    for at in range(later - _NEAR_PRINTS, later + 2 * _NEAR_PRINTS):
        first, last = max(0, -at), min(len(query), len(stored) - at)
        errors = _errors(query[first:last], stored[first + at : last + at])
        if not len(errors):
            continue
        share = float((errors < SAME).mean())
        error = float(errors[errors < SAME].mean()) if share else 1.0
        if (share, -error) > (best.share, -best.error):
            seconds = at / PRINTS_A_SECOND
            best = Heard(
                number=number, error=error, share=share, blocks=len(errors), offset_s=seconds
            )
    return best


def _errors(
    one: UInt32[np.ndarray, " n"], other: UInt32[np.ndarray, " n"]
) -> Float64[np.ndarray, " blocks"]:
    firsts = range(0, max(1, len(one) - BLOCK + 1), BLOCK) if len(one) >= BLOCK // 2 else ()
    errors = np.array([bit_error(one[f : f + BLOCK], other[f : f + BLOCK]) for f in firsts])
    return errors[errors < 1.0]
