"""Fonts for titles, cards and captions: which one can draw a text, and which letters none here can.

Ours come first: a serif for what Europe writes, a sans for captions, and one each for Chinese, Japanese,
Korean, Arabic and Devanagari. Then the fonts that are installed on this machine. What a font covers is read
from its own table of characters.

Source:
    OpenType 1.9, tables ``cmap`` (formats 4 and 12) and ``ttcf``.
"""

from __future__ import annotations

import struct
import sys
import unicodedata
from collections.abc import Iterator
from functools import cache, lru_cache
from importlib import resources
from pathlib import Path
from typing import Literal

from PIL import ImageFont, features

from vivant.errors import InputError

Role = Literal["title", "caption"]

_OURS = {
    "western": "title",
    "captions": "caption",
    "chinese": "title",
    "japanese": "title",
    "korean": "title",
    "arabic": "title",
    "devanagari": "title",
}
_BY_LANGUAGE = {"zh": "chinese", "ja": "japanese", "ko": "korean", "ar": "arabic", "fa": "arabic", "ur": "arabic", "hi": "devanagari", "mr": "devanagari", "ne": "devanagari"}  # fmt: skip
_SHAPED = ("ARABIC", "DEVANAGARI", "BENGALI", "TAMIL", "TELUGU", "KANNADA", "MALAYALAM", "GUJARATI", "GURMUKHI", "SINHALA", "KHMER", "MYANMAR", "TIBETAN", "SYRIAC")  # fmt: skip
_RIGHT_TO_LEFT = ("ARABIC", "HEBREW", "SYRIAC", "THAANA")
_LIKED = ("serif", "songti", "mincho", "myungjo", "noto", "batang", "simsun", "source")
_FOLDERS = {
    "linux": ("/usr/share/fonts", "/usr/local/share/fonts", "~/.local/share/fonts", "~/.fonts"),
    "darwin": ("/System/Library/Fonts", "/Library/Fonts", "~/Library/Fonts"),
    "win32": ("C:/Windows/Fonts", "~/AppData/Local/Microsoft/Windows/Fonts"),
}
_MOST_FONTS = 3000
_LARGEST_TABLE = 4_000_000


class UnwritableError(InputError):
    """No font here can draw a text."""

    code = "film.unwritable"


def undrawable(text: str) -> str:
    """Tell which letters of a text no font on this machine can draw; empty when all can be drawn."""
    if font_file(text, role="title", language="") is not None:
        return ""
    drawable = frozenset().union(*(_covered(file) for file in _all_fonts()))
    missing = dict.fromkeys(sign for sign in _signs(text) if ord(sign) not in drawable)
    return "".join(missing)


def font_for(
    text: str, *, size_px: float, role: Role, language: str, what: str
) -> ImageFont.FreeTypeFont:
    """Open a font that can draw all of a text.

    Args:
        text: What is to be drawn.
        size_px: Size of the letters.
        role: Titles have serifs, captions none, where there is a choice.
        language: BCP 47 tag; decides whose forms of Chinese characters are drawn.
        what: What to call the text in a message: ``"The title of shot gates"``.

    Raises:
        UnwritableError: There is none, or this machine cannot join the letters of its script.
    """
    file = font_file(text, role=role, language=language)
    if file is None:
        signs = undrawable(text)
        scripts = sorted({_script(sign).title() for sign in signs or _signs(text)})
        found = (
            f"{len(signs)} letters that no font here can draw"
            if signs
            else "letters of scripts that no single font here can draw together"
        )
        message = (
            f"{what} holds {found} ({', '.join(scripts[:4])}). Install a font for them, such as Noto Sans "
            f"{scripts[0] if scripts else ''} from fonts.google.com/noto, or write it in another script."
        )
        raise UnwritableError(message)
    joined = any(_script(sign) in _SHAPED for sign in text)
    has_raqm = bool(features.check("raqm"))
    if joined and not has_raqm:
        message = (
            f"{what} is written in a script whose letters join, and Pillow was built here without the library that "
            "joins them (raqm). Install Pillow from its own wheels, or write it in another script."
        )
        raise UnwritableError(message)
    engine = ImageFont.Layout.RAQM if has_raqm else ImageFont.Layout.BASIC
    return ImageFont.truetype(str(file), size_px, layout_engine=engine)


def direction_of(text: str) -> Literal["rtl", "ltr"] | None:
    """Tell which way a text runs; nothing where this machine only knows one."""
    if not features.check("raqm"):
        return None
    first = next((sign for sign in text if sign.isalpha()), "")
    return "rtl" if first and _script(first) in _RIGHT_TO_LEFT else "ltr"


