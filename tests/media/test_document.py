"""Documents come back as they were, from any version, and whatever else comes is refused."""

from __future__ import annotations

import io
import json
import math
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from vivant.errors import InputError
from vivant.media.document import Document, read_document, write_document

scalars = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(),
)
values = st.recursive(
    scalars, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=8
)
every_facts = st.dictionaries(st.text(), values, max_size=4)
dtypes = st.one_of(
    hnp.boolean_dtypes(),
    hnp.integer_dtypes(endianness="?"),
    hnp.unsigned_integer_dtypes(endianness="?"),
    hnp.floating_dtypes(endianness="?"),
    hnp.complex_number_dtypes(endianness="?", sizes=(64, 128)),
)
some_array = hnp.arrays(dtypes, hnp.array_shapes(min_dims=0, max_dims=4, min_side=0, max_side=4))
every_arrays = st.dictionaries(
    st.from_regex(r"[a-zA-Z0-9_][a-zA-Z0-9_.-]{0,9}", fullmatch=True), some_array, max_size=3
)


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("documents") / "document"


@given(facts=every_facts, arrays=every_arrays)
def test_documents_come_back_as_they_were(
    place: Path, facts: dict[str, Any], arrays: dict[str, np.ndarray]
) -> None:
    write_document(place, kind="rig", version=3, facts=facts, arrays=arrays)

    document = read_document(place, kind="rig", version=3)

    assert document.facts == facts
    assert sorted(document.arrays) == sorted(arrays)
    for name, array in arrays.items():
        back = document.arrays[name]
        assert back.shape == array.shape
        assert back.dtype == array.dtype.newbyteorder("=")
        assert back.dtype.isnative
        assert not back.flags.writeable
        np.testing.assert_array_equal(back, array)


def test_the_layout_of_an_array_does_not_change_what_comes_back(place: Path) -> None:
    array = np.arange(24.0).reshape(2, 3, 4)
    arrays = {"f": np.asfortranarray(array), "strided": array[:, ::2, ::-1], "t": array.T}

    write_document(place, kind="rig", version=1, facts={}, arrays=arrays)
    back = read_document(place, kind="rig", version=1).arrays

    for name, wanted in arrays.items():
        np.testing.assert_array_equal(back[name], wanted)


def test_the_same_content_gives_the_same_bytes(tmp_path: Path) -> None:
    for name in ("a", "b"):
        write_document(
            tmp_path / name, kind="rig", version=1, facts={"x": 1}, arrays={"y": np.eye(3)}
        )

    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


def test_a_document_is_open_to_everybody(place: Path) -> None:
    """Any JSON reader, any zip program and NumPy can read it."""
    write_document(place, kind="consent", version=1, facts={"given": "2025-01-01"})
    plain = json.loads(place.read_text(encoding="utf-8"))
    write_document(place, kind="rig", version=2, facts={}, arrays={"y": np.eye(3)})
    with zipfile.ZipFile(place) as archive:
        array = np.load(io.BytesIO(archive.read("arrays/y.npy")), allow_pickle=False)

    assert plain == {"document": "consent/1", "facts": {"given": "2025-01-01"}}
    assert (array == np.eye(3)).all()


def test_old_documents_are_upgraded_step_by_step(place: Path) -> None:
    def from_1(old: Document) -> Document:
        return Document(facts={**old.facts, "b": 2}, arrays=old.arrays)

    def from_2(old: Document) -> Document:
        return Document(facts={**old.facts, "c": old.facts["b"] + 1}, arrays=old.arrays)

    write_document(place, kind="rig", version=1, facts={"a": 1}, arrays={"y": np.eye(2)})

    document = read_document(place, kind="rig", version=3, upgrades={1: from_1, 2: from_2})

    assert document.facts == {"a": 1, "b": 2, "c": 3}
    assert (document.arrays["y"] == np.eye(2)).all()


def test_a_newer_document_asks_to_update_vivant(place: Path) -> None:
    write_document(place, kind="rig", version=4, facts={})

    with pytest.raises(InputError, match="Update Vivant"):
        read_document(place, kind="rig", version=3)


def test_a_document_too_old_to_upgrade_says_so(place: Path) -> None:
    write_document(place, kind="rig", version=1, facts={})

    with pytest.raises(InputError, match="version 1, which this Vivant no longer"):
        read_document(place, kind="rig", version=3, upgrades={2: lambda old: old})


def test_a_document_of_another_kind_is_refused(place: Path) -> None:
    write_document(place, kind="consent", version=1, facts={})

    with pytest.raises(InputError, match="another kind than 'rig'"):
        read_document(place, kind="rig", version=1)


