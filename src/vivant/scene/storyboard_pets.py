"""Whether animals and people stand where a storyboard's actions have places for them."""

from __future__ import annotations

from collections.abc import Iterator

from vivant.scene.storyboard import CastMember, ShotPlan, Storyboard
from vivant.scene.storyboard_terms import ActionTerms

SHOWN = "show"
"""Prints may show anybody."""
FOR_PETS = "pet or with-pet"


def of_pets(plan: ShotPlan, storyboard: Storyboard, acted: ActionTerms) -> Iterator[str]:
    """Tell what is wrong with who is an animal in a shot, and who is not."""
    if plan.action == SHOWN:
        return
    known = [(name, storyboard.cast[name]) for name in plan.who if name in storyboard.cast]
    pets = [name for name, member in known if member.pet]
    if pets and not acted.pets:
        yield f"shows {pets[0]}, who is an animal, and {plan.action} is for people. Take the action {FOR_PETS}; or, if it is a person, take pet: yes out."
    elif len(pets) < acted.pets and len(known) == len(plan.who) >= acted.people[0]:
        yield f"needs an animal for {plan.action}. Write pet: yes at the animal in the cast."
    elif len(pets) > acted.pets > 0:
        yield f"shows {len(pets)} animals, and {plan.action} has a place for {acted.pets}. Make a shot for each."
    for name in sorted(set(pets) & set(plan.speakers)):
        yield f"lets {name}, an animal, say words; films here do not. Write speaker: and a person of the cast."


def points_without_pet(name: str, member: CastMember) -> str:
    """Tell of points that are given for a person; nothing where all is well."""
    if member.points is not None and not member.pet:
        return f"{name} has points: and is no animal. Write pet: yes there, or take points: out."
    return ""
