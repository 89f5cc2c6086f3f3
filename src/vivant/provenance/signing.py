"""The key that signs films, and the certificate that stands for it.

Folders under ``places.data / "keys"``:

- ``given/``: a real certificate, put there by the operator: ``chain.pem`` (the signer's certificate first, then those
  above it), and either ``key.pem`` (private, PKCS#8, mode 0600) or ``signer.json``, which names an engine that signs
  with a key kept elsewhere, in a key service say (see ``key_service``). Used whenever it is there.
- ``own/``: made on first use: ``key.pem``, ``chain.pem``, ``root.pem``. The root's private key signs one
  certificate and is forgotten.
- ``former/``: the certificates of our earlier own keys; still trusted when reading.
- ``trusted/``: certificates (``*.pem``) of other signers to trust when reading.
- ``trust-list/``: the C2PA trust list, see ``trust_list``.

An own certificate proves that nothing was changed and that two films have one maker; other people's
viewers trust only a certificate from the C2PA trust list.
"""

from __future__ import annotations

import os
import stat
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Final

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa

from vivant.places import Places
from vivant.provenance.certificates import (
    LARGEST_FILE_BYTES,
    CertificateUnfitError,
    KeyBrokenError,
    algorithm_of,
    certificates_in,
    insist_on_chain,
    pem_of,
)
from vivant.provenance.key_service import SIGNER, Signer, signer_in
from vivant.provenance.own_keys import (
    CHAIN,
    FORMER,
    KEY,
    ROOT,
    key_name,
    make_key,
)
from vivant.provenance.safekeeping import locked, private_folder

__all__ = [
    "CertificateUnfitError",
    "KeyBrokenError",
    "Signer",
    "SigningKey",
    "given_key",
    "keys_folder",
    "own_key",
    "signing_key",
    "trust_anchors",
    "verify_signature",
]

