"""Directions in a script: how a stretch is to be said, and where to pause.

A direction stands in square brackets: ``[pause 1.5s]``, ``[slower]…[/slower]``, ``[Leicester|LES-ter]``;
``*word*`` is short for emphasis. What is found is taken out of the text, and a mark of one private
character is left in its place, so that the text can be cleaned and cut before the marks are read.
"""

from __future__ import annotations

import difflib
import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, NoReturn

from vivant.errors import InputError
from vivant.voice.respelling import by_word

MARK = "\ue000"
"""Stands for a direction in a marked text: the first for the first, and so on."""
PAUSE_S = 0.8
"""A pause that does not say how long it is."""
SHORTEST_PAUSE_S, LONGEST_PAUSE_S = 0.05, 60.0
DIRECTIONS = (
    "[pause], [pause 1.5s], [slower]…[/slower], [faster]…[/faster], [softer]…[/softer], [smile]…[/smile], "
    "[emphasis]…[/emphasis] or *…*, and [word|how it sounds]; a backslash before a bracket makes it a plain one"
)
"""All there are, for people."""

Span = Literal["slower", "faster", "softer", "smile", "emphasis"]
_SPANS: dict[str, Span] = {
    "slower": "slower",
    "faster": "faster",
    "softer": "softer",
    "smile": "smile",
    "emphasis": "emphasis",
}
_CONTRARY: dict[Span, Span] = {"slower": "faster", "faster": "slower"}
_NEAR = {"slow": "slower", "fast": "faster", "quicker": "faster", "soft": "softer", "quieter": "softer", "smiling": "smile",
         "emphasise": "emphasis", "emphasize": "emphasis", "strong": "emphasis", "break": "pause", "wait": "pause"}  # fmt: skip

