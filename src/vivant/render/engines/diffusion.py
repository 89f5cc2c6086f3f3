"""Image to video by diffusion: a Wan 2.2 class model, run by ``diffusers`` in a process of its own.

Weights are never fetched by this engine: see ``models.hub``. The library may lie beside Vivant
(``vivant[neural]``) or in an environment of its own.

Source:
    The call and its limits: ``WanImageToVideoPipeline`` of diffusers. Sizes are multiples of the
    autoencoder's step times the transformer's patch (32 for the 5B model, 16 for the 14B ones), lengths
    ``4 k + 1``; the lengths, rates and dials are those that the models' cards name.
"""

from __future__ import annotations

import json
import math
import tempfile
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from jaxtyping import UInt8

from vivant.errors import EngineBrokeError, InputError, MissingError, ResourceError
from vivant.media.watch import Watch
from vivant.models.apart import Refused, Worker, environment_of, python_for
from vivant.models.hub_fetching import Weights, own_weights, weights_for
from vivant.places import Places
from vivant.render.moving import Moved, MovingTraits, Wish

NAME, VERSION = "diffusion", "1"
LIBRARY = "diffusers"
PACKAGES = "torch diffusers transformers accelerate safetensors ftfy"
NEGATIVE = (
    "blurred, soft, distorted face, another person, extra people, deformed hands, extra limbs, text, subtitles, logo, "
    "watermark, flicker, jump cut, still picture, cartoon, oversaturated"
)
"""What it is told to keep away from."""
LOAD_S, STEP_S = 1800.0, 1800.0
"""How long loading, and one step, may take: on a slow disk, on a processor without a GPU."""
LOOK_S = 5.0
"""How long to wait for the next step before the watch is told that nothing has changed."""
UNSEEN = 0.03
"""A squeeze by less than this share does not matter: it is taken back."""
_WORKER = "vivant.render.engines.workers.diffusion"


@dataclass(frozen=True, slots=True, kw_only=True)
class Dials:
    """How a model is run."""

    rate: Fraction = Fraction(24)
    """Frames a second that it has learned."""
    most_frames: int = 121
    area_px: int = 1280 * 704
    """Of a picture that it has learned."""
    steps: int = 50
    guidance: float = 5.0

    def __str__(self) -> str:
        return f"{self.rate} {self.most_frames} {self.area_px} {self.steps} {self.guidance:g}"


SMALL = Dials()
LARGE = Dials(rate=Fraction(16), most_frames=81, area_px=1280 * 720, steps=40, guidance=3.5)
"""Of the 14B models."""


class TooLongToMoveError(InputError):
    """A shot is longer than a model can move a picture."""

    code = "render.too-long-to-move"


