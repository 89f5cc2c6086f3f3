"""A word with weight is louder, smoothly, and nothing else is."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from vivant.voice.engines.weight import EASE_S, LOUDER_DB, weighed
from vivant.voice.speech import Word

RATE_HZ = 8_000
TEXT = "We — we all went home"
WORDS = tuple(
    Word(text=text, first=1_000 * i, last=1_000 * (i + 1))
    for i, text in enumerate(["We", "we", "all", "went", "home"])
)


@given(st.sets(st.integers(0, 7)))
def test_only_words_with_weight_are_louder(emphasis: set[int]) -> None:
    flat = np.full(5_000, 0.1, np.float32)
    made = weighed(
        flat, text=TEXT, words=WORDS, emphasis=frozenset(emphasis), sample_rate_hz=RATE_HZ
    )
    level_db = 20 * np.log10(made / 0.1)
    ease = round(EASE_S * RATE_HZ)
    heard = [0, 2, 3, 4, 5]  # the dash is not

    assert made.shape == flat.shape
    for word, place in zip(WORDS, heard, strict=True):
        inner = level_db[word.first + ease : word.last - ease]
        np.testing.assert_allclose(inner, LOUDER_DB if place in emphasis else 0.0, atol=1e-4)
    assert np.abs(np.diff(level_db)).max() < 2 * LOUDER_DB / ease


def test_without_weight_the_sound_is_the_same_array() -> None:
    flat = np.full(10, 0.1, np.float32)

    assert (
        weighed(flat, text="a", words=(), emphasis=frozenset({0}), sample_rate_hz=RATE_HZ) is flat
    )
