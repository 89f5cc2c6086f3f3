"""Whom voices are made like, what they say, and what they were taught."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path

import numpy as np
from scipy.signal import butter, sosfiltfilt

from vivant.media.hearing import read_sound, resampled
from vivant.media.loudness import measure
from vivant.media.sound import Sound
from vivant.media.watch import unwatched
from vivant.voice.activity import held, speech_probabilities
from vivant.voice.choosing import voice_engine
from vivant.voice.cleaning import clean
from vivant.voice.engine import Line, PersonalEngine, VoiceEngine
from vivant.voice.learning import CLEAN_DB
from vivant.voice.listening import hear
from vivant.voice.parting import HIGHEST_PEAK, LUFS
from vivant.voice.person import Character, Reference
from vivant.voice.soundness import soundness

RATE_HZ = 24_000
LONG_S, SHORT_S = 60, 10
TELEPHONE_HZ = 8_000
TELEPHONE_BAND_HZ = (300.0, 3400.0)
NOISE_DB = 10.0
SENTENCES = Path(__file__).with_name("sentences.txt")
STAND_INS = {"deep": ("kokoro:onyx", 1.06), "light": ("kokoro:emma", 0.95)}
"""Synthetic persons for want of recordings: a voice, and how much larger its head is made."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """One of the hundred."""

    written: str
    spoken: str
    """The words as they are to be heard, in small letters."""


@dataclass(frozen=True, slots=True, eq=False)
class Person:
    """Somebody with a voice."""

    name: str
    train: Sound
    held_out: Sound
    real: bool
    """Whether it is a recording that was given, not a stand-in."""


@dataclass(eq=False)
class Setting:
    """What a suite is run on; remembers what takes long."""

    people: Path | None
    engines: tuple[str, ...]
    sentences: int
    folder: Path
    """An empty one."""
    _engines: dict[str, VoiceEngine] = field(default_factory=dict)
    _fits: dict[tuple[str, str, str], tuple[Character, float]] = field(default_factory=dict)
    _references: dict[tuple[str, str], Reference] = field(default_factory=dict)

    def engine(self, name: str) -> VoiceEngine:
        """Make an engine, once."""
        if name not in self._engines:
            self._engines[name] = voice_engine(name)
        return self._engines[name]

    @cached_property
    def asked(self) -> list[Sentence]:
        """The sentences to say, evenly out of the hundred."""
        rows = [
            Sentence(*line.split("\t"))
            for line in SENTENCES.read_text(encoding="utf-8").splitlines()
            if line.strip()
        ]
        places = np.linspace(0, len(rows) - 1, min(self.sentences, len(rows))).astype(int)
        return [rows[i] for i in places]

    @cached_property
    def persons(self) -> list[Person]:
        """Read the recordings, or make the stand-ins."""
        if self.people is None:
            return [self._stand_in(name, *how) for name, how in STAND_INS.items()]
        found = []
        for folder in sorted(path for path in self.people.iterdir() if path.is_dir()):
            trains = sorted(folder.glob("train.wav")) or sorted(folder.glob("train60.wav"))
            if trains and (folder / "heldout.wav").exists():
                train, held_out = (
                    read_sound(path, sample_rate_hz=RATE_HZ)
                    for path in (trains[0], folder / "heldout.wav")
                )
                found.append(Person(folder.name, train, held_out, real=True))
        return found

    def _stand_in(self, name: str, voice: str, size: float) -> Person:
        rows = [line.split("\t")[0] for line in SENTENCES.read_text(encoding="utf-8").splitlines()]
        train, held_out = (
            self.say(voice, rows[first:last]) for first, last in ((40, 58), (60, 70))
        )
        rate = round(RATE_HZ / size)
        train, held_out = (
            resampled(Sound(samples=one.samples, sample_rate_hz=rate), sample_rate_hz=RATE_HZ)
            for one in (train, held_out)
        )
        return Person(name, train, held_out, real=False)

    def say(
        self, engine: str, texts: Sequence[str], *, character: Character | None = None
    ) -> Sound:
        """Say texts, one behind the other."""
        parts = [self.say_one(engine, text, character=character) for text in texts]
        return Sound(samples=np.concatenate(parts), sample_rate_hz=RATE_HZ)

    def say_one(self, engine: str, text: str, *, character: Character | None = None) -> np.ndarray:
        """Say a text at ``RATE_HZ``."""
        voice = self.engine(engine)
        said = voice.say(Line(text=text, language="en-US", character=character))
        sound = Sound(samples=said.samples, sample_rate_hz=voice.traits.sample_rate_hz)
        return resampled(sound, sample_rate_hz=RATE_HZ).samples

    def reference(self, person: Person, kind: str) -> Reference:
        """Make what an engine learns from, ``"60 s"`` or ``"10 s 8 kHz noisy"``, or what it is held against."""
        if (person.name, kind) not in self._references:
            long = _first(person.train, LONG_S)
            sound, cleaned = {
                "60 s": (long, True),
                "10 s 8 kHz noisy": (by_telephone(_first(person.train, SHORT_S)), True),
                "as it is": (long, False),
                "held out": (person.held_out, False),
            }[kind]
            self._references[person.name, kind] = reference_of(sound, cleaned=cleaned)
        return self._references[person.name, kind]

    def fitted(self, engine: str, person: Person, kind: str) -> tuple[Character, float]:
        """Fit an engine to a person, once; and the seconds it took."""
        key = (engine, person.name, kind)
        if key not in self._fits:
            voice = self.engine(engine)
            assert isinstance(voice, PersonalEngine)
            voice.say(Line(text="Warm up.", language="en-US"))
            reference = self.reference(person, kind)
            began_s = time.perf_counter()
            character = voice.fit(reference, watch=unwatched)
            self._fits[key] = character, time.perf_counter() - began_s
        return self._fits[key]


def _first(sound: Sound, seconds: float) -> Sound:
    return replace(sound, samples=sound.samples[: round(seconds * sound.sample_rate_hz)].copy())


def by_telephone(sound: Sound, *, seed: int = 1, noise_db: float = NOISE_DB) -> Sound:
    """Send a sound through a noisy telephone: 8 kHz, 300 to 3400 Hz, noise between white and brown."""
    heard = resampled(sound, sample_rate_hz=TELEPHONE_HZ).samples
    band = butter(4, TELEPHONE_BAND_HZ, "band", fs=TELEPHONE_HZ, output="sos")
    voice = sosfiltfilt(band, heard)
    random = np.random.default_rng(seed)
    room = butter(2, (60.0, 3600.0), "band", fs=TELEPHONE_HZ, output="sos")
    brown = sosfiltfilt(room, np.cumsum(random.normal(size=len(voice))))
    noise = brown / brown.std() + 0.7 * random.normal(size=len(voice))
    mixed = voice + noise * (
        active_level(voice, TELEPHONE_HZ) / noise.std() * 10 ** (-noise_db / 20)
    )
    samples = np.asarray(mixed / np.abs(mixed).max() * 0.7, np.float32)
    return Sound(samples=samples, sample_rate_hz=TELEPHONE_HZ)


def active_level(samples: np.ndarray, rate_hz: int) -> float:
    """Tell the RMS of speech without its pauses: of the frames that lie less than 25 dB under the loud ones."""
    size = rate_hz // 50
    powers = np.square(samples[: len(samples) // size * size].reshape(-1, size)).mean(axis=1)
    return float(np.sqrt(powers[powers > np.percentile(powers, 95) * 10**-2.5].mean()))


def reference_of(sound: Sound, *, cleaned: bool) -> Reference:
    """Make a reference of a whole recording, cleaned as learning does it, or as it is."""
    before = soundness(sound, speaks=held(speech_probabilities(sound)))
    done = clean(sound) if cleaned else None
    at_rate = resampled(done.sound if done else sound, sample_rate_hz=RATE_HZ)
    gain = 10.0 ** ((LUFS - measure(at_rate).lufs) / 20)
    gain = min(gain, HIGHEST_PEAK / float(np.abs(at_rate.samples).max()))
    ready = Sound(samples=at_rate.samples * np.float32(gain), sample_rate_hz=RATE_HZ)
    noisy = done is not None and before.snr_db <= CLEAN_DB
    return Reference(
        sound=ready,
        phones=hear(ready).phones,
        bandwidth_hz=done.after.bandwidth_hz if done and noisy else before.bandwidth_hz,
        snr_db=before.snr_db,
    )
