"""``vivant voices``: what is here, what can be added and how."""

from __future__ import annotations

import importlib.metadata
import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from elsewhere import environment, piper_voice
from vivant.cli import voices as listing
from vivant.cli.voices import list_voices
from vivant.engines import DeclaredEngine
from vivant.errors import InputError
from vivant.media.sound import Sound
from vivant.places import Places
from vivant.provenance.consent import attest
from vivant.voice.person import Character, Reference, Resemblance
from vivant.voice.profiles import VoiceProfile, profile_path, save_profile
from vivant.voice.soundness import Soundness
from vivant.voice.speech import Phone

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


def heard(seconds: float) -> Reference:
    count = round(seconds * 24_000)
    sound = Sound(samples=np.zeros(count, np.float32), sample_rate_hz=24_000)
    phones = (Phone(symbol="m", first=0, last=count),)
    return Reference(sound=sound, phones=phones, bandwidth_hz=3_400.0, snr_db=20.0)


def learn(name: str, places: Places) -> Path:
    consent = attest("self")
    sound = Soundness(
        speech_s=10.0,
        level_db=-20.0,
        snr_db=20.0,
        hum_hz=0.0,
        hum_db=-120.0,
        clicks=0,
        clipped_share=0.0,
        bandwidth_hz=3_400.0,
        echo_s=0.2,
    )
    profile = VoiceProfile(
        reference=heard(1.0),
        held_out=heard(1.0),
        characters={"hibari": Character(engine="hibari", version="1", arrays={"a": np.ones(2)})},
        resemblances={"hibari": Resemblance(encoder=0.5, spectral=0.6, cosine=0.7, held_out_s=9.0)},
        before=sound,
        after=sound,
        own_s=10.0,
        consent_id=consent.record_id,
        consent_sha256="0" * 64,
        recordings=("0" * 64,),
        learned_at="2026-01-01T00:00:00+00:00",
    )
    save_profile(profile, name=name, consent=consent, places=places)
    return profile_path(name, places=places)


def test_learned_persons_come_first_with_what_can_be_promised(places: Places) -> None:
    learn("grandma", places)

    found = list_voices(places=places, engines=engines("hibari", "tone"))

    assert (found[0].name, found[0].engine, found[0].ready) == ("grandma", "hibari", True)
    assert "resembling" in found[0].sounds
    assert found[0].languages == ("en-US",)
    assert found[1].name == "hibari:heart"


def test_a_damaged_person_is_told_and_hides_no_voice(places: Places) -> None:
    path = learn("grandma", places)
    path.write_bytes(path.read_bytes()[:-100])

    found = {voice.name: voice for voice in list_voices(places=places, engines=engines("hibari"))}

    assert not found["grandma"].ready
    assert found["grandma"].how
    assert found["hibari:heart"].ready


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
