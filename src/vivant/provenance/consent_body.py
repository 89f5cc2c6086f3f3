"""The fields of a consent record, as ISO/IEC TS 27560:2023 orders them: header, body, events."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AwareDatetime, Field

from vivant.provenance.consent_parts import (
    Contract,
    Deceased,
    Event,
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

ABSENT_WHEN_EMPTY = (
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
    "no_other_kin",
)
"""Fields left out of files and hashes while they say nothing."""


class ConsentBody(Part):
    """What a consent record says. Times are in UTC, to the second."""

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
    """Until when other kin may object, before anything is shown beyond those who ordered it."""
    post_mortem_photos: tuple[Sha256, ...] = ()
    """Photos taken after the death, by hash."""
    second_yes: bool = False
    """Whether the giver agreed to those a second time, asked apart."""
    no_other_kin: bool = False
    """Whether the giver declares that there is no other close relative."""
    public_figure: bool | None = None
    """Whether the person is or was known to the public."""
    viewers_know: bool | None = None
    """Whether the giver declares that those who will see it know of the death."""
    minor: Minor | None = None
    contract: Contract | None = None

    seal: Seal | None = None
    """Ours, under a record that was collected on this machine; no part of the hash."""
