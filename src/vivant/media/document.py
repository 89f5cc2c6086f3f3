"""Documents: saved things with a kind and a version, such as ``rig/1``.

A document without arrays is JSON. One with arrays is a zip of ``document.json`` and
``arrays/NAME.npy``, which NumPy and any zip program open. Nothing in it is ever run: no
pickles, and sizes are checked before anything is unpacked.
"""

from __future__ import annotations

import io
import json
import math
import re
import zipfile
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np
from jaxtyping import Shaped

from vivant.errors import InputError
from vivant.media.files import read_limited, unfinished

DOCUMENT_BYTES = 1_000_000_000
"""A larger document is refused, packed or unpacked."""

_FACTS = "document.json"
_NAME = re.compile(r"[a-zA-Z0-9_][a-zA-Z0-9_.-]{0,99}")
_HEADER = re.compile(
    rb"\{'descr': '(?P<kind>\|b1|[<>|][iufc]\d{1,2})', 'fortran_order': (?P<fortran>True|False), "
    rb"'shape': \((?P<shape>[\d, ]{0,200})\), \} *\n"
)
_LONG_AGO = (1980, 1, 1, 0, 0, 0)  # the same content gives the same bytes


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Document:
    """What a document holds."""

    facts: Mapping[str, Any]
    """What JSON can say: text, numbers, lists, mappings with text keys."""
    arrays: Mapping[str, Shaped[np.ndarray, "*shape"]] = field(default_factory=dict)
    """Numbers by name; read-only."""


Upgrades = Mapping[int, Callable[[Document], Document]]
"""For each old version, what makes the next version of it."""

_NO_UPGRADES: Upgrades = MappingProxyType({})
_NO_ARRAYS: Mapping[str, np.ndarray] = MappingProxyType({})


class DocumentError(InputError):
    """A document cannot be used."""

    code = "media.document"


def write_document(
    path: Path,
    *,
    kind: str,
    version: int,
    facts: Mapping[str, Any],
    arrays: Mapping[str, Shaped[np.ndarray, "*shape"]] = _NO_ARRAYS,
) -> None:
    """Write a document, whole or not at all; the same content gives the same bytes.

    Args:
        path: Where to; its folder exists.
        kind: What it is: ``"rig"``.
        version: Version of its form, from 1.
        facts: What JSON can say; no NaN and no infinity.
        arrays: Booleans, integers, floats or complex numbers of any shape, by names of
            letters, digits, dots, dashes and underscores.

    Raises:
        ValueError: A fact or an array is of a kind that cannot be kept.
        VivantError: As for ``unfinished``.
    """
    head = {"document": f"{kind}/{version}", "facts": dict(facts), "arrays": sorted(arrays)}
    if not arrays:
        del head["arrays"]
    text = json.dumps(head, ensure_ascii=False, allow_nan=False, indent=1).encode()
    with unfinished(path) as hidden:
        if not arrays:
            hidden.write_bytes(text)
            return
        with zipfile.ZipFile(hidden, "w") as archive:
            archive.writestr(zipfile.ZipInfo(_FACTS, _LONG_AGO), text)
            for name in sorted(arrays):
                content = _packed(name, arrays[name])
                archive.writestr(zipfile.ZipInfo(f"arrays/{name}.npy", _LONG_AGO), content)


