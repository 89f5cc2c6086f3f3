"""Puts a story's cards, shots and titles into their order."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from functools import partial
from typing import Literal

from vivant.film.cards import (
    Backdrop,
    Plate,
    Words,
    backdrop_from,
    card_frames,
    plate_of,
)
from vivant.film.shots_kept import read_shot
from vivant.film.telling import Cut, Piece, lay_out
from vivant.media.picture import Frame
from vivant.scene.shot import Shot
from vivant.scene.storyboard import Storyboard, Title
from vivant.scene.words_card import made_with_ai
from vivant.studio.shooting import ShotMade

DISSOLVE_S = 1.0
FROM_CARD_S = 0.8
"""How long a card takes to become the picture that it was made of."""
SHORTEST_CARD_S = 2.5
"""The sentence on the first card can be read in this time."""
END_CARD_S = 3.0
SENTENCE_SIZE, OWN_SIZE, TITLE_SIZE, SMALL_SIZE = 5.4, 6.0, 7.6, 4.2
"""Hundredths of the picture's shorter side."""
TITLE_Y, ABOVE_CAPTIONS_Y = 0.78, 0.68
"""Middle of a title over a shot, in heights of the picture; where captions are burnt in it stands higher."""
WHITE_UP_TO = 0.35


def cut_together(
    storyboard: Storyboard,
    shots: Sequence[Shot],
    made: Sequence[ShotMade],
    *,
    width_px: int,
    height_px: int,
    number: str | None = None,
) -> Cut:
    """Lay out the film.

    Args:
        storyboard: Whose cards, titles and transitions it takes.
        shots: As staged.
        made: Their files, in the same order.
        width_px: Even.
        height_px: Even.
        number: Told on a last card; no such card when None.

    Raises:
        UnwritableError: Words cannot be drawn in the fonts that are here.
    """
    desk = _Desk(storyboard, width_px=width_px, height_px=height_px)
    first = backdrop_from(_calm_frame(shots[0], made[0]))
    pieces = [desk.opening(first)]
    pieces += [
        desk.card(f"title/{place}", [_big(title)], title.seconds, first, overlap_s=FROM_CARD_S)
        for place, title in enumerate(storyboard.titles)
        if title.over == "start"
    ]
    transitions = [plan.transition for plan in storyboard.shots]
    for place, one in enumerate(made):
        overlap_s = DISSOLVE_S if transitions[place] == "dissolve" else 0.0
        pieces.append(desk.shot(one, overlap_s=FROM_CARD_S if place == 0 else overlap_s))
    last = None
    endings = [title for title in storyboard.titles if title.over == "end"]
    if endings or number is not None:
        last = backdrop_from(_last_frame(made[-1]), may_be_light=True)
    for place, title in enumerate(endings):
        assert last is not None  # noqa: S101 - made above
        is_end = place + 1 == len(endings) and number is None
        pieces.append(
            desk.card(
                f"ending/{place}", [_big(title)], title.seconds, last, overlap_s=FROM_CARD_S,
                goes="black" if is_end else "at once",
            )
        )  # fmt: skip
    if number is not None and last is not None:
        words = [
            Words(text=made_with_ai(storyboard.language), size=SMALL_SIZE, centre_y=0.47, what="The last card"),
            Words(text=number, size=SMALL_SIZE, centre_y=0.55, what="The last card"),
        ]  # fmt: skip
        pieces.append(
            desk.card("end", words, END_CARD_S, last, overlap_s=FROM_CARD_S, goes="black")
        )
    return lay_out(pieces, rate=storyboard.rate)


class _Desk:
    """Makes pieces of one size."""

    def __init__(self, storyboard: Storyboard, *, width_px: int, height_px: int) -> None:
        self._storyboard = storyboard
        self._size = (width_px, height_px)

    def opening(self, backdrop: Backdrop) -> Piece:
        """Make the card that tells how the film was made, under the family's own words."""
        card = self._storyboard.opening_card
        sentence = made_with_ai(self._storyboard.language)
        what = "The opening card"
        words = [Words(text=sentence, size=SENTENCE_SIZE, centre_y=0.5, what=what)]
        if card.words.strip():
            words = [
                Words(text=card.words, size=OWN_SIZE, centre_y=0.42, what=what),
                Words(text=sentence, size=SMALL_SIZE, centre_y=0.66, what=what),
            ]
        seconds = max(SHORTEST_CARD_S + FROM_CARD_S, card.seconds)
        return self.card("opening", words, seconds, backdrop, overlap_s=0, comes="black")

    def card(
        self,
        name: str,
        words: Sequence[Words],
        seconds: float,
        backdrop: Backdrop,
        *,
        overlap_s: float,
        comes: Literal["black", "at once"] = "at once",
        goes: Literal["black", "at once"] = "at once",
    ) -> Piece:
        """Make a card."""
        rate = self._storyboard.rate
        frames = max(1, round(Fraction(str(seconds)) * rate))
        plate = self._plate([_toned(one, dark=backdrop.is_light) for one in words])
        leaves = round(FROM_CARD_S * rate) if goes == "at once" else round(Fraction(2, 5) * rate)

        def opened() -> Iterator[Frame]:
            return card_frames(
                backdrop,
                plate,
                frames=frames,
                rate=rate,
                comes=comes,
                goes=goes,
                words_until=frames - round(0.7 * leaves),
                seed=self._storyboard.seed,
            )

        return Piece(
            name=f"card/{name}", frames=frames, open=opened, overlap=round(overlap_s * rate)
        )

    def shot(self, made: ShotMade, *, overlap_s: float) -> Piece:
        """Make a shot's piece, with the title that stands over it."""
        rate = self._storyboard.rate
        title = next((one for one in self._storyboard.titles if one.over == made.name), None)
        plate = None
        if title is not None:
            what = f"The title of shot {made.name}"
            words = Words(text=title.text, size=OWN_SIZE, centre_y=TITLE_Y, what=what, shaded=True)
            plate = self._plate([words])
        reader: Callable[[], Iterator[Frame]] = partial(read_shot, made.path)
        return Piece(
            name=made.name,
            frames=made.frames,
            open=reader,
            overlap=round(overlap_s * rate),
            title=plate,
            title_frames=0 if title is None else round(Fraction(str(title.seconds)) * rate),
        )

    def _plate(self, words: Sequence[Words]) -> Plate | None:
        width_px, height_px = self._size
        language = self._storyboard.language
        return plate_of(words, width_px=width_px, height_px=height_px, language=language)


def _big(title: Title) -> Words:
    return Words(text=title.text, size=TITLE_SIZE, centre_y=0.5, what="A title")


def _toned(words: Words, *, dark: bool) -> Words:
    return Words(
        text=words.text, size=words.size, centre_y=words.centre_y, role=words.role,
        what=words.what, dark=dark, shaded=words.shaded,
    )  # fmt: skip


def _calm_frame(shot: Shot, made: ShotMade) -> Frame:
    """Take the first frame of a shot that is neither in light nor in black."""
    index = 0
    for fade in (shot.white, shot.black):
        if fade is not None and float(fade[0]) > WHITE_UP_TO:
            clear = [at for at in range(shot.frames) if float(fade[at]) <= WHITE_UP_TO]
            index = max(index, clear[0] if clear else shot.frames // 2)
    return next(read_shot(made.path, first=index))


def _last_frame(made: ShotMade) -> Frame:
    return next(read_shot(made.path, first=made.frames - 1))
