"""A film's id as the bits that neural marks carry: 100 of them, or 256, made safe against wrong ones.

``TrustMark`` hides 100 bits: 68 of data, 28 of a BCH code that mends four wrong bits, and 4 that name the code
("BCH_4"), so that its makers' own reader understands them too. Ours are the 64 bits of the id and four zeros.
``Video Seal`` hides 256 bits and leaves their meaning to its users: 210 are the id under this house's
convolutional code, scattered, and 46 are always the same, which tells a mark from none.

Source:
    R. C. Bose, D. K. Ray-Chaudhuri, "On a class of error correcting binary group codes", 1960;
    J. L. Massey, "Shift-register synthesis and BCH decoding", 1969; D. Chase, "A class of algorithms for
    decoding block codes with channel measurement information", 1972. The layout of 100 bits is that of
    TrustMark's published data layer (T. Bui, S. Agarwal, J. Collomosse, arXiv:2311.18297).
"""

from __future__ import annotations

import hashlib
import itertools
from dataclasses import dataclass
from functools import cache
from typing import Final

import numpy as np
from jaxtyping import Float32, Int8, Int64

from vivant.provenance.coding import coded_length, decode, encode
from vivant.provenance.record import ID_BITS, is_film_id

BCH_BITS: Final = 100
SEAL_BITS: Final = 256

_FIELD = 0b10001001  # x^7 + x^3 + 1
_ORDER = 127
_CORRECTS = 4
_CHECKS = 28
_DATA = 68
_PADDED = 72  # the check is made over whole bytes
_SCHEMA = (0, 0, 1, 0)  # "BCH_4"
_SCHEMA_WRONG = 1
_DOUBTED = 4  # least sure bits that are tried both ways
_SYNC_NEEDED = 4.0  # standard deviations


@dataclass(frozen=True, slots=True, kw_only=True)
class PayloadReading:
    """What was read out of a mark's bits."""

    film_id: str | None
    confidence: float
    """0 .. 1: 1 less twice the share of bits that had to be mended; 0 without an id."""


NOTHING: Final = PayloadReading(film_id=None, confidence=0.0)


@cache
def _powers() -> tuple[tuple[int, ...], tuple[int, ...]]:
    """List the field's elements as powers of x, and each one's power."""
    power, log, value = [], [0] * (_ORDER + 1), 1
    for i in range(_ORDER):
        power.append(value)
        log[value] = i
        value <<= 1
        if value > _ORDER:
            value ^= _FIELD
    return tuple(power), tuple(log)


def _times(a: int, b: int) -> int:
    power, log = _powers()
    return power[(log[a] + log[b]) % _ORDER] if a and b else 0


@cache
def _generator() -> int:
    """Multiply the smallest polynomials of x, x^3, x^5 and x^7; bit *i* stands for x^i."""
    power, _ = _powers()
    made = 1
    for root in range(1, 2 * _CORRECTS, 2):
        smallest = [1]
        for place in {root * 2**i % _ORDER for i in range(7)}:
            smallest = [
                low ^ _times(high, power[place])
                for low, high in zip([0, *smallest], [*smallest, 0], strict=True)
            ]
        factor = sum(bit << i for i, bit in enumerate(smallest))
        made = _carryless(made, factor)
    return made


def _carryless(a: int, b: int) -> int:
    made = 0
    while b:
        if b & 1:
            made ^= a
        a, b = a << 1, b >> 1
    return made


def _checks_of(data: int) -> int:
    """Divide by the generator; what remains are the check bits."""
    left = data << _CHECKS
    for place in range(_PADDED + _CHECKS - 1, _CHECKS - 1, -1):
        if left >> place & 1:
            left ^= _generator() << (place - _CHECKS)
    return left


def _bits(value: int, count: int) -> list[int]:
    return [value >> place & 1 for place in range(count - 1, -1, -1)]


def to_bch(film_id: str) -> Int8[np.ndarray, 100]:
    """Write an id as TrustMark's 100 bits, 0 or 1."""
    padded = int(film_id, 16) << (_PADDED - ID_BITS)
    data = _bits(padded, _PADDED)[:_DATA]
    return np.array([*data, *_bits(_checks_of(padded), _CHECKS), *_SCHEMA], np.int8)


def from_bch(soft: Float32[np.ndarray, 100]) -> PayloadReading:
    """Read an id out of TrustMark's bits.

    Args:
        soft: A reading for each bit: above zero is 1, further out is surer.
    """
    body = np.asarray(soft[: _DATA + _CHECKS], np.float64)
    schema = (np.asarray(soft[_DATA + _CHECKS :]) > 0).astype(int)
    hard = (body > 0).astype(np.int64)
    if (schema != _SCHEMA).sum() > _SCHEMA_WRONG or not body.any():
        return NOTHING
    shares = _shares()
    heard = np.bitwise_xor.reduce(shares[hard == 1], axis=0)
    doubted = [int(place) for place in np.argsort(np.abs(body))[:_DOUBTED]]
    best, fit = None, -np.inf
    for count in range(_DOUBTED + 1):
        for turned in itertools.combinations(doubted, count):
            syndromes = heard
            for place in turned:
                syndromes = syndromes ^ shares[place]
            wrong = _wrong_places(tuple(syndromes.tolist()))
            if wrong is None:
                continue
            tried = hard.copy()
            for place in (*turned, *wrong):
                tried[place] ^= 1
            agreement = float((body * (2 * tried - 1)).sum())
            if agreement > fit:
                best, fit = tried, agreement
    if best is None or best[ID_BITS:_DATA].any():
        return NOTHING
    film_id = f"{int(''.join(map(str, best[:ID_BITS])), 2):016x}"
    if not is_film_id(film_id):
        return NOTHING
    return PayloadReading(
        film_id=film_id, confidence=max(0.0, 1 - 2 * float((best != hard).mean()))
    )


