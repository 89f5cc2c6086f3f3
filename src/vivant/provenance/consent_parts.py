"""What a consent record is made of: people, papers, terms and events.

Names follow ISO/IEC TS 27560:2023 where it has them. Everybody is called by a random id; names
stand beside the ids and never leave the record's own file.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal, get_args

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, model_validator

Kind = Literal["self", "kin", "public-domain", "guardians", "presenter"]
"""Who gives it: the person; the next of kin of a dead person; nobody needs to, since the person is
long dead and the portrait free; a minor's guardians; a presenter under contract."""
Use = Literal[
    "portrait-film",
    "voice-likeness",
    "family-link",
    "public-showing",
    "commerce",
    "live",
    "training",
]
"""What for: a film for private use; a voice that sounds like the person; a link for the family; a
showing to the public; selling; a live stream; teaching a model."""
Wish = Literal["yes", "no", "unknown"]
"""What somebody wanted, as far as it is known."""
EventType = Literal[
    "consent_given",
    "consent_withdrawn",
    "consent_expired",
    "consent_checked",
    "consent_erased",
    "objection_raised",
    "objection_settled",
    "hold",
    "release",
]
EventState = Literal["given", "withdrawn", "held", "expired", "erased"]

KINDS: tuple[Kind, ...] = get_args(Kind)
USES: tuple[Use, ...] = get_args(Use)

HexId = Annotated[str, Field(pattern=r"^[0-9a-f]{32}$")]
Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
LanguageTag = Annotated[str, Field(pattern=r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$")]
Territory = Annotated[str, Field(pattern=r"^[A-Z]{2}(-[A-Z0-9]{1,3})?$")]
"""An ISO 3166 code: ``"DE"``, ``"US-CA"``."""
LONGEST_WORDS, LONGEST_NAME = 2000, 200
Words = Annotated[str, Field(min_length=1, max_length=LONGEST_WORDS)]
Short = Annotated[str, Field(min_length=1, max_length=LONGEST_NAME)]


class Part(BaseModel):
    """A piece of a record: frozen, and without fields that nobody knows."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=False)


class Notice(Part):
    """The words that were shown before the person agreed."""

    uri: str
    version: str
    sha256: Sha256


class Evidence(Part):
    """A file that supports the record, kept elsewhere."""

    what: str
    """What it is: ``"death-certificate"``, ``"signed-form"``."""
    sha256: Sha256


class Party(Part):
    """Somebody who answers for the data: TS 27560's party."""

    entity_id: HexId
    role: Literal["controller", "processor", "recipient", "authority"] = "controller"
    name: Short | None = None
    address: Words | None = None
    contact: Short | None = None
    """Where to write to: an e-mail address, a page or a telephone number."""


class PersonalData(Part):
    """One kind of personal data that is used: TS 27560's ``pii_information``."""

    pii_type: Literal["photo", "video", "voice-recording", "name", "face-measure", "voice-measure"]
    optional: bool = False
    special_category: bool = False
    """Whether it identifies by body or voice (GDPR article 9)."""


class Deceased(Part):
    """That and when the person died, and what the person wanted."""

    died_on: date
    proof: Evidence | None = None
    """The death certificate, by hash."""
    wish: Wish = "unknown"
    """Whether the person, in life, wanted to be shown like this."""
    wish_evidence: Evidence | None = None


class Requester(Part):
    """Who asks for the film of a dead person."""

    entity_id: HexId
    relation: Short
    """To the person: ``"daughter"``."""
    proof: Evidence | None = None
    """That the relation is so, by hash."""
    name: Short | None = None


class OtherKin(Part):
    """Another close relative, who may object."""

    entity_id: HexId
    relation: Short
    told_at: AwareDatetime | None = None
    """When this relative was told; ``None`` when not yet."""
    agrees: Wish = "unknown"
    name: Short | None = None


class Guardian(Part):
    """Somebody with parental responsibility."""

    entity_id: HexId
    proof: Evidence | None = None
    """That this is a guardian, by hash."""
    relation: Short | None = None
    name: Short | None = None


class Minor(Part):
    """A child, and who answers for the child."""

    born_on: date
    guardians: Annotated[tuple[Guardian, ...], Field(min_length=1)]
    sole: bool = False
    """Whether the one guardian named has parental responsibility alone."""
    assent: Wish = "unknown"
    """Whether the child wants it too."""


class Contract(Part):
    """What a presenter agreed to: for what, where, how long, for what pay."""

    products: Annotated[tuple[Short, ...], Field(min_length=1)]
    territories: Annotated[tuple[Territory, ...], Field(min_length=1)]
    begins: AwareDatetime
    ends: AwareDatetime
    pay: Words
    """In words: ``"500 EUR a film"``."""
    ends_by: Words
    """How either side ends it earlier: ``"one month's notice in writing"``."""

    @model_validator(mode="after")
    def _lasts(self) -> Contract:
        if self.ends <= self.begins:
            message = "the contract must end after it begins"
            raise ValueError(message)
        return self


class LiveCheck(Part):
    """What was found when the person read a passcode to a camera."""

    clip_sha256: Sha256
    similarity: float = Field(ge=-1.0, le=1.0)
    """How like the photos the face was, the middle of several frames."""
    frames: int = Field(ge=1)
    """How many frames were compared."""
    method: Literal["recognised", "confirmed"]
    """Whether the words were recognised by a machine, or a person confirmed them."""
    challenge_sha256: Sha256
    photos: Annotated[tuple[Sha256, ...], Field(min_length=1)]
    confirmed_by: HexId | None = None


class Event(Part):
    """Something that happened to a consent."""

    event_time: AwareDatetime
    event_type: EventType
    event_state: EventState
    """What holds from this moment on."""
    entity_id: str | None = None
    """Who did it, by id."""
    event_id: HexId | None = None
    """Random; the ledger's line about it carries the same."""
    relation: Short | None = None
    """Who an objector is to the person: ``"brother"``."""
    name: Short | None = None
    """Who did it, by name; stays in the record's own file."""
    words: Words | None = None
    """Why, in that person's own words; stay in the record's own file."""
    settles: HexId | None = None
    """The objection that this settles, by ``event_id``."""
    evidence: tuple[Evidence, ...] | None = None
    check: LiveCheck | None = None


class Seal(Part):
    """The machine's signature under a record that was collected here (a flattened JWS)."""

    protected: Annotated[str, Field(max_length=65536)]
    signature: Annotated[str, Field(max_length=4096)]
