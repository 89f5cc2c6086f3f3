"""From a storyboard to a film: words and consents first, then people, lines and shots, then one signed file."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

from vivant.errors import InputError, VivantError
from vivant.film.burning import Burner
from vivant.film.captions import Cue, Spoken, cues_of_film, srt_of, webvtt_of
from vivant.film.labelled import label_of_story
from vivant.film.making import Film, check_target, version
from vivant.film.part import hash_of_speech
from vivant.film.permitting import label_where, shown_where
from vivant.film.person_voice import papers_of, voice_in_papers
from vivant.film.telling import Cut, make_story_film
from vivant.intake.engine import FaceEngine
from vivant.intake.engines.mediapipe import MediapipeFaces
from vivant.media.files import unfinished
from vivant.media.watch import Watch, unwatched
from vivant.places import Places
from vivant.provenance.consent import Consent, Use
from vivant.provenance.key_changing import insist_on_signing
from vivant.provenance.labelling import LabelWish
from vivant.provenance.policy import PRIVATELY, Showing
from vivant.provenance.record import SILENT, ConsentSource, PersonVoice, Recipe
from vivant.provenance.safekeeping import utc_now
from vivant.provenance.standing import Standing, while_standing
from vivant.rig.rig import RIG_VERSION
from vivant.scene.shot import Shot
from vivant.scene.staging import Company, stage
from vivant.scene.storyboard import Storyboard, pixels_of
from vivant.scene.words_story import insist_on_dignity
from vivant.studio.casting import Bake, Cast, call_the_cast
from vivant.studio.casting_checks import insist_on_consents
from vivant.studio.casting_lines import Part, on_film_clock, parts_of
from vivant.studio.casting_rules import notes_on
from vivant.studio.neural import NeuralShooter, versions_in, words_about
from vivant.studio.scenery import shoot_in_set
from vivant.studio.shooting import Shooter, ShotMade, ShotStore, drawing_code
from vivant.studio.telling_cut import cut_together
from vivant.voice.engine import VoiceEngine

if TYPE_CHECKING:
    from vivant.studio.telling_sound import Heard


class ShotsFailedError(InputError):
    """Some shots could not be made; the others are kept."""

    code = "studio.shots-failed"

    def __init__(self, failures: Mapping[str, VivantError], *, kept: int) -> None:
        self.failures = dict(failures)
        told = "\n".join(f"Shot {name}: {error}" for name, error in failures.items())
        kept_text = f"The other {kept} shots are made and kept; mend these, and film again."
        super().__init__(f"{told}\n{kept_text}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A story, filmed."""

    film: Film
    shots: tuple[ShotMade, ...]
    """In order; those from the store and those drawn now."""
    captions: tuple[Path, ...]
    """Caption files beside the film."""
    needs_eyes: tuple[str, ...]
    """What a person must still read or listen to, and why."""


