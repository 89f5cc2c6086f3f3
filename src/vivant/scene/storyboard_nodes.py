"""Reads YAML as plain text, lists and maps with their lines: nothing is resolved, nothing is run, nothing grows."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

import yaml

from vivant.scene.storyboard import Problem

MOST_BYTES = 1_000_000
MOST_NODES = 20_000
DEEPEST = 8
_UNPRINTABLE = re.compile("[^\t\n\r -~\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_BREAKS = str.maketrans({"\x85": " ", "\u2028": " ", "\u2029": " "})
_NOTHING = frozenset({"", "~", "null", "Null", "NULL"})


@dataclass(slots=True, kw_only=True)
class Node:
    """A piece of a document."""

    line: int
    kind: Literal["text", "list", "map"]
    text: str = ""
    plain: bool = True
    """Whether a text stands without quotes."""
    items: list[Node] = field(default_factory=list)
    entries: dict[str, tuple[int, Node]] = field(default_factory=dict)
    """By key: the key's line, and what it holds."""

    @property
    def empty(self) -> bool:
        """Whether nothing was written."""
        return self.kind == "text" and self.plain and self.text in _NOTHING


class _StopReadingError(Exception):
    """Going on would tell nothing more."""


def text_of(content: bytes, problems: list[Problem]) -> str | None:
    """Read the letters of a document; problems are added, and nothing is returned when there are letters missing."""
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        what = "the file is written in UTF-16, and storyboards are in UTF-8. Save it as UTF-8."
        problems.append(Problem(line=1, what=what))
        return None
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        what = f"a byte ({content[error.start]:#04x}) that is no UTF-8. Save the file as UTF-8."
        problems.append(Problem(line=line, what=what))
        return None
    text = text.translate(_BREAKS)
    bad = [(text.count("\n", 0, one.start()) + 1, ord(one[0])) for one in _some(text)]
    for line, number in bad:
        what = f"a sign that cannot be seen (U+{number:04X}). Take it out."
        problems.append(Problem(line=line, what=what))
    return None if bad else text


def _some(text: str) -> Iterator[re.Match[str]]:
    for count, found in enumerate(_UNPRINTABLE.finditer(text)):
        if count == 5:
            return
        yield found


def compose(text: str, problems: list[Problem]) -> Node | None:
    """Read a document.

    Args:
        text: YAML; one document, without anchors, tags and other clever things.
        problems: What is wrong is added to it.

    Returns:
        Its nodes, as far as they can be read; None when there are none.
    """
    reading = _Composer(text, problems)
    try:
        return reading.document()
    except _StopReadingError:
        return None
    except yaml.MarkedYAMLError as error:
        problems.extend(_of_syntax(error, text))
        return None


