"""Checkpoints made by hand, byte by byte, in both layouts; and hostile ones."""

from __future__ import annotations

import struct
import zipfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vivant.errors import InputError
from vivant.models.tensors import MAGIC, read_tensors

NUMBERS = np.arange(12, dtype="<f4")


def text(value: str) -> bytes:
    data = value.encode()
    return b"X" + struct.pack("<I", len(data)) + data


def number(value: int) -> bytes:
    if 0 <= value < 1 << 31:
        return b"J" + struct.pack("<i", value)
    data = value.to_bytes((value.bit_length() + 8) // 8, "little", signed=True)
    return b"\x8a" + bytes([len(data)]) + data


def row(*values: int) -> bytes:
    return b"(" + b"".join(map(number, values)) + b"t"


def name(module: str, function: str) -> bytes:
    return f"c{module}\n{function}\n".encode()


def storage(
    key: str = "0", *, kind: str = "FloatStorage", length: int = 12, legacy: bool = False
) -> bytes:
    view = b"N" if legacy else b""
    parts = text("storage") + name("torch", kind) + text(key) + text("cpu") + number(length) + view
    return b"(" + parts + b"tQ"


def tensor(
    shape: tuple[int, ...] = (3, 4),
    strides: tuple[int, ...] = (4, 1),
    *,
    offset: int = 0,
    of: bytes | None = None,
) -> bytes:
    made = name("torch._utils", "_rebuild_tensor_v2") + b"("
    made += (storage() if of is None else of) + number(offset) + row(*shape) + row(*strides)
    return made + b"\x89" + name("collections", "OrderedDict") + b")R" + b"tR"


def model(value: bytes) -> bytes:
    """Pickle ``{"model": {"weight": value}, "step": 7}``."""
    inner = name("collections", "OrderedDict") + b")R(" + text("weight") + value + b"u"
    return b"\x80\x02}(" + text("model") + inner + text("step") + number(7) + b"u."


def in_zip(
    folder: Path, pickle: bytes, data: bytes = NUMBERS.tobytes(), *, packing: int = 0
) -> Path:
    path = folder / "model.pt"
    with zipfile.ZipFile(path, "w", packing) as archive:
        archive.writestr("archive/data.pkl", pickle)
        archive.writestr("archive/data/0", data)
        archive.writestr("archive/version", "3\n")
    return path


def legacy(folder: Path, pickle: bytes, data: bytes = NUMBERS.tobytes()) -> Path:
    magic = MAGIC.to_bytes(10, "little")
    parts = [
        b"\x80\x02\x8a\n" + magic + b".",
        b"\x80\x02M\xe9\x03.",
        b"\x80\x02}(" + text("little_endian") + b"\x88u.",
        pickle,
        b"\x80\x02](" + text("0") + b"e.",
        struct.pack("<q", 12) + data,
    ]
    path = folder / "old.pt"
    path.write_bytes(b"".join(parts))
    return path


def test_tensors_of_a_zip_are_read_by_their_names(tmp_path: Path) -> None:
    found = read_tensors(in_zip(tmp_path, model(tensor())))

    assert list(found) == ["model.weight"]
    np.testing.assert_array_equal(found["model.weight"], NUMBERS.reshape(3, 4))
    assert not found["model.weight"].flags.writeable


def test_the_older_layout_is_read_alike(tmp_path: Path) -> None:
    path = legacy(tmp_path, model(tensor(of=storage(legacy=True))))

    found = read_tensors(path, under="model")

    np.testing.assert_array_equal(found["weight"], NUMBERS.reshape(3, 4))


def test_a_turned_cut_of_a_storage_is_read_as_it_was(tmp_path: Path) -> None:
    found = read_tensors(in_zip(tmp_path, model(tensor((4, 2), (1, 4), offset=4))))

    np.testing.assert_array_equal(found["model.weight"], NUMBERS.reshape(3, 4)[1:].T)


def test_half_precision_of_either_kind_is_read(tmp_path: Path) -> None:
    half = in_zip(
        tmp_path, model(tensor(of=storage(kind="HalfStorage"))), NUMBERS.astype("<f2").tobytes()
    )
    assert read_tensors(half)["model.weight"].sum() == NUMBERS.sum()

    cut = (NUMBERS.view("<u4") >> 16).astype("<u2").tobytes()
    brain = in_zip(tmp_path, model(tensor(of=storage(kind="BFloat16Storage"))), cut)
    found = read_tensors(brain)["model.weight"]
    assert found.dtype == np.float32
    np.testing.assert_array_equal(found.ravel(), NUMBERS)


@pytest.mark.parametrize(
    ("module", "function"),
    [("os", "system"), ("builtins", "eval"), ("torch", "load"), ("torch.hub", "load")],
)
def test_a_pickle_that_would_run_something_is_refused(
    tmp_path: Path, module: str, function: str
) -> None:
    marker = tmp_path / "ran"
    hostile = name(module, function) + b"(" + text(f"touch {marker}") + b"tR"
    for path in (in_zip(tmp_path, model(hostile)), legacy(tmp_path, model(hostile))):
        with pytest.raises(InputError, match=r"function .* Nothing in it was run"):
            read_tensors(path)
    assert not marker.exists()


@pytest.mark.parametrize(
    "value",
    [
        tensor((3, 5), (5, 1)),
        tensor((2, 2), (11, 1)),
        tensor((12,), (1,), offset=1),
        tensor((1 << 40,), (0,)),
        tensor((0,), (1,), offset=13),
    ],
    ids=["too large", "strides too far", "offset too far", "one number many times", "beyond"],
)
def test_a_tensor_cannot_reach_outside_its_storage(tmp_path: Path, value: bytes) -> None:
    with pytest.raises(InputError, match="outside its storage"):
        read_tensors(in_zip(tmp_path, model(value)))


@pytest.mark.parametrize(
    "value",
    [
        tensor((-1,), (1,)),
        tensor((1 << 60,), (1,)),
        tensor((3, 4), (4,)),
        tensor(of=storage(kind="load")),
        b"0",
        b"h\x05",
        b"(" + text("storage") + b"tQ",
        text("half")[:-2],
    ],
    ids=["negative", "huge", "no stride", "no storage", "empty", "unknown", "short", "cut"],
)
def test_nonsense_is_refused(tmp_path: Path, value: bytes) -> None:
    with pytest.raises(InputError, match=r"The checkpoint"):
        read_tensors(in_zip(tmp_path, model(value)))


def test_values_within_each_other_without_end_are_refused(tmp_path: Path) -> None:
    endless = b"\x80\x02}q\x01(" + text("self") + b"h\x01u."
    with pytest.raises(InputError, match="nested deeper"):
        read_tensors(in_zip(tmp_path, endless))

    doubled = b"\x80\x02]q\x00" + b"".join(
        b"](" + (b"h" + bytes([depth])) * 2 + b"eq" + bytes([depth + 1]) for depth in range(30)
    )
    with pytest.raises(InputError, match="holds more"):
        read_tensors(in_zip(tmp_path, doubled + b"."))


def test_packed_or_short_storages_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="packed"):
        read_tensors(in_zip(tmp_path, model(tensor()), packing=zipfile.ZIP_DEFLATED))
    with pytest.raises(InputError, match="another size"):
        read_tensors(in_zip(tmp_path, model(tensor()), NUMBERS.tobytes()[:-4]))
    with pytest.raises(InputError, match="larger than it says"):
        read_tensors(in_zip(tmp_path, model(tensor()), NUMBERS.tobytes() * 2))


