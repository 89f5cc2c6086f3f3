"""What somebody wants to make of a person: all that the policy needs to know before it answers."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal, get_args

from vivant.provenance.consent import Use

Audience = Literal["private", "family", "public"]
"""Who will see it: whoever ordered it; the family, by a link; anybody."""
AUDIENCES: tuple[Audience, ...] = get_args(Audience)
"""From the fewest to the most."""
_IMPLIED: dict[Use, Audience] = {
    "portrait-film": "private",
    "voice-likeness": "private",
    "family-link": "family",
    "public-showing": "public",
    "commerce": "public",
    "live": "public",
    "training": "public",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """Words that are to be heard or read."""

    text: str
    """Empty for a recording whose words nobody has written down."""
    language: str
    """BCP 47 tag."""
    by: Literal["person", "other", "title"] = "person"
    """Whose: of the person whom the consent is about; of somebody else; written on the picture."""
    recorded: bool = False
    """Whether it is a recording, and not newly made."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Showing:
    """To whom, where and for what something will be shown."""

    audience: Audience | None = None
    """``None``: as few as the use implies."""
    territories: tuple[str, ...] | None = None
    """ISO 3166 codes; ``None`` where nobody has said."""
    products: tuple[str, ...] = ()
    """What it sells, as the contract calls it."""


PRIVATELY = Showing()


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What is to be made of a person."""

    use: Use
    words: tuple[Said, ...] = ()
    """All that is said and written in it."""
    scenes: tuple[str, ...] = ()
    """Where the person is shown, and doing what: sets and actions of a storyboard."""
    territories: tuple[str, ...] | None = None
    photos: tuple[str, ...] = ()
    """SHA-256 of the photos whose face is to move."""
    languages: tuple[str, ...] = ()
    """In which the person is to speak, besides those of the words."""
    audience: Audience | None = None
    products: tuple[str, ...] = ()
    in_memory: bool | None = None
    """Whether whoever asks says that the person has died; ``None`` where nobody said."""
    taken_under: str = ""
    """Id of the record under which the likeness was taken in, where there is one already."""

    @property
    def reach(self) -> Audience:
        """The most people who will see it, by what was said and by what the use implies."""
        implied = _IMPLIED[self.use]
        return implied if self.audience is None else max(implied, self.audience, key=rank)

    def to_be_shown(self, showing: Showing) -> Asked:
        """Say also to whom, where and for what it will be shown."""
        return replace(
            self,
            audience=showing.audience,
            territories=showing.territories,
            products=showing.products,
        )

    @property
    def spoken_in(self) -> tuple[str, ...]:
        """Every language in which the person is to speak."""
        own = (said.language for said in self.words if said.by == "person" and not said.recorded)
        return tuple(dict.fromkeys([*self.languages, *(one for one in own if one)]))


def rank(audience: Audience) -> int:
    """Order audiences, the smallest first."""
    return AUDIENCES.index(audience)
