"""Golden pictures fail when they should, and say what to do."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from vivant.media.picture import Frame
from vivant.media.planes import rgb_to_planes
from vivant.testing.golden import Golden

PIXELS = np.tile(np.linspace(40, 200, 32, dtype=np.uint8)[None, :, None], (24, 1, 3))


def _golden(folder: Path, *, accept: bool = False) -> Golden:
    return Golden(accepted=folder / "accepted", failed=folder / "failed", accept=accept)


def test_an_accepted_picture_is_found_again(tmp_path: Path) -> None:
    _golden(tmp_path, accept=True)("room/ramp", PIXELS, at_least_db=38)

    _golden(tmp_path)("room/ramp", PIXELS, at_least_db=60)
    assert not (tmp_path / "failed").exists()


def test_a_frame_is_compared_by_what_it_shows(tmp_path: Path) -> None:
    y, u, v = rgb_to_planes(PIXELS)
    frame = Frame(index=0, y=y, u=u, v=v)
    _golden(tmp_path, accept=True)("ramp", PIXELS, at_least_db=38)

    _golden(tmp_path)("ramp", frame, at_least_db=38)


def test_a_missing_picture_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(AssertionError, match=r"no accepted picture 'ramp' yet.*--accept"):
        _golden(tmp_path)("ramp", PIXELS, at_least_db=38)

    assert (tmp_path / "failed" / "ramp.png").is_file()


def test_a_change_leaves_seen_wanted_and_difference_side_by_side(tmp_path: Path) -> None:
    _golden(tmp_path, accept=True)("ramp", PIXELS, at_least_db=38)

    with pytest.raises(AssertionError, match=r"dB like the accepted one, and 38 dB are needed"):
        _golden(tmp_path)("ramp", PIXELS[:, ::-1], at_least_db=38)

    with Image.open(tmp_path / "failed" / "ramp.png") as left:
        assert left.size == (3 * (32 + 4), 24)


def test_another_size_is_told(tmp_path: Path) -> None:
    _golden(tmp_path, accept=True)("ramp", PIXELS, at_least_db=38)

    with pytest.raises(AssertionError, match="30 x 24 pixels and 32 x 24 are accepted"):
        _golden(tmp_path)("ramp", PIXELS[:, :30], at_least_db=38)


def test_accepting_what_has_not_changed_leaves_the_file_alone(tmp_path: Path) -> None:
    _golden(tmp_path, accept=True)("ramp", PIXELS, at_least_db=38)
    before = (tmp_path / "accepted" / "ramp.png").read_bytes()

    _golden(tmp_path, accept=True)("ramp", PIXELS ^ np.uint8(1), at_least_db=38)

    assert (tmp_path / "accepted" / "ramp.png").read_bytes() == before


def test_a_huge_picture_is_no_golden(tmp_path: Path) -> None:
    with pytest.raises(AssertionError, match="1024 at most"):
        _golden(tmp_path)("huge", np.zeros((8, 2000, 3), np.uint8), at_least_db=38)
