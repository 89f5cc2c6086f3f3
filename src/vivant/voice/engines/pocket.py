"""Pocket TTS: clones a voice from a few seconds, on a CPU; an optional extra.

The package ``pocket-tts`` fetches its weights from their hub when they are first used. Those
that clone are given only to people who accepted their terms there; without them the package falls
back to weights that cannot clone, silently. Here that is an error, never another voice.
"""

from __future__ import annotations

import importlib
import threading
from pathlib import Path
from typing import Any

import numpy as np
from jaxtyping import Float32

from vivant.errors import EngineBrokeError, InputError, MissingError
from vivant.media.watch import Watch
from vivant.models.apart import installed
from vivant.places import Places
from vivant.voice.engine import Line, Said, VoiceOffer, VoiceTraits
from vivant.voice.engines.cloning import (
    character_from,
    is_about_weights,
    key_of,
    nobody_to_be,
    recording_of,
    resampled,
)
from vivant.voice.engines.pacing import at_pace
from vivant.voice.engines.tags import language_of, with_regions
from vivant.voice.person import Character, Reference

LIBRARY = "pocket_tts"
HOW_TO_INSTALL = "pip install 'vivant[pocket]'"
MODELS = {
    "en": "english", "fr": "french", "de": "german", "pt": "portuguese", "it": "italian", "es": "spanish", "nl": "dutch",
}  # fmt: skip
"""For each language the package's name of its model."""
VOICES = {
    "alba": ("en", "a woman, Scottish", "CC-BY-4.0"), "marius": ("en", "a man", "CC0-1.0"),
    "javert": ("en", "a man", "CC0-1.0"), "fantine": ("en", "a woman, British", "CC-BY-4.0"),
    "eponine": ("en", "a woman, British", "CC-BY-4.0"), "azelma": ("en", "a woman, British", "CC-BY-4.0"),
    "giovanni": ("it", "a man", "LicenseRef-see-kyutai"), "lola": ("es", "a woman", "LicenseRef-see-kyutai"),
    "juergen": ("de", "a man", "LicenseRef-see-kyutai"), "rafael": ("pt", "a man", "LicenseRef-see-kyutai"),
    "estelle": ("fr", "a woman", "LicenseRef-see-kyutai"), "daan": ("nl", "a man", "LicenseRef-see-kyutai"),
}  # fmt: skip
"""Voices of the package's catalogue that may be used freely, or have a language to themselves."""
MOST_S = 30.0
"""What the package itself would cut a recording to."""
_NOT_LOADED = "Its weights are not here and could not be fetched from their hub"


