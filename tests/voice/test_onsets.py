"""What the ear is not sure of is read by the mouth; the phones of a text are found in any language."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vivant.voice.ear import BLANK, FRAME, SYMBOL_OF
from vivant.voice.nearness import FAR, farness
from vivant.voice.onsets import (
    COMMON,
    Onset,
    agreement,
    keep_words_together,
    mouth_shape,
    read_along,
    read_freely,
    read_plainly,
)
from vivant.voice.phones import is_vowel, plain
from vivant.voice.pronouncing import Pronounced

PHONES = COMMON
TOKEN = {symbol: token for token, symbol in SYMBOL_OF.items()}


def heard(rows: list[dict[str, float]]) -> np.ndarray:
    """Make what the ear returns out of a few probabilities for each frame; the rest is blank."""
    chances = np.full((len(rows), 191), 1e-6)
    for chance, row in zip(chances, rows, strict=True):
        for symbol, value in row.items():
            chance[TOKEN[symbol]] = value
        chance[BLANK] = 1.0 - sum(row.values())
    return np.asarray(np.log(chances), np.float32)


@given(st.sampled_from(PHONES), st.sampled_from(PHONES))
def test_nearness_is_the_same_both_ways(one: str, other: str) -> None:
    assert farness(one, other) == pytest.approx(farness(other, one))
    assert (farness(one, other) == 0) == (one == other)
    assert 0 <= farness(one, other) <= FAR


def test_what_ears_confuse_is_near_and_what_lips_show_is_far() -> None:
    for near in ("e ɛ", "t d", "r ɾ", "x h", "ɕ ʃ", "ɯ ɨ", "ɲ n", "tɕ tʃ", "ʁ χ", "oʊ o"):
        assert farness(*near.split()) < 1.0, near
    for far in ("p t", "m n", "i u", "a i", "f s", "b ɡ"):
        assert farness(*far.split()) > 1.3, far
    assert farness("a", "k") == FAR


def test_common_phones_are_written_as_this_house_writes_them() -> None:
    assert {"a", "i", "m", "ɲ", "ɕ", "x", "y", "ʁ"} <= set(COMMON) <= set(TOKEN)
    for phone in COMMON:
        assert plain(phone) == phone
        assert mouth_shape(phone) != phone


def test_a_sure_ear_is_taken_at_its_word() -> None:
    rows = [{"m": 0.98}, {}, {"æ": 0.97}, {"æ": 0.98}, {"wi": 0.99}, {}]
    onsets = read_freely(heard(rows))

    assert [onset.symbol for onset in onsets] == ["m", "æ", "w", "i"]
    assert [onset.first // FRAME for onset in onsets] == [0, 2, 4, 6]


def test_an_unsure_ear_is_read_by_the_mouth() -> None:
    rows = [{"b": 0.2, "p": 0.25}, {}, {"æ": 0.1, "ɑ": 0.1, "ʌ": 0.1}, {"ʒ": 0.4}, {}, {"oʊ": 0.6}]
    sounds = heard(rows)

    assert [o.symbol for o in read_plainly(sounds)] == ["oʊ"]
    assert [mouth_shape(o.symbol) for o in read_freely(sounds)] == ["shut", "open", "hush", "round"]


def test_the_phones_of_a_text_are_found_by_their_neighbours() -> None:
    rows: list[dict[str, float]] = [{} for _ in range(16)]
    rows[2], rows[5], rows[9], rows[12] = {"m": 0.9}, {"ɹ": 0.5}, {"ʃ": 0.5}, {"u": 0.4}
    expected = [
        Pronounced(symbol=symbol, word=i // 2, stress=i % 2)
        for i, symbol in enumerate(["m", "r", "ɕ", "y"])
    ]
    found = read_plainly(heard(rows))
    onsets = read_along(heard(rows), found, expected, abroad=True)

    assert [onset.symbol for onset in onsets] == ["m", "r", "ɕ", "y"]
    assert [onset.first // FRAME for onset in onsets] == [2, 5, 9, 12]
    assert [(onset.word, onset.stress) for onset in onsets] == [(0, 0), (0, 1), (1, 0), (1, 1)]


def test_agreement_tells_the_text_from_another() -> None:
    found = [Onset(symbol, i) for i, symbol in enumerate("masabaka")]
    own = [Pronounced(symbol=s, word=0, stress=0) for s in "masabaka"]
    other = [Pronounced(symbol=s, word=0, stress=0) for s in "iluhevin"]

    assert agreement(found, own) == 1.0
    assert agreement(found, other, abroad=True) < 0.2


def test_vowels_and_consonants_are_never_one_shape_but_for_glides() -> None:
    shared = {mouth_shape(p) for p in PHONES if is_vowel(p)} & {
        mouth_shape(p) for p in PHONES if not is_vowel(p)
    }

    assert shared == {"pucker", "spread"}


@given(
    words=st.lists(st.integers(1, 5), min_size=1, max_size=8),
    seed=st.integers(0, 1000),
)
def test_no_word_stays_torn_by_a_silence(words: list[int], seed: int) -> None:
    rng = np.random.default_rng(seed)
    onsets: list[Onset] = []
    for word, phones in enumerate(words):
        for _ in range(phones):
            first = (onsets[-1].first if onsets else 0) + int(rng.integers(320, 9000))
            onsets.append(Onset("a", first, word))
    middle = onsets[len(onsets) // 2].first / 16_000
    silence = (middle - 0.15, middle + 0.1)
    kept = keep_words_together(onsets, [silence])
    sides: dict[int, set[bool]] = {}
    for onset in kept:
        sides.setdefault(onset.word, set()).add(onset.first / 16_000 >= sum(silence) / 2)

    assert [o.word for o in kept] == [o.word for o in onsets]
    assert all(len(side) == 1 for side in sides.values())


def test_the_smaller_part_of_a_torn_word_is_moved() -> None:
    onsets = [Onset("s", 1_000, 0), Onset("i", 20_000, 0), Onset("m", 24_000, 0)]
    kept = keep_words_together(onsets, [(0.2, 1.0)])

    assert [onset.first for onset in kept[1:]] == [20_000, 24_000]
    assert 16_000 <= kept[0].first < 20_000
    assert onsets[0].first == 1_000
    assert keep_words_together([Onset("s", 9, -1), *onsets[1:]], [(0.2, 1.0)])[0].first == 9
