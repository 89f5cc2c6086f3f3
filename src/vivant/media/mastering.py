"""Masters sound: the loudness of everything that leaves the house is the same, and no peak clips.

Everything is done in blocks, so that a long sound needs little memory beside itself.

Source:
    ITU-R BS.1770-5: K-weighting, gating, true peak by fourfold oversampling; EBU R 128.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import log10

import numpy as np
from jaxtyping import Float32
from scipy.ndimage import minimum_filter1d
from scipy.signal import firwin, oaconvolve, sosfilt, upfirdn

from vivant.errors import InputError
from vivant.media.hearing import resampled
from vivant.media.sound import Sound

MASTER_RATE_HZ = 48_000
SILENCE_LUFS = -70.0
"""The absolute gate of BS.1770; nothing quieter is told apart."""
SILENCE_DBTP = -120.0
MOST_GAIN_DB = 48.0
"""A sound that would need more is left quieter, lest its noise roar."""
NEAR_ENOUGH_LU = 0.2
MOST_ROUNDS = 6
LOOK_AHEAD_S = 0.005
MARGIN_DB = 0.15
"""Kept under the asked true peak: a changing gain moves peaks between samples a little."""

_K_WEIGHTING = np.array([
    [1.53512485958697, -2.69169618940638, 1.19839281085285, 1.0, -1.69065929318241, 0.73248077421585],
    [1.0, -2.0, 1.0, 1.0, -1.99004745483398, 0.99007225036621],
])  # fmt: skip
"""At 48 kHz: BS.1770 tables 1 and 2."""
_OFFSET = -0.691
_HOP_S = 0.1
_HOPS_IN_BLOCK = 4
_RELATIVE_GATE_LU = 10.0
_OVERSAMPLING = 4
_TAPS = 12 * _OVERSAMPLING + 1
_INTERPOLATOR = (firwin(_TAPS, 1.0 / _OVERSAMPLING, window=("kaiser", 5.0)) * _OVERSAMPLING).astype(
    np.float32
)
_REACH = _TAPS // _OVERSAMPLING // 2 + 1
"""Samples on each side that the interpolation looks at."""
_BLOCK = 1 << 15
_BETWEEN = 2.0
"""A wave of speech or music rises at most this many times above its samples."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Loudness:
    """How loud a sound is, by BS.1770."""

    lufs: float
    """Integrated loudness, ``SILENCE_LUFS`` at least."""
    true_peak_dbtp: float
    """Highest peak of the wave between the samples too, in dB of full scale; ``SILENCE_DBTP`` at least."""


def measure(sound: Sound) -> Loudness:
    """Measure integrated loudness and true peak.

    A sound shorter than the 0.4 s that the standard gates by is taken as one block, ungated.

    Args:
        sound: Mono sound of any length and rate.
    """
    at_48k = resampled(sound, sample_rate_hz=MASTER_RATE_HZ).samples
    return Loudness(lufs=_lufs(at_48k), true_peak_dbtp=_decibel(_true_peak(at_48k)))


def master(
    sound: Sound,
    *,
    lufs: float = -16.0,
    true_peak_dbtp: float = -1.0,
    sample_rate_hz: int = MASTER_RATE_HZ,
) -> Sound:
    """Bring a sound to the loudness that all of ours have, with no true peak above a ceiling.

    One gain for the whole sound, and a limiter that looks ahead and turns down only around peaks.
    Nothing moves in time. Silence stays silence.

    Args:
        sound: Mono sound of any length and rate.
        lufs: Integrated loudness to reach, from -40 to -8.
        true_peak_dbtp: Ceiling for peaks, from -20 to 0.
        sample_rate_hz: Rate of the result; true peaks are held at 48 kHz.

    Returns:
        Sound within 0.5 LU of the target, unless it would need more than ``MOST_GAIN_DB`` or is all peaks.

    Raises:
        InputError: The target or the ceiling is out of range, or a sample is no number.
    """
    if not -40.0 <= lufs <= -8.0 or not -20.0 <= true_peak_dbtp <= 0.0:
        message = (
            f"The target is {lufs:g} LUFS under {true_peak_dbtp:g} dBTP; it must lie between -40 and -8 LUFS, "
            "the ceiling between -20 and 0 dBTP."
        )
        raise InputError(message)
    if not np.isfinite(sound.samples).all():
        message = "The sound holds samples that are no numbers. Save it again as 16-bit WAV."
        raise InputError(message)
    samples = resampled(sound, sample_rate_hz=MASTER_RATE_HZ).samples
    loudness = _lufs(samples)
    if loudness > SILENCE_LUFS:
        samples = _levelled(
            samples, gain_db=lufs - loudness, lufs=lufs, ceiling_db=true_peak_dbtp - MARGIN_DB
        )
    return resampled(
        Sound(samples=samples, sample_rate_hz=MASTER_RATE_HZ), sample_rate_hz=sample_rate_hz
    )


