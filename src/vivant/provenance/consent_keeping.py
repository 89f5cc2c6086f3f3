"""Where records lie on this machine: one private file each, found again by id.

``consents/RECORD_ID.json`` holds a record. An erased record leaves a tombstone: its id, its hash and when it was erased.
"""

from __future__ import annotations

import contextlib
import logging
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from vivant.errors import ConsentError, InputError, PapersError, ResourceError
from vivant.places import Places
from vivant.provenance.consent import (
    LARGEST_FILE_BYTES,
    TOMBSTONE,
    Consent,
    ConsentErasedError,
    read_consent,
    write_consent,
)
from vivant.provenance.consent_authentic import (
    Authenticity,
    ConsentForgedError,
    check_consent,
    insist_on_authentic,
    seal_consent,
)
from vivant.provenance.consent_parts import Event, EventType
from vivant.provenance.consent_situations import faults_of
from vivant.provenance.ledger import EventName, Ledger
from vivant.provenance.safekeeping import (
    canonical,
    locked,
    utc_now,
    write_private,
)

logger = logging.getLogger(__name__)

SHORTEST_ID = 6
"""Hex digits by which a record may be called, where only one begins so."""
_STOPPING: frozenset[EventType] = frozenset(
    {"consent_withdrawn", "consent_expired", "objection_raised", "hold"}
)
LEDGER_NAMES: dict[EventType, EventName] = {
    "consent_withdrawn": "consent.withdrawn",
    "consent_expired": "consent.expired",
    "consent_checked": "consent.checked",
    "consent_erased": "consent.erased",
    "objection_raised": "consent.objection",
    "objection_settled": "consent.settled",
    "hold": "consent.hold",
    "release": "consent.release",
}
"""What the ledger calls the events of a record."""


@contextmanager
def only_one(places: Places) -> Iterator[None]:
    """Let one process at a time change records."""
    with locked(places.data / "consents" / ".lock"):
        yield


def kept_path(record_id: str, *, places: Places) -> Path:
    """Tell where a record lies, or would lie."""
    return places.data / "consents" / f"{record_id}.json"


def kept_records(places: Places) -> Iterator[tuple[Path, Consent]]:
    """Go through the records of this machine that can be read."""
    for path in sorted((places.data / "consents").glob("*.json")):
        try:
            yield path, read_consent(path)
        except ConsentError:
            continue


def files_of(record_id: str, *, places: Places) -> tuple[Path, ...]:
    """Find the files of this machine that hold a record; erased ones too.

    Only files in which the id stands are read as records, so that thousands of others cost little.
    """
    own = kept_path(record_id, places=places)
    others = sorted((places.data / "consents").glob("*.json"))
    found = [path for path in others if path != own and _speaks_of(path, record_id)]
    return tuple(found) if _is_of_another(own, record_id) else (own, *found)


def _is_of_another(own: Path, record_id: str) -> bool:
    """Tell whether the file of a record's name is none of it; a damaged or erased one still is."""
    try:
        return read_consent(own).record_id != record_id
    except ConsentError:
        return not own.is_file()


def _speaks_of(path: Path, record_id: str) -> bool:
    try:
        with path.open("rb") as file:
            if record_id.encode() not in file.read(LARGEST_FILE_BYTES):
                return False
        return read_consent(path).record_id == record_id
    except (OSError, ConsentError):
        return False


def files_to_tell(record_id: str, *, places: Places, also: Path | None) -> tuple[Path, ...]:
    """Find the genuine files of a record, and the one that somebody named.

    Raises:
        ConsentForgedError: The file that was named is not genuine; kept ones that are not are left alone.
        InputError: The file that was named is another record's.
    """
    ledger = Ledger.in_places(places)
    kept = [
        path
        for path in files_of(record_id, places=places)
        if _may_be_told(path, ledger, places=places)
    ]
    if also is None or any(also.resolve() == path.resolve() for path in kept):
        return tuple(kept)
    named = read_consent(also)
    if named.record_id != record_id:
        message = f"The file is the record of consent {named.record_id}, not of {record_id}. Name one of the two."
        raise InputError(message)
    if _is_forged(named, ledger, places=places):
        message = (
            f"The file is not the record that was collected as {record_id}, so it is left as it is. Name the record by "
            f"its id instead."
        )
        raise ConsentForgedError(message)
    return (also, *kept)


