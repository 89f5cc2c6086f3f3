"""A look at a storyboard before it is filmed: one still of each shot, and all of them on a sheet."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path

from vivant.errors import InputError, VivantError
from vivant.film.making import closable
from vivant.film.still import Thumbnail, save_sheet, save_still
from vivant.intake.engine import FaceEngine
from vivant.intake.engines.mediapipe import MediapipeFaces
from vivant.media.picture import Frame
from vivant.media.watch import Watch, unwatched
from vivant.places import Places
from vivant.provenance.consent import Consent, Use
from vivant.provenance.policy import PRIVATELY, Showing
from vivant.provenance.safekeeping import utc_now
from vivant.scene.shot import Shot
from vivant.scene.staging import Company, stage
from vivant.scene.storyboard import ShotPlan, Storyboard, pixels_of
from vivant.scene.words_story import insist_on_dignity
from vivant.studio.casting import Bake, Cast, call_the_cast
from vivant.studio.casting_checks import insist_on_consents
from vivant.studio.casting_lines import Part, part_of
from vivant.studio.scenery import COARSE, shoot_in_set
from vivant.studio.shooting import Shooter

SHORT_SIDE_PX = 360
MOMENTS: Mapping[str, float] = {
    "look-back": 0.55,
    "gates": 0.55,
    "gates-close": 0.45,
    "become": 0.3,
}
"""Where in a shot its still is taken; in others a little before the middle."""
USUAL_MOMENT = 0.42


@dataclass(frozen=True, slots=True, kw_only=True)
class Still:
    """A still of one shot, or why there is none."""

    shot: str
    path: Path | None
    seconds: float
    """About how long the shot is."""
    why: str = ""
    """What is wrong with the shot, and what would help; empty when nothing is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """Stills of a storyboard."""

    sheet: Path
    stills: tuple[Still, ...]

    @property
    def failed(self) -> tuple[Still, ...]:
        """Those that could not be made."""
        return tuple(still for still in self.stills if still.path is None)


def preview(  # noqa: PLR0913 - one call for the whole way
    storyboard: Storyboard,
    folder: Path,
    *,
    consents: Mapping[str, Consent],
    size: tuple[int, int] | None = None,
    only: str | None = None,
    use: Use = "portrait-film",
    showing: Showing = PRIVATELY,
    threads: int = 2,
    bake: Bake = "here",
    shooter: Shooter = shoot_in_set,
    faces: FaceEngine | None = None,
    places: Places | None = None,
    watch: Watch = unwatched,
) -> Preview:
    """Draw one still of each shot, small and with coarse air, and put them on a sheet.

    Words and consents are asked for as for a film. Every picture carries the label, and says that it is a
    preview. A shot that cannot be drawn leaves a gap and its reason; the others are drawn.

    Args:
        storyboard: Checked, every photo with its path.
        folder: Where ``sheet.png`` and ``NUMBER-SHOT.png`` go; made when it is not there.
        consents: Who agreed, by the name in the cast.
        size: Of the film; its shape counts.
        only: Draw this shot alone.
        use: What the film will be for.
        showing: To whom and where it will be shown.
        threads: How many threads draw.
        bake: See ``tell``.
        shooter: Who draws.
        faces: Who sees faces.
        places: Where things are kept.
        watch: Hears the progress; may raise to stop.

    Raises:
        InputError: Words, photos or the storyboard cannot be used.
        ConsentError: Somebody has not agreed.
        VivantError: No shot at all can be drawn: what the first one said.
    """
    places = places or Places()
    insist_on_dignity(storyboard)
    insist_on_consents(storyboard, consents, use=use, showing=showing, now=utc_now(), places=places)
    plans = storyboard.shots if only is None else (storyboard.shot(only),)
    size_px = _small(size or pixels_of(storyboard.sizes[0]))
    cast = call_the_cast(
        replace(storyboard, shots=plans),
        consents,
        engine=faces or MediapipeFaces(places=places),
        bake=bake,
        use=use,
        showing=showing,
        places=places,
        watch=watch,
    )
    folder.mkdir(parents=True, exist_ok=True)
    stills: list[Still] = []
    thumbnails: list[Thumbnail] = []
    failures: list[VivantError] = []
    for count, plan in enumerate(storyboard.shots):
        if plan not in plans:
            continue
        watch("stills", len(stills), len(plans))
        part = part_of(
            storyboard, plan, (), rate=storyboard.rate, seed=storyboard.seed + 31 * count
        )
        seconds = float(Fraction(part.frames) / storyboard.rate)
        path: Path | None = folder / f"{count + 1:02d}-{plan.name}.png"
        why = ""
        try:
            shot = _staged(storyboard, plan, part, count=count, cast=cast, size_px=size_px)
            frame = _drawn(shot, plan, cast, shooter=shooter, threads=threads, places=places)
            assert path is not None  # noqa: S101 - just made
            thumbnails.append(Thumbnail(name=plan.name, seconds=seconds, pixels=save_still(frame, path)))  # fmt: skip
        except InputError as error:
            path, why = None, str(error)
            failures.append(error)
            thumbnails.append(Thumbnail(name=plan.name, seconds=seconds, pixels=None))
        stills.append(Still(shot=plan.name, path=path, seconds=seconds, why=why))
    watch("stills", len(plans), len(plans))
    if len(failures) == len(plans):
        raise failures[0]
    sheet = folder / "sheet.png"
    save_sheet(thumbnails, sheet, width_px=size_px[0], height_px=size_px[1])
    return Preview(sheet=sheet, stills=tuple(stills))


def _small(size: tuple[int, int]) -> tuple[int, int]:
    step = SHORT_SIDE_PX / min(size) / 2
    return 2 * round(size[0] * step), 2 * round(size[1] * step)


def _staged(
    storyboard: Storyboard,
    plan: ShotPlan,
    part: Part,
    *,
    count: int,
    cast: Cast,
    size_px: tuple[int, int],
) -> Shot:
    """Stage one shot as the whole film would, but for its transitions."""
    alone = replace(storyboard, shots=(plan,), seed=storyboard.seed + 1009 * count)
    company = Company(
        people=cast.subjects,
        performances={plan.name: part.performances},
        sayings={plan.name: part.sayings},
        builds=cast.builds,
        dresses=cast.dresses,
        prints=cast.prints,
    )
    return stage(
        alone,
        frames={plan.name: part.frames},
        company=company,
        rate=storyboard.rate,
        width_px=size_px[0],
        height_px=size_px[1],
    )[0]


def _drawn(
    shot: Shot,
    plan: ShotPlan,
    cast: Cast,
    *,
    shooter: Shooter,
    threads: int,
    places: Places,
) -> Frame:
    index = min(shot.frames - 1, round(MOMENTS.get(plan.action, USUAL_MOMENT) * shot.frames))
    frames = shooter(
        shot,
        players=cast.players_for(shot),
        frames=(index,),
        coarse=COARSE,
        threads=threads,
        places=places,
    )
    with closing(closable(frames)) as drawn:
        return next(drawn)
