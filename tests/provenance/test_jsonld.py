from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from pyld import jsonld  # type: ignore[import-untyped]

from full_consents import NOON, an_id, collected, full_consent
from vivant.errors import InputError
from vivant.places import Places
from vivant.provenance.consent import KINDS, Consent, Kind, attest, read_consent
from vivant.provenance.consent_events import note_check, object_to, settle, withdraw
from vivant.provenance.consent_history import new_person
from vivant.provenance.consent_keeping import kept_path
from vivant.provenance.consent_parts import LiveCheck
from vivant.provenance.jsonld import receipt_of, receipt_to_jsonld, record_of, record_to_jsonld
from vivant.provenance.receipts import check_receipt, make_receipt

DPV = "https://w3id.org/dpv#"
SAID: dict[str, Any] = {
    "note": "as she wished",
    "processing_method": "a film is made",
    "processing_locations": ("this computer", "a rented one"),
    "recipients": ({"entity_id": an_id(), "role": "recipient", "name": "An Aunt"},),
    "privacy_rights": "to know and to be forgotten",
    "authority": {"entity_id": an_id(), "role": "authority", "name": "An Office"},
    "languages": ("en",),
    "territories": ("DE",),
    "photos": ("e" * 64,),
    "post_mortem_photos": ("f" * 64,),
    "second_yes": True,
    "public_figure": False,
    "viewers_know": True,
    "pii_information": (
        {"pii_type": "photo"},
        {"pii_type": "voice-measure", "special_category": True, "optional": True},
    ),
}
CHECK = LiveCheck(
    clip_sha256="a" * 64,
    similarity=0.8123,
    frames=9,
    method="recognised",
    challenge_sha256="b" * 64,
    photos=("c" * 64,),
)


@pytest.fixture
def places(tmp_path: Path) -> Places:
    return Places(data=tmp_path / "data", cache=tmp_path / "cache")


def nothing_is_fetched(url: str, options: Any) -> Any:
    message = f"{url} was to be fetched with {options}"
    raise AssertionError(message)


def through_a_processor(document: dict[str, Any]) -> dict[str, Any]:
    """What another program makes of it: expanded, and compacted again."""
    as_text = json.loads(json.dumps(document))
    expanded = jsonld.expand(as_text, {"documentLoader": nothing_is_fetched})
    context = {"@context": as_text["@context"]}
    compacted: dict[str, Any] = jsonld.compact(
        expanded, context, {"documentLoader": nothing_is_fetched}
    )
    return compacted


@pytest.mark.parametrize("kind", KINDS)
def test_every_fact_of_a_record_comes_back(kind: Kind) -> None:
    consent = full_consent(kind, **SAID)
    document = record_to_jsonld(consent, names=True)

    for one in (document, through_a_processor(document)):
        assert Consent.model_validate(record_of(one)) == consent


@pytest.mark.parametrize("kind", ["self", "kin", "public-domain"])
def test_a_statement_comes_back_too(kind: Kind) -> None:
    consent = attest(kind, person="Ada", now=NOON)

    document = through_a_processor(record_to_jsonld(consent, names=True))

    assert Consent.model_validate(record_of(document)) == consent


def test_what_happened_and_the_seal_come_back(places: Places) -> None:
    consent = collected(places, "kin")
    person = new_person(name="Bob", relation="brother", words="No")
    note_check(consent.record_id, CHECK, places=places)
    object_to(consent.record_id, places=places, by=person)
    settle(consent.record_id, places=places, by=person, outcome="released")
    withdraw(consent.record_id, places=places, by=person)
    told = read_consent(kept_path(consent.record_id, places=places))

    document = through_a_processor(record_to_jsonld(told, names=True))

    assert Consent.model_validate(record_of(document)) == told


@pytest.mark.parametrize("kind", KINDS)
def test_names_and_words_are_left_out(kind: Kind) -> None:
    text = json.dumps(record_to_jsonld(full_consent(kind, **SAID)))

    assert "Ada" not in text
    assert "as she wished" not in text
    assert "nonce" not in text
    assert full_consent(kind).sha256 not in text


def test_a_receipt_comes_back_with_a_seal_that_holds(places: Places) -> None:
    for kind in KINDS:
        receipt = make_receipt(full_consent(kind, **SAID), places=places)

        back = receipt_of(through_a_processor(receipt_to_jsonld(receipt)))

        assert back == receipt
        assert check_receipt(back, places=places).ok


@pytest.mark.parametrize("kind", KINDS)
def test_a_record_has_what_the_profile_wants(kind: Kind) -> None:
    """The fields that the W3C guide marks as mandatory, as another program sees them."""
    (record,) = jsonld.expand(record_to_jsonld(full_consent(kind)))
    (process,) = record[f"{DPV}hasProcess"]

    assert record["@type"] == [f"{DPV}ConsentRecord"]
    assert {
        *("http://purl.org/dc/terms/identifier", "http://purl.org/dc/terms/conformsTo"),
        *("http://purl.org/dc/terms/language", f"{DPV}hasDataSubject", f"{DPV}hasNotice"),
        *(f"{DPV}hasDataController", f"{DPV}hasJurisdiction", f"{DPV}hasConsentControl"),
        f"{DPV}hasConsentStatus",
    } <= record.keys()
    assert {
        *(f"{DPV}hasPurpose", f"{DPV}hasPersonalData", f"{DPV}hasStorageCondition"),
        *(f"{DPV}hasRecipient", f"{DPV}hasLegalBasis"),
    } <= process.keys()
    (given,) = record[f"{DPV}hasConsentStatus"]
    assert given["@type"] == [f"{DPV}ConsentGiven"]
    assert {f"{DPV}isIndicatedAtTime", f"{DPV}isIndicatedBy", f"{DPV}hasDuration"} <= given.keys()


def test_a_moment_is_one_for_other_programs() -> None:
    (record,) = jsonld.expand(record_to_jsonld(full_consent(now=NOON + timedelta(days=1))))

    (moment,) = record[f"{DPV}hasConsentStatus"][0][f"{DPV}isIndicatedAtTime"]

    assert moment["@type"] == "http://www.w3.org/2001/XMLSchema#dateTime"


@pytest.mark.parametrize("document", [{}, {"dpv:hasDataSubject": 5}, {"@type": "dpv:Process"}])
def test_what_is_not_ours_is_refused(document: dict[str, Any]) -> None:
    with pytest.raises(InputError, match="no consent record"):
        record_of(document)
    with pytest.raises(InputError, match="no receipt"):
        receipt_of(document)
