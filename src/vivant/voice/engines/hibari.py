"""The embedded English voice: hibari, a small network whose weights lie in its wheel.

hibari turns a sentence into phonemes (a port of the misaki rules), the phonemes into
spectra, the spectra into sound. Its network decides how long each phoneme lasts; that
number is not among its outputs, so one is appended to the graph in memory: protocol
buffers that are concatenated are merged, which makes a graph output a matter of some
forty bytes and needs no other library.
"""

from __future__ import annotations

import threading
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from hibari import Hibari, dsp
from hibari.voices import voice_path

from vivant.errors import EngineBrokeError, InputError
from vivant.places import Places
from vivant.voice.engine import Line, Said, VoiceOffer, VoiceTraits
from vivant.voice.engines.onnx_bytes import as_output
from vivant.voice.engines.spelling import spell
from vivant.voice.engines.timing import timed

if TYPE_CHECKING:
    from jaxtyping import Float32

VOICE = "heart"
DURATIONS = "/Clip_output_0"
"""Tensor of hibari's graph that holds the length of each phoneme."""
UNIT_SAMPLES = 600
"""A length of 1 there is 25 ms: two of the network's 12.5 ms frames at 24 kHz."""
LONGEST_PHONEMES = 380
"""hibari was trained on no longer a sentence than 400 phonemes."""
LOUDEST = 0.99


class HibariVoice:
    """Says English with hibari's own voice, ``"heart"``; some 100 times faster than real time on one core."""

    traits = VoiceTraits(
        name="hibari",
        version="hibari-tts/0.2.1+1",
        sample_rate_hz=24_000,
        languages=frozenset({"en-US"}),
        licence="Apache-2.0",
        gives_timings=True,
    )

    def __init__(self, *, voice: str = "", places: Places | None = None) -> None:
        del places  # its weights lie in its wheel
        if voice not in {"", VOICE}:
            message = f"hibari has no voice {voice!r}. It has one: {VOICE}."
            raise InputError(message)
        self._loading = threading.Lock()

    @classmethod
    def offers(cls, *, places: Places | None = None) -> tuple[VoiceOffer, ...]:
        """List its one voice."""
        del places
        traits = cls.traits
        offer = VoiceOffer(
            name=VOICE,
            languages=traits.languages,
            sounds="a woman, American",
            licence=traits.licence,
        )
        return (offer,)

    def say(self, line: Line, /) -> Said:
        """Say the line."""
        model = self._model
        spelled = spell(line.text, grapher=model.g2p, alphabet=frozenset(model.vocab))
        noise = np.random.default_rng(line.seed)
        pieces = tuple(spelled.pieces(LONGEST_PHONEMES))
        voiced = [
            self._voice(spelled.letters[piece], rate=line.rate, noise=noise) for piece in pieces
        ]
        samples = (
            np.concatenate([sound for sound, _ in voiced]) if voiced else np.zeros(0, np.float32)
        )
        peak = float(np.abs(samples).max(initial=0.0))
        if peak > LOUDEST:
            samples = samples * np.float32(LOUDEST / peak)
        phones, words = timed(
            spelled,
            pieces=pieces,
            lengths=[units for _, units in voiced],
            samples=samples,
            sample_rate_hz=self.traits.sample_rate_hz,
            unit_samples=UNIT_SAMPLES,
        )
        return Said(samples=samples, phones=phones, words=words)

    def _voice(
        self, phonemes: str, *, rate: float, noise: np.random.Generator
    ) -> tuple[Float32[np.ndarray, " samples"], Float32[np.ndarray, " phonemes"]]:
        model = self._model
        ids = np.asarray([model.ids(phonemes)], np.int64)
        *spectra, lengths = model.sess.run(
            None, {"ids": ids, "speed": np.asarray([rate], np.float32)}
        )
        sound = dsp.synth(*(part[0] for part in spectra), noise)
        lengths = np.asarray(lengths, np.float32).ravel()
        if len(lengths) != ids.shape[1] or int(lengths.sum()) * UNIT_SAMPLES != len(sound):
            message = (
                f"hibari returned {len(sound)} samples for {lengths.sum():g} units of time; its phones cannot be placed. "
                "Install the version of hibari-tts that Vivant asks for."
            )
            raise EngineBrokeError(message)
        return sound, lengths

    @property
    def _model(self) -> Hibari:
        with self._loading:
            return self._loaded

    @cached_property
    def _loaded(self) -> Hibari:
        graph = Path(voice_path(VOICE, download_missing=False)).read_bytes()
        model = Hibari(model=graph + as_output(DURATIONS), threads=1)
        _ = model.g2p  # loads its dictionaries now, under the lock
        return model
