"""Whatever calls itself a sound is read, or refused with the reason."""

from __future__ import annotations

from pathlib import Path

import av
import numpy as np
import pytest
import soundfile
from av.audio.stream import AudioStream
from av.video.stream import VideoStream
from hypothesis import given
from hypothesis import strategies as st

from vivant.errors import InputError, ResourceError
from vivant.media.hearing import LONGEST_S, examine, read_sound, resampled, write_wav
from vivant.media.sound import Sound


def tone(*, rate_hz: int = 16_000, seconds: float = 0.5, amplitude: float = 0.5) -> np.ndarray:
    wave: np.ndarray = (
        amplitude * np.sin(2 * np.pi * 440 * np.arange(round(rate_hz * seconds)) / rate_hz)
    ).astype(np.float32)
    return wave


@pytest.mark.parametrize(
    "subtype", ["PCM_U8", "PCM_16", "PCM_24", "PCM_32", "FLOAT", "DOUBLE", "ULAW"]
)
def test_every_depth_of_wav_reads_the_same(tmp_path: Path, subtype: str) -> None:
    soundfile.write(tmp_path / "a.wav", tone(), 16_000, subtype=subtype)
    sound = read_sound(tmp_path / "a.wav")

    assert sound.sample_rate_hz == 16_000
    np.testing.assert_allclose(sound.samples, tone(), atol=0.03)


@pytest.mark.parametrize("suffix", ["flac", "ogg", "mp3", "aiff"])
def test_other_formats_are_read_too(tmp_path: Path, suffix: str) -> None:
    soundfile.write(tmp_path / f"a.{suffix}", tone(), 16_000)

    assert read_sound(tmp_path / f"a.{suffix}").seconds == pytest.approx(0.5, abs=0.08)


@pytest.mark.parametrize("rate_hz", [8_000, 11_025, 44_100, 96_000])
def test_any_rate_is_converted_and_events_stay_in_time(tmp_path: Path, rate_hz: int) -> None:
    click = np.zeros(rate_hz, np.float32)
    click[rate_hz // 2] = 0.9
    soundfile.write(tmp_path / "a.wav", click, rate_hz, subtype="FLOAT")
    sound = read_sound(tmp_path / "a.wav", sample_rate_hz=48_000)

    assert sound.sample_rate_hz == 48_000
    assert abs(len(sound.samples) - 48_000) <= 1
    assert abs(int(np.abs(sound.samples).argmax()) - 24_000) <= 2


@pytest.mark.parametrize("channels", [2, 8])
def test_channels_are_mixed_to_their_mean(tmp_path: Path, channels: int) -> None:
    soundfile.write(
        tmp_path / "a.wav", np.repeat(tone()[:, None], channels, axis=1), 16_000, subtype="FLOAT"
    )

    np.testing.assert_allclose(read_sound(tmp_path / "a.wav").samples, tone(), atol=1e-6)


def test_channels_that_cancel_are_not_mixed(tmp_path: Path) -> None:
    soundfile.write(
        tmp_path / "a.wav", np.stack([tone(), -tone()], axis=1), 16_000, subtype="FLOAT"
    )

    assert float(np.abs(read_sound(tmp_path / "a.wav").samples).max()) == pytest.approx(
        0.5, abs=0.01
    )


@given(st.lists(st.floats(-1, 1, width=32), min_size=1, max_size=50))
def test_a_written_sound_reads_back_within_one_step(
    tmp_path_factory: pytest.TempPathFactory, samples: list[float]
) -> None:
    path = tmp_path_factory.mktemp("wav") / "a.wav"
    write_wav(path, Sound(samples=np.array(samples, np.float32), sample_rate_hz=24_000))

    np.testing.assert_allclose(read_sound(path).samples, samples, atol=1.1 / 32768 + 1 / 32767)


def a_text(path: Path) -> None:
    path.write_text("This is no sound at all. " * 40)


def truncated_head(path: Path) -> None:
    soundfile.write(path, tone(), 16_000)
    path.write_bytes(path.read_bytes()[:30])


def only_a_head(path: Path) -> None:
    soundfile.write(path, np.zeros(0, np.float32), 16_000)


def empty(path: Path) -> None:
    path.write_bytes(b"")


def a_folder(path: Path) -> None:
    path.mkdir()


def absent(path: Path) -> None:
    assert not path.exists()


def no_numbers(path: Path) -> None:
    wave = tone()
    wave[7:10] = np.nan
    soundfile.write(path, wave, 16_000, subtype="FLOAT")


def infinite(path: Path) -> None:
    wave = tone()
    wave[7] = np.inf
    soundfile.write(path, wave, 16_000, subtype="FLOAT")


def ten_hours(path: Path) -> None:
    """A head that promises ten hours; the body is a hole in the file."""
    soundfile.write(path, np.zeros(4, np.float32), 8_000, subtype="PCM_U8")
    size = 36_000 * 8_000
    head = bytearray(path.read_bytes()[:44])
    head[4:8], head[40:44] = (36 + size).to_bytes(4, "little"), size.to_bytes(4, "little")
    with path.open("wb") as file:
        file.write(head)
        file.truncate(44 + size)


def a_film(path: Path) -> None:
    path.write_bytes(b"\0\0\0\x20ftypisom\0\0\2\0isomiso2avc1mp41" + bytes(500))


def too_slow(path: Path) -> None:
    soundfile.write(path, tone()[:400], 1_000)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (a_text, "no sound that can be read"),
        (truncated_head, "no sound that can be read|no samples"),
        (only_a_head, "no samples"),
        (empty, "empty"),
        (a_folder, "folder"),
        (absent, "no sound file"),
        (no_numbers, "3 samples that are no numbers"),
        (infinite, "1 samples that are no numbers"),
        (ten_hours, "600 minutes"),
        (a_film, "convert"),
        (too_slow, "1000 samples a second"),
    ],
    ids=lambda value: value.__name__ if callable(value) else "",
)
def test_what_cannot_be_used_is_refused_with_the_reason(
    tmp_path: Path, make: object, message: str
) -> None:
    assert callable(make)
    make(tmp_path / "a.wav")

    with pytest.raises(InputError, match=message) as caught:
        read_sound(tmp_path / "a.wav")

    assert str(tmp_path) not in str(caught.value)


