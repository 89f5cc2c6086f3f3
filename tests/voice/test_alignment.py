"""The best path through known phones is the one that dynamic programming by hand would find."""

from __future__ import annotations

from itertools import combinations, pairwise

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from vivant.voice.alignment import BAND_STATES, forced_path, greedy_path, matching


def best_by_trying(scores: np.ndarray, blank: np.ndarray) -> float:
    """Try every way to give phones runs of frames, with blanks between or not."""
    frames, phones = scores.shape
    best = -np.inf
    for cuts in combinations(range(frames * 2), 2 * phones):
        firsts, lasts = cuts[::2], cuts[1::2]
        if any(c // 2 >= frames for c in cuts):
            continue
        spans = [
            (a // 2 if a % 2 == 0 else a // 2 + 1, b // 2 + 1)
            for a, b in zip(firsts, lasts, strict=True)
        ]
        if any(b <= a for a, b in spans) or any(p[1] > q[0] for p, q in pairwise(spans)):
            continue
        total = blank.sum() + sum(
            (scores[a:b, i] - blank[a:b]).sum() for i, (a, b) in enumerate(spans)
        )
        best = max(best, total)
    return best


def total_of(firsts: np.ndarray, scores: np.ndarray, blank: np.ndarray) -> float:
    """The best total that begins each phone where it is said to begin."""
    total = blank[: firsts[0]].sum()
    for i, first in enumerate(firsts):
        stop = firsts[i + 1] if i + 1 < len(firsts) else len(blank)
        held = [scores[first:k, i].sum() + blank[k:stop].sum() for k in range(first + 1, stop + 1)]
        total += max(held)
    return float(total)


@given(st.integers(0, 10_000), st.integers(3, 6), st.integers(1, 2))
def test_no_other_path_is_likelier(seed: int, frames: int, phones: int) -> None:
    rng = np.random.default_rng(seed)
    scores = rng.normal(-3, 2, (frames, phones)).astype(np.float32)
    blank = rng.normal(-2, 1, frames).astype(np.float32)
    firsts = forced_path(scores, blank=blank, same_as_before=[False] * phones)

    assert np.all(np.diff(firsts) > 0)
    assert abs(total_of(firsts, scores, blank) - best_by_trying(scores, blank)) < 1e-3


def test_a_band_finds_the_same_path_in_a_long_sound() -> None:
    rng = np.random.default_rng(5)
    phones = BAND_STATES
    frames = phones * 4
    truth = np.sort(rng.choice(np.arange(2, frames - 2, 2), phones, replace=False))
    scores = np.full((frames, phones), -9.0, np.float32)
    scores[truth, np.arange(phones)] = -0.1
    blank = np.full(frames, -0.5, np.float32)
    near = np.interp(np.arange(frames), truth, np.arange(phones)).astype(np.int64)
    firsts = forced_path(scores, blank=blank, same_as_before=[False] * phones, near=near)

    np.testing.assert_array_equal(firsts, truth)


def test_greedy_reading_drops_blanks_and_repeats() -> None:
    rows = np.full((6, 3), -5.0, np.float32)
    rows[np.arange(6), [2, 0, 0, 2, 1, 1]] = -0.1
    frames, tokens = greedy_path(rows, blank=2)

    assert frames.tolist() == [1, 4]
    assert tokens.tolist() == [0, 1]


@given(st.text(alphabet="abc", max_size=12), st.text(alphabet="abc", max_size=12))
def test_laying_rows_side_by_side_keeps_their_order(heard: str, expected: str) -> None:
    share, places = matching(list(heard), list(expected))

    assert 0.0 <= share <= 1.0
    assert np.all(np.diff(places) >= 0)
    assert matching(list(heard), list(heard))[0] == (1.0 if heard else 0.0)
