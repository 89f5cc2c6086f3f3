"""Weights of neural engines that lie on a model hub: where, at which state, under which licence.

Nothing here is ever fetched unless somebody names it and says yes to its licence. What is fetched is
named exactly: each file by its SHA-256, or the whole repository by its commit, of which the hub tells
the hash of each file. Only formats that hold numbers and text are taken: safetensors, ONNX, JSON;
never a pickle; a TorchScript file, which is a program as well, only where its hash is written here. Weights
whose licence forbids commercial use are not listed.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, Literal

from vivant.errors import InputError

Needs = Literal["diffusion", "liveportrait", "trustmark", "videoseal"]
ALLOWED = frozenset({".safetensors", ".onnx", ".json", ".txt", ".model"})
"""Endings of files that are taken; ``.model`` is a SentencePiece vocabulary."""
FREE = frozenset({"Apache-2.0", "MIT", "BSD-3-Clause", "CC0-1.0", "CC-BY-4.0"})
"""Licences of weights that may be listed: all allow commercial use."""
_COMMIT = re.compile(r"[0-9a-f]{40}")


@dataclass(frozen=True, slots=True, kw_only=True)
class HubFile:
    """A file whose content is known beforehand."""

    path: str
    """Inside the repository."""
    size_bytes: int
    """0 where only the hash is known."""
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HubModel:
    """Weights in a repository of a hub."""

    name: str
    """What commands and errors call it."""
    engine: Needs
    """Which engine runs it."""
    repository: str
    revision: str
    """A commit of 40 hex digits; may be a branch where every file has its hash below."""
    site: str = ""
    """Where its makers keep the files themselves, instead of a hub; each needs its hash then."""
    folder: str = ""
    """Where in the repository it lies."""
    files: tuple[HubFile, ...] = ()
    """Exactly these; all of ``ALLOWED`` endings in ``folder`` when empty, by the hub's own list."""
    size_bytes: int
    """About, where the files are not listed here."""
    licence: str
    """SPDX identifier."""
    licence_page: str
    says: str
    """The licence in a sentence for people, and what else they should know before they say yes."""
    author: str
    purpose: str
    machine: str
    """What it needs to run."""

    @property
    def is_pinned(self) -> bool:
        """Whether what is fetched is fixed for good."""
        return bool(_COMMIT.fullmatch(self.revision)) or bool(self.files)


def _graph(name: str, size_bytes: int, sha256: str) -> HubFile:
    return HubFile(path=f"liveportrait_onnx/{name}.onnx", size_bytes=size_bytes, sha256=sha256)


