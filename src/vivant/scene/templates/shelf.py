"""Finds templates, and puts a family's photos into them without touching anything else."""

from __future__ import annotations

import difflib
import json
import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import resources
from pathlib import Path

from vivant.errors import InputError
from vivant.scene.storyboard import MOST_PHOTOS, Storyboard
from vivant.scene.storyboard_nodes import Node, compose
from vivant.scene.storyboard_reading import parse_storyboard

_ENDING = ".yaml"


class UnknownTemplateError(InputError):
    """There is no template of that name."""

    code = "scene.unknown-template"


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """A storyboard to begin with."""

    name: str
    summary: str
    """One line for people: its first remark."""
    text: str

    def storyboard(self) -> Storyboard:
        """Read it as it stands, with demo faces."""
        return parse_storyboard(self.text, name=f"{self.name}{_ENDING}", folder=Path())


def templates() -> tuple[Template, ...]:
    """Give all templates, by name."""
    folder = resources.files("vivant.scene.templates")
    names = sorted(one.name for one in folder.iterdir() if one.name.endswith(_ENDING))
    return tuple(_read(name.removesuffix(_ENDING)) for name in names)


def template_named(name: str) -> Template:
    """Find a template.

    Raises:
        UnknownTemplateError: There is none of that name; the message lists those there are.
    """
    known = [one.name for one in templates()]
    if name not in known:
        found = difflib.get_close_matches(name, known, n=1)
        hint = f" Did you mean {found[0]}?" if found else ""
        message = f"There is no template called {name[:40]!r}; there are {', '.join(known)}.{hint}"
        raise UnknownTemplateError(message)
    return _read(name)


def with_photos(template: Template, photos: Mapping[str, Sequence[Path]], *, folder: Path) -> str:
    """Put photos into a template; remarks and all the rest stay as they are.

    Shots that show single photos of an album are added and taken out, until there is one for each.

    Args:
        template: Where they go.
        photos: By the name in its cast.
        folder: Where the storyboard will lie; paths are written as seen from there where that is short.

    Returns:
        The storyboard's text.

    Raises:
        InputError: A name is not in the template's cast, or there are too many photos of one.
    """
    text = template.text
    for name, paths in photos.items():
        cast = _cast(text)
        if name not in cast:
            with_photos_in = ", ".join(
                one for one, node in cast.items() if "photos" in node.entries
            )
            message = f"The template {template.name} has nobody called {name[:40]!r}; photos go to {with_photos_in}."
            raise InputError(message)
        if len(paths) > MOST_PHOTOS:
            message = f"{len(paths)} photos are given for one name, and {MOST_PHOTOS} fit. Leave some out."
            raise InputError(message)
        entry = cast[name].entries.get("photos")
        if entry is None:
            message = f"{name} of the template {template.name} is heard and not seen. Give the photo to somebody else."
            raise InputError(message)
        text = _with_photo_line(text, entry[0], [_seen_from(path, folder) for path in paths])
        text = _with_shots_for(text, name, len(paths))
    return text


def _read(name: str) -> Template:
    text = resources.files("vivant.scene.templates").joinpath(name + _ENDING).read_text("utf-8")
    summary = text.split("\n", maxsplit=1)[0].removeprefix("#").strip()
    return Template(name=name, summary=summary, text=text)


def _root(text: str) -> Node:
    root = compose(text, [])
    if root is None:
        message = "The template cannot be read. Install Vivant again."
        raise InputError(message)
    return root


def _cast(text: str) -> dict[str, Node]:
    held = _root(text).entries["cast"][1]
    return {key: node for key, (_, node) in held.entries.items()}


def _with_photo_line(text: str, line: int, paths: Sequence[str]) -> str:
    rows = text.split("\n")
    listed = ", ".join(json.dumps(path, ensure_ascii=False) for path in paths)
    rows[line - 1] = re.sub(r"\[.*?\]", lambda _: f"[{listed}]", rows[line - 1], count=1)
    return "\n".join(rows)


def _seen_from(path: Path, folder: Path) -> str:
    whole = path.resolve()
    try:
        near = Path(os.path.relpath(whole, folder.resolve()))
    except ValueError:  # another drive
        return whole.as_posix()
    return whole.as_posix() if near.parts.count("..") > 2 else near.as_posix()


def _with_shots_for(text: str, name: str, photos: int) -> str:
    """See that an album has a shot for each photo."""
    items = _root(text).entries["shots"][1].items
    showing = [node for node in items if _shows(node, name)]
    if len(showing) < 3:  # not an album
        return text
    rows = text.split("\n")
    starts = [node.line for node in items]
    ends = [*(one - 1 for one in starts[1:]), _last_row(rows)]
    spans = {
        id(node): (first - 1, last) for node, first, last in zip(items, starts, ends, strict=True)
    }
    first, last = spans[id(showing[2])]
    pattern = rows[first:last]
    more = [
        "\n".join(pattern)
        .rstrip()
        .replace("photo-3", f"photo-{count}")
        .replace("photo: 3", f"photo: {count}")
        .split("\n")
        for count in range(len(showing) + 1, photos + 1)
    ]
    begin, end = spans[id(showing[-1])]
    for extra in reversed(more):
        rows[end:end] = ["", *extra]
    for node in reversed(showing[photos:]):
        begin, end = spans[id(node)]
        del rows[begin:end]
    return "\n".join(rows).rstrip() + "\n"


def _shows(node: Node, name: str) -> bool:
    who = node.entries.get("who")
    options = node.entries.get("options")
    if who is None or options is None or "photo" not in options[1].entries:
        return False
    return [one.text for one in who[1].items] == [name]


def _last_row(rows: Sequence[str]) -> int:
    return max(number for number, row in enumerate(rows, start=1) if row.strip())
