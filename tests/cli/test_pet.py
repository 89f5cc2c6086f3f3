"""``vivant pet points``: the page to tap on, points given in the terminal, and guesses that are good enough."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from PIL import Image

from painted_pets import chelsea, painted
from vivant.cli.running import run
from vivant.cli.storyboarding import demo_face
from vivant.intake.pet_points import NEEDED, POINTS, parse_points, read_points
from vivant.painting.pets import PETS
from vivant.places import Places
from vivant.scene.templates.shelf import template_named


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    path = tmp_path / "cat.png"
    Image.fromarray(painted("cat").pixels).save(path)
    return path


def test_a_page_is_written_that_asks_for_every_point_and_holds_the_photo(
    photo: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["pet", "points", str(photo), "-o", str(tmp_path / "cat.points.yaml")]) == 0

    page = (tmp_path / "cat.points.html").read_text()
    data = json.loads(re.search(r'id="data">(.*?)</script>', page, re.DOTALL)[1])  # type: ignore[index]
    assert "open it in a browser" in capsys.readouterr().out
    assert data["photo"] == {"width": 384, "height": 480}
    assert data["file"] == "cat.points.yaml"
    assert {step["name"] for step in data["steps"]} == set(POINTS) - {"chest"}
    assert set(data["guess"]) == set(NEEDED)
    assert data["image"].startswith("data:image/jpeg;base64,")
    assert not (tmp_path / "cat.points.yaml").exists(), "a guess is no answer"


def test_the_page_asks_nothing_of_any_network(photo: Path, tmp_path: Path) -> None:
    assert run(["pet", "points", str(photo), "-o", str(tmp_path / "cat.yaml")]) == 0

    page = (tmp_path / "cat.html").read_text()
    assert "default-src 'none'" in page
    assert not re.search(r"https?://|fetch\(|XMLHttpRequest|sendBeacon|WebSocket", page)
    assert "cat.png" not in page


def test_points_are_given_in_the_terminal(photo: Path, tmp_path: Path) -> None:
    to = tmp_path / "cat.yaml"
    places = {name: painted("cat").places[name] for name in NEEDED}
    given = [part for name, (x, y) in places.items() for part in ("--at", f"{name}={x},{y}")]

    assert run(["pet", "points", str(photo), "-o", str(to), *given]) == 0

    read = read_points(to)
    assert set(read.places) == set(NEEDED)
    assert read.photo_px == (384, 480)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (["--at", "left-eye=10"], "no NAME=X,Y"),
        (["--at", "left-eye=300,160", "--at", "right-eye=100,160", "--at", "nose=192,240"], "exchange them"),
        (["--at", "left-eye=100,160", "--at", "right-eye=9000,160", "--at", "nose=192,240"], "outside the photo"),
        (["--at", "left-eye=100,160"], "missing: right-eye, nose"),
        (["--animal", "fish"], "cat, dog, other"),
    ],
)  # fmt: skip
def test_what_cannot_be_right_is_told_and_nothing_is_written(
    photo: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    given: list[str],
    said: str,
) -> None:
    assert run(["pet", "points", str(photo), "-o", str(tmp_path / "cat.yaml"), *given]) == 2

    assert said in " ".join(capsys.readouterr().err.split())
    assert not (tmp_path / "cat.yaml").exists()


def test_a_good_guess_is_accepted_when_asked(tmp_path: Path) -> None:
    Image.fromarray(chelsea().pixels).save(tmp_path / "cat.png")

    assert (
        run(
            ["pet", "points", str(tmp_path / "cat.png"), "-o", str(tmp_path / "c.yaml"), "--accept"]
        )
        == 0
    )

    assert set(read_points(tmp_path / "c.yaml").places) == set(NEEDED)


def test_no_guess_is_accepted_where_there_is_no_face(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    Image.new("RGB", (300, 200), (90, 120, 150)).save(tmp_path / "wall.png")

    assert (
        run(
            [
                "pet",
                "points",
                str(tmp_path / "wall.png"),
                "-o",
                str(tmp_path / "c.yaml"),
                "--accept",
            ]
        )
        == 2
    )

    assert "No animal's face was found" in capsys.readouterr().err


def test_points_that_are_there_are_not_lost(
    photo: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "cat.html").write_text("mine")

    assert run(["pet", "points", str(photo), "-o", str(tmp_path / "cat.yaml")]) == 2

    assert "--replace" in capsys.readouterr().err
    assert (tmp_path / "cat.html").read_text() == "mine"


def test_every_demo_animal_has_its_points(tmp_path: Path) -> None:
    places = Places(data=tmp_path / "data", cache=tmp_path / "cache")
    for name in PETS[:1]:
        picture = demo_face(name, places=places)
        points = read_points(picture.with_suffix(".points.yaml"))
        with Image.open(picture) as image:
            assert image.size == points.photo_px
        assert points.animal == name


def test_the_template_is_about_half_a_minute_long_and_its_words_pass(tmp_path: Path) -> None:
    board = tmp_path / "ours.yaml"
    assert run(["storyboard", "new", "our-pet", "-o", str(board)]) == 0
    assert run(["storyboard", "check", str(board)]) == 0
    assert template_named("our-pet").summary


def test_a_points_document_of_the_page_is_read() -> None:
    written = {
        "vivant": "pet-points/1",
        "animal": "dog",
        "photo": {"width": 400, "height": 300},
        "points": {"left-eye": [150.0, 100.0], "right-eye": [250.0, 104.0], "nose": [201.0, 190.0]},
    }

    assert parse_points(written).animal == "dog"
