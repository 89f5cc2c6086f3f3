"""Engines that speak like a person, each with a package of the same doors as the real one."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from elsewhere import environment, put
from vivant.errors import EngineBrokeError, InputError, MissingError
from vivant.media.sound import Sound
from vivant.media.watch import unwatched
from vivant.models.apart import WorkerBrokeError
from vivant.places import Places
from vivant.testing.standins import ToneVoice
from vivant.voice.engine import Line, PersonalEngine, VoiceFactory
from vivant.voice.engines.chatterbox import ChatterboxVoice
from vivant.voice.engines.pacing import at_pace
from vivant.voice.engines.pocket import MODELS, PocketVoice
from vivant.voice.engines.voiceclonnx import ConvertedVoice
from vivant.voice.person import Character, Reference
from vivant.voice.speech import Phone

RATE = 24_000
WORDS = "We go home, and they stay here."


def person(*, seconds: float = 8.0, hz: float = 300.0) -> Reference:
    """Somebody who hums."""
    count = round(seconds * RATE)
    samples = (0.5 * np.sin(2 * np.pi * hz / RATE * np.arange(count))).astype(np.float32)
    phones = tuple(
        Phone(symbol="m", first=first, last=min(first + RATE // 10, count))
        for first in range(0, count, RATE // 10)
    )
    sound = Sound(samples=samples, sample_rate_hz=RATE)
    return Reference(sound=sound, phones=phones, bandwidth_hz=11_000.0, snr_db=30.0)


def hertz(samples: np.ndarray) -> float:
    return float((np.diff(np.sign(samples)) != 0).sum() / 2 / len(samples) * RATE)


def line(text: str = WORDS, language: str = "en-US", **more: object) -> Line:
    return Line(text=text, language=language, **more)  # type: ignore[arg-type]


def forget_at_the_end(monkeypatch: pytest.MonkeyPatch, module: str) -> None:
    """Have a module imported anew, and none of it left for other tests."""
    monkeypatch.setitem(sys.modules, module, sys)
    monkeypatch.delitem(sys.modules, module)


@pytest.fixture
def shelf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of packages that this process finds, and forgets after the test."""
    for name in ("torch", "pocket_tts", "voiceclonnx"):
        forget_at_the_end(monkeypatch, name)
    monkeypatch.syspath_prepend(str(tmp_path))
    return tmp_path


