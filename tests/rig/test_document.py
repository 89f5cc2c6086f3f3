from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from rigs import arrays_of, rig
from vivant.errors import InputError
from vivant.media.document import read_document, write_document
from vivant.rig.rig import RIG_VERSION, load_rig, save_rig


@pytest.fixture
def saved(tmp_path: Path) -> Path:
    path = tmp_path / "person.rig"
    save_rig(rig("young-man-curls"), path)
    return path


def test_a_saved_rig_comes_back_whole(saved: Path) -> None:
    before, after = rig("young-man-curls"), load_rig(saved)
    old, new = arrays_of(before), arrays_of(after)

    assert old.keys() == new.keys()
    for name, array in old.items():
        assert array.dtype == new[name].dtype
        assert np.array_equal(array, new[name]), name
    for fact in ("rig_id", "likeness_id", "photo_id", "face_height_px", "cut", "notes"):
        assert getattr(before, fact) == getattr(after, fact)
    assert [eye.side for eye in after.eyes] == ["right", "left"]


def test_a_damaged_rig_is_told_apart(saved: Path) -> None:
    saved.write_bytes(saved.read_bytes()[: saved.stat().st_size // 2])

    with pytest.raises(InputError):
        load_rig(saved)


def test_a_rig_of_another_version_is_refused(saved: Path) -> None:
    document = read_document(saved, kind="rig", version=RIG_VERSION)
    write_document(
        saved,
        kind="rig",
        version=RIG_VERSION + 1,
        facts=dict(document.facts),
        arrays=dict(document.arrays),
    )

    with pytest.raises(InputError):
        load_rig(saved)


def test_a_rig_without_one_of_its_parts_is_refused(saved: Path) -> None:
    document = read_document(saved, kind="rig", version=RIG_VERSION)
    arrays = {name: array for name, array in document.arrays.items() if name != "face.basis"}
    write_document(
        saved, kind="rig", version=RIG_VERSION, facts=dict(document.facts), arrays=arrays
    )

    with pytest.raises(InputError):
        load_rig(saved)
