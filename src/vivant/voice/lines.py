"""The lines of a script: a sentence each, or the part of one that is said in one way and one breath."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import accumulate, groupby, pairwise
from typing import Literal

from vivant.errors import InputError
from vivant.voice.dictionary import Dictionary, ending_sound
from vivant.voice.directions import MARK, Begin, End, Mark, Pause, Sounded, Sounds, Span
from vivant.voice.sentences import HALF_STOPS, breaths, open_up, word_ends

SENTENCE_PAUSE_S = 0.42
PARAGRAPH_PAUSE_S = 0.75
PHRASE_PAUSE_S = 0.16
LEVELS_DB = {"smile": 0.0, "soft": -6.0, "emphasis": 1.5}
"""How much louder a voice says what is acted so: six decibels less is half the sound pressure."""

RATES: dict[Span, float] = {"slower": 0.8, "faster": 1.25}
"""Pace of what is said slower or faster."""
MOST_TAKEN_ALONG = 2
"""Words between punctuation and a change of pace that take the pace."""
_ACTS: dict[Span, Literal["smile", "soft", "emphasis"]] = {
    "smile": "smile",
    "softer": "soft",
    "emphasis": "emphasis",
}
_ROUND = str.maketrans("[]", "()")
_BEFORE_A_MARK = re.compile(
    rf"(?<=[\u2e80-\u312f\u3190-\u9fff\uf900-\ufaff\uff00-\uffef])(?={MARK})"
)
_ENDINGS = {"'s": "s", "s": "s", "s'": "s", "es": "es", "'": ""}


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """A stretch of a line that is to be acted in a way."""

    kind: Literal["smile", "soft", "emphasis"]
    first: int
    """Place of its first word in ``text.split()``."""
    last: int
    """One past its last word."""

    @property
    def level_db(self) -> float:
        """How much louder it is said than the speech around it."""
        return LEVELS_DB[self.kind]


@dataclass(frozen=True, slots=True, kw_only=True)
class ScriptLine:
    """A sentence, or a part of one that is too long for a breath or is said at another pace."""

    text: str
    """As it is shown: never empty, single spaces, without directions."""
    pause_s: float
    """Silence behind it; 0 where the next line goes on with the sentence without a break."""
    ends: Literal["", "phrase", "sentence"]
    """What ends with it; ``""`` when the next line goes on without a break."""
    rate: float = 1.0
    """Pace against that of the whole script."""
    spoken_as: tuple[str, ...] = ()
    """For each word of ``text.split()`` its sounds in IPA, ``""`` where the voice knows best; empty: it knows all."""
    acts: tuple[Act, ...] = ()
    """In order of their beginnings; stretches of different kinds may overlap."""
    pause_asked: bool = False
    """Whether the script asks for exactly this pause, whatever the pace."""

    @property
    def said(self) -> str:
        """What a voice is given: the text, with a comma where it would otherwise sound finished too soon.

        It has the words of ``text``, one for one.
        """
        text = self.text.translate(_ROUND)
        tail = text.rstrip("\"'”’)」』")
        if self.ends == "sentence" or tail.endswith((*HALF_STOPS, ".", "!", "?", "…")):
            return text
        return text + ","

    @property
    def emphasis(self) -> frozenset[int]:
        """Places in ``text.split()`` of the words that carry the weight."""
        return frozenset(
            place
            for act in self.acts
            if act.kind == "emphasis"
            for place in range(act.first, act.last)
        )


@dataclass(slots=True, kw_only=True)
class _Word:
    """A written word, with all that the script says about it."""

    text: str
    rate: float
    spans: frozenset[Span]
    ipa: str
    ends: Literal["", "phrase", "sentence"]
    paragraph: bool = False
    """Whether it is the last of its paragraph."""
    asked_s: float | None = None
    """Pause that the script asks for behind it."""


def cut_lines(
    text: str, *, marks: Sequence[Mark], language: str, dictionary: Dictionary
) -> tuple[float, tuple[ScriptLine, ...]]:
    """Cut a marked text into lines.

    Args:
        text: Clean, with a ``MARK`` for each of the marks; white space single, paragraphs apart by an empty row.
        marks: As ``read_directions`` gives them.
        language: BCP 47 tag of the text's language.
        dictionary: How words sound.

    Returns:
        Seconds of silence before the first line, and the lines; none when the text holds no letter and no digit.

    Raises:
        InputError: The brackets of a pronunciation end within a word.
    """
    reader = _Reader(marks=iter(marks), language=language, dictionary=dictionary)
    for paragraph in re.split(r"\n\s*\n", text):
        for row in paragraph.split("\n"):
            reader.read(row)
        if reader.words:
            reader.words[-1].paragraph = True
    _settle_pace(reader.words)
    lines: list[ScriptLine] = []
    for words in _groups(reader.words):
        if any(c.isalnum() for word in words for c in word.text):
            lines += _lines(words)
        elif lines and words[-1].asked_s is not None:
            asked_s = words[-1].asked_s + (lines[-1].pause_s if lines[-1].pause_asked else 0.0)
            lines[-1] = replace(lines[-1], pause_s=asked_s, pause_asked=True)
    return reader.lead_s, tuple(lines)


@dataclass(slots=True, kw_only=True)
class _Reader:
    """Goes through the rows of a text once, keeping what is in force."""

    marks: Iterator[Mark]
    language: str
    dictionary: Dictionary
    words: list[_Word] = field(default_factory=list)
    lead_s: float = 0.0
    begun: set[Span] = field(default_factory=set)
    sounding: Sounds | None = None
    """What gives the next words their sounds."""
    sounded: int = 0
    """How many of them have theirs."""

    def read(self, row: str) -> None:
        """Read a row."""
        row = row if row.isascii() else _BEFORE_A_MARK.sub(" ", row)
        tokens = open_up(row).split()
        written = [word for word in (token.replace(MARK, "") for token in tokens) if word]
        ends = iter(word_ends(written, language=self.language))
        known = iter(self.dictionary.sounds(written))
        for token in tokens:
            word = token.replace(MARK, "")
            before, after = self._around(token, word)
            for _, mark in before:
                self._follow(mark)
            if word:
                ipa = next(known)
                if self.sounding is not None:
                    ipa = self._sound(self.sounding, word, [*before, *after])
                self.words.append(
                    _Word(
                        text=word,
                        rate=next((RATES[span] for span in self.begun if span in RATES), 1.0),
                        spans=frozenset(self.begun),
                        ipa=ipa,
                        ends=next(ends),
                    )
                )
            for _, mark in after:
                self._follow(mark)
        if written:
            self.words[-1].ends = "sentence"

    def _around(
        self, token: str, word: str
    ) -> tuple[list[tuple[int, Mark]], list[tuple[int, Mark]]]:
        """Tell which marks of a token come before its word and which behind, each with its place in the word.

        A mark within a word goes to the end of it that takes the whole word in.
        """
        if MARK not in token:
            return [], []
        letters = [i for i, c in enumerate(word) if c.isalnum()] or [len(word)]
        before: list[tuple[int, Mark]] = []
        after: list[tuple[int, Mark]] = []
        at = 0
        for c in token:
            if c != MARK:
                at += 1
                continue
            mark = next(self.marks)
            begins = isinstance(mark, Begin | Sounds) and at <= letters[-1]
            (before if not after and (at <= letters[0] or begins) else after).append((at, mark))
        return before, after

    def _follow(self, mark: Mark) -> None:
        match mark:
            case Pause(seconds=seconds):
                if self.words:
                    self.words[-1].asked_s = seconds + (self.words[-1].asked_s or 0.0)
                else:
                    self.lead_s += seconds
            case Begin(span=span):
                self.begun.add(span)
            case End(span=span):
                self.begun.discard(span)
            case Sounds():
                self.sounding, self.sounded = mark, 0
            case Sounded():
                self.sounding = None

    def _sound(self, sounding: Sounds, word: str, marks: list[tuple[int, Mark]]) -> str:
        """Give a word its sounds out of a pronunciation in the text, with the ending that stands behind the bracket."""
        if self.sounded >= len(sounding.ipa):
            return ""
        ipa = sounding.ipa[self.sounded]
        self.sounded += 1
        first = next((at for at, mark in marks if mark is sounding), 0)
        last = next((at for at, mark in marks if isinstance(mark, Sounded)), len(word))
        rest = word[last:].replace("’", "'").rstrip('.,;:!?…"”»)')
        if rest in _ENDINGS:
            return ipa + ending_sound(ipa, _ENDINGS[rest])
        if any(c.isalnum() for c in word[:first] + rest):
            message = (
                f"{sounding.place}: a pronunciation is given to a part of a word. Put the whole word before the |, "
                "and say how all of it sounds."
            )
            raise InputError(message)
        return ipa


def _settle_pace(words: Sequence[_Word]) -> None:
    """Let a word or two that stand between punctuation and another pace go along with it, in place.

    On their own they would sound like a list: "I," - "truly mean," - "it."
    """
    edges = [0]
    for i, (word, following) in enumerate(pairwise(words), start=1):
        if _breaks(word) or word.rate != following.rate:
            edges.append(i)
    runs = [words[a:b] for a, b in pairwise([*edges, len(words)])]
    settled = [run[0].rate for run in runs if run]
    for before, after in pairwise(range(len(settled))):
        if _breaks(runs[before][-1]):
            continue
        for own, other in ((before, after), (after, before)):
            if settled[own] == 1.0 and len(runs[own]) <= MOST_TAKEN_ALONG:
                settled[own] = runs[other][0].rate
    for run, rate in zip(runs, settled, strict=False):
        for word in run:
            word.rate = rate


def _breaks(word: _Word) -> bool:
    """Tell whether the voice rests behind a word anyway."""
    return bool(word.ends) or word.asked_s is not None


def _groups(words: Sequence[_Word]) -> Iterator[list[_Word]]:
    """Put together what is said in one go: a sentence, or the part of it up to a pause or to another pace."""
    group: list[_Word] = []
    for word, following in zip(words, [*words[1:], None], strict=False):
        group.append(word)
        turns = following is None or following.rate != word.rate
        if turns or word.ends == "sentence" or word.asked_s is not None:
            yield group
            group = []


def _lines(words: Sequence[_Word]) -> Iterator[ScriptLine]:
    """Make lines of what is said in one go: more than one when it is too long for a breath."""
    edges = [0, *accumulate(breaths([word.text for word in words]))]
    for first, last in pairwise(edges):
        part = words[first:last]
        if any(c.isalnum() for word in part for c in word.text):
            yield _line(part, goes_on=last < len(words))


def _line(words: Sequence[_Word], *, goes_on: bool) -> ScriptLine:
    """Make a line; ``goes_on`` when more of the same comes behind it."""
    last = words[-1]
    ends: Literal["", "phrase", "sentence"] = last.ends
    if goes_on or (not ends and last.asked_s is not None):
        ends = "phrase"
    pause_s = {"": 0.0, "phrase": PHRASE_PAUSE_S, "sentence": SENTENCE_PAUSE_S}[ends]
    pause_s = PARAGRAPH_PAUSE_S if last.paragraph else pause_s
    asked_s = last.asked_s
    sounds = tuple(word.ipa for word in words)
    return ScriptLine(
        text=" ".join(word.text for word in words),
        pause_s=pause_s if asked_s is None else asked_s,
        pause_asked=asked_s is not None,
        ends=ends,
        rate=last.rate,
        spoken_as=sounds if any(sounds) else (),
        acts=tuple(_acts(words)),
    )


def _acts(words: Sequence[_Word]) -> list[Act]:
    acts: list[Act] = []
    for span, kind in _ACTS.items():
        at = 0
        for inside, run in groupby(span in word.spans for word in words):
            size = len(list(run))
            if inside:
                acts.append(Act(kind=kind, first=at, last=at + size))
            at += size
    return sorted(acts, key=lambda act: act.first)
