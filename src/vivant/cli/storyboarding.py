"""The work behind ``vivant storyboard``, and the demo faces that storyboards may name."""

from __future__ import annotations

import shlex
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from PIL import Image

from vivant.cli.demo_pets import demo_pet, is_demo_pet, with_demo_points
from vivant.cli.hopper import portrait
from vivant.cli.screen import note, result, results_as_json
from vivant.cli.wishes import StoryWish, consent_is_given
from vivant.errors import InputError
from vivant.film.cards_fonts import undrawable
from vivant.media.files import unfinished
from vivant.places import Places
from vivant.scene.storyboard import PhotoSource, ShotPlan, Storyboard
from vivant.scene.storyboard_checking import expected_s
from vivant.scene.storyboard_reading import read_storyboard
from vivant.scene.storyboard_sounds import insist_on_sounds
from vivant.scene.storyboard_terms import TERMS, Terms
from vivant.scene.templates.shelf import template_named, templates, with_photos
from vivant.scene.words_story import (
    SaidWords,
    UndignifiedWordsError,
    insist_on_dignity,
    words_of,
)
from vivant.settings import Settings

HOPPER = "grace-hopper"
_JACKET = (46, 48, 56)
"""Cloth of a dark suit; other clothes keep the colour of the painting."""


def known_terms() -> Terms:
    """Give what this version knows, and what its fonts can draw."""
    return replace(TERMS, undrawable=undrawable)


def list_templates(*, as_json: bool) -> None:
    """Show what there is to begin with."""
    shelf = templates()
    if as_json:
        results_as_json([{"name": one.name, "summary": one.summary} for one in shelf])
        return
    width = max(len(one.name) for one in shelf)
    for one in shelf:
        result(f"{one.name:<{width}}  {one.summary}")
    note("Begin with: vivant storyboard new TEMPLATE -o FILE.yaml")


def new_storyboard(
    name: str, to: Path, *, photos: Sequence[str], replaces: bool, as_json: bool
) -> None:
    """Write a template's storyboard, with photos where they were given.

    Raises:
        InputError: There is no such template, a photo is not there, or the file exists already.
    """
    template = template_named(name)
    if to.suffix.lower() not in {".yaml", ".yml"}:
        message = f"The storyboard must end in .yaml, and {to.name!r} does not."
        raise InputError(message)
    if to.is_dir():
        message = "The output is a folder; name a file in it."
        raise InputError(message)
    if to.exists() and not replaces:
        message = "There is a file of that name already, perhaps with your words in it. Choose another name, or add --replace."
        raise InputError(message)
    text = with_photos(template, _photos_by_name(photos), folder=to.absolute().parent)
    to.parent.mkdir(parents=True, exist_ok=True)
    with unfinished(to) as hidden:
        hidden.write_text(text, encoding="utf-8", newline="\n")
    if as_json:
        results_as_json({"path": to, "template": template.name})
        return
    result(f"Written   {to}: {template.summary}")
    result(
        f"Next      write your words into it, then: vivant storyboard check {shlex.quote(str(to))}"
    )


def _photos_by_name(given: Sequence[str]) -> Mapping[str, Sequence[Path]]:
    found: dict[str, list[Path]] = {}
    for number, one in enumerate(given, start=1):
        name, sign, path = one.partition("=")
        if not (name and sign and path):
            message = f"--photo {number} of {len(given)} is no NAME=FILE. Write the name from the template's cast, =, and the file."
            raise InputError(message)
        if not Path(path).is_file():
            message = f"--photo {number} of {len(given)}: the file is not there. Check its name and its folder."
            raise InputError(message)
        found.setdefault(name.strip(), []).append(Path(path))
    return found


def check_storyboard(path: Path, *, as_json: bool) -> None:
    """Read a storyboard and tell of each shot how long it is, and of all words whether they pass.

    Raises:
        StoryboardError: It cannot be filmed as it stands.
        UndignifiedWordsError: Words in it should not be said.
    """
    storyboard = read_storyboard(path, terms=known_terms())
    insist_on_sounds(storyboard)
    said = words_of(storyboard)
    broken = tuple(one for one in said if not one.reading.ok)
    if as_json and not broken:
        results_as_json(_facts(storyboard, said))
        return
    if not as_json:
        _show(storyboard, said)
    if broken:
        raise UndignifiedWordsError(storyboard.name, broken)
    result(
        f"In order  film it with: vivant film --storyboard {shlex.quote(str(path))} -o OUT.mp4 --attest kin"
    )


def _show(storyboard: Storyboard, said: tuple[SaidWords, ...]) -> None:
    whole_s = sum(expected_s(plan, terms=TERMS) for plan in storyboard.shots)
    about = "" if all(plan.length_s for plan in storyboard.shots) else "about "
    result(
        f"Film      {len(storyboard.shots)} shots, {about}{whole_s:.1f} s, and {storyboard.opening_card.seconds:g} s for the opening card; "
        f"{', '.join(storyboard.sizes)}"
    )
    width = max(len(plan.name) for plan in storyboard.shots)
    for plan in storyboard.shots:
        words = [one for one in said if one.shot == plan.name]
        told = f"  {_verdict(*words)}" if words else ""
        if len(plan.lines) > 1:
            told = f"  {len(plan.lines)} lines by {', '.join(plan.speakers)}{told}"
        result(
            f"  {plan.name:<{width}}  {_length(plan):>8}  {plan.action} in {plan.set}, {plan.look}{told}"
        )
    for voice, names in _shared_voices(storyboard).items():
        result(
            f"Voices    {', '.join(names[:-1])} and {names[-1]} speak with one voice, {voice}; `vivant voices` lists others"
        )
    for one in said:
        if not one.shot:
            result(f"  {one.where}: {_verdict(one)}")
    for one in said:
        for found in one.reading.findings:
            result(
                f"Words     {storyboard.name}, line {one.at_line}: {one.where} {found.why}: “{found.words}”. {found.instead}"
            )
        if one.reading.needs_eyes:
            result(
                f"Read      {storyboard.name}, line {one.at_line}: {one.where}: {one.reading.needs_eyes}"
            )


