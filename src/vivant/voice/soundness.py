"""Measures what is wrong with a recording: noise, hum, clicks, clipping, echo, a narrow band."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Float32
from scipy.ndimage import median_filter

from vivant.media.sound import Sound
from vivant.voice.activity import HOP, RATE_HZ, held, speech_probabilities
from vivant.voice.landmarks import level_curve
from vivant.voice.mending import click_samples, clipped_samples, runs

CLEANEST_DB = 60.0
"""No more is told than this: a studio's own noise."""
MAINS_HZ = (50.0, 60.0)
HUM_LINES = 8
HUM_STANDS_OUT_DB = 9.0
LINE_WINDOW_S = 1.0
FRAME_S = 0.032
MOST_BINS = 2_000_000
ECHO_HOP_S, FALL_S = 0.005, 0.06
UNSTEADY_DB = 1.5
FEWEST_FALLS = 60
STEEPEST_PERCENT = 3.0
ECHO_NEEDS_DB = 15.0
"""With more noise than this the fall of a level cannot be followed."""
EDGE_ABOVE_NOISE_DB = 4.0
EDGE_BELOW_PEAK_DB = 45.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Soundness:
    """How sound a recording is."""

    speech_s: float
    """Seconds in which somebody speaks."""
    level_db: float
    """RMS of the speech in dB FS; -120 without speech."""
    snr_db: float
    """Speech over what is heard between it, -20 to ``CLEANEST_DB``."""
    hum_hz: float
    """50 or 60 where the mains are heard, else 0."""
    hum_db: float
    """Level of its lines against the speech; -120 without hum."""
    clicks: int
    """How many clicks."""
    clipped_share: float
    """Share of the samples in peaks cut flat."""
    bandwidth_hz: float
    """Above it nothing of the speech is heard."""
    echo_s: float
    """Seconds in which the room falls silent by 60 dB; 0 when it cannot be told."""


def soundness(sound: Sound, *, speaks: Bool[np.ndarray, " frames"] | None = None) -> Soundness:
    """Measure how sound a recording is.

    Args:
        sound: Mono, at any sample rate.
        speaks: For each 32 ms whether somebody speaks; found here when None.

    Raises:
        MissingError: The model that hears when somebody speaks was not fetched.

    Source:
        Echo: the steepest falls of level after speech, as in Ratnam et al., Blind estimation of
        reverberation time, JASA 2003, by straight lines.
    """
    if speaks is None:
        speaks = held(speech_probabilities(sound))
    rate = sound.sample_rate_hz
    levels = level_curve(sound.samples, sample_rate_hz=rate, hop_s=HOP / RATE_HZ, window_s=0.04)
    speech, noise = _speech_and_noise(levels, speaks)
    hum_hz, hum_lines = _hum(sound, speaks)
    snr_db = float(np.clip(_db(speech) - _db(noise), -20.0, CLEANEST_DB))
    fine = level_curve(sound.samples, sample_rate_hz=rate, hop_s=ECHO_HOP_S, window_s=0.012)
    return Soundness(
        speech_s=float(speaks.sum()) * HOP / RATE_HZ,
        level_db=max(-120.0, _db(speech)),
        snr_db=snr_db,
        hum_hz=hum_hz,
        hum_db=max(-120.0, _db(sum(hum_lines.values())) - _db(speech)) if hum_hz else -120.0,
        clicks=len(runs(click_samples(sound.samples, sample_rate_hz=rate))),
        clipped_share=float(clipped_samples(sound.samples).mean()) if len(sound.samples) else 0.0,
        bandwidth_hz=bandwidth_of(sound, speaks=speaks),
        echo_s=_echo(fine) if snr_db > ECHO_NEEDS_DB else 0.0,
    )


def _db(power: float) -> float:
    return 10.0 * float(np.log10(max(power, 1e-13)))


def _speech_and_noise(
    levels: Float32[np.ndarray, " frames"], speaks: Bool[np.ndarray, " frames"]
) -> tuple[float, float]:
    """Tell the powers of the speech alone and of what lies under it."""
    count = min(len(levels), len(speaks))
    powers, said = 10.0 ** (levels[:count].astype(np.float64) / 10), speaks[:count]
    if not count or not said.any():
        return 1e-13, float(powers.mean()) if count else 1e-13
    still = powers[~_widened(said, 2)]
    pause = float(np.median(still)) if len(still) >= 6 else np.inf
    dips = float(np.percentile(powers[said], 4)) * 1.3  # no pause: the shortest closures tell
    noise = min(pause, dips) if len(still) < 15 else pause
    return max(float(powers[said].mean()) - noise, 1e-13), max(noise, 1e-13)


def _widened(flags: Bool[np.ndarray, " frames"], by: int) -> Bool[np.ndarray, " frames"]:
    return np.convolve(flags, np.ones(2 * by + 1), mode="same") > 0.5


def hum_lines(sound: Sound, *, speaks: Bool[np.ndarray, " frames"]) -> tuple[float, ...]:
    """Tell the frequencies at which the mains are heard, in Hz; none without hum.

    Args:
        sound: Mono, at any sample rate.
        speaks: For each 32 ms whether somebody speaks.
    """
    return tuple(_hum(sound, speaks)[1])


