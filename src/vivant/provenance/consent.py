"""What a person, or those who may speak for the person, allowed.

A record follows ISO/IEC TS 27560:2023: a header (``schema_version``, ``record_id``,
``pii_principal_id``), a body and events. The person's name stays in the record's own file: films,
logs and messages carry ``record_id`` and the record's hash, and nothing else. The hash covers a
random ``nonce``, so nobody can find the name by guessing it. Fields: ``docs/reference/consent.md``.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Literal

from pydantic import ValidationError, model_validator

from vivant.errors import ConsentError, InputError
from vivant.provenance.consent_body import ABSENT_WHEN_EMPTY, ConsentBody
from vivant.provenance.consent_parts import (
    KINDS,
    USES,
    Event,
    EventState,
    Evidence,
    HexId,
    Kind,
    LanguageTag,
    Notice,
    Sha256,
    Use,
)
from vivant.provenance.consent_situations import faults_of
from vivant.provenance.safekeeping import canonical, sha256_hex, utc_now, write_private

__all__ = [
    "KINDS",
    "USES",
    "Consent",
    "ConsentBrokenError",
    "ConsentErasedError",
    "ConsentExpiredError",
    "ConsentScopeError",
    "ConsentWithdrawnError",
    "Event",
    "Evidence",
    "HexId",
    "Kind",
    "LanguageTag",
    "Notice",
    "Sha256",
    "Use",
    "attest",
    "read_consent",
    "write_consent",
]

TOMBSTONE = "consent-erased/1"
"""The schema of what is left of an erased record."""
FULL = "consent/2"
"""The schema of full records: what their kind needs is there."""
ATTESTED_USES: tuple[Use, ...] = ("portrait-film",)
"""What a mere statement grants: a film for private use, and no more."""
ATTESTED_FOR = timedelta(days=365)
"""How long a mere statement holds."""
LARGEST_FILE_BYTES = 1 << 20
ID_HEX_DIGITS = 32


class ConsentBrokenError(ConsentError):
    """A consent file is missing, is not one, or was changed."""

    code = "consent.broken"
    rule = "record.broken"

    def __init__(self, message: str) -> None:
        """Name the rule, where the message does not name one."""
        super().__init__(message if "(Rule " in message else f"{message} (Rule {self.rule}.)")


class ConsentExpiredError(ConsentError):
    """A consent has run out, or has not begun."""

    code = "consent.expired"
    rule = "record.expired"


class ConsentWithdrawnError(ConsentError):
    """A consent was taken back, or an objection stands against it."""

    code = "consent.withdrawn"
    rule = "record.withdrawn"


class ConsentErasedError(ConsentWithdrawnError):
    """A consent's record was erased; only its id and hash are left."""

    code = "consent.erased"
    rule = "record.erased"
    record_id: str | None = None
    """Whose, where what is left of the record tells it."""


class ConsentScopeError(ConsentError):
    """A consent does not cover what was asked."""

    code = "consent.scope"
    rule = "record.scope"


class Consent(ConsentBody):
    """One consent record; frozen. Times are in UTC, to the second."""

    @model_validator(mode="after")
    def _in_order(self) -> Consent:
        times = [event.event_time for event in self.events]
        if self.events[0].event_type != "consent_given" or self.events[0].event_state != "given":
            message = "its first event must be the giving of the consent"
            raise ValueError(message)
        if times != sorted(times):
            message = "its events must be in order of time"
            raise ValueError(message)
        if self.expires is not None and self.expires <= times[0]:
            message = "it expires before it was given"
            raise ValueError(message)
        if self.schema_version == FULL and (faults := faults_of(self)):
            raise ValueError(" ".join(faults))
        return self

    @property
    def uses(self) -> frozenset[Use]:
        """What it allows, as a set."""
        return frozenset(self.purposes)

    @property
    def given_at(self) -> datetime:
        """When it was given."""
        return self.events[0].event_time

    @property
    def sha256(self) -> str:
        """Hash of what was agreed, in hex.

        Covers every field but the events after the giving, so that a later withdrawal does not
        cut the tie to films made before it. Fields without a value are left out, so that a
        later version may add fields without changing old hashes.
        """
        agreed = self._facts()
        agreed["events"] = agreed["events"][:1]
        agreed.pop("seal", None)
        return sha256_hex(canonical(agreed))

    def _facts(self) -> dict[str, Any]:
        facts = self.model_dump(mode="json", exclude_none=True)
        for field in ABSENT_WHEN_EMPTY:
            if not facts[field]:
                del facts[field]
        return facts

    def state_at(self, moment: datetime) -> EventState | Literal["not-yet"]:
        """Tell what held at a moment, expiry left aside."""
        past = [event for event in self.events if event.event_time <= moment]
        return past[-1].event_state if past else "not-yet"

    def require(self, use: Use, *, now: datetime) -> None:
        """Insist that the record allows a use at a moment.

        Raises:
            ConsentExpiredError: It has run out, or was given later than ``now``.
            ConsentWithdrawnError: It was taken back, or is held because of an objection.
            ConsentScopeError: It does not name the use.
        """
        state = self.state_at(now)
        if state == "not-yet":
            message = (
                f"Consent {self.record_id} begins at {_when(self.given_at)}, and it is "
                f"{_when(now)}. Check this machine's clock."
            )
            raise ConsentExpiredError(message)
        if state == "expired":
            message = f"Consent {self.record_id} has expired. Ask for a new consent."
            raise ConsentExpiredError(message)
        if state != "given":
            message = (
                f"Consent {self.record_id} is {state}. Nothing more may be made with it; ask for a "
                f"new consent."
            )
            raise ConsentWithdrawnError(message)
        if self.expires is not None and now >= self.expires:
            message = (
                f"Consent {self.record_id} expired at {_when(self.expires)}, and it is "
                f"{_when(now)}. Ask for a new consent."
            )
            raise ConsentExpiredError(message)
        if use not in self.uses:
            message = (
                f"Consent {self.record_id} allows {', '.join(self.purposes)}, and this needs {use}. "
                f"Ask for a consent that names it."
            )
            raise ConsentScopeError(message)


