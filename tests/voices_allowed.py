"""A voice that was allowed to be made, and the record of it where the doors look for it."""

from __future__ import annotations

from consents_for_policy import recorded
from vivant.places import Places
from vivant.provenance.consent import Consent, write_consent
from vivant.provenance.consent_keeping import kept_path
from vivant.provenance.ledger import Ledger
from vivant.voice.speech import Person

VOICE_CONSENT = recorded("self", "voice-likeness", record_id="c" * 32)


def voice_of(consent: Consent, *, encoder: float = 0.7, spectral: float = 0.65) -> Person:
    """A made voice that was learned under a record."""
    return Person(
        profile_sha256="a" * 64,
        consent_id=consent.record_id,
        consent_sha256=consent.sha256,
        likeness="matched",
        encoder=encoder,
        spectral=spectral,
        word="like",
    )


def keep_record(consent: Consent, places: Places) -> None:
    """Keep a record as the voice room does, and let the ledger know it."""
    path = kept_path(consent.record_id, places=places)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    write_consent(consent, path)
    Ledger.in_places(places).note_consent(consent)
