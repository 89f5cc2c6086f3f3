"""From IPA to the letters of the misaki alphabet, in which hibari and Kokoro learned English.

That alphabet writes a diphthong as one capital letter and a stress right before its vowel, and it knows the
phones of English alone. A phone of another language becomes the English one that is nearest.
"""

from __future__ import annotations

import re
import unicodedata

VOWELS = frozenset("AIOQWYaiuæɑɐɒɔəɛɜɪʊʌᵻᵊ")

_VOWEL = f"[{''.join(sorted(VOWELS))}]"

_BOTH = {
    "tʃ": "ʧ", "dʒ": "ʤ", "tɕ": "ʧ", "dʑ": "ʤ", "tʂ": "ʧ", "dʐ": "ʤ", "ts": "ts", "dz": "dz",
    "ʦ": "ts", "ʣ": "dz", "ʨ": "ʧ", "ʥ": "ʤ", "ʧ": "ʧ", "ʤ": "ʤ",
    "eɪ": "A", "ei": "A", "ej": "A", "aɪ": "I", "ai": "I", "aj": "I", "ɑɪ": "I", "ɐɪ": "I", "aʊ": "W", "au": "W", "aw": "W", "ɑʊ": "W",
    "ɔɪ": "Y", "ɔi": "Y", "oi": "Y", "oɪ": "Y", "ɔʏ": "Y", "ɔy": "Y", "ɔj": "Y", "oj": "Y",
    "r": "ɹ", "ɻ": "ɹ", "ɺ": "l", "ɽ": "ɹ", "ʀ": "ɹ", "ʁ": "ɹ", "ɫ": "l", "ɬ": "l", "ɭ": "l", "ɮ": "l", "ʟ": "l", "ʎ": "lj",
    "ɱ": "m", "ɲ": "nj", "ɳ": "n", "ɴ": "ŋ", "ɸ": "f", "β": "v", "ʋ": "v", "ⱱ": "v", "ʙ": "b", "ɓ": "b", "ɖ": "d", "ɗ": "d",
    "ʈ": "t", "c": "k", "ɟ": "dj", "q": "k", "ɢ": "ɡ", "ɠ": "ɡ", "ʛ": "ɡ", "g": "ɡ", "ɣ": "ɡ", "χ": "x", "ʂ": "ʃ", "ʐ": "ʒ",
    "ɕ": "ʃ", "ʑ": "ʒ", "ɧ": "ʃ", "ç": "ʃ", "ʝ": "j", "ɰ": "w", "ɥ": "w", "ʍ": "w", "ħ": "h", "ɦ": "h", "ʜ": "h",
    "ʔ": "", "ʕ": "", "ʡ": "", "ʢ": "", "ʘ": "p", "ɐ": "ə", "ɘ": "ə", "ɵ": "ə", "ɤ": "ʌ", "ɯ": "ʊ", "ʉ": "u", "y": "u", "ʏ": "ʊ",
    "ɨ": "ɪ", "ɩ": "ɪ", "ɷ": "ʊ", "ɞ": "ɜ", "ɶ": "ɑ", "e": "ɛ", "ɚ": "əɹ", "ɝ": "ɜɹ", "oʊ": "O", "ou": "O", "əʊ": "O", "əu": "O",
    "ɾ": "ɹ", "x": "x",
}  # fmt: skip
"""What is not written as in IPA."""
_AMERICAN = _BOTH | {
    "eː": "A", "o": "O", "oː": "O", "a": "ɑ", "ɒ": "ɑ", "ø": "ɜɹ", "œ": "ɜɹ", "eə": "ɛɹ", "ɛə": "ɛɹ", "ɜː": "ɜɹ", "ɪə": "ɪɹ", "ʊə": "ʊɹ",
}  # fmt: skip
_BRITISH = _BOTH | {
    "æ": "a", "o": "ɔː", "oː": "ɔː", "eː": "A", "a": "a", "aː": "ɑː", "ɑ": "ɑː", "ɔ": "ɔː", "ɜ": "ɜː", "ø": "ɜː", "œ": "ɜː", "u": "uː",
    "eə": "ɛː", "ɛə": "ɛː", "oʊ": "Q", "ou": "Q", "əʊ": "Q", "əu": "Q", "y": "uː", "iː": "iː", "uː": "uː", "ɜː": "ɜː", "ɔː": "ɔː",
    "ɑː": "ɑː", "ɛː": "ɛː",
}  # fmt: skip
_STRESSES = "ˈˌ"
_NASAL, _RHOTIC, _SYLLABIC, _BREAK = "\u0303", "˞", "\u0329", "."
_MEANT = frozenset({_NASAL, _RHOTIC, _SYLLABIC, _BREAK, *_STRESSES, "ː", " ", "ʲ"})


