"""How the rules for words do on sentences that they were not written for."""

from __future__ import annotations

import pytest

from farewells_unseen import FORBIDDEN, GENTLE, GENTLE_TOO, HARDER
from vivant.provenance.words import read_words

LEAST_CAUGHT = 0.95


def found(texts: dict[str, tuple[str, ...]]) -> dict[str, bool]:
    """Tell of each sentence whether a rule holds of it."""
    return {
        text: not read_words(text, language=language, in_memory=True).ok
        for language, some in texts.items()
        for text in some
    }


def test_no_gentle_farewell_is_refused() -> None:
    gentle = found(GENTLE) | found(GENTLE_TOO)

    assert len(gentle) >= 240
    assert [text for text, is_refused in gentle.items() if is_refused] == []


@pytest.mark.parametrize("texts", [FORBIDDEN, HARDER], ids=["plain", "harder"])
def test_nearly_all_that_nobody_should_say_is_caught(texts: dict[str, tuple[str, ...]]) -> None:
    caught = found(texts)

    assert sum(caught.values()) / len(caught) >= LEAST_CAUGHT
