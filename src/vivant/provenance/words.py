"""Whether words are fit to be put into the mouth of somebody who has died, and onto the titles of their film.

Rules can only catch what is said plainly; a person still reads every film before it is handed over.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

from vivant.provenance.words_languages import seems_to_be
from vivant.provenance.words_rules import INWARD, PRESENCE, Kind, Rules
from vivant.provenance.words_rules_more import INWARD_BEFORE, RULES
from vivant.provenance.words_rules_pretence import PRETENCE
from vivant.provenance.words_rules_wider import WIDER
from vivant.provenance.words_topics import advice_in

WHY: Mapping[Kind, str] = MappingProxyType({
    "alive": "says that the person lives",
    "watching": "says that the person sees or guards us now",
    "here": "says that the person is here now",
    "returning": "says that the person comes back",
    "meeting": "speaks of a meeting or a call to come",
    "promise": "makes a promise that nobody can keep",
    "selling": "sells or advertises",
    "testament": "decides who gets what, which only a real will can do",
    "money": "speaks of accounts, payments or gifts of money",
    "medical": "gives advice about health",
    "political": "takes sides in politics",
    "deception": "pretends something to somebody who is not to know of the death",
})  # fmt: skip
INSTEAD: Mapping[Kind, str] = MappingProxyType({
    "alive": "Say what was, as in: I had a good life, and you were in it.",
    "watching": "Say what the person saw in life, as in: I was proud to see you grow.",
    "here": "Say where the memory is, as in: You carry me in your hearts.",
    "returning": "Say farewell, as in: Now I go, and I go in peace.",
    "meeting": "Say farewell without a date, as in: Farewell, my dear ones.",
    "promise": "Say a wish, as in: I wish you all that is good.",
    "selling": "Leave it out: the dead do not sell.",
    "testament": "Leave it out, and let the will speak for itself.",
    "money": "Leave it out; thank people for what they did.",
    "medical": "Leave it out, as in: Take good care of each other.",
    "political": "Leave it out; say what the person loved and stood for in the family.",
    "deception": "Leave it out, and tell them in person.",
})  # fmt: skip
_LETTERS = str.maketrans({
    "’": "'", "‘": "'", "ʼ": "'", "`": "'", "´": "'", "＇": "'", "ı": "i", "ł": "l", "ø": "o", "đ": "d", "œ": "oe", "æ": "ae",
    "ё": "е", "أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا", "ى": "ي", "ئ": "ي", "ؤ": "و", "ـ": "", "–": "-", "—": "-", "‑": "-", "\u200c": "", "\u200d": "",
    "\u200b": "", "\u00ad": "", "\ufeff": "",
})  # fmt: skip
_ENDS = ".!?。…;؟\n"
_QUOTES = re.compile(r"“[^”“]*”|„[^“”„]*[“”]|«[^»«]*»|»[^«»]*«|「[^」]*」|『[^』]*』|\"[^\"]*\"")
_DIRECTION = re.compile(
    r"(?<!\\)\[(?:([^\[\]|\n]*)\|[^\[\]\n]*|[^\[\]\n]*)\]|(?<!\w)\*{1,2}(?=\S)|(?<=\S)\*{1,2}(?!\w)"
)
_BY_LETTERS = (
    ("LATIN", "en"),
    ("HIRAGANA", "ja"),
    ("KATAKANA", "ja"),
    ("CJK", "zh"),
    ("ARABIC", "ar"),
    ("CYRILLIC", "ru"),
)
_SCRIPT_OF = {"zh": "CJK", "ja": "CJK", "ar": "ARABIC", "ru": "CYRILLIC", "uk": "CYRILLIC"}
_HEARD_BEFORE, _HEARD_AFTER = 70, 40
"""How near to a quotation, in letters, stands who said it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """Words that should not be said."""

    kind: Kind
    words: str
    """As they were written."""
    first: int
    """Where they begin in the text, in letters."""
    why: str
    instead: str
    """A gentle alternative."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WordsReading:
    """What the rules say of a text."""

    language: str
    findings: tuple[Finding, ...]
    needs_eyes: str = ""
    """Why a person must read it, where the rules cannot: there are none for the language."""

    @property
    def ok(self) -> bool:
        """Whether the rules found nothing."""
        return not self.findings


def languages() -> tuple[str, ...]:
    """Tell which languages have rules."""
    return tuple(sorted(RULES))


def read_words(
    text: str,
    *,
    language: str,
    in_memory: bool,
    memorial: bool = False,
    title: bool = False,
) -> WordsReading:
    """Read what is said, or what a title says.

    Words in quotation marks that the person is told to have said in life (She used to say: "See you
    tomorrow!") may speak of presence and of meetings; nothing else is excused by them.

    Args:
        text: As people write it; may hold the directions of a script.
        language: BCP 47 tag.
        in_memory: Whether the speaker, or somebody of whom a title speaks, has died.
        memorial: Whether the film remembers somebody; then nobody sells in it.
        title: Whether it is a title, which speaks of others too: "She is still here."

    Returns:
        What was found, in the order of the text. For a language without rules, ``needs_eyes``.
    """
    if not (in_memory or memorial) or not text.strip():
        return WordsReading(language=language, findings=())
    plain = _Plain(_without_directions(text))
    code = language.split("-", maxsplit=1)[0].lower()
    script = _SCRIPT_OF.get(code, "LATIN")
    codes = [code] if code in RULES else []
    known = bool(codes)
    codes += [one for one in plain.scripts() if not known or _SCRIPT_OF.get(one, "LATIN") != script]
    if script == "LATIN":
        codes += [one for one in seems_to_be(plain.written, named=code) if one not in codes]
    found = {
        (one.kind, one.first): one
        for one_code in codes
        for one in _findings(plain, one_code, title=title, sells_only=not in_memory)
    }
    eyes = ""
    if code not in RULES:
        eyes = f"there are no rules for {language} yet (there are for {', '.join(languages())}): a person must read these words"
    return WordsReading(
        language=language,
        findings=tuple(sorted(found.values(), key=lambda one: one.first)),
        needs_eyes=eyes,
    )


def _without_directions(text: str) -> str:
    """Take a script's directions out; the written form of a respelled word stays."""
    return re.sub(r"\\([\[\]*\\])", r"\1", _DIRECTION.sub(lambda m: m[1] or "", text))


class _Plain:
    """A text in the letters that rules are written in, and where each letter came from."""

    def __init__(self, text: str) -> None:
        self.written = unicodedata.normalize("NFC", text)
        letters: list[str] = []
        self.places: list[int] = []
        for place, sign in enumerate(self.written):
            for one in fold(sign):
                if one == " " and letters[-1:] in ([" "], []):
                    continue
                letters.append(one)
                self.places.append(place)
        self.text = "".join(letters)
        self.quotes = [one.span() for one in _QUOTES.finditer(self.text)]

    def as_written(self, first: int, last: int) -> str:
        """Give back what was written for a stretch of letters."""
        return " ".join(self.written[self.places[first] : self.places[last - 1] + 1].split())

    def scripts(self) -> list[str]:
        """Tell whose rules fit the letters, whatever language was named."""
        names = {
            unicodedata.name(sign, "").partition(" ")[0]
            for sign in set(self.text)
            if sign.isalpha()
        }
        found = [code for script, code in _BY_LETTERS if script in names]
        return [code for code in dict.fromkeys(found) if not (code == "zh" and "ja" in found)]

    def quoted(self, first: int, last: int, said: re.Pattern[str]) -> bool:
        """Tell whether a stretch is quoted from somebody."""
        for begin, end in self.quotes:
            if begin < first and last < end:
                around = self.text[max(0, begin - _HEARD_BEFORE) : begin]
                around += " | " + self.text[end : end + _HEARD_AFTER]
                return said.search(around) is not None
        return False


def fold(sign: str) -> str:
    """Bring one letter to the form that rules are written in."""
    small = unicodedata.normalize("NFKC", sign).casefold().translate(_LETTERS)
    if not small or small.isascii():
        return " " if small.isspace() else small
    parts = unicodedata.normalize("NFD", small)
    if unicodedata.name(parts[0], "").startswith(("LATIN", "ARABIC")):
        small = "".join(one for one in parts if not unicodedata.combining(one)).translate(_LETTERS)
    elif all(unicodedata.combining(one) for one in parts):
        return ""
    return " " if small.isspace() else small


@dataclass(frozen=True, slots=True, kw_only=True)
class _Compiled:
    """The patterns of one language."""

    kinds: tuple[tuple[Kind, bool, re.Pattern[str]], ...]
    """Each with whether it holds although something is denied."""
    others: tuple[tuple[bool, re.Pattern[str]], ...]
    denies: re.Pattern[str]
    hearts: re.Pattern[str] | None
    hearts_before: re.Pattern[str] | None
    said: re.Pattern[str]


@cache
def _compiled(code: str) -> _Compiled:
    rules = RULES[code]
    before = INWARD_BEFORE.get(code)
    return _Compiled(
        kinds=tuple(
            (kind, holds, pattern)
            for kind, patterns in [*rules.kinds.items(), *_more(code)]
            for holds, pattern in _alternatives(patterns, rules, code)
        ),
        others=tuple(_alternatives(rules.of_others, rules, code)),
        denies=_pattern(rules.denies, rules, code)
        if code != "en"
        else re.compile(r"\b(?:not|no longer|never|cannot|no more)\b|n't\b"),
        hearts=re.compile(rf" ?(?:{_letters(rules.hearts)})") if rules.hearts else None,
        hearts_before=re.compile(rf"(?:{_letters(before)})$") if before else None,
        said=_pattern(rules.said, rules, code),
    )


def _more(code: str) -> Iterator[tuple[Kind, tuple[str, ...]]]:
    if code in PRETENCE:
        yield "deception", PRETENCE[code]
    yield from WIDER.get(code, {}).items()


def _alternatives(
    patterns: tuple[str, ...], rules: Rules, code: str
) -> Iterator[tuple[bool, re.Pattern[str]]]:
    strong = [one[1:] for one in patterns if one.startswith("!")]
    usual = [one for one in patterns if not one.startswith("!")]
    for holds, some in ((False, usual), (True, strong)):
        if some:
            yield holds, _pattern("|".join(some), rules, code)


def _pattern(alternatives: str, rules: Rules, code: str) -> re.Pattern[str]:
    letters = _letters(alternatives)
    if not rules.spaced:
        return re.compile(f"(?:{letters})")
    joined = "[وفب]?" if code == "ar" else ""
    return re.compile(rf"(?<!\w){joined}(?:{letters})(?!\w)")


def _letters(pattern: str) -> str:
    return pattern.replace("…", r"(?: [\w']+){0,2}").translate(_LETTERS)


def _findings(plain: _Plain, code: str, *, title: bool, sells_only: bool) -> Iterator[Finding]:
    rules, compiled = RULES[code], _compiled(code)
    kinds = list(compiled.kinds)
    if title:
        kinds += [("here", holds, pattern) for holds, pattern in compiled.others]
    for kind, holds, pattern in kinds:
        if sells_only and kind != "selling":
            continue
        for match in pattern.finditer(plain.text):
            first, last = match.span()
            if first == last or (
                not holds and kind in PRESENCE and _denied(plain, match, compiled, rules)
            ):
                continue
            if kind in INWARD and _of_the_heart(plain, match, compiled):
                continue
            if kind in PRESENCE and plain.quoted(first, last, compiled.said):
                continue
            yield _finding(plain, kind, first, last)
    for kind, first, last in advice_in(plain.text, code):
        if not sells_only or kind == "selling":
            yield _finding(plain, kind, first, last)


def _finding(plain: _Plain, kind: Kind, first: int, last: int) -> Finding:
    return Finding(
        kind=kind,
        words=plain.as_written(first, last),
        first=plain.places[first],
        why=WHY[kind],
        instead=INSTEAD[kind],
    )


def _denied(plain: _Plain, match: re.Match[str], compiled: _Compiled, rules: Rules) -> bool:
    """Tell whether a claim is turned into its contrary, within it or by the words beside it."""
    first, last = match.span()
    text = plain.text
    clause = max((text.rfind(sign, 0, first) for sign in _ENDS + ",:،,、"), default=-1) + 1
    if not rules.spaced:
        ends = [at for sign in _ENDS + ",、" if (at := text.find(sign, last)) >= 0]
        behind = text[last : min([last + 12, *ends])]
        return compiled.denies.search(text[max(clause, first - 3) : last] + behind) is not None
    words = re.findall(r"[\w']+", text[clause:first])
    near = " ".join(words[len(words) - rules.before :]) if rules.before else ""
    after = re.match(r" [\w']+", text[last:])
    within = f"{near} {match[0]}{after[0] if after else ''}"
    return compiled.denies.search(within) is not None


def _of_the_heart(plain: _Plain, match: re.Match[str], compiled: _Compiled) -> bool:
    first, last = match.span()
    follows = compiled.hearts is not None and compiled.hearts.match(plain.text, last)
    before = compiled.hearts_before
    stands = before is not None and before.search(plain.text[max(0, first - 30) : first])
    return bool(follows or stands)
