"""What a family may give wrongly: told with the shot and the cure, nothing half-made, what was made is kept."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pytest
import soundfile
from PIL import Image
from skimage import data

from story_documents import short
from terminal import Told
from vivant.cli.running import run
from vivant.painting import portrait

pytestmark = [pytest.mark.slow, pytest.mark.models]

WHO = "demo:woman-smile"


def refused(board: Path, told: Told, *more: str) -> str:
    """Film a storyboard that cannot be filmed; gives the message."""
    folder = board.parent / f"out-{board.stem}"
    told()
    code = run(
        ["film", "--storyboard", str(board), "-o", str(folder / "film.mp4"), "--attest",
         "public-domain", "--size", "256x256", *more]
    )  # fmt: skip
    error = told()[1]
    assert code == 2, error
    assert "Traceback" not in error
    assert "unforeseen" not in error
    assert list(folder.glob("*")) == []
    return error[error.index("vivant: ") :]


def saved(pixels: np.ndarray, path: Path) -> Path:
    Image.fromarray(pixels.astype(np.uint8)).save(path)
    return path


def person(name: str = "woman-smile") -> np.ndarray:
    return np.array(portrait(name, width_px=384, height_px=480).pixels)


def group(path: Path) -> Path:
    return saved(np.hstack([person("elder-man-beard"), person(), person("girl")]), path)


def covered(path: Path) -> Path:
    """A scarf over all but the hair."""
    pixels = person()
    height, width = pixels.shape[:2]
    pixels[int(0.33 * height) : int(0.8 * height), int(0.2 * width) : int(0.8 * width)] = (60, 20, 30)  # fmt: skip
    return saved(pixels, path)


def tiny(path: Path) -> Path:
    return saved(cv2.resize(person(), (64, 80), interpolation=cv2.INTER_AREA), path)


PHOTOS: dict[str, tuple[Callable[[Path], Path], str]] = {
    "too small": (tiny, "pixels"),
    "covered": (covered, "face"),
    "a group": (group, "face: "),
    "nobody": (lambda path: saved(data.grass(), path), "face"),
}
"""How a photo is made, and a word of the cure."""


@pytest.mark.parametrize("kind", PHOTOS)
def test_a_photo_that_will_not_do_is_told_with_its_shots_and_the_cure(
    kind: str, home: Path, told: Told
) -> None:
    make, cure = PHOTOS[kind]
    photo = make(home / f"{kind.replace(' ', '-')}.png")
    board = short("a-word", home / f"{photo.stem}.yaml", (WHO, photo.name))

    error = refused(board, told)

    assert f"{photo.stem}.yaml, line" in error
    assert "thanks" in error
    assert "farewell" in error
    assert cure in error


def test_who_is_meant_in_a_group_picture_can_be_said(home: Path, told: Told) -> None:
    photo = group(home / "everybody.png")
    board = short("a-word", home / "chosen.yaml", (f"[{WHO}]", f"[{photo.name}]\n    face: 2"))
    folder = home / "chosen"

    code = run(
        ["film", "--storyboard", str(board), "-o", str(folder), "--attest", "public-domain", "--preview",
         "--only", "thanks", "--size", "256x256"]
    )  # fmt: skip

    assert code == 0, told()[1]
    assert list(folder.glob("*thanks*"))


def test_a_broken_photo_of_an_album_is_told_with_its_shot_alone(home: Path, told: Told) -> None:
    photo = home / "broken.jpg"
    photo.write_bytes(b"\xff\xd8\xff\xe0 and then nothing")
    board = short("album", home / "broken.yaml", ("demo:young-woman-long-hair", photo.name))
    three, _, _ = board.read_text(encoding="utf-8").partition("\n  - name: photo-4")
    board.write_text(three + "\n", encoding="utf-8")

    error = refused(board, told)

    assert "shot photo-2" in error.lower()
    assert "photo-1" not in error


def test_a_partner_without_a_photo_is_told(home: Path, told: Told) -> None:
    second = "demo:man-glasses-moustache]"
    missing = short("wedding-day", home / "missing.yaml", (second, "gone.jpg]"))
    error = refused(missing, told)
    assert "missing.yaml, line" in error
    assert "was not found" in error

    none = short("wedding-day", home / "none.yaml", (f", {second}", "]"))
    error = refused(none, told)
    assert "shot becoming needs 2" in error
    assert "Add photos:" in error


def test_one_photo_given_twice_is_told(home: Path, told: Told) -> None:
    one = saved(person(), home / "one.png")
    (home / "copy.png").write_bytes(one.read_bytes())
    photos = "demo:man-glasses-moustache+jacket, demo:man-glasses-moustache"
    for number, names in enumerate(("one.png, one.png", "one.png, copy.png")):
        error = refused(short("wedding-day", home / f"twice-{number}.yaml", (photos, names)), told)
        assert "one photo is given twice" in error
        assert "Give each photo once" in error


def test_an_unknown_set_is_told_with_those_there_are(home: Path, told: Told) -> None:
    error = refused(short("a-word", home / "set.yaml", ("set: room", "set: beach")), told)

    assert "set.yaml, line" in error
    assert "meadow" in error


def test_a_line_longer_than_its_shot_is_told_with_the_length_needed(home: Path, told: Told) -> None:
    much = " ".join(["Thank you for every year of it."] * 6)
    error = refused(short("a-word", home / "long.yaml", ("Be good.", much)), told)
    assert "shot farewell" in error
    assert "shorten the line" in error

    a_little = "Be good to each other, all of you, now."
    error = refused(short("a-word", home / "longer.yaml", ("Be good.", a_little)), told)
    assert "shot farewell" in error
    assert "length: " in error
    assert "shorten the line" in error


@pytest.mark.parametrize("kind", ["empty", "nothing heard", "no sound"])
def test_music_of_no_length_is_told(kind: str, home: Path, told: Told) -> None:
    name = kind.replace(" ", "-")
    music = home / f"{name}.wav"
    if kind == "empty":
        music.write_bytes(b"")
    elif kind == "nothing heard":
        soundfile.write(music, np.zeros(0), 48_000)
    else:
        music.write_text("la la la\n" * 50)
    board = short("a-word", home / f"{name}.yaml", ("{piece: stillness,", f"{{file: {music.name},"))

    error = refused(board, told)

    assert f"{name}.yaml, line" in error
    assert "music" in error


@pytest.mark.parametrize(
    "text",
    [b"", b"\xff\xfe\x00broken", b"vivant: storyboard/1\nshots: [", b"just words\n", b"vivant: storyboard/9\n"],
    ids=["empty", "no text", "unclosed", "no storyboard", "of tomorrow"],
)  # fmt: skip
def test_a_storyboard_that_cannot_be_read_is_told(
    text: bytes, home: Path, told: Told, request: pytest.FixtureRequest
) -> None:
    board = home / f"script-{request.node.callspec.id.replace(' ', '-')}.yaml"
    board.write_bytes(text)

    error = refused(board, told)

    assert "storyboard" in error or "line 2" in error


def test_letters_that_no_font_can_draw_are_told(home: Path, told: Told) -> None:
    title = ('text: "With love"', 'text: "\U00012000\U00012001\U00012002"')

    error = refused(short("a-word", home / "font.yaml", title), told)

    assert "title" in error
    assert "font" in error


def test_mistakes_are_told_to_programs_too(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    board = short("a-word", home / "json.yaml", ("set: room", "set: beach"))
    capsys.readouterr()

    assert run(["storyboard", "check", str(board), "--json"]) == 2

    error = json.loads(capsys.readouterr().out)["error"]
    assert error["code"] == "scene.storyboard"
    assert "Traceback" not in error["message"]
