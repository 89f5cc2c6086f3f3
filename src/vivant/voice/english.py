"""How English is read out where hibari's own rules (dates, times, units, sums, ordinals, titles) stop."""

from __future__ import annotations

import re
from collections.abc import Callable

_SHOUTED_WORDS = "A AND ARE AS AT FOR I IN IS IT MY NOT OF ON OR THE THIS TO WE WITH YOU YOUR"
_SHOUTED = frozenset(_SHOUTED_WORDS.split())
_SCALES = {
    "k": "thousand",
    "K": "thousand",
    "M": "million",
    "m": "million",
    "mn": "million",
    "bn": "billion",
    "tn": "trillion",
}
_MONEY = {
    "₽": ("ruble", "rubles"), "₴": ("hryvnia", "hryvnias"), "₸": ("tenge", "tenge"), "₺": ("lira", "lira"),
    "₪": ("shekel", "shekels"), "₫": ("dong", "dong"), "₱": ("peso", "pesos"), "zł": ("zloty", "zlotys"),
    "kr": ("krone", "kroner"), "CHF": ("Swiss franc", "Swiss francs"), "฿": ("baht", "baht"), "USD": ("dollar", "dollars"),
    "EUR": ("euro", "euros"), "GBP": ("pound", "pounds"),
}  # fmt: skip
_UNITS = {
    "g": ("gram", "grams"), "l": ("liter", "liters"), "L": ("liter", "liters"), "p": ("penny", "pence"), "t": ("tonne", "tonnes"),
    "tsp": ("teaspoon", "teaspoons"), "tbsp": ("tablespoon", "tablespoons"), "ha": ("hectare", "hectares"),
    "m/s": ("meter per second", "meters per second"), "m": ("meter", "meters"), "in": ("inch", "inches"),
    "m²": ("square meter", "square meters"), "m2": ("square meter", "square meters"), "km²": ("square kilometer", "square kilometers"),
    "cm²": ("square centimeter", "square centimeters"), "m³": ("cubic meter", "cubic meters"),
}  # fmt: skip
_PARTS = {"½": ("a", "half"), "¼": ("a", "quarter"), "¾": ("three", "quarters"), "⅓": ("a", "third"), "⅔": ("two", "thirds"),
          "⅛": ("an", "eighth"), "⅜": ("three", "eighths"), "⅝": ("five", "eighths"), "⅞": ("seven", "eighths"),
          "⅕": ("a", "fifth"), "⅖": ("two", "fifths"), "⅗": ("three", "fifths"), "⅘": ("four", "fifths"), "⅙": ("a", "sixth"),
          "⅚": ("five", "sixths")}  # fmt: skip
_WRITTEN_PARTS = {"1/2": "½", "1/4": "¼", "3/4": "¾", "1/3": "⅓", "2/3": "⅔", "1/8": "⅛", "3/8": "⅜", "5/8": "⅝", "7/8": "⅞", "1/5": "⅕",
                  "2/5": "⅖", "3/5": "⅗", "4/5": "⅘", "1/6": "⅙", "5/6": "⅚"}  # fmt: skip
_FINE_PARTS = {
    "12": "twelfth",
    "16": "sixteenth",
    "20": "twentieth",
    "32": "thirty-second",
    "64": "sixty-fourth",
    "100": "hundredth",
}
_MONTHS_WORDS = (
    "January February March April May June July August September October November December"
)
_MONTHS = tuple(_MONTHS_WORDS.split())
_ORDINALS_WORDS = (
    "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth fifteenth sixteenth "
    "seventeenth eighteenth nineteenth twentieth twenty-first twenty-second twenty-third twenty-fourth"
)
_ORDINALS = tuple(_ORDINALS_WORDS.split())
_ROMAN_DIGITS = {"I": 1, "V": 5, "X": 10}
_RULERS = (
    "King|Queen|Pope|Emperor|Empress|Tsar|Czar|Kaiser|Prince|Sultan|Elizabeth|Henry|George|Edward|Charles|James|William|Richard|Mary|"
    "Louis|Philip|Felipe|Carlos|Juan Carlos|Napoleon|Frederick|Wilhelm|Friedrich|Nicholas|Alexander|Peter|Catherine|Ivan|Leopold|"
    "Gustav|Christian|Haakon|Margrethe|Umberto|Victor Emmanuel|John Paul|Benedict|Pius|Gregory|Leo|Innocent|Clement|Urban|Boniface|"
    "Ramses|Ramesses|Thutmose|Ptolemy|Darius|Xerxes|Otto|Rudolf|Sigismund|Ferdinand|Francis|Maximilian|Alfonso|Sancho|Ludwig|Franz"
)
_NUMBERED = "Chapter|chapter|Part|part|Act|act|Scene|scene|Section|section|Book|book|Volume|volume|War|Phase|phase|Step|step|Level|level|Type|type"
_NUMBER = r"\d+(?:,\d{3})*(?:\.\d+)?"
_SIGNS = "|".join(re.escape(sign) for sign in _MONEY)
_HOSTS = (
    "com|org|net|edu|gov|io|uk|de|fr|info|ai|tv|me|eu|museum|us|ca|au|nl|es|it|ch|at|se|no|dk|pl|co"
)
_UNIT_NAMES = "|".join(
    sorted(map(re.escape, _UNITS.keys() - {"m", "in", "p"}), key=len, reverse=True)
)


