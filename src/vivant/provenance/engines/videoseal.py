"""Video Seal: a neural mark of 256 bits, by the network that its makers publish as one TorchScript file.

The file is a program as well as weights, so only the published one is run, known by its hash, in a process
of its own with PyTorch. The network sees 256 x 256 pixels; every fourth frame it says how they should change,
and the three after it are changed alike, as its makers do. What several frames say is added up before it is
read. The weights are MIT and fetched only by name, after their licence was accepted: ``vivant models fetch
videoseal``.

Source:
    P. Fernandez, H. Elsahar, I. Z. Yalniz, A. Mourachko, "Video Seal: Open and Efficient Video
    Watermarking", arXiv:2412.09492; the doors ``embed`` and ``detect`` are those that its guide to the
    TorchScript file describes: pictures 0..1; the first of the 257 readings is not used.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Sequence
from pathlib import Path

import numpy as np
from jaxtyping import Float32

from vivant.errors import InputError, MissingError
from vivant.media.picture import Frame
from vivant.models.hub import hub_model_named
from vivant.models.hub_fetching import Weights, own_weights, weights_for
from vivant.places import Places
from vivant.provenance.engines.process import NetworkNeeds, NetworkProcess
from vivant.provenance.mark_blending import Region, Small, add_change, small_picture, whole
from vivant.provenance.marking import EngineReading, FrameMarker, MarkTraits
from vivant.provenance.payloads import SEAL_BITS, from_seal, to_seal

NAME, VERSION = "videoseal", "1"
FILE = "y_256b_img.jit"
NEEDS = NetworkNeeds(
    name=NAME,
    module="torch",
    called="PyTorch",
    packages="torch numpy",
    worker="vivant.provenance.engines.workers.videoseal",
    mend_weights=f"Fetch them again: vivant models fetch {NAME}.",
)
STEP_FRAMES = 4
"""For how many frames one change stands."""
AT_ONCE = 16
"""Frames that are read in one go."""


class VideoSealEngine:
    """Marks frames with Video Seal."""

    traits = MarkTraits(
        name=NAME,
        version=VERSION,
        licence="MIT",
        bits=SEAL_BITS,
        algorithm="com.aiwatermark.videoseal.1",
        least_frames=1,
    )

    def __init__(
        self,
        *,
        weights: Path | None = None,
        known: Collection[str] | None = None,
        strength: float = 1.0,
        python: Path | None = None,
        places: Places | None = None,
    ) -> None:
        """Choose; nothing is loaded yet.

        Args:
            weights: A folder with the file; the one that was fetched when None.
            known: SHA-256 of the files that may be run; the published one when None.
            strength: How much of the change is made; 1 is what its makers do.
            python: The Python that has PyTorch; looked for when None.
            places: Where things are kept.
        """
        published = [one.sha256 for one in hub_model_named(NAME).files]
        self._known = frozenset(published if known is None else known)
        self._folder, self._strength = weights, strength
        self._places = places
        self._network = NetworkProcess(NEEDS, python=python, places=places)

    @property
    def ready(self) -> bool:
        """Whether the file and PyTorch are here."""
        try:
            here = (self._weights().folder / FILE).is_file()
        except (MissingError, InputError):
            return False
        return here and self._network.found_python() is not None

    @property
    def strength(self) -> float:
        """How much of the change is made."""
        return self._strength

    def identity(self) -> str:
        """Name version and weights."""
        weights = self._weights()
        return f"{NAME}/{VERSION} {weights.name}@{weights.revision[:12]}"

    def begin(self, film_id: str, /, *, width_px: int, height_px: int) -> FrameMarker:
        """Make ready to mark a film."""
        self._load()
        return _Marking(self, to_seal(film_id), whole(width_px, height_px))

    def change(self, picture: Small, bits: Float32[np.ndarray, " bits"]) -> Small:
        """Ask the network how a small picture should change to carry bits."""
        self._load()
        made = self._network.ask("change", {"count": 1}, picture, bits)
        if made.size != picture.size:
            raise self._network.odd(made.size, picture.size)
        return np.asarray(np.nan_to_num(made).reshape(picture.shape), np.float32)

    def read(self, frames: Sequence[Frame], /) -> EngineReading:
        """Read the mark out of all frames together."""
        if not frames:
            return EngineReading(film_id=None, confidence=0.0, why="There are no frames to read.")
        self._load()
        soft = np.zeros(SEAL_BITS, np.float32)
        for first in range(0, len(frames), AT_ONCE):
            some = [
                small_picture(frame, whole(frame.y.shape[1], frame.y.shape[0]))
                for frame in frames[first : first + AT_ONCE]
            ]
            heard = self._network.ask("read", {"count": len(some)}, np.concatenate(some))
            if heard.size != len(some) * SEAL_BITS:
                raise self._network.odd(heard.size, len(some) * SEAL_BITS)
            soft += np.nan_to_num(heard).reshape(len(some), SEAL_BITS).sum(axis=0)
        found = from_seal(soft)
        if found.film_id is None:
            why = f"Video Seal reads no id of ours out of {len(frames)} frames."
            return EngineReading(film_id=None, confidence=0.0, why=why)
        why = f"Video Seal reads {found.film_id} out of {len(frames)} frames."
        return EngineReading(film_id=found.film_id, confidence=found.confidence, why=why)

    def close(self) -> None:
        """End the process, which gives the memory back."""
        self._network.close()

    def _weights(self) -> Weights:
        if self._folder is not None:
            return own_weights(self._folder)
        return weights_for("videoseal", places=self._places)

    def _load(self) -> None:
        if self._network.loaded:
            return
        path = self._weights().folder / FILE
        if not path.is_file():
            message = f"The file {FILE} is not in the folder of weights. Fetch it: vivant models fetch {NAME}."
            raise MissingError(message)
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        if digest not in self._known:
            message = f"The file {FILE} is not the published one (its SHA-256 begins with {digest[:12]}), and a TorchScript file is a program. It was not run; fetch it again: vivant models fetch {NAME}."
            raise InputError(message)
        self._network.ask("load", {"file": str(path)})
        self._network.loaded = True


class _Marking:
    def __init__(self, engine: VideoSealEngine, bits: np.ndarray, region: Region) -> None:
        self._engine, self._region = engine, region
        self._bits = bits.astype(np.float32)
        self._change: Small | None = None
        self._since = 0

    def apply(self, frame: Frame, /) -> None:
        if self._change is None or not 0 <= frame.index - self._since < STEP_FRAMES:
            self._change = self._engine.change(small_picture(frame, self._region), self._bits)
            self._since = frame.index
        add_change(frame, self._change, self._region, strength=self._engine.strength)

    def close(self) -> None:
        """End the process, which gives the memory back."""
        self._engine.close()
