"""Records that were collected are used end to end: for a child, a voice, a storyboard; and taken back."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import soundfile
from PIL import Image

from story_documents import own_home
from vivant.cli.hopper import portrait
from vivant.cli.running import run
from vivant.provenance.consent import Kind, read_consent
from vivant.provenance.consent_forms import form_for
from voice_people import chords

pytestmark = [pytest.mark.slow, pytest.mark.models]

Told = Callable[..., dict[str, Any]]
FILLED_IN = (
    ("of_age: no", "of_age: yes"),
    ("until: 2027-12-31", "until: 2030-12-31"),
    ("FULL NAME", "Ada Example"),
    ("YOUR NAME OR COMPANY", "A Studio"),
    ("YOUR E-MAIL OR TELEPHONE", "a@b.example"),
)
STORY = """\
vivant: storyboard/1
title: A walk
cast:
  child: {photos: [girl.png], child: yes, consent: guardians.json}
everywhere: {set: room}
shots:
  - {name: alone, who: [child], action: with-us, length: 3 s}
"""


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    with own_home(tmp_path_factory.mktemp("journeys")) as folder:
        for name in ("SCAN", "BIRTH-CERTIFICATE"):
            (folder / f"{name}.pdf").write_text(name)
        yield folder


@pytest.fixture
def told(capsys: pytest.CaptureFixture[str]) -> Told:
    def read(*words: str, code: int = 0) -> dict[str, Any]:
        capsys.readouterr()
        found = run([*words, "--json"])
        seen = capsys.readouterr()
        assert found == code, seen.err + seen.out
        said: dict[str, Any] = json.loads(seen.out)
        return said

    return read


def collected(home: Path, told: Told, kind: Kind, *changes: tuple[str, str]) -> str:
    form = form_for(kind)
    for empty, said in (*FILLED_IN, *changes):
        form = form.replace(empty, said)
    (home / "form.yaml").write_text(form)
    record = home / f"{kind}.json"
    record.unlink(missing_ok=True)
    told("consent", "new", "--from", str(home / "form.yaml"), "-o", str(record))
    return str(record)


def test_a_childs_film_is_made_and_taken_back(home: Path, told: Told) -> None:
    record = collected(home, told, "guardians")
    film = str(home / "film.mp4")
    line = ["film", str(portrait()), "--say", "Hello.", "--consent", record, "--size", "256x256"]

    made = told(*line, "-o", film)
    assert told("verify", film)["consent"]["ok"]

    back = told("consent", "withdraw", record, "--by", "Ada Example")
    assert back["films_withdrawn"] == [made["film_id"]]
    assert back["erased_files"] > 0
    assert told("verify", film, code=4)["finding"] == "ours-withdrawn"
    refused = told(*line, "-o", str(home / "again.mp4"), code=3)["error"]
    assert read_consent(Path(record)).record_id in refused["message"]
    assert not (home / "again.mp4").exists()


def test_a_voice_is_learned_only_where_the_record_names_it(home: Path, told: Told) -> None:
    song = home / "song.wav"
    soundfile.write(song, chords(9.0).samples, 24_000)
    line = ["voice", "learn", str(song), "--as", "ada", "--offline", "--consent"]

    plain = collected(home, told, "self")
    assert told(*line, plain, code=3)["error"]["code"] == "consent.scope"
    wide = collected(home, told, "self", ("[portrait-film]", "[portrait-film, voice-likeness]"))
    assert told(*line, wide, code=2)["error"]["code"] == "voice.no-speaker", "the record will do"


def test_a_storyboard_takes_each_ones_record(home: Path, told: Told) -> None:
    """A picture without a face comes to light only after everybody was asked."""
    Image.new("RGB", (384, 480), "grey").save(home / "girl.png")
    (home / "story.yaml").write_text(STORY)
    record = collected(home, told, "guardians")
    line = ["film", "--storyboard", str(home / "story.yaml"), "--size", "256x256"]

    asked = told(*line, "-o", str(home / "story.mp4"), code=2)["error"]
    assert not asked["code"].startswith("consent"), "the record will do"
    told("consent", "object", record, "--by", "Bob Example", "--relation", "father")
    refused = told(*line, "-o", str(home / "again.mp4"), code=3)["error"]

    assert "held" in refused["message"]
    assert not list(home.glob("[sa]*.mp4"))
