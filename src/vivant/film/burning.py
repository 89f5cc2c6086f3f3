"""Captions burnt into the picture: one plate for each, drawn when it is due."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from vivant.film.captions import Cue
from vivant.film.cards import Plate, Words, fading, plate_of
from vivant.media.picture import Frame

CAPTION_SIZE = 4.6
CENTRE_Y = 0.905
TAKES_S = 0.12


class Burner:
    """Lays captions on the frames of a film, which come in order."""

    def __init__(
        self,
        cues: Sequence[Cue],
        *,
        width_px: int,
        height_px: int,
        rate: Fraction,
        language: str,
    ) -> None:
        self._cues = sorted(cues, key=lambda cue: cue.first_ms)
        self._size = (width_px, height_px)
        self._rate, self._language = rate, language
        self._drawn: dict[int, Plate | None] = {}
        for number in range(
            len(self._cues)
        ):  # so that a script that cannot be drawn is told at once
            self._plate(number)
            self._drawn.clear()

    def burn(self, frame: Frame) -> None:
        """Lay what is said on a frame, in place."""
        for number, cue in enumerate(self._cues):
            first, last = (
                round(Fraction(ms, 1000) * self._rate) for ms in (cue.first_ms, cue.last_ms)
            )
            if first <= frame.index < last:
                plate = self._plate(number)
                if plate is not None:
                    here = fading(frame.index, first=first, last=last, rate=self._rate, takes_s=TAKES_S)  # fmt: skip
                    plate.lay(frame, here)
            elif frame.index >= last:
                self._drawn.pop(number, None)

    def _plate(self, number: int) -> Plate | None:
        if number not in self._drawn:
            text = "\n".join(self._cues[number].lines)
            lines = len(self._cues[number].lines)
            width_px, height_px = self._size
            lift = 0.031 * (lines - 1) * min(self._size) / height_px
            self._drawn[number] = plate_of(
                [
                    Words(
                        text=text, size=CAPTION_SIZE, centre_y=CENTRE_Y - lift, role="caption",
                        what=f"Caption {number + 1}", shaded=True,
                    )
                ],
                width_px=width_px,
                height_px=height_px,
                language=self._language,
            )  # fmt: skip
        return self._drawn[number]
