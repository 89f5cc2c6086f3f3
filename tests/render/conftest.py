"""Bakes everybody before property tests begin: a bake that fails should fail once, not in each example."""

from __future__ import annotations

import pytest

from rigs import EVERYBODY, stage


@pytest.fixture(scope="session", autouse=True)
def _everybody_is_baked() -> None:
    for name in EVERYBODY:
        stage(name)
