"""Moves a picture by diffusion, in its own process: torch and diffusers are imported here only.

Weights are read from a folder, as safetensors, and nothing is fetched. A film's worth of frames is too
much for a pipe, so the first picture and the frames lie in files of numbers that both sides name.
"""

from __future__ import annotations

import importlib
import json
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from vivant.models.wire import Facts, RefusedError, Sounds, Task

torch = importlib.import_module("torch")
diffusers = importlib.import_module("diffusers")
transformers = importlib.import_module("transformers")
np = importlib.import_module("numpy")
pil = importlib.import_module("PIL.Image")

CLASSES = frozenset({"WanPipeline", "WanImageToVideoPipeline"})
"""What a folder may say it is; the weights for text and picture together come as either."""
PICKLES = ("*.bin", "*.pt", "*.pth", "*.ckpt", "*.pkl", "*.pickle")
INPUT, MEMORY, WEIGHTS = "input", "memory", "weights"
ROOM = 1.25
"""A device needs this much more than its weights; else parts wait in the machine's own memory."""


class Moving:
    """One picture on its way to be a film."""

    def __init__(self) -> None:
        self.changed = threading.Condition()
        self.done = 0
        self.total = 1
        self.finished = False
        self.failure: BaseException | None = None

    def step(self, done: int, total: int) -> None:
        """Note how far it is."""
        with self.changed:
            self.done, self.total = done, total
            self.changed.notify_all()

    def end(self, failure: BaseException | None) -> None:
        """Note that it is over."""
        with self.changed:
            self.finished, self.failure = True, failure
            self.changed.notify_all()


_PIPES: dict[str, Any] = {}
_NOW: list[Moving] = []


def _pipe(folder: Path) -> Any:  # noqa: ANN401 - a class of the package
    if str(folder) in _PIPES:
        return _PIPES[str(folder)]
    try:
        index = json.loads((folder / "model_index.json").read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise RefusedError(WEIGHTS, "model_index.json") from error
    if index.get("_class_name") not in CLASSES:
        raise RefusedError(INPUT, "class")
    if any(True for kind in PICKLES for _ in folder.rglob(kind)):
        raise RefusedError(INPUT, "pickle")
    on_gpu = torch.cuda.is_available()
    usual = {"local_files_only": True, "use_safetensors": True}
    try:
        vae = diffusers.AutoencoderKLWan.from_pretrained(
            folder, subfolder="vae", torch_dtype=torch.float32, **usual
        )
        pipe = diffusers.WanImageToVideoPipeline.from_pretrained(
            folder, vae=vae, torch_dtype=torch.bfloat16 if on_gpu else torch.float32, **usual
        )
    except (OSError, ValueError, KeyError) as error:
        raise RefusedError(WEIGHTS, type(error).__name__) from error
    pipe.set_progress_bar_config(disable=True)
    if on_gpu:
        held = sum(path.stat().st_size for path in folder.rglob("*.safetensors"))
        if held * ROOM < torch.cuda.mem_get_info()[0]:
            pipe.to("cuda")
        else:
            pipe.enable_model_cpu_offload()
    _PIPES.clear()
    _PIPES[str(folder)] = pipe
    return pipe


def _load(facts: Facts, sounds: Sounds) -> tuple[Facts, Sounds]:
    """Load weights, and tell what sizes and lengths they can do."""
    del sounds
    try:
        pipe = _pipe(Path(facts["folder"]))
    except Exception as error:
        raise _told(error) from error
    patch = (pipe.transformer or pipe.transformer_2).config.patch_size
    return {
        "step_px": [int(pipe.vae_scale_factor_spatial * side) for side in patch[1:]],
        "step_frames": int(pipe.vae_scale_factor_temporal),
        "expands": bool(pipe.config.expand_timesteps),
        "device": str(pipe._execution_device),  # noqa: SLF001 - the library has no other way to ask
        "library": f"diffusers/{diffusers.__version__} transformers/{transformers.__version__} torch/{torch.__version__}",
    }, []


def _begin(facts: Facts, sounds: Sounds) -> tuple[Facts, Sounds]:
    """Start to move a picture; ``wait`` tells how far it is."""
    del sounds
    if _NOW and not _NOW[-1].finished:
        raise RefusedError(INPUT, "busy")
    moving = Moving()
    _NOW[:] = [moving]
    threading.Thread(target=_move, args=(facts, moving), daemon=True).start()
    return {}, []


def _move(facts: Facts, moving: Moving) -> None:
    try:
        pipe = _pipe(Path(facts["folder"]))
        steps = int(facts["steps"])

        def heard(_pipe: object, step: int, _time: object, given: dict[str, Any]) -> dict[str, Any]:
            moving.step(step + 1, steps + 1)  # the last one is the decoding
            return given

        made = pipe(
            image=pil.fromarray(np.load(facts["first"], allow_pickle=False)),
            prompt=str(facts["prompt"]),
            negative_prompt=str(facts["negative"]),
            width=int(facts["width_px"]),
            height=int(facts["height_px"]),
            num_frames=int(facts["frames"]),
            num_inference_steps=steps,
            guidance_scale=float(facts["guidance"]),
            generator=torch.Generator("cpu").manual_seed(int(facts["seed"])),
            callback_on_step_end=heard,
            output_type="np",
        ).frames[0]
        kept = np.lib.format.open_memmap(facts["to"], "w+", np.uint8, made.shape)
        for index, frame in enumerate(made):
            kept[index] = np.rint(np.clip(np.nan_to_num(frame), 0, 1) * 255)
        kept.flush()
        moving.end(None)
    except BaseException as error:  # noqa: BLE001 - told to the other side, which raises it
        moving.end(error)


def _wait(facts: Facts, sounds: Sounds) -> tuple[Facts, Sounds]:
    """Wait until something has changed, but not for ever."""
    del sounds
    moving = _NOW[-1]
    with moving.changed:
        moving.changed.wait_for(
            lambda: moving.finished or moving.done > int(facts["seen"]), float(facts["seconds"])
        )
        if moving.failure is not None:
            raise _told(moving.failure)
        return {"done": moving.done, "total": moving.total, "finished": moving.finished}, []


def _told(error: BaseException) -> BaseException:
    """Tell a lack of memory from what else goes wrong."""
    if isinstance(error, RefusedError):
        return error
    if isinstance(error, torch.cuda.OutOfMemoryError):
        return RefusedError(MEMORY, "gpu")
    if isinstance(error, MemoryError) or "can't allocate memory" in str(error):
        return RefusedError(MEMORY, "ram")
    return error


TASKS: Mapping[str, Task] = {"load": _load, "begin": _begin, "wait": _wait}
