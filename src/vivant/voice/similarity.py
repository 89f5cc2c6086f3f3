"""How like a person a made voice is: the two measures that judge, and that nothing which makes a voice may see.

Both ask the same: how far on the way from the engine's unmatched voice to the person's own other speech
is the made one? Everything is held against *held-out* speech, which no fit has seen:

- a speaker encoder (``speaker``) compares vectors with that of the held-out speech;
- a model of the held-out speech's spectra tells how likely other spectra are under it, beside
  how likely they are under a model of everybody's.

The other end of the way is the person's ``reference``: it is speech of theirs that the model of the
held-out speech was not made from. Voices are compared only as far up as the recordings reach, and a voice
made from a telephone recording is held against it as if it came through that telephone.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from scipy.signal import butter, sosfiltfilt

from vivant.media.hearing import resampled
from vivant.media.sound import Sound
from vivant.places import Places
from vivant.voice.person import Reference, Resemblance
from vivant.voice.speaker import speaker_vector
from vivant.voice.spectral_likelihood import RATE_HZ, Everybody, likeness

SENTENCES: Final = (
    "My mother kept a small map of all the places where we used to live.",
    "Did you ever wonder why the old ship never left the harbour again?",
    "She poured the coffee, looked out of the window, and laughed at the rain.",
    "Please bring both of the boxes, because the judge will ask for them.",
    "In the evening we sang songs, and my uncle played the piano very badly.",
    "I thought about your question for a long while, and my answer is still yes.",
    "The young doctor measured the height of every child in the village.",
    "Nothing makes me happier than good bread, fresh butter, and a quiet garden.",
)
"""What a voice is made to say to be measured: every sound of English, some of them often."""

FULL_BAND_HZ = 7000.0
TELEPHONE_HZ = 4500.0
"""A recording that ends below this came through a telephone, which takes the lowest tones as well."""
TELEPHONE_LOW_HZ = 300.0
LEAST_COSINE_GAP = 0.05
LEAST_SPECTRAL_GAP = 0.2
"""A way shorter than this cannot be divided: the unmatched voice is as like the person as they themselves."""


def resemblance(
    made: Sound,
    unmatched: Sound,
    *,
    held_out: Reference,
    reference: Reference,
    places: Places | None = None,
) -> Resemblance:
    """Tell how like a person a made voice is.

    Args:
        made: The voice made to be like the person, saying ``SENTENCES`` or others.
        unmatched: The engine's own voice saying the same.
        held_out: Speech of the person that no fit has seen, best 10 s or more.
        reference: Other speech of the person, such as the fit was made from.
        places: Where models are kept.

    Returns:
        Both shares. They waver by some 0.05 with 10 s of held-out speech and half a minute of the others.

    Raises:
        InputError: One of the sounds holds less than half a second of speech.
        MissingError: The speaker encoder was not fetched.
    """
    bandwidth_hz = min(held_out.bandwidth_hz, reference.bandwidth_hz)
    kept, target, voice, plain = (
        _as_recorded(sound, bandwidth_hz)
        for sound in (held_out.sound, reference.sound, made, unmatched)
    )
    vector = speaker_vector(kept, places=places)
    cosines = [float(vector @ speaker_vector(s, places=places)) for s in (voice, plain, target)]
    everybody = Everybody.up_to(bandwidth_hz)
    likes = [likeness(sound, person=kept, everybody=everybody) for sound in (voice, plain, target)]
    return Resemblance(
        encoder=_share(*cosines, least=LEAST_COSINE_GAP),
        spectral=_share(*likes, least=LEAST_SPECTRAL_GAP),
        cosine=cosines[0],
        held_out_s=held_out.seconds,
    )


def _share(made: float, unmatched: float, person: float, *, least: float) -> float:
    return (made - unmatched) / max(person - unmatched, least)


def _as_recorded(sound: Sound, bandwidth_hz: float) -> Sound:
    """Let a sound through the band of the recordings, at the rate of the measures."""
    heard = resampled(sound, sample_rate_hz=RATE_HZ)
    if bandwidth_hz >= FULL_BAND_HZ or len(heard.samples) < RATE_HZ // 10:
        return heard
    samples = sosfiltfilt(butter(6, bandwidth_hz, fs=RATE_HZ, output="sos"), heard.samples)
    if bandwidth_hz < TELEPHONE_HZ:
        low = butter(3, TELEPHONE_LOW_HZ, "highpass", fs=RATE_HZ, output="sos")
        samples = sosfiltfilt(low, samples)
    return Sound(samples=np.asarray(samples, np.float32), sample_rate_hz=RATE_HZ)
