"""Face-capture curves as CSV."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from speeches import sentence
from vivant.errors import InputError
from vivant.performance.curves import Performance
from vivant.performance.livelink import from_livelink, read_livelink, to_livelink, write_livelink
from vivant.performance.performing import perform
from vivant.performance.timecode import rate_of, read_timecode, write_timecode

RATES = [
    Fraction(60),
    Fraction(25),
    Fraction(24),
    Fraction(30000, 1001),
    Fraction(60000, 1001),
    Fraction(24000, 1001),
    Fraction(25, 2),
    Fraction(120),
    Fraction(1),
]


def some(frames: int, rate: Fraction, seed: int = 0) -> Performance:
    rng = np.random.default_rng(seed)
    return Performance(
        rate=rate,
        shapes=rng.random((frames, 52), dtype=np.float32),
        head=rng.normal(0, 5, (frames, 6)).astype(np.float32),
        breath=np.full(frames, 0.5, dtype=np.float32),
    )


@settings(deadline=None, max_examples=20)
@given(rate=st.sampled_from(RATES), more=st.integers(2, 200), seed=st.integers(0, 1000))
def test_what_is_written_reads_back(rate: Fraction, more: int, seed: int) -> None:
    wanted = some(int(rate) + more, rate, seed)

    seen = from_livelink(to_livelink(wanted))

    assert seen.rate == rate
    np.testing.assert_allclose(seen.shapes, wanted.shapes, atol=1e-6)
    np.testing.assert_allclose(seen.head[:, :3], wanted.head[:, :3], atol=1e-4)


@settings(deadline=None, max_examples=100)
@given(rate=st.fractions(1, 120, max_denominator=30), frames=st.integers(250, 400))
def test_any_rate_is_read_from_its_timecodes(rate: Fraction, frames: int) -> None:
    moments = [read_timecode(write_timecode(frame, rate)) for frame in range(frames)]

    seen, places = rate_of([moment for moment in moments if moment], known=None)

    assert seen == rate
    assert places == list(range(frames))


def test_the_columns_are_those_of_the_app() -> None:
    first, second = to_livelink(some(2, Fraction(60))).splitlines()[:2]

    names = first.split(",")
    assert names[:4] == ["Timecode", "BlendShapeCount", "EyeBlinkLeft", "EyeLookDownLeft"]
    assert names[16:19] == ["JawForward", "JawRight", "JawLeft"]
    assert names[53:57] == ["TongueOut", "HeadYaw", "HeadPitch", "HeadRoll"]
    assert names[57:] == [
        "LeftEyeYaw",
        "LeftEyePitch",
        "LeftEyeRoll",
        "RightEyeYaw",
        "RightEyePitch",
        "RightEyeRoll",
    ]
    assert len(names) == 63
    assert second.startswith("00:00:00:00.000,61,")


def test_a_performance_goes_through_a_file(tmp_path: Path) -> None:
    performance = perform(sentence(times=2))

    write_livelink(tmp_path / "curves.csv", performance)
    seen = read_livelink(tmp_path / "curves.csv")

    assert seen.frames == performance.frames
    np.testing.assert_allclose(seen.shapes, performance.shapes, atol=1e-6)


@settings(deadline=None, max_examples=20)
@given(values=arrays(np.float32, (70, 52), elements=st.floats(0, 1, width=32)))
def test_shapes_survive_to_the_sixth_decimal(values: np.ndarray) -> None:
    wanted = Performance(
        rate=Fraction(60),
        shapes=values,
        head=np.zeros((70, 6), dtype=np.float32),
        breath=np.zeros(70, dtype=np.float32),
    )

    np.testing.assert_allclose(from_livelink(to_livelink(wanted)).shapes, values, atol=1e-6)


def test_other_spellings_are_read() -> None:
    wanted = some(80, Fraction(60))
    text = to_livelink(wanted)

    windows = "\N{BYTE ORDER MARK}" + text.replace("\n", "\r\n")
    german = text.replace(".", "_").replace(",", ";").replace("_", ",")
    german = "\n".join(
        line.replace(",", ".", 1) if i else line for i, line in enumerate(german.splitlines())
    )
    shouted = text.replace("BlendShapeCount", "BlendshapeCount").replace("EyeBlink", "eyeblink")

    for spelled in (windows, german, shouted):
        np.testing.assert_allclose(from_livelink(spelled).shapes, wanted.shapes, atol=1e-6)


def test_a_missing_column_is_named() -> None:
    text = (
        to_livelink(some(80, Fraction(60))).replace("JawOpen", "Jaw", 1).replace("HeadRoll", "x", 1)
    )

    with pytest.raises(InputError, match=r"lack 2 .*JawOpen, HeadRoll"):
        from_livelink(text)


def test_files_without_tongue_or_head_are_read() -> None:
    text = to_livelink(some(80, Fraction(60))).replace("TongueOut", "a", 1).replace("Head", "H", 3)

    seen = from_livelink(text)

    assert seen.shapes[:, 51].max() == 0
    assert np.abs(seen.head).max() == 0


def test_gaps_and_unreadable_values_are_bridged() -> None:
    lines = to_livelink(some(130, Fraction(60))).splitlines()
    cells = lines[41].split(",")
    cells[19] = "nan"
    lines[41] = ",".join(cells)
    del lines[50:53]

    seen = from_livelink("\n".join(lines))

    assert seen.frames == 130
    assert np.isfinite(seen.shapes).all()


def test_a_day_may_end_in_a_take() -> None:
    lines = to_livelink(some(200, Fraction(60))).splitlines()
    for i, line in enumerate(lines[1:]):
        when = divmod(i - 60, 60)
        clock = "23:59:59" if when[0] < 0 else f"00:00:0{when[0]}"
        lines[i + 1] = f"{clock}:{when[1]:02}.000," + line.split(",", 1)[1]

    seen = from_livelink("\n".join(lines))

    assert seen.rate == 60
    assert seen.frames == 200


def test_drop_frame_timecodes_run_at_an_ntsc_rate() -> None:
    lines = to_livelink(some(40, Fraction(30))).splitlines()
    for i, line in enumerate(lines[1:]):
        count = 1790 + i + (2 if 1790 + i >= 1800 else 0)
        lines[i + 1] = (
            f"00:0{count // 1800}:{count % 1800 // 30:02};{count % 30:02}.000,"
            + line.split(",", 1)[1]
        )

    seen = from_livelink("\n".join(lines))

    assert seen.rate == Fraction(30000, 1001)
    assert seen.frames == 40


def test_less_than_a_second_needs_a_rate() -> None:
    text = to_livelink(some(20, Fraction(60)))

    with pytest.raises(InputError, match="Say the rate"):
        from_livelink(text)
    assert from_livelink(text, rate=Fraction(60)).frames == 20


@pytest.mark.parametrize(
    "text", ["", "\n\n", "Timecode\n", "a,b\n1,2\n", "\0" * 50, "Timecode,EyeBlinkLeft\nx,y"]
)
def test_what_is_no_capture_is_refused(text: str) -> None:
    with pytest.raises(InputError):
        from_livelink(text)


@given(text=st.text(max_size=40))
def test_any_text_is_a_timecode_or_none(text: str) -> None:
    read_timecode(text)


@settings(max_examples=60)
@given(cut=st.integers(0, 60_000))
def test_a_truncated_file_is_read_or_refused(cut: int) -> None:
    text = to_livelink(some(100, Fraction(60)))[:cut]

    try:
        seen = from_livelink(text)
    except InputError:
        return
    assert np.isfinite(seen.shapes).all()


def test_a_file_that_is_no_text_is_refused(tmp_path: Path) -> None:
    (tmp_path / "film.csv").write_bytes(bytes(range(256)))

    with pytest.raises(InputError, match="not text"):
        read_livelink(tmp_path / "film.csv")
    with pytest.raises(InputError):
        read_livelink(tmp_path / "none.csv")
