"""Takes noise and reverberation off speech with DeepFilterNet 3, run by ONNX Runtime.

The three networks of the model are asked about many seconds at once; the short-time spectra before
them and the filters behind them are computed here.

Source:
    Schröter et al., DeepFilterNet: Perceptually Motivated Real-Time Speech Enhancement, Interspeech
    2023: a gain for each of 32 bands on the ERB scale, and below 4.8 kHz a complex filter over five
    frames for each bin.
"""

from __future__ import annotations

import tarfile
from functools import lru_cache
from pathlib import Path

import numpy as np
import onnxruntime
from jaxtyping import Complex64, Float32
from scipy.signal import lfilter

from vivant.errors import MissingError
from vivant.media.hearing import resampled
from vivant.media.sound import Sound
from vivant.media.watch import Watch, unwatched
from vivant.models.fetching import model_file
from vivant.places import Places

MODEL = "clean-speech"
RATE_HZ = 48_000
FRAME, HOP = 960, 480
BANDS, FINE_BINS = 32, 96
TAPS, AHEAD = 5, 2
"""Frames that a filter spans, and how many of them lie ahead; the networks look as far ahead."""
SMOOTHING = 0.99
"""What running means of the level keep from one frame to the next: one second."""
PIECE_S, WARM_S, COOL_S = 30.0, 3.0, 0.1
"""A long sound is cleaned in pieces; each is begun this much earlier, for the networks remember."""
_LARGEST_PART = 8_000_000


@lru_cache(maxsize=1)
def _sessions(path: Path) -> tuple[onnxruntime.InferenceSession, ...]:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 3
    found: dict[str, bytes] = {}
    with tarfile.open(path, "r:gz") as archive:
        for member in archive:
            name = Path(member.name).name
            part = archive.extractfile(member) if member.isfile() else None
            if name.endswith(".onnx") and part is not None:
                found[name] = part.read(_LARGEST_PART)
    try:
        parts = [found[f"{name}.onnx"] for name in ("enc", "erb_dec", "df_dec")]
    except KeyError as error:
        message = f"The model {MODEL!r} lacks its part {error.args[0]}. Run `vivant models fetch`."
        raise MissingError(message) from error
    return tuple(
        onnxruntime.InferenceSession(part, options, providers=["CPUExecutionProvider"])
        for part in parts
    )


def denoised(
    sound: Sound,
    *,
    at_most_db: float | None = None,
    places: Places | None = None,
    watch: Watch = unwatched,
) -> Sound:
    """Take what is not speech off a sound.

    Args:
        sound: At any sample rate; speech at a usual level, -35 to -15 dB.
        at_most_db: Nothing is made quieter by more than this, above zero; without it, all that is taken
            for noise goes.
        places: Where models are kept.
        watch: Told after each piece.

    Returns:
        As many samples, at the same rate, in time with the ones given.

    Raises:
        MissingError: The model was not fetched.
    """
    sessions = _sessions(model_file(MODEL, places=places))
    wide = resampled(sound, sample_rate_hz=RATE_HZ).samples
    left = 0.0 if at_most_db is None else 10 ** (-at_most_db / 20)
    piece, warm, cool = (round(s * RATE_HZ) for s in (PIECE_S, WARM_S, COOL_S))
    clean = np.empty_like(wide)
    watch("cleaning", 0, len(wide))
    for first in range(0, len(wide), piece):
        last = min(first + piece, len(wide))
        begin = max(0, first - warm)
        heard = wide[begin : min(len(wide), last + cool)]
        clean[first:last] = _clean(heard, sessions, np.float32(left))[first - begin : last - begin]
        watch("cleaning", last, len(wide))
    samples = resampled(
        Sound(samples=clean, sample_rate_hz=RATE_HZ), sample_rate_hz=sound.sample_rate_hz
    ).samples
    return Sound(samples=_exactly(samples, len(sound.samples)), sample_rate_hz=sound.sample_rate_hz)


def _exactly(samples: np.ndarray, count: int) -> Float32[np.ndarray, " samples"]:
    return np.ascontiguousarray(np.pad(samples[:count], (0, max(0, count - len(samples)))))


@lru_cache(maxsize=1)
def _window() -> Float32[np.ndarray, " 960"]:
    sine = np.sin(np.pi * (np.arange(FRAME) + 0.5) / FRAME)
    return np.sin(np.pi / 2 * sine**2).astype(np.float32)


