"""Whether a text is in the language, and in the letters, that a voice reads."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable

from vivant.errors import InputError
from vivant.voice.engine import VoiceTraits

_LANGUAGES_BY_LETTERS = {
    "LATIN": "en de fr es it pt nl pl tr id ms vi cs sk sl hr bs hu ro sv da no nb nn fi et lv lt is ga cy gd eu ca gl sq mt af sw "
    "az uz tl la eo lb br oc",
    "CYRILLIC": "ru uk bg be mk kk ky tg mn",
    "GREEK": "el",
    "ARABIC": "ar fa ur ps ckb ug sd",
    "HEBREW": "he yi",
    "DEVANAGARI": "hi mr ne sa kok",
    "BENGALI": "bn as",
    "GUJARATI": "gu",
    "GURMUKHI": "pa",
    "TAMIL": "ta",
    "TELUGU": "te",
    "KANNADA": "kn",
    "MALAYALAM": "ml",
    "SINHALA": "si",
    "THAI": "th",
    "LAO": "lo",
    "KHMER": "km",
    "MYANMAR": "my",
    "GEORGIAN": "ka",
    "ARMENIAN": "hy",
    "ETHIOPIC": "am ti",
    "HANGUL CJK": "ko",
    "CJK BOPOMOFO": "zh yue cmn",
    "CJK HIRAGANA KATAKANA": "ja",
}
_LETTERS_OF = {
    language: tuple(letters.split())
    for letters, languages in _LANGUAGES_BY_LETTERS.items()
    for language in languages.split()
}
"""What languages are written in, first word of the Unicode names; a language not listed is not checked."""
_EVERYWHERE = frozenset({"MICRO", "FEMININE", "MASCULINE", "MODIFIER", "SUPERSCRIPT", "ANGSTROM", "HALFWIDTH", "FULLWIDTH",
                         "IDEOGRAPHIC", "EULER", "KELVIN", "OHM"})  # fmt: skip
_RIGHT_TO_LEFT = frozenset({"ARABIC", "HEBREW", "SYRIAC", "THAANA", "NKO"})
_NAMES = {"CJK": "Chinese", "HIRAGANA": "Japanese", "KATAKANA": "Japanese", "HANGUL": "Korean"}
_TELLING_WORDS = {
    "en": ("English", "the and is of to a in that it i you he she was for on are with as his they be at this have my we"),
    "de": ("German", "der die das und ist nicht ich ein eine zu den mit auf für sie wir auch dem von sich"),
    "fr": ("French", "le la les et est pas je un une de des du que qui dans pour sur avec nous vous"),
    "es": ("Spanish", "el la los las y es no un una de del que en por para con se su muy como"),
    "it": ("Italian", "il lo la gli e è non un una di del che in per con si mio sono della anche"),
    "pt": ("Portuguese", "o os as e é não um uma de do da que em por para com se eu você muito"),
    "nl": ("Dutch", "de het een en is niet ik van op te dat die met voor zijn wij ook aan er naar"),
    "pl": ("Polish", "i w nie na się jest to z do że jak ale po co tak za od jego ich był"),
    "tr": ("Turkish", "ve bir bu da de için ile çok ben sen o ne gibi daha kadar ama var değil"),
    "id": ("Indonesian", "dan yang di itu dengan untuk tidak ini dari dalam akan pada juga saya ke karena"),
}  # fmt: skip
_TELLING = {
    code: (name, frozenset(words.split())) for code, (name, words) in _TELLING_WORDS.items()
}
"""The commonest small words of languages that share the Latin letters."""
_OR_A_RECORDING = "or give a recording of the words instead: a recording may be in any language"


def check_spoken(language: str, *, traits: VoiceTraits) -> None:
    """Refuse a language that a voice does not speak.

    Raises:
        InputError: It does not; the message tells those it has.
    """
    if language in traits.languages:
        return
    near = sorted(tag for tag in traits.languages if _code(tag) == _code(language))
    hint = f"Write {_listed(near)}" if near else "Choose one of those or another voice"
    message = (
        f"The voice {traits.name} speaks {_listed(traits.languages)}, not {language}. {hint} "
        f"(`vivant voices` lists what each speaks), {_OR_A_RECORDING}."
    )
    raise InputError(message)


def check_letters(text: str, *, language: str, traits: VoiceTraits) -> None:
    """Refuse a text in letters that its language is not written in.

    Raises:
        InputError: A word is in other letters; Latin ones are read in every language.
    """
    expected = _LETTERS_OF.get(_code(language))
    if expected is None:
        return
    readable = {*expected, "LATIN"} | _EVERYWHERE
    words = [kinds for word in text.split() if (kinds := _letters_in(word))]
    strange = [kinds for kinds in words if kinds.keys() - readable]
    if strange:
        message = _of_strange_letters(
            strange, words=len(words), expected=expected, language=language, traits=traits
        )
        raise InputError(message)
    own = sum(bool(kinds.keys() & set(expected)) for kinds in words)
    if words and not own:
        message = (
            f"The text is to be read in {language}, and none of its {len(words)} words is in {_letters_name(expected[0])} letters. "
            f"Say which language it is in, {_OR_A_RECORDING}."
        )
        raise InputError(message)


def _of_strange_letters(
    strange: list[Counter[str]],
    *,
    words: int,
    expected: tuple[str, ...],
    language: str,
    traits: VoiceTraits,
) -> str:
    kinds = sum(strange, Counter[str]())
    kind = max(
        (k for k in kinds if k not in {*expected, "LATIN"} | _EVERYWHERE), key=lambda k: kinds[k]
    )
    way = ", written from right to left" if kind in _RIGHT_TO_LEFT else ""
    count = "1 of its words is" if len(strange) == 1 else f"{len(strange)} of its {words} words are"
    return (
        f"The text does not suit the voice: {count} in {_letters_name(kind)} letters{way}, and the voice {traits.name} reads "
        f"{_letters_name(expected[0])} letters ({language}). Write those words as they sound, translate the text, choose a voice "
        f"that reads them (`vivant voices` lists what each speaks), {_OR_A_RECORDING}."
    )


def check_language(text: str, *, language: str, traits: VoiceTraits) -> None:
    """Refuse a text whose small words are those of another language.

    Raises:
        InputError: They are; the message tells which it seems to be.
    """
    asked = _TELLING.get(_code(language))
    if asked is None:
        return
    words = _words(text)
    found = _other_language(words, than=_code(language))
    if found is None:
        return
    code, hits, own = found
    name = _TELLING[code][0]
    able = sorted(tag for tag in traits.languages if _code(tag) == code)
    way = (
        f"The voice {traits.name} speaks it too: say that the text is in {_listed(able)}, "
        if able
        else f"The voice {traits.name} speaks {_listed(traits.languages)}. Translate the text, choose a voice that speaks {name} "
        "(`vivant voices` lists what each speaks), "
    )
    message = (
        f"The text seems to be {name}: {hits} of its {len(words)} words are common there and "
        f"{own} are in {asked[0]}. {way}{_OR_A_RECORDING}."
    )
    raise InputError(message)


def looks_english(text: str) -> bool:
    """Tell whether a text can be read by English rules: Latin letters, and no other language's small words."""
    words = _words(text)
    kinds = _letters_in("".join(words))
    return (
        bool(words)
        and kinds["LATIN"] == sum(kinds.values())
        and _other_language(words, than="en") is None
    )


