"""Receipts: what a person keeps of a consent, signed, readable by people and by programs.

A receipt after ISO/IEC TS 27560:2023 is a copy of the record for the other side. Ours holds what was
agreed, by which record (id and hash), who answers for the data and how to take the consent back. It
does not name the person. It can be checked later without the record, and against it where it is there.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from vivant.errors import InputError, VivantError
from vivant.places import Places
from vivant.provenance.consent import Consent
from vivant.provenance.ledger import Ledger
from vivant.provenance.ledger_states import State
from vivant.provenance.notices import LANGUAGES, form_text
from vivant.provenance.safekeeping import canonical, sha256_hex, utc_now
from vivant.provenance.sealing import SealState, check_seal, seal

SCHEMA = "consent-receipt/1"
LARGEST_BYTES = 1 << 20
_COPIED = (
    "kind",
    "purposes",
    "languages",
    "territories",
    "expires",
    "language",
    "jurisdiction",
    "privacy_notice",
    "pii_controllers",
    "pii_information",
    "processing_method",
    "processing_locations",
    "storage_locations",
    "retention_period",
    "recipients",
    "withdrawal_method",
    "privacy_rights",
    "authority",
    "objection_until",
    "contract",
    "lawful_basis",
    "collection_method",
)
"""Fields of the record that a receipt repeats: none that names the person or the kin."""
_OF_EVENTS = {"event_time", "event_type", "event_state", "event_id", "settles"}


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiptReading:
    """What a receipt is worth."""

    ok: bool
    """Whether it is whole and by a signer whom this machine trusts, and fits the record if one was given."""
    why: str
    seal: SealState
    receipt_id: str | None = None
    record_id: str | None = None
    record_sha256: str | None = None
    made_at: datetime | None = None
    state: State | None = None
    """What holds of the consent today, by this machine's ledger; ``"unknown"`` where that knows it not."""


def make_receipt(
    consent: Consent, *, places: Places, now: datetime | None = None
) -> dict[str, Any]:
    """Make the receipt of a consent as it stands, sealed; the ledger notes that it was made.

    Args:
        consent: The record.
        places: Whose key and ledger.
        now: The moment.

    Returns:
        The receipt as JSON holds it.

    Raises:
        KeyBrokenError: The key cannot be used.
    """
    moment = utc_now() if now is None else now
    said = consent.model_dump(mode="json", exclude_none=True)
    facts: dict[str, Any] = {
        "schema_version": SCHEMA,
        "receipt_id": secrets.token_hex(16),
        "made_at": moment.isoformat(),
        "record_id": consent.record_id,
        "record_sha256": consent.sha256,
        "pii_principal_id": consent.pii_principal_id,
        "given_at": consent.given_at.isoformat(),
        **{field: said[field] for field in _COPIED if said.get(field)},
        "events": [
            {key: value for key, value in event.items() if key in _OF_EVENTS}
            for event in said["events"]
        ],
    }
    sealed = seal(facts, places=places, now=moment)
    noted = {
        "record_id": consent.record_id,
        "receipt_id": facts["receipt_id"],
        "receipt_sha256": sha256_hex(canonical(facts)),
    }
    Ledger.in_places(places).append("receipt.made", noted, now=moment)
    return sealed


def check_receipt(
    receipt: Mapping[str, Any], *, places: Places | None = None, consent: Consent | None = None
) -> ReceiptReading:
    """Check a receipt; never raises for what it holds.

    Args:
        receipt: As it was read.
        places: Whose trusted certificates.
        consent: The record that it is about, where it is at hand.
    """
    if receipt.get("schema_version") != SCHEMA:
        return ReceiptReading(ok=False, why="This is no receipt for a consent.", seal="absent")
    found = check_seal(receipt, places=places)
    if found.state in ("broken", "absent"):
        why = f"The receipt is not genuine. {found.why}"
        return ReceiptReading(ok=False, why=why, seal=found.state)
    record_id, record_sha256 = str(receipt.get("record_id")), str(receipt.get("record_sha256"))
    ok, why = found.ok, f"The receipt is genuine. {found.why}"
    if consent is not None and (consent.record_id, consent.sha256) != (record_id, record_sha256):
        ok, why = False, "The receipt is genuine, but it is about another record than this one."
    elif consent is not None:
        why += " It is about this record."
    state, told = _today(record_id, places)
    return ReceiptReading(
        ok=ok,
        why=why + told,
        seal=found.state,
        state=state,
        receipt_id=str(receipt.get("receipt_id")),
        record_id=record_id,
        record_sha256=record_sha256,
        made_at=found.sealed_at,
    )


def _today(record_id: str, places: Places | None) -> tuple[State | None, str]:
    """Tell what became of a consent since its receipt was made, where this machine knows: a receipt is easily kept and shown."""
    if places is None:
        return None, ""
    try:
        found = Ledger.in_places(places).state_of(record_id)
    except VivantError as error:
        return None, f" What became of the consent since cannot be known: {error}"
    if not found.stops:
        return found.state, ""
    since = "" if found.since is None else f" since {found.since:%Y-%m-%d %H:%M} UTC"
    told = f" But the consent is {found.state}{since}: a receipt shows what was agreed, and grants nothing today."
    return found.state, told


