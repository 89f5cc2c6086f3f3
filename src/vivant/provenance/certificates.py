"""What a certificate must be like to sign films: each fault has a name, and is found before a film is made.

A chain of certificates is checked whole: the signer's own first, each issued by the next, all of them holding today,
the first for signing and the others for issuing. What is asked of the first is what readers of content credentials
ask, so that nothing is signed that they would refuse.

Source:
    C2PA 2.4, "X.509 certificates": key usage, extended key usage, basic constraints; RFC 5280.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import TypeVar

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID

from vivant.errors import PapersError

LARGEST_FILE_BYTES = 1 << 18
"""No file of certificates may be larger."""
LONGEST_CHAIN = 8
WARN_BEFORE = timedelta(days=30)
"""How long before a certificate ends people are warned."""
CLAIM_SIGNING = "1.3.6.1.4.1.62558.2.1"
"""Extended key usage that C2PA made for signing claims."""
DOCUMENT_SIGNING = "1.3.6.1.5.5.7.3.36"
SIGNING_USES = (ExtendedKeyUsageOID.EMAIL_PROTECTION.dotted_string, DOCUMENT_SIGNING, CLAIM_SIGNING)
"""One of them must be in the signer's certificate."""
_NEVER_USES = {
    ExtendedKeyUsageOID.ANY_EXTENDED_KEY_USAGE.dotted_string: "any use at all",
    ExtendedKeyUsageOID.TIME_STAMPING.dotted_string: "time stamps",
    ExtendedKeyUsageOID.OCSP_SIGNING.dotted_string: "answers about other certificates (OCSP)",
}
LEAST_RSA_BITS = 2048
_Extension = TypeVar("_Extension", bound=x509.ExtensionType)
CURVES = {"secp256r1": "ES256", "secp384r1": "ES384", "secp521r1": "ES512"}
"""Name of the C2PA algorithm of each curve."""


class KeyBrokenError(PapersError):
    """The signing key or its certificate cannot be used."""

    code = "papers.key"


class CertificateUnfitError(KeyBrokenError):
    """The certificate is not one that films can be signed with."""

    code = "papers.certificate"

    def __init__(self, message: str, *, fault: str) -> None:
        self.fault = fault
        """Its name: ``"expired"``, ``"not-yet"``, ``"other-key"``, ``"wrong-order"``, ``"self-signed"``, ``"is-ca"``,
        ``"no-digital-signature"``, ``"wrong-use"``, ``"weak-key"``, ``"weak-hash"``, ``"not-a-ca"``."""
        super().__init__(message)


def certificates_in(data: bytes, path: Path) -> list[x509.Certificate]:
    """Read all certificates of a PEM file.

    Raises:
        KeyBrokenError: It holds none that can be read.
    """
    try:
        return x509.load_pem_x509_certificates(data[:LARGEST_FILE_BYTES])
    except ValueError as error:
        message = f"The file {path} holds no certificate that can be read. It must be PEM."
        raise KeyBrokenError(message) from error


def pem_of(certificate: x509.Certificate) -> bytes:
    """Write a certificate as PEM."""
    return certificate.public_bytes(serialization.Encoding.PEM)


def public_bytes_of(key: object) -> bytes:
    """Write a public key so that two can be compared."""
    to_bytes: Callable[..., bytes] = key.public_bytes  # type: ignore[attr-defined]
    return to_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)


def algorithm_of(public: object, where: Path) -> str:
    """Name the C2PA algorithm that a key signs with.

    Raises:
        CertificateUnfitError: The key is of another kind, or too weak.
    """
    if isinstance(public, ec.EllipticCurvePublicKey) and public.curve.name in CURVES:
        return CURVES[public.curve.name]
    if isinstance(public, ed25519.Ed25519PublicKey):
        return "ED25519"
    if isinstance(public, rsa.RSAPublicKey) and public.key_size >= LEAST_RSA_BITS:
        return "PS256"
    size = getattr(public, "key_size", None)
    found = "" if size is None else f" It has {size} bits."
    message = (
        f"The key in {where} is of a kind that C2PA does not sign with, or too weak.{found} Use an EC key on P-256, "
        f"P-384 or P-521, Ed25519, or RSA of {LEAST_RSA_BITS} bits or more."
    )
    raise CertificateUnfitError(message, fault="weak-key")


def insist_on_chain(
    chain: Sequence[x509.Certificate], where: Path, *, public: object | None, now: datetime
) -> None:
    """Insist that films can be signed with a chain of certificates today.

    Args:
        chain: The signer's first.
        where: The folder that it is from, for the message.
        public: The public half of the key; nothing where only the certificate is known.
        now: The moment.

    Raises:
        CertificateUnfitError: They cannot; the message and ``fault`` name why.
    """
    leaf = chain[0]
    if public is not None:
        _insist_on_key(chain, where, public)
    _insist_on_dates(leaf, where, now, what="The certificate")
    _insist_on_issuer(chain, where)
    _insist_on_use(leaf, where)
    algorithm_of(leaf.public_key(), where)
    _insist_on_hash(leaf, where)
    for number, (below, above) in enumerate(pairwise(chain), start=2):
        if not issued(below, above):
            message = (
                f"The certificates in {where} are in the wrong order: number {number} did not issue number "
                f"{number - 1}. Put the signer's first, then the one that issued it, and so on."
            )
            raise CertificateUnfitError(message, fault="wrong-order")
        _insist_on_dates(above, where, now, what=f"Certificate number {number}, above the signer's")
        if not _may_issue(above):
            message = (
                f"Certificate number {number} in {where} may not issue certificates, and it issued the one before. "
                f"Ask for a chain whose upper certificates are those of authorities (CA)."
            )
            raise CertificateUnfitError(message, fault="not-a-ca")
        if number < len(chain):  # nobody relies on a root's own signature
            _insist_on_hash(above, where)


