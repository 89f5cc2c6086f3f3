"""Storyboards through the command line: changed, stopped and taken up again."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image

from story_documents import short
from story_films import film_line, verified
from terminal import Told
from vivant.cli.running import run
from vivant.film.decoding import probe, read_frames

pytestmark = [pytest.mark.slow, pytest.mark.models]

STOPPED_AT = {getattr(signal, "SIGKILL", signal.SIGTERM): 13, signal.SIGINT: 14}
"""Frames a second of films that are stopped: no other film has their shots."""


def kept(home: Path) -> set[Path]:
    """Find the shots in the store."""
    return set(home.glob("cache/studio/*/[!.]*.shot.mp4"))


def drawn(line: list[str], told: Told) -> set[str]:
    """Film a storyboard; tells which shots were not taken from the store."""
    told()
    code = run([*line, "--json"])
    out, error = told()
    assert code == 0, error
    (film,) = json.loads(out)["films"]
    return {shot["name"] for shot in film["shots"] if not shot["kept"]}


def test_words_come_with_captions_beside_the_film(home: Path, told: Told) -> None:
    board = short("a-word", home / "captions.yaml")

    assert run(film_line(board, home / "captions.mp4")) == 0, told()[1]

    captions = (home / "captions.srt").read_text(encoding="utf-8")
    assert "Thank you." in captions
    assert "Be good." in captions


def test_a_preview_shows_a_still_of_each_shot(home: Path, told: Told) -> None:
    board = short("wedding-day", home / "stills.yaml")
    folder = home / "stills"

    assert run(film_line(board, folder, "--preview")) == 0, told()[1]

    stills = [path for path in folder.glob("*.png") if path.stem != "sheet"]
    for name in ("wedding", "becoming", "every-day"):
        assert any(name in path.stem for path in stills), name
    for path in stills:
        with Image.open(path) as picture:
            picture.load()
            assert picture.width >= 480
    assert (folder / "sheet.png").is_file()
    assert not list(folder.glob("*.mp4"))


def test_a_shot_can_be_drawn_anew_and_only_that(home: Path, told: Told) -> None:
    board = short("a-word", home / "only.yaml")
    assert drawn(film_line(board, home / "only.mp4"), told) <= {"thanks", "farewell"}

    line = film_line(board, home / "only-2.mp4", "--only", "farewell")

    assert drawn(line, told) == {"farewell"}
    assert probe(home / "only-2.mp4").frames == probe(home / "only.mp4").frames
    assert verified(home / "only-2.mp4", told)


def test_when_a_line_changes_only_its_shot_is_made_anew(home: Path, told: Told) -> None:
    board = short("a-word", home / "line.yaml")
    drawn(film_line(board, home / "line.mp4"), told)
    before = kept(home)
    again = short("a-word", home / "line.yaml", ("Be good.", "Be kind."))

    assert drawn(film_line(again, home / "line-2.mp4"), told) == {"farewell"}

    assert len(kept(home) - before) == 1
    assert verified(home / "line-2.mp4", told)


def test_the_same_storyboard_again_makes_no_shot_anew(home: Path, told: Told) -> None:
    board = short("a-word", home / "same.yaml")
    drawn(film_line(board, home / "same.mp4"), told)

    assert drawn(film_line(board, home / "same-2.mp4"), told) == set()


def test_two_runs_of_a_storyboard_look_the_same(home: Path, told: Told) -> None:
    board = short("a-word", home / "twin.yaml")
    assert run(film_line(board, home / "twin.mp4")) == 0, told()[1]
    one = next(frame for frame in read_frames(home / "twin.mp4") if frame.index == 50)
    for path in kept(home):
        path.unlink()

    assert run(film_line(board, home / "twin-2.mp4")) == 0, told()[1]

    other = next(frame for frame in read_frames(home / "twin-2.mp4") if frame.index == 50)
    assert abs(one.y.astype(int) - other.y.astype(int)).mean() < 2  # the mark names another film


@pytest.mark.skipif(sys.platform == "win32", reason="signals are a matter of POSIX")
@pytest.mark.parametrize("how", STOPPED_AT)
def test_a_film_stopped_in_the_middle_goes_on_where_it_was(
    how: signal.Signals, home: Path, told: Told
) -> None:
    rate = ("rate: 12", f"rate: {STOPPED_AT[how]}")
    board = short("wedding-day", home / "stopped.yaml", rate)
    film = home / f"stopped-{how.name}" / "film.mp4"
    before = kept(home)
    process = subprocess.Popen(
        [sys.executable, "-m", "vivant", *film_line(board, film)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=dict(os.environ),
    )
    while process.poll() is None and not kept(home) - before:
        with_patience(process)
    assert process.poll() is None, process.communicate()[1]
    process.send_signal(how)
    _, error = process.communicate()
    assert "Traceback" not in error
    assert not film.exists()
    first = kept(home) - before
    assert first
    if how is signal.SIGINT:
        assert process.returncode == 130
        assert list(film.parent.iterdir()) == []

    anew = drawn(film_line(board, film), told)

    assert anew
    assert len(anew) <= 3 - len(first)
    assert verified(film, told)
    assert not [path for path in film.parent.iterdir() if path.name.startswith(".")]


def with_patience(process: subprocess.Popen[str]) -> None:
    """Wait a moment, or until the process ends."""
    try:
        process.wait(timeout=0.05)
    except subprocess.TimeoutExpired:
        return