def _hum(sound: Sound, speaks: Bool[np.ndarray, " frames"]) -> tuple[float, dict[float, float]]:
    """Find the mains, and the power of its lines: they stand still while everything else moves."""
    rate = sound.sample_rate_hz
    size = min(len(sound.samples), round(LINE_WINDOW_S * rate))
    if size < rate // 4:
        return 0.0, {}
    freqs, times, power = _spectra(sound, size)
    places = np.clip((times * RATE_HZ / HOP).astype(int), 0, max(len(speaks) - 1, 0))
    quiet = ~speaks[places] if len(speaks) else np.ones(len(times), bool)
    chosen = power[:, quiet] if quiet.sum() >= 2 else power
    steady = np.percentile(chosen, 30, axis=1)
    step = float(freqs[1] - freqs[0])
    around = median_filter(steady, size=max(3, round(30.0 / step)) | 1, mode="nearest") + 1e-15
    best: tuple[float, dict[float, float]] = (0.0, {})
    most = 0
    for mains in MAINS_HZ:
        lines = [k * mains for k in range(1, HUM_LINES + 1) if k * mains < 0.45 * rate]
        found = {line: _line(steady, around, line, step) for line in lines}
        stand = {line: power for line, (power, over) in found.items() if over > HUM_STANDS_OUT_DB}
        ours = sum(round(line) % 300 > 0 for line in stand)
        if len(stand) >= 2 and ours > most:
            best, most = (mains, stand), ours
    return best


def _spectra(sound: Sound, size: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Tell frequencies, middles of windows in seconds, and powers; of a long sound as many windows as are enough."""
    windows = np.lib.stride_tricks.sliding_window_view(sound.samples, size)[:: size // 2]
    most = max(60, MOST_BINS // size)
    chosen = np.unique(np.linspace(0, len(windows) - 1, min(most, len(windows))).astype(int))
    taper = np.hanning(size + 1)[:-1].astype(np.float32)
    power = np.square(np.abs(np.fft.rfft(windows[chosen] * taper, axis=1)), dtype=np.float64)
    middles_s = (chosen * (size // 2) + size / 2) / sound.sample_rate_hz
    freqs = np.fft.rfftfreq(size, 1 / sound.sample_rate_hz)
    return freqs, middles_s, power.T * (2.0 / float(taper.sum()) ** 2)


def _line(steady: np.ndarray, around: np.ndarray, line: float, step: float) -> tuple[float, float]:
    at = round(line / step)
    near = slice(max(1, at - 1), at + 2)
    place = near.start + int(np.argmax(steady[near]))
    spread = float(steady[max(0, place - 1) : place + 2].sum())
    return spread, _db(float(steady[place])) - _db(float(around[place]))


def bandwidth_of(sound: Sound, *, speaks: Bool[np.ndarray, " frames"]) -> float:
    """Tell up to which frequency speech is heard above the noise between it.

    Args:
        sound: Mono, at any sample rate.
        speaks: For each 32 ms whether somebody speaks.

    Returns:
        In Hz; 0 without speech.
    """
    rate = sound.sample_rate_hz
    size = max(64, round(FRAME_S * rate))
    if len(sound.samples) < 4 * size or not speaks.any():
        return 0.0
    freqs, times, power = _spectra(sound, size)
    places = np.clip((times * RATE_HZ / HOP).astype(int), 0, len(speaks) - 1)
    said = speaks[places]
    loud = _db_of(np.percentile(power[:, said], 95, axis=1))
    wide = max(3, round(300.0 / (freqs[1] - freqs[0])))
    smooth = np.convolve(np.pad(loud, wide // 2, mode="edge"), np.ones(wide) / wide, mode="valid")
    smooth = smooth[: len(freqs)]
    still = power[:, ~said]
    floor = _db_of(np.percentile(still, 95, axis=1)) if still.shape[1] >= 5 else smooth - 99.0
    heard = (smooth > smooth.max() - EDGE_BELOW_PEAK_DB) & (loud > floor + EDGE_ABOVE_NOISE_DB)
    within = np.flatnonzero(median_filter(heard.astype(np.uint8), size=wide | 1) > 0)
    return float(freqs[within[-1]]) if len(within) else 0.0


def _db_of(power: np.ndarray) -> np.ndarray:
    return np.asarray(10.0 * np.log10(np.maximum(power, 1e-13)))


def _echo(levels: Float32[np.ndarray, " hops"]) -> float:
    """Fit lines to how the level falls; nothing falls faster than the room lets it."""
    count = round(FALL_S / ECHO_HOP_S)
    if len(levels) < 10 * count:
        return 0.0
    windows = np.lib.stride_tricks.sliding_window_view(levels.astype(np.float64), count)
    ramp = np.arange(count) - (count - 1) / 2
    slopes = windows @ ramp / float(ramp @ ramp) / ECHO_HOP_S
    loud, floor = (float(np.percentile(levels, share)) for share in (95, 5))
    left = windows - windows.mean(axis=1, keepdims=True) - slopes[:, None] * ECHO_HOP_S * ramp
    straight = np.sqrt(np.square(left).mean(axis=1)) < UNSTEADY_DB
    heard = (windows[:, 0] > loud - 25.0) & (windows[:, -1] > floor + 6.0)
    falls = slopes[straight & heard & (slopes < 0)]
    if len(falls) < FEWEST_FALLS:
        return 0.0
    return 60.0 / -float(np.percentile(falls, STEEPEST_PERCENT))
