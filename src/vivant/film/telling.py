"""A film in several shots: cards, shots, titles and sound put together, stamped, signed and read back.

Frames pass through one by one: no more than two shots are open at a time, and memory does not grow with
the film.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path
from typing import no_type_check

import numpy as np
from jaxtyping import UInt8

from vivant.errors import EngineBrokeError
from vivant.film.burning import Burner
from vivant.film.cards import Plate, fading
from vivant.film.encoding import Packing
from vivant.film.half_made import half_made
from vivant.film.keeping import keep_notes
from vivant.film.labelled import label_for, record_labelled
from vivant.film.making import (
    Film,
    check_target,
    closable,
    encode_stamped,
    note_film,
)
from vivant.film.permitting import insist_on_all, shown_where
from vivant.film.reading_back import read_back
from vivant.film.stamping import consents_of
from vivant.media.compilation import compiled
from vivant.media.picture import Frame
from vivant.media.sound import Sound
from vivant.media.watch import Watch, unwatched
from vivant.places import Places
from vivant.provenance.consent import Consent, Use
from vivant.provenance.key_changing import insist_on_signing
from vivant.provenance.labelling import LabelWish
from vivant.provenance.manifest import sign_film
from vivant.provenance.policy import PRIVATELY, Asked, Showing
from vivant.provenance.record import Recipe
from vivant.provenance.safekeeping import utc_now
from vivant.voice.speech import Speech

TITLE_COMES_S = 0.7
TITLE_WAITS_S = 0.6
"""A title over a shot comes this long after the shot."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Piece:
    """A card or a shot, as the film holds it."""

    name: str
    frames: int
    open: Callable[[], Iterator[Frame]]
    """Gives its frames, in order; may be called again."""
    overlap: int = 0
    """With how many frames of the piece before it is mixed: a dissolve."""
    title: Plate | None = None
    title_frames: int = 0


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Cut:
    """All pieces in order, and where each begins."""

    pieces: tuple[Piece, ...]
    begins: tuple[int, ...]
    """First frame of each, in the film."""
    frames: int
    rate: Fraction

    def begin_of(self, name: str) -> int:
        """Tell with which frame of the film a piece begins."""
        return next(
            at for piece, at in zip(self.pieces, self.begins, strict=True) if piece.name == name
        )


def lay_out(pieces: Sequence[Piece], *, rate: Fraction) -> Cut:
    """Put pieces one after another; a dissolve takes at most two fifths of either piece."""
    laid: list[Piece] = []
    begins: list[int] = []
    end = 0
    for piece in pieces:
        most = int(0.4 * min(piece.frames, laid[-1].frames)) if laid else 0
        overlap = min(piece.overlap, most)
        laid.append(replace(piece, overlap=overlap))
        begins.append(end - overlap)
        end = begins[-1] + piece.frames
    return Cut(pieces=tuple(laid), begins=tuple(begins), frames=end, rate=rate)


def frames_of(cut: Cut, *, burner: Burner | None = None) -> Iterator[Frame]:
    """Give out the film's frames, fresh and writeable, numbered from 0.

    Raises:
        EngineBrokeError: A piece gave fewer or more frames than it has.
    """
    with ExitStack() as opened:
        before: Iterator[Frame] | None = None
        at = 0
        for number, piece in enumerate(cut.pieces):
            own = closable(piece.open())
            opened.callback(own.close)
            next_overlap = cut.pieces[number + 1].overlap if number + 1 < len(cut.pieces) else 0
            for index in range(piece.frames - next_overlap):
                frame = _titled(_next(own, piece, index), piece, index, cut.rate)
                if index < piece.overlap and before is not None:
                    earlier = cut.pieces[number - 1]
                    old_index = earlier.frames - piece.overlap + index
                    old = _titled(_next(before, earlier, old_index), earlier, old_index, cut.rate)
                    frame = _mixed(old, frame, (index + 1) / (piece.overlap + 1))
                frame = Frame(index=at, y=frame.y, u=frame.u, v=frame.v)
                if burner is not None:
                    burner.burn(frame)
                yield frame
                at += 1
            before = own


def _next(frames: Iterator[Frame], piece: Piece, index: int) -> Frame:
    frame = next(frames, None)
    if frame is None:
        message = f"The shot {piece.name} ended at frame {index} of {piece.frames}."
        raise EngineBrokeError(message)
    return frame