def tell_files_alone(
    record_id: str, event: Event, *, places: Places, also: Path | None
) -> tuple[Path, ...]:
    """Write a stricter event into the files of a record where the ledger cannot take it; unsealed, since nobody can check.

    Returns:
        The files that tell of it now.
    """
    told: list[Path] = []
    for path in dict.fromkeys([*files_of(record_id, places=places), *([also] if also else [])]):
        try:
            consent = read_consent(path)
        except ConsentError:
            continue
        if event.event_type == "consent_withdrawn" == consent.events[-1].event_type:
            told.append(path)  # it tells of it already
            continue
        later = max(event.event_time, consent.events[-1].event_time)
        events = (*consent.events, event.model_copy(update={"event_time": later}))
        with contextlib.suppress(ResourceError):  # another file may lie on a disk with room
            write_consent(consent.model_copy(update={"events": events, "seal": None}), path)
            told.append(path)
    logger.warning(
        "the ledger could not take it; the record's file tells of it", extra={"files": len(told)}
    )
    return tuple(told)


def _is_forged(consent: Consent, ledger: Ledger, *, places: Places) -> bool:
    return check_consent(consent, ledger, places=places).standing == "forged"


def _may_be_told(path: Path, ledger: Ledger, *, places: Places) -> bool:
    """Tell whether a kept file is a genuine record, or the tombstone of one."""
    try:
        return not _is_forged(read_consent(path), ledger, places=places)
    except ConsentErasedError:
        return True
    except ConsentError:
        return False


def sealed_anew(
    consent: Consent, *, like: Consent, places: Places, now: datetime | None = None
) -> Consent:
    """Seal a record to which something happened, if it was sealed and is vouched for here.

    Without a key that holds it goes on unsealed, since nothing may stop a withdrawal.

    Args:
        consent: The record with all its events.
        like: The same before, as its file had it.
        places: Whose key.
        now: The moment.
    """
    if like.seal is None:
        return consent
    bare = consent.model_copy(update={"seal": None})
    if not check_consent(like, Ledger.in_places(places), places=places).ok:
        return bare
    try:
        return seal_consent(bare, places=places, now=now)
    except PapersError as error:
        facts = {"why": str(error), "code": error.code}
        logger.warning("a consent record lost its seal", extra=facts)
        return bare


def full_id(called: str, *, places: Places) -> str:
    """Find the id that somebody means by its first digits.

    Raises:
        InputError: It is no id, no record here begins so, or several do.
    """
    if re.fullmatch(r"[0-9a-f]{32}", called):
        return called
    if not re.fullmatch(rf"[0-9a-f]{{{SHORTEST_ID},31}}", called):
        message = (
            f"A record is called by its file or by its id: 32 hex digits, or the first {SHORTEST_ID} "
            f"or more of them. There is no such file, and this is no id."
        )
        raise InputError(message)
    ids = {str(entry.facts.get("record_id", "")) for entry in Ledger.in_places(places).entries()}
    ids |= {consent.record_id for _path, consent in kept_records(places)}
    begin = sorted(one for one in ids if one.startswith(called))
    if len(begin) != 1:
        message = (
            f"{len(begin)} records here have an id that begins with {called}. Give more of its "
            f"digits, or the record's file."
        )
        raise InputError(message)
    return begin[0]


def collect(consent: Consent, *, places: Places, now: datetime | None = None) -> Consent:
    """Take in a record that was given here: sealed, in the ledger, and kept.

    Returns:
        The record with its seal.

    Raises:
        KeyBrokenError: The key cannot be used.
        ResourceError: It cannot be written.
    """
    moment = utc_now() if now is None else now
    sealed = seal_consent(consent, places=places, now=moment)
    with only_one(places):
        Ledger.in_places(places).note_consent(sealed, now=moment)
        write_consent(sealed, kept_path(sealed.record_id, places=places))
    return sealed


