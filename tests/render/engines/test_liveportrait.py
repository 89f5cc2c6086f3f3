"""The head engine turns curves into points exactly where it can, and lays what networks draw back into the film.

The graphs are small ones with the published doors (``small_heads``): what they draw tells where the points went.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import onnxruntime
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rigs import landmarks, rgb, rig, stage
from small_heads import (
    LID,
    LIP,
    PITCH_DEG,
    POINTS,
    ROLL_DEG,
    SHIFT,
    YAW_DEG,
    graph,
    matrix,
    write_graphs,
)
from vivant.errors import InputError, MissingError
from vivant.media.face import SHAPE
from vivant.models.hub_fetching import WeightsMissingError
from vivant.places import Places
from vivant.render.engine import RenderEngine, Stage
from vivant.render.engines.liveportrait import LivePortraitEngine, LivePortraitStage
from vivant.render.engines.liveportrait_crop import (
    CROP_PX,
    composed,
    crop_matrix,
    inverted,
    soft_mask,
)
from vivant.render.engines.liveportrait_graphs import Graphs
from vivant.render.engines.liveportrait_motion import degrees, rotation
from vivant.render.pose import pose_of
from vivant.voice.engines.onnx_bytes import write_node

WHO = "hopper"
NEUTRAL, STILL = np.zeros(52, np.float32), np.zeros(6, np.float32)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_graphs(tmp_path_factory.mktemp("graphs"))


@pytest.fixture(scope="module")
def opened(folder: Path) -> LivePortraitStage:
    return LivePortraitEngine(weights=folder).open(rig(WHO), width_px=320, height_px=240, threads=1)


def shaped(**amounts: float) -> np.ndarray:
    shapes = NEUTRAL.copy()
    for name, amount in amounts.items():
        shapes[SHAPE[name]] = amount
    return shapes


def turned(**amounts: float) -> np.ndarray:
    names = ("yaw", "pitch", "roll", "x", "y", "z")
    return np.array([amounts.get(name, 0.0) for name in names], np.float32)


def test_it_is_a_render_engine_with_a_stage(opened: LivePortraitStage) -> None:
    assert isinstance(LivePortraitEngine(), RenderEngine)
    assert isinstance(opened, Stage)


def test_the_head_is_drawn_over_the_film_and_the_rest_stays(opened: LivePortraitStage) -> None:
    frame = rgb(opened.draw(7, shapes=NEUTRAL, head=STILL, breath=0.5))
    before = rgb(stage(WHO).draw(7, shapes=NEUTRAL, head=STILL, breath=0.5))

    nose = landmarks(stage(WHO))[1, :2].round().astype(int)
    assert frame.shape == before.shape
    drawn = frame[nose[1], nose[0]].astype(int)
    assert np.ptp(drawn) > 0 or abs(int(drawn[0]) - 128) < 40  # even: what the small network draws
    corners = np.s_[-6:, [0, 1, -2, -1]]
    assert np.abs(frame[corners].astype(int) - before[corners]).max() <= 1


def test_what_the_network_draws_lands_on_the_face_with_its_colour(
    opened: LivePortraitStage,
) -> None:
    shapes, head = NEUTRAL, turned(x=0.03)
    points = opened.driving(shapes=shapes, head=head)
    rest = opened.driving(shapes=shapes, head=STILL)

    nose = landmarks(stage(WHO))[1, :2].round().astype(int)
    seen = rgb(opened.draw(0, shapes=shapes, head=head, breath=0.5))[nose[1], nose[0]].astype(float)
    still = rgb(opened.draw(0, shapes=shapes, head=STILL, breath=0.5))[nose[1], nose[0]].astype(
        float
    )

    assert seen - still == pytest.approx((points - rest)[0] * 255, abs=4)


@settings(max_examples=30)
@given(yaw=st.floats(-15, 15), pitch=st.floats(-10, 10), roll=st.floats(-12, 12))
def test_heads_turn_by_the_very_rotation_of_the_embedded_engine(
    opened: LivePortraitStage, yaw: float, pitch: float, roll: float
) -> None:
    head = turned(yaw=yaw, pitch=pitch, roll=roll)
    at_rest = opened.driving(shapes=NEUTRAL, head=STILL)
    with_turn = opened.driving(shapes=NEUTRAL, head=head)

    # within both engines' knees nothing is bent, so the matrices are the same
    if abs(yaw) < 11 and abs(pitch) < 7 and abs(roll) < 10:
        ours = pose_of(rig(WHO), stage(WHO).framing, head=head, breath=0.5).rotation
        photo = rotation(pitch_deg=PITCH_DEG, yaw_deg=YAW_DEG, roll_deg=ROLL_DEG)
        canonical = POINTS.astype(np.float64)
        expected = 1.4 * (canonical @ (photo @ ours).T - canonical @ photo.T)
        assert with_turn - at_rest == pytest.approx(expected, abs=2e-5)


def test_yaw_above_0_turns_the_nose_to_the_pictures_right_and_pitch_down() -> None:
    nose = np.array([0, 0, -1.0])  # toward the camera

    right = rotation(pitch_deg=0, yaw_deg=-10, roll_deg=0) @ nose
    down = rotation(pitch_deg=10, yaw_deg=0, roll_deg=0) @ nose

    assert right[0] > 0.1
    assert down[1] > 0.1


def test_a_head_that_comes_nearer_grows_and_one_that_moves_is_carried(
    opened: LivePortraitStage,
) -> None:
    rest = opened.driving(shapes=NEUTRAL, head=STILL)
    near = opened.driving(shapes=NEUTRAL, head=turned(z=-0.1))
    moved = opened.driving(shapes=NEUTRAL, head=turned(x=0.05, y=-0.02))

    middle = SHIFT[0, :2]
    assert (near[:, :2] - middle) / (rest[:, :2] - middle) == pytest.approx(9 / 8.9, rel=1e-3)
    way = moved[:, :2] - rest[:, :2]
    assert way == pytest.approx(np.broadcast_to(way[0], way.shape), abs=1e-6)
    assert way[0, 0] > 0 > way[0, 1]
    assert way[0, 1] / way[0, 0] == pytest.approx(-0.4, rel=1e-3)


def test_lids_close_by_their_network_and_rest_without_moving(opened: LivePortraitStage) -> None:
    rest = opened.driving(shapes=NEUTRAL, head=STILL)
    shut = opened.driving(shapes=shaped(eyeBlinkLeft=1, eyeBlinkRight=1), head=STILL)
    half = opened.driving(shapes=shaped(eyeBlinkLeft=0.5, eyeBlinkRight=0.5), head=STILL)

    along = LID.reshape(21, 3)
    amount = (shut - rest) / along
    assert amount == pytest.approx(np.full((21, 3), amount[0, 0]), abs=2e-4)
    assert amount[0, 0] < -0.05  # less wide than in the photo
    assert half - rest == pytest.approx((shut - rest) / 2, abs=1e-4)


def test_lips_part_with_the_jaw_and_close_again_by_their_network(
    opened: LivePortraitStage,
) -> None:
    rest = opened.driving(shapes=NEUTRAL, head=STILL)
    open_ = opened.driving(shapes=shaped(jawOpen=0.6), head=STILL)
    closed = opened.driving(shapes=shaped(jawOpen=0.6, mouthClose=0.6), head=STILL)

    assert (open_ - rest) == pytest.approx(0.42 * LIP.reshape(21, 3), abs=1e-4)
    assert closed == pytest.approx(rest, abs=1e-6)


def test_other_shapes_move_points_as_the_network_sees_them_on_this_person(
    opened: LivePortraitStage,
) -> None:
    rest = opened.driving(shapes=NEUTRAL, head=STILL)
    smile = opened.driving(shapes=shaped(mouthSmileLeft=1, mouthSmileRight=1), head=STILL)
    half = opened.driving(shapes=shaped(mouthSmileLeft=0.5, mouthSmileRight=0.5), head=STILL)

    assert np.abs(smile - rest).max() > 1e-4
    assert half - rest == pytest.approx((smile - rest) / 2, abs=1e-5)


def test_without_the_network_for_lips_the_jaw_is_measured_as_all_else(tmp_path: Path) -> None:
    graphs = write_graphs(tmp_path / "graphs", lips=False)
    opened = LivePortraitEngine(weights=graphs).open(
        rig(WHO), width_px=320, height_px=240, threads=1
    )

    rest = opened.driving(shapes=NEUTRAL, head=STILL)
    moved = opened.driving(shapes=shaped(jawOpen=1), head=STILL)
    assert np.abs(moved - rest).max() > 1e-4


def test_the_crop_is_upright_and_holds_the_whole_head() -> None:
    points = rig(WHO).landmarks
    into = crop_matrix(points)
    face = points[:468, :2] @ into[:, :2].T + into[:, 2]

    eyes = (points[[468, 473], :2] @ into[:, :2].T + into[:, 2]).mean(0)
    lips = (points[[61, 291], :2] @ into[:, :2].T + into[:, 2]).mean(0)
    assert eyes[0] == pytest.approx(lips[0], abs=0.5)
    assert (face > 0.15 * CROP_PX).all()
    assert (face < 0.85 * CROP_PX).all()
    assert composed(into, inverted(into)) == pytest.approx(np.eye(3)[:2], abs=1e-6)


def test_the_mask_is_whole_inside_and_nothing_at_the_edge() -> None:
    mask = soft_mask(128)

    assert mask[40:-40, 40:-40].min() == 1
    assert max(mask[0].max(), mask[:, -1].max()) == 0
    assert np.abs(np.diff(mask, axis=0)).max() < 0.1


@given(angle=st.floats(-60, 60))
def test_angles_are_read_from_bins_and_from_numbers(angle: float) -> None:
    from small_heads import bins

    assert degrees(bins(angle)) == pytest.approx(angle, abs=1e-3)
    assert degrees(np.array([[angle]])) == pytest.approx(angle)


def test_without_weights_it_says_how_to_fetch_them(tmp_path: Path) -> None:
    places = Places(data=tmp_path / "data", cache=tmp_path / "cache")

    with pytest.raises(WeightsMissingError, match=r"vivant models fetch liveportrait.*0\.5 GB"):
        LivePortraitEngine(places=places).open(rig(WHO), width_px=320, height_px=240)


def test_a_graph_that_lacks_or_is_another_is_named(folder: Path, tmp_path: Path) -> None:
    lacking = shutil.copytree(folder, tmp_path / "lacking")
    (lacking / "stitching.onnx").unlink()
    other = shutil.copytree(folder, tmp_path / "other")
    (other / "stitching_eye.onnx").write_bytes(matrix(np.zeros((65, 63))))
    broken = shutil.copytree(folder, tmp_path / "broken")
    (broken / "motion_extractor.onnx").write_bytes(b"no graph")

    with pytest.raises(MissingError, match=r"stitching\.onnx is not in the folder"):
        Graphs(lacking)
    with pytest.raises(
        InputError, match=r"stitching_eye\.onnx takes input 1x65.*needed are input 1x66"
    ):
        Graphs(other)
    with pytest.raises(InputError, match=r"motion_extractor\.onnx cannot be loaded"):
        Graphs(broken)


@pytest.mark.parametrize("opset", [16, 20])
def test_this_runtime_samples_volumes_on_a_processor(opset: int) -> None:
    """What the published warping network needs of the runtime, in both forms in which it is exported."""
    parts = [write_node("GridSample", ["x", "where"], "out")]
    model = graph(
        parts,
        inputs={"x": (1, 1, 2, 2, 2), "where": (1, 1, 1, 1, 3)},
        outputs={"out": (1, 1, 1, 1, 1)},
        opset=opset,
    )
    session = onnxruntime.InferenceSession(model, providers=["CPUExecutionProvider"])
    volume = np.arange(8, dtype=np.float32).reshape(1, 1, 2, 2, 2)

    (found,) = session.run(None, {"x": volume, "where": np.zeros((1, 1, 1, 1, 3), np.float32)})

    assert found.item() == pytest.approx(3.5)
