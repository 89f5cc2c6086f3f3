"""What happened, in order, on lines that cannot be changed unseen.

Each line is a JSON object that ends in ``"prev"``, the hash of the line before, and ``"sha256"``, its
own hash over every byte before that field. A changed, missing, added or moved line breaks the chain
where it stands. A second small file, the head, remembers how many lines there were, so that lines cut
from the end are missed too. A process killed while writing leaves a torn last line: it is reported,
and set aside (never lost) by the next writer.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any, Literal

from vivant.errors import PapersError, ResourceError
from vivant.places import Places
from vivant.provenance.consent import Consent
from vivant.provenance.record import FilmRecord, SoundRecord
from vivant.provenance.safekeeping import canonical, locked, utc_now, write_private

START = "0" * 64
"""What the first line calls the line before it."""
_SEAL = b',"sha256":"'
_SEAL_BYTES = len(_SEAL) + 64 + len(b'"}')
_TAIL_BYTES = 1 << 17
LONGEST_LINE_BYTES = 1 << 16

EventName = Literal[
    "consent.given", "consent.withdrawn", "consent.objection", "consent.hold", "consent.release",
    "consent.expired", "consent.settled", "consent.erased", "consent.checked", "receipt.made",
    "film.made", "film.delivered", "film.withdrawn", "film.erased", "sound.made", "work.erased",
    "voice.learned", "voice.forgotten", "policy.answered", "label.waived", "link.made", "link.died",
    "key.made", "key.changed", "notice.written", "ledger.mended",
]  # fmt: skip


class LedgerError(PapersError):
    """The ledger was changed, or cannot take what it was given."""

    code = "papers.ledger"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One line of the ledger."""

    number: int
    """Its line, from 1."""
    time: str
    """When it was written, ISO 8601 in UTC."""
    event: str
    facts: Mapping[str, Any]
    """Ids, hashes and numbers; never a name."""
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerReport:
    """What checking a ledger found."""

    ok: bool
    """Whether every line holds. A torn last line is no fault: nothing was promised by it."""
    why: str
    lines: int
    """How many lines hold, from the first."""
    broken_line: int | None
    """The first line that does not hold, from 1."""
    torn_bytes: int
    """Bytes of a last line that was never finished."""


