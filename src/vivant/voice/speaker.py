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
import onnxruntime
from jaxtyping import Bool, Float32
from scipy.ndimage import binary_dilation, uniform_filter1d

from vivant.errors import InputError
from vivant.media.hearing import resampled
from vivant.media.sound import Sound
from vivant.models.fetching import model_file
from vivant.models.tensors import read_tensors
from vivant.places import Places
from vivant.voice.engines.onnx_bytes import (
    MODEL_GRAPH,
    TENSOR_TYPES,
    as_output,
    field,
    int64s,
    write_node,
    write_tensor,
)
from vivant.voice.landmarks import level_curve, silence_threshold_db
from vivant.voice.mel_bands import slaney_bands

MODEL = "speaker-encoder"
RATE_HZ = 16_000
HOP, WINDOW = 160, 400
BANDS = 40
LAYERS = 3
UNITS = 256
GRAPH_INPUT = 11
VERSIONS = bytes([1 << 3, 8]) + field(8, bytes([2 << 3, 13]))
"""Versions of the format and of the operations of ONNX."""
FRAMES = 160
"""Length of what the network hears at once: 1.6 s."""
STEP = 77
"""From one such stretch to the next: 1.3 in each second."""
LEAST_COVERED = 0.75
"""Share of a last stretch that must be there."""
LOUD = 0.7
"""Peak to which a sound is brought before its pauses are looked for."""
QUIETEST = 1e-4
LEVEL = 0.07
"""RMS of what the network hears, -23 dB: voices are told apart best there."""
SHORTEST_S = 0.5
PAUSE_FRAME_S = 0.03
AT_ONCE = 64
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
    heard = heard * np.float32(LOUD / max(float(np.abs(heard).max(initial=0.0)), QUIETEST))
    spoken = heard[_spoken(heard)]
    if len(spoken) < SHORTEST_S * RATE_HZ:
        message = (
            f"The sound holds {len(spoken) / RATE_HZ:.1f} s of speech, and a voice is known from {SHORTEST_S} s on. "
            "Give a longer recording, with the person louder than what is around them."
        )
        raise TooLittleSpeechError(message)
    level = float(np.sqrt(np.square(spoken, dtype=np.float64).mean()))
    spoken = spoken * np.float32(LEVEL / level)
    return encode(spoken, places=places)


def encode(
    samples: Float32[np.ndarray, " samples"], *, places: Places | None = None
) -> Float32[np.ndarray, "stretches 256"]:
    """Run the network over samples at ``RATE_HZ`` as they are: pauses, level and all."""
    path = model_file(MODEL, places=places)
    mel = _mel(samples)
    stretches = mel[_stretches(len(samples))[:, None] + np.arange(FRAMES)]
    parts = [
        _run(path, stretches[first : first + AT_ONCE])
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
    banks = slaney_bands(BANDS, window=WINDOW, rate_hz=RATE_HZ)
    bands = [
        (np.abs(np.fft.rfft(windows[first : first + 4096] * taper)) ** 2) @ banks
        for first in range(0, len(windows), 4096)
    ]
    return np.concatenate(bands).astype(np.float32)


@lru_cache(maxsize=2)
def _network(path: Path) -> tuple[onnxruntime.InferenceSession, dict[str, np.ndarray]]:
    """Make a network of ONNX from the weights: its long short-term memory; the rest is two lines."""
    weights = read_tensors(path, under="model_state")
    parts = [_described("mel", BANDS), field(2, b"speaker"), write_tensor("one", int64s(1))]
    heard = "mel"
    for layer in range(LAYERS):
        inward, around, bias = (
            np.concatenate([_in_order(weights[f"lstm.{kind}_l{layer}"]) for kind in kinds])[None]
            for kinds in (("weight_ih",), ("weight_hh",), ("bias_ih", "bias_hh"))
        )
        names = [f"{kind}{layer}" for kind in ("inward", "around", "bias")]
        parts += map(write_tensor, names, (inward, around, bias))
        parts.append(write_node("LSTM", [heard, *names], f"all{layer}", hidden_size=UNITS))
        heard = f"out{layer}"
        parts.append(write_node("Squeeze", [f"all{layer}", "one"], heard))
    graph = field(MODEL_GRAPH, b"".join(parts)) + as_output(heard)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 3
    session = onnxruntime.InferenceSession(
        VERSIONS + graph, options, providers=["CPUExecutionProvider"]
    )
    return session, {name: weights[f"linear.{name}"] for name in ("weight", "bias")}


def _described(name: str, size: int) -> bytes:
    """Describe the input: frames, stretches, numbers."""
    dims = b"".join(field(1, field(2, word)) for word in (b"frames", b"stretches"))
    dims += field(1, bytes([1 << 3, size]))
    kind = bytes([1 << 3, TENSOR_TYPES["float32"]]) + field(2, dims)
    return field(GRAPH_INPUT, field(1, name.encode()) + field(2, field(1, kind)))


def _in_order(gates: np.ndarray) -> np.ndarray:
    """Put the gates (enter, forget, offer, leave) into ONNX's order: enter, leave, forget, offer."""
    enter, forget, offer, leave = np.split(gates, 4)
    return np.concatenate([enter, leave, forget, offer])


def _run(path: Path, mel: np.ndarray) -> Float32[np.ndarray, "stretches 256"]:
    session, linear = _network(path)
    frames_first = np.ascontiguousarray(mel.swapaxes(0, 1))
    state = session.run(None, {"mel": frames_first})[0][-1]
    return _unit(np.maximum(state @ linear["weight"].T + linear["bias"], 0.0))


def _unit(vectors: np.ndarray) -> np.ndarray:
    length = np.linalg.norm(vectors, axis=-1, keepdims=True)
    return np.asarray(vectors / np.maximum(length, 1e-9), np.float32)
