"""Tells when somebody speaks, with Silero's network of 1 MB."""

from __future__ import annotations

import itertools
from functools import lru_cache
from pathlib import Path

import numpy as np
import onnxruntime
from jaxtyping import Float32

from vivant.media.hearing import resampled
from vivant.media.sound import Sound
from vivant.models.fetching import model_file
from vivant.places import Places

MODEL = "voice-activity"
RATE_HZ = 16_000
HOP = 512
"""Samples from one value to the next: 32 ms."""
BEFORE = 64
"""Samples before its 512 that the network is shown with them."""
FRAMES_AT_ONCE = 512
LEVEL = 0.06
"""RMS of the loud parts to which a sound is brought first: the network was taught with usual levels."""


@lru_cache(maxsize=1)
def _session(path: Path) -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])


def speech_probabilities(
    sound: Sound, *, places: Places | None = None
) -> Float32[np.ndarray, " frames"]:
    """Tell how surely somebody speaks in each 32 ms of a sound.

    Args:
        sound: At any sample rate and level.
        places: Where models are kept.

    Returns:
        From 0 to 1; frame *i* stands for the time from ``i`` times 32 ms on. The last one counts even
        when the sound ends in it.

    Raises:
        MissingError: The model was not fetched.

    Source:
        Silero Team, Silero VAD, 2024: a voice activity detector trained on more than 6000 languages.
    """
    session = _session(model_file(MODEL, places=places))
    heard = resampled(sound, sample_rate_hz=RATE_HZ).samples
    frames = -(-len(heard) // HOP)
    if not frames:
        return np.zeros(0, np.float32)
    padded = np.zeros(BEFORE + frames * HOP, np.float32)
    padded[BEFORE : BEFORE + len(heard)] = heard
    padded *= np.float32(LEVEL / max(_loud(heard), 1e-6))
    windows = np.lib.stride_tricks.sliding_window_view(padded, BEFORE + HOP)[::HOP]
    state = [np.zeros((1, 1, 128), np.float32), np.zeros((1, 1, 128), np.float32)]
    found = []
    for first in range(0, frames, FRAMES_AT_ONCE):
        block = np.clip(windows[first : first + FRAMES_AT_ONCE], -1.0, 1.0)
        values, *state = session.run(
            ["speech_probs", "hn", "cn"], {"input": block, "h": state[0], "c": state[1]}
        )
        found.append(np.asarray(values, np.float32).reshape(-1))
    return np.concatenate(found)


def _loud(samples: Float32[np.ndarray, " samples"]) -> float:
    """Tell the level of the louder parts, RMS."""
    whole = samples[: len(samples) // HOP * HOP].reshape(-1, HOP) if len(samples) >= HOP else None
    powers = np.square(samples if whole is None else whole, dtype=np.float64).mean(axis=-1)
    return float(np.sqrt(np.percentile(powers, 85)))


def held(
    probabilities: Float32[np.ndarray, " frames"],
    *,
    from_share: float = 0.5,
    until_share: float = 0.35,
    shortest_s: float = 0.25,
    gap_s: float = 0.2,
) -> np.ndarray:
    """Turn probabilities into yes and no, without flicker.

    Args:
        probabilities: One for each 32 ms.
        from_share: Speech begins at this.
        until_share: And lasts until it falls under this.
        shortest_s: A shorter stretch is none.
        gap_s: A shorter gap is none.

    Returns:
        Booleans, one for each frame.
    """
    speaks = np.zeros(len(probabilities), bool)
    inside = False
    for i, share in enumerate(probabilities.tolist()):
        inside = share >= (until_share if inside else from_share)
        speaks[i] = inside
    speaks = _without_short(speaks, value=False, frames=round(gap_s * RATE_HZ / HOP), ends=False)
    return _without_short(speaks, value=True, frames=round(shortest_s * RATE_HZ / HOP), ends=True)


def _without_short(flags: np.ndarray, *, value: bool, frames: int, ends: bool) -> np.ndarray:
    edges = np.flatnonzero(np.diff(flags.astype(np.int8))) + 1
    borders = [0, *edges.tolist(), len(flags)]
    out = flags.copy()
    for first, last in itertools.pairwise(borders):
        at_end = first == 0 or last == len(flags)
        if (
            last > first
            and bool(flags[first]) == value
            and last - first < frames
            and (ends or not at_end)
        ):
            out[first:last] = not value
    return out
