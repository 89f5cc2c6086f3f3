"""The cast of a film: consents are asked for first, then photos become living rigs, figures and prints.

What is made of a person lies in the store; in memory is only what the shot at hand shows.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal, TypeVar

from vivant.errors import ConsentError, InputError
from vivant.intake.engine import FaceEngine
from vivant.intake.quality import EyesClosedError
from vivant.media.files import sha256_of
from vivant.media.watch import Watch, unwatched
from vivant.places import Places
from vivant.provenance.consent import Consent, Use
from vivant.provenance.policy import PRIVATELY, Showing
from vivant.provenance.record import Source
from vivant.provenance.safekeeping import utc_now
from vivant.render.shooting import Players
from vivant.rig.completion import VERSION as COMPLETION_VERSION
from vivant.rig.completion import completed
from vivant.rig.pet import PetRig
from vivant.rig.relief import RELIEF_VERSION, Relief, load_relief, relief_of, save_relief
from vivant.rig.rig import Rig
from vivant.scene.direction.call import Subject, subject_of
from vivant.scene.figure.build import Build, child_build
from vivant.scene.figure.dress import Dress, of_a_child, with_choices
from vivant.scene.figure.figure import Figure, build_figure
from vivant.scene.figure.patch import face_patch
from vivant.scene.figure.sampling import dress_from
from vivant.scene.shot import Shot
from vivant.scene.storyboard import CastMember, Problem, Storyboard, StoryboardError, told
from vivant.scene.storyboard_terms import ACTIONS
from vivant.studio.baking import RIG_FORM, RigStage
from vivant.studio.beside import beside
from vivant.studio.casting_checks import Recognition
from vivant.studio.casting_pets import PET_FORM, PetRigStage, pet_subject, pets_in
from vivant.studio.casting_players import OnDemand, figures_in, living_in, prints_in
from vivant.studio.casting_rules import insist_on_photos
from vivant.studio.run import run_stage
from vivant.studio.sources import sources_of
from vivant.studio.stage import Form, Stage
from vivant.studio.store import Store, key_of

SHOWN = "show"
"""The action that shows a photograph as a thing."""
RELIEF_FORM: Form[Relief] = Form(suffix=".relief", write=save_relief, read=load_relief)
Given = TypeVar("Given")
Made = TypeVar("Made")
Bake = Literal["here", "beside"]


class AfterDeathPhotoError(ConsentError):
    """A photo may have been taken after death, and nobody has said yes to that."""

    code = "studio.after-death-photo"


@dataclass(frozen=True, slots=True, kw_only=True)
class LivingStage:
    """A photo becomes a rig whose shoulders reach beyond the photo's edges."""

    rig: RigStage
    name: str = "rig"

    def key(self, given: tuple[Path, ...], /) -> str:
        """Hash what the rig is made from, and how it is completed."""
        return key_of(("living", str(COMPLETION_VERSION), self.rig.key(given)))

    def __call__(self, given: tuple[Path, ...], /, *, watch: Watch = unwatched) -> Rig:
        """Build the rig, and complete it."""
        return completed(self.rig(given, watch=watch))


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintStage:
    """A photo becomes a print in depth, gently mended."""

    engine: FaceEngine
    mend: bool
    what: str
    name: str = "print"

    def key(self, given: Path, /) -> str:
        """Hash the photo, and what works on it."""
        parts = ("print", str(RELIEF_VERSION), self.engine.traits.version, str(self.mend))
        return key_of((*parts, sha256_of(given)))

    def __call__(self, given: Path, /, *, watch: Watch = unwatched) -> Relief:
        """Part it into layers."""
        watch("print", 0, 1)
        relief = relief_of(given, engine=self.engine, mend=self.mend, what=self.what)
        watch("print", 1, 1)
        return relief


