"""Fetch weights from a hub, after their licence was accepted; keep them, or remember one's own folder of them."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from vivant.errors import ConsentError, InputError, MissingError, ResourceError
from vivant.models.hub import ALLOWED, HUB_MODELS, HubFile, HubModel, Needs, hub_model_named
from vivant.models.hub_wire import Listed, download, hub_address, listing
from vivant.places import Places

Watch = Callable[[str, int, int], None]
MARK = "vivant-weights.json"
"""Says in a folder of fetched weights what lies there; written last."""
POINTER = "own-{name}.json"
"""Says where somebody's own folder of weights is."""
LOADED = frozenset({".safetensors", ".onnx", ".jit"})
"""``.jit`` is run only by engines that compare its hash with the published one."""


class LicenceNotAcceptedError(ConsentError):
    """Nobody has said yes to the licence of some weights."""

    code = "models.licence-not-accepted"


class WeightsMissingError(MissingError):
    """Weights that an engine needs are not here."""

    code = "models.weights-missing"


class WeightsDamagedError(MissingError):
    """Weights are not what they should be."""

    code = "models.weights-damaged"


@dataclass(frozen=True, slots=True, kw_only=True)
class Weights:
    """A folder of weights, ready to be loaded."""

    name: str
    """Name of the model, or ``"own"``."""
    folder: Path
    revision: str
    """Commit, or a hash of the files: what papers and cache keys call it."""
    licence: str


def weights_folder(name: str, places: Places | None = None) -> Path:
    """Tell where fetched weights lie."""
    return (places or Places()).cache / "models" / "hub" / name


def licence_text(model: HubModel) -> str:
    """Write what somebody must read before they say yes."""
    return (
        f"{model.name}, by {model.author}\n"
        f"  what      {model.purpose}\n"
        f"  from      {model.site or model.repository} at {model.revision[:12]}, about {_size(model.size_bytes)}\n"
        f"  needs     {model.machine}\n"
        f"  licence   {model.licence}: {model.licence_page}\n"
        f"            {model.says}"
    )


def _size(count: int) -> str:
    return f"{count / 1e9:.1f} GB" if count >= 5e8 else f"{count / 1e6:.0f} MB"


def fetch_weights(
    name: str,
    *,
    accepted: bool,
    places: Places | None = None,
    watch: Watch = lambda _what, _done, _total: None,
    manifest: Mapping[str, HubModel] = HUB_MODELS,
    hub: str | None = None,
    python: Path | None = None,
) -> Weights:
    """Fetch weights that are not here yet; what was begun is gone on with.

    Args:
        name: One of the manifest.
        accepted: Whether the user has read and accepted the licence; see ``licence_text``.
        places: Where things are kept.
        watch: Hears the bytes of each file; may raise to stop.
        manifest: The weights there are.
        hub: Address of the hub; its own library is asked when None.
        python: Another Python that may have that library.

    Raises:
        LicenceNotAcceptedError: Nobody accepted it.
        InputError: There are no such weights.
        MissingError: No network, the repository is gone, or a file is not the right one.
        ResourceError: The disk is too full.
    """
    model = hub_model_named(name, manifest)
    folder = weights_folder(name, places)
    if (found := _kept(model, folder)) is not None:
        return found
    if not accepted:
        message = f"{licence_text(model)}\nNothing was fetched. Read the licence, then add --accept-licence."
        raise LicenceNotAcceptedError(message)
    hub = hub or model.site or hub_address(python)
    wanted = _wanted(model, hub)
    folder.mkdir(parents=True, exist_ok=True)
    _check_room(wanted, folder)
    for one in wanted:
        _fetch_one(model, one, folder, watch, hub)
    facts = {
        "name": model.name,
        "repository": model.repository,
        "revision": model.revision,
        "licence": model.licence,
        "files": {one.path: (folder / one.path).stat().st_size for one in wanted},
    }
    (folder / MARK).write_text(json.dumps(facts, indent=1) + "\n", encoding="utf-8")
    return _weights(model, folder)


def use_own_folder(
    name: str,
    folder: Path,
    *,
    places: Places | None = None,
    manifest: Mapping[str, HubModel] = HUB_MODELS,
) -> Weights:
    """Remember a folder of weights that somebody has already; nothing is copied.

    Raises:
        InputError: There is no such model or folder, it holds no weights, or it holds a pickle.
    """
    model = hub_model_named(name, manifest)
    folder = folder.expanduser().absolute()
    found = own_weights(folder)
    home = (places or Places()).data / "weights"
    home.mkdir(parents=True, exist_ok=True)
    pointer = home / POINTER.format(name=model.name)
    pointer.write_text(json.dumps({"folder": str(folder)}) + "\n", encoding="utf-8")
    return found


