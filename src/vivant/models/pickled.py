"""A small machine that follows a pickle's instructions as far as tensors need them, and refuses all others."""

from __future__ import annotations

import io
import math
import pickletools
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, NoReturn

import numpy as np

LARGEST_PICKLE_BYTES = 32 << 20
MOST_STEPS = 4_000_000
"""Instructions of one pickle."""
MOST_DIMENSIONS = 32
LARGEST_NUMBER = 1 << 48

KINDS: Final[Mapping[str, np.dtype[Any]]] = {
    "FloatStorage": np.dtype("<f4"),
    "DoubleStorage": np.dtype("<f8"),
    "HalfStorage": np.dtype("<f2"),
    "BFloat16Storage": np.dtype("<u2"),
    "LongStorage": np.dtype("<i8"),
    "IntStorage": np.dtype("<i4"),
    "ShortStorage": np.dtype("<i2"),
    "CharStorage": np.dtype("i1"),
    "ByteStorage": np.dtype("u1"),
    "BoolStorage": np.dtype("?"),
}
_SENSELESS: Final = (
    ValueError,
    TypeError,
    IndexError,
    KeyError,
    AttributeError,
    OverflowError,
)
_CALLABLE: Final = frozenset(
    {
        "collections OrderedDict",
        "torch._utils _rebuild_tensor_v2",
        "torch._utils _rebuild_parameter",
    }
    | {f"torch {kind}" for kind in KINDS}
)


class RefusedError(Exception):
    """What the file asks for is not allowed or makes no sense; told in words."""


@dataclass(frozen=True, slots=True)
class _Global:
    name: str


@dataclass(frozen=True, slots=True)
class Storage:
    """A row of numbers that tensors are cut from."""

    key: str
    kind: str
    length: int


@dataclass(frozen=True, slots=True)
class Tensor:
    """A tensor as declared: it lies within its storage."""

    storage: Storage
    offset: int
    shape: tuple[int, ...]
    strides: tuple[int, ...]


class _Mark:
    """Where on the stack a group begins."""


def refuse(why: str) -> NoReturn:
    """Stop, because a file asks for what is not allowed or makes no sense."""
    raise RefusedError(why)


def _instructions(file: io.BufferedIOBase) -> Iterator[tuple[Any, Any, int | None]]:
    return pickletools.genops(file)  # type: ignore[arg-type]  # needs read and readline alone


class Machine:
    """Follows the instructions of one pickle, those of ``_STEPS`` and no others."""

    def __init__(self) -> None:
        self.stack: list[Any] = []
        self.memory: dict[int, Any] = {}
        self.storages: dict[str, Storage] = {}

    def follow(self, file: io.BufferedIOBase) -> object:
        """Read up to the stop, and return what lies on the stack then."""
        began = file.tell()
        try:
            for count, (step, argument, place) in enumerate(_instructions(file)):
                if count > MOST_STEPS or (place or 0) - began > LARGEST_PICKLE_BYTES:
                    refuse("has more instructions than any checkpoint does")
                if step.name == "STOP":
                    break
                if step.name not in _STEPS:
                    refuse(f"holds the instruction {step.name}, which is not allowed")
                _STEPS[step.name](self, argument)
            return self.stack.pop()
        except _SENSELESS:
            refuse("is no pickle, damaged or cut short")

    def push(self, value: object) -> None:
        """Lay a value on the stack."""
        self.stack.append(value)

    def group(self) -> list[Any]:
        """Take everything down to the last mark."""
        taken: list[Any] = []
        while not isinstance(value := self.stack.pop(), _Mark):
            taken.append(value)
        return taken[::-1]

    def take(self, count: int) -> list[Any]:
        """Take a number of values, in the order in which they were laid."""
        return [self.stack.pop() for _ in range(count)][::-1]

    def keep(self, place: int | None) -> None:
        """Remember what lies on top."""
        self.memory[len(self.memory) if place is None else place] = self.stack[-1]

    def name(self, text: str) -> None:
        """Name a function, if it is one of the known."""
        if text not in _CALLABLE:
            refuse("asks for a function that no checkpoint of tensors needs")
        self.push(_Global(text))

    def name_from_stack(self, _: object) -> None:
        """Name a function by what lies on the stack."""
        module, name = self.take(2)
        self.name(f"{module} {name}")

    def append(self, values: list[Any]) -> None:
        """Add to the list on top."""
        target = self.stack[-1]
        if not isinstance(target, list):
            raise TypeError
        target.extend(values)

    def set_items(self, pairs: list[Any]) -> None:
        """Add to the dictionary on top."""
        target = self.stack[-1]
        if not isinstance(target, dict) or len(pairs) % 2:
            raise TypeError
        target.update(zip(pairs[::2], pairs[1::2], strict=True))

    def storage(self, _: object) -> None:
        """Note which storage is meant: what the pickle calls a persistent id."""
        declared = self.stack.pop()
        if not isinstance(declared, tuple) or len(declared) not in {5, 6} or any(declared[5:]):
            raise TypeError
        word, kind, key, _device, length = declared[:5]
        if word != "storage" or not isinstance(kind, _Global) or not kind.name.startswith("torch "):
            raise TypeError
        found = Storage(str(key), kind.name.removeprefix("torch "), _whole(length))
        if found.kind not in KINDS or self.storages.setdefault(found.key, found) != found:
            raise TypeError
        self.push(found)

    def call(self, _: object) -> None:
        """Make what the two or three known functions make."""
        called, arguments = self.take(2)
        match called, arguments:
            case _Global("collections OrderedDict"), ():
                self.push({})
            case _Global("torch._utils _rebuild_parameter"), (Tensor() as tensor, *_):
                self.push(tensor)
            case (
                _Global("torch._utils _rebuild_tensor_v2"),
                (Storage() as storage, offset, tuple() as shape, tuple() as strides, *_),
            ):
                self.push(_tensor(storage, offset, shape, strides))
            case _:
                raise TypeError

    def build(self, _: object) -> None:
        """Forget the attributes of a dictionary: versions of the layers, of no use here."""
        target, _state = self.take(2)
        if not isinstance(target, dict):
            raise TypeError
        self.push(target)


