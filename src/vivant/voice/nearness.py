"""How near two speech sounds are, as ears and lips take them.

A network that learned two languages writes the sounds of the others with the nearest it knows. To
look for a sound it was never taught, one looks for its neighbours; this tells which those are.

Source:
    Places in the charts of the International Phonetic Association: for a vowel how open, how far
    back, how round; for a consonant where, how, and whether with voice.
"""

from __future__ import annotations

from functools import lru_cache

from vivant.voice.phones import is_vowel

FAR = 9.0
"""Between sounds that are not of one kind."""

_VOWELS: dict[str, tuple[float, float, float]] = {
    "i": (0.0, 0.0, 0.0), "y": (0.0, 0.0, 1.0), "ɨ": (0.0, 0.5, 0.0), "ʉ": (0.0, 0.5, 1.0), "ɯ": (0.0, 1.0, 0.0),
    "u": (0.0, 1.0, 1.0), "ɪ": (0.2, 0.15, 0.0), "ʏ": (0.2, 0.15, 1.0), "ʊ": (0.2, 0.85, 0.8), "e": (0.35, 0.0, 0.0),
    "ø": (0.35, 0.0, 1.0), "ɘ": (0.35, 0.5, 0.0), "ɵ": (0.35, 0.5, 0.8), "ɤ": (0.35, 1.0, 0.0), "o": (0.35, 1.0, 0.9),
    "ə": (0.5, 0.5, 0.1), "ɚ": (0.5, 0.5, 0.3), "ɛ": (0.6, 0.0, 0.0), "œ": (0.6, 0.0, 0.9), "ɜ": (0.6, 0.5, 0.1),
    "ɞ": (0.6, 0.5, 0.8), "ʌ": (0.65, 0.8, 0.0), "ɔ": (0.65, 1.0, 0.8), "æ": (0.85, 0.1, 0.0), "ɐ": (0.8, 0.5, 0.0),
    "a": (1.0, 0.4, 0.0), "ɶ": (1.0, 0.1, 0.7), "ɑ": (1.0, 0.9, 0.1), "ɒ": (0.95, 1.0, 0.6),
}  # fmt: skip
"""Open, back, round: 0 to 1."""
_OPEN, _BACK, _ROUND = 2.0, 0.9, 1.3
"""How much each counts: the jaw and the lips more than the tongue."""

_ROWS = {
    # manner: letters at each place from the lips back, voiceless and voiced; "." for none
    "stop": "pb .. .. td ʈɖ .. cɟ kɡ qɢ .. ʔ.",
    "nasal": ".m .ɱ .. .n .ɳ .. .ɲ .ŋ .ɴ .. ..",
    "fricative": "ɸβ fv θð sz ʂʐ ʃʒ çʝ xɣ χʁ ħʕ hɦ",
    "glide": ".w .ʋ .. .ɹ .ɻ .. .j .ɰ .. .. ..",
    "tap": ".ʙ .ⱱ .. .ɾ .ɽ .. .. .. .ʀ .. ..",
    "lateral": ".. .. .. .l .ɭ .. .ʎ .ʟ .. .. ..",
    "hissing": ".. .. .. ɬɮ .. ɕʑ .. .. .. .. ..",
}
_PLACES = (0.0, 0.1, 0.32, 0.42, 0.5, 0.58, 0.68, 0.8, 0.88, 0.94, 1.0)
_MORE = {"r": ("tap", 0.44, 1.0), "ɥ": ("glide", 0.3, 1.0), "ɓ": ("stop", 0.0, 1.0), "ɗ": ("stop", 0.42, 1.0), "ɫ": ("lateral", 0.45, 1.0)}  # fmt: skip
_MANNERS: dict[frozenset[str], float] = {
    frozenset(pair.split("-")): cost
    for pairs, cost in (
        ("fricative-hissing", 0.2),
        ("tap-glide tap-lateral tap-stop glide-lateral", 0.7),
        ("stop-fricative fricative-glide fricative-tap", 1.1),
        ("stop-nasal nasal-lateral nasal-tap nasal-glide", 1.3),
        ("stop-hissing lateral-hissing lateral-fricative", 1.4),
    )
    for pair in pairs.split()
}
_OTHER_MANNER = 2.0
_PLACE, _VOICE = 2.6, 0.35
_LIPS_PART = 0.8
"""More between a sound of the lips, or of lip and teeth, and another: it is seen."""
_TONGUE_FROM = 0.2
_HUSHED = frozenset("ʃʒʂʐɕʑ")
"""The lips are pushed forward."""
_HALF_VOWELS = {"j": "i", "w": "u", "ɥ": "y", "ɰ": "ɯ", "ɹ": "ɚ", "ɻ": "ɚ", "ʋ": "ʊ"}
_GLIDING = 0.8


def _charted() -> dict[str, tuple[str, float, float]]:
    chart = dict(_MORE)
    for manner, row in _ROWS.items():
        for place, pair in zip(_PLACES, row.split(), strict=True):
            for voice, letter in enumerate(pair):
                if letter != ".":
                    chart[letter] = (manner, place, float(voice))
    return chart


_CONSONANTS = _charted()


@lru_cache(maxsize=20_000)
def farness(one: str, other: str) -> float:
    """Tell how far apart two phones are.

    Args:
        one: As ``phones.plain`` writes it.
        other: Likewise.

    Returns:
        0 for the same; under 1 for what is easily taken for each other (``e`` and ``ɛ``, ``t`` and ``d``), some
        3 for what nobody confuses, ``FAR`` for a vowel and a consonant that is none by half.
    """
    if one == other:
        return 0.0
    if is_vowel(one) and is_vowel(other):
        return _between_vowels(one, other)
    if is_vowel(one) or is_vowel(other):
        vowel, consonant = (one, other) if is_vowel(one) else (other, one)
        half = _HALF_VOWELS.get(consonant)
        return FAR if half is None else min(FAR, _GLIDING + _between_vowels(vowel, half))
    return _between_consonants(one, other)


def _between_vowels(one: str, other: str) -> float:
    begins = _between_letters(one[0], other[0])
    if len(one) == len(other) == 1:
        return begins
    return 0.65 * begins + 0.35 * _between_letters(one[-1], other[-1])


def _between_letters(one: str, other: str) -> float:
    if one not in _VOWELS or other not in _VOWELS:
        return FAR
    (open1, back1, round1), (open2, back2, round2) = _VOWELS[one], _VOWELS[other]
    return _OPEN * abs(open1 - open2) + _BACK * abs(back1 - back2) + _ROUND * abs(round1 - round2)


def _between_consonants(one: str, other: str) -> float:
    affricates = (len(one) > 1) + (len(other) > 1)
    if one[-1] not in _CONSONANTS or other[-1] not in _CONSONANTS:
        return FAR
    manner1, place1, voice1 = _CONSONANTS[one[-1]]
    manner2, place2, voice2 = _CONSONANTS[other[-1]]
    cost = _PLACE * abs(place1 - place2) + _VOICE * abs(voice1 - voice2)
    cost += _LIPS_PART * (min(place1, _TONGUE_FROM) != min(place2, _TONGUE_FROM))
    cost += _LIPS_PART * ((one[-1] in _HUSHED) != (other[-1] in _HUSHED))
    if manner1 != manner2:
        cost += _MANNERS.get(frozenset({manner1, manner2}), _OTHER_MANNER)
    return cost + (0.6 if affricates == 1 else 0.0)
