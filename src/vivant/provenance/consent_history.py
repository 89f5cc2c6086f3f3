"""What holds after what happened: the events of a record's file and the lines of the ledger, folded into one state."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from vivant.places import Places
from vivant.provenance.consent import Consent, ConsentErasedError, read_consent, write_consent
from vivant.provenance.consent_keeping import (
    LEDGER_NAMES,
    files_to_tell,
    only_one,
    sealed_anew,
)
from vivant.provenance.consent_parts import Event, EventState, EventType
from vivant.provenance.ledger import Entry, Ledger

FINAL: frozenset[EventState] = frozenset({"withdrawn", "expired", "erased"})
"""What nothing follows but a stricter end."""
_TYPES: dict[str, EventType] = {name: kind for kind, name in LEDGER_NAMES.items()}


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Who did it: an id for the ledger; the rest stays in the record's file."""

    entity_id: str
    name: str | None = None
    relation: str | None = None
    words: str | None = None


def new_person(
    *, name: str | None = None, relation: str | None = None, words: str | None = None
) -> Person:
    """Give somebody a random id."""
    return Person(entity_id=secrets.token_hex(16), name=name, relation=relation, words=words)


def state_after(events: Iterable[Event]) -> EventState:
    """Tell what holds after some events, in order."""
    state: EventState = "given"
    for event in events:
        if event.event_type == "consent_erased":
            state = "erased"
        elif state in FINAL:
            continue
        elif event.event_type == "consent_withdrawn":
            state = "withdrawn"
        elif event.event_type == "consent_expired":
            state = "expired"
        elif event.event_type in ("objection_raised", "hold"):
            state = "held"
        elif event.event_type in ("release", "consent_given"):
            state = "given"
    return state


def open_objections(events: Sequence[Event]) -> tuple[Event, ...]:
    """Find the objections that nobody has settled."""
    settled = {event.settles for event in events if event.event_type == "objection_settled"}
    return tuple(
        event
        for event in events
        if event.event_type == "objection_raised" and event.event_id not in settled
    )


def other_holds(events: Sequence[Event]) -> bool:
    """Tell whether somebody also held it without an objection, and nobody released that."""
    held = False
    for event in events:
        if event.event_type == "hold":
            held = True
        elif event.event_type == "release":
            held = False
    return held


def catch_up(consent: Consent, ledger: Ledger) -> Consent:
    """Complete a record with what the ledger knows of it, such as a withdrawal that its file missed."""
    known = {event.event_id for event in consent.events}
    found = list(consent.events)
    for line in ledger.events_of(consent.record_id):
        kind = _TYPES.get(line.event)
        event_id = str(line.facts.get("event_id") or line.sha256[:32])
        if kind is None or event_id in known:
            continue
        found.append(_from_line(line, kind, event_id, found))
    if len(found) == len(consent.events):
        return consent
    return consent.model_copy(update={"events": tuple(found)})


def _from_line(line: Entry, kind: EventType, event_id: str, before: Sequence[Event]) -> Event:
    event = Event(
        event_time=max(datetime.fromisoformat(line.time), before[-1].event_time),
        event_type=kind,
        event_state="given",
        event_id=event_id,
        entity_id=str(line.facts["entity_id"]) if "entity_id" in line.facts else None,
        settles=str(line.facts["settles"]) if "settles" in line.facts else None,
    )
    return event.model_copy(update={"event_state": state_after([*before, event])})


def ledger_state(record_id: str, ledger: Ledger) -> EventState:
    """Tell what holds of a record by the ledger's lines alone."""
    return state_after(events_in(record_id, ledger))


def events_in(record_id: str, ledger: Ledger) -> list[Event]:
    """Read what a ledger tells of a record, in order; names and words are not in it."""
    found: list[Event] = []
    for line in ledger.events_of(record_id):
        kind = "consent_given" if line.event == "consent.given" else _TYPES.get(line.event)
        if kind is None:
            continue
        found.append(
            Event(
                event_time=datetime.fromisoformat(line.time),
                event_type=kind,
                event_state="given",
                event_id=str(line.facts.get("event_id") or line.sha256[:32]),
                settles=str(line.facts["settles"]) if "settles" in line.facts else None,
            )
        )
    return found


Holding = Literal["given", "held", "expired", "withdrawn", "erased", "not-yet"]
_STRICTNESS: tuple[Holding, ...] = ("given", "held", "not-yet", "expired", "withdrawn", "erased")


@dataclass(frozen=True, slots=True, kw_only=True)
class StandingThen:
    """What holds of a consent at a moment."""

    state: Holding
    why: str
    open_objections: int
    may_still_be_objected: bool
    """Whether other kin may still object; until then it is for those who ordered it alone."""


def standing_at(consent: Consent, ledger: Ledger, moment: datetime) -> StandingThen:
    """Tell what holds of a consent at a moment, by its file and by the ledger; the stricter counts.

    Args:
        consent: The record, as its file has it.
        ledger: The ledger of this machine.
        moment: Of asking; in the past, what held then.
    """
    own = consent.state_at(moment)
    whole = catch_up(consent, ledger)
    past = [event for event in whole.events if event.event_time <= moment]
    states: list[Holding] = [own, state_after(past) if past else "not-yet"]
    said = ledger.state_of(consent.record_id, at=moment).state
    if said != "unknown":  # a file alone releases nothing that the ledger holds
        states.append(said)
    whys = {
        "given": f"It was given at {_when(consent.given_at)}, and nothing stands against it.",
        "not-yet": f"It was given at {_when(consent.given_at)}; at {_when(moment)} it did not hold yet.",
    }
    if consent.expires is not None and consent.expires <= moment:
        states.append("expired")
        whys["expired"] = f"It ran out at {_when(consent.expires)}."
    state = max(states, key=_STRICTNESS.index)
    since = _since(past, state)
    if state not in whys and since is not None:
        whys[state] = f"It is {state} since {_when(since.event_time)}."
    return StandingThen(
        state=state,
        why=whys.get(state, f"The ledger says that it is {state}."),
        open_objections=len(open_objections(past)),
        may_still_be_objected=consent.objection_until is not None
        and moment < consent.objection_until,
    )


def _since(past: Sequence[Event], state: Holding) -> Event | None:
    """Find the event with which the state began that holds now: not an earlier hold that was released."""
    began: Event | None = None
    for event in past:
        if event.event_state != state:
            began = None
        elif began is None:
            began = event
    return began


def _when(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%d %H:%M UTC")


def complete(record_id: str, *, places: Places, also: Path | None = None) -> bool:
    """Complete the files of a record with what the ledger knows of it, such as after a killed process.

    Returns:
        Whether there was anything to complete.
    """
    with only_one(places):
        return complete_files(record_id, places=places, also=also)


def complete_files(record_id: str, *, places: Places, also: Path | None = None) -> bool:
    """Complete the files of a record, as ``complete`` does, for whoever holds the lock already."""
    ledger = Ledger.in_places(places)
    changed = False
    for path in files_to_tell(record_id, places=places, also=also):
        try:
            consent = read_consent(path)
        except ConsentErasedError:  # a tombstone is complete
            continue
        whole = catch_up(consent, ledger)
        if whole is not consent:
            write_consent(sealed_anew(whole, like=consent, places=places), path)
            changed = True
    return changed
