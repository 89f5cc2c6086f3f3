"""The AIGC field of a sound file: a chunk in WAV, a comment in FLAC, a text frame in MP3.

Written before the content credentials, which cover it.

Source:
    TC260 practice guides on file metadata, 2025-08: RIFF chunk ``AIGC``; ID3v2.4 ``TXXX`` with the
    description ``AIGC``; FLAC: a Vorbis comment, RFC 9639, 8.6; ID3: id3.org, version 2.4.0.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import BinaryIO

from vivant.errors import InputError
from vivant.provenance.aigc import KEY

_RIFF, _FLAC, _ID3 = b"RIFF", b"fLaC", b"ID3"
_CHUNK = KEY.encode()
_LARGEST_TAG_BYTES = 1 << 24
_VORBIS_COMMENT, _LAST_BLOCK = 4, 0x80
_VENDOR = b"vivant"
_UTF8 = b"\x03"


def write_aigc(path: Path, value: str) -> None:
    """Put the AIGC field into a sound file.

    Args:
        path: A WAV, FLAC or MP3 that has none yet; changed.
        value: The field's text.

    Raises:
        InputError: The file is none of these.
    """
    text = value.encode()
    with path.open("r+b") as file:
        head = file.read(4)
        if head == _RIFF:
            _append_chunk(file, text)
            return
    if head == _FLAC:
        _rewrite(path, *_with_comment(path, text))
    elif path.suffix.lower() == ".mp3":
        _rewrite(path, _id3(text), len(_old_id3(path)))
    else:
        message = (
            "The AIGC field can be put into WAV, FLAC and MP3 files, and this is none of them."
        )
        raise InputError(message)


def read_aigc_text(path: Path) -> str | None:
    """Read the AIGC field of a sound file, whoever wrote it; nothing where there is none."""
    try:
        tag = _old_id3(path)
        with path.open("rb") as file:
            file.seek(len(tag))
            head = file.read(4)
            found: bytes | None
            if head == _RIFF:
                found = _chunk_in(file)
            elif head == _FLAC:
                found = next(iter(_comments(_blocks(file).get(_VORBIS_COMMENT, b""))), None)
            else:
                found = _frame_in(tag)
    except (OSError, ValueError, IndexError):
        return None
    return None if found is None else found.decode("utf-8", "replace").rstrip("\0 ")


def _append_chunk(file: BinaryIO, text: bytes) -> None:
    padded = text + b" " * (len(text) % 2)
    file.seek(0, os.SEEK_END)
    if file.tell() % 2:
        file.write(b"\0")
    file.write(_CHUNK + len(padded).to_bytes(4, "little") + padded)
    size = file.tell() - 8
    file.seek(4)
    file.write(size.to_bytes(4, "little"))


def _chunk_in(file: BinaryIO) -> bytes | None:
    file.seek(12)
    while len(head := file.read(8)) == 8:
        size = int.from_bytes(head[4:], "little")
        if head[:4] == _CHUNK:
            return file.read(min(size, _LARGEST_TAG_BYTES))
        file.seek(size + size % 2, os.SEEK_CUR)
    return None


def _blocks(file: BinaryIO) -> dict[int, bytes]:
    """Read FLAC's metadata blocks by kind; the file stands at the sound afterwards."""
    found: dict[int, bytes] = {}
    while len(head := file.read(4)) == 4:
        size = int.from_bytes(head[1:], "big")
        found[head[0] & ~_LAST_BLOCK] = file.read(size)
        if head[0] & _LAST_BLOCK:
            break
    return found


def _comments(block: bytes) -> list[bytes]:
    """List the values of AIGC comments."""
    at = 4 + int.from_bytes(block[:4], "little")
    values = []
    for _ in range(int.from_bytes(block[at : at + 4], "little")):
        size = int.from_bytes(block[at + 4 : at + 8], "little")
        name, _, value = block[at + 8 : at + 8 + size].partition(b"=")
        if name.upper() == _CHUNK:
            values.append(value)
        at += 4 + size
        if at > len(block):
            break
    return values


def _with_comment(path: Path, text: bytes) -> tuple[bytes, int]:
    """Write FLAC's blocks anew, with our comment as the only one; tell also where the sound begins."""
    with path.open("rb") as file:
        file.seek(4)
        blocks = _blocks(file)
        begins = file.tell()
    comment = _CHUNK + b"=" + text
    sized = (len(_VENDOR).to_bytes(4, "little") + _VENDOR, (1).to_bytes(4, "little"))
    blocks[_VORBIS_COMMENT] = b"".join(sized) + len(comment).to_bytes(4, "little") + comment
    written = [_FLAC]
    for number, (kind, block) in enumerate(blocks.items(), start=1):
        last = _LAST_BLOCK if number == len(blocks) else 0
        written.append(bytes([kind | last]) + len(block).to_bytes(3, "big") + block)
    return b"".join(written), begins


def _id3(text: bytes) -> bytes:
    body = _UTF8 + _CHUNK + b"\0" + text
    frame = b"TXXX" + _sevens(len(body)) + b"\0\0" + body
    return _ID3 + b"\x04\0\0" + _sevens(len(frame)) + frame


def _sevens(number: int) -> bytes:
    return bytes((number >> shift) & 0x7F for shift in (21, 14, 7, 0))


def _from_sevens(four: bytes) -> int:
    return sum((byte & 0x7F) << shift for byte, shift in zip(four, (21, 14, 7, 0), strict=True))


def _old_id3(path: Path) -> bytes:
    with path.open("rb") as file:
        head = file.read(10)
        if head[:3] != _ID3 or len(head) < 10:
            return b""
        return head + file.read(min(_from_sevens(head[6:10]), _LARGEST_TAG_BYTES))


def _frame_in(tag: bytes) -> bytes | None:
    at, is_new = 10, tag[3:4] == b"\x04"
    while at + 10 <= len(tag) and tag[at : at + 1] != b"\0":
        size_bytes = tag[at + 4 : at + 8]
        size = _from_sevens(size_bytes) if is_new else int.from_bytes(size_bytes, "big")
        body = tag[at + 10 : at + 10 + size]
        name, _, value = body[1:].partition(b"\0")
        if tag[at : at + 4] == b"TXXX" and name == _CHUNK:
            return value
        at += 10 + size
    return None


def _rewrite(path: Path, head: bytes, skipped: int) -> None:
    """Replace the first bytes of a file by others, beside it and then in one step."""
    part = path.with_name(f"{path.stem}.tagged{path.suffix}")
    try:
        with path.open("rb") as old, part.open("wb") as new:
            old.seek(skipped)
            new.write(head)
            shutil.copyfileobj(old, new, 1 << 20)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
