"""What the ledger says of one consent: its state, its hashes, the answers that people gave, and the latest time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from vivant.provenance.asked import AUDIENCES, Audience
from vivant.provenance.ledger import Entry, Ledger

CLOCK_MAY_LAG = timedelta(minutes=5)
"""Clocks of machines that share a ledger differ by so much at most."""
_HASH_OF = {"record_id": "record_sha256", "consent_id": "consent_sha256"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """What somebody answered to a question that a rule left to people."""

    rule: str
    use: str
    audience: Audience
    about: str
    """Hash of what was asked, beyond use and audience; empty where the rule asks for no more."""
    record_sha256: str
    yes: bool
    by: str
    """Who, by id."""
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """What a ledger says of one consent."""

    state: str
    hashes: frozenset[str]
    """Every hash by which the ledger knows the record."""
    latest: datetime | None
    """When its last line was written."""
    answers: tuple[Answered, ...]
    whole: bool
    """Whether every line holds and none is missing from the end."""


UNHEARD = Heard(state="unknown", hashes=frozenset(), latest=None, answers=(), whole=True)
"""Where there is no ledger to ask."""


def hear(ledger: Ledger | None, record_id: str) -> Heard:
    """Ask a ledger about a consent."""
    if ledger is None:
        return UNHEARD
    if not ledger.verify().ok:
        return Heard(state="unknown", hashes=frozenset(), latest=None, answers=(), whole=False)
    hashes: set[str] = set()
    answers: list[Answered] = []
    latest: datetime | None = None
    for entry in ledger.entries():
        moment = datetime.fromisoformat(entry.time)
        latest = moment if latest is None else max(latest, moment)
        hashes |= _hashes(entry, record_id)
        if entry.event == "policy.answered" and entry.facts.get("record_id") == record_id:
            answers += _answer(entry.facts, moment)
    return Heard(
        state=ledger.consent_state(record_id),
        hashes=frozenset(hashes),
        latest=latest,
        answers=tuple(answers),
        whole=True,
    )


def _hashes(entry: Entry, record_id: str) -> set[str]:
    """Give the hash by which a line knows the record."""
    if not entry.event.startswith(("consent.given", "policy.answered", "voice.learned")):
        return set()
    return {
        str(entry.facts[hashed])
        for name, hashed in _HASH_OF.items()
        if entry.facts.get(name) == record_id and hashed in entry.facts
    }


def _answer(facts: Mapping[str, Any], at: datetime) -> list[Answered]:
    try:
        audience = facts["audience"]
        if audience not in AUDIENCES:
            return []
        return [
            Answered(
                rule=str(facts["rule"]),
                use=str(facts["use"]),
                audience=audience,
                about=str(facts["about"]),
                record_sha256=str(facts["record_sha256"]),
                yes=facts["yes"] is True,
                by=str(facts["by"]),
                at=at,
            )
        ]
    except KeyError:
        return []
