"""An agreement under which a film's visible label is left out: what it says, and the words that were shown."""

from __future__ import annotations

from importlib import resources
from typing import Annotated, Any, Literal, get_args

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from vivant.errors import ConsentError, InputError
from vivant.provenance.consent import HexId, Sha256
from vivant.provenance.safekeeping import canonical, sha256_hex

Language = Literal["en", "zh"]
Purpose = Literal["own-label", "work-in-progress", "evidence"]
"""What for: the user puts a label of their own design on it; it goes into a larger work that will be labelled;
it is shown to a court, an authority or in research."""
Audience = Literal["private", "family", "public"]
LANGUAGES: tuple[Language, ...] = get_args(Language)
PURPOSES: tuple[Purpose, ...] = get_args(Purpose)


class WaiverError(ConsentError):
    """A label may not be left out: there is no agreement that covers it, or none is possible."""

    code = "label.not-waived"


class Waiver(BaseModel):
    """One agreement; frozen. Who asked is named by id only."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    schema_version: Literal["label-waiver/1"] = "label-waiver/1"
    waiver_id: HexId
    """Random; what films and the ledger call it."""
    asked_by: HexId
    """Whose own request it was, by id."""
    purpose: Purpose
    note: Annotated[str, Field(max_length=400)] | None = None
    """The user's own words; they stay in this document."""
    consent_ids: Annotated[tuple[HexId, ...], Field(min_length=1)]
    """Under which consents the film is made."""
    film_id: Annotated[str, Field(pattern=r"^[0-9a-f]{16}$")] | None = None
    """The labelled film of which this is wanted; any one film under these consents when ``None``."""
    territories: Annotated[tuple[str, ...], Field(min_length=1)]
    """Where the film may be shown."""
    audience: Audience
    """Who may see it."""
    language: Language
    """In which the agreement was shown."""
    text_sha256: Sha256
    """Hash of the words that were shown."""
    agreed_at: AwareDatetime
    expires: AwareDatetime
    """First moment at which no film is made under it."""
    keep_until: AwareDatetime
    """Until when the log is kept, at least."""

    def facts(self) -> dict[str, Any]:
        """Write it as JSON holds it."""
        return self.model_dump(mode="json", exclude_none=True)

    @property
    def sha256(self) -> str:
        """Hash of all of it, in hex."""
        return sha256_hex(canonical(self.facts()))


def agreement_text(language: Language = "en") -> str:
    """Give the words that must be shown before somebody agrees.

    Raises:
        InputError: They are not there in that language.
    """
    if language not in LANGUAGES:
        message = f"The agreement is there in {', '.join(LANGUAGES)}, not in {language[:20]!r}. Choose one of those."
        raise InputError(message)
    text = resources.files("vivant.provenance") / "labels" / f"agreement.{language}.md"
    return text.read_text(encoding="utf-8")


def agreement_sha256(language: Language = "en") -> str:
    """Hash those words."""
    return sha256_hex(agreement_text(language).encode())
