"""Certificates of every kind, good and bad, made for tests."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
MAIL = (ExtendedKeyUsageOID.EMAIL_PROTECTION,)
Made = tuple[x509.Certificate, Any]


def ec_key() -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(ec.SECP256R1())


def certificate(  # noqa: PLR0913 - what a certificate is
    name: str = "Films Ltd",
    *,
    key: Any = None,
    issuer: Made | None = None,
    is_ca: bool = False,
    signs: bool = True,
    uses: Sequence[x509.ObjectIdentifier] = MAIL,
    begins: datetime = NOW - timedelta(days=10),
    ends: datetime = NOW + timedelta(days=300),
    common_name: str | None = None,
) -> Made:
    """Make a certificate and its key; self-signed when nobody issues it."""
    key = key or ec_key()
    subject = x509.Name(
        [
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, name),
            x509.NameAttribute(NameOID.COMMON_NAME, common_name or name),
        ]
    )
    above, signer = (subject, key) if issuer is None else (issuer[0].subject, issuer[1])
    usage = x509.KeyUsage(
        digital_signature=signs and not is_ca,
        content_commitment=not signs and not is_ca,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=is_ca,
        crl_sign=is_ca,
        encipher_only=False,
        decipher_only=False,
    )
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(above)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(begins)
        .not_valid_after(ends)
        .add_extension(
            x509.BasicConstraints(ca=is_ca, path_length=2 if is_ca else None), critical=True
        )
        .add_extension(usage, critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.public_key()), critical=False
        )
    )
    if uses and not is_ca:
        builder = builder.add_extension(x509.ExtendedKeyUsage(list(uses)), critical=False)
    return builder.sign(signer, hashes.SHA256()), key


def authority(name: str = "Authority", *, issuer: Made | None = None, **given: Any) -> Made:
    """Make the certificate of an authority."""
    return certificate(name, issuer=issuer, is_ca=True, **given)


def pem(*certificates: x509.Certificate) -> bytes:
    return b"".join(one.public_bytes(serialization.Encoding.PEM) for one in certificates)


def private_pem(key: Any) -> bytes:
    made: bytes = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return made


def give(folder: Path, key: Any, *chain: x509.Certificate) -> Path:
    """Lay a key and its chain down as an operator would."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "chain.pem").write_bytes(pem(*chain))
    (folder / "key.pem").write_bytes(private_pem(key))
    (folder / "key.pem").chmod(0o600)
    return folder