@dataclass(frozen=True, slots=True, kw_only=True)
class Photo:
    """One photo that a film needs."""

    key: str
    """``NAME``, or ``NAME/2`` for the person's second."""
    name: str
    path: Path
    lives: bool
    """Whether it is to move; else it is shown as a print."""


def photos_needed(storyboard: Storyboard) -> tuple[Photo, ...]:
    """List the photos that shots show, each once for living and once for being shown."""
    found: dict[tuple[str, bool], Photo] = {}
    for plan in storyboard.shots:
        for name in plan.who:
            numbers = list(range(1, ACTIONS[plan.action].photos + 1))
            if plan.action == SHOWN:
                numbers = [int(plan.number("photo", 1))]
            for number in numbers:
                key = name if number == 1 else f"{name}/{number}"
                photos = storyboard.cast[name].photos
                if number > len(photos) or photos[number - 1].path is None:
                    what = f"shot {plan.name} needs photo {number} of somebody, and {len(photos)} are given. Give it under photos:, or take another action."
                    problem = Problem(line=plan.at_line, what=what, shot=plan.name)
                    raise StoryboardError(storyboard.name, (problem,))
                lives = plan.action != SHOWN
                path = photos[number - 1].path
                if path is not None:
                    found.setdefault(
                        (key, lives), Photo(key=key, name=name, path=path, lives=lives)
                    )
    return tuple(found.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class Cast:
    """Everybody in a film, ready to play; rigs and prints lie in the store."""

    subjects: Mapping[str, Subject]
    builds: Mapping[str, Build]
    dresses: Mapping[str, Dress]
    """What is worn in each photo that lives."""
    prints: Mapping[str, float]
    """Width over height of each print."""
    figures: Mapping[str, Figure]
    ids: Mapping[str, str]
    """What each rig, print and figure was made from: ``rig:NAME``, ``print:NAME/2``, ``figure:NAME``, ``pet:NAME``."""
    sources: tuple[Source, ...]
    """The photos, for the papers."""
    studio: CastStudio

    def players_for(self, shot: Shot) -> Players:
        """Take out of the store who plays in a shot, and no more; each when it is asked for, and held by nobody here."""
        return Players(
            rigs=OnDemand(living_in(shot), self.studio.rig),
            figures={key: self.figures[key] for key in figures_in(shot)},
            reliefs=OnDemand(prints_in(shot), self.studio.relief),
            pets=OnDemand(pets_in(shot), self.studio.pet),
        )

    def ids_in(self, shot: Shot) -> tuple[str, ...]:
        """Tell what the players of a shot were made from."""
        names = (
            [f"rig:{key}" for key in living_in(shot)]
            + [f"figure:{key}" for key in figures_in(shot)]
            + [f"print:{key}" for key in prints_in(shot)]
            + [f"pet:{key}" for key in pets_in(shot)]
        )
        return tuple(f"{name}={self.ids[name]}" for name in names)

    def owners_in(self, shot: Shot) -> tuple[str, ...]:
        """Name the consents of those whom a shot shows."""
        keys = (*living_in(shot), *figures_in(shot), *prints_in(shot), *pets_in(shot))
        return self.studio.owners(*(key.partition("/")[0] for key in keys))


@dataclass(frozen=True, slots=True, kw_only=True)
class CastStudio:
    """Makes what the cast needs, or takes it out of the store."""

    storyboard: Storyboard
    photos: tuple[Photo, ...]
    consents: Mapping[str, Consent]
    engine: FaceEngine
    bake: Bake
    use: Use = "portrait-film"
    showing: Showing = PRIVATELY
    places: Places
    watch: Watch = field(default=unwatched)

    def rig(self, key: str) -> Rig:
        """Give a living rig."""
        photo = self._photo(key, lives=True)
        member = self.storyboard.cast[photo.name]
        stage = self._living(photo)
        try:
            return self._made(stage, (photo.path,), RIG_FORM, whose=photo.name)
        except EyesClosedError as error:
            if member.in_memory:
                raise self._ask(member, error) from error
            raise self._named(photo, error) from error
        except InputError as error:
            raise self._named(photo, error) from error

    def relief(self, key: str) -> Relief:
        """Give a print."""
        photo = self._photo(key, lives=False)
        try:
            return self._made(self._print(photo), photo.path, RELIEF_FORM, whose=photo.name)
        except InputError as error:
            raise self._named(photo, error) from error

    def pet(self, key: str) -> PetRig:
        """Give an animal's rig."""
        photo = self._photo(key, lives=True)
        try:
            return self._made(PetRigStage(), self._pet_given(photo), PET_FORM, whose=photo.name)
        except InputError as error:
            raise self._named(photo, error) from error

    def pet_id(self, key: str) -> str:
        """Tell what an animal's rig is made from."""
        return PetRigStage().key(self._pet_given(self._photo(key, lives=True)))

    def _pet_given(self, photo: Photo) -> tuple[Path, Path | None]:
        return photo.path, self.storyboard.cast[photo.name].points

    def rig_id(self, key: str) -> str:
        """Tell what a rig is made from."""
        photo = self._photo(key, lives=True)
        return self._living(photo).key((photo.path,))

    def print_id(self, key: str) -> str:
        """Tell what a print is made from."""
        photo = self._photo(key, lives=False)
        return self._print(photo).key(photo.path)

    def _photo(self, key: str, *, lives: bool) -> Photo:
        return next(one for one in self.photos if one.key == key and one.lives == lives)

    def _living(self, photo: Photo) -> LivingStage:
        return LivingStage(
            rig=RigStage(
                consent=self.consents[photo.name],
                face=self.storyboard.cast[photo.name].face,
                engine=self.engine,
                places=self.places,
                use=self.use,
                showing=self.showing,
            )
        )

    def _print(self, photo: Photo) -> PrintStage:
        mend = not any(
            plan.action == SHOWN
            and photo.name in plan.who
            and plan.choice("repair", "gently") == "no"
            for plan in self.storyboard.shots
        )
        return PrintStage(engine=self.engine, mend=mend, what="The photo")

    def owners(self, *names: str) -> tuple[str, ...]:
        """Name the consents of some of the cast; of all of it where nobody of them gave one, as for an animal."""
        own = [self.consents[name].record_id for name in names if name in self.consents]
        every = [consent.record_id for consent in self.consents.values()]
        return tuple(dict.fromkeys(own or every))

    def _made(
        self, stage: Stage[Given, Made], given: Given, form: Form[Made], *, whose: str
    ) -> Made:
        store, owners = Store.in_places(self.places), self.owners(whose)
        if self.bake == "here":
            return run_stage(stage, given, form=form, store=store, owners=owners, watch=self.watch)
        with beside(stage, given, form=form, store=store, owners=owners) as wait:
            return wait(self.watch)

    def _ask(self, member: CastMember, error: EyesClosedError) -> AfterDeathPhotoError:
        found = (
            f"the eyes in the photo of somebody who has died are closed ({error.measured:.0%} open)"
        )
        what = (
            f"{found}. Eyes that the photo does not show are not made. Give a photo with open eyes to let live, and show "
            "this one as a print: action: show."
            if member.after_death_photos_agreed
            else f"{found}: it may have been taken after death. No face is made to live from such a photo unless the family "
            "agrees a second time. Give a photo from life; or show this one as a print, action: show, and write "
            "after_death_photos_agreed: yes."
        )
        return AfterDeathPhotoError(
            told(self.storyboard.name, Problem(line=member.at_line, what=what))
        )

    def _named(self, photo: Photo, error: InputError) -> InputError:
        """Say of a photo's fault whose photo it is, and in which shots it is needed."""
        member = self.storyboard.cast[photo.name]
        number = photo.key.partition("/")[2] or "1"
        shots = [
            plan.name
            for plan in self.storyboard.shots
            if photo.name in plan.who
            and (photo.lives != (plan.action == SHOWN))
            and (photo.lives or int(plan.number("photo", 1)) == int(number))
        ]
        said = str(error).replace("--face N", "face: N at that person in the cast")
        what = f"photo {number}, for shot{'s' if len(shots) > 1 else ''} {', '.join(shots)}: {said}"
        kind = type(error)
        named = kind.__new__(kind)
        named.__dict__.update(error.__dict__)
        named.args = (told(self.storyboard.name, Problem(line=member.at_line, what=what)),)
        return named


def built(member: CastMember) -> Build:
    """Tell how somebody's figure is built: as the family says, else as most are."""
    usual = child_build() if member.child else Build()
    return replace(usual, **member.build)  # type: ignore[arg-type]


def call_the_cast(
    storyboard: Storyboard,
    consents: Mapping[str, Consent],
    *,
    engine: FaceEngine,
    bake: Bake,
    use: Use = "portrait-film",
    showing: Showing = PRIVATELY,
    places: Places,
    watch: Watch = unwatched,
) -> Cast:
    """Make a rig, a figure and prints of everybody, one at a time; what was made before is taken out of the store.

    Raises:
        InputError: A photo will not do; the message names the shots that need it.
        AfterDeathPhotoError: A photo asks for a second yes.
        ConsentError: Somebody has not agreed, or not to this photo; nothing is made before.
    """
    photos = photos_needed(storyboard)
    insist_on_photos(
        [(photo.name, photo.path, photo.lives) for photo in photos],
        storyboard,
        consents,
        use=use,
        showing=showing,
        now=utc_now(),
        places=places,
    )
    studio = CastStudio(
        storyboard=storyboard,
        photos=photos,
        consents=consents,
        engine=engine,
        bake=bake,
        use=use,
        showing=showing,
        places=places,
        watch=watch,
    )
    recognition = Recognition(storyboard, engine)
    subjects: dict[str, Subject] = {}
    figures: dict[str, Figure] = {}
    prints: dict[str, float] = {}
    ids: dict[str, str] = {}
    dresses: dict[str, Dress] = {}
    builds = {name: built(member) for name, member in storyboard.cast.items() if member.photos}
    for photo in photos:
        if not photo.lives:
            prints[photo.key] = studio.relief(photo.key).aspect
            ids[f"print:{photo.key}"] = studio.print_id(photo.key)
            continue
        if storyboard.cast[photo.name].pet:
            subjects[photo.key] = pet_subject(photo.key, studio.pet(photo.key))
            ids[f"pet:{photo.key}"] = studio.pet_id(photo.key)
            continue
        rig = studio.rig(photo.key)
        recognition.see(photo.key, rig)
        member = storyboard.cast[photo.name]
        subjects[photo.key] = subject_of(photo.key, rig)
        ids[f"rig:{photo.key}"] = studio.rig_id(photo.key)
        dresses[photo.key] = dress_from(rig)
        if photo.key == photo.name:
            worn = of_a_child(dresses[photo.key]) if member.child else dresses[photo.key]
            dress = dresses[photo.key] = with_choices(worn, member.dress)
            figures[photo.name] = _figure(rig, builds[photo.name], dress)
            ids[f"figure:{photo.name}"] = key_of(
                (ids[f"rig:{photo.key}"], repr(builds[photo.name]), repr(dress))
            )
    paths = dict.fromkeys(photo.path for photo in photos)
    return Cast(
        subjects=subjects,
        builds=builds,
        dresses=dresses,
        prints=prints,
        figures=figures,
        ids=ids,
        sources=tuple(dict.fromkeys(sources_of(paths, places=places))),
        studio=studio,
    )


def _figure(rig: Rig, build: Build, dress: Dress) -> Figure:
    return build_figure(build, dress, face=face_patch(rig))
