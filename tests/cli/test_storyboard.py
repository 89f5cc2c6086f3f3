"""``vivant storyboard``: list, new, check; and what ``vivant film`` says to a storyboard."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image

from vivant.cli.running import run
from vivant.cli.storyboarding import demo_face, with_demo_faces
from vivant.errors import InputError
from vivant.painting import EDITION
from vivant.places import Places
from vivant.scene.storyboard_reading import read_storyboard


@pytest.fixture
def story(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    path = tmp_path / "story.yaml"
    assert run(["storyboard", "new", "stairway", "-o", str(path)]) == 0
    capsys.readouterr()
    return path


def test_templates_are_listed_one_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["storyboard", "list"]) == 0

    rows = capsys.readouterr().out.splitlines()
    names = [row.split()[0] for row in rows]
    assert names == sorted(names)
    assert {"a-word", "album", "stairway", "wedding-day"} <= set(names)


def test_templates_are_listed_for_machines(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["storyboard", "list", "--json"]) == 0

    assert {one["name"] for one in json.loads(capsys.readouterr().out)} >= {"stairway", "album"}


def test_a_new_storyboard_is_in_order_and_says_what_comes_next(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    photo = tmp_path / "mother.jpg"
    photo.write_bytes(b"a picture")
    path = tmp_path / "new" / "story.yaml"

    assert (
        run(["storyboard", "new", "stairway", "-o", str(path), "--photo", f"mother={photo}"]) == 0
    )
    assert "vivant storyboard check" in capsys.readouterr().out
    assert run(["storyboard", "check", str(path)]) == 0

    told = capsys.readouterr().out
    assert "7 shots, 38.0 s" in told
    assert "words: good" in told
    assert 'photos: ["../mother.jpg"]' in path.read_text(encoding="utf-8")


def test_a_storyboard_is_never_lost_to_a_new_one(
    story: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    story.write_text("my words")

    assert run(["storyboard", "new", "album", "-o", str(story)]) == 2
    assert "--replace" in capsys.readouterr().err
    assert story.read_text() == "my words"
    assert run(["storyboard", "new", "album", "-o", str(story), "--replace"]) == 0


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["stairwey", "-o", "s.yaml"], "Did you mean stairway"),
        (["stairway", "-o", "s.txt"], ".yaml"),
        (["stairway", "-o", "s.yaml", "--photo", "mother"], "NAME=FILE"),
        (["stairway", "-o", "s.yaml", "--photo", "mother=none.jpg"], "not there"),
    ],
)
def test_wrong_wishes_for_a_new_storyboard_are_told(
    words: list[str],
    told: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)

    assert run(["storyboard", "new", *words]) == 2
    assert told in capsys.readouterr().err
    assert not list(tmp_path.iterdir())


def test_the_check_tells_all_problems_with_their_lines(
    story: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = (
        story.read_text(encoding="utf-8")
        .replace("camera: wide", "camera: top")
        .replace("length: 4 s", "length: 400 s")
    )
    story.write_text(text, encoding="utf-8")

    assert run(["storyboard", "check", str(story)]) == 2

    told = capsys.readouterr().err
    rows = text.split("\n")
    assert (
        f"story.yaml, line {rows.index('    camera: top') + 1}: camera of shot first-steps" in told
    )
    assert f"story.yaml, line {rows.index('    length: 400 s') + 1}: length of shot behind" in told


def test_the_check_shows_which_words_do_not_pass(
    story: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = story.read_text(encoding="utf-8").replace(
        "Thank you for everything.", "I am still here."
    )
    story.write_text(text, encoding="utf-8")

    assert run(["storyboard", "check", str(story)]) == 2

    told = capsys.readouterr()
    assert "“I am still here”" in told.out
    assert "In order" not in told.out
    assert "still here" not in told.err


def test_the_check_says_where_a_person_must_read(
    story: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = story.read_text(encoding="utf-8").replace("language: en ", "language: sv ")
    story.write_text(text, encoding="utf-8")

    assert run(["storyboard", "check", str(story)]) == 0
    assert "a person must read" in capsys.readouterr().out


TALK = """vivant: storyboard/1
title: Both
cast:
  anna: {photos: [demo:anna], called: Grandma}
  ben: {photos: [demo:martin]}
shots:
  - name: both
    who: [anna, ben]
    action: beside
    lines:
      - {by: anna, say: "We had good years."}
      - {by: ben, say: "We had."}
"""


def test_the_check_tells_who_speaks_and_who_shares_a_voice(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    story = tmp_path / "talk.yaml"
    story.write_text(TALK, encoding="utf-8")
    assert run(["storyboard", "check", str(story)]) == 0
    shared = capsys.readouterr().out
    story.write_text(TALK.replace("[demo:martin]", "[demo:martin], voice: kokoro:george"), encoding="utf-8")  # fmt: skip
    assert run(["storyboard", "check", str(story)]) == 0
    apart = capsys.readouterr().out

    assert "2 lines by anna, ben" in shared
    assert "anna and ben speak with one voice, hibari" in shared
    assert "one voice" not in apart


def test_the_check_speaks_to_machines(story: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["storyboard", "check", str(story), "--json"]) == 0

    facts = json.loads(capsys.readouterr().out)
    assert sum(shot["seconds"] for shot in facts["shots"]) == 38
    assert all(one["ok"] for one in facts["words"])


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--voice", "kokoro:emma"], "leave out --voice"),
        (["--say", "Hello."], "leave out --say"),
        (["--seed", "3", "--fps", "30"], "leave out --fps, --seed"),
        (["--only", "nothing"], "has no shot"),
        (["--size", "1x1"], "between 256 and 1920"),
    ],
)
def test_what_a_storyboard_says_itself_is_not_said_again(
    words: list[str], told: str, story: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    line = [
        "film",
        "--storyboard",
        str(story),
        "-o",
        str(tmp_path / "film.mp4"),
        "--attest",
        "kin",
        *words,
    ]

    assert run(line) == 2
    assert told in capsys.readouterr().err


def test_a_storyboard_needs_consent_too(
    story: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["film", "--storyboard", str(story), "-o", str(tmp_path / "film.mp4")]) == 3
    assert "without consent" in capsys.readouterr().err


@pytest.mark.parametrize("words", [["--preview"], ["--only", "climb"]])
def test_previews_and_single_shots_need_a_storyboard(
    words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert (
        run(["film", "photo.jpg", "--say", "x", "-o", "film.mp4", "--attest", "self", *words]) == 2
    )
    assert "--storyboard" in capsys.readouterr().err


def test_a_film_needs_a_photo_or_a_storyboard(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["film", "--say", "x", "-o", "film.mp4", "--attest", "self"]) == 2
    assert "or a storyboard" in capsys.readouterr().err


def test_demo_faces_are_painted_once_and_kept(story: Path, tmp_path: Path) -> None:
    places = Places(data=tmp_path / "data", cache=tmp_path / "cache")
    board = read_storyboard(story)

    faces = [photo.path for photo in with_demo_faces(board, places=places).cast["mother"].photos]

    assert faces == [places.cache / "demo-faces" / f"elder-woman-glasses-{EDITION}.png"]
    assert faces[0] is not None
    with Image.open(faces[0]) as picture:
        assert min(picture.size) >= 700
    first = faces[0].stat()
    assert demo_face("elder-woman-glasses", places=places).stat() == first


def test_nobody_is_painted_who_is_not_in_the_cast(tmp_path: Path) -> None:
    for name in ("nobody", "girl+armour", "../girl"):
        with pytest.raises(InputError, match="no demo face"):
            demo_face(name, places=replace(Places(), cache=tmp_path))
