"""Reads a storyboard: every problem of the file is told at once, with its line and its cure."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from pathlib import Path
from typing import get_args

from vivant.errors import InputError
from vivant.media.files import read_limited
from vivant.media.time import rate_from
from vivant.scene.storyboard import (
    DEMO,
    KIND,
    MOST_PHOTOS,
    SIZES,
    VERSION,
    Captions,
    CastMember,
    Music,
    OpeningCard,
    PhotoSource,
    Problem,
    Size,
    Storyboard,
    StoryboardError,
    Title,
)
from vivant.scene.storyboard_checking import check
from vivant.scene.storyboard_nodes import MOST_BYTES, Node, compose, text_of
from vivant.scene.storyboard_parts import NAME, Part, near, shown
from vivant.scene.storyboard_shots import Defaults, read_shot
from vivant.scene.storyboard_terms import BUILD, TERMS, Terms

MOST_CAST, MOST_SHOTS, MOST_TITLES = 12, 60, 40
MOST_SEED = 2**32 - 1
_LANGUAGE = 35


def read_storyboard(path: Path, *, terms: Terms = TERMS) -> Storyboard:
    """Read a storyboard from a file.

    Paths in it are seen from its own folder.

    Args:
        path: A YAML file of at most 1 MB.
        terms: What sets, actions, cameras, music and faces there are.

    Returns:
        The storyboard, checked, with every choice made.

    Raises:
        StoryboardError: It cannot be filmed as it stands; ``problems`` holds all that is wrong with it.
        InputError: There is no such file, or it is too large.
    """
    content = read_limited(path, at_most_bytes=MOST_BYTES, what="storyboard")
    return parse_storyboard(content, name=path.name, folder=path.parent, terms=terms)


def parse_storyboard(
    content: bytes | str, *, name: str, folder: Path, terms: Terms = TERMS
) -> Storyboard:
    """Read a storyboard's text.

    Args:
        content: YAML in UTF-8.
        name: What messages call the file.
        folder: Where its relative paths begin.
        terms: What sets, actions, cameras, music and faces there are.

    Raises:
        StoryboardError: As for ``read_storyboard``.
    """
    problems: list[Problem] = []
    raw = content.encode() if isinstance(content, str) else content
    text = text_of(raw, problems)
    root = None if text is None else compose(text, problems)
    if root is None or root.empty:
        if not problems:
            what = f"the storyboard is empty. Begin with `vivant storyboard new`, or write vivant: {KIND}/{VERSION} first."
            problems.append(Problem(line=1, what=what))
        raise StoryboardError(name, tuple(problems))
    if root.kind != "map" or "vivant" not in root.entries:
        what = f"the file does not say that it is a storyboard. Write vivant: {KIND}/{VERSION} in its first line, and below it NAME: VALUE."
        raise StoryboardError(name, (*problems, Problem(line=1, what=what)))
    storyboard = _Reading(root, problems, folder=folder, terms=terms).storyboard(name)
    problems.extend(check(storyboard, terms=terms))
    if problems:
        told = sorted(dict.fromkeys(problems), key=lambda one: one.line)
        raise StoryboardError(name, tuple(told))
    return storyboard


class _Reading:
    """Goes through a document from its top."""

    def __init__(self, root: Node, problems: list[Problem], *, folder: Path, terms: Terms) -> None:
        self.top = Part(root, problems, of="the storyboard")
        self.problems = problems
        self.folder = folder
        self.terms = terms

    def storyboard(self, name: str) -> Storyboard:
        """Read all of it, as far as it goes."""
        top = self.top
        self._version()
        cast = self._cast()
        everywhere = top.take("everywhere")
        defaults = Defaults.read(everywhere, self.problems, terms=self.terms)
        shots = tuple(
            read_shot(
                node, number, self.problems, folder=self.folder, terms=self.terms, defaults=defaults
            )
            for number, node in enumerate(top.several("shots", most=MOST_SHOTS), start=1)
        )
        if not shots:
            top.note(
                top.line_of("shots"),
                "the storyboard has no shots. Write shots: and at least one, begun with a hyphen.",
            )
        defaults.close(shots)
        titles = tuple(self._title(node) for node in top.several("titles", most=MOST_TITLES))
        read = Storyboard(
            title=top.text("title", "Untitled", needed=True),
            template=top.text("template"),
            language=self._language(),
            cast=cast,
            sizes=self._sizes(),
            rate=self._rate(),
            seed=int(top.number("seed", 0, low=0, high=MOST_SEED, whole=True)),
            opening_card=self._opening(),
            titles=titles,
            music=self._music(),
            captions=self._captions(),
            shots=shots,
            name=name,
        )
        top.close()
        return read

    def _version(self) -> None:
        top = self.top
        said = top.text("vivant")
        kind, _, version = said.partition("/")
        if kind != KIND or not version.isdigit():
            top.note(
                top.line_of("vivant"),
                f"vivant: is {shown(said)}, and a storyboard says {KIND}/{VERSION}. Correct it.",
            )
        elif int(version[:9]) != VERSION:
            top.note(
                top.line_of("vivant"),
                f"the storyboard is of version {version[:9]}, and this Vivant reads version {VERSION}. "
                "Use a Vivant of its time, or write it anew with `vivant storyboard new`.",
            )

    def _cast(self) -> Mapping[str, CastMember]:
        node = self.top.take("cast")
        if node is None:
            self.top.note(
                self.top.line_of("cast"),
                "the storyboard has no cast. Write cast: and below it each person by a name, with photos.",
            )
            return {}
        part = Part(node, self.problems, of="the cast")
        if len(node.entries) > MOST_CAST:
            part.note(
                node.line,
                f"the cast has {len(node.entries)} people; at most {MOST_CAST} fit. Take some out.",
            )
        members = {}
        for key, (line, held) in list(node.entries.items())[:MOST_CAST]:
            if not NAME.fullmatch(key):
                part.note(
                    line,
                    f"{shown(key)} cannot be a name in the cast. Use letters, digits and hyphens, at most 40.",
                )
            members[key] = self._member(key, held, line)
        return members

    def _member(self, key: str, node: Node, line: int) -> CastMember:
        part = Part(node, self.problems, of=f"{key[:40]} in the cast")
        read = CastMember(
            photos=tuple(
                self._photo(part, one, number)
                for number, one in enumerate(part.several("photos", most=MOST_PHOTOS), start=1)
            ),
            voice=part.text("voice", "hibari"),
            relation=part.text("relation"),
            called=part.text("called", most=40),
            child=part.flag("child"),
            pet=part.flag("pet"),
            points=part.path("points", self.folder),
            in_memory=part.flag("in_memory"),
            agreed=part.flag("agreed"),
            same_person=part.flag("same_person"),
            consent=part.path("consent", self.folder),
            after_death_photos_agreed=part.flag("after_death_photos_agreed"),
            face=int(part.number("face", 0, low=1, high=100, whole=True)) or None,
            dress=self._dress(part),
            build=self._build(part),
            at_line=line,
        )
        part.close()
        return read

    def _photo(self, part: Part, node: Node, number: int) -> PhotoSource:
        asked = part.text_in(node, "photos", most=1000)
        if not asked.startswith(DEMO):
            path = part.path_in(node, f"photo {number}", self.folder)
            return PhotoSource(asked=asked, path=path, at_line=node.line)
        face, _, clothes = asked.removeprefix(DEMO).partition("+")
        if face not in self.terms.faces:
            known = ", ".join(sorted(self.terms.faces))
            part.note(
                node.line,
                f"there is no demo face {shown(face)}; there are {known}.{near(face, self.terms.faces)}",
            )
        elif clothes and clothes not in self.terms.clothes:
            known = ", ".join(sorted(self.terms.clothes))
            part.note(
                node.line,
                f"demo faces have no clothes {shown(clothes)}; they have {known}.{near(clothes, self.terms.clothes)}",
            )
        return PhotoSource(asked=asked, path=None, at_line=node.line)

    def _dress(self, part: Part) -> dict[str, str | bool]:
        from vivant.scene.figure.dress import Dress, with_choices  # noqa: PLC0415 - only where one is chosen

        node = part.take("dress")
        if node is None:
            return {}
        held = Part(node, self.problems, of=f"the dress of {part.of.split()[0]}")
        chosen: dict[str, str | bool] = {}
        for key, (line, _) in node.entries.items():
            value = held.flag(key, usual=True) if key == "gloves" else held.text(key)
            try:
                with_choices(Dress(), {key: value})
            except InputError as error:
                held.note(line, f"{held.of}: {error}")
            else:
                chosen[key] = value
        return chosen

    def _build(self, part: Part) -> dict[str, float]:
        node = part.take("build")
        if node is None:
            return {}
        held = Part(node, self.problems, of=f"the build of {part.of.split()[0]}")
        chosen = {
            key: held.number(key, (one.low + one.high) / 2, low=one.low, high=one.high)
            for key, one in BUILD.items()
            if key in node.entries
        }
        for key in BUILD:
            held.take(key)
        held.close()
        return chosen

    def _language(self) -> str:
        tag = self.top.text("language", "en", most=_LANGUAGE)
        parts = tag.split("-")
        if not (
            2 <= len(parts[0]) <= 8
            and parts[0].isalpha()
            and tag.isascii()
            and all(one.isalnum() for one in parts)
        ):
            self.top.note(
                self.top.line_of("language"),
                f"language is {shown(tag)}. Write its tag: en, de, pt-BR, zh.",
            )
            return "en"
        return tag

    def _sizes(self) -> tuple[Size, ...]:
        nodes = self.top.several("sizes", most=len(SIZES))
        found = [self.top.one_in(node, "sizes", tuple(SIZES), "16:9") for node in nodes]
        known: dict[str, Size] = {size: size for size in get_args(Size)}
        return tuple(dict.fromkeys(known[one] for one in found)) or ("16:9",)

    def _rate(self) -> Fraction:
        node = self.top.take("rate")
        if node is None:
            return Fraction(25)
        try:
            rate = rate_from(self.top.text_in(node, "rate"))
        except InputError as error:
            self.top.note(node.line, f"rate: {error}")
            return Fraction(25)
        if not 12 <= rate <= 60:
            self.top.note(
                node.line,
                f"rate is {float(rate):g} frames a second; it may be 12 to 60. Most films have 25.",
            )
        return rate

    def _captions(self) -> Captions:
        chosen = self.top.one_of("captions", get_args(Captions), "srt")
        known: dict[str, Captions] = {one: one for one in get_args(Captions)}
        return known[chosen]

    def _opening(self) -> OpeningCard:
        node = self.top.take("opening_card")
        if node is None:
            return OpeningCard()
        if node.kind == "text":
            if node.plain and node.text.lower() in {"no", "none", "false", "off"}:
                self.top.note(node.line, "opening_card is switched off, and every film begins with one that says it was made with AI "
                              "from photographs. Take the line out, or write the words you want above that sentence.")  # fmt: skip
                return OpeningCard()
            return OpeningCard(words=self.top.text_in(node, "opening_card"), at_line=node.line)
        part = Part(node, self.problems, of="the opening card")
        read = OpeningCard(
            words=part.text("words"),
            seconds=part.number("seconds", 4.0, low=3.0, high=10.0),
            at_line=node.line,
        )
        part.close()
        return read

    def _title(self, node: Node) -> Title:
        part = Part(node, self.problems, of="a title")
        read = Title(
            text=part.text("text", needed=True),
            over=part.text("over", "end"),
            seconds=part.number("seconds", 4.0, low=1.5, high=15.0),
            at_line=node.line,
        )
        part.close()
        return read

    def _music(self) -> Music | None:
        node = self.top.take("music")
        if node is None:
            return None
        if node.kind == "text":
            asked = self.top.text_in(node, "music", most=1000)
            return self._piece(self.top, node, asked, level=0.5)
        part = Part(node, self.problems, of="the music")
        held = part.take("piece") or part.take("file")
        part.take("file")
        level = part.number("level", 0.5, low=0.0, high=1.0)
        if held is None:
            part.note(
                node.line,
                "the music names neither a piece nor a file. Write piece: or file: and its name, or music: none.",
            )
        elif part.has("piece") and part.has("file"):
            part.note(node.line, "the music names a piece and a file. Keep one of the two.")
        part.close()
        if held is None:
            return None
        return self._piece(part, held, part.text_in(held, "music", most=1000), level=level)

    def _piece(self, part: Part, node: Node, asked: str, *, level: float) -> Music | None:
        if asked.lower() in {"none", "no", "off", "false"}:
            return None
        if asked in self.terms.pieces:
            return Music(piece=asked, level=level, at_line=node.line)
        if not Path(asked).suffix:
            part.unknown(node.line, "music", asked, (*self.terms.pieces, "none", "or a sound file"))
            return None
        return Music(file=part.path_in(node, "music", self.folder), level=level, at_line=node.line)