@lru_cache(maxsize=256)
def font_file(text: str, *, role: Role, language: str) -> Path | None:
    """Find the font that draws all of a text, ours before the machine's."""
    needed = {ord(sign) for sign in _signs(text)}
    for file in (*_ours(role, language), *_installed()):
        if needed <= _covered(file):
            return file
    return None


def _signs(text: str) -> list[str]:
    """Give the letters that leave ink: spaces, joiners and marks of direction do not."""
    return [
        sign
        for sign in unicodedata.normalize("NFC", text)
        if not sign.isspace() and unicodedata.category(sign) not in {"Cf", "Cc"}
    ]


def _script(sign: str) -> str:
    return unicodedata.name(sign, "UNKNOWN").partition(" ")[0]


def _ours(role: Role, language: str) -> list[Path]:
    own = _BY_LANGUAGE.get(language.split("-", maxsplit=1)[0].lower(), "")
    ranked = sorted(_OURS, key=lambda name: (_OURS[name] != role, name != own))
    if own:  # its Latin letters go with its own
        ranked.sort(key=lambda name: name != own)
    folder = Path(str(resources.files("vivant.film") / "fonts"))
    return [folder / f"vivant-{name}.ttf" for name in ranked]


@cache
def _installed() -> tuple[Path, ...]:
    found: list[Path] = []
    for name in _FOLDERS.get(sys.platform, _FOLDERS["linux"]):
        folder = Path(name).expanduser()
        if folder.is_dir():
            kinds = {".ttf", ".otf", ".ttc", ".otc"}
            found += [path for path in folder.rglob("*") if path.suffix.lower() in kinds]
    plain = [path for path in found if not any(word in path.name.lower() for word in ("italic", "oblique", "mono", "emoji"))]  # fmt: skip
    ranked = sorted(
        plain,
        key=lambda path: (
            not any(word in path.name.lower() for word in _LIKED),
            "regular" not in path.name.lower(),
            path.name,
        ),
    )
    return tuple(ranked[:_MOST_FONTS])


def _all_fonts() -> Iterator[Path]:
    yield from _ours("title", "")
    yield from _installed()


@lru_cache(maxsize=512)
def _covered(file: Path) -> frozenset[int]:
    """Read which characters a font has; none where it cannot be read."""
    try:
        with file.open("rb") as font:
            table = _cmap(font)
        return frozenset(_characters(table))
    except (OSError, struct.error, ValueError, IndexError):
        return frozenset()


def _cmap(font: object) -> bytes:
    read, seek = font.read, font.seek  # type: ignore[attr-defined]
    head = read(12)
    if head[:4] == b"ttcf":
        first = struct.unpack(">I", read(4))[0]
        seek(first)
        head = read(12)
    for _ in range(struct.unpack(">H", head[4:6])[0]):
        tag, _sum, at, length = struct.unpack(">4sIII", read(16))
        if tag == b"cmap":
            seek(at)
            return bytes(read(min(length, _LARGEST_TABLE)))
    return b""


def _characters(table: bytes) -> Iterator[int]:
    if not table:
        return
    for number in range(struct.unpack(">H", table[2:4])[0]):
        platform, kind, at = struct.unpack(">HHI", table[4 + 8 * number : 12 + 8 * number])
        if (platform, kind) not in {(3, 1), (3, 10), (0, 3), (0, 4), (0, 6)}:
            continue
        form = struct.unpack(">H", table[at : at + 2])[0]
        if form == 12:
            count = struct.unpack(">I", table[at + 12 : at + 16])[0]
            for group in range(min(count, len(table) // 12)):
                place = at + 16 + 12 * group
                first, last, _ = struct.unpack(">III", table[place : place + 12])
                yield from range(first, min(last, 0x10FFFF) + 1)
        elif form == 4:
            yield from _segments(table[at:])


def _segments(part: bytes) -> Iterator[int]:
    """Read format 4: segments with an offset, or with a list of glyphs."""
    count = struct.unpack(">H", part[6:8])[0] // 2
    numbers = struct.unpack(f">{(len(part) - 14) // 2}H", part[14 : 14 + (len(part) - 14) // 2 * 2])
    ends, starts = numbers[:count], numbers[count + 1 : 2 * count + 1]
    deltas, offsets = numbers[2 * count + 1 : 3 * count + 1], numbers[3 * count + 1 : 4 * count + 1]
    for segment in range(count):
        for sign in range(starts[segment], ends[segment] + 1):
            if sign == 0xFFFF:
                continue
            if offsets[segment] == 0:
                glyph = (sign + deltas[segment]) & 0xFFFF
            else:
                place = 3 * count + 1 + segment + offsets[segment] // 2 + sign - starts[segment]
                glyph = numbers[place] if place < len(numbers) else 0
            if glyph:
                yield sign