def _digest(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()


def _sealed(number: int, event: str, facts: Mapping[str, Any], prev: str, now: datetime) -> bytes:
    time = now.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    head = {"event": event, "facts": dict(facts), "number": number, "prev": prev, "time": time}
    body = canonical(head)[:-1]
    return body + _SEAL + _digest(body).encode() + b'"}\n'


def _opened(line: bytes) -> Entry | None:
    """Read one line without its newline; ``None`` when its own hash does not hold."""
    body, seal = line[:-_SEAL_BYTES], line[-_SEAL_BYTES:]
    if not seal.startswith(_SEAL) or not seal.endswith(b'"}'):
        return None
    sha256 = seal[len(_SEAL) : -2].decode("ascii", "replace")
    if _digest(body) != sha256:
        return None
    try:
        facts = json.loads(line)
        return Entry(
            number=int(facts["number"]),
            time=str(facts["time"]),
            event=str(facts["event"]),
            facts=facts["facts"],
            sha256=sha256,
        )
    except (ValueError, KeyError, TypeError, RecursionError):
        return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Ledger:
    """A ledger in one folder. Threads and processes may write to it at once."""

    folder: Path

    @classmethod
    def in_places(cls, places: Places) -> Ledger:
        """Find the ledger of this machine's user."""
        return cls(folder=places.data / "ledger")

    @property
    def path(self) -> Path:
        """The lines."""
        return self.folder / "ledger.jsonl"

    @property
    def _head_path(self) -> Path:
        return self.folder / "ledger.head"

    def append(
        self, event: EventName, facts: Mapping[str, Any], *, now: datetime | None = None
    ) -> Entry:
        """Write one line, and return when it is on the disk.

        Args:
            event: What happened.
            facts: Ids, hashes and numbers, as JSON holds them; never a name.
            now: The moment; now when left out.

        Raises:
            LedgerError: The last line does not hold, lines are missing from the end, or the facts are
                too long.
            ResourceError: The folder cannot be written.
        """
        moment = utc_now() if now is None else now
        with locked(self.folder / "ledger.lock"):
            try:
                with self.path.open("a+b") as file:
                    self.path.chmod(0o600)
                    return self._append(file, event, facts, moment)
            except OSError as error:
                message = (
                    f"The ledger {self.path} cannot be written ({error.strerror}). Free some space, "
                    f"or mend the folder's permissions."
                )
                raise ResourceError(message) from error

    def _append(
        self, file: IO[bytes], event: EventName, facts: Mapping[str, Any], now: datetime
    ) -> Entry:
        last = self._mend(file, now)
        number, prev = (last.number + 1, last.sha256) if last else (1, START)
        line = _sealed(number, event, facts, prev, now)
        if len(line) > LONGEST_LINE_BYTES:
            message = (
                f"A ledger line may have {LONGEST_LINE_BYTES} bytes, and this one has {len(line)}. "
                f"Keep the evidence in a file, and its hash in the ledger."
            )
            raise LedgerError(message)
        return self._write(file, line)

    def _write(self, file: IO[bytes], line: bytes) -> Entry:
        entry = _opened(line[:-1])
        if entry is None:
            message = "The line does not read back; this is a fault in the ledger. Report it."
            raise LedgerError(message)
        file.write(line)
        file.flush()
        os.fsync(file.fileno())
        write_private(self._head_path, canonical({"lines": entry.number, "sha256": entry.sha256}))
        return entry

    def _mend(self, file: IO[bytes], now: datetime) -> Entry | None:
        """Find the last line; set a torn one aside and say so in the ledger."""
        size = file.seek(0, os.SEEK_END)
        start = max(0, size - _TAIL_BYTES)
        file.seek(start)
        tail = file.read()
        whole, newline, torn = tail.rpartition(b"\n")
        if torn and _opened(torn) is not None:  # only its newline is missing
            file.write(b"\n")
            whole, newline, torn = tail, b"\n", b""
        last = self._last_of(whole if newline else b"")
        if not torn:
            return last
        with (self.folder / "ledger.torn").open("ab") as aside:
            aside.write(torn + b"\n")
            os.fsync(aside.fileno())
        file.truncate(size - len(torn))
        number, prev = (last.number + 1, last.sha256) if last else (1, START)
        facts = {"torn_bytes": len(torn), "torn_sha256": _digest(torn)}
        return self._write(file, _sealed(number, "ledger.mended", facts, prev, now))

    def _last_of(self, whole: bytes) -> Entry | None:
        head = self._head()
        line = whole.rpartition(b"\n")[2]
        last = _opened(line) if line else None
        if line and last is None:
            message = "The ledger's last line was changed. Restore it from a backup before anything is added."
            raise LedgerError(message)
        found = last.number if last else 0
        if head is not None and found < head[0]:
            message = (
                f"The ledger has {found} lines, and had {head[0]}. Restore the missing lines from a "
                f"backup before anything is added."
            )
            raise LedgerError(message)
        return last

    def _head(self) -> tuple[int, str] | None:
        try:
            facts = json.loads(self._head_path.read_bytes())
            return int(facts["lines"]), str(facts["sha256"])
        except FileNotFoundError:
            return None
        except (OSError, ValueError, KeyError, TypeError):
            return (0, "")

    def entries(self) -> Iterator[Entry]:
        """Read the lines in order, as far as they hold."""
        for entry, _line in self._walk():
            if entry is None:
                return
            yield entry

    def _walk(self) -> Iterator[tuple[Entry | None, bytes]]:
        """Read line by line; ``None`` and the line for one that does not hold."""
        prev, number = START, 1
        prefix = b'","time":"'
        if not self.path.exists():
            return
        with self.path.open("rb") as file:
            for raw in file:
                entry = _opened(raw.removesuffix(b"\n"))
                linked = f'"prev":"{prev}'.encode() + prefix
                good = entry is not None and entry.number == number and linked in raw
                yield (entry if good else None), raw
                if entry is None or not good:
                    return
                prev, number = entry.sha256, number + 1

    def verify(self) -> LedgerReport:
        """Check every line, and that none is missing from the end."""
        lines, torn, last = 0, 0, START
        for entry, raw in self._walk():
            if entry is not None:
                lines, last = lines + 1, entry.sha256
            elif raw.endswith(b"\n"):
                why = f"Line {lines + 1} was changed, moved or removed; the {lines} lines before it hold."
                return LedgerReport(
                    ok=False, why=why, lines=lines, broken_line=lines + 1, torn_bytes=0
                )
            else:
                torn = len(raw)
        head = self._head()
        if head is not None and (lines < head[0] or (lines == head[0] and last != head[1])):
            why = (
                f"The ledger had {head[0]} lines, and {lines} hold: lines are missing from the end, "
                f"from line {min(lines + 1, max(head[0], 1))}."
            )
            return LedgerReport(
                ok=False, why=why, lines=lines, broken_line=min(lines + 1, head[0]), torn_bytes=torn
            )
        why = f"All {lines} lines hold."
        if torn:
            why += f" The writing of one more was cut short ({torn} bytes); the next writer sets it aside."
        return LedgerReport(ok=True, why=why, lines=lines, broken_line=None, torn_bytes=torn)

    def note_consent(self, consent: Consent, *, now: datetime | None = None) -> Entry:
        """Write that a consent was given."""
        facts = {
            "record_id": consent.record_id,
            "record_sha256": consent.sha256,
            "kind": consent.kind,
            "purposes": list(consent.purposes),
        }
        return self.append("consent.given", facts, now=now)

    def note_film(self, record: FilmRecord, *, now: datetime | None = None) -> Entry:
        """Write that a film was made."""
        facts: dict[str, Any] = {
            "film_id": record.film_id,
            "record_sha256": record.sha256,
            "consent_id": record.consent_id,
            "consent_sha256": record.consent_sha256,
        }
        person = record.recipe.person_voice
        if person is not None:
            facts["voice_consent_id"] = person.consent_id
            facts["voice_consent_sha256"] = person.consent_sha256
        if record.recipe.consents is not None:
            facts["consent_ids"] = [one.record_id for one in record.recipe.consents]
        return self.append("film.made", facts, now=now)

    def note_sound(self, record: SoundRecord, *, now: datetime | None = None) -> Entry:
        """Write that a sound was made."""
        facts: dict[str, Any] = {"sound_id": record.sound_id, "record_sha256": record.sha256}
        person = record.recipe.person_voice
        if person is not None:
            facts |= {
                "consent_id": person.consent_id,
                "consent_sha256": person.consent_sha256,
                "profile_sha256": person.profile_sha256,
                "likeness": person.likeness,
                "encoder": round(person.encoder, 4),
                "spectral": round(person.spectral, 4),
            }
        return self.append("sound.made", facts, now=now)

    def consent_state(self, record_id: str) -> Literal["unknown", "given", "withdrawn", "held"]:
        """Tell what the ledger says of a consent: the last event wins."""
        states: dict[str, Literal["given", "withdrawn", "held"]] = {
            "consent.given": "given",
            "consent.release": "given",
            "consent.withdrawn": "withdrawn",
            "consent.expired": "withdrawn",
            "consent.objection": "held",
            "consent.hold": "held",
        }
        state: Literal["unknown", "given", "withdrawn", "held"] = "unknown"
        for entry in self.entries():
            if entry.event in states and entry.facts.get("record_id") == record_id:
                state = "withdrawn" if state == "withdrawn" else states[entry.event]
        return state