_ALL: Final = (
    HubModel(
        name="wan2.2-ti2v-5b",
        engine="diffusion",
        repository="Wan-AI/Wan2.2-TI2V-5B-Diffusers",
        revision="b8fff7315c768468a5333511427288870b2e9635",
        size_bytes=34_200_000_000,
        licence="Apache-2.0",
        licence_page="https://www.apache.org/licenses/LICENSE-2.0",
        says="Free for any use, commercial too. Its makers claim nothing in what you make with it, and ask that it is not "
        "used to harm people, to deceive, or against the law.",
        author="Alibaba, Wan team",
        purpose="Moves a picture for up to 5 s by what a text says, 1280x704 at 24 frames a second.",
        machine="an NVIDIA GPU with 24 GB of memory",
    ),
    HubModel(
        name="wan2.2-i2v-a14b",
        engine="diffusion",
        repository="Wan-AI/Wan2.2-I2V-A14B-Diffusers",
        revision="596658fd9ca6b7b71d5057529bbf319ecbc61d74",
        size_bytes=126_000_000_000,
        licence="Apache-2.0",
        licence_page="https://www.apache.org/licenses/LICENSE-2.0",
        says="Free for any use, commercial too. Its makers claim nothing in what you make with it, and ask that it is not "
        "used to harm people, to deceive, or against the law.",
        author="Alibaba, Wan team",
        purpose="The larger sister: better pictures, up to 5 s, 1280x720 at 16 frames a second.",
        machine="an NVIDIA GPU with 80 GB of memory",
    ),
    HubModel(
        name="liveportrait",
        engine="liveportrait",
        repository="warmshao/FasterLivePortrait",
        revision="main",
        folder="liveportrait_onnx",
        files=(
            _graph("appearance_feature_extractor", 3_355_896, "d070afccca7f528ffb0ef5052b21588b42225a996661833f7bdede562d1ab921"),
            _graph("motion_extractor", 112_648_514, "219a46174297b2b411bb3c5dce48d3a8c8e07a9d82120a0da21f49f58b67fca6"),
            _graph("warping_spade", 421_233_096, "b0e7a566db8fba690c23523bcd2faa4f0d13f05418db84a779397a851062ad69"),
            _graph("stitching", 182_363, "8e33658425e3f1014dc35b28f60ca7459189e8f78f20540262a2fe5ac1dc6ec7"),
            _graph("stitching_eye", 580_926, "b9a2086c4d757c9be71b9b290d020678406da6a33c6247252c4bb0aeeff48afc"),
        ),
        size_bytes=538_000_795,
        licence="MIT",
        licence_page="https://github.com/KwaiVGI/LivePortrait/blob/main/LICENSE",
        says="Free for any use, commercial too, with its notice. Its makers' own program also uses face models of InsightFace, "
        "which are for non-commercial research only: those are not fetched and not used here, our own face finder stands in.",
        author="Kuaishou (LivePortrait); ONNX graphs by warmshao (FasterLivePortrait)",
        purpose="Turns heads and moves faces of photos: another way to draw portrait films.",
        machine="any processor (seconds a frame); a GPU for speed",
    ),
    HubModel(
        name="trustmark",
        engine="trustmark",
        repository="adobe/trustmark",
        revision="Q",
        site="https://cai-watermark.adobe.net/watermarking/trustmark-models",
        files=(
            HubFile(path="encoder_Q.onnx", size_bytes=17_312_208, sha256="19b3d1b25836130ffd78775a8f61539f993375d1823ef0e59ba5b8dffb4f892d"),
            HubFile(path="decoder_Q.onnx", size_bytes=47_401_222, sha256="ee3268f057c9dabef680e169302f5973d0589feea86189ed229a896cc3aa88df"),
        ),
        size_bytes=64_713_430,
        licence="MIT",
        licence_page="https://github.com/adobe/trustmark/blob/main/LICENSE",
        says="Free for any use, commercial too, with its notice.",
        author="Adobe Research and University of Surrey (TrustMark, variant Q)",
        purpose="Marks each picture of a film invisibly with its number, beside the built-in mark.",
        machine="any processor (some 50 ms a frame)",
    ),
    HubModel(
        name="videoseal",
        engine="videoseal",
        repository="facebookresearch/videoseal",
        revision="y_256b_img",
        site="https://dl.fbaipublicfiles.com/videoseal",
        files=(
            HubFile(path="y_256b_img.jit", size_bytes=0, sha256="5c7a4581c36fc6090aafdcfb3999123bae5172a4847f22e2da4e7fd1a39d1e1b"),
        ),
        size_bytes=228_000_000,
        licence="MIT",
        licence_page="https://github.com/facebookresearch/videoseal/blob/main/LICENSE",
        says="Free for any use, commercial too, with its notice. The file is a TorchScript program; it runs in a process of its own.",
        author="Meta FAIR (Video Seal, 256 bits)",
        purpose="Marks a film invisibly with its number, beside the built-in mark; made for video.",
        machine="PyTorch; any processor, a GPU for speed",
    ),
)  # fmt: skip

HUB_MODELS: Final = MappingProxyType({model.name: model for model in _ALL})
"""All by name."""


def hub_model_named(name: str, manifest: Mapping[str, HubModel] = HUB_MODELS) -> HubModel:
    """Find weights by name.

    Raises:
        InputError: There are none of that name; the message lists those there are.
    """
    if name not in manifest:
        message = f"There are no weights {name[:40]!r}. There are: {', '.join(manifest)}."
        raise InputError(message)
    return manifest[name]
