"""What a ledger says of a consent, at any moment."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from vivant.provenance.ledger_lines import Entry, moment_of

State = Literal["unknown", "given", "held", "withdrawn", "expired", "erased"]
FINAL: frozenset[State] = frozenset({"withdrawn", "expired", "erased"})
_LEADS_TO: dict[str, State] = {
    "consent.given": "given",
    "consent.release": "given",
    "consent.withdrawn": "withdrawn",
    "consent.expired": "expired",
    "consent.objection": "held",
    "consent.hold": "held",
    "consent.erased": "erased",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentState:
    """What holds of a consent."""

    state: State
    """``"held"``: an objection or a hold stands. Withdrawn, expired and erased are for good."""
    since: datetime | None = None
    """From when on; nothing for a consent that the ledger does not know."""
    number: int | None = None
    """The line that says so."""

    @property
    def stops(self) -> bool:
        """Whether nothing more may be made, shown or handed over."""
        return self.state not in ("unknown", "given")


def state_from(
    entries: Iterable[Entry], record_id: str, *, at: datetime | None, counts_expiry: bool = True
) -> ConsentState:
    """Go through what happened to a consent.

    Args:
        entries: In order; those of other consents are passed over.
        record_id: The consent.
        at: Up to and including this moment; the last line when nothing is given.
        counts_expiry: Whether a consent whose day has come counts as expired before anybody wrote so.
    """
    found = ConsentState(state="unknown")
    expires: tuple[datetime, int] | None = None
    for entry in entries:
        to = _LEADS_TO.get(entry.event)
        if to is None or entry.facts.get("record_id") != record_id:
            continue
        if at is not None and entry.moment > at:
            break
        ends = expiry_in(entry)
        if ends is not None and (expires is None or ends < expires[0]):
            expires = (ends, entry.number)
        if to == found.state or (found.state in FINAL and to != "erased"):
            continue
        found = ConsentState(state=to, since=entry.moment, number=entry.number)
    if expires is None or at is None or not counts_expiry or found.state in FINAL:
        return found
    ends, number = expires
    return ConsentState(state="expired", since=ends, number=number) if at >= ends else found


def expiry_in(entry: Entry) -> datetime | None:
    """Tell when a consent ends, as its giving was written down."""
    stamp = entry.facts.get("expires")
    if entry.event != "consent.given" or not isinstance(stamp, str):
        return None
    return moment_of(stamp)


def consents_in(entry: Entry) -> tuple[str, ...]:
    """Name the consents under which something was made, the first one first."""
    facts = entry.facts
    named: list[Any] = [facts.get("consent_id"), facts.get("voice_consent_id")]
    for field in ("consent_ids", "voice_consent_ids"):
        more = facts.get(field)
        named += more if isinstance(more, list) else []
    return tuple(dict.fromkeys(one for one in named if isinstance(one, str)))
