"""Takes a map of a storyboard apart, key by key, and notes what is wrong with it."""

from __future__ import annotations

import difflib
import math
import re
from collections.abc import Iterable, Sequence
from pathlib import Path

from vivant.scene.storyboard import Problem
from vivant.scene.storyboard_nodes import Node

_YES = frozenset({"yes", "true", "on"})
_NO = frozenset({"no", "false", "off"})
_TIME = re.compile(r"([+-]?\d+(?:[.,]\d+)?|[.,]\d+)\s*(?:s|sec|seconds?)?", re.IGNORECASE)
_KINDS = {"text": "a text", "list": "a list", "map": "a map (NAME: VALUE)"}
NAME = re.compile(r"[^\W_]([\w-]{0,38}[^\W_])?")
"""Of shots and of people: letters, digits, hyphens."""


def near(word: str, known: Iterable[str]) -> str:
    """Ask whether something similar was meant."""
    plain = {one.lower(): one for one in known}
    found = difflib.get_close_matches(word.lower()[:60], plain, n=1, cutoff=0.55)
    return f" Did you mean {plain[found[0]]}?" if found else ""


def shown(text: str) -> str:
    """Quote what was written, shortly."""
    flat = " ".join(text.split())
    return repr(flat if len(flat) <= 40 else flat[:37] + "...")


