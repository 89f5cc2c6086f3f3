"""Storyboards for tests: the templates made short, at few frames a second."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from vivant.cli.running import run

SHORT_LENGTHS: Mapping[str, tuple[float, ...]] = {
    "stairway": (3, 2, 2, 2, 4, 4, 3.5),
    "album": (2, 2, 2, 2, 2, 2),
    "wedding-day": (2.5, 4, 2),
    "a-word": (2.5, 2.5),
    "embrace": (2.5, 5, 5, 4),
    "our-pet": (3, 3, 4),
}
"""Seconds of each shot, in order: hardly more than each action needs."""
SHORT_LINES: Mapping[str, tuple[str, ...]] = {
    "stairway": ("Thank you.",),
    "album": ("His hat.",),
    "wedding-day": ("They married.", "And so he worked."),
    "a-word": ("Thank you.", "Be good."),
    "embrace": ("Thank you.",),
    "our-pet": ("Our cat.",),
}
STILLS_ONLY = ("children", "newborn", "comfort", "younger-self", "wings", "welcome")
"""Templates of which tests draw stills alone: what happens in them happens in the others too."""
"""What is said, in order; other lines are taken out."""


def short(template: str, to: Path, *changes: tuple[str, str]) -> Path:
    """Write a template, cut short.

    Args:
        template: Its name.
        to: Where the document goes.
        changes: What is replaced by what, afterwards; each must be there.
    """
    assert run(["storyboard", "new", template, "-o", str(to), "--replace"]) == 0
    head, shots = to.read_text(encoding="utf-8").split("\nshots:\n")
    shots = re.sub(r"^ +length:.*\n", "", shots, flags=re.MULTILINE)
    for seconds in SHORT_LENGTHS[template]:
        shots = re.sub(
            r"^( +action: \S+.*\n)(?! +length)", rf"\1    length: {seconds} s\n", shots, count=1, flags=re.MULTILINE
        )  # fmt: skip
    lines = iter(SHORT_LINES[template])

    def said(_found: re.Match[str]) -> str:
        line = next(lines, None)
        return "" if line is None else f'    line: "{line}"\n'

    shots = re.sub(r"^ +line: .*\n", said, shots, flags=re.MULTILINE)
    head = head.replace("\nsizes:", "\nrate: 12\nsizes:")
    head = head.replace('opening_card: ""', 'opening_card: {words: "", seconds: 3}')
    text = f"{head}\nshots:\n{shots}"
    for old, new in changes:
        assert old in text, f"{old!r} does not stand in {template}"
        text = text.replace(old, new, 1)
    to.write_text(text, encoding="utf-8")
    return to
