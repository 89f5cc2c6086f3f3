"""Files that show what a record says: named by their hash, and kept beside it where somebody chose so.

``evidence/RECORD_ID/`` in the data folder holds those that are kept; the others stay where they are.
"""

from __future__ import annotations

import shutil
from pathlib import Path

from vivant.errors import InputError
from vivant.media.files import sha256_of
from vivant.places import Places
from vivant.provenance.consent_parts import LONGEST_NAME, Evidence
from vivant.provenance.safekeeping import private_folder, write_private

LARGEST_EVIDENCE_BYTES = 200_000_000


def evidence_folder(record_id: str, *, places: Places) -> Path:
    """Tell where the evidence of a record lies, or would lie."""
    return places.data / "evidence" / record_id


def evidence_of(what: str, path: Path) -> Evidence:
    """Name a file as evidence: what it is, and its hash. The file stays where it is.

    Raises:
        InputError: It cannot be read, or shows nothing; or what it is is said at too great a length.
    """
    if not 1 <= len(what) <= LONGEST_NAME:
        message = f"What a file of evidence is, is said in 1 to {LONGEST_NAME} letters."
        raise InputError(message)
    return Evidence(what=what, sha256=evidence_hash(path))


def evidence_hash(path: Path) -> str:
    """Hash a file that is to show something.

    Raises:
        InputError: It is no file (a folder, a device, a pipe), it holds nothing, or it cannot be read.
    """
    if not path.is_file():
        message = "A file that was named as evidence or as a photograph is not there, or is no file. Check its path."
        raise InputError(message)
    if not path.stat().st_size:
        message = "A file that was named as evidence holds nothing, so it shows nothing. Name the file that does."
        raise InputError(message)
    return sha256_of(path)


def keep_evidence(record_id: str, path: Path, *, places: Places) -> Path:
    """Copy a file of evidence into the private part of the data folder; called by its hash.

    Raises:
        InputError: It is too large to keep, or cannot be read.
        ResourceError: It cannot be written.
    """
    if path.stat().st_size > LARGEST_EVIDENCE_BYTES:
        message = (
            f"A file of evidence has {path.stat().st_size / 1e6:.0f} MB, and {LARGEST_EVIDENCE_BYTES / 1e6:.0f} MB may be kept "
            f"here. Keep it yourself; the record has its hash."
        )
        raise InputError(message)
    folder = private_folder(evidence_folder(record_id, places=places))
    kept = folder / sha256_of(path)
    if not kept.is_file():
        write_private(kept, path.read_bytes())
    return kept


def forget_evidence(record_id: str, *, places: Places) -> None:
    """Remove the evidence that was kept beside a record."""
    shutil.rmtree(evidence_folder(record_id, places=places), ignore_errors=True)
