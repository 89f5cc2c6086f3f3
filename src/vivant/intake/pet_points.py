"""The points of an animal's face: a small document that the family makes by tapping on the photo.

There is no packaged model that finds an animal's eyes. So people say where they are; what they leave out is
worked out from the rest (``pet_places``), and what they say is checked here.

``left`` and ``right`` are the picture's own: the left eye is the one on the left of the photo.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any

import yaml

from vivant.errors import InputError
from vivant.media.files import read_limited, unfinished

KIND, VERSION = "pet-points", 1
"""What the first line of a document says: ``vivant: pet-points/1``."""
ANIMALS = ("cat", "dog", "other")
MOST_BYTES = 64_000
SIDES = ("left", "right")
EYE_PARTS = ("outer", "inner", "top", "bottom")
EAR_PARTS = ("tip", "outer", "inner")
"""Its tip, and the two ends of the line along which it grows from the head."""
NEEDED = ("left-eye", "right-eye", "nose")
"""With these alone a pet can live."""
POINTS = (
    "left-eye", "right-eye", "nose", "mouth", "chin",
    *(f"{side}-eye-{part}" for side in SIDES for part in EYE_PARTS),
    *(f"{side}-ear-{part}" for side in SIDES for part in EAR_PARTS),
    "chest",
)  # fmt: skip
"""All that a document may name; ``outer`` is away from the nose."""
NEAREST_EYES_PX = 24.0
"""Eyes closer together than this are too few pixels to close."""
STEEPEST_DEG = 55.0
"""A head more tilted than this is taken for a mistake."""
FARTHEST_CORNER = 0.6
"""A corner of an eye is no farther from its middle than this share of the way between the eyes."""
NOSE_BELOW = (0.12, 3.5)
"""How far a nose lies below the eyes, at least and at most, in ways between them."""
Place = tuple[float, float]


class PetPointsError(InputError):
    """The points of an animal's face are missing, or cannot be right."""

    code = "intake.pet-points"


@dataclass(frozen=True, slots=True, kw_only=True)
class PetPoints:
    """Where things are in an animal's face, in pixels of the upright photo, counted from its top left corner."""

    animal: str
    """One of ``ANIMALS``."""
    photo_px: tuple[int, int]
    """Width and height of the photo on which they were tapped."""
    places: Mapping[str, Place] = field(default_factory=dict)
    """By names of ``POINTS``."""

    def scaled(self, factor: float) -> PetPoints:
        """Give the points of the same photo at another size."""
        width, height = self.photo_px
        return PetPoints(
            animal=self.animal,
            photo_px=(max(1, round(width * factor)), max(1, round(height * factor))),
            places=MappingProxyType(
                {name: (x * factor, y * factor) for name, (x, y) in self.places.items()}
            ),
        )


def read_points(path: Path) -> PetPoints:
    """Read a document of points.

    Raises:
        PetPointsError: It is none, or what it says cannot be right.
        InputError: There is no such file, or it is too large.
    """
    content = read_limited(path, at_most_bytes=MOST_BYTES, what="points file")
    try:
        written = yaml.safe_load(content.decode("utf-8-sig"))
    except (yaml.YAMLError, UnicodeDecodeError, RecursionError) as error:
        message = (
            "The points file cannot be read. Make it again: vivant pet points PHOTO -o POINTS.yaml"
        )
        raise PetPointsError(message) from error
    return parse_points(written)


def parse_points(written: object) -> PetPoints:
    """Take points from what a document holds.

    Raises:
        PetPointsError: They are not there, or cannot be right.
    """
    if not isinstance(written, dict):
        raise _no_document()
    head = str(written.get("vivant", ""))
    kind, _, version = head.partition("/")
    if kind != KIND or not version.isdecimal():
        raise _no_document()
    if int(version) > VERSION:
        message = f"The points file is of version {version}, and this Vivant reads up to {VERSION}. Update Vivant."
        raise PetPointsError(message)
    photo, points = written.get("photo"), written.get("points")
    if not isinstance(photo, dict) or not isinstance(points, dict):
        raise _no_document()
    size = _number(photo.get("width"), "width"), _number(photo.get("height"), "height")
    if min(size) < 1 or max(size) > 1e6:
        raise _no_document()
    read = PetPoints(
        animal=str(written.get("animal", "cat")).strip().lower(),
        photo_px=(round(size[0]), round(size[1])),
        places=MappingProxyType({str(name): _place(name, at) for name, at in points.items()}),
    )
    check_points(read)
    return read


