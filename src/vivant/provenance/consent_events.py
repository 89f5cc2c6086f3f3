"""What happens to a consent after it was given: taken back, objected to, held, settled, run out, erased.

This is the only door by which a consent changes. Every act is written into the ledger and into the record's file
(``consent_changes``), and what follows for the films made under it is done (``withdrawing``). A withdrawal needs no file
at all. Taking back, holding and erasing once more changes nothing, and mends what was left half done.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Literal

from vivant.errors import ConsentError, InputError
from vivant.places import Places
from vivant.provenance.consent import read_consent
from vivant.provenance.consent_changes import (
    Change,
    Happened,
    event_of,
    events_of,
    happen,
    insist_on_room,
    mended,
    names,
    write_down,
)
from vivant.provenance.consent_evidence import forget_evidence
from vivant.provenance.consent_history import (
    FINAL,
    Person,
    catch_up,
    ledger_state,
    open_objections,
    other_holds,
    state_after,
)
from vivant.provenance.consent_keeping import (
    bury,
    event_facts,
    is_tombstone,
    kept_path,
    kept_records,
    only_one,
)
from vivant.provenance.consent_parts import EventType, Evidence, LiveCheck
from vivant.provenance.ledger import EventName, Ledger
from vivant.provenance.ledger_states import expiry_in
from vivant.provenance.safekeeping import utc_now
from vivant.provenance.withdrawing import follow

__all__ = [
    "Happened",
    "NothingToSettleError",
    "Outcome",
    "erase_record",
    "expire_due",
    "hold",
    "note_check",
    "object_to",
    "release",
    "settle",
    "withdraw",
]

_ENDS: tuple[EventName, ...] = ("consent.withdrawn", "consent.expired", "consent.erased")
Outcome = Literal["released", "upheld"]
"""How an objection was settled: the work goes on, or the objector was right and the consent ends."""


class NothingToSettleError(InputError):
    """There is no open objection of that id, or no hold."""

    code = "consent.nothing-open"


def withdraw(
    record_id: str,
    *,
    places: Places,
    by: Person | None = None,
    also: Path | None = None,
    even_unknown: bool = False,
    now: datetime | None = None,
) -> Happened:
    """Take a consent back, for good. Its file may be lost. One that has ended, or ran out, stays as it is.

    Args:
        record_id: Which one.
        places: Whose ledger and records.
        by: Who takes it back.
        also: A file of the record outside the data folder, which is to tell of it too.
        even_unknown: Whether it is heard of a consent that neither the ledger nor a file knows here, such as one under
            which a first film is being made at this moment; left out, such an id is taken for a slip.
        now: The moment; now when left out.

    Raises:
        ConsentErasedError: It was erased, which is more.
        ConsentForgedError: The file that was named is not genuine.
        InputError: An id is none, nobody here knows the consent, or the file that was named is another's.
        LedgerError: The ledger does not hold; the files tell of it all the same.
        ResourceError: The ledger or a file cannot be written.
    """
    change = _asked(record_id, places=places, by=by, also=also, now=now)
    return happen(change, "consent_withdrawn", even_unknown=even_unknown)


def object_to(
    record_id: str,
    *,
    places: Places,
    by: Person,
    evidence: tuple[Evidence, ...] = (),
    also: Path | None = None,
    even_unknown: bool = False,
    now: datetime | None = None,
) -> Happened:
    """Raise an objection: the consent is held until it is settled. Each objection is written down.

    Args:
        record_id: Against which consent.
        places: Whose ledger and records.
        by: Who objects; with the relation to the person.
        evidence: What shows that it is so.
        also: A file of the record outside the data folder.
        even_unknown: See ``withdraw``.
        now: The moment; now when left out.

    Raises:
        InputError: No relation is said; and as ``withdraw``, whose other errors are raised too.
    """
    if not by.relation:
        message = "Say who objects: the relation to the person, such as brother."
        raise InputError(message)
    change = _asked(record_id, places=places, by=by, also=also, now=now)
    more = {"evidence": evidence or None}
    return happen(change, "objection_raised", more=more, even_unknown=even_unknown)


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
        now: The moment; now when left out.

    Raises:
        NothingToSettleError: There is no such open objection, or several are open and none was named. Files that missed
            a settlement are completed before that.
    """
    change = _asked(record_id, places=places, by=by, also=also, now=now)
    with only_one(places):
        events = events_of(change)
        still_open = open_objections(events)
        chosen = [one for one in still_open if (one.event_id or "").startswith(objection or "")]
        if len(chosen) != 1:
            mended(change)
            ids = ", ".join((one.event_id or "")[:12] for one in still_open) or "none"
            message = f"Open objections against {record_id}: {ids}. Name one of them."
            raise NothingToSettleError(message)
        kinds: list[EventType] = ["objection_settled"]
        if outcome == "upheld":
            kinds.append("consent_withdrawn")
        elif len(still_open) == 1 and not other_holds(events):
            kinds.append("release")
        return write_down(change, kinds, more={"settles": chosen[0].event_id})


