"""How a change of a consent is written down: the ledger's line, the record's files, and what follows.

``consent_events`` says what may happen to a consent, and is the only one that calls this. Every event is written twice
in one act: first a line in the ledger (ids only), then the event in the record's file (with the names and words that may
stand there). Both are asked before anything is made, and the stricter wins; so when a process is killed between the two,
what was forbidden stays forbidden and what was released stays held, until the next act completes the file from the
ledger.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from vivant.errors import InputError, ResourceError
from vivant.places import Places
from vivant.provenance.consent import Consent, ConsentErasedError, read_consent, write_consent
from vivant.provenance.consent_history import (
    FINAL,
    Person,
    catch_up,
    complete_files,
    events_in,
    ledger_state,
    other_holds,
    state_after,
)
from vivant.provenance.consent_keeping import (
    LEDGER_NAMES,
    event_facts,
    files_to_tell,
    only_one,
    sealed_anew,
    tell_files_alone,
)
from vivant.provenance.consent_parts import (
    LONGEST_NAME,
    LONGEST_WORDS,
    Event,
    EventState,
    EventType,
)
from vivant.provenance.ledger import Ledger, LedgerError
from vivant.provenance.ledger_states import consents_in
from vivant.provenance.withdrawing import Followed, check_by, check_id, follow

_STRICTER: frozenset[EventType] = frozenset({"consent_withdrawn", "objection_raised", "hold"})
"""What is heard although the ledger is broken: the files tell of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What somebody asks for: of which consent, where, who, and when."""

    record_id: str
    places: Places
    now: datetime
    by: Person | None = None
    also: Path | None = None
    """A file of the record outside the data folder, which is to tell of it too."""

    def __post_init__(self) -> None:
        """Insist that ids are ids.

        Raises:
            InputError: One is none.
        """
        check_id(self.record_id)
        if self.by is not None:
            check_by(self.by.entity_id)

    @property
    def ledger(self) -> Ledger:
        """The ledger that is to tell of it."""
        return Ledger.in_places(self.places)

    @property
    def files(self) -> tuple[Path, ...]:
        """The genuine files of the record.

        Raises:
            ConsentForgedError: The file that was named is not genuine.
            InputError: It is another record's.
        """
        return files_to_tell(self.record_id, places=self.places, also=self.also)


@dataclass(frozen=True, slots=True, kw_only=True)
class Happened:
    """What was done."""

    record_id: str
    state: EventState
    """What holds now."""
    events: tuple[Event, ...]
    """What was written; nothing where it was so before."""
    files: tuple[Path, ...]
    """The files that tell of it now; the ledger always does."""
    followed: Followed
    """What followed for films and sounds made under it, and whether it was so before."""


def happen(
    change: Change,
    kind: EventType,
    *,
    more: Mapping[str, Any] | None = None,
    even_unknown: bool = False,
) -> Happened:
    """Let one thing happen to a consent.

    Args:
        change: What somebody asks for.
        kind: What happens.
        more: Further fields of the event.
        even_unknown: Whether it is written of a consent that nobody here knows.

    Raises:
        ConsentErasedError: It was erased.
        InputError: Nobody here knows it.
        LedgerError: The ledger does not hold; what stops the work stands in the files all the same.
        ResourceError: The ledger or a file cannot be written.
    """
    with only_one(change.places):
        try:
            events_of(change, even_unknown=even_unknown)
            return write_down(change, [kind], more=more)
        except (LedgerError, ResourceError):
            if kind in _STRICTER:  # heard all the same; nothing is made with a broken ledger either
                event = event_of(kind, (), change, more)
                tell_files_alone(change.record_id, event, places=change.places, also=change.also)
            raise


def write_down(
    change: Change, kinds: Sequence[EventType], *, more: Mapping[str, Any] | None = None
) -> Happened:
    """Write what happens, ledger first, and do what follows. What is so already is not written again, but mended.

    Args:
        change: What somebody asks for.
        kinds: What happens, in order; whoever calls holds the lock.
        more: Further fields of the first event.
    """
    ledger = change.ledger
    fresh = [kind for kind in kinds if not _is_so(kind, change, ledger)]
    if not fresh:
        return mended(change)
    files = change.files
    read = _records_in(files)
    consents = {path: catch_up(consent, ledger) for path, consent in read.items()}
    first = next(iter(consents.values()), None)
    before = events_in(change.record_id, ledger) if first is None else list(first.events)
    events: list[Event] = []
    for kind in fresh:
        event = event_of(kind, before, change, more if kind == kinds[0] else None)
        ledger.append(LEDGER_NAMES[kind], event_facts(change.record_id, event), now=change.now)
        before.append(event)
        events.append(event)
    for path, consent in consents.items():
        told = consent.model_copy(update={"events": (*consent.events, *_later(consent, events))})
        sealed = sealed_anew(told, like=read[path], places=change.places, now=change.now)
        write_consent(sealed, path)
    followed = follow(change.record_id, now=change.now, places=change.places)
    over = followed.state == "expired"  # its day has come, though nobody wrote that down
    return Happened(
        record_id=change.record_id,
        state="expired" if over else events[-1].event_state,
        events=tuple(events),
        files=files,
        followed=followed,
    )


def mended(change: Change) -> Happened:
    """Write nothing new, and finish what was left half done: the files, and what follows. Whoever calls holds the lock."""
    complete_files(change.record_id, places=change.places, also=change.also)
    followed = follow(change.record_id, already=True, now=change.now, places=change.places)
    return Happened(
        record_id=change.record_id,
        state="given" if followed.state == "unknown" else followed.state,
        events=(),
        files=change.files,
        followed=followed,
    )


def events_of(change: Change, *, even_unknown: bool = False) -> Sequence[Event]:
    """Find what happened to a record, from its file or from the ledger alone.

    Args:
        change: What somebody asks for.
        even_unknown: Whether it may be one that nobody here knows.

    Raises:
        ConsentErasedError: It was erased.
        InputError: Nobody here knows it.
    """
    ledger = change.ledger
    lines = events_in(change.record_id, ledger)
    if any(event.event_type == "consent_erased" for event in lines):
        message = f"Consent {change.record_id} was erased; nothing more can happen to it."
        raise ConsentErasedError(message)
    if files := change.files:
        return catch_up(read_consent(files[0]), ledger).events
    if not even_unknown and not lines and not names(ledger, change.record_id):
        message = (
            f"Nobody here knows a consent {change.record_id}: neither the ledger nor a file. Check the id, "
            f"or give the record's file."
        )
        raise InputError(message)
    return lines


def names(ledger: Ledger, record_id: str) -> bool:
    """Tell whether a ledger names a consent: as one of its own, or as one under which something was made."""
    return any(
        entry.facts.get("record_id") == record_id or record_id in consents_in(entry)
        for entry in ledger.about(record_id)
    )


def event_of(
    kind: EventType, before: Sequence[Event], change: Change, more: Mapping[str, Any] | None
) -> Event:
    """Make the event of a change, after those that were before."""
    by = change.by
    event = Event(
        event_time=max(
            [change.now.replace(microsecond=0), *(one.event_time for one in before[-1:])]
        ),
        event_type=kind,
        event_state="given",
        event_id=secrets.token_hex(16),
        entity_id=by.entity_id if by else None,
        name=by.name if by else None,
        relation=by.relation if by else None,
        words=by.words if by else None,
        **(more or {}),
    )
    return event.model_copy(update={"event_state": state_after([*before, event])})


def _is_so(kind: EventType, change: Change, ledger: Ledger) -> bool:
    """Tell whether something would change nothing, by what the ledger says: the files may be behind, and are mended.

    A consent whose day has come is over, whether or not anybody wrote that down, and a clock that was set back revives
    none. Each objection is written down, since somebody raised it.
    """
    if kind == "consent_expired":
        return ledger_state(change.record_id, ledger) in FINAL
    if kind not in ("consent_withdrawn", "hold", "release"):
        return False
    found = ledger.state_of(change.record_id, at=ledger.moment(change.now))
    if found.state in FINAL:
        return True
    return kind == "hold" and other_holds(events_in(change.record_id, ledger))


def _records_in(files: Sequence[Path]) -> dict[Path, Consent]:
    """Read the records; tombstones have nothing to tell."""
    found: dict[Path, Consent] = {}
    for path in files:
        try:
            found[path] = read_consent(path)
        except ConsentErasedError:
            continue
    return found


def _later(consent: Consent, events: Sequence[Event]) -> list[Event]:
    """Put events after what a record has, where a clock was set back."""
    last = consent.events[-1].event_time
    return [
        event.model_copy(update={"event_time": max(event.event_time, last)}) for event in events
    ]


def insist_on_room(by: Person) -> None:
    """Refuse before anything is done what a record has no room for.

    Raises:
        InputError: Something that was said of the person is too long.
    """
    told = (
        ("name", by.name, LONGEST_NAME),
        ("relation", by.relation, LONGEST_NAME),
        ("words", by.words, LONGEST_WORDS),
    )
    for what, text, longest in told:
        if text is not None and not 1 <= len(text) <= longest:
            message = (
                f"The {what} of whoever does it have {len(text)} letters, and a record holds 1 to {longest}. Nothing was "
                f"written down yet. Say it shorter; what is longer goes into a file that is kept as evidence."
            )
            raise InputError(message)