def _levelled(
    samples: Float32[np.ndarray, " samples"], *, gain_db: float, lufs: float, ceiling_db: float
) -> Float32[np.ndarray, " samples"]:
    """Raise and limit; limiting takes loudness away, so raise again until the target is met."""
    gain_db = min(gain_db, MOST_GAIN_DB)
    ceiling = 10 ** (ceiling_db / 20)
    mastered = samples
    for _ in range(MOST_ROUNDS):
        mastered = _limited(samples, gain=10 ** (gain_db / 20), ceiling=ceiling)
        missing = lufs - _lufs(mastered)
        if abs(missing) <= NEAR_ENOUGH_LU or gain_db + missing > MOST_GAIN_DB:
            break
        gain_db += missing
    over = _true_peak(mastered) / ceiling
    return mastered / np.float32(over) if over > 1.0 else mastered


def _limited(
    samples: Float32[np.ndarray, " samples"], *, gain: float, ceiling: float
) -> Float32[np.ndarray, " samples"]:
    """Multiply by a gain, less around peaks: lowest need within the look-ahead, then smoothed over it."""
    half = round(LOOK_AHEAD_S * MASTER_RATE_HZ)
    smooth = np.hanning(2 * half + 3)[1:-1].astype(np.float32)
    smooth /= smooth.sum()
    margin = 2 * half + _REACH
    out = np.empty_like(samples)
    for first in range(0, len(samples), _BLOCK):
        last = min(first + _BLOCK, len(samples))
        low, high = max(0, first - margin), min(len(samples), last + margin)
        block = samples[low:high] * np.float32(gain)
        if float(np.abs(block).max(initial=0.0)) * _BETWEEN <= ceiling:
            out[first:last] = block[first - low : last - low]
            continue
        peaks = _oversampled_peaks(block)
        needed = np.minimum(
            np.float32(1.0), np.float32(ceiling) / np.maximum(peaks, np.float32(1e-9))
        )
        lowest = minimum_filter1d(np.pad(needed, half, constant_values=1.0), 2 * half + 1)
        turned = oaconvolve(np.pad(lowest, half, constant_values=1.0), smooth, mode="same")[
            2 * half : -2 * half
        ]
        out[first:last] = (block * turned.astype(np.float32))[first - low : last - low]
    return out


def _oversampled_peaks(samples: Float32[np.ndarray, " samples"]) -> Float32[np.ndarray, " samples"]:
    """Tell for each sample the largest magnitude of the wave from it up to the next."""
    fine = upfirdn(_INTERPOLATOR, samples, up=_OVERSAMPLING)
    delay = _TAPS // 2
    fine = fine[delay : delay + len(samples) * _OVERSAMPLING]
    fine = np.pad(fine, (0, len(samples) * _OVERSAMPLING - len(fine)))
    peaks = np.abs(fine.reshape(-1, _OVERSAMPLING)).max(axis=1)
    highest: np.ndarray = np.maximum(peaks, np.abs(samples)).astype(np.float32)
    return highest


def _true_peak(samples: Float32[np.ndarray, " samples"]) -> float:
    highest = 0.0
    for first in range(0, len(samples), _BLOCK):
        last = min(first + _BLOCK, len(samples))
        low, high = max(0, first - _REACH), min(len(samples), last + _REACH)
        inside = _oversampled_peaks(samples[low:high])[first - low : last - low]
        highest = max(highest, float(inside.max(initial=0.0)))
    return highest


def _decibel(peak: float) -> float:
    return max(SILENCE_DBTP, 20 * log10(max(peak, 1e-9)))


def _lufs(samples: Float32[np.ndarray, " samples"]) -> float:
    """Measure integrated loudness at 48 kHz."""
    hop = round(_HOP_S * MASTER_RATE_HZ)
    if len(samples) < hop * _HOPS_IN_BLOCK:
        weighted = sosfilt(_K_WEIGHTING, samples) if len(samples) else np.zeros(0)
        power = float(np.mean(np.square(weighted))) if len(samples) else 0.0
        return _loudness_of(power)
    hops = np.concatenate(list(_hop_powers(samples, hop)))
    blocks = np.convolve(hops, np.full(_HOPS_IN_BLOCK, 1 / _HOPS_IN_BLOCK), mode="valid")
    loud = blocks[blocks > _power_of(SILENCE_LUFS)]
    if not len(loud):
        return SILENCE_LUFS
    kept = loud[loud > loud.mean() * 10 ** (-_RELATIVE_GATE_LU / 10)]
    return _loudness_of(float(kept.mean()))


def _hop_powers(samples: Float32[np.ndarray, " samples"], hop: int) -> Iterator[np.ndarray]:
    state = np.zeros((len(_K_WEIGHTING), 2))
    stride = hop * 50
    for first in range(0, len(samples) - len(samples) % hop, stride):
        weighted, state = sosfilt(
            _K_WEIGHTING, samples[first : first + stride].astype(np.float64), zi=state
        )
        whole = len(weighted) // hop * hop
        yield np.square(weighted[:whole]).reshape(-1, hop).mean(axis=1)


def _loudness_of(power: float) -> float:
    return max(SILENCE_LUFS, _OFFSET + 10 * log10(max(power, 1e-12)))


def _power_of(lufs: float) -> float:
    return float(10 ** ((lufs - _OFFSET) / 10))
