"""Shots staged for tests, with people that need no photo."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction
from math import inf

from vivant.performance.performing import perform_idle
from vivant.rig.framing_limits import FrameLimits
from vivant.scene.direction.call import Call, Subject
from vivant.scene.direction.registry import direction_named
from vivant.scene.figure.build import Build
from vivant.scene.sets.registry import set_named
from vivant.scene.shot import Shot
from vivant.scene.storyboard import ShotPlan
from vivant.scene.storyboard_terms import ACTIONS

RATE = Fraction(25)
NAMES = ("anna", "ben", "cara", "dan", "eva")
SIZES = {"16:9": (1280, 720), "9:16": (720, 1280), "1:1": (720, 720)}


def subject(name: str = "anna") -> Subject:
    """A person in a photo that reaches as far as most do."""
    return Subject(
        name=name, up=0.75, limits=FrameLimits(above=inf, below=2.4, left=inf, right=inf)
    )


def staged(  # noqa: PLR0913 - all that a test may choose
    action: str,
    *,
    set_name: str = "stairway",
    camera: str = "",
    size: str = "16:9",
    seconds: float | None = None,
    options: Mapping[str, str] | None = None,
    photo: Subject | None = None,
    people: int = 0,
    builds: Mapping[str, Build] | None = None,
) -> Shot:
    """Stage one shot, with as many people as its action needs, or more."""
    terms = ACTIONS[action]
    who = NAMES[: max(terms.people[0], min(terms.people[1], 1), people)]
    scene_set = set_named(set_name)
    plan = ShotPlan(
        name=action,
        set=set_name,
        look=scene_set.looks[0],
        hour="golden",
        action=action,
        who=who,
        camera=camera,
        options=dict(options or {}),
    )
    length_s = terms.usual_s if seconds is None else seconds
    width_px, height_px = SIZES[size]
    seen = photo or subject()
    known = {key: seen for name in NAMES for key in (name, f"{name}/2")}
    for name in who[len(who) - terms.pets :]:
        known[name] = replace(seen, name=name, up=0.95, animal="cat")
    return direction_named(action)(
        Call(
            plan=plan,
            frames=round(length_s * RATE),
            rate=RATE,
            width_px=width_px,
            height_px=height_px,
            people=known,
            performances={
                name: perform_idle(length_s, rate=RATE, seed=3 + place)
                for place, name in enumerate(who)
            },
            scene_set=scene_set,
            builds=dict(builds or {}),
            prints={"anna": 0.8, "anna/2": 1.5},
            seed=11,
        )
    )
