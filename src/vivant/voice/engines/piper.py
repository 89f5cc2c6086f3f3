"""Piper voices: any ``.onnx`` file of that family, said by an engine in a process of its own.

The engine, ``piper-tts``, is under the GPL. It runs beside Vivant (see ``apart``) and only sounds
come back; nothing of it is imported here. What a voice can do stands in the ``.json`` that lies
beside its file.
"""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from vivant.errors import EngineBrokeError, InputError, MissingError
from vivant.models.apart import Answer, Refused, Worker, environment_of, python_for
from vivant.places import Places
from vivant.voice.engine import Line, Said, VoiceOffer, VoiceTraits
from vivant.voice.engines.ipa import (
    AFFRICATES,
    IN_ENGLISH,
    is_spoken,
    letters_of,
    share_out,
    strong,
    words_of,
)
from vivant.voice.engines.ipa import cut_into_phones as cut
from vivant.voice.engines.piper_timing import Spelled, timed

LICENCE = "GPL-3.0-or-later AND LicenseRef-Piper-voice"
"""Of the engine, and of each voice: that stands in the voice's MODEL_CARD."""
LANGUAGES = frozenset({
    "ar-JO", "bg-BG", "ca-ES", "cs-CZ", "cy-GB", "da-DK", "de-DE", "el-GR", "en-GB", "en-US", "es-AR", "es-ES",
    "es-MX", "eu-ES", "fa-IR", "fi-FI", "fr-FR", "hi-IN", "hu-HU", "id-ID", "is-IS", "it-IT", "ka-GE", "kk-KZ",
    "lb-LU", "lv-LV", "ml-IN", "ne-NP", "nl-BE", "nl-NL", "no-NO", "pl-PL", "pt-BR", "pt-PT", "ro-RO", "ru-RU",
    "sk-SK", "sl-SI", "sr-RS", "sv-SE", "sw-CD", "te-IN", "tr-TR", "uk-UA", "ur-PK", "vi-VN", "zh-CN",
})  # fmt: skip
"""For which its authors publish voices."""
BY_LETTERS = "espeak"
"""Kind of voice whose letters are IPA, so that its timings are those of phones."""
LIBRARY = "piper"
_WORKER = "vivant.voice.engines.workers.piper"


@dataclass(frozen=True, slots=True, kw_only=True)
class VoiceFile:
    """A Piper voice on disk."""

    path: Path
    sample_rate_hz: int
    language: str
    """BCP 47."""
    speakers: Mapping[str, int]
    """Number of each speaker by name; empty when there is one."""
    by_letters: bool
    """Whether its letters are IPA."""
    version: str
    """Hash of its description, and its size."""


