"""Voice conversion: another engine says the line, and its voice is turned into the person's.

Sounds stay where they are in time, so the other engine's phones hold for the converted sound too:
lips stay exact. The package ``voiceclonnx`` runs several converters on the ONNX runtime; their
weights come from their hub with the first line.
"""

from __future__ import annotations

import importlib
import threading
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import soundfile
from jaxtyping import Float32

from vivant.engines import engine_named
from vivant.errors import EngineBrokeError, InputError, MissingError
from vivant.media.watch import Watch
from vivant.models.apart import installed
from vivant.places import Places
from vivant.voice.engine import Line, Said, VoiceEngine, VoiceOffer, VoiceTraits
from vivant.voice.engines.cloning import (
    character_from,
    is_about_weights,
    recording_of,
    resampled,
    short_lived_files,
    write_wav,
)
from vivant.voice.person import Character, Reference

LIBRARY = "voiceclonnx"
HOW_TO_INSTALL = "pip install 'vivant[voiceclonnx]'"
SPEAKS_FIRST = "hibari"
"""Engine that says the line when none is named."""
MOST_S = 30.0
_REFERENCE_HZ = 24_000
_SLACK_S = 0.1
"""How much longer or shorter a converter's sound may be: a frame or two are lost at the ends."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Converter:
    """One of the package's converters that keeps sounds where they are."""

    sample_rate_hz: int
    licence: str
    about: str
    commercial: bool = True
    """Whether its weights may be used in trade."""


CONVERTERS = {
    "openvoice": Converter(sample_rate_hz=22_050, licence="MIT", about="OpenVoice v2: tone colour"),
    "facodec": Converter(sample_rate_hz=16_000, licence="Apache-2.0", about="FACodec: timbre of a codec"),
    "knnvc": Converter(sample_rate_hz=16_000, licence="MIT", about="kNN-VC: nearest frames"),
    "bicodec": Converter(sample_rate_hz=16_000, licence="CC-BY-NC-SA-4.0", about="BiCodec", commercial=False),
}  # fmt: skip


