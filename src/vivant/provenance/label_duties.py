"""What the visible label owes where: the duties as data, each with its reason and its sources.

The data lie in ``labels/territories.yaml``; here they are read once, and checked: a text that does not
hold the elements its own duty asks for, or a country in two duties, is a fault of the package.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from fractions import Fraction
from functools import cache
from importlib import resources
from typing import Annotated, Literal

import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from vivant.errors import InputError

_CODE = re.compile(r"([A-Z]{2})(-[A-Z0-9]{1,3})?")
_Share = Annotated[Fraction, BeforeValidator(Fraction)]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)


class Duty(_Part):
    """What one law asks of a visible label."""

    name: str
    """Short: a country's code, or ``"EU"``."""
    title: str
    since: date
    countries: tuple[Annotated[str, Field(pattern=r"^[A-Z]{2}$")], ...]
    """ISO 3166-1 codes of where it holds."""
    words: str
    """The shortest wording that meets it."""
    elements: tuple[tuple[str, ...], ...]
    """Of each group, the words must hold one."""
    elements_reason: str
    least_share: _Share
    """Height of the lowest letter's ink over the shorter side, at least."""
    size_reason: str
    place: Literal["top right", "any edge or corner"]
    place_reason: str
    at_least_s: int
    from_start: bool
    at_end: bool
    times_reason: str
    live: Literal["all frames"]
    live_reason: str
    still: str
    card: str
    sound: str
    can_be_left_out: bool
    """Whether there is a legal route to a film without the label."""
    left_out_reason: str
    sources: tuple[str, ...] = Field(min_length=1)

    def is_met_by(self, words: str) -> bool:
        """Tell whether a wording holds all that this duty asks for."""
        return all(any(element in words for element in group) for group in self.elements)

    @model_validator(mode="after")
    def _words_meet_it(self) -> Duty:
        if not self.is_met_by(self.words):
            message = f"the words of {self.name} do not hold its own elements"
            raise ValueError(message)
        return self


class House(_Part):
    """What this house adds."""

    stands_s: int
    """Seconds at the start, and again at the end."""
    short_film_s: int
    """A film shorter than this carries the label throughout."""
    small_share: _Share
    """Of the small mark that may stand between."""
    reason: str


class Territories(_Part):
    """All duties."""

    version: Literal["labels/1"]
    checked: date
    """When somebody last looked at the sources."""
    default: tuple[str, ...]
    house: House
    duties: tuple[Duty, ...]

    @model_validator(mode="after")
    def _fits_together(self) -> Territories:
        names = [duty.name for duty in self.duties]
        countries = [code for duty in self.duties for code in duty.countries]
        if len(set(names)) < len(names) or len(set(countries)) < len(countries):
            message = "a duty or a country is named twice"
            raise ValueError(message)
        if not set(self.default) <= set(names):
            message = "the default names a duty that is not there"
            raise ValueError(message)
        if any(duty.at_least_s > self.house.stands_s for duty in self.duties):
            message = "the house shows the label for less time than a duty asks"
            raise ValueError(message)
        return self

    def named(self, name: str) -> Duty:
        """Find a duty."""
        return next(duty for duty in self.duties if duty.name == name)


@cache
def territories() -> Territories:
    """Read the duties; once."""
    data = resources.files("vivant.provenance") / "labels" / "territories.yaml"
    return Territories.model_validate(yaml.safe_load(data.read_text(encoding="utf-8")))


def checked_codes(codes: Sequence[str]) -> tuple[str, ...]:
    """Bring the codes of territories into one form: countries in upper case, each once, in order.

    Args:
        codes: ISO 3166-1 codes of two letters, those of a country's parts (``"US-CA"``), which count as the
            country, or the name of a duty: ``"EU"``.

    Raises:
        InputError: One is no such code, or there are none.
    """
    found = [code.strip().upper() for code in codes]
    wrong = [code for code in found if not _CODE.fullmatch(code)]
    if wrong or not found:
        told = f"{wrong[0][:20]!r} is none" if wrong else "none was given"
        message = (
            f"A territory is a country's code of two letters (ISO 3166-1), such as CN or DE, or EU; {told}. "
            f"Leave territories out where a film may be shown anywhere."
        )
        raise InputError(message)
    return tuple(dict.fromkeys(code[:2] for code in found))


def duties_in(codes: Sequence[str] | None) -> tuple[Duty, ...]:
    """List the duties that a label must meet.

    Args:
        codes: Where the film will be shown; anywhere when None.

    Returns:
        The union of the duties of all territories. A territory without a duty of its own counts as
        everywhere: it gets the default, and nobody gets less than that by naming it.

    Raises:
        InputError: A code is none.
    """
    table = territories()
    names: set[str] = set()
    for code in [] if codes is None else checked_codes(codes):
        own = [d.name for d in table.duties if code == d.name or code in d.countries]
        names.update(own or table.default)
    names = names or set(table.default)
    return tuple(duty for duty in table.duties if duty.name in names)
