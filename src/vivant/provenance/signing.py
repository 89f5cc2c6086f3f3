"""The key that signs films, and the certificate that stands for it.

Folders under ``places.data / "keys"``:

- ``given/``: a real certificate, put there by the operator: ``key.pem`` (private, PKCS#8, mode 0600) and
  ``chain.pem`` (the signer's certificate first, then those above it). Used whenever it is there.
- ``own/``: made on first use: ``key.pem``, ``chain.pem``, ``root.pem``. The root's private key signs one
  certificate and is forgotten.
- ``trusted/``: certificates (``*.pem``) of other signers to trust when reading.

An own certificate proves that nothing was changed and that two films have one maker; other people's
viewers trust only a certificate from the C2PA trust list.
"""

from __future__ import annotations

import os
import shutil
import stat
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from vivant.errors import PapersError
from vivant.places import Places
from vivant.provenance.safekeeping import locked, private_folder, write_private

_KEY, _CHAIN, _ROOT = "key.pem", "chain.pem", "root.pem"
_LARGEST_FILE_BYTES = 1 << 18
_ROOT_HOLDS = timedelta(days=20 * 365)
_LEAF_HOLDS = timedelta(days=10 * 365)
"""Long, since a signature without a time stamp holds only as long as its certificate."""
_CLOCK_SLACK = timedelta(days=1)
_CURVES = {"secp256r1": "ES256", "secp384r1": "ES384", "secp521r1": "ES512"}


class KeyBrokenError(PapersError):
    """The signing key or its certificate cannot be used."""

    code = "papers.key"


@dataclass(frozen=True, slots=True, kw_only=True)
class SigningKey:
    """A key ready to sign; its text holds no secret (``repr`` leaves the key out)."""

    algorithm: str
    """Name of the C2PA signing algorithm: ``"ES256"``."""
    chain_pem: bytes
    """Certificates, the signer's first."""
    private_pem: bytes
    """PKCS#8; secret."""
    is_own: bool
    """Whether we made it, so that only those who know our root trust it."""

    def __repr__(self) -> str:
        return f"SigningKey(algorithm={self.algorithm!r}, is_own={self.is_own})"


def keys_folder(places: Places) -> Path:
    """Tell where keys and certificates are."""
    return places.data / "keys"


def signing_key(places: Places, *, now: datetime) -> SigningKey:
    """Get the key that signs films; make one when there is none.

    Args:
        places: Whose key.
        now: The moment; the certificate must hold then.

    Raises:
        KeyBrokenError: Files are missing or broken, others may read the key, it does not fit the
            certificate, or the certificate does not hold now.
        ResourceError: A key cannot be written.
    """
    folder = keys_folder(places)
    given = folder / "given"
    if given.is_dir():
        return _loaded(given, is_own=False, now=now)
    own = folder / "own"
    if not own.is_dir():
        private_folder(places.data)
        with locked(private_folder(folder) / "keys.lock"):
            if not own.is_dir():
                _make(own, now=now)
    return _loaded(own, is_own=True, now=now)


def trust_anchors(places: Places) -> str:
    """Collect the certificates that this machine trusts, as PEM text; empty when there are none.

    Those are our own root, the top of a given chain, and whatever lies in ``trusted/``.
    """
    folder = keys_folder(places)
    found = [folder / "own" / _ROOT, *sorted((folder / "trusted").glob("*.pem"))]
    certificates = [
        certificate
        for path in found
        if path.is_file()
        for certificate in _certificates(path.read_bytes()[:_LARGEST_FILE_BYTES], path)
    ]
    given = folder / "given" / _CHAIN
    if given.is_file():
        certificates += _certificates(given.read_bytes()[:_LARGEST_FILE_BYTES], given)[-1:]
    return "".join(_pem(certificate).decode() for certificate in certificates)


