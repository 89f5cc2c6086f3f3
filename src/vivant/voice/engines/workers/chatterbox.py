"""Chatterbox, in its own process: it pins versions of its libraries that cannot lie beside ours."""

from __future__ import annotations

import array
import hashlib
import importlib
import tempfile
import wave
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from vivant.models.wire import Facts, RefusedError, Sounds, Task, floats

torch = importlib.import_module("torch")
perth = importlib.import_module("perth")
KINDS = {
    "": ("chatterbox.mtl_tts", "ChatterboxMultilingualTTS"),
    "turbo": ("chatterbox.tts_turbo", "ChatterboxTurboTTS"),
}
_HUBS = frozenset({"huggingface_hub", "requests", "httpx", "urllib3"})
MISSING = "missing"
_LOADED: dict[str, Any] = {}
_HEARD: dict[tuple[str, str], Any] = {}


def _model(kind: str) -> Any:  # noqa: ANN401 - a class of the package
    """Load the weights; on a CUDA device where there is one, never on Apple's, where it fails."""
    if kind not in _LOADED:
        if perth.PerthImplicitWatermarker is None:  # its import failed, silently
            raise RefusedError(MISSING, "resemble-perth")
        device = "cuda" if torch.cuda.is_available() else "cpu"
        module, name = KINDS[kind]
        model = getattr(importlib.import_module(module), name)
        try:
            _LOADED[kind] = model.from_pretrained(device)
        except Exception as error:
            if isinstance(error, OSError) or type(error).__module__.split(".")[0] in _HUBS:
                raise RefusedError(MISSING, "weights") from error
            raise
        _HEARD[kind, ""] = _LOADED[kind].conds
    return _LOADED[kind]


def _say(facts: Facts, sounds: Sounds) -> tuple[Facts, Sounds]:
    kind = str(facts["kind"])
    model = _model(kind)
    key = hashlib.sha256(sounds[0].tobytes()).hexdigest() if sounds else ""
    if (kind, key) not in _HEARD:
        with tempfile.TemporaryDirectory(prefix="vivant-") as folder:
            path = Path(folder) / "person.wav"
            _write(path, sounds[0], int(facts["rate"]))
            model.prepare_conditionals(str(path))
        _HEARD[kind, key] = model.conds
    model.conds = _HEARD[kind, key]
    if model.conds is None:
        raise RefusedError(MISSING, "weights")
    torch.manual_seed(int(facts["seed"]))
    named = {} if kind == "turbo" else {"language_id": str(facts["language"])}
    made = model.generate(str(facts["text"]), **named)
    samples = made.detach().cpu().float().reshape(-1).contiguous().numpy()
    return {"rate": int(model.sr)}, [floats(samples)]


def _load(facts: Facts, sounds: Sounds) -> tuple[Facts, Sounds]:
    del sounds
    return {"rate": int(_model(str(facts["kind"])).sr)}, []


def _write(path: Path, samples: array.array[float], rate: int) -> None:
    whole = array.array("h", (round(max(-1.0, min(1.0, sample)) * 32767) for sample in samples))
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(whole.tobytes())


TASKS: Mapping[str, Task] = {"load": _load, "say": _say}
