"""Records that were collected are used end to end: for a child, a voice, a storyboard; and taken back."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import soundfile
from PIL import Image

from homes import living_in, made_home
from terminal import Answer
from vivant.cli.hopper import portrait
from vivant.provenance.consent import Kind, read_consent
from vivant.provenance.consent_forms import form_for
from voice_people import chords

pytestmark = [pytest.mark.slow, pytest.mark.models]

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
def desk(tmp_path_factory: pytest.TempPathFactory, common: Path) -> Iterator[Path]:
    with living_in(made_home(tmp_path_factory.mktemp("desk"), common=common)) as folder:
        for name in ("SCAN", "BIRTH-CERTIFICATE"):
            (folder / f"{name}.pdf").write_text(name)
        yield folder


def collected(desk: Path, answer: Answer, kind: Kind, *changes: tuple[str, str]) -> str:
    form = form_for(kind)
    for empty, said in (*FILLED_IN, *changes):
        form = form.replace(empty, said)
    (desk / "form.yaml").write_text(form)
    record = desk / f"{kind}.json"
    record.unlink(missing_ok=True)
    answer("consent", "new", "--from", str(desk / "form.yaml"), "-o", str(record))
    return str(record)


def test_a_childs_film_is_made_and_taken_back(desk: Path, answer: Answer) -> None:
    record = collected(desk, answer, "guardians")
    film = str(desk / "film.mp4")
    line = ["film", str(portrait()), "--say", "Hello.", "--consent", record, "--size", "256x256"]

    made = answer(*line, "-o", film)
    assert answer("verify", film)["consent"]["ok"]

    back = answer("consent", "withdraw", record, "--by", "Ada Example")
    assert back["films_withdrawn"] == [made["film_id"]]
    assert back["erased_files"] > 0
    assert answer("verify", film, code=4)["finding"] == "ours-withdrawn"
    refused = answer(*line, "-o", str(desk / "again.mp4"), code=3)["error"]
    assert read_consent(Path(record)).record_id in refused["message"]
    assert not (desk / "again.mp4").exists()


def test_a_voice_is_learned_only_where_the_record_names_it(desk: Path, answer: Answer) -> None:
    song = desk / "song.wav"
    soundfile.write(song, chords(9.0).samples, 24_000)
    line = ["voice", "learn", str(song), "--as", "ada", "--offline", "--consent"]

    plain = collected(desk, answer, "self")
    assert answer(*line, plain, code=3)["error"]["code"] == "consent.scope"
    wide = collected(desk, answer, "self", ("[portrait-film]", "[portrait-film, voice-likeness]"))
    assert answer(*line, wide, code=2)["error"]["code"] == "voice.no-speaker", "the record will do"


def test_a_storyboard_takes_each_ones_record(desk: Path, answer: Answer) -> None:
    """A picture without a face comes to light only after everybody was asked."""
    Image.new("RGB", (384, 480), "grey").save(desk / "girl.png")
    (desk / "story.yaml").write_text(STORY)
    record = collected(desk, answer, "guardians")
    line = ["film", "--storyboard", str(desk / "story.yaml"), "--size", "256x256"]

    asked = answer(*line, "-o", str(desk / "story.mp4"), code=2)["error"]
    assert not asked["code"].startswith("consent"), "the record will do"
    answer("consent", "object", record, "--by", "Bob Example", "--relation", "father")
    refused = answer(*line, "-o", str(desk / "again.mp4"), code=3)["error"]

    assert "held" in refused["message"]
    assert not list(desk.glob("[sa]*.mp4"))
