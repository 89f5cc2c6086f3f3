"""Which record somebody means, and the files that somebody names as evidence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from vivant.errors import InputError
from vivant.places import Places
from vivant.provenance.consent import Consent, ConsentErasedError, read_consent
from vivant.provenance.consent_keeping import files_of, full_id
from vivant.provenance.ledger import Ledger


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A record that somebody named."""

    record_id: str
    file: Path | None
    """The file that was named, or the kept one; ``None`` where there is no file."""
    named: Path | None
    """The file that was named, if one was."""

    def consent(self) -> Consent:
        """Read the record.

        Raises:
            InputError: It has no file here.
            ConsentError: The file does not hold it.
        """
        if self.file is None:
            message = f"The file of consent {self.record_id} is not on this machine. Give its path instead of its id."
            raise InputError(message)
        return read_consent(self.file)


def find_record(called: str, *, places: Places) -> Found:
    """Find a record by its file or by its id.

    Raises:
        InputError: It is neither.
        ConsentError: The file is no record.
    """
    path = Path(called)
    if path.is_file():
        try:
            return Found(record_id=read_consent(path).record_id, file=path, named=path)
        except ConsentErasedError as left:
            if not _is_erased(left.record_id, places):  # anybody can write such a file
                raise
            return Found(record_id=left.record_id or "", file=path, named=None)
    record_id = full_id(called, places=places)
    files = files_of(record_id, places=places)
    return Found(record_id=record_id, file=files[0] if files else None, named=None)


def _is_erased(record_id: str | None, places: Places) -> bool:
    return record_id is not None and Ledger.in_places(places).state_of(record_id).state == "erased"


def evidence_files(given: Sequence[str]) -> dict[str, Path]:
    """Read ``WHAT=FILE`` options.

    Raises:
        InputError: One is not of that form, its file is not there, or one is named twice.
    """
    found: dict[str, Path] = {}
    for one in given:
        what, equals, name = one.partition("=")
        path = Path(name)
        if not equals or not what.strip() or what in found:
            message = (
                "Evidence is given as WHAT=FILE, each WHAT once: --evidence death=certificate.pdf"
            )
            raise InputError(message)
        if not path.is_file():
            message = f"The file of the evidence {what!r} is not there. Check its path."
            raise InputError(message)
        found[what.strip()] = path
    return found