@cache
def _shares() -> Int64[np.ndarray, "places orders"]:
    """Tell what each of the 96 bits adds to the eight syndromes when it is 1."""
    power = np.array(_powers()[0])
    last = _PADDED + _CHECKS - 1
    places = [last - i for i in (*range(_DATA), *range(_PADDED, _PADDED + _CHECKS))]
    orders = np.arange(1, 2 * _CORRECTS + 1)
    return np.asarray(power[np.outer(places, orders) % _ORDER], np.int64)


def _wrong_places(syndromes: tuple[int, ...]) -> list[int] | None:
    """Tell which of the 96 bits are wrong, by Massey's shift register; ``None`` where too many are."""
    if not any(syndromes):
        return []
    power, log = _powers()
    locator = _register(syndromes, power, log)
    errors = len(locator) - 1
    if errors > _CORRECTS:
        return None
    last = _PADDED + _CHECKS - 1
    found = []
    for i in (*range(_DATA), *range(_PADDED, _PADDED + _CHECKS)):
        value, inverse = 0, -(last - i)
        for order, factor in enumerate(locator):
            if factor:
                value ^= power[(log[factor] + order * inverse) % _ORDER]
        if not value:
            found.append(i if i < _DATA else i - _PADDED + _DATA)
    return found if len(found) == errors else None


def _register(
    syndromes: tuple[int, ...], power: tuple[int, ...], log: tuple[int, ...]
) -> list[int]:
    """Find the shortest register that makes the syndromes; its polynomial, the lowest power first."""
    size = len(syndromes) + 1
    current, before = [1] + [0] * size, [1] + [0] * size
    length, gap, old = 0, 1, 1
    for n, syndrome in enumerate(syndromes):
        difference = syndrome
        for i in range(1, length + 1):
            if current[i] and syndromes[n - i]:
                difference ^= power[(log[current[i]] + log[syndromes[n - i]]) % _ORDER]
        if not difference:
            gap += 1
            continue
        scale = log[difference] - log[old]
        mixed = list(current)
        for i, one in enumerate(before[: size + 1 - gap]):
            if one:
                mixed[i + gap] ^= power[(log[one] + scale) % _ORDER]
        if 2 * length <= n:
            before, length, old, gap = current, n + 1 - length, difference, 1
        else:
            gap += 1
        current = mixed
    return current[: length + 1]


@cache
def _scatter() -> tuple[Int64[np.ndarray, " coded"], Int64[np.ndarray, " sync"], np.ndarray]:
    """Tell where the coded bits lie among 256, where the fixed ones, and what those are; never changes."""
    stream = hashlib.shake_256(b"vivant.video-seal.1").digest(SEAL_BITS * 5)
    order = np.argsort(np.frombuffer(stream[SEAL_BITS:], "<u4"), kind="stable")
    coded, fixed = order[: coded_length(ID_BITS)], order[coded_length(ID_BITS) :]
    signs = (np.frombuffer(stream[: len(fixed)], np.uint8) & 1).astype(np.int8) * 2 - 1
    return coded, fixed, signs


def to_seal(film_id: str) -> Int8[np.ndarray, 256]:
    """Write an id as Video Seal's 256 bits, 0 or 1."""
    coded, fixed, signs = _scatter()
    made = np.empty(SEAL_BITS, np.int8)
    made[coded] = encode(int(film_id, 16), bits=ID_BITS)
    made[fixed] = signs
    return ((made + 1) // 2).astype(np.int8)


def from_seal(soft: Float32[np.ndarray, 256]) -> PayloadReading:
    """Read an id out of Video Seal's bits.

    Args:
        soft: A reading for each bit: above zero is 1, further out is surer.
    """
    coded, fixed, signs = _scatter()
    heard = soft[fixed].astype(np.float64)
    size = float(np.sqrt((heard**2).sum()))
    if not size or float((heard * signs).sum()) / size < _SYNC_NEEDED:
        return NOTHING
    film_id = f"{decode(soft[coded].astype(np.float32), bits=ID_BITS):016x}"
    if not is_film_id(film_id):
        return NOTHING
    wrong = float((np.sign(soft[coded]) != encode(int(film_id, 16), bits=ID_BITS)).mean())
    return PayloadReading(film_id=film_id, confidence=max(0.0, 1 - 2 * wrong))
