"""What the mouth does for each sound of the International Phonetic Alphabet.

A sound is described by the places its articulators want to reach (targets) and by how
much each matters to it (weights): an ``s`` insists on closed teeth and leaves the lips to
its neighbours, a ``u`` insists on the lips. ``mouth.py`` lets neighbours argue it out.

Values are those of ARKit shapes for calm, clear speech, judged against published lip and jaw
measures: a jaw opening of 1.0 is a wide yawn, about 45 mm between the teeth, and speech
stays under half of that.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

ARTICULATORS = ("jaw", "funnel", "pucker", "spread", "lower", "upper", "tongue", "forward")
"""Jaw opening; lips rounded and open; lips protruded and small; lip corners apart; lower lip
lowered; upper lip raised; tongue tip (0.25 behind the upper teeth, 0.55 between the teeth);
jaw forward."""

Contact = Literal["", "lips", "teeth"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Posture:
    """One target of the mouth, held for a part of a sound."""

    values: tuple[float, ...]
    """One for each of ``ARTICULATORS``."""
    weights: tuple[float, ...]
    """How much this sound insists on each; 0 leaves it to its neighbours."""
    first: float = 0.0
    """Where in the sound it begins, as a share of the sound's length."""
    last: float = 1.0
    """Where it ends."""
    vowel: bool = False
    """Whether it grows with loudness and stress."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Viseme:
    """What the mouth does for one sound."""

    postures: tuple[Posture, ...]
    contact: Contact = ""
    """``"lips"`` when the lips must meet (p b m), ``"teeth"`` when the lower lip meets the upper teeth."""
    contact_ends: float = 1.0
    """Share of the sound after which the contact opens: a p is shut for its first part, then it is breath."""
    press: float = 0.0
    """How hard the lips press together."""


def _posture(*, vowel: bool = False, **wants: tuple[float, float]) -> Posture:
    pairs = [wants.get(name, (0.0, 0.0)) for name in ARTICULATORS]
    return Posture(
        values=tuple(value for value, _ in pairs),
        weights=tuple(weight for _, weight in pairs),
        vowel=vowel,
    )


REST = _posture(
    jaw=(0, 1), funnel=(0, 1), pucker=(0, 1), spread=(0, 1), lower=(0, 1), upper=(0, 1),
    tongue=(0, 1), forward=(0, 1),
)  # fmt: skip
"""Lips together, jaw up, nothing held."""

_VOWELS: dict[str, tuple[float, float, float]] = {
    # letter: how open, how far front, how rounded
    "i": (0.0, 1.0, 0.0), "y": (0.0, 1.0, 1.0), "ɨ": (0.0, 0.5, 0.0), "ʉ": (0.0, 0.5, 1.0),
    "ɯ": (0.0, 0.0, 0.0), "u": (0.0, 0.0, 1.0), "ɪ": (0.2, 0.9, 0.0), "ʏ": (0.2, 0.9, 0.8),
    "ʊ": (0.22, 0.1, 0.75), "ᵻ": (0.22, 0.6, 0.0), "ᵿ": (0.25, 0.3, 0.5),
    "e": (0.35, 1.0, 0.0), "ø": (0.35, 1.0, 0.9), "ɘ": (0.35, 0.5, 0.0), "ɵ": (0.35, 0.5, 0.8),
    "ɤ": (0.35, 0.0, 0.0), "o": (0.4, 0.0, 0.95),
    "ə": (0.4, 0.45, 0.0), "ᵊ": (0.35, 0.45, 0.0), "ɚ": (0.4, 0.4, 0.35),
    "ɛ": (0.6, 0.95, 0.0), "œ": (0.6, 0.9, 0.8), "ɜ": (0.52, 0.45, 0.05), "ɝ": (0.5, 0.4, 0.35),
    "ɞ": (0.6, 0.5, 0.7), "ʌ": (0.66, 0.25, 0.0), "ɔ": (0.65, 0.0, 0.8),
    "æ": (0.85, 0.95, 0.0), "ɐ": (0.75, 0.4, 0.0), "a": (1.0, 0.65, 0.0), "ɶ": (1.0, 0.9, 0.5),
    "ɑ": (1.0, 0.1, 0.03), "ɒ": (0.92, 0.0, 0.45),
}  # fmt: skip
_REDUCED = frozenset("əᵊɚᵻᵿ")
"""Vowels that give way to their neighbours."""


def _vowel(letter: str) -> Posture:
    openness, front, rounded = _VOWELS[letter]
    firm = 0.45 if letter in _REDUCED else 1.0
    spread = (1.0 - rounded) * front * front * (0.66 - 0.36 * openness)
    pucker = rounded * 0.78 * (1.0 - openness)
    funnel = rounded * (0.16 + 0.55 * openness)
    lips = 1.0 - 0.6 * rounded
    lip_weight = 0.8 + 0.6 * rounded if rounded > 0.2 else 0.35 + 0.7 * spread
    return _posture(
        vowel=True,
        jaw=((0.11 + 0.42 * openness**1.1) * (1.0 - 0.12 * rounded), firm),
        funnel=(funnel, lip_weight * firm),
        pucker=(pucker, lip_weight * firm),
        spread=(spread, (0.35 + spread) * firm),
        lower=((0.10 + 0.14 * openness + 0.16 * spread) * lips, 0.6 * firm),
        upper=((0.05 + 0.10 * openness + 0.12 * spread) * lips, 0.6 * firm),
        tongue=(0.0, 0.3 * firm),
        forward=(0.0, 0.3),
    )


_TIP = _posture(
    jaw=(0.09, 0.75), funnel=(0, 0.12), pucker=(0, 0.12), spread=(0.12, 0.2), lower=(0.20, 0.5),
    upper=(0.08, 0.4), tongue=(0.15, 0.6),
)  # fmt: skip
_CURLED = _posture(
    jaw=(0.11, 0.7), funnel=(0.10, 0.3), pucker=(0.05, 0.3), lower=(0.18, 0.5), upper=(0.08, 0.4),
    tongue=(0.10, 0.5),
)  # fmt: skip
_HISS = _posture(
    jaw=(0.035, 1.0), funnel=(0, 0.18), pucker=(0, 0.15), spread=(0.24, 0.35), lower=(0.30, 0.8),
    upper=(0.13, 0.6), tongue=(0.0, 0.4),
)  # fmt: skip
_HUSH = _posture(
    jaw=(0.055, 1.0), funnel=(0.50, 0.9), pucker=(0.24, 0.8), spread=(0, 0.5), lower=(0.25, 0.8),
    upper=(0.22, 0.7), forward=(0.25, 0.8),
)  # fmt: skip
_SOFT_HUSH = _posture(
    jaw=(0.05, 0.95), funnel=(0.18, 0.6), pucker=(0.05, 0.5), spread=(0.26, 0.5), lower=(0.27, 0.7),
    upper=(0.13, 0.6), forward=(0.10, 0.5),
)  # fmt: skip
_BETWEEN_TEETH = _posture(
    jaw=(0.13, 0.85), funnel=(0, 0.2), pucker=(0, 0.2), spread=(0.10, 0.25), lower=(0.22, 0.7),
    upper=(0.12, 0.6), tongue=(0.55, 1.0),
)  # fmt: skip
_SIDE = _posture(
    jaw=(0.16, 0.6), funnel=(0, 0.12), pucker=(0, 0.12), spread=(0.08, 0.15), lower=(0.20, 0.45),
    upper=(0.09, 0.35), tongue=(0.25, 0.85),
)  # fmt: skip
_R = _posture(
    jaw=(0.13, 0.6), funnel=(0.30, 0.7), pucker=(0.24, 0.7), spread=(0, 0.3), lower=(0.13, 0.4),
    upper=(0.08, 0.3),
)  # fmt: skip
_Y = _posture(
    jaw=(0.10, 0.6), funnel=(0, 0.35), pucker=(0, 0.35), spread=(0.50, 0.65), lower=(0.20, 0.45),
    upper=(0.09, 0.35),
)  # fmt: skip
_W = _posture(
    jaw=(0.08, 0.8), funnel=(0.14, 1.6), pucker=(0.92, 2.2), spread=(0, 1.0), lower=(0.04, 0.4),
    upper=(0.02, 0.4),
)  # fmt: skip
_PALATE = _posture(jaw=(0.10, 0.6), spread=(0.32, 0.4), lower=(0.17, 0.4), upper=(0.07, 0.3))
_BACK = _posture(jaw=(0.17, 0.42), spread=(0.08, 0.08), lower=(0.12, 0.2), upper=(0.05, 0.2))
_THROAT = _posture(jaw=(0.20, 0.10), lower=(0.10, 0.08), upper=(0.05, 0.08))
_SHUT = _posture(
    jaw=(0.09, 0.55), funnel=(0, 0.10), pucker=(0, 0.05), lower=(0, 0.3), upper=(0, 0.3),
    tongue=(0, 0.3),
)  # fmt: skip
_BITE = _posture(
    jaw=(0.10, 0.85), funnel=(0, 0.3), pucker=(0, 0.25), spread=(0.05, 0.2), lower=(0, 0.3),
    upper=(0.10, 0.4), tongue=(0, 0.3),
)  # fmt: skip
_NARROW = _posture(jaw=(0.07, 0.7), funnel=(0.10, 0.4), pucker=(0.20, 0.4), lower=(0.05, 0.5))

_CONSONANTS: dict[str, Posture] = {
    letter: posture
    for letters, posture in (
        ("pbmɓʙʘ", _SHUT), ("fvɱʋⱱ", _BITE), ("ɸβ", _NARROW), ("θð", _BETWEEN_TEETH),
        ("tdnɾrɗǀǃǂ", _TIP), ("ʈɖɳɽᶑ", _CURLED), ("szɬɮ", _HISS), ("ʃʒʂʐɧ", _HUSH),
        ("ɕʑ", _SOFT_HUSH), ("lɫɭʎʟɺǁ", _SIDE), ("ɹɻ", _R), ("jʝ", _Y), ("wʍɥ", _W),
        ("cɟçɲʄ", _PALATE), ("kɡgŋxɣqɢχʁʀɴɰɠʛ", _BACK), ("hɦʔħʕʜʢʡ", _THROAT),
    )
    for letter in letters
}  # fmt: skip
_CONTACTS: dict[str, tuple[Contact, float, float]] = {
    # letter: what meets, share of the sound it is shut for, how hard
    "p": ("lips", 0.66, 0.42), "b": ("lips", 0.80, 0.36), "m": ("lips", 0.92, 0.26),
    "ɓ": ("lips", 0.85, 0.36), "ʙ": ("lips", 0.80, 0.20), "ʘ": ("lips", 0.60, 0.50),
    "f": ("teeth", 0.95, 0.0), "v": ("teeth", 0.95, 0.0), "ɱ": ("teeth", 0.95, 0.0),
    "ʋ": ("teeth", 0.85, 0.0), "ⱱ": ("teeth", 0.85, 0.0),
}  # fmt: skip
_WRITTEN_TOGETHER = {
    "ʧ": "tʃ", "ʤ": "dʒ", "ʦ": "ts", "ʣ": "dz", "ʨ": "tɕ", "ʥ": "dʑ", "ꭧ": "tʂ", "ꭦ": "dʐ",
    "ɿ": "ɨ", "ʅ": "ɨ", "ʮ": "ʉ", "ʯ": "ʉ", "ε": "ɛ", "ʼ": "", "ı": "ɪ", "ɩ": "ɪ", "ɷ": "ʊ",
}  # fmt: skip
_ROUNDED_MARK, _RHOTIC_MARK, _FRONTED_MARK = "ʷ", "˞", "ʲ"


def _with(posture: Posture, *, at_least: dict[str, tuple[float, float]]) -> Posture:
    """Ask more of some articulators, for a mark such as ʷ."""
    pairs = []
    for name, value, weight in zip(ARTICULATORS, posture.values, posture.weights, strict=True):
        more, firm = at_least.get(name, (0.0, 0.0))
        pairs.append((max(value, more), max(weight, firm)))
    return Posture(
        values=tuple(value for value, _ in pairs),
        weights=tuple(weight for _, weight in pairs),
        vowel=posture.vowel,
    )


_MARKS: dict[str, dict[str, tuple[float, float]]] = {
    _ROUNDED_MARK: {"pucker": (0.60, 0.9), "funnel": (0.10, 0.5)},
    _RHOTIC_MARK: {"funnel": (0.22, 0.6), "pucker": (0.12, 0.6)},
    _FRONTED_MARK: {"spread": (0.35, 0.5)},
}


def _postures(symbol: str) -> list[tuple[str, Posture]]:
    spelled = "".join(_WRITTEN_TOGETHER.get(letter, letter) for letter in symbol)
    found: list[tuple[str, Posture]] = []
    for letter in unicodedata.normalize("NFD", spelled):
        if letter in _MARKS and found:
            found[-1] = (found[-1][0], _with(found[-1][1], at_least=_MARKS[letter]))
        elif letter == "\N{COMBINING CEDILLA}" and found and found[-1][0] == "c":
            found[-1] = ("ç", _CONSONANTS["ç"])  # what NFD makes of ç
        elif letter in _VOWELS:
            found.append((letter, _vowel(letter)))
        elif letter in _CONSONANTS:
            found.append((letter, _CONSONANTS[letter]))
    return found


@lru_cache(maxsize=1024)
def viseme_of(symbol: str) -> Viseme:
    """Tell what the mouth does for a sound.

    Args:
        symbol: IPA of any language. Stress, length, tone, tie bars and other marks that lips do
            not show are passed over. Two vowels are a diphthong, two consonants an affricate.
            Empty is a pause. A symbol with no known letter is a mouth left to its neighbours.

    Returns:
        Its targets, in order.
    """
    if not symbol:
        return Viseme(postures=(REST,))
    found = _postures(symbol)
    if not found:
        return Viseme(postures=(_THROAT,))
    count = len(found)
    parts = tuple(
        Posture(
            values=posture.values,
            weights=posture.weights,
            first=i / count,
            last=(i + 1) / count,
            vowel=posture.vowel,
        )
        for i, (_, posture) in enumerate(found)
    )
    contacts = [
        (i, _CONTACTS[letter]) for i, (letter, _) in enumerate(found) if letter in _CONTACTS
    ]
    if not contacts:
        return Viseme(postures=parts)
    place, (contact, share, press) = contacts[0]
    return Viseme(
        postures=parts, contact=contact, contact_ends=(place + share) / count, press=press
    )


def closes_lips(symbol: str) -> bool:
    """Tell whether the lips must meet in a sound, as in p, b and m."""
    return viseme_of(symbol).contact == "lips"
