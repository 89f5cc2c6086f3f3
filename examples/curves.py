"""Curves drive a photo: write an ARKit CSV by hand, read it back, film it in silence.

python examples/curves.py portrait.jpg out.mp4
"""

from __future__ import annotations

import sys
from fractions import Fraction
from pathlib import Path

import numpy as np

from vivant import Performance, attest, film_from_photos
from vivant.media.face import SHAPE
from vivant.performance.livelink import read_livelink, write_livelink

RATE = Fraction(25)
FRAMES = 50


def nod_and_smile() -> Performance:
    """Two seconds: a smile that comes and goes, one blink, one nod."""
    time = np.arange(FRAMES, dtype=np.float32) / FRAMES
    shapes = np.zeros((FRAMES, 52), np.float32)
    head = np.zeros((FRAMES, 6), np.float32)
    smile = np.sin(np.pi * time) ** 2
    for side in ("Left", "Right"):
        shapes[:, SHAPE[f"mouthSmile{side}"]] = 0.6 * smile
        shapes[20:25, SHAPE[f"eyeBlink{side}"]] = (0.4, 1.0, 1.0, 0.7, 0.3)
    head[:, 1] = 4.0 * np.sin(2 * np.pi * time)
    return Performance(rate=RATE, shapes=shapes, head=head, breath=smile.astype(np.float32))


def main(photo: Path, to: Path) -> None:
    """Write, read, film."""
    table = to.with_suffix(".csv")
    write_livelink(table, nod_and_smile())
    performance = read_livelink(table, rate=RATE)
    consent = attest("public-domain", note="Public domain; a demonstration")
    film = film_from_photos(
        [photo], None, to, consent=consent, performance=performance, width_px=480, height_px=480
    )
    print(film.path, film.frames, "frames", film.verification.verdict)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
