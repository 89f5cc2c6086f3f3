"""Reads all words of a storyboard: lines, titles, cards."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from vivant.errors import InputError
from vivant.provenance.words import WordsReading, read_words
from vivant.scene.storyboard import Line, Problem, Storyboard, told


@dataclass(frozen=True, slots=True, kw_only=True)
class SaidWords:
    """Words of a storyboard, and what the rules say of them."""

    where: str
    """``shot NAME``, ``line 2 of shot NAME``, ``a title``, ``the opening card``, ``the film's title``."""
    at_line: int
    text: str
    reading: WordsReading
    shot: str = ""
    """The shot in which it is said, if it is."""


class UndignifiedWordsError(InputError):
    """A film would put words into the mouth of a person who has died that nobody should."""

    code = "scene.words"
    rule: str = ""
    """Name of the first rule that was broken: see ``docs/reference/rules.md``."""

    def __init__(self, name: str, words: tuple[SaidWords, ...]) -> None:
        self.name = name
        self.kinds = tuple(one.kind for said in words for one in said.reading.findings)
        self.rule = f"words.{self.kinds[0]}" if self.kinds else ""
        problems = [
            Problem(
                line=said.at_line,
                what=f"{said.where} {one.why} ({len(one.words.split())} words from letter {one.first + 1} on). {one.instead} (Rule words.{one.kind}.)",
            )
            for said in words
            for one in said.reading.findings
        ]
        ends = f"`vivant storyboard check {name}` shows the words."
        super().__init__("\n".join([*(told(name, one) for one in problems), ends]))


def words_of(storyboard: Storyboard) -> tuple[SaidWords, ...]:
    """Read every line, title and card of a storyboard.

    Lines of people in memory, and everything written over a film that remembers somebody, are held to
    all the rules; the living may say what they like, but do not sell in it. A recording without its
    text must be listened to by a person.
    """
    return tuple(_words(storyboard))


def insist_on_dignity(storyboard: Storyboard) -> tuple[SaidWords, ...]:
    """Refuse words that should not be said.

    Returns:
        What was read, with what a person must still read: see ``WordsReading.needs_eyes``.

    Raises:
        UndignifiedWordsError: Rules were broken; every place is told at once.
    """
    said = words_of(storyboard)
    broken = tuple(one for one in said if not one.reading.ok)
    if broken:
        raise UndignifiedWordsError(storyboard.name, broken)
    return said


def _words(storyboard: Storyboard) -> Iterator[SaidWords]:
    memorial, language = storyboard.remembers, storyboard.language
    written = [("the film's title", 0, storyboard.title)]
    written.append(
        ("the opening card", storyboard.opening_card.at_line, storyboard.opening_card.words)
    )
    written += [("a title", title.at_line, title.text) for title in storyboard.titles]
    for where, at_line, text in written:
        if text.strip():
            reading = read_words(text, language=language, in_memory=memorial, title=True)
            yield SaidWords(where=where, at_line=at_line, text=text, reading=reading)
    for plan in storyboard.shots:
        if prompt := plan.choice("prompt", ""):
            reading = read_words(prompt, language=language, in_memory=memorial, title=True)
            where = f"the prompt of shot {plan.name}"
            yield SaidWords(where=where, at_line=plan.at_line, text=prompt, reading=reading)
        for number, line in enumerate(plan.lines, start=1):
            where = f"shot {plan.name}" if len(plan.lines) == 1 else f"line {number} of shot {plan.name}"  # fmt: skip
            yield SaidWords(
                where=where,
                at_line=line.at_line or plan.at_line,
                text=line.say,
                reading=_read(line, storyboard, alone=len(plan.lines) == 1),
                shot=plan.name,
            )


def _read(line: Line, storyboard: Storyboard, *, alone: bool) -> WordsReading:
    """Hold a line to the rules of who says it."""
    memorial, language = storyboard.remembers, storyboard.language
    if line.audio is not None and not line.say and memorial:
        key = "line:" if alone else "say:"
        return WordsReading(
            language=language,
            findings=(),
            needs_eyes=f"a recording without its text: a person must listen to it, or write its words as {key}",
        )
    member = storyboard.cast.get(line.by or "")
    in_memory = member is not None and member.in_memory
    return read_words(line.say, language=language, in_memory=in_memory, memorial=memorial)
