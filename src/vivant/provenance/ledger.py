"""What happened, in order, on lines that cannot be changed unseen.

Each line is a JSON object that ends in ``"prev"``, the hash of the line before, and ``"sha256"``, its
own hash over every byte before that field. A changed, missing, added or moved line breaks the chain
where it stands. The head remembers how many lines there were, under our seal: so lines cut from the end are missed
too, and lines that were all written anew. A process killed while writing leaves a torn last line: it is reported,
and set aside (never lost) by the next writer. Lines lie in one file, or in a database (``LedgerStore``).
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any, Literal

from vivant.errors import VivantError
from vivant.places import Places
from vivant.provenance.consent import Consent
from vivant.provenance.ledger_checking import SEALED_LATE, LedgerReport, check
from vivant.provenance.ledger_facts import facts_of_consent, facts_of_film, facts_of_sound
from vivant.provenance.ledger_head import (
    Checkpoint,
    Head,
    head_of,
    read_head,
    sealed_checkpoint,
    trust_in,
)
from vivant.provenance.ledger_lines import (
    START,
    Entry,
    EventName,
    LedgerError,
    digest,
    follows,
    moment_of,
    opened,
    stamp_of,
    written,
)
from vivant.provenance.ledger_states import ConsentState, consents_in, state_from
from vivant.provenance.ledger_stores import FileStore, LedgerStore, LedgerWriting
from vivant.provenance.ledger_witness import (
    insist_on_witnesses,
    recall,
    remember,
    witnesses_in,
)
from vivant.provenance.record import FilmRecord, SoundRecord
from vivant.provenance.safekeeping import utc_now
from vivant.provenance.signing import signing_key

__all__ = ["ConsentState", "Entry", "EventName", "Ledger", "LedgerError", "LedgerReport"]

CLOCK_SLACK = timedelta(minutes=10)
"""So much may clocks differ, and work take, before an earlier moment is worth a word."""
DATABASE = "ledger.sqlite"
"""Where this file lies in the ledger's folder, lines are kept in it."""


