"""Foreign packages in small: the same doors as the real ones, real sound behind them.

Each is written as files into a folder that a test puts where Python looks for packages, in this
process or in an environment of its own. They are stand-ins, not mocks: what is asked of them they do.
"""

from __future__ import annotations

import json
import site
import sys
import venv
from pathlib import Path

from vivant.voice.engines.workers.graphs import (
    FLOAT,
    INT64,
    field,
    node,
    number_field,
    value,
    whole_number,
)

TORCH = '''
"""Tensors that are arrays."""
import numpy as np

class Tensor:
    def __init__(self, array): self.array = np.asarray(array)
    def numpy(self): return self.array
    def detach(self): return self
    cpu = float = contiguous = detach
    def reshape(self, *shape): return Tensor(self.array.reshape(*shape))

def from_numpy(array): return Tensor(array)
chance = np.random.default_rng(0)
def manual_seed(seed):
    global chance
    chance = np.random.default_rng(seed)

class cuda:
    is_available = staticmethod(lambda: False)
'''

POCKET = '''
"""Speaks a tone for each letter; higher for a person who hums higher."""
import numpy as np
import torch

class TTSModel:
    sample_rate = 24000
    has_voice_cloning = True
    loaded = []
    max_decoder_frames_per_call = 0

    @classmethod
    def load_model(cls, language=None, config=None):
        cls.loaded.append(language or str(config))
        if language == "german": raise FileNotFoundError("no network: Anna's text")
        if language == "dutch": raise KeyError("sick")
        made = cls()
        made.has_voice_cloning = language != "french"  # as when its terms were not accepted
        return made

    def get_state_for_audio_prompt(self, prompt):
        if isinstance(prompt, str):
            return {"hz": 200.0 if prompt == "alba" else 120.0}
        assert prompt.array.ndim == 2 and prompt.array.dtype == np.float32
        sound = prompt.array[0]
        return {"hz": float(np.diff((sound >= 0).astype(int)).astype(bool).sum() / 2 / len(sound) * self.sample_rate)}

    def generate_audio(self, state, text):
        assert self.max_decoder_frames_per_call == 1
        if "crash" in text: raise RuntimeError(text)
        moments = np.arange(len(text) * 1200) / self.sample_rate
        noise = 0.001 * torch.chance.standard_normal(len(moments))
        return torch.Tensor((0.3 * np.sin(2 * np.pi * state["hz"] * moments) + noise).astype(np.float32))
'''

VOICECLONNX = '''
"""Makes a sound as loud as the reference, at the rate of its engine; a frame shorter, as converters do."""
import numpy as np
import soundfile as sf

RATES = {"openvoice": 22050, "facodec": 16000, "knnvc": 16000, "bicodec": 16000}

class VoiceCloner:
    def __init__(self, engine="chatterbox"):
        self.engine, self.sample_rate = engine, RATES[engine]
    def clone_voice(self, audio, reference_voice, out_path=None):
        if self.engine == "facodec": raise OSError("offline")
        sound, rate = sf.read(audio, dtype="float32")
        person, _ = sf.read(reference_voice, dtype="float32")
        count = int(len(sound) * self.sample_rate / rate)
        made = np.interp(np.linspace(0, len(sound) - 1, count), np.arange(len(sound)), sound)
        made *= np.abs(person).max() / max(np.abs(made).max(), 1e-6)
        if self.engine == "knnvc": made = made[: count // 2]
        sf.write(out_path, made[:-256], self.sample_rate, subtype="PCM_16")
        return out_path
'''