def hold(
    record_id: str,
    *,
    places: Places,
    by: Person,
    also: Path | None = None,
    even_unknown: bool = False,
    now: datetime | None = None,
) -> Happened:
    """Hold a consent until it is released: nothing is made, shown or handed over meanwhile.

    Args:
        record_id: Which one.
        places: Whose ledger and records.
        by: Who holds it.
        also: A file of the record outside the data folder.
        even_unknown: See ``withdraw``, whose errors are raised too.
        now: The moment; now when left out.
    """
    change = _asked(record_id, places=places, by=by, also=also, now=now)
    return happen(change, "hold", even_unknown=even_unknown)


def release(
    record_id: str,
    *,
    places: Places,
    by: Person,
    also: Path | None = None,
    now: datetime | None = None,
) -> Happened:
    """End a hold.

    Args:
        record_id: Of which consent.
        places: Whose ledger and records.
        by: Who ends it.
        also: A file of the record outside the data folder.
        now: The moment; now when left out.

    Raises:
        NothingToSettleError: It is not held, or an objection is open, which must be settled instead. Files that missed a
            release are completed before that.
    """
    change = _asked(record_id, places=places, by=by, also=also, now=now)
    with only_one(places):
        events = events_of(change)
        if open_objections(events) or state_after(events) != "held":
            mended(change)
            message = (
                f"Consent {record_id} is {state_after(events)}, with {len(open_objections(events))} "
                f"open objections. Only a hold without objections is released; objections are settled."
            )
            raise NothingToSettleError(message)
        return write_down(change, ["release"])


def note_check(
    record_id: str,
    check: LiveCheck,
    *,
    places: Places,
    by: Person | None = None,
    also: Path | None = None,
    now: datetime | None = None,
) -> Happened:
    """Write down that the person was seen and heard to agree.

    Args:
        record_id: To which consent.
        check: What was found.
        places: Whose ledger and records.
        by: Who listened.
        also: A file of the record outside the data folder.
        now: The moment; now when left out.
    """
    change = _asked(record_id, places=places, by=by, also=also, now=now)
    return happen(change, "consent_checked", more={"check": check})


def expire_due(*, places: Places, now: datetime | None = None) -> tuple[Happened, ...]:
    """Write down of every consent whose day has come that it ran out, by what the ledger and the kept records say.

    Args:
        places: Whose ledger and records.
        now: What the clock says; now when left out. Where the ledger's last line is later, that moment counts.

    Returns:
        What was done, for each that was not known to have ended.

    Raises:
        LedgerError: The ledger does not hold.
        ResourceError: The ledger or a file cannot be written.
    """
    moment = utc_now() if now is None else now
    found: list[Happened] = []
    for record_id in _due(Ledger.in_places(places), places=places, now=moment):
        with only_one(places):
            done = write_down(
                Change(record_id=record_id, places=places, now=moment), ["consent_expired"]
            )
        if done.events:  # nobody else was faster
            found.append(done)
    return tuple(found)


