"""What every frame of a film gets on its way to the encoder: the mark, the label, a look for the register."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from vivant.media.picture import Frame
from vivant.places import Places
from vivant.provenance.label import label_plate, labelled_frames, stamp
from vivant.provenance.record import FilmRecord
from vivant.provenance.standing import Standing
from vivant.provenance.watermark import Mark

ASKED_EVERY_FRAMES = 25
"""How often the ledger is asked whether the film may still be made."""


class Stamping:
    """Stamps the frames of one film, in order."""

    def __init__(self, record: FilmRecord, *, count: int, rate: Fraction, places: Places) -> None:
        """Prepare mark and label.

        Args:
            record: Whose number is marked.
            count: How many frames the film has.
            rate: Frames a second.
            places: Where the ledger is.
        """
        width_px, height_px = record.recipe.width_px, record.recipe.height_px
        self._plate = label_plate(width_px, height_px)
        self._labelled = labelled_frames(count, rate)
        self._mark = Mark(record.film_id, width_px, height_px)
        self._standing = Standing(consents_of(record), places=places)

    def stamp(self, frame: Frame) -> None:
        """Stamp one frame, in place.

        Raises:
            ConsentWithdrawnError: Somebody who is in the film took the consent back meanwhile.
        """
        if frame.index % ASKED_EVERY_FRAMES == 0:
            self._standing.insist()
        self._mark.apply(frame.y, frame.index)
        if frame.index in self._labelled:
            stamp(self._plate, frame.y, frame.u, frame.v)


def consents_of(record: FilmRecord) -> Sequence[str]:
    """Name the consents of everybody who is seen or heard in a film."""
    recipe = record.recipe
    voices = recipe.person_voices or (() if recipe.person_voice is None else (recipe.person_voice,))
    ids = [recipe.consent_id, *(one.record_id for one in recipe.consents or ())]
    return tuple(dict.fromkeys([*ids, *(voice.consent_id for voice in voices)]))
