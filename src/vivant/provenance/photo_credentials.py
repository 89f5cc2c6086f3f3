"""Content credentials that a source photo brings: kept in the film's papers, without anything about a person.

A photo's manifests may hold thumbnails, the author's name, the place. A film's papers travel, so everything is redacted
out of the kept copy but what says how the photo came to be (its actions), its hashes, and its owner's wishes about
training. What cannot be redacted, a title or a free description, must be of the usual kind that names nobody;
otherwise only the facts are kept: the signer's organisation, the kind of source, whether they held, the manifest's hash.

Source:
    C2PA 2.4, "Redaction of assertions": actions and hard bindings may not be redacted.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import c2pa

from vivant.places import Places
from vivant.provenance.credentials import read_credentials
from vivant.provenance.presence import count_manifest_boxes, media_type_of
from vivant.provenance.record import PhotoCredentials
from vivant.provenance.safekeeping import sha256_hex

_KEPT: Final = (
    "c2pa.actions",
    "c2pa.hash.",
    "c2pa.ai-disclosure",
    "c2pa.training-mining",
    "cawg.training-mining",
    "c2pa.soft-binding",
)
"""How labels of assertions begin that stay."""
_ACTION_KEYS = frozenset(
    {"action", "when", "digitalSourceType", "softwareAgent", "softwareAgentIndex", "parameters"}
)
_PARAMETERS = frozenset({"ingredients", "ingredient", "ingredientIds"})
_PLAIN_TITLE = re.compile(
    r"(?:(?:img|dsc|dscn|dscf|pxl|image|photo|picture|untitled)[-_ ]?)?[\d_-]*(?:\.[a-z0-9]{2,5})?", re.IGNORECASE
)  # fmt: skip
"""A title that names nobody: ``IMG_1234.jpg``."""
_LARGEST_PHOTO_BYTES = 1 << 28


def credentials_of_photo(photo: Path, *, places: Places) -> PhotoCredentials | None:
    """Read a photo's own content credentials.

    Args:
        photo: The file.
        places: Whose trusted certificates.

    Returns:
        What is worth keeping; nothing where there are none.
    """
    try:
        if photo.stat().st_size > _LARGEST_PHOTO_BYTES or not count_manifest_boxes(photo):
            return None
    except OSError:
        return None
    read = read_credentials(photo, places=places)
    if read.state == "absent":
        return None
    return PhotoCredentials(
        manifest_sha256=_store_sha256(photo),
        state=read.state,
        signer=read.signer,
        digital_source_type=read.digital_source_type,
    )


def redactions_for(photo: Path) -> list[str] | None:
    """Tell what must be redacted out of a photo's manifests before they are kept.

    Returns:
        Addresses of assertions; nothing (``None``) where the manifests cannot be kept at all: they do not hold, or
        hold free text that cannot be taken out.
    """
    store = _read(photo)
    if store is None or store.get("validation_state") == "Invalid":
        return None
    found: list[str] = []
    for label, manifest in store.get("manifests", {}).items():
        if not all(_is_plain(title) for title in _titles(manifest)):
            return None
        for assertion in _assertions(manifest):
            name = str(assertion.get("label"))
            if name.startswith("c2pa.actions") and not _says_no_more(assertion.get("data")):
                return None
            if not name.startswith(_KEPT):
                found.append(f"self#jumbf=/c2pa/{label}/c2pa.assertions/{name}")
        thumbnail = manifest.get("thumbnail", {})
        if isinstance(thumbnail, dict) and str(thumbnail.get("identifier", "")).startswith("self#"):
            found.append(str(thumbnail["identifier"]))
    return list(dict.fromkeys(found))


def _assertions(manifest: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Give out all assertions; several of one kind are told apart by a number behind their label."""
    for assertion in manifest.get("assertions", []):
        number = assertion.get("instance")
        label = assertion.get("label")
        yield assertion if not number else assertion | {"label": f"{label}__{number}"}


def _titles(manifest: dict[str, Any]) -> Iterator[str]:
    yield str(manifest.get("title") or "")
    for part in manifest.get("ingredients", []):
        yield str(part.get("title") or "")


def _is_plain(title: str) -> bool:
    return _PLAIN_TITLE.fullmatch(title) is not None


def _says_no_more(data: object) -> bool:
    """Tell whether actions hold nothing but what was done, with what, when and to which part."""
    actions = data.get("actions") if isinstance(data, dict) else None
    if (
        not isinstance(actions, list)
        or not isinstance(data, dict)
        or set(data) - {"actions", "allActionsIncluded"}
    ):
        return False
    for action in actions:
        if not isinstance(action, dict) or set(action) - _ACTION_KEYS:
            return False
        parameters = action.get("parameters") or {}
        if not isinstance(parameters, dict) or set(parameters) - _PARAMETERS:
            return False
    return True


def _read(photo: Path) -> dict[str, Any] | None:
    settings = {"verify": {"remote_manifest_fetch": False, "verify_trust": False}}
    try:
        with (
            c2pa.Context.from_dict(settings) as context,
            photo.open("rb") as file,
            c2pa.Reader(media_type_of(photo), file, context=context) as reader,
        ):
            store: dict[str, Any] = json.loads(reader.json())
    except (c2pa.C2paError, OSError, ValueError, RecursionError):
        return None
    return store


def _store_sha256(photo: Path) -> str:
    """Hash what the photo's manifests say; of one that cannot be read, the file."""
    store = _read(photo)
    if store is None:
        return sha256_hex(photo.read_bytes())
    return sha256_hex(json.dumps(store.get("manifests", {}), sort_keys=True).encode())