def _titled(frame: Frame, piece: Piece, index: int, rate: Fraction) -> Frame:
    if piece.title is not None:
        first = min(round(TITLE_WAITS_S * rate), piece.frames // 4)
        here = fading(
            index, first=first, last=min(piece.frames, first + piece.title_frames), rate=rate,
            takes_s=TITLE_COMES_S,
        )  # fmt: skip
        if here > 0:
            frame = _writeable(frame)
            piece.title.lay(frame, here)
    return frame


def _writeable(frame: Frame) -> Frame:
    if all(plane.flags.writeable for plane in (frame.y, frame.u, frame.v)):
        return frame
    return Frame(index=frame.index, y=frame.y.copy(), u=frame.u.copy(), v=frame.v.copy())


def _mixed(old: Frame, new: Frame, share: float) -> Frame:
    eased = share * share * (3 - 2 * share)
    weight = np.int32(round(256 * eased))
    planes = [np.empty_like(plane) for plane in (new.y, new.u, new.v)]
    for before, after, out in zip(
        (old.y, old.u, old.v), (new.y, new.u, new.v), planes, strict=True
    ):
        _mix(np.ascontiguousarray(before), np.ascontiguousarray(after), weight, out)
    return Frame(index=new.index, y=planes[0], u=planes[1], v=planes[2])


@compiled
@no_type_check
def _mix(
    old: UInt8[np.ndarray, "h w"],
    new: UInt8[np.ndarray, "h w"],
    weight: int,
    out: UInt8[np.ndarray, "h w"],
) -> None:
    for i in range(out.shape[0]):
        for j in range(out.shape[1]):
            before, after = np.int32(old[i, j]), np.int32(new[i, j])
            out[i, j] = np.uint8((before * (256 - weight) + after * weight + 128) >> 8)


def make_story_film(  # noqa: PLR0913 - what a film is
    cut: Cut,
    to: Path,
    *,
    recipe: Recipe,
    consents: Sequence[Consent],
    use: Use = "portrait-film",
    showing: Showing = PRIVATELY,
    sound: Sound | None,
    speech: Speech | None = None,
    burner: Burner | None = None,
    packing: Packing | None = None,
    label: LabelWish | None = None,
    places: Places | None = None,
    watch: Watch = unwatched,
) -> Film:
    """Encode a film that was cut together, with its label, its marks and its papers.

    The caller has asked each person about all that the film makes of them; here it is seen to that everybody whom
    the recipe names has a record, and that each still holds. The file appears at ``to`` only when it is whole, signed, and
    its papers were read back from it.

    Args:
        cut: What is seen.
        to: Where the film goes, ending in ``.mp4``.
        recipe: What it is made of.
        consents: Those of everybody whom the recipe names.
        use: What the film is for.
        showing: To whom, where and for which product it will be shown.
        sound: Mastered, as long as the picture.
        speech: What lips are seen to say, on the film's own clock, for measuring the film later.
        burner: Captions to be burnt in.
        packing: Quality and threads of the encoder.
        label: Where it will be shown, and what its label is to be beyond what is owed there.
        places: Where keys, ledger and notes are.
        watch: Hears ``"frames"``.

    Raises:
        ConsentError: A record is missing, is another than the recipe names, or does not hold.
        InputError: The target is no MP4.
        WaiverError: The label is to be left out, and no agreement covers that.
        PapersError: Signing or reading back failed.
        ResourceError: The disk is full, or another run writes to ``to``.
    """
    places = places or Places()
    now = utc_now()
    asked = Asked(use=use).to_be_shown(shown_where(showing, label))
    insist_on_all(recipe, consents, asked=asked, now=now, places=places)
    check_target(to)
    insist_on_signing(places, now=now)
    labelling = label_for(label, consents, use=use, places=places, now=now)
    record = record_labelled(recipe, labelling, use=use, places=places, now=now)
    with half_made(to, places=places) as half:
        half.shows(consents_of(record))
        prints = encode_stamped(
            frames_of(cut, burner=burner),
            half.unsigned,
            count=cut.frames,
            rate=cut.rate,
            sound=sound,
            record=record,
            labelling=labelling,
            packing=packing or Packing(threads=2),
            places=places,
            watch=watch,
            what="film",
        )
        sign_film(half.unsigned, half.finished, record=record, places=places)
        verification = read_back(half.finished, record=record, places=places)
        keep_notes(
            record, speech, speech_starts=0, frames=cut.frames, rate=cut.rate, folded_cells=None,
            places=places,
        )  # fmt: skip
        note_film(
            record,
            labelling,
            half.finished,
            prints=prints,
            frames=cut.frames,
            places=places,
            now=now,
        )
    return Film(
        path=to,
        record=record,
        frames=cut.frames,
        rate=cut.rate,
        width_px=recipe.width_px,
        height_px=recipe.height_px,
        speech_starts=0,
        folded_cells=0,
        verification=verification,
    )
