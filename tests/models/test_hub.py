"""Weights come from a hub on this machine, over a real connection: licence first, every file checked, nothing lost."""

from __future__ import annotations

import hashlib
import http.server
import json
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from vivant.errors import InputError
from vivant.models.hub import ALLOWED, FREE, HUB_MODELS, HubFile, HubModel, hub_model_named
from vivant.models.hub_fetching import (
    LicenceNotAcceptedError,
    Weights,
    WeightsDamagedError,
    WeightsMissingError,
    fetch_weights,
    licence_text,
    own_weights,
    use_own_folder,
    weights_folder,
    weights_for,
    weights_ready,
)
from vivant.models.hub_wire import HubError, hub_address
from vivant.places import Places

COMMIT = "0123456789abcdef0123456789abcdef01234567"
LARGE = b"\x02\0\0\0\0\0\0\0{}" + bytes(range(256)) * 900
FILES: Mapping[str, bytes] = {
    "model_index.json": b'{"_class_name": "WanPipeline"}',
    "vae/config.json": b"{}",
    "vae/diffusion_pytorch_model.safetensors": LARGE,
    "vae/diffusion_pytorch_model.bin": b"a pickle",
    "README.md": b"words",
}


@dataclass
class Hub:
    """A hub that a test can make fail."""

    address: str = ""
    files: dict[str, bytes] = field(default_factory=lambda: dict(FILES))
    asked: list[str] = field(default_factory=list)
    cut_after: int | None = None
    page: int = 2

    def tree(self, page: int) -> tuple[list[dict[str, object]], bool]:
        every = [self._entry(path, content) for path, content in self.files.items()]
        first = page * self.page
        return every[first : first + self.page], first + self.page < len(every)

    def _entry(self, path: str, content: bytes) -> dict[str, object]:
        git = hashlib.sha1(b"blob %d\0" % len(content) + content).hexdigest()  # noqa: S324 - Git's own
        entry: dict[str, object] = {"type": "file", "path": path, "size": len(content), "oid": git}
        if path.endswith((".safetensors", ".bin")):
            entry["lfs"] = {"oid": hashlib.sha256(content).hexdigest(), "size": len(content)}
        return entry


@pytest.fixture
def hub() -> Iterator[Hub]:
    told = Hub()

    class Answers(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            told.asked.append(self.path)
            path, _, query = self.path.partition("?")
            if path == f"/api/models/somebody/small/tree/{COMMIT}":
                page = int(query.partition("page=")[2] or 0)
                entries, more = told.tree(page)
                link = f'<{told.address}{path}?recursive=true&page={page + 1}>; rel="next"'
                self._send(200, json.dumps(entries).encode(), {"Link": link} if more else {})
                return
            content = told.files.get(path.removeprefix(f"/somebody/small/resolve/{COMMIT}/"))
            if content is None:
                self._send(404, b"", {})
                return
            begins = int((self.headers["Range"] or "bytes=0-")[6:-1])
            self._send(206 if begins else 200, content[begins:], {})

        def _send(self, status: int, content: bytes, headers: Mapping[str, str]) -> None:
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content[: told.cut_after])

        def log_message(self, *_what: object) -> None:
            return

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    told.address = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield told
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def places(tmp_path: Path) -> Places:
    return Places(data=tmp_path / "data", cache=tmp_path / "cache")


SMALL = HubModel(
    name="small",
    engine="diffusion",
    repository="somebody/small",
    revision=COMMIT,
    size_bytes=230_000,
    licence="Apache-2.0",
    licence_page="https://www.apache.org/licenses/LICENSE-2.0",
    says="Free.",
    author="Somebody",
    purpose="A test.",
    machine="any machine",
)


def fetched(hub: Hub, places: Places, *, model: HubModel = SMALL, accepted: bool = True) -> Weights:
    return fetch_weights(
        model.name, accepted=accepted, places=places, manifest={model.name: model}, hub=hub.address
    )


