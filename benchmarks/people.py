"""Whom the benchmarks film: two portraits in the public domain, and the rigs built from them."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import imageio.v3 as iio
import numpy as np
from skimage import data

from vivant import Consent, Likeness, Rig, Speech, attest, build_rig, speak, take_photos
from vivant.cli.hopper import WORDS, portrait


@cache
def consent() -> Consent:
    """Both are public domain."""
    return attest("public-domain", note="Public domain; a benchmark")


def photo(name: str, folder: Path) -> Path:
    """Find ``"hopper"``, or write ``"astronaut"`` into a folder."""
    if name == "hopper":
        return portrait()
    path = folder / "astronaut.png"
    if not path.exists():
        iio.imwrite(path, np.asarray(data.astronaut()))
    return path


def likeness(name: str, folder: Path) -> Likeness:
    """Take the photo in."""
    return take_photos([photo(name, folder)], consent=consent())


def rig(name: str, folder: Path) -> Rig:
    """Bake a rig."""
    return build_rig(likeness(name, folder))


@cache
def speech() -> Speech:
    """Say the demonstration's words."""
    return speak(WORDS)