def tell(  # noqa: PLR0913 - one call for the whole way
    storyboard: Storyboard,
    to: Path,
    *,
    consents: Mapping[str, Consent],
    size: tuple[int, int] | None = None,
    only: str | None = None,
    end_card: bool = False,
    use: Use = "portrait-film",
    showing: Showing = PRIVATELY,
    label: LabelWish | None = None,
    threads: int = 2,
    bake: Bake = "here",
    shooter: Shooter = shoot_in_set,
    voice: VoiceEngine | None = None,
    faces: FaceEngine | None = None,
    places: Places | None = None,
    watch: Watch = unwatched,
) -> Told:
    """Film a storyboard.

    Words and consents are checked before anything is made. What was made before, from the same photos, words
    and numbers, is taken out of the store: rigs, lines, sets, whole shots. A run that is stopped keeps the
    shots it has finished.

    Args:
        storyboard: Checked, every photo with its path.
        to: Where the film goes, an MP4; whole or not there.
        consents: Who agreed, by the name in the cast, for everybody who is seen.
        size: Width and height in pixels, even; by the storyboard's first size when None.
        only: A shot that is to be drawn anew even if it was kept.
        end_card: Whether a last card tells the film's number.
        use: What the film is for; every consent must name it.
        showing: To whom, where and for which product it will be shown.
        label: Where it will be shown, and what its label is to be beyond what is owed there; where all consents
            allow it to be shown when left out.
        threads: How many threads draw.
        bake: ``"beside"`` bakes rigs in a process of its own, see ``film_from_photos``.
        shooter: Who draws.
        voice: A voice engine for all lines, instead of the cast's own.
        faces: Who sees faces.
        places: Where things are kept.
        watch: Hears the progress; may raise to stop.

    Returns:
        The film, its papers verified, and what came of each shot.

    Raises:
        InputError: Something cannot be filmed; the message names the shot and what would help.
        ConsentError: Somebody has not agreed, a rule forbids it or asks a person (``rule`` names it), or a photo
            asks for a second yes.
        VivantError: As for ``make_film``.
    """
    places = places or Places()
    to = Path(to)
    said = insist_on_dignity(storyboard)
    showing, now = shown_where(showing, label), utc_now()
    given = insist_on_consents(
        storyboard, consents, use=use, showing=showing, now=now, places=places
    )
    notes = notes_on(storyboard, consents, use=use, showing=showing, now=now, places=places)
    check_target(to)
    insist_on_signing(places, now=utc_now())
    owners = tuple(consent.record_id for consent in given)
    watch = while_standing(watch, Standing(owners, places=places))
    shown = label_of_story(label_where(label, showing), given, places=places, use=use)
    faces = faces or MediapipeFaces(places=places)
    neural = (
        shooter
        if isinstance(shooter, NeuralShooter)
        else NeuralShooter(shooter, faces=faces, places=places)
    )
    neural.insist_on_weights(storyboard)
    if only is not None:
        storyboard.shot(only)
    width_px, height_px = size or pixels_of(storyboard.sizes[0])
    rate = storyboard.rate
    cast = call_the_cast(
        storyboard,
        consents,
        engine=faces,
        bake=bake,
        use=use,
        showing=showing,
        places=places,
        watch=watch,
    )
    parts = parts_of(
        storyboard,
        rate=rate,
        engine=voice,
        beside=bake == "beside",
        owners=owners,
        places=places,
        watch=watch,
    )
    shots = stage(
        storyboard,
        frames={part.plan.name: part.frames for part in parts},
        company=company_of(cast, parts),
        rate=rate,
        width_px=width_px,
        height_px=height_px,
    )
    store = ShotStore(cast, threads=threads, shooter=neural, places=places, watch=watch)
    try:
        made = _all_made(shots, store, only=only)
        sha256 = hash_of_storyboard(storyboard)
        cut = cut_together(
            storyboard,
            shots,
            made,
            width_px=width_px,
            height_px=height_px,
            number=sha256[:12] if end_card else None,
        )
        from vivant.studio.telling_sound import heard_in  # noqa: PLC0415 - not before the last shot is drawn: it is large

        heard = heard_in(storyboard, parts, cut, places=places, watch=watch)
        cues = _cues(storyboard, parts, cut)
        burner = None
        if storyboard.captions == "burnt" and cues:
            burner = Burner(
                cues,
                width_px=width_px,
                height_px=height_px,
                rate=rate,
                language=storyboard.language,
            )
        begins = {cut.begin_of(part.plan.name): part for part in parts}
        film = make_story_film(
            cut,
            to,
            recipe=_recipe(
                storyboard,
                parts,
                heard,
                cast=cast,
                consents=given,
                size=(width_px, height_px),
                sha256=sha256,
                invented=versions_in(made),
            ),
            sound=heard.mix.sound,
            speech=on_film_clock(begins, frames=cut.frames, rate=rate),
            burner=burner,
            consents=given,
            use=use,
            showing=showing,
            label=shown,
            places=places,
            watch=watch,
        )
    finally:
        store.close()
        neural.close()
    return Told(
        film=film,
        shots=made,
        captions=_write_captions(cues, to, kind=storyboard.captions),
        needs_eyes=(
            *(f"{one.where}: {one.reading.needs_eyes}" for one in said if one.reading.needs_eyes),
            *words_about(made),
            *notes,
        ),
    )


