"""Makes words that carry the weight louder, for engines whose network knows of stress alone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from jaxtyping import Float32

from vivant.voice.speech import Word

LOUDER_DB = 2.0
EASE_S = 0.020
"""In which the level rises and falls, around the word."""


def weighed(
    samples: Float32[np.ndarray, " samples"],
    *,
    text: str,
    words: Sequence[Word],
    emphasis: frozenset[int],
    sample_rate_hz: int,
) -> Float32[np.ndarray, " samples"]:
    """Raise the level of some words.

    Args:
        samples: The sound of the text.
        text: What is said.
        words: Those that are heard, in order.
        emphasis: Places in ``text.split()``.
        sample_rate_hz: Samples in each second.

    Returns:
        As many samples; the same array when no word is raised.
    """
    raised = [word for place, word in _places(text.split(), words) if place in emphasis]
    if not raised:
        return samples
    ease = max(1, round(EASE_S * sample_rate_hz))
    ramp = np.linspace(0.0, 1.0, ease, dtype=np.float32)
    gain_db = np.zeros(len(samples) + 2 * ease, np.float32)
    for word in raised:
        begin, end = word.first + ease, word.last + ease
        shape = np.concatenate([ramp, np.ones(end - begin, np.float32), ramp[::-1]])
        part = gain_db[begin - ease : end + ease]
        part[:] = np.maximum(part, LOUDER_DB * shape[: len(part)])
    gain = 10.0 ** (gain_db[ease : ease + len(samples)] / 20.0)
    return np.asarray(samples * gain, np.float32)


def _places(written: Sequence[str], words: Sequence[Word]) -> Iterator[tuple[int, Word]]:
    """Tell the place of each heard word; written ones that are not heard, such as a dash, are passed over."""
    place = 0
    for word in words:
        try:
            place = written.index(word.text, place)
        except ValueError:
            continue
        yield place, word
        place += 1