@pytest.mark.parametrize(
    "facts", [{"a": math.nan}, {"a": math.inf}, {"a": {1, 2}}], ids=["nan", "infinity", "set"]
)
def test_facts_that_json_cannot_say_are_not_written(tmp_path: Path, facts: dict[str, Any]) -> None:
    with pytest.raises((ValueError, TypeError)):
        write_document(tmp_path / "a", kind="rig", version=1, facts=facts)

    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "arrays",
    [{"a": np.array([object()])}, {"a": np.array(["text"])}, {"../a": np.eye(2)}, {"": np.eye(2)}],
    ids=["objects", "text", "path", "no name"],
)
def test_arrays_that_are_not_numbers_are_not_written(
    tmp_path: Path, arrays: dict[str, np.ndarray]
) -> None:
    with pytest.raises(ValueError, match="array"):
        write_document(tmp_path / "a", kind="rig", version=1, facts={}, arrays=arrays)

    assert list(tmp_path.iterdir()) == []


def zipped(members: dict[str, bytes], *, how: int = zipfile.ZIP_STORED) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", how) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return stream.getvalue()


def npy(header: str, data: bytes = b"") -> bytes:
    text = header.encode() + b"\n"
    return b"\x93NUMPY\x01\x00" + len(text).to_bytes(2, "little") + text + data


def with_array(content: bytes) -> bytes:
    head = {"document": "rig/1", "facts": {}, "arrays": ["y"]}
    return zipped({"document.json": json.dumps(head).encode(), "arrays/y.npy": content})


HOSTILE = {
    "text": b"hello",
    "a list": b"[]",
    "no kind": b'{"facts": {}}',
    "no facts": b'{"document": "rig/1"}',
    "facts that are a list": b'{"document": "rig/1", "facts": []}',
    "a version in words": b'{"document": "rig/one", "facts": {}}',
    "not a number": b'{"document": "rig/1", "facts": {"a": NaN}}',
    "a number without end": b'{"document": "rig/1", "facts": {"a": ' + b"9" * 5000 + b"}}",
    "nesting without end": b"[" * 200_000,
    "not text": b'{"document": "\xff\xfe"}',
    "an empty zip": zipped({}),
    "a missing array": zipped(
        {"document.json": b'{"document": "rig/1", "facts": {}, "arrays": ["y"]}'}
    ),
    "an array too many": zipped(
        {"document.json": b'{"document": "rig/1", "facts": {}}', "arrays/y.npy": npy("{}")}
    ),
    "a way out": zipped({"document.json": b"{}", "../../y.npy": b""}),
    "objects": with_array(
        npy("{'descr': '|O', 'fortran_order': False, 'shape': (1,), }", bytes(8))
    ),
    "a huge shape": with_array(
        npy("{'descr': '<f8', 'fortran_order': False, 'shape': (999999999999, 999999), }")
    ),
    "an expression": with_array(npy("{'descr': __import__('os').system('true'), }")),
    "a type that is none": with_array(
        npy("{'descr': '<f3', 'fortran_order': False, 'shape': (1,), }", bytes(3))
    ),
    "too few numbers": with_array(
        npy("{'descr': '<f8', 'fortran_order': False, 'shape': (2,), }", bytes(8))
    ),
}


@pytest.mark.parametrize("content", HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_documents_are_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "a"
    path.write_bytes(content)

    with pytest.raises(InputError, match="damaged"):
        read_document(path, kind="rig", version=1)


def test_a_zip_bomb_is_refused_before_it_is_unpacked(tmp_path: Path) -> None:
    path = tmp_path / "a"
    bomb = zipped(
        {"document.json": b"{}", "arrays/y.npy": bytes(200_000_000)}, how=zipfile.ZIP_DEFLATED
    )
    path.write_bytes(bomb)

    with pytest.raises(InputError):
        read_document(path, kind="rig", version=1, at_most_bytes=100_000_000)

    assert len(bomb) < 1_000_000


@given(data=st.data())
def test_a_document_with_any_byte_changed_or_cut_is_refused_or_read(
    place: Path, data: st.DataObject
) -> None:
    write_document(place, kind="rig", version=1, facts={"a": [1, 2]}, arrays={"y": np.eye(3)})
    content = bytearray(place.read_bytes())
    for _ in range(data.draw(st.integers(0, 3))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    place.write_bytes(content[: data.draw(st.integers(1, len(content)))])

    try:
        document = read_document(place, kind="rig", version=1)
    except InputError:
        return

    assert document.arrays["y"].shape == (3, 3)
