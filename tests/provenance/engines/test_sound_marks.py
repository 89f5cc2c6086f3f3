"""Sound marks of other engines stand beside ours; what goes wrong is told, and pickles are never loaded."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from small_seal import seal_folder, seal_python
from sound_copies import babble, cut, sound_of
from vivant.errors import EngineBrokeError, InputError, MissingError
from vivant.media.hearing import resampled
from vivant.media.sound import Sound
from vivant.places import Places
from vivant.provenance.engines.audioseal import AudioSealEngine
from vivant.provenance.engines.bands import BandsMark
from vivant.provenance.marking import EngineReading
from vivant.provenance.sound_chunks import MESSAGE_BITS, MESSAGES, Heard, id_from, message_of
from vivant.provenance.sound_id import read_sound_id
from vivant.provenance.sound_marking import (
    BUILT_IN,
    SoundMarkEngine,
    SoundMarkTraits,
    marked_by,
    read_sound_marks,
    sound_mark_engine,
)

MADE_ID = "0123456789abc475"


@pytest.fixture(scope="module")
def python(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return seal_python(tmp_path_factory.mktemp("seal-python"))


@pytest.fixture
def seal(python: Path, tmp_path: Path) -> Iterator[AudioSealEngine]:
    engine = AudioSealEngine(weights=seal_folder(tmp_path / "seal"), python=python)
    yield engine
    engine.close()


@pytest.fixture
def nowhere(tmp_path: Path) -> Places:
    return Places(data=tmp_path / "data", cache=tmp_path / "cache")


def test_an_id_is_told_a_second_at_a_time_and_read_wherever_one_begins(
    seal: AudioSealEngine,
) -> None:
    sound = resampled(babble(12.0), sample_rate_hz=24_000)
    marked = marked_by(seal, sound, MADE_ID)
    reading = seal.read(cut(marked, first_s=1.5))

    assert isinstance(seal, SoundMarkEngine)
    assert seal.ready
    assert len(marked.samples) == len(sound.samples)
    assert reading.film_id == MADE_ID
    assert reading.confidence > 0.8


def test_unmarked_sound_tells_it_nothing(seal: AudioSealEngine) -> None:
    reading = seal.read(sound_of(np.zeros(48_000)))

    assert reading.film_id is None
    assert "0 of" in reading.why


def test_both_marks_stand_in_one_sound(seal: AudioSealEngine) -> None:
    marked = BandsMark().mark(seal.mark(babble(12.0), MADE_ID), MADE_ID)

    assert read_sound_id(marked).made_id == MADE_ID
    assert seal.read(marked).film_id == MADE_ID


def test_the_built_in_mark_keeps_the_contract() -> None:
    engine = BandsMark()

    assert isinstance(engine, SoundMarkEngine)
    assert engine.ready
    assert engine.identity()
    assert engine.read(marked_by(engine, babble(8.0), MADE_ID)).film_id == MADE_ID


def test_without_weights_it_says_how_to_get_them(nowhere: Places, python: Path) -> None:
    engine = AudioSealEngine(places=nowhere, python=python)

    assert not engine.ready
    for ask in (
        engine.identity,
        lambda: engine.mark(babble(2.0), MADE_ID),
        lambda: engine.read(babble(2.0)),
    ):
        with pytest.raises(MissingError, match="convert them"):
            ask()


def test_without_the_package_it_says_how_to_install_it(nowhere: Places, tmp_path: Path) -> None:
    engine = AudioSealEngine(weights=seal_folder(tmp_path / "seal"), places=nowhere)

    assert not engine.ready
    with pytest.raises(MissingError, match="pip install audioseal"):
        engine.mark(babble(2.0), MADE_ID)


def test_a_folder_with_a_pickle_alone_holds_no_weights(nowhere: Places) -> None:
    folder = nowhere.data / "weights" / "audioseal"
    folder.mkdir(parents=True)
    (folder / "generator.pth").write_bytes(b"\x80\x02}q\x00.")

    with pytest.raises(MissingError, match="never loaded"):
        AudioSealEngine(places=nowhere).identity()


@pytest.mark.parametrize(
    ("weights", "config", "error", "told"),
    [
        ('{"weights": 2}', "{}", InputError, "cannot be loaded"),
        ('{"weights": 1}', "no json", InputError, "cannot be loaded"),
        ('{"weights": 1}', '{"seanet": {"breaks": true}}', EngineBrokeError, "failed"),
        ('{"weights": 1}', '{"seanet": {"short": true}}', EngineBrokeError, "100 numbers"),
    ],
)
def test_what_goes_wrong_in_its_process_is_told_without_words_from_there(
    weights: str,
    config: str,
    error: type[Exception],
    told: str,
    tmp_path: Path,
    python: Path,
) -> None:
    folder = seal_folder(tmp_path / "seal", weights=weights, config=config)
    engine = AudioSealEngine(weights=folder, python=python)

    with pytest.raises(error, match=told) as raised:
        engine.mark(babble(2.0), MADE_ID)
    engine.close()

    assert "Anna" not in str(raised.value)


def test_an_id_that_fails_its_own_check_is_refused(seal: AudioSealEngine) -> None:
    with pytest.raises(InputError, match="check"):
        seal.mark(babble(2.0), "0" * 16)


def test_engines_are_named_and_the_built_in_one_is_not_asked_for(nowhere: Places) -> None:
    with pytest.raises(InputError, match="all sound"):
        sound_mark_engine(BUILT_IN, places=nowhere)
    with pytest.raises(InputError, match="no-such-mark"):
        sound_mark_engine("no-such-mark", places=nowhere)
    assert read_sound_marks(babble(2.0), places=nowhere) == ()


class Careless(BandsMark):
    """Loses a sample."""

    traits = SoundMarkTraits(
        name="careless", version="1", licence="MIT", algorithm="none", least_s=1.0
    )

    def mark(self, sound: Sound, made_id: str, /) -> Sound:
        del made_id
        return sound_of(sound.samples[1:], sound.sample_rate_hz)

    def read(self, sound: Sound, /) -> EngineReading:
        raise NotImplementedError


def test_an_engine_that_moves_samples_is_stopped() -> None:
    with pytest.raises(EngineBrokeError, match="careless"):
        marked_by(Careless(), babble(2.0), MADE_ID)


@given(st.integers(0, 7), st.randoms(use_true_random=False))
def test_messages_tell_the_id_in_any_order_with_some_wrong(turn: int, chance: object) -> None:
    rng = np.random.default_rng(turn)
    del chance
    right = [
        Heard(bits=message_of(MADE_ID, turn + i).astype(np.float32), weight=1.0) for i in range(16)
    ]
    wrong = [
        Heard(bits=rng.integers(0, 2, MESSAGE_BITS).astype(np.float32), weight=0.6)
        for _ in range(20)
    ]

    assert id_from([*wrong, *right])[0] == MADE_ID
    assert id_from(right[: MESSAGES - 1]) == (None, 0.0)


def test_chance_tells_no_id() -> None:
    rng = np.random.default_rng(0)
    found = [
        id_from(
            Heard(bits=rng.random(MESSAGE_BITS).astype(np.float32), weight=1.0) for _ in range(60)
        )[0]
        for _ in range(50)
    ]

    assert found.count(None) >= 49


def test_zeros_and_ones_are_no_messages() -> None:
    for value in (0.0, 1.0):
        bits = np.full(MESSAGE_BITS, value, np.float32)
        assert id_from([Heard(bits=bits, weight=1.0)] * 20) == (None, 0.0)
