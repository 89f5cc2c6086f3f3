"""Things that live in a shot and are nobody: wings, a bird, a sleeve, a blanket. Each gives its surfaces moment by moment."""

from __future__ import annotations

from typing import Protocol, runtime_checkable

import numpy as np

from vivant.scene.mesh import Mesh


@runtime_checkable
class Prop(Protocol):
    """A thing of our own making. Implementations are frozen dataclasses of numbers and arrays, so that a shot can be hashed."""

    def meshes(self, frame: float) -> tuple[Mesh, ...]:
        """Build its surfaces at a frame, or between two; always the same number of points, in metres, in the set.

        Args:
            frame: Counted from the shot's first.
        """


def at_frame(curve: np.ndarray, frame: float) -> np.ndarray:
    """Give a curve's value, one entry a frame, at a frame or between two; beyond its ends it is held."""
    last = len(curve) - 1
    moment = min(max(frame, 0.0), float(last))
    low = int(moment)
    high, part = min(low + 1, last), moment - low
    return np.asarray(curve[low] * (1 - part) + curve[high] * part)
