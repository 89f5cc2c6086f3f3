"""Places phones in time from the output of a network trained with CTC.

Such a network tells, for each frame of some 20 ms, how likely each phone is, with a
"blank" for nothing new. Two ways to read it: the likeliest phone of each frame, or the
best path through phones that are known.

Source:
    Graves et al., Connectionist Temporal Classification, ICML 2006; Viterbi, 1967.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from jaxtyping import Float32, Int64

BAND_STATES = 900
_STAY, _STEP, _SKIP = 0, 1, 2


def greedy_path(
    log_probs: Float32[np.ndarray, "frames tokens"], *, blank: int
) -> tuple[Int64[np.ndarray, " phones"], Int64[np.ndarray, " phones"]]:
    """Read off the likeliest tokens.

    Args:
        log_probs: Natural logarithms.
        blank: The token that stands for nothing new.

    Returns:
        The frame in which each token starts, and the tokens.
    """
    best = np.argmax(log_probs, axis=1)
    new = np.concatenate([[True], best[1:] != best[:-1]]) & (best != blank)
    frames = np.flatnonzero(new)
    return frames, best[frames].astype(np.int64)


def forced_path(
    scores: Float32[np.ndarray, "frames phones"],
    *,
    blank: Float32[np.ndarray, " frames"],
    same_as_before: Sequence[bool],
    near: Int64[np.ndarray, " frames"] | None = None,
) -> Int64[np.ndarray, " phones"]:
    """Find the frame in which each of the given phones starts.

    Args:
        scores: Log probability of each expected phone in each frame, in their order.
        blank: Log probability of the blank.
        same_as_before: Whether a phone needs a blank before it, being the same token as the one before.
        near: For each frame the expected phone that is roughly heard then, rising; only phones near it
            are searched. All are when None.

    Returns:
        First frames, rising; every phone gets at least one frame when there are frames enough.
    """
    frames, phones = scores.shape
    states = 2 * phones + 1
    width = states if near is None else min(states, BAND_STATES)
    lows = _band(frames, states, width, near)
    may_skip = np.zeros(states, bool)
    may_skip[3::2] = ~np.asarray(same_as_before[1:], bool)
    steps = np.zeros((frames, width), np.uint8)
    total = np.full(width + 2, -np.inf, np.float32)  # two cells of padding in front
    for t in range(frames):
        low = int(lows[t])
        moved = low - (int(lows[t - 1]) if t else 0)
        before = total
        total = np.full(width + 2, -np.inf, np.float32)
        emitted = np.full(width, blank[t], np.float32)
        first_phone = low // 2
        odd = slice(1 - low % 2, width, 2)
        emitted[odd] = scores[t, first_phone : first_phone + len(range(*odd.indices(width)))]
        if t == 0:
            total[2 : 2 + min(2, width)] = emitted[:2]
            continue
        shifted = np.full(width + 2, -np.inf, np.float32)
        kept = before[max(0, moved) :]
        shifted[: len(kept)] = kept
        stay, step = shifted[2:], shifted[1:-1]
        skip = np.where(may_skip[low : low + width], shifted[:-2], -np.inf)
        best = np.maximum(np.maximum(stay, step), skip)
        steps[t] = np.where(best == stay, _STAY, np.where(best == step, _STEP, _SKIP))
        total[2:] = best + emitted
        if moved:
            total[:2] = -np.inf
    return _walk_back(steps, lows, total[2:], phones)


def _band(frames: int, states: int, width: int, near: np.ndarray | None) -> np.ndarray:
    if near is None or width == states:
        return np.zeros(frames, np.int64)
    lows = np.clip(2 * near - width // 2, 0, states - width)
    lows[0], lows[-1] = 0, states - width
    return np.maximum.accumulate(lows)


def _walk_back(
    steps: np.ndarray, lows: np.ndarray, last: np.ndarray, phones: int
) -> Int64[np.ndarray, " phones"]:
    frames, width = steps.shape
    firsts = np.zeros(phones, np.int64)
    state = int(lows[-1]) + (width - 1 if last[-1] >= last[-2] else width - 2) if width > 1 else 0
    for t in range(frames - 1, -1, -1):
        if state % 2:
            firsts[state // 2] = t
        if t:
            state -= int(steps[t, state - int(lows[t])])
    return np.maximum.accumulate(firsts)


def matching(
    heard: Sequence[str], expected: Sequence[str]
) -> tuple[float, Int64[np.ndarray, " heard"]]:
    """Lay two rows of phones side by side with the fewest changes.

    Args:
        heard: Phones found in a sound.
        expected: Phones of a text.

    Returns:
        The share of expected phones that were heard, 0 to 1, and for each heard phone the place among
        the expected ones that it lies beside (rising).

    Source:
        Levenshtein distance by rows (Wagner and Fischer, 1974).
    """
    codes = {symbol: i for i, symbol in enumerate(dict.fromkeys([*heard, *expected]))}
    b = np.array([codes[s] for s in expected], np.int32)
    places = np.zeros(len(heard), np.int64)
    if not len(heard) or not len(b):
        return 0.0, places
    columns = np.arange(len(b) + 1, dtype=np.int32)
    rows = [columns.copy()]
    for symbol in heard:
        above = rows[-1]
        here = above + 1
        here[1:] = np.minimum(here[1:], above[:-1] + (b != codes[symbol]))
        rows.append(np.minimum.accumulate(here - columns) + columns)
    i, j, same = len(heard), len(b), 0
    while i > 0:
        places[i - 1] = max(j - 1, 0)
        alike = j > 0 and b[j - 1] == codes[heard[i - 1]]
        if j > 0 and rows[i][j] == rows[i - 1][j - 1] + (not alike):
            same += alike
            i, j = i - 1, j - 1
        elif rows[i][j] == rows[i - 1][j] + 1:
            i -= 1
        else:
            j -= 1
    return same / len(b), np.minimum(places, len(b) - 1)
