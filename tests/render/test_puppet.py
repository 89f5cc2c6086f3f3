from __future__ import annotations

import gc
import tracemalloc

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rigs import EVERYBODY, draw, landmarks, pose, rgb, stage
from vivant.media.face import ARKIT_SHAPES, LOWER_LIP_INNER, UPPER_LIP_INNER
from vivant.media.planes import psnr
from vivant.render.engines.puppet import PuppetEngine
from vivant.render.lips import part_lips
from vivant.render.pose import pose_of
from vivant.testing.golden import Golden

UNIT = st.floats(0, 1, width=32)
SHAPES = st.dictionaries(st.sampled_from(ARKIT_SHAPES), UNIT, max_size=8)
HEADS = st.fixed_dictionaries(
    {"yaw": st.floats(-16, 16), "pitch": st.floats(-11, 11), "roll": st.floats(-15, 15)}
)


def face_in_film(name: str, amounts: dict[str, float]) -> np.ndarray:
    """Place the face without painting it: where its points lie in the film."""
    on, given_ = stage(name), pose(**amounts)
    weights = on._weights(given_["shapes"])  # type: ignore[arg-type]  # noqa: SLF001
    points = on._face.deform(weights)  # noqa: SLF001
    part_lips(points, on._lips)  # noqa: SLF001
    moved = pose_of(on.rig, on.framing, head=given_["head"], breath=given_["breath"])  # type: ignore[arg-type]
    on._body.place(on._body.deform(weights), moved)  # noqa: SLF001
    return on._face.place(points, moved)  # noqa: SLF001


def lip_gap(film: np.ndarray) -> float:
    apart = film[list(LOWER_LIP_INNER)] - film[list(UPPER_LIP_INNER)]
    return float(np.linalg.norm(apart, axis=1).max())


def wave(index: int) -> dict[str, float]:
    """One of many varied frames."""
    turn = index / 7
    return {
        "yaw": 11 * np.sin(turn),
        "pitch": 7 * np.sin(1.3 * turn),
        "roll": 6 * np.cos(0.7 * turn),
        "jawOpen": abs(np.sin(2.1 * turn)),
        "mouthSmile": max(0.0, np.sin(0.9 * turn)),
        "eyeBlink": float(index % 6 == 0),
        "breath": 0.5 + 0.5 * np.sin(turn),
    }


@pytest.mark.parametrize("name", EVERYBODY)
@settings(max_examples=25)
@given(shapes=SHAPES, head=HEADS)
def test_no_cell_of_the_mesh_turns_over(
    name: str, shapes: dict[str, float], head: dict[str, float]
) -> None:
    before = stage(name).folded

    face_in_film(name, {**shapes, **head})

    assert stage(name).folded == before


@pytest.mark.parametrize("name", EVERYBODY)
@given(open_=UNIT, head=HEADS)
@settings(max_examples=15)
def test_lips_close_wholly_over_an_open_jaw(
    name: str, open_: float, head: dict[str, float]
) -> None:
    film = face_in_film(name, {"jawOpen": open_, "mouthClose": open_, **head})

    assert lip_gap(film) < 0.5


@pytest.mark.parametrize("name", ["hopper", "young-man-curls"])
def test_at_rest_the_film_shows_the_photo(name: str) -> None:
    on = stage(name, width_px=640, height_px=480)
    seen, framing = rgb(draw(on)), on.framing
    way = np.array([[framing.scale, 0, 0], [0, framing.scale, 0]], np.float64)
    way[:, 2] = (framing.scale - 1) / 2 - np.array([framing.left, framing.top])
    flags = cv2.INTER_AREA if framing.scale < 1 else cv2.INTER_CUBIC
    wanted = cv2.warpAffine(on.rig.photo, way, (640, 480), flags=flags)
    oval = landmarks(on)[:468, :2]
    (x0, y0), (x1, y1) = oval.min(0).astype(int), oval.max(0).astype(int)

    assert psnr(seen[y0:y1, x0:x1], np.ascontiguousarray(wanted[y0:y1, x0:x1])) > 33


def test_what_is_far_from_the_person_never_changes() -> None:
    on = stage("hopper", width_px=480, height_px=270)
    still = draw(on)
    changed = np.zeros(still.y.shape, bool)
    for index in range(50):
        changed |= draw(on, **wave(index)).y != still.y
    reach = round(0.2 * on.rig.face_height_px * on.framing.scale)
    scale = on.framing.scale
    alpha = cv2.resize(on.rig.alpha, None, fx=scale, fy=scale)
    person = np.zeros(still.y.shape, np.uint8)
    x, y = -on.framing.left, -on.framing.top
    room = 270 - max(0, y), 480 - max(0, x)
    inner = alpha[max(0, -y) :, max(0, -x) :][: room[0], : room[1]]
    person[max(0, y) : max(0, y) + inner.shape[0], max(0, x) : max(0, x) + inner.shape[1]] = inner
    near = cv2.dilate(
        (person > 0).astype(np.uint8), np.ones((2 * reach + 1, 2 * reach + 1), np.uint8)
    )

    assert changed.any()
    assert (near == 0).mean() > 0.1
    assert not changed[near == 0].any()


