"""The built-in eyes, on two photographs and what can be made of them."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from skimage import data

from intake.retouching import enlarged, in_a_row
from vivant.errors import InputError, MissingError
from vivant.intake.engine import FaceEngine, FoundFace
from vivant.intake.engines.mediapipe import MediapipeFaces
from vivant.intake.engines.searching import Square, square_around, tile_sides, tiles
from vivant.intake.likeness import SAME_PERSON_FROM, similarity
from vivant.intake.measuring import eye_distance_px
from vivant.media.face import LEFT_IRIS, RIGHT_IRIS, SHAPE
from vivant.places import Places

pytestmark = pytest.mark.models


def test_it_is_a_face_engine(engine: MediapipeFaces) -> None:
    assert isinstance(engine, FaceEngine)
    assert engine.traits.version


def test_a_face_is_found_where_it_is(hopper_face: FoundFace) -> None:
    """Iris centres, read off the photograph by eye."""
    assert hopper_face.landmarks[RIGHT_IRIS[0], :2] == pytest.approx((224, 193), abs=4)
    assert hopper_face.landmarks[LEFT_IRIS[0], :2] == pytest.approx((307, 189), abs=4)
    assert abs(hopper_face.yaw_deg) < 4


def test_a_smile_is_seen_and_a_closed_mouth_too(
    hopper_face: FoundFace, astronaut_face: FoundFace
) -> None:
    smile = [SHAPE["mouthSmileLeft"], SHAPE["mouthSmileRight"]]

    assert astronaut_face.shapes[smile].min() > 0.7
    assert hopper_face.shapes[smile].max() < 0.2


def test_twice_the_picture_gives_twice_the_points(
    engine: MediapipeFaces, astronaut: np.ndarray, astronaut_face: FoundFace
) -> None:
    twice = engine.find(enlarged(astronaut, 2.0))[0]

    apart = twice.landmarks[:, :2] / 2 - astronaut_face.landmarks[:, :2]
    assert np.abs(apart.mean(axis=0)).max() < 0.35
    assert np.abs(apart).mean() < 0.5


def test_a_mirrored_face_turns_the_other_way(engine: MediapipeFaces, hopper: np.ndarray) -> None:
    right = engine.find(hopper)[0]
    left = engine.find(np.ascontiguousarray(hopper[:, ::-1]))[0]

    assert left.yaw_deg == pytest.approx(-right.yaw_deg, abs=3)
    assert left.roll_deg == pytest.approx(-right.roll_deg, abs=2)
    assert left.pitch_deg == pytest.approx(right.pitch_deg, abs=3)


def test_clockwise_is_above_zero(engine: MediapipeFaces, hopper: np.ndarray) -> None:
    lying = engine.find(np.ascontiguousarray(np.rot90(hopper, -1)))[0]

    assert lying.roll_deg == pytest.approx(87, abs=6)


def test_nine_people_are_nine_from_left_to_right(
    engine: MediapipeFaces, hopper: np.ndarray, astronaut: np.ndarray
) -> None:
    heads = [hopper[60:400, 90:430], astronaut[0:230, 110:340]]
    row = in_a_row(*(heads[i % 2] for i in range(9)), height_px=150)

    found = engine.find(row)

    places = [float(face.landmarks[:, 0].mean()) for face in found]
    assert len(found) == 9
    assert places == sorted(places)


@pytest.mark.parametrize("eyes_px", [12, 24, 48])
def test_a_small_face_in_a_large_picture_is_found(
    engine: MediapipeFaces, hopper: np.ndarray, eyes_px: int
) -> None:
    canvas = np.full((900, 1600, 3), 120, dtype=np.uint8)
    small = enlarged(hopper, eyes_px / 83.0)
    canvas[400 : 400 + small.shape[0], 1000 : 1000 + small.shape[1]] = small

    found = engine.find(canvas)

    assert [round(eye_distance_px(face)) for face in found] == [pytest.approx(eyes_px, abs=2)]
    assert found[0].landmarks[:, 0].mean() > 1000


@pytest.mark.parametrize("name", ["cat", "coffee", "rocket", "brick", "colorwheel"])
def test_nobody_is_found_where_nobody_is(engine: MediapipeFaces, name: str) -> None:
    pixels = np.ascontiguousarray(np.atleast_3d(getattr(data, name)()))

    assert engine.find(np.repeat(pixels, 3, axis=2) if pixels.shape[2] == 1 else pixels) == ()


def test_the_person_is_told_from_the_background(
    engine: MediapipeFaces, astronaut: np.ndarray
) -> None:
    mask = engine.segment(astronaut)

    assert mask.shape == astronaut.shape[:2]
    assert mask[100:170, 200:250].min() > 0.9
    assert mask[:60, :60].max() < 0.1


def test_one_person_is_alike_and_two_are_not(
    engine: MediapipeFaces,
    hopper: np.ndarray,
    astronaut: np.ndarray,
    hopper_face: FoundFace,
    astronaut_face: FoundFace,
) -> None:
    hers = engine.vector(hopper, hopper_face.landmarks)
    other = engine.vector(astronaut, astronaut_face.landmarks)
    small = enlarged(hopper, 0.5)
    again = engine.vector(small, engine.find(small)[0].landmarks)

    assert np.linalg.norm(hers) == pytest.approx(1.0, abs=1e-5)
    assert similarity(hers, again) > 0.98
    assert similarity(hers, other) < SAME_PERSON_FROM


def test_a_film_is_followed_and_a_lost_face_found_again(
    engine: MediapipeFaces, hopper: np.ndarray
) -> None:
    follower = engine.follow()
    empty = np.full_like(hopper, 128)
    moved = np.roll(hopper, 40, axis=1)

    first, lost, second = (
        follower.next(frame, time_ms) for time_ms, frame in ((0, hopper), (40, empty), (80, moved))
    )
    follower.close()

    assert lost is None
    assert first is not None
    assert second is not None
    assert (second.landmarks - first.landmarks)[:, 0].mean() == pytest.approx(40, abs=1.5)


def test_frames_out_of_order_are_refused(engine: MediapipeFaces, hopper: np.ndarray) -> None:
    follower = engine.follow()
    follower.next(hopper, 40)

    with pytest.raises(InputError, match="40 ms follows 40 ms"):
        follower.next(hopper, 40)


def test_threads_may_share_an_engine(
    engine: MediapipeFaces, hopper: np.ndarray, astronaut: np.ndarray
) -> None:
    alone = [engine.find(hopper)[0], engine.find(astronaut)[0]]

    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(lambda i: engine.find((hopper, astronaut)[i % 2])[0], range(8)))

    for i, face in enumerate(together):
        assert np.array_equal(face.landmarks, alone[i % 2].landmarks)


def test_without_its_models_it_says_what_to_run(tmp_path: Path, hopper: np.ndarray) -> None:
    bare = MediapipeFaces(Places(data=tmp_path, cache=tmp_path))

    with pytest.raises(MissingError, match="vivant models fetch"):
        bare.find(hopper)


def test_a_process_that_looks_at_a_face_says_nothing_and_imports_late() -> None:
    """Native libraries chatter at loading and at exit; none of it may reach the terminal."""
    program = (
        "import sys\n"
        "from vivant.intake.engines.mediapipe import MediapipeFaces\n"
        "assert 'mediapipe' not in sys.modules and 'dlib' not in sys.modules\n"
        "import numpy as np\n"
        "engine = MediapipeFaces()\n"
        "grey = np.full((200, 200, 3), 128, np.uint8)\n"
        "assert engine.find(grey) == ()\n"
        "engine.segment(grey)\n"
        "print('theirs', file=sys.stderr)\n"
    )

    ran = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False
    )

    assert ran.returncode == 0
    assert ran.stdout == ""
    assert ran.stderr == "theirs\n"


@given(
    x=st.floats(-200, 400),
    y=st.floats(-200, 400),
    side=st.floats(8, 600),
    side_px=st.integers(8, 300),
)
def test_any_square_can_be_cut_out_of_a_picture(
    x: float, y: float, side: float, side_px: int
) -> None:
    pixels = np.zeros((150, 220, 3), dtype=np.uint8)

    look, scale = Square(x=x, y=y, side=side).cut(pixels, side_px=side_px)

    assert look.shape == (side_px, side_px, 3)
    assert scale == pytest.approx(side_px / side)


@given(scale=st.floats(0.3, 3.0), x=st.floats(60, 120), y=st.floats(60, 90))
def test_a_point_lies_where_the_scale_says(scale: float, x: float, y: float) -> None:
    """A soft dot is found again at its place in the cut, to a quarter of a pixel."""
    rows, columns = np.mgrid[0:200, 0:260] + 0.5
    dot = 200 * np.exp(-((columns - x) ** 2 + (rows - y) ** 2) / (2 * 4.0**2))
    pixels = np.repeat(dot.astype(np.uint8)[..., None], 3, axis=2)
    square = Square(x=30.3, y=31.7, side=120.0)

    look, made = square.cut(pixels, side_px=round(120 * scale))

    weight = np.where(look[..., 0] > 20, look[..., 0], 0).astype(float)
    found = np.array(
        [(weight * (np.mgrid[0 : look.shape[0], 0 : look.shape[1]][k] + 0.5)).sum() for k in (1, 0)]
    )
    assert found / weight.sum() == pytest.approx(
        ((x - 30.3) * made, (y - 31.7) * made), abs=0.3 * max(1, made)
    )


@given(width=st.integers(240, 3000), height=st.integers(240, 3000))
def test_tiles_cover_the_whole_picture(width: int, height: int) -> None:
    for side in tile_sides(max(width, height)):
        squares = list(tiles(width, height, side))
        for length, starts in (
            (width, sorted({square.x for square in squares})),
            (height, sorted({square.y for square in squares})),
        ):
            assert starts[0] <= 0
            assert starts[-1] + side >= length - 1e-6
            assert all(after - before <= 0.6 * side + 1e-6 for before, after in pairwise(starts))


def test_a_close_look_holds_the_whole_face(hopper_face: FoundFace) -> None:
    square = square_around(hopper_face.landmarks)

    assert hopper_face.landmarks[:, 0].min() > square.x
    assert hopper_face.landmarks[:, 1].max() < square.y + square.side
