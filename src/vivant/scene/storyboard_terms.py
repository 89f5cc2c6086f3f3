"""What storyboards may name: sets, looks, hours, actions and their options."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

HOURS = ("golden", "dawn", "morning", "noon", "dusk")
"""The usual one first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """What an option may be set to."""

    words: tuple[str, ...] = ()
    """The usual one first; ``yes`` and ``no`` may be written in any way that YAML knows."""
    low: float = 0.0
    """Of a number, where there are no words."""
    high: float = 1.0
    usual: float | None = None
    many: bool = False
    """Whether several words may be given."""
    whole: bool = False
    """Whether the number must be whole."""
    longest: int = 0
    """Letters that fit, of a text in one's own words; empty where nobody writes it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SetTerms:
    """A place that a shot may be set in."""

    looks: tuple[str, ...]
    """The usual one first."""
    hours: tuple[str, ...] = HOURS


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionTerms:
    """Something that may happen in a shot."""

    people: tuple[int, int] = (1, 1)
    """Fewest and most."""
    photos: int = 1
    """How many each of them needs."""
    photos_why: str = ""
    """What more than one are for, and what to do where there is only one."""
    sets: tuple[str, ...] = ()
    """Where it can happen; anywhere when empty."""
    cameras: tuple[str, ...] = ()
    """The usual one first."""
    options: Mapping[str, Choices] = field(default_factory=dict)
    shortest_s: float = 1.0
    usual_s: float = 5.0
    """How long it lasts when nobody says and nothing is said."""
    pets: int = 0
    """How many of them are animals."""
    speaks: bool = False
    """Whether lips may speak in it; elsewhere a line is a voice over the picture."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """All that is known, handed to the checks."""

    sets: Mapping[str, SetTerms]
    actions: Mapping[str, ActionTerms]
    everywhere: Mapping[str, Choices]
    """Options of every action."""
    pieces: tuple[str, ...]
    """Music of our own."""
    faces: frozenset[str]
    """Demo faces; one may be followed by ``+`` and other clothes."""
    clothes: frozenset[str]
    undrawable: Callable[[str], str] = lambda _text: ""
    """Tells which letters of a title no font here can draw."""


YES = Choices(words=("yes", "no"))
_STAIRWAY = ("stairway",)
_FRONT = Choices(words=("auto", "left", "right"))

_MOODS = Choices(words=("calm", "curious", "sleepy"))
_PET_SIZE = Choices(low=0.5, high=2.5, usual=1.0)
"""Against most cats, or most dogs."""

SETS: Mapping[str, SetTerms] = {
    "stairway": SetTerms(looks=("clouds", "light")),
    "meadow": SetTerms(looks=("open", "light")),
    "lake": SetTerms(looks=("open", "light")),
    "room": SetTerms(looks=("window", "light")),
}
ACTIONS: Mapping[str, ActionTerms] = {
    "with-us": ActionTerms(
        options={"leaves": Choices(words=("stays", "light")), "nods": YES},
        shortest_s=3.0, usual_s=7.0, speaks=True,
    ),
    "climb": ActionTerms(
        sets=_STAIRWAY, cameras=("wide", "behind", "beside"), shortest_s=2.0, usual_s=4.0,
        options={"pace": Choices(words=("usual", "slow", "brisk"))},
    ),
    "look-back": ActionTerms(sets=_STAIRWAY, options={"wave": YES}, shortest_s=4.0, usual_s=5.0),
    "gates": ActionTerms(sets=_STAIRWAY, options={"gates": YES}, shortest_s=4.0, usual_s=5.0),
    "gates-close": ActionTerms(
        people=(0, 1), sets=_STAIRWAY, options={"gates": YES}, shortest_s=3.5, usual_s=5.5
    ),
    "speak": ActionTerms(cameras=("close", "near", "wide"), shortest_s=2.0, usual_s=6.0, speaks=True),
    "become": ActionTerms(
        photos=2, photos_why="One person's two photos become one another.", shortest_s=4.0, usual_s=8.0
    ),
    "side-by-side": ActionTerms(
        photos=2,
        photos_why=(
            "The first is of today, the second of long ago. Where there is no photo of one age none is invented: take another action."
        ),
        options={"front": Choices(words=("younger", "today")), "younger": Choices(words=("grown", "child"))},
        shortest_s=4.0, usual_s=8.0, speaks=True,
    ),
    "show": ActionTerms(
        people=(1, 3),
        cameras=("in", "out", "across", "still"),
        options={
            "photo": Choices(low=1, high=12, usual=1, whole=True), "repair": Choices(words=("gently", "no"))
        },
        shortest_s=2.0, usual_s=5.0,
    ),
    "wings": ActionTerms(
        sets=("stairway", "meadow", "lake"), options={"wings": YES}, shortest_s=4.0, usual_s=8.0,
        speaks=True,
    ),
    "wings-away": ActionTerms(
        sets=("stairway", "meadow"), options={"wings": YES}, shortest_s=4.0, usual_s=6.5
    ),
    "bird-rises": ActionTerms(
        people=(0, 1), sets=("meadow", "lake", "stairway"), shortest_s=3.0, usual_s=6.0
    ),
    "gathering": ActionTerms(people=(1, 5), shortest_s=3.0, usual_s=7.0, speaks=True),
    "walk-together": ActionTerms(
        people=(2, 2), sets=("meadow", "lake", "stairway"), shortest_s=5.0, usual_s=7.6
    ),
    "meet": ActionTerms(
        people=(2, 2), options={"kiss": Choices(words=("forehead", "none")), "front": _FRONT},
        shortest_s=5.0, usual_s=9.0,
    ),
    "part": ActionTerms(
        people=(2, 2), options={"last": Choices(words=("one-another", "light")), "front": _FRONT},
        shortest_s=4.0, usual_s=6.4,
    ),
    "beside": ActionTerms(people=(2, 4), shortest_s=2.0, usual_s=6.0, speaks=True),
    "kneel-to": ActionTerms(
        people=(2, 3), sets=("meadow", "room", "lake"), shortest_s=6.5, usual_s=8.0,
    ),
    "hold-close": ActionTerms(people=(2, 3), shortest_s=5.0, usual_s=8.0),
    "cradle": ActionTerms(shortest_s=5.0, usual_s=8.0),
    "comfort": ActionTerms(people=(2, 4), shortest_s=5.0, usual_s=9.0),
    "pet": ActionTerms(
        cameras=("close", "near"), options={"mood": _MOODS, "size": _PET_SIZE}, pets=1, shortest_s=3.0, usual_s=7.0,
    ),
    "with-pet": ActionTerms(
        people=(2, 2), cameras=("close", "near"),
        options={"mood": _MOODS, "size": _PET_SIZE, "where": Choices(words=("lap", "shoulder"))},
        pets=1, shortest_s=4.0, usual_s=8.0, speaks=True,
    ),
}  # fmt: skip
OURS, DIFFUSION = "ours", "diffusion"
EVERYWHERE: Mapping[str, Choices] = {
    "engine": Choices(words=(OURS, DIFFUSION)),
    "prompt": Choices(longest=600),
    "transition": Choices(words=("cut", "light", "dissolve", "black")),
    "particles": Choices(words=("usual", "none", "petals", "snow", "dust"), many=True),
}
BUILD: Mapping[str, Choices] = {
    "height_m": Choices(low=0.7, high=2.1),
    "shoulders": Choices(low=0.8, high=1.25),
    "hips": Choices(low=0.8, high=1.25),
    "weight": Choices(low=0.8, high=1.5),
    "stoop": Choices(low=0.0, high=1.0),
}
PIECES = ("stillness", "ascent", "daylight", "keepsake")
FACES = frozenset(
    {
        "grace-hopper", "elder-man-beard", "elder-woman-glasses", "young-woman-long-hair", "woman-hijab",
        "man-glasses-moustache", "young-man-curls", "woman-smile", "girl", "man-hat-print",
        "woman-three-quarter", "man-three-quarter", "man-bald",
        "cat", "dog",
        "anna", "anna-young", "anna-child", "martin", "lena", "jonas", "mia", "ben", "tom", "baby", "amara", "kofi", "mei",
    }
)  # fmt: skip
CLOTHES = frozenset({"shirt", "jumper", "jacket", "blouse", "dress"})

TERMS = Terms(
    sets=SETS,
    actions=ACTIONS,
    everywhere=EVERYWHERE,
    pieces=PIECES,
    faces=FACES,
    clothes=CLOTHES,
)
"""What this version knows."""
