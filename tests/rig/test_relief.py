"""A photograph in two layers, for albums."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest

from vivant.errors import InputError
from vivant.intake.engines.mediapipe import MediapipeFaces
from vivant.painting import CAST, group, portrait
from vivant.rig.relief import Relief, load_relief, relief_of, save_relief


@pytest.fixture(scope="module")
def engine() -> MediapipeFaces:
    return MediapipeFaces()


def saved(pixels: np.ndarray, path: Path) -> Path:
    cv2.imwrite(str(path), pixels[..., ::-1])
    return path


def test_a_photo_is_parted_into_the_person_and_what_is_behind(
    engine: MediapipeFaces, tmp_path: Path
) -> None:
    painted = portrait("woman-smile", width_px=384, height_px=480)
    relief = relief_of(saved(painted.pixels, tmp_path / "p.png"), engine=engine)
    truth = painted.truth.person > 127

    agreed = ((relief.alpha > 127) == truth).mean()
    assert agreed > 0.95
    assert len(relief.faces) == 1
    background = np.array(painted.spec.background, float)
    behind = relief.back[cv2.erode(truth.astype(np.uint8), np.ones((9, 9))) > 0].astype(float)
    in_front = relief.front[truth].astype(float)
    assert np.abs(behind - background).mean() < 0.6 * np.abs(in_front - background).mean()


def test_a_group_is_welcome(engine: MediapipeFaces, tmp_path: Path) -> None:
    many = group([CAST[name] for name in ("woman-smile", "man-bald", "girl")])
    relief = relief_of(saved(many, tmp_path / "g.png"), engine=engine)

    assert len(relief.faces) == 3


def test_a_place_without_anybody_is_welcome(engine: MediapipeFaces, tmp_path: Path) -> None:
    hills = np.linspace(40, 220, 300, dtype=np.uint8)[:, None, None].repeat(400, 1).repeat(3, 2)
    relief = relief_of(saved(hills, tmp_path / "h.png"), engine=engine)

    assert len(relief.faces) == 0
    assert relief.aspect == pytest.approx(4 / 3)


def test_a_tiny_photo_says_what_would_do(engine: MediapipeFaces, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="160"):
        relief_of(saved(np.zeros((90, 120, 3), np.uint8), tmp_path / "t.png"), engine=engine)


def test_what_was_kept_reads_back(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    relief = Relief(
        front=rng.integers(0, 255, (8, 6, 3)).astype(np.uint8),
        alpha=rng.integers(0, 255, (8, 6)).astype(np.uint8),
        back=rng.integers(0, 255, (8, 6, 3)).astype(np.uint8),
        faces=np.ones((2, 4), np.float32),
        photo_sha256="a" * 64,
        mime="image/png",
        repaired=("tones",),
    )
    save_relief(relief, tmp_path / "one.relief")
    again = load_relief(tmp_path / "one.relief")

    assert np.array_equal(again.front, relief.front)
    assert again.repaired == ("tones",)
