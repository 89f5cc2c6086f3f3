"""Consent on the command line: a record is read, or written from what the user attests."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from vivant.cli.screen import note
from vivant.cli.wishes import Attestation, consent_is_given
from vivant.errors import ConsentError
from vivant.places import Places
from vivant.provenance.consent import (
    Consent,
    ConsentWithdrawnError,
    Kind,
    attest,
    read_consent,
    write_consent,
)
from vivant.provenance.consent_keeping import remember
from vivant.provenance.ledger import Ledger
from vivant.provenance.policy import permit
from vivant.provenance.safekeeping import utc_now
from vivant.studio.sources import sources_of
from vivant.studio.store import key_of

_KINDS: dict[Attestation, Kind] = {
    Attestation.SELF: "self",
    Attestation.KIN: "kin",
    Attestation.PUBLIC_DOMAIN: "public-domain",
}


def take_consent(
    file: Path | None,
    attest_as: Attestation | None,
    *,
    photos: Sequence[Path],
    words: str | None,
    whose: str = "",
    places: Places,
) -> Consent:
    """Read the record, or write one in the data folder and say where it lies.

    What was attested for the same photos before, and still holds, is not attested again: so the same
    command gives the same film.

    Args:
        file: The record.
        attest_as: Who agrees, when there is no record.
        photos: What it is attested for.
        words: What the user wants written into an attested record.
        whose: Who in the photos it is for, where several are in them.
        places: Where attested records are kept.

    Raises:
        ConsentError: There is none, or it does not hold.
        InputError: Both were given, or a photo is not there.
    """
    consent_is_given(file, attest_as)
    if file is not None:
        given = read_consent(file)
        remember(given, places=places)
        return given
    kind = _KINDS[attest_as or Attestation.SELF]
    hashes = sorted(source.sha256 for source in sources_of(photos))
    kept = (
        places.data
        / "consents"
        / f"attested-{key_of([kind, words or '', whose, *hashes])[:16]}.json"
    )
    consent = _still_holding(kept, places=places)
    if consent is None:
        consent = attest(kind, note=words, photos=hashes)
        kept.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        write_consent(consent, kept)
        Ledger.in_places(places).note_consent(consent)
    note(f"Consent {consent.record_id[:12]} ({kind}) is kept in {kept}")
    return consent


def _still_holding(kept: Path, *, places: Places) -> Consent | None:
    """Read what was attested before, if it may still be used.

    Raises:
        ConsentWithdrawnError: It was taken back, erased, or is held: another statement does not undo that.
    """
    if not kept.is_file():
        return None
    try:
        consent = read_consent(kept)
        _insist_on_no_objection(consent, places=places)
        permit(consent, use="portrait-film", now=utc_now(), ledger=Ledger.in_places(places))
    except ConsentWithdrawnError:
        raise
    except ConsentError:
        return None
    return consent


def _insist_on_no_objection(consent: Consent, *, places: Places) -> None:
    state = Ledger.in_places(places).state_of(consent.record_id).state
    if state in ("withdrawn", "held", "erased"):
        message = (
            f"Consent {consent.record_id} was stated for the same photos, and is {state}. Stating it once more does not undo "
            f"that: settle it, or collect a full record with vivant consent new."
        )
        raise ConsentWithdrawnError(message)
