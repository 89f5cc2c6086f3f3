"""Recordings are cut, shown to the recogniser and written down; a small stand-in with the library's doors hears."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from vivant.errors import InputError, MissingError
from vivant.media.sound import Sound
from vivant.models.manifest import MODELS as MANIFEST
from vivant.places import Places
from vivant.voice.recognising import ENGLISH_ONLY, FILES, MODELS, how_to_recognise, recognise

LIBRARY = '''
"""Hears how many beeps there are, and how high they are; with the doors of CTranslate2."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np


class StorageView:
    def __init__(self, array):
        self.array = array

    @staticmethod
    def from_array(array):
        assert array.dtype == np.float32 and array.shape == (1, 80, 3000)
        assert array.flags.c_contiguous
        return StorageView(array)


@dataclass
class Result:
    sequences: list
    scores: list
    no_speech_prob: float


class Whisper:
    def __init__(self, model_path, device="cpu", *, compute_type, intra_threads, files=None):
        assert (device, compute_type) == ("cpu", "int8") and intra_threads >= 1
        text = (Path(model_path) / "vocabulary.txt").read_text(encoding="utf-8")
        self.words = text.splitlines()
        self.is_multilingual = "<|fr|>" in self.words

    def detect_language(self, features):
        return [[("<|fr|>", 0.9), ("<|en|>", 0.1)]]

    def generate(self, features, prompts, *, beam_size, return_scores, return_no_speech_prob):
        (prompt,) = prompts
        assert prompt[0] == "<|startoftranscript|>" and prompt[-1] == "<|notimestamps|>"
        assert len(prompt) == (4 if self.is_multilingual else 2)
        loud = (features.array[0].max(axis=0) > 0.9 * features.array.max()).astype(int)
        beeps = int((np.diff(loud, prepend=0) > 0).sum())
        heard = ["\\u0120beep"] * beeps + ["\\u0120caf", "\\u00c3\\u00a9", "<|endoftext|>"]
        likely = -0.2 if beeps < 9 else -3.0
        return [Result([heard], [likely], 0.1 if beeps < 9 else 0.9)]


class models:
    pass


