"""Video Seal with the real PyTorch, and a TorchScript file of the published doors with random numbers for weights.

What random weights hide cannot be trained to be unseen, so they add a little noise of their own for each bit,
and read it by correlation.
"""

from __future__ import annotations

import hashlib
import subprocess
from pathlib import Path

import pytest

from vivant.errors import InputError
from vivant.provenance.engines.videoseal import FILE, VideoSealEngine
from vivant.testing.mark_contracts import FILM_ID, MarkEngineContract, painted_frames

BUILD = """
import sys
import torch

class Random(torch.nn.Module):
    def __init__(self):
        super().__init__()
        torch.manual_seed(0)
        signs = torch.sign(torch.randn(256, 64, 64))
        self.register_buffer("waves", signs - signs.mean(dim=(1, 2), keepdim=True))

    def _full(self, small):
        return torch.nn.functional.interpolate(small, size=(256, 256), mode="nearest")

    @torch.jit.export
    def embed(self, imgs, msgs, is_video: bool = False):
        wave = torch.einsum("bk,khw->bhw", 2 * msgs - 1, self.waves) / 16
        return torch.clamp(imgs + 0.01 * self._full(wave[:, None]), 0, 1)

    @torch.jit.export
    def detect(self, imgs, is_video: bool = False):
        grey = imgs.mean(dim=1, keepdim=True)
        smooth = torch.nn.functional.avg_pool2d(grey, 9, stride=1, padding=4, count_include_pad=False)
        small = torch.nn.functional.avg_pool2d(grey - smooth, 4)[:, 0]
        heard = torch.einsum("bhw,khw->bk", small, self.waves)
        return torch.cat([torch.ones_like(heard[:, :1]), heard], dim=1)

    def forward(self, imgs, msgs):
        return self.embed(imgs, msgs, False)

torch.jit.script(Random()).save(sys.argv[1])
"""


@pytest.fixture(scope="module")
def folder(python: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("seal")
    script = tmp_path_factory.mktemp("script") / "build.py"  # TorchScript reads its own source
    script.write_text(BUILD, encoding="utf-8")
    subprocess.run([str(python), str(script), str(made / FILE)], check=True, capture_output=True)
    return made


def engine_of(folder: Path, python: Path) -> VideoSealEngine:
    digest = hashlib.sha256((folder / FILE).read_bytes()).hexdigest()
    return VideoSealEngine(weights=folder, known={digest}, python=python)


class TestRealTorch(MarkEngineContract):
    @pytest.fixture
    def engine(self, folder: Path, python: Path) -> VideoSealEngine:
        return engine_of(folder, python)


def test_a_torchscript_file_is_run_in_its_own_process_and_read_over_many_frames(
    folder: Path, python: Path
) -> None:
    engine = engine_of(folder, python)
    frames = painted_frames(20)
    marker = engine.begin(FILM_ID, width_px=640, height_px=480)
    try:
        for frame in frames:
            marker.apply(frame)
        reading = engine.read(frames)
    finally:
        engine.close()

    assert reading.film_id == FILM_ID
    assert "20 frames" in reading.why


def test_a_file_that_is_cut_short_is_told(folder: Path, python: Path, tmp_path: Path) -> None:
    (tmp_path / FILE).write_bytes((folder / FILE).read_bytes()[:2000])
    engine = engine_of(tmp_path, python)

    with pytest.raises(InputError, match="cannot be loaded"):
        engine.read(painted_frames(2))
    engine.close()
