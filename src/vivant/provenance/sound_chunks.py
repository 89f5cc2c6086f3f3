"""An id of 64 bits told in eight messages of 16 bits, one after another, for marks that hold no more.

Each message holds which byte of the id it is (3 bits), the byte, and a check on both (CRC-5: 5 bits). Messages
are repeated in turn, so whatever stretch holds all eight tells the id; the id's own check must hold as well.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float32, Int8

from vivant.provenance.record import is_film_id

MESSAGE_BITS = 16
MESSAGES = 8
_CHECK_BITS = 5
_POLYNOMIAL = 0b100101  # CRC-5-USB: x^5 + x^2 + 1
_SECOND_BEST = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """One message as a reader heard it."""

    bits: Float32[np.ndarray, " 16"]
    """Of each bit how likely it is 1."""
    weight: float
    """How surely there was a message at all, above 0."""


def message_of(made_id: str, number: int) -> Int8[np.ndarray, " 16"]:
    """Write the message that is told at a turn.

    Args:
        made_id: 16 hex digits.
        number: The turn, from 0; turns repeat after ``MESSAGES``.
    """
    index = number % MESSAGES
    told = index << 8 | bytes.fromhex(made_id)[index]
    word = told << _CHECK_BITS | _check_of(told)
    return np.array([word >> (MESSAGE_BITS - 1 - i) & 1 for i in range(MESSAGE_BITS)], np.int8)


def id_from(messages: Iterable[Heard]) -> tuple[str | None, float]:
    """Put an id together from what was heard, and tell how surely.

    Returns:
        The id, and the share of the votes for its bytes; nothing, and 0, where no id passes its own check.
    """
    votes = np.zeros((MESSAGES, 256))
    for heard in messages:
        word = int("".join("1" if bit > 0.5 else "0" for bit in heard.bits), 2)
        told, check = word >> _CHECK_BITS, word & ((1 << _CHECK_BITS) - 1)
        if check == _check_of(told):
            votes[told >> 8, told & 255] += heard.weight
    if not (votes.max(axis=1) > 0).all():
        return None, 0.0
    best = np.argsort(-votes, axis=1)[:, :_SECOND_BEST]
    for choice in sorted(itertools.product(range(_SECOND_BEST), repeat=MESSAGES), key=sum):
        chosen = best[np.arange(MESSAGES), choice]
        made_id = bytes(int(one) for one in chosen).hex()
        share = votes[np.arange(MESSAGES), chosen]
        if share.min() > 0 and is_film_id(made_id):
            return made_id, float((share / votes.sum(axis=1)).mean())
    return None, 0.0


def _check_of(told: int) -> int:
    """CRC-5 of 11 bits, started with ones, so that zeros alone do not pass."""
    value = (told << _CHECK_BITS) ^ (0b11111 << 11)
    for bit in range(10 + _CHECK_BITS, _CHECK_BITS - 1, -1):
        if value >> bit & 1:
            value ^= _POLYNOMIAL << (bit - _CHECK_BITS)
    return value & 0b11111
