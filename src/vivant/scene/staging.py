"""The door of the scene room: a storyboard, its people and their performances go in, staged shots come out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction

import numpy as np

from vivant.errors import InputError
from vivant.performance.curves import Performance
from vivant.scene.direction.call import Call, Saying, Subject
from vivant.scene.direction.registry import direction_named
from vivant.scene.figure.build import Build
from vivant.scene.figure.dress import Dress
from vivant.scene.figure.turns import ease
from vivant.scene.sets.registry import set_named
from vivant.scene.shot import Shot
from vivant.scene.storyboard import Storyboard
from vivant.scene.storyboard_terms import ACTIONS, OURS

INTO_LIGHT_S, OUT_OF_LIGHT_S = 1.3, 1.3
INTO_BLACK_S, OUT_OF_BLACK_S = 0.8, 0.8


class TooFewFramesError(InputError):
    """A shot is too short for what happens in it."""

    code = "scene.shot-too-short"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Company:
    """Who plays, and how: what staging knows of the people."""

    people: Mapping[str, Subject]
    """What is known of each person's photo, by ``NAME``."""
    performances: Mapping[str, Mapping[str, Performance]]
    """What everybody's face does: by the shot's name, then by ``NAME``; as many frames as the shot."""
    sayings: Mapping[str, Sequence[Saying]] = field(default_factory=dict)
    """Who speaks when, by the shot's name."""
    builds: Mapping[str, Build] = field(default_factory=dict)
    """How tall and broad everybody's figure is, by ``NAME``."""
    dresses: Mapping[str, Dress] = field(default_factory=dict)
    """What everybody wears, by ``NAME`` or ``NAME/2``: the colours of sleeves and hands."""
    prints: Mapping[str, float] = field(default_factory=dict)
    """Width over height of every photograph that is shown as one, by ``NAME`` or ``NAME/2``."""


def stage(
    storyboard: Storyboard,
    *,
    frames: Mapping[str, int],
    company: Company,
    rate: Fraction,
    width_px: int,
    height_px: int,
) -> tuple[Shot, ...]:
    """Stage every shot of a storyboard.

    Args:
        storyboard: Checked.
        frames: How long each shot is, by its name.
        company: Who plays, and how.
        rate: Frames a second.
        width_px: Even.
        height_px: Even.

    Returns:
        The shots in order; the same input gives the same numbers.

    Raises:
        InputError: A shot names something that is not there, or is too short for its action.
    """
    shots: list[Shot] = []
    for count, plan in enumerate(storyboard.shots):
        direct = direction_named(plan.action)
        call = Call(
            plan=plan,
            frames=frames[plan.name],
            rate=rate,
            width_px=width_px,
            height_px=height_px,
            people=company.people,
            performances=company.performances.get(plan.name, {}),
            sayings=tuple(company.sayings.get(plan.name, ())),
            builds=company.builds,
            dresses=company.dresses,
            prints=company.prints,
            scene_set=set_named(plan.set),
            seed=storyboard.seed + 1009 * count,
        )
        _check(call)
        shot = direct(call)
        if plan.choice("engine", OURS) != OURS:
            shot = replace(
                shot, engine=plan.choice("engine", OURS), prompt=plan.choice("prompt", "")
            )
        shots.append(shot)
    return _joined(shots, [plan.transition for plan in storyboard.shots])


def _check(call: Call) -> None:
    shortest_s = ACTIONS[call.plan.action].shortest_s
    if call.seconds < shortest_s:
        message = (
            f"The shot {call.plan.name} lasts {call.seconds:.1f} seconds, and {call.plan.action} needs "
            f"{shortest_s:g}. Give it a longer length, or leave its length out."
        )
        raise TooFewFramesError(message)


def _joined(shots: Sequence[Shot], transitions: Sequence[str]) -> tuple[Shot, ...]:
    """Let shots go into light or black, and come out of it, where the next one says so."""
    joined = list(shots)
    for index, transition in enumerate(transitions):
        if transition not in {"light", "black"}:
            continue
        field = "white" if transition == "light" else "black"
        come, go = (
            (OUT_OF_LIGHT_S, INTO_LIGHT_S)
            if transition == "light"
            else (OUT_OF_BLACK_S, INTO_BLACK_S)
        )
        joined[index] = _with_fade(joined[index], field, come, at_end=False)
        if index:
            joined[index - 1] = _with_fade(joined[index - 1], field, go, at_end=True)
    return tuple(joined)


def _with_fade(shot: Shot, field: str, seconds: float, *, at_end: bool) -> Shot:
    times_s = (np.arange(shot.frames) + 0.5) / float(shot.rate)
    if at_end:
        fade = ease((times_s - (shot.frames / float(shot.rate) - seconds)) / seconds)
    else:
        fade = 1 - ease(times_s / seconds)
    fade = fade.astype(np.float32)
    if field == "white":
        return replace(shot, white=fade if shot.white is None else np.maximum(shot.white, fade))
    return replace(shot, black=fade if shot.black is None else np.maximum(shot.black, fade))
