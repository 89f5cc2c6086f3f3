"""What a sound is."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float32


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Sound:
    """Mono sound in memory."""

    samples: Float32[np.ndarray, " samples"]
    """Full scale is ±1.0; read-only."""
    sample_rate_hz: int
    """Samples in each second, above zero."""

    def __post_init__(self) -> None:
        self.samples.flags.writeable = False

    @property
    def seconds(self) -> float:
        """Length, for people to read."""
        return len(self.samples) / self.sample_rate_hz
