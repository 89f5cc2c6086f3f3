"""A rig baked in a process of its own."""

from __future__ import annotations

import multiprocessing
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from vivant.errors import InputError
from vivant.intake.engines.mediapipe import MediapipeFaces
from vivant.painting import paint_cat, portrait
from vivant.places import Places
from vivant.provenance.consent import attest
from vivant.studio.baking import RIG_FORM, RigStage
from vivant.studio.beside import HelperLostError, beside
from vivant.studio.store import Store

pytestmark = pytest.mark.models


@pytest.fixture
def stage(tmp_path: Path) -> RigStage:
    del tmp_path
    return RigStage(consent=attest("self"), face=None, engine=MediapipeFaces(), places=Places())


def _saved(pixels: np.ndarray, to: Path) -> tuple[Path]:
    Image.fromarray(pixels).save(to)
    return (to,)


def test_a_rig_comes_back_from_the_process_and_is_kept(stage: RigStage, tmp_path: Path) -> None:
    photo = _saved(portrait("man-bald", width_px=384, height_px=480).pixels, tmp_path / "a.png")
    store = Store(tmp_path / "store")
    heard: list[str] = []

    with beside(stage, photo, form=RIG_FORM, store=store) as baked:
        first = baked(lambda what, done, total: heard.append(f"{what} {done}/{total}"))
    with beside(stage, photo, form=RIG_FORM, store=store) as baked:
        children = multiprocessing.active_children()
        second = baked(lambda *_said: None)

    assert "rig 6/6" in heard
    assert not children, "the second time nothing is baked"
    assert second.rig_id == first.rig_id
    np.testing.assert_array_equal(second.person, first.person)


def test_what_is_wrong_with_a_photo_is_said_on_this_side(stage: RigStage, tmp_path: Path) -> None:
    photo = _saved(paint_cat(width_px=320, height_px=320, seed=1), tmp_path / "cat.png")
    store = Store(tmp_path / "store")

    with (
        pytest.raises(InputError, match="no face"),
        beside(stage, photo, form=RIG_FORM, store=store) as baked,
    ):
        baked(lambda *_said: None)


def test_a_process_that_dies_is_told_and_one_that_is_left_is_stopped(
    stage: RigStage, tmp_path: Path
) -> None:
    photo = _saved(portrait("man-bald", width_px=384, height_px=480).pixels, tmp_path / "a.png")
    store = Store(tmp_path / "store")

    with beside(stage, photo, form=RIG_FORM, store=store) as baked:
        (child,) = multiprocessing.active_children()
        child.kill()
        with pytest.raises(HelperLostError, match="try again"):
            baked(lambda *_said: None)
    with beside(stage, photo, form=RIG_FORM, store=store):
        (child,) = multiprocessing.active_children()

    assert not child.is_alive()
    assert store.size_bytes == 0
