"""How a word sounds, as people write it: in IPA between slashes, or respelled as in ``LES-ter``."""

from __future__ import annotations

import re
import unicodedata

from vivant.errors import InputError
from vivant.voice.phones import VOWEL_LETTERS

LONGEST_CHARACTERS = 200
"""A pronunciation is no longer."""

IPA_LETTERS = frozenset(
    "abcdefhijklmnopqrstuvwxyzɡæçðøħŋœɐɑɒɓɔɕɖɗɘəɚɛɜɝɞɟɠɢɣɤɥɦɧɨɪɫɬɭɮɯɰɱɲɳɴɵɶɸɹɺɻɽɾʀʁʂʃʄʈʉʊʋʌʍʎʏʐʑʒʔʕʘʙʛʝʟʢʡβθχᵻᵊɩɷʣʤʥʦʧʨⱱ"
)
IPA_MARKS = frozenset("ˈˌːˑ.‿͜͡|‖ʰʱʲʷˠˤⁿˡ˞ʼ˥˦˧˨˩↗↘↑↓()") | {chr(c) for c in range(0x300, 0x36F)}
_FORGIVEN = {
    "g": "ɡ",
    "'": "ˈ",
    "’": "ˈ",
    ":": "ː",
    ",": "ˌ",
    "ε": "ɛ",
    "ı": "ɪ",
    "ß": "β",
    "ǝ": "ə",
}
"""Signs that people type for those of IPA that look like them."""

_VOWELS = {
    # two or more letters, one sound
    "eye": "aɪ", "igh": "aɪ", "eigh": "eɪ", "augh": "ɔ", "ough": "ɔ",
    "ee": "i", "ea": "i", "ie": "i", "ei": "aɪ", "ey": "eɪ", "ay": "eɪ", "ai": "eɪ", "oo": "u", "uu": "ʊ", "ue": "u",
    "ui": "u", "ew": "ju", "oh": "oʊ", "oa": "oʊ", "oe": "oʊ", "ow": "aʊ", "ou": "aʊ", "au": "ɔ", "aw": "ɔ", "oy": "ɔɪ",
    "oi": "ɔɪ", "ah": "ɑ", "aa": "ɑ", "eh": "ɛ", "ih": "ɪ",
    # before an r
    "air": "ɛɹ", "are": "ɛɹ", "arr": "æɹ", "ar": "ɑɹ", "eer": "ɪɹ", "ear": "ɪɹ", "ere": "ɪɹ", "err": "ɛɹ", "ire": "aɪɚ", "yre": "aɪɚ",
    "irr": "ɪɹ", "orr": "ɒɹ", "oar": "ɔɹ", "ore": "ɔɹ", "oor": "ʊɹ", "or": "ɔɹ", "our": "aʊɚ", "ure": "jʊɹ", "urr": "ʌɹ",
    # one letter in a closed syllable
    "a": "æ", "e": "ɛ", "i": "ɪ", "o": "ɒ", "u": "ʌ", "ə": "ə",
}  # fmt: skip
_OPEN = {"a": "ɑ", "e": "i", "i": "i", "o": "oʊ", "u": "u"}
_OPEN_UNSTRESSED = _OPEN | {"a": "ə", "i": "ɪ"}
"""A single letter that ends its syllable."""
_MAGIC_E = {"a": "eɪ", "e": "i", "i": "aɪ", "o": "oʊ", "u": "u", "y": "aɪ"}
"""A single letter before one consonant and a silent e."""
_CONSONANTS = {
    "tch": "tʃ", "ch": "tʃ", "sh": "ʃ", "zh": "ʒ", "th": "θ", "dh": "ð", "ng": "ŋ", "nk": "ŋk", "ngg": "ŋɡ", "ph": "f",
    "wh": "w", "kh": "x", "gh": "ɡ", "ck": "k", "qu": "kw", "dj": "dʒ", "ts": "ts", "dz": "dz",
    "b": "b", "c": "k", "d": "d", "f": "f", "g": "ɡ", "h": "h", "j": "dʒ", "k": "k", "l": "l", "m": "m", "n": "n", "p": "p",
    "q": "k", "r": "ɹ", "s": "s", "t": "t", "v": "v", "w": "w", "x": "ks", "y": "j", "z": "z",
}  # fmt: skip
_GROUPS = {
    **_CONSONANTS,
    **{letter * 2: _CONSONANTS[letter] for letter in "bcdfgjklmnpqrstvwz"},
    **_VOWELS,
}
_LONGEST_GROUP = max(map(len, _GROUPS))


def by_word(sounds: str, *, words: int) -> tuple[str, ...]:
    """Read a pronunciation.

    Args:
        sounds: IPA between slashes, ``/ˈlɛstɚ/``, or respelled, ``LES-ter``.
        words: How many written words it speaks. For one word it may have any number, for more the same.

    Returns:
        IPA for each of the written words, stress marks before their syllables.

    Raises:
        InputError: It is empty, too long, holds what neither IPA nor a respelling has, or the words are not as many.
    """
    if not sounds.strip(" /"):
        message = "the pronunciation is empty. Write it respelled, as in LES-ter, or in IPA between slashes, as in /ˈlɛstɚ/."
        raise InputError(message)
    if len(sounds) > LONGEST_CHARACTERS:
        message = f"the pronunciation has {len(sounds)} characters, and {LONGEST_CHARACTERS} is the most. Give it word by word."
        raise InputError(message)
    if sounds.startswith("/") != (len(sounds) > 1 and sounds.endswith("/")):
        message = (
            "the pronunciation has a slash at one end only. IPA stands between two, as in /ˈlɛstɚ/."
        )
        raise InputError(message)
    spoken = sounds.strip("/").split()
    read = (
        [_checked(word) for word in spoken]
        if sounds.startswith("/")
        else [respelled(word) for word in spoken]
    )
    if words == 1:
        return (" ".join(read),)
    if len(read) != words:
        message = (
            f"{words} words are written and {len(read)} are spoken. Say how each sounds, with a space between two words "
            "and a hyphen between two syllables."
        )
        raise InputError(message)
    return tuple(read)


