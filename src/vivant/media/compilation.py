"""How numba compiles our loops: on first call, without the Python lock, kept on disk."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from jaxtyping import Shaped
from numba import njit


def compiled(function: Callable[..., Any]) -> Callable[..., Any]:
    """Compile a loop on its first call; threads may run it at once.

    The machine code is kept beside the source, or in the user's cache where the source
    may not be written to. Where neither can be written to, it is compiled in each process.
    """
    try:
        return njit(nogil=True, cache=True, error_model="numpy")(function)
    except RuntimeError:  # numba found no folder that it may write to
        return njit(nogil=True, error_model="numpy")(function)


def compiled_fast(function: Callable[..., Any]) -> Callable[..., Any]:
    """Compile a loop of light and geometry, in which sums may be taken in any order and no number is NaN.

    Nothing is changed in how the processor treats tiny numbers, so other libraries in the process are safe.
    """
    try:
        return njit(nogil=True, cache=True, error_model="numpy", fastmath=True)(function)
    except RuntimeError:  # numba found no folder that it may write to
        return njit(nogil=True, error_model="numpy", fastmath=True)(function)


def owned(array: Shaped[np.ndarray, "*shape"]) -> Shaped[np.ndarray, "*shape"]:
    """Give compiled code one kind of array, so that it is compiled once.

    numba takes read-only and strided arrays for kinds of their own; those are copied.
    """
    return array if array.flags.c_contiguous and array.flags.writeable else array.copy("C")
