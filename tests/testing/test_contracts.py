"""Our own engines and the stand-ins keep the contracts that plugins are asked to keep."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from vivant.intake.engine import FaceEngine
from vivant.intake.engines.mediapipe import MediapipeFaces
from vivant.intake.taking import take_photos
from vivant.painting import portrait
from vivant.provenance.consent import attest
from vivant.render.engine import RenderEngine
from vivant.render.engines.puppet import PuppetEngine
from vivant.rig.building import build_rig
from vivant.rig.rig import Rig
from vivant.testing.contracts import (
    FaceEngineContract,
    RenderEngineContract,
    VoiceEngineContract,
)
from vivant.testing.standins import PaintedFaces, StillRender, ToneVoice


@pytest.fixture(scope="module")
def baked(tmp_path_factory: pytest.TempPathFactory) -> Rig:
    path = Path(tmp_path_factory.mktemp("painted")) / "man-bald.png"
    Image.fromarray(portrait("man-bald", width_px=384, height_px=480).pixels).save(path)
    return build_rig(take_photos([path], consent=attest("self")))


@pytest.fixture(scope="module")
def eyes() -> MediapipeFaces:
    return MediapipeFaces()


class TestToneVoice(VoiceEngineContract):
    @pytest.fixture
    def engine(self) -> ToneVoice:
        return ToneVoice()


@pytest.mark.models
class TestMediapipe(FaceEngineContract):
    @pytest.fixture
    def engine(self, eyes: MediapipeFaces) -> MediapipeFaces:
        return eyes


@pytest.mark.models
class TestPuppet(RenderEngineContract):
    @pytest.fixture
    def engine(self) -> PuppetEngine:
        return PuppetEngine()

    @pytest.fixture
    def rig(self, baked: Rig) -> Rig:
        return baked


def test_painted_faces_say_what_the_painter_knows() -> None:
    painted = portrait("man-bald", width_px=384, height_px=480)
    engine = PaintedFaces([painted])

    face = engine.find(painted.pixels)[0]

    assert isinstance(engine, FaceEngine)
    np.testing.assert_allclose(face.landmarks[[468, 473], :2], painted.truth.pupils, atol=1e-3)
    assert engine.find(np.zeros((8, 8, 3), np.uint8)) == ()
    assert engine.segment(painted.pixels).max() == 1
    assert np.linalg.norm(engine.vector(painted.pixels, face.landmarks)) == pytest.approx(
        1, abs=1e-5
    )
    assert engine.follow().next(painted.pixels, 0) is not None


@pytest.mark.models
def test_a_still_shows_the_photo_and_nothing_moves(baked: Rig) -> None:
    engine = StillRender()
    stage = engine.open(baked, width_px=256, height_px=144, threads=1)

    first = stage.draw(0, shapes=np.zeros(52, np.float32), head=np.zeros(6, np.float32), breath=0.0)
    second = stage.draw(1, shapes=np.ones(52, np.float32), head=np.ones(6, np.float32), breath=1.0)
    stage.close()

    assert isinstance(engine, RenderEngine)
    assert first.y.shape == (144, 256)
    assert second.index == 1
    np.testing.assert_array_equal(first.y, second.y)