class ConvertedVoice:
    """Says a line with another engine, then converts it into a person's voice."""

    traits = VoiceTraits(
        name="voiceclonnx",
        version="voiceclonnx/0.0.3+1",
        sample_rate_hz=CONVERTERS["openvoice"].sample_rate_hz,
        languages=frozenset({"en-US"}),
        licence="Apache-2.0 AND MIT",
        gives_timings=True,
        likeness="cloned",
        clones_from_s=5.0,
    )

    def __init__(
        self,
        *,
        voice: str = "",
        places: Places | None = None,
        allow_non_commercial: bool = False,
    ) -> None:
        """Choose a converter and the engine that speaks first; nothing is loaded yet.

        Args:
            voice: ``CONVERTER`` or ``CONVERTER+ENGINE`` or ``CONVERTER+ENGINE:VOICE``; ``openvoice+hibari`` when empty.
            places: Where models are kept, for the engine that speaks first.
            allow_non_commercial: Whether weights that forbid use in trade may be used.

        Raises:
            InputError: There is no such converter, or its weights forbid use in trade.
        """
        name, _, speaker = (voice or "openvoice").partition("+")
        if name not in CONVERTERS:
            message = f"voiceclonnx has no converter {name!r} that keeps sounds in time. It has: {', '.join(CONVERTERS)}."
            raise InputError(message)
        self._name, self._converter = name, CONVERTERS[name]
        if not self._converter.commercial and not allow_non_commercial:
            message = (
                f"The weights of {name} are under {self._converter.licence}: not for use in trade. Choose openvoice, or "
                "make the engine in Python with allow_non_commercial=True if yours is not."
            )
            raise InputError(message)
        self._speaks_first, self._places = speaker or SPEAKS_FIRST, places
        self._turn = threading.Lock()
        self._loaded: Any = None
        if voice:
            first = self._first.traits
            self.traits = replace(
                type(self).traits,
                version=f"{type(self).traits.version}/{name}/{first.version}",
                sample_rate_hz=self._converter.sample_rate_hz,
                languages=first.languages,
                licence=f"Apache-2.0 AND {self._converter.licence} AND ({first.licence})",
                gives_timings=first.gives_timings,
                models=first.models,
            )

    @classmethod
    def offers(cls, *, places: Places | None = None) -> tuple[VoiceOffer, ...]:
        """List the converters that may be used in trade."""
        del places
        here = installed(LIBRARY)
        how = "" if here else f"{HOW_TO_INSTALL}; weights come from their hub with the first line."
        return tuple(
            VoiceOffer(
                name=name,
                languages=cls.traits.languages,
                sounds=f"a learned person, over another voice ({one.about})",
                licence=one.licence,
                ready=here,
                how=how,
            )
            for name, one in CONVERTERS.items()
            if one.commercial
        )

    def fit(self, reference: Reference, /, *, watch: Watch) -> Character:
        """Keep up to 30 s of the person; the converter listens to them with every line.

        Raises:
            InputError: The reference is shorter than 5 s.
            MissingError: The package or its weights are not here.
        """
        watch("voiceclonnx", 0, 1)
        made = character_from(reference, traits=self.traits, most_s=MOST_S)
        person = recording_of(made, traits=self.traits, sample_rate_hz=_REFERENCE_HZ)
        self._converted(person[:_REFERENCE_HZ], _REFERENCE_HZ, person)  # it works, or says why not
        watch("voiceclonnx", 1, 1)
        return made

    def say(self, line: Line, /) -> Said:
        """Say the line: like the person, or without one as the engine that speaks first.

        Raises:
            MissingError: The package or its weights are not here.
            EngineBrokeError: It failed, or moved the sounds in time.
        """
        said = self._first.say(replace(line, character=None))
        rate, wanted = self._first.traits.sample_rate_hz, self.traits.sample_rate_hz
        if line.character is None:
            made = resampled(said.samples, rate, wanted)
        else:
            person = recording_of(line.character, traits=self.traits, sample_rate_hz=_REFERENCE_HZ)
            made = self._converted(said.samples, rate, person)
        long = round(len(said.samples) * wanted / rate)
        if abs(len(made) - long) > _SLACK_S * wanted:
            message = (
                f"The converter {self._name} made {len(made)} samples of what lasts {long}; its sounds cannot be placed. "
                f"Install the version that Vivant asks for: {HOW_TO_INSTALL}."
            )
            raise EngineBrokeError(message)
        samples = np.zeros(long, np.float32)
        samples[: min(long, len(made))] = made[:long]
        scale = wanted / rate
        phones = tuple(
            replace(one, first=round(one.first * scale), last=round(one.last * scale))
            for one in said.phones
        )
        words = tuple(
            replace(one, first=round(one.first * scale), last=round(one.last * scale))
            for one in said.words
        )
        return Said(samples=samples, phones=phones, words=words)

    @cached_property
    def _first(self) -> VoiceEngine:
        name, _, voice = self._speaks_first.partition(":")
        found = engine_named("voice", name).load(voice=voice, places=self._places)
        if not isinstance(found, VoiceEngine) or isinstance(found, ConvertedVoice):
            message = f"The voice {name!r} cannot speak first for voiceclonnx. Choose a voice that speaks by itself, such as hibari."
            raise InputError(message)
        return found

    def _converted(
        self, samples: Float32[np.ndarray, " samples"], rate: int, person: np.ndarray
    ) -> Float32[np.ndarray, " converted"]:
        with self._turn, short_lived_files() as folder:
            line, reference, out = (folder / f"{name}.wav" for name in ("line", "person", "out"))
            write_wav(line, samples, sample_rate_hz=rate)
            write_wav(reference, person, sample_rate_hz=_REFERENCE_HZ)
            try:
                made = Path(self._cloner().clone_voice(str(line), str(reference), str(out)))
            except (MissingError, EngineBrokeError):
                raise
            except Exception as error:
                if is_about_weights(error):
                    message = (
                        f"The converter {self._name} cannot work yet: its weights are not here and could not be fetched from "
                        f"their hub ({type(error).__name__}). Say one line while there is a network; afterwards none is needed."
                    )
                    raise MissingError(message) from error
                message = f"The converter {self._name} failed on {len(samples)} samples ({type(error).__name__})."
                raise EngineBrokeError(message) from error
            found, found_hz = soundfile.read(made, dtype="float32")
        if found_hz != self._converter.sample_rate_hz or found.ndim != 1:
            message = f"The converter {self._name} returned {found.ndim} dimensions at {found_hz} Hz. Install it again: {HOW_TO_INSTALL}."
            raise EngineBrokeError(message)
        return np.asarray(found, np.float32)

    def _cloner(self) -> Any:  # noqa: ANN401 - a class of the package
        if self._loaded is None:
            try:
                package = importlib.import_module(LIBRARY)
            except ImportError as error:
                message = (
                    f"The voice engine voiceclonnx is not installed. Install it: {HOW_TO_INSTALL}."
                )
                raise MissingError(message) from error
            self._loaded = package.VoiceCloner(engine=self._name)
        return self._loaded
