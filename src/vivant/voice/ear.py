"""The ear: a network of 5 MB that hears phones in any voice.

It was trained on English and Korean, and knows the sounds of other languages by their
nearest of these; the lips need no more.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

import numpy as np
import onnxruntime
from jaxtyping import Float32

from vivant.media.hearing import resampled
from vivant.media.sound import Sound
from vivant.media.watch import Watch, unwatched
from vivant.models.fetching import model_file
from vivant.places import Places
from vivant.voice.landmarks import level_curve

MODEL = "phones"
RATE_HZ = 16_000
FRAME = 320
"""Samples from one frame of its output to the next: 20 ms."""
WORD_BOUNDARY, BLANK = 189, 190
LONGEST_CHUNK_S = 24.0
SHORTEST_CHUNK_S = 8.0
LOUDNESS = 0.08
"""RMS of its speech to which a sound is brought before it is heard."""

_FIRST_TOKENS = (
    "a aɪ aʊ b c d dʒ e eə eɪ f ɡ h i j ja je jo ju jʌ k k k l m n o oʊ p p p r s s t t t tɕ tɕ tɕ tʃ u v w wa we wi wʌ "
    "x y z"
)
_MIDDLE_TOKENS = (
    "a a a a æ ç i ð n o ø ħ i ŋ œ u i ɐ ɑ ɒ ɓ ɔ ɔɪ ɕ ɖ ɗ ɘ ə ɚ ɛ ɜ ɚ ɟ ɡ ɣ ɤ ɥ ɦ ɨ ɪ ɪə ɫ ɮ ɯ ɯi ɰ ɱ ɲ ɴ ɵ ɸ ɹ ɻ ɽ ɾ ʀ "
    "ʁ ʂ ʃ ʈ ʉ ʊ ʋ ʌ ʎ ʏ ʐ ʑ ʒ ʔ ʙ ʝ"
)
_LAST_TOKENS = "β θ χ ə ə z e"
SYMBOL_OF: dict[int, str] = {
    first + i: symbol
    for first, symbols in ((7, _FIRST_TOKENS), (62, _MIDDLE_TOKENS), (172, _LAST_TOKENS))
    for i, symbol in enumerate(symbols.split())
}
"""The phone, as this house writes it, of each of the network's tokens; the others are marks and tones."""


@lru_cache(maxsize=2)
def _session(path: Path) -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])


def phone_probabilities(
    sound: Sound, *, places: Places | None = None, watch: Watch = unwatched
) -> Float32[np.ndarray, "frames 191"]:
    """Hear how likely each phone is in each 20 ms of a sound.

    Long sounds are heard in pieces, cut where they are quietest; memory does not grow with length
    beyond the result itself.

    Args:
        sound: At any sample rate and level; not empty.
        places: Where models are kept.
        watch: Told after each piece.

    Returns:
        Natural logarithms of probabilities; frame *i* stands for the time ``i`` times 20 ms.

    Raises:
        MissingError: The model was not fetched.
    """
    session = _session(model_file(MODEL, places=places))
    heard = resampled(sound, sample_rate_hz=RATE_HZ).samples
    levels = level_curve(heard, sample_rate_hz=RATE_HZ, hop_s=0.02, window_s=0.05)
    gain = LOUDNESS / 10 ** (float(np.percentile(levels, 80)) / 20)
    parts: list[np.ndarray] = []
    watch("listening", 0, len(heard))
    for first, last in _chunks(levels, len(heard)):
        piece = np.clip(heard[first:last] * np.float32(gain), -1.0, 1.0)
        feed = {"waveform": piece[None], "waveform_lengths": np.array([len(piece)], np.int64)}
        (probabilities,) = session.run(["log_probs"], feed)
        frames = (last - first) // FRAME if last < len(heard) else len(probabilities[0])
        parts.append(_exactly(probabilities[0], frames))
        watch("listening", last, len(heard))
    return np.concatenate(parts)


def _exactly(rows: np.ndarray, frames: int) -> np.ndarray:
    if len(rows) >= frames:
        return rows[:frames]
    return np.concatenate([rows, np.repeat(rows[-1:], frames - len(rows), axis=0)])


def _chunks(levels: Float32[np.ndarray, " frames"], samples: int) -> Iterator[tuple[int, int]]:
    """Cut at the quietest place between the shortest and the longest chunk, on a frame."""
    per_second = RATE_HZ // FRAME
    first = 0
    while samples - first * FRAME > LONGEST_CHUNK_S * RATE_HZ:
        low, high = (first + round(s * per_second) for s in (SHORTEST_CHUNK_S, LONGEST_CHUNK_S))
        last = low + int(np.argmin(levels[low:high]))
        yield first * FRAME, last * FRAME
        first = last
    yield first * FRAME, samples
