"""A network with the doors of AudioSeal that does what that does in the plainest way: a bit is a faint tone, up or down."""

from __future__ import annotations

from pathlib import Path

from elsewhere import environment, packages_of

TORCH = '''
"""As much of torch as AudioSeal's worker asks for, on arrays."""
import contextlib
import numpy as np

class Tensor(np.ndarray):
    def long(self): return self.astype(np.int64).view(Tensor)
    def float(self): return self.astype(np.float32).view(Tensor)
    def detach(self): return self
    def cpu(self): return self
    def numpy(self): return np.asarray(self)

def from_numpy(array): return array.view(Tensor)
def cat(parts): return np.concatenate([np.asarray(part) for part in parts]).view(Tensor)
no_grad = contextlib.nullcontext
'''
AUDIOSEAL_BUILDER = """
import numpy as np
import torch

class AudioSealWMConfig: pass
class AudioSealDetectorConfig: pass

def tones(count):
    moments = np.arange(count) / 16_000
    return np.stack([np.sin(2 * np.pi * (600 + 200 * i) * moments) for i in range(16)])

class Network:
    def eval(self): return self
    def get_watermark(self, x, message):
        assert x.shape[:2] == (1, 1) and message.shape == (1, 16)
        if self.told.get("breaks"): raise RuntimeError("a voice like Anna's")
        added = 0.01 * ((2 * np.asarray(message[0]) - 1) @ tones(x.shape[2]))
        if self.told.get("short"): added = added[:100]
        return added[None, None].astype(np.float32).view(torch.Tensor)
    def __call__(self, x):
        heard = tones(x.shape[2]) @ np.asarray(x[0, 0]) / x.shape[2] / 0.005
        there = np.abs(heard).mean() > 0.5
        share = np.zeros((1, 2, 5)); share[0, int(there)] = 1
        return share.view(torch.Tensor), (0.5 + 0.5 * np.tanh(heard))[None].view(torch.Tensor)

def create(config):
    network = Network()
    network.told = config
    return network

create_generator = create_detector = create
"""
AUDIOSEAL_LOADER = """
class AudioSeal:
    @staticmethod
    def parse_config(told, config_type): return told["seanet"]

def load_local_model_config(card):
    assert card in ("audioseal_wm_16bits", "audioseal_detector_16bits")
    return {"seanet": {}}

def convert_state_dict_for_scriptable_model(numbers): return numbers

def load_state_dict(model, state_dict):
    if state_dict != {"weights": 1}: raise RuntimeError("sizes do not fit")
"""
SAFETENSORS_TORCH = """
import json
def load_file(path):
    return json.loads(open(path).read())
"""
OMEGACONF = """
class OmegaConf:
    @staticmethod
    def to_container(told): return told
"""


def seal_python(home: Path) -> Path:
    """Make an environment with these packages, and give its Python."""
    python = environment(home, lend=True)
    packages = packages_of(home)
    for name, text in (
        ("torch.py", TORCH),
        ("omegaconf.py", OMEGACONF),
        ("audioseal/__init__.py", ""),
        ("audioseal/builder.py", AUDIOSEAL_BUILDER),
        ("audioseal/loader.py", AUDIOSEAL_LOADER),
        ("safetensors/__init__.py", ""),
        ("safetensors/torch.py", SAFETENSORS_TORCH),
    ):
        path = packages / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return python


def seal_folder(folder: Path, *, weights: str = '{"weights": 1}', config: str = "{}") -> Path:
    """Write weights, and how they behave."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in ("generator", "detector"):
        (folder / f"{name}.safetensors").write_text(weights, encoding="utf-8")
    (folder / "config.json").write_text(config, encoding="utf-8")
    return folder
