"""A storyboard: who is in a film, what is seen and said in each shot, and how it is delivered."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from types import MappingProxyType
from typing import Literal

from vivant.errors import InputError

KIND = "storyboard"
VERSION = 1
"""What the first line of a document says: ``vivant: storyboard/1``."""
DEMO = "demo:"
"""Begins the name of a face that anybody may use."""
SILENT = "none"
"""The voice of somebody who says nothing."""

Size = Literal["16:9", "9:16", "1:1"]
Captions = Literal["srt", "vtt", "burnt", "none"]
SIZES: Mapping[str, tuple[int, int]] = MappingProxyType({"16:9": (16, 9), "9:16": (9, 16), "1:1": (1, 1)})  # fmt: skip
SHORTEST_SHOT_S, LONGEST_SHOT_S = 0.8, 60.0
SHORTEST_FILM_S, LONGEST_FILM_S = 3.0, 180.0
MOST_PHOTOS = 12
"""Of one member of the cast."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PhotoSource:
    """A photo as a storyboard names it."""

    asked: str
    """As it is written: a path, or ``demo:NAME``."""
    path: Path | None
    """Where the file is; None for a demo face that nobody has asked for yet."""
    at_line: int = field(default=0, compare=False)

    @property
    def demo(self) -> str | None:
        """Name of the demo face, if it is one."""
        return self.asked.removeprefix(DEMO) if self.asked.startswith(DEMO) else None


@dataclass(frozen=True, slots=True, kw_only=True)
class CastMember:
    """Somebody who is seen or heard."""

    photos: tuple[PhotoSource, ...] = ()
    """The first is the one that lives; nobody is seen who has none."""
    voice: str = "hibari"
    """``ENGINE``, ``ENGINE:VOICE``, a learned person's name, or ``none``."""
    relation: str = ""
    """Who it is to the family."""
    called: str = ""
    """How captions name this person; the name in the cast when empty."""
    child: bool = False
    """Whether it is a child, for whom guardians agree."""
    pet: bool = False
    """Whether it is an animal."""
    points: Path | None = None
    """Where an animal's eyes, nose, mouth and ears are, as the family has tapped them."""
    in_memory: bool = False
    """Whether the person has died."""
    agreed: bool = False
    """Whether this living person was asked and has agreed, where there is no record of it."""
    same_person: bool = False
    """Whether the family says that these photos show one person, however unlike they are."""
    consent: Path | None = None
    """The consent record for this person; that of the whole film when None."""
    after_death_photos_agreed: bool = False
    """Whether the family said yes a second time to a photo taken after death."""
    face: int | None = None
    """Which face of a photo with several, counted from the left, from 1."""
    dress: Mapping[str, str | bool] = field(default_factory=dict)
    """What the figure wears, where the photo does not tell or tells it wrongly: see ``figure.dress.with_choices``."""
    build: Mapping[str, float] = field(default_factory=dict)
    """How the figure is built, where it differs from most: fields of ``figure.build.Build``."""
    at_line: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Title:
    """Words on the picture."""

    text: str
    over: str
    """``start`` and ``end`` are cards before and after the shots; else the name of a shot."""
    seconds: float = 4.0
    at_line: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class OpeningCard:
    """The card before the film. It always says that the film was made with AI from photographs."""

    words: str = ""
    """The family's own, above that sentence."""
    seconds: float = 4.0
    at_line: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Music:
    """What is heard under the words: exactly one of the first two."""

    piece: str | None = None
    """One of our own."""
    file: Path | None = None
    level: float = 0.5
    """0 .. 1; it ducks under words by itself."""
    at_line: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """Something that somebody says in a shot."""

    by: str | None = None
    """Who says it, by ``NAME`` in the cast; somebody who is not in the shot's ``who`` is a voice over the picture."""
    say: str = ""
    """What is said; may hold the directions of a script."""
    audio: Path | None = None
    """A recording of it, instead of a voice; ``say`` is then its text."""
    after_s: float | None = None
    """Pause before it: after the line before, or after the shot's beginning; as people take turns when None."""
    at_line: int = field(default=0, compare=False)
    """Where it stands in the document."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShotPlan:
    """One shot as the storyboard wants it; a direction stages it."""

    name: str
    set: str
    look: str
    """The set's variant."""
    hour: str
    """``dawn``, ``morning``, ``noon``, ``golden``, ``dusk``."""
    action: str
    who: tuple[str, ...] = ()
    """Keys of the cast, left to right."""
    lines: tuple[Line, ...] = ()
    """What is said, in order."""
    camera: str = ""
    """Empty where the action has only one."""
    length_s: float | None = None
    """None: as long as the action and the lines need."""
    options: Mapping[str, str] = field(default_factory=dict)
    """``wave``, ``gates``, ``leaves``, ``photo``, ...: what the action can be asked; ``yes``, ``no``, a number or a word."""
    at_line: int = field(default=0, compare=False)
    """Where it stands in the document."""

    @property
    def speaks(self) -> bool:
        """Whether anything is said."""
        return bool(self.lines)

    @property
    def speakers(self) -> tuple[str, ...]:
        """Who says something in it, in the order in which they begin."""
        return tuple(dict.fromkeys(line.by for line in self.lines if line.by is not None))

    @property
    def words_at(self) -> int:
        """Where its words stand in the document."""
        return self.lines[0].at_line or self.at_line if self.lines else self.at_line

    @property
    def transition(self) -> str:
        """How it follows the shot before: ``cut``, ``light``, ``dissolve`` or ``black``."""
        return self.choice("transition", "cut")

    @property
    def particles(self) -> tuple[str, ...]:
        """What floats in the air: ``petals``, ``snow``, ``dust``; nothing where it is left to the set, or unwanted."""
        asked = self.choice("particles", "usual").replace(",", " ").split()
        return tuple(one for one in asked if one not in {"none", "usual"})

    def choice(self, name: str, usual: str) -> str:
        """Tell what an option is set to, or what is usual."""
        return self.options.get(name, usual)

    def number(self, name: str, usual: float) -> float:
        """Tell the number that an option is set to, or what is usual."""
        return float(self.options.get(name, usual))