class PocketVoice:
    """Speaks seven languages with a voice of its catalogue, or like a person from 5 s of recording."""

    traits = VoiceTraits(
        name="pocket",
        version="pocket-tts/4+1",
        sample_rate_hz=24_000,
        languages=with_regions(MODELS),
        licence="MIT AND CC-BY-4.0",
        likeness="cloned",
        clones_from_s=5.0,
    )

    def __init__(
        self, *, voice: str = "", places: Places | None = None, config: Path | None = None
    ) -> None:
        """Choose a voice; nothing is loaded yet.

        Args:
            voice: A voice of ``VOICES``; the first of the line's language when empty.
            places: Not used: the package keeps weights where its hub's library does.
            config: A model of one's own: the package's YAML file; it then speaks any of the languages.

        Raises:
            InputError: There is no such voice.
        """
        del places
        if voice and voice not in VOICES:
            message = f"pocket has no voice {voice!r}. It has: {', '.join(VOICES)}."
            raise InputError(message)
        self._voice = voice
        self._config = config
        self._turn = threading.Lock()
        self._models: dict[str, Any] = {}
        self._states: dict[tuple[str, str], Any] = {}

    @classmethod
    def offers(cls, *, places: Places | None = None) -> tuple[VoiceOffer, ...]:
        """List the voices of the catalogue."""
        del places
        here = installed(LIBRARY)
        how = "" if here else f"{HOW_TO_INSTALL}; weights come from their hub with the first line."
        return tuple(
            VoiceOffer(
                name=name,
                languages=with_regions([language]),
                sounds=sounds,
                licence=licence,
                ready=here,
                how=how,
            )
            for name, (language, sounds, licence) in VOICES.items()
        )

    def fit(self, reference: Reference, /, *, watch: Watch) -> Character:
        """Keep up to 30 s of the person; the network listens to them before it speaks.

        Raises:
            InputError: The reference is shorter than 5 s.
            MissingError: The package or its weights are not here, or the weights cannot clone.
        """
        watch("pocket", 0, 1)
        made = character_from(reference, traits=self.traits, most_s=MOST_S)
        with self._turn:
            _check_cloning(self._model("en"))
        watch("pocket", 1, 1)
        return made

    def say(self, line: Line, /) -> Said:
        """Say the line.

        Raises:
            MissingError: The package or its weights are not here, or the weights cannot clone.
            EngineBrokeError: It failed.
        """
        language = language_of(line.language)
        with self._turn:  # the package's models are not for two threads, and chance is global
            model = self._model(language)
            torch = importlib.import_module("torch")
            state = self._state(model, language, line)
            torch.manual_seed(line.seed)
            try:
                made = model.generate_audio(state, line.text)
            except Exception as error:
                message = f"pocket failed on a line of {len(line.text)} characters ({type(error).__name__}). Write it in simpler words."
                raise EngineBrokeError(message) from error
        samples = _whole(np.asarray(made.numpy(), np.float32).reshape(-1))
        samples = resampled(samples, int(model.sample_rate), self.traits.sample_rate_hz)
        return Said(
            samples=at_pace(samples, rate=line.rate, sample_rate_hz=self.traits.sample_rate_hz)
        )

    def _model(self, language: str) -> Any:  # noqa: ANN401 - a class of the package
        if language in self._models:
            return self._models[language]
        try:
            package = importlib.import_module(LIBRARY)
        except ImportError as error:
            message = f"The voice engine pocket is not installed. Install it: {HOW_TO_INSTALL}."
            raise MissingError(message) from error
        try:
            if self._config is not None:
                model = package.TTSModel.load_model(config=self._config)
            else:
                model = package.TTSModel.load_model(language=MODELS[language])
        except Exception as error:
            if not is_about_weights(error):
                message = f"pocket could not load its weights ({type(error).__name__}). Install it again: {HOW_TO_INSTALL}."
                raise EngineBrokeError(message) from error
            message = (
                f"The voice engine pocket cannot speak yet. {_NOT_LOADED} ({type(error).__name__}). "
                "Say one line while there is a network; afterwards none is needed."
            )
            raise MissingError(message) from error
        model.max_decoder_frames_per_call = 1  # else sound would hang on how busy the machine is
        self._models[language] = model
        return model

    def _state(self, model: Any, language: str, line: Line) -> Any:  # noqa: ANN401
        """Let the model listen to whom it is to be."""
        if line.character is None and self._config is not None:
            raise nobody_to_be(self.traits, line)  # the catalogue's voices are for its own weights
        if line.character is None:
            name = self._voice or next(v for v, (of, *_) in VOICES.items() if of == language)
            return self._listened(model, language, name, name)
        _check_cloning(model)
        recording = recording_of(
            line.character, traits=self.traits, sample_rate_hz=int(model.sample_rate)
        )
        torch = importlib.import_module("torch")
        return self._listened(
            model, language, key_of(recording), torch.from_numpy(recording[None].copy())
        )

    def _listened(self, model: Any, language: str, key: str, prompt: Any) -> Any:  # noqa: ANN401
        if (language, key) not in self._states:
            try:
                self._states[language, key] = model.get_state_for_audio_prompt(prompt)
            except Exception as error:
                if is_about_weights(error):
                    message = f"The voice {self._voice or 'asked for'} of pocket is not here. {_NOT_LOADED} ({type(error).__name__})."
                    raise MissingError(message) from error
                message = f"pocket could not listen to its voice ({type(error).__name__}). Give another recording."
                raise EngineBrokeError(message) from error
        return self._states[language, key]


def _whole(samples: Float32[np.ndarray, " samples"]) -> Float32[np.ndarray, " samples"]:
    return np.asarray(np.clip(np.nan_to_num(samples), -1.0, 1.0), np.float32)


def _check_cloning(model: Any) -> None:  # noqa: ANN401 - a class of the package
    """Refuse weights that cannot clone, which the package loads without a word."""
    if not model.has_voice_cloning:
        message = (
            "The voice engine pocket loaded weights that cannot clone: those that can are given only to people who "
            "accepted their terms, and not without a network. Accept them on the page of the model kyutai/pocket-tts at "
            "its hub, log in on this machine with your own token (hf auth login), and try again with a network."
        )
        raise MissingError(message)