def _checked(word: str) -> str:
    """Check that a word is IPA."""
    composed = unicodedata.normalize("NFC", word)
    letters = [
        _FORGIVEN.get(c, c)
        for sign in composed
        for c in (sign if sign in IPA_LETTERS else unicodedata.normalize("NFD", sign))
    ]
    for i, letter in enumerate(letters):
        if letter not in IPA_LETTERS and letter not in IPA_MARKS:
            message = (
                f"sign {i + 1} of a word between the slashes (U+{ord(letter):04X}) is not of the phonetic alphabet. "
                "Write IPA there, or respell the word without slashes, as in LES-ter."
            )
            raise InputError(message)
    ipa = "".join(c for c in letters if c not in "()|‖")
    if not any(c in IPA_LETTERS for c in ipa):
        message = "the pronunciation holds no sound. Write IPA between the slashes, as in /ˈlɛstɚ/."
        raise InputError(message)
    return stressed(ipa)


def stressed(ipa: str) -> str:
    """Mark the first syllable of a word that has no mark of stress.

    Args:
        ipa: One word.
    """
    return ipa if "ˈ" in ipa or "ˌ" in ipa else "ˈ" + ipa


def respelled(word: str) -> str:
    """Read a respelled word: syllables with hyphens between them, the stressed one in capitals.

    Args:
        word: For example ``LES-ter`` or ``hee-ro-SHEE-mə``.

    Returns:
        IPA, stress marks before their syllables.

    Raises:
        InputError: It holds something other than the letters a to z, ə, hyphens and apostrophes, or a
            syllable without a vowel.
    """
    syllables = [
        part for part in re.split(r"[-·.]", word.replace("'", "").replace("’", "")) if part
    ]
    for syllable in syllables:
        strange = next((c for c in syllable if not re.fullmatch(r"[A-Za-zəƏ]", c)), None)
        if strange is not None:
            message = (
                f"a respelling has the letters a to z, ə and hyphens, and this one has U+{ord(strange):04X}. "
                "Write the sound with those, as in LES-ter, or IPA between slashes, as in /ˈlɛstɚ/."
            )
            raise InputError(message)
    if not syllables:
        message = "the pronunciation holds no letter. Respell the word as it sounds, as in LES-ter."
        raise InputError(message)
    loud = [i for i, syllable in enumerate(syllables) if syllable.isupper()]
    if len(loud) in {0, len(syllables)}:
        main, others = 0, set[int]()
    else:
        main, others = loud[-1], set(loud[:-1])
    ipa = ""
    for i, syllable in enumerate(syllables):
        heavy = i == main or i in others
        mark = "ˈ" if i == main else "ˌ" if i in others else ""
        ipa += mark + _syllable(syllable.lower(), heavy=heavy)
    if not any(c in VOWEL_LETTERS for c in ipa):
        message = "the respelling has no vowel. Write one in each syllable, as in LES-ter."
        raise InputError(message)
    return ipa


def _syllable(letters: str, *, heavy: bool) -> str:
    """Read a syllable; ``heavy`` when it bears a stress."""
    magic = re.fullmatch(r"([^aeiou]*)([aeiouy])([bcdfgjklmnpstvxz]|th|sh|ch)e", letters)
    if magic is not None:
        before, vowel, behind = magic.groups()
        return _read(before, heavy=heavy) + _MAGIC_E[vowel] + _read(behind, heavy=heavy)
    return _read(letters, heavy=heavy)


def _read(letters: str, *, heavy: bool) -> str:
    """Read from left to right, the longest group of letters first."""
    ipa, at = "", 0
    while at < len(letters):
        group, sound = _first_sound(letters, at, heavy=heavy)
        ipa += sound
        at += len(group)
    return ipa


def _first_sound(letters: str, at: int, *, heavy: bool) -> tuple[str, str]:
    rest = letters[at:]
    alone = not re.search(r"[aeiouə]", letters[:at])
    if rest[0] == "y" and not re.match(r"y[aeiouə]", rest):
        return "y", ("aɪ" if heavy else "i") if alone else "j" if letters[
            at - 1
        ] in "aeiouə" else "i"
    if rest == "ye" and alone and at:
        return rest, "aɪ"
    if re.match(r"(er|ir|ur)(?!r)", rest):
        return rest[:2], "ɝ" if heavy else "ɚ"
    if rest.startswith("uh"):
        return "uh", "ʌ" if heavy else "ə"
    if rest in _OPEN:
        return rest, (_OPEN if heavy else _OPEN_UNSTRESSED)[rest]
    size = next(size for size in range(_LONGEST_GROUP, 0, -1) if rest[:size] in _GROUPS)
    return rest[:size], _GROUPS[rest[:size]]
