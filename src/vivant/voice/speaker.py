"""A voice as 256 numbers, from a network that was taught to tell speakers apart.

It is used to say how like a person a voice is, and to find a person's stretches among others';
nothing that makes a voice may look at it.

Source:
    Wan et al., Generalized end-to-end loss for speaker verification, ICASSP 2018; weights of
    Resemblyzer (Resemble AI, Apache-2.0), whose spectra and windows are repeated here.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import numpy as np
from jaxtyping import Bool, Float32
from scipy.ndimage import binary_dilation, uniform_filter1d
from scipy.special import expit

from vivant.errors import InputError
from vivant.media.hearing import resampled
from vivant.media.sound import Sound
from vivant.models.fetching import model_file
from vivant.models.tensors import read_tensors
from vivant.places import Places
from vivant.voice.landmarks import level_curve, silence_threshold_db

MODEL = "speaker-encoder"
RATE_HZ = 16_000
HOP, WINDOW = 160, 400
BANDS = 40
LAYERS = 3
FRAMES = 160
"""Length of what the network hears at once: 1.6 s."""
STEP = 77
"""From one such stretch to the next: 1.3 in each second."""
LEAST_COVERED = 0.75
"""Share of a last stretch that must be there."""
LEVEL_DB = -30.0
"""To which quiet sound is raised; louder sound stays as it is."""
SHORTEST_S = 0.5
PAUSE_FRAME_S = 0.03
AT_ONCE = 256
"""Stretches in memory together."""


class TooLittleSpeechError(InputError):
    """There is not enough speech to tell a voice by."""

    code = "voice.too-little-speech"


def speaker_vector(sound: Sound, /, *, places: Places | None = None) -> Float32[np.ndarray, " 256"]:
    """Describe whose voice a sound holds.

    Args:
        sound: Speech of one person, at any sample rate and level; pauses are left out.
        places: Where models are kept.

    Returns:
        A vector of length 1, no number below 0. The cosine of two of one person is some 0.8 to 0.95,
        of two persons 0.5 to 0.75.

    Raises:
        InputError: There is less than half a second of speech.
        MissingError: The model was not fetched.
    """
    vectors = speaker_vectors(sound, places=places)
    return _unit(vectors.mean(axis=0))


def speaker_vectors(
    sound: Sound, /, *, places: Places | None = None
) -> Float32[np.ndarray, "stretches 256"]:
    """Describe the voice in each 1.6 s of a sound, of which 0.83 s are shared with the stretch before.

    Args:
        sound: As for ``speaker_vector``. Pauses are left out, so that places in time do not stay.
        places: Where models are kept.

    Returns:
        Vectors of length 1.

    Raises:
        InputError: There is less than half a second of speech.
        MissingError: The model was not fetched.
    """
    heard = resampled(sound, sample_rate_hz=RATE_HZ).samples
    spoken = heard[_spoken(heard)]
    if len(spoken) < SHORTEST_S * RATE_HZ:
        message = (
            f"The sound holds {len(spoken) / RATE_HZ:.1f} s of speech, and a voice is known from {SHORTEST_S} s on. "
            "Give a longer recording, with the person louder than what is around them."
        )
        raise TooLittleSpeechError(message)
    level = 10.0 * np.log10(np.square(spoken, dtype=np.float64).mean() + 1e-12)
    spoken = spoken * np.float32(10 ** (max(LEVEL_DB - level, 0.0) / 20))
    return encode(spoken, places=places)


def encode(
    samples: Float32[np.ndarray, " samples"], *, places: Places | None = None
) -> Float32[np.ndarray, "stretches 256"]:
    """Run the network over samples at ``RATE_HZ`` as they are: pauses, level and all."""
    network = _network(model_file(MODEL, places=places))
    mel = _mel(samples)
    stretches = mel[_stretches(len(samples))[:, None] + np.arange(FRAMES)]
    parts = [
        _run(network, stretches[first : first + AT_ONCE])
        for first in range(0, len(stretches), AT_ONCE)
    ]
    return np.concatenate(parts)


def _spoken(samples: Float32[np.ndarray, " samples"]) -> Bool[np.ndarray, " samples"]:
    """Tell speech from pauses by level; what is shorter than some 0.2 s is neither cut out nor kept alone."""
    levels = level_curve(
        samples, sample_rate_hz=RATE_HZ, hop_s=PAUSE_FRAME_S, window_s=PAUSE_FRAME_S
    )
    loud = (levels > silence_threshold_db(levels)).astype(np.float64)
    kept = binary_dilation(uniform_filter1d(loud, 8, mode="constant") > 0.5, np.ones(7, np.bool_))
    return np.repeat(kept, round(PAUSE_FRAME_S * RATE_HZ))[: len(samples)]


def _stretches(samples: int) -> np.ndarray:
    """First frames of the stretches; frames past the end are silent."""
    frames = -(-(samples + 1) // HOP)
    first = np.arange(0, max(1, frames - FRAMES + STEP + 1), STEP)
    covered = (samples - first[-1] * HOP) / (FRAMES * HOP)
    return first[:-1] if covered < LEAST_COVERED and len(first) > 1 else first


def _mel(samples: Float32[np.ndarray, " samples"]) -> Float32[np.ndarray, "frames 40"]:
    """Power in 40 bands each 10 ms, and silence enough behind for the last stretch."""
    silence = FRAMES * HOP
    padded = np.concatenate(
        [np.zeros(WINDOW // 2, np.float32), samples, np.zeros(silence + WINDOW // 2, np.float32)]
    )
    windows = np.lib.stride_tricks.sliding_window_view(padded, WINDOW)[::HOP]
    taper = np.hanning(WINDOW + 1)[:-1].astype(np.float32)
    banks = _banks()
    bands = [
        (np.abs(np.fft.rfft(windows[first : first + 4096] * taper)) ** 2) @ banks
        for first in range(0, len(windows), 4096)
    ]
    return np.concatenate(bands).astype(np.float32)


@lru_cache(maxsize=1)
def _banks() -> np.ndarray:
    """Triangles on Slaney's mel scale, each with the same area."""
    step_hz, knee_hz, knee, ratio = 200.0 / 3, 1000.0, 15.0, np.log(6.4) / 27.0
    top = knee + np.log(RATE_HZ / 2 / knee_hz) / ratio
    marks = np.linspace(0.0, top, BANDS + 2)
    edges_hz = np.where(
        marks < knee, marks * step_hz, knee_hz * np.exp(ratio * (np.maximum(marks, knee) - knee))
    )
    bins_hz = np.fft.rfftfreq(WINDOW, 1 / RATE_HZ)[:, None]
    rising = (bins_hz - edges_hz[:-2]) / np.diff(edges_hz)[:-1]
    falling = (edges_hz[2:] - bins_hz) / np.diff(edges_hz)[1:]
    triangles: np.ndarray = np.maximum(0.0, np.minimum(rising, falling))
    return triangles * (2.0 / (edges_hz[2:] - edges_hz[:-2]))