def _money(number: str, sign: str) -> str:
    one, many = _MONEY[sign]
    return f"{number} {one if number == '1' else many}"


def _digits(number: str) -> str:
    return " ".join("oh" if digit == "0" else digit for digit in number)


def _count(number: str, one: str, many: str) -> str:
    return f"{number} {one if number == '1' else many}"


def _telephone(written: str) -> str:
    """Read a telephone number digit by digit; leave other numbers with spaces or hyphens as they are."""
    groups = re.findall(r"\d+", written)
    sizes = tuple(map(len, groups))
    count = sum(sizes)
    marked = written.startswith(("+", "0", "(")) and 8 <= count <= 15
    american = sizes in {(3, 3, 4), (1, 3, 3, 4)} or (sizes == (3, 4) and "-" in written)
    if not marked and not american:
        return written
    plus = "plus " if written.startswith("+") else ""
    return plus + ", ".join(
        group if re.fullmatch("[1-9]00", group) else _digits(group) for group in groups
    )


def _address(written: str) -> str:
    """Read an e-mail or web address."""
    bare = re.sub(r"^(?:https?://)?(?:www\.)?", "", written.rstrip("/"), flags=re.IGNORECASE)
    for sign, word in (
        ("@", "at"),
        (".", "dot"),
        ("/", "slash"),
        ("_", "underscore"),
        ("+", "plus"),
        ("-", "dash"),
    ):
        bare = bare.replace(sign, f" {word} ")
    bare = re.sub(r"(?<=dot )uk\b", "U.K.", bare)
    return re.sub(r" {2,}", " ", bare).strip()


def _ruler(found: re.Match[str]) -> str:
    name, numeral = found.groups()
    behind = found.string[found.end() : found.end() + 2]
    speaks = numeral == "I" and re.match(
        r" (?!of|and|was|is|had|the|in|to|who|ruled|reigned)[a-z]", found.string[found.end() :]
    )
    if (
        not re.fullmatch(r"X{0,2}(?:IX|IV|V?I{0,3})", numeral)
        or speaks
        or (numeral in "IVX" and behind[:1] == "." and behind[1:].strip())
    ):
        return found[0]
    values = [_ROMAN_DIGITS[c] for c in numeral]
    number = sum(-a if a < b else a for a, b in zip(values, [*values[1:], 0], strict=True))
    return f"{name} the {_ORDINALS[number - 1]}" if number <= len(_ORDINALS) else found[0]


def _day_first(found: re.Match[str]) -> str:
    day, month, year = map(int, found.groups())
    if not (1 <= day <= 31 and 1 <= month <= 12):
        return " point ".join(found.groups())
    return f"{day} {_MONTHS[month - 1]} {year}"


def _part(found: re.Match[str]) -> str:
    how_many, what = _PARTS[found[2]]
    return (
        f"{found[1]} and {how_many} {what}"
        if found[1]
        else f" {'one' if how_many in {'a', 'an'} else how_many} {what}"
    )


def _fine_part(found: re.Match[str]) -> str:
    over, under = found.groups()
    if int(over) >= int(under) or (under == "12" and int(over) not in {5, 7, 11}):
        return found[0]
    return _count(over, _FINE_PARTS[under], _FINE_PARTS[under] + "s") if under != "12" else found[0]


_ENDLESS = re.compile(r"[^\W\d_]{32,}")
"""hibari reads no more than the beginning of so long a word."""