_ESCAPE = r"\\[\[\]*\\]"
_PIECE = re.compile(
    rf"(?P<escape>{_ESCAPE})"
    r"|\[(?P<bracket>(?:\\[\[\]*\\|]|[^\[\]\n])*)\]"
    r"|(?P<stray>[\[\]])"
    r"|(?P<ssml></?\s?(?:speak|break|prosody|emphasis|phoneme|say-as|voice)\b[^>\n]*>)",
    re.IGNORECASE,
)
_UNSPACED = "\u2e80-\u312f\u3190-\u9fff\uf900-\ufaff\uff00-\uffef"
"""Signs of scripts that put no spaces between words."""
_STARS = re.compile(
    rf"(?:(?<![\w*\\])|(?<=[{_UNSPACED}]))(\*{{1,2}})(?=[^\s*])(?:\\.|[^*\n\\])*?(?<=[^\s*\\])\1(?:(?![\w*])|(?=[{_UNSPACED}]))"
)
_TIME = re.compile(r"(\d+(?:[.,]\d+)?|[.,]\d+)\s*(s|sec|secs|second|seconds|ms)?", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pause:
    """Silence."""

    seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Begin:
    """From here on it is said in a way."""

    span: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class End:
    """No longer from here on."""

    span: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Sounds:
    """The words from here to the next ``Sounded`` sound so."""

    ipa: tuple[str, ...]
    """For each of the words."""
    place: str
    """Where it stands, for messages."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sounded:
    """The words whose sound was given end here."""


Mark = Pause | Begin | End | Sounds | Sounded


@dataclass(frozen=True, slots=True, kw_only=True)
class Marked:
    """A text whose directions have been taken out."""

    text: str
    """With a ``MARK`` where each stood."""
    marks: tuple[Mark, ...]
    """In order; every ``Begin`` has its ``End``, every ``Sounds`` its ``Sounded``."""


def read_directions(text: str) -> Marked:
    r"""Take the directions out of a script.

    Args:
        text: As people write it; ``\[``, ``\]``, ``\*`` and ``\\`` stand for the sign itself.

    Returns:
        The text with marks.

    Raises:
        InputError: A bracket holds no direction, a stretch is not ended or not begun, a pause is out of
            range, or a pronunciation cannot be read; the message tells the line and the character.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace(MARK, " ")
    if not re.search(r"[\[\]*\\<]", text):
        return Marked(text=text, marks=())
    reading = _Reading(text)
    return Marked(text="".join(reading.pieces()), marks=tuple(reading.marks))


def escape(text: str) -> str:
    r"""Write a text so that none of it is read as a direction: ``[`` becomes ``\[``."""
    return re.sub(r"([\[\]*\\])", r"\\\1", text)


class _Reading:
    """Goes through a text once, keeping what is open."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.marks: list[Mark] = []
        self.begun: dict[Span, int] = {}
        self.rows = [0, *(m.end() for m in re.finditer("\n", text))]

    def pieces(self) -> Iterator[str]:
        """Give the marked text bit by bit, and collect the marks."""
        found = {m.start(): m for m in _PIECE.finditer(self.text)}
        masked = _PIECE.sub(lambda m: "·" * len(m[0]), self.text)
        stars = {
            at: len(m[1])
            for m in _STARS.finditer(masked)
            for at in (m.start(), m.end() - len(m[1]))
        }
        done = 0
        for at in sorted(found.keys() | stars.keys()):
            yield self.text[done:at]
            if at in found:
                done = found[at].end()
                yield self._read(found[at])
            else:
                done = at + stars[at]
                self._turn("emphasis", at, ends="emphasis" in self.begun)
                yield MARK
        yield self.text[done:]
        for span, at in self.begun.items():
            self._refuse(at, f"[{span}] is never ended. Write [/{span}] where it ends")

    def _read(self, found: re.Match[str]) -> str:
        at = found.start()
        if found["escape"] is not None:
            return found[0][1]
        if found["ssml"] is not None:
            self._refuse(at, "SSML is not read here. Write a direction in square brackets")
        if found["stray"] == "[":
            self._refuse(at, "a square bracket is opened and not closed in its line. Close it")
        if found["stray"] == "]":
            self._refuse(
                at,
                "a square bracket is closed that was never opened. Take it out, or put a backslash before it",
            )
        return self._bracket(found["bracket"], at)

    def _bracket(self, inside: str, at: int) -> str:
        if "|" in inside:
            written, _, sounds = inside.partition("|")
            return self._sounds(_unescaped(written).strip(), _unescaped(sounds).strip(), at)
        words = inside.lower().split()
        name = "".join(words[:1])
        ends = name.startswith("/")
        span = _SPANS.get("".join(words).removeprefix("/"))
        if name == "pause":
            self.marks.append(Pause(seconds=self._seconds(" ".join(words[1:]), at)))
        elif span is None:
            self._refuse(at, f"square brackets hold no direction that is known{_guess(name)}")
        else:
            self._turn(span, at, ends=ends)
        return MARK

    def _turn(self, span: Span, at: int, *, ends: bool) -> None:
        if ends and self.begun.pop(span, None) is None:
            self._refuse(at, f"[/{span}] ends what was never begun. Write [{span}] where it begins")
        if ends:
            self.marks.append(End(span=span))
            return
        for open_one in (span, _CONTRARY.get(span, span)):
            if open_one in self.begun:
                place = self._place(self.begun[open_one])
                self._refuse(
                    at,
                    f"[{span}] stands inside the [{open_one}] of {place}. End that first with [/{open_one}]",
                )
        self.begun[span] = at
        self.marks.append(Begin(span=span))

    def _seconds(self, asked: str, at: int) -> float:
        if not asked:
            return PAUSE_S
        time = _TIME.fullmatch(asked)
        if time is None:
            self._refuse(
                at,
                "a pause is as long as [pause 1.5s] or [pause 800ms] says, and this one says neither",
            )
        seconds = float(time[1].replace(",", ".")) / (1000 if time[2] == "ms" else 1)
        if not SHORTEST_PAUSE_S <= seconds <= LONGEST_PAUSE_S:
            self._refuse(
                at,
                f"a pause of {seconds:g} seconds; it may last {SHORTEST_PAUSE_S:g} to {LONGEST_PAUSE_S:g} seconds",
            )
        return seconds

    def _sounds(self, written: str, sounds: str, at: int) -> str:
        words = written.split()
        if not any(c.isalnum() for c in written):
            self._refuse(
                at,
                "no word stands before the | that says how it sounds. Write [word|how it sounds]",
            )
        try:
            ipa = by_word(sounds, words=len(words))
        except InputError as error:
            message = f"{self._place(at).capitalize()}: {error}"
            raise InputError(message) from None
        self.marks += [Sounds(ipa=ipa, place=self._place(at).capitalize()), Sounded()]
        return f"{MARK}{written}{MARK}"

    def _place(self, at: int) -> str:
        row = bisect_right(self.rows, at)
        return f"line {row}, character {at - self.rows[row - 1] + 1}"

    def _refuse(self, at: int, what: str) -> NoReturn:
        message = f"{self._place(at).capitalize()}: {what}. Directions are {DIRECTIONS}."
        raise InputError(message)


def _unescaped(text: str) -> str:
    return re.sub(r"\\([\[\]*\\|])", r"\1", text)


def _guess(name: str) -> str:
    plain = name.removeprefix("/")
    near = _NEAR.get(plain) or next(
        iter(difflib.get_close_matches(plain[:20], [*_SPANS, "pause"], n=1)), None
    )
    return "" if near is None else f"; [{near}] is one"