@given(st.binary(max_size=400))
def test_no_bytes_do_more_harm_than_a_message(
    tmp_path_factory: pytest.TempPathFactory, noise: bytes
) -> None:
    path = tmp_path_factory.mktemp("noise") / "a.wav"
    soundfile.write(path, tone(seconds=0.01), 16_000)
    path.write_bytes(path.read_bytes()[:60] + noise)

    try:
        sound = read_sound(path)
    except InputError:
        return
    assert sound.seconds < LONGEST_S


def test_a_recording_that_breaks_off_is_read_as_far_as_it_goes(tmp_path: Path) -> None:
    soundfile.write(tmp_path / "a.wav", tone(), 16_000)
    whole = (tmp_path / "a.wav").read_bytes()
    (tmp_path / "b.wav").write_bytes(whole[: len(whole) // 2])

    assert 0.2 < read_sound(tmp_path / "b.wav").seconds < 0.3


def test_writing_into_no_folder_is_a_message(tmp_path: Path) -> None:
    with pytest.raises(ResourceError, match="could not be written"):
        write_wav(tmp_path / "nowhere" / "a.wav", Sound(samples=tone(), sample_rate_hz=16_000))


def test_clipping_is_measured_and_a_clean_tone_has_none() -> None:
    clean, hard = (
        Sound(samples=np.clip(tone(amplitude=a), -1, 1), sample_rate_hz=16_000) for a in (0.9, 4.0)
    )

    assert examine(clean).clipped_share < 0.01
    assert examine(hard).clipped_share > 0.5
    assert examine(Sound(samples=np.zeros(0, np.float32), sample_rate_hz=8_000)).level_db == -120.0


@given(st.integers(1, 5_000), st.sampled_from([8_000, 22_050, 48_000]))
def test_resampling_keeps_the_length_in_time(samples: int, rate_hz: int) -> None:
    sound = resampled(
        Sound(samples=np.zeros(samples, np.float32), sample_rate_hz=16_000), sample_rate_hz=rate_hz
    )

    assert abs(len(sound.samples) - samples * rate_hz / 16_000) <= 1


@pytest.mark.parametrize("subtype", ["ULAW", "ALAW", "PCM_U8"])
def test_the_forms_of_telephones_are_read(tmp_path: Path, subtype: str) -> None:
    soundfile.write(tmp_path / "a.wav", tone(rate_hz=8_000), 8_000, subtype=subtype)

    sound = read_sound(tmp_path / "a.wav")
    assert sound.sample_rate_hz == 8_000
    np.testing.assert_allclose(sound.samples, tone(rate_hz=8_000), atol=0.03)


def test_eight_bits_are_noted(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    soundfile.write(tmp_path / "a.wav", tone(), 16_000, subtype="PCM_U8")

    with caplog.at_level("INFO", logger="vivant"):
        read_sound(tmp_path / "a.wav")
    assert "8 bits" in str(vars(caplog.records[0])["notes"])


def test_of_eight_channels_the_one_with_the_voice_is_taken(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    rng = np.random.default_rng(0)
    channels = 0.02 * rng.standard_normal((8_000, 8))
    channels[:, 2] += tone()
    channels[:, 3] = 0.9 * np.sin(2 * np.pi * 40 * np.arange(8_000) / 16_000)
    soundfile.write(tmp_path / "a.wav", channels, 16_000, subtype="FLOAT")

    with caplog.at_level("INFO", logger="vivant"):
        sound = read_sound(tmp_path / "a.wav")
    np.testing.assert_allclose(sound.samples, channels[:, 2], atol=1e-6)
    assert "8 channels; channel 3" in str(vars(caplog.records[0])["notes"])


def test_a_constant_offset_is_taken_off(tmp_path: Path) -> None:
    soundfile.write(tmp_path / "a.wav", tone(amplitude=0.3) + 0.2, 16_000, subtype="FLOAT")

    assert abs(float(read_sound(tmp_path / "a.wav").samples.mean())) < 1e-4


def packed(path: Path, *, with_sound: bool = True, picture: bool = False) -> None:
    """Write a container as telephones and cameras do."""
    with av.open(str(path), "w") as file:
        shown = file.add_stream("mpeg4", rate=25) if picture else None
        heard = file.add_stream("aac", rate=16_000, layout="mono") if with_sound else None
        if isinstance(shown, VideoStream):
            shown.width = shown.height = 64
            shown.pix_fmt = "yuv420p"
            for _ in range(25):
                image = av.VideoFrame.from_ndarray(np.zeros((64, 64, 3), np.uint8), format="rgb24")
                file.mux(shown.encode(image))
            file.mux(shown.encode())
        if isinstance(heard, AudioStream):
            wave = tone(seconds=1.0)[None]
            frame = av.AudioFrame.from_ndarray(wave, format="fltp", layout="mono")
            frame.sample_rate = 16_000
            file.mux(heard.encode(frame))
            file.mux(heard.encode())


@pytest.mark.parametrize(
    ("name", "picture"), [("a.m4a", False), ("a.mp4", True), ("a.mkv", True), ("a.mov", True)]
)
def test_the_sound_of_telephones_and_films_is_read(
    tmp_path: Path, name: str, picture: bool
) -> None:
    packed(tmp_path / name, picture=picture)

    sound = read_sound(tmp_path / name)
    assert sound.seconds == pytest.approx(1.0, abs=0.1)
    assert float(np.abs(sound.samples).max()) == pytest.approx(0.5, abs=0.1)


def test_the_ending_of_the_name_does_not_matter(tmp_path: Path) -> None:
    packed(tmp_path / "a.m4a")
    (tmp_path / "a.m4a").rename(tmp_path / "a.wav")
    soundfile.write(tmp_path / "b.flac", tone(), 16_000)
    (tmp_path / "b.flac").rename(tmp_path / "b.raw")

    assert read_sound(tmp_path / "a.wav").seconds == pytest.approx(1.0, abs=0.1)
    assert read_sound(tmp_path / "b.raw").seconds == 0.5


def test_a_film_without_sound_is_told_so(tmp_path: Path) -> None:
    packed(tmp_path / "a.mp4", with_sound=False, picture=True)

    with pytest.raises(InputError, match="has no sound"):
        read_sound(tmp_path / "a.mp4")


def test_a_film_that_is_too_long_is_told_so(tmp_path: Path) -> None:
    packed(tmp_path / "a.m4a")

    with pytest.raises(InputError, match="minutes"):
        read_sound(tmp_path / "a.m4a", longest_s=0.5)
