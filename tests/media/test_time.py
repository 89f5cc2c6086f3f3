"""Time is exact: frames and samples never drift apart, however long the film."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vivant.errors import InputError
from vivant.media.time import first_sample_of, frames_covering, rate_from, seconds_of

rates = st.fractions(min_value=1, max_value=120, max_denominator=1001)
sample_rates = st.sampled_from([8_000, 16_000, 22_050, 24_000, 44_100, 48_000])
NTSC = Fraction(30000, 1001)


@given(rate=rates)
def test_a_rate_written_down_is_the_rate_read(rate: Fraction) -> None:
    assert rate_from(str(rate)) == rate


@pytest.mark.parametrize(
    ("text", "rate"),
    [
        ("25", Fraction(25)),
        ("12.5", Fraction(25, 2)),
        ("29.97", NTSC),
        ("23.976", Fraction(24000, 1001)),
        ("23.98", Fraction(24000, 1001)),
        ("59.94", Fraction(60000, 1001)),
        ("30000/1001", NTSC),
    ],
)
def test_rates_are_read_as_people_write_them(text: str, rate: Fraction) -> None:
    assert rate_from(text) == rate


@pytest.mark.parametrize(
    "text",
    [
        "",
        "fast",
        "25/0",
        "0",
        "-25",
        "0.5",
        "121",
        "nan",
        "inf",
        "1e999999999",
        "9" * 10_000,
        "٢٥/0",
    ],
)
def test_what_is_no_rate_is_refused(text: str) -> None:
    with pytest.raises(InputError, match="frame rate") as caught:
        rate_from(text)

    assert len(str(caught.value)) < 200


@given(samples=st.integers(0, 10**10), rate=rates, sample_rate_hz=sample_rates)
def test_every_sample_is_heard_under_exactly_one_frame(
    samples: int, rate: Fraction, sample_rate_hz: int
) -> None:
    frames = frames_covering(samples, rate=rate, sample_rate_hz=sample_rate_hz)

    assert first_sample_of(0, rate=rate, sample_rate_hz=sample_rate_hz) == 0
    assert first_sample_of(frames + 1, rate=rate, sample_rate_hz=sample_rate_hz) >= samples
    if samples:
        last = first_sample_of(frames - 1, rate=rate, sample_rate_hz=sample_rate_hz)
        assert last < samples


@given(frame=st.integers(0, 10**7), rate=rates, sample_rate_hz=sample_rates)
def test_a_frame_begins_less_than_a_sample_from_its_exact_time(
    frame: int, rate: Fraction, sample_rate_hz: int
) -> None:
    exact = Fraction(frame) / rate * sample_rate_hz

    assert 0 <= exact - first_sample_of(frame, rate=rate, sample_rate_hz=sample_rate_hz) < 1


@given(frame=st.integers(0, 10**7), rate=rates, sample_rate_hz=sample_rates)
def test_frames_follow_each_other(frame: int, rate: Fraction, sample_rate_hz: int) -> None:
    here = first_sample_of(frame, rate=rate, sample_rate_hz=sample_rate_hz)
    there = first_sample_of(frame + 1, rate=rate, sample_rate_hz=sample_rate_hz)

    assert here < there


def test_a_long_film_does_not_drift_from_its_sound() -> None:
    """1001 seconds at 30000/1001 are 30000 frames to the sample."""
    samples = 1001 * 48_000

    assert frames_covering(samples, rate=NTSC, sample_rate_hz=48_000) == 30_000
    assert frames_covering(samples + 1, rate=NTSC, sample_rate_hz=48_000) == 30_001
    assert first_sample_of(30_000, rate=NTSC, sample_rate_hz=48_000) == samples


@given(frames=st.integers(0, 10**6), rate=rates)
def test_seconds_are_frames_over_rate(frames: int, rate: Fraction) -> None:
    assert seconds_of(frames, rate) == pytest.approx(frames * rate.denominator / rate.numerator)
