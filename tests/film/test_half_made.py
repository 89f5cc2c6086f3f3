"""What a killed run leaves of a film is found again, and what a living one writes is left alone."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from killed import run_until
from vivant.film.half_made import half_made, left_half_made
from vivant.media.files import is_being_written
from vivant.places import Places
from vivant.studio.erasing import erase, erase_due

CONSENT = "ab" * 16
IMPORTS = """
import sys
from pathlib import Path
from vivant.film.half_made import half_made
from vivant.places import Places
"""
ACT = """
folder = Path(sys.argv[1])
with half_made(folder / "film.mp4", places=Places(data=folder / "data", cache=folder)) as half:
    half.shows([sys.argv[2]])
    half.unsigned.write_bytes(b"half a face")
    half.finished.write_bytes(b"a face")
"""


@pytest.fixture
def places(tmp_path: Path) -> Places:
    return Places(data=tmp_path / "data", cache=tmp_path)


def hidden_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir() if "unfinished" in path.name)


@pytest.mark.parametrize("event", ["os.remove", "os.rename"])
def test_what_a_killed_run_leaves_is_erased_with_the_rest(
    places: Places, tmp_path: Path, event: str
) -> None:
    part = "unsigned" if event == "os.remove" else "unfinished"
    assert run_until(IMPORTS, ACT, tmp_path, CONSENT, event=event, part=part)
    assert hidden_in(tmp_path)

    other = erase("cd" * 16, places=places)
    done = erase(CONSENT, places=places)

    assert other.files == 0
    assert set(done.kinds) == {"half-written file"}
    assert hidden_in(tmp_path) == []
    assert list(left_half_made(places)) == []


def test_a_run_that_ends_leaves_neither_file_nor_note(places: Places, tmp_path: Path) -> None:
    assert not run_until(IMPORTS, ACT, tmp_path, CONSENT, event="never")

    assert (tmp_path / "film.mp4").read_bytes() == b"a face"
    assert hidden_in(tmp_path) == []
    assert list((places.data / "half-made").iterdir()) == []


def test_what_is_being_written_is_left_alone(places: Places, tmp_path: Path) -> None:
    to = tmp_path / "film.mp4"
    with half_made(to, places=places) as half:
        half.shows([CONSENT])
        half.unsigned.write_bytes(b"half a face")
        assert is_being_written(to)

        assert erase(CONSENT, places=places).files == 0

        half.finished.write_bytes(b"a face")
    assert not is_being_written(to)
    assert to.is_file()


def test_what_was_left_long_ago_is_erased_by_itself(places: Places, tmp_path: Path) -> None:
    assert run_until(IMPORTS, ACT, tmp_path, CONSENT, event="os.remove", part="unsigned")
    assert erase_due(places=places) == ()
    for path in (
        *tmp_path.glob(".film.unfinished*"),
        *(places.data / "half-made").iterdir(),
    ):
        os.utime(path, (1_700_000_000, 1_700_000_000))

    (done,) = erase_due(places=places)

    assert done.kinds == {"half-written file": 3}
    assert hidden_in(tmp_path) == []


@pytest.mark.parametrize(
    "said", [b"", b"[]", b"{", b'{"to": 3}', b'{"to": "x", "files": [1], "consents": 2}']
)
def test_a_note_that_cannot_be_read_stops_nobody(places: Places, said: bytes) -> None:
    folder = places.data / "half-made"
    folder.mkdir(parents=True)
    (folder / "0.json").write_bytes(said)

    assert list(left_half_made(places)) == []


@pytest.mark.parametrize("name", ["photo.jpg", ".profile", ".other.unfinished.mp4"])
def test_a_note_names_no_other_file(places: Places, tmp_path: Path, name: str) -> None:
    """Whoever changes a note cannot have a family's photos erased by it."""
    photo = tmp_path / name
    photo.write_bytes(b"a photo")
    assert run_until(IMPORTS, ACT, tmp_path, CONSENT, event="os.remove", part="unsigned")
    (note,) = (places.data / "half-made").iterdir()
    note.write_text(note.read_text().replace(".film.unfinished.mp4", name))

    erase(CONSENT, places=places)

    assert photo.is_file()
