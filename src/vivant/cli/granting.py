"""Consent on the command line: a record is read, or written from what the user attests."""

from __future__ import annotations

from pathlib import Path

from vivant.cli.screen import note
from vivant.cli.wishes import Attestation, consent_is_given
from vivant.places import Places
from vivant.provenance.consent import Consent, Kind, attest, read_consent, write_consent
from vivant.provenance.ledger import Ledger

_KINDS: dict[Attestation, Kind] = {
    Attestation.SELF: "self",
    Attestation.KIN: "kin",
    Attestation.PUBLIC_DOMAIN: "public-domain",
}


def take_consent(
    file: Path | None, attest_as: Attestation | None, *, words: str | None, places: Places
) -> Consent:
    """Read the record, or write one in the data folder and say where it lies.

    Args:
        file: The record.
        attest_as: Who agrees, when there is no record.
        words: What the user wants written into an attested record.
        places: Where attested records are kept.

    Raises:
        ConsentError: There is none, or it does not hold.
        InputError: Both were given.
    """
    consent_is_given(file, attest_as)
    if file is not None:
        return read_consent(file)
    kind = _KINDS[attest_as or Attestation.SELF]
    consent = attest(kind, note=words)
    folder = places.data / "consents"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    kept = folder / f"{consent.record_id}.json"
    write_consent(consent, kept)
    Ledger.in_places(places).note_consent(consent)
    note(f"Consent {consent.record_id[:12]} ({kind}) is kept in {kept}")
    return consent
