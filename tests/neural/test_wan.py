"""The diffusion engine with the real libraries, and a Wan model of the published layout with a few thousand random weights.

What random weights make of a picture is bad; that it is found bad, and drawn as always, is half of the point.
"""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from small_wan import tiny_wan
from vivant.errors import MissingError
from vivant.media.watch import unwatched
from vivant.render.engines.diffusion import Dials, DiffusionEngine
from vivant.render.judging import judge
from vivant.render.moving import Wish
from vivant.render.retiming import Retimed
from vivant.testing.standins import PaintedFaces

DIALS = Dials(steps=2, area_px=192 * 128)
PROMPT = "the gates close slowly"


@pytest.fixture(scope="module")
def folder(python: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny_wan(python, tmp_path_factory.mktemp("wan") / "tiny")


def a_wish(**changed: object) -> Wish:
    rows, columns = np.mgrid[:180, :320]
    first = np.stack([columns % 256, rows, (rows + columns) % 256], axis=-1).astype(np.uint8)
    facts: dict[str, object] = {
        "first": first, "prompt": PROMPT, "seed": 3, "frames": 6, "rate": Fraction(25),
    }  # fmt: skip
    return Wish(**(facts | changed))  # type: ignore[arg-type]


def test_a_wan_model_in_the_published_layout_is_loaded_run_and_judged(
    python: Path, folder: Path
) -> None:
    assert json.loads((folder / "model_index.json").read_text())["_class_name"] == "WanPipeline"
    engine = DiffusionEngine(weights=folder, python=python, dials=DIALS)
    heard: list[tuple[str, int, int]] = []
    try:
        one = engine.move(a_wish(), watch=lambda *what: heard.append(what))
        again = engine.move(a_wish(), watch=unwatched)
        other = engine.move(a_wish(seed=4), watch=unwatched)
        told = engine.move(a_wish(prompt="she waves"), watch=unwatched)
    finally:
        engine.close()

    assert one.pixels.shape == (9, 96, 192, 3)  # steps of 32 pixels, 4 k + 1 frames
    assert np.array_equal(one.pixels, again.pixels)
    assert not np.array_equal(one.pixels, other.pixels)
    assert not np.array_equal(one.pixels, told.pixels)
    assert ("diffusion", 2, 3) in heard
    wish = a_wish()
    film = Retimed(one, rate=wish.rate, width_px=320, height_px=180)
    verdict = judge(film.frame, count=6, first=wish.first, people={}, faces=PaintedFaces([]))
    assert not verdict.good
    assert verdict.measured["first_db"] < 24
    for made in (one, again, other, told):
        made.close()


def test_weights_that_are_cut_short_are_said_to_be_damaged(
    python: Path, folder: Path, tmp_path: Path
) -> None:
    import shutil

    broken = shutil.copytree(folder, tmp_path / "broken")
    path = broken / "transformer/diffusion_pytorch_model.safetensors"
    path.write_bytes(path.read_bytes()[:1000])
    engine = DiffusionEngine(weights=broken, python=python, dials=DIALS)
    try:
        with pytest.raises(MissingError, match="cannot be read"):
            engine.move(a_wish(), watch=unwatched)
    finally:
        engine.close()
