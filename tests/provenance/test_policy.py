from __future__ import annotations

import dataclasses
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from paper_trail import NOON, a_consent
from vivant.errors import ConsentError
from vivant.provenance.consent import (
    KINDS,
    USES,
    Consent,
    ConsentExpiredError,
    Kind,
    Use,
    attest,
)
from vivant.provenance.ledger import Ledger
from vivant.provenance.policy import RULES, PolicyError, decide, permit


def a_full_record(kind: Kind, *uses: Use) -> Consent:
    facts = {"kind": kind, "purposes": uses, "collection_method": "recorded"}
    return a_consent().model_copy(update=facts)


def test_a_statement_permits_a_private_film() -> None:
    assert permit(a_consent(), use="portrait-film", now=NOON).answer == "yes"


@pytest.mark.parametrize("kind", ["kin", "public-domain"])
@pytest.mark.parametrize("use", ["commerce", "live", "training"])
def test_the_dead_never_sell_whatever_a_record_says(kind: Kind, use: Use) -> None:
    decision = decide(a_full_record(kind, *USES), use=use, now=NOON)

    assert decision.answer == "no"
    assert decision.rule.startswith("memorial.never")


def test_a_presenter_may_sell() -> None:
    assert permit(a_full_record("presenter", "commerce"), use="commerce", now=NOON).answer == "yes"


def test_a_showing_of_the_dead_asks_a_person() -> None:
    consent = a_full_record("kin", "public-showing")

    assert decide(consent, use="public-showing", now=NOON).answer == "ask"
    with pytest.raises(PolicyError, match=r"memorial\.public-needs-a-person"):
        permit(consent, use="public-showing", now=NOON)


@given(kind=st.sampled_from(["self", "kin", "public-domain"]), use=st.sampled_from(USES))
def test_a_statement_never_permits_more_than_it_grants(kind: Kind, use: Use) -> None:
    decision = decide(attest(kind, now=NOON), use=use, now=NOON)

    assert (decision.answer == "yes") == (use == "portrait-film")
    assert decision.why


@given(kind=st.sampled_from(KINDS), use=st.sampled_from(USES))
def test_nothing_is_permitted_that_the_record_does_not_name(kind: Kind, use: Use) -> None:
    others = tuple(other for other in USES if other != use)

    with pytest.raises(ConsentError):
        permit(a_full_record(kind, *others), use=use, now=NOON)


def test_an_expired_record_is_refused_as_such() -> None:
    with pytest.raises(ConsentExpiredError):
        permit(a_consent(), use="portrait-film", now=NOON + timedelta(days=400))


def test_a_withdrawal_in_the_ledger_is_enough(tmp_path: Path) -> None:
    consent, ledger = a_consent(), Ledger(folder=tmp_path)
    ledger.note_consent(consent)
    permit(consent, use="portrait-film", now=NOON, ledger=ledger)

    ledger.append("consent.withdrawn", {"record_id": consent.record_id})

    with pytest.raises(PolicyError, match="withdrawn"):
        permit(consent, use="portrait-film", now=NOON, ledger=ledger)


def test_every_rule_says_why_and_where_from() -> None:
    assert len({rule.name for rule in RULES}) == len(RULES)
    for rule in RULES:
        assert all(dataclasses.asdict(rule)[field] for field in ("kinds", "uses", "why", "source"))
