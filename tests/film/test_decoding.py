"""Any film is read upright and on an even clock; no file does harm."""

from __future__ import annotations

import contextlib
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from vivant.errors import InputError
from vivant.film.decoding import frames_as_rgb, probe, read_frames, read_sound
from vivant.film.encoding import Encoder, Packing
from vivant.media.picture import Frame
from vivant.media.sound import Sound

TICKS = 90_000


def phone_film(path: Path, *, gaps: list[int], turned_deg: int = 0) -> None:
    """A film as phones make them: full-range colours, uneven times, turned by a note in the file.

    A red patch lies in the stored picture's top left corner; frame *i* has a brightness of ``2 * i``.
    """
    with av.open(str(path), "w") as file:
        stream = file.add_stream("libx264", rate=30)
        stream.width, stream.height, stream.pix_fmt = 160, 96, "yuvj420p"
        stream.codec_context.time_base = Fraction(1, TICKS)
        stream.codec_context.options = {"preset": "ultrafast", "crf": "5"}
        if turned_deg:
            stream.set_display_rotation(turned_deg)
        moment = 0
        for index in range(len(gaps)):
            pixels = np.full((96, 160, 3), 2 * index, np.uint8)
            pixels[:32, :48] = (255, 0, 0)
            frame = av.VideoFrame.from_ndarray(pixels, format="rgb24").reformat(format="yuvj420p")
            frame.pts, frame.time_base = moment, Fraction(1, TICKS)
            file.mux(stream.encode(frame))
            moment += gaps[index]
        file.mux(stream.encode(None))


@pytest.mark.parametrize(
    ("turned_deg", "size", "corner"),
    [
        (0, (96, 160), (4, 4)),
        (90, (160, 96), (-5, 4)),
        (180, (96, 160), (-5, -5)),
        (-90, (160, 96), (4, -5)),
    ],
)
def test_a_turned_phone_gives_an_upright_film(
    tmp_path: Path, turned_deg: int, size: tuple[int, int], corner: tuple[int, int]
) -> None:
    phone_film(tmp_path / "phone.mp4", gaps=[3000] * 4, turned_deg=turned_deg)

    facts = probe(tmp_path / "phone.mp4")
    pixels = next(frames_as_rgb(tmp_path / "phone.mp4"))

    assert (facts.height_px, facts.width_px) == size == pixels.shape[:2]
    assert facts.rotation_deg == turned_deg % 360
    red, green, blue = pixels[corner].tolist()
    assert red > 200
    assert max(green, blue) < 40
    assert pixels[-corner[0], -corner[1]].max() < 40


@settings(max_examples=8, deadline=None)
@given(
    gaps=st.lists(st.integers(1200, 6000), min_size=4, max_size=40),
    fps=st.sampled_from([12, 25, 50]),
)
def test_uneven_frames_become_an_even_film_of_the_same_length(
    tmp_path_factory: pytest.TempPathFactory, gaps: list[int], fps: int
) -> None:
    path = tmp_path_factory.mktemp("phone") / "phone.mp4"
    phone_film(path, gaps=gaps)
    begins = np.cumsum([0, *gaps[:-1]])

    frames = list(read_frames(path, rate=Fraction(fps)))

    assert [frame.index for frame in frames] == list(range(len(frames)))
    length_s = begins[-1] / TICKS
    assert length_s * fps - 1 < len(frames) <= (length_s + max(gaps) / TICKS) * fps + 1
    for frame in frames:
        shown = np.flatnonzero(begins <= frame.index * TICKS / fps)[-1]
        grey = 16 + 2 * shown * 219 / 255
        assert abs(float(frame.y[60:, 100:].mean()) - grey) < 1.5


def test_an_uneven_film_is_told_as_such(tmp_path: Path) -> None:
    phone_film(tmp_path / "phone.mp4", gaps=[3000, 3000, 6000, 3000, 1500, 3000])

    assert not probe(tmp_path / "phone.mp4").is_constant_rate


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("film") / "film.mp4"
    sound = Sound(samples=np.sin(np.arange(96_000) / 20, dtype=np.float32), sample_rate_hz=48_000)
    half = np.full((32, 32), 128, np.uint8)
    with Encoder(
        path,
        width_px=64,
        height_px=64,
        rate=Fraction(24000, 1001),
        sound=sound,
        packing=Packing(preset="ultrafast"),
    ) as encoder:
        for index in range(60):
            y = np.full((64, 64), 20 + 3 * index, np.uint8)
            encoder.write(Frame(index=index, y=y, u=half, v=half), is_key=index == 31)
    return path


@pytest.mark.parametrize("first", [0, 1, 17, 31, 59])
def test_reading_may_begin_at_any_frame(film: Path, first: int) -> None:
    every = list(read_frames(film))

    some = list(read_frames(film, first=first))

    assert [frame.index for frame in some] == list(range(first, 60))
    assert all(np.array_equal(a.y, b.y) for a, b in zip(some, every[first:], strict=True))


def test_a_film_without_sound_says_so(tmp_path: Path) -> None:
    phone_film(tmp_path / "phone.mp4", gaps=[3000] * 3)

    assert probe(tmp_path / "phone.mp4").sound_s is None
    with pytest.raises(InputError, match="no sound"):
        read_sound(tmp_path / "phone.mp4")


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=st.data())
def test_a_damaged_film_gives_a_message_and_nothing_worse(
    film: Path, tmp_path: Path, data: st.DataObject
) -> None:
    content = bytearray(film.read_bytes())
    if data.draw(st.booleans(), label="cut short"):
        content = content[: data.draw(st.integers(1, len(content) - 1))]
    else:
        places = st.lists(st.integers(0, len(content) - 1), min_size=1, max_size=60)
        for place in data.draw(places):
            content[place] = data.draw(st.integers(0, 255))
    (tmp_path / "bad.mp4").write_bytes(content)

    for read in (probe, lambda path: list(read_frames(path)), read_sound):
        with contextlib.suppress(InputError):
            read(tmp_path / "bad.mp4")


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"hello",
        b"#EXTM3U\n#EXTINF:9,\nfile:///etc/hostname\n#EXT-X-ENDLIST\n",
        b"ffconcat version 1.0\nfile /etc/hostname\n",
        b"RIFF\x24\x00\x00\x00WAVEfmt ",
        bytes(5000),
    ],
    ids=["empty", "text", "playlist", "concat", "sound", "zeros"],
)
def test_what_is_no_film_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "not.mp4").write_bytes(content)

    with pytest.raises(InputError):
        probe(tmp_path / "not.mp4")


def test_messages_hold_no_file_name(tmp_path: Path) -> None:
    (tmp_path / "aunt-martha.mp4").write_bytes(b"no film")

    with pytest.raises(InputError) as refusal:
        probe(tmp_path / "aunt-martha.mp4")

    assert "martha" not in str(refusal.value)


def test_folders_and_devices_are_refused(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "none.mp4", Path("/dev/zero")):
        with pytest.raises(InputError, match="not a file"):
            probe(path)
