"""Homes for tests: keys, consents and rigs are the test's own; what is the same for everybody is made once in a run."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from vivant.places import Places

SAME_FOR_ALL = ("air", "demo-faces")
"""Folders of the cache that hold nothing of the user's: the noise of all air, and the painted faces."""


def made_home(folder: Path, *, common: Path) -> Path:
    """Make a home in a folder.

    Args:
        folder: Where.
        common: What is the same for all tests of a run; the fetched models are shared beyond it.
    """
    models, cache = Places().cache / "models", folder / "cache"
    cache.mkdir()
    if models.is_dir():
        (cache / "models").symlink_to(models, target_is_directory=True)
    for name in SAME_FOR_ALL:
        (common / name).mkdir(parents=True, exist_ok=True)
        (cache / name).symlink_to(common / name, target_is_directory=True)
    return folder


@contextmanager
def living_in(home: Path) -> Iterator[Path]:
    """Let the command line find a home."""
    with pytest.MonkeyPatch.context() as changed:
        changed.setenv("VIVANT_DATA", str(home / "data"))
        changed.setenv("VIVANT_CACHE", str(home / "cache"))
        yield home
