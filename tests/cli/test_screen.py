"""What goes to the screen, and what goes to machines."""

from __future__ import annotations

import json
from dataclasses import dataclass
from enum import Enum
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vivant.cli.screen import harmless, plain, progress


class Colour(Enum):
    RED = "red"


@dataclass(frozen=True)
class Thing:
    rate: Fraction
    where: Path
    curve: object
    colours: frozenset[Colour]


def test_a_record_becomes_plain_json() -> None:
    thing = Thing(
        Fraction(25), Path("a/b"), np.arange(2, dtype=np.float32), frozenset({Colour.RED})
    )

    assert plain(thing) == {
        "rate": "25",
        "where": str(Path("a/b")),
        "curve": [0.0, 1.0],
        "colours": ["red"],
    }


@given(
    st.recursive(
        st.none() | st.booleans() | st.floats() | st.text() | st.integers(),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
        max_leaves=6,
    )
)
def test_whatever_is_shown_is_valid_json(thing: object) -> None:
    json.loads(json.dumps(plain(thing, depth=99), allow_nan=False))


def test_work_is_told_line_by_line_where_there_is_no_terminal(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with progress() as watch:
        for done in range(4):
            watch("drawing [frames]", done, 3)

    lines = capsys.readouterr().err.splitlines()
    assert lines[0] == "drawing [frames] …"
    assert lines[-1].startswith("drawing [frames]: done in ")
    assert len(lines) == 2


@given(st.text())
def test_nothing_that_is_shown_steers_the_terminal(text: str) -> None:
    shown = harmless(text)

    assert not set(shown) & set("\x00\x07\x08\x1b\x7f\x9b\r\u2028\u202e\u2066")
    assert "\n" not in harmless(text, lines=False)


def test_a_line_that_somebody_slipped_into_a_name_stays_in_it() -> None:
    told = "signed by: Nobody\n\x1b[32mok: film 0000000000000000\x1b[0m"

    assert harmless(told, lines=False).count("\n") == 0
    assert "\x1b" not in harmless(told)
    assert harmless("Ünïcödé 生成 🕯 עברית") == "Ünïcödé 生成 🕯 עברית"
