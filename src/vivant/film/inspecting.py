"""Measure any film: time, sound, face, lips, stillness, papers."""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Literal

import numpy as np
from jaxtyping import UInt8

from vivant.film.comparing import face_in_photo, resemble
from vivant.film.decoding import probe, read_sound
from vivant.film.inspection import Inspection, Row
from vivant.film.keeping import Notes, read_notes
from vivant.film.motions import (
    blinks_of,
    closures_reached,
    lip_sync,
    loudness_of_frames,
    pops_of,
)
from vivant.film.seeing import Seen, look_through
from vivant.film.sheet import contact_sheet
from vivant.film.verifying import verify_film
from vivant.intake.engine import FaceEngine
from vivant.intake.engines.mediapipe import MediapipeFaces
from vivant.intake.likeness import Likeness
from vivant.intake.reading import read_photo
from vivant.media.loudness import measure
from vivant.media.sound import Sound
from vivant.media.time import first_sample_of
from vivant.media.watch import Watch, unwatched
from vivant.performance.performing import closure_frames
from vivant.places import Places
from vivant.voice.listening import hear
from vivant.voice.speech import Phone, Speech

__all__ = ["Inspection", "Row", "contact_sheet", "inspect_film"]

SHORTEST_FOR_BLINKS_S = 5
"""A shorter film tells nothing about how often somebody blinks."""
PEAK = 255.0


@dataclass(frozen=True, slots=True, kw_only=True)
class _Said:
    """On which frames the lips must meet, and how that is known."""

    closures: tuple[tuple[int, int], ...] = ()
    source: Literal["notes", "transcript", "none"] = "none"


def inspect_film(  # noqa: PLR0913 - what is known of a film, each of it optional
    path: Path,
    *,
    photo: Path | None = None,
    likeness: Likeness | None = None,
    speech: Speech | None = None,
    speech_starts: int = 0,
    transcript: str | None = None,
    places: Places | None = None,
    engine: FaceEngine | None = None,
    watch: Watch = unwatched,
) -> Inspection:
    """Measure a film, ours or anybody's.

    What is said when is needed to check p, b and m. It comes from ``speech``, or from what this machine
    wrote down when it made the film, or from the sound and a transcript.

    Args:
        path: The film.
        photo: The photo that it was made from; identity and sharpness are measured against it.
        likeness: The same, when it is at hand.
        speech: What is said.
        speech_starts: The frame with which ``speech`` begins.
        transcript: The words, when nothing more is known.
        places: Where models, notes, ledger and certificates are.
        engine: Who sees faces.
        watch: Hears ``"looking"`` and ``"verifying"``.

    Returns:
        The measurements; what could not be measured is None.

    Raises:
        InputError: It is no film, or the photo shows no face.
    """
    places = places or Places()
    path = Path(path)
    engine = engine or MediapipeFaces(places=places)
    pixels = _pixels_of(photo, likeness)
    face = None if pixels is None else face_in_photo(pixels, engine=engine)
    facts = probe(path)
    papers = verify_film(path, places=places, watch=watch)
    notes = read_notes(papers.film_id, places=places)
    sound = read_sound(path) if facts.sound_s is not None else None
    seen = look_through(path, frames=facts.frames, rate=facts.rate, engine=engine, watch=watch)
    said = _said(
        sound,
        facts.rate,
        notes,
        speech,
        speech_starts=speech_starts,
        transcript=transcript,
        places=places,
    )
    loud = (
        None
        if sound is None
        else loudness_of_frames(sound, frames=len(seen.found), rate=facts.rate)
    )
    changes = seen.face_change[1:][~np.isnan(seen.face_change[1:])]
    return Inspection(
        facts=facts,
        loudness=None if sound is None else measure(sound),
        face_share=float(seen.found.mean()) if len(seen.found) else 0.0,
        resemblance=None
        if pixels is None or face is None
        else resemble(seen, pixels, face, engine=engine),
        lip_sync=None if loud is None else lip_sync(seen.lip_gap, loud, rate=facts.rate),
        closures=len(said.closures),
        closures_reached=closures_reached(seen.lip_gap, said.closures),
        closures_from=said.source,
        blinks_per_minute=_blinks(seen),
        head_range_deg=_head_range(seen),
        background_psnr_db=_psnr(seen.background_error),
        background_share=seen.background_share,
        largest_face_change=float(changes.max()) if changes.size else None,
        pops=pops_of(seen.face_change),
        folded_cells=None if notes is None else notes.folded_cells,
        papers=papers,
    )


