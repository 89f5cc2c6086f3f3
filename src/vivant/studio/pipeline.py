"""From photos and speech to a film, in one call."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import replace
from fractions import Fraction
from functools import partial
from os import PathLike
from pathlib import Path
from typing import Literal

from vivant.errors import InputError
from vivant.film.making import Film, make_film
from vivant.film.permitting import permit_voice, shown_where
from vivant.intake.engines.mediapipe import MediapipeFaces
from vivant.intake.taking import permit_photos
from vivant.media.watch import Watch, unwatched
from vivant.performance.curves import Performance
from vivant.places import Places
from vivant.provenance.consent import Consent, Use
from vivant.provenance.labelling import LabelWish
from vivant.provenance.policy import PRIVATELY, Asked, Said, Showing
from vivant.provenance.standing import Standing, while_standing
from vivant.rig.rig import Rig
from vivant.studio.baking import RIG_FORM, RigStage
from vivant.studio.beside import beside
from vivant.studio.run import run_stage
from vivant.studio.sources import sources_of
from vivant.studio.store import Store
from vivant.voice.permitting import said_in
from vivant.voice.speech import Speech

MOST_PHOTOS = 16
"""More photos of one person do not make a better rig."""


def film_from_photos(  # noqa: PLR0913 - one call for the whole way
    photos: Sequence[str | PathLike[str]],
    speech: Speech | Callable[[], Speech | None] | None,
    to: str | PathLike[str],
    *,
    consent: Consent,
    width_px: int = 1280,
    height_px: int = 720,
    rate: Fraction = Fraction(25),
    seed: int = 0,
    face: int | None = None,
    performance: Performance | None = None,
    use: Use = "portrait-film",
    showing: Showing = PRIVATELY,
    words: tuple[Said, ...] = (),
    label: LabelWish | None = None,
    threads: int = 1,
    bake: Literal["here", "beside"] = "here",
    places: Places | None = None,
    watch: Watch = unwatched,
) -> Film:
    """Make a film of one person from photos; the second film of the same photos starts at once.

    Args:
        photos: 1 to 16 photos of one person; the best one moves, the others help.
        speech: What is said: from ``speak`` or ``listen``, or a function that gives it, called while the rig
            is baked; nothing makes a silent film, which needs a performance.
        to: Where the film goes: an MP4 file, whole or not there.
        consent: Who agreed.
        width_px: Pixels across, 256 to 1920, even.
        height_px: Pixels down, 256 to 1920, even.
        rate: Frames a second, exact, 1 to 120.
        seed: Another number gives other blinks and nods.
        face: Which face of the photos, from the left, from 1; when None there must be one.
        performance: Curves that move the face; from the speech when None.
        use: What the film is for; the consent must name it.
        showing: To whom, where and for which product it will be shown.
        words: What a function will say, so that the rules read it before any work; a speech knows its own.
        label: Where the film will be shown, and what its label is to be beyond what is owed there.
        threads: How many threads draw.
        bake: ``"beside"`` bakes a new rig in a process of its own, which is sooner and lighter, but only for
            programs whose main module may be imported again.
        places: Where things are kept; the user's own folders when None.
        watch: Hears the progress; may raise to stop.

    Returns:
        The film, its papers verified.

    Raises:
        ConsentError: It may not be made; nothing was done. ``rule`` names what refused.
        VivantError: With what was found, what is needed and what to do.
    """
    paths = tuple(Path(photo) for photo in photos)
    if not 1 <= len(paths) <= MOST_PHOTOS:
        message = (
            f"{len(paths)} photos were given; 1 to {MOST_PHOTOS} photos of one person are needed."
        )
        raise InputError(message)
    home = places or Places()
    showing = shown_where(showing, label)
    asked = Asked(use=use).to_be_shown(showing)
    if speech is None or callable(speech):
        permit_photos(paths, consent, replace(asked, words=words), places=home)
    else:
        permit_photos(paths, consent, replace(asked, words=said_in(speech)), places=home)
        permit_voice(speech, asked, places=home)
    sources = sources_of(paths, places=home)
    stage = RigStage(
        consent=consent,
        face=face,
        engine=MediapipeFaces(places=home),
        places=home,
        use=use,
        showing=showing,
    )
    store = Store.in_places(home)
    owners = (consent.record_id,)
    watch = while_standing(watch, Standing(owners, places=home))
    with ExitStack() as meanwhile:
        rig: Rig | Callable[[], Rig]
        if bake == "beside":
            baked = meanwhile.enter_context(
                beside(stage, paths, form=RIG_FORM, store=store, owners=owners)
            )
            rig = partial(baked, watch)
        else:
            rig = run_stage(stage, paths, form=RIG_FORM, store=store, owners=owners, watch=watch)
        return make_film(
            rig,
            speech() if callable(speech) else speech,
            Path(to),
            consent=consent,
            width_px=width_px,
            height_px=height_px,
            rate=rate,
            seed=seed,
            performance=performance,
            use=use,
            showing=showing,
            photos=sources,
            label=label,
            threads=threads,
            places=home,
            watch=watch,
        )