class DiffusionEngine:
    """Moves pictures with weights that were fetched, or with a folder of one's own."""

    traits = MovingTraits(name=NAME, version=VERSION, licence="Apache-2.0", needs_gpu=True)

    def __init__(
        self,
        *,
        weights: Path | None = None,
        dials: Dials | None = None,
        places: Places | None = None,
        python: Path | None = None,
    ) -> None:
        """Choose; nothing is loaded yet.

        Args:
            weights: A folder of weights; those that were fetched when None.
            dials: How the model is run; by its kind when None.
            places: Where things are kept.
            python: The Python that has ``diffusers``; looked for when None.
        """
        self._folder, self._given, self._places, self._python = weights, dials, places, python
        self._worker: Worker | None = None
        self._facts: dict[str, Any] | None = None

    def identity(self) -> str:
        """Name version, weights and dials."""
        weights = self._weights()
        return f"{NAME}/{VERSION} {weights.name}@{weights.revision} {self._dials(weights)}"

    def move(self, wish: Wish, /, *, watch: Watch) -> Moved:
        """Move a picture."""
        weights = self._weights()
        dials = self._dials(weights)
        least, rate = _length(wish, dials)
        watch("weights", 0, 1)
        facts = self._loaded(weights)
        watch("weights", 1, 1)
        height_px, width_px = wish.first.shape[:2]
        width_px, height_px = size_for(
            width_px, height_px, area_px=dials.area_px, steps=facts["step_px"]
        )
        step = int(facts["step_frames"])
        asked: dict[str, object] = {
            "folder": str(weights.folder),
            "prompt": wish.prompt,
            "negative": NEGATIVE,
            "seed": wish.seed % 2**63,
            "width_px": width_px,
            "height_px": height_px,
            "frames": math.ceil((least - 1) / step) * step + 1,
            "steps": dials.steps,
            "guidance": dials.guidance,
        }
        folder = tempfile.TemporaryDirectory(prefix="vivant-moved-")
        try:
            path = Path(folder.name)
            first = cv2.resize(wish.first, (width_px, height_px), interpolation=cv2.INTER_AREA)
            np.save(path / "first.npy", first)
            self._run(asked, path, watch)
            pixels = _read(path / "frames.npy", (least, height_px, width_px))
        except BaseException:
            folder.cleanup()
            raise
        return Moved(pixels=pixels, rate=rate, close=folder.cleanup)

    def about(self) -> str:
        """Tell on which device and with which libraries the weights were loaded; nothing before they were."""
        facts = self._facts or {}
        return " ".join(str(facts[name]) for name in ("device", "library") if name in facts)

    def close(self) -> None:
        """End the process, which gives the memory back."""
        if self._worker is not None:
            self._worker.close()
        self._worker = self._facts = None

    def _run(self, asked: dict[str, object], folder: Path, watch: Watch) -> None:
        """Let it work, and tell the watch how far it is."""
        self._ask(
            "begin",
            asked | {"first": str(folder / "first.npy"), "to": str(folder / "frames.npy")},
        )
        seen: dict[str, Any] = {"done": 0, "total": asked["steps"], "finished": False}
        try:
            while not seen["finished"]:
                watch("diffusion", seen["done"], seen["total"])
                seen = self._ask("wait", {"seen": seen["done"], "seconds": LOOK_S})
        except BaseException:  # who stops us leaves it at work
            self.close()
            raise
        watch("diffusion", seen["total"], seen["total"])

    def _weights(self) -> Weights:
        if self._folder is not None:
            return own_weights(self._folder)
        return weights_for("diffusion", places=self._places)

    def _dials(self, weights: Weights) -> Dials:
        """Tell how weights are run: the small model marks its first frame by times, the large ones do not."""
        if self._given is not None:
            return self._given
        try:
            index = json.loads((weights.folder / "model_index.json").read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return SMALL
        return SMALL if index.get("expand_timesteps") else LARGE

    def _loaded(self, weights: Weights) -> dict[str, Any]:
        if self._facts is None:
            self._facts = self._ask("load", {"folder": str(weights.folder)}, patience_s=LOAD_S)
        return self._facts

    def _ask(
        self, task: str, facts: dict[str, object], *, patience_s: float = STEP_S
    ) -> dict[str, Any]:
        try:
            return dict(self._process().ask(task, facts, patience_s=patience_s).facts)
        except Refused as refused:
            raise self._trouble(refused) from None

    def _process(self) -> Worker:
        if self._worker is None:
            python = python_for(NAME, module=LIBRARY, places=self._places, python=self._python)
            if python is None:
                message = f"The engine diffusion is not installed. {how_to_install(self._places)}"
                raise MissingError(message)
            self._worker = Worker(_WORKER, engine=NAME, python=python, kind="render engine")
        return self._worker

    def _trouble(self, refused: Refused) -> Exception:
        self.close()
        if refused.reason == "memory":
            where, least = (
                ("the graphics card", "24 GB")
                if refused.what == "gpu"
                else ("this machine", "64 GB")
            )
            message = f"The diffusion engine needs more memory than {where} has free; {least} is what the small model asks for. Close other programs, make the film smaller, or write engine: ours."
            return ResourceError(message)
        if refused.reason == "missing":
            message = f"The Python package {refused.what!r} is not in the environment of the engine diffusion. {how_to_install(self._places)}"
            return MissingError(message)
        if refused.reason == "weights":
            message = f"The weights of the engine diffusion cannot be read ({refused.what}): a file lacks, or is damaged. Fetch them again, or name another folder."
            return MissingError(message)
        if refused.what == "pickle":
            message = "The folder of weights holds pickles (.bin, .pt, .ckpt), which may run anything when they are loaded. Take them out, and give safetensors."
            return InputError(message)
        if refused.what == "class":
            message = "The folder of weights is for another kind of model; needed is a Wan model that begins from a picture, in the layout of diffusers."
            return InputError(message)
        message = f"The diffusion engine failed ({refused.what}). Install its packages again: {PACKAGES}; or write engine: ours."
        return EngineBrokeError(message)


def size_for(
    width_px: int, height_px: int, *, area_px: int, steps: tuple[int, int] | list[int]
) -> tuple[int, int]:
    """Choose a size that a model can do: a multiple of its steps, near to the shot's shape, not larger than it has learned.

    The whole picture is squeezed into it and stretched back afterwards, so nothing is cut off or made up at the
    edges; the squeeze is 2 % at 720 lines.

    Args:
        width_px: Of the shot.
        height_px: Of the shot.
        area_px: The largest area.
        steps: Down and across.

    Returns:
        Width and height.
    """
    down, across = steps
    scale = min(1.0, math.sqrt(area_px / (width_px * height_px)))
    wide, high = width_px * scale / across, height_px * scale / down
    sides = [
        (x * across, y * down)
        for x in {max(1, math.floor(wide)), max(1, math.ceil(wide))}
        for y in {max(1, math.floor(high)), max(1, math.ceil(high))}
    ]
    fitting = [side for side in sides if side[0] * side[1] <= area_px] or [min(sides)]
    aspect = width_px / height_px

    def squeezed(side: tuple[int, int]) -> float:
        return max(0.0, abs(math.log(side[0] / side[1] / aspect)) - UNSEEN)

    return min(fitting, key=lambda side: (round(squeezed(side), 4), -side[0] * side[1]))


def _length(wish: Wish, dials: Dials) -> tuple[int, Fraction]:
    """Tell how many frames are needed, and at which rate they are to be shown.

    Where the model's rate is near to the film's, its frames are shown one by one, as cinema shows 24 on 25:
    nothing is made up between them. Elsewhere they stand at their own times.
    """
    if is_near(dials.rate, wish.rate) and wish.frames <= dials.most_frames:
        return wish.frames, wish.rate
    needed = math.ceil((wish.frames - 1) * dials.rate / wish.rate) + 1
    if needed > dials.most_frames:
        message = (
            f"The shot lasts {float(wish.frames / wish.rate):.1f} s, and these weights move a picture for at most "
            f"{float(dials.most_frames / dials.rate):.1f} s. Make the shot shorter, or two of it."
        )
        raise TooLongToMoveError(message)
    return needed, dials.rate


def _read(path: Path, least: tuple[int, int, int]) -> UInt8[np.ndarray, "frames height width 3"]:
    """Look at what came back, without reading all of it."""
    pixels = np.load(path, mmap_mode="r", allow_pickle=False)
    frames, height_px, width_px = least
    if (
        pixels.dtype != np.uint8
        or pixels.shape[1:] != (height_px, width_px, 3)
        or len(pixels) < frames
    ):
        message = f"The diffusion engine returned {pixels.shape}; {frames} frames of {width_px} x {height_px} were asked. Install its packages again: {PACKAGES}."
        raise EngineBrokeError(message)
    return np.asanyarray(pixels)


def is_near(rate: Fraction, other: Fraction) -> bool:
    """Tell whether frames at one rate may be shown at the other one by one, as cinema shows 24 on 25."""
    return abs(other / rate - 1) <= Fraction(1, 20)


def how_to_install(places: Places | None) -> str:
    """Say how it is installed."""
    home = environment_of(NAME, places=places)
    return (
        f"Give it an environment of its own: python3.11 -m venv {home}, then {home}/bin/pip install {PACKAGES}; "
        "or beside Vivant: pip install 'vivant[neural]' (5 GB)."
    )
