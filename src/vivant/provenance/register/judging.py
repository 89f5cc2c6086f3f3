"""What is told of films that look or sound like something found, and how sure it is.

Two films of one photograph look alike whatever is said in them, and so do parts of two films of one template in
which nobody is near. Pictures alone cannot tell them apart; sound can, where there is some. So a likeness
is sure only where picture and sound agree on one film.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from vivant.provenance.register.comparing import AGREES, NOTHING_HEARD, Heard, Seen
from vivant.provenance.register.sound_prints import SAME

TIED_BITS = 3.0
"""Two films whose pictures are on average no farther apart fit equally well."""
TIED_PICTURE_BITS = 6.0
"""The same for single pictures, of which the bits scatter more."""
TIED_ERROR = 0.03
"""Two films whose sounds differ in no more of the bits fit equally well."""
OTHER_SOUND = 0.5
"""A film that looks the same and sounds different keeps this part of its score."""
_MOST_HEARD = 12
"""Films that look the same and are listened to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A film of ours that is told."""

    number: int
    by: Literal["pictures", "sound"]
    score: float
    why: str
    sure: bool = False


Listen = Callable[[int], float]
"""Tells how far a film's sound is from the sound that was found: its bit error rate, ``NOTHING_HEARD`` where one of
the two is silent."""


def judged(seen: Sequence[Seen], heard: Sequence[Heard], *, listen: Listen) -> list[Found]:
    """Decide what is told, the likeliest first.

    Args:
        seen: Films whose pictures are the same.
        heard: Films whose sound is the same.
        listen: Asked for those that look the same.
    """
    if not seen:
        return _by_sound(heard)
    ordered = sorted(seen, key=lambda one: one.bits)[:_MOST_HEARD]
    errors = {one.number: listen(one.number) for one in ordered}
    agreeing = [one for one in ordered if errors[one.number] < AGREES]
    if agreeing:  # what looks the same and sounds different is another film of the same picture
        return _told(agreeing, errors, is_sure=True)
    open_ = [
        one for one in ordered if errors[one.number] < SAME or errors[one.number] == NOTHING_HEARD
    ]
    return _told(open_ or ordered, errors, is_sure=False)


def _told(same: Sequence[Seen], errors: Mapping[int, float], *, is_sure: bool) -> list[Found]:
    tied = [one for one in same if one.bits <= same[0].bits + TIED_BITS]
    if is_sure:
        least = min(errors[one.number] for one in tied)
        tied = [one for one in tied if errors[one.number] <= least + TIED_ERROR]
    return [_found(one, errors[one.number], others=len(tied) - 1, is_sure=is_sure) for one in tied]


def _found(one: Seen, error: float, *, others: int, is_sure: bool) -> Found:
    score = one.share
    if is_sure:
        doubt = f" Its sound is the film's too ({100 * error:.0f} % of the bits differ)."
    elif error == NOTHING_HEARD:
        doubt = (
            " Only its pictures speak: it is this film, or another one of the same photo or scene."
        )
    elif error < SAME:
        doubt = (
            f" Its sound is like the film's, and not enough to be sure ({100 * error:.0f} % of the bits differ): it "
            f"may be another film of the same photo or scene."
        )
    else:
        doubt = (
            f" Its sound is not the film's ({100 * error:.0f} % of the bits differ): it is this film with another "
            f"sound, or another film of the same photo or scene."
        )
        score *= OTHER_SOUND
    if others:
        doubt += f" {others} more of ours fit equally well."
    return Found(
        number=one.number,
        by="pictures",
        score=score,
        why=one.why + doubt,
        sure=is_sure and not others,
    )


def _by_sound(heard: Sequence[Heard]) -> list[Found]:
    """Tell films that only sound the same: our sound to other pictures, or alone; or music that films share."""
    ordered = sorted(heard, key=lambda one: (-one.share, one.error))
    tied = [one for one in ordered if one.error <= ordered[0].error + TIED_ERROR]
    others = f" {len(tied) - 1} more of ours sound the same." if len(tied) > 1 else ""
    return [
        Found(
            number=one.number,
            by="sound",
            score=1 - one.error,
            why=(
                f"The sound is the same in {100 * one.share:.0f} % of its pieces of 3 seconds "
                f"({100 * one.error:.0f} % of their bits differ, less than {100 * SAME:.0f} % may).{others}"
            ),
            sure=not others and one.error < AGREES,
        )
        for one in tied
    ]


def nearest_pictures(seen: Sequence[Seen]) -> list[Found]:
    """Decide which films a single picture is of: the nearest. It is never sure."""
    ordered = sorted(seen, key=lambda one: one.bits)
    tied = [one for one in ordered if one.bits <= ordered[0].bits + TIED_PICTURE_BITS]
    return [_found(one, NOTHING_HEARD, others=len(tied) - 1, is_sure=False) for one in tied]
