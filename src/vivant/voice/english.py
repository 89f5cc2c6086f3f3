"""How English is read out where hibari's own rules (dates, times, units, sums, ordinals, titles) stop."""

from __future__ import annotations

import re
from collections.abc import Callable

_SHOUTED_WORDS = "A AND ARE AS AT FOR I IN IS IT MY NOT OF ON OR THE THIS TO WE WITH YOU YOUR"
_SHOUTED = frozenset(_SHOUTED_WORDS.split())
_SCALES = {"k": "thousand", "K": "thousand", "M": "million", "bn": "billion"}
_MONEY = {
    "₽": ("ruble", "rubles"), "₴": ("hryvnia", "hryvnias"), "₸": ("tenge", "tenge"), "₺": ("lira", "lira"),
    "₪": ("shekel", "shekels"), "₫": ("dong", "dong"), "₱": ("peso", "pesos"), "zł": ("zloty", "zlotys"),
    "kr": ("krone", "kroner"), "CHF": ("Swiss franc", "Swiss francs"), "฿": ("baht", "baht"),
}  # fmt: skip
_NUMBER = r"\d+(?:,\d{3})*(?:\.\d+)?"
_SIGNS = "|".join(re.escape(sign) for sign in _MONEY)
_HOSTS = "com|org|net|edu|gov|io|uk|de|fr|info|ai|tv|me|eu|museum"

_ENDLESS = re.compile(r"[^\W\d_]{32,}")
"""hibari reads no more than the beginning of so long a word."""

_RULES: tuple[tuple[re.Pattern[str], str | Callable[[re.Match[str]], str]], ...] = (
    (re.compile(r"\bhttps?://(?:www\.)?|\bwww\.", re.IGNORECASE), ""),
    (re.compile(r"(?<=[\w.-])@(?=[\w-]+\.)"), " at "),
    (re.compile(rf"(?<=[\w-])\.(?=(?:{_HOSTS})\b)", re.IGNORECASE), " dot "),
    (re.compile(r"\.{3,}"), "…"),
    (re.compile(r"\s+-{1,2}\s+|(?<=\w)--(?=\w)"), " — "),
    (re.compile(r"\b24/7\b"), "twenty-four seven"),
    (re.compile(r"\bw/o\b"), "without"),
    (re.compile(r"\bw/(?=\s)"), "with"),
    (re.compile(rf"(?<![\w.,])({_NUMBER})\s?([$£€¥])(?!\w|\d)"), r"\2\1"),
    (re.compile(rf"(?<!\w)({_SIGNS})\s?({_NUMBER})(?!\w)"), lambda m: _money(m[2], m[1])),
    (re.compile(rf"(?<![\w.,])({_NUMBER})\s?({_SIGNS})(?!\w)"), lambda m: _money(m[1], m[2])),
    (re.compile(rf"(?<=[$£€]{{1}})({_NUMBER})\s?[-–]\s?[$£€]?(?={_NUMBER})"), r"\1 to $"),
    (re.compile(rf"(?<![\w.,$£€¥])({_NUMBER})(k|K|bn|M)\b"), lambda m: f"{m[1]} {_SCALES[m[2]]}"),
    (re.compile(r"(?<![\w-])\(?(\d{3})\)?[ -](\d{3})-(\d{4})(?![\w-])"), lambda m: ", ".join(map(_digits, m.groups()))),
    (re.compile(r"(?<![\w.,:/-])0\d+(?![\w.,:/-]*\d)"), lambda m: _digits(m[0])),
    (re.compile(r"(?<![\w.])\d+(?:\.\d+){2,}(?![\w.]*\d)"), lambda m: " point ".join(m[0].split("."))),
    (_ENDLESS, lambda m: " ".join(re.findall(".{1,16}", m[0]))),
    (re.compile(r"\b(\d{1,2})\.(\d{2})(?=\s?[ap]\.?m\b)", re.IGNORECASE), r"\1:\2"),
)  # fmt: skip


def fill_in(text: str) -> str:
    """Write out what would otherwise be misread: web addresses, more currencies, digits, shouting.

    Args:
        text: English as people write it.

    Returns:
        The same with those parts in words; everything else as it was.
    """
    for pattern, words in _RULES:
        text = pattern.sub(words, text)
    return _calm(text)


def _money(number: str, sign: str) -> str:
    one, many = _MONEY[sign]
    return f"{number} {one if number == '1' else many}"


def _digits(number: str) -> str:
    return " ".join(number)


def _calm(text: str) -> str:
    """Lower the capitals of a text that shouts, so that its words are not spelled letter by letter."""
    words = re.findall(r"[A-Za-z']+", text)
    capitals = [word for word in words if word.isupper()]
    if len(capitals) * 5 < len(words) * 3 or not _SHOUTED.intersection(capitals) - {"A", "I"}:
        return text
    calm = re.sub(r"\b[A-Z']{2,}\b", lambda m: m[0].lower(), text)
    return re.sub(r"(^|[.!?]\s+)([a-z])", lambda m: m[1] + m[2].upper(), calm)
