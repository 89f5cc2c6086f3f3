"""Piper voices, by an engine of the same doors in an environment of its own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from elsewhere import environment, piper_voice
from vivant.errors import InputError, MissingError
from vivant.models.apart import WorkerBrokeError
from vivant.places import Places
from vivant.testing.contracts import VoiceEngineContract
from vivant.voice.engine import Line, Said, VoiceFactory
from vivant.voice.engines.piper import PiperVoice
from vivant.voice.speaking import speak


@pytest.fixture(scope="module")
def python(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return environment(tmp_path_factory.mktemp("piper") / "venv", "piper")


@pytest.fixture(scope="module")
def voice(tmp_path_factory: pytest.TempPathFactory, python: Path) -> Iterator[PiperVoice]:
    path = piper_voice(tmp_path_factory.mktemp("voices") / "tiny.onnx")
    made = PiperVoice(voice=str(path), python=python)
    yield made
    made.close()


class TestPiper(VoiceEngineContract):
    @pytest.fixture
    def engine(self, voice: PiperVoice) -> PiperVoice:
        return voice


def say(voice: PiperVoice, text: str, **more: object) -> Said:
    return voice.say(Line(text=text, language="en-US", **more))  # type: ignore[arg-type]


def symbols(said: Said) -> str:
    return " ".join(phone.symbol for phone in said.phones if phone.symbol)


def test_the_class_is_a_factory() -> None:
    assert isinstance(PiperVoice, VoiceFactory)


def test_a_voice_says_of_itself_what_its_description_says(voice: PiperVoice) -> None:
    traits = voice.traits

    assert traits.languages == {"en-US"}
    assert traits.sample_rate_hz == 22_050
    assert traits.gives_timings
    assert traits.licence.startswith("GPL-3.0-or-later")


def test_phones_and_words_are_those_of_the_line(voice: PiperVoice) -> None:
    said = say(voice, "map of the, den")

    assert symbols(said) == "m a p o f t h e d e n"
    assert [word.text for word in said.words] == ["map", "of", "the,", "den"]
    assert [word.ends for word in said.words] == ["", "", "phrase", ""]
    assert all(phone.stress == 1 for phone in said.phones if phone.symbol == "a")


def test_a_dash_is_no_word_and_hides_none(voice: PiperVoice) -> None:
    said = say(voice, "map — den")

    assert [word.text for word in said.words] == ["map", "den"]


def test_a_slower_line_is_longer_and_another_seed_sounds_other(voice: PiperVoice) -> None:
    usual, slow = say(voice, "many a mile"), say(voice, "many a mile", rate=0.5)
    other = say(voice, "many a mile", seed=4)

    assert 1.6 < len(slow.samples) / len(usual.samples) < 2.2
    assert len(other.samples) != len(usual.samples) or not np.array_equal(
        other.samples, usual.samples
    )


def test_a_word_sounds_as_it_is_wished_and_carries_the_weight(voice: PiperVoice) -> None:
    plain = say(voice, "my xqz home", spoken_as=("", "ʃæp", ""))
    strong = say(voice, "my xqz home", spoken_as=("", "ʃæp", ""), emphasis=frozenset({1}))

    assert symbols(plain) == symbols(strong) == "m y ʃ æ p h o m e"
    assert [phone.stress for phone in plain.phones if phone.symbol == "æ"] == [0]
    assert [phone.stress for phone in strong.phones if phone.symbol == "æ"] == [1]
    assert [word.text for word in plain.words] == ["my", "xqz", "home"]


def test_letters_that_the_voice_does_not_know_are_told(voice: PiperVoice) -> None:
    with pytest.raises(InputError, match="knows none of the 6 characters"):
        say(voice, "привет")


def test_a_line_through_the_room_keeps_its_text(voice: PiperVoice) -> None:
    speech = speak("Many a mile of the map.", language="en-US", engine=voice)

    assert speech.text == "Many a mile of the map."
    assert speech.voice == "piper"


def test_a_crash_is_told_and_the_next_line_is_said(voice: PiperVoice) -> None:
    with pytest.raises(WorkerBrokeError, match="piper ended") as caught:
        say(voice, "vanish now")

    assert "vanish" not in str(caught.value)
    assert len(say(voice, "many a mile").samples)


def test_a_speaker_is_chosen_by_name(tmp_path: Path, python: Path) -> None:
    path = piper_voice(tmp_path / "two.onnx", speakers=("anna", "otto"))

    made = PiperVoice(voice=f"{path}#otto", python=python)

    assert len(say(made, "many a mile").samples)
    made.close()
    with pytest.raises(InputError, match=r"2 speakers, and none of that name. It has: anna, otto"):
        PiperVoice(voice=f"{path}#nobody", python=python)


def test_a_missing_description_is_told(tmp_path: Path) -> None:
    path = piper_voice(tmp_path / "tiny.onnx")
    Path(f"{path}.json").unlink()

    with pytest.raises(InputError, match=r"none that ends in \.onnx\.json"):
        PiperVoice(voice=str(path))


@pytest.mark.parametrize("text", ["", "[]", "{", '{"audio": 3}'])
def test_a_description_that_describes_nothing_is_told(tmp_path: Path, text: str) -> None:
    path = piper_voice(tmp_path / "tiny.onnx")
    Path(f"{path}.json").write_text(text)

    with pytest.raises(InputError, match="cannot be understood"):
        PiperVoice(voice=str(path))


@pytest.mark.parametrize("junk", [b"", b"not a network at all", bytes(4000)])
def test_a_corrupt_network_is_told(tmp_path: Path, python: Path, junk: bytes) -> None:
    path = piper_voice(tmp_path / "tiny.onnx")
    path.write_bytes(junk)
    voice = PiperVoice(voice=str(path), python=python)

    with pytest.raises(InputError, match=f"of {len(junk):,} bytes cannot be read"):
        say(voice, "hello")
    voice.close()


def test_a_path_where_nothing_is_and_a_name_that_nobody_has_are_told(tmp_path: Path) -> None:
    places = Places(data=tmp_path, cache=tmp_path)

    with pytest.raises(MissingError, match="no Piper voice file of that path"):
        PiperVoice(voice=str(tmp_path / "gone.onnx"), places=places)
    with pytest.raises(InputError, match="here are: none"):
        PiperVoice(voice="thorsten", places=places)


def test_without_the_library_it_says_how_to_install_it(tmp_path: Path) -> None:
    bare = environment(tmp_path / "bare", lend=False)
    voice = PiperVoice(voice=str(piper_voice(tmp_path / "tiny.onnx")), python=bare)

    with pytest.raises(MissingError, match=r"pip install 'vivant\[piper\]'"):
        say(voice, "hello")


def test_another_language_than_the_voices_is_told(voice: PiperVoice) -> None:
    with pytest.raises(InputError, match="speaks en-US, not de"):
        speak("Guten Morgen.", language="de", engine=voice)


def test_voices_in_the_folder_are_offered_and_found_by_name(tmp_path: Path, python: Path) -> None:
    folder = tmp_path / "voices" / "piper"
    folder.mkdir(parents=True)
    piper_voice(folder / "de_DE-anna.onnx", language="de_DE")
    piper_voice(folder / "fr_FR-two.onnx", language="fr_FR", speakers=("un", "deux"))
    (folder / "broken.onnx").write_bytes(b"")
    places = Places(data=tmp_path, cache=tmp_path)

    offers = {offer.name: offer for offer in PiperVoice.offers(places=places)}
    named = PiperVoice(voice="fr_FR-two#deux", places=places, python=python)

    assert set(offers) == {"broken", "de_DE-anna", "fr_FR-two", "fr_FR-two#deux", "FILE.onnx"}
    assert offers["de_DE-anna"].languages == {"de-DE"}
    assert "none that ends in .onnx.json" in offers["broken"].how
    assert not offers["FILE.onnx"].ready
    assert str(folder) in offers["FILE.onnx"].how
    assert named.traits.languages == {"fr-FR"}


def test_with_no_voice_at_all_it_is_made_and_says_what_to_do(tmp_path: Path) -> None:
    voice = PiperVoice(places=Places(data=tmp_path, cache=tmp_path))

    assert "de-DE" in voice.traits.languages
    with pytest.raises(MissingError, match=r"No Piper voice is here. Put a voice's \.onnx"):
        say(voice, "hello")
