"""The AIGC field goes into every kind of sound file, is read back, and leaves the sound alone."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import soundfile
from hypothesis import given
from hypothesis import strategies as st

from vivant.errors import InputError
from vivant.provenance.sound_tags import read_aigc_text, write_aigc

VALUE = '{"Label":"1","ContentProducer":"vivant","ProduceID":"0123456789abcdef"}'


def a_sound(path: Path) -> np.ndarray:
    samples = np.random.default_rng(0).uniform(-0.5, 0.5, 5_001)
    soundfile.write(path, samples, 24_000)
    read: np.ndarray = soundfile.read(path)[0]
    return read


@pytest.mark.parametrize("suffix", [".wav", ".flac", ".mp3"])
def test_the_field_is_read_back_and_the_sound_stays(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"a{suffix}"
    before = a_sound(path)
    assert read_aigc_text(path) is None

    write_aigc(path, VALUE)

    assert read_aigc_text(path) == VALUE
    assert np.array_equal(soundfile.read(path)[0], before)
    assert [one.name for one in tmp_path.iterdir()] == [path.name]


@pytest.mark.parametrize("value", ["", "x", VALUE, VALUE + "人工智能"])
def test_odd_and_even_lengths_fit(tmp_path: Path, value: str) -> None:
    path = tmp_path / "a.wav"
    before = a_sound(path)
    write_aigc(path, value)

    assert read_aigc_text(path) == value
    assert np.array_equal(soundfile.read(path)[0], before)


@given(data=st.binary(max_size=300), head=st.sampled_from([b"RIFF", b"fLaC", b"ID3", b""]))
def test_no_file_breaks_the_reader(tmp_path_factory: pytest.TempPathFactory, data: bytes, head: bytes) -> None:  # fmt: skip
    path = tmp_path_factory.mktemp("odd") / "a.mp3"
    path.write_bytes(head + data)

    found = read_aigc_text(path)

    assert found is None or isinstance(found, str)


def test_another_kind_of_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("a text")

    with pytest.raises(InputError, match="WAV, FLAC and MP3"):
        write_aigc(path, VALUE)
