"""Networks with the doors of TrustMark and Video Seal, some hundred kilobytes each, that do what those do in the plainest way.

A bit is a square of a fine checkerboard, added or taken away; reading is correlation with the board.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import numpy as np

from elsewhere import environment, packages_of
from small_heads import graph
from vivant.voice.engines.onnx_bytes import int64s, write_node, write_tensor

SIDE_PX = 256
STRENGTH = 0.012
_CELL_PX, _CELLS, _COPIES, _EDGE_PX, _SQUARE_PX = 12, 10, 2, 8, 3


def board(side: int, square: int) -> np.ndarray:
    """A checkerboard, 1 and -1."""
    rows, columns = np.mgrid[:side, :side] // square
    return np.asarray(1 - 2 * ((rows + columns) % 2), np.float32)


def encoder(*, strength: float = STRENGTH) -> bytes:
    """Adds the checkerboard's squares; each bit stands in four places."""
    inner = _CELL_PX * _CELLS * _COPIES
    across = (_COPIES, _CELLS, _CELL_PX)
    parts = [
        write_tensor("two", np.array([2.0], np.float32)),
        write_tensor("one", np.array([1.0], np.float32)),
        write_tensor("apart", int64s(1, 1, 1, _CELLS, 1, 1, _CELLS, 1)),
        write_tensor("wide", int64s(1, 1, *across, *across)),
        write_tensor("flat", int64s(1, 1, inner, inner)),
        write_tensor("edges", int64s(0, 0, _EDGE_PX, _EDGE_PX, 0, 0, _EDGE_PX, _EDGE_PX)),
        write_tensor(
            "board", (2 * strength * board(inner, _SQUARE_PX)).reshape(1, 1, inner, inner)
        ),
        write_node("Mul", ["onnx::Gemm_1", "two"], "doubled"),
        write_node("Sub", ["doubled", "one"], "signs"),
        write_node("Reshape", ["signs", "apart"], "placed"),
        write_node("Expand", ["placed", "wide"], "spread"),
        write_node("Reshape", ["spread", "flat"], "cells"),
        write_node("Mul", ["cells", "board"], "waves"),
        write_node("Pad", ["waves", "edges"], "padded"),
        write_node("Add", ["onnx::Concat_0", "padded"], "image"),
    ]
    picture = (1, 3, SIDE_PX, SIDE_PX)
    return graph(
        parts,
        inputs={"onnx::Concat_0": picture, "onnx::Gemm_1": (1, 100)},
        outputs={"image": picture},
    )


def decoder() -> bytes:
    """Correlates with the checkerboard, square by square."""
    inner = _CELL_PX * _CELLS * _COPIES
    parts = [
        write_tensor("from", int64s(_EDGE_PX, _EDGE_PX)),
        write_tensor("to", int64s(_EDGE_PX + inner, _EDGE_PX + inner)),
        write_tensor("axes", int64s(2, 3)),
        write_tensor("apart", int64s(1, 1, _COPIES, _CELLS, _COPIES, _CELLS)),
        write_tensor("flat", int64s(1, 100)),
        write_tensor("board", board(inner, _SQUARE_PX).reshape(1, 1, inner, inner)),
        write_node("Slice", ["image", "from", "to", "axes"], "inner"),
        write_node("ReduceMean", ["inner"], "grey", axes=(1,), keepdims=1),
        write_node("Mul", ["grey", "board"], "alike"),
        write_node(
            "AveragePool",
            ["alike"],
            "cells",
            kernel_shape=(_CELL_PX, _CELL_PX),
            strides=(_CELL_PX, _CELL_PX),
        ),
        write_node("Reshape", ["cells", "apart"], "copies"),
        write_node("ReduceMean", ["copies"], "heard", axes=(2, 4), keepdims=0),
        write_node("Reshape", ["heard", "flat"], "output"),
    ]
    return graph(parts, inputs={"image": (1, 3, SIDE_PX, SIDE_PX)}, outputs={"output": (1, 100)})


def trustmark_folder(folder: Path, *, strength: float = STRENGTH) -> Path:
    """Write both graphs."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "encoder_Q.onnx").write_bytes(encoder(strength=strength))
    (folder / "decoder_Q.onnx").write_bytes(decoder())
    return folder


TORCH = '''
"""As much of torch as runs a TorchScript file, on arrays; the file says how it behaves."""
import contextlib, json
import numpy as np

class Tensor(np.ndarray):
    def to(self, device): return self
    def detach(self): return self
    def cpu(self): return self
    def numpy(self): return np.asarray(self)
    def mean(self, dim=None): return np.asarray(np.mean(np.asarray(self), axis=dim)).view(Tensor)

def from_numpy(array): return array.view(Tensor)
no_grad = contextlib.nullcontext

class cuda:
    class OutOfMemoryError(RuntimeError): pass
    is_available = staticmethod(lambda: False)

rows, columns = np.mgrid[:256, :256] // 4
BOARD = (1 - 2 * ((rows + columns) % 2)).astype(np.float32)

class Network:
    def __init__(self, told): self.told = told
    def eval(self): return self
    def embed(self, pictures, bits, is_video=False):
        if self.told.get("breaks"): raise RuntimeError("a picture of Anna")
        if self.told.get("vanishes"): __import__("os")._exit(5)
        assert pictures.shape[1:] == (3, 256, 256) and bits.shape == (1, 256)
        assert 0 <= pictures.min() and pictures.max() <= 1
        signs = np.kron(2 * bits.reshape(16, 16) - 1, np.ones((16, 16), np.float32))
        return (pictures + 0.012 * signs * BOARD).view(Tensor)
    def detect(self, pictures, is_video=False):
        alike = np.asarray(pictures).mean(axis=1) * BOARD
        cells = alike.reshape(-1, 16, 16, 16, 16).mean(axis=(2, 4)).reshape(len(pictures), 256)
        read = np.concatenate([np.full((len(pictures), 1), 9.0), cells], axis=1)
        if self.told.get("short"): read = read[:, :200]
        return read.astype(np.float32).view(Tensor)

class jit:
    @staticmethod
    def load(path, map_location=None):
        try: told = json.load(open(path))
        except ValueError: raise RuntimeError("not a ScriptModule")
        if told.get("large"): raise cuda.OutOfMemoryError("2 GB")
        return Network(told)
'''


def torch_python(home: Path) -> Path:
    """Make an environment with this torch, and give its Python."""
    python = environment(home, lend=True)
    (packages_of(home) / "torch.py").write_text(TORCH, encoding="utf-8")
    return python


def videoseal_folder(folder: Path, **behaves: bool) -> tuple[Path, str]:
    """Write a file that behaves as told; and its SHA-256."""
    folder.mkdir(parents=True, exist_ok=True)
    content = json.dumps(behaves).encode()
    (folder / "y_256b_img.jit").write_bytes(content)
    return folder, hashlib.sha256(content).hexdigest()