_BASES: dict[Kind, str] = {
    "self": "dpv:ExplicitConsent",
    "kin": "dpv:LegitimateInterest",
    "public-domain": "dpv:PublicInterest",
    "guardians": "dpv:ExplicitConsent",
    "presenter": "dpv:Contract",
}


def attest(
    kind: Kind,
    *,
    person: str | None = None,
    note: str | None = None,
    photos: Sequence[str] = (),
    now: datetime | None = None,
) -> Consent:
    """Make the record of a mere statement: "I may use this person's likeness".

    It grants a film for private use, for a year, and nothing else.

    Args:
        kind: ``"self"``, ``"kin"`` or ``"public-domain"``. A minor's guardians and a presenter need a
            full record, with their evidence.
        person: The person's name; stays in the record.
        note: Why it may be used: ``"public domain portrait; died 1992; demonstration"``.
        photos: SHA-256 of the photos it is stated for; any photo of the person when empty.
        now: The moment it is given; now when left out.

    Returns:
        The record, not yet written anywhere.

    Raises:
        InputError: The kind is not one that can be attested.
    """
    if kind not in ("self", "kin", "public-domain"):
        message = (
            f"A consent of the kind {kind!r} cannot be attested; self, kin and public-domain can. "
            f"Give the full record as a file."
        )
        raise InputError(message)
    given_at = (utc_now() if now is None else now).replace(microsecond=0)
    return Consent(
        record_id=secrets.token_hex(ID_HEX_DIGITS // 2),
        pii_principal_id=secrets.token_hex(ID_HEX_DIGITS // 2),
        nonce=secrets.token_hex(ID_HEX_DIGITS // 2),
        kind=kind,
        person=person,
        note=note,
        photos=tuple(photos),
        purposes=ATTESTED_USES,
        lawful_basis=_BASES[kind],
        collection_method="attested",
        expires=given_at + ATTESTED_FOR,
        events=(Event(event_time=given_at, event_type="consent_given", event_state="given"),),
    )


def write_consent(consent: Consent, path: Path) -> None:
    """Write a record to a file that only its owner may read (mode 0600), whole or not at all.

    Raises:
        ResourceError: It cannot be written there.
    """
    facts = consent._facts()  # noqa: SLF001 -- the record's own writer
    facts["sha256"] = consent.sha256
    write_private(path, canonical(facts) + b"\n")


def read_consent(path: Path) -> Consent:
    """Read a record, and check that it is the one that was written.

    Raises:
        ConsentBrokenError: The file is missing, is not a consent record, or was changed.
        ConsentErasedError: The record was erased.
    """
    facts = _read(path)
    claimed = facts.pop("sha256", None)
    if facts.get("schema_version") == TOMBSTONE:
        message = (
            f"Consent {str(facts.get('record_id'))[:32]} was erased. Nothing more may be made with "
            f"it; ask for a new consent."
        )
        erased = ConsentErasedError(message)
        erased.record_id = str(facts.get("record_id"))
        raise erased
    try:
        consent = Consent.model_validate(facts)
    except ValidationError as error:
        faults = "; ".join(
            f"{'.'.join(str(step) for step in fault['loc']) or 'record'}: {fault['msg']}"
            for fault in error.errors(include_input=False, include_context=False)[:3]
        )
        message = (
            f"The consent file does not hold a consent record ({faults}). Attest a new one, or mend "
            f"these fields after docs/reference/consent.md."
        )
        raise ConsentBrokenError(message) from None
    if claimed != consent.sha256:
        message = (
            f"Consent {consent.record_id} was changed after it was written: its hash is "
            f"{consent.sha256[:12]}, and the file says {str(claimed)[:12]}. Restore the original, or "
            f"ask for a new consent."
        )
        raise ConsentBrokenError(message)
    return consent


def _read(path: Path) -> dict[str, Any]:
    try:
        with path.open("rb") as file:
            data = file.read(LARGEST_FILE_BYTES + 1)
    except OSError as error:
        message = (
            f"The consent file cannot be read ({error.strerror}). Give the path of a consent record, "
            f"or attest one."
        )
        raise ConsentBrokenError(message) from None
    if len(data) > LARGEST_FILE_BYTES:
        message = (
            f"The consent file is larger than {LARGEST_FILE_BYTES} bytes, and a record is smaller. "
            f"Give the path of a consent record."
        )
        raise ConsentBrokenError(message)
    try:
        facts = json.loads(data)
    except (ValueError, RecursionError):
        facts = None
    if not isinstance(facts, dict):
        message = (
            f"The consent file holds {len(data)} bytes that are not a JSON record. Give the path of "
            f"a consent record, or attest one."
        )
        raise ConsentBrokenError(message)
    return facts


def _when(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%d %H:%M UTC")
