"""Whether a person's voice may be heard: its consent is looked at anew each time, with what it is to say."""

from __future__ import annotations

from datetime import datetime

from vivant.places import Places
from vivant.provenance.consent import Consent, Use, read_consent
from vivant.provenance.consent_keeping import kept_path
from vivant.provenance.ledger import Ledger
from vivant.provenance.policy import PRIVATELY, Asked, Said, Showing, permit, refuse
from vivant.provenance.safekeeping import utc_now
from vivant.voice.speech import Person, Speech


def kept_consent(record_id: str, sha256: str, *, places: Places) -> Consent:
    """Read the kept copy of the record that a voice stands on.

    Args:
        record_id: The record.
        sha256: Its hash when the voice was learned.
        places: Where it is kept.

    Raises:
        ConsentError: It is gone, cannot be read, or is not the one that the voice was learned under.
    """
    path = kept_path(record_id, places=places)
    if not path.is_file():
        refuse("record.missing", consent_id=record_id)
    consent = read_consent(path)
    if consent.sha256 != sha256:
        found = f"its hash is {consent.sha256[:12]}, and the voice was learned under {sha256[:12]}"
        refuse("record.changed", consent_id=record_id, found=found)
    return consent


def permit_person(
    person: Person,
    *,
    words: tuple[Said, ...] = (),
    use: Use = "voice-likeness",
    showing: Showing = PRIVATELY,
    now: datetime | None = None,
    places: Places,
) -> Consent:
    """Insist that a person's made voice may be heard.

    Args:
        person: Whose voice, as a speech tells it.
        words: What it says.
        use: What for; a voice always needs ``voice-likeness``, and this besides.
        showing: To whom and where it will be heard.
        now: The moment; now when left out.
        places: Where the record's copy and the ledger are.

    Returns:
        The record.

    Raises:
        ConsentError: It may not be; ``rule`` names what refused.
    """
    consent = kept_consent(person.consent_id, person.consent_sha256, places=places)
    moment, ledger = now or utc_now(), Ledger.in_places(places)
    for one in dict.fromkeys(("voice-likeness", use)):
        permit(consent, Asked(use=one, words=words).to_be_shown(showing), now=moment, ledger=ledger)
    return consent


def said_in(speech: Speech) -> tuple[Said, ...]:
    """Tell what is said in a speech, for the policy; nothing in one whose maker gave no words."""
    recorded = not speech.synthetic
    if not speech.text.strip() and not recorded:
        return ()
    return (Said(text=speech.text, language=speech.language, recorded=recorded),)
