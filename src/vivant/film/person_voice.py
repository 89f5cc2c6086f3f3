"""A person's voice in what is made: how the papers name it, and the mark in its sound."""

from __future__ import annotations

import logging
from collections.abc import Iterable

from vivant.errors import MissingError
from vivant.media.sound import Sound
from vivant.places import Places
from vivant.provenance.record import PersonVoice
from vivant.provenance.sound_mark import MARK_NAME, PRESENT, mark_sound, read_sound_mark
from vivant.voice.speech import Person, Speech

logger = logging.getLogger(__name__)


def papers_of(person: Person, *, watermark: str) -> PersonVoice:
    """Write down whose voice it is, by hashes, and how like.

    Args:
        person: As the speech tells it.
        watermark: Kind of the mark in the sound; empty where there is none.
    """
    return PersonVoice(
        profile_sha256=person.profile_sha256,
        consent_id=person.consent_id,
        consent_sha256=person.consent_sha256,
        likeness=person.likeness,
        encoder=person.encoder,
        spectral=person.spectral,
        word=person.word,
        watermark=watermark,
    )


def voice_in_papers(speech: Speech) -> str:
    """Name a voice without naming a person: papers travel, and people give voices the names of people."""
    if speech.person is None:
        return speech.voice
    return f"person@{speech.voice.partition('@')[2]}".removesuffix("@")


def marked_sound(sound: Sound, *, places: Places) -> tuple[Sound, str]:
    """Mark a person's voice as made by a machine, inaudibly, in time to the sample.

    Returns:
        The sound, and the kind of mark; the sound as it was, and nothing, where the mark's model is not
        on this machine.
    """
    try:
        return mark_sound(sound, places=places), MARK_NAME
    except MissingError as error:
        logger.warning("the sound gets no watermark", extra={"why": str(error)})
        return sound, ""


def mark_is_heard(sounds: Iterable[Sound], *, places: Places, least: float = PRESENT) -> bool:
    """Tell whether the mark can be read in one of some pieces; not in all that is short or no speech.

    Args:
        sounds: The pieces.
        places: Where models are kept.
        least: Confidence from which it counts.
    """
    if any(read_sound_mark(sound, places=places).confidence >= least for sound in sounds):
        return True
    logger.warning(
        "the watermark cannot be read back", extra={"why": "the sound is too short, or no speech"}
    )
    return False
