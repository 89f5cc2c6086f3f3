"""Seals: our signature under a small document, so that whoever holds it can show that it is ours and unchanged.

A sealed document is JSON: the facts as they were, and ``"seal"``, a JSON Web Signature in its flattened form
(RFC 7515) over the facts' canonical bytes, with the signer's certificates in ``x5c``. The key is the one that signs
films. A seal stays good when the key is changed later: it brings its own certificates, and old roots stay trusted.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, utils

from vivant.places import Places
from vivant.provenance.certificates import LONGEST_CHAIN, issued
from vivant.provenance.safekeeping import canonical, utc_now
from vivant.provenance.signing import SigningKey, signing_key, trust_anchors, verify_signature

SEAL = "seal"
"""The field that holds the seal."""
_JWS_NAMES = {"ED25519": "EdDSA"}

SealState = Literal["trusted", "valid", "broken", "absent"]


@dataclass(frozen=True, slots=True, kw_only=True)
class SealReading:
    """What a seal is worth."""

    state: SealState
    """``"trusted"``: whole, by a signer that this machine trusts; ``"valid"``: whole, by one unknown here;
    ``"broken"``: the document was changed, or the seal is none; ``"absent"``: there is no seal."""
    why: str
    sealed_at: datetime | None = None
    """What the signer says; in UTC."""

    @property
    def ok(self) -> bool:
        """Whether it holds, by a signer that this machine trusts."""
        return self.state == "trusted"


def seal(
    facts: Mapping[str, Any], *, places: Places | None = None, now: datetime | None = None
) -> dict[str, Any]:
    """Seal a document.

    Args:
        facts: What it says, as JSON holds it; no field ``"seal"``.
        places: Whose key.
        now: The moment; now when left out.

    Returns:
        The facts with the seal.

    Raises:
        KeyBrokenError: The signing key cannot be used.
    """
    moment = utc_now() if now is None else now
    key = signing_key(places or Places(), now=moment)
    chain = key.chain
    header = {
        "alg": _JWS_NAMES.get(key.algorithm, key.algorithm),
        "iat": int(moment.timestamp()),
        "x5c": [
            base64.b64encode(one.public_bytes(serialization.Encoding.DER)).decode() for one in chain
        ],
    }
    protected = _text(canonical(header))
    signature = _signed(key, _signing_input(protected, facts))
    return {**facts, SEAL: {"protected": protected, "signature": _text(signature)}}


def check_seal(document: Mapping[str, Any], *, places: Places | None = None) -> SealReading:
    """Check a document's seal; never raises for what the document holds.

    Args:
        document: The facts with the seal.
        places: Whose trusted certificates.
    """
    facts = {key: value for key, value in document.items() if key != SEAL}
    given = document.get(SEAL)
    if given is None:
        return SealReading(state="absent", why="The document has no seal.")
    try:
        protected, signature = str(given["protected"]), _bytes(str(given["signature"]))
        header = json.loads(_bytes(protected))
        sealed_at = datetime.fromtimestamp(int(header["iat"]), UTC)
        chain = [x509.load_der_x509_certificate(base64.b64decode(one)) for one in header["x5c"]]
        _check(chain[0], str(header["alg"]), signature, _signing_input(protected, facts))
    except (InvalidSignature, ValueError, KeyError, TypeError, IndexError, OverflowError):
        return SealReading(
            state="broken", why="The document was changed after it was sealed, or its seal is none."
        )
    if not _reaches_anchor(chain[:LONGEST_CHAIN], places or Places(), sealed_at):
        why = "The seal is whole, but this machine does not trust its signer."
        return SealReading(state="valid", why=why, sealed_at=sealed_at)
    why = f"The seal is whole, and its signer is trusted; sealed at {sealed_at:%Y-%m-%d %H:%M} UTC."
    return SealReading(state="trusted", why=why, sealed_at=sealed_at)


def _text(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _bytes(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def _signing_input(protected: str, facts: Mapping[str, Any]) -> bytes:
    return f"{protected}.{_text(canonical(facts))}".encode()


def _signed(key: SigningKey, data: bytes) -> bytes:
    signature = key.sign(data)
    public = key.chain[0].public_key()
    if not isinstance(public, ec.EllipticCurvePublicKey):
        return signature
    size = (public.curve.key_size + 7) // 8  # JSON Web Signatures hold the two numbers side by side
    r, s = utils.decode_dss_signature(signature)
    return r.to_bytes(size, "big") + s.to_bytes(size, "big")


def _check(leaf: x509.Certificate, algorithm: str, signature: bytes, data: bytes) -> None:
    public = leaf.public_key()
    if isinstance(public, ec.EllipticCurvePublicKey):
        half = len(signature) // 2
        r, s = (int.from_bytes(part, "big") for part in (signature[:half], signature[half:]))
        signature = utils.encode_dss_signature(r, s)
    verify_signature(public, algorithm, signature, data)


def _reaches_anchor(chain: list[x509.Certificate], places: Places, sealed_at: datetime) -> bool:
    """Tell whether each certificate is by the next, all held at that moment, and the last is one that is trusted."""
    pem = trust_anchors(places).encode()
    anchors = x509.load_pem_x509_certificates(pem) if pem else []
    known = {anchor.fingerprint(hashes.SHA256()) for anchor in anchors}
    below: x509.Certificate | None = None
    for certificate in chain:
        if not certificate.not_valid_before_utc <= sealed_at <= certificate.not_valid_after_utc:
            return False
        if below is not None and not issued(below, certificate):
            return False
        if certificate.fingerprint(hashes.SHA256()) in known:
            return True
        below = certificate
    return any(below is not None and issued(below, anchor) for anchor in anchors)
