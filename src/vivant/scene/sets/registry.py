"""All sets by name. A set's code is imported when the set is asked for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from importlib import import_module
from types import MappingProxyType

from vivant.errors import InputError
from vivant.scene.set import SceneSet

_PLACES = {
    "stairway": ("vivant.scene.sets.stairway", "Stairway"),
    "room": ("vivant.scene.sets.room", "Room"),
    "meadow": ("vivant.scene.sets.meadow", "Meadow"),
    "lake": ("vivant.scene.sets.lake", "Lake"),
}


SUFFIX = "/mirrored"
"""Behind the name of a set whose left and right are exchanged."""
_MIRRORED = {
    name + SUFFIX: ("vivant.scene.sets.registry_mirrored", f"Mirrored{name.title()}")
    for name in ("room", "meadow", "lake")
}


def _maker(module: str, kind: str) -> Callable[[], SceneSet]:
    def make() -> SceneSet:
        made = getattr(import_module(module), kind)()
        assert isinstance(made, SceneSet)  # noqa: S101 - ours, and tested
        return made

    return make


SETS: Mapping[str, Callable[[], SceneSet]] = MappingProxyType(
    {name: _maker(module, kind) for name, (module, kind) in _PLACES.items()}
)
"""By the names that storyboards use; call one to have the set."""
MIRRORED: Mapping[str, Callable[[], SceneSet]] = MappingProxyType(
    {name: _maker(module, make) for name, (module, make) in _MIRRORED.items()}
)
"""Those that directions may also use, by the names that shots use: left and right exchanged."""


@cache
def set_named(name: str) -> SceneSet:
    """Find a set by what storyboards or shots call it.

    Raises:
        InputError: There is none of that name.
    """
    if name in MIRRORED:
        return MIRRORED[name]()
    if name not in SETS:
        known = ", ".join(SETS)
        message = f'No set is called "{name}". Choose one of: {known}.'
        raise InputError(message)
    return SETS[name]()


def check_look(scene_set: SceneSet, look: str) -> str:
    """Give the look that a storyboard means: the set's usual one when it names none.

    Raises:
        InputError: The set has no such look.
    """
    if not look:
        return scene_set.looks[0]
    if look not in scene_set.looks:
        known = ", ".join(scene_set.looks)
        message = f'The set "{scene_set.name}" has no look "{look}". Choose one of: {known}.'
        raise InputError(message)
    return look
