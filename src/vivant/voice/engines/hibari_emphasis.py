"""Words that carry the weight: a little longer, higher and louder than the others.

Source:
    D. B. Fry, "Experiments in the perception of stress", 1958: length, pitch and level, in this order.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from jaxtyping import Float32

from vivant.voice.engines.hibari_frames import Frames, moved, stretched
from vivant.voice.spectra import HOP
from vivant.voice.speech import Phone, Word

LONGER = 0.18
HIGHER = 0.13
"""In the middle of the word, as a share of its pitch."""
LOUDER_DB = 2.5
LEAD_FRAMES = 3
"""Over so many frames before and behind the word it begins and ends."""


def weights(
    words: Sequence[Word], *, text: str, emphasis: frozenset[int], frames: int
) -> Float32[np.ndarray, " frames"]:
    """Tell how much weight each frame carries.

    Args:
        words: Those that are said, in order; some of the text may not be.
        text: As written.
        emphasis: Places in ``text.split()`` of the words that carry the weight.
        frames: How many there are.

    Returns:
        0 to 1, without a step.
    """
    carried = np.zeros(frames, np.float32)
    place = -1
    written = text.split()
    for word in words:
        place = next((i for i in range(place + 1, len(written)) if written[i] == word.text), place)
        if place in emphasis:
            carried[word.first // HOP : max(-(-word.last // HOP), word.first // HOP + 1)] = 1.0
    ease = np.hanning(2 * LEAD_FRAMES + 3)[1:-1]
    return np.convolve(carried, ease / ease.sum(), mode="same").astype(np.float32)


def emphasised(frames: Frames, *, carried: Float32[np.ndarray, " frames"]) -> Frames:
    """Say frames with weight; they last ``1 + LONGER * carried`` afterwards."""
    raised = replace(
        frames,
        pitch_hz=frames.pitch_hz * (1 + np.float32(HIGHER) * carried),
        envelope=frames.envelope
        + (LOUDER_DB * np.log(10) / 10 * carried[:, None]).astype(np.float32),
    )
    return stretched(raised, lengths=1 + np.float32(LONGER) * carried)


def later(
    phones: Sequence[Phone], words: Sequence[Word], *, carried: Float32[np.ndarray, " frames"]
) -> tuple[tuple[Phone, ...], tuple[Word, ...]]:
    """Tell where phones and words lie after ``emphasised``."""
    lengths = 1 + np.float32(LONGER) * carried
    edges = moved(np.array([phone.first for phone in phones]), lengths=lengths)
    ends = moved(np.array([phone.last for phone in phones]), lengths=lengths)
    spans = moved(np.array([(w.first, w.last) for w in words]).reshape(-1, 2), lengths=lengths)
    return (
        tuple(
            replace(phone, first=int(first), last=int(last))
            for phone, first, last in zip(phones, edges, ends, strict=True)
        ),
        tuple(
            replace(word, first=int(first), last=int(last))
            for word, (first, last) in zip(words, spans, strict=True)
        ),
    )
