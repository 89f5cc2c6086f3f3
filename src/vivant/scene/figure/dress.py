"""What a figure wears, and its colours."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal, get_args

from vivant.errors import InputError

Garment = Literal["coat", "suit", "uniform", "dress", "robe", "work"]
Legs = Literal["trousers", "skirt"]
Hat = Literal["none", "peaked", "brimmed", "headscarf", "knitted"]
Hair = Literal["bald", "balding", "short", "curly", "medium", "long", "bun"]
Colour = tuple[float, float, float]
"""Linear light, BT.709 primaries, 0..1."""

COLOURS: Mapping[str, Colour] = {
    "black": (0.018, 0.018, 0.021), "charcoal": (0.040, 0.041, 0.046), "grey": (0.16, 0.16, 0.17),
    "light grey": (0.40, 0.40, 0.41), "silver": (0.55, 0.55, 0.56), "white": (0.78, 0.77, 0.75),
    "cream": (0.72, 0.64, 0.50), "beige": (0.47, 0.38, 0.27), "camel": (0.36, 0.22, 0.10),
    "brown": (0.10, 0.052, 0.026), "dark brown": (0.042, 0.024, 0.015), "blond": (0.42, 0.29, 0.13),
    "red": (0.38, 0.028, 0.025), "wine": (0.13, 0.014, 0.024), "pink": (0.60, 0.27, 0.30),
    "orange": (0.52, 0.16, 0.03), "yellow": (0.62, 0.43, 0.06), "green": (0.045, 0.14, 0.052),
    "olive": (0.10, 0.11, 0.045), "navy": (0.022, 0.028, 0.060), "blue": (0.045, 0.11, 0.30),
    "light blue": (0.30, 0.46, 0.62), "violet": (0.13, 0.055, 0.22),
}  # fmt: skip
"""Colours by the names that a storyboard may use."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Dress:
    """Clothes, hair and colours of a figure."""

    garment: Garment = "coat"
    legs: Legs = "trousers"
    hat: Hat = "none"
    hair: Hair = "short"
    gloves: bool = True
    """Hands of cloth: bare hands are drawn too simply to be looked at."""
    cloth: Colour = (0.030, 0.033, 0.055)
    """Of the coat, jacket, dress or robe."""
    legs_colour: Colour = (0.040, 0.038, 0.042)
    """Of the trousers or the stockings; a skirt has the colour of the garment."""
    collar: Colour = (0.62, 0.61, 0.59)
    """Of the shirt at the neck, or a scarf."""
    hat_colour: Colour = (0.060, 0.058, 0.065)
    hair_colour: Colour = (0.26, 0.25, 0.24)
    skin: Colour = (0.46, 0.29, 0.21)
    glove_colour: Colour = (0.42, 0.41, 0.40)
    shoes: Colour = (0.020, 0.020, 0.022)


KINDS: Mapping[str, tuple[str, ...]] = {
    "garment": get_args(Garment),
    "legs": get_args(Legs),
    "hat": get_args(Hat),
    "hair": get_args(Hair),
}
_PAINTED = (
    "cloth",
    "legs_colour",
    "collar",
    "hat_colour",
    "hair_colour",
    "skin",
    "glove_colour",
    "shoes",
)


def with_choices(dress: Dress, choices: Mapping[str, object]) -> Dress:
    """Change what a family has chosen otherwise: the storyboard's ``dress`` mapping.

    Args:
        dress: What the photo shows.
        choices: ``garment``, ``legs``, ``hat``, ``hair`` by their names, ``gloves`` yes or no, and colours
            (``cloth``, ``legs_colour``, ``collar``, ``hat_colour``, ``hair_colour``, ``skin``,
            ``glove_colour``, ``shoes``) by a name of ``COLOURS`` or as ``#rrggbb``.

    Raises:
        InputError: A choice is unknown; the message lists what there is.
    """
    changed: dict[str, object] = {}
    for name, value in choices.items():
        if name in KINDS:
            changed[name] = _kind(name, value)
        elif name in _PAINTED:
            changed[name] = colour(value)
        elif name == "gloves" and isinstance(value, bool):
            changed[name] = value
        else:
            known = ", ".join([*KINDS, "gloves (yes or no)", *_PAINTED])
            message = f"A dress has no {name!r} of this kind. It has {known}."
            raise InputError(message)
    return replace(dress, **changed)  # type: ignore[arg-type]


def of_a_child(dress: Dress) -> Dress:
    """Put on what children wear: a short jacket and no gloves, in the photo's colours; and hair, where it was too fair to be seen."""
    hair: Hair = "short" if dress.hair in ("bald", "balding") else dress.hair
    return replace(dress, garment="work", hair=hair, gloves=False, shoes=(0.075, 0.040, 0.022))


def _kind(name: str, value: object) -> str:
    if value in KINDS[name]:
        return str(value)
    message = f"The {name} {value!r} is unknown. Choose one of {', '.join(KINDS[name])}."
    raise InputError(message)


def colour(value: object) -> Colour:
    """Read a colour's name, or ``#rrggbb`` as screens show it, into linear light.

    Raises:
        InputError: It is neither.
    """
    text = str(value).strip().lower().replace("gray", "grey")
    if text in COLOURS:
        return COLOURS[text]
    digits = text.removeprefix("#")
    if len(digits) == 6 and all(digit in "0123456789abcdef" for digit in digits):
        red, green, blue = (
            min((int(digits[at : at + 2], 16) / 255) ** 2.2, 0.9) for at in (0, 2, 4)
        )
        return red, green, blue
    known = ", ".join(COLOURS)
    message = f"The colour {value!r} is unknown. Give #rrggbb, or one of {known}."
    raise InputError(message)