def own_weights(folder: Path) -> Weights:
    """Look at a folder of weights, and name it by what lies in it.

    Raises:
        InputError: It cannot be used.
    """
    if not folder.is_dir():
        message = "The folder of weights is not there. Give a folder with model_index.json, or with the .onnx graphs."
        raise InputError(message)
    held = [path for path in sorted(folder.rglob("*")) if path.is_file()]
    if not any(path.suffix in LOADED for path in held):
        message = "The folder holds no weights: needed are .safetensors or .onnx files. Pickles (.bin, .pt, .pth, .ckpt) are never loaded."
        raise InputError(message)
    digest = hashlib.sha256()
    for path in held:
        size = path.stat().st_size
        digest.update(f"{path.relative_to(folder).as_posix()} {size}\n".encode())
        with path.open("rb") as file:
            digest.update(file.read(1 << 16))
            file.seek(max(0, size - (1 << 16)))
            digest.update(file.read())
    return Weights(
        name="own", folder=folder, revision=digest.hexdigest()[:40], licence="own weights"
    )


def weights_for(
    engine: Needs,
    *,
    places: Places | None = None,
    manifest: Mapping[str, HubModel] = HUB_MODELS,
) -> Weights:
    """Find weights for an engine: one's own folder first, then what was fetched, in the manifest's order.

    Raises:
        WeightsMissingError: There are none; the message says how to get them.
    """
    models = [model for model in manifest.values() if model.engine == engine]
    home = (places or Places()).data / "weights"
    for model in models:
        pointer = home / POINTER.format(name=model.name)
        if pointer.is_file():
            folder = Path(json.loads(pointer.read_text(encoding="utf-8"))["folder"])
            try:
                return own_weights(folder)
            except InputError as error:
                message = f"The folder of weights that was named for {model.name} cannot be used any more. {error}"
                raise WeightsMissingError(message) from error
    for model in models:
        found = _kept(model, weights_folder(model.name, places))
        if found is not None:
            return found
    least = models[0]
    message = (
        f"The engine {engine} has no weights here, and none are fetched by themselves. Read the licence with "
        f"`vivant models fetch {least.name}`, then add --accept-licence ({_size(least.size_bytes)}; it needs "
        f"{least.machine}); or name a folder that you have: `vivant models fetch {least.name} --from FOLDER`."
    )
    raise WeightsMissingError(message)


def weights_ready(model: HubModel, *, places: Places | None = None) -> Weights | None:
    """Tell whether weights were fetched; nothing where they were not."""
    return _kept(model, weights_folder(model.name, places))


def _weights(model: HubModel, folder: Path) -> Weights:
    return Weights(
        name=model.name,
        folder=folder / model.folder,
        revision=model.revision if not model.files else _sum_of(model.files),
        licence=model.licence,
    )


def _sum_of(files: tuple[HubFile, ...]) -> str:
    return hashlib.sha256("".join(one.sha256 for one in files).encode()).hexdigest()[:40]


def _kept(model: HubModel, folder: Path) -> Weights | None:
    """Tell whether weights were fetched whole, by their sizes."""
    try:
        facts = json.loads((folder / MARK).read_text(encoding="utf-8"))
        whole = facts["revision"] == model.revision and all(
            (folder / path).stat().st_size == size for path, size in facts["files"].items()
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None
    return _weights(model, folder) if whole else None


def _wanted(model: HubModel, hub: str) -> list[Listed]:
    """List what is to be fetched, with a hash for each file."""
    if model.files:
        return [Listed(path=f.path, size_bytes=f.size_bytes, sha256=f.sha256) for f in model.files]
    found = [
        one
        for one in listing(model, hub=hub)
        if PurePosixPath(one.path).suffix in ALLOWED and _is_inside(one.path, model.folder)
    ]
    if not any(PurePosixPath(one.path).suffix in LOADED for one in found):
        message = f"The repository {model.repository} holds no weights that may be loaded. Update vivant, or report this."
        raise WeightsDamagedError(message)
    return found


def _is_inside(path: str, folder: str) -> bool:
    parts = PurePosixPath(path).parts
    return ".." not in parts and not path.startswith("/") and path.startswith(folder)


def _check_room(wanted: list[Listed], folder: Path) -> None:
    needed = sum(one.size_bytes for one in wanted if not (folder / one.path).exists())
    free = shutil.disk_usage(folder).free
    if free < needed:
        message = (
            f"These weights need {needed / 1e9:.1f} GB, and {free / 1e9:.1f} GB are free. Make room, or set VIVANT_CACHE "
            "to a folder on a larger disk."
        )
        raise ResourceError(message)


def _fetch_one(model: HubModel, one: Listed, folder: Path, watch: Watch, hub: str) -> None:
    path = folder / one.path
    if path.is_file() and path.stat().st_size == (one.size_bytes or path.stat().st_size):
        return  # its hash was compared when it got its name
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(path.name + ".part")
    download(model, one, fresh, watch=watch, hub=hub)
    if not one.fits(_pieces(fresh), size=fresh.stat().st_size):
        fresh.unlink()
        message = (
            f"A file of {model.name} is not the one it should be ({one.path}). It was removed; nothing of it is used. "
            "Fetch again; if that does not help, update vivant, or report this."
        )
        raise WeightsDamagedError(message)
    fresh.replace(path)


def _pieces(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while piece := file.read(1 << 20):
            yield piece