@lru_cache(maxsize=2)
def _network(path: Path) -> dict[str, np.ndarray]:
    return {
        name: np.ascontiguousarray(array.T)
        for name, array in read_tensors(path, under="model_state").items()
    }


def _run(network: dict[str, np.ndarray], mel: np.ndarray) -> Float32[np.ndarray, "stretches 256"]:
    """Three layers of long short-term memory, a linear one, and no number below zero."""
    heard = mel.swapaxes(0, 1)  # frames first
    state = np.zeros((mel.shape[0], 256), np.float32)
    for layer in range(LAYERS):
        bias = network[f"lstm.bias_ih_l{layer}"] + network[f"lstm.bias_hh_l{layer}"]
        inward = heard @ network[f"lstm.weight_ih_l{layer}"] + bias
        around = network[f"lstm.weight_hh_l{layer}"]
        state, cell = np.zeros_like(state), np.zeros_like(state)
        heard = np.empty((len(inward), *state.shape), np.float32)
        for i, given in enumerate(inward):
            enters, forgets, offered, leaves = np.split(given + state @ around, 4, axis=1)
            cell = expit(forgets) * cell + expit(enters) * np.tanh(offered)
            state = expit(leaves) * np.tanh(cell)
            heard[i] = state
    raw = np.maximum(state @ network["linear.weight"] + network["linear.bias"], 0.0)
    return _unit(raw)


def _unit(vectors: np.ndarray) -> np.ndarray:
    length = np.linalg.norm(vectors, axis=-1, keepdims=True)
    return np.asarray(vectors / np.maximum(length, 1e-9), np.float32)