def _other_language(words: list[str], *, than: str) -> tuple[str, int, int] | None:
    """Name the language that the small words speak for, when it is not the one asked for: code, its words, those of the one asked for."""
    counts = Counter(words)
    asked = _TELLING[than][1]
    own = sum(counts[word] for word in asked)
    found: tuple[str, int, int] | None = None
    for code, (_, telling) in _TELLING.items():
        if code == than:
            continue
        hits = [counts[word] for word in telling - asked if word in counts]
        enough = len(hits) >= 3 and sum(hits) * 5 >= len(words) and sum(hits) > 3 * own
        if enough and (found is None or sum(hits) > found[1]):
            found = code, sum(hits), own
    return found


def _words(text: str) -> list[str]:
    return re.findall(r"[^\W\d_]+", text.lower())


def _letters_in(word: str) -> Counter[str]:
    if word.isascii():
        latin = sum(map(str.isalpha, word))
        return Counter({"LATIN": latin}) if latin else Counter()
    return Counter(
        unicodedata.name(c, "UNKNOWN").split()[0].split("-")[0] for c in word if c.isalpha()
    )


def _letters_name(kind: str) -> str:
    return _NAMES.get(kind, kind.capitalize())


def _code(tag: str) -> str:
    return tag.split("-", maxsplit=1)[0].lower()


def _listed(tags: Iterable[str]) -> str:
    known = sorted(tags)
    return ", ".join(known[:12]) + (f" and {len(known) - 12} more" if len(known) > 12 else "")
