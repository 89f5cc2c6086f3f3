"""What happens to a consent after it was given: taken back, objected to, held, settled, erased.

Every event is written twice in one act: first a line in the ledger (ids only), then the event in the
record's file (with the names and words that may stand there). Both are asked before anything is
made, and the stricter wins; so when a process is killed between the two, what was forbidden stays
forbidden and what was released stays held, until the next event or ``catch_up`` completes the file
from the ledger. A withdrawal needs no file at all.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

from vivant.errors import ConsentError, InputError, ResourceError
from vivant.places import Places
from vivant.provenance.consent import Consent, ConsentErasedError, read_consent, write_consent
from vivant.provenance.consent_history import (
    FINAL,
    Person,
    catch_up,
    events_in,
    ledger_state,
    open_objections,
    other_holds,
    state_after,
)
from vivant.provenance.consent_keeping import (
    LEDGER_NAMES,
    bury,
    event_facts,
    files_to_tell,
    forget_evidence,
    kept_records,
    only_one,
    sealed_anew,
    tell_files_alone,
)
from vivant.provenance.consent_parts import Event, EventState, EventType, Evidence, LiveCheck
from vivant.provenance.ledger import Ledger, LedgerError
from vivant.provenance.safekeeping import utc_now
from vivant.provenance.withdrawing import Followed, follow

Outcome = Literal["released", "upheld"]
"""How an objection was settled: the work goes on, or the objector was right and the consent ends."""


_STRICTER: frozenset[EventType] = frozenset({"consent_withdrawn", "objection_raised", "hold"})


class NothingToSettleError(InputError):
    """There is no open objection of that id, or no hold."""

    code = "consent.nothing-open"


@dataclass(frozen=True, slots=True, kw_only=True)
class Happened:
    """What was done."""

    record_id: str
    state: EventState
    """What holds now."""
    events: tuple[Event, ...]
    files: tuple[Path, ...]
    """The files that tell of it now; the ledger always does."""
    followed: Followed
    """What followed for films and sounds made under it."""


def withdraw(
    record_id: str,
    *,
    places: Places,
    by: Person | None = None,
    also: Path | None = None,
    now: datetime | None = None,
) -> Happened:
    """Take a consent back, for good. Its file may be lost.

    Args:
        record_id: Which one.
        places: Whose ledger and records.
        by: Who takes it back.
        also: A file of the record outside the data folder, which is to tell of it too.
        now: The moment.
    """
    return _happen(record_id, ["consent_withdrawn"], by=by, places=places, also=also, now=now)


def object_to(
    record_id: str,
    *,
    places: Places,
    by: Person,
    evidence: tuple[Evidence, ...] = (),
    also: Path | None = None,
    now: datetime | None = None,
) -> Happened:
    """Raise an objection: the consent is held until it is settled.

    Args:
        record_id: Against which consent.
        places: Whose ledger and records.
        by: Who objects; with the relation to the person.
        evidence: What shows that it is so.
        also: A file of the record outside the data folder.
        now: The moment.

    Raises:
        InputError: No relation is said.
    """
    if not by.relation:
        message = "Say who objects: the relation to the person, such as brother."
        raise InputError(message)
    more: dict[str, Any] = {"evidence": evidence or None}
    return _happen(
        record_id, ["objection_raised"], by=by, places=places, also=also, now=now, more=more
    )


def settle(
    record_id: str,
    *,
    places: Places,
    by: Person,
    outcome: Outcome,
    objection: str | None = None,
    also: Path | None = None,
    now: datetime | None = None,
) -> Happened:
    """Settle an objection. The hold ends with the last open one; an objection upheld ends the consent.

    Args:
        record_id: Of which consent.
        places: Whose ledger and records.
        by: Who settled it; a person, never a program.
        outcome: ``"released"`` or ``"upheld"``.
        objection: Its ``event_id``, or its first digits; may be left out where only one is open.
        also: A file of the record outside the data folder.
        now: The moment.

    Raises:
        NothingToSettleError: There is no such open objection, or several are open and none was named.
    """
    with only_one(places):
        events = _events_of(record_id, places=places, also=also)
        still_open = open_objections(events)
        chosen = [one for one in still_open if (one.event_id or "").startswith(objection or "")]
        if len(chosen) != 1:
            ids = ", ".join((one.event_id or "")[:12] for one in still_open) or "none"
            message = f"Open objections against {record_id}: {ids}. Name one of them."
            raise NothingToSettleError(message)
        kinds: list[EventType] = ["objection_settled"]
        if outcome == "upheld":
            kinds.append("consent_withdrawn")
        elif len(still_open) == 1 and not other_holds(events):
            kinds.append("release")
        more = {"settles": chosen[0].event_id}
        return _done(record_id, kinds, by=by, places=places, also=also, now=now, more=more)


def hold(
    record_id: str,
    *,
    places: Places,
    by: Person,
    also: Path | None = None,
    now: datetime | None = None,
) -> Happened:
    """Hold a consent until it is released."""
    return _happen(record_id, ["hold"], by=by, places=places, also=also, now=now)


def release(
    record_id: str,
    *,
    places: Places,
    by: Person,
    also: Path | None = None,
    now: datetime | None = None,
) -> Happened:
    """End a hold.

    Raises:
        NothingToSettleError: It is not held, or an objection is open, which must be settled instead.
    """
    with only_one(places):
        events = _events_of(record_id, places=places, also=also)
        if open_objections(events) or state_after(events) != "held":
            message = (
                f"Consent {record_id} is {state_after(events)}, with {len(open_objections(events))} "
                f"open objections. Only a hold without objections is released; objections are settled."
            )
            raise NothingToSettleError(message)
        return _done(record_id, ["release"], by=by, places=places, also=also, now=now)


def note_check(
    record_id: str,
    check: LiveCheck,
    *,
    places: Places,
    by: Person | None = None,
    also: Path | None = None,
    now: datetime | None = None,
) -> Happened:
    """Write down that the person was seen and heard to agree."""
    more: dict[str, Any] = {"check": check}
    return _happen(
        record_id, ["consent_checked"], by=by, places=places, also=also, now=now, more=more
    )


def expire_due(places: Places, *, now: datetime | None = None) -> tuple[str, ...]:
    """Write down the expiry of every kept record that has run out.

    Returns:
        Their ids.
    """
    moment = utc_now() if now is None else now
    ledger = Ledger.in_places(places)
    due = [
        consent.record_id
        for _path, consent in kept_records(places)
        if consent.expires is not None
        and consent.expires <= moment
        and state_after(catch_up(consent, ledger).events) not in FINAL
    ]
    for record_id in due:
        _happen(record_id, ["consent_expired"], by=None, places=places, also=None, now=moment)
    return tuple(due)


def erase_record(
    record_id: str,
    *,
    places: Places,
    by: Person | None = None,
    also: Path | None = None,
    now: datetime | None = None,
) -> Happened:
    """Erase a record, its evidence and its receipts; its id and its hash stay, so that the consent ends for good.

    Returns:
        What was done; the files hold tombstones now.
    """
    moment = utc_now() if now is None else now
    with only_one(places):
        ledger = Ledger.in_places(places)
        sha256 = _sha256_of(record_id, ledger, places=places, also=also)
        event = _event("consent_erased", (), by=by, now=moment, more={})
        facts = event_facts(record_id, event) | {"record_sha256": sha256}
        ledger.append("consent.erased", facts, now=moment)
        files = files_to_tell(record_id, places=places, also=also)
        for path in files:
            bury(path, record_id=record_id, sha256=sha256, erased_at=moment)
        forget_evidence(record_id, places=places)
        followed = follow(record_id, now=moment, places=places)
    return Happened(
        record_id=record_id, state="erased", events=(event,), files=files, followed=followed
    )


def _happen(
    record_id: str,
    kinds: Sequence[EventType],
    *,
    by: Person | None,
    places: Places,
    also: Path | None,
    now: datetime | None,
    more: dict[str, Any] | None = None,
) -> Happened:
    with only_one(places):
        try:
            _events_of(record_id, places=places, also=also)
            return _done(record_id, kinds, by=by, places=places, also=also, now=now, more=more)
        except (LedgerError, ResourceError):
            if (
                kinds[0] in _STRICTER
            ):  # heard all the same; nothing is made with a broken ledger either
                moment = utc_now() if now is None else now
                event = _event(kinds[0], (), by=by, now=moment, more=more or {})
                tell_files_alone(record_id, event, places=places, also=also)
            raise


def _done(
    record_id: str,
    kinds: Sequence[EventType],
    *,
    by: Person | None,
    places: Places,
    also: Path | None,
    now: datetime | None,
    more: dict[str, Any] | None = None,
) -> Happened:
    """Write the events, ledger first; the lock is held."""
    moment = utc_now() if now is None else now
    ledger = Ledger.in_places(places)
    files = files_to_tell(record_id, places=places, also=also)
    read = {path: read_consent(path) for path in files}
    consents = {path: catch_up(consent, ledger) for path, consent in read.items()}
    events: list[Event] = []
    before = list(next(iter(consents.values())).events) if consents else []
    for number, kind in enumerate(kinds):
        event = _event(kind, before, by=by, now=moment, more=(more or {}) if number == 0 else {})
        ledger.append(LEDGER_NAMES[kind], event_facts(record_id, event), now=moment)
        before.append(event)
        events.append(event)
    for path, consent in consents.items():
        told = consent.model_copy(update={"events": (*consent.events, *_later(consent, events))})
        write_consent(sealed_anew(told, like=read[path], places=places, now=moment), path)
    state = events[-1].event_state if consents else ledger_state(record_id, ledger)
    followed = follow(record_id, now=moment, places=places)
    return Happened(
        record_id=record_id, state=state, events=tuple(events), files=files, followed=followed
    )


def _later(consent: Consent, events: Sequence[Event]) -> list[Event]:
    """Put events after what a record has, where a clock was set back."""
    last = consent.events[-1].event_time
    return [
        event.model_copy(update={"event_time": max(event.event_time, last)}) for event in events
    ]


def _event(
    kind: EventType,
    before: Sequence[Event],
    *,
    by: Person | None,
    now: datetime,
    more: dict[str, Any],
) -> Event:
    event = Event(
        event_time=max([now.replace(microsecond=0), *(one.event_time for one in before[-1:])]),
        event_type=kind,
        event_state="given",
        event_id=secrets.token_hex(16),
        entity_id=by.entity_id if by else None,
        name=by.name if by else None,
        relation=by.relation if by else None,
        words=by.words if by else None,
        **more,
    )
    return event.model_copy(update={"event_state": state_after([*before, event])})


def _events_of(record_id: str, *, places: Places, also: Path | None) -> Sequence[Event]:
    """Find what happened to a record, from its file or from the ledger alone.

    Raises:
        ConsentErasedError: It was erased.
        InputError: Nobody here knows it.
    """
    ledger = Ledger.in_places(places)
    lines = events_in(record_id, ledger)
    if any(event.event_type == "consent_erased" for event in lines):
        message = f"Consent {record_id} was erased; nothing more can happen to it."
        raise ConsentErasedError(message)
    files = files_to_tell(record_id, places=places, also=also)
    if files:
        return catch_up(read_consent(files[0]), ledger).events
    if not lines:
        message = (
            f"Nobody here knows a consent {record_id}: neither the ledger nor a file. Check the id, "
            f"or give the record's file."
        )
        raise InputError(message)
    return lines


def _sha256_of(record_id: str, ledger: Ledger, *, places: Places, also: Path | None) -> str:
    for path in files_to_tell(record_id, places=places, also=also):
        try:
            return read_consent(path).sha256
        except ConsentError:
            continue
    for line in ledger.events_of(record_id):
        if "record_sha256" in line.facts:
            return str(line.facts["record_sha256"])
    message = f"Nobody here knows a consent {record_id}. Check the id, or give the record's file."
    raise InputError(message)
