"""What kind of media a file is, by its first bytes, and whether it holds a box of content credentials.

Only heads of boxes are read, never what is in them, so a file of any size takes a moment.

Source:
    ISO/IEC 14496-12 (boxes); C2PA 2.4, "Embedding manifests into BMFF-based assets" (the box and its purpose).
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import IO, Final

C2PA_BOX: Final = bytes.fromhex("d8fec3d61b0e483c92975828877ec481")
"""Name of the box that holds content credentials in an MP4."""
_HEAD_BYTES = 64
_MOST_BOXES = 1 << 16
_SEARCHED_BYTES = 1 << 20
_BRANDS = {
    b"qt  ": "video/quicktime", b"M4A ": "audio/mp4", b"M4B ": "audio/mp4", b"heic": "image/heic",
    b"heix": "image/heic", b"mif1": "image/heif", b"msf1": "image/heif", b"avif": "image/avif", b"avis": "image/avif",
}  # fmt: skip
_SIGNS: tuple[tuple[int, bytes, str], ...] = (
    (0, b"\xff\xd8\xff", "image/jpeg"), (0, b"\x89PNG\r\n\x1a\n", "image/png"), (0, b"GIF8", "image/gif"),
    (0, b"BM", "image/bmp"), (0, b"II*\0", "image/tiff"), (0, b"MM\0*", "image/tiff"), (8, b"WEBP", "image/webp"),
    (8, b"WAVE", "audio/wav"), (8, b"AVI ", "video/avi"), (0, b"fLaC", "audio/flac"), (0, b"ID3", "audio/mpeg"),
    (0, b"OggS", "audio/ogg"), (0, b"\x1a\x45\xdf\xa3", "video/x-matroska"), (0, b"FLV", "video/x-flv"),
    (0, b"\0\0\x01\xba", "video/mpeg"), (0, b"#!AMR", "audio/amr"),
    (0, b"\xff\xfb", "audio/mpeg"), (0, b"\xff\xf3", "audio/mpeg"), (0, b"\xff\xf2", "audio/mpeg"),
    (0, b"\xff\xf1", "audio/aac"), (0, b"\xff\xf9", "audio/aac"),
)  # fmt: skip
_BOXED = ("video/mp4", "video/quicktime", "audio/mp4", "image/heic", "image/heif", "image/avif")


def media_type_of(path: Path) -> str:
    """Tell a file's media type by its first bytes, whatever it is called; empty when they tell none.

    Raises:
        OSError: The file cannot be read.
    """
    with path.open("rb") as file:
        head = file.read(_HEAD_BYTES)
    if head[4:8] == b"ftyp":
        return _BRANDS.get(head[8:12], "video/mp4")
    if head[4:8] in (b"moov", b"mdat", b"wide", b"skip", b"free", b"uuid", b"styp", b"sidx"):
        return "video/quicktime"
    for start, sign, kind in _SIGNS:
        if head.startswith(sign, start) and (start == 0 or head.startswith(b"RIFF")):
            return kind
    return "video/mp2t" if head[:1] == b"G" and len(head) == _HEAD_BYTES else ""


def count_manifest_boxes(path: Path) -> int:
    """Count the places in a file where content credentials lie, whether they hold or not.

    Exact for films and pictures made of boxes (MP4, MOV, HEIC); otherwise 1 where there seem to be some.

    Raises:
        OSError: The file cannot be read.
    """
    kind = media_type_of(path)
    with path.open("rb") as file:
        return _boxes(file) if kind in _BOXED else _traces(file)


def _boxes(file: IO[bytes]) -> int:
    size = file.seek(0, os.SEEK_END)
    at = found = 0
    for _ in range(_MOST_BOXES):
        file.seek(at)
        head = file.read(64)
        if len(head) < 8:
            break
        length, start = int.from_bytes(head[:4], "big"), 8
        if length == 1:
            length, start = int.from_bytes(head[8:16], "big"), 16
        if head[4:8] == b"uuid" and head[start : start + 16] == C2PA_BOX:
            purpose = head[start + 20 :].split(b"\0", 1)[0]
            found += purpose == b"manifest"
        if length < start or at + length >= size:  # 0: to the end of the file
            break
        at += length
    return found


def _traces(file: IO[bytes]) -> int:
    size = file.seek(0, os.SEEK_END)
    for at in {0, max(0, size - _SEARCHED_BYTES)}:
        file.seek(at)
        piece = file.read(_SEARCHED_BYTES)
        if b"jumb" in piece and b"c2pa" in piece:
            return 1
    return 0