class PiperVoice:
    """Says lines with one Piper voice: a file, or a name in the folder ``voices/piper`` of ``places.data``.

    Behind a ``#`` stands the speaker, where a file holds several: ``/voices/libritts.onnx#p3922``.
    """

    traits = VoiceTraits(
        name="piper",
        version="piper+1",
        sample_rate_hz=22_050,
        languages=LANGUAGES,
        licence=LICENCE,
    )

    def __init__(
        self, *, voice: str = "", places: Places | None = None, python: Path | None = None
    ) -> None:
        """Choose a voice.

        Args:
            voice: Path of an ``.onnx`` file, or a name in the folder of voices; the first there when empty.
            places: Where Vivant keeps things.
            python: A Python that has ``piper-tts``; found as ``apart.python_for`` does when None.

        Raises:
            InputError: The file cannot be used, or has no such speaker.
            MissingError: There is no such file.
        """
        self._places = places
        self._python = python
        self._starting = threading.Lock()
        self._worker: Worker | None = None
        name, _, speaker = voice.partition("#")
        path = _path_of(name, places)
        self._file = None if path is None else read_voice_file(path)
        if self._file is None:
            return
        self._speaker = _speaker_of(self._file, speaker)
        self.traits = replace(  # what the class says is for any voice, this for one
            type(self).traits,
            version=f"piper+1/{self._file.version}",
            sample_rate_hz=self._file.sample_rate_hz,
            languages=frozenset({self._file.language}),
            gives_timings=self._file.by_letters,
        )

    @classmethod
    def offers(cls, *, places: Places | None = None) -> tuple[VoiceOffer, ...]:
        """List the voices in the folder, and how to come by one."""
        found = []
        how = "" if python_for("piper", module=LIBRARY, places=places) else how_to_install(places)
        for path in _here(places):
            try:
                voice = read_voice_file(path)
            except InputError as error:
                broken = VoiceOffer(
                    name=path.stem,
                    languages=frozenset(),
                    sounds="",
                    licence=LICENCE,
                    ready=False,
                    how=str(error),
                )
                found.append(broken)
                continue
            names = [path.stem, *(f"{path.stem}#{speaker}" for speaker in list(voice.speakers)[1:])]
            found += [
                VoiceOffer(
                    name=name,
                    languages=frozenset({voice.language}),
                    sounds="a Piper voice",
                    licence=LICENCE,
                    ready=not how,
                    how=how,
                )
                for name in names
            ]
        any_file = VoiceOffer(
            name="FILE.onnx",
            languages=LANGUAGES,
            sounds="any Piper voice file, by its path",
            licence=LICENCE,
            ready=False,
            how=f"{how} {how_to_add(places)}".strip(),
        )
        return (*found, any_file)

    def say(self, line: Line, /) -> Said:
        """Say the line.

        Raises:
            InputError: The voice file cannot be read.
            MissingError: No voice file was given, or ``piper-tts`` is not installed.
            EngineBrokeError: Its process broke.
        """
        if self._file is None:
            message = f"No Piper voice is here. {how_to_add(self._places)}"
            raise MissingError(message)
        spelled = self._spell(line)
        if not cut(spelled.letters):
            message = f"The Piper voice knows none of the {len(line.text)} characters of a line. Write it in its own script."
            raise InputError(message)
        answer = self._ask(
            "say",
            letters=list(spelled.letters),
            seed=line.seed,
            slower=1.0 / line.rate,
            speaker=self._speaker,
        )
        samples = np.clip(np.nan_to_num(answer.sounds[0]), -1.0, 1.0)
        lengths = answer.facts.get("lengths")
        if not self.traits.gives_timings or not lengths:
            if self.traits.gives_timings:
                message = (
                    "This Piper voice file does not tell how long its sounds are, so lips cannot follow it. "
                    "Choose another voice of the language."
                )
                raise EngineBrokeError(message)
            return Said(samples=samples)
        phones, words = timed(
            spelled,
            lengths=[int(length) for length in lengths],
            samples=samples,
            sample_rate_hz=self._file.sample_rate_hz,
        )
        return Said(samples=samples, phones=phones, words=words)

    def close(self) -> None:
        """End the process of the engine; the next line starts it anew."""
        if self._worker is not None:
            self._worker.close()

    def _spell(self, line: Line) -> Spelled:
        words = words_of(line.text)
        (together,) = self._letters([line.text])
        word_of = _by_spaces(together, words)
        if word_of is None:
            alone = self._letters([word if is_spoken(word) else "" for word in words])
            word_of = _by_sounds(together, alone)
        return _as_wished(together, word_of, line, words=words)

    def _letters(self, texts: list[str]) -> list[tuple[str, ...]]:
        asked = [text for text in texts if text]
        found = iter(self._ask("phonemize", texts=asked).facts["letters"])
        return [tuple(next(found)) if text else () for text in texts]

    def _ask(self, task: str, **facts: object) -> Answer:
        if self._file is None:  # cannot be: ``say`` looked
            raise MissingError(how_to_add(self._places))
        try:
            return self._process().ask(task, {**facts, "model": str(self._file.path.resolve())})
        except Refused as refused:
            if refused.reason == "missing":
                message = f"The Python package {refused.what or LIBRARY!r} is not installed. {how_to_install(self._places)}"
                raise MissingError(message) from None
            if refused.reason == "input":
                size = self._file.path.stat().st_size
                message = (
                    f"The Piper voice file of {size:,} bytes cannot be read; it is no ONNX model of Piper, or not whole. "
                    "Download the voice again, its .onnx and its .onnx.json."
                )
                raise InputError(message) from None
            message = f"Piper failed on a line ({refused.what}). Install the packages again: pip install 'vivant[piper]'."
            raise EngineBrokeError(message) from None

    def _process(self) -> Worker:
        with self._starting:
            if self._worker is None:
                python = python_for(
                    "piper", module=LIBRARY, places=self._places, python=self._python
                )
                if python is None:
                    message = f"Piper is not installed. {how_to_install(self._places)}"
                    raise MissingError(message)
                self._worker = Worker(_WORKER, engine="piper", python=python)
            return self._worker


def folder_of_voices(places: Places | None) -> Path:
    """Tell where Piper voices are looked for by name."""
    return (places or Places()).data / "voices" / "piper"


def how_to_install(places: Places | None) -> str:
    """Say how the engine is installed."""
    home = environment_of("piper", places=places)
    return (
        "Install it beside Vivant: pip install 'vivant[piper]'; or, to keep its GPL apart, in an environment of its own "
        f"in {home}: python -m venv, then pip install piper-tts there."
    )


def how_to_add(places: Places | None) -> str:
    """Say how a voice is added."""
    return (
        f"Put a voice's .onnx and .onnx.json into {folder_of_voices(places)}, or give its path: "
        "--voice piper:/path/voice.onnx."
    )


