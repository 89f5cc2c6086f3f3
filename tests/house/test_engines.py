"""Engines are found by what packages declare."""

from __future__ import annotations

import pytest

from vivant.engines import ROOMS, declared, engine_named
from vivant.errors import InputError


def test_our_own_engines_come_through_the_same_door() -> None:
    ours = {(engine.room, engine.name) for engine in declared() if engine.package == "vivant"}

    assert {("intake", "mediapipe"), ("voice", "hibari"), ("render", "puppet")} <= ours


@pytest.mark.parametrize("engine", declared(), ids=lambda engine: f"{engine.room}-{engine.name}")
def test_every_declared_engine_can_be_made_and_says_its_version(engine: object) -> None:
    made = engine.load()  # type: ignore[attr-defined]

    assert made.traits.version


@pytest.mark.parametrize("room", ROOMS)
def test_an_unknown_engine_is_told_with_those_there_are(room: str) -> None:
    with pytest.raises(InputError, match="Installed are: "):
        engine_named(room, "nobody")
