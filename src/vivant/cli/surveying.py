"""Looks at this machine: what is installed, what works, what is missing."""

from __future__ import annotations

import dataclasses
import importlib
import importlib.metadata
import os
import platform
import shutil
import stat
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from vivant.cli.screen import plain
from vivant.engines import declared
from vivant.errors import VivantError
from vivant.intake.engines.mediapipe import APT_LINE
from vivant.models.fetching import command_for, verify
from vivant.places import Places
from vivant.provenance.key_changing import key_warnings
from vivant.provenance.safekeeping import utc_now
from vivant.settings import Settings
from vivant.studio.store import Store

LEAST_FREE_BYTES = 500_000_000
_OLDEST_PYTHON, _TOO_NEW_PYTHON = (3, 11), (3, 14)

LIBRARIES: Mapping[str, str] = {
    "numpy": "numpy",
    "scipy": "scipy",
    "numba": "numba",
    "PIL": "pillow",
    "pillow_heif": "pillow-heif",
    "cv2": "opencv-contrib-python",
    "mediapipe": "mediapipe",
    "dlib": "dlib-bin",
    "onnxruntime": "onnxruntime",
    "hibari": "hibari-tts",
    "soundfile": "soundfile",
    "soxr": "soxr",
    "av": "av",
    "c2pa": "c2pa-python",
    "cryptography": "cryptography",
}
"""What is imported, and the package that brings it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One thing that was looked at."""

    name: str
    ok: bool
    found: str
    what_to_do: str = ""
    """Empty when all is well."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SurveyedEngine:
    """One installed engine, loaded to ask what it can do."""

    room: str
    name: str
    package: str
    package_version: str
    ok: bool
    why: str
    """Why it cannot be loaded; empty when it can."""
    traits: Mapping[str, object]
    """What it says it can do; empty when it cannot be loaded."""


def survey_engines() -> tuple[SurveyedEngine, ...]:
    """Load each installed engine and ask it for its traits."""
    found = []
    for engine in declared():
        why, traits = "", {}
        try:
            # a signer is made with settings that only its signer.json holds
            told = None if engine.room == "signing" else getattr(engine.load(), "traits", None)
            if dataclasses.is_dataclass(told) and not isinstance(told, type):
                traits = {f.name: plain(getattr(told, f.name)) for f in dataclasses.fields(told)}
        except VivantError as error:
            why = str(error)
        found.append(
            SurveyedEngine(
                room=engine.room,
                name=engine.name,
                package=engine.package,
                package_version=engine.package_version,
                ok=not why,
                why=why,
                traits=traits,
            )
        )
    return tuple(found)


def examine(settings: Settings) -> tuple[Check, ...]:
    """Look at everything a film needs."""
    return (
        _python(),
        *(_library(module, package) for module, package in LIBRARIES.items()),
        *_engines(),
        *_models(settings),
        _folder("data folder", settings.places.data),
        _folder("cache folder", settings.places.cache),
        _keys(settings.places.data),
        _threads(settings),
    )


def _python() -> Check:
    ok = _OLDEST_PYTHON <= sys.version_info[:2] < _TOO_NEW_PYTHON
    return Check(
        name="Python",
        ok=ok,
        found=f"{platform.python_version()} on {platform.system()} {platform.machine()}",
        what_to_do="" if ok else "Install Python 3.11, 3.12 or 3.13.",
    )


def _library(module: str, package: str) -> Check:
    try:
        version = importlib.metadata.version(package)
        importlib.import_module(module)
    except importlib.metadata.PackageNotFoundError:
        return Check(
            name=package, ok=False, found="not installed.", what_to_do=f"pip install {package}"
        )
    except (ImportError, OSError, RuntimeError) as error:
        return Check(
            name=package, ok=False, found=f"{error}.", what_to_do=_cure(str(error), package)
        )
    return Check(name=package, ok=True, found=version)


def _cure(trouble: str, package: str) -> str:
    if any(name in trouble for name in ("libGL", "libEGL", "libgthread", "libglib")):
        return f"On Debian or Ubuntu run once: {APT_LINE}"
    return f"Install it again: pip install --force-reinstall {package}"


def _engines() -> list[Check]:
    return [
        Check(
            name=f"{engine.room} engine {engine.name}",
            ok=engine.ok,
            found=f"{engine.package} {engine.package_version}" if engine.ok else engine.why,
            what_to_do="" if engine.ok else f"Install {engine.package} again.",
        )
        for engine in survey_engines()
    ]


def _models(settings: Settings) -> list[Check]:
    return [
        Check(
            name=f"model {reading.model.name}",
            ok=reading.ok,
            found=f"{reading.state}. {reading.why}",
            what_to_do="" if reading.ok else f"Run `{command_for(reading.model)}`.",
        )
        for reading in verify(settings.places)
    ]


def _folder(name: str, folder: Path) -> Check:
    nearest = next((one for one in (folder, *folder.parents) if one.exists()), None)
    if nearest is None or not os.access(nearest, os.W_OK):
        variable = "VIVANT_DATA" if name.startswith("data") else "VIVANT_CACHE"
        todo = f"Make it writable, or set {variable} to a folder that is."
        return Check(name=name, ok=False, found=f"{folder} cannot be written.", what_to_do=todo)
    free = shutil.disk_usage(nearest).free
    ok = free >= LEAST_FREE_BYTES
    held = Store(folder / "studio").size_bytes if name.startswith("cache") else 0
    kept = f", {held / 1e6:.0f} MB of rigs kept" if held else ""
    return Check(
        name=name,
        ok=ok,
        found=f"{folder}, {free / 1e9:.1f} GB free{kept}",
        what_to_do="" if ok else f"Make room: {LEAST_FREE_BYTES // 1_000_000} MB are needed.",
    )


def _keys(data: Path) -> Check:
    folder = data / "keys"
    if not folder.exists():
        return Check(name="signing key", ok=True, found="none yet; made with the first film")
    loose = [
        path
        for path in folder.iterdir()
        if os.name == "posix" and path.is_file() and stat.S_IMODE(path.stat().st_mode) & 0o077
    ]
    private = [path for path in loose if b"PRIVATE KEY" in path.read_bytes()[:100]]
    warnings = key_warnings(Places(data=data, cache=data), now=utc_now())
    if warnings:
        told = " ".join(warnings)
        return Check(name="signing key", ok=False, found=f"in {folder}", what_to_do=told)
    return Check(
        name="signing key",
        ok=not private,
        found=f"in {folder}" + ("; others may read it." if private else ", readable by you alone"),
        what_to_do=f"Run: chmod 600 {folder}/*" if private else "",
    )


def _threads(settings: Settings) -> Check:
    cores = os.cpu_count() or 1
    return Check(
        name="processor",
        ok=True,
        found=f"{cores} threads; {settings.threads} draw frames, one encodes",
    )