def _insist_on_key(chain: Sequence[x509.Certificate], where: Path, public: object) -> None:
    known = [public_bytes_of(one.public_key()) for one in chain]
    mine = public_bytes_of(public)
    if known[0] == mine:
        return
    if mine in known:
        message = (
            f"The certificates in {where} are in the wrong order: the one that belongs to the key is number "
            f"{known.index(mine) + 1}. Put the signer's own certificate first."
        )
        raise CertificateUnfitError(message, fault="wrong-order")
    message = f"The key and the first certificate in {where} do not belong together. Put the signer's own certificate first."
    raise CertificateUnfitError(message, fault="other-key")


def _insist_on_dates(
    certificate: x509.Certificate, where: Path, now: datetime, *, what: str
) -> None:
    begins, ends = certificate.not_valid_before_utc, certificate.not_valid_after_utc
    if begins <= now <= ends:
        return
    ended = now > ends
    message = (
        f"{what} in {where} holds from {begins:%Y-%m-%d} to {ends:%Y-%m-%d}, and today is {now:%Y-%m-%d}: it "
        f"{'has expired' if ended else 'does not hold yet'}. Put a new one there, or mend this machine's clock."
    )
    raise CertificateUnfitError(message, fault="expired" if ended else "not-yet")


def _insist_on_issuer(chain: Sequence[x509.Certificate], where: Path) -> None:
    leaf = chain[0]
    if leaf.issuer == leaf.subject or issued(leaf, leaf):
        message = (
            f"The signer's certificate in {where} is self-signed, and readers of content credentials refuse those. Have "
            f"it issued by an authority; the authority's certificate comes second in the chain."
        )
        raise CertificateUnfitError(message, fault="self-signed")
    constraints = _extension(leaf, x509.BasicConstraints)
    if constraints is not None and constraints.ca:
        message = (
            f"The first certificate in {where} is that of an authority (CA: TRUE), which issues others and signs no "
            f"films. Put the signer's own certificate first."
        )
        raise CertificateUnfitError(message, fault="is-ca")


def _insist_on_use(leaf: x509.Certificate, where: Path) -> None:
    usage = _extension(leaf, x509.KeyUsage)
    if usage is None or not usage.digital_signature:
        message = (
            f"The signer's certificate in {where} does not allow digital signatures (key usage digitalSignature is "
            f"missing). Have one issued that does."
        )
        raise CertificateUnfitError(message, fault="no-digital-signature")
    extended = _extension(leaf, x509.ExtendedKeyUsage)
    uses = [] if extended is None else [use.dotted_string for use in extended]
    never = [told for use, told in _NEVER_USES.items() if use in uses]
    if never or not set(uses) & set(SIGNING_USES):
        found = f"allows {never[0]}" if never else f"names {', '.join(uses) or 'no use at all'}"
        message = (
            f"The signer's certificate in {where} is for the wrong use: its extended key usage {found}. It needs C2PA "
            f"claim signing ({CLAIM_SIGNING}), document signing ({DOCUMENT_SIGNING}) or e-mail protection, and none "
            f"that is for something else altogether."
        )
        raise CertificateUnfitError(message, fault="wrong-use")


def _insist_on_hash(certificate: x509.Certificate, where: Path) -> None:
    try:
        used = certificate.signature_hash_algorithm
    except UnsupportedAlgorithm:
        used = hashes.MD5()  # noqa: S303 - named, not used
    if used is not None and used.digest_size < hashes.SHA256.digest_size:
        message = (
            f"A certificate in {where} was signed over a hash that is too weak ({used.name}). Have it issued again "
            f"with SHA-256 or better."
        )
        raise CertificateUnfitError(message, fault="weak-hash")


def _may_issue(certificate: x509.Certificate) -> bool:
    constraints = _extension(certificate, x509.BasicConstraints)
    usage = _extension(certificate, x509.KeyUsage)
    return constraints is not None and constraints.ca and (usage is None or usage.key_cert_sign)


def _extension(certificate: x509.Certificate, kind: type[_Extension]) -> _Extension | None:
    try:
        return certificate.extensions.get_extension_for_class(kind).value
    except (x509.ExtensionNotFound, ValueError):
        return None


def issued(certificate: x509.Certificate, issuer: x509.Certificate) -> bool:
    """Tell whether a certificate was issued by another."""
    try:
        certificate.verify_directly_issued_by(issuer)
    except (ValueError, TypeError, InvalidSignature, UnsupportedAlgorithm):
        return False
    return True


def organisation_of(certificate: x509.Certificate) -> str | None:
    """Tell the organisation that a certificate is for."""
    names = certificate.subject.get_attributes_for_oid(x509.NameOID.ORGANIZATION_NAME)
    return str(names[0].value) if names else None