def _due(ledger: Ledger, *, places: Places, now: datetime) -> list[str]:
    """Name the consents whose day has come, and which had not ended before."""
    at = ledger.moment(now)
    ends: dict[str, datetime] = {}
    over: set[str] = set()
    for entry in ledger.of_kinds("consent.given", *_ENDS):
        record_id = str(entry.facts.get("record_id"))
        expires = expiry_in(entry)
        if expires is not None:
            ends[record_id] = min(expires, ends.get(record_id, expires))
        if entry.event in _ENDS:
            over.add(record_id)
    due = {one for one, day in ends.items() if day <= at}
    for path, consent in kept_records(places):
        if consent.expires is None or consent.expires > at or consent.record_id in over | due:
            continue
        change = Change(record_id=consent.record_id, places=places, now=now)
        if path in change.files and state_after(catch_up(consent, ledger).events) not in FINAL:
            due.add(consent.record_id)
    return sorted(due - over)


def erase_record(
    record_id: str,
    *,
    places: Places,
    by: Person | None = None,
    also: Path | None = None,
    now: datetime | None = None,
) -> Happened:
    """Erase a record, its evidence and its receipts; its id and its hash stay, so that the consent ends for good.

    Args:
        record_id: Which one.
        places: Whose ledger and records.
        by: Who asks for it.
        also: A file of the record outside the data folder, which is erased too.
        now: The moment; now when left out.

    Returns:
        What was done; the files hold tombstones now.

    Raises:
        ConsentForgedError: The file that was named is not genuine.
        InputError: An id is none, or nobody here knows the consent.
        LedgerError: The ledger does not hold.
        ResourceError: The ledger or a file cannot be written.
    """
    change = _asked(record_id, places=places, by=by, also=also, now=now)
    with only_one(places):
        ledger, files = change.ledger, change.files
        sha256 = _sha256_of(change, ledger, files)
        event = event_of("consent_erased", (), change, None)
        already = ledger_state(record_id, ledger) == "erased"
        if not already:
            facts = event_facts(record_id, event)
            facts |= {} if sha256 is None else {"record_sha256": sha256}
            ledger.append("consent.erased", facts, now=change.now)
        own = kept_path(record_id, places=places)
        left = dict.fromkeys([*files, *([own] if own.is_file() else [])])  # it may be damaged
        for path in left:
            if not is_tombstone(path):
                bury(path, record_id=record_id, sha256=sha256, erased_at=change.now)
        forget_evidence(record_id, places=places)
        followed = follow(record_id, already=already, now=change.now, places=places)
    return Happened(
        record_id=record_id,
        state="erased",
        events=() if already else (event,),
        files=tuple(left),
        followed=followed,
    )


def _sha256_of(change: Change, ledger: Ledger, files: Sequence[Path]) -> str | None:
    """Find the hash of a record that is known here; nothing where only its id is.

    Raises:
        InputError: Nobody here knows it.
    """
    for path in files:
        try:
            return read_consent(path).sha256
        except ConsentError:
            continue
    for line in ledger.events_of(change.record_id):
        if "record_sha256" in line.facts:
            return str(line.facts["record_sha256"])
    if names(ledger, change.record_id):
        return None
    message = (
        f"Nobody here knows a consent {change.record_id}. Check the id, or give the record's file."
    )
    raise InputError(message)


def _asked(
    record_id: str,
    *,
    places: Places,
    by: Person | None,
    also: Path | None,
    now: datetime | None,
) -> Change:
    if by is not None:
        insist_on_room(by)
    moment = utc_now() if now is None else now
    return Change(record_id=record_id, places=places, by=by, also=also, now=moment)
