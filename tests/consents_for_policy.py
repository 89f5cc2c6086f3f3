"""Consent records of every situation, whole and broken, for the policy's tests."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

from vivant.provenance.consent import Consent, Kind, Use, attest
from vivant.provenance.consent_parts import (
    Contract,
    Deceased,
    Evidence,
    Guardian,
    Minor,
    OtherKin,
    Requester,
)
from vivant.provenance.safekeeping import utc_now

PROOF = Evidence(what="certificate", sha256="e" * 64)
REQUESTER, SISTER, BROTHER = "1" * 32, "2" * 32, "3" * 32
OTHERS = ("a" * 32, "b" * 32, "c" * 32)
"""Ids of people who answer."""
BEFORE = timedelta(days=40)


def now() -> datetime:
    """This moment, to the second: the ledger's lines bear it, so the tests' clock must not lag."""
    return utc_now().replace(microsecond=0)


def recorded(kind: Kind, *uses: Use, days_ago: float = 40.0, **changes: Any) -> Consent:
    """A full record of a kind, given some days ago, which allows these uses."""
    moment = now() - timedelta(days=days_ago)
    base = attest("self", now=moment)
    full: dict[str, Any] = {
        "kind": kind,
        "purposes": uses or ("portrait-film",),
        "collection_method": "recorded",
        **_SITUATIONS[kind](moment),
    }
    return base.model_copy(update=full | changes)


def _kin(moment: datetime) -> dict[str, Any]:
    kin = OtherKin(
        entity_id=SISTER, relation="sister", told_at=moment - timedelta(days=9), agrees="yes"
    )
    return {
        "deceased": Deceased(
            died_on=date(2020, 1, 1), proof=PROOF, wish="yes", wish_evidence=PROOF
        ),
        "requester": Requester(entity_id=REQUESTER, relation="daughter", proof=PROOF),
        "other_kin": (kin,),
        "objection_until": moment + timedelta(days=14),
        "viewers_know": True,
    }


def _minor(moment: datetime) -> dict[str, Any]:
    born_on = (moment - timedelta(days=3000)).date()
    guardian = Guardian(entity_id=REQUESTER, proof=PROOF)
    return {"minor": Minor(born_on=born_on, guardians=(guardian,), sole=True)}


def _presenter(moment: datetime) -> dict[str, Any]:
    contract = Contract(
        products=("Green tea",),
        territories=("DE", "FR"),
        begins=moment,
        ends=moment + timedelta(days=180),
        pay="500 EUR a film",
        ends_by="one month's notice",
    )
    return {"contract": contract, "territories": ("DE", "FR"), "of_age": True}


_SITUATIONS: dict[Kind, Any] = {
    "self": lambda _moment: {"of_age": True},
    "kin": _kin,
    "public-domain": lambda _moment: {"deceased": Deceased(died_on=date(1900, 1, 1))},
    "guardians": _minor,
    "presenter": _presenter,
}
NOON = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
