"""The engine that draws a film, remembered until its stage has told how it went."""

from __future__ import annotations

from vivant.engines import engine_named
from vivant.errors import EngineBrokeError
from vivant.render.engine import RenderEngine, RenderTraits, Stage
from vivant.rig.rig import Rig

EMBEDDED = "puppet"
"""The engine that draws when no other is given."""


class Drawing:
    """The engine that draws, and what its stage knows when it is done."""

    def __init__(self, engine: RenderEngine | None) -> None:
        loaded = engine_named("render", EMBEDDED).load() if engine is None else engine
        if not isinstance(loaded, RenderEngine):
            message = (
                f"The render engine {EMBEDDED!r} does not keep its contract. Install it again."
            )
            raise EngineBrokeError(message)
        self._engine = loaded
        self._stage: Stage | None = None

    @property
    def traits(self) -> RenderTraits:
        """What the engine can do."""
        return self._engine.traits

    def open(self, rig: Rig, *, width_px: int, height_px: int, threads: int) -> Stage:
        """Open the engine, and remember the stage."""
        self._stage = self._engine.open(
            rig, width_px=width_px, height_px=height_px, threads=threads
        )
        return self._stage

    @property
    def folded_cells(self) -> int:
        """Mesh cells that turned over so far."""
        return 0 if self._stage is None else self._stage.folded
