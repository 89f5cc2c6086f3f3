"""The C2PA trust list: certificates of the authorities that C2PA recognises, as files that the operator puts.

Folder ``keys/trust-list`` in the data folder: ``*.pem`` hold the certificates; ``*.cfg`` or ``*.txt``, if there are any,
the allowed uses (extended key usages), one number such as ``1.3.6.1.5.5.7.3.36`` a line. Nothing is fetched: the list
is published by the C2PA conformance programme, and the operator decides which edition to rely on.

Folder ``keys/time-stamps``: ``*.pem`` with the certificates of time-stamp authorities whose word on the time is believed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509

from vivant.places import Places
from vivant.provenance.certificates import (
    LARGEST_FILE_BYTES,
    SIGNING_USES,
    KeyBrokenError,
    pem_of,
)

FOLDER = "trust-list"
STAMPS = "time-stamps"
LARGEST_LIST_BYTES = 1 << 24
_NUMBER = re.compile(r"\d+(\.\d+)+")


@dataclass(frozen=True, slots=True, kw_only=True)
class TrustList:
    """What the operator put there."""

    anchors_pem: str
    """Certificates; empty when there are none."""
    uses: tuple[str, ...]
    """Allowed extended key usages; those that sign content credentials when the operator gave none."""
    count: int
    """How many certificates there are."""

    @property
    def settings(self) -> dict[str, str]:
        """As the C2PA library takes it; our own uses are always among the allowed ones."""
        every = {"trust_config": "\n".join(dict.fromkeys((*self.uses, *SIGNING_USES)))}
        return every | ({"trust_anchors": self.anchors_pem} if self.anchors_pem else {})


def trust_list(places: Places) -> TrustList:
    """Read the trust list of this machine.

    Raises:
        KeyBrokenError: A file of it cannot be read.
    """
    folder = places.data / "keys" / FOLDER
    found: list[x509.Certificate] = []
    uses: list[str] = []
    for path in sorted(folder.glob("*")):
        if path.suffix == ".pem":
            found += _certificates(path)
        elif path.suffix in {".cfg", ".txt"}:
            text = _read(path, LARGEST_FILE_BYTES).decode("utf-8", "replace")
            lines = (line.split("//")[0].split("#")[0].strip() for line in text.splitlines())
            uses += [line for line in lines if _NUMBER.fullmatch(line)]
    every = dict.fromkeys(pem_of(one).decode() for one in found)
    return TrustList(anchors_pem="".join(every), uses=tuple(uses) or SIGNING_USES, count=len(every))


def stamp_anchors(places: Places) -> str:
    """Collect the certificates of time-stamp authorities that this machine trusts, as PEM text.

    Raises:
        KeyBrokenError: A file cannot be read.
    """
    folder = places.data / "keys" / STAMPS
    found = [one for path in sorted(folder.glob("*.pem")) for one in _certificates(path)]
    return "".join(dict.fromkeys(pem_of(one).decode() for one in found))


def _certificates(path: Path) -> list[x509.Certificate]:
    try:
        return x509.load_pem_x509_certificates(_read(path, LARGEST_LIST_BYTES))
    except ValueError as error:
        message = (
            f"The trust list {path} holds no certificate that can be read, or one that cannot. It must be PEM; "
            f"fetch it again."
        )
        raise KeyBrokenError(message) from error


def _read(path: Path, most: int) -> bytes:
    try:
        return path.read_bytes()[:most]
    except OSError as error:
        message = f"The file {path} cannot be read ({error.strerror}). Mend its permissions, or remove it."
        raise KeyBrokenError(message) from error
