"""Reads the shots of a storyboard, and what is said once for all of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from vivant.scene.storyboard import LONGEST_SHOT_S, SHORTEST_SHOT_S, Line, Problem, ShotPlan
from vivant.scene.storyboard_nodes import Node
from vivant.scene.storyboard_parts import NAME, Part, near, shown
from vivant.scene.storyboard_terms import ActionTerms, Choices, Terms

MOST_PEOPLE = 5
LONGEST_LINE = 4000
MOST_LINES = 24
LONGEST_PAUSE_S = 20.0
_UNKNOWN = ActionTerms(people=(0, MOST_PEOPLE), photos=0, shortest_s=SHORTEST_SHOT_S)
"""Stands for an action that does not exist, so that the rest of its shot can be read."""


@dataclass(slots=True, kw_only=True)
class Defaults:
    """What holds for every shot that does not say otherwise."""

    part: Part | None
    set: str
    look: str = ""
    hour: str = ""
    options: dict[str, tuple[int, Node]] = field(default_factory=dict)

    @classmethod
    def read(cls, node: Node | None, problems: list[Problem], *, terms: Terms) -> Defaults:
        """Read ``everywhere``."""
        usual = next(iter(terms.sets))
        if node is None:
            return cls(part=None, set=usual)
        part = Part(node, problems, of="everywhere")
        looks = tuple(
            dict.fromkeys(one for terms_of in terms.sets.values() for one in terms_of.looks)
        )
        hours = tuple(
            dict.fromkeys(one for terms_of in terms.sets.values() for one in terms_of.hours)
        )
        read = cls(
            part=part,
            set=part.one_of("set", tuple(terms.sets), usual),
            look=part.one_of("look", looks, ""),
            hour=part.one_of("hour", hours, ""),
        )
        known = {
            *terms.everywhere,
            *(name for action in terms.actions.values() for name in action.options),
        }
        for name in known:
            part.take(name)
            if part.has(name):
                read.options[name] = node.entries[name]
        part.close()
        return read

    def close(self, shots: Iterable[ShotPlan]) -> None:
        """Note options that none of the shots knows."""
        known = {name for shot in shots for name in shot.options}
        for name, (line, _) in self.options.items():
            if self.part is not None and name not in known:
                self.part.note(
                    line, f"none of the shots can be asked for {name}. Take it out of everywhere."
                )


def read_shot(
    node: Node,
    number: int,
    problems: list[Problem],
    *,
    folder: Path,
    terms: Terms,
    defaults: Defaults,
) -> ShotPlan:
    """Read one shot, and fill in what it leaves open."""
    part = Part(node, problems, of=f"shot {number}")
    name = part.text("name", f"shot-{number}", most=40)
    if not NAME.fullmatch(name):
        part.note(
            part.line_of("name"),
            f"shot {number} cannot be called {shown(name)}. Use letters, digits and hyphens.",
        )
    part.of, part.shot = f"shot {name}", name
    place = part.one_of("set", tuple(terms.sets), defaults.set)
    action = part.text("action")
    if not action and node.kind == "map":
        part.note(
            node.line,
            f"{part.of} has no action. Write action: and one of {', '.join(terms.actions)}.",
        )
    elif action and action not in terms.actions:
        part.unknown(part.line_of("action"), "action", action, terms.actions)
    acted = terms.actions.get(action, _UNKNOWN)
    who = tuple(part.text_in(one, "who") for one in part.several("who", most=MOST_PEOPLE))
    read = ShotPlan(
        name=name,
        set=place,
        look=_look(part, place, terms, defaults),
        hour=_hour(part, place, terms, defaults),
        action=action,
        who=who,
        lines=_lines(part, who, problems, folder=folder),
        camera=_camera(part, action, acted),
        length_s=_length(part),
        options=_options(part, acted, problems, terms=terms, defaults=defaults),
        at_line=node.line,
    )
    part.close()
    return read


def _lines(
    part: Part, who: tuple[str, ...], problems: list[Problem], *, folder: Path
) -> tuple[Line, ...]:
    """Read what is said: one line, or several in order."""
    short = [key for key in ("line", "speaker", "audio") if part.has(key)]
    say, audio = part.text("line", most=LONGEST_LINE), part.path("audio", folder)
    by = part.text("speaker") or (who[0] if who else None)
    nodes = part.several("lines", most=MOST_LINES)
    if nodes and short:
        part.note(
            part.line_of("lines"),
            f"{part.of} has lines: and {short[0]}:. Write all that is said under lines:, each with by: and say:.",
        )
    if nodes:
        return tuple(
            _line(node, number, part, problems, folder=folder)
            for number, node in enumerate(nodes, start=1)
        )
    if not say and audio is None:
        return ()
    return (Line(by=by, say=say, audio=audio, at_line=part.line_of("line" if say else "audio")),)


def _line(node: Node, number: int, shot: Part, problems: list[Problem], *, folder: Path) -> Line:
    part = Part(node, problems, of=f"line {number} of {shot.of}", shot=shot.shot)
    read = Line(
        by=part.text("by") or None,
        say=part.text("say", most=LONGEST_LINE),
        audio=part.path("audio", folder),
        after_s=_pause(part),
        at_line=node.line,
    )
    if node.kind == "map":
        if read.by is None:
            part.note(node.line, f"{part.of} does not tell who says it. Write by: and a name of the cast.")  # fmt: skip
        if not part.has("say") and not part.has("audio"):
            part.note(node.line, f"{part.of} has no words. Write say: and what is said, or audio: and a recording.")  # fmt: skip
    part.close()
    return read


def _pause(part: Part) -> float | None:
    if not part.has("after"):
        part.take("after")
        return None
    return part.number("after", 0.0, low=0.0, high=LONGEST_PAUSE_S)


def _look(part: Part, place: str, terms: Terms, defaults: Defaults) -> str:
    looks = terms.sets[place].looks
    usual = defaults.look if defaults.look in looks else looks[0]
    return part.one_of("look", looks, usual)


def _hour(part: Part, place: str, terms: Terms, defaults: Defaults) -> str:
    hours = terms.sets[place].hours
    usual = defaults.hour if defaults.hour in hours else hours[0]
    return part.one_of("hour", hours, usual)


def _camera(part: Part, action: str, acted: ActionTerms) -> str:
    usual = acted.cameras[0] if acted.cameras else ""
    if part.has("camera") and not acted.cameras and acted is not _UNKNOWN:
        part.note(
            part.line_of("camera"),
            f"{part.of} asks for a camera, and {action} has only one. Take the line out.",
        )
        part.take("camera")
        return ""
    if acted is _UNKNOWN:
        return part.text("camera")
    return part.one_of("camera", acted.cameras, usual)


def _length(part: Part) -> float | None:
    length_s = part.number("length", 0.0, low=SHORTEST_SHOT_S, high=LONGEST_SHOT_S)
    return length_s or None


def _options(
    part: Part, acted: ActionTerms, problems: list[Problem], *, terms: Terms, defaults: Defaults
) -> dict[str, str]:
    """Read the options of a shot: all that its action knows, filled in."""
    node = part.take("options")
    own: Mapping[str, tuple[int, Node]] = {}
    if node is not None:
        own = Part(node, problems, of=f"the options of {part.of}", shot=part.shot).node.entries
    known = {**terms.everywhere, **acted.options}
    if acted is not _UNKNOWN:
        for name, (line, _) in own.items():
            if name not in known:
                part.note(
                    line,
                    f"{part.of} cannot be asked for {shown(name)}; it knows {', '.join(known)}.{near(name, known)}",
                )
    chosen = {}
    for name, choices in known.items():
        given = own.get(name) or defaults.options.get(name)
        held = None if given is None or given[1].empty else given[1]
        chosen[name] = _chosen(part, name, choices, held)
    return chosen


def _chosen(part: Part, name: str, choices: Choices, node: Node | None) -> str:
    if choices.longest:
        return "" if node is None else part.text_in(node, name, most=choices.longest)
    if not choices.words:
        usual = choices.low if choices.usual is None else choices.usual
        value = (
            usual
            if node is None
            else part.number_in(
                node, name, usual, low=choices.low, high=choices.high, whole=choices.whole
            )
        )
        return f"{value:g}"
    usual_word = choices.words[0]
    if node is None:
        return usual_word
    if not choices.many:
        return part.one_in(node, name, choices.words, usual_word)
    words = part.text_in(node, name).replace(",", " ").split() if node.kind == "text" else None
    nodes = (
        [Node(line=node.line, kind="text", text=word) for word in words]
        if words is not None
        else node.items
    )
    return (
        ", ".join(part.one_in(one, name, choices.words, usual_word) for one in nodes) or usual_word
    )
