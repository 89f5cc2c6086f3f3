"""One line of the ledger: how it is written, and how it is read back."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal

from vivant.errors import PapersError
from vivant.provenance.safekeeping import canonical

START = "0" * 64
"""What the first line calls the line before it."""
_SEAL = b',"sha256":"'
_SEAL_BYTES = len(_SEAL) + 64 + len(b'"}')
_TIME_BYTES = len("2026-01-01T00:00:00Z")
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
    """When it was written, ISO 8601 in UTC; never earlier than the line before."""
    event: str
    facts: Mapping[str, Any]
    """Ids, hashes and numbers; never a name."""
    sha256: str
    prev: str = START
    """Hash of the line before."""

    @property
    def moment(self) -> datetime:
        """When it was written."""
        return moment_of(self.time)


def digest(body: bytes) -> str:
    """Hash some bytes, in hex."""
    return hashlib.sha256(body).hexdigest()


def stamp_of(moment: datetime) -> str:
    """Write a moment as lines do: UTC, whole seconds."""
    return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def moment_of(stamp: str) -> datetime:
    """Read a moment as lines write it; the beginning of time where it cannot be read."""
    try:
        found = datetime.fromisoformat(stamp)
    except ValueError:
        return datetime.min.replace(tzinfo=UTC)
    return found if found.tzinfo is not None else found.replace(tzinfo=UTC)


def written(number: int, event: str, facts: Mapping[str, Any], *, prev: str, time: str) -> bytes:
    """Write a line, its newline included.

    Raises:
        LedgerError: It is too long.
    """
    head = {"event": event, "facts": dict(facts), "number": number, "prev": prev, "time": time}
    body = canonical(head)[:-1]
    line = body + _SEAL + digest(body).encode() + b'"}\n'
    if len(line) > LONGEST_LINE_BYTES:
        message = (
            f"A ledger line may have {LONGEST_LINE_BYTES} bytes, and this one has {len(line)}. "
            f"Keep the evidence in a file, and its hash in the ledger."
        )
        raise LedgerError(message)
    return line


def opened(line: bytes) -> Entry | None:
    """Read one line, with or without its newline; ``None`` when its own hash does not hold."""
    line = line.removesuffix(b"\n")
    body, seal = line[:-_SEAL_BYTES], line[-_SEAL_BYTES:]
    if not seal.startswith(_SEAL) or not seal.endswith(b'"}'):
        return None
    sha256 = seal[len(_SEAL) : -2].decode("ascii", "replace")
    if digest(body) != sha256:
        return None
    try:
        facts = json.loads(line)
        return Entry(
            number=int(facts["number"]),
            time=str(facts["time"]),
            event=str(facts["event"]),
            facts=dict(facts["facts"]),
            sha256=sha256,
            prev=str(facts["prev"]),
        )
    except (ValueError, KeyError, TypeError, RecursionError):
        return None


def follows(line: bytes, *, number: int, prev: str) -> bool:
    """Tell whether a line stands where it says: its number and its link lie last in it, at places that are known."""
    end = f',"number":{number},"prev":"{prev}","time":"'.encode()
    stop = len(line.removesuffix(b"\n")) - _SEAL_BYTES - 1 - _TIME_BYTES
    return line[stop - len(end) : stop] == end