def _shared_voices(storyboard: Storyboard) -> dict[str, list[str]]:
    """Find voices with which several people of a storyboard speak."""
    found: dict[str, list[str]] = {}
    lines = [line for plan in storyboard.shots for line in plan.lines if line.audio is None]
    for name in dict.fromkeys(line.by for line in lines if line.by is not None):
        found.setdefault(storyboard.cast[name].voice, []).append(name)
    return {voice: names for voice, names in found.items() if len(names) > 1}


def _verdict(*words: SaidWords) -> str:
    count = sum(len(one.reading.findings) for one in words)
    if count:
        return f"words: {count} {'place' if count == 1 else 'places'} to change"
    unread = any(one.reading.needs_eyes for one in words)
    return "words: a person must read them" if unread else "words: good"


def _length(plan: ShotPlan) -> str:
    about = "" if plan.length_s is not None else "~"
    return f"{about}{expected_s(plan, terms=TERMS):.1f} s"


def _facts(storyboard: Storyboard, said: tuple[SaidWords, ...]) -> dict[str, object]:
    return {
        "name": storyboard.name,
        "template": storyboard.template,
        "sizes": storyboard.sizes,
        "shots": [
            {
                "name": plan.name,
                "line": plan.at_line,
                "action": plan.action,
                "seconds": round(expected_s(plan, terms=TERMS), 2),
                "exact": plan.length_s is not None,
                "speakers": plan.speakers,
            }
            for plan in storyboard.shots
        ],
        "words": [
            {
                "where": one.where,
                "line": one.at_line,
                "ok": one.reading.ok,
                "needs_eyes": one.reading.needs_eyes,
            }
            for one in said
        ],
    }


def film_storyboard(wish: StoryWish, settings: Settings) -> None:
    """Film a storyboard, or show stills of it; everything that can be checked on paper is checked first."""
    storyboard = read_storyboard(wish.storyboard, terms=known_terms())
    insist_on_dignity(storyboard)
    insist_on_sounds(storyboard)
    if wish.only is not None:
        storyboard.shot(wish.only)
    own = [member.consent for member in storyboard.cast.values() if member.photos]
    if wish.consent or wish.attest or not any(own):
        consent_is_given(wish.consent, wish.attest)
    from vivant.cli.telling import film_story

    film_story(
        wish.storyboard,
        wish.to,
        preview=wish.preview,
        only=wish.only,
        consent=wish.consent,
        attest=wish.attest,
        words=wish.words,
        size=None if wish.size is None else (wish.size.width_px, wish.size.height_px),
        offline=wish.offline,
        settings=settings,
        as_json=wish.as_json,
        shown=wish.shown,
    )


def with_demo_faces(storyboard: Storyboard, *, places: Places) -> Storyboard:
    """Give every demo face of a storyboard a file; afterwards each photo has its path.

    Raises:
        MissingError: The portrait of Grace Hopper, or what paints the others, is not installed.
    """
    cast = {
        name: with_demo_points(
            replace(member, photos=tuple(_with_file(one, places) for one in member.photos))
        )
        for name, member in storyboard.cast.items()
    }
    return replace(storyboard, cast=cast)


def _with_file(photo: PhotoSource, places: Places) -> PhotoSource:
    return (
        photo if photo.demo is None else replace(photo, path=demo_face(photo.demo, places=places))
    )


def demo_face(name: str, *, places: Places) -> Path:
    """Find the picture of a demo face; the painted ones are painted when first asked for.

    Args:
        name: ``grace-hopper``, or somebody of the painted cast, who never lived; ``NAME+jacket`` wears other clothes.
        places: The paintings are kept in the cache.

    Raises:
        InputError: Nobody is called so.
        PortraitMissingError: The package with the portrait of Grace Hopper is not installed.
    """
    if name == HOPPER:
        return portrait()
    if is_demo_pet(name):
        return demo_pet(name, places=places)
    who, _, clothes = name.partition("+")
    if who not in TERMS.faces or (clothes and clothes not in TERMS.clothes):
        message = (
            f"There is no demo face {name[:40]!r}; there are {', '.join(sorted(TERMS.faces))}."
        )
        raise InputError(message)
    from vivant import painting

    path = places.cache / "demo-faces" / f"{name}-{painting.EDITION}.png"
    if not path.is_file():
        if clothes:
            spec = painting.CAST[who]
            colour = _JACKET if clothes == "jacket" else spec.clothes_colour
            dressed = replace(spec, clothes=clothes, clothes_colour=colour)  # type: ignore[arg-type]
            painted = painting.paint(dressed, width_px=768, height_px=960)
        else:
            painted = painting.portrait(who)
        path.parent.mkdir(parents=True, exist_ok=True)
        with unfinished(path) as hidden:
            Image.fromarray(painted.pixels).save(hidden)
    return path
