"""Chatterbox: clones a voice from a few seconds in 23 languages, best on a GPU; in an environment of its own.

The package ``chatterbox-tts`` pins versions that cannot lie beside Vivant's, so it runs in a process
of its own, under the Python of a virtual environment in which the user installed it. Its weights
come from their hub with the first line. It marks every sound with Perth's watermark.
"""

from __future__ import annotations

import threading
from pathlib import Path

import numpy as np

from vivant.errors import EngineBrokeError, InputError, MissingError
from vivant.media.watch import Watch
from vivant.models.apart import Answer, Refused, Worker, environment_of, python_for
from vivant.places import Places
from vivant.voice.engine import Line, Said, VoiceOffer, VoiceTraits
from vivant.voice.engines.cloning import RATE, character_from, recording_of, resampled
from vivant.voice.engines.pacing import at_pace
from vivant.voice.engines.tags import language_of, with_regions
from vivant.voice.person import Character, Reference

LIBRARY = "chatterbox"
LANGUAGES = (
    "ar", "da", "de", "el", "en", "es", "fi", "fr", "he", "hi", "it", "ja", "ko", "ms", "nl", "no", "pl", "pt", "ru",
    "sv", "sw", "tr", "zh",
)  # fmt: skip
VOICES = {"": "its own voice, or a person's", "turbo": "the same, faster, English only"}
MOST_S = 20.0
PATIENCE_S = 3600.0
"""Its first line fetches some 3 GB; a line takes minutes on a slow CPU."""
_WORKER = "vivant.voice.engines.workers.chatterbox"


class ChatterboxVoice:
    """Speaks with its own voice, or like a person from 6 s of recording."""

    traits = VoiceTraits(
        name="chatterbox",
        version="chatterbox-tts/0.1+1",
        sample_rate_hz=24_000,
        languages=with_regions([*LANGUAGES, "nb"]),
        licence="MIT",
        likeness="cloned",
        clones_from_s=6.0,
        watermarks=True,
    )

    def __init__(
        self, *, voice: str = "", places: Places | None = None, python: Path | None = None
    ) -> None:
        """Choose a model; nothing is started yet.

        Args:
            voice: ``""`` or ``"turbo"``.
            places: Where Vivant keeps things: ``engines/chatterbox`` in ``places.data`` is looked at for a Python.
            python: The Python of an environment that has ``chatterbox-tts``.

        Raises:
            InputError: There is no such voice.
        """
        if voice not in VOICES:
            message = f"chatterbox has no voice {voice!r}. It has: turbo, or none to name."
            raise InputError(message)
        self._kind = voice
        self._places = places
        self._python = python
        self._starting = threading.Lock()
        self._worker: Worker | None = None

    @classmethod
    def offers(cls, *, places: Places | None = None) -> tuple[VoiceOffer, ...]:
        """List its two models."""
        here = python_for("chatterbox", module=LIBRARY, places=places) is not None
        return tuple(
            VoiceOffer(
                name=name,
                languages=with_regions(["en"]) if name else cls.traits.languages,
                sounds=sounds,
                licence=cls.traits.licence,
                ready=here,
                how="" if here else how_to_install(places),
            )
            for name, sounds in VOICES.items()
        )

    def fit(self, reference: Reference, /, *, watch: Watch) -> Character:
        """Keep up to 20 s of the person; the network listens to them before it speaks.

        Raises:
            InputError: The reference is shorter than 6 s.
            MissingError: The package or its weights are not here.
        """
        watch("chatterbox", 0, 1)
        made = character_from(reference, traits=self.traits, most_s=MOST_S)
        self._ask("load", {"kind": self._kind}, [])
        watch("chatterbox", 1, 1)
        return made

    def say(self, line: Line, /) -> Said:
        """Say the line.

        Raises:
            InputError: Turbo was asked for another language than English.
            MissingError: The package or its weights are not here.
            EngineBrokeError: It failed.
        """
        language = language_of(line.language)
        if self._kind == "turbo" and language != "en":
            message = (
                f"chatterbox:turbo speaks English only, not {line.language}. Leave out :turbo."
            )
            raise InputError(message)
        rate, sounds = 0, []
        if line.character is not None:
            rate = int(line.character.arrays.get(RATE, np.array(0)))
            sounds = [recording_of(line.character, traits=self.traits, sample_rate_hz=max(rate, 1))]
        facts: dict[str, object] = {
            "kind": self._kind,
            "text": line.text,
            "language": "no" if language == "nb" else language,
            "seed": line.seed,
            "rate": rate,
        }
        answer = self._ask("say", facts, sounds)
        samples, found = answer.sounds[0], int(answer.facts["rate"])
        if found != self.traits.sample_rate_hz:
            samples = resampled(samples, found, self.traits.sample_rate_hz)
        samples = np.clip(np.nan_to_num(samples), -1.0, 1.0)
        return Said(
            samples=at_pace(samples, rate=line.rate, sample_rate_hz=self.traits.sample_rate_hz)
        )

    def close(self) -> None:
        """End the process of the engine; the next line starts it anew."""
        if self._worker is not None:
            self._worker.close()

    def _ask(self, task: str, facts: dict[str, object], sounds: list[np.ndarray]) -> Answer:
        try:
            return self._process().ask(task, facts, *sounds, patience_s=PATIENCE_S)
        except Refused as refused:
            if refused.what == "weights":
                message = (
                    "The voice engine chatterbox cannot speak yet: its weights are not here and could not be fetched from "
                    "their hub. Say one line while there is a network; afterwards none is needed."
                )
                raise MissingError(message) from None
            if refused.reason == "missing":
                message = f"The Python package {refused.what!r} is not in the environment of chatterbox. {how_to_install(self._places)}"
                raise MissingError(message) from None
            message = f"chatterbox failed on a line ({refused.what}). Write it in simpler words, or install it again."
            raise EngineBrokeError(message) from None

    def _process(self) -> Worker:
        with self._starting:
            if self._worker is None:
                python = python_for(
                    "chatterbox", module=LIBRARY, places=self._places, python=self._python
                )
                if python is None:
                    message = f"The voice engine chatterbox is not installed. {how_to_install(self._places)}"
                    raise MissingError(message)
                self._worker = Worker(_WORKER, engine="chatterbox", python=python)
            return self._worker


def how_to_install(places: Places | None) -> str:
    """Say how it is installed."""
    home = environment_of("chatterbox", places=places)
    return f"Give it an environment of its own: python3.11 -m venv {home}, then {home}/bin/pip install chatterbox-tts."
