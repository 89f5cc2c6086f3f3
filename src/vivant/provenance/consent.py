"""What a person, or those who may speak for the person, allowed.

A record follows ISO/IEC TS 27560:2023: a header (``schema_version``, ``record_id``,
``pii_principal_id``), a body and events. The person's name stays in the record's own file: films,
logs and messages carry ``record_id`` and the record's hash, and nothing else. The hash covers a
random ``nonce``, so nobody can find the name by guessing it. Fields: ``docs/reference/consent.md``.
"""

from __future__ import annotations

import json
import secrets
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AwareDatetime, Field, ValidationError, model_validator

from vivant.errors import ConsentError, InputError
from vivant.provenance.consent_parts import (
    KINDS,
    USES,
    Contract,
    Deceased,
    Event,
    EventState,
    Evidence,
    HexId,
    Kind,
    LanguageTag,
    Minor,
    Notice,
    OtherKin,
    Part,
    Party,
    PersonalData,
    Requester,
    Seal,
    Sha256,
    Territory,
    Use,
    Words,
)
from vivant.provenance.safekeeping import canonical, sha256_hex, utc_now, write_private

__all__ = [
    "KINDS",
    "USES",
    "Consent",
    "ConsentBrokenError",
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

ATTESTED_USES: tuple[Use, ...] = ("portrait-film",)
"""What a mere statement grants: a film for private use, and no more."""
ATTESTED_FOR = timedelta(days=365)
"""How long a mere statement holds."""
LARGEST_FILE_BYTES = 1 << 20
ID_HEX_DIGITS = 32


class ConsentBrokenError(ConsentError):
    """A consent file is missing, is not one, or was changed."""

    code = "consent.broken"


class ConsentExpiredError(ConsentError):
    """A consent has run out, or has not begun."""

    code = "consent.expired"


class ConsentWithdrawnError(ConsentError):
    """A consent was taken back, or an objection stands against it."""

    code = "consent.withdrawn"


class ConsentScopeError(ConsentError):
    """A consent does not cover what was asked."""

    code = "consent.scope"


class Consent(Part):
    """One consent record; frozen. Times are in UTC, to the second."""

    schema_version: Literal["consent/1", "consent/2"] = "consent/1"
    """``"consent/2"`` is a full record: all that its kind needs is there, or it is none."""
    record_id: HexId
    """Random; what films and messages call the record."""
    pii_principal_id: HexId
    """Random; the person, wherever the name must not be."""
    nonce: HexId
    """Random and never shown; keeps the hash from telling what the record says."""
    kind: Kind
    person: str | None = Field(default=None, max_length=200)
    """The person's name. It stays in this record's file."""
    note: str | None = Field(default=None, max_length=2000)
    """What the giver wanted written down. It stays in this record's file."""
    purposes: Annotated[tuple[Use, ...], Field(min_length=1)]
    """The uses that are allowed; any other is not."""
    languages: tuple[LanguageTag, ...] | None = None
    """BCP 47 tags in which the person may be made to speak; ``None`` is any."""
    territories: tuple[str, ...] | None = None
    """Where the film may be shown, ISO 3166 codes; ``None`` is anywhere."""
    lawful_basis: str
    """Why the processing is lawful, in the words of the W3C Data Privacy Vocabulary."""
    collection_method: str
    """How the consent was collected: ``"attested"`` is a mere statement."""
    expires: AwareDatetime | None = None
    """First moment at which it no longer holds."""
    privacy_notice: Notice | None = None
    evidence: tuple[Evidence, ...] = ()
    events: Annotated[tuple[Event, ...], Field(min_length=1)]
    """In order of time; the first is the giving."""

    language: LanguageTag | None = None
    """In which language it was asked for and given."""
    jurisdiction: Territory | None = None
    """Whose law it is under, an ISO 3166 code."""
    collected_by: HexId | None = None
    """Who asked and wrote it down, by id."""
    of_age: bool | None = None
    """Whether a living person who agrees is of age."""
    pii_controllers: tuple[Party, ...] = ()
    """Who answers for the data."""
    pii_information: tuple[PersonalData, ...] = ()
    """Which personal data is used."""
    processing_method: Words | None = None
    """What is done with the data, in plain words."""
    processing_locations: tuple[Words, ...] = ()
    storage_locations: tuple[Words, ...] = ()
    retention_period: Words | None = None
    """How long the data is kept, as ISO 8601 writes it (``"P1Y"``) or in words."""
    recipients: tuple[Party, ...] = ()
    """Who else gets the data; nobody when empty."""
    withdrawal_method: Words | None = None
    """How to take it back, in plain words."""
    privacy_rights: Words | None = None
    authority: Party | None = None
    """Where to complain."""
    photos: tuple[Sha256, ...] = ()
    """The photos it was given for, by hash; any photo of the person when empty."""

    deceased: Deceased | None = None
    requester: Requester | None = None
    other_kin: tuple[OtherKin, ...] = ()
    objection_until: AwareDatetime | None = None
    """Until when other kin may object before anything is made."""
    post_mortem_photos: tuple[Sha256, ...] = ()
    """Photos taken after the death, by hash."""
    second_yes: bool = False
    """Whether the giver agreed to those a second time, asked apart."""
    public_figure: bool | None = None
    """Whether the person is or was known to the public."""
    viewers_know: bool | None = None
    """Whether the giver declares that those who will see it know of the death."""
    minor: Minor | None = None
    contract: Contract | None = None

    seal: Seal | None = None
    """Ours, under a record that was collected on this machine; no part of the hash."""

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
        for field in _ABSENT_WHEN_EMPTY:
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


_ABSENT_WHEN_EMPTY = (
    "evidence",
    "pii_controllers",
    "pii_information",
    "processing_locations",
    "storage_locations",
    "recipients",
    "photos",
    "other_kin",
    "post_mortem_photos",
    "second_yes",
)
"""Fields left out of files and hashes while they say nothing."""

_BASES: dict[Kind, str] = {
    "self": "dpv:ExplicitConsent",
    "kin": "dpv:LegitimateInterest",
    "public-domain": "dpv:PublicInterest",
    "guardians": "dpv:ExplicitConsent",
    "presenter": "dpv:Contract",
}


def attest(
    kind: Kind, *, person: str | None = None, note: str | None = None, now: datetime | None = None
) -> Consent:
    """Make the record of a mere statement: "I may use this person's likeness".

    It grants a film for private use, for a year, and nothing else.

    Args:
        kind: ``"self"``, ``"kin"`` or ``"public-domain"``. A minor's guardians and a presenter need a
            full record, with their evidence.
        person: The person's name; stays in the record.
        note: Why it may be used: ``"public domain portrait; died 1992; demonstration"``.
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
    """
    facts = _read(path)
    claimed = facts.pop("sha256", None)
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
