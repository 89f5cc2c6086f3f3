"""Full consent records of every kind, to test with."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

from vivant.places import Places
from vivant.provenance.consent import Consent, Kind, Use
from vivant.provenance.consent_keeping import collect
from vivant.provenance.safekeeping import sha256_hex, utc_now

NOON = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)


def an_id() -> str:
    return secrets.token_hex(16)


def paper(what: str) -> dict[str, str]:
    return {"what": what, "sha256": sha256_hex(what.encode())}


def full_facts(
    kind: Kind = "self", *, uses: tuple[Use, ...] = ("portrait-film",), now: datetime = NOON
) -> dict[str, Any]:
    """What a full record of a kind says, as plain facts."""
    expires = now + timedelta(days=365)
    facts: dict[str, Any] = {
        "schema_version": "consent/2",
        "record_id": an_id(),
        "pii_principal_id": an_id(),
        "nonce": an_id(),
        "kind": kind,
        "person": "Ada Example",
        "purposes": uses,
        "lawful_basis": "dpv:ExplicitlyExpressedConsent",
        "collection_method": "signed-form",
        "expires": expires,
        "language": "en",
        "jurisdiction": "DE",
        "collected_by": an_id(),
        "privacy_notice": {"uri": "vivant:notice/en", "version": "1", "sha256": "d" * 64},
        "evidence": (paper("signed-form"),),
        "pii_controllers": ({"entity_id": an_id(), "name": "A Studio", "contact": "a@b.example"},),
        "pii_information": ({"pii_type": "photo"},),
        "storage_locations": ("this computer",),
        "retention_period": "P1Y",
        "withdrawal_method": "vivant consent withdraw",
        "events": ({"event_time": now, "event_type": "consent_given", "event_state": "given"},),
    }
    return facts | _OF_KIND[kind](now, expires)


def full_consent(
    kind: Kind = "self",
    *,
    uses: tuple[Use, ...] = ("portrait-film",),
    now: datetime = NOON,
    **changes: Any,
) -> Consent:
    """A full record of a kind, collected nowhere."""
    return Consent.model_validate(full_facts(kind, uses=uses, now=now) | changes)


def collected(
    places: Places, kind: Kind = "self", *, uses: tuple[Use, ...] = ("portrait-film",)
) -> Consent:
    """A full record of a kind that was collected on a machine, a moment ago."""
    now = utc_now()
    return collect(full_consent(kind, uses=uses, now=now), places=places, now=now)


def _kin(now: datetime, _expires: datetime) -> dict[str, Any]:
    return {
        "deceased": {"died_on": date(2026, 1, 2), "proof": paper("death-certificate")},
        "requester": {
            "entity_id": an_id(),
            "relation": "daughter",
            "proof": paper("birth-certificate"),
        },
        "other_kin": (
            {"entity_id": an_id(), "relation": "son", "told_at": now - timedelta(days=20)},
        ),
        "objection_until": now + timedelta(days=10),
    }


def _guardians(_now: datetime, _expires: datetime) -> dict[str, Any]:
    guardian = {"entity_id": an_id(), "proof": paper("birth-certificate")}
    other = guardian | {"entity_id": an_id()}
    return {"minor": {"born_on": date(2019, 5, 6), "guardians": (guardian, other)}}


def _presenter(now: datetime, expires: datetime) -> dict[str, Any]:
    contract = {
        "products": ("apples",),
        "territories": ("DE", "AT"),
        "begins": now,
        "ends": expires,
        "pay": "500 EUR a film",
        "ends_by": "one month's notice in writing",
    }
    return {"of_age": True, "contract": contract, "territories": ("DE",)}


_OF_KIND: dict[Kind, Callable[[datetime, datetime], dict[str, Any]]] = {
    "self": lambda _now, _expires: {"of_age": True},
    "kin": _kin,
    "guardians": _guardians,
    "presenter": _presenter,
    "public-domain": lambda _now, _expires: {
        "deceased": {"died_on": date(1901, 1, 1)},
        "note": "a portrait of 1890",
    },
}
