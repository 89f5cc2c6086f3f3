"""Names photo files for a film's papers: by hash and media type, never by file name."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from vivant.errors import InputError
from vivant.media.files import sha256_of
from vivant.places import Places
from vivant.provenance.photo_credentials import credentials_of_photo
from vivant.provenance.record import Source

_SIGNATURES: tuple[tuple[int, bytes, str], ...] = (
    (0, b"\xff\xd8\xff", "image/jpeg"),
    (0, b"\x89PNG", "image/png"),
    (8, b"WEBP", "image/webp"),
    (0, b"II*\x00", "image/tiff"),
    (0, b"MM\x00*", "image/tiff"),
    (0, b"GIF8", "image/gif"),
    (0, b"BM", "image/bmp"),
    (4, b"ftypavif", "image/avif"),
    (4, b"ftyp", "image/heic"),
)
"""Where in the file, what, and what it means; the first that fits counts."""
_HEAD_BYTES = 16
UNKNOWN = "application/octet-stream"


def sources_of(photos: Iterable[Path], *, places: Places | None = None) -> tuple[Source, ...]:
    """Hash each photo, tell its media type, and read the content credentials that it brings.

    Args:
        photos: The files.
        places: Whose trusted certificates.

    Raises:
        InputError: One cannot be read.
    """
    found = []
    for number, photo in enumerate(photos, start=1):
        if not photo.is_file():
            what = "is a folder" if photo.is_dir() else "is not there"
            message = f"Photo {number} {what}. Give the path of a picture file."
            raise InputError(message)
        brought = credentials_of_photo(photo, places=places or Places())
        found.append(
            Source(
                sha256=sha256_of(photo),
                mime=_mime_of(photo),
                credentials=brought,
                file=None if brought is None else photo,
            )
        )
    return tuple(found)


def _mime_of(photo: Path) -> str:
    try:
        with photo.open("rb") as file:
            head = file.read(_HEAD_BYTES)
    except OSError as error:
        message = f"A photo cannot be read: {error.strerror}. Give the path of a picture file."
        raise InputError(message) from error
    return next(
        (mime for start, sign, mime in _SIGNATURES if head.startswith(sign, start)), UNKNOWN
    )
