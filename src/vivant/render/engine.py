"""What a render engine is: it opens a rig at a size, and draws one frame after another."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol, runtime_checkable

import numpy as np
from jaxtyping import Float32

from vivant.media.picture import Frame
from vivant.rig.rig import Rig


@dataclass(frozen=True, slots=True, kw_only=True)
class RenderTraits:
    """What an engine can do; asked before work starts."""

    name: str
    version: str
    """Changes whenever the same frame would look different."""
    licence: str
    needs_gpu: bool
    yaw_limit_deg: float
    """The head is not turned further than this, whatever is asked."""
    pitch_limit_deg: float


@runtime_checkable
class Stage(Protocol):
    """A rig opened at a size, ready to draw. One thread at a time."""

    @property
    def folded(self) -> int:
        """Mesh cells that have turned over in all frames so far; 0 is right."""

    def draw(
        self,
        index: int,
        *,
        shapes: Float32[np.ndarray, " 52"],
        head: Float32[np.ndarray, " 6"],
        breath: float,
    ) -> Frame:
        """Draw one frame; the planes are the caller's own."""

    def close(self) -> None:
        """Let threads go; twice is allowed."""


@runtime_checkable
class RenderEngine(Protocol):
    """Turns a rig and curves into frames."""

    @property
    def traits(self) -> RenderTraits:
        """What this engine can do."""

    def open(self, rig: Rig, *, width_px: int, height_px: int, threads: int) -> Stage:
        """Make everything that depends on the size, once."""
