"""Runs AudioSeal in its own process: torch and its package are imported here only.

Sound comes and goes as float32, mono, 16 kHz.
"""

from __future__ import annotations

import importlib
import json
from pathlib import Path
from typing import Any

from vivant.models.wire import Facts, RefusedError, Sounds, Task, floats

torch = importlib.import_module("torch")
np = importlib.import_module("numpy")
builder = importlib.import_module("audioseal.builder")
loader = importlib.import_module("audioseal.loader")
tensors = importlib.import_module("safetensors.torch")
omegaconf = importlib.import_module("omegaconf")

MEMORY, WEIGHTS = "memory", "weights"
_KINDS = (
    ("generator", "audioseal_wm_16bits", "AudioSealWMConfig", "create_generator"),
    ("detector", "audioseal_detector_16bits", "AudioSealDetectorConfig", "create_detector"),
)
_NETWORKS: dict[str, Any] = {}


def load(facts: Facts, _: Sounds) -> tuple[Facts, Sounds]:
    """Build both networks as the package's own cards say, and load their weights: numbers, no programs.

    A file ``config.json`` beside the weights changes entries of the cards' ``seanet``, for networks of another size.
    """
    folder = Path(facts["folder"])
    try:
        own = folder / "config.json"
        changes = json.loads(own.read_text(encoding="utf-8")) if own.is_file() else {}
        for name, card, kind, create in _KINDS:
            told = omegaconf.OmegaConf.to_container(loader.load_local_model_config(card))
            told["seanet"].update(changes.get("seanet", {}))
            config = loader.AudioSeal.parse_config(told, config_type=getattr(builder, kind))
            network = getattr(builder, create)(config)
            numbers = tensors.load_file(folder / f"{name}.safetensors")
            if not any("inner_conv" in key for key in numbers):  # as the published files name them
                numbers = loader.convert_state_dict_for_scriptable_model(numbers)
            loader.load_state_dict(network, state_dict=numbers)
            _NETWORKS[name] = network.eval()
    except MemoryError as error:
        raise RefusedError(MEMORY, "ram") from error
    except Exception as error:
        raise RefusedError(WEIGHTS, type(error).__name__) from error
    return {}, []


def mark(_: Facts, sounds: Sounds) -> tuple[Facts, Sounds]:
    """Tell what is added to a stretch of sound so that it carries a message."""
    bits = torch.from_numpy(np.array(sounds[1], np.float32)).long()[None]
    with torch.no_grad():
        added = _network("generator").get_watermark(_in(sounds[0]), message=bits)
    return {}, [_out(added)]


def read(_: Facts, sounds: Sounds) -> tuple[Facts, Sounds]:
    """Tell how much of a stretch is marked, and for each bit how likely it is 1."""
    with torch.no_grad():
        there, message = _network("detector")(_in(sounds[0]))
    share = (there[:, 1, :] > 0.5).float().mean().reshape(1)
    return {}, [_out(torch.cat([share, message.reshape(-1)]))]


def _network(name: str) -> Any:  # noqa: ANN401 - a network
    if name not in _NETWORKS:
        raise RefusedError(WEIGHTS, "not loaded")
    return _NETWORKS[name]


def _in(numbers: Any) -> Any:  # noqa: ANN401 - numbers, and a tensor
    return torch.from_numpy(np.array(numbers, np.float32))[None, None]


def _out(tensor: Any) -> Any:  # noqa: ANN401 - a tensor, and numbers
    return floats(np.ascontiguousarray(tensor.detach().cpu().numpy().reshape(-1), np.float32))


TASKS: dict[str, Task] = {"load": load, "mark": mark, "read": read}
