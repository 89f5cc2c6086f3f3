"""Sounds of any language."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vivant.performance.visemes import ARTICULATORS, closes_lips, viseme_of


def target(symbol: str, name: str, part: int = 0) -> float:
    return viseme_of(symbol).postures[part].values[ARTICULATORS.index(name)]


@pytest.mark.parametrize("symbol", ["p", "b", "m", "pʰ", "bʲ", "mː", "m̥", "p͡f", "k͡p", "ɓ"])
def test_these_sounds_shut_the_lips(symbol: str) -> None:
    assert closes_lips(symbol)


@pytest.mark.parametrize("symbol", ["", "f", "v", "w", "n", "ɸ", "i", "ɹ", "tʃ", "?"])
def test_these_sounds_do_not_shut_the_lips(symbol: str) -> None:
    assert not closes_lips(symbol)


@pytest.mark.parametrize("symbol", ["y", "ø", "œ", "u", "o", "w", "ɥ", "kʷ", "ỹ", "yː"])
def test_rounded_sounds_round_the_lips(symbol: str) -> None:
    assert target(symbol, "pucker") + target(symbol, "funnel") > 0.35


@pytest.mark.parametrize(
    ("symbol", "parts"),
    [
        ("aɪ", 2),
        ("tʃ", 2),
        ("ʧ", 2),
        ("aʊə", 3),
        ("ɑ̃", 1),
        ("ˈɔɪ", 2),
        ("ç", 1),
        ("t͡s", 2),
        ("õ", 1),
    ],
)
def test_a_symbol_has_as_many_targets_as_letters(symbol: str, parts: int) -> None:
    assert len(viseme_of(symbol).postures) == parts


def test_a_diphthong_moves_from_its_first_to_its_last_vowel() -> None:
    assert target("aɪ", "jaw", 0) > 2 * target("aɪ", "jaw", 1)
    assert target("aʊ", "pucker", 1) > target("aʊ", "pucker", 0) + 0.2


@given(symbol=st.text(max_size=8))
def test_any_text_has_a_viseme(symbol: str) -> None:
    viseme = viseme_of(symbol)

    assert viseme.postures
    for posture in viseme.postures:
        assert all(0.0 <= value <= 1.0 for value in posture.values)
        assert all(0.0 <= weight <= 3.0 for weight in posture.weights)
