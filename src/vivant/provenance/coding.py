"""Numbers made safe against noise: a convolutional code, read softly.

Rate 1/3, constraint length 7, generators 133, 171 and 165 (octal), ended with zeros; free distance
15. Source: A. J. Viterbi, "Error bounds for convolutional codes", 1967; the generators are those of
Larsen's table, 1973.
"""

from __future__ import annotations

import numpy as np
from jaxtyping import Float32, Int8

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