HASHES: Final[dict[str, hashes.HashAlgorithm]] = {
    "ES256": hashes.SHA256(),
    "ES384": hashes.SHA384(),
    "ES512": hashes.SHA512(),
    "PS256": hashes.SHA256(),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class SigningKey:
    """A key ready to sign; its text holds no secret (``repr`` leaves the key out)."""

    algorithm: str
    """Name of the C2PA signing algorithm: ``"ES256"``."""
    chain_pem: bytes
    """Certificates, the signer's first."""
    private_pem: bytes | None
    """PKCS#8; secret. Nothing where the key is kept elsewhere."""
    is_own: bool
    """Whether we made it, so that only those who know our root trust it."""
    signer: Signer | None = field(default=None, compare=False)
    """Signs with the key that is kept elsewhere."""

    def __repr__(self) -> str:
        return f"SigningKey(algorithm={self.algorithm!r}, is_own={self.is_own})"

    @property
    def chain(self) -> list[x509.Certificate]:
        """The certificates, the signer's first."""
        return list(_parsed(self.chain_pem))

    @property
    def ends(self) -> datetime:
        """Until when the signer's certificate holds; in UTC."""
        return self.chain[0].not_valid_after_utc

    @property
    def name(self) -> str:
        """The first 16 digits of the certificate's SHA-256."""
        return key_name(self.chain[0])

    def sign(self, data: bytes) -> bytes:
        """Sign some bytes.

        Returns:
            For an EC key the signature as DER, as key services give it; otherwise the raw signature.

        Raises:
            KeyBrokenError: The engine failed, or signed with another key than the certificate's.
        """
        if self.signer is None:
            assert self.private_pem is not None  # noqa: S101 - one of the two is always there
            return _signed(self.private_pem, self.algorithm, data)
        try:
            signature = bytes(self.signer.sign(data))
            verify_signature(self.chain[0].public_key(), self.algorithm, signature, data)
        except InvalidSignature as error:
            message = (
                "The signing engine signed with another key than the certificate's, or in another form. It must return "
                f"a signature of the algorithm {self.algorithm}, for an EC key as DER."
            )
            raise KeyBrokenError(message) from error
        except Exception as error:
            message = f"The signing engine failed ({type(error).__name__}). Check the key service, and try again."
            raise KeyBrokenError(message) from error
        return signature


@lru_cache(maxsize=16)
def _parsed(chain_pem: bytes) -> tuple[x509.Certificate, ...]:
    return tuple(x509.load_pem_x509_certificates(chain_pem))


@lru_cache(maxsize=4)
def _opened(private_pem: bytes) -> object:
    return serialization.load_pem_private_key(private_pem, password=None)


def keys_folder(places: Places) -> Path:
    """Tell where keys and certificates are."""
    return places.data / "keys"


def signing_key(places: Places, *, now: datetime) -> SigningKey:
    """Get the key that signs films; make one when there is none.

    Our own is renewed by ``key_changing.ready_to_sign``, which every door asks before it makes anything.

    Args:
        places: Whose key.
        now: The moment; the certificate must hold then.

    Raises:
        KeyBrokenError: Files are missing or broken, others may read the key, it does not fit the
            certificate, or the certificate is not fit for signing films now (``CertificateUnfitError``).
        ResourceError: A key cannot be written.
    """
    folder = keys_folder(places)
    given = given_key(places, now=now)
    if given is not None:
        return given
    own = folder / "own"
    if not own.is_dir():
        _make_once(places, now=now)
    return own_key(places, now=now)


def given_key(places: Places, *, now: datetime) -> SigningKey | None:
    """Get the key of a given certificate; nothing where none was given.

    Raises:
        KeyBrokenError: As ``signing_key``.
    """
    given = keys_folder(places) / "given"
    return _loaded(given, is_own=False, now=now) if given.is_dir() else None


def own_key(places: Places, *, now: datetime) -> SigningKey:
    """Get our own key, whether a given one goes before it or not; it must be there.

    Raises:
        KeyBrokenError: As ``signing_key``.
    """
    return _loaded(keys_folder(places) / "own", is_own=True, now=now)


def _make_once(places: Places, *, now: datetime) -> None:
    folder = keys_folder(places)
    private_folder(places.data)
    with locked(private_folder(folder) / "keys.lock"):
        if not (folder / "own").is_dir():
            make_key(folder / "own", now=now)


def trust_anchors(places: Places) -> str:
    """Collect the certificates that this machine trusts, as PEM text; empty when there are none.

    Those are our own root and the former ones, the top of a given chain, and whatever lies in ``trusted/``.
    """
    folder = keys_folder(places)
    found = [
        folder / "own" / ROOT,
        *sorted((folder / FORMER).glob(f"*/{ROOT}")),
        *sorted((folder / "trusted").glob("*.pem")),
    ]
    certificates = [
        certificate
        for path in found
        if path.is_file()
        for certificate in certificates_in(path.read_bytes(), path)
    ]
    given = folder / "given" / CHAIN
    if given.is_file():
        certificates += certificates_in(given.read_bytes(), given)[-1:]
    return "".join(pem_of(certificate).decode() for certificate in certificates)


def _loaded(folder: Path, *, is_own: bool, now: datetime) -> SigningKey:
    """Load and check a key; a key whose files did not change since the last time is only asked for its dates."""
    stamp = _stamp_of(folder)
    kept = _KEPT.get(str(folder))
    if kept is not None and kept.stamp == stamp and kept.begins <= now <= kept.ends:
        return kept.key
    key = _checked(folder, is_own=is_own, now=now)
    begins = max(one.not_valid_before_utc for one in key.chain)
    ends = min(one.not_valid_after_utc for one in key.chain)
    _KEPT[str(folder)] = _Kept(key=key, stamp=stamp, begins=begins, ends=ends)
    return key


@dataclass(frozen=True, slots=True, kw_only=True)
class _Kept:
    key: SigningKey
    stamp: tuple[tuple[int, ...], ...]
    begins: datetime
    ends: datetime


_KEPT: Final[dict[str, _Kept]] = {}
"""Keys of this process by folder: documents are sealed by the thousand."""


def _stamp_of(folder: Path) -> tuple[tuple[int, ...], ...]:
    """Tell what changes when somebody changes a key's files."""
    found: list[tuple[int, ...]] = []
    for name in (KEY, CHAIN, SIGNER):
        try:
            seen = (folder / name).stat()
        except OSError:
            found.append((0,))
        else:
            found.append(
                (seen.st_ino, seen.st_size, seen.st_mtime_ns, seen.st_ctime_ns, seen.st_mode)
            )
    return tuple(found)


def _checked(folder: Path, *, is_own: bool, now: datetime) -> SigningKey:
    chain_pem = _read(folder / CHAIN)
    signer: Signer | None = None
    private_pem: bytes | None = None
    public: object | None = None
    if not is_own and (folder / SIGNER).is_file():
        signer = signer_in(folder)
    else:
        private_pem, public = _private(folder)
    chain = certificates_in(chain_pem, folder / CHAIN)
    insist_on_chain(chain, folder, public=public, now=now)
    return SigningKey(
        algorithm=algorithm_of(chain[0].public_key(), folder),
        chain_pem=chain_pem,
        private_pem=private_pem,
        is_own=is_own,
        signer=signer,
    )


def _private(folder: Path) -> tuple[bytes, object]:
    """Read the private key; tell its public half too."""
    private_pem = _read(folder / KEY)
    mode = stat.S_IMODE((folder / KEY).stat().st_mode)
    if os.name == "posix" and mode & 0o077:
        message = (
            f"The private key {folder / KEY} has the mode {mode:04o}, so others can read it; it "
            f"needs 0600. Run: chmod 600 {folder / KEY}"
        )
        raise KeyBrokenError(message)
    try:
        key = serialization.load_pem_private_key(private_pem, password=None)
    except (ValueError, TypeError) as error:
        message = (
            f"The private key {folder / KEY} cannot be read. It must be PEM (PKCS#8) without a "
            f"password."
        )
        raise KeyBrokenError(message) from error
    return private_pem, key.public_key()


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()[:LARGEST_FILE_BYTES]
    except OSError as error:
        message = (
            f"The file {path} cannot be read ({error.strerror}). The folder must hold {KEY} and "
            f"{CHAIN}; remove the folder to have a new key made."
        )
        raise KeyBrokenError(message) from error


def _signed(private_pem: bytes, algorithm: str, data: bytes) -> bytes:
    private = _opened(private_pem)
    if isinstance(private, ec.EllipticCurvePrivateKey):
        return private.sign(data, ec.ECDSA(HASHES[algorithm]))
    if isinstance(private, ed25519.Ed25519PrivateKey):
        return private.sign(data)
    assert isinstance(private, rsa.RSAPrivateKey)  # noqa: S101 - the only other kind that is loaded
    return private.sign(data, _pss(), hashes.SHA256())


def verify_signature(public: object, algorithm: str, signature: bytes, data: bytes) -> None:
    """Check a signature in the form in which ``SigningKey.sign`` gives it.

    Raises:
        InvalidSignature: It does not hold.
    """
    if isinstance(public, ec.EllipticCurvePublicKey):
        public.verify(signature, data, ec.ECDSA(HASHES[algorithm]))
    elif isinstance(public, ed25519.Ed25519PublicKey):
        public.verify(signature, data)
    elif isinstance(public, rsa.RSAPublicKey):
        public.verify(signature, data, _pss(), hashes.SHA256())
    else:
        raise InvalidSignature


def _pss() -> padding.PSS:
    return padding.PSS(mgf=padding.MGF1(hashes.SHA256()), salt_length=hashes.SHA256.digest_size)
