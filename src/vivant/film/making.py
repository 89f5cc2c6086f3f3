"""Make a film: speech and a rig go in, one signed file comes out."""

from __future__ import annotations

import importlib.metadata
import math
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import datetime
from fractions import Fraction
from pathlib import Path

from vivant.errors import EngineBrokeError, InputError
from vivant.film.drawing import Drawing
from vivant.film.encoding import Encoder, Packing
from vivant.film.half_made import half_made
from vivant.film.keeping import keep_notes
from vivant.film.labelled import (
    consents_in,
    label_for,
    marks_of,
    record_labelled,
    sound_marks_of,
)
from vivant.film.part import Part, hash_of_curves, hash_of_speech
from vivant.film.permitting import label_where, permit_film, shown_where
from vivant.film.person_voice import papers_of, voice_in_papers
from vivant.film.reading_back import read_back
from vivant.film.registering import register_film
from vivant.film.sound_marking import sound_with_id
from vivant.film.stamping import Stamping, consents_of
from vivant.film.verifying import Verification
from vivant.intake.likeness import Likeness
from vivant.media.picture import Frame
from vivant.media.sound import Sound
from vivant.media.time import seconds_of
from vivant.media.watch import Watch, unwatched
from vivant.performance.curves import Performance
from vivant.places import Places
from vivant.provenance import aigc
from vivant.provenance.consent import Consent, Use
from vivant.provenance.key_changing import insist_on_signing
from vivant.provenance.label import STANDS_S
from vivant.provenance.labelling import Labelling, LabelWish
from vivant.provenance.ledger import Ledger
from vivant.provenance.manifest import sign_film
from vivant.provenance.policy import PRIVATELY, Asked, Showing
from vivant.provenance.record import SILENT, FilmRecord, PersonVoice, Recipe, Source
from vivant.provenance.register.entry import Fingerprints
from vivant.provenance.safekeeping import utc_now
from vivant.provenance.standing import Standing, while_standing
from vivant.provenance.unlabelled import note_use
from vivant.render.engine import RenderEngine, RenderTraits
from vivant.render.rendering import render
from vivant.rig.building import build_rig
from vivant.rig.rig import RIG_VERSION, Rig
from vivant.voice.speech import Speech

UNKNOWN_MIME = "application/octet-stream"


@dataclass(frozen=True, slots=True, kw_only=True)
class Film:
    """A finished film and what is known of it."""

    path: Path
    record: FilmRecord
    frames: int
    rate: Fraction
    width_px: int
    height_px: int
    speech_starts: int
    """The frame with which the first sample of the speech is heard."""
    folded_cells: int
    """Mesh cells that turned over in all frames; 0 is right."""
    verification: Verification
    """As it read back before the file got its name."""
    notes: tuple[str, ...] = ()
    """What the rules want somebody to know or do before it is handed over."""

    @property
    def seconds(self) -> float:
        """Length, for people to read."""
        return seconds_of(self.frames, self.rate)


