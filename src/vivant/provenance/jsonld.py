"""Consent records and receipts as JSON-LD, in the words of the W3C Data Privacy Vocabulary.

The shape is that of the W3C community report "Consent Records and Receipts as per ISO/IEC TS
27560:2023 using DPV" (https://w3id.org/dpv/guides/consent-27560): a ``dpv:ConsentRecord`` with one
``dpv:Process``, and a ``dpv:ConsentReceipt`` around one. What that vocabulary has no word for stands
under ``vivant:``. The context stands in the document, so nothing is fetched. Every fact of a record
comes back from it (``record_of``); names and free words only if they were asked for.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from vivant.errors import InputError
from vivant.provenance.consent import Consent
from vivant.provenance.jsonld_terms import (
    BASES,
    CONTEXT,
    PERSONAL_DATA,
    PURPOSES,
    STATES,
    SUBJECTS,
    TEXT_FIELDS,
)

Facts = dict[str, Any]

_ENTITY, _EVENT, _RECORD = "urn:vivant:entity:", "urn:vivant:event:", "urn:vivant:consent:"
_PERSON, _RECEIPT = "urn:vivant:person:", "urn:vivant:receipt:"
_PROFILE = "https://w3id.org/dpv/schema/dpv-27560#"
_SECRET = frozenset({"person", "note", "nonce", "name", "words", "seal"})
_ELSEWHERE = frozenset(
    {
        *("record_id", "pii_principal_id", "person", "purposes", "territories", "lawful_basis"),
        *("privacy_notice", "events", "language", "jurisdiction", "pii_controllers"),
        *("pii_information", "processing_method", "processing_locations", "storage_locations"),
        *("retention_period", "recipients", "withdrawal_method", "privacy_rights", "authority"),
    }
)
"""Fields for which the vocabulary has words; all others stand under ``vivant:`` by their own name."""


def record_to_jsonld(consent: Consent, *, names: bool = False) -> Facts:
    """Write a record as JSON-LD.

    Args:
        consent: The record.
        names: Whether names, notes and people's own words are to be in it, and what else the hash covers.
    """
    facts = consent.model_dump(mode="json", exclude_none=True)
    facts = {
        key: value for key, value in facts.items() if value not in ([], False) or key in TEXT_FIELDS
    }
    if not names:
        facts = _without_secrets(facts)
    return {"@context": CONTEXT, **_record(facts), "vivant:sha256": consent.sha256}


def receipt_to_jsonld(receipt: Mapping[str, Any]) -> Facts:
    """Write a receipt as JSON-LD; with its seal, which still holds for what ``receipt_of`` gives back."""
    own = ("schema_version", "receipt_id", "made_at", "record_sha256", "given_at", "seal")
    inner = {key: value for key, value in receipt.items() if key not in own}
    return {
        "@context": CONTEXT,
        "@id": _RECEIPT + str(receipt["receipt_id"]),
        "@type": "dpv:ConsentReceipt",
        "dct:identifier": receipt["receipt_id"],
        "dct:conformsTo": {"@id": f"{_PROFILE}receipt-record"},
        "dct:created": receipt["made_at"],
        "vivant:schema_version": receipt["schema_version"],
        "vivant:given_at": receipt["given_at"],
        "vivant:record_sha256": receipt["record_sha256"],
        **({"vivant:seal": _under_vivant(receipt["seal"])} if "seal" in receipt else {}),
        "dpv:hasRecordOfActivity": _record(inner),
    }


def record_of(document: Mapping[str, Any]) -> Facts:
    """Read the facts of a record back from its JSON-LD.

    Raises:
        InputError: It is not one of ours.
    """
    try:
        return _facts(document)
    except (KeyError, TypeError, AttributeError, IndexError, ValueError):
        message = "This is no consent record in the shape that Vivant writes. Export it anew."
        raise InputError(message) from None


def receipt_of(document: Mapping[str, Any]) -> Facts:
    """Read a receipt back from its JSON-LD.

    Raises:
        InputError: It is not one of ours.
    """
    try:
        inner = _facts(_one(document["dpv:hasRecordOfActivity"]))
        found = {
            **inner,
            "schema_version": document["vivant:schema_version"],
            "receipt_id": document["dct:identifier"],
            "made_at": document["dct:created"],
            "given_at": document["vivant:given_at"],
            "record_sha256": document["vivant:record_sha256"],
        }
        if "vivant:seal" in document:
            found["seal"] = _from_vivant(document["vivant:seal"])
    except (KeyError, TypeError, AttributeError, IndexError, ValueError):
        message = "This is no receipt in the shape that Vivant writes. Export it anew."
        raise InputError(message) from None
    return found


def _without_secrets(thing: Any) -> Any:  # noqa: ANN401 -- whatever JSON holds
    if isinstance(thing, dict):
        kept = {key: value for key, value in thing.items() if key not in _SECRET}
        return {key: _without_secrets(value) for key, value in kept.items()}
    return [_without_secrets(one) for one in thing] if isinstance(thing, list) else thing


def _record(facts: Mapping[str, Any]) -> Facts:
    subject: Facts = {
        "@id": _PERSON + facts["pii_principal_id"],
        "@type": SUBJECTS.get(facts["kind"], "dpv:DataSubject"),
        "dct:identifier": facts["pii_principal_id"],
    }
    if "person" in facts:
        subject["dpv:hasName"] = facts["person"]
    record: Facts = {
        "@id": _RECORD + facts["record_id"],
        "@type": "dpv:ConsentRecord",
        "dct:identifier": facts["record_id"],
        "dct:conformsTo": {"@id": f"{_PROFILE}record"},
        "dpv:hasDataSubject": subject,
        "dpv:hasProcess": _process(facts),
        "dpv:hasConsentStatus": [
            _event(one, first=i == 0, facts=facts) for i, one in enumerate(facts["events"])
        ],
    }
    for field, (term, write, _read) in _TERMS.items():
        if field in facts:
            record[term] = write(facts[field])
    own_word = {"lawful_basis"} if facts["lawful_basis"] in BASES else set()
    rest = {key: value for key, value in facts.items() if key not in _ELSEWHERE - own_word}
    record.update(_under_vivant(rest))
    return record


def _facts(document: Mapping[str, Any]) -> Facts:
    subject = _one(document["dpv:hasDataSubject"])
    facts: Facts = {
        "record_id": document["dct:identifier"],
        "pii_principal_id": subject["dct:identifier"],
        "events": [_event_of(one) for one in _many(document["dpv:hasConsentStatus"])],
        **_process_of(_one(document["dpv:hasProcess"])),
    }
    if "dpv:hasName" in subject:
        facts["person"] = subject["dpv:hasName"]
    for field, (term, _write, read) in _TERMS.items():
        if term in document:
            facts[field] = read(document[term])
    rest = {
        key: value
        for key, value in document.items()
        if key.startswith("vivant:") and key != "vivant:sha256"
    }
    facts.update(_from_vivant(rest))
    return facts


def _process(facts: Mapping[str, Any]) -> Facts:
    parties = facts.get("recipients", []) or facts.get("pii_controllers", [])
    basis = BASES.get(facts["lawful_basis"], facts["lawful_basis"])
    storage: list[Facts] = []
    if "storage_locations" in facts:
        storage.append({"@type": "dpv:StorageLocation", "dct:title": facts["storage_locations"]})
    if "retention_period" in facts:
        storage.append({"@type": "dpv:StorageDuration", "dct:extent": facts["retention_period"]})
    process: Facts = {
        "@type": "dpv:Process",
        "dpv:hasPurpose": [
            {"@type": PURPOSES.get(use, "dpv:Purpose"), "dct:identifier": use}
            for use in facts["purposes"]
        ],
        "dpv:hasLegalBasis": {"@id": basis} if re.fullmatch(r"dpv:\w+", basis) else basis,
        "dpv:hasPersonalData": [_data(one) for one in facts.get("pii_information", [])],
        "dpv:hasStorageCondition": storage,
        "dpv:hasRecipient": [_party(one) for one in parties],
    }
    if "processing_method" in facts:
        process["dpv:hasProcessing"] = {
            "@type": "dpv:Processing",
            "dct:description": facts["processing_method"],
        }
    if "processing_locations" in facts:
        where = {"@type": "dpv:ProcessingLocation", "dct:title": facts["processing_locations"]}
        process["dpv:hasProcessingCondition"] = where
    if "territories" in facts:
        where = {"dpv:hasLocation": [{"@id": f"loc:{one}"} for one in facts["territories"]]}
        process["dpv:hasRule"] = {"@type": "dpv:Permission", **where}
    return {key: value for key, value in process.items() if value != []}


def _process_of(process: Mapping[str, Any]) -> Facts:
    basis = process["dpv:hasLegalBasis"]
    facts: Facts = {
        "purposes": [one["dct:identifier"] for one in _many(process["dpv:hasPurpose"])],
        "lawful_basis": basis["@id"] if isinstance(basis, Mapping) else basis,
    }
    if "dpv:hasPersonalData" in process:
        facts["pii_information"] = [_data_of(one) for one in _many(process["dpv:hasPersonalData"])]
    for one in _many(process.get("dpv:hasStorageCondition", [])):
        if one["@type"] == "dpv:StorageLocation":
            facts["storage_locations"] = _many(one["dct:title"])
        else:
            facts["retention_period"] = one["dct:extent"]
    recipients = [_party_of(one) for one in _many(process.get("dpv:hasRecipient", []))]
    others = [one for one in recipients if one["role"] == "recipient"]
    if others:
        facts["recipients"] = others
    if "dpv:hasProcessing" in process:
        facts["processing_method"] = process["dpv:hasProcessing"]["dct:description"]
    if "dpv:hasProcessingCondition" in process:
        facts["processing_locations"] = _many(process["dpv:hasProcessingCondition"]["dct:title"])
    if "dpv:hasRule" in process:
        places = _many(process["dpv:hasRule"]["dpv:hasLocation"])
        facts["territories"] = [one["@id"].removeprefix("loc:") for one in places]
    return facts


def _data(one: Mapping[str, Any]) -> Facts:
    kinds = [PERSONAL_DATA[one["pii_type"]]]
    if one["special_category"]:
        kinds.append("dpv:SpecialCategoryPersonalData")
    necessity = "dpv:Optional" if one["optional"] else "dpv:Required"
    return {
        "@type": kinds,
        "dct:identifier": one["pii_type"],
        "dpv:hasNecessity": {"@id": necessity},
    }


def _data_of(node: Mapping[str, Any]) -> Facts:
    return {
        "pii_type": node["dct:identifier"],
        "optional": node["dpv:hasNecessity"]["@id"] == "dpv:Optional",
        "special_category": "dpv:SpecialCategoryPersonalData" in _many(node["@type"]),
    }


_ROLES = {
    "controller": "dpv:DataController",
    "processor": "dpv:DataProcessor",
    "recipient": "dpv:Recipient",
    "authority": "dpv:Authority",
}
_ROLE_OF = {term: role for role, term in _ROLES.items()}
_OF_PARTIES = {"name": "dpv:hasName", "address": "dpv:hasAddress", "contact": "dpv:hasContact"}


def _party(one: Mapping[str, Any]) -> Facts:
    known = {term: one[key] for key, term in _OF_PARTIES.items() if key in one}
    return {"@id": _ENTITY + one["entity_id"], "@type": _ROLES[one["role"]], **known}


def _party_of(node: Mapping[str, Any]) -> Facts:
    known = {key: node[term] for key, term in _OF_PARTIES.items() if term in node}
    role = _ROLE_OF[_one(node["@type"])]
    return {"entity_id": node["@id"].removeprefix(_ENTITY), "role": role, **known}


def _event(event: Mapping[str, Any], *, first: bool, facts: Mapping[str, Any]) -> Facts:
    rest = {key: value for key, value in event.items() if key not in ("event_time", "event_id")}
    node: Facts = {"@type": STATES[event["event_state"]], **_under_vivant(rest)}
    if "event_id" in event:
        node["@id"] = _EVENT + event["event_id"]
    node["dpv:isIndicatedAtTime"] = event["event_time"]
    node["dpv:isIndicatedBy"] = _giver(facts) if first else _actor(event)
    if first:
        node["dpv:hasIndicationMethod"] = facts["collection_method"]
        if "expires" in facts:
            until = {"@type": "dpv:UntilTimeDuration", "rdf:value": facts["expires"]}
            node["dpv:hasDuration"] = until
    return node


def _event_of(node: Mapping[str, Any]) -> Facts:
    rest = {key: value for key, value in node.items() if key.startswith("vivant:")}
    event: Facts = {"event_time": node["dpv:isIndicatedAtTime"], **_from_vivant(rest)}
    if "@id" in node and node["@id"].startswith(_EVENT):
        event["event_id"] = node["@id"].removeprefix(_EVENT)
    return event


def _actor(event: Mapping[str, Any]) -> Facts:
    return {"@id": _ENTITY + event["entity_id"] if "entity_id" in event else "dpv:DataSubject"}


def _giver(facts: Mapping[str, Any]) -> list[Facts]:
    """Tell who gave it: the person, the next of kin who asked, or the guardians."""
    if "requester" in facts:
        return [{"@id": _ENTITY + facts["requester"]["entity_id"]}]
    if "minor" in facts:
        return [{"@id": _ENTITY + one["entity_id"]} for one in facts["minor"]["guardians"]]
    return [{"@id": "dpv:DataSubject"}]


def _notice(notice: Mapping[str, Any]) -> Facts:
    return {
        "@type": "dpv:ConsentNotice",
        "dct:identifier": notice["uri"],
        "vivant:version": notice["version"],
        "vivant:sha256": notice["sha256"],
    }


def _notice_of(node: Mapping[str, Any]) -> Facts:
    return {
        "uri": node["dct:identifier"],
        "version": node["vivant:version"],
        "sha256": node["vivant:sha256"],
    }


def _described(kind: str) -> Callable[[str], Facts]:
    return lambda text: {"@type": kind, "dct:description": text}


def _description(node: Mapping[str, Any]) -> str:
    return str(node["dct:description"])


_TERMS: Mapping[str, tuple[str, Callable[[Any], Any], Callable[[Any], Any]]] = {
    "language": ("dct:language", str, str),
    "jurisdiction": (
        "dpv:hasJurisdiction",
        lambda code: {"@id": f"loc:{code}"},
        lambda node: node["@id"].removeprefix("loc:"),
    ),
    "privacy_notice": ("dpv:hasNotice", _notice, _notice_of),
    "pii_controllers": (
        "dpv:hasDataController",
        lambda parties: [_party(one) for one in parties],
        lambda nodes: [_party_of(one) for one in _many(nodes)],
    ),
    "withdrawal_method": (
        "dpv:hasConsentControl",
        _described("dpv:WithdrawConsent"),
        _description,
    ),
    "privacy_rights": ("dpv:hasRight", _described("dpv:DataSubjectRight"), _description),
    "authority": ("dpv:hasAuthority", _party, _party_of),
}
"""For each field its property, how it is written, and how it is read back."""


def _under_vivant(thing: Any) -> Any:  # noqa: ANN401 -- whatever JSON holds
    if isinstance(thing, Mapping):
        return {f"vivant:{key}": _under_vivant(value) for key, value in thing.items()}
    return [_under_vivant(one) for one in thing] if isinstance(thing, list) else thing


def _from_vivant(thing: Any) -> Any:  # noqa: ANN401 -- whatever JSON holds
    if isinstance(thing, Mapping):
        return {
            key.removeprefix("vivant:"): _from_vivant(value)
            for key, value in thing.items()
            if key.startswith("vivant:")
        }
    return [_from_vivant(one) for one in thing] if isinstance(thing, list) else thing


def _many(thing: Any) -> list[Any]:  # noqa: ANN401 -- whatever JSON holds
    return thing if isinstance(thing, list) else [thing]


def _one(thing: Any) -> Any:  # noqa: ANN401 -- whatever JSON holds
    return _many(thing)[0]
