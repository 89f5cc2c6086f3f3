"""Our own key and certificates: made on first use, changed on demand or before they end.

The root's private key signs one certificate and is forgotten, so a new signer's certificate always comes with a new
root. What was signed before stays trusted: of a key that was changed the certificates are kept under ``former/``, and
the private key is destroyed. Of one that came into other hands nothing can be trusted any more: whoever has it can sign
today and say that it was yesterday.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from vivant.errors import ResourceError
from vivant.provenance.certificates import certificates_in, pem_of
from vivant.provenance.safekeeping import private_folder, write_private

KEY, CHAIN, ROOT = "key.pem", "chain.pem", "root.pem"
FORMER = "former"
"""Folder beside ``own``: the certificates of our earlier keys, still trusted."""
LOST = "lost"
"""Folder beside ``own``: the certificates of keys that came into other hands; not trusted any more."""
ROOT_HOLDS = timedelta(days=20 * 365)
LEAF_HOLDS = timedelta(days=10 * 365)
"""Long, since a signature without a time stamp holds only as long as its certificate."""
RENEW_BEFORE = timedelta(days=365)
"""How long before it ends an own certificate is replaced: every film then has a year of its own at least."""
_CLOCK_SLACK = timedelta(days=1)


def make_key(folder: Path, *, now: datetime) -> None:
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
        write_private(part / KEY, private_pem)
        write_private(part / CHAIN, pem_of(leaf) + pem_of(root))
        write_private(part / ROOT, pem_of(root))
        part.replace(folder)
    finally:
        shutil.rmtree(part, ignore_errors=True)


def set_aside(folder: Path, *, is_lost: bool = False) -> str:
    """Move an own key's certificates to ``former/``, or ``lost/``, and destroy its private key.

    The certificates are there before the key is gone, so a machine that stops in between has lost nothing.

    Returns:
        What the key was called: the first digits of its certificate's SHA-256.

    Raises:
        ResourceError: It cannot be moved.
    """
    chain = folder / CHAIN
    name = key_name(certificates_in(chain.read_bytes(), chain)[0])
    former = private_folder(folder.parent / (LOST if is_lost else FORMER))
    write_private(former / name / CHAIN, chain.read_bytes())
    write_private(former / name / ROOT, (folder / ROOT).read_bytes())
    try:
        destroy(folder / KEY)
        shutil.rmtree(folder)
    except OSError as error:
        message = (
            f"The former key in {folder} cannot be removed ({error.strerror}). Mend the folder's permissions, and "
            f"change the key again."
        )
        raise ResourceError(message) from error
    return name


def destroy(path: Path) -> None:
    """Overwrite a secret file with zeros, and remove it; a disk may still keep an old copy of the block."""
    if not path.exists():
        return
    with path.open("r+b") as file:
        file.write(bytes(path.stat().st_size))
        file.flush()
        os.fsync(file.fileno())
    path.unlink()


def key_name(leaf: x509.Certificate) -> str:
    """Name a key by the first 16 digits of its certificate's SHA-256."""
    return leaf.fingerprint(hashes.SHA256()).hex()[:16]


def _name(what: str) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Vivant, this installation"),
            x509.NameAttribute(NameOID.COMMON_NAME, what),
        ]
    )


def _root(key: ec.EllipticCurvePrivateKey, now: datetime) -> x509.Certificate:
    name, public = _name("Vivant own root"), key.public_key()
    return (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(public)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now.astimezone(UTC) - _CLOCK_SLACK)
        .not_valid_after(now.astimezone(UTC) + ROOT_HOLDS)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(signs_films=False), critical=True)
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
        .not_valid_after(now.astimezone(UTC) + LEAF_HOLDS)
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
