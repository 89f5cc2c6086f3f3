from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from air_scenes import GLOWING, LIGHT, camera, flat_clouds
from vivant.errors import InputError
from vivant.places import Places
from vivant.render.air.slabs import Slabs, bake_slabs, each_slab, read_slabs, write_slabs


@pytest.fixture(scope="module")
def plate(air_places: Places) -> Slabs:
    return bake_slabs(camera(), flat_clouds(2.0), GLOWING, places=air_places)


def test_a_plate_holds_cloud_where_there_is_some(plate: Slabs) -> None:
    found = list(each_slab(plate))
    assert 4 <= len(found) <= 12
    for slab, picture in found:
        left, top, width, height, _ = plate.boxes[slab]
        assert picture.shape == (height, width, 4)
        assert left + width <= 32
        assert (picture[: max(0, 5 - top), :, 3] > 65000).all()  # the sky above is empty
        assert picture[..., 3].min() < 65400
    assert len(plate.glow) == len(plate.relief) == len(plate.texels)
    assert plate.glow.max() > 50


def test_a_plate_is_read_as_it_was_written(plate: Slabs, tmp_path: Path) -> None:
    path = tmp_path / "plate.vivant"
    write_slabs(path, plate)
    again = read_slabs(path)
    for name in ("boxes", "texels", "relief", "glow", "filled", "edges_m"):
        assert np.array_equal(getattr(plate, name), getattr(again, name))
    assert again.view.px_per_m == plate.view.px_per_m
    assert np.array_equal(again.view.forward, plate.view.forward)
    assert (again.coarse, again.seconds) == (plate.coarse, plate.seconds)


def test_the_same_plate_is_baked_whatever_the_threads(plate: Slabs, air_places: Places) -> None:
    again = bake_slabs(camera(), flat_clouds(2.0), GLOWING, places=air_places, threads=1)
    assert np.array_equal(again.texels, plate.texels)


def test_no_clouds_give_a_plate_without_texels(air_places: Places) -> None:
    plate = bake_slabs(camera(), None, LIGHT, places=air_places)
    assert plate.size < 2000
    assert not list(each_slab(plate))


def test_a_plate_whose_boxes_point_elsewhere_is_refused(plate: Slabs, tmp_path: Path) -> None:
    for column, more in ((0, 1000), (2, 1), (4, 7), (1, -50)):
        boxes = plate.boxes.copy()
        boxes[8, column] += more
        path = tmp_path / "plate.vivant"
        write_slabs(path, replace(plate, boxes=boxes))
        with pytest.raises(InputError, match="Make it again"):
            read_slabs(path)


def test_a_cut_plate_is_refused(plate: Slabs, tmp_path: Path) -> None:
    path = tmp_path / "plate.vivant"
    write_slabs(path, plate)
    path.write_bytes(path.read_bytes()[:-400])
    with pytest.raises(InputError):
        read_slabs(path)


def test_work_is_watched(air_places: Places) -> None:
    heard: list[tuple[str, int, int]] = []
    bake_slabs(
        camera(),
        flat_clouds(2.0),
        LIGHT,
        coarse=8,
        places=air_places,
        watch=lambda what, done, total: heard.append((what, done, total)),
    )
    assert heard[-1][1] == heard[-1][2]
    assert {what for what, _, _ in heard} == {"air"}
