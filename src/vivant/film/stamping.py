"""What every frame of a film gets on its way to the encoder: the mark, the label, a look for the register."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from vivant.film.labelled import consents_in, insist_on_label
from vivant.media.picture import Frame
from vivant.media.sound import Sound
from vivant.places import Places
from vivant.provenance.labelling import Labelling, labelling_for
from vivant.provenance.marking import MarkEngine
from vivant.provenance.record import FilmRecord
from vivant.provenance.register.entry import Fingerprints
from vivant.provenance.register.fingerprinting import Fingerprinter
from vivant.provenance.standing import Standing
from vivant.provenance.watermark import Mark

ASKED_EVERY_FRAMES = 25
"""How often the ledger is asked whether the film may still be made."""


class Stamping:
    """Stamps the frames of one film, in order."""

    def __init__(
        self,
        record: FilmRecord,
        *,
        count: int,
        rate: Fraction,
        places: Places,
        labelling: Labelling | None = None,
        marks: Sequence[MarkEngine] = (),
    ) -> None:
        """Prepare mark and label.

        Args:
            record: Whose number is marked.
            count: How many frames the film has.
            rate: Frames a second.
            places: Where the ledger is.
            labelling: As the record says; the default label when left out.
            marks: Marks beside the built-in one.

        Raises:
            NotLabelledError: The record says another label.
            WaiverError: The label is to be left out, and nothing allows it.
        """
        self._labelling = labelling or labelling_for()
        insist_on_label(record, self._labelling, places=places)
        width_px, height_px = record.recipe.width_px, record.recipe.height_px
        self._labelled = self._labelling.frames(count, rate)
        self._mark = Mark(record.film_id, width_px, height_px)
        self._markers = [
            engine.begin(record.film_id, width_px=width_px, height_px=height_px) for engine in marks
        ]
        self._standing = Standing(consents_of(record), places=places)
        self._seen = Fingerprinter(rate, width_px, height_px)

    def stamp(self, frame: Frame) -> None:
        """Stamp one frame, in place.

        Raises:
            ConsentWithdrawnError: Somebody who is in the film took the consent back meanwhile.
        """
        if frame.index % ASKED_EVERY_FRAMES == 0:
            self._standing.insist()
        for marker in self._markers:
            marker.apply(frame)
        self._mark.apply(frame.y, frame.index)
        if frame.index in self._labelled:
            self._labelling.stamp(frame)
        elif self._labelling.throughout == "small":
            self._labelling.stamp(frame, small=True)
        self._seen.see(frame.index, frame.y)

    def close(self) -> None:
        """Give back what the marks beside the built-in one hold."""
        for marker in self._markers:
            marker.close()

    def fingerprints(self, sound: Sound | None) -> Fingerprints:
        """Tell what the register is to remember, once every frame was stamped.

        Args:
            sound: What is heard, as it is delivered.
        """
        if sound is not None:
            self._seen.hear(sound)
        return self._seen.done()


def consents_of(record: FilmRecord) -> Sequence[str]:
    """Name the consents of everybody who is seen or heard in a film."""
    return consents_in(record.recipe)