class _Composer:
    """Builds nodes from YAML's events, with limits."""

    def __init__(self, text: str, problems: list[Problem]) -> None:
        self._events = yaml.parse(text, Loader=yaml.SafeLoader)
        self._problems = problems
        self._nodes = 0

    def document(self) -> Node | None:
        """Read the first document, and see that there is no other."""
        node = None
        for event in self._events:
            if isinstance(event, yaml.DocumentStartEvent):
                if node is not None:
                    self._note(event, "a second document begins (---). Keep one storyboard a file.")
                    return node
                node = self._node(next(self._events), depth=0)
        return node

    def _node(self, event: yaml.Event, *, depth: int) -> Node:
        self._nodes += 1
        line = _line(event)
        if self._nodes > MOST_NODES or depth > DEEPEST:
            self._note(
                event, "nested too deeply or too much of it for a storyboard. Write it plainly."
            )
            raise _StopReadingError
        if isinstance(event, yaml.AliasEvent):
            self._note(event, f"*{event.anchor} points to another place, which storyboards do not do. "
                       "Write it out; a text that begins with * stands in quotes or behind |.")  # fmt: skip
            return Node(line=line, kind="text")
        self._check_plain(event)
        if isinstance(event, yaml.ScalarEvent):
            return Node(line=line, kind="text", text=event.value, plain=event.style is None)
        if isinstance(event, yaml.SequenceStartEvent):
            node = Node(line=line, kind="list")
            for inner in self._events:
                if isinstance(inner, yaml.SequenceEndEvent):
                    break
                node.items.append(self._node(inner, depth=depth + 1))
            return node
        node = Node(line=line, kind="map")
        for inner in self._events:
            if isinstance(inner, yaml.MappingEndEvent):
                break
            self._entry(node, inner, depth=depth + 1)
        return node

    def _entry(self, node: Node, event: yaml.Event, *, depth: int) -> None:
        key = self._node(event, depth=depth)
        held = self._node(next(self._events), depth=depth)
        if key.kind != "text":
            self._note(event, "a list or a map stands where a name with a colon is needed.")
            return
        if key.text in node.entries:
            first = node.entries[key.text][0]
            self._note(
                event, f"{key.text[:40]} was already written in line {first}. Keep one of the two."
            )
            return
        node.entries[key.text] = (key.line, held)

    def _check_plain(self, event: yaml.Event) -> None:
        anchor = getattr(event, "anchor", None)
        if anchor is not None:
            self._note(event, f"&{anchor} names a place, which storyboards do not need. Take it out; "
                       "a text that begins with & stands in quotes.")  # fmt: skip
        tag = getattr(event, "tag", None)
        if tag is not None and tag != "!":
            self._note(event, "a tag (!) that says how to read a value. Take it out; a text that begins with ! stands in quotes.")  # fmt: skip

    def _note(self, event: yaml.Event, what: str) -> None:
        self._problems.append(Problem(line=_line(event), what=what))


def _line(event: yaml.Event) -> int:
    return 1 if event.start_mark is None else event.start_mark.line + 1


def _of_syntax(error: yaml.MarkedYAMLError, text: str) -> Iterator[Problem]:
    """Tell in plain words why a document is no YAML."""
    open_still = "end of stream" in (error.problem or "") or "flow" in (error.context or "")
    marks = (error.context_mark, error.problem_mark)
    mark = (marks[0] if open_still else None) or marks[1] or marks[0]
    line = 1 if mark is None else mark.line + 1
    tabs = [
        number
        for number, row in enumerate(text.split("\n"), start=1)
        if "\t" in row[: len(row) - len(row.lstrip())] and row.strip()
    ]
    problem = error.problem or ""
    if tabs and ("\\t" in problem or line in tabs or line - 1 in tabs):
        for number in tabs[:20]:
            what = "the line begins with a tab. Indent with spaces, two for each step."
            yield Problem(line=number, what=what)
        return
    yield Problem(line=line, what=_plainly(problem, error.context or ""))


_MEANT: tuple[tuple[str, str], ...] = (
    ("mapping values are not allowed", "a colon followed by a space stands inside a text. Put the text in quotes: line: \"Dear all: thank you.\""),
    ("scanning an alias", "a text begins with *. Put it in quotes, or write | behind the colon and the text in the next lines, indented."),
    ("scanning an anchor", "a text begins with &. Put it in quotes."),
    ("cannot start any token", "a sign that cannot begin a text here. Put the text in quotes."),
    ("found unexpected end of stream", "a quotation mark is opened and never closed. Close it; a quotation mark inside quotes is written twice."),
    ("while scanning a quoted", "a quoted text goes wrong: close its quotation mark, and write a backslash as two."),
    ("could not find expected ':'", "a line without a colon where NAME: VALUE is needed. Add the colon and a space, or indent the line further if it belongs to the text above."),
    ("while parsing a flow", "a bracket [ or { is opened and not closed. Close it; a text that begins with [ stands in quotes."),
    ("while parsing a block", "the line does not stand where it belongs. Indent it exactly as its neighbours, with spaces; a text with quotes inside stands wholly in quotes or behind |."),
    ("unknown escape", "a backslash inside double quotes. Use single quotes, or write two backslashes."),
)  # fmt: skip


def _plainly(problem: str, context: str) -> str:
    said = f"{context} {problem}"
    for sign, meaning in _MEANT:
        if sign in said:
            return meaning
    return f"this is not YAML ({problem}). Write NAME: VALUE, indented with spaces; texts with signs in them stand in quotes."
