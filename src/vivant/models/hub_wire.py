"""Talks to a model hub: lists a repository at a commit, and downloads a file of it, going on where it stopped.

Source:
    The hub's web interface as its documentation describes it: ``/api/models/REPO/tree/REVISION`` lists
    files with size, Git's object id, and the SHA-256 of those in large file storage;
    ``/REPO/resolve/REVISION/PATH`` gives a file, and honours ``Range``.
"""

from __future__ import annotations

import hashlib
import http.client
import importlib
import importlib.util
import json
import shutil
import subprocess
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from vivant.errors import MissingError, ResourceError
from vivant.models.hub import HubModel

LIBRARY = "huggingface_hub"
"""Knows the address of the hub, and of a mirror that the user has set."""
PATIENCE_S = 60.0
PIECE = 1 << 20
_NOT_FOUND = frozenset({401, 403, 404, 410})
_NETWORK = (OSError, http.client.HTTPException)


class HubError(MissingError):
    """A hub cannot be reached, or does not have what was asked for."""

    code = "models.hub"
    retryable = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """A file as a hub lists it."""

    path: str
    size_bytes: int
    """0 where it is not known beforehand."""
    sha256: str = ""
    """Of files in large storage: all weights."""
    git_id: str = ""
    """SHA-1 of Git's object, of small files."""

    def fits(self, pieces: Iterable[bytes], *, size: int) -> bool:
        """Compare content with the hash."""
        if size != (self.size_bytes or size) or not (self.sha256 or self.git_id):
            return False
        digest = hashlib.sha256() if self.sha256 else hashlib.sha1(b"blob %d\0" % size)  # noqa: S324 - Git's own
        for piece in pieces:
            digest.update(piece)
        return digest.hexdigest() == (self.sha256 or self.git_id)


def hub_address(python: Path | None = None) -> str:
    """Ask the hub's own library for its address.

    Args:
        python: Another Python that may have the library, where ours has not.

    Raises:
        HubError: It is not installed.
    """
    if importlib.util.find_spec(LIBRARY) is not None:
        return str(importlib.import_module(f"{LIBRARY}.constants").ENDPOINT)
    if python is not None:
        asked = f"from {LIBRARY} import constants; print(constants.ENDPOINT)"
        told = subprocess.run(  # noqa: S603 - fixed words
            [str(python), "-c", asked], capture_output=True, text=True, check=False
        )
        if told.returncode == 0:
            return told.stdout.strip()
    message = (
        "Weights come from the hub of their makers, and the library that knows it is not here. Install it "
        "(pip install huggingface-hub), or bring the folder from elsewhere and name it with --from."
    )
    raise HubError(message)


def listing(model: HubModel, *, hub: str) -> list[Listed]:
    """List the files of a repository at its commit.

    Raises:
        HubError: No network, or no such repository.
    """
    address: str | None = (
        f"{hub}/api/models/{model.repository}/tree/{model.revision}?recursive=true"
    )
    found: list[Listed] = []
    while address is not None:
        try:
            with _opened(address) as answer:
                entries = json.load(answer)
                address = _next(answer.headers.get("Link", ""), hub)
            found += [_listed(entry) for entry in entries if entry["type"] == "file"]
        except (ValueError, KeyError, TypeError) as error:
            message = f"The hub's list of {model.name} cannot be understood ({type(error).__name__}). Update vivant, or try later."
            raise HubError(message) from error
        except _NETWORK as error:
            raise _trouble(model, error) from error
    return found


def download(
    model: HubModel,
    one: Listed,
    to: Path,
    *,
    watch: Callable[[str, int, int], None],
    hub: str,
) -> None:
    """Download a file; a part that is here already is not fetched again.

    Raises:
        HubError: No network, or no such file.
        ResourceError: The disk is full.
    """
    path = urllib.parse.quote(one.path)
    resolved = f"{hub}/{model.repository}/resolve/{model.revision}/{path}"
    address = f"{hub}/{path}" if model.site else resolved
    begun = to.stat().st_size if to.is_file() else 0
    if begun >= one.size_bytes:
        begun = 0
    what = f"fetching {model.name}"
    try:
        with _opened(address, begins=begun) as answer:
            if begun and answer.status != http.client.PARTIAL_CONTENT:
                begun = 0  # the hub gives all of it once more
            done = begun
            with to.open("ab" if begun else "wb") as file:
                while piece := answer.read(PIECE):
                    _write(file, piece, to)
                    done += len(piece)
                    watch(what, done, one.size_bytes)
        if done < one.size_bytes:
            raise _trouble(model, http.client.IncompleteRead(b"", one.size_bytes - done))
    except _NETWORK as error:
        raise _trouble(model, error) from error


def _write(file: Any, piece: bytes, to: Path) -> None:  # noqa: ANN401 - a file
    try:
        file.write(piece)
    except OSError as error:
        free = shutil.disk_usage(to.parent).free
        message = f"The disk would not take the weights ({error.strerror}; {free / 1e9:.1f} GB are free). Make room, then again: what is here is kept."
        raise ResourceError(message) from error


def _opened(address: str, *, begins: int = 0) -> Any:  # noqa: ANN401 - an answer of the standard library
    if not address.startswith(("https://", "http://127.0.0.1")):
        message = "The address of a hub must begin with https://."
        raise HubError(message)
    headers = {"User-Agent": "vivant"} | ({"Range": f"bytes={begins}-"} if begins else {})
    request = urllib.request.Request(address, headers=headers)  # noqa: S310 - checked above
    return urllib.request.urlopen(request, timeout=PATIENCE_S)  # noqa: S310


def _listed(entry: dict[str, Any]) -> Listed:
    large = entry.get("lfs") or {}
    return Listed(
        path=str(entry["path"]),
        size_bytes=int(large.get("size", entry["size"])),
        sha256=str(large.get("oid", "")).removeprefix("sha256:"),
        git_id="" if large else str(entry["oid"]),
    )


def _next(link: str, hub: str) -> str | None:
    """Find the address of a list's next page."""
    for part in link.split(","):
        address, _, relation = part.partition(";")
        if 'rel="next"' in relation:
            found = address.strip().strip("<>")
            return found if found.startswith(hub) else None
    return None


def _trouble(model: HubModel, error: Exception) -> HubError:
    if isinstance(error, urllib.error.HTTPError) and error.code in _NOT_FOUND:
        message = f"The hub has no {model.repository} at {model.revision[:12]} any more, or keeps it to itself (status {error.code}). Update vivant, or bring the folder from elsewhere and name it with --from."
    else:
        message = f"The hub cannot be reached, or stopped answering ({type(error).__name__}): no network? What came is kept; run the command again. Or bring the folder from elsewhere and name it with --from."
    return HubError(message)
