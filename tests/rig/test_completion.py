from __future__ import annotations

from math import inf

import cv2
import numpy as np
import pytest

from rigs import EVERYBODY, pose, rig
from vivant.render.engines.puppet import PuppetEngine
from vivant.rig.completion import completed
from vivant.rig.framing_limits import frame_limits
from vivant.rig.rig import Rig


def outline(baked: Rig) -> np.ndarray:
    """Leave the lower end out, where mist belongs: columns of the person's edge points and their directions."""
    solid = (baked.alpha > 128).astype(np.uint8)
    (longest,) = sorted(
        cv2.findContours(solid, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)[0], key=len
    )[-1:]
    return longest[:, 0].astype(float)


def longest_straight_cut(baked: Rig) -> float:
    """Measure the longest exactly vertical piece of outline, in face heights."""
    points = outline(baked)
    height = baked.alpha.shape[0]
    points = points[points[:, 1] < height - 3]
    longest = 0
    for x in np.unique(points[:, 0]):
        rows = np.sort(points[points[:, 0] == x, 1])
        runs = np.split(rows, np.flatnonzero(np.diff(rows) > 2) + 1)
        longest = max(longest, *(len(run) for run in runs))
    return longest / baked.face_height_px


@pytest.mark.parametrize("name", EVERYBODY)
def test_no_side_of_a_completed_person_is_cut(name: str) -> None:
    baked = rig(name)
    whole = completed(baked)
    limits = frame_limits(whole)

    assert limits.left == inf
    assert limits.right == inf
    assert longest_straight_cut(whole) < 0.45
    assert limits.below - frame_limits(baked).below == pytest.approx(1.1, abs=0.02)


@pytest.mark.parametrize("name", EVERYBODY)
def test_the_photo_itself_stays_as_it_is(name: str) -> None:
    baked = rig(name)
    whole = completed(baked)
    along = round(float(whole.landmarks[0, 0] - baked.landmarks[0, 0]))
    height, width = baked.alpha.shape
    edge = round(0.02 * baked.face_height_px)
    inside = (slice(0, height - edge), slice(along + edge, along + width - edge))
    of_old = (slice(0, height - edge), slice(edge, width - edge))

    assert np.array_equal(whole.person[inside], baked.person[of_old])
    assert np.array_equal(whole.alpha[inside], baked.alpha[of_old])


def test_shoulders_are_as_wide_as_shoulders_are() -> None:
    for name in EVERYBODY:
        whole = completed(rig(name))
        tall = whole.face_height_px
        chin = whole.landmarks[152, 1]
        row = whole.alpha[round(chin + 1.2 * tall)] > 128

        assert 2.1 < row.sum() / tall < 3.8


def test_completing_twice_changes_nothing() -> None:
    once = completed(rig("young-man-curls"))

    assert completed(once) is once


def test_a_completed_person_moves_as_before() -> None:
    baked = rig("young-man-curls")
    whole = completed(baked)
    along = whole.landmarks[0, :2] - baked.landmarks[0, :2]
    stages = [
        PuppetEngine().open(one, width_px=160, height_px=120, threads=1) for one in (baked, whole)
    ]
    posed = pose(yaw=8, jawOpen=0.6, mouthSmile=0.5)
    seen = [
        (
            stage.move(**posed).face  # type: ignore[arg-type]
            - stage.framing.to_film(np.zeros((1, 2), np.float32))
        )
        / stage.framing.scale
        for stage in stages
    ]

    assert np.abs(seen[1] - along - seen[0]).max() < 0.05


def test_the_sheet_covers_all_of_the_person_without_a_fold() -> None:
    whole = completed(rig("hopper"))
    corners = whole.body.uv[whole.body.triangles]
    one, two = corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0]
    areas = one[:, 0] * two[:, 1] - one[:, 1] * two[:, 0]
    covered = np.zeros(whole.alpha.shape, np.uint8)
    for cell in np.round(corners).astype(np.int32):
        cv2.fillConvexPoly(covered, cell, 255)
    face = cv2.convexHull(np.round(whole.face.uv).astype(np.int32))
    cv2.fillConvexPoly(covered, face, 255)

    assert (np.sign(areas[np.abs(areas) > 0.5]) == np.sign(np.median(areas))).all()
    assert covered[whole.alpha > 0].min() == 255


def test_hair_that_is_cut_limits_the_film_instead() -> None:
    baked = rig("young-man-curls")
    limits = frame_limits(baked)

    assert limits.above == inf
    assert 0.5 < limits.left < 1.5
    assert limits.left_from > 0.5
