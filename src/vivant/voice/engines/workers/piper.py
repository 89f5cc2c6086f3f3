"""Piper, in its own process: a voice file in, sound and the length of each letter out.

The library is under the GPL and is imported here only, never in the process that asks.
"""

from __future__ import annotations

import importlib
import json
import logging
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Protocol

from vivant.voice.engines.workers.wire import Facts, RefusedError, Sounds, Task, floats

np = importlib.import_module("numpy")
onnx = importlib.import_module("onnx")
onnxruntime = importlib.import_module("onnxruntime")
config_of = importlib.import_module("piper.config")
lengths_of = importlib.import_module("piper.patch_voice_with_alignment")
piper = importlib.import_module("piper.voice")
logging.disable(logging.CRITICAL)  # it logs what it says

NOISE = 1 << 19
"""Random numbers a line; they repeat after that many, some 30 s."""
THREADS = 2
UNUSABLE = "input"


class Session(Protocol):
    """What is needed of a session of the ONNX runtime."""

    def run(self, outputs: None, feeds: Mapping[str, object]) -> list[Any]:
        """Run the network."""


class Graph(Protocol):
    """What is needed of an ONNX model."""

    graph: Any


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
            graph = onnx.load(str(model))
        except Exception as error:  # protobuf has many
            raise RefusedError(UNUSABLE, "model") from error
        self.lengths = True
        try:
            lengths_of.add_alignment_output(graph)
        except ValueError:  # it has them already, or none that can be told
            self.lengths = len(graph.graph.output) > 1
        noises = noise_from_outside(graph)
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = THREADS
        try:
            session = onnxruntime.InferenceSession(
                graph.SerializeToString(), options, providers=["CPUExecutionProvider"]
            )
        except Exception as error:  # the runtime has many
            raise RefusedError(UNUSABLE, "model") from error
        self.session = _Seeded(session, noises)
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

    def __init__(self, session: Session, noises: list[str]) -> None:
        self._session = session
        self._noises = noises
        self.seed = 0

    def run(self, outputs: None, feeds: Mapping[str, object]) -> list[Any]:
        """Run the network."""
        chance = np.random.default_rng(self.seed)
        drawn = {name: chance.standard_normal(NOISE, np.float32) for name in self._noises}
        return self._session.run(outputs, {**feeds, **drawn})


def noise_from_outside(graph: Graph) -> list[str]:
    """Let every random number of a network come from an input; name those inputs."""
    helper, kinds = onnx.helper, onnx.TensorProto
    names: list[str] = []
    nodes = []
    for node in graph.graph.node:
        if node.op_type != "RandomNormalLike":
            nodes.append(node)
            continue
        name = f"noise_{len(names)}"
        names.append(name)
        shape, count, places, within, picked = (
            f"{name}_{part}" for part in ("shape", "count", "places", "within", "picked")
        )
        nodes += [
            helper.make_node("Shape", [node.input[0]], [shape]),
            helper.make_node("ReduceProd", [shape], [count], keepdims=0),
            helper.make_node("Range", ["noise_zero", count, "noise_one"], [places]),
            helper.make_node("Mod", [places, "noise_long"], [within]),
            helper.make_node("Gather", [name, within], [picked]),
            helper.make_node("Reshape", [picked, shape], [node.output[0]]),
        ]
        graph.graph.input.append(helper.make_tensor_value_info(name, kinds.FLOAT, [NOISE]))
    del graph.graph.node[:]
    graph.graph.node.extend(nodes)
    for name, value in (("noise_zero", 0), ("noise_one", 1), ("noise_long", NOISE)):
        graph.graph.initializer.append(helper.make_tensor(name, kinds.INT64, [], [value]))
    return names


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