def import_record(consent: Consent, *, places: Places, now: datetime | None = None) -> Consent:
    """Take in a full record that was collected elsewhere, after a person looked at it.

    What happened to it elsewhere goes into this ledger too, so that a withdrawal stays one; of a record that was taken in
    before, what stops it now.

    Args:
        consent: The record.
        places: Where it is taken in.
        now: The moment.

    Raises:
        ConsentForgedError: Another record is known here under its id, or its seal is broken.
        InputError: It is no full record.
    """
    moment = utc_now() if now is None else now
    ledger = Ledger.in_places(places)
    with only_one(places):
        found = check_consent(consent, ledger, places=places)
        if found.standing == "forged":
            message = f"Consent {consent.record_id} is not taken in. {found.why}"
            raise ConsentForgedError(message)
        if found.standing == "known":
            _note_what_stops(consent, ledger, now=moment)
            return consent
        if faults := faults_of(consent):
            message = f"Consent {consent.record_id} is not complete, so it is not taken in. {' '.join(faults)}"
            raise InputError(message)
        _note_all(consent, ledger, now=moment)
        write_consent(consent, kept_path(consent.record_id, places=places))
    return consent


def remember(consent: Consent, *, places: Places, now: datetime | None = None) -> Authenticity:
    """Note a record that is used here for the first time, so that no other can take its id, and what happened to it.

    Raises:
        ConsentForgedError: Another record is known here under its id, or its seal is broken.
        ConsentUnknownError: It is a full record for which nobody here vouches.
    """
    moment = utc_now() if now is None else now
    ledger = Ledger.in_places(places)
    with only_one(places):
        found = insist_on_authentic(consent, ledger, places=places)
        if found.standing != "known":
            _note_all(consent, ledger, now=moment)
    return found


def _note_all(consent: Consent, ledger: Ledger, *, now: datetime) -> None:
    ledger.note_consent(consent, now=now)
    for event in consent.events[1:]:
        name = LEDGER_NAMES[event.event_type]
        ledger.append(name, event_facts(consent.record_id, event), now=now)


def _note_what_stops(consent: Consent, ledger: Ledger, *, now: datetime) -> None:
    """Write down what a file tells of a known record, and the ledger does not: only what stops it, since that asks for no proof."""
    known = {str(line.facts.get("event_id")) for line in ledger.events_of(consent.record_id)}
    for event in _what_stops(consent.events):
        if event.event_id is None or event.event_id not in known:
            name = LEDGER_NAMES[event.event_type]
            ledger.append(name, event_facts(consent.record_id, event), now=now)


def _what_stops(events: Sequence[Event]) -> tuple[Event, ...]:
    """Find the ends, and the objections and holds that nobody has settled or released."""
    standing: list[Event] = []
    for event in events:
        if event.event_type == "objection_settled":
            standing = [one for one in standing if one.event_id != event.settles]
        elif event.event_type == "release":
            standing = [one for one in standing if one.event_type != "hold"]
        elif event.event_type in _STOPPING:
            standing.append(event)
    return tuple(standing)


def event_facts(record_id: str, event: Event) -> dict[str, object]:
    """Say of an event what the ledger may hold: ids and numbers."""
    facts: dict[str, object] = {"record_id": record_id, "event_id": event.event_id or ""}
    if event.entity_id is not None:
        facts["entity_id"] = event.entity_id
    if event.settles is not None:
        facts["settles"] = event.settles
    if event.check is not None:
        facts["clip_sha256"] = event.check.clip_sha256
        facts["similarity"] = round(event.check.similarity, 4)
        facts["method"] = event.check.method
    return facts


def bury(path: Path, *, record_id: str, sha256: str | None, erased_at: datetime) -> None:
    """Put a tombstone where a record was; nothing that was in it is left. Its hash stands on it where one is known."""
    facts = {
        "schema_version": TOMBSTONE,
        "record_id": record_id,
        "erased_at": erased_at.isoformat(),
    }
    facts |= {} if sha256 is None else {"sha256": sha256}
    write_private(path, canonical(facts) + b"\n")


def is_tombstone(path: Path) -> bool:
    """Tell whether a file is what is left of an erased record."""
    try:
        read_consent(path)
    except ConsentErasedError:
        return True
    except ConsentError:
        return False
    return False
