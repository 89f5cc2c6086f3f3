"""Numbers made safe against noise: a convolutional code, read softly.

Rate 1/3, constraint length 7, generators 133, 171 and 165 (octal), ended with zeros; free distance
15. Source: A. J. Viterbi, "Error bounds for convolutional codes", 1967; the generators are those of
Larsen's table, 1973.
"""

from __future__ import annotations

from typing import no_type_check

import numpy as np
from jaxtyping import Float32, Float64, Int8, Int16, Int64

from vivant.media.compilation import compiled

_MEMORY = 6
_STATES = 1 << _MEMORY
_GENERATORS = (0o133, 0o171, 0o165)
RATE_INVERSE = len(_GENERATORS)


def coded_length(bits: int) -> int:
    """Count the signs that a number of bits becomes."""
    return (bits + _MEMORY) * RATE_INVERSE


def _outputs() -> Int8[np.ndarray, "states 2 3"]:
    """Tell the signs sent when a bit enters each state."""
    table = np.empty((_STATES, 2, RATE_INVERSE), dtype=np.int8)
    for state in range(_STATES):
        for bit in range(2):
            register = (bit << _MEMORY) | state
            table[state, bit] = [1 - 2 * ((register & g).bit_count() & 1) for g in _GENERATORS]
    return table


_TABLE = _outputs()


def encode(value: int, *, bits: int) -> Int8[np.ndarray, " coded"]:
    """Write a number as signs, the highest bit first.

    Args:
        value: From 0 to ``2**bits - 1``.
        bits: How many bits it has.

    Returns:
        ``coded_length(bits)`` signs, +1 or -1.
    """
    state, signs = 0, []
    for place in range(bits - 1, -_MEMORY - 1, -1):
        bit = (value >> place) & 1 if place >= 0 else 0
        signs.append(_TABLE[state, bit])
        state = ((bit << _MEMORY) | state) >> 1
    return np.concatenate(signs)


def decode(soft: Float32[np.ndarray, " coded"], *, bits: int) -> int:
    """Find the number whose signs fit best.

    Args:
        soft: ``coded_length(bits)`` readings; positive leans to +1, further out is surer.
        bits: How many bits the number has.

    Returns:
        The number; a wrong one when the noise was too strong, which the caller must check.
    """
    steps = bits + _MEMORY
    readings = soft.reshape(steps, RATE_INVERSE).astype(np.float64)
    after = np.arange(_STATES)
    bit = after >> (_MEMORY - 1)  # the bit that led to each state
    before = np.stack([(after << 1) & (_STATES - 1), ((after << 1) & (_STATES - 1)) | 1])
    score = np.full(_STATES, -np.inf)
    score[0] = 0.0
    came = np.empty((steps, _STATES), dtype=np.int8)
    for step in range(steps):
        gains = _TABLE[before, bit] @ readings[step]
        choices = score[before] + gains
        if step >= bits:
            choices[:, bit == 1] = -np.inf  # the end is known: zeros
        came[step] = choices.argmax(axis=0)
        score = choices.max(axis=0)
    state, value = 0, 0
    for step in range(steps - 1, -1, -1):
        if step < bits:
            value |= int(bit[state]) << (bits - 1 - step)
        state = int(before[came[step, state], state])
    return value


@compiled
@no_type_check
def _listed(
    gains: Float64[np.ndarray, "steps states 2"], bits: int, count: int
) -> Int64[np.ndarray, "count steps"]:
    """Walk the trellis, keeping the best ``count`` ways into each state instead of one."""
    steps = len(gains)
    none = -1e30
    score = np.full((_STATES, count), none)
    score[0, 0] = 0.0
    came: Int16[np.ndarray, "steps states count"] = np.zeros((steps, _STATES, count), np.int16)
    after = np.empty((_STATES, count))
    for step in range(steps):
        for state in range(_STATES):
            bit = state >> (_MEMORY - 1)
            if step >= bits and bit:
                after[state] = none  # the end is known: zeros
                continue
            low = (state << 1) & (_STATES - 1)
            first, second = 0, 0
            for rank in range(count):
                one = score[low, first] + gains[step, low, bit]
                other = score[low | 1, second] + gains[step, low | 1, bit]
                after[state, rank] = max(one, other)
                came[step, state, rank] = first * 2 if one >= other else second * 2 + 1
                first += one >= other
                second += one < other
        score, after = after, score
    ways = np.zeros((count, steps), np.int64)
    for rank in range(count):
        state, at = 0, rank
        ways[rank, 0] = -1
        for step in range(steps - 1, -1, -1) if score[0, rank] > none / 2 else range(0):
            ways[rank, step] = state >> (_MEMORY - 1)
            code = came[step, state, at]
            state = ((state << 1) & (_STATES - 1)) | (code & 1)
            at = code >> 1
    return ways


def decode_list(
    soft: Float32[np.ndarray, " coded"], *, bits: int, count: int = 128
) -> tuple[int, ...]:
    """Find the numbers whose signs fit best, the best first.

    Where the number carries a check of its own, the first that passes it is read right from noise
    that would have misled ``decode``: some 1 dB more.

    Args:
        soft: As for ``decode``.
        bits: How many bits the number has.
        count: How many numbers are wanted.

    Source:
        N. Seshadri and C.-E. W. Sundberg, "List Viterbi decoding algorithms with applications",
        1994: the parallel one.
    """
    readings = soft.reshape(bits + _MEMORY, RATE_INVERSE).astype(np.float64)
    gains = np.ascontiguousarray(np.tensordot(readings, _TABLE.astype(np.float64), axes=(1, 2)))
    ways = _listed(gains, bits, count)
    return tuple(int("".join(map(str, way[:bits])), 2) for way in ways.tolist() if way[0] >= 0)
