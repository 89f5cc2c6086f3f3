"""What to say when a library of the system is not here. Imports nothing that could itself be missing."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from vivant.errors import MissingError

APT_LINE = (
    "apt-get install -y libgl1 libegl1 libgles2 libglib2.0-0 "
    "libxcb1 libxcb-shm0 libxcb-shape0 libxcb-xfixes0"
)
"""What OpenCV and MediaPipe want on a bare Debian or Ubuntu server; desktops have it."""


class LibraryMissingError(MissingError):
    """A library cannot be loaded."""

    code = "missing.library"


def library_missing(error: Exception, *, what: str) -> LibraryMissingError:
    """Turn the error of a library that does not load into one that says what to do.

    Args:
        error: What loading it raised.
        what: The library that was wanted.
    """
    if ".so" in str(error):
        message = (
            f"{what} needs a library of the system that is not here ({error}). Run `{APT_LINE}`."
        )
    else:
        message = (
            f"{what} cannot be loaded ({error}). "
            "Install vivant again: `pip install --force-reinstall vivant`."
        )
    return LibraryMissingError(message)


@contextmanager
def wanted(what: str) -> Iterator[None]:
    """Say what to do when a library cannot be imported or loaded inside the block.

    Raises:
        LibraryMissingError: It cannot.
    """
    try:
        yield
    except (ImportError, OSError) as error:
        raise library_missing(error, what=what) from error
