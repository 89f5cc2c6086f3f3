"""Painted people look like people to the engines, and the painter knows where everything is."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from vivant.intake.engines.mediapipe import MediapipeFaces
from vivant.media.face import LOWER_LIP_OUTER, SHAPE, UPPER_LIP_OUTER
from vivant.painting import CAST, group, paint, paint_cat, portrait, profile
from vivant.testing.golden import Golden

SMALL = {"width_px": 384, "height_px": 480}


@pytest.fixture(scope="module")
def engine() -> MediapipeFaces:
    return MediapipeFaces()


def test_the_cast_is_a_dozen_people_who_differ() -> None:
    specs = list(CAST.values())

    assert len(specs) >= 12
    assert len({spec.seed for spec in specs}) == len(specs) - 2  # Anna is there at three ages
    assert min(spec.age_years for spec in specs) < 12
    assert max(spec.age_years for spec in specs) > 70
    assert min(spec.skin for spec in specs) < 0.2
    assert max(spec.skin for spec in specs) > 0.9
    assert {abs(spec.yaw_deg) > 20 for spec in specs} == {True, False}
    assert {"none", "round", "square"} == {spec.glasses for spec in specs}
    assert any(spec.hijab for spec in specs)
    assert any(spec.hat for spec in specs)
    assert any(spec.print_look for spec in specs)


def test_the_same_spec_gives_the_same_pixels() -> None:
    spec = CAST["man-bald"]

    first = paint(spec, width_px=96, height_px=120)
    again = paint(spec, width_px=96, height_px=120)

    np.testing.assert_array_equal(first.pixels, again.pixels)
    np.testing.assert_array_equal(first.truth.pupils, again.truth.pupils)


def test_a_painting_cannot_be_changed() -> None:
    painted = portrait("man-bald", **SMALL)

    with pytest.raises(ValueError, match="read-only"):
        painted.pixels[0, 0] = 0


def test_an_old_print_has_no_colour() -> None:
    pixels = portrait("man-hat-print", **SMALL).pixels

    assert int(np.ptp(pixels.astype(int), axis=2).max()) == 0


@pytest.mark.models
@pytest.mark.parametrize("name", sorted(CAST))
def test_the_detector_finds_everyone_where_they_were_painted(
    engine: MediapipeFaces, name: str
) -> None:
    painted = portrait(name, **SMALL)
    truth = painted.truth

    faces = engine.find(painted.pixels)

    assert len(faces) == 1
    points, shapes = faces[0].landmarks[:, :2], faces[0].shapes
    apart = float(np.linalg.norm(truth.pupils[0] - truth.pupils[1]))
    assert _farthest(points[[468, 473]], truth.pupils) < 0.07 * apart
    assert _farthest(points[[33, 133, 362, 263]], truth.eye_corners) < 0.12 * apart
    assert _from_curve(points[list(UPPER_LIP_OUTER)], truth.upper_lip) < 0.07 * apart
    assert _from_curve(points[list(LOWER_LIP_OUTER)], truth.lower_lip) < 0.08 * apart
    assert faces[0].yaw_deg == pytest.approx(truth.head_yaw_deg, abs=7)
    assert max(shapes[SHAPE["eyeBlinkLeft"]], shapes[SHAPE["eyeBlinkRight"]]) < 0.3


@pytest.mark.models
def test_expressions_are_seen_as_painted(engine: MediapipeFaces) -> None:
    spec = CAST["young-woman-long-hair"]
    smile = engine.find(paint(replace(spec, expression="smile"), **SMALL).pixels)[0].shapes
    closed = engine.find(paint(replace(spec, expression="closed-eyes"), **SMALL).pixels)[0].shapes

    assert smile[SHAPE["mouthSmileLeft"]] > 0.3
    assert smile[SHAPE["eyeBlinkLeft"]] < 0.3
    assert closed[SHAPE["eyeBlinkLeft"]] > 0.5
    assert closed[SHAPE["eyeBlinkRight"]] > 0.5


@pytest.mark.models
def test_turned_heads_cats_and_groups_are_what_they_seem(engine: MediapipeFaces) -> None:
    everyone = [replace(spec, yaw_deg=0.0) for spec in list(CAST.values())[:9]]

    assert len(engine.find(group(everyone, width_px=480, height_px=600))) == 9
    assert engine.find(paint(profile(CAST["man-bald"]), **SMALL).pixels) == ()
    assert engine.find(paint_cat(**SMALL)) == ()


def test_the_brush_has_not_changed(golden: Golden) -> None:
    picture = portrait("elder-woman-glasses", width_px=192, height_px=240).pixels

    golden("painting/elder-woman-glasses", picture, at_least_db=30)
    golden("painting/cat", paint_cat(width_px=96, height_px=120), at_least_db=30)


def _farthest(points: np.ndarray, truth: np.ndarray) -> float:
    return float(np.linalg.norm(points - truth, axis=1).max())


def _from_curve(points: np.ndarray, curve: np.ndarray) -> float:
    return float(np.linalg.norm(points[:, None] - curve[None], axis=2).min(axis=1).mean())
