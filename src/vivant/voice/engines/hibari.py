"""The embedded English voice: hibari, a small network whose weights lie in its wheel.

hibari turns a sentence into phonemes (a port of the misaki rules), the phonemes into
spectra, the spectra into sound. Its network decides how long each phoneme lasts; that
number is not among its outputs, so one is appended to the graph in memory: protocol
buffers that are concatenated are merged, which makes a graph output a matter of some
forty bytes and needs no other library.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from hibari import Hibari, dsp
from hibari.voices import voice_path

from vivant.errors import EngineBrokeError, InputError
from vivant.media.watch import Watch
from vivant.places import Places
from vivant.voice.breath import breath
from vivant.voice.engine import Line, Said, VoiceOffer, VoiceTraits
from vivant.voice.engines import hibari_person
from vivant.voice.engines.hibari_emphasis import emphasised, later, weights
from vivant.voice.engines.hibari_frames import put_together, taken_apart, voiced_pitch
from vivant.voice.engines.onnx_bytes import as_output
from vivant.voice.engines.spelling import spell
from vivant.voice.engines.timing import timed
from vivant.voice.person import Character, Reference
from vivant.voice.speech import Phone, Word

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
COMPARED = (
    "I grew up in a small house near the river, and my father built boats in the yard behind it.",
    "When I was seven years old, he let me paint the name on the side of the first one.",
    "We didn't have much money, but nobody on our street did, so it never bothered us.",
    "Every Sunday my mother would cook a big pot of soup, and the neighbors came over to share it.",
    "I remember the smell of fresh bread in the morning, and the sound of rain on the tin roof.",
    "School was three miles away, and we walked there in all kinds of weather.",
    "My best friend was a boy called George, who could whistle louder than anyone I ever met.",
    "Later I worked at the post office, and then for twenty years as a teacher of geography.",
    "You should have seen the look on her face when I asked her to choose the yellow jacket.",
    "The garden was my joy, with roses, beans, and a cherry tree that the birds loved more than I did.",
    "Things usually look better after a long, quiet walk, and a good thick sandwich with cheese.",
    "Take care of each other, choose your words with patience, and call your mother more often.",
)
"""What the embedded voice says when a person is compared with it: every sound, in many surroundings."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Spoken:
    samples: Float32[np.ndarray, " samples"]
    pitch_hz: Float32[np.ndarray, " frames"]
    """As the network tells it, a frame for each 300 samples."""
    phones: tuple[Phone, ...]
    words: tuple[Word, ...]


class HibariVoice:
    """Says English with hibari's own voice, ``"heart"``; some 100 times faster than real time on one core."""

    traits = VoiceTraits(
        name="hibari",
        version="hibari-tts/0.2.1+3",
        sample_rate_hz=24_000,
        languages=frozenset({"en-US"}),
        licence="Apache-2.0",
        gives_timings=True,
        likeness="matched",
        clones_from_s=10.0,
    )

    def __init__(self, *, voice: str = "", places: Places | None = None) -> None:
        del places  # its own weights lie in its wheel
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
        noise = np.random.default_rng(line.seed)
        spoken = self._speak(
            line.text,
            rate=line.rate,
            noise=noise,
            spoken_as=line.spoken_as,
            emphasis=line.emphasis,
        )
        if len(spoken.samples) and (line.character is not None or line.emphasis):
            spoken = self._bent(spoken, line, noise)
        samples = spoken.samples
        peak = float(np.abs(samples).max(initial=0.0))
        if peak > LOUDEST:
            samples = samples * np.float32(LOUDEST / peak)
        return Said(samples=samples, phones=spoken.phones, words=spoken.words)

    def fit(self, reference: Reference, /, *, watch: Watch) -> Character:
        """Learn how a person differs from this voice, in some ten seconds.

        Raises:
            InputError: Too little of the reference is voiced; the message says how much there is.
        """
        steps = len(COMPARED) + 1
        watch("listening to the person", 0, steps)
        person = hibari_person.heard(reference)
        own = []
        for done, text in enumerate(COMPARED, start=1):
            watch("comparing with the embedded voice", done, steps)
            spoken = self._speak(text, rate=1.0, noise=np.random.default_rng(done))
            frames = taken_apart(spoken.samples, spoken.pitch_hz)
            own.append(hibari_person.Spoken(frames=frames, phones=spoken.phones))
        arrays = hibari_person.learned(
            person,
            own,
            bandwidth_hz=reference.bandwidth_hz,
            snr_db=reference.snr_db,
        )
        watch("comparing with the embedded voice", steps, steps)
        return Character(engine=self.traits.name, version=self.traits.version, arrays=arrays)

    def _bent(self, spoken: _Spoken, line: Line, noise: np.random.Generator) -> _Spoken:
        """Say it like the person, and with weight where it belongs."""
        phones, words = spoken.phones, spoken.words
        if line.character is None:
            own = breath(spoken.samples, voiced_pitch(spoken.pitch_hz))
            frames = taken_apart(spoken.samples, spoken.pitch_hz, breath=own)
        else:
            frames = taken_apart(spoken.samples, spoken.pitch_hz)
            frames = hibari_person.likened(frames, phones=phones, arrays=line.character.arrays)
        carried = weights(words, text=line.text, emphasis=line.emphasis, frames=len(frames))
        if carried.any():
            frames = emphasised(frames, carried=carried)
            phones, words = later(phones, words, carried=carried)
        samples = put_together(frames, noise=noise)
        power = [float(np.mean(np.square(one))) for one in (spoken.samples, samples)]
        samples = samples * np.float32(np.sqrt(power[0] / max(power[1], 1e-12)))
        return _Spoken(samples=samples, pitch_hz=frames.pitch_hz, phones=phones, words=words)

    def _speak(
        self,
        text: str,
        *,
        rate: float,
        noise: np.random.Generator,
        spoken_as: tuple[str, ...] = (),
        emphasis: frozenset[int] = frozenset(),
    ) -> _Spoken:
        model = self._model
        spelled = spell(
            text,
            grapher=model.g2p,
            alphabet=frozenset(model.vocab),
            spoken_as=spoken_as,
            emphasis=emphasis,
        )
        pieces = tuple(spelled.pieces(LONGEST_PHONEMES))
        voiced = [self._voice(spelled.letters[piece], rate=rate, noise=noise) for piece in pieces]
        nothing = np.zeros(0, np.float32)
        samples = np.concatenate([nothing, *(sound for sound, _, _ in voiced)])
        phones, words = timed(
            spelled,
            pieces=pieces,
            lengths=[units for _, units, _ in voiced],
            samples=samples,
            sample_rate_hz=self.traits.sample_rate_hz,
            unit_samples=UNIT_SAMPLES,
        )
        return _Spoken(
            samples=samples,
            pitch_hz=np.concatenate([nothing, *(tone for _, _, tone in voiced)]),
            phones=phones,
            words=words,
        )

    def _voice(
        self, phonemes: str, *, rate: float, noise: np.random.Generator
    ) -> tuple[
        Float32[np.ndarray, " samples"],
        Float32[np.ndarray, " phonemes"],
        Float32[np.ndarray, " frames"],
    ]:
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
        return sound, lengths, np.asarray(spectra[-1][0], np.float32)

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
