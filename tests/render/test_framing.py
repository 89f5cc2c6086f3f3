from __future__ import annotations

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from rigs import EVERYBODY, rig
from vivant.media.face import CHIN, FOREHEAD
from vivant.render.framing import frame_person

EVEN = st.integers(128, 960).map(lambda half: 2 * half)


@pytest.mark.parametrize("name", EVERYBODY)
@given(width_px=EVEN, height_px=EVEN)
@example(width_px=256, height_px=256)
@example(width_px=1920, height_px=1080)
@example(width_px=720, height_px=1280)
@example(width_px=1080, height_px=1920)
def test_no_chin_and_no_crown_is_cut(name: str, width_px: int, height_px: int) -> None:
    person = rig(name)
    framing = frame_person(person, width_px=width_px, height_px=height_px)
    points = framing.to_film(person.landmarks.copy())

    assert framing.scale > 0
    assert 0 <= points[FOREHEAD, 1] < points[CHIN, 1] < height_px - 1
    if width_px >= 0.55 * height_px:
        assert points[:468, 0].min() >= 0
        assert points[:468, 0].max() <= width_px - 1


@pytest.mark.parametrize("name", EVERYBODY)
@given(width_px=EVEN, height_px=EVEN)
def test_a_body_that_the_photo_cuts_is_never_seen_to_end(
    name: str, width_px: int, height_px: int
) -> None:
    person = rig(name)
    framing = frame_person(person, width_px=width_px, height_px=height_px)

    if person.cut[3]:
        assert framing.top + height_px <= person.alpha.shape[0] * framing.scale + 1


@given(x=st.floats(-500, 2000), y=st.floats(-500, 2000))
def test_pixel_centres_stay_centres_when_the_scale_changes(x: float, y: float) -> None:
    framing = frame_person(rig("hopper"), width_px=640, height_px=480)
    film = framing.to_film(np.array([[x, y]], np.float32))[0]
    back = (film + (framing.left, framing.top) + 0.5) / framing.scale - 0.5

    assert back == pytest.approx((x, y), abs=2e-3)
