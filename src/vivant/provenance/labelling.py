"""Brings together what a film's label owes in all its territories: the text, the plate, the frames.

There is no way to ask for a film without a label here, but by a waiver (``unlabelled``); and none at all
for live use.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Literal

from vivant.errors import InputError
from vivant.media.picture import Frame
from vivant.provenance.consent import Consent
from vivant.provenance.label import labelled_frames
from vivant.provenance.label_duties import Duty, checked_codes, duties_in, territories
from vivant.provenance.label_plates import (
    SEPARATOR,
    LabelPlate,
    label_plate,
    stamp,
)
from vivant.provenance.unlabelled import Waiver, WaiverError

Throughout = Literal["no", "small", "full"]
"""Between the label's own seconds: nothing, a small mark, or the label itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Labelling:
    """How one film, stream or picture is labelled. Made by ``labelling_for`` only."""

    duties: tuple[Duty, ...]
    """What it meets."""
    territories: tuple[str, ...] | None
    """Where it will be shown; anywhere when None."""
    live: bool = False
    throughout: Throughout = "no"
    waiver: Waiver | None = None
    """By which the label is left out."""
    marks: tuple[str, ...] = ()
    """Names of engines that mark the pictures beside the built-in one."""

    def __post_init__(self) -> None:
        if not self.duties:
            message = "A label must meet at least one duty. Take it from labelling_for."
            raise InputError(message)
        if self.duties != duties_in(self.territories):
            message = "A label meets the duties that are written down for its territories, and no other. Take it from labelling_for."
            raise InputError(message)
        if self.waiver is not None and not self._is_covered(self.waiver):
            message = (
                f"The agreement {self.waiver.waiver_id} is for {', '.join(self.waiver.territories)}, and the film for "
                f"{', '.join(self.territories or ('anywhere',))}. Name those territories for the film, or agree anew."
            )
            raise WaiverError(message)
        if self.waiver is not None and self.live:
            message = "A live picture is labelled in every frame; no agreement lifts that. Leave the waiver out."
            raise WaiverError(message)

    def _is_covered(self, waiver: Waiver) -> bool:
        named = () if self.territories is None else self.territories
        return bool(named) and set(named) <= set(waiver.territories)

    @property
    def is_left_out(self) -> bool:
        """Whether the label is left out, under a waiver."""
        return self.waiver is not None

    @property
    def text(self) -> str:
        """What it says; empty where it is left out."""
        if self.waiver is not None:
            return ""
        return SEPARATOR.join(duty.words for duty in self.duties)

    @property
    def least_share(self) -> Fraction:
        """Height of the lowest letter's ink over the shorter side, at least."""
        return max(duty.least_share for duty in self.duties)

    def plate(self, width_px: int, height_px: int) -> LabelPlate:
        """Draw the label for a frame size.

        Raises:
            InputError: The frame is too small for it.
            WaiverError: The label is left out.
        """
        if self.waiver is not None:
            message = f"The label is left out under waiver {self.waiver.waiver_id}: there is nothing to draw."
            raise WaiverError(message)
        return label_plate(width_px, height_px, self.text, share=self.least_share)

    def frames(self, count: int, rate: Fraction) -> frozenset[int]:
        """Tell which frames carry the label at its full size.

        Args:
            count: How many the film has.
            rate: Frames in each second.
        """
        if self.waiver is not None:
            return frozenset()
        if self.live or self.throughout == "full":
            return frozenset(range(count))
        return labelled_frames(count, rate)

    def stamp(self, frame: Frame, *, small: bool = False) -> None:
        """Put the label on a frame, in place; nothing where it is left out.

        Args:
            frame: Planes that may be written.
            small: The small mark instead, where the label itself is not owed. Live pictures always
                carry the label.

        Raises:
            InputError: The frame is too small for it.
        """
        if self.waiver is not None:
            return
        height_px, width_px = frame.y.shape
        share = self.least_share
        if small and not self.live:
            share = territories().house.small_share
        stamp(label_plate(width_px, height_px, self.text, share=share), frame.y, frame.u, frame.v)


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelWish:
    """What somebody asks of a film's label and marks: where it will be shown, and more than is owed.

    Nothing in it makes the label less than is owed, but a waiver; nothing takes the built-in mark away.
    """

    territories: tuple[str, ...] | None = None
    """ISO 3166-1 codes, or ``"EU"``; what the consents say when None."""
    throughout: Throughout = "no"
    waiver: Waiver | None = None
    marks: tuple[str, ...] = ()
    """Names of mark engines beside the built-in one: ``("trustmark",)``."""

    def labelling(self, consents: Sequence[Consent] = ()) -> Labelling:
        """Tell how the film is labelled.

        Args:
            consents: Of everybody in it: where nothing else is said, the film may be shown where they
                all allow it, and one that names no territory leaves it open.

        Raises:
            InputError: A code is none.
            WaiverError: The waiver is for other territories.
        """
        codes = self.territories
        if codes is None and consents and all(one.territories for one in consents):
            every = [code for one in consents for code in one.territories or ()]
            codes = tuple(dict.fromkeys(every))
        labelling = labelling_for(codes, throughout=self.throughout, waiver=self.waiver)
        return replace(labelling, marks=tuple(dict.fromkeys(self.marks)))


def labelling_for(
    codes: Sequence[str] | None = None,
    *,
    live: bool = False,
    throughout: Throughout = "no",
    waiver: Waiver | None = None,
) -> Labelling:
    """Tell how a film must be labelled where it will be shown.

    Args:
        codes: ISO 3166-1 codes, or ``"EU"``; anywhere when None.
        live: Whether it is a stream: then every frame carries the label, and that cannot be switched off.
        throughout: What stands between the label's own seconds.
        waiver: An agreement under which the label is left out; see ``unlabelled``.

    Returns:
        The union of all duties there; the default, which meets all of them, wherever none holds.

    Raises:
        InputError: A code is none.
        WaiverError: A label may not be left out there, or not for live use.
    """
    duties = duties_in(codes)
    named = None if codes is None else checked_codes(codes)
    return Labelling(
        duties=duties, territories=named, live=live, throughout=throughout, waiver=waiver
    )