def misaki(ipa: str, *, british: bool = False) -> str:
    """Write IPA in the misaki alphabet.

    Args:
        ipa: One or more words, stress marks before their syllables or vowels.
        british: In the British form of the alphabet; otherwise the American.

    Returns:
        Letters; a word without a stress gets one on its first vowel.
    """
    return " ".join(filter(None, (_word(word, british=british) for word in ipa.split())))


def _word(ipa: str, *, british: bool) -> str:
    table = _BRITISH if british else _AMERICAN
    signs = [c for c in unicodedata.normalize("NFD", ipa).replace("c\u0327", "ç") if _is_meant(c)]
    letters = ""
    stress = ""
    at = 0
    while at < len(signs):
        sign = signs[at]
        if sign in _STRESSES:
            stress = sign
        elif sign in {_BREAK, "ː"}:
            pass
        elif sign == "ʲ":
            letters += "j" if at + 1 < len(signs) and signs[at + 1] in "aɑæeɛoɔuʊəʌ" else ""
        elif sign == _NASAL:
            letters += "n" if letters[-1:] in VOWELS | {"ː"} else ""
        elif sign == _RHOTIC:
            letters += "ɹ"
        elif sign == _SYLLABIC:
            letters = f"{letters[:-1]}{stress}ᵊ{letters[-1:]}"
            stress = ""
        else:
            size = next((n for n in (3, 2) if "".join(signs[at : at + n]) in table), 1)
            sounds = table.get("".join(signs[at : at + size]), sign)
            if stress and sounds[:1] in VOWELS:
                letters, stress = letters + stress, ""
            letters += sounds
            at += size - 1
        at += 1
    return _tidied(letters, british=british)


def _is_meant(sign: str) -> bool:
    return sign in _MEANT or (
        not unicodedata.combining(sign) and sign not in "ʰʱʷˠˤⁿˡʼˑ‿͜͡|‖˥˦˧˨˩↗↘↑↓()"
    )


def _tidied(letters: str, *, british: bool) -> str:
    letters = letters.replace("ɜɹɹ", "ɜɹ").replace("jj", "j")
    letters = re.sub(r"(?<=.)ɛ$", "A", letters)
    letters = re.sub(rf"x(?=[ˈˌ]?{_VOWEL})", "h", letters).replace("x", "k")
    letters = re.sub(r"njː?$", "n", letters)
    if british:
        letters = re.sub("ˈi(?![ːə])", "ˈiː", letters)
        letters = _without_r(letters)
    if "ˈ" not in letters and "ˌ" not in letters:
        letters = re.sub(rf"({_VOWEL})", r"ˈ\1", letters, count=1)
    return letters


def _without_r(letters: str) -> str:
    """Leave out the r that British English does not say: the one that no vowel follows."""
    mute = rf"ɹ(?![ˈˌ]?{_VOWEL})"
    letters = re.sub(rf"(?<=[ɛɜ]){mute}", "ː", letters)
    letters = re.sub(rf"(?<=[ɪʊIW]){mute}", "ə", letters)
    return re.sub(mute, "", letters)