class Part:
    """A map, and what has been taken from it."""

    def __init__(
        self, node: Node, problems: list[Problem], *, of: str, shot: str | None = None
    ) -> None:
        """Look at a node that should be a map.

        Args:
            node: The map.
            problems: What is wrong is added to it.
            of: What the map is, for messages: ``the storyboard``, ``shot climb``.
            shot: The shot that it belongs to.
        """
        self.node = node
        self.of = of
        self.shot = shot
        self._problems = problems
        self._asked: set[str] = set()
        if node.kind != "map":
            self.note(
                node.line,
                f"{of} is {_KINDS[node.kind]}; needed is NAME: VALUE, one a line, indented.",
            )

    def note(self, line: int, what: str) -> None:
        """Add a problem."""
        self._problems.append(Problem(line=line, what=what, shot=self.shot))

    def line_of(self, key: str) -> int:
        """Tell where a key stands, or the map where it does not."""
        return self.node.entries[key][0] if key in self.node.entries else self.node.line

    def has(self, key: str) -> bool:
        """Tell whether something is written behind a key."""
        return key in self.node.entries and not self.node.entries[key][1].empty

    def take(self, key: str) -> Node | None:
        """Take what a key holds; nothing where it is left out or empty."""
        self._asked.add(key)
        return self.node.entries[key][1] if self.has(key) else None

    def text(self, key: str, usual: str = "", *, most: int = 200, needed: bool = False) -> str:
        """Take a text."""
        node = self.take(key)
        if node is None:
            if needed:
                self.note(
                    self.line_of(key), f"{self.of} has no {key}. Write {key}: and what it is."
                )
            return usual
        return self.text_in(node, key, usual, most=most)

    def text_in(self, node: Node, key: str, usual: str = "", *, most: int = 200) -> str:
        """Read a text in a node."""
        if node.kind != "text":
            why = " A text that begins with [ or { stands in quotes, or behind | in the next line."
            self.note(
                node.line, f"{key} of {self.of} is {_KINDS[node.kind]}, and a text is needed.{why}"
            )
            return usual
        text = node.text.strip()
        if len(text) > most:
            self.note(
                node.line,
                f"{key} of {self.of} has {len(text)} letters; at most {most} fit. Shorten it.",
            )
            return usual
        return text

    def one_of(self, key: str, known: Sequence[str], usual: str) -> str:
        """Take one of some words."""
        node = self.take(key)
        return usual if node is None else self.one_in(node, key, known, usual)

    def one_in(self, node: Node, key: str, known: Sequence[str], usual: str) -> str:
        """Read one of some words in a node."""
        word = self.text_in(node, key)
        if not word:
            return usual
        word = self._as_switch(word, known)
        if word not in known:
            self.unknown(node.line, key, word, known)
            return usual
        return word

    @staticmethod
    def _as_switch(word: str, known: Sequence[str]) -> str:
        lower = word.lower()
        if lower in known:
            return lower
        if lower in _YES and "yes" in known:
            return "yes"
        if lower in _NO:
            return next((one for one in ("no", "none") if one in known), word)
        return word

    def unknown(self, line: int, key: str, word: str, known: Iterable[str]) -> None:
        """Note that there is nothing of that name."""
        listed = ", ".join(known) or "none"
        self.note(
            line, f"{key} of {self.of} is {shown(word)}; known are {listed}.{near(word, known)}"
        )

    def flag(self, key: str, *, usual: bool = False) -> bool:
        """Take a yes or a no."""
        node = self.take(key)
        if node is None:
            return usual
        word = self.text_in(node, key).lower()
        if word not in _YES | _NO:
            self.note(node.line, f"{key} of {self.of} is {shown(word)}. Write yes or no.")
            return usual
        return word in _YES

    def number(
        self, key: str, usual: float, *, low: float, high: float, whole: bool = False
    ) -> float:
        """Take a number within a range; seconds may be followed by an s."""
        node = self.take(key)
        return (
            usual
            if node is None
            else self.number_in(node, key, usual, low=low, high=high, whole=whole)
        )

    def number_in(
        self, node: Node, key: str, usual: float, *, low: float, high: float, whole: bool = False
    ) -> float:
        """Read a number in a node."""
        word = self.text_in(node, key)
        found = _TIME.fullmatch(word) if len(word) < 30 else None
        kind = "a whole number" if whole else "a number"
        if found is None or (whole and "." in word.replace(",", ".")):
            self.note(
                node.line,
                f"{key} of {self.of} is {shown(word)}. Write {kind} from {low:g} to {high:g}.",
            )
            return usual
        value = float(found[1].replace(",", "."))
        if not (math.isfinite(value) and low <= value <= high):
            self.note(
                node.line,
                f"{key} of {self.of} is {value:g}; it may be {low:g} to {high:g}. Write {kind} between them.",
            )
            return usual
        return value

    def several(self, key: str, *, most: int) -> list[Node]:
        """Take a list; a single text is a list of one."""
        node = self.take(key)
        if node is None:
            return []
        if node.kind == "map":
            self.note(
                node.line,
                f"{key} of {self.of} is {_KINDS['map']}, and a list is needed. Begin each with a hyphen.",
            )
            return []
        items = [node] if node.kind == "text" else node.items
        if len(items) > most:
            self.note(
                node.line,
                f"{key} of {self.of} has {len(items)} entries; at most {most} fit. Take some out.",
            )
        return items[:most]

    def path(self, key: str, folder: Path) -> Path | None:
        """Take the path of a file, from the storyboard's folder."""
        node = self.take(key)
        return None if node is None else self.path_in(node, key, folder)

    def path_in(self, node: Node, what: str, folder: Path) -> Path | None:
        """Read a path in a node, and see that there is a file."""
        word = self.text_in(node, what, most=1000)
        if not word:
            return None
        try:
            path = (folder / Path(word).expanduser()).resolve()
            there, folds = path.is_file(), path.is_dir()
            empty = there and not path.stat().st_size
        except (OSError, RuntimeError, ValueError):
            self.note(
                node.line, f"{what} of {self.of} is no name that a file can have. Correct it."
            )
            return None
        if not there:
            found = "is a folder" if folds else "was not found"
            self.note(
                node.line,
                f"{what} of {self.of} {found}. Give the file's name as seen from the folder of the storyboard.",
            )
        elif empty:
            self.note(node.line, f"{what} of {self.of} is empty (0 bytes). Copy the file again.")
        return path

    def close(self) -> None:
        """Note every key that nobody asked for."""
        for key, (line, _) in self.node.entries.items():
            if key not in self._asked:
                known = sorted(self._asked)
                hint = near(key, known) or f" Known are {', '.join(known)}."
                self.note(
                    line, f"{self.of} knows no {shown(key)}.{hint} Correct it or take it out."
                )
