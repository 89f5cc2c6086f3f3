"""Every mark engine keeps the contract; what goes wrong with weights or libraries is told, and nothing foreign is run."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from small_heads import matrix
from small_marks import torch_python, trustmark_folder, videoseal_folder
from vivant.errors import EngineBrokeError, InputError, MissingError, ResourceError
from vivant.models.hub import HUB_MODELS
from vivant.models.hub_fetching import use_own_folder
from vivant.places import Places
from vivant.provenance.engines.luma import LumaMark
from vivant.provenance.engines.trustmark import TrustMarkEngine
from vivant.provenance.engines.videoseal import STEP_FRAMES, VideoSealEngine
from vivant.provenance.marking import MarkEngine, mark_engine, read_marks
from vivant.testing.mark_contracts import FILM_ID, MarkEngineContract, painted_frames


@pytest.fixture
def nowhere(tmp_path: Path) -> Places:
    return Places(data=tmp_path / "data", cache=tmp_path / "cache")


@pytest.fixture(scope="module")
def graphs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return trustmark_folder(tmp_path_factory.mktemp("trustmark"))


@pytest.fixture(scope="module")
def python(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return torch_python(tmp_path_factory.mktemp("torch"))


class TestLumaMark(MarkEngineContract):
    @pytest.fixture
    def engine(self) -> LumaMark:
        return LumaMark()


class TestTrustMark(MarkEngineContract):
    @pytest.fixture
    def engine(self, graphs: Path) -> TrustMarkEngine:
        return TrustMarkEngine(weights=graphs)


class TestVideoSeal(MarkEngineContract):
    @pytest.fixture
    def engine(self, python: Path, tmp_path: Path) -> Iterator[VideoSealEngine]:
        folder, digest = videoseal_folder(tmp_path / "seal")
        engine = VideoSealEngine(weights=folder, known={digest}, python=python)
        yield engine
        engine.close()


def seal(tmp_path: Path, python: Path, **behaves: bool) -> VideoSealEngine:
    folder, digest = videoseal_folder(tmp_path / "seal", **behaves)
    return VideoSealEngine(weights=folder, known={digest}, python=python)


def test_two_neural_marks_and_the_built_in_one_stand_in_one_film(
    graphs: Path, python: Path, tmp_path: Path
) -> None:
    engines: list[MarkEngine] = [
        TrustMarkEngine(weights=graphs),
        seal(tmp_path, python),
        LumaMark(),
    ]
    frames = painted_frames(8, width_px=1280, height_px=720)
    for engine in engines:
        marker = engine.begin(FILM_ID, width_px=1280, height_px=720)
        for frame in frames:
            marker.apply(frame)

    readings = [engine.read(frames).film_id for engine in engines]

    assert readings.count(FILM_ID) >= 2  # the stand-ins write on one checkerboard
    assert set(readings) <= {FILM_ID, None}


def test_a_mark_is_read_on_a_film_of_half_the_size(graphs: Path) -> None:
    engine = TrustMarkEngine(weights=graphs)
    frames = painted_frames(4, width_px=1280, height_px=720)
    marker = engine.begin(FILM_ID, width_px=1280, height_px=720)
    for frame in frames:
        marker.apply(frame)

    small = painted_frames(4, width_px=640, height_px=360)
    for one, other in zip(small, frames, strict=True):
        y = other.y.reshape(360, 2, 640, 2).mean(axis=(1, 3))
        one.y[:] = np.rint(y).astype(np.uint8)
        for plane, large in ((one.u, other.u), (one.v, other.v)):
            plane[:] = large[::2, ::2]

    assert engine.read(small).film_id == FILM_ID


def test_one_change_stands_for_four_frames(tmp_path: Path, python: Path) -> None:
    engine = seal(tmp_path, python)
    frames = painted_frames(2 * STEP_FRAMES)
    plain = painted_frames(2 * STEP_FRAMES)
    asked: list[int] = []
    marker = engine.begin(FILM_ID, width_px=640, height_px=480)
    for frame, before in zip(frames, plain, strict=True):
        marker.apply(frame)
        asked.append(int((frame.y.astype(int) - before.y).sum()))
    engine.close()

    assert len(set(asked[:STEP_FRAMES])) == 1


@pytest.mark.parametrize("engine", [TrustMarkEngine, VideoSealEngine])
def test_without_weights_it_says_how_to_get_them(
    engine: type[TrustMarkEngine | VideoSealEngine], nowhere: Places
) -> None:
    made = engine(places=nowhere)

    assert not made.ready
    for asked in (made.identity, lambda: made.begin(FILM_ID, width_px=640, height_px=480)):
        with pytest.raises(MissingError, match="--accept-licence"):
            asked()


def test_a_folder_of_ones_own_is_used_after_it_was_named(graphs: Path, nowhere: Places) -> None:
    use_own_folder("trustmark", graphs, places=nowhere)
    engine = TrustMarkEngine(places=nowhere)

    assert engine.ready
    assert "own@" in engine.identity()


def test_graphs_that_are_not_the_published_ones_are_refused(graphs: Path, tmp_path: Path) -> None:
    folder = trustmark_folder(tmp_path / "other")
    (folder / "encoder_Q.onnx").write_bytes(matrix(np.zeros((4, 4))))
    marker = TrustMarkEngine(weights=folder).begin(FILM_ID, width_px=640, height_px=480)
    with pytest.raises(InputError, match="not the published one"):
        marker.apply(painted_frames(1)[0])

    (folder / "encoder_Q.onnx").write_bytes((graphs / "encoder_Q.onnx").read_bytes()[:500])
    with pytest.raises(InputError, match="damaged"):
        TrustMarkEngine(weights=folder).begin(FILM_ID, width_px=640, height_px=480)
    (folder / "encoder_Q.onnx").unlink()
    assert not TrustMarkEngine(weights=folder).ready
    with pytest.raises(MissingError, match="not in the folder"):
        TrustMarkEngine(weights=folder).begin(FILM_ID, width_px=640, height_px=480)


def test_a_program_that_is_not_the_published_one_is_not_run(tmp_path: Path, python: Path) -> None:
    folder, _ = videoseal_folder(tmp_path / "seal")
    engine = VideoSealEngine(weights=folder, python=python)

    with pytest.raises(InputError, match="was not run"):
        engine.begin(FILM_ID, width_px=640, height_px=480)
    assert len(HUB_MODELS["videoseal"].files[0].sha256) == 64


@pytest.mark.parametrize(
    ("behaves", "error", "told"),
    [
        ("large", ResourceError, "more memory"),
        ("breaks", EngineBrokeError, "failed"),
        ("vanishes", EngineBrokeError, "ended"),
    ],
)
def test_what_goes_wrong_in_its_process_is_told_without_words_from_there(
    behaves: str, error: type[Exception], told: str, tmp_path: Path, python: Path
) -> None:
    engine = seal(tmp_path, python, **{behaves: True})

    with pytest.raises(error, match=told) as raised:
        engine.begin(FILM_ID, width_px=640, height_px=480).apply(painted_frames(1)[0])
    engine.close()

    assert "Anna" not in str(raised.value)


def test_readings_of_another_number_are_refused(tmp_path: Path, python: Path) -> None:
    engine = seal(tmp_path, python, short=True)

    with pytest.raises(EngineBrokeError, match="numbers"):
        engine.read(painted_frames(2))
    engine.close()


def test_without_pytorch_it_says_how_to_install_it(tmp_path: Path) -> None:
    folder, digest = videoseal_folder(tmp_path / "seal")
    places = Places(data=tmp_path / "data", cache=tmp_path / "cache")
    engine = VideoSealEngine(weights=folder, known={digest}, places=places)

    assert not engine.ready
    with pytest.raises(MissingError, match="pip install torch"):
        engine.begin(FILM_ID, width_px=640, height_px=480)


def test_only_engines_that_are_ready_are_asked_and_a_broken_one_says_why(
    graphs: Path, tmp_path: Path, nowhere: Places
) -> None:
    frames = painted_frames(4)
    assert read_marks(frames, places=nowhere) == ()
    use_own_folder("trustmark", graphs, places=nowhere)
    marker = mark_engine("trustmark", places=nowhere).begin(FILM_ID, width_px=640, height_px=480)
    for frame in frames:
        marker.apply(frame)

    (found,) = read_marks(frames, places=nowhere)

    assert (found.engine, found.film_id) == ("trustmark", FILM_ID)
    broken = trustmark_folder(tmp_path / "broken")
    (broken / "decoder_Q.onnx").write_bytes(b"nothing")
    use_own_folder("trustmark", broken, places=nowhere)
    (told,) = read_marks(frames, places=nowhere)
    assert told.film_id is None
    assert "damaged" in told.why


@pytest.mark.parametrize(
    ("name", "told"), [("luma", "in every film"), ("crayon", "Installed are: luma, trustmark")]
)
def test_a_mark_that_cannot_be_wished_for_is_told(name: str, told: str, nowhere: Places) -> None:
    with pytest.raises(InputError, match=told):
        mark_engine(name, places=nowhere)