def test_nothing_is_asked_for_before_the_licence_is_accepted(hub: Hub, places: Places) -> None:
    with pytest.raises(LicenceNotAcceptedError) as caught:
        fetched(hub, places, accepted=False)

    assert "Apache-2.0: https://www.apache.org" in str(caught.value)
    assert "--accept-licence" in str(caught.value)
    assert not hub.asked
    assert not weights_folder("small", places).exists()


def test_numbers_and_texts_are_fetched_and_pickles_are_not(hub: Hub, places: Places) -> None:
    found = fetched(hub, places)

    held = {p.relative_to(found.folder).as_posix() for p in found.folder.rglob("*") if p.is_file()}
    assert held == {
        "model_index.json",
        "vae/config.json",
        "vae/diffusion_pytorch_model.safetensors",
        "vivant-weights.json",
    }
    assert (found.folder / "vae/diffusion_pytorch_model.safetensors").read_bytes() == LARGE
    assert (found.name, found.revision, found.licence) == ("small", COMMIT, "Apache-2.0")


def test_what_is_here_is_not_fetched_again_and_needs_no_licence(hub: Hub, places: Places) -> None:
    found = fetched(hub, places)
    hub.asked.clear()

    assert fetched(hub, places, accepted=False) == found
    assert weights_ready(SMALL, places=places) == found
    assert not hub.asked


def test_a_download_that_was_cut_goes_on_where_it_stopped(hub: Hub, places: Places) -> None:
    hub.cut_after = 100_000
    with pytest.raises(HubError, match="What came is kept"):
        fetched(hub, places)
    assert weights_ready(SMALL, places=places) is None
    hub.cut_after = None
    heard: list[int] = []

    found = fetch_weights(
        "small", accepted=True, places=places, manifest={"small": SMALL}, hub=hub.address,
        watch=lambda _what, done, total: heard.append(done) if total == len(LARGE) else None,
    )  # fmt: skip

    assert (found.folder / "vae/diffusion_pytorch_model.safetensors").read_bytes() == LARGE
    assert heard == [len(LARGE)]  # one piece: the rest


def test_a_file_that_is_not_what_the_list_says_is_removed(hub: Hub, places: Places) -> None:
    tree = hub.tree

    def lying(page: int) -> tuple[list[dict[str, object]], bool]:
        entries, more = tree(page)
        for entry in entries:
            entry["oid"] = "0" * 40
        return entries, more

    hub.tree = lying  # type: ignore[method-assign]
    with pytest.raises(
        WeightsDamagedError, match=r"not the one it should be \(model_index\.json\)"
    ):
        fetched(hub, places)

    assert not [path for path in weights_folder("small", places).rglob("*") if path.is_file()]


def test_a_file_whose_hash_is_known_beforehand_is_compared_with_it(
    hub: Hub, places: Places
) -> None:
    path = "vae/diffusion_pytorch_model.safetensors"
    right = HubFile(path=path, size_bytes=len(LARGE), sha256=hashlib.sha256(LARGE).hexdigest())
    known = replace(SMALL, files=(right,))
    wrong = replace(SMALL, name="wrong", files=(replace(right, sha256="0" * 64),))

    assert fetched(hub, places, model=known).folder.is_dir()
    assert not any("/api/" in one for one in hub.asked)
    with pytest.raises(WeightsDamagedError):
        fetched(hub, places, model=wrong)


def test_a_list_that_names_files_outside_the_folder_is_not_followed(
    hub: Hub, places: Places
) -> None:
    hub.files["../outside.json"] = b"{}"
    hub.files["/outside.json"] = b"{}"

    fetched(hub, places)

    assert not any("outside" in one for one in hub.asked if "/resolve/" in one)


def test_a_repository_that_is_gone_and_a_hub_that_is_silent_are_told_apart(
    hub: Hub, places: Places
) -> None:
    with pytest.raises(HubError, match=r"has no somebody/other at 0123.*status 404"):
        fetched(hub, places, model=replace(SMALL, repository="somebody/other"))
    with pytest.raises(HubError, match="cannot be reached"):
        fetch_weights(
            "small",
            accepted=True,
            places=places,
            manifest={"small": SMALL},
            hub="http://127.0.0.1:9",
        )
    with pytest.raises(HubError, match="https"):
        fetch_weights(
            "small",
            accepted=True,
            places=places,
            manifest={"small": SMALL},
            hub="http://example.org",
        )


