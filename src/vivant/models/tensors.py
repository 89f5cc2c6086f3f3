"""Tensors of a PyTorch checkpoint, without PyTorch and without running what the file says.

A checkpoint is a pickle, and a pickle is a program that may do anything when it is loaded. Here it is
never loaded: its instructions are read one by one and followed by a small machine that knows dictionaries,
lists, numbers, texts and tensors, and refuses everything else.

Source:
    The layouts that ``torch.save`` writes: since 1.6 a zip file of ``data.pkl`` and one file for each
    storage; before, five pickles, then the storages one behind the other.
"""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Final

import numpy as np

from vivant.errors import InputError
from vivant.models.pickled import (
    KINDS,
    LARGEST_PICKLE_BYTES,
    Machine,
    RefusedError,
    Storage,
    Tensor,
    refuse,
)

MAGIC: Final = 0x1950A86A20F9469CFC6C
"""First number of the older layout."""
PROTOCOL: Final = 1001
MOST_VALUES = 200_000
DEEPEST = 32


class CheckpointError(InputError):
    """A file is no checkpoint that can be read safely."""

    code = "models.checkpoint-unreadable"


def read_tensors(path: Path | str, *, under: str = "") -> dict[str, np.ndarray]:
    """Read the tensors of a checkpoint.

    Args:
        path: A file that ``torch.save`` wrote, in either layout.
        under: Only what lies below this name, as ``"model_state"``; everything when empty.

    Returns:
        Arrays by name, the keys on the way to each joined by dots and without ``under``; read-only,
        little-endian; bfloat16 as float32. Values that are no tensors are left out.

    Raises:
        InputError: There is no such file, it is no checkpoint, cut short, or it asks for something that
            a checkpoint of tensors does not need. Nothing in it was run.
    """
    path = Path(path)
    try:
        if zipfile.is_zipfile(path):
            return _read_zip(path, under)
        return _read_legacy(path, under)
    except OSError as error:
        message = f"The checkpoint cannot be opened: {error.strerror or error}. Check the path and its permissions."
        raise CheckpointError(message) from error
    except RefusedError as error:
        message = (
            f"The checkpoint {error}. Nothing in it was run. Needed is a file of tensors as torch.save "
            "writes it; copy it again, or do not use it."
        )
        raise CheckpointError(message) from error


def _read_zip(path: Path, under: str) -> dict[str, np.ndarray]:
    try:
        with zipfile.ZipFile(path) as archive:
            infos = {info.filename: info for info in archive.infolist()}
            pickles = [
                name for name in infos if name.count("/") == 1 and name.endswith("/data.pkl")
            ]
            if len(pickles) != 1:
                refuse(f"holds {len(pickles)} pickles instead of one")
            folder = pickles[0].removesuffix("data.pkl")

            def content(name: str, most: int) -> bytes:
                info = infos.get(folder + name)
                if info is None:
                    refuse("lacks one of its storages")
                if info.compress_type != zipfile.ZIP_STORED or info.file_size > most:
                    refuse("holds a part that is packed, or larger than it says")
                return archive.read(info)

            if folder + "byteorder" in infos and content("byteorder", 16) != b"little":
                refuse("was written on a big-endian machine")
            value = Machine().follow(io.BytesIO(content("data.pkl", LARGEST_PICKLE_BYTES)))

            def load(storage: Storage) -> np.ndarray:
                if not storage.key.isdigit():
                    refuse("names a storage by something other than a number")
                size = storage.length * KINDS[storage.kind].itemsize
                data = content(f"data/{storage.key}", size)
                return _numbers(data, storage)

            return _collect(value, under, load)
    except (zipfile.BadZipFile, EOFError, NotImplementedError, RuntimeError):
        refuse("is a damaged zip file")


def _read_legacy(path: Path, under: str) -> dict[str, np.ndarray]:
    size = path.stat().st_size
    with path.open("rb") as file:
        if Machine().follow(file) != MAGIC or Machine().follow(file) != PROTOCOL:
            refuse("does not begin like one")
        system = Machine().follow(file)
        if not isinstance(system, dict) or system.get("little_endian") is not True:
            refuse("was written on a big-endian machine")
        machine = Machine()
        value = machine.follow(file)
        keys = Machine().follow(file)
        if not isinstance(keys, list) or len(keys) != len(set(map(str, keys))):
            refuse("has no list of its storages")
        places: dict[str, tuple[int, int]] = {}
        for key in map(str, keys):
            storage = machine.storages.get(key)
            head = file.read(8)
            if storage is None or len(head) < 8:
                refuse("is cut short, or lists a storage that it does not use")
            (length,) = struct.unpack("<q", head)
            place = file.tell()
            end = place + length * KINDS[storage.kind].itemsize
            if length != storage.length or end > size:
                refuse("is cut short")
            places[key] = place, end
            file.seek(end)

        def load(storage: Storage) -> np.ndarray:
            if storage.key not in places:
                refuse("lacks one of its storages")
            first, last = places[storage.key]
            file.seek(first)
            return _numbers(file.read(last - first), storage)

        return _collect(value, under, load)


def _numbers(data: bytes, storage: Storage) -> np.ndarray:
    kind = KINDS[storage.kind]
    if len(data) != storage.length * kind.itemsize:
        refuse("is cut short, or holds a storage of another size than it says")
    numbers = np.frombuffer(data, kind)
    if storage.kind == "BFloat16Storage":
        numbers = (numbers.astype("<u4") << np.uint32(16)).view("<f4")
        numbers.flags.writeable = False
    return numbers


def _collect(
    value: object, under: str, load: Callable[[Storage], np.ndarray]
) -> dict[str, np.ndarray]:
    found: dict[str, Tensor] = {}
    waiting: list[tuple[str, object, int]] = [("", value, 0)]
    visited = 0
    while waiting:
        name, item, depth = waiting.pop()
        visited += 1
        below = len(item) if isinstance(item, dict | list | tuple) else 0
        if visited + len(waiting) + below > MOST_VALUES or depth > DEEPEST:
            refuse("is nested deeper or holds more than any checkpoint does")
        if isinstance(item, Tensor):
            found[name] = item
        elif isinstance(item, dict):
            waiting += [(_joined(name, key), value, depth + 1) for key, value in item.items()]
        elif isinstance(item, list | tuple):
            waiting += [(_joined(name, i), value, depth + 1) for i, value in enumerate(item)]
    above = f"{under}." if under else ""
    wanted = {n.removeprefix(above): t for n, t in sorted(found.items()) if n.startswith(above)}
    loaded: dict[Storage, np.ndarray] = {}
    arrays: dict[str, np.ndarray] = {}
    for name, tensor in wanted.items():
        if tensor.storage not in loaded:
            loaded[tensor.storage] = load(tensor.storage)
        arrays[name] = _view(loaded[tensor.storage], tensor)
    return arrays


def _joined(name: str, key: object) -> str:
    if not isinstance(key, str | int):
        refuse("names a value by something other than a text or a number")
    return f"{name}.{key}" if name else str(key)


def _view(numbers: np.ndarray, tensor: Tensor) -> np.ndarray:
    """Cut a tensor out of its storage; checked when it was declared, so it cannot reach outside."""
    step = numbers.itemsize
    view = np.lib.stride_tricks.as_strided(
        numbers[tensor.offset :],
        shape=tensor.shape,
        strides=[stride * step for stride in tensor.strides],
        writeable=False,
    )
    return np.asarray(view)
