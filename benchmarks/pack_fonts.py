"""Make the fonts of titles and captions smaller: only the signs that films need, under new names.

Run: ``python -m benchmarks.pack_fonts FOLDER``, where FOLDER holds the files named below, all under the SIL Open
Font License 1.1. It needs fontTools.
"""

from __future__ import annotations

import sys
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont

TO = Path(__file__).parents[1] / "src" / "vivant" / "film" / "fonts"
WESTERN = [
    *range(0x20, 0x250), *range(0x2B0, 0x300), *range(0x300, 0x370), *range(0x370, 0x530),
    *range(0x1E00, 0x2000), *range(0x2010, 0x2070), *range(0x20A0, 0x20C0), 0x2116, 0x2122,
]  # fmt: skip
WIDE = [
    *range(0x20, 0x7F),
    0xB7,
    *range(0x2010, 0x2030),
    *range(0x3000, 0x3040),
    *range(0xFF00, 0xFFF0),
]


def signs_in(encoding: str, first: int, last: int) -> list[int]:
    """List the signs of a national standard, by its rows of two bytes."""
    found = []
    for high in range(first, last):
        for low in range(0xA1, 0xFF):
            try:
                found.append(ord(bytes([high, low]).decode(encoding)))
            except (UnicodeDecodeError, TypeError):
                continue
    return found


FONTS = {
    "western": ("EBGaramond_500Medium.ttf", WESTERN),
    "captions": ("NotoSans_500Medium.ttf", WESTERN),
    "chinese": ("NotoSerifSC_400Regular.ttf", WIDE + signs_in("gb2312", 0xB0, 0xF8)),
    "japanese": (
        "NotoSerifJP_400Regular.ttf",
        [*WIDE, *range(0x3040, 0x3100), *signs_in("euc_jp", 0xB0, 0xD0)],
    ),
    "korean": ("NotoSansKR_400Regular.ttf", WIDE + signs_in("euc_kr", 0xB0, 0xC9)),
    "arabic": ("NotoNaskhArabic_400Regular.ttf", [*range(0x20, 0x7F), *range(0x600, 0x700), *range(0x2010, 0x2030)]),
    "devanagari": ("NotoSansDevanagari_400Regular.ttf", [*range(0x20, 0x7F), *range(0x900, 0x980), 0x200C, 0x200D]),
}  # fmt: skip


def pack(source: Path, to: Path, *, name: str, signs: list[int]) -> None:
    """Write a subset of a font under a new name."""
    font = TTFont(source)
    wish = subset.Options()
    wish.hinting = False
    wish.layout_features = ["*"] if name in {"arabic", "devanagari"} else ["kern", "liga", "mark", "mkmk", "ccmp", "locl"]  # fmt: skip
    wish.name_IDs = [0, 13, 14]
    wish.notdef_outline = True
    wish.drop_tables += ["DSIG", "STAT", "gasp", "VDMX", "hdmx", "LTSH", "meta"]
    cutter = subset.Subsetter(wish)
    cutter.populate(unicodes=signs)
    cutter.subset(font)
    names = font["name"]
    family = f"Vivant {name.capitalize()}"
    for number, text in (
        (1, family),
        (2, "Regular"),
        (3, family),
        (4, family),
        (6, family.replace(" ", "")),
    ):
        names.setName(text, number, 3, 1, 0x409)
    font.save(to)


def main() -> None:
    """Pack them all."""
    folder = Path(sys.argv[1])
    TO.mkdir(exist_ok=True)
    for name, (file, signs) in FONTS.items():
        to = TO / f"vivant-{name}.ttf"
        pack(folder / file, to, name=name, signs=signs)
        print(f"{to.name}: {to.stat().st_size / 1e3:.0f} kB")


if __name__ == "__main__":
    main()
