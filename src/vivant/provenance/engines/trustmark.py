"""TrustMark: a neural mark of 100 bits in each picture, by the networks that its makers publish as ONNX graphs.

===========  ===============================================  =============================
file         in                                               out
===========  ===============================================  =============================
encoder_Q    picture 1 3 256 256, -1..1; bits 1 100, 0 or 1   marked picture 1 3 256 256
decoder_Q    picture 1 3 256 256, -1..1                       a reading of each bit, 1 100
===========  ===============================================  =============================

All float32, taken by their shapes, whatever they are called. The weights are 65 MB, MIT, and fetched only by
name, after their licence was accepted: ``vivant models fetch trustmark``.

Source:
    T. Bui, S. Agarwal, J. Collomosse, "TrustMark: Universal Watermarking for Arbitrary Resolution Images",
    arXiv:2311.18297. Of pictures longer than two to one the square in the middle is marked, as there.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from jaxtyping import Float32

from vivant.errors import EngineBrokeError, InputError, MissingError
from vivant.media.picture import Frame
from vivant.models.hub_fetching import Weights, own_weights, weights_for
from vivant.places import Places
from vivant.provenance.mark_blending import (
    SIDE_PX,
    Region,
    Small,
    add_change,
    small_picture,
    whole,
    without_tint,
)
from vivant.provenance.marking import EngineReading, FrameMarker, MarkTraits
from vivant.provenance.payloads import BCH_BITS, from_bch, to_bch

NAME, VERSION = "trustmark", "1"
ENCODER, DECODER = "encoder_Q.onnx", "decoder_Q.onnx"
WIDEST = 2.0
_PICTURE = (1, 3, SIDE_PX, SIDE_PX)
_BITS = (1, BCH_BITS)


class TrustMarkEngine:
    """Marks each frame with TrustMark, variant Q."""

    traits = MarkTraits(
        name=NAME,
        version=VERSION,
        licence="MIT",
        bits=BCH_BITS,
        algorithm="com.adobe.trustmark.Q",
        least_frames=1,
    )

    def __init__(
        self,
        *,
        weights: Path | None = None,
        strength: float = 1.0,
        threads: int = 2,
        places: Places | None = None,
    ) -> None:
        """Choose; nothing is loaded yet.

        Args:
            weights: A folder of graphs; those that were fetched when None.
            strength: How much of the change is made; 1 is what its makers do.
            threads: That share the work.
            places: Where things are kept.
        """
        self._folder, self._places = weights, places
        self._strength, self._threads = strength, threads
        self._sessions: dict[str, Any] = {}

    @property
    def ready(self) -> bool:
        """Whether the graphs are here."""
        try:
            folder = self._weights().folder
        except (MissingError, InputError):
            return False
        return (folder / ENCODER).is_file() and (folder / DECODER).is_file()

    def identity(self) -> str:
        """Name version and weights."""
        weights = self._weights()
        return f"{NAME}/{VERSION} {weights.name}@{weights.revision[:12]}"

    def begin(self, film_id: str, /, *, width_px: int, height_px: int) -> FrameMarker:
        """Make ready to mark a film."""
        self._session(ENCODER)
        return _Marking(self, to_bch(film_id), whole(width_px, height_px, widest=WIDEST))

    def change(self, picture: Small, bits: Float32[np.ndarray, "1 bits"]) -> Small:
        """Ask the network how a small picture should change to carry bits."""
        seen = (2 * picture[None] - 1).astype(np.float32)
        made = self._run(ENCODER, seen, bits)[0]
        if made.shape != _PICTURE:
            message = f"The graph {ENCODER} returned {made.shape}; {_PICTURE} is needed. Fetch it again: vivant models fetch {NAME}."
            raise EngineBrokeError(message)
        marked = np.clip(np.nan_to_num(made), -1, 1)
        return without_tint(((marked - seen)[0] / 2).astype(np.float32))

    def read(self, frames: Sequence[Frame], /) -> EngineReading:
        """Read the mark: all frames together, then each by itself."""
        readings = [self._heard(frame) for frame in frames]
        if not readings:
            return EngineReading(film_id=None, confidence=0.0, why="There are no frames to read.")
        together = np.mean([one / (np.abs(one).mean() or 1.0) for one in readings], axis=0)
        for soft in (together, *readings):
            found = from_bch(np.asarray(soft, np.float32))
            if found.film_id is not None:
                why = f"TrustMark reads {found.film_id} out of {len(readings)} frames."
                return EngineReading(film_id=found.film_id, confidence=found.confidence, why=why)
        why = f"TrustMark reads no id of ours out of {len(readings)} frames."
        return EngineReading(film_id=None, confidence=0.0, why=why)

    def _heard(self, frame: Frame) -> Float32[np.ndarray, " bits"]:
        height_px, width_px = frame.y.shape
        picture = small_picture(frame, whole(width_px, height_px, widest=WIDEST))
        soft = np.ravel(self._run(DECODER, (2 * picture[None] - 1).astype(np.float32))[0])
        if soft.size != BCH_BITS:
            message = f"The graph {DECODER} returned {soft.size} bits; {BCH_BITS} are needed. Fetch it again: vivant models fetch {NAME}."
            raise EngineBrokeError(message)
        return np.asarray(np.nan_to_num(soft), np.float32)

    @property
    def strength(self) -> float:
        """How much of the change is made."""
        return self._strength

    def _weights(self) -> Weights:
        if self._folder is not None:
            return own_weights(self._folder)
        return weights_for("trustmark", places=self._places)

    def _run(self, name: str, *values: np.ndarray) -> list[np.ndarray]:
        session = self._session(name)
        inputs = {tuple(one.shape)[1:]: one.name for one in session.get_inputs()}
        try:
            fed = {inputs[value.shape[1:]]: value for value in values}
            return [np.asarray(one) for one in session.run(None, fed)]
        except KeyError:
            told = ", ".join("x".join(map(str, shape)) for shape in inputs)
            message = f"The graph {name} takes {told}, and is not the published one. Fetch it again: vivant models fetch {NAME}."
            raise InputError(message) from None
        except Exception as error:
            message = f"The graph {name} failed ({type(error).__name__}). Fetch it again: vivant models fetch {NAME}."
            raise EngineBrokeError(message) from error

    def _session(self, name: str) -> Any:  # noqa: ANN401 - a session of the runtime
        if name in self._sessions:
            return self._sessions[name]
        path = self._weights().folder / name
        if not path.is_file():
            message = f"The graph {name} is not in the folder of weights. Fetch them: vivant models fetch {NAME}."
            raise MissingError(message)
        import onnxruntime  # noqa: PLC0415 - loaded when it is needed

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = self._threads
        options.log_severity_level = 4
        try:
            self._sessions[name] = onnxruntime.InferenceSession(
                str(path), options, providers=["CPUExecutionProvider"]
            )
        except Exception as error:
            message = f"The graph {name} cannot be loaded ({type(error).__name__}): it is damaged. Fetch it again: vivant models fetch {NAME}."
            raise InputError(message) from error
        return self._sessions[name]


class _Marking:
    def __init__(self, engine: TrustMarkEngine, bits: np.ndarray, region: Region) -> None:
        self._engine, self._region = engine, region
        self._bits = bits.astype(np.float32)[None]

    def apply(self, frame: Frame, /) -> None:
        change = self._engine.change(small_picture(frame, self._region), self._bits)
        add_change(frame, change, self._region, strength=self._engine.strength)

    def close(self) -> None:
        """Hold nothing."""