_RULES: tuple[tuple[re.Pattern[str], str | Callable[[re.Match[str]], str]], ...] = (
    # addresses
    (re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})+"), lambda m: _address(m[0])),
    (re.compile(rf"(?:\bhttps?://|\bwww\.)[\w-]+(?:\.[\w-]+)+(?:/[\w./%?=&#+-]*[\w/])?|(?<![\w.@-])(?:[\w-]{{1,63}}\.)+(?:{_HOSTS})\b(?:/[\w./-]*[\w/])?",
                re.IGNORECASE), lambda m: _address(m[0])),
    # signs
    (re.compile(r"\.{3,}"), "…"),
    (re.compile(r"(?<=\d) [-–−] (?=\d[\d.,]* ?=)"), " minus "),
    (re.compile(r"(?<=\d) [x×] ?(?=\d[\d.,]* ?=)"), " times "),
    (re.compile(r"(?<=\d) / (?=\d)"), " divided by "),
    (re.compile(r"(?<=\d) x (?=\d)"), " by "),
    (re.compile(r"(?<!\w)−(?=\d)"), "-"),
    (re.compile(r"(?<![\w.,])-(?=\d+(?:\.\d+)?(?![\w-]))"), "minus "),
    (re.compile(r"\s+-{1,2}\s+|(?<=\w)--(?=\w)"), " — "),
    (re.compile(r"\b([A-Z]{1,3})&([A-Z]{1,3})\b"), lambda m: f"{'. '.join(m[1])}. and {'. '.join(m[2])}."),
    (re.compile(r"\s['‘’]n['‘’]\s"), " and "),
    # short forms
    (re.compile(r"\b24/7\b"), "twenty-four seven"),
    (re.compile(r"\b9/11\b"), "nine eleven"),
    (re.compile(r"\b50/50\b"), "fifty fifty"),
    (re.compile(r"\bw/o\b"), "without"),
    (re.compile(r"\bw/(?=\s)"), "with"),
    (re.compile(r"\b([Hh]e|[Ss]he|[Hh]is|[Hh]er|[Hh]im|[Yy]es|[Mm]other|[Mm]r)/(she|he|hers?|his|him|no|father)\b"), r"\1 or \2"),
    (re.compile(r"\be\.\s?g\.(?:,(?=\s))?"), "for example"),
    (re.compile(r"\bi\.\s?e\.(?:,(?=\s))?"), "that is"),
    (re.compile(r"(?<![\w.])(?:c|ca|circa)\.\s?(?=\d{3,4}\b)"), "circa "),
    (re.compile(r"(?<![\w.])b\.\s(?=(?:1\d|20)\d\d\b)"), "born "),
    (re.compile(r"(?<![\w.])d\.\s(?=(?:1\d|20)\d\d\b)"), "died "),
    (re.compile(r"\bMx\.?(?=\s[A-Z])"), "Mix"),
    (re.compile(r"\bMessrs\.?(?=\s[A-Z])"), "Messers"),
    (re.compile(r"\bH2O\b"), "H two O"),
    (re.compile(r"\bCO2\b"), "C. O. two"),
    # Roman numerals
    (re.compile(rf"\b((?:{_RULERS})(?: [A-Z][a-z]+)?) ([IVX]{{1,6}})(?=['’]s\b|\W|$)"), _ruler),
    (re.compile(rf"\b({_NUMBERED}) I(?= (?!of\b|and\b|to\b|in\b|is\b|was\b|by\b|began\b|ended\b|begins\b|ends\b)[a-z])"), r"\1 i"),
    # money
    (re.compile(r"\b(?:US|C|A|AU|NZ)\$(?=\d)"), "$"),
    (re.compile(rf"([$£€]{_NUMBER})\s?(bn|mn|tn)\b"), lambda m: f"{m[1]} {_SCALES[m[2]]}"),
    (re.compile(rf"(?<![\w.,])({_NUMBER})\s?([$£€¥])(?!\w|\d)"), r"\2\1"),
    (re.compile(rf"(?<!\w)({_SIGNS})\s?({_NUMBER})(?!\w)"), lambda m: _money(m[2], m[1])),
    (re.compile(rf"(?<![\w.,])({_NUMBER})\s?({_SIGNS})(?!\w)"), lambda m: _money(m[1], m[2])),
    (re.compile(rf"(?<=[$£€]{{1}})({_NUMBER})\s?[-–]\s?[$£€]?(?={_NUMBER})"), r"\1 to $"),
    # measures
    (re.compile(r"(?<![\w.,])(\d+)\s?(?:'|′|ft\.?)\s?(\d{1,2})\s?(?:\"|″|''|in\b\.?)"), lambda m: f"{_count(m[1], 'foot', 'feet')} {_count(m[2], 'inch', 'inches')}"),
    (re.compile(rf"(?<![\w.,:$£€¥])({_NUMBER})\s?({_UNIT_NAMES})(?![\w²³/])"), lambda m: _count(m[1], *_UNITS[m[2]])),
    (re.compile(rf"(?<![\w.,:$£€¥])({_NUMBER})p(?![\w/]|\.m)"), lambda m: _count(m[1], *_UNITS["p"])),
    (re.compile(rf"(?<![\w.,$£€¥])({_NUMBER}) m(?![\w²³/'’&.])"), lambda m: _count(m[1], *_UNITS["m"])),
    (re.compile(rf"(?<![\w.,$£€¥])({_NUMBER})(?:in\b|\sin\.(?=\s[a-z]|[,;]|$))"), lambda m: _count(m[1], *_UNITS["in"])),
    (re.compile(rf"(?<![\w.,$£€¥])({_NUMBER})(k|K|bn|M)\b"), lambda m: f"{m[1]} {_SCALES[m[2]]}"),
    (re.compile(r"(?<![\w.,-])(\d{1,3})\s?[-–]\s?(\d{1,3}) ?%"), r"\1 to \2%"),
    # digits one by one
    (re.compile(r"(?<![\w.,/-])\+?\(?\d{1,5}\)?(?:[ -]\(?\d{2,6}\)?){1,5}(?![\w/%°$£€]|[.,:]\d| ?-\d)"), lambda m: _telephone(m[0])),
    (re.compile(r"\b((?:PIN|pin|code|passcode|password|extension|ext\.|zip)(?:\s(?:code|number))?(?:\s(?:is|was|of))?(?:\s(?:not|now))?:?\s)(\d{3,8})\b"),
     lambda m: m[1] + _digits(m[2])),
    (re.compile(r"\b(Boeing|Airbus|Route|Flight|flight|Interstate) ([1-9])([1-9]\d)\b"), r"\1 \2 \3"),
    (re.compile(r"\b([A-Z]{1,2}\d[A-Z\d]?) (\d[A-Z]{2})\b"), lambda m: ", ".join(" ".join(f"{c}." if c.isalpha() else c for c in part) for part in m.groups())),
    (re.compile(r"(?<![\w.,:/-])0\d+(?![\w.,:/-]*\d)"), lambda m: _digits(m[0])),
    # dates, fractions, long numbers
    (re.compile(r"(?<![\w.])(\d{1,2})\.(\d{1,2})\.(\d{4})(?![\w.]*\d)"), _day_first),
    (re.compile(r"(?<![\w.,])[1-9]\d{0,2}(?:\.\d{3}){2,}(?![\w.]*\d)"), lambda m: m[0].replace(".", "")),
    (re.compile(r"(?<![\w.])\d+(?:\.\d+){2,}(?![\w.]*\d)"), lambda m: " point ".join(m[0].split("."))),
    (re.compile(r"(?<![\w/.,])(\d+) (\d/\d)(?![\w/]|\.\d)"), lambda m: f"{m[1]}{_WRITTEN_PARTS.get(m[2], ' ' + m[2])}"),
    (re.compile(rf"(\d)?\s?([{''.join(_PARTS)}])"), _part),
    (re.compile(r"(?<![\w/.,])(\d{1,2})/(12|16|20|32|64|100)(?![\w/]|[.,]\d)"), _fine_part),
    (re.compile(r"\b(\d{1,2})\.(\d{2})(?=\s?[ap]\.?m\b)", re.IGNORECASE), r"\1:\2"),
    (re.compile(r"(?<![\w.,:$£€¥])(\d+)\.(\d*0)(?![\d%]|[.:]\d)"), lambda m: f"{m[1]} point {' '.join(m[2])}"),
    (re.compile(r"\btear(?=s? (?:apart|up|off|down|out|open|away|it|them|through|in (?:a|the|his|her|my|your|our) (?!eye))\b)"), "tare"),
    (_ENDLESS, lambda m: " ".join(re.findall(".{1,16}", m[0]))),
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


def _calm(text: str) -> str:
    """Lower the capitals of a text that shouts, so that its words are not spelled letter by letter."""
    words = re.findall(r"[A-Za-z']+", text)
    capitals = [word for word in words if word.isupper()]
    if (
        len(capitals) < 3
        or len(capitals) * 5 < len(words) * 3
        or not _SHOUTED.intersection(capitals) - {"A", "I"}
    ):
        return text
    calm = re.sub(r"\b[A-Z']{2,}\b", lambda m: m[0].lower(), text)
    return re.sub(r"(^|[.!?]\s+)([a-z])", lambda m: m[1] + m[2].upper(), calm)
