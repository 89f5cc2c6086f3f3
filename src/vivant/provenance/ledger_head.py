"""What is remembered of a ledger's end, under our seal.

The chain alone shows that a line was changed. It cannot show that somebody wrote all lines anew, with all hashes; a seal
over the last line's hash can, since that hash stands on every line before it. Whoever has the key can seal anything: keep
the key where the ledger's keeper cannot reach it, or let others keep checkpoints.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from vivant.errors import VivantError
from vivant.places import Places
from vivant.provenance.ledger_lines import Entry, moment_of
from vivant.provenance.safekeeping import canonical, utc_now
from vivant.provenance.sealing import SEAL, SealReading, check_seal, seal
from vivant.provenance.signing import KeyBrokenError

logger = logging.getLogger(__name__)

DOCUMENT = "ledger-checkpoint/1"
Trust = Literal["trusted", "foreign", "broken", "absent", "unknown"]
"""``"unknown"``: this machine's own certificates cannot be read, so nobody can tell."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkpoint:
    """So many lines, the last with this hash: a sealed statement that can be kept anywhere."""

    lines: int
    sha256: str
    document: Mapping[str, Any]
    """With its seal."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """What is remembered of the end."""

    lines: int
    sha256: str
    checkpoint: Checkpoint | None
    """The last that could be sealed; of fewer lines where the key gave trouble since."""
    readable: bool = True

    @property
    def sealed_lines(self) -> int:
        """How many lines stand under the seal, if the seal holds."""
        return 0 if self.checkpoint is None else self.checkpoint.lines


def read_head(data: bytes | None) -> Head | None:
    """Read a head; one that cannot be read remembers nothing."""
    if data is None:
        return None
    try:
        facts = json.loads(data)
        kept = facts.get("checkpoint")
        return Head(
            lines=int(facts["lines"]),
            sha256=str(facts["sha256"]),
            checkpoint=None if kept is None else read_checkpoint(kept),
        )
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return Head(lines=0, sha256="", checkpoint=None, readable=False)


def read_checkpoint(document: Mapping[str, Any]) -> Checkpoint:
    """Read a checkpoint; whether its seal holds, ``trust_in`` tells.

    Raises:
        ValueError: It is something else.
    """
    if document.get("document") != DOCUMENT:
        message = f"A ledger's checkpoint is a document of the kind {DOCUMENT}."
        raise ValueError(message)
    return Checkpoint(
        lines=int(document["lines"]), sha256=str(document["sha256"]), document=dict(document)
    )


def head_of(entry: Entry, *, before: Head | None, places: Places | None) -> bytes:
    """Write the head for a new last line, sealed where the key can be used; key trouble is logged and stops nobody."""
    facts: dict[str, Any] = {"lines": entry.number, "sha256": entry.sha256}
    if places is not None:
        try:
            facts["checkpoint"] = sealed_checkpoint(entry, places=places)
        except (VivantError, OSError) as error:
            why = error.code if isinstance(error, VivantError) else type(error).__name__
            logger.warning("the ledger's new line could not be sealed", extra={"why": why})
            if before is not None and before.checkpoint is not None:
                facts["checkpoint"] = before.checkpoint.document
    return canonical(facts)


def sealed_checkpoint(entry: Entry, *, places: Places) -> dict[str, Any]:
    """Seal that the ledger reached a line.

    Raises:
        KeyBrokenError: The key cannot be used.
    """
    facts = {
        "document": DOCUMENT,
        "lines": entry.number,
        "sha256": entry.sha256,
        "time": entry.time,
    }
    moment: datetime = moment_of(entry.time)
    try:
        return seal(facts, places=places, now=moment)
    except KeyBrokenError:  # the line's moment may lie before the key was made
        return seal(facts, places=places, now=utc_now())


def trust_in(checkpoint: Checkpoint | None, *, places: Places) -> Trust:
    """Tell what a checkpoint's seal is worth."""
    if checkpoint is None or SEAL not in checkpoint.document:
        return "absent"
    try:
        reading: SealReading = check_seal(checkpoint.document, places=places)
    except (VivantError, OSError) as error:
        why = error.code if isinstance(error, VivantError) else type(error).__name__
        logger.warning("the ledger's seal could not be checked", extra={"why": why})
        return "unknown"
    words: Mapping[str, Trust] = {"trusted": "trusted", "valid": "foreign"}
    return words.get(reading.state, "broken")
