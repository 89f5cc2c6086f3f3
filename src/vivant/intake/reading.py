"""Read photo files from anywhere, safely: whatever they hold, the answer is a picture or an ``InputError``.

Files are called by number or by hash in messages, since their names may name the person.
"""

from __future__ import annotations

import hashlib
import re
import struct
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image, UnidentifiedImageError

from vivant.errors import InputError
from vivant.intake.colour import is_grey, shallow, to_srgb
from vivant.media.picture import Picture

MOST_PIXELS = 100_000_000
MOST_BYTES = 1_000_000_000
LEAST_SIDE_PX = 48
"""Nothing smaller can hold a face that a film could be made from."""
WORKING_SIDE_PX = 2560
"""Longest side of the picture that the work is done on; films are at most 1920 wide."""

_FORMATS = ("JPEG", "MPO", "PNG", "WEBP", "TIFF", "GIF", "BMP", "AVIF", "HEIF", "JPEG2000", "PPM")
_MIMES = {
    "MPO": "image/jpeg",
    "HEIF": "image/heic",
    "JPEG2000": "image/jp2",
    "PPM": "image/x-portable-pixmap",
}
_HEIF_BRANDS = (b"heic", b"heix", b"hevc", b"hevx", b"heim", b"heis", b"mif1", b"msf1")
_KNOWN = "JPEG, PNG, WebP, TIFF, HEIC, AVIF, GIF, BMP"


class PhotoUnreadableError(InputError):
    """A file is no photo, or its data are broken."""

    code = "intake.unreadable"


class PhotoTooLargeError(InputError):
    """A photo has more pixels than can be handled."""

    code = "intake.photo-too-large"


class PhotoTooSmallError(InputError):
    """A photo has too few pixels to hold a face."""

    code = "intake.photo-too-small"


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A rectangle of an upright photo, in its own pixels."""

    left: int
    top: int
    right: int
    """The first column that is not in it."""
    bottom: int


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Reading:
    """A photo as it was read."""

    picture: Picture
    full_width_px: int
    """Of the whole photo, upright."""
    full_height_px: int
    part: Part
    """What the picture shows of the photo."""
    scale: float
    """Pixels of the picture for each pixel of the photo; 1.0 or less."""
    notes: tuple[str, ...]
    """What a person might want to know: first frame of an animation, unusable colour profile."""

    @property
    def photo_id(self) -> str:
        """What messages call it: first 12 hex digits of the file's SHA-256."""
        return self.picture.sha256[:12]


def read_photo(
    path: Path,
    *,
    what: str = "The photo",
    longest_px: int = WORKING_SIDE_PX,
    part: Part | None = None,
) -> Reading:
    """Read a photo: upright, sRGB, 8 bit, no larger than asked.

    Reads JPEG, PNG, WebP, TIFF, HEIC, AVIF, GIF, BMP, JPEG 2000 and PPM; 1 to 16 bits a channel, floats;
    grey, palette, RGB, CMYK, Lab; with or without transparency; with any ICC profile. Of a file with
    several frames the first is taken.

    Args:
        path: The file.
        what: What to call it in messages; never its name.
        longest_px: Longest side of the picture; larger photos are reduced by averaging.
        part: Only this part of the photo, in its own upright pixels; all of it when None.

    Returns:
        The picture, and how it lies in the photo.

    Raises:
        InputError: The file is missing, empty, no photo, broken, too large or too small.
    """
    sha256, head = _hash_and_head(path, what)
    formats = _known_formats(heif=head[4:8] == b"ftyp" and head[8:12] in _HEIF_BRANDS)
    with _foreign_code(what), Image.open(path, formats=formats) as image:
        _check_size(image.size, what)
        notes = _frames_note(image)
        mime = _MIMES.get(image.format or "", f"image/{(image.format or 'png').lower()}")
        full = _upright_size(image)
        shown = part or Part(left=0, top=0, right=full[0], bottom=full[1])
        least_scale = min(1.0, longest_px / max(shown.right - shown.left, shown.bottom - shown.top))
        profile = image.info.get("icc_profile")
        upright = _load(image, least_scale)
        reduced, scale = _reduce(upright, shown, full, least_scale)
        colours, profile_note = to_srgb(reduced, profile=profile)
        pixels = np.array(colours, dtype=np.uint8)
    if profile_note:
        notes = (*notes, profile_note)
    picture = Picture(pixels=pixels, sha256=sha256, mime=mime, was_grey=is_grey(pixels))
    return Reading(
        picture=picture,
        full_width_px=full[0],
        full_height_px=full[1],
        part=shown,
        scale=scale,
        notes=notes,
    )


def _hash_and_head(path: Path, what: str) -> tuple[str, bytes]:
    if path.is_dir():
        message = f"{what} is a folder. Give the files in it one by one."
        raise InputError(message)
    try:
        size = path.stat().st_size
        if not path.is_file():  # a pipe would keep us waiting for ever
            message = f"{what} is not a file. Give the path of a file."
            raise InputError(message)
        if size > MOST_BYTES:
            message = (
                f"{what} has {size // 1_000_000} MB; at most {MOST_BYTES // 1_000_000} MB are read."
            )
            raise PhotoTooLargeError(message)
        with path.open("rb") as file:
            head = file.read(64)
            file.seek(0)
            sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    except FileNotFoundError as error:
        message = f"{what} does not exist. Check the path."
        raise InputError(message) from error
    except OSError as error:
        message = f"{what} cannot be read: {error.strerror}."
        raise InputError(message) from error
    if not head:
        message = f"{what} is an empty file. Copy it again from where it came from."
        raise PhotoUnreadableError(message)
    return sha256, head