def write_points(points: PetPoints, path: Path) -> None:
    """Write a document of points, whole or not at all."""
    check_points(points)
    with unfinished(path) as hidden:
        hidden.write_text(text_of(points), encoding="utf-8", newline="\n")


def text_of(points: PetPoints) -> str:
    """Give the document's text; the page that is tapped on writes the same."""
    width, height = points.photo_px
    lines = [
        f"vivant: {KIND}/{VERSION}",
        f"animal: {points.animal}",
        f"photo: {{width: {width}, height: {height}}}",
        "points:  # left and right as you see them in the photo",
        *(
            f"  {name}: [{points.places[name][0]:.1f}, {points.places[name][1]:.1f}]"
            for name in POINTS
            if name in points.places
        ),
    ]
    return "\n".join(lines) + "\n"


def check_points(points: PetPoints) -> None:
    """Insist that points can be those of a face.

    Raises:
        PetPointsError: They cannot; the message says which, and what to do.
    """
    for what in _faults(points):
        raise _wrong(what)


def _faults(points: PetPoints) -> Iterator[str]:
    places = points.places
    if points.animal not in ANIMALS:
        yield f"animal: is one of {', '.join(ANIMALS)}"
    for name in places:
        if name not in POINTS:
            yield f"there is no point called {name[:40]!r}; there are {', '.join(POINTS)}"
    missing = [name for name in NEEDED if name not in places]
    if missing:
        yield f"needed are {', '.join(NEEDED)}; missing: {', '.join(missing)}"
    width, height = points.photo_px
    for name, (x, y) in places.items():
        if not (0 <= x <= width and 0 <= y <= height):
            yield f"{name} is at {x:.0f}, {y:.0f}, outside the photo of {width} x {height}"
    yield from _faults_of_eyes(places)
    yield from _faults_below(places)


def _faults_of_eyes(places: Mapping[str, Place]) -> Iterator[str]:
    left, right = places["left-eye"], places["right-eye"]
    apart = math.dist(left, right)
    if left[0] > right[0]:
        yield "the left eye lies to the right of the right eye. Left is what is left in the photo; exchange them"
    if apart < NEAREST_EYES_PX:
        yield (
            f"the eyes are {apart:.0f} pixels apart; at least {NEAREST_EYES_PX:.0f} are needed. Take a photo in which "
            "the face is larger"
        )
    tilt = abs(math.degrees(math.atan2(right[1] - left[1], right[0] - left[0])))
    if tilt > STEEPEST_DEG:
        yield f"the head is tilted by {tilt:.0f} degrees. Turn the photo upright first"
    for side, eye in (("left", left), ("right", right)):
        for part in EYE_PARTS:
            name = f"{side}-eye-{part}"
            if name in places and math.dist(places[name], eye) > FARTHEST_CORNER * apart:
                yield f"{name} is too far from the middle of that eye"


def _faults_below(places: Mapping[str, Place]) -> Iterator[str]:
    """Going down a face come eyes, nose, mouth, chin."""
    left, right = places["left-eye"], places["right-eye"]
    apart = math.dist(left, right)
    along = ((right[0] - left[0]) / apart, (right[1] - left[1]) / apart)
    middle = ((left[0] + right[0]) / 2, (left[1] + right[1]) / 2)
    before, depth = "the eyes", NOSE_BELOW[0]
    for name in ("nose", "mouth", "chin"):
        if name not in places:
            continue
        x, y = places[name]
        here = (-(x - middle[0]) * along[1] + (y - middle[1]) * along[0]) / apart
        if here <= depth:
            yield f"the {name} does not lie below {before}"
        if name == "nose" and here > NOSE_BELOW[1]:
            yield "the nose does not lie where a nose can be, for eyes so far apart"
        before, depth = f"the {name}", here


def _wrong(what: str) -> PetPointsError:
    message = f"The points of the pet's face cannot be used: {what}. Tap them again: vivant pet points PHOTO -o POINTS.yaml"
    return PetPointsError(message)


def _no_document() -> PetPointsError:
    message = (
        f"The points file does not say where a pet's eyes are (its first line is vivant: {KIND}/{VERSION}). "
        "Make one: vivant pet points PHOTO -o POINTS.yaml"
    )
    return PetPointsError(message)


def _place(name: object, at: Any) -> Place:  # noqa: ANN401 - anything a document may hold
    if not isinstance(at, (list, tuple)) or len(at) != 2:
        what = f"{str(name)[:40]} needs two numbers: [right, down]"
        raise _wrong(what)
    return _number(at[0], str(name)), _number(at[1], str(name))


def _number(value: object, name: str) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not math.isfinite(value):
        what = f"{name[:40]} needs numbers"
        raise _wrong(what)
    return float(value)