def read_document(
    path: Path,
    *,
    kind: str,
    version: int,
    upgrades: Upgrades = _NO_UPGRADES,
    at_most_bytes: int = DOCUMENT_BYTES,
) -> Document:
    """Read a document of any version up to this one.

    Args:
        path: The file, from anywhere.
        kind: What it must be.
        version: The newest version that the caller knows.
        upgrades: How to make version n + 1 of version n.
        at_most_bytes: Refuse more than this, packed or unpacked.

    Returns:
        Its content, as of ``version``.

    Raises:
        InputError: It cannot be read, is something else, is damaged, or is too new or too old.
    """
    content = read_limited(path, at_most_bytes=at_most_bytes, what=f"{kind} document")
    try:
        head, arrays = _parsed(content, at_most_bytes)
        found_kind, _, found = str(head["document"]).partition("/")
        found_version = int(found)
        facts = head["facts"]
        if not isinstance(facts, dict) or sorted(arrays) != head.get("arrays", []):
            raise _DamagedError
    except _DAMAGE as error:
        message = (
            f"The {kind} document is damaged, or is something else. "
            f"Take it from where it came, or make it again."
        )
        raise DocumentError(message) from error
    if found_kind != kind:
        message = f"The document is of another kind than {kind!r}. Give the {kind} document."
        raise DocumentError(message)
    if found_version > version:
        message = (
            f"The {kind} document is of version {found_version}, and this Vivant reads up to "
            f"version {version}. Update Vivant."
        )
        raise DocumentError(message)
    document = Document(facts=facts, arrays=arrays)
    for old in range(found_version, version):
        if old not in upgrades:
            message = (
                f"The {kind} document is of version {found_version}, which this Vivant no longer "
                f"reads (it needs {version}). Make it again."
            )
            raise DocumentError(message)
        document = upgrades[old](document)
    return document


class _DamagedError(Exception):
    """Something in it is not as it must be."""


_DAMAGE = (
    _DamagedError,
    KeyError,
    TypeError,
    ValueError,  # also JSON, Unicode
    EOFError,
    OSError,
    OverflowError,
    RecursionError,
    RuntimeError,  # a password
    NotImplementedError,
    zipfile.BadZipFile,
    zlib.error,
)


def _parsed(content: bytes, at_most_bytes: int) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
    if not content.startswith(b"PK"):
        return _mapping(content), {}
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        members = archive.infolist()
        if sum(member.file_size for member in members) > at_most_bytes:
            raise _DamagedError
        if len({member.filename for member in members}) < len(members):
            raise _DamagedError
        head = _mapping(archive.read(_FACTS))
        arrays = {}
        for member in members:
            if member.filename == _FACTS:
                continue
            name = member.filename.removeprefix("arrays/").removesuffix(".npy")
            if member.filename != f"arrays/{name}.npy" or not _NAME.fullmatch(name):
                raise _DamagedError
            arrays[name] = _unpacked(archive.read(member))
    return head, arrays


def _mapping(text: bytes) -> dict[str, Any]:
    head = json.loads(text, parse_constant=_no_constant)
    if not isinstance(head, dict):
        raise _DamagedError
    return head


def _no_constant(name: str) -> float:
    raise _DamagedError(name)


def _packed(name: str, array: np.ndarray) -> bytes:
    if not _NAME.fullmatch(name):
        message = f"An array cannot be called {name!r}; use letters, digits, dots, dashes."
        raise ValueError(message)
    if array.dtype.kind not in "biufc":
        message = f"The array {name} holds {array.dtype}; only numbers and booleans can be kept."
        raise ValueError(message)
    stream = io.BytesIO()
    np.lib.format.write_array(stream, array, version=(1, 0), allow_pickle=False)
    return stream.getvalue()


def _unpacked(content: bytes) -> np.ndarray:
    """Read an ``.npy``, its header by a strict pattern, its size against what is there."""
    start = 10 + int.from_bytes(content[8:10], "little")
    header = _HEADER.fullmatch(content[10:start])
    if content[:8] != b"\x93NUMPY\x01\x00" or header is None:
        raise _DamagedError
    kind = np.dtype(header["kind"].decode())
    shape = tuple(int(side) for side in header["shape"].split(b",") if side.strip())
    if len(content) - start != math.prod(shape) * kind.itemsize:
        raise _DamagedError
    flat = np.frombuffer(content, kind, offset=start)
    array = flat.reshape(shape, order="F" if header["fortran"] == b"True" else "C")
    if not kind.isnative:
        array = array.astype(kind.newbyteorder("="))
        array.flags.writeable = False
    return array
