"""Loops over many hashes: which of them are near one that is looked for.

Sixteen bands of sixteen bits: two hashes that differ in 31 bits or fewer have a band in which they differ
in one bit or none, so looking up each band and its sixteen neighbours misses no such hash. Where bands are
crowded (films of one template), going through all hashes in a row is faster, and is done instead.

Source:
    M. Norouzi, A. Punjani, D. J. Fleet, "Fast Search in Hamming Space with Multi-Index Hashing", CVPR 2012.
"""

from __future__ import annotations

from typing import no_type_check

import numpy as np
from jaxtyping import Float32, Int64, UInt8, UInt16, UInt32, UInt64

from vivant.media.compilation import compiled

BANDS = 16
PLACES = 1 << 16
WITHIN_BITS = 31
"""The farthest distance for which the bands miss nothing."""
_SLOWER = 12
"""A hash found through bands costs as much as so many in a row: it lies somewhere in memory."""


@compiled
@no_type_check
def _ones(bits: np.uint64) -> int:
    bits = bits - ((bits >> np.uint64(1)) & np.uint64(0x5555555555555555))
    bits = (bits & np.uint64(0x3333333333333333)) + (
        (bits >> np.uint64(2)) & np.uint64(0x3333333333333333)
    )
    bits = (bits + (bits >> np.uint64(4))) & np.uint64(0x0F0F0F0F0F0F0F0F)
    return np.int64((bits * np.uint64(0x0101010101010101)) >> np.uint64(56))


@compiled
@no_type_check
def near_in_row(
    hashes: UInt64[np.ndarray, "n 4"],
    query: UInt64[np.ndarray, " 4"],
    within: int,
    found: Int64[np.ndarray, " most"],
    bits: UInt8[np.ndarray, " most"],
) -> int:
    """Go through all hashes; tells how many are near, and writes down as many as there is room for."""
    count = 0
    most = len(found)
    for i in range(len(hashes)):
        far = _ones(hashes[i, 0] ^ query[0]) + _ones(hashes[i, 1] ^ query[1])
        if far > within:
            continue
        far += _ones(hashes[i, 2] ^ query[2]) + _ones(hashes[i, 3] ^ query[3])
        if far <= within:
            if count < most:
                found[count] = i
                bits[count] = far
            count += 1
    return count


