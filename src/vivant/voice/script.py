"""From a text as people write it to the lines that a voice can say one after the other."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from dataclasses import dataclass, replace
from typing import Literal

from vivant.errors import InputError
from vivant.voice.engine import VoiceTraits
from vivant.voice.sentences import HALF_STOPS, cut_sentences, shorten

LONGEST_CHARACTERS = 10_000
"""Some eleven minutes of speech; more is better made as several films."""
SENTENCE_PAUSE_S = 0.42
PARAGRAPH_PAUSE_S = 0.75
PHRASE_PAUSE_S = 0.16
LEVELS_DB = {"smile": 0.0, "soft": -6.0, "emphasis": 1.5}
"""How much louder a voice says what is acted so: six decibels less is half the sound pressure."""

_INVISIBLE = re.compile(r"[\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff\u00ad]")
_PICTURES = re.compile(
    "(?:[\U0001f1e6-\U0001f1ff]{2}|[\u2190-\u21ff\u2300-\u27bf\u2b00-\u2bff\u3030\u303d\U0001f000-\U0001faff]"
    "|[0-9#*]\ufe0f?\u20e3)(?:[\ufe0e\ufe0f\u20e3]|[\U0001f3fb-\U0001f3ff\U000e0020-\U000e007f]"
    "|\u200d[\u2190-\u2bff\U0001f000-\U0001faff])*"
)
_EXPECTED_LETTERS = {"en": "LATIN"}
"""What the languages of a voice are written in; a language not listed is not checked."""
_RIGHT_TO_LEFT = frozenset({"ARABIC", "HEBREW", "SYRIAC", "THAANA", "NKO"})
_TELLING = {
    "German": "der die das und ist nicht ich ein eine zu den mit auf für sie wir auch dem von sich",
    "French": "le la les et est pas je un une de des du que qui dans pour sur avec nous vous",
    "Spanish": "el la los las y es no un una de del que en por para con se su muy como",
    "Italian": "il lo la gli e è non un una di del che in per con si mio sono della anche",
    "Portuguese": "o os as e é não um uma de do da que em por para com se eu você muito",
    "Dutch": "de het een en is niet ik van op te dat die met voor zijn wij ook aan er naar",
    "Polish": "i w nie na się jest to z do że jak ale po co tak za od jego ich był",
    "Turkish": "ve bir bu da de için ile çok ben sen o ne gibi daha kadar ama var değil",
    "Indonesian": "dan yang di itu dengan untuk tidak ini dari dalam akan pada juga saya ke karena",
}
"""The commonest small words of languages that share the Latin letters."""
_TELLING_ENGLISH_WORDS = "the and is of to a in that it i you he she was for on are with as his they be at this have my we"
_TELLING_ENGLISH = frozenset(_TELLING_ENGLISH_WORDS.split())


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """A stretch of a line that is to be acted in a way."""

    kind: Literal["smile", "soft", "emphasis"]
    first: int
    """Place of its first word in ``text.split()``."""
    last: int
    """One past its last word."""

    @property
    def level_db(self) -> float:
        """How much louder it is said than the speech around it."""
        return LEVELS_DB[self.kind]


@dataclass(frozen=True, slots=True, kw_only=True)
class ScriptLine:
    """A sentence, or a part of one that is too long for a breath or is said at another pace."""

    text: str
    """As it is shown: never empty, single spaces, without directions."""
    pause_s: float
    """Silence behind it; 0 where the next line goes on with the sentence without a break."""
    ends: Literal["", "phrase", "sentence"]
    """What ends with it; ``""`` when the next line goes on without a break."""
    rate: float = 1.0
    """Pace against that of the whole script."""
    spoken_as: tuple[str, ...] = ()
    """For each word of ``text.split()`` its sounds in IPA, ``""`` where the voice knows best; empty: it knows all."""
    acts: tuple[Act, ...] = ()
    """In order of their beginnings; stretches of different kinds may overlap."""

    @property
    def said(self) -> str:
        """What a voice is given: the text, with a comma where it would otherwise sound finished too soon.

        It has the words of ``text``, one for one.
        """
        if self.ends == "sentence" or self.text.rstrip("\"'”’)").endswith(HALF_STOPS):
            return self.text
        return self.text + ","

    @property
    def emphasis(self) -> frozenset[int]:
        """Places in ``text.split()`` of the words that carry the weight."""
        return frozenset(
            place
            for act in self.acts
            if act.kind == "emphasis"
            for place in range(act.first, act.last)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Script:
    """A text ready to be said."""

    text: str
    """NFC, without what cannot be spoken."""
    lines: tuple[ScriptLine, ...]
    notes: tuple[str, ...]
    """What was left out, for people to read."""


def read_script(text: str, *, language: str, traits: VoiceTraits) -> Script:
    """Make a text ready for a voice, or say why it cannot be.

    Args:
        text: As people write it. A line break is a pause, an empty line a longer one.
        language: BCP 47 tag of the language it is in.
        traits: What the voice can do.

    Returns:
        The lines to say, each a sentence or less; at least one.

    Raises:
        InputError: It is empty, holds no word, is too long, is in another language than the
            voice speaks or in letters that the voice cannot read.
    """
    if language not in traits.languages:
        known = ", ".join(sorted(traits.languages))
        message = (
            f"The voice {traits.name} speaks {known}, not {language}. Choose one of those or another voice, "
            "or give a recording of the words instead: a recording may be in any language."
        )
        raise InputError(message)
    if not text.strip():
        message = "The text is empty. Give at least one word to say."
        raise InputError(message)
    if len(text) > LONGEST_CHARACTERS:
        message = (
            f"The text has {len(text):,} characters, and one film holds {LONGEST_CHARACTERS:,}, some eleven minutes. "
            f"Cut it into {-(-len(text) // LONGEST_CHARACTERS)} parts at chapter ends and make a film of each."
        )
        raise InputError(message)
    clean, notes = _clean(text)
    _check_letters(clean, language=language, traits=traits)
    _check_language(clean, language=language, traits=traits)
    lines = tuple(_lines(clean))
    if not lines:
        message = (
            f"The text holds no word: {len(text.strip())} characters, none of them a letter or a digit that can be read. "
            "Give at least one word to say."
        )
        raise InputError(message)
    return Script(text=clean, lines=lines, notes=notes)


def _clean(text: str) -> tuple[str, tuple[str, ...]]:
    clean, pictures = _PICTURES.subn(" ", unicodedata.normalize("NFC", text))
    clean = _INVISIBLE.sub(
        "", clean.replace("\r\n", "\n").replace("\r", "\n").replace("\u2029", "\n\n")
    )
    clean = clean.replace("\u2028", "\n").replace("[", "(").replace("]", ")")
    clean = "".join(c if c == "\n" or unicodedata.category(c)[0] != "C" else " " for c in clean)
    rows = [re.sub(r"\s+", " ", row).strip() for row in clean.split("\n")]
    clean = re.sub(r"\n{3,}", "\n\n", "\n".join(rows)).strip()
    clean = re.sub(r" +([,.;:!?])", r"\1", clean)
    if not pictures:
        return clean, ()
    count = "1 emoji or symbol was" if pictures == 1 else f"{pictures} emoji or symbols were"
    return clean, (f"{count} left out: a voice cannot say them.",)


def _letters_of(word: str) -> Counter[str]:
    return Counter(
        unicodedata.name(c, "UNKNOWN").split()[0].split("-")[0] for c in word if c.isalpha()
    )


def _check_letters(text: str, *, language: str, traits: VoiceTraits) -> None:
    expected = _EXPECTED_LETTERS.get(language.split("-", maxsplit=1)[0])
    if expected is None:
        return
    readable = {expected, "MICRO", "FEMININE", "MASCULINE", "MODIFIER", "SUPERSCRIPT", "ANGSTROM"}
    words = [word for word in text.split() if any(c.isalpha() for c in word)]
    strange = [kinds for word in words if (kinds := _letters_of(word)) and set(kinds) - readable]
    if not strange:
        return
    kinds = sum(strange, Counter[str]())
    kind = max((k for k in kinds if k not in readable), key=lambda k: kinds[k])
    name = {"CJK": "Chinese", "HIRAGANA": "Japanese", "KATAKANA": "Japanese"}.get(
        kind, kind.capitalize()
    )
    way = ", written from right to left" if kind in _RIGHT_TO_LEFT else ""
    count = (
        "1 of its words is"
        if len(strange) == 1
        else f"{len(strange)} of its {len(words)} words are"
    )
    message = (
        f"The text does not suit the voice: {count} in {name} letters{way}, and the voice {traits.name} reads "
        f"{expected.capitalize()} letters ({language}). Write those words as they sound, translate the text, "
        "or give a recording of the words instead: a recording may be in any language."
    )
    raise InputError(message)


def _check_language(text: str, *, language: str, traits: VoiceTraits) -> None:
    if not language.startswith("en"):
        return
    words = re.findall(r"[^\W\d_]+", text.lower())
    found = _other_language(words)
    if found is None:
        return
    name, hits, english = found
    message = (
        f"The text seems to be {name}: {hits} of its {len(words)} words are common there and "
        f"{english} are in English. The voice {traits.name} speaks {', '.join(sorted(traits.languages))}. "
        "Translate the text, or give a recording of the words instead: a recording may be in any language."
    )
    raise InputError(message)


def _other_language(words: list[str]) -> tuple[str, int, int] | None:
    """Name the language that the small words speak for, when it is not English: name, its words, English words."""
    english = sum(word in _TELLING_ENGLISH for word in words)
    found: tuple[str, int, int] | None = None
    for name, telling in _TELLING.items():
        own = frozenset(telling.split()) - _TELLING_ENGLISH
        hits = [word for word in words if word in own]
        enough = len(set(hits)) >= 3 and len(hits) * 5 >= len(words) and len(hits) > 3 * english
        if enough and (found is None or len(hits) > found[1]):
            found = name, len(hits), english
    return found


def looks_english(text: str) -> bool:
    """Tell whether a text can be read by English rules: Latin letters, and no other language's small words."""
    words = re.findall(r"[^\W\d_]+", text.lower())
    kinds = _letters_of("".join(words))
    return bool(words) and kinds["LATIN"] == sum(kinds.values()) and _other_language(words) is None


def _lines(text: str) -> list[ScriptLine]:
    lines: list[ScriptLine] = []
    for paragraph in re.split(r"\n\s*\n", text):
        for row in paragraph.split("\n"):
            for sentence in cut_sentences(row):
                parts = shorten(sentence)
                for i, part in enumerate(parts):
                    last = i == len(parts) - 1
                    line = ScriptLine(
                        text=part,
                        pause_s=SENTENCE_PAUSE_S if last else PHRASE_PAUSE_S,
                        ends="sentence" if last else "phrase",
                    )
                    lines.append(line)
        if lines:
            lines[-1] = replace(lines[-1], pause_s=PARAGRAPH_PAUSE_S, ends="sentence")
    return lines
