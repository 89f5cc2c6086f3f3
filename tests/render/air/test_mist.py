from __future__ import annotations

import numpy as np

from air_scenes import HEIGHT, LIGHT, WIDTH
from vivant.places import Places
from vivant.render.air.mist import Mist, mist_rgb
from vivant.render.air.noise import cloud_noise


def _misty(places: Places, *, seconds: float, amount: float, seed: int = 0) -> np.ndarray:
    mist = Mist(cloud_noise(places), width_px=WIDTH, height_px=HEIGHT, top=0.6, seed=seed)
    picture = np.zeros((HEIGHT, WIDTH, 3), np.float32)
    mist.over(picture, seconds=seconds, amount=amount, rgb=mist_rgb(LIGHT))
    return picture


def test_mist_lies_along_the_lower_edge(air_places: Places) -> None:
    picture = _misty(air_places, seconds=0, amount=1)
    assert not picture[: HEIGHT // 3].any()
    assert picture[-2:].mean() > 0.5
    assert picture[-2:].mean() > picture[-10:-8].mean()
    assert (picture <= np.array(mist_rgb(LIGHT)) + 1e-5).all()


def test_no_mist_changes_nothing(air_places: Places) -> None:
    assert not _misty(air_places, seconds=0, amount=0).any()


def test_mist_moves_slowly(air_places: Places) -> None:
    now, soon, later = (_misty(air_places, seconds=s, amount=1) for s in (1.0, 1.04, 6.0))
    assert 0 < np.abs(soon - now).mean() < 0.01
    assert np.abs(later - now).mean() > 3 * np.abs(soon - now).mean()


def test_other_seeds_give_other_mist(air_places: Places) -> None:
    assert (
        np.abs(
            _misty(air_places, seconds=0, amount=1)
            - _misty(air_places, seconds=0, amount=1, seed=5)
        ).max()
        > 0.05
    )
