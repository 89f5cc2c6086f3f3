"""Every template through the command line, and every size of a film."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from story_documents import SHORT_LENGTHS, STILLS_ONLY, short
from story_films import film_line, verified
from terminal import Told
from vivant.cli.running import run
from vivant.film.decoding import probe

pytestmark = [pytest.mark.slow, pytest.mark.models]


@pytest.mark.parametrize("template", SHORT_LENGTHS)
def test_every_template_becomes_a_film_whose_papers_hold(
    template: str, home: Path, told: Told
) -> None:
    board = short(template, home / f"{template}.yaml")
    film = home / f"{template}.mp4"
    told()

    assert run([*film_line(board, film), "--json"]) == 0, told()[1]
    assert json.loads(told()[0])

    facts = probe(film)
    assert (facts.width_px, facts.height_px) == (480, 270)
    assert facts.rate == 12
    assert facts.sound_s is not None
    assert abs(facts.sound_s - facts.picture_s) < 0.05
    assert facts.picture_s > 0.8 * sum(SHORT_LENGTHS[template])  # dissolves take some
    assert verified(film, told)


@pytest.mark.parametrize("template", STILLS_ONLY)
def test_every_other_template_gives_a_still_of_each_shot(
    template: str, home: Path, told: Told
) -> None:
    board = home / f"{template}.yaml"
    assert run(["storyboard", "new", template, "-o", str(board)]) == 0
    told()

    assert run([*film_line(board, home / template, "--preview"), "--json"]) == 0, told()[1]

    stills = json.loads(told()[0])["preview"]["stills"]
    assert len(stills) == board.read_text(encoding="utf-8").count("action:")
    assert all(one["why"] == "" for one in stills)


@pytest.mark.parametrize("size", ["270x480", "270x270"])
def test_upright_and_square_films_come_from_the_same_storyboard(
    size: str, home: Path, told: Told
) -> None:
    board = short("a-word", home / "shapes.yaml")
    film = home / f"shapes-{size}.mp4"

    assert run(film_line(board, film, "--size", size)) == 0, told()[1]

    facts = probe(film)
    assert f"{facts.width_px}x{facts.height_px}" == size
    assert verified(film, told)


def test_every_size_of_a_storyboard_becomes_a_film(home: Path, told: Told) -> None:
    board = short("a-word", home / "several.yaml", ("sizes: [16:9]", "sizes: [9:16, 1:1]"))
    folder = home / "several"
    line = film_line(board, folder / "film.mp4")
    del line[line.index("--size") : line.index("--size") + 2]

    assert run(line) == 0, told()[1]

    shapes = {(probe(film).width_px, probe(film).height_px) for film in folder.glob("*.mp4")}
    assert shapes == {(720, 1280), (720, 720)}
    assert all(verified(film, told) for film in folder.glob("*.mp4"))
