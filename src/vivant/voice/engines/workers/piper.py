"""Piper, in its own process: a voice file in, sound and the length of each letter out.

The library is under the GPL and is imported here only, never in the process that asks.
"""

from __future__ import annotations

import importlib
import json
import logging
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol, runtime_checkable

from vivant.models.wire import Facts, RefusedError, Sounds, Task, floats
from vivant.voice.engines.workers.graphs import open_up

np = importlib.import_module("numpy")
onnxruntime = importlib.import_module("onnxruntime")
config_of = importlib.import_module("piper.config")
piper = importlib.import_module("piper.voice")
logging.disable(logging.CRITICAL)  # it logs what it says

NOISE = 1 << 19
"""Random numbers a line; they repeat after that many, some 30 s."""
THREADS = 2
UNUSABLE = "input"


@runtime_checkable
class Session(Protocol):
    """What is needed of a session of the ONNX runtime."""

    def run(self, outputs: None, feeds: Mapping[str, object]) -> list[Any]:
        """Run the network."""


class Piper:
    """One voice file, loaded."""

    def __init__(self, model: Path) -> None:
        try:
            config = config_of.PiperConfig.from_dict(
                json.loads(Path(f"{model}.json").read_text(encoding="utf-8"))
            )
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise RefusedError(UNUSABLE, "config") from error
        try:
            edited = open_up(model.read_bytes(), random_numbers=NOISE)
            options = onnxruntime.SessionOptions()
            options.intra_op_num_threads = THREADS
            session = onnxruntime.InferenceSession(
                edited.model, options, providers=["CPUExecutionProvider"]
            )
        except Exception as error:  # the runtime has many
            raise RefusedError(UNUSABLE, "model") from error
        self.session = _Seeded(session, edited.noises)
        self.voice = piper.PiperVoice(session=self.session, config=config)

    def phonemize(self, text: str) -> list[str]:
        """Spell a text in the voice's own letters."""
        known = self.voice.config.phoneme_id_map
        return [
            letter
            for sentence in self.voice.phonemize(text)
            for letter in sentence
            if letter in known
        ]

    def say(
        self, letters: list[str], *, seed: int, slower: float, speaker: int | None
    ) -> tuple[Any, list[int] | None]:
        """Say letters; how long each is comes with the sound where the voice can tell."""
        self.session.seed = seed
        ids = self.voice.phonemes_to_ids(letters)
        length = self.voice.config.length_scale * slower
        options = config_of.SynthesisConfig(speaker_id=speaker, length_scale=length)
        made = self.voice.phoneme_ids_to_audio(ids, options, include_alignments=True)
        samples, per_id = made if isinstance(made, tuple) else (made, None)
        if per_id is None:
            return samples, None
        return samples, self._per_letter(letters, [int(count) for count in per_id])

    def _per_letter(self, letters: list[str], per_id: list[int]) -> list[int] | None:
        """Add up what belongs to a letter: its numbers, and the gap that follows it."""
        known = self.voice.config.phoneme_id_map
        gap = len(known.get("_", ()))
        found, at = [], 0
        for letter in ("^", *letters, "$"):
            many = len(known.get(letter, ())) + (0 if letter == "$" else gap)
            found.append(sum(per_id[at : at + many]))
            at += many
        return found if at == len(per_id) else None


class _Seeded:
    """A session whose chance is given from outside, so that a line sounds the same each time."""

    def __init__(self, session: Session, noises: Sequence[str]) -> None:
        self._session = session
        self._noises = noises
        self.seed = 0

    def run(self, outputs: None, feeds: Mapping[str, object]) -> list[Any]:
        """Run the network."""
        chance = np.random.default_rng(self.seed)
        drawn = {name: chance.standard_normal(NOISE, np.float32) for name in self._noises}
        return self._session.run(outputs, {**feeds, **drawn})


_LOADED: dict[str, Piper] = {}


def _voice(facts: Facts) -> Piper:
    model = str(facts["model"])
    if model not in _LOADED:
        _LOADED.clear()
        _LOADED[model] = Piper(Path(model))
    return _LOADED[model]


def _phonemize(facts: Facts, sounds: Sounds) -> tuple[Facts, Sounds]:
    del sounds
    spell = _voice(facts).phonemize
    return {"letters": [spell(text) for text in facts["texts"]]}, []


def _say(facts: Facts, sounds: Sounds) -> tuple[Facts, Sounds]:
    del sounds
    samples, lengths = _voice(facts).say(
        list(facts["letters"]),
        seed=int(facts["seed"]),
        slower=float(facts["slower"]),
        speaker=facts["speaker"],
    )
    return {"lengths": lengths}, [floats(samples)]


TASKS: Mapping[str, Task] = {"phonemize": _phonemize, "say": _say}