@pytest.fixture
def pocket(shelf: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[PocketVoice]:
    put(shelf, "torch", "pocket_tts")
    yield PocketVoice()
    for name in ("torch", "pocket_tts"):
        forget_at_the_end(monkeypatch, name)


@pytest.fixture(scope="module")
def chatterbox_python(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("chatterbox") / "venv"
    return environment(home, "torch", "perth", "chatterbox")


@pytest.fixture(scope="module")
def chatterbox(chatterbox_python: Path) -> Iterator[ChatterboxVoice]:
    made = ChatterboxVoice(python=chatterbox_python)
    yield made
    made.close()


@pytest.fixture
def converted(shelf: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[ConvertedVoice]:
    put(shelf, "voiceclonnx")
    info = shelf / "tones-1.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: tones\nVersion: 1\n")
    (info / "entry_points.txt").write_text(
        "[vivant.engines.voice]\ntone = vivant.testing.standins:ToneVoice\n"
    )
    yield ConvertedVoice(voice="openvoice+tone")
    forget_at_the_end(monkeypatch, "voiceclonnx")


@pytest.mark.parametrize("factory", [PocketVoice, ChatterboxVoice, ConvertedVoice])
def test_each_is_a_factory_of_personal_engines(factory: type, tmp_path: Path) -> None:
    places = Places(data=tmp_path, cache=tmp_path)
    made = factory(places=places)

    assert isinstance(factory, VoiceFactory)
    assert isinstance(made, PersonalEngine)
    assert made.traits.likeness == "cloned"
    assert made.traits.clones_from_s
    assert factory.offers(places=places)


@pytest.mark.parametrize("factory", [PocketVoice, ChatterboxVoice, ConvertedVoice])
def test_a_recording_that_is_too_short_is_told_with_both_lengths(
    factory: type, tmp_path: Path
) -> None:
    made = factory(places=Places(data=tmp_path, cache=tmp_path))

    with pytest.raises(InputError, match=r"needs [56] s of the person speaking, and 2\.0 s"):
        made.fit(person(seconds=2), watch=unwatched)


def test_no_more_is_kept_than_is_made_use_of(
    pocket: PocketVoice, chatterbox: ChatterboxVoice, converted: ConvertedVoice
) -> None:
    for made in (pocket, chatterbox, converted):
        kept = made.fit(person(seconds=45), watch=unwatched)

        assert kept.engine == made.traits.name
        assert kept.version == made.traits.version
        assert 15 < len(kept.arrays["samples"]) / RATE <= 30


@pytest.mark.parametrize("factory", [PocketVoice, ChatterboxVoice, ConvertedVoice])
def test_an_engine_that_is_not_installed_learns_nobody(
    factory: type, tmp_path: Path, shelf: Path
) -> None:
    del shelf
    made = factory(places=Places(data=tmp_path, cache=tmp_path))

    with pytest.raises(MissingError, match="is not installed"):
        made.fit(person(), watch=unwatched)


@pytest.mark.parametrize("factory", [PocketVoice, ChatterboxVoice])
def test_a_voice_it_does_not_have_is_told(factory: type) -> None:
    with pytest.raises(InputError, match="has no voice 'nobody'"):
        factory(voice="nobody")


def test_pocket_speaks_like_the_person(pocket: PocketVoice) -> None:
    character = pocket.fit(person(hz=300), watch=unwatched)

    own, cloned = pocket.say(line()).samples, pocket.say(line(character=character)).samples

    assert hertz(own) == pytest.approx(200, rel=0.1)
    assert hertz(cloned) == pytest.approx(300, rel=0.1)


def test_pocket_says_the_same_again_and_another_with_another_seed(pocket: PocketVoice) -> None:
    first, again, other = (pocket.say(line(seed=seed)).samples for seed in (1, 1, 2))

    np.testing.assert_array_equal(first, again)
    assert not np.array_equal(first, other)


def test_pocket_loads_a_model_once_for_each_language(pocket: PocketVoice) -> None:
    for language in ("en-US", "en-GB", "es-MX", "es", "en-US"):
        pocket.say(line(language=language))

    assert sys.modules["pocket_tts"].TTSModel.loaded == ["english", "spanish"]


def test_pocket_without_weights_that_clone_is_an_error_and_no_other_voice(
    pocket: PocketVoice, monkeypatch: pytest.MonkeyPatch
) -> None:
    character = pocket.fit(person(), watch=unwatched)

    with pytest.raises(MissingError, match="only to people who accepted their terms"):
        pocket.say(line(language="fr", character=character))
    monkeypatch.setitem(MODELS, "en", "french")
    with pytest.raises(MissingError, match="only to people who accepted their terms"):
        PocketVoice().fit(person(), watch=unwatched)
    assert len(pocket.say(line(language="fr")).samples)


@pytest.mark.parametrize(
    ("language", "text", "error", "match"),
    [
        ("de", WORDS, MissingError, r"could not be fetched from their hub \(FileNotFoundError\)"),
        ("nl", WORDS, EngineBrokeError, "could not load its weights"),
        ("en-US", "crash now", EngineBrokeError, "failed on a line of 9 characters"),
    ],
)
def test_pocket_tells_what_failed_without_its_words(
    pocket: PocketVoice, language: str, text: str, error: type[Exception], match: str
) -> None:
    with pytest.raises(error, match=match) as caught:
        pocket.say(line(text, language))

    assert "Anna" not in str(caught.value)
    assert "crash" not in str(caught.value)


def test_pocket_that_is_not_installed_says_how(shelf: Path) -> None:
    assert not (shelf / "pocket_tts.py").exists()
    with pytest.raises(MissingError, match=r"pip install 'vivant\[pocket\]'"):
        PocketVoice().say(line())


def test_a_person_learned_for_another_engine_is_refused(pocket: PocketVoice) -> None:
    other = Character(engine="hibari", version="1", arrays={})

    with pytest.raises(InputError, match="learned for the engine hibari, and pocket is to speak"):
        pocket.say(line(character=other))


def test_chatterbox_speaks_like_the_person_in_a_process_of_its_own(
    chatterbox: ChatterboxVoice,
) -> None:
    character = chatterbox.fit(person(hz=300), watch=unwatched)

    own = chatterbox.say(line(language="no-NO")).samples
    cloned = chatterbox.say(line(language="ja", character=character)).samples
    again = chatterbox.say(line(language="ja", character=character)).samples

    assert hertz(own) == pytest.approx(150, rel=0.1)
    assert hertz(cloned) == pytest.approx(300, rel=0.1)
    np.testing.assert_array_equal(cloned, again)
    assert chatterbox.traits.watermarks


def test_chatterbox_turbo_speaks_english_only(chatterbox_python: Path) -> None:
    turbo = ChatterboxVoice(voice="turbo", python=chatterbox_python)

    assert len(turbo.say(line()).samples)
    with pytest.raises(InputError, match="English only, not fr"):
        turbo.say(line(language="fr"))
    turbo.close()


def test_chatterbox_tells_what_failed_without_its_words(chatterbox: ChatterboxVoice) -> None:
    with pytest.raises(EngineBrokeError, match=r"failed on a line \(RuntimeError\)"):
        chatterbox.say(line("crash now"))
    with pytest.raises(WorkerBrokeError, match="exit status 9"):
        chatterbox.say(line("vanish now"))
    assert len(chatterbox.say(line()).samples)


@pytest.mark.parametrize(
    ("patch", "match"),
    [
        ("perth.py", "'resemble-perth' is not in the environment"),
        ("chatterbox/model.py", "weights are not here"),
        ("torch.py", "'torch' is not in the environment"),
    ],
)
def test_chatterbox_without_a_part_says_which(tmp_path: Path, patch: str, match: str) -> None:
    from elsewhere import packages_of

    python = environment(tmp_path / "venv", "torch", "perth", "chatterbox")
    path = packages_of(tmp_path / "venv") / patch
    if patch == "perth.py":
        path.write_text("PerthImplicitWatermarker = None")  # what it does when its import fails
    elif patch == "torch.py":
        path.unlink()
    else:
        path.write_text(
            path.read_text().replace("        return cls()", "        raise OSError('offline')")
        )
    voice = ChatterboxVoice(python=python)

    with pytest.raises(MissingError, match=match):
        voice.say(line())
    voice.close()


def test_chatterbox_that_is_nowhere_says_how_to_add_it(tmp_path: Path) -> None:
    voice = ChatterboxVoice(places=Places(data=tmp_path, cache=tmp_path))

    with pytest.raises(MissingError, match="an environment of its own"):
        voice.say(line())


def test_a_converted_voice_keeps_every_sound_where_it_was(converted: ConvertedVoice) -> None:
    character = converted.fit(person(), watch=unwatched)

    plain, said = ToneVoice().say(line()), converted.say(line(character=character))

    assert converted.traits.sample_rate_hz == 22_050
    assert converted.traits.languages == ToneVoice.traits.languages
    assert len(said.samples) == round(len(plain.samples) * 22_050 / 16_000)
    assert [one.symbol for one in said.phones] == [one.symbol for one in plain.phones]
    for ours, theirs in zip(said.phones, plain.phones, strict=True):
        assert ours.first / 22_050 == pytest.approx(theirs.first / 16_000, abs=1e-4)
    assert said.phones[-1].last == len(said.samples)
    assert [word.text for word in said.words] == WORDS.split()


def test_without_a_person_it_is_the_voice_that_speaks_first(converted: ConvertedVoice) -> None:
    plain, said = ToneVoice().say(line()), converted.say(line())

    assert len(said.samples) == round(len(plain.samples) * 22_050 / 16_000)
    assert len(said.phones) == len(plain.phones)


@pytest.mark.parametrize(
    ("name", "error", "match"),
    [
        ("facodec+tone", MissingError, r"could not be fetched from their hub \(OSError\)"),
    ],
)
def test_a_converter_that_fails_is_told(
    converted: ConvertedVoice, name: str, error: type[Exception], match: str
) -> None:
    with pytest.raises(error, match=match):
        ConvertedVoice(voice=name).fit(person(), watch=unwatched)
    character = converted.fit(person(), watch=unwatched)
    with pytest.raises(error, match=match):
        ConvertedVoice(voice=name).say(line(character=character))


def test_a_converter_that_moves_sounds_is_told(converted: ConvertedVoice) -> None:
    character = converted.fit(person(), watch=unwatched)

    with pytest.raises(EngineBrokeError, match="its sounds cannot be placed"):
        ConvertedVoice(voice="knnvc+tone").say(line(character=character))


@pytest.mark.parametrize(
    ("name", "match"),
    [
        ("bicodec", "CC-BY-NC-SA-4.0: not for use in trade"),
        ("rvc", "no converter 'rvc'"),
        ("openvoice+nobody", "no voice engine 'nobody'"),
    ],
)
def test_a_converter_that_may_not_be_used_is_told(name: str, match: str) -> None:
    with pytest.raises(InputError, match=match):
        ConvertedVoice(voice=name)


def test_weights_that_forbid_trade_are_used_where_that_is_said(converted: ConvertedVoice) -> None:
    del converted
    made = ConvertedVoice(voice="bicodec+tone", allow_non_commercial=True)

    assert "CC-BY-NC-SA-4.0" in made.traits.licence


@given(rate=st.floats(min_value=0.5, max_value=2.0), hz=st.sampled_from([110.0, 180.0, 260.0]))
def test_another_pace_keeps_the_pitch(rate: float, hz: float) -> None:
    samples = person(seconds=1.0, hz=hz).sound.samples

    paced = at_pace(samples, rate=rate, sample_rate_hz=RATE)

    assert len(paced) == pytest.approx(len(samples) / rate, abs=1)
    middle = paced[len(paced) // 5 : -len(paced) // 5]
    assert hertz(middle) == pytest.approx(hz, rel=0.06)
    assert float(np.abs(middle).max()) == pytest.approx(0.5, rel=0.25)
