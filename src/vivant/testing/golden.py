"""Golden pictures: what a test saw is compared with what people accepted, by PSNR of decoded pixels.

Loaded as a pytest plugin: ``pytest_plugins = ["vivant.testing.golden"]`` in the topmost conftest.
It gives tests the fixture ``golden``, and pytest the switch ``--accept``.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import pytest
from jaxtyping import UInt8
from PIL import Image

from vivant.media.picture import Frame
from vivant.media.planes import planes_to_rgb, psnr

Pixels = UInt8[np.ndarray, "height width 3"]
FOLDER = "golden"
"""Where accepted pictures lie, below the tests."""
LARGEST_PX = 1024
"""Goldens are small: a repository keeps every version of them for ever."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Golden:
    """Compares pictures with the accepted ones."""

    accepted: Path
    """Folder of the accepted pictures."""
    failed: Path
    """Folder in which failures leave what was seen, wanted, and the difference."""
    accept: bool
    """Whether what is seen becomes what is wanted."""

    def __call__(self, name: str, seen: Frame | Pixels, *, at_least_db: float) -> None:
        """Compare a picture with the accepted one.

        Args:
            name: Of the picture, with its folder: ``"render/half-blink"``.
            seen: A frame, or pixels in sRGB.
            at_least_db: The least PSNR; 38 dB allows rounding, and shows a change of shape.

        Raises:
            AssertionError: They differ, or there is no accepted picture yet; the message says what to do.
        """
        pixels = planes_to_rgb(seen.y, seen.u, seen.v) if isinstance(seen, Frame) else seen
        if max(pixels.shape[:2]) > LARGEST_PX:
            message = f"The picture {name!r} is {pixels.shape[1]} x {pixels.shape[0]} pixels; a golden has {LARGEST_PX} at most. Compare a smaller one, or a part."
            raise AssertionError(message)
        path = self.accepted / f"{name}.png"
        if self.accept:
            self._keep(path, pixels, at_least_db=at_least_db)
            return
        if not path.is_file():
            left = self._leave(name, [pixels])
            message = f"There is no accepted picture {name!r} yet. Look at {left}; if it is right, run the test again with --accept and commit {path}."
            raise AssertionError(message)
        self._compare(name, pixels, path, at_least_db=at_least_db)

    def _keep(self, path: Path, pixels: Pixels, *, at_least_db: float) -> None:
        if path.is_file() and _close(_read(path), pixels, at_least_db=at_least_db):
            return  # no new version of a picture that has not changed
        path.parent.mkdir(parents=True, exist_ok=True)
        Image.fromarray(pixels).save(path, optimize=True)

    def _compare(self, name: str, pixels: Pixels, path: Path, *, at_least_db: float) -> None:
        wanted = _read(path)
        if wanted.shape != pixels.shape:
            left = self._leave(name, [pixels, wanted])
            message = f"The picture {name!r} is {pixels.shape[1]} x {pixels.shape[0]} pixels and {wanted.shape[1]} x {wanted.shape[0]} are accepted. Look at {left} (seen | wanted)."
            raise AssertionError(message)
        near_db = psnr(pixels, wanted)
        if near_db >= at_least_db:
            return
        difference = np.clip(np.abs(pixels.astype(np.int16) - wanted) * 8, 0, 255).astype(np.uint8)
        left = self._leave(name, [pixels, wanted, difference])
        message = f"The picture {name!r} is {near_db:.1f} dB like the accepted one, and {at_least_db:g} dB are needed. Look at {left} (seen | wanted | difference x 8); if the new one is right, run the test again with --accept."
        raise AssertionError(message)

    def _leave(self, name: str, pictures: list[UInt8[np.ndarray, "_ _ 3"]]) -> Path:
        tallest = max(len(picture) for picture in pictures)
        padded = [
            cv2.copyMakeBorder(
                picture, 0, tallest - len(picture), 0, 4, cv2.BORDER_CONSTANT, value=(255, 0, 255)
            )
            for picture in pictures
        ]
        path = self.failed / f"{name}.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        Image.fromarray(np.hstack(padded)).save(path)
        return path


def _read(path: Path) -> Pixels:
    with Image.open(path) as picture:
        return np.array(picture.convert("RGB"), dtype=np.uint8)


def _close(
    a: UInt8[np.ndarray, "_ _ 3"], b: UInt8[np.ndarray, "_ _ 3"], *, at_least_db: float
) -> bool:
    return a.shape == b.shape and psnr(a, b) >= at_least_db


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the switch ``--accept``."""
    group = parser.getgroup("vivant")
    group.addoption(
        "--accept", action="store_true", help="take what tests see as their golden pictures"
    )


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Golden:
    """Give what compares pictures with the accepted ones in ``tests/golden``."""
    root = request.config.rootpath
    return Golden(
        accepted=root / "tests" / FOLDER,
        failed=root / "build" / FOLDER,
        accept=bool(request.config.getoption("--accept")),
    )