def _whole(number: object) -> int:
    if type(number) is not int or not 0 <= number < LARGEST_NUMBER:
        raise TypeError
    return number


def _tensor(storage: Storage, offset: object, shape: object, strides: object) -> Tensor:
    """Declare a tensor that lies within its storage and is no larger."""
    if not isinstance(shape, tuple) or not isinstance(strides, tuple):
        raise TypeError
    made = Tensor(storage, _whole(offset), tuple(map(_whole, shape)), tuple(map(_whole, strides)))
    if len(shape) != len(strides) or len(shape) > MOST_DIMENSIONS:
        raise TypeError
    steps = zip(made.shape, made.strides, strict=True)
    last = made.offset + sum((size - 1) * stride for size, stride in steps)
    count = math.prod(made.shape)
    if count > storage.length or (count and last >= storage.length) or made.offset > storage.length:
        refuse("holds a tensor that reaches outside its storage")
    return made


_Step = Callable[[Machine, Any], None]


def _constant(value: object) -> _Step:
    return lambda machine, _: machine.push(value)


def _literal(machine: Machine, argument: object) -> None:
    machine.push(argument)


def _nothing(_machine: Machine, _argument: object) -> None:
    """Protocol, frames: of no matter."""


_LITERALS: Final = (
    "BININT", "BININT1", "BININT2", "LONG1", "LONG4", "BINFLOAT", "BINUNICODE", "SHORT_BINUNICODE", "BINUNICODE8",
    "BINSTRING", "SHORT_BINSTRING", "BINBYTES", "SHORT_BINBYTES",
)  # fmt: skip
_STEPS: Final[Mapping[str, _Step]] = {
    "PROTO": _nothing,
    "FRAME": _nothing,
    "MARK": lambda machine, _: machine.push(_Mark()),
    "NONE": _constant(None),
    "NEWTRUE": _constant(value=True),
    "NEWFALSE": _constant(value=False),
    **dict.fromkeys(_LITERALS, _literal),
    "EMPTY_DICT": lambda machine, _: machine.push({}),
    "EMPTY_LIST": lambda machine, _: machine.push([]),
    "EMPTY_TUPLE": _constant(()),
    "TUPLE": lambda machine, _: machine.push(tuple(machine.group())),
    "TUPLE1": lambda machine, _: machine.push(tuple(machine.take(1))),
    "TUPLE2": lambda machine, _: machine.push(tuple(machine.take(2))),
    "TUPLE3": lambda machine, _: machine.push(tuple(machine.take(3))),
    "APPEND": lambda machine, _: machine.append(machine.take(1)),
    "APPENDS": lambda machine, _: machine.append(machine.group()),
    "SETITEM": lambda machine, _: machine.set_items(machine.take(2)),
    "SETITEMS": lambda machine, _: machine.set_items(machine.group()),
    "MEMOIZE": lambda machine, _: machine.keep(None),
    "BINPUT": lambda machine, place: machine.keep(place),
    "LONG_BINPUT": lambda machine, place: machine.keep(place),
    "BINGET": lambda machine, place: machine.push(machine.memory[place]),
    "LONG_BINGET": lambda machine, place: machine.push(machine.memory[place]),
    "GLOBAL": lambda machine, name: machine.name(name),
    "STACK_GLOBAL": lambda machine, _: machine.name_from_stack(None),
    "BINPERSID": lambda machine, _: machine.storage(None),
    "REDUCE": lambda machine, _: machine.call(None),
    "BUILD": lambda machine, _: machine.build(None),
}
"""What each allowed instruction does."""
