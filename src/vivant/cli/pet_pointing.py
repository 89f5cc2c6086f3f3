"""The work behind ``vivant pet points``."""

from __future__ import annotations

import shlex
from collections.abc import Mapping, Sequence
from pathlib import Path

from vivant.cli.screen import note, result, results_as_json
from vivant.errors import InputError
from vivant.intake.pet_finding import SURE, FoundPet, find_pet
from vivant.intake.pet_page import page_of
from vivant.intake.pet_points import ANIMALS, PetPoints, Place, check_points, write_points
from vivant.intake.reading import Reading, read_photo
from vivant.media.files import unfinished


def point_out(
    photo: Path,
    to: Path,
    *,
    at: Sequence[str],
    animal: str | None,
    accepts: bool,
    replaces: bool,
    as_json: bool,
) -> None:
    """Write the points that were given, or a page to tap them on.

    Raises:
        InputError: The photo cannot be read, a point cannot be right, or a file of that name is there already.
    """
    if to.suffix.lower() not in {".yaml", ".yml"}:
        message = f"The points must go to a file that ends in .yaml, and {to.name!r} does not."
        raise InputError(message)
    if animal is not None and animal not in ANIMALS:
        message = f"--animal is one of {', '.join(ANIMALS)}."
        raise InputError(message)
    reading = read_photo(photo)
    if at:
        _write_given(reading, to, at=at, animal=animal or "cat", replaces=replaces, as_json=as_json)
        return
    found = find_pet(reading.picture.pixels)
    kind = animal or ("cat" if found is None else found.points.animal)
    guess = None
    if found is not None:
        seen = found.points.scaled(1 / reading.scale)
        guess = PetPoints(animal=kind, photo_px=_whole(reading), places=seen.places)
    if accepts:
        _write_guess(guess, to, sure=_sure(found), replaces=replaces, as_json=as_json)
        return
    page = to.with_suffix(".html")
    _insist_on_room(page, replaces=replaces)
    page.parent.mkdir(parents=True, exist_ok=True)
    html = page_of(
        reading.picture, animal=kind, file=to.name, photo_px=_whole(reading), guess=guess
    )
    with unfinished(page) as hidden:
        hidden.write_text(html, encoding="utf-8", newline="\n")
    if as_json:
        results_as_json({"page": page, "animal": kind, "sure": _sure(found)})
        return
    seen_as = f"{_sure(found):.0%} sure" if guess is not None else "nothing like a face found"
    result(
        f"Page      {page}: open it in a browser, on a telephone or here; it sends nothing anywhere"
    )
    result(f"Guess     {seen_as}; three taps are enough: both eyes and the nose")
    result(
        f"Next      save {to.name} beside the storyboard; there, at the pet: pet: yes, points: {to.name}"
    )


def _sure(found: FoundPet | None) -> float:
    return 0.0 if found is None else round(found.sure, 2)


def _write_guess(
    guess: PetPoints | None, to: Path, *, sure: float, replaces: bool, as_json: bool
) -> None:
    """Take the guess as it is, when it is good enough."""
    if guess is None or sure < SURE:
        message = (
            f"No animal's face was found for certain ({sure:.0%} sure, {SURE:.0%} needed). Leave --accept out and tap the "
            "points in the page; or give them: --at left-eye=X,Y --at right-eye=X,Y --at nose=X,Y."
        )
        raise InputError(message)
    _insist_on_room(to, replaces=replaces)
    to.parent.mkdir(parents=True, exist_ok=True)
    write_points(guess, to)
    if as_json:
        results_as_json({"points": to, "animal": guess.animal, "sure": sure})
        return
    result(f"Points    {to}: eyes and nose as they were found, {sure:.0%} sure")
    note("Look at a still before you film: on a turned head the nose may be wrong.", style="yellow")


def _write_given(
    reading: Reading, to: Path, *, at: Sequence[str], animal: str, replaces: bool, as_json: bool
) -> None:
    places = _places(at)
    points = PetPoints(animal=animal, photo_px=_whole(reading), places=places)
    check_points(points)
    _insist_on_room(to, replaces=replaces)
    to.parent.mkdir(parents=True, exist_ok=True)
    write_points(points, to)
    if as_json:
        results_as_json({"points": to, "animal": animal, "given": sorted(places)})
        return
    result(f"Points    {to}: {len(places)} given; the others are worked out from the photo")
    result(
        f"Next      in the storyboard's cast, at the pet: pet: yes, and points: {shlex.quote(to.name)}"
    )


def _whole(reading: Reading) -> tuple[int, int]:
    return reading.full_width_px, reading.full_height_px


def _places(given: Sequence[str]) -> Mapping[str, Place]:
    places: dict[str, Place] = {}
    for number, one in enumerate(given, start=1):
        name, sign, numbers = one.partition("=")
        try:
            x, y = (float(part) for part in numbers.split(","))
        except ValueError:
            sign = ""
            x = y = 0.0
        if not (name and sign):
            message = f"--at {number} of {len(given)} is no NAME=X,Y. Write it as left-eye=120,80: pixels from the left and from the top."
            raise InputError(message)
        places[name.strip()] = (x, y)
    return places


def _insist_on_room(path: Path, *, replaces: bool) -> None:
    if path.is_dir():
        message = "The output is a folder; name a file in it."
        raise InputError(message)
    if path.exists() and not replaces:
        message = f"There is a file {path.name!r} already. Choose another name, or add --replace."
        raise InputError(message)