def _loaded(folder: Path, *, is_own: bool, now: datetime) -> SigningKey:
    private_pem, chain_pem = _read(folder / _KEY), _read(folder / _CHAIN)
    mode = stat.S_IMODE((folder / _KEY).stat().st_mode)
    if os.name == "posix" and mode & 0o077:
        message = (
            f"The private key {folder / _KEY} has the mode {mode:04o}, so others can read it; it "
            f"needs 0600. Run: chmod 600 {folder / _KEY}"
        )
        raise KeyBrokenError(message)
    try:
        key = serialization.load_pem_private_key(private_pem, password=None)
    except (ValueError, TypeError) as error:
        message = (
            f"The private key {folder / _KEY} cannot be read. It must be PEM (PKCS#8) without a "
            f"password."
        )
        raise KeyBrokenError(message) from error
    leaf = _certificates(chain_pem, folder / _CHAIN)[0]
    if _public(leaf.public_key()) != _public(key.public_key()):
        message = (
            f"The key and the first certificate in {folder} do not belong together. Put the "
            f"signer's own certificate first in {_CHAIN}."
        )
        raise KeyBrokenError(message)
    begins, ends = leaf.not_valid_before_utc, leaf.not_valid_after_utc
    if not begins <= now <= ends:
        message = (
            f"The certificate in {folder} holds from {begins:%Y-%m-%d} to {ends:%Y-%m-%d}, and "
            f"today is {now:%Y-%m-%d}. Put a new one there, or mend this machine's clock."
        )
        raise KeyBrokenError(message)
    return SigningKey(
        algorithm=_algorithm_of(key, folder),
        chain_pem=chain_pem,
        private_pem=private_pem,
        is_own=is_own,
    )


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()[:_LARGEST_FILE_BYTES]
    except OSError as error:
        message = (
            f"The file {path} cannot be read ({error.strerror}). The folder must hold {_KEY} and "
            f"{_CHAIN}; remove the folder to have a new key made."
        )
        raise KeyBrokenError(message) from error


def _certificates(data: bytes, path: Path) -> list[x509.Certificate]:
    try:
        certificates = x509.load_pem_x509_certificates(data)
    except ValueError as error:
        message = f"The file {path} holds no certificate that can be read. It must be PEM."
        raise KeyBrokenError(message) from error
    return certificates


def _public(key: object) -> bytes:
    to_bytes: Callable[..., bytes] = key.public_bytes  # type: ignore[attr-defined]
    return to_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)


def _algorithm_of(key: PrivateKeyTypes, folder: Path) -> str:
    if isinstance(key, ec.EllipticCurvePrivateKey) and key.curve.name in _CURVES:
        return _CURVES[key.curve.name]
    if isinstance(key, ed25519.Ed25519PrivateKey):
        return "ED25519"
    if isinstance(key, rsa.RSAPrivateKey) and key.key_size >= 2048:
        return "PS256"
    message = (
        f"The key in {folder} is of a kind that C2PA does not sign with. Use an EC key on P-256, "
        f"P-384 or P-521, Ed25519, or RSA of 2048 bits or more."
    )
    raise KeyBrokenError(message)


def _make(folder: Path, *, now: datetime) -> None:
    """Make a root, a leaf and their files in a folder that appears whole or not at all."""
    root_key, leaf_key = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
    root = _root(root_key, now)
    leaf = _leaf(leaf_key, root, root_key, now)
    private_pem = leaf_key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    part = Path(tempfile.mkdtemp(dir=folder.parent, prefix=".own.", suffix=".part"))
    try:
        write_private(part / _KEY, private_pem)
        write_private(part / _CHAIN, _pem(leaf) + _pem(root))
        write_private(part / _ROOT, _pem(root))
        part.replace(folder)
    finally:
        shutil.rmtree(part, ignore_errors=True)


def _name(what: str) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Vivant, this installation"),
            x509.NameAttribute(NameOID.COMMON_NAME, what),
        ]
    )


def _root(key: ec.EllipticCurvePrivateKey, now: datetime) -> x509.Certificate:
    name, public = _name("Vivant own root"), key.public_key()
    usage = _usage(signs_films=False)
    return (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(public)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now.astimezone(UTC) - _CLOCK_SLACK)
        .not_valid_after(now.astimezone(UTC) + _ROOT_HOLDS)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
        .sign(key, hashes.SHA256())
    )


def _leaf(
    key: ec.EllipticCurvePrivateKey,
    root: x509.Certificate,
    root_key: ec.EllipticCurvePrivateKey,
    now: datetime,
) -> x509.Certificate:
    public = key.public_key()
    above = x509.AuthorityKeyIdentifier.from_issuer_public_key(root_key.public_key())
    mail = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.EMAIL_PROTECTION])
    return (
        x509.CertificateBuilder()
        .subject_name(_name("Vivant film signing"))
        .issuer_name(root.subject)
        .public_key(public)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now.astimezone(UTC) - _CLOCK_SLACK)
        .not_valid_after(now.astimezone(UTC) + _LEAF_HOLDS)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(signs_films=True), critical=True)
        .add_extension(mail, critical=False)  # what C2PA readers ask of a signer
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
        .add_extension(above, critical=False)
        .sign(root_key, hashes.SHA256())
    )


def _usage(*, signs_films: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=signs_films,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=not signs_films,
        crl_sign=not signs_films,
        encipher_only=False,
        decipher_only=False,
    )


def _pem(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(serialization.Encoding.PEM)
