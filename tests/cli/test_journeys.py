"""Whole films through the command line: made, verified, measured, refused, stopped."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from skimage import data

from terminal import Told
from vivant.cli.hopper import portrait
from vivant.cli.running import run

pytestmark = [pytest.mark.slow, pytest.mark.models]

WORDS = "Maybe both of them were humming."


@pytest.fixture
def hopper() -> Path:
    return portrait()


def film_line(photo: Path, to: Path, *more: str) -> list[str]:
    said = [] if {"--script", "--audio", "--say"} & set(more) else ["--say", WORDS]
    return ["film", str(photo), *said, "--attest", "public-domain", "-o", str(to), *more]


@pytest.fixture
def home(own_home: Path) -> Path:
    return own_home


def test_a_film_is_made_verified_and_measured(home: Path, hopper: Path, told: Told) -> None:
    film = home / "film.mp4"

    assert run([*film_line(hopper, film, "--size", "640x360"), "--json"]) == 0
    made = json.loads(told()[0])
    assert made["path"] == str(film)

    assert run(["verify", str(film), "--json"]) == 0
    verified = json.loads(told()[0])
    claims = ["label", "aigc", "credentials", "watermark", "sound", "consent"]
    assert verified["verdict"] == verified["finding"] == "ok"
    assert set(claims) <= set(verified)
    assert all(verified[key]["ok"] and verified[key]["why"] for key in claims)
    assert verified["watermark"]["film_id"] == made["film_id"]
    assert verified["film_id"] == made["film_id"]

    assert run(["inspect", str(film), "--photo", str(hopper), "--json"]) == 0
    measured = json.loads(told()[0])
    assert measured["numbers"]["face_share"] > 0.98
    assert measured["numbers"]["folded_cells"] in (0, None)


def test_the_three_closing_lines_tell_what_how_and_how_to_verify(
    home: Path, hopper: Path, told: Told
) -> None:
    assert run(film_line(hopper, home / "film.mp4", "--size", "256x256")) == 0

    lines = told()[0].splitlines()
    assert [line.split()[0] for line in lines] == ["Made", "Measures", "Verify"]


def test_the_second_film_of_a_photo_starts_from_the_kept_rig(
    home: Path, hopper: Path, told: Told
) -> None:
    assert run(film_line(hopper, home / "one.mp4", "--size", "256x256")) == 0
    first = told()[1]
    assert run(film_line(hopper, home / "two.mp4", "--size", "256x256")) == 0
    second = told()[1]

    assert "rig: done" in first
    assert "rig" not in second


def test_one_flipped_byte_is_found(home: Path, hopper: Path, told: Told) -> None:
    film = home / "film.mp4"
    assert run(film_line(hopper, film, "--size", "256x256")) == 0
    data_ = bytearray(film.read_bytes())
    data_[len(data_) // 2] ^= 1
    film.write_bytes(data_)
    told()

    assert run(["verify", str(film), "--json"]) == 4
    assert not json.loads(told()[0])["credentials"]["ok"]


@pytest.mark.parametrize("size", ["256x256", "720x1280", "480x854"])
def test_any_shape_of_film_can_be_made(size: str, home: Path, told: Told) -> None:
    photo = home / "astronaut.png"
    Image.fromarray(data.astronaut()).save(photo)

    assert (
        run([*film_line(photo, home / "film.mp4", "--size", size, "--fps", "30000/1001"), "--json"])
        == 0
    )
    facts = json.loads(told()[0])["facts"]
    assert f"{facts['width_px']}x{facts['height_px']}" == size
    assert facts["rate"] == "30000/1001"


def test_a_tracked_film_drives_another(home: Path, hopper: Path, told: Told) -> None:
    film, curves, driven = home / "film.mp4", home / "curves.csv", home / "driven.mp4"
    assert run(film_line(hopper, film, "--size", "480x480")) == 0
    assert run(["track", str(film), "-o", str(curves)]) == 0
    words = [
        "drive",
        str(hopper),
        "--attest",
        "public-domain",
        "-o",
        str(driven),
        "--size",
        "256x256",
    ]

    assert run([*words, "--curves", str(curves), "--json"]) == 0
    assert run(["verify", str(driven)]) == 0
    assert "ok" in told()[0]


def _picture(path: Path, pixels: np.ndarray) -> Path:
    Image.fromarray(pixels.astype(np.uint8)).save(path)
    return path


def _truncated(home: Path) -> Path:
    path = home / "cut.jpg"
    path.write_bytes(portrait().read_bytes()[:20_000])
    return path


def _text(home: Path) -> Path:
    path = home / "text.jpg"
    path.write_text("This is no picture at all.\n" * 100)
    return path


def _bomb(home: Path) -> Path:
    path = home / "bomb.png"
    Image.new("1", (40_000, 40_000)).save(path)
    return path


def _nine(home: Path) -> Path:
    face = Image.fromarray(data.astronaut()).crop((130, 0, 330, 200))
    sheet = Image.new("RGB", (600, 600))
    for index in range(9):
        sheet.paste(face, (200 * (index % 3), 200 * (index // 3)))
    path = home / "nine.png"
    sheet.save(path)
    return path


def _small(home: Path) -> Path:
    path = home / "small.png"
    Image.fromarray(data.astronaut()).resize((110, 110)).save(path)
    return path


PHOTOS: dict[str, Callable[[Path], Path]] = {
    "no face": lambda home: _picture(home / "grass.png", data.grass()),
    "a cat": lambda home: _picture(home / "cat.png", data.chelsea()),
    "one pixel": lambda home: _picture(home / "one.png", np.zeros((1, 1, 3))),
    "a cut file": _truncated,
    "a text file": _text,
    "a bomb": _bomb,
    "nine faces": _nine,
    "a tiny face": _small,
    "no file": lambda home: home / "nothing.jpg",
    "a folder": lambda home: home,
}


@pytest.mark.parametrize("kind", PHOTOS)
def test_a_photo_that_will_not_do_is_refused_with_a_reason(
    kind: str, home: Path, told: Told
) -> None:
    photo = PHOTOS[kind](home)
    film = home / "film" / "film.mp4"

    assert run(film_line(photo, film)) == 2
    error = told()[1].strip().splitlines()[-1]
    assert error.startswith("vivant: ")
    assert len(error) > 40
    assert "Traceback" not in error
    assert list(home.glob("film/*")) == []


@pytest.mark.parametrize(
    "text", ["", "   ", "[smile]Hello.", "😀😀😀", "שלום עולם", "你好，世界", "\x00\x01"],
    ids=["empty", "blank", "unclosed", "emoji", "hebrew", "chinese", "control"],
)  # fmt: skip
def test_words_that_cannot_be_spoken_are_refused(
    text: str, home: Path, hopper: Path, told: Told
) -> None:
    film = home / "film.mp4"

    assert run(film_line(hopper, film, "--say", text)) == 2
    assert told()[1].strip().splitlines()[-1].startswith("vivant: ")
    assert not film.exists()


def test_a_silent_recording_is_refused(home: Path, hopper: Path, told: Told) -> None:
    import soundfile

    silence = home / "silence.wav"
    soundfile.write(silence, np.zeros(48_000), 48_000)

    assert run(film_line(hopper, home / "film.mp4", "--audio", str(silence))) == 2
    assert "silen" in told()[1].lower()


def _started(photo: Path, film: Path, home: Path) -> subprocess.Popen[str]:
    say = " ".join([WORDS] * 30)
    environment = {
        **os.environ,
        "VIVANT_DATA": str(home / "data"),
        "VIVANT_CACHE": str(home / "cache"),
    }
    process = subprocess.Popen(
        [sys.executable, "-m", "vivant", *film_line(photo, film, "--say", say)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environment,
    )
    assert process.stderr is not None
    for line in process.stderr:
        if line.startswith("frames"):
            return process
    message = "The film never began."
    raise AssertionError(message)


@pytest.mark.skipif(sys.platform == "win32", reason="signals are a matter of POSIX")
def test_ctrl_c_leaves_nothing_behind(home: Path, hopper: Path) -> None:
    film = home / "film" / "film.mp4"
    process = _started(hopper, film, home)
    process.send_signal(signal.SIGINT)

    _, error = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "Stopped" in error
    assert "Traceback" not in error
    assert list(home.glob("film/*")) == []


@pytest.mark.skipif(sys.platform == "win32", reason="signals are a matter of POSIX")
def test_two_runs_to_one_output_do_not_meet(home: Path, hopper: Path, told: Told) -> None:
    film = home / "film.mp4"
    first = _started(hopper, film, home)
    try:
        assert run(film_line(hopper, film)) == 7
        assert "being written" in told()[1]
    finally:
        first.send_signal(signal.SIGINT)
        first.communicate(timeout=60)


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX tells what processes took")
def test_a_command_says_something_at_once(home: Path, hopper: Path) -> None:
    before_s = _taken_by_processes_s()
    with subprocess.Popen(
        [sys.executable, "-m", "vivant", *film_line(hopper, home / "film.mp4")],
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stderr is not None
        said = process.stderr.readline()
        process.kill()

    assert said
    assert _taken_by_processes_s() - before_s < 3.0  # of a film's minute


def _taken_by_processes_s() -> float:
    """Read the processor time of all processes that were started here and have ended."""
    taken = os.times()
    return taken.children_user + taken.children_system
