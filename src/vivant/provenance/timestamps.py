"""Time-stamp authorities (RFC 3161): who witnesses when something was signed.

With a time stamp a signature outlives its certificate: readers see that the certificate held when it signed. None is
asked unless the operator names one (``VIVANT_TSA``). The library asks it for the stamp while it signs; here it is asked
once before the work begins, so that a film of an hour does not fail at its last step.
"""

from __future__ import annotations

import secrets
import urllib.error
import urllib.request
from typing import Final

from vivant.errors import PapersError

WAIT_S: Final = 20.0
_LARGEST_ANSWER_BYTES = 1 << 16
_SHA256_OID = bytes.fromhex("0609608648016503040201")
_GRANTED = (0, 1)
_REFUSED = {
    2: "it refused",
    3: "it says to wait",
    4: "it warns of a revocation",
    5: "its certificate was revoked",
}


class TimeStampError(PapersError):
    """The time-stamp authority gave no stamp."""

    code = "papers.time-stamp"
    retryable = True


def insist_on_authority(address: str) -> None:
    """Ask a time-stamp authority for one stamp, and throw it away.

    Args:
        address: Where it is: ``http://`` or ``https://``.

    Raises:
        TimeStampError: It gave none.
    """
    if not address.startswith(("http://", "https://")):
        message = f"The time-stamp authority {address!r} is no address; give one that begins with http:// or https://."
        raise TimeStampError(message)
    asked = urllib.request.Request(  # noqa: S310 - checked above
        address,
        data=question(secrets.token_bytes(32), nonce=secrets.randbits(63)),
        headers={"Content-Type": "application/timestamp-query"},
    )
    try:
        with urllib.request.urlopen(asked, timeout=WAIT_S) as answer:  # noqa: S310 - checked above
            status = _status_of(answer.read(_LARGEST_ANSWER_BYTES))
    except (OSError, ValueError) as error:
        raise no_stamp(address, _told(error)) from error
    if status not in _GRANTED:
        raise no_stamp(address, _REFUSED.get(status, "what it sent is no time stamp"))


def no_stamp(address: str, why: str) -> TimeStampError:
    """Say that an authority gave no stamp, and what to do."""
    message = (
        f"The time-stamp authority {address} gave no time stamp: {why}. Nothing was signed. Try again later, name another "
        f"one in VIVANT_TSA, or unset it: what is signed then holds only as long as the certificate."
    )
    return TimeStampError(message)


def question(digest: bytes, *, nonce: int) -> bytes:
    """Write the request for a stamp over a SHA-256 (RFC 3161, 2.4.1), asking for the authority's certificate."""
    imprint = _der(0x30, _der(0x30, _SHA256_OID + b"\x05\x00") + _der(0x04, digest))
    number = nonce.to_bytes(nonce.bit_length() // 8 + 1, "big")
    return _der(0x30, b"\x02\x01\x01" + imprint + _der(0x02, number) + b"\x01\x01\xff")


def _der(tag: int, content: bytes) -> bytes:
    return bytes([tag, len(content)]) + content  # all of these are shorter than 128 bytes


def _status_of(answer: bytes) -> int:
    """Read the status out of an answer: SEQUENCE { SEQUENCE { INTEGER status, ... }, ... }; -1 when it is none."""
    within = _content(_content(answer))
    return within[2] if within[:2] == b"\x02\x01" and len(within) > 2 else -1


def _content(data: bytes) -> bytes:
    if len(data) < 2 or data[0] != 0x30:
        return b""
    more = data[1] & 0x7F if data[1] & 0x80 else 0
    return data[2 + more :]


def _told(error: Exception) -> str:
    if isinstance(error, urllib.error.HTTPError):
        return f"it answered with status {error.code}"
    reason = getattr(error, "reason", None)
    told = getattr(reason, "strerror", None) or getattr(error, "strerror", None)
    return f"it cannot be reached ({told or type(reason or error).__name__})"
