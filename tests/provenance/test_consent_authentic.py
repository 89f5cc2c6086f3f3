from __future__ import annotations

from pathlib import Path

import pytest

from full_consents import NOON, collected, full_consent
from paper_trail import a_consent
from vivant.errors import InputError
from vivant.places import Places
from vivant.provenance.consent import Consent, read_consent, write_consent
from vivant.provenance.consent_authentic import (
    ConsentForgedError,
    ConsentUnknownError,
    check_consent,
    insist_on_authentic,
    seal_consent,
)
from vivant.provenance.consent_events import withdraw
from vivant.provenance.consent_history import ledger_state
from vivant.provenance.consent_keeping import (
    full_id,
    import_record,
    kept_path,
)
from vivant.provenance.ledger import Ledger


@pytest.fixture
def places(tmp_path: Path) -> Places:
    return Places(data=tmp_path / "data", cache=tmp_path / "cache")


@pytest.fixture
def elsewhere(tmp_path: Path) -> Places:
    return Places(data=tmp_path / "elsewhere", cache=tmp_path / "cache")


def test_a_record_that_was_collected_here_is_known(places: Places, tmp_path: Path) -> None:
    consent = collected(places)
    write_consent(consent, tmp_path / "copy.json")

    found = insist_on_authentic(
        read_consent(tmp_path / "copy.json"), Ledger.in_places(places), places=places
    )

    assert (found.standing, found.seal) == ("known", "trusted")


def test_a_statement_needs_no_more_than_itself(places: Places) -> None:
    assert (
        insist_on_authentic(a_consent(), Ledger.in_places(places), places=places).standing
        == "statement"
    )


def test_another_record_under_the_same_id_is_a_forgery(places: Places) -> None:
    consent = collected(places)
    wider = consent.model_copy(update={"purposes": ("portrait-film", "commerce")})

    for forged in (wider, wider.model_copy(update={"seal": None})):
        with pytest.raises(ConsentForgedError, match="not genuine"):
            insist_on_authentic(forged, Ledger.in_places(places), places=places)


def test_a_statement_that_was_widened_is_a_forgery(places: Places) -> None:
    consent = a_consent()
    Ledger.in_places(places).note_consent(consent)
    wider = consent.model_copy(update={"expires": None})

    with pytest.raises(ConsentForgedError):
        insist_on_authentic(wider, Ledger.in_places(places))


def test_a_full_record_from_nowhere_is_refused(places: Places) -> None:
    with pytest.raises(ConsentUnknownError, match="--import"):
        insist_on_authentic(full_consent(), Ledger.in_places(places), places=places)


def test_a_seal_of_somebody_unknown_vouches_for_nothing(places: Places, elsewhere: Places) -> None:
    consent = collected(elsewhere)

    found = check_consent(consent, Ledger.in_places(places), places=places)

    assert (found.standing, found.seal) == ("unknown", "valid")


def test_a_seal_of_a_trusted_signer_vouches(places: Places, elsewhere: Places) -> None:
    consent = collected(elsewhere)
    root = next((elsewhere.data / "keys" / "own").glob("*root*.pem"))
    trusted = places.data / "keys" / "trusted"
    trusted.mkdir(parents=True)
    (trusted / "friend.pem").write_bytes(root.read_bytes())

    found = insist_on_authentic(consent, Ledger.in_places(places), places=places)

    assert found.standing == "sealed"


@pytest.mark.parametrize("field", ["person", "note", "nonce"])
def test_a_sealed_record_that_was_changed_is_a_forgery(
    places: Places, elsewhere: Places, field: str
) -> None:
    consent = seal_consent(full_consent(), places=elsewhere, now=NOON)
    changed = consent.model_copy(update={field: "e" * 32})

    assert check_consent(changed, Ledger.in_places(places), places=places).standing == "forged"


def test_an_imported_record_is_known_with_all_that_happened(
    places: Places, elsewhere: Places
) -> None:
    given = collected(elsewhere, "kin")
    withdraw(given.record_id, places=elsewhere)
    consent = read_consent(kept_path(given.record_id, places=elsewhere))

    import_record(consent, places=places)

    ledger = Ledger.in_places(places)
    assert check_consent(consent, ledger, places=places).standing == "known"
    assert ledger_state(consent.record_id, ledger) == "withdrawn"
    assert import_record(consent, places=places) == consent, "twice is once"


def test_what_is_not_complete_is_not_imported(places: Places) -> None:
    half = Consent.model_validate(
        full_consent().model_dump() | {"schema_version": "consent/1", "language": None}
    )

    with pytest.raises(InputError, match="language"):
        import_record(half, places=places)


def test_a_forgery_is_not_imported(places: Places) -> None:
    consent = collected(places)
    wider = consent.model_copy(update={"expires": None, "seal": None})

    with pytest.raises(ConsentForgedError):
        import_record(wider, places=places)


def test_a_record_is_called_by_its_first_digits(places: Places) -> None:
    consent = collected(places)

    assert full_id(consent.record_id[:8], places=places) == consent.record_id
    assert full_id("0" * 32, places=places) == "0" * 32
    for nonsense in ("ada", "abcdef0", "ABCDEF12", consent.record_id[:3]):
        with pytest.raises(InputError):
            full_id(nonsense, places=places)