@dataclass(frozen=True, slots=True, kw_only=True)
class Storyboard:
    """A whole film on paper; checked, and complete: every choice is made."""

    title: str
    template: str = ""
    """What it was made from."""
    language: str = "en"
    """BCP 47 tag of the words."""
    cast: Mapping[str, CastMember]
    sizes: tuple[Size, ...] = ("16:9",)
    rate: Fraction = Fraction(25)
    seed: int = 0
    opening_card: OpeningCard = OpeningCard()
    titles: tuple[Title, ...] = ()
    music: Music | None = None
    captions: Captions = "srt"
    shots: tuple[ShotPlan, ...]
    version: int = VERSION
    name: str = field(default="storyboard", compare=False)
    """File name of the document, for messages."""

    @property
    def remembers(self) -> bool:
        """Whether somebody in it has died."""
        return any(member.in_memory for member in self.cast.values())

    def name_of(self, speaker: str | None) -> str:
        """Tell how captions name somebody in the cast."""
        member = self.cast.get(speaker or "")
        called = "" if member is None else member.called.strip()
        key = (speaker or "").replace("-", " ").replace("_", " ")
        return called or key[:1].upper() + key[1:]

    def shot(self, name: str) -> ShotPlan:
        """Find a shot by its name.

        Raises:
            InputError: There is none; the message lists those there are.
        """
        for plan in self.shots:
            if plan.name == name:
                return plan
        known = ", ".join(plan.name for plan in self.shots)
        message = f"{self.name} has no shot {name[:40]!r}. Its shots are {known}."
        raise InputError(message)


def pixels_of(size: str, *, short_side_px: int = 720) -> tuple[int, int]:
    """Tell the width and the height of a delivery size: 1280x720 for ``16:9``."""
    across, down = SIZES[size]
    step = short_side_px / min(across, down) / 2
    return 2 * round(across * step), 2 * round(down * step)


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """Something in a storyboard that must be mended."""

    line: int
    """Counted from 1; 0 when it is about the whole file."""
    what: str
    """What was found, what is needed, what to do."""
    shot: str | None = None


class StoryboardError(InputError):
    """A storyboard cannot be filmed as it stands; all its problems are told at once."""

    code = "scene.storyboard"

    def __init__(self, name: str, problems: tuple[Problem, ...]) -> None:
        self.name = name
        self.problems = problems
        super().__init__("\n".join(told(name, problem) for problem in problems))


class LineTooLongError(InputError):
    """What is said in a shot takes longer than the shot; of several lines, with the pauses between them."""

    code = "scene.line-too-long"

    def __init__(self, plan: ShotPlan, *, name: str, line_s: float, room_s: float) -> None:
        self.shot = plan.name
        self.line_s = line_s
        self.room_s = room_s
        length_s = plan.length_s or 0.0
        needed_s = math.ceil(round(10 * (length_s + line_s - room_s), 6)) / 10
        many = len(plan.lines) > 1
        take = (
            f"its {len(plan.lines)} lines and the pauses between them take" if many else "they take"
        )
        super().__init__(
            told(
                name,
                Problem(
                    line=plan.words_at,
                    what=f"shot {plan.name} lasts {length_s:g} s, which leaves {room_s:.1f} s for its words, and {take} {line_s:.1f} s. "
                    f"Write length: {needed_s:g}, leave the length out (then the shot lasts as long as its words), "
                    f"or shorten {'a line' if many else 'the line'}.",
                ),
            )
        )


def told(name: str, problem: Problem) -> str:
    """Write a problem as one line: ``FILE, line N: what``."""
    where = f"{name}, line {problem.line}" if problem.line else name
    return f"{where}: {problem.what}"