models.Whisper = Whisper
'''
RATE_HZ = 16_000


@pytest.fixture(autouse=True)
def forgotten() -> Iterator[None]:
    """Leave no stand-in behind."""
    before = sys.modules.pop("ctranslate2", None)
    yield
    sys.modules.pop("ctranslate2", None)
    if before is not None:
        sys.modules["ctranslate2"] = before


@pytest.fixture
def library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "ctranslate2.py").write_text(LIBRARY, encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)


@pytest.fixture
def no_library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "ctranslate2.py").write_text("raise ImportError", encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)


def model(folder: Path, *, languages: tuple[str, ...] = ("en", "fr")) -> Path:
    folder = folder / f"model-{len(languages)}"
    folder.mkdir()
    for name in FILES:
        (folder / name).write_bytes(b"{}")
    words = [f"<|{language}|>" for language in languages]
    (folder / "vocabulary.txt").write_text("\n".join(words), encoding="utf-8")
    return folder


def beeps(times_s: list[float], *, seconds: float) -> Sound:
    moments = np.arange(round(seconds * RATE_HZ)) / RATE_HZ
    samples = np.zeros(len(moments), np.float32)
    for time_s in times_s:
        inside = (moments >= time_s) & (moments < time_s + 0.2)
        samples[inside] = 0.3 * np.sin(2 * np.pi * 800 * moments[inside])
    return Sound(samples=samples, sample_rate_hz=RATE_HZ)


@pytest.mark.usefixtures("library")
def test_what_is_heard_is_written_with_its_letters_put_together(tmp_path: Path) -> None:
    found = recognise(beeps([0.5, 1.5], seconds=3.0), model=model(tmp_path))

    assert found is not None
    assert found.text == "beep beep café"
    assert found.language == "fr"
    assert found.certainty == pytest.approx(np.exp(-0.2))
    assert [(one.first, one.last) for one in found.stretches] == [(0, 3 * RATE_HZ)]


@pytest.mark.usefixtures("library")
def test_long_recordings_are_cut_where_they_are_quiet(tmp_path: Path) -> None:
    times_s = [1.0, 20.0, 29.0, 45.0, 60.0]
    sound = beeps(times_s, seconds=70.0)

    found = recognise(sound, language="en-GB", model=model(tmp_path))

    assert found is not None
    assert found.language == "en-GB"
    assert found.text.count("beep") == len(times_s)
    edges = [0, *(one.last for one in found.stretches)]
    assert [one.first for one in found.stretches] == edges[:-1]
    assert edges[-1] == len(sound.samples)
    for edge in edges[1:-1]:
        assert all(not t - 0.1 < edge / RATE_HZ < t + 0.3 for t in times_s)


@pytest.mark.usefixtures("library")
def test_silence_and_what_is_no_speech_give_no_words(tmp_path: Path) -> None:
    folder = model(tmp_path)
    for sound in (
        beeps([], seconds=2.0),
        beeps([], seconds=0.0),
        beeps([0.5 * i for i in range(1, 12)], seconds=6.0),
    ):
        found = recognise(sound, language="en", model=folder)
        assert found is not None
        assert (found.text, found.stretches, found.certainty) == ("", (), 0.0)


@pytest.mark.usefixtures("library")
def test_places_are_those_of_the_recording_as_it_was_given(tmp_path: Path) -> None:
    sound = beeps([0.5], seconds=2.0)
    fast = Sound(samples=np.repeat(sound.samples, 3), sample_rate_hz=48_000)

    found = recognise(fast, language="en", model=model(tmp_path))

    assert found is not None
    assert found.stretches[0].last == len(fast.samples)


@pytest.mark.usefixtures("library")
def test_an_english_recogniser_refuses_other_languages(tmp_path: Path) -> None:
    folder = model(tmp_path, languages=("en",))
    with pytest.raises(InputError, match="English alone, not de-DE"):
        recognise(beeps([0.5], seconds=1.0), language="de-DE", model=folder)
    found = recognise(beeps([0.5], seconds=1.0), model=folder)
    assert found is not None
    assert found.language == "en"


@pytest.mark.usefixtures("library")
def test_a_folder_that_is_no_model_is_told_by_what_it_lacks(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"lacks config.json, vocabulary.txt, model.bin"):
        recognise(beeps([0.5], seconds=1.0), model=tmp_path / "nothing")


@pytest.mark.usefixtures("no_library")
def test_without_the_library_nothing_is_recognised_and_the_way_to_it_is_told(
    tmp_path: Path,
) -> None:
    places = Places(cache=tmp_path)
    sound = beeps([0.5], seconds=1.0)

    assert recognise(sound, places=places) is None
    told = how_to_recognise(places=places)
    assert 'pip install "vivant[words]"' in told
    assert "vivant models fetch words" in told
    with pytest.raises(MissingError, match=r"vivant\[words\]"):
        recognise(sound, model=tmp_path)


@pytest.mark.usefixtures("library")
def test_without_the_weights_nothing_is_recognised_either(tmp_path: Path) -> None:
    places = Places(cache=tmp_path)
    sound = beeps([0.5], seconds=1.0)

    assert recognise(sound, places=places) is None
    assert "pip" not in how_to_recognise(places=places)
    with pytest.raises(MissingError, match="vivant models fetch words-en"):
        recognise(sound, model="words-en", places=places)


def test_the_models_are_those_of_the_manifest() -> None:
    assert set(ENGLISH_ONLY) < set(MODELS)
    for name, sizes in MODELS.items():
        assert MANIFEST[name].optional
        assert sum(sizes) < MANIFEST[name].size_bytes / 50
