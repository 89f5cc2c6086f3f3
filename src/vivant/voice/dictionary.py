"""A project's own dictionary: how its names and places sound."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NoReturn

from vivant.errors import InputError
from vivant.voice.phones import SIBILANTS, plain
from vivant.voice.respelling import by_word

LARGEST_FILE_BYTES = 1 << 20
MOST_ENTRIES = 10_000
MOST_WORDS = 8
"""In one entry."""
LONGEST_WORD = 80

_AROUND = ".,;:!?…\"'“”‘’„‚«»‹›()[]{}<>—–-¿¡*_。，、；：！？「」『』（）،؛؟।"
_VOICELESS = frozenset({"p", "t", "k", "f", "θ", "x", "c", "q", "χ"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """Words and their sounds."""

    words: tuple[str, ...]
    """As written, without punctuation around them."""
    ipa: tuple[str, ...]
    """For each word."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Dictionary:
    """Pronunciations of a project.

    An entry without a capital fits its words however they are written. One with a capital fits as it is
    written and, from three letters on, all in capitals. A possessive or a plural of its last word fits too: it gets its ending.
    """

    entries: tuple[Entry, ...] = ()
    _by_first: dict[str, list[Entry]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        by_first: dict[str, list[Entry]] = {}
        for entry in sorted(self.entries, key=lambda e: (-len(e.words), e.words[0].islower())):
            by_first.setdefault(_key(entry.words[0]), []).append(entry)
        object.__setattr__(self, "_by_first", by_first)

    def sounds(self, words: Sequence[str]) -> tuple[str, ...]:
        """Tell how words sound, the longest entry first.

        Args:
            words: A text cut at white space, punctuation and all.

        Returns:
            IPA for each word, ``""`` where no entry fits.
        """
        if not self.entries:
            return ("",) * len(words)
        bare = [_bare(word) for word in words]
        sounds: list[str] = []
        while len(sounds) < len(bare):
            sounds += self._longest(bare, len(sounds)) or [""]
        return tuple(sounds)

    def _longest(self, bare: Sequence[str], at: int) -> list[str] | None:
        for stem, ending in _stems(bare[at]):
            for entry in self._by_first.get(_key(stem), ()):
                size = len(entry.words)
                if size == 1 and _fits(entry.words[0], stem):
                    return [entry.ipa[0] + ending_sound(entry.ipa[0], ending)]
                if size == 1 or ending or at + size > len(bare):
                    continue
                if not all(map(_fits, entry.words[:-1], bare[at : at + size - 1])):
                    continue
                for last, tail in _stems(bare[at + size - 1]):
                    if _fits(entry.words[-1], last):
                        return [*entry.ipa[:-1], entry.ipa[-1] + ending_sound(entry.ipa[-1], tail)]
        return None


def _bare(word: str) -> str:
    return word.strip(_AROUND).replace("’", "'") or word


def _key(word: str) -> str:
    return word.lower()


def _fits(entry: str, word: str) -> bool:
    if entry == word or (len(word) > 2 and word.isupper() and entry.upper() == word):
        return True
    return entry == entry.lower() == word.lower()


def _stems(word: str) -> list[tuple[str, str]]:
    """Give a word, and what it may be the possessive or the plural of, with the ending."""
    stems = [(word, "")]
    low = word.lower()
    if low.endswith("'s"):
        stems.append((word[:-2], "s"))
        if low.endswith("es's"):
            stems.append((word[:-4], "es"))
    elif low.endswith("es"):
        stems += [(word[:-1], "s"), (word[:-2], "es")]
    elif low.endswith("s") and len(word) > 2:
        stems.append((word[:-1], "s"))
    return [(stem, ending) for stem, ending in stems if stem]


def ending_sound(ipa: str, ending: str) -> str:
    """Tell how the English ending s sounds behind a word.

    Args:
        ipa: How the word sounds.
        ending: ``"s"``, ``"es"`` or nothing.
    """
    if not ending:
        return ""
    sounds = plain(ipa)
    if sounds[-1:] in SIBILANTS or sounds[-2:] in SIBILANTS:
        return "ɪz"
    return "s" if sounds[-1:] in _VOICELESS else "z"


def read_dictionary(path: Path) -> Dictionary:
    """Read a dictionary from a file.

    Args:
        path: A plain text file in UTF-8, with lines such as ``Leicester = LES-ter`` and
            ``Wojciech = /ˈvɔɪtʃɛx/``; what follows a ``#`` is a remark.

    Returns:
        The dictionary; an empty file is an empty one.

    Raises:
        InputError: The file is missing, too large or no text, or a line of it cannot be read; the
            message tells which.
    """
    try:
        with path.open("rb") as file:
            data = file.read(LARGEST_FILE_BYTES + 1)
    except OSError as error:
        message = f"The dictionary cannot be read ({error.strerror}). Give the path of a text file with a word on each line."
        raise InputError(message) from None
    if len(data) > LARGEST_FILE_BYTES:
        message = f"The dictionary is larger than {LARGEST_FILE_BYTES >> 20} MiB. Keep the words that this project needs."
        raise InputError(message)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        message = (
            f"Line {line} of the dictionary is not UTF-8. Save the file as plain text in UTF-8."
        )
        raise InputError(message) from None
    return dictionary_of(text)


def dictionary_of(text: str) -> Dictionary:
    """Read a dictionary from its text.

    Args:
        text: As the file holds it, see ``read_dictionary``.

    Raises:
        InputError: A line cannot be read; the message tells which.
    """
    entries: list[Entry] = []
    places: dict[tuple[str, ...], int] = {}
    for number, line in enumerate(text.splitlines(), start=1):
        content = _without_remark(line).strip()
        if not content:
            continue
        entry = _entry(content, number)
        if entry.words in places:
            _refuse(number, f"says again what line {places[entry.words]} says. Keep one of them")
        if len(entries) == MOST_ENTRIES:
            _refuse(
                number,
                f"is one too many: a dictionary holds {MOST_ENTRIES:,} words. Keep those that this project needs",
            )
        places[entry.words] = number
        entries.append(entry)
    return Dictionary(entries=tuple(entries))


def _without_remark(line: str) -> str:
    at = 0 if line.lstrip().startswith("#") else line.find(" #")
    return line if at < 0 else line[:at]


def _entry(content: str, number: int) -> Entry:
    written, equals, sounds = content.partition("=")
    if not equals:
        _refuse(number, "has no = sign. Write a word, = and how it sounds: Leicester = LES-ter")
    words = tuple(_bare(word) for word in _unquoted(written).split())
    if not any(c.isalnum() for word in words for c in word):
        _refuse(number, "has no word before its = sign. Write one there: Leicester = LES-ter")
    if len(words) > MOST_WORDS or max(map(len, words)) > LONGEST_WORD:
        _refuse(
            number,
            f"has more than {MOST_WORDS} words or a word of more than {LONGEST_WORD} letters. Shorten it",
        )
    try:
        ipa = by_word(_unquoted(sounds), words=len(words))
    except InputError as error:
        message = f"Line {number} of the dictionary: {error}"
        raise InputError(message) from None
    return Entry(words=words, ipa=ipa)


def _unquoted(text: str) -> str:
    text = text.strip()
    return text[1:-1].strip() if len(text) > 1 and text[0] == text[-1] in {'"', "'"} else text


def _refuse(number: int, what: str) -> NoReturn:
    message = f"Line {number} of the dictionary {what}."
    raise InputError(message)