@lru_cache(maxsize=1)
def band_widths() -> tuple[int, ...]:
    """Tell how many bins each band on the ERB scale has, two at least."""
    least, scale = 2, 24.7 * 9.265
    top = 9.265 * np.log1p(RATE_HZ / 2 / scale)
    widths: list[int] = []
    before = over = 0
    for i in range(1, BANDS + 1):
        edge = round(float(scale * np.expm1(top * i / BANDS / 9.265)) / (RATE_HZ / FRAME))
        width = edge - before - over
        over = max(0, least - width)
        widths.append(max(width, least))
        before = edge
    widths[-1] += FRAME // 2 + 1 - sum(widths)
    return tuple(widths)


def _clean(
    samples: Float32[np.ndarray, " samples"],
    sessions: tuple[onnxruntime.InferenceSession, ...],
    left: np.float32,
) -> Float32[np.ndarray, " samples"]:
    ears, coarse, fine = sessions
    spectra = _spectra(samples)
    power = np.square(np.abs(spectra))
    edges = np.concatenate([[0], np.cumsum(band_widths())])
    levels = 10 * np.log10(
        np.add.reduceat(power, edges[:-1], axis=1) / np.diff(edges) + 1e-10, dtype=np.float32
    )
    low = spectra[:, :FINE_BINS]
    means = _running_mean(levels, np.linspace(-60.0, -90.0, BANDS))
    sizes = _running_mean(np.abs(low), np.linspace(1e-3, 1e-4, FINE_BINS))
    shapes = low / np.sqrt(sizes)
    feed = {
        "feat_erb": _looking_ahead((levels - means) / 40.0)[None, None],
        "feat_spec": np.stack([_looking_ahead(shapes.real), _looking_ahead(shapes.imag)])[None],
    }
    names = ["e0", "e1", "e2", "e3", "emb", "c0"]
    found = dict(zip(names, ears.run(names, feed), strict=True))
    (gains,) = coarse.run(["m"], {name: found[name] for name in names[:5]})
    (taps,) = fine.run(["coefs"], {"emb": found["emb"], "c0": found["c0"]})
    clean = spectra * np.repeat(gains[0, 0], np.diff(edges), axis=1)
    clean[:, :FINE_BINS] = _filtered(low, taps.reshape(len(low), FINE_BINS, TAPS, 2))
    return _sound_of(left * spectra + (1 - left) * clean, len(samples))


def _spectra(samples: Float32[np.ndarray, " samples"]) -> Complex64[np.ndarray, "frames 481"]:
    """Frame *i* covers ``HOP`` samples before and after sample ``i * HOP``."""
    frames = -(-len(samples) // HOP) + 1
    padded = np.zeros((frames + 1) * HOP, np.float32)
    padded[HOP : HOP + len(samples)] = samples
    windows = np.lib.stride_tricks.sliding_window_view(padded, FRAME)[::HOP]
    return (np.fft.rfft(windows * _window(), axis=1) / FRAME).astype(np.complex64)


def _sound_of(
    spectra: Complex64[np.ndarray, "frames 481"], samples: int
) -> Float32[np.ndarray, " samples"]:
    pieces = (np.fft.irfft(spectra, n=FRAME, axis=1) * FRAME).astype(np.float32) * _window()
    whole = np.zeros((len(pieces) + 1, HOP), np.float32)
    whole[:-1] += pieces[:, :HOP]
    whole[1:] += pieces[:, HOP:]
    return whole.reshape(-1)[HOP : HOP + samples]


def _running_mean(
    values: Float32[np.ndarray, "frames bins"], start: np.ndarray
) -> Float32[np.ndarray, "frames bins"]:
    state = (SMOOTHING * start)[None]
    means, _ = lfilter([1 - SMOOTHING], [1, -SMOOTHING], values, axis=0, zi=state)
    return np.asarray(means, np.float32)


def _looking_ahead(
    values: Float32[np.ndarray, "frames bins"],
) -> Float32[np.ndarray, "frames bins"]:
    return np.concatenate([values[AHEAD:], np.zeros_like(values[:AHEAD])]).astype(np.float32)


def _filtered(
    low: Complex64[np.ndarray, "frames 96"], taps: Float32[np.ndarray, "frames 96 5 2"]
) -> Complex64[np.ndarray, "frames 96"]:
    padded = np.pad(low, ((TAPS - 1 - AHEAD, AHEAD), (0, 0)))
    out = np.zeros_like(low)
    for k in range(TAPS):
        out += padded[k : k + len(low)] * (taps[:, :, k, 0] + 1j * taps[:, :, k, 1])
    return out
