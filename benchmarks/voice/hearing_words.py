"""How many words a recogniser hears wrong, when what it writes may be read aloud in more than one way.

A recogniser writes "7:45", "$12.50", "Dr." and "1947"; what was said are words. Each such sign is replaced by
that of its readings which fits what was asked for best. A word that is spelled otherwise and sounds the same
is right: the spelling of a name cannot be heard.
"""

from __future__ import annotations

import itertools
import re
from functools import lru_cache

from hibari.g2p import G2P

from vivant.media.sound import Sound
from vivant.voice.recognising import how_to_recognise, recognise

SMALL = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
]
TENS = ("", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
FIRSTS = {
    "one": "first", "two": "second", "three": "third", "five": "fifth", "eight": "eighth", "nine": "ninth",
    "twelve": "twelfth",
}  # fmt: skip
UNITS = {
    "$": ("dollars", "cents"), "£": ("pounds", "pence"), "€": ("euros", "cents"), "%": ("percent",), "p": ("pence",),
    "km": ("kilometers",), "m": ("meters", "million"), "g": ("grams",), "kg": ("kilograms",), "ft": ("feet",),
    "mph": ("miles per hour",), "°": ("degrees",), "am": ("a m",), "pm": ("p m",), "min": ("minutes",), "h": ("hours",),
    "th": ("",), "s": ("s",),
}  # fmt: skip
ALSO = {
    "dr": ("doctor",), "mr": ("mister",), "mrs": ("missus",), "ms": ("miz",), "st": ("saint", "street"), "&": ("and",),
    "prof": ("professor",), "etc": ("et cetera",), "vs": ("versus",), "no": ("number",), "apt": ("apartment",),
    "ii": ("two", "the second"), "iii": ("three", "the third"), "iv": ("four", "the fourth"), "viii": ("eight", "the eighth"),
    "xiv": ("fourteen", "the fourteenth"), "@": ("at",), "+": ("plus",), "=": ("equals",), "x": ("times",), "okay": ("ok",),
    "mt": ("mount",), "jr": ("junior",), "a.m": ("a m",), "p.m": ("p m",), "am": ("a m",), "pm": ("p m",), "oh": ("o", "zero"),
    "-": ("", "minus", "to"), "km": ("kilometers",), "m": ("meters",), "g": ("grams",), "kg": ("kilograms",), "ft": ("feet",),
    "mph": ("miles per hour",), "min": ("minutes",), "½": ("one half", "and a half"), "¾": ("three quarters",), "mum": ("mom",), "till": ("until",),
}  # fmt: skip
RECOGNISER = "words-en"
_SIGN = re.compile(
    r"[$£€]?\d+(?:,\d{3})*(?:[.:/]\d+)*(?:st|nd|rd|th|s|km|m|g|kg|ft|mph|min|h|p|am|pm|a\.m|p\.m)?[%°]?"
    r"|[a-z]+(?:'[a-z]+)?|[-&@+=½¾]",
)


def words_wrong(sound: Sound, spoken: str) -> tuple[int, int, str]:
    """Count the words of a sentence that are heard wrong.

    Args:
        sound: The sentence, said by a voice.
        spoken: Its words as they are to be heard.

    Returns:
        Words wrong, words asked for, and what was heard.
    """
    heard = recognise(sound, language="en", model=RECOGNISER)
    if heard is None:
        raise RuntimeError(how_to_recognise())
    asked = _plain(spoken)
    return wrong(asked, heard.text), len(asked), heard.text


def wrong(asked: list[str], heard: str) -> int:
    """Count the least changes from what was asked for to one of the readings of what was heard."""
    text = heard.lower().replace("’", "'").replace("-", " - ").replace("×", "x")
    text = re.sub(r"([$£€])([\d.,]+) (million|billion|thousand)", _many, text)
    signs = _SIGN.findall(re.sub(r"\.(com|org|net)\b", r" dot \1", text))
    chosen: list[list[str]] = [[sign] for sign in signs]
    options = [_readings(sign) for sign in signs]
    for place, readings in enumerate(options):
        if len(readings) > 1 or readings[0] != [signs[place]]:
            costs = [
                _changes(asked, _flat([*chosen[:place], reading, *chosen[place + 1 :]]))
                for reading in readings
            ]
            chosen[place] = readings[costs.index(min(costs))]
    return _changes(asked, _flat(chosen))


def _many(match: re.Match[str]) -> str:
    return f"{match[2]} {match[3]} {UNITS[match[1]][0]}"


def _flat(parts: list[list[str]]) -> list[str]:
    return list(itertools.chain.from_iterable(parts))


def _plain(text: str) -> list[str]:
    return re.findall(r"[a-z]+(?:'[a-z]+)?", text.lower().replace("’", "'"))


def _readings(sign: str) -> list[list[str]]:
    """List the ways to read a sign aloud."""
    found = [*ALSO.get(sign, ())]
    if any(letter.isdigit() for letter in sign):
        found += _numbers(sign)
    elif sign.isalpha() and len(sign) <= 4:
        found += [sign, " ".join(sign)]  # NASA, BBC
    else:
        found.append(sign if sign[0].isalpha() else "")
    unique = dict.fromkeys(found)
    return [_plain(one) for one in unique]


def _numbers(sign: str) -> list[str]:
    money = sign[0] if sign[0] in "$£€" else ""
    match = re.fullmatch(r"([\d,.:/\-]*\d)(.*)", sign.removeprefix(money))
    assert match is not None
    number, unit = match[1].replace(",", ""), match[2].replace(".", "")
    parts = re.split(r"[.:/\-]", number)
    digits = "".join(parts)
    found = [" ".join(_cardinal(int(part)) for part in parts)]
    found += [" ".join(spoken) for spoken in itertools.product(*map(_ways, parts))]
    found += [" ".join(SMALL[int(d)] for d in digits)]
    found += [found[-1].replace("zero", "oh")]
    if "." in number:
        whole, _, rest = number.partition(".")
        after = " ".join(SMALL[int(d)] for d in rest if d.isdigit())
        found.append(f"{_cardinal(int(whole or 0))} point {after}")
    if "/" in number and len(parts) == 2:
        found += {"1/2": ["one half", "a half"], "3/4": ["three quarters"]}.get(number, [])
    if unit in {"st", "nd", "rd", "th", ""}:
        place = _ordinal(int(parts[0]))
        found += [place, f"the {place}", f"the {place} of", f"{place} of"] * (len(parts) == 1)
    if unit == "s":
        found += [_plural(one) for one in found]
    if money:
        names = UNITS[money]
        small = f" and {_cardinal(int(parts[-1]))} {names[1]}" if len(parts) > 1 else ""
        found += [f"{one} {names[0]}" for one in found]
        found.append(f"{_cardinal(int(parts[0]))} {names[0]}{small}")
    elif unit in UNITS:
        found += [f"{one} {name}" for one in found for name in UNITS[unit]]
    if unit.rstrip("%°") != unit:
        found += [f"{one} {UNITS[unit[-1]][0]}" for one in found]
    return found


def _ways(part: str) -> list[str]:
    number = int(part)
    ways = [_cardinal(number), _cardinal(number, joined="and ")]
    if len(part) == 4:
        high, low = divmod(number, 100)
        tail = "hundred" if low == 0 else f"oh {SMALL[low]}" if low < 10 else _cardinal(low)
        ways.append(f"{_cardinal(high)} {tail}")
    if part.startswith("0") and len(part) > 1:
        ways.append(f"oh {_cardinal(number)}")
    return ways


def _cardinal(number: int, *, joined: str = "") -> str:
    if number < 20:
        return SMALL[number]
    if number < 100:
        ten, one = divmod(number, 10)
        return f"{TENS[ten]} {SMALL[one]}" if one else TENS[ten]
    for size, name in (
        (10**9, "billion"),
        (10**6, "million"),
        (1000, "thousand"),
        (100, "hundred"),
    ):
        if number >= size:
            high, low = divmod(number, size)
            head = f"{_cardinal(high, joined=joined)} {name}"
            link = joined if low < 100 else ""
            return f"{head} {link}{_cardinal(low, joined=joined)}" if low else head
    return ""


def _ordinal(number: int) -> str:
    *before, last = _cardinal(number).split()
    last = FIRSTS.get(last) or (f"{last[:-1]}ieth" if last.endswith("y") else f"{last}th")
    return " ".join([*before, last])


def _plural(words: str) -> str:
    return f"{words[:-1]}ies" if words.endswith("y") else f"{words}s"


def _changes(asked: list[str], heard: list[str]) -> int:
    """Count words put in, left out and changed; two words written as one are no change."""
    rows = [[0] * (len(heard) + 1) for _ in range(len(asked) + 1)]
    for i, j in itertools.product(range(len(asked) + 1), range(len(heard) + 1)):
        ways = [] if i or j else [0]
        if i:
            ways.append(rows[i - 1][j] + 1)
        if j:
            ways.append(rows[i][j - 1] + 1)
        if i and j:
            ways.append(rows[i - 1][j - 1] + (not _alike(asked[i - 1], heard[j - 1])))
        if i > 1 and j and _alike("".join(asked[i - 2 : i]), heard[j - 1]):
            ways.append(rows[i - 2][j - 1])
        if i and j > 1 and _alike(asked[i - 1], "".join(heard[j - 2 : j])):
            ways.append(rows[i - 1][j - 2])
        rows[i][j] = min(ways)
    return rows[-1][-1]


def _alike(one: str, other: str) -> bool:
    return one == other or (
        (one[0] == other[0] or _sound(one)[:1] == _sound(other)[:1])
        and (_sound(one) == _sound(other))
    )


@lru_cache(maxsize=1)
def _grapher() -> G2P:
    return G2P(british=False)


@lru_cache(maxsize=8192)
def _sound(word: str) -> str:
    spoken = _grapher()(word)
    letters = spoken[0] if isinstance(spoken, tuple) else spoken
    return re.sub(r"[ˈˌ\s]", "", str(letters))
