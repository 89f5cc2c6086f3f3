"""Changes the signing key in time, and says before any work whether what is made can be signed."""

from __future__ import annotations

import logging
from datetime import datetime
from pathlib import Path
from typing import Literal

from cryptography import x509

from vivant.places import Places
from vivant.provenance.certificates import (
    LARGEST_FILE_BYTES,
    WARN_BEFORE,
    KeyBrokenError,
    certificates_in,
    insist_on_chain,
    pem_of,
)
from vivant.provenance.ledger import Ledger
from vivant.provenance.own_keys import CHAIN, FORMER, KEY, RENEW_BEFORE, ROOT, make_key, set_aside
from vivant.provenance.safekeeping import locked, private_folder, write_private
from vivant.provenance.signing import SigningKey, given_key, keys_folder, own_key, signing_key
from vivant.provenance.timestamps import insist_on_authority

logger = logging.getLogger(__name__)
_ENDS_SOON = "the signing certificate ends within a month; `vivant keys show` tells when"
Why = Literal["asked", "renewed", "lost"]


def ready_to_sign(places: Places, *, now: datetime) -> SigningKey:
    """Insist, before anything is made, that it can be signed; renews our own certificate within a year of its end.

    Args:
        places: Whose key.
        now: The moment.

    Returns:
        The key that will sign.

    Raises:
        KeyBrokenError: The key or its certificate will not do (``CertificateUnfitError`` names the fault).
        ResourceError: A key cannot be written.
    """
    given = given_key(places, now=now)
    if given is None:
        own = keys_folder(places) / "own"
        if own.is_dir() and _ends_soon(_leaf_of(own), now):
            change_key(places, now=now, why="renewed")
        return signing_key(places, now=now)
    _remember(given, places)
    if given.ends - now <= WARN_BEFORE:
        logger.warning(_ENDS_SOON, extra={"days_left": (given.ends - now).days})
    return given


def insist_on_signing(places: Places, *, now: datetime) -> SigningKey:
    """Insist, before anything is made, that it can be signed and stamped.

    Args:
        places: Whose key, and which time-stamp authority.
        now: The moment.

    Raises:
        KeyBrokenError: As ``ready_to_sign``.
        TimeStampError: An authority is set, and it gives no stamp.
        ResourceError: A key cannot be written.
    """
    key = ready_to_sign(places, now=now)
    if places.time_stamps is not None:
        insist_on_authority(places.time_stamps)
    return key


def _remember(given: SigningKey, places: Places) -> None:
    """Keep the certificates of a given key, so that its films stay trusted when the operator puts another there."""
    kept = keys_folder(places) / FORMER / given.name
    if not (kept / ROOT).is_file():
        write_private(kept / CHAIN, given.chain_pem)
        write_private(kept / ROOT, pem_of(given.chain[-1]))


def change_key(places: Places, *, now: datetime, why: Why = "asked") -> SigningKey:
    """Change our own key: a new key under a new root; the former's certificates stay trusted, its key is destroyed.

    Args:
        places: Whose key.
        now: The moment.
        why: For the ledger; ``"renewed"`` leaves a key alone that another process renewed meanwhile; what ``"lost"``
            signed is not trusted any more.

    Returns:
        Our own key as it is now. A given certificate, where there is one, goes on signing.

    Raises:
        KeyBrokenError: The former key's certificate cannot be read, or the clock is before its beginning.
        ResourceError: A file cannot be written.
    """
    folder = keys_folder(places)
    own = folder / "own"
    private_folder(places.data)
    with locked(private_folder(folder) / "keys.lock"):
        former: str | None = None
        if own.is_dir():
            leaf = _leaf_of(own)
            if (
                now < leaf.not_valid_before_utc
            ):  # a clock set back would make a key that ends too early
                insist_on_chain([leaf], own, public=None, now=now)
            if why == "renewed" and not _ends_soon(leaf, now):
                return own_key(places, now=now)
            former = set_aside(own, is_lost=why == "lost")
        make_key(own, now=now)
        key = own_key(places, now=now)
    facts = {"key": key.name, "why": why, "ends": f"{key.ends:%Y-%m-%d}"}
    ledger = Ledger.in_places(places)
    if former is None:
        ledger.append("key.made", facts, now=now)
    else:
        ledger.append("key.changed", facts | {"former": former}, now=now)
    return key


def key_warnings(places: Places, *, now: datetime) -> tuple[str, ...]:
    """Tell what somebody should do about the signing key; nothing is made or changed by asking.

    Returns:
        Plain sentences; none when all is well.
    """
    try:
        given = given_key(places, now=now)
    except KeyBrokenError as error:
        return (str(error),)
    if given is None or given.ends - now > WARN_BEFORE:
        return ()
    return (
        f"The certificate in {keys_folder(places) / 'given'} ends in {(given.ends - now).days} days, on "
        f"{given.ends:%Y-%m-%d}; after that nothing is signed. Have a new one issued and put it there.",
    )


def _leaf_of(own: Path) -> x509.Certificate:
    path = own / CHAIN
    try:
        data = path.read_bytes()[:LARGEST_FILE_BYTES]
    except OSError as error:
        message = (
            f"The file {path} cannot be read ({error.strerror}). The folder must hold {KEY} and {CHAIN}; remove the "
            f"folder to have a new key made."
        )
        raise KeyBrokenError(message) from error
    return certificates_in(data, path)[0]


def _ends_soon(leaf: x509.Certificate, now: datetime) -> bool:
    """Tell whether a certificate ends within the year, by a clock that is not before its beginning."""
    return leaf.not_valid_before_utc <= now and leaf.not_valid_after_utc - now <= RENEW_BEFORE