class Ledger:
    """A ledger. Threads and processes may write to it at once."""

    def __init__(
        self,
        *,
        folder: Path | None = None,
        store: LedgerStore | None = None,
        places: Places | None = None,
        witnesses: Sequence[Path] = (),
    ) -> None:
        """Open a ledger; nothing is made before something is written.

        Args:
            folder: Where its file lies.
            store: Where its lines lie, if not in a file.
            places: Whose key seals it; it stays without a seal when nothing is given.
            witnesses: Files elsewhere that remember how far it went.
        """
        if store is None:
            if folder is None:
                message = "A ledger needs a folder or a store."
                raise TypeError(message)
            store = FileStore(folder=folder)
        self.store: LedgerStore = store
        self.places = places
        self.witnesses = tuple(witnesses)

    @classmethod
    def in_places(cls, places: Places) -> Ledger:
        """Find the ledger of this machine's user."""
        folder = places.data / "ledger"
        witnesses = witnesses_in(places)
        if (folder / DATABASE).is_file():
            from vivant.provenance.ledger_database import sqlite_store  # noqa: PLC0415 - seldom

            store = sqlite_store(folder / DATABASE)
            return cls(store=store, places=places, witnesses=witnesses)
        return cls(folder=folder, places=places, witnesses=witnesses)

    @property
    def path(self) -> Path:
        """The file in which the lines are."""
        if isinstance(self.store, FileStore):
            return self.store.path
        return Path(self.store.name)

    def append(
        self, event: EventName, facts: Mapping[str, Any], *, now: datetime | None = None
    ) -> Entry:
        """Write one line, and return when it is on the disk.

        The ledger never goes back in time. A moment earlier than the last line's is not refused, since a film
        tells when its making began and a withdrawal must always be heard: the line takes the last line's time, and
        says in ``clock_said`` what it was told.

        Args:
            event: What happened.
            facts: Ids, hashes and numbers, as JSON holds them; never a name.
            now: The moment; now when left out.

        Raises:
            LedgerError: The last line does not hold, lines are missing from the end, the lines were written anew,
                or the facts are too long.
            ResourceError: It cannot be written.
        """
        moment = utc_now() if now is None else now
        self._warm(moment)
        with self.store.writing() as writing:
            seen, _ = recall(self.witnesses)
            last = self._last(writing)
            head = read_head(writing.head())
            self._check_end(last, head, seen)
            if writing.torn:
                torn = {"torn_bytes": len(writing.torn), "torn_sha256": digest(writing.torn)}
                last, head = self._put(writing, "ledger.mended", torn, moment, last, head)
            late = self._late(last, head)
            if late:
                last, head = self._put(writing, "ledger.mended", late, moment, last, head)
            entry, head = self._put(writing, event, facts, moment, last, head)
        remember(self.witnesses, head)
        return entry

    def _warm(self, moment: datetime) -> None:
        """Let the key be made before the ledger is held: its making may itself be written down."""
        if self.places is not None:
            with contextlib.suppress(VivantError, OSError):  # told when it is used
                signing_key(self.places, now=moment)

    def _put(
        self,
        writing: LedgerWriting,
        event: EventName,
        facts: Mapping[str, Any],
        now: datetime,
        last: Entry | None,
        head: Head | None,
    ) -> tuple[Entry, Head | None]:
        number, prev = (last.number + 1, last.sha256) if last else (1, START)
        time = stamp_of(now)
        if last is not None and time < last.time:
            if moment_of(last.time) - now > CLOCK_SLACK:
                facts = {**facts, "clock_said": time}
            time = last.time
        line = written(number, event, facts, prev=prev, time=time)
        entry = opened(line)
        if entry is None or not follows(line, number=number, prev=prev):
            message = "The line does not read back; this is a fault in the ledger. Report it."
            raise LedgerError(message)
        fresh = head_of(entry, before=head, places=self.places)
        writing.put([line], fresh)
        return entry, read_head(fresh)

    def _last(self, writing: LedgerWriting) -> Entry | None:
        line = writing.last()
        last = opened(line) if line is not None else None
        if line is not None and last is None:
            message = "The ledger's last line was changed. Restore it from a backup before anything is added."
            raise LedgerError(message)
        return last

    def _check_end(self, last: Entry | None, head: Head | None, seen: Sequence[Checkpoint]) -> None:
        """Insist that the end is still what the head and the witnesses remember."""
        self._check_head(last, head)
        if self.places is not None:
            insist_on_witnesses(seen, last, places=self.places)

    def _check_head(self, last: Entry | None, head: Head | None) -> None:
        if head is None:
            return
        found, had = (last.number if last else 0), max(head.lines, head.sealed_lines)
        if found < had:
            message = (
                f"The ledger has {found} lines, and had {had}. Restore the missing lines from a "
                f"backup before anything is added."
            )
            raise LedgerError(message)
        if last is None or not head.readable:
            return
        sealed = head.checkpoint if self.places is not None else None
        for number, sha256 in (
            (head.lines, head.sha256),
            *(((sealed.lines, sealed.sha256),) if sealed is not None else ()),
        ):
            if number == last.number and sha256 != last.sha256:
                message = (
                    f"The ledger's last line is not the line {number} that its head remembers: it was written "
                    f"anew. Restore it from a backup before anything is added."
                )
                raise LedgerError(message)

    def _late(self, last: Entry | None, head: Head | None) -> dict[str, Any] | None:
        """Tell which lines stand without our seal, now that one can be given; nothing when all stand under it."""
        if self.places is None or last is None:
            return None
        checkpoint = None if head is None else head.checkpoint
        trust = trust_in(checkpoint, places=self.places)
        sealed = checkpoint.lines if checkpoint is not None and trust == "trusted" else 0
        if sealed >= last.number or trust == "unknown":
            return None
        try:
            sealed_checkpoint(last, places=self.places)
        except (VivantError, OSError):
            return None  # the line that comes will stand without a seal too
        facts = {"reason": SEALED_LATE, "from_line": sealed + 1, "to_line": last.number}
        return facts | {"seal": trust}

    def entries(self) -> Iterator[Entry]:
        """Read the lines in order, as far as they hold."""
        number, prev = 1, START
        for raw in self.store.lines():
            entry = opened(raw)
            if entry is None or not follows(raw, number=number, prev=prev):
                return
            yield entry
            number, prev = number + 1, entry.sha256

    def verify(self, *, witnesses: Sequence[Checkpoint] = ()) -> LedgerReport:
        """Check every line, that none is missing from the end, and that our seal stands over them.

        Args:
            witnesses: More checkpoints that were kept elsewhere, beside what the ledger's own witnesses remember:
                an older copy of the ledger is found by them alone.
        """
        home = None if self.places is None else self.places.data
        recalled, trouble = recall(self.witnesses, home=home)
        report = check(self.store, places=self.places, witnesses=(*witnesses, *recalled))
        return replace(report, notes=(*report.notes, *trouble))

    def checkpoint(self) -> dict[str, Any]:
        """Make a sealed statement of how far the ledger goes, to be kept elsewhere.

        Raises:
            LedgerError: There is nothing yet, or the end does not hold.
            KeyBrokenError: The key cannot be used.
        """
        last = self._end()
        if last is None or self.places is None:
            message = "The ledger is empty, or has no key: there is nothing to seal."
            raise LedgerError(message)
        return sealed_checkpoint(last, places=self.places)

    @property
    def latest_time(self) -> datetime | None:
        """The last line's time; nothing of an empty ledger.

        Raises:
            LedgerError: The end does not hold.
        """
        last = self._end()
        return None if last is None else last.moment

    def moment(self, now: datetime | None = None) -> datetime:
        """Tell what moment it is: what the clock says, or the last line's time where that is later.

        Args:
            now: What the clock says; asked when left out.
        """
        now = utc_now() if now is None else now
        latest = self.latest_time
        return now if latest is None else max(now, latest)

    def clock_is_back(self, now: datetime) -> bool:
        """Tell whether a moment is earlier than the ledger knows it to be."""
        latest = self.latest_time
        return latest is not None and latest - now > CLOCK_SLACK

    def _end(self) -> Entry | None:
        """Read the last line, and insist that it is the one that is remembered."""
        seen, _ = recall(self.witnesses)  # before the line: others may write meanwhile
        head = read_head(self.store.head())
        line = self.store.last()
        last = None if line is None else opened(line)
        if line is not None and last is None:
            message = "The ledger's last line was changed. Run vivant ledger verify, and restore it from a backup."
            raise LedgerError(message)
        self._check_end(last, head, seen)
        return last

    def about(self, subject: str) -> Iterator[Entry]:
        """Read the lines that hold an id or a hash, in order; each by its own hash, not by the chain.

        Raises:
            LedgerError: One of them was changed, or the end does not hold.
        """
        self._end()
        if not subject:
            return  # what stands in every line is no id
        for raw in self.store.lines_with(subject):
            entry = opened(raw)
            if entry is None:
                if not raw.endswith(b"\n"):
                    return  # torn: nothing was promised by it
                message = (
                    "A line of the ledger that is asked for was changed. Run vivant ledger verify, and restore "
                    "it from a backup."
                )
                raise LedgerError(message)
            yield entry

    def of_kinds(self, *kinds: EventName) -> Iterator[Entry]:
        """Read the lines that tell of some kinds of events, one kind after the other where that is quicker.

        Raises:
            LedgerError: One of them was changed, or the end does not hold.
        """
        if isinstance(self.store, FileStore):
            for kind in kinds:
                yield from (entry for entry in self.about(kind) if entry.event == kind)
        else:
            yield from (entry for entry in self.entries() if entry.event in kinds)

    def events_of(self, record_id: str) -> tuple[Entry, ...]:
        """Give the lines about a consent record, in order."""
        return tuple(e for e in self.about(record_id) if e.facts.get("record_id") == record_id)

    def given_hashes(self, record_id: str) -> tuple[str, ...]:
        """Give the record's hash from each line that says it was given."""
        given = (e for e in self.events_of(record_id) if e.event == "consent.given")
        return tuple(str(entry.facts.get("record_sha256")) for entry in given)

    def state_of(self, record_id: str, *, at: datetime | None = None) -> ConsentState:
        """Tell what holds of a consent, its expiry counted.

        Args:
            record_id: The consent.
            at: The moment; when left out, now, or the ledger's last moment where that is later: a clock that
                was set back revives nothing.

        Raises:
            LedgerError: A line about it was changed, or lines are missing from the end.
        """
        moment = self.moment() if at is None else at
        return state_from(self.events_of(record_id), record_id, at=moment)

    def consent_state(
        self, record_id: str, *, at: datetime | None = None
    ) -> Literal["unknown", "given", "withdrawn", "held"]:
        """Tell what the ledger says of a consent in fewer words: what was written of it, its day of expiry left aside."""
        found = state_from(self.events_of(record_id), record_id, at=at, counts_expiry=False).state
        if found == "unknown" or found == "given" or found == "held":  # noqa: PLR1714 - narrows the type
            return found
        return "withdrawn"

    def films_of(self, consent_id: str) -> tuple[str, ...]:
        """Name the films that were made under a consent, in order."""
        return self._made("film.made", "film_id", consent_id)

    def sounds_of(self, consent_id: str) -> tuple[str, ...]:
        """Name the sounds that were made under a consent, in order."""
        return self._made("sound.made", "sound_id", consent_id)

    def _made(self, event: str, field: str, consent_id: str) -> tuple[str, ...]:
        found = [
            str(entry.facts.get(field))
            for entry in self.about(consent_id)
            if entry.event == event and consent_id in consents_in(entry)
        ]
        return tuple(dict.fromkeys(found))

    def consents_of(self, made_id: str) -> tuple[str, ...]:
        """Name the consents under which a film or sound was made; none when the ledger does not know it."""
        found: list[str] = []
        for entry in self.about(made_id):
            if made_id in (entry.facts.get("film_id"), entry.facts.get("sound_id")):
                found += consents_in(entry) if entry.event in ("film.made", "sound.made") else ()
        return tuple(dict.fromkeys(found))

    def copy_to(self, other: Ledger) -> int:
        """Copy all lines, byte by byte, into an empty ledger.

        Returns:
            How many.

        Raises:
            LedgerError: This one does not hold, or the other is not empty.
        """
        report = self.verify()
        if not report.ok:
            message = f"The ledger does not hold, and is not copied. {report.why}"
            raise LedgerError(message)
        head = self.store.head() or b"{}"
        with other.store.writing() as writing:
            if writing.last() is not None:
                message = "The other ledger is not empty. Copy into an empty one."
                raise LedgerError(message)
            lines = islice(self.store.lines(), report.lines)
            while some := list(islice(lines, 1000)):
                writing.put([line.removesuffix(b"\n") + b"\n" for line in some], head)
        return report.lines

    def note_consent(self, consent: Consent, *, now: datetime | None = None) -> Entry:
        """Write that a consent was given, and when it ends."""
        return self.append("consent.given", facts_of_consent(consent), now=now)

    def note_film(self, record: FilmRecord, *, now: datetime | None = None) -> Entry:
        """Write that a film was made."""
        return self.append("film.made", facts_of_film(record), now=now)

    def note_sound(self, record: SoundRecord, *, now: datetime | None = None) -> Entry:
        """Write that a sound was made."""
        return self.append("sound.made", facts_of_sound(record), now=now)