def test_a_folder_of_ones_own_comes_first_and_is_named_by_its_content(
    hub: Hub, places: Places, tmp_path: Path
) -> None:
    fetched(hub, places)
    own = tmp_path / "own"
    own.mkdir()
    (own / "model.safetensors").write_bytes(LARGE)

    used = use_own_folder("small", own, places=places, manifest={"small": SMALL})
    found = weights_for("diffusion", places=places, manifest={"small": SMALL})
    (own / "model.safetensors").write_bytes(LARGE[:-1] + b"!")

    assert used == found
    assert (found.name, found.folder) == ("own", own)
    assert own_weights(own).revision != found.revision


def test_a_folder_that_is_gone_or_holds_no_weights_is_said_to_be_so(
    places: Places, tmp_path: Path
) -> None:
    (tmp_path / "pickles").mkdir()
    (tmp_path / "pickles/model.bin").write_bytes(b"a pickle")
    own = tmp_path / "own"
    own.mkdir()
    (own / "model.onnx").write_bytes(b"numbers")
    use_own_folder("small", own, places=places, manifest={"small": SMALL})
    (own / "model.onnx").unlink()

    with pytest.raises(InputError, match="holds no weights"):
        own_weights(tmp_path / "pickles")
    with pytest.raises(InputError, match="not there"):
        own_weights(tmp_path / "nowhere")
    with pytest.raises(WeightsMissingError, match="cannot be used any more"):
        weights_for("diffusion", places=places, manifest={"small": SMALL})
    with pytest.raises(InputError, match=r"There are: wan2\.2-ti2v-5b"):
        hub_model_named("wan3")


def test_makers_own_files_are_fetched_from_their_site_and_known_by_hash_alone(
    hub: Hub, places: Places
) -> None:
    content = b"a program" * 999
    hub.files["published.jit"] = content
    told = HubFile(path="published.jit", size_bytes=0, sha256=hashlib.sha256(content).hexdigest())
    site = f"{hub.address}/somebody/small/resolve/{COMMIT}"
    model = replace(SMALL, engine="videoseal", site=site, files=(told,))

    found = fetch_weights(
        "small", accepted=True, places=places, manifest={"small": model}, hub=None
    )

    assert (found.folder / "published.jit").read_bytes() == content
    assert not any("/api/" in one for one in hub.asked)
    assert weights_ready(model, places=places) == found
    assert weights_for("videoseal", places=places, manifest={"small": model}) == found
    hub.files["published.jit"] = content[:-1] + b"!"
    with pytest.raises(WeightsDamagedError, match="not the one it should be"):
        fetch_weights(
            "again", accepted=True, places=places, manifest={"again": replace(model, name="again")}
        )


def test_all_listed_weights_are_pinned_free_and_of_safe_kinds() -> None:
    for model in HUB_MODELS.values():
        assert model.is_pinned
        assert model.licence in FREE
        assert model.licence_page in licence_text(model)
        for one in model.files:
            assert Path(one.path).suffix in ALLOWED | ({".jit"} if one.sha256 else set())
            assert len(one.sha256) == 64
            assert one.path.startswith(model.folder)
    assert not ALLOWED & {".bin", ".pt", ".pth", ".ckpt", ".pkl", ".py"}


def test_the_hubs_own_library_is_asked_for_its_address(tmp_path: Path) -> None:
    from elsewhere import environment, packages_of

    python = environment(tmp_path / "venv", lend=False)
    with pytest.raises(HubError, match="pip install huggingface-hub"):
        hub_address(python)
    library = packages_of(tmp_path / "venv") / "huggingface_hub"
    library.mkdir()
    (library / "__init__.py").touch()
    (library / "constants.py").write_text('ENDPOINT = "https://hub.example.org"\n')

    assert hub_address(python) == "https://hub.example.org"
