"""Says sound faster or slower without changing its pitch, for engines that have a pace of their own."""

from __future__ import annotations

import numpy as np
from jaxtyping import Float32

WINDOW_S = 0.032
"""Two periods of a low voice."""
SEARCH_S = 0.008
"""How far a piece is moved so that it fits on the one before it: half a period of a low voice."""


def at_pace(
    samples: Float32[np.ndarray, " samples"], *, rate: float, sample_rate_hz: int
) -> Float32[np.ndarray, " paced"]:
    """Change the pace.

    Args:
        samples: Mono.
        rate: Pace against what it has, above zero; 2.0 is twice as fast.
        sample_rate_hz: Samples in each second.

    Returns:
        Some ``len(samples) / rate`` samples; the same array when the rate is 1.

    Source:
        WSOLA: W. Verhelst and M. Roelands, ICASSP 1993.
    """
    window_long = round(WINDOW_S * sample_rate_hz) // 2 * 2
    hop, reach = window_long // 2, round(SEARCH_S * sample_rate_hz)
    if rate == 1.0 or len(samples) < 2 * window_long:
        return samples
    window = np.hanning(window_long + 1)[:-1].astype(np.float32)
    padded = np.pad(samples, (reach, window_long + reach))
    count = int(len(samples) / rate) // hop
    made = np.zeros((count + 1) * hop + window_long, np.float32)
    at = reach
    for i in range(count + 1):
        wanted = reach + round(i * hop * rate)
        if i:
            natural = padded[at + hop : at + hop + window_long]
            first = max(0, wanted - reach)
            near = padded[first : wanted + reach + window_long]
            if len(natural) < window_long or len(near) < window_long:
                break
            likeness = np.correlate(near, natural, mode="valid")
            wanted = first + int(np.argmax(likeness))
        at = wanted
        piece = padded[at : at + window_long]
        made[i * hop : i * hop + len(piece)] += piece * window[: len(piece)]
    return np.clip(made[: round(len(samples) / rate)], -1.0, 1.0).astype(np.float32)
