"""A page to tap on: the family shows where an animal's eyes, nose and ears are. One file, which asks nothing of any network."""

from __future__ import annotations

import base64
import io
import json
from importlib import resources

from PIL import Image

from vivant.intake.pet_places import USUAL
from vivant.intake.pet_points import (
    KIND,
    NEAREST_EYES_PX,
    NEEDED,
    NOSE_BELOW,
    POINTS,
    SIDES,
    VERSION,
    PetPoints,
    Place,
)
from vivant.media.picture import Picture

WIDEST_PX = 1400
"""Longest side of the photo in the page; taps count in the photo's own pixels."""
_EYE = {
    "outer": "the OUTER corner of the {side} eye",
    "inner": "the INNER corner of the {side} eye, beside the nose",
    "top": "the highest place of the {side} eye, where fur begins",
    "bottom": "the lowest place of the {side} eye, where fur begins",
}
_EAR = {
    "tip": "the TIP of the {side} ear",
    "outer": "where the {side} ear begins, OUTSIDE",
    "inner": "where the {side} ear begins, INSIDE, toward the crown",
}


def page_of(
    picture: Picture,
    *,
    animal: str,
    file: str,
    photo_px: tuple[int, int],
    guess: PetPoints | None = None,
) -> str:
    """Write the page.

    Args:
        picture: The photo, upright.
        animal: ``cat``, ``dog`` or ``other``.
        file: What the saved points are to be called.
        photo_px: Width and height of the whole photo, in whose pixels taps are counted.
        guess: Where the face may be, in the same pixels.

    Returns:
        HTML.
    """
    data = {
        "kind": f"{KIND}/{VERSION}",
        "animal": animal,
        "file": file,
        "photo": {"width": photo_px[0], "height": photo_px[1]},
        "image": _as_data(picture),
        "steps": _steps(animal),
        "order": POINTS,
        "needed": NEEDED,
        "nearest": NEAREST_EYES_PX,
        "below": NOSE_BELOW[0],
        "usual": _usual(animal),
        "guess": {} if guess is None else dict(guess.places),
    }
    text = json.dumps(data, ensure_ascii=True).replace("<", "\\u003c")
    form = resources.files("vivant.intake").joinpath("pet_page.html").read_text(encoding="utf-8")
    return form.replace("__DATA__", text)


def _usual(animal: str) -> dict[str, Place]:
    return dict(USUAL.get(animal, USUAL["dog"]))


def _as_data(picture: Picture) -> str:
    image = Image.fromarray(picture.pixels)
    image.thumbnail((WIDEST_PX, WIDEST_PX), Image.Resampling.LANCZOS)
    held = io.BytesIO()
    image.save(held, "JPEG", quality=88)
    return "data:image/jpeg;base64," + base64.b64encode(held.getvalue()).decode("ascii")


def _steps(animal: str) -> list[dict[str, object]]:
    """What is asked, one after another, each with its place in the sketch."""
    usual = _usual(animal)
    wide, tall = usual["eye"]
    corner = {
        "outer": (wide, 0.0),
        "inner": (-wide, 0.0),
        "top": (0.0, -tall),
        "bottom": (0.0, tall),
    }
    steps: list[dict[str, object]] = []

    def add(name: str, ask: str, sketch: Place, hint: str = "") -> None:
        steps.append(
            {"name": name, "ask": f"Tap {ask}", "sketch": sketch, "hint": hint, "needed": name in NEEDED}
        )  # fmt: skip

    add("left-eye", "the middle of the LEFT eye", (-0.5, 0.0), "Left as you see it in the photo.")
    add("right-eye", "the middle of the RIGHT eye", (0.5, 0.0))
    add("nose", "the tip of the NOSE", usual["nose"])
    later = "The white dots are a guess. Tap to correct, or keep."
    for side, sign in zip(SIDES, (-1.0, 1.0), strict=True):
        for part, ask in _EYE.items():
            x, y = corner[part]
            add(f"{side}-eye-{part}", ask.format(side=side), (sign * (0.5 + x), y), later)
    add("mouth", "the middle of the MOUTH, below the nose", usual["mouth"], later)
    add("chin", "the lowest place of the CHIN", usual["chin"], later)
    for side, sign in zip(SIDES, (-1.0, 1.0), strict=True):
        for part, ask in _EAR.items():
            x, y = usual[f"ear-{part}"]
            hint = later if part != "tip" else "Not in the photo? Keep the dot outside it."
            add(f"{side}-ear-{part}", ask.format(side=side), (sign * x, y), hint)
    return steps