def make_film(  # noqa: PLR0913 - the choices of a film
    source: Likeness | Rig | Callable[[], Rig],
    speech: Speech | None,
    to: Path,
    *,
    consent: Consent,
    use: Use = "portrait-film",
    showing: Showing = PRIVATELY,
    width_px: int = 1280,
    height_px: int = 720,
    rate: Fraction = Fraction(25),
    seed: int = 0,
    performance: Performance | None = None,
    speech_starts: int | None = None,
    photos: Sequence[Source] = (),
    packing: Packing | None = None,
    engine: RenderEngine | None = None,
    label: LabelWish | None = None,
    threads: int = 1,
    places: Places | None = None,
    watch: Watch = unwatched,
) -> Film:
    """Make a film, with its label, its marks and its papers.

    Consent is asked for before anything else is done. The file appears at ``to`` only when it is
    whole, signed, and its papers were read back from it; on any failure, and on Ctrl-C, nothing is
    left. Memory does not grow with the film's length, the sound's samples aside.

    Args:
        source: Whom it shows: a likeness, the rig that was built from one, or a function that gives the rig,
            called when sound and curves are ready.
        speech: What is said; nothing makes a silent film, which needs a performance.
        to: Where the film goes, ending in ``.mp4``.
        consent: Who allowed it.
        use: What for; the consent must name it.
        showing: To whom, where and for which product it will be shown.
        width_px: Even, 256 to 1920.
        height_px: Even, 256 to 1920.
        rate: Frames a second, exact.
        seed: Chance; the same input and seed give the same frames.
        performance: Curves to follow; from the speech and the seed when left out.
        speech_starts: With a performance: the frame at which the speech begins, 0 when left out.
        photos: The photos' hashes and media types for the papers; a likeness knows its own.
        packing: Quality and threads of the encoder.
        engine: Who draws; the built-in engine when left out.
        label: Where the film will be shown, and what its label is to be beyond what is owed there; where the
            consent allows it to be shown when left out.
        threads: Threads that draw, beside the one that encodes.
        places: Where keys, ledger and notes are.
        watch: Hears ``"frames"``; what it raises stops the work.

    Raises:
        ConsentError: There is no consent that covers it, a rule forbids it or asks a person (``rule`` names
            it), the voice's consent does not hold, or the label is to be left out and no agreement covers that.
        InputError: Sizes, rate or performance do not fit.
        PapersError: Signing or reading back failed.
        ResourceError: The disk is full, or another run writes to ``to``.
    """
    places = places or Places()
    now = utc_now()
    asked = Asked(use=use).to_be_shown(shown_where(showing, label))
    decision = permit_film(
        consent, asked, speech=speech, source=source, photos=photos, now=now, places=places
    )
    to = Path(to)
    check_target(to)
    insist_on_signing(places, now=now)
    labelling = label_for(label_where(label, showing), [consent], use=use, places=places, now=now)
    watch = while_standing(watch, Standing([consent.record_id], places=places))
    part = Part(speech, performance, speech_starts, rate=rate, seed=seed)
    with half_made(to, places=places) as half:
        drawing = Drawing(engine)
        sound = part.sound(places=places)
        rig = _rig_of(source, watch=watch)
        recipe = _recipe_of(
            part,
            consent=consent,
            photos=_photos_of(source, rig, photos),
            seed=seed,
            size=(width_px, height_px),
            traits=drawing.traits,
        )
        record = record_labelled(recipe, labelling, use=use, places=places, now=now)
        half.shows(consents_of(record))
        frames = render(
            rig,
            part.performance,
            width_px=width_px,
            height_px=height_px,
            engine=drawing,
            threads=threads,
        )
        prints = encode_stamped(
            frames,
            half.unsigned,
            count=part.frames,
            rate=part.rate,
            sound=sound,
            record=record,
            labelling=labelling,
            packing=packing,
            places=places,
            watch=watch,
        )
        sign_film(half.unsigned, half.finished, record=record, places=places)
        verification = read_back(half.finished, record=record, places=places)
        keep_notes(
            record,
            speech,
            speech_starts=part.starts,
            frames=part.frames,
            rate=rate,
            folded_cells=drawing.folded_cells,
            places=places,
        )
        note_film(
            record,
            labelling,
            half.finished,
            prints=prints,
            frames=part.frames,
            places=places,
            now=now,
        )
    return Film(
        path=to,
        record=record,
        frames=part.frames,
        rate=rate,
        width_px=width_px,
        height_px=height_px,
        speech_starts=part.starts,
        folded_cells=drawing.folded_cells,
        verification=verification,
        notes=decision.notes,
    )


def encode_stamped(  # noqa: PLR0913 - what a film is
    frames: Iterator[Frame],
    to: Path,
    *,
    count: int,
    rate: Fraction,
    sound: Sound | None,
    record: FilmRecord,
    labelling: Labelling | None = None,
    packing: Packing | None,
    places: Places,
    watch: Watch,
    what: str = "frames",
) -> Fingerprints:
    """Encode frames as they come, each with its mark, and with the label where that must stand; the sound with its own.

    Returns:
        What the film looks and sounds like as it is delivered, for the register.

    Raises:
        EngineBrokeError: There are more or fewer than ``count``.
        ConsentWithdrawnError: Somebody who is in it took the consent back meanwhile.
        NotLabelledError: The record says another label than the one given.
        WaiverError: The label is to be left out, and nothing allows it.
    """
    width_px, height_px = record.recipe.width_px, record.recipe.height_px
    stamping = Stamping(
        record,
        count=count,
        rate=rate,
        places=places,
        labelling=labelling,
        marks=marks_of(labelling, places=places),
    )
    closing_frames = math.ceil(STANDS_S * rate)  # so that checking the end decodes only the end
    heard = sound
    if sound is not None:
        engines = sound_marks_of(labelling, places=places)
        heard = sound_with_id(sound, record.film_id, engines=engines)
    packing = packing or Packing()
    tagged = replace(packing, tags={**packing.tags, aigc.KEY: aigc.aigc_value(record)})
    watch = while_standing(watch, Standing(consents_of(record), places=places))
    watch(what, 0, count)
    with (
        closing(stamping),
        closing(closable(frames)) as drawn,
        Encoder(
            to, width_px=width_px, height_px=height_px, rate=rate, sound=heard, packing=tagged
        ) as encoder,
    ):
        for frame in drawn:
            stamping.stamp(frame)
            encoder.write(frame, is_key=frame.index == count - closing_frames)
            watch(what, frame.index + 1, count)
        if encoder.frames != count:
            message = f"The renderer gave {encoder.frames} frames of {count}."
            raise EngineBrokeError(message)
    return stamping.fingerprints(heard)


