"""Models edited as bytes run as before, but for what was opened."""

from __future__ import annotations

import numpy as np
import onnxruntime
import pytest
from hypothesis import given
from hypothesis import strategies as st

from elsewhere import tiny_network
from vivant.voice.engines.workers.graphs import NoModelError, open_up

LONG = 4096


def run(model: bytes, **more: np.ndarray) -> list[np.ndarray]:
    session = onnxruntime.InferenceSession(model, providers=["CPUExecutionProvider"])
    feeds = {
        "input": np.array([[1, 5, 6, 2]], np.int64),
        "input_lengths": np.array([4], np.int64),
        "scales": np.array([0.667, 1.0, 0.8], np.float32),
    }
    return list(session.run(None, {**feeds, **more}))


def noise(seed: int) -> dict[str, np.ndarray]:
    chance = np.random.default_rng(seed)
    return {name: chance.standard_normal(LONG, np.float32) for name in ("noise_0", "noise_1")}


def test_the_network_works_untouched() -> None:
    (sound,) = run(tiny_network())

    assert len(sound) % 256 == 0


def test_chance_comes_from_outside_and_lengths_are_seen() -> None:
    edited = open_up(tiny_network(), random_numbers=LONG)

    sound, lengths = run(edited.model, **noise(1))
    again, _ = run(edited.model, **noise(1))
    other, _ = run(edited.model, **noise(2))

    assert (edited.noises, edited.lengths) == (("noise_0", "noise_1"), "w_ceil")
    assert lengths.sum() * 256 == len(sound)
    np.testing.assert_array_equal(sound, again)
    assert len(other) != len(sound) or not np.array_equal(other, sound)


def test_lengths_that_are_seen_already_are_left_alone() -> None:
    once = open_up(tiny_network(), random_numbers=LONG)
    twice = open_up(once.model, random_numbers=LONG)

    assert twice.noises == ()
    assert len(run(twice.model, **noise(1))) == 2


@given(junk=st.binary(max_size=200))
def test_junk_is_no_model(junk: bytes) -> None:
    with pytest.raises(NoModelError):
        open_up(junk, random_numbers=LONG)


@given(cut=st.integers(min_value=1, max_value=400))
def test_a_model_that_breaks_off_is_told(cut: int) -> None:
    with pytest.raises(NoModelError):
        open_up(tiny_network()[:-cut], random_numbers=LONG)