def company_of(cast: Cast, parts: Sequence[Part]) -> Company:
    """Tell staging who plays, and how."""
    return Company(
        people=cast.subjects,
        performances={part.plan.name: part.performances for part in parts},
        sayings={part.plan.name: part.sayings for part in parts},
        builds=cast.builds,
        dresses=cast.dresses,
        prints=cast.prints,
    )


def hash_of_storyboard(storyboard: Storyboard) -> str:
    """Hash a storyboard's content, in hex; where its files lie does not count."""
    facts = asdict(storyboard)
    for member in facts["cast"].values():
        member["photos"] = len(member["photos"])
        member["consent"] = None
    text = json.dumps(facts, sort_keys=True, default=_plain, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def _plain(thing: object) -> object:
    return dict(thing) if isinstance(thing, Mapping) else "file" if isinstance(thing, Path) else str(thing)  # fmt: skip


def _all_made(shots: Sequence[Shot], store: ShotStore, *, only: str | None) -> tuple[ShotMade, ...]:
    """Make every shot that can be made, even where another cannot."""
    made: list[ShotMade] = []
    failures: dict[str, VivantError] = {}
    for shot in shots:
        try:
            made.append(store.made(shot, anew=shot.name == only))
        except InputError as error:
            failures[shot.name] = error
    if failures:
        raise ShotsFailedError(failures, kept=len(made))
    return tuple(made)


def _cues(storyboard: Storyboard, parts: Sequence[Part], cut: Cut) -> tuple[Cue, ...]:
    lines = [
        Spoken(
            speech=one.speech,
            starts_s=Fraction(cut.begin_of(part.plan.name) + one.starts) / cut.rate,
            speaker=storyboard.name_of(one.line.by),
        )
        for part in parts
        for one in part.said
    ]
    return cues_of_film(lines, ends_s=Fraction(cut.frames) / cut.rate)


def _write_captions(cues: Sequence[Cue], to: Path, *, kind: str) -> tuple[Path, ...]:
    """Write captions beside the film; a storyboard that asks for none, or burns them in, gets no file."""
    if not cues or kind not in {"srt", "vtt"}:
        return ()
    path = to.with_suffix(f".{kind}")
    with unfinished(path) as hidden:
        text = srt_of(cues) if kind == "srt" else webvtt_of(cues)
        hidden.write_text(text, encoding="utf-8", newline="\n")
    return (path,)


def _recipe(
    storyboard: Storyboard,
    parts: Sequence[Part],
    heard: Heard,
    *,
    cast: Cast,
    consents: Sequence[Consent],
    size: tuple[int, int],
    sha256: str,
    invented: Mapping[str, str],
) -> Recipe:
    said = [one.speech for part in parts for one in part.said]
    names = sorted({voice_in_papers(speech) for speech in said})
    people: list[PersonVoice] = []
    for speech in said:
        if speech.person is not None:
            papers = papers_of(speech.person, watermark=heard.mark)
            if papers not in people:
                people.append(papers)
    hashed = hashlib.sha256("|".join(hash_of_speech(speech) for speech in said).encode())
    every = tuple(ConsentSource(record_id=one.record_id, sha256=one.sha256) for one in consents)
    return Recipe(
        photos=cast.sources,
        speech_sha256=hashed.hexdigest(),
        voice="+".join(names) or SILENT,
        seed=storyboard.seed,
        width_px=size[0],
        height_px=size[1],
        rate=storyboard.rate,
        consent_id=consents[0].record_id,
        consent_sha256=consents[0].sha256,
        versions={
            "vivant": version(),
            "rig": str(RIG_VERSION),
            "scene": drawing_code()[:12],
            **invented,
        },
        person_voice=people[0] if people else None,
        storyboard_sha256=sha256,
        consents=every if len(every) > 1 else None,
        person_voices=tuple(people) if len(people) > 1 else None,
        music=None if heard.score is None else heard.score.source,
    )
