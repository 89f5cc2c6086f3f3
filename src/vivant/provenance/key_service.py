"""Keys that are kept elsewhere: in a key service, a hardware token, another process.

``keys/given/signer.json`` names an engine of the group ``vivant.engines.signing`` and what it is made with::

    {"engine": "my-kms", "settings": {"key": "projects/films/keys/7"}}

The engine is a class with one method, ``sign``. The private key never comes here; ``chain.pem`` beside it holds its
certificates. What the engine returns is checked against the certificate before it is used.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Protocol, runtime_checkable

from vivant.engines import engine_named
from vivant.errors import InputError, MissingError
from vivant.provenance.certificates import LARGEST_FILE_BYTES, KeyBrokenError

SIGNER = "signer.json"


@runtime_checkable
class Signer(Protocol):
    """Signs with a key that stays where it is."""

    def sign(self, data: bytes, /) -> bytes:
        """Sign some bytes; hash them first, as the certificate's algorithm asks.

        Args:
            data: What is signed; some hundred bytes, or what a service must hash itself.

        Returns:
            For ECDSA the signature as DER; for RSA the bytes of PSS with MGF1 and SHA-256, salt of 32 bytes;
            for Ed25519 its 64 bytes.
        """


def signer_in(folder: Path) -> Signer:
    """Make the engine that a folder's ``signer.json`` names.

    Raises:
        KeyBrokenError: The file cannot be read, or the engine is absent or broken.
    """
    path = folder / SIGNER
    try:
        told = json.loads(path.read_bytes()[:LARGEST_FILE_BYTES])
        name, settings = str(told["engine"]), dict(told.get("settings", {}))
    except (OSError, ValueError, KeyError, TypeError, RecursionError, AttributeError) as error:
        message = f'The file {path} cannot be understood. It must be JSON: {{"engine": NAME, "settings": {{...}}}}.'
        raise KeyBrokenError(message) from error
    try:
        made = engine_named("signing", name).load(
            **{str(key): one for key, one in settings.items()}
        )
    except (InputError, MissingError) as error:
        message = f"The signing engine that {path} names cannot be used. {error}"
        raise KeyBrokenError(message) from error
    if not isinstance(made, Signer):
        message = f"The signing engine {name!r} has no method sign(). Report this to its author."
        raise KeyBrokenError(message)
    return made
