"""The work behind ``vivant pet points``."""

from __future__ import annotations

import shlex
from collections.abc import Mapping, Sequence
from pathlib import Path

from vivant.cli.screen import note, result, results_as_json
from vivant.errors import InputError
from vivant.intake.pet_finding import SURE, find_pet
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
    page = to.with_suffix(".html")
    for one in (page, to):
        _insist_on_room(one, replaces=replaces)
    found = find_pet(reading.picture.pixels)
    kind = animal or ("cat" if found is None else found.points.animal)
    guess = None if found is None else found.points.scaled(1 / reading.scale)
    sure = found is not None and found.sure >= SURE
    to.parent.mkdir(parents=True, exist_ok=True)
    html = page_of(
        reading.picture, animal=kind, file=to.name, photo_px=_whole(reading), guess=guess
    )
    with unfinished(page) as hidden:
        hidden.write_text(html, encoding="utf-8", newline="\n")
    if guess is not None and sure:
        named = PetPoints(animal=kind, photo_px=_whole(reading), places=guess.places)
        write_points(named, to)
    if as_json:
        results_as_json(
            {
                "page": page,
                "points": to if sure else None,
                "animal": kind,
                "sure": 0.0 if found is None else round(found.sure, 3),
            }
        )
        return
    result(f"Page      {page}: open it in a browser, tap, and save {to.name} beside the storyboard")
    if sure:
        result(
            f"Points    {to}: eyes and nose were found; look at them in the page before you film"
        )
    else:
        note("The face was not found for certain: tap eyes and nose in the page.", style="yellow")
    result(f"Next      in the storyboard's cast, at the pet: pet: yes, and points: {to.name}")


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
