"""Runs Video Seal's TorchScript file, in its own process: torch is imported here only.

Pictures come and changes go as float32, 3 x 256 x 256 each, red, green, blue, 0..1.
"""

from __future__ import annotations

import importlib
from typing import Any

from vivant.models.wire import Facts, RefusedError, Sounds, Task, floats

torch = importlib.import_module("torch")
np = importlib.import_module("numpy")

SIDE_PX = 256
MEMORY, WEIGHTS = "memory", "weights"
_NETWORK: list[Any] = []


def load(facts: Facts, _: Sounds) -> tuple[Facts, Sounds]:
    """Load the file; its hash was compared before."""
    device = "cuda" if torch.cuda.is_available() else "cpu"
    try:
        network = torch.jit.load(str(facts["file"]), map_location=device).eval()
    except torch.cuda.OutOfMemoryError as error:
        raise RefusedError(MEMORY, "gpu") from error
    except (RuntimeError, OSError, ValueError) as error:
        raise RefusedError(WEIGHTS, type(error).__name__) from error
    _NETWORK[:] = [network]
    return {"device": device}, []


def change(facts: Facts, sounds: Sounds) -> tuple[Facts, Sounds]:
    """Tell how pictures change when they are to carry bits."""
    pictures = _pictures(sounds[0], int(facts["count"]))
    bits = torch.from_numpy(np.array(sounds[1], np.float32))[None].to(pictures.device)
    with torch.no_grad():
        marked = _NETWORK[0].embed(pictures, bits)
    return {}, [_out(marked - pictures)]


def read(facts: Facts, sounds: Sounds) -> tuple[Facts, Sounds]:
    """Tell how each bit reads in each picture; the first reading of 257 is not used."""
    pictures = _pictures(sounds[0], int(facts["count"]))
    with torch.no_grad():
        heard = _NETWORK[0].detect(pictures)
    heard = heard.reshape(len(pictures), heard.shape[1], -1).mean(dim=2)
    return {}, [_out(heard[:, 1:])]


def _pictures(numbers: Any, count: int) -> Any:  # noqa: ANN401 - numbers, and a tensor
    if not _NETWORK:
        raise RefusedError(WEIGHTS, "not loaded")
    array = np.array(numbers, np.float32).reshape(count, 3, SIDE_PX, SIDE_PX)
    device = "cuda" if torch.cuda.is_available() else "cpu"
    return torch.from_numpy(array).to(device)


def _out(tensor: Any) -> Any:  # noqa: ANN401 - a tensor, and numbers
    return floats(np.ascontiguousarray(tensor.detach().cpu().numpy(), np.float32))


TASKS: dict[str, Task] = {"load": load, "change": change, "read": read}