def test_the_same_curves_give_the_same_frames_on_any_number_of_threads() -> None:
    one, two = stage("astronaut"), stage("astronaut", threads=2)
    for index in range(12):
        first, second, third = (draw(on, **wave(index)) for on in (one, two, one))
        for plane in ("y", "u", "v"):
            assert np.array_equal(getattr(first, plane), getattr(second, plane))
            assert np.array_equal(getattr(first, plane), getattr(third, plane))


def test_frames_are_the_callers_own() -> None:
    on = stage("astronaut")
    first = draw(on, yaw=3)
    kept = first.y.copy()
    first.y[:] = 0
    second = draw(on, yaw=3)

    assert np.array_equal(second.y, kept)
    assert not np.shares_memory(first.y, second.y)


@pytest.mark.parametrize("name", ["hopper", "astronaut", "young-man-curls"])
def test_a_whole_blink_hides_the_iris(name: str) -> None:
    on = stage(name, width_px=640, height_px=480)

    def shown(**amounts: float) -> float:
        """How much of a look to the side is seen."""
        ahead = draw(on, **amounts)
        aside = draw(on, eyeLookOutLeft=1, eyeLookInRight=1, **amounts)
        return float(np.abs(ahead.y.astype(float) - aside.y).sum())

    assert shown(eyeBlink=1) < 0.02 * shown()


@pytest.mark.parametrize("name", ["hopper", "astronaut"])
def test_a_look_aside_changes_the_eyes_alone(name: str) -> None:
    on = stage(name, width_px=640, height_px=480)
    changed = draw(on).y != draw(on, eyeLookOutLeft=0.8, eyeLookInRight=0.8).y
    at = landmarks(on)
    inside = np.zeros(changed.shape, bool)
    for first, last in ((33, 133), (362, 263)):
        (x0, y0), (x1, y1) = (
            np.minimum(at[first], at[last])[:2],
            np.maximum(at[first], at[last])[:2],
        )
        wide = x1 - x0
        inside[int(y0 - 0.4 * wide) : int(y1 + 0.4 * wide) + 1, int(x0) - 2 : int(x1) + 3] = True

    assert changed.any()
    assert not changed[~inside].any()


@given(
    shapes=st.lists(st.floats(0, 1.25, width=32), min_size=52, max_size=52),
    yaw=st.floats(-90, 90),
    pitch=st.floats(-90, 90),
    shift=st.floats(-5, 5),
)
@settings(max_examples=10)
def test_extreme_curves_still_give_a_picture(
    shapes: list[float], yaw: float, pitch: float, shift: float
) -> None:
    given_ = pose(yaw=yaw, pitch=pitch, roll=yaw, right=shift, down=shift, away=shift)
    given_["shapes"] = np.array(shapes, np.float32)
    frame = stage("astronaut").draw(0, **given_)  # type: ignore[arg-type]

    assert frame.y.min() >= 10
    assert frame.y.std() > 5


def test_the_head_turns_no_further_than_the_engine_says() -> None:
    far, further = (face_in_film("astronaut", {"yaw": yaw}) for yaw in (60.0, 90.0))
    assert np.abs(far - further).max() < 0.05
    assert PuppetEngine.traits.yaw_limit_deg == 16


def test_a_turned_face_is_as_sharp_as_one_at_rest() -> None:
    on = stage("hopper", width_px=640, height_px=480)
    x, y = landmarks(on)[1, :2].astype(int)
    side = round(0.25 * on.rig.face_height_px * on.framing.scale)

    def sharpness(**amounts: float) -> float:
        face = draw(on, **amounts).y[y - side : y + side, x - side : x + side]
        return float(cv2.Laplacian(face.astype(np.float32), cv2.CV_32F).std())

    assert sharpness(yaw=4.3, pitch=2.1, roll=1.7) > 0.80 * sharpness()


def test_memory_does_not_grow_with_the_film() -> None:
    on = stage("astronaut", width_px=256, height_px=256)
    for index in range(5):
        draw(on, **wave(index))
    grown = []
    tracemalloc.start()
    try:
        for first in range(0, 100, 20):
            gc.collect()
            before, _ = tracemalloc.get_traced_memory()
            for index in range(first, first + 20):
                draw(on, **wave(index))
            gc.collect()
            grown.append(tracemalloc.get_traced_memory()[0] - before)
    finally:
        tracemalloc.stop()

    # A frame kept from each would be 2 MB in every stretch. What others do in this process
    # meanwhile (threads that end, modules that are loaded) comes once.
    assert min(grown) < 66_000


@pytest.mark.parametrize("name", ["hopper", "young-man-curls"])
@pytest.mark.parametrize(
    ("look", "amounts"),
    [
        ("rest", {}),
        ("ah", {"jawOpen": 0.6, "eyeLookOutLeft": 0.5, "eyeLookInRight": 0.5}),
        ("oo-turned", {"jawOpen": 0.1, "mouthPucker": 0.6, "mouthFunnel": 0.3, "yaw": 8.0}),
        ("smiling-blink", {"mouthSmile": 0.8, "eyeBlink": 1.0}),
    ],
    ids=["rest", "ah", "oo-turned", "smiling-blink"],
)
def test_a_pose_looks_as_accepted(
    golden: Golden, name: str, look: str, amounts: dict[str, float]
) -> None:
    on = stage(name)
    golden(f"render/{name}-{look}", draw(on, **amounts), at_least_db=34)
