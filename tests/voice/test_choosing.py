"""A voice by its name: an engine's, or a person's under consent."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from vivant.errors import ConsentError, InputError, MissingError
from vivant.media.hearing import write_wav
from vivant.places import Places
from vivant.provenance.consent_keeping import kept_path
from vivant.provenance.ledger import Ledger
from vivant.voice.choosing import StaleVoiceError, choose_language, choose_voice
from vivant.voice.engines.hibari import HibariVoice
from vivant.voice.learning import learn
from vivant.voice.person import Character, Resemblance
from vivant.voice.profiles import (
    NoSuchVoiceError,
    VoiceProfile,
    load_profile,
    save_profile,
)
from vivant.voice.speaking import speak
from voice_people import a_person, voice_consent

CONSENT = voice_consent()


@pytest.fixture(scope="module")
def learned(tmp_path_factory: pytest.TempPathFactory) -> Places:
    folder = tmp_path_factory.mktemp("choosing")
    places = Places(data=folder / "data")
    recording = folder / "recording.wav"
    write_wav(recording, a_person(lower=0.9, sentences=6))
    Ledger.in_places(places).note_consent(CONSENT)
    learn([recording], name="anna", consent=CONSENT, places=places, engines=("hibari",))
    return places


def kept(profile: VoiceProfile, folder: Path) -> Places:
    places = Places(data=folder)
    save_profile(profile, name="anna", consent=CONSENT, places=places)
    return places


def test_an_engines_voice_is_nobodys(learned: Places) -> None:
    for name in ("hibari", "hibari:heart"):
        chosen = choose_voice(name, places=learned)

        assert isinstance(chosen.engine, HibariVoice)
        assert chosen.character is None
        assert chosen.person is None


@pytest.mark.parametrize("name", ["anna", "anna@hibari"])
def test_a_persons_voice_brings_its_papers(learned: Places, name: str) -> None:
    profile = load_profile("anna", places=learned)
    found = profile.resemblances["hibari"]

    chosen = choose_voice(name, places=learned)

    assert chosen.name == "anna@hibari"
    assert chosen.character is not None
    assert chosen.person is not None
    assert chosen.person.profile_sha256 == profile.sha256
    assert chosen.person.consent_sha256 == CONSENT.sha256
    assert chosen.person.likeness == "matched"
    assert (chosen.person.encoder, chosen.person.word) == (found.encoder, found.word)


def test_a_person_is_heard_in_what_is_said(learned: Places) -> None:
    own, person = (
        speak("Come a little nearer.", voice=v, places=learned) for v in ("hibari", "anna")
    )

    assert person.person is not None
    assert person.voice == "anna@hibari"
    assert own.person is None
    assert not np.array_equal(person.sound.samples, own.sound.samples)


def test_an_unknown_name_is_told_with_those_there_are(learned: Places, tmp_path: Path) -> None:
    with pytest.raises(NoSuchVoiceError, match=r"Engines: .*hibari.* Learned persons: anna\."):
        choose_voice("grandmother", places=learned)
    with pytest.raises(NoSuchVoiceError, match="No person was learned yet"):
        choose_voice("anna", places=Places(data=tmp_path))


@pytest.mark.parametrize("name", ["anna@nobody", "anna@"])
def test_a_person_speaks_only_with_an_engine_that_learned_them(learned: Places, name: str) -> None:
    with pytest.raises(InputError, match=r"was not learned for the engine .* but for: hibari"):
        choose_voice(name, places=learned)


@pytest.mark.parametrize("name", ["../anna", "/etc/passwd", "", ":", "@hibari", "anna@hibari@x"])
def test_odd_names_are_told_as_unknown(learned: Places, name: str) -> None:
    with pytest.raises(InputError):
        choose_voice(name, places=learned)


def test_an_engine_of_another_version_is_not_used_silently(learned: Places, tmp_path: Path) -> None:
    profile = load_profile("anna", places=learned)
    old = replace(profile.characters["hibari"], version="hibari/0")
    places = kept(replace(profile, characters={"hibari": old}), tmp_path)

    with pytest.raises(StaleVoiceError, match=r"hibari/0.*vivant voice refresh"):
        choose_voice("anna", places=places)


def test_the_nearest_engine_that_is_here_speaks(learned: Places, tmp_path: Path) -> None:
    profile = load_profile("anna", places=learned)
    far = Resemblance(encoder=0.1, spectral=0.1, cosine=0.2, held_out_s=9.0)
    near = replace(far, encoder=0.99, spectral=0.99)
    characters = {
        "hibari": profile.characters["hibari"],
        "kokoro": Character(engine="kokoro", version="?", arrays={}),
        "gone": Character(engine="gone", version="1", arrays={}),
    }
    nearest_gone = replace(
        profile, characters=characters, resemblances={"hibari": near, "kokoro": far, "gone": near}
    )

    chosen = choose_voice("anna", places=kept(nearest_gone, tmp_path / "a"))

    assert chosen.engine.traits.name == "hibari"
    only_gone = replace(
        profile, characters={"gone": characters["gone"]}, resemblances={"gone": near}
    )
    with pytest.raises(MissingError, match=r"None of the engines .* is installed: gone"):
        choose_voice("anna", places=kept(only_gone, tmp_path / "b"))


def test_a_consent_that_was_withdrawn_silences_the_voice(learned: Places, tmp_path: Path) -> None:
    profile = load_profile("anna", places=learned)
    places = kept(profile, tmp_path)
    assert choose_voice("anna", places=places).person is not None

    Ledger.in_places(places).append("consent.withdrawn", {"record_id": CONSENT.record_id})

    with pytest.raises(ConsentError, match="withdrawn"):
        choose_voice("anna", places=places)


def test_a_consent_that_is_gone_silences_the_voice(learned: Places, tmp_path: Path) -> None:
    places = kept(load_profile("anna", places=learned), tmp_path)
    kept_path(CONSENT.record_id, places=places).unlink()

    with pytest.raises(ConsentError, match="is not kept here"):
        choose_voice("anna", places=places)


def test_a_voice_speaks_its_mother_tongue_unasked() -> None:
    spoken = {
        name: choose_language(None, choose_voice(name).engine.traits)
        for name in ("kokoro", "kokoro:emma", "kokoro:george", "hibari")
    }

    assert spoken == {
        "kokoro": "en-US",
        "kokoro:emma": "en-GB",
        "kokoro:george": "en-GB",
        "hibari": "en-US",
    }
    assert choose_language("en-US", choose_voice("kokoro:emma").engine.traits) == "en-US"
