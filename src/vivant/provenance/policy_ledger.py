"""What the ledger says of one consent: its state, its hashes, the answers that people gave, and the latest time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from vivant.provenance.asked import AUDIENCES, Audience
from vivant.provenance.consent import Consent
from vivant.provenance.consent_authentic import Authenticity, check_consent
from vivant.provenance.ledger import CLOCK_SLACK, Entry, Ledger, LedgerError
from vivant.provenance.ledger_states import state_from

CHECKED_LINES = 2000
"""A ledger of so many lines is checked whole each time; of a longer one the end, and each line about the consent."""
_DOUBTED = ("unsealed", "headless")
"""Faults that prove nothing: the chain holds, and the next writer seals it."""
_STOPPED = ("withdrawn", "held", "erased")
_TELLING = {
    "consent.given": ("record_id", "record_sha256"),
    "film.made": ("consent_id", "consent_sha256"),
    "sound.made": ("consent_id", "consent_sha256"),
    "voice.learned": ("consent_id", "consent_sha256"),
}
"""Lines that tell the hash of a record: where they name the record, and where the hash is."""


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

    state: str = "unknown"
    hashes: frozenset[str] = frozenset()
    """Every hash by which the ledger knows the record."""
    latest: datetime | None = None
    """When its last line was written."""
    is_clock_back: bool = False
    answers: tuple[Answered, ...] = ()
    fault: str = ""
    """Why the ledger cannot be believed; empty where it can."""
    doubt: str = ""
    """``"unsealed"`` or ``"headless"``: see ``ledger_checking.Fault``."""
    objected: tuple[str, ...] = ()
    """Of the photos asked for: those for which another record was given that somebody stopped."""
    authenticity: Authenticity | None = None
    """What the record is worth here; nothing where there is no ledger."""


def hear(
    ledger: Ledger | None, consent: Consent, *, photos: tuple[str, ...] = (), now: datetime
) -> Heard:
    """Ask a ledger about a consent; never raises for what the ledger holds.

    Args:
        ledger: Where to ask; nobody is asked when None.
        consent: The record.
        photos: Hashes of the photos that are asked for.
        now: The moment of asking.
    """
    if ledger is None:
        return Heard()
    try:
        return _heard(ledger, consent, photos=photos, now=now)
    except LedgerError as error:
        return Heard(fault=str(error))


def _heard(ledger: Ledger, consent: Consent, *, photos: tuple[str, ...], now: datetime) -> Heard:
    latest, doubt = ledger.latest_time, ""
    if not _is_long(ledger):
        report = ledger.verify()
        if not report.ok and report.fault not in _DOUBTED:
            return Heard(fault=report.why)
        doubt = report.fault or ""
    record_id = consent.record_id
    lines = tuple(ledger.about(record_id))
    answers = [
        _answer(line)
        for line in lines
        if line.event == "policy.answered" and line.facts.get("record_id") == record_id
    ]
    at = now if latest is None else max(now, latest)
    return Heard(
        state=state_from(lines, record_id, at=at).state,
        hashes=frozenset(sha256 for line in lines for sha256 in _hashes(line, record_id)),
        latest=latest,
        is_clock_back=latest is not None and latest - now > CLOCK_SLACK,
        answers=tuple(one for one in answers if one is not None),
        doubt=doubt,
        objected=tuple(
            photo for photo in photos if _is_objected(ledger, photo, but=record_id, at=at)
        ),
        authenticity=check_consent(consent, ledger, places=ledger.places),
    )


def _is_objected(ledger: Ledger, photo: str, *, but: str, at: datetime) -> bool:
    """Tell whether another record lists the photo, and was taken back, is held, or was erased."""
    others = {
        str(line.facts.get("record_id"))
        for line in ledger.about(photo)
        if line.event == "consent.given" and photo in (line.facts.get("photos") or ())
    }
    states = (state_from(ledger.about(other), other, at=at).state for other in others - {but})
    return any(state in _STOPPED for state in states)


def _is_long(ledger: Ledger) -> bool:
    return sum(1 for _ in zip(range(CHECKED_LINES + 1), ledger.store.lines(), strict=False)) > (
        CHECKED_LINES
    )


def _hashes(line: Entry, record_id: str) -> tuple[str, ...]:
    """Give the hash by which a line knows the record."""
    name, hashed = _TELLING.get(line.event, ("", ""))
    known = line.facts.get(hashed)
    return (known,) if isinstance(known, str) and line.facts.get(name) == record_id else ()


def _answer(line: Entry) -> Answered | None:
    facts = line.facts
    audience = facts.get("audience")
    names = ("rule", "use", "about", "record_sha256", "by")
    if audience not in AUDIENCES or not all(isinstance(facts.get(name), str) for name in names):
        return None
    return Answered(
        rule=facts["rule"],
        use=facts["use"],
        audience=audience,
        about=facts["about"],
        record_sha256=facts["record_sha256"],
        yes=facts.get("yes") is True,
        by=facts["by"],
        at=line.moment,
    )
