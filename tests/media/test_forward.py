"""A long MP3 is heard without holes."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import soundfile

from vivant.media.forward import ForwardFile
from vivant.media.hearing import BLOCK_FRAMES, read_sound


def test_an_mp3_read_in_blocks_is_the_one_read_at_once(tmp_path: Path) -> None:
    moments = np.arange(BLOCK_FRAMES + 50_000)
    path = tmp_path / "tone.mp3"
    soundfile.write(path, 0.3 * np.sin(2 * np.pi * 0.01 * moments), 48_000, format="MP3")
    at_once, _ = soundfile.read(path, dtype="float32")

    with ForwardFile(path) as file:
        in_blocks = np.concatenate([block[:, 0] for block in file.pieces(10_000)])

    assert np.array_equal(in_blocks, at_once)
    assert np.abs(read_sound(path).samples - at_once).max() < 1e-6