@contextmanager
def _foreign_code(what: str) -> Iterator[None]:
    """Turn whatever a decoder raises over a hostile file into one plain error."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter(
                "ignore"
            )  # Pillow warns of odd metadata, which is not the user's worry
            yield
    except InputError:
        raise
    except UnidentifiedImageError as error:
        message = f"{what} is no photo that can be read. Give one of {_KNOWN}."
        raise PhotoUnreadableError(message) from error
    except Image.DecompressionBombError as error:
        found = re.search(r"\d{6,}", str(error))
        pixels = int(found[0]) if found else 0
        raise _too_large(pixels, what) from error
    except MemoryError as error:
        message = f"{what} needs more memory than there is. Give it smaller."
        raise PhotoTooLargeError(message) from error
    except (OSError, ValueError, SyntaxError, EOFError, ArithmeticError, LookupError) as error:
        raise _broken(what) from error
    except (TypeError, AttributeError, RuntimeError, struct.error) as error:
        raise _broken(what) from error


def _broken(what: str) -> PhotoUnreadableError:
    message = f"{what} is broken: its data end too early or make no sense. Copy it again from where it came from."
    return PhotoUnreadableError(message)


def _too_large(pixels: int, what: str) -> PhotoTooLargeError:
    message = (
        f"{what} has {pixels / 1e6:.0f} million pixels; at most {MOST_PIXELS // 1_000_000} million are read. "
        "Save it at a smaller size."
    )
    return PhotoTooLargeError(message)


def _known_formats(*, heif: bool) -> list[str]:
    """Name the formats that this Pillow reads; learn HEIC when such a file comes."""
    Image.init()
    if heif:
        import pillow_heif  # noqa: PLC0415 - costs time, and few files need it

        pillow_heif.register_heif_opener()
    return [name for name in _FORMATS if name in Image.OPEN]


def _check_size(size: tuple[int, int], what: str) -> None:
    width, height = size
    if width * height > MOST_PIXELS:
        raise _too_large(width * height, what)
    if min(size) < LEAST_SIDE_PX:
        message = (
            f"{what} is {width} x {height} pixels; the shorter side needs at least {LEAST_SIDE_PX}, and a good "
            "film 600 or more. Give the original, not a thumbnail."
        )
        raise PhotoTooSmallError(message)


def _frames_note(image: Image.Image) -> tuple[str, ...]:
    frames = int(getattr(image, "n_frames", 1))
    if frames <= 1 or image.format in (
        "MPO",
        "HEIF",
    ):  # phones keep depth and motion beside the photo
        return ()
    return (f"It holds {frames} frames; the first is taken.",)


def _orientation(image: Image.Image) -> int:
    try:
        return int(image.getexif().get(0x0112, 1) or 1)
    except (ValueError, TypeError, SyntaxError, OSError, struct.error):
        return 1


def _upright_size(image: Image.Image) -> tuple[int, int]:
    width, height = image.size
    return (height, width) if _orientation(image) in (5, 6, 7, 8) else (width, height)


def _load(image: Image.Image, least_scale: float) -> Image.Image:
    """Decode, as small as the decoder can while no smaller than needed, and turn upright."""
    if image.format in ("JPEG", "MPO"):
        wanted = (int(image.size[0] * least_scale), int(image.size[1] * least_scale))
        image.draft(None, (max(1, wanted[0]), max(1, wanted[1])))
    turned = _orientation(image)
    info = dict(image.info)
    image.load()
    shallower = shallow(image)
    method = {
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_270,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_90,
    }.get(turned)
    upright = shallower if method is None else shallower.transpose(method)
    upright.info = info
    return upright


def _reduce(
    image: Image.Image, shown: Part, full: tuple[int, int], least_scale: float
) -> tuple[Image.Image, float]:
    """Cut the part out and bring it to its final size."""
    drafted_x, drafted_y = image.size[0] / full[0], image.size[1] / full[1]
    box = (
        shown.left * drafted_x,
        shown.top * drafted_y,
        min(image.size[0], shown.right * drafted_x),
        min(image.size[1], shown.bottom * drafted_y),
    )
    size = (
        max(1, round((shown.right - shown.left) * least_scale)),
        max(1, round((shown.bottom - shown.top) * least_scale)),
    )
    whole = (shown.right - shown.left, shown.bottom - shown.top) == full
    if whole and image.size == size:
        return image, least_scale
    info = image.info
    if image.mode in ("1", "P", "PA"):
        see_through = image.mode == "PA" or "transparency" in info
        image = image.convert("L" if image.mode == "1" else "RGBA" if see_through else "RGB")
        info = {}
    reduced = image.resize(size, Image.Resampling.LANCZOS, box=box, reducing_gap=3.0)
    reduced.info = info
    return reduced, least_scale