def note_film(
    record: FilmRecord,
    labelling: Labelling,
    finished: Path,
    *,
    prints: Fingerprints,
    frames: int,
    places: Places,
    now: datetime,
) -> None:
    """Write into register and ledger that a film was made, and under which agreement its label was left out.

    The register comes first: a film that could not be found again is not kept.

    Raises:
        WithdrawnFilmError: The same film was made before and withdrawn.
        ResourceError: The register or the ledger cannot be written.
    """
    register_film(
        finished,
        record=record,
        fingerprints=prints,
        seconds=seconds_of(frames, record.recipe.rate),
        consent_ids=tuple(consents_in(record.recipe)),
        places=places,
    )
    if labelling.waiver is not None:
        note_use(labelling.waiver, record.film_id, places=places, now=now)
    Ledger.in_places(places).note_film(record, now=now)


def closable(frames: Iterator[Frame]) -> Generator[Frame]:
    """Pass frames on; closing this closes the renderer, whatever kind of iterator it is."""
    try:
        yield from frames
    finally:
        close = getattr(frames, "close", None)
        if close is not None:
            close()


def _recipe_of(
    part: Part,
    *,
    consent: Consent,
    photos: Sequence[Source],
    seed: int,
    size: tuple[int, int],
    traits: RenderTraits,
) -> Recipe:
    return Recipe(
        photos=tuple(photos),
        speech_sha256=hash_of_speech(part.speech),
        performance_sha256=hash_of_curves(part.performance) if part.is_given else None,
        voice=SILENT if part.speech is None else voice_in_papers(part.speech),
        seed=seed,
        width_px=size[0],
        height_px=size[1],
        rate=part.rate,
        consent_id=consent.record_id,
        consent_sha256=consent.sha256,
        versions={
            "vivant": version(),
            "rig": str(RIG_VERSION),
            "render": f"{traits.name}/{traits.version}",
        },
        person_voice=_person_voice(part),
    )


def _person_voice(part: Part) -> PersonVoice | None:
    if part.speech is None or part.speech.person is None:
        return None
    return papers_of(part.speech.person, watermark=part.mark)


def _rig_of(source: Likeness | Rig | Callable[[], Rig], *, watch: Watch) -> Rig:
    if isinstance(source, Rig):
        return source
    return build_rig(source, watch=watch) if isinstance(source, Likeness) else source()


def _photos_of(
    source: Likeness | Rig | Callable[[], Rig], rig: Rig, photos: Sequence[Source]
) -> tuple[Source, ...]:
    """Name the photos, the base first."""
    if photos:
        return tuple(sorted(photos, key=lambda one: not one.sha256.startswith(rig.photo_id)))
    if isinstance(source, Likeness):
        pictures = [portrait.picture for portrait in (source.base, *source.helpers)]
        return tuple(Source(sha256=picture.sha256, mime=picture.mime) for picture in pictures)
    return (Source(sha256=rig.photo_id, mime=UNKNOWN_MIME),)


def check_target(to: Path) -> None:
    """Insist that a film is to be an MP4.

    Raises:
        InputError: The name ends otherwise.
    """
    if to.suffix.lower() != ".mp4":
        message = (
            f"A film is an MP4 file, and the ending given is {to.suffix!r}. Let it end in .mp4."
        )
        raise InputError(message)


def version() -> str:
    """Tell this Vivant's version."""
    return importlib.metadata.version("vivant")