def test_a_missing_file_and_a_file_of_another_kind_are_told_plainly(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be opened"):
        read_tensors(tmp_path / "none.pt")
    (tmp_path / "page.pt").write_text("<html>not found</html>", encoding="utf-8")
    with pytest.raises(InputError, match="The checkpoint"):
        read_tensors(tmp_path / "page.pt")


@pytest.mark.parametrize("make", [in_zip, legacy])
def test_a_checkpoint_cut_anywhere_is_refused(tmp_path: Path, make: object) -> None:
    assert callable(make)
    path = make(tmp_path, model(tensor(of=storage(legacy=make is legacy))))
    whole = path.read_bytes()
    for length in range(0, len(whole), 7):
        path.write_bytes(whole[:length])
        with pytest.raises(InputError):
            read_tensors(path)


@given(place=st.integers(0, 10_000), value=st.integers(0, 255))
def test_a_changed_byte_is_read_or_refused_and_nothing_else(
    tmp_path_factory: pytest.TempPathFactory, place: int, value: int
) -> None:
    path = legacy(tmp_path_factory.mktemp("byte"), model(tensor(of=storage(legacy=True))))
    data = bytearray(path.read_bytes())
    data[place % len(data)] = value
    path.write_bytes(data)
    try:
        found = read_tensors(path)
    except InputError:
        return
    assert all(array.size <= 12 for array in found.values())
