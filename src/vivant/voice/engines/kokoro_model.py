"""Kokoro's network: phonetic letters and a style in, sound and the length of each letter out."""

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
import onnxruntime
from jaxtyping import Float32
from llvmlite.binding import get_host_cpu_features

from vivant.errors import EngineBrokeError
from vivant.models.fetching import model_file
from vivant.places import Places
from vivant.voice.engines.kokoro_melody import MELODY, Melody, with_melody
from vivant.voice.engines.onnx_bytes import as_output
from vivant.voice.engines.onnx_convolutions import with_quick_convolutions

MODEL = "kokoro"
RATE_HZ = 24_000
UNIT_SAMPLES = 600
"""A length of 1 is 25 ms: two of the network's 12.5 ms frames."""
LONGEST_LETTERS = 510
DURATIONS = "/encoder/Clip_output_0"
"""Tensor of the graph that holds the length of each letter."""
MOST_THREADS = 4
"""More than these wait for each other."""
_EXACT_WITHOUT_VNNI = "session.x64quantprecision"
"""Processors that multiply unsigned with signed bytes in one step add up without loss; others do with this, at half the speed."""
_WAIT_ASLEEP = "session.intra_op.allow_spinning"
"""Threads that wait leave the processor to others: films are drawn at the same time."""
_RUNS = {
    1: ";:,.!?", 9: '—…"()“” ̃ʣʥʦʨᵝꭧAI', 31: "O", 33: "Q", 35: "ST", 39: "W", 41: "Yᵊabcdef", 50: "hijklmnopqrstuvwxyz",
    69: "ɑɐɒæ", 75: "βɔɕç", 80: "ɖðʤə", 85: "ɚɛɜ", 90: "ɟ", 92: "ɡ", 99: "ɥ", 101: "ɨɪʝ", 110: "ɯɰŋɳɲɴø", 118: "ɸθœ",
    123: "ɹ", 125: "ɾɻ", 128: "ʁɽʂʃʈʧ", 135: "ʊʋ", 138: "ʌɣɤ", 142: "χʎ", 147: "ʒʔ", 156: "ˈˌː", 162: "ʰ", 164: "ʲ",
    169: "↓", 171: "→↗↘", 177: "ᵻ",
}  # fmt: skip
NUMBER_OF: dict[str, int] = {
    c: first + i for first, run in _RUNS.items() for i, c in enumerate(run)
}
"""The network's number of each letter of its alphabet (that of misaki)."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Voiced:
    """What the network returned."""

    samples: Float32[np.ndarray, " samples"]
    """At ``RATE_HZ``; full scale is ±1.0, and may be passed."""
    lengths: Float32[np.ndarray, " units"]
    """Of each letter, with a pause before and behind them, in ``UNIT_SAMPLES``; they sum up to the sound."""


class KokoroNetwork:
    """The network, loaded. Threads may share it; the same input gives the same samples."""

    def __init__(self, session: onnxruntime.InferenceSession) -> None:
        self._session = session

    def voice(
        self,
        letters: str,
        *,
        style: Float32[np.ndarray, 256],
        rate: float = 1.0,
        melody: Melody | None = None,
    ) -> Voiced:
        """Speak.

        Args:
            letters: Of ``NUMBER_OF``, 1 to ``LONGEST_LETTERS``.
            style: A row of a voice's table, that for this number of letters.
            rate: Pace, 0.5 to 2.0; 1.0 is the voice's own.
            melody: How its pitch is changed; None: not at all.

        Raises:
            EngineBrokeError: The network is not the one that is expected.
        """
        numbers = [0, *(NUMBER_OF[letter] for letter in letters), 0]
        feed = {
            "tokens": np.array([numbers], np.int64),
            "style": np.ascontiguousarray(style, np.float32)[None],
            "speed": np.array([rate], np.float32),
        }
        if melody is not None:
            feed[MELODY] = melody.numbers()
        samples, lengths = (
            np.asarray(one, np.float32).ravel() for one in self._session.run(None, feed)
        )
        if len(lengths) != len(numbers) or int(lengths.sum()) * UNIT_SAMPLES != len(samples):
            message = (
                f"Kokoro returned {len(samples)} samples for {lengths.sum():g} units of time; its phones cannot be placed. "
                "Run `vivant models verify`."
            )
            raise EngineBrokeError(message)
        return Voiced(samples=samples, lengths=lengths)


def kokoro_network(places: Places | None = None) -> KokoroNetwork:
    """Load the network, once for each file: 1 to 2 s, some 400 MB of memory.

    Raises:
        MissingError: The model was not fetched, or is damaged.
    """
    return _loaded(model_file(MODEL, places=places))


@lru_cache(maxsize=1)
def _loaded(path: Path) -> KokoroNetwork:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = min(MOST_THREADS, os.cpu_count() or 1)
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    if not _has_vnni():
        options.add_session_config_entry(_EXACT_WITHOUT_VNNI, "1")
    options.add_session_config_entry(_WAIT_ASLEEP, "0")
    graph = with_melody(with_quick_convolutions(path.read_bytes())) + as_output(DURATIONS)
    session = onnxruntime.InferenceSession(graph, options, providers=["CPUExecutionProvider"])
    return KokoroNetwork(session)


def _has_vnni() -> bool:
    features = get_host_cpu_features()
    return any(features.get(name, False) for name in ("avxvnni", "avx512vnni"))
