"""A head engine is shown where it draws the person, and the embedded one steps in, with a word, where it does not."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from rigs import faces, rig
from small_heads import write_graphs
from vivant.errors import EngineBrokeError, MissingError
from vivant.media.picture import Frame
from vivant.render.engine import RenderEngine
from vivant.render.engines.guarded import GuardedEngine
from vivant.render.engines.liveportrait import LivePortraitEngine, LivePortraitStage
from vivant.render.engines.puppet import PuppetEngine, PuppetStage
from vivant.rig.rig import Rig

pytestmark = pytest.mark.models
SIZE = {"width_px": 480, "height_px": 360, "threads": 1}


class BreakingStage:
    folded = 0

    def draw(self, index: int, **_what: object) -> Frame:
        message = f"frame {index} broke"
        raise EngineBrokeError(message)

    def close(self) -> None:
        return


class BreakingEngine:
    traits = PuppetEngine.traits

    def open(self, rig: Rig, *, width_px: int, height_px: int, threads: int) -> BreakingStage:
        del rig, width_px, height_px, threads
        return BreakingStage()


def test_an_engine_that_draws_the_person_is_shown() -> None:
    guarded = GuardedEngine(PuppetEngine(), faces=faces())

    stage = guarded.open(rig("hopper"), **SIZE)

    assert isinstance(guarded, RenderEngine)
    assert guarded.verdict.good, guarded.verdict
    assert guarded.verdict.measured["likeness"] > 0.95
    assert guarded.word == ""
    stage.close()


def test_networks_of_random_weights_are_not_shown_and_it_is_said_why(tmp_path: Path) -> None:
    guarded = GuardedEngine(
        LivePortraitEngine(weights=write_graphs(tmp_path / "graphs")), faces=faces()
    )

    stage = guarded.open(rig("hopper"), **SIZE)

    assert isinstance(stage, PuppetStage)
    assert not isinstance(stage, LivePortraitStage)
    assert "liveportrait draws of this person cannot be shown" in guarded.word
    assert "a face is lost in 5 of 5 pictures" in guarded.word
    assert np.asarray(
        stage.draw(0, shapes=np.zeros(52, np.float32), head=np.zeros(6, np.float32), breath=0.5).y
    ).any()
    stage.close()


def test_an_engine_that_breaks_is_covered_and_one_that_lacks_weights_is_not(tmp_path: Path) -> None:
    guarded = GuardedEngine(BreakingEngine(), faces=faces())

    guarded.open(rig("hopper"), **SIZE).close()

    assert "frame 0 broke" in guarded.word
    with pytest.raises(MissingError):
        GuardedEngine(LivePortraitEngine(weights=tmp_path), faces=faces()).open(
            rig("hopper"), **SIZE
        )
