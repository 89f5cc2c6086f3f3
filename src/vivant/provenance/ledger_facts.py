"""What the ledger says of consents, films and sounds: ids, hashes and numbers, never a name."""

from __future__ import annotations

from typing import Any

from vivant.provenance.consent import Consent
from vivant.provenance.ledger_lines import stamp_of
from vivant.provenance.record import FilmRecord, SoundRecord


def facts_of_consent(consent: Consent) -> dict[str, Any]:
    """Say which consent was given, for what, and when it ends."""
    facts: dict[str, Any] = {
        "record_id": consent.record_id,
        "record_sha256": consent.sha256,
        "kind": consent.kind,
        "purposes": list(consent.purposes),
    }
    if consent.expires is not None:
        facts["expires"] = stamp_of(consent.expires)
    if consent.objection_until is not None:
        facts["objection_until"] = stamp_of(consent.objection_until)
    if consent.photos:
        facts["photos"] = list(consent.photos)
    return facts


def facts_of_film(record: FilmRecord) -> dict[str, Any]:
    """Say which film was made, and under the consents of whom."""
    facts: dict[str, Any] = {
        "film_id": record.film_id,
        "record_sha256": record.sha256,
        "consent_id": record.consent_id,
        "consent_sha256": record.consent_sha256,
    }
    person = record.recipe.person_voice
    if person is not None:
        facts["voice_consent_id"] = person.consent_id
        facts["voice_consent_sha256"] = person.consent_sha256
    if record.recipe.consents is not None:
        facts["consent_ids"] = [one.record_id for one in record.recipe.consents]
    if record.recipe.person_voices is not None:
        facts["voice_consent_ids"] = [one.consent_id for one in record.recipe.person_voices]
    return facts


def facts_of_sound(record: SoundRecord) -> dict[str, Any]:
    """Say which sound was made, and under whose consent where its voice is like a person's."""
    facts: dict[str, Any] = {"sound_id": record.sound_id, "record_sha256": record.sha256}
    person = record.recipe.person_voice
    if person is not None:
        facts |= {
            "consent_id": person.consent_id,
            "consent_sha256": person.consent_sha256,
            "profile_sha256": person.profile_sha256,
            "likeness": person.likeness,
            "encoder": round(person.encoder, 4),
            "spectral": round(person.spectral, 4),
        }
    return facts