def _pixels_of(
    photo: Path | None, likeness: Likeness | None
) -> UInt8[np.ndarray, "height width 3"] | None:
    if likeness is not None:
        return likeness.base.picture.pixels
    return None if photo is None else read_photo(photo).picture.pixels


def _said(
    sound: Sound | None,
    rate: Fraction,
    notes: Notes | None,
    speech: Speech | None,
    *,
    speech_starts: int,
    transcript: str | None,
    places: Places,
) -> _Said:
    """Find out on which frames lips must meet."""
    if sound is None:
        return _Said()
    if speech is None and notes is not None and notes.speech is not None:
        speech, speech_starts = notes.speech, notes.speech_starts
    if speech is not None:
        heard = _as_heard(speech, sound, starts=speech_starts, rate=rate)
        return _Said(closures=_closures(heard, speech_starts, rate), source="notes")
    if transcript:
        heard = _heard(sound, transcript, places)
        return _Said(closures=_closures(heard, 0, rate), source="transcript")
    return _Said()


def _closures(speech: Speech, starts: int, rate: Fraction) -> tuple[tuple[int, int], ...]:
    return closure_frames(speech, rate=rate, lead_s=float(starts / rate))


def _heard(sound: Sound, transcript: str, places: Places) -> Speech:
    heard = hear(sound, text=transcript, places=places)
    return Speech(
        sound=sound,
        words=(),
        phones=heard.phones,
        text="",
        language="und",
        voice="recording",
        synthetic=False,
    )


def _as_heard(speech: Speech, sound: Sound, *, starts: int, rate: Fraction) -> Speech:
    """Put a speech's phones on the film's own sound."""
    first = first_sample_of(starts, rate=rate, sample_rate_hz=sound.sample_rate_hz)
    stretch = Fraction(sound.sample_rate_hz, speech.sound.sample_rate_hz)
    length = round(len(speech.sound.samples) * stretch)
    samples = np.zeros(length, np.float32)
    part = sound.samples[first : first + length]
    samples[: len(part)] = part
    phones = tuple(
        Phone(
            symbol=phone.symbol,
            first=round(phone.first * stretch),
            last=round(phone.last * stretch),
            stress=phone.stress,
        )
        for phone in speech.phones
    )
    return Speech(
        sound=Sound(samples=samples, sample_rate_hz=sound.sample_rate_hz),
        words=(),
        phones=phones,
        text="",
        language=speech.language,
        voice=speech.voice,
        synthetic=speech.synthetic,
    )


def _blinks(seen: Seen) -> float | None:
    seconds = len(seen.found) / seen.rate
    if seconds < SHORTEST_FOR_BLINKS_S or not seen.found.any():
        return None
    return float(len(blinks_of(seen.eye_openness, rate=seen.rate)) * 60 / seconds)


def _head_range(seen: Seen) -> tuple[float, float, float] | None:
    if not seen.found.any():
        return None
    low, high = np.nanmin(seen.head_deg, axis=0), np.nanmax(seen.head_deg, axis=0)
    yaw, pitch, roll = (float(reach) for reach in high - low)
    return yaw, pitch, roll


def _psnr(error: float) -> float | None:
    if math.isnan(error):
        return None
    return math.inf if error == 0 else 10 * math.log10(PEAK**2 / error)
