from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from full_consents import NOON, an_id, full_consent, full_facts, paper
from vivant.provenance.consent import KINDS, Consent, Kind, read_consent, write_consent
from vivant.provenance.consent_situations import comes_of_age

OLD = {
    "collection_method": "attested",
    "events": [
        {
            "event_state": "given",
            "event_time": "2026-11-21T12:00:00Z",
            "event_type": "consent_given",
        }
    ],
    "expires": "2027-11-21T12:00:00Z",
    "kind": "kin",
    "lawful_basis": "dpv:LegitimateInterest",
    "nonce": "a" * 32,
    "note": "mother",
    "person": "Ada Example",
    "pii_principal_id": "b" * 32,
    "purposes": ["portrait-film"],
    "record_id": "c" * 32,
    "schema_version": "consent/1",
}


def test_a_record_of_the_first_version_keeps_its_hash() -> None:
    consent = Consent.model_validate(OLD)

    assert consent.sha256 == "046bd484dd9481916a33955d117f4056302e556d571d5b18b05d5ef3331ca0b1"


@pytest.mark.parametrize("kind", KINDS)
def test_a_full_record_of_each_kind_reads_back(kind: Kind, tmp_path: Path) -> None:
    consent = full_consent(kind)

    write_consent(consent, tmp_path / "c.json")

    assert read_consent(tmp_path / "c.json") == consent


COMMON = [
    "language",
    "jurisdiction",
    "privacy_notice",
    "evidence",
    "collected_by",
    "pii_controllers",
    "pii_information",
    "storage_locations",
    "retention_period",
    "withdrawal_method",
    "expires",
]


@pytest.mark.parametrize("field", COMMON)
@pytest.mark.parametrize("kind", KINDS)
def test_what_every_record_needs_is_missed_by_name(kind: Kind, field: str) -> None:
    facts = full_facts(kind)
    del facts[field]

    with pytest.raises(ValidationError, match=f"A full record needs.*{field}"):
        Consent.model_validate(facts)


KIN = full_facts("kin")
CHILD = full_facts("guardians")
SELLER = full_facts("presenter")
YESTERDAY = NOON - timedelta(days=1)


@pytest.mark.parametrize(
    ("kind", "changes", "said"),
    [
        ("self", {"of_age": None}, "must be of age"),
        ("self", {"collection_method": "attested"}, "mere statement is no full record"),
        ("self", {"deceased": KIN["deceased"]}, "no deceased: that belongs to the kind kin"),
        ("self", {"minor": CHILD["minor"]}, "belongs to the kind guardians"),
        ("self", {"contract": SELLER["contract"]}, "belongs to the kind presenter"),
        ("self", {"second_yes": True}, "list them in post_mortem_photos"),
        (
            "self",
            {"pii_controllers": ({"entity_id": an_id(), "name": "A"},)},
            "needs a name and a contact",
        ),
        ("kin", {"deceased": None}, "when the person died"),
        ("kin", {"deceased": {"died_on": date(2026, 1, 2)}}, "death needs a proof"),
        ("kin", {"deceased": KIN["deceased"] | {"wish": "no"}}, "did not want it in life"),
        ("kin", {"deceased": KIN["deceased"] | {"wish": "yes"}}, "needs evidence by hash"),
        (
            "kin",
            {"deceased": KIN["deceased"] | {"died_on": date(2027, 1, 2)}},
            "died after the consent",
        ),
        ("kin", {"requester": None}, "Say who asks"),
        ("kin", {"requester": {"entity_id": an_id(), "relation": "son"}}, "relation needs a proof"),
        ("kin", {"other_kin": ()}, "Name the other close kin"),
        ("kin", {"no_other_kin": True}, "no_other_kin cannot be said"),
        ("kin", {"objection_until": None}, "time to object"),
        ("kin", {"objection_until": YESTERDAY}, "time to object"),
        ("kin", {"other_kin": (KIN["other_kin"][0] | {"told_at": None},)}, "not told yet"),
        ("kin", {"other_kin": (KIN["other_kin"][0] | {"agrees": "no"},)}, "do not agree"),
        (
            "kin",
            {"other_kin": (KIN["other_kin"][0] | {"told_at": NOON + timedelta(days=1)},)},
            "told after the giving",
        ),
        ("guardians", {"minor": None}, "when the child was born"),
        (
            "guardians",
            {"minor": CHILD["minor"] | {"guardians": CHILD["minor"]["guardians"][:1]}},
            "name the other too",
        ),
        (
            "guardians",
            {"minor": CHILD["minor"] | {"guardians": ({"entity_id": an_id()},) * 2}},
            "Each guardian needs a proof",
        ),
        ("guardians", {"minor": CHILD["minor"] | {"assent": "no"}}, "child does not want it"),
        ("guardians", {"minor": CHILD["minor"] | {"born_on": date(2000, 1, 1)}}, "of age since"),
        ("guardians", {"minor": CHILD["minor"] | {"born_on": date(2027, 1, 1)}}, "born after"),
        (
            "guardians",
            {"minor": CHILD["minor"] | {"born_on": date(2009, 1, 1)}},
            "comes of age on 2027-01-01",
        ),
        ("presenter", {"contract": None}, "what was agreed"),
        ("presenter", {"of_age": False}, "must be of age"),
        ("presenter", {"deceased": KIN["deceased"]}, "never sells anything"),
        ("presenter", {"territories": None}, "among those of the contract"),
        ("presenter", {"territories": ("FR",)}, "among those of the contract"),
        ("presenter", {"expires": NOON + timedelta(days=999)}, "cannot last longer"),
        ("presenter", {"contract": SELLER["contract"] | {"ends": NOON}}, "must end after"),
        ("public-domain", {"deceased": None}, "long dead"),
        ("public-domain", {"note": None}, "free to use"),
    ],
)
def test_each_situation_says_what_it_lacks(kind: Kind, changes: dict[str, Any], said: str) -> None:
    with pytest.raises(ValidationError, match=said) as refused:
        Consent.model_validate(full_facts(kind) | changes)

    assert "Ada" not in str([fault["msg"] for fault in refused.value.errors()])


def test_one_guardian_is_enough_where_there_is_no_other() -> None:
    minor = CHILD["minor"] | {"guardians": CHILD["minor"]["guardians"][:1], "sole": True}

    assert full_consent("guardians", minor=minor).minor is not None


def test_kin_may_be_alone() -> None:
    assert full_consent("kin", other_kin=(), no_other_kin=True, objection_until=None).no_other_kin


@given(st.dates(min_value=date(1950, 1, 1), max_value=date(2026, 1, 1)))
def test_nobody_comes_of_age_before_the_eighteenth_birthday(born_on: date) -> None:
    day = comes_of_age(born_on)

    assert day.year - born_on.year == 18
    assert (day.month, day.day) == (born_on.month, born_on.day) or (born_on.month, born_on.day) == (
        2,
        29,
    )


def test_evidence_is_named_by_hash() -> None:
    assert full_consent(evidence=(paper("letter"),)).evidence[0].what == "letter"
