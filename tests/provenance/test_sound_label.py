"""The label of a sound alone is heard, and found by a reader after whatever happens to sound files."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import soundfile
from hypothesis import given, settings
from hypothesis import strategies as st

from vivant.errors import InputError
from vivant.media.hearing import resampled
from vivant.media.sound import Sound
from vivant.provenance.sound_label import (
    FASTEST_PACE,
    NOTICES,
    QUIETER_DB,
    SLOWEST_PACE,
    label_for_turn,
    notice_in,
    pace_of,
    paced_rate,
    read_tones,
    tones,
)

RATE_HZ = 24_000


def hum(seconds: float, *, level: float = 0.05, seed: int = 0) -> Sound:
    """Make something like a voice: harmonics of a wandering pitch in syllables, with noise."""
    rng = np.random.default_rng(seed)
    count = round(seconds * RATE_HZ)
    pitch = 140 + 40 * np.interp(np.arange(count), np.arange(0, count + 8000, 4000), rng.standard_normal(count // 4000 + 3)[: len(np.arange(0, count + 8000, 4000))])  # fmt: skip
    phase = 2 * np.pi * np.cumsum(pitch) / RATE_HZ
    voice = np.stack([np.sin(k * phase) / k for k in range(1, 20)]).sum(axis=0)
    shape = np.repeat(rng.uniform(0, 1, count // 3000 + 1), 3000)[:count]
    samples = level * shape * (voice + 0.1 * rng.standard_normal(count))
    return Sound(samples=samples.astype(np.float32), sample_rate_hz=RATE_HZ)


def labelled(speech: Sound, *, level: float = 0.05) -> Sound:
    label = tones(RATE_HZ, level=level)
    return Sound(samples=np.concatenate([label.samples, speech.samples]), sample_rate_hz=RATE_HZ)


@settings(max_examples=10)
@given(gain_db=st.floats(-30.0, 20.0), rate_hz=st.sampled_from([8_000, 16_000, 44_100, 48_000]))
def test_the_label_is_found_louder_softer_and_at_other_rates(gain_db: float, rate_hz: int) -> None:
    sound = labelled(hum(3.0))
    played = Sound(
        samples=(sound.samples * 10 ** (gain_db / 20)).astype(np.float32), sample_rate_hz=RATE_HZ
    )

    reading = read_tones(resampled(played, sample_rate_hz=rate_hz))

    assert reading.starts_s == pytest.approx((0.12,), abs=0.03)


def test_the_label_is_found_in_noise_and_after_mp3(tmp_path: Path) -> None:
    sound = labelled(hum(3.0))
    noise = np.random.default_rng(1).standard_normal(len(sound.samples)) * 0.005
    soundfile.write(
        tmp_path / "a.mp3", sound.samples + noise, RATE_HZ, format="MP3", compression_level=0.95
    )
    coded, rate_hz = soundfile.read(tmp_path / "a.mp3", dtype="float32")

    assert len(read_tones(Sound(samples=coded, sample_rate_hz=rate_hz)).starts_s) == 1


@pytest.mark.parametrize("seed", range(8))
def test_speech_without_the_label_has_none(seed: int) -> None:
    assert not read_tones(hum(10.0, seed=seed)).present


def test_a_steady_tone_and_other_rhythms_are_no_label() -> None:
    moments_s = np.arange(RATE_HZ * 3) / RATE_HZ
    steady = np.sin(2 * np.pi * 880 * moments_s)
    beats = steady * (np.floor(moments_s / 0.12) % 2)

    for samples in (steady, beats):
        sound = Sound(samples=samples.astype(np.float32), sample_rate_hz=RATE_HZ)
        assert not read_tones(sound).present


@pytest.mark.parametrize("samples", [0, 1, 5_000])
def test_a_sound_too_short_for_it_has_no_label(samples: int) -> None:
    assert not read_tones(
        Sound(samples=np.zeros(samples, np.float32), sample_rate_hz=RATE_HZ)
    ).present


def test_the_tones_are_quieter_than_the_speech_and_short_long_short_short() -> None:
    label = tones(RATE_HZ, level=0.1)
    sounding = np.abs(label.samples) > 1e-4
    loud = float(np.sqrt(np.mean(np.square(label.samples[sounding], dtype=np.float64))))

    assert 20 * np.log10(loud / 0.1) == pytest.approx(QUIETER_DB, abs=1.5)
    assert label.samples[-1] == 0.0
    assert read_tones(label).present


def test_a_rate_that_cannot_hold_the_tones_is_refused() -> None:
    with pytest.raises(InputError, match="4000"):
        tones(4_000, level=0.1)


def test_notices_are_found_by_language_and_hold_both_elements() -> None:
    assert notice_in("en-GB") == NOTICES["en"][0]
    assert notice_in("zh-Hans-CN") == NOTICES["zh"][0]
    assert notice_in("tlh") is None

    for words, says_ai, says_made in NOTICES.values():
        assert says_ai in words
        assert says_made in words


def test_the_chinese_notice_says_what_the_standard_asks_for() -> None:
    assert "人工智能" in NOTICES["zh"][0]
    assert "生成" in NOTICES["zh"][0]


def test_every_official_language_of_the_union_and_of_china_has_a_notice() -> None:
    union = "bg cs da de el en es et fi fr ga hr hu it lt lv mt nl pl pt ro sk sl sv"

    assert {*union.split(), "zh"} <= set(NOTICES)


def test_the_rendered_tones_are_measured_to_be_short_long_short_short() -> None:
    """By the sound alone, at three rates: dots of one length, a dash of three, gaps of one."""
    for rate_hz in (16_000, 24_000, 48_000):
        label = tones(rate_hz, level=0.1)
        size = rate_hz // 200
        whole = len(label.samples) // size * size
        loud = np.abs(label.samples[:whole]).reshape(-1, size).max(axis=1) > 0.02
        edges = np.flatnonzero(np.diff(np.concatenate([[0], loud.astype(int), [0]])))
        lasts_s = (edges[1::2] - edges[::2]) / 200
        gaps_s = (edges[2::2] - edges[1:-1:2]) / 200

        assert lasts_s == pytest.approx([0.12, 0.36, 0.12, 0.12], abs=0.02)
        assert gaps_s == pytest.approx([0.12] * 3, abs=0.02)


def test_pace_counts_characters_and_no_marks() -> None:
    assert pace_of("本语音由人工智能生成。", seconds=4.0) == 150.0
    assert pace_of("本语音", seconds=0.0) == 0.0


@pytest.mark.parametrize(
    ("seconds", "wanted"), [(2.0, True), (3.8, False), (4.9, False), (6.0, True)]
)
def test_a_chinese_notice_is_brought_to_the_pace_of_the_law(seconds: float, wanted: bool) -> None:
    words = NOTICES["zh"][0]
    rate = paced_rate(words, language="zh-CN", seconds=seconds)

    assert (rate is not None) == wanted
    if rate is not None:
        assert SLOWEST_PACE < pace_of(words, seconds=seconds / rate) < FASTEST_PACE


def test_other_languages_keep_their_pace() -> None:
    assert paced_rate("This voice was made by AI.", language="en-US", seconds=0.5) is None


def test_each_turn_of_a_talk_is_labelled() -> None:
    notice = hum(1.5)
    turns = [label_for_turn(RATE_HZ, level=0.1, turn=i, notice=notice) for i in range(3)]

    assert all(one is not None and read_tones(one).present for one in turns)
    assert [0 if one is None else len(one.samples) for one in turns[1:]] == [
        len(tones(RATE_HZ, level=0.1).samples)
    ] * 2
    assert turns[0] is not None
    assert turns[0].seconds > 1.5 + 1.0


def test_a_label_on_the_screen_stands_for_all_turns_but_the_first() -> None:
    first, second = (
        label_for_turn(RATE_HZ, level=0.1, turn=i, is_screen_labelled=True) for i in (0, 1)
    )

    assert first is not None
    assert second is None


def test_a_notice_of_another_rate_is_refused() -> None:
    with pytest.raises(InputError, match="24000"):
        label_for_turn(48_000, level=0.1, turn=0, notice=hum(0.5))