CHATTERBOX = '''
"""Hums as high as the person in its prompt; prints a good deal, as the real one does."""
import wave
import numpy as np
import torch
import perth

class Model:
    sr = 24000
    @classmethod
    def from_pretrained(cls, device):
        print("loading on", device)
        assert device in ("cpu", "cuda")
        return cls()
    def __init__(self):
        self.conds = 150.0
        self.watermarker = perth.PerthImplicitWatermarker()
    def prepare_conditionals(self, path):
        with wave.open(path) as file:
            rate, count = file.getframerate(), file.getnframes()
            sound = np.frombuffer(file.readframes(count), np.int16)
        self.conds = float(np.diff((sound >= 0).astype(int)).astype(bool).sum() / 2 / count * rate)
    def generate(self, text, **named):
        print("saying", text)
        if "crash" in text: raise RuntimeError(text)
        if "vanish" in text: __import__("os")._exit(9)
        assert self.named(named)
        moments = np.arange(len(text) * 1500) / self.sr
        sound = 0.3 * np.sin(2 * np.pi * self.conds * moments) + 0.001 * torch.chance.standard_normal(len(moments))
        return torch.Tensor(self.watermarker.apply_watermark(sound, sample_rate=self.sr).astype(np.float32)[None])
'''
MULTILINGUAL = """
from chatterbox.model import Model
class ChatterboxMultilingualTTS(Model):
    def named(self, named): return set(named) == {"language_id"}
"""
TURBO = """
from chatterbox.model import Model
class ChatterboxTurboTTS(Model):
    def named(self, named): return not named
"""
PERTH = """
class PerthImplicitWatermarker:
    def apply_watermark(self, sound, sample_rate): return sound
"""

PIPER_CONFIG = '''
"""As the real one, with the fields that are used."""
class PiperConfig:
    @staticmethod
    def from_dict(told):
        made = PiperConfig()
        made.sample_rate = told["audio"]["sample_rate"]
        made.phoneme_id_map = told["phoneme_id_map"]
        made.length_scale = told.get("inference", {}).get("length_scale", 1.0)
        made.hop_length = 256
        return made

class SynthesisConfig:
    def __init__(self, speaker_id=None, length_scale=None):
        self.speaker_id, self.length_scale = speaker_id, length_scale
'''
PIPER_VOICE = '''
"""Reads letters as sounds, and binds "of the" into one word."""
import numpy as np

class PiperVoice:
    def __init__(self, session, config): self.session, self.config = session, config
    def phonemize(self, text):
        if "vanish" in text: __import__("os")._exit(3)
        print("phonemizing", text)
        said = text.lower().replace("of the", "ofthe")
        out = []
        for word in said.split():
            out += ([" "] if out else []) + ["ˈ", *word]
        return [out]
    def phonemes_to_ids(self, letters):
        known, ids = self.config.phoneme_id_map, []
        ids += known["^"] + known["_"]
        for letter in letters: ids += known[letter] + known["_"]
        return ids + known["$"]
    def phoneme_ids_to_audio(self, ids, options, include_alignments=False):
        feeds = {"input": np.array([ids], np.int64), "input_lengths": np.array([len(ids)], np.int64),
                 "scales": np.array([0.667, options.length_scale, 0.8], np.float32)}
        if options.speaker_id is not None and "deaf" not in self.config.phoneme_id_map: pass
        result = self.session.run(None, feeds)
        sound = result[0].squeeze()
        if len(result) == 1: return sound, None
        return sound, (result[1].squeeze() * self.config.hop_length).astype(np.int64)
'''

PACKAGES: dict[str, dict[str, str]] = {
    "torch": {"torch.py": TORCH},
    "pocket_tts": {"pocket_tts.py": POCKET},
    "voiceclonnx": {"voiceclonnx.py": VOICECLONNX},
    "perth": {"perth.py": PERTH},
    "chatterbox": {
        "chatterbox/__init__.py": "",
        "chatterbox/model.py": CHATTERBOX,
        "chatterbox/mtl_tts.py": MULTILINGUAL,
        "chatterbox/tts_turbo.py": TURBO,
    },
    "piper": {
        "piper/__init__.py": "",
        "piper/config.py": PIPER_CONFIG,
        "piper/voice.py": PIPER_VOICE,
    },
}


def put(folder: Path, *packages: str) -> None:
    """Write packages into a folder."""
    for package in packages:
        for name, text in PACKAGES[package].items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")


def environment(home: Path, *packages: str, lend: bool = True) -> Path:
    """Make a virtual environment with packages of ours, and lend it the libraries of this one; give its Python."""
    venv.create(home, with_pip=False, symlinks=sys.platform != "win32")
    own = packages_of(home)
    put(own, *packages)
    if lend:
        (own / "libraries.pth").write_text("\n".join(site.getsitepackages()) + "\n")
    return home / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")


