"""Our own voices keep the contracts that plugins are asked to keep; the example in the docs does too."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from elsewhere import environment, put
from vivant.testing.contracts import VoiceEngineContract
from vivant.testing.standins import ToneVoice
from vivant.testing.voice_contracts import PersonalEngineContract, VoiceFactoryContract
from vivant.voice.engine import VoiceEngine, VoiceFactory
from vivant.voice.engines.chatterbox import ChatterboxVoice
from vivant.voice.engines.hibari import HibariVoice
from vivant.voice.engines.kokoro import KokoroVoice
from vivant.voice.engines.piper import PiperVoice
from vivant.voice.engines.pocket import PocketVoice
from vivant.voice.engines.voiceclonnx import ConvertedVoice

PAGE = Path(__file__).parents[2] / "docs/how-to/write-a-voice-engine.md"


@pytest.fixture(scope="module")
def chatterbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ChatterboxVoice]:
    home = tmp_path_factory.mktemp("chatterbox") / "venv"
    made = ChatterboxVoice(python=environment(home, "torch", "perth", "chatterbox"))
    yield made
    made.close()


class TestFactories(VoiceFactoryContract):
    @pytest.fixture(
        params=[
            HibariVoice,
            KokoroVoice,
            PiperVoice,
            PocketVoice,
            ChatterboxVoice,
            ConvertedVoice,
            ToneVoice,
        ]
    )
    def factory(self, request: pytest.FixtureRequest) -> VoiceFactory:
        found: VoiceFactory = request.param
        return found


class TestPocket(PersonalEngineContract):
    @pytest.fixture
    def engine(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[PocketVoice]:
        put(tmp_path, "torch", "pocket_tts")
        monkeypatch.syspath_prepend(str(tmp_path))
        yield PocketVoice()
        for name in ("torch", "pocket_tts"):
            sys.modules.pop(name, None)  # monkeypatch would put it back


class TestChatterbox(PersonalEngineContract):
    @pytest.fixture
    def engine(self, chatterbox: ChatterboxVoice) -> ChatterboxVoice:
        return chatterbox


def _example() -> dict[str, object]:
    """Run the Python of the page."""
    names: dict[str, object] = {}
    for block in re.findall(r"```python\n(.*?)```", PAGE.read_text(), flags=re.DOTALL):
        exec(compile(block, str(PAGE), "exec"), names)  # noqa: S102 - it is ours
    return names


class TestTheExample(VoiceEngineContract):
    @pytest.fixture
    def engine(self) -> VoiceEngine:
        made = _example()["ChimeVoice"]
        assert isinstance(made, type)
        found: VoiceEngine = made()
        return found


class TestTheExamplesFactory(VoiceFactoryContract):
    @pytest.fixture
    def factory(self) -> VoiceFactory:
        found = _example()["ChimeVoice"]
        assert isinstance(found, VoiceFactory)
        return found


def test_the_examples_own_tests_are_contracts() -> None:
    assert issubclass(_example()["TestChimeVoice"], VoiceEngineContract)  # type: ignore[arg-type]