@compiled
@no_type_check
def crowd_of(begins: UInt32[np.ndarray, "16 places"], query: UInt64[np.ndarray, " 4"]) -> int:
    """Tell how many hashes must be looked at to find those near one."""
    waiting = np.int64(0)
    for band in range(16):
        value = np.int64((query[band // 4] >> np.uint64(16 * (band % 4))) & np.uint64(0xFFFF))
        for flip in range(17):
            place = value if flip == 16 else value ^ (1 << flip)
            waiting += np.int64(begins[band, place + 1]) - np.int64(begins[band, place])
    return waiting


@compiled
@no_type_check
def crowds_of(
    begins: UInt32[np.ndarray, "16 places"], queries: UInt64[np.ndarray, "q 4"]
) -> Int64[np.ndarray, " q"]:
    """Tell how many hashes must be looked at to find those near each of some."""
    crowds = np.empty(len(queries), np.int64)
    for i in range(len(queries)):
        crowds[i] = crowd_of(begins, queries[i])
    return crowds


@compiled
@no_type_check
def _first_band(one: UInt64[np.ndarray, " 4"], other: UInt64[np.ndarray, " 4"]) -> int:
    """Tell the first band in which two hashes differ in one bit or none."""
    for band in range(16):
        both = (one[band // 4] ^ other[band // 4]) >> np.uint64(16 * (band % 4))
        if _ones(both & np.uint64(0xFFFF)) <= 1:
            return band
    return -1


@compiled
@no_type_check
def near_in_bands(
    hashes: UInt64[np.ndarray, "n 4"],
    begins: UInt32[np.ndarray, "16 places"],
    order: UInt32[np.ndarray, "16 n"],
    query: UInt64[np.ndarray, " 4"],
    within: int,
    found: Int64[np.ndarray, " most"],
    bits: UInt8[np.ndarray, " most"],
) -> int:
    """Look the bands of a hash up; tells how many hashes are near, -1 where going through all is faster."""
    if crowd_of(begins, query) * _SLOWER > len(hashes):
        return -1
    count = 0
    most = len(found)
    for band in range(16):
        value = np.int64((query[band // 4] >> np.uint64(16 * (band % 4))) & np.uint64(0xFFFF))
        for flip in range(17):
            place = value if flip == 16 else value ^ (1 << flip)
            for k in range(begins[band, place], begins[band, place + 1]):
                i = order[band, k]
                far = _ones(hashes[i, 0] ^ query[0]) + _ones(hashes[i, 1] ^ query[1])
                if far > within:
                    continue
                far += _ones(hashes[i, 2] ^ query[2]) + _ones(hashes[i, 3] ^ query[3])
                if far > within:
                    continue
                if _first_band(hashes[i], query) == band:  # else a band before has led here
                    if count < most:
                        found[count] = i
                        bits[count] = far
                    count += 1
    return count


@compiled
@no_type_check
def differences(
    queries: UInt64[np.ndarray, "q 4"],
    firmness: Float32[np.ndarray, "q 256"],
    stored: UInt64[np.ndarray, "m 4"],
) -> tuple[Float32[np.ndarray, "q m"], UInt16[np.ndarray, "q m"]]:
    """Compare each of some hashes with each of others.

    Args:
        queries: What is looked for.
        firmness: Of each of its bits, in the order of ``np.unpackbits``.
        stored: What it is compared with.

    Returns:
        The share of what is firm that differs, 1 where it was not counted; and the number of bits that differ.
    """
    share = np.ones((len(queries), len(stored)), np.float32)
    bits = np.empty((len(queries), len(stored)), np.uint16)
    for q in range(len(queries)):
        for i in range(len(stored)):
            far = 0
            for word in range(4):
                far += _ones(stored[i, word] ^ queries[q, word])
            bits[q, i] = far
            if far > 64:
                continue
            total = np.float32(0.0)
            for word in range(4):
                left = stored[i, word] ^ queries[q, word]
                while left:
                    one = left & (~left + np.uint64(1))
                    at = _ones(
                        one - np.uint64(1)
                    )  # words are little-endian, bits in a byte are not
                    total += firmness[q, 64 * word + (at & ~7) + 7 - (at & 7)]
                    left ^= one
            share[q, i] = total
    return share, bits


@compiled
@no_type_check
def places_of_keys(
    keys: UInt32[np.ndarray, " n"],
    begins: UInt32[np.ndarray, " places"],
    query: UInt32[np.ndarray, " q"],
    asked: Int64[np.ndarray, " most"],
    found: Int64[np.ndarray, " most"],
    crowd: int,
) -> int:
    """Look sub-fingerprints up in sorted ones, those passed over that are in more than ``crowd`` places."""
    count = 0
    most = len(found)
    for q in range(len(query)):
        key = query[q]
        if key == 0:
            continue
        low = np.int64(begins[key >> np.uint32(16)])
        end = np.int64(begins[(key >> np.uint32(16)) + 1])
        high = end
        while low < high:
            middle = (low + high) // 2
            if keys[middle] < key:
                low = middle + 1
            else:
                high = middle
        last = low
        while last < end and keys[last] == key and last - low <= crowd:
            last += 1
        if last - low > crowd:
            continue
        for k in range(low, last):
            if count < most:
                asked[count] = q
                found[count] = k
            count += 1
    return count


def words_of(hashes: UInt8[np.ndarray, "n 32"]) -> UInt64[np.ndarray, "n 4"]:
    """See hashes as four words each, which loops compare fast."""
    return np.ascontiguousarray(hashes).view("<u8").reshape(-1, 4)


def bands_of(
    hashes: UInt64[np.ndarray, "n 4"],
) -> tuple[UInt32[np.ndarray, "16 places"], UInt32[np.ndarray, "16 n"]]:
    """Sort hashes by each of their bands: where each value begins, and the hashes in that order."""
    values = hashes.view("<u2").reshape(-1, BANDS)
    begins = np.zeros((BANDS, PLACES + 1), np.uint32)
    order = np.empty((BANDS, len(hashes)), np.uint32)
    for band in range(BANDS):
        column = np.ascontiguousarray(values[:, band])
        order[band] = np.argsort(column, kind="stable")  # 16 bits: sorted by radix
        begins[band, 1:] = np.cumsum(np.bincount(column, minlength=PLACES))
    return begins, order