def packages_of(home: Path) -> Path:
    """Tell where an environment keeps its packages."""
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    inside = "Lib" if sys.platform == "win32" else f"lib/{version}"
    return home / inside / "site-packages"


LETTERS = "_^$ ˈˌabcdefghijklmnopqrstuvwxyz.,!?ʃæ"


def piper_voice(path: Path, *, language: str = "en_US", speakers: tuple[str, ...] = ()) -> Path:
    """Write a Piper voice of a few hundred bytes: each letter is a tone of some frames, with chance in it."""
    path.write_bytes(tiny_network())
    told = {
        "audio": {"sample_rate": 22050},
        "espeak": {"voice": language.replace("_", "-").lower()},
        "language": {"code": language},
        "phoneme_type": "espeak",
        "num_symbols": len(LETTERS),
        "num_speakers": max(1, len(speakers)),
        "speaker_id_map": {name: i for i, name in enumerate(speakers)},
        "phoneme_id_map": {letter: [i] for i, letter in enumerate(LETTERS)},
    }
    Path(f"{path}.json").write_text(json.dumps(told), encoding="utf-8")
    return path


def tiny_network() -> bytes:
    """Write an ONNX model with the doors of a Piper voice.

    Letters become lengths of two to seven frames (rounded up, with a random part), lengths a sound
    of 256 samples a frame: a buzz with random noise on it.
    """
    nodes = (
        node("Cast", ["input"], ["x"], _whole_attribute("to", FLOAT)),
        node("RandomNormalLike", ["x"], ["chance"]),
        node("Abs", ["chance"], ["above"]),
        node("Constant", [], ["two"], _float_attribute(2.0)),
        node("Add", ["above", "two"], ["long"]),
        node("Constant", [], ["one_place"], _places_attribute(1)),
        node("Gather", ["scales", "one_place"], ["slower"]),
        node("Mul", ["long", "slower"], ["slow"]),
        node("Ceil", ["slow"], ["w_ceil"]),
        node("ReduceSum", ["w_ceil"], ["frames"], _whole_attribute("keepdims", 0)),
        node("Constant", [], ["hop"], _float_attribute(256.0)),
        node("Mul", ["frames", "hop"], ["count"]),
        node("Constant", [], ["zero"], _float_attribute(0.0)),
        node("Constant", [], ["one"], _float_attribute(1.0)),
        node("Range", ["zero", "count", "one"], ["t"]),
        node("Constant", [], ["speed"], _float_attribute(0.05)),
        node("Mul", ["t", "speed"], ["phase"]),
        node("Sin", ["phase"], ["buzz"]),
        node("RandomNormalLike", ["buzz"], ["hiss"]),
        node("Constant", [], ["loud"], _float_attribute(0.3)),
        node("Constant", [], ["faint"], _float_attribute(0.01)),
        node("Mul", ["buzz", "loud"], ["louder"]),
        node("Mul", ["hiss", "faint"], ["fainter"]),
        node("Add", ["louder", "fainter"], ["output"]),
    )
    graph = b"".join([
        *(field(1, one) for one in nodes),
        field(2, b"tiny"),
        field(11, value("input", INT64, ["batch", "letters"])),
        field(11, value("input_lengths", INT64, ["batch"])),
        field(11, value("scales", FLOAT, [3])),
        field(12, value("output", FLOAT, ["samples"])),
    ])  # fmt: skip
    return number_field(1, 8) + field(8, number_field(2, 15)) + field(7, graph)


def _whole_attribute(name: str, what: int) -> bytes:
    return field(1, name.encode()) + number_field(3, what) + number_field(20, 2)


def _float_attribute(what: float) -> bytes:
    import struct

    held = number_field(2, FLOAT) + field(9, struct.pack("<f", what))
    return field(1, b"value") + field(5, held) + number_field(20, 4)


def _places_attribute(what: int) -> bytes:
    return field(1, b"value") + field(5, whole_number("", what)) + number_field(20, 4)
