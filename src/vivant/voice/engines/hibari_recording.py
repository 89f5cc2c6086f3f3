"""What a poor recording and its cleaning do to a voice, tried on the embedded one."""

from __future__ import annotations

import numpy as np
from jaxtyping import Float32
from scipy.signal import butter, sosfiltfilt

from vivant.media.sound import Sound
from vivant.places import Places
from vivant.voice.denoising import denoised
from vivant.voice.spectra import RATE_HZ

POOR_BELOW_DB = 20.0
"""A recording whose speech stands less above its noise was changed by its cleaning."""
TELEPHONE_BELOW_HZ = 5_000.0
TELEPHONE_LOW_HZ = 300.0
ROOM_FROM_HZ = 60.0
HISS = 0.7
"""Even noise beside the noise of rooms and lines, which falls by 6 dB an octave."""
AUDIBLE = 0.03
"""Of the peak: what counts as speech when the noise is set against it."""


def as_recorded(
    samples: Float32[np.ndarray, " samples"],
    *,
    bandwidth_hz: float,
    snr_db: float,
    places: Places | None = None,
) -> Float32[np.ndarray, " samples"]:
    """Send a voice through a recording like the person's, noise and cleaning included.

    Args:
        samples: Mono speech at 24 kHz.
        bandwidth_hz: Above it the recording holds nothing.
        snr_db: Speech over noise before cleaning.
        places: Where models are kept.

    Returns:
        As many samples.

    Raises:
        MissingError: The model that takes noise off was not fetched.
    """
    low = TELEPHONE_LOW_HZ if bandwidth_hz < TELEPHONE_BELOW_HZ else ROOM_FROM_HZ
    high = min(bandwidth_hz, 0.49 * RATE_HZ)
    voice = sosfiltfilt(butter(4, (low, high), "band", fs=RATE_HZ, output="sos"), samples)
    random = np.random.default_rng(0)
    room = butter(2, (ROOM_FROM_HZ, high), "band", fs=RATE_HZ, output="sos")
    brown = sosfiltfilt(room, np.cumsum(random.standard_normal(len(voice))))
    hiss = sosfiltfilt(room, random.standard_normal(len(voice)))
    noise = brown / brown.std() + HISS * hiss / hiss.std()
    loud = np.abs(voice) > AUDIBLE * np.abs(voice).max()
    noise *= np.sqrt(np.mean(voice[loud] ** 2)) / noise.std() * 10 ** (-snr_db / 20)
    heard = Sound(samples=np.asarray(voice + noise, np.float32), sample_rate_hz=RATE_HZ)
    return denoised(heard, places=places).samples
