"""Signs a long WAV in place, without ever having it in memory.

The usual way reads a sound file whole, three times over. Here room for the manifest is kept in a chunk at
the file's end, everything before it is hashed in blocks, and the manifest is signed over that hash.

Source:
    C2PA 2.4, "Embedding manifests into RIFF" and "Data hash"; the C interface of c2pa-rs:
    ``c2pa_builder_data_hashed_placeholder`` and ``c2pa_builder_sign_data_hashed_embeddable``.
"""

from __future__ import annotations

import ctypes
import hashlib
import json
import os
import shutil
from pathlib import Path
from typing import IO, Any, Final

import c2pa

LARGE_BYTES: Final = 32 << 20
"""From this size on a WAV is signed in place."""
_CHUNK = b"C2PA"
_RAW = b"application/c2pa"
_BLOCK = 1 << 20


def can_sign_in_place(path: Path, *, mime: str) -> bool:
    """Tell whether a file is a long WAV, and the library offers what is needed."""
    long_wav = mime == "audio/wav" and path.stat().st_size >= LARGE_BYTES
    return long_wav and hasattr(_library(), "c2pa_builder_data_hashed_placeholder")


def sign_in_place(
    unsigned: Path,
    signed: Path,
    *,
    definition: dict[str, Any],
    signer: c2pa.Signer,
    context: Any,  # noqa: ANN401 - the library has no types
) -> None:
    """Copy a WAV and sign the copy.

    Args:
        unsigned: The sound; left as it is.
        signed: Where the signed one goes; replaced.
        definition: What the manifest says.
        signer: Who signs.
        context: Settings of the library.

    Raises:
        c2pa.C2paError: It was refused.
        OSError: The copy cannot be written.
    """
    shutil.copyfile(unsigned, signed)
    with c2pa.Builder(definition, context) as builder, signed.open("r+b") as file:
        room = len(_placeholder(builder, signer.reserve_size()))
        first, last = _keep_room(file, room)
        manifest = _manifest(
            builder,
            signer,
            {
                "exclusions": [{"start": first, "length": last - first}],
                "name": "jumbf manifest",
                "alg": "sha256",
                "hash": list(_hash(file, first)),
                "pad": [0] * 10,
            },
        )
        if (
            len(manifest) != room
        ):  # readers insist that what is left out of the hash is the manifest, and no more
            message = f"the manifest has {len(manifest)} bytes, and {room} were kept"
            raise c2pa.C2paError(message)
        file.seek(first + 8)
        file.write(manifest)


def _keep_room(file: IO[bytes], room: int) -> tuple[int, int]:
    """Append an empty chunk; tell where it begins and ends."""
    file.seek(0, os.SEEK_END)
    if file.tell() % 2:
        file.write(b"\0")
    first = file.tell()
    file.write(_CHUNK + room.to_bytes(4, "little") + bytes(room + room % 2))
    last = file.tell()
    file.seek(4)
    file.write((last - 8).to_bytes(4, "little"))
    return first, last


def _hash(file: IO[bytes], count: int) -> bytes:
    hashing = hashlib.sha256()
    file.seek(0)
    while count:
        block = file.read(min(count, _BLOCK))
        hashing.update(block)
        count -= len(block)
    return hashing.digest()


def _placeholder(builder: Any, signature_bytes: int) -> bytes:  # noqa: ANN401 - the library has no types
    call = _library().c2pa_builder_data_hashed_placeholder
    call.argtypes = [ctypes.c_void_p, ctypes.c_size_t, ctypes.c_char_p, ctypes.c_void_p]
    call.restype = ctypes.c_int64
    made = ctypes.POINTER(ctypes.c_ubyte)()
    size = call(builder._handle, signature_bytes, _RAW, ctypes.byref(made))  # noqa: SLF001 - has no public way
    return _taken(size, made)


def _manifest(builder: Any, signer: Any, data_hash: dict[str, Any]) -> bytes:  # noqa: ANN401 - the library has no types
    call = _library().c2pa_builder_sign_data_hashed_embeddable
    call.argtypes = [ctypes.c_void_p] * 2 + [ctypes.c_char_p] * 2 + [ctypes.c_void_p] * 2
    call.restype = ctypes.c_int64
    made = ctypes.POINTER(ctypes.c_ubyte)()
    told = json.dumps(data_hash).encode()
    size = call(builder._handle, signer._handle, told, _RAW, None, ctypes.byref(made))  # noqa: SLF001 - has no public way
    return _taken(size, made)


def _taken(size: int, made: Any) -> bytes:  # noqa: ANN401 - a pointer
    if size < 0:
        message = "the library refused to sign a hash"
        raise c2pa.C2paError(message)
    data = ctypes.string_at(made, size)
    _library().c2pa_free(made)
    return data


def _library() -> Any:  # noqa: ANN401 - a native library
    return c2pa.c2pa._lib  # noqa: SLF001 - the wrapper does not offer these two calls