def read_receipt(path: Path) -> dict[str, Any]:
    """Read a receipt's JSON.

    Raises:
        InputError: The file is missing, too large, or holds no JSON object.
    """
    try:
        with path.open("rb") as file:
            data = file.read(LARGEST_BYTES + 1)
        facts = json.loads(data) if len(data) <= LARGEST_BYTES else None
    except OSError as error:
        message = f"The receipt cannot be read ({error.strerror}). Give the path of its JSON file."
        raise InputError(message) from None
    except (ValueError, RecursionError):
        facts = None
    if not isinstance(facts, dict):
        message = (
            f"The file holds no receipt: a JSON object of at most {LARGEST_BYTES} bytes is needed."
        )
        raise InputError(message)
    return facts


def receipt_text(receipt: Mapping[str, Any], *, language: str = "en") -> str:
    """Write a receipt for people, as Markdown that can be printed as it is.

    Args:
        receipt: As it was made.
        language: One of ``notices.LANGUAGES``.

    Raises:
        InputError: Receipts are not written in that language, or this is none.
    """
    if language not in LANGUAGES:
        message = f"Receipts are written in {', '.join(LANGUAGES)}, not in {language}. Choose one of those."
        raise InputError(message)
    try:
        return _Text(receipt, language).whole()
    except (KeyError, TypeError, AttributeError):
        message = "The receipt lacks parts that a receipt has, so it cannot be written out. Ask for a new one."
        raise InputError(message) from None


@cache
def _words() -> Mapping[str, Mapping[str, str]]:
    words: Mapping[str, Mapping[str, str]] = yaml.safe_load(form_text("receipt.yaml"))
    return words


class _Text:
    """One receipt in one language."""

    def __init__(self, receipt: Mapping[str, Any], language: str) -> None:
        self._said = receipt
        self._language = language

    def whole(self) -> str:
        """Write all of it."""
        parts = [
            f"# {self._word('title')}",
            self._word("keep"),
            self._list(self._names()),
            self._list(self._agreed()),
            *self._contract(),
            self._list(self._data()),
            *self._withdrawal(),
            f"## {self._word('happened')}",
            "\n".join(
                f"- {event['event_time']}: {self._word('event.' + event['event_type'])}"
                for event in self._said["events"]
            ),
            self._word("check"),
        ]
        return "\n\n".join(parts) + "\n"

    def _word(self, key: str) -> str:
        return _words()[key][self._language]

    def _list(self, lines: list[tuple[str, str]]) -> str:
        colon = "：" if self._language == "zh" else " : " if self._language == "fr" else ": "
        return "\n".join(f"- **{self._word(key)}**{colon}{value}" for key, value in lines if value)

    def _names(self) -> list[tuple[str, str]]:
        said = self._said
        return [
            ("receipt", said["receipt_id"]),
            ("record", said["record_id"]),
            ("hash", said["record_sha256"]),
            ("made", said["made_at"]),
        ]

    def _agreed(self) -> list[tuple[str, str]]:
        said = self._said
        return [
            ("who", self._word(f"kind.{said['kind']}")),
            ("uses", self._and([self._word(f"use.{use}") for use in said["purposes"]])),
            ("languages", ", ".join(said.get("languages", ())) or self._word("any")),
            ("territories", ", ".join(said.get("territories", ())) or self._word("any")),
            ("given", said["given_at"]),
            ("expires", said.get("expires") or self._word("never")),
            ("objection", said.get("objection_until", "")),
        ]

    def _contract(self) -> list[str]:
        contract = self._said.get("contract")
        if contract is None:
            return []
        lines = [
            ("products", self._and(contract["products"])),
            ("territories", ", ".join(contract["territories"])),
            ("term", f"{contract['begins']} – {contract['ends']}"),
            ("pay", contract["pay"]),
            ("ends_by", contract["ends_by"]),
        ]
        return [f"## {self._word('contract')}", self._list(lines)]

    def _data(self) -> list[tuple[str, str]]:
        said = self._said
        data = [self._word(f"pii.{one['pii_type']}") for one in said.get("pii_information", ())]
        notice = said.get("privacy_notice")
        shown = (
            f"{notice['uri']}, {notice['version']}, SHA-256 {notice['sha256']}" if notice else ""
        )
        return [
            ("controllers", self._parties("pii_controllers")),
            ("data", self._and(data)),
            ("method", said.get("processing_method", "")),
            ("storage", self._and(said.get("storage_locations", ()))),
            ("retention", said.get("retention_period", "")),
            ("recipients", self._parties("recipients") or self._word("nobody")),
            ("notice", shown),
        ]

    def _withdrawal(self) -> list[str]:
        said = self._said
        own = [said["withdrawal_method"]] if said.get("withdrawal_method") else []
        authority = said.get("authority") or {}
        where = ", ".join(authority[key] for key in ("name", "contact") if authority.get(key))
        return [
            f"## {self._word('withdraw')}",
            *own,
            self._word("withdraw_plain"),
            f"    vivant consent withdraw {said['record_id']}",
            f"## {self._word('rights')}",
            said.get("privacy_rights") or self._word("rights_plain"),
            *([self._list([("authority", where)])] if where else []),
        ]

    def _parties(self, field: str) -> str:
        return "; ".join(
            ", ".join(party[key] for key in ("name", "address", "contact") if party.get(key))
            or party["entity_id"]
            for party in self._said.get(field, ())
        )

    def _and(self, things: Any) -> str:  # noqa: ANN401 -- whatever JSON holds as a list of texts
        return ("、" if self._language == "zh" else "; ").join(things)
