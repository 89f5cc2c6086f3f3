"""Files outside the ledger's folder that remember how far it went.

A ledger that is put back from an old copy, its head with it, holds in itself: what was written since, withdrawals among
it, is forgotten, and nothing inside can tell. A witness can, as long as it is not put back too. So one lies where
the ledger does not, and another may lie on a disk that the ledger's keeper cannot turn back.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Sequence
from pathlib import Path

from vivant.errors import ResourceError
from vivant.places import Places
from vivant.provenance.ledger_head import Checkpoint, Head, read_checkpoint, trust_in
from vivant.provenance.ledger_lines import Entry, LedgerError
from vivant.provenance.safekeeping import canonical, write_private

logger = logging.getLogger(__name__)

_MOST_BYTES = 1 << 16
_FILE = "ledger-witness.json"


def witnesses_in(places: Places) -> tuple[Path, ...]:
    """Tell which files are witnesses of this machine's ledger."""
    own = places.data / _FILE
    return (own,) if places.witness is None else (own, places.witness)


def recall(
    paths: Sequence[Path], *, home: Path | None = None
) -> tuple[tuple[Checkpoint, ...], tuple[str, ...]]:
    """Read what witnesses remember.

    Args:
        paths: The witnesses.
        home: The data folder: on a fresh machine it is not there yet, which is no trouble.

    Returns:
        Their checkpoints, unchecked (``trust_in`` checks them), and a sentence for each that is there, or should
        be, and cannot be read. One that was never written remembers nothing.
    """
    found: list[Checkpoint] = []
    trouble: list[str] = []
    for path in paths:
        try:
            with path.open("rb") as file:
                found.append(read_checkpoint(json.loads(file.read(_MOST_BYTES))))
        except FileNotFoundError:
            if path.parent != home and not path.parent.is_dir():
                trouble.append(
                    f"The ledger's witness {path} was not asked: its folder is not there."
                )
        except OSError as error:
            trouble.append(f"The ledger's witness {path} cannot be read ({error.strerror}).")
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
            trouble.append(f"The ledger's witness {path} holds no checkpoint of a ledger.")
    return tuple(found), tuple(trouble)


def remember(paths: Sequence[Path], head: Head | None) -> None:
    """Tell witnesses how far the ledger goes now.

    Trouble is logged and stops nobody: a withdrawal must be heard even while a disk is away.
    """
    if head is None or head.checkpoint is None or head.sealed_lines != head.lines:
        return  # it could not be sealed; what was remembered last stays
    for path in paths:
        try:
            if not path.parent.is_dir():  # a disk that is away: its place is not to be filled
                raise FileNotFoundError(path.parent)
            write_private(path, canonical(head.checkpoint.document))
        except (ResourceError, OSError) as error:
            why = error.code if isinstance(error, ResourceError) else type(error).__name__
            logger.warning("a witness of the ledger could not be told", extra={"why": why})


def insist_on_witnesses(seen: Sequence[Checkpoint], last: Entry | None, *, places: Places) -> None:
    """Insist that the ledger goes as far as its witnesses saw.

    Args:
        seen: What they remember; recalled before the last line was read, since others may write.
        last: The ledger's last line.
        places: Whose seal counts.

    Raises:
        LedgerError: It does not, or its last line is another than they saw.
    """
    lines = 0 if last is None else last.number
    for one in seen:
        same = last is not None and one.sha256 == last.sha256
        if one.lines < lines or (one.lines == lines and same):
            continue
        if trust_in(one, places=places) != "trusted":
            continue
        found = (
            f"The ledger has {lines} lines, and a witness has seen {one.lines}: an older copy lies in its place."
            if one.lines > lines
            else f"The ledger's last line is not the line {lines} that a witness has seen: it was written anew."
        )
        message = (
            f"{found} Put the newer ledger back from a backup. Where it is lost for good, move {_FILE}, and the "
            "file that VIVANT_WITNESS names, away; withdrawals that stood in the lost lines must be entered again."
        )
        raise LedgerError(message)