def read_voice_file(path: Path) -> VoiceFile:
    """Read what a voice says of itself.

    Raises:
        InputError: The ``.json`` beside it is missing, or does not describe a Piper voice.
    """
    try:
        written = Path(f"{path}.json").read_bytes()
    except OSError as error:
        message = (
            f"A Piper voice is two files, and beside this one there is none that ends in .onnx.json "
            f"({type(error).__name__}). Download that too, and keep its name."
        )
        raise InputError(message) from error
    try:
        told = json.loads(written)
        rate = int(told["audio"]["sample_rate"])
        voice = str(told["espeak"]["voice"])
        language = str(told.get("language", {}).get("code") or voice)
        speakers = {
            str(name): int(number) for name, number in (told.get("speaker_id_map") or {}).items()
        }
        kind = str(told.get("phoneme_type", BY_LETTERS))
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        message = (
            f"The .onnx.json of a Piper voice cannot be understood ({type(error).__name__}; {len(written)} bytes). "
            "Download it again."
        )
        raise InputError(message) from error
    size = path.stat().st_size
    return VoiceFile(
        path=path,
        sample_rate_hz=rate,
        language=_tag(language),
        speakers=dict(sorted(speakers.items(), key=lambda one: one[1])),
        by_letters=kind == BY_LETTERS,
        version=f"{hashlib.sha256(written).hexdigest()[:12]}-{size}",
    )


def _tag(code: str) -> str:
    """Write ``en_US`` or ``en-us`` as BCP 47 does."""
    first, *rest = code.replace("_", "-").split("-")
    return "-".join([first.lower(), *(part.upper() if len(part) == 2 else part for part in rest)])


def _here(places: Places | None) -> list[Path]:
    folder = folder_of_voices(places)
    return sorted(folder.glob("*.onnx")) if folder.is_dir() else []


def _path_of(name: str, places: Places | None) -> Path | None:
    here = _here(places)
    if not name:
        return here[0] if here else None
    path = Path(name).expanduser()
    named = [one for one in here if name in {one.stem, one.name}]
    if path.suffix == ".onnx" and path.is_file():
        return path
    if named:
        return named[0]
    if path.suffix == ".onnx" or path.is_file():
        message = f"There is no Piper voice file of that path (it must end in .onnx and exist). {how_to_add(places)}"
        raise MissingError(message)
    known = ", ".join(one.stem for one in here) or "none"
    message = f"There is no Piper voice of that name; here are: {known}. {how_to_add(places)}"
    raise InputError(message)


def _speaker_of(voice: VoiceFile, speaker: str) -> int | None:
    if not speaker:
        return None
    if speaker in voice.speakers:
        return voice.speakers[speaker]
    known = ", ".join(list(voice.speakers)[:8]) or "one, without a name"
    message = f"The Piper voice has {max(1, len(voice.speakers))} speakers, and none of that name. It has: {known}."
    raise InputError(message)


def _by_spaces(letters: tuple[str, ...], words: tuple[str, ...]) -> list[int] | None:
    """Give each letter its word where the engine parts words as they are written; else None."""
    spoken = [place for place, word in enumerate(words) if is_spoken(word)]
    groups: list[int] = []
    group, filled = 0, False
    for letter in letters:
        if letter == " ":
            group, filled = group + filled, False
        filled = filled or letter.isalpha()
        groups.append(group)
    if group + filled != len(spoken):
        return None
    return [spoken[min(place, len(spoken) - 1)] for place in groups]


def _by_sounds(letters: tuple[str, ...], alone: list[tuple[str, ...]]) -> list[int]:
    """Give each letter its word by the sounds of the words alone."""
    phones = cut(letters)
    places = share_out(
        [phone.symbol for phone in phones], [[p.symbol for p in cut(word)] for word in alone]
    )
    found = [0] * len(letters)
    for phone, place in zip(phones, places, strict=True):
        found[phone.first :] = [place] * (len(letters) - phone.first)
    return found


def _as_wished(
    letters: tuple[str, ...], word_of: list[int], line: Line, *, words: tuple[str, ...]
) -> Spelled:
    """Put in how words are to be said, and what carries the weight."""
    made: list[str] = []
    places: list[int] = []
    for place in dict.fromkeys(word_of):
        own = [letter for letter, of in zip(letters, word_of, strict=True) if of == place]
        wished = line.spoken_as[place] if place < len(line.spoken_as) else ""
        sounding = [i for i, letter in enumerate(own) if letter not in " ,.;:!?"]
        if sounding and (wished or place in line.emphasis):
            head, tail = own[: sounding[0]], own[sounding[-1] + 1 :]
            said = wished or "".join(own[sounding[0] : sounding[-1] + 1])
            own = [*head, *letters_of(strong(said) if place in line.emphasis else said), *tail]
        made += own
        places += [place] * len(own)
    english = line.language.startswith("en")
    return Spelled(
        letters=tuple(made),
        word_of=tuple(places),
        words=words,
        affricates=IN_ENGLISH if english else AFFRICATES,
    )
