"""``vivant voices``: what is here, what can be added and how."""

from __future__ import annotations

import importlib.metadata
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from elsewhere import environment, piper_voice
from vivant.cli import voices as listing
from vivant.cli.voices import ListedVoice, list_voices
from vivant.engines import DeclaredEngine
from vivant.errors import InputError
from vivant.places import Places

OURS = {
    "hibari": "vivant.voice.engines.hibari:HibariVoice",
    "piper": "vivant.voice.engines.piper:PiperVoice",
    "pocket": "vivant.voice.engines.pocket:PocketVoice",
    "chatterbox": "vivant.voice.engines.chatterbox:ChatterboxVoice",
    "voiceclonnx": "vivant.voice.engines.voiceclonnx:ConvertedVoice",
}
FOREIGN = {"tone": "vivant.testing.standins:ToneVoice", "sick": "vivant.nowhere:Voice"}


def engines(*names: str) -> list[DeclaredEngine]:
    return [
        DeclaredEngine(
            room="voice",
            name=name,
            package="vivant" if name in OURS else "foreign",
            package_version="1",
            entry=importlib.metadata.EntryPoint(
                name, {**OURS, **FOREIGN}[name], "vivant.engines.voice"
            ),
        )
        for name in names
    ]


@pytest.fixture
def places(tmp_path: Path) -> Places:
    return Places(data=tmp_path / "data", cache=tmp_path / "cache")


@pytest.fixture
def ours(places: Places, monkeypatch: pytest.MonkeyPatch) -> Places:
    monkeypatch.setenv("VIVANT_DATA", str(places.data))
    monkeypatch.setattr(listing, "declared", lambda _room: engines(*OURS))
    return places


def test_what_is_here_comes_before_what_can_be_added(places: Places) -> None:
    found = list_voices(places=places, engines=engines(*OURS))

    ready = [voice.ready for voice in found]
    assert ready == sorted(ready, reverse=True)
    assert found[0].name.startswith("hibari")
    assert {voice.engine for voice in found} == set(OURS)
    assert all(voice.how for voice in found if not voice.ready)
    assert all(voice.licence for voice in found)


def test_a_voice_in_the_folder_is_here_when_its_engine_is(places: Places) -> None:
    folder = places.data / "voices" / "piper"
    folder.mkdir(parents=True)
    piper_voice(folder / "de_DE-anna.onnx", language="de_DE")

    before = {voice.name: voice for voice in list_voices(places=places, engines=engines("piper"))}
    environment(places.data / "engines" / "piper", "piper", lend=False)
    after = {voice.name: voice for voice in list_voices(places=places, engines=engines("piper"))}

    assert "pip install 'vivant[piper]'" in before["piper:de_DE-anna"].how
    assert after["piper:de_DE-anna"].ready
    assert after["piper:de_DE-anna"].languages == ("de-DE",)


def test_an_engine_that_cannot_be_imported_is_told_and_hides_no_other(places: Places) -> None:
    found = {
        voice.name: voice for voice in list_voices(places=places, engines=engines("sick", "tone"))
    }

    assert found["tone"].ready
    assert "ModuleNotFoundError" in found["sick"].how
    assert "package foreign" in found["sick"].how


def test_what_a_cloning_engine_needs_is_told(places: Places) -> None:
    found = {
        voice.name: voice for voice in list_voices(places=places, engines=engines("chatterbox"))
    }

    assert found["chatterbox"].likeness == "cloned"
    assert found["chatterbox"].clones_from_s == 6
    assert found["chatterbox"].watermarks
    assert "uk" not in found["chatterbox"].languages


def test_the_list_for_people_says_how_once(
    ours: Places, capsys: pytest.CaptureFixture[str]
) -> None:
    listing.voices()

    told = capsys.readouterr().out
    assert told.startswith("Here\n")
    assert "hibari" in told.split("Can be added")[0]
    assert told.count("pip install 'vivant[pocket]'") == 1
    assert str(ours.data) in told
    assert "espeak-ng" in told


def test_only_voices_of_a_language_are_listed(
    ours: Places, capsys: pytest.CaptureFixture[str]
) -> None:
    del ours
    listing.voices(language="nl", as_json=True)

    found = json.loads(capsys.readouterr().out)["voices"]
    assert {voice["name"] for voice in found} == {"piper:FILE.onnx", "pocket:daan", "chatterbox"}


@pytest.mark.usefixtures("ours")
def test_a_language_that_nobody_speaks_is_told_with_those_that_are_spoken() -> None:
    with pytest.raises(InputError, match=r"No voice speaks 'eo'.*fr"):
        listing.voices(language="eo")


def test_the_list_for_programs_is_one_document(
    ours: Places, capsys: pytest.CaptureFixture[str]
) -> None:
    del ours
    listing.voices(as_json=True)

    told = json.loads(capsys.readouterr().out)
    assert {"name", "languages", "licence", "likeness", "clones_from_s", "ready", "how"} <= set(
        told["voices"][0]
    )
    assert told["phones"]["name"] == "espeak-ng"


@pytest.fixture
def learned(monkeypatch: pytest.MonkeyPatch) -> Iterator[ListedVoice]:
    one = ListedVoice(
        name="grandma",
        engine="hibari",
        package="",
        sounds="a learned person: resembling (52 %)",
        languages=("en-US",),
        licence="",
        likeness="matched",
        clones_from_s=None,
        gives_timings=True,
        watermarks=False,
        ready=True,
        how="",
    )
    monkeypatch.setattr(listing, "LEARNED", [lambda _places: [one]])
    return iter([one])


def test_learned_persons_come_first(learned: Iterator[ListedVoice], places: Places) -> None:
    found = list_voices(places=places, engines=engines("hibari"))

    assert found[0] == next(learned)


def test_listing_loads_nothing_heavy(tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path\n"
        "from vivant.cli.voices import list_voices; from vivant.places import Places\n"
        "import importlib.metadata as m; from vivant.engines import DeclaredEngine\n"
        f"ours = {OURS!r}\n"
        "list_voices(places=Places(data=Path(sys.argv[1]), cache=Path(sys.argv[1])), engines=[DeclaredEngine(room='voice',"
        " name=n, package='v', package_version='1', entry=m.EntryPoint(n, e, 'g')) for n, e in ours.items()])\n"
        "print(sorted({'torch', 'onnxruntime', 'cv2', 'mediapipe', 'piper', 'pocket_tts'} & set(sys.modules)))"
    )

    seen = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path)], capture_output=True, text=True, check=True
    )

    assert seen.stdout.strip() == "[]"
