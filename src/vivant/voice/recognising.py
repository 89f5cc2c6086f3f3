"""Words of a recording, by Whisper: for captions, and to measure how well voices are understood.

The library that runs it is an optional extra, ``vivant[words]``, and its weights are optional models. Where one of
them is missing nothing is recognised, and the words are asked for instead.
"""

from __future__ import annotations

import importlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from types import ModuleType
from typing import Any, Final

import numpy as np
from jaxtyping import Float32

from vivant.errors import InputError, MissingError
from vivant.media.hearing import resampled
from vivant.media.sound import Sound
from vivant.media.watch import Watch, unwatched
from vivant.models.fetching import command_for, model_file
from vivant.models.manifest import model_named
from vivant.places import Places
from vivant.voice.landmarks import level_curve
from vivant.voice.mel_bands import slaney_bands

MODELS: Final[Mapping[str, tuple[int, int]]] = {
    "words": (2309, 459_861),
    "words-en": (2317, 422_309),
}
"""Models, the better one first, and where the first two of their three files end in the one they are kept in."""
FILES: Final = ("config.json", "vocabulary.txt", "model.bin")
ENGLISH_ONLY: Final = frozenset({"words-en"})
RATE_HZ = 16_000
HOP, WINDOW, BANDS = 160, 400, 80
FRAMES = 3000
"""What the network hears at once: 30 s, padded with silence."""
LONGEST_S, SHORTEST_S = 28.0, 12.0
SILENT_DB = -60.0
LEAST_LIKELY, LIKELIEST_SILENCE = -1.0, 0.6
"""A stretch whose words are this unlikely while silence is this likely holds no words."""
BEAMS = 5
THREADS = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """What is said in one part of a recording."""

    text: str
    first: int
    """First sample, of the recording as it was given."""
    last: int
    """One past the last sample."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recognised:
    """The words of a recording."""

    text: str
    """As a person would write it, with capitals and stops; empty when nothing is said."""
    language: str
    """BCP 47, without a region unless it was given with one."""
    stretches: tuple[Stretch, ...]
    """The same in parts of at most half a minute, cut where the recording is quiet."""
    certainty: float
    """Mean probability of a piece of a word, 0 to 1; below some 0.5 it should be read over."""


def how_to_recognise(*, places: Places | None = None) -> str:
    """Tell people what to do to have words recognised; empty when nothing is missing."""
    needed = []
    if _library() is None:
        needed.append('`pip install "vivant[words]"`')
    if not _models_here(places):
        needed.append(f"`{command_for(model_named('words'))}`")
    return f"To have words recognised, run {' and '.join(needed)} once." if needed else ""


def recognise(
    sound: Sound,
    *,
    language: str | None = None,
    places: Places | None = None,
    model: str | Path | None = None,
    watch: Watch = unwatched,
) -> Recognised | None:
    """Find the words of a recording.

    Args:
        sound: At any sample rate and level.
        language: BCP 47 of what is spoken; found out from the beginning when None.
        places: Where models are kept.
        model: One of ``MODELS``, or the folder of a Whisper model of one's own in the format of CTranslate2; None
            takes the best that is here.
        watch: Told after each stretch.

    Returns:
        The words; None when there is no recogniser here, see ``how_to_recognise``.

    Raises:
        MissingError: ``model`` was given, and it or the library is not here.
        InputError: The folder holds no such model, or the model does not know the language.
    """
    network = _chosen(language, places) if model is None else _given(model, places)
    if network is None:
        return None
    heard = resampled(sound, sample_rate_hz=RATE_HZ).samples
    known = _known_language(network, language, heard)
    parts: list[Stretch] = []
    scores: list[tuple[float, int]] = []
    ratio = sound.sample_rate_hz / RATE_HZ
    watch("recognising", 0, len(heard))
    for first, last in _cut(heard):
        text, score, pieces = _read(network, heard[first:last], known)
        if text:
            end = min(round(last * ratio), len(sound.samples))
            parts.append(Stretch(text=text, first=round(first * ratio), last=end))
            scores.append((score, pieces))
        watch("recognising", last, len(heard))
    total = sum(pieces for _, pieces in scores)
    mean = sum(score * pieces for score, pieces in scores) / total if total else -np.inf
    return Recognised(
        text=" ".join(part.text for part in parts),
        language=language or known,
        stretches=tuple(parts),
        certainty=float(np.exp(mean)),
    )


def _library() -> ModuleType | None:
    try:
        return importlib.import_module("ctranslate2")
    except ImportError:
        return None


def _models_here(places: Places | None) -> list[str]:
    found = []
    for name in MODELS:
        try:
            model_file(name, places=places)
        except MissingError:
            continue
        found.append(name)
    return found


def _chosen(language: str | None, places: Places | None) -> Any | None:  # noqa: ANN401
    english = language is not None and _primary(language) == "en"
    for name in _models_here(places) if _library() else ():
        if english or name not in ENGLISH_ONLY:
            return _bundled(model_file(name, places=places), name)
    return None


@lru_cache(maxsize=1)
def _bundled(path: Path, name: str) -> Any:  # noqa: ANN401
    """Load a model whose three files are kept as one, from memory."""
    whole = path.read_bytes()
    first, second = MODELS[name]
    contents = (whole[:first], whole[first : first + second], whole[first + second :])
    return _loaded(name, files=dict(zip(FILES, contents, strict=True)))


def _given(model: str | Path, places: Places | None) -> Any:  # noqa: ANN401
    if _library() is None:
        message = 'Recognising words needs CTranslate2, which is not installed. Run `pip install "vivant[words]"`.'
        raise MissingError(message)
    if isinstance(model, str):
        return _bundled(model_file(model, places=places), model)
    lacking = [file for file in FILES if not (model / file).is_file()]
    if lacking:
        message = (
            f"The folder of the recogniser lacks {', '.join(lacking)}. Needed is a Whisper model in the format "
            "of CTranslate2, with its vocabulary as text."
        )
        raise InputError(message)
    return _from_folder(str(model))


@lru_cache(maxsize=1)
def _from_folder(folder: str) -> Any:  # noqa: ANN401
    return _loaded(folder)


def _loaded(place: str, **options: object) -> Any:  # noqa: ANN401
    library = _library()
    assert library is not None  # noqa: S101
    return library.models.Whisper(
        place, device="cpu", compute_type="int8", intra_threads=THREADS, **options
    )


def _primary(language: str) -> str:
    return language.partition("-")[0].lower()


def _known_language(
    model: Any,  # noqa: ANN401
    language: str | None,
    heard: np.ndarray,
) -> str:
    if not model.is_multilingual:
        if language is not None and _primary(language) != "en":
            message = f"This recogniser knows English alone, not {language}. Fetch the one for many languages: `vivant models fetch words`."
            raise InputError(message)
        return "en"
    if language is not None:
        return _primary(language)
    first, last = next(_cut(heard), (0, 0))
    ((token, _probability), *_others) = model.detect_language(_seen(_mel(heard[first:last])))[0]
    return str(token).strip("<|>")


def _read(
    model: Any,  # noqa: ANN401
    heard: Float32[np.ndarray, " samples"],
    language: str,
) -> tuple[str, float, int]:
    """Read one stretch: its text, the mean logarithm of the probabilities, how many pieces of words."""
    if level_curve(heard, sample_rate_hz=RATE_HZ, hop_s=0.02).max(initial=-120.0) < SILENT_DB:
        return "", 0.0, 0
    spoken = [f"<|{language}|>", "<|transcribe|>"] if model.is_multilingual else []
    (result,) = model.generate(
        _seen(_mel(heard)),
        [["<|startoftranscript|>", *spoken, "<|notimestamps|>"]],
        beam_size=BEAMS,
        return_scores=True,
        return_no_speech_prob=True,
    )
    score = float(result.scores[0])
    if score < LEAST_LIKELY and result.no_speech_prob > LIKELIEST_SILENCE:
        return "", 0.0, 0
    pieces = [piece for piece in result.sequences[0] if not piece.startswith("<|")]
    return _written(pieces), score, len(pieces)


def _seen(mel: np.ndarray) -> Any:  # noqa: ANN401
    library = _library()
    assert library is not None  # noqa: S101
    return library.StorageView.from_array(np.ascontiguousarray(mel[None]))


def _mel(samples: Float32[np.ndarray, " samples"]) -> Float32[np.ndarray, "80 3000"]:
    """Make the spectra that Whisper was taught with: 80 bands, 30 s, padded with silence."""
    padded = np.zeros(FRAMES * HOP + WINDOW, np.float32)
    padded[WINDOW // 2 : WINDOW // 2 + len(samples)] = samples
    padded[: WINDOW // 2] = padded[WINDOW : WINDOW // 2 : -1]
    windows = np.lib.stride_tricks.sliding_window_view(padded, WINDOW)[::HOP][:FRAMES]
    taper = np.hanning(WINDOW + 1)[:-1].astype(np.float32)
    power = np.abs(np.fft.rfft(windows * taper)) ** 2
    bands = power @ slaney_bands(BANDS, window=WINDOW, rate_hz=RATE_HZ)
    logs = np.log10(np.maximum(bands, 1e-10))
    logs = np.maximum(logs, logs.max() - 8.0)
    return np.asarray(((logs + 4.0) / 4.0).T, np.float32)


def _cut(heard: Float32[np.ndarray, " samples"]) -> Iterator[tuple[int, int]]:
    """Cut into stretches the network can hear, where the recording is quietest for a fifth of a second."""
    levels = level_curve(heard, sample_rate_hz=RATE_HZ, hop_s=0.05, window_s=0.2)
    step = RATE_HZ // 20
    first = 0
    while len(heard) - first > LONGEST_S * RATE_HZ:
        low, high = ((first + round(s * RATE_HZ)) // step for s in (SHORTEST_S, LONGEST_S))
        last = (low + int(np.argmin(levels[low:high]))) * step
        yield first, last
        first = last
    if len(heard) > first:
        yield first, len(heard)


@lru_cache(maxsize=1)
def _byte_of() -> dict[str, int]:
    """Tell which byte each letter of a vocabulary stands for: those that can be printed for themselves."""
    plain = [*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)]
    others = [byte for byte in range(256) if byte not in plain]
    letters = {chr(byte): byte for byte in plain}
    return letters | {chr(256 + i): byte for i, byte in enumerate(others)}


def _written(pieces: list[str]) -> str:
    table = _byte_of()
    data = bytes(table[letter] for piece in pieces for letter in piece if letter in table)
    return " ".join(data.decode("utf-8", errors="replace").split())
